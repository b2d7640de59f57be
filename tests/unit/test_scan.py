"""The fast look at a source, as tables: what it holds beside the mentions expected of it; and held against `ast`, which it may never fall short of."""

from __future__ import annotations

import ast
import random
import sysconfig
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.scan import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

IMPORTS: dict[bytes, tuple[str, ...]] = {
    b"import a": ("i a",),
    b"import a\n": ("i a",),
    b"import a.b.c\n": ("i a.b.c",),
    b"import a as b\n": ("i a",),
    b"import a.b as c, d, e.f as g\n": ("i a.b", "i d", "i e.f"),
    b"import a, \\\n  b,\\\n c\n": ("i a", "i b", "i c"),
    b"import a, \\\r\n  b\r\nx = 1\r\n": ("i a", "i b"),
    b"import \\\n  a\n": ("i a",),
    b"import\ta\n": ("i a",),
    b"import a  # import b, c\n": ("i a",),
    b"import a;import b ; import c\n": ("i a", "i b", "i c"),
    b"import a; x = 1, b\n": ("i a",),
    b"import a\nimport b\nimport a\n": ("i a", "i b"),
    b"\x0cimport a\n": ("i a",),
    b"import\x0ca\n": ("i a",),
    b"# -*- coding: latin-1 -*-\nx = '\xe9'\nimport a\n": ("i a",),
}

FROM_IMPORTS: dict[bytes, tuple[str, ...]] = {
    b"from a import b": ("f a b",),
    b"from a.b import c, d\n": ("f a.b c,d",),
    b"from a import b as c, d as e\n": ("f a b,d",),
    b"from a import *\n": ("f a *",),
    b"from a import*\n": ("f a *",),
    b"from a import *  # noqa\n": ("f a *",),
    b"from a import *;x = 1\n": ("f a *",),
    b"from . import a\n": ("f . a",),
    b"from .import a\n": ("f . a",),
    b"from .. import a, b\n": ("f .. a,b",),
    b"from . . import a\n": ("f .. a",),
    b"from ... a import b\n": ("f ...a b",),
    b"from .a.b import c\n": ("f .a.b c",),
    b"from.a import b\n": ("f .a b",),
    b"from .a . b import c\n": ("f .a.b c",),
    b"from a . b import c\n": ("f a.b c",),
    b"from .a import *\n": ("f .a *",),
    b"from\ta\timport\tb\n": ("f a b",),
    b"from  a  import  b ,  c\n": ("f a b,c",),
    b"from a import b\x0c\n": ("f a b",),
    b"from a import b\r\nx = 1\r\n": ("f a b",),
    b"from a import b  # c, d\n": ("f a b",),
    b"from a import b;from c import d\n": ("f a b", "f c d"),
    b"from __future__ import annotations; import y\n": ("f __future__ annotations", "i y"),
    b"from a \\\n  import b\n": ("f a b",),
    b"from a \\\r\n  import b, \\\r\n  c\r\nd = e, f\r\n": ("f a b,c",),
    b"from a import \\\n  b\n": ("f a b",),
    b"from a import \\\n  (b, c)\n": ("f a b,c",),
    b"from a import b \\\n": ("f a b",),
}

PARENTHESES: dict[bytes, tuple[str, ...]] = {
    b"from a import (b)\n": ("f a b",),
    b"from a import(b, c,)\n": ("f a b,c",),
    b"from a import (  # why\n    b,\n    c as d,\n)\n": ("f a b,c",),
    b"from a import (b,  # not (this)\n    c,  # nor this)\n    d)\ne = f, g\n": ("f a b,c,d",),
    b"from a import (\n    # b,\n    c,\n)\n": ("f a c",),
    b"from a import (\n    # import (x)\n    c,\n)\n": ("f a c",),
    b"from a import (b # )\n, c)\n": ("f a b,c",),
    b"from a import (b,\r\n    c)\r\nimport d\r\n": ("f a b,c", "i d"),
    b"from a import (b); import c\n": ("f a b", "i c"),
    b"def f(): from a import (b,\n c)\n": ("f a b,c",),
    b"from a import (\n\n\n\tb\n\n)": ("f a b",),
}

