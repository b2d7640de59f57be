"""Definitions put back where they stood, byte for byte; and what is rather left alone."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.moves.restoration import bring_back

BEFORE = '''\
"""Money."""

import os
from decimal import Decimal as D, getcontext

CENT = D("0.01")


# Rounds to a cent.
@property
def rounded(value):
    return value.quantize(CENT)


class Purse:
    size = 1

    def add(self, coin):
        return coin

    # What it holds.
    def total(self):
        return os.linesep


def last():
    return Purse
'''

PUT_BACK = {
    "a-function-with-its-comment-and-decorator": (
        BEFORE.replace("# Rounds to a cent.\n@property\ndef rounded(value):\n    return value.quantize(CENT)\n\n\n", ""),
        "rounded",
    ),
    "a-method": (BEFORE.replace("\n    # What it holds.\n    def total(self):\n        return os.linesep\n", ""), "Purse.total"),
    "the-first-member": (BEFORE.replace("    size = 1\n\n", ""), "Purse.size"),
    "the-last-function": (BEFORE.removesuffix("\n\ndef last():\n    return Purse\n"), "last"),
    "a-value": (BEFORE.replace('CENT = D("0.01")\n\n\n', ""), "CENT"),
    "a-class": (BEFORE[: BEFORE.index("class Purse")] + BEFORE[BEFORE.index("def last") :], "Purse"),
    "something-below-what-is-new": (
        BEFORE.replace("\n\nclass Purse", "\n\ndef fresh():\n    return 2\n\n\nclass Purse").replace('CENT = D("0.01")\n\n\n', ""),
        "CENT",
    ),
}


@pytest.mark.parametrize(("after", "name"), PUT_BACK.values(), ids=PUT_BACK)
def test_a_definition_is_put_back_where_it_stood(after: str, name: str) -> None:
    assert after != BEFORE
    result = bring_back(BEFORE.encode(), after.encode(), [name])
    assert result is not None
    fresh = "def fresh():\n    return 2\n\n\n"
    if fresh in after:
        assert result.decode().replace(fresh, "") == BEFORE
    else:
        assert result.decode() == BEFORE


NEEDS = {
    "an-import": ("import os\n\n\ndef f():\n    return os.sep\n", "", "f", "import os\n\n\ndef f():\n    return os.sep\n"),
    "one-name-of-an-import": ("from m import a, b as c\n\n\ndef f():\n    return c\n", "", "f", "from m import b as c\n\n\ndef f():\n    return c\n"),
    "below-a-docstring": ('"""D."""\n\nimport os\n\nX = os.sep\n', '"""D."""\n', "X", '"""D."""\n\nimport os\n\nX = os.sep\n'),
    "below-the-other-imports": (
        "import os\nimport sys\n\nX = os.sep\n",
        "import sys\n\nY = sys.path\n",
        "X",
        "import sys\nimport os\n\nX = os.sep\n\nY = sys.path\n",
    ),
    "below-imports-that-are-new": (
        "import os\nimport sys\n\nX = os.sep\n",
        "import sys\nimport this\n\nY = sys.path\n\nimport late\n",
        "X",
        "import sys\nimport this\nimport os\n\nX = os.sep\n\nY = sys.path\n\nimport late\n",
    ),
    "a-helper": ("def g(): ...\n\n\ndef f():\n    return g()\n", "", "f", "def g(): ...\n\n\ndef f():\n    return g()\n"),
    "nothing-that-is-there": ("import os\n\nX = os.sep\n", "os = None\n", "X", "os = None\n\nX = os.sep\n"),
    "what-only-type-checkers-see-is-not-there": (
        "from m import T\n\nX = T\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from m import T\n",
        "X",
        "from typing import TYPE_CHECKING\nfrom m import T\n\nif TYPE_CHECKING:\n    from m import T\n\nX = T\n",
    ),
    "a-fallback-comes-whole": (
        "try:\n    import fast\nexcept ImportError:\n    fast = None\n",
        "",
        "fast",
        "try:\n    import fast\nexcept ImportError:\n    fast = None\n",
    ),
    "an-import-itself": ("from m import a, b\n", "from m import a\n", "b", "from m import a\nfrom m import b\n"),
    "above-which-it-stands-now": ("A = 1\n\nC = 2\n\nB = A\n", "C = 2\n\nA = 1\n", "B", "C = 2\n\nA = 1\n\nB = A\n"),
    "what-it-needs-only-when-it-is-called-may-stand-below": (
        "A = 1\n\nC = 2\n\nB = lambda: A\n",
        "C = 2\n\nA = 1\n",
        "B",
        "C = 2\n\nB = lambda: A\n\nA = 1\n",
    ),
    "what-only-an-annotation-names-may-stand-below": (
        "from __future__ import annotations\n\nA = 1\n\nC = 2\n\nB: A = 3\n",
        "from __future__ import annotations\n\nC = 2\n\nA = 1\n",
        "B",
        "from __future__ import annotations\n\nC = 2\n\nB: A = 3\n\nA = 1\n",
    ),
    "names-of-its-class": (
        "class C:\n    K = 1\n    J = 2\n    L = K\n    def f(self, n=L): return n\n",
        "class C:\n    J = 2\n",
        "C.f",
        "class C:\n    K = 1\n    J = 2\n    L = K\n    def f(self, n=L): return n\n",
    ),
    "an-import-of-a-class": (
        "class C:\n    from m import a\n    x = 1\n",
        "class C:\n    x = 1\n",
        "C.a",
        "class C:\n    from m import a\n    x = 1\n",
    ),
    "the-class-of-a-member": ("class C:\n    def f(self): ...\n", "X = 1\n", "C.f", "X = 1\n\n\nclass C:\n    def f(self): ...\n"),
    "the-line-endings-of-today": ("def f():\n    return 1\n", "X = 1\r\n", "f", "X = 1\r\n\r\n\r\ndef f():\r\n    return 1\r\n"),
    "a-last-line-without-an-end": ("X = 1\nY = 2\n", "X = 1", "Y", "X = 1\nY = 2\n"),
    "each-of-several": (
        "class C:\n    @property\n    def f(self): ...\n\n    @f.setter\n    def f(self, value): ...\n",
        "class C:\n    pass\n",
        "C.f",
        "class C:\n    pass\n\n    @property\n    def f(self): ...\n\n    @f.setter\n    def f(self, value): ...\n",
    ),
}


@pytest.mark.parametrize(("before", "after", "name", "expected"), NEEDS.values(), ids=NEEDS)
def test_what_a_definition_needs_comes_with_it(before: str, after: str, name: str, expected: str) -> None:
    result = bring_back(before.encode(), after.encode(), [name])
    assert result is not None
    assert result.decode() == expected


LEFT = {
    "never-was": ("X = 1\n", "", "y"),
    "comes-by-a-star": ("from m import *\n", "", "y"),
    "a-branch-that-is-there-in-part": ("if A:\n    x = 1\n    y = 2\n", "if A:\n    x = 1\n", "y"),
    "shares-its-line": ("x = 1; y = 2\n", "x = 1\n", "y"),
    "a-class-on-one-line": ("class C:\n    x = 1\n", "class C: pass\n", "C.x"),
    "another-indentation": ("class C:\n    x = 1\n    y = 2\n", "class C:\n\tx = 1\n", "C.y"),
    "does-not-parse": ("x = 1\n", "x = (\n", "x"),
    "another-encoding": ("# coding: latin-1\nX = 'é'\n", "", "X"),
}


@pytest.mark.parametrize(("before", "after", "name"), LEFT.values(), ids=LEFT)
def test_what_cannot_be_put_back_for_sure_is_left(before: str, after: str, name: str) -> None:
    assert bring_back(before.encode("latin-1" if "latin-1" in before else "utf-8"), after.encode(), [name]) is None


STATEMENTS = (
    "import a",
    "from b import c",
    "X = 1",
    "def f():\n    return X",
    "@f\nclass C(D):\n    y = X\n\n    def m(self): ...",
    "D = c",
    "if X:\n    Z = 1",
)


@given(st.lists(st.sampled_from(STATEMENTS), unique=True), st.data())
def test_whatever_went_comes_back_and_all_else_stays(statements: list[str], data: st.DataObject) -> None:
    kept = [one for one in statements if data.draw(st.booleans())]
    before, after = ("".join(f"{one}\n\n" for one in found) for found in (statements, kept))
    names = {"X": "X = 1", "f": STATEMENTS[3], "C": STATEMENTS[4], "c": STATEMENTS[1], "D": STATEMENTS[5]}
    name = data.draw(st.sampled_from(sorted(names)))
    result = bring_back(before.encode(), after.encode(), [name])
    assert (result is None) == (names[name] not in statements)
    if result is not None:
        lines = iter(result.decode().splitlines())
        assert all(line in lines for line in after.splitlines() if line)  # in their order
        assert name in {getattr(node, "name", getattr(node, "id", getattr(node, "asname", None))) for node in ast.walk(ast.parse(result))}