ONE_LINERS: dict[bytes, tuple[str, ...]] = {
    b"if x: import a\n": ("i a",),
    b"if x :from a import b\n": ("f a b",),
    b"class A: from a import b\n": ("f a b",),
    b"def f(): import a; return a\n": ("i a",),
    b"with a as b, c: import d\n": ("i d",),
    b"try: import a\nexcept ImportError: a = None\nelse: import b\nfinally: from c import d\n": ("i a", "i b", "f c d"),
    b"if x: pass; import y\n": ("i y",),
    b"x = 1 ;import a\n": ("i a",),
    b"    import a\n": ("i a",),
    b"\tfrom a import b\n": ("f a b",),
    b"if x:\n    import a\n  \n    from b import c\n": ("i a", "f b c"),
}

OLD_AND_BROKEN: dict[bytes, tuple[str, ...]] = {
    b"print 'x'\nimport a\n": ("i a",),
    b"try:\n    import urllib2\nexcept ImportError, e:\n    from urllib import request\n": ("i urllib2", "f urllib request"),
    b"exec 'x' in {}\nfrom a import b\n": ("f a b",),
    b"def f(:\n    import a\n}}} (\nfrom b import c\n": ("i a", "f b c"),
    b"<<<<<<< ours\nimport a\n=======\nfrom b import c\n>>>>>>> theirs\n": ("i a", "f b c"),
    b"x = '''\nimport a\n": ("i a",),
    b"\x00\x01\nimport a\n\x00": ("i a",),
    b"import a b\n": ("i a",),
    b"from a import (b # )": ("f a b",),
    b"from a import (b, c": ("f a b,c",),
    b"import": (),
    b"import (": (),
    b"import \\\n": (),
    b"from a import": (),
    b"from a import (": (),
    b"from import x\n": (),
    b"import ,\n": (),
}

# A mention too many costs a parse, one too few a break: text that looks like a statement is one.
SUPERSET: dict[bytes, tuple[str, ...]] = {
    b'"""\nimport a\n"""\n': ("i a",),
    b"# don't: import x\n": ("i x",),
}

NOTHING = (
    b"",
    b"\n",
    b"x = 1\n",
    b"# import a\n",
    b"x = 'import y'\n",
    b"important = 1\nx.importer (a)\n",
    b"reimport(x)\n",
    b"reimport (x)\n",
    b"import_x = 1\ndef import_ (): pass\n",
    b"unimport x\n",
    b"x.import (a)\n",
    b"exec 'import a'\n",
    b">>> import a\n",
    b"... from a import b\n",
    b"yield from a\nraise x from important\n",
    b"def test_import (a): pass\n",
)

STRINGS: dict[bytes, tuple[str, ...]] = {
    b"patch('a.b.c')\n": ("s a.b.c",),
    b"M = 'a'\npatch(f'{M}.b')\n": ("s a",),
    b"M = 'a'\npatch(M + '.b')\n": ("s a",),
    b"patch('%s.b' % 'a')\n": ("s a",),
    b"patch('{}.b'.format('a'))\n": ("s a",),
    b"M = 'a'\npatch(M)\n": (),
    b"pkgutil.resolve_name('a:b')\n": ("s a",),
    b'with mock.patch("a.b.C.d", new="x.y"): pass\n': ("s a.b.C.d", "s x.y"),
    b"@patch.object(a, 'b')\ndef f(): return 'c.d'\n": ("s c.d",),
    b"monkeypatch.setattr('a.b.c', 1)\nmonkeypatch.delattr('d.e')\n": ("s a.b.c", "s d.e"),
    b"patch(\n    'a.b'\n)\n": ("s a.b",),
    b"patch('''a.b''')\n": ("s a.b",),
    b"patch(u'a.b')\n": ("s a.b",),
    b"TARGET = 'a.b'\n\ndef f():\n    patch(TARGET)\n": ("s a.b",),
    b"patch.object(a, 'b')\n": (),
    b"patch.dict(x, {'b': 1})\ny = 'a/b.c'\n": (),
    b"x = 'a.b'\n": (),
    b"pytest.importorskip('a')\n": ("s a",),
    b"importlib.import_module('a')\n": ("s a",),
    b"import_module('a.b')\nx = 'c.d'\n": ("s a.b", "s c.d"),
    b"import_module('.a', 'p')\n": ("s .a", "s p.a"),
    b"import_module(name='a')\n": ("s a",),
    b"import_module(\n    'a'\n)\n": ("s a",),
    b"__import__('a')\n": ("s a",),
    b"pkgutil.resolve_name('a.b:c')\n": ("s a.b",),
    b"import_module(name)\n": (),
    b"pytest_plugins = 'a'\n": ("s a",),
    b"pytest_plugins = ['a', 'b.c']\n": ("s a", "s b.c"),
    b"pytest_plugins = (\n    'a',\n    \"b\",\n)\n": ("s a", "s b"),
    b"pytest_plugins: list[str] = ['a']\n": ("s a",),
    b"pytest_plugins += ['a']\n": ("s a",),
    b"if x:\n    pytest_plugins = ['a']\n": ("s a",),
    b"use('pytest_plugins')\n": (),
}

ODD: dict[bytes, tuple[str, ...]] = {
    # A byte order mark.
    b"\xef\xbb\xbfimport a\n": ("i a",),
    b"\xef\xbb\xbffrom a import b\n": ("f a b",),
    b"\xef\xbb\xbffrom a import (\n    b,\n)\n": ("f a b",),
    # A comment that ends in a backslash is no continuation.
    b"# C:\\\nimport a\n": ("i a",),
    # The colon or semicolon stands before the backslash.
    b"if x: \\\n    import a\n": ("i a",),
    b"x = 1; \\\nimport a\n": ("i a",),
    # The module is on a line of its own, or a line between holds nothing but a backslash.
    b"from \\\n    a import b\n": ("f a b",),
    b"from \\\n    a \\\n    import b\n": ("f a b",),
    b"from a \\\n    \\\n    import b\n": ("f a b",),
    # Identifiers are not only ASCII.
    "import größe\n".encode(): ("i größe",),
    "from größe import x\n".encode(): ("f größe x",),
    "from a import größe, x\n".encode(): ("f a größe,x",),
    # A carriage return alone ends a line.
    b"import a\rimport b\r": ("i a", "i b"),
    b"x = 1\rfrom a import b\r": ("f a b",),
    # Blanks around the dots of a plain import.
    b"import a . b\n": ("i a.b",),
}

MISSED: dict[str, dict[bytes, tuple[str, ...]]] = {
    "a comment that ends in a backslash is no continuation": {b"x = 1  # \\\nimport a\n": ("i a",)},
    "identifiers in strings are not only ASCII": {"patch('größe.b')\n".encode(): ("s größe.b",)},
}

TABLES = (IMPORTS, FROM_IMPORTS, PARENTHESES, ONE_LINERS, OLD_AND_BROKEN, SUPERSET, STRINGS, ODD)


@pytest.mark.parametrize(("source", "expected"), [row for table in TABLES for row in table.items()])
def test_mentions(source: bytes, expected: tuple[str, ...]) -> None:
    assert scan(source) == expected


@pytest.mark.parametrize("source", NOTHING)
def test_no_mentions(source: bytes) -> None:
    assert scan(source) == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [pytest.param(source, expected, marks=pytest.mark.xfail(reason=reason)) for reason, table in MISSED.items() for source, expected in table.items()],
)
def test_mentions_that_are_missed(source: bytes, expected: tuple[str, ...]) -> None:
    assert scan(source) == expected


def test_mentions_stand_in_the_order_of_appearance_and_once() -> None:
    assert scan(b"import b\nimport a\nfrom a import x\nimport b\nfrom a import x\nfrom a import y\n") == ("i b", "i a", "f a x", "f a y")


@given(st.binary())
def test_no_bytes_are_too_odd(source: bytes) -> None:
    assert all(mention[:2] in ("i ", "f ", "s ") for mention in scan(source))


PIECES = (
    *(b"import", b"from", b"import ", b"from ", b" ", b"\t", b"\n", b"\r\n", b"\\", b"\\\n", b"(", b")", b"#", b",", b";", b":", b".", b"*", b"as"),
    *(b"a", b"\xe9", b"\x00", b"'", b'"""', b"patch('", b"a.b')", b"import_module(", b"pytest_plugins", b"=", b"["),
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_no_mixture_of_what_it_looks_for_is_too_odd(source: bytes) -> None:
    mentions = scan(source)
    assert len(set(mentions)) == len(mentions)
    assert all(mention[:2] in ("i ", "f ", "s ") and "\n" not in mention for mention in mentions)


def test_the_time_grows_with_the_size() -> None:
    def seconds(count: int) -> float:
        source = b"x = '" + b"import " * count + b"'"
        start = time.process_time()
        scan(source)
        return time.process_time() - start

    # Eight times the text: eight times as long, sixty-four times if every word looked at all the others.
    assert min(seconds(40_000) for _ in range(3)) < 30 * min(seconds(5_000) for _ in range(3))


# --- Held against ast.


NAMES = st.sampled_from(["a", "b", "pkg", "pkg.mod", "_x", "importer", "from_", "a1.b2.c3"])
SIMPLE_NAMES = st.sampled_from(["a", "b", "c_d", "importx", "froms", "_"])
BLANKS = st.sampled_from([" ", "  ", "\t", " \\\n ", "\x0c "])
ENDS = st.sampled_from(["", "  # why, not", " # )", ";", " ; x = 1"])
FRAMES = st.sampled_from(
    ["{}", "if x:\n    {}", "try: {}\nexcept ImportError: pass", "def f():\n\t{}", "x = 1; {}", "class A: {}", "x = 'import a'\n{}", "@d\ndef f(x=1): {}"]
)
ALIASES = st.sampled_from(["", " as q", "  as\tq"])


@st.composite
def import_statements(draw: st.DrawFn) -> str:
    blank = draw(BLANKS)
    if draw(st.booleans()):
        items = draw(st.lists(st.tuples(NAMES, ALIASES).map("".join), min_size=1, max_size=3))
        return f"import{blank}{f',{draw(BLANKS)}'.join(items)}{draw(ENDS)}"
    level = draw(st.integers(0, 3))
    module = draw(NAMES) if level == 0 or draw(st.booleans()) else ""
    origin = f"from {'.' * level}{module}{blank}import"
    shape = draw(st.sampled_from(["star", "plain", "parentheses"]))
    if shape == "star":
        return f"{origin} *{draw(ENDS)}"
    items = draw(st.lists(st.tuples(SIMPLE_NAMES, ALIASES).map("".join), min_size=1, max_size=4))
    if shape == "plain":
        return f"{origin} {', '.join(items)}{draw(ENDS)}"
    separator = draw(st.sampled_from([", ", ",\n    ", ",  # one (of two)\n", ",\n\n# )\n"]))
    opening = draw(st.sampled_from(["", " # (", "  # , x"]))
    closing = draw(st.sampled_from(["", ",", " # last", ",\n"]))
    return f"{origin} ({opening}\n{separator.join(items)}{closing}\n){draw(ENDS)}"


@st.composite
def sources(draw: st.DrawFn) -> bytes:
    lines: list[str] = []
    for statement in draw(st.lists(import_statements(), min_size=1, max_size=5)):
        lines.append(draw(FRAMES).format(statement))
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()


def _expected(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (f"i {alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"f {'.' * node.level}{node.module or ''} {alias.name}" for alias in node.names)


def _found(source: bytes) -> set[str]:
    found: set[str] = set()
    for mention in scan(source):
        kind, _, rest = mention.partition(" ")
        if kind == "f":
            module, _, names = rest.partition(" ")
            found.update(f"f {module} {name}" for name in names.split(","))
        else:
            found.add(mention)
    return found


def _parsed(source: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


@settings(max_examples=300)
@given(sources())
def test_generated_statements_are_all_mentioned(source: bytes) -> None:
    assert set(_expected(_parsed(source))) <= _found(source)


STDLIB = sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))
SAMPLE = random.Random(2025).sample([path for path in STDLIB if "site-packages" not in path.parts], 150)


def test_the_standard_library_is_mentioned_in_full() -> None:
    missed: dict[str, set[str]] = {}
    for path in SAMPLE:
        source = path.read_bytes()
        try:
            tree = _parsed(source)
        except (SyntaxError, ValueError):
            continue
        if lacking := set(_expected(tree)) - _found(source):
            missed[path.name] = lacking
    assert missed == {}
