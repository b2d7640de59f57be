"""`impact fix` on real repositories: the patch applies, pytest agrees, and nothing is left of what it claims to mend."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.repositories import Content, Repository, create, draw, git_environment
from support.truth import ask

SUM = "def total(orders, offset=0):\n    found = [order * 2 + offset for order in orders if order]\n    return sorted(found, key=lambda number: -number)\n"
READ = "def read(path):\n    with open(path, encoding='utf-8') as file:\n        return [line.strip() for line in file if not line.startswith('#')]\n"


def calls(name: str) -> str:
    """Return a test that calls a function by some name."""
    return f"\n\ndef test_it():\n    assert {name}([1]) == [2]\n"


USED = calls("total")
SUMMED = "\nSUMMED = total([1])\n\n\ndef test_it():\n    assert SUMMED\n"
SKIPPED = "import pytest\n\nm = pytest.importorskip('{}')\n\n\ndef test_it():\n    assert m\n"
PREFIX = """\
from unittest import mock

MODULE = '{0}'


@mock.patch(f"{{MODULE}}.{1}")
@mock.patch(MODULE + '.{1}')
def test_it(*mocks):
    assert mocks
"""
MEMBERS = """

class Big(Cart):
    def twice(self, item):
        self.{0}(item)
        self.{0}(item)


def test_it():
    cart = Cart()
    big = Big()
    cart.{0}(1)
    Cart.{0}(cart, 2), big.{0}(3), big.twice(4)
    assert cart.items == [1, 2]
"""
PARAMETER = """
import pytest


@pytest.fixture
def cart() -> Cart:
    return Cart()


def test_it(cart):
    box = Box()
    box.add(cart.{0}(1))
"""
PATCHED = """\
from unittest import mock

from acme.c import Cart


@mock.patch("acme.c.Cart.{0}")
@mock.patch.object(Cart, "{0}")
def test_it(*mocks):
    assert mocks
"""
CLASSES = (
    "class Cart:\n    def __init__(self):\n        self.items = []\n\n    def add(self, item):\n        self.items.append(item)\n\n    def all(self): ...\n"
)
CLASSES += "\n\nclass Box:\n    def add(self, item): ...\n"
CALLER = "from acme.c import Cart\n\n\ndef one(cart: Cart):\n    cart.add(1)\n    cart.add(2)\n    return cart\n"
CART: dict[str, Content | None] = {"acme/c.py": CLASSES.replace("add", "put", 1), "acme/caller.py": CALLER.replace("add", "put")}
X = "tests/test_x.py"
FLAT: dict[str, Content] = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "acme/__init__.py": "",
    "acme/a.py": SUM + READ,
    "acme/c.py": CLASSES,
    "acme/caller.py": CALLER,
}
RENAMED: dict[str, Content | None] = {"acme/a.py": None, "acme/b.py": SUM + READ}
SPLIT: dict[str, Content | None] = {"acme/a.py": None, "acme/one.py": SUM, "acme/two.py": READ}
MOVED: dict[str, Content | None] = {"acme/a.py": READ, "acme/b.py": SUM}
CALLED: dict[str, Content | None] = {"acme/a.py": SUM.replace("total", "amount") + READ}


@dataclass(frozen=True, slots=True)
class Row:
    """A test file, what the change makes of the project, and the test file after the fix; the same text: nothing can be done."""

    name: str
    before: str
    head: dict[str, Content | None]
    after: str
    path: str = X


ROWS = (
    # Imports
    Row("import", f"import acme.a\n{calls('acme.a.total')}", RENAMED, f"import acme.b\n{calls('acme.b.total')}"),
    Row("import-as", f"import acme.a as m\n{calls('m.total')}", RENAMED, f"import acme.b as m\n{calls('m.total')}"),
    Row(
        "import-among-others",
        f"import os, acme.a as m, sys\n{calls('m.total')}",
        RENAMED,
        f"import os, acme.b as m, sys\n{calls('m.total')}",
    ),
    Row("from-import", f"from acme.a import total{USED}", RENAMED, f"from acme.b import total{USED}"),
    Row("from-import-as", f"from acme.a import total as t{calls('t')}", RENAMED, f"from acme.b import total as t{calls('t')}"),
    Row(
        "from-import-of-the-module",
        f"from acme import a{calls('a.total')}",
        RENAMED,
        f"from acme import b as a{calls('a.total')}",
    ),
    Row("from-import-split", f"from acme.a import read, total  # both{USED}", SPLIT, f"from acme.two import read  # both\nfrom acme.one import total{USED}"),
    Row(
        "from-import-over-lines-split",
        f"from acme.a import (\n    read,  # reads\n    total,  # sums\n)\n{USED}",
        MOVED,
        f"from acme.a import (\n    read,  # reads\n)\nfrom acme.b import total\n{USED}",
    ),
    Row(
        "from-import-after-a-semicolon",
        f"import os; from acme.a import read, total; import sys{USED}",
        MOVED,
        f"import os; from acme.a import read; from acme.b import total; import sys{USED}",
    ),
    Row(
        "from-import-on-the-line-of-an-if",
        f"if True: from acme.a import read, total{USED}",
        MOVED,
        f"if True: from acme.a import read; from acme.b import total{USED}",
    ),
    Row(
        "import-in-a-function",
        "def test_it():\n    from acme.a import read, total\n    assert total([1]) == [2]\n",
        MOVED,
        "def test_it():\n    from acme.a import read\n    from acme.b import total\n    assert total([1]) == [2]\n",
    ),
    Row("renamed-symbol", f"from acme.a import total{USED}", CALLED, f"from acme.a import amount as total{USED}"),
    Row(
        "renamed-symbol-with-an-alias",
        f"from acme.a import total as t{calls('t')}",
        CALLED,
        f"from acme.a import amount as t{calls('t')}",
    ),
    Row("two-breaks-behind-each-other", f"import acme.a\nfrom acme.a import total{USED}", RENAMED, f"import acme.b\nfrom acme.b import total{USED}"),
    # Attributes
    Row(
        "attribute-moved",
        f"import acme.a\n{calls('acme.a.total')}",
        MOVED,
        f"import acme.a\nimport acme.b\n{calls('acme.b.total')}",
    ),
    Row("attribute-renamed", f"import acme.a as m\n{calls('m.total')}", CALLED, f"import acme.a as m\n{calls('m.amount')}"),
    Row(
        "attribute-of-a-module-split",
        f"from acme import a{calls('a.total')}",
        SPLIT,
        f"import acme.one{calls('acme.one.total')}",
    ),
    Row(
        "attribute-of-a-parameter-of-the-same-name",
        "import acme.a as m\n\n\ndef of(m):\n    return m.total\n\n\ndef test_it():\n    assert m.total([1]) == [2]\n",
        CALLED,
        "import acme.a as m\n\n\ndef of(m):\n    return m.total\n\n\ndef test_it():\n    assert m.amount([1]) == [2]\n",
    ),
    # Members of classes
    Row("member", f"from acme.c import Cart{MEMBERS.format('add')}", CART, f"from acme.c import Cart{MEMBERS.format('put')}"),
    Row(
        "member-of-a-parameter-and-of-another-class",
        f"from acme.c import Cart, Box\n{PARAMETER.format('add')}",
        CART,
        f"from acme.c import Cart, Box\n{PARAMETER.format('put')}",
    ),
    Row(
        "member-of-a-class-whose-module-was-renamed",
        "from acme.c import Cart\n\n\ndef test_it():\n    assert Cart.add\n    assert Cart.all\n",
        {"acme/c.py": None, "acme/d.py": CLASSES, "acme/caller.py": CALLER.replace("acme.c", "acme.d")},
        "from acme.d import Cart\n\n\ndef test_it():\n    assert Cart.add\n    assert Cart.all\n",
    ),
    Row("member-in-a-patch", PATCHED.format("add"), CART, PATCHED.format("put")),
    # Stars
    Row("star-of-a-module-renamed", f"from acme.a import *{USED}", RENAMED, f"from acme.b import *{USED}"),
    Row(
        "star-that-lost-a-name",
        "from acme.a import *\n\nSUMMED = total([1])\n\n\ndef test_it():\n    assert SUMMED\n",
        MOVED,
        "from acme.a import *\nfrom acme.b import total\n\nSUMMED = total([1])\n\n\ndef test_it():\n    assert SUMMED\n",
    ),
    Row("star-of-a-module-split", f"from acme.a import *{USED}", SPLIT, f"from acme.one import total{USED}"),
    # Strings
    Row(
        "patch",
        'from unittest import mock\n\n\n@mock.patch("acme.a.total")\ndef test_it(total):\n    assert total\n',
        RENAMED,
        'from unittest import mock\n\n\n@mock.patch("acme.b.total")\ndef test_it(total):\n    assert total\n',
    ),
    Row("patch-with-a-prefix", PREFIX.format("acme.a", "total"), MOVED, PREFIX.format("acme.b", "total")),
    Row("patch-with-a-prefix-of-a-module-renamed", PREFIX.format("acme.a", "total"), RENAMED, PREFIX.format("acme.b", "total")),
    Row("patch-with-a-prefix-of-a-name-renamed", PREFIX.format("acme.a", "total"), CALLED, PREFIX.format("acme.a", "amount")),
    Row(
        "patch-by-a-constant",
        "from unittest import mock\n\nTARGET = 'acme.a.total'\n\n\ndef test_it():\n    with mock.patch(TARGET):\n        pass\n",
        MOVED,
        "from unittest import mock\n\nTARGET = 'acme.b.total'\n\n\ndef test_it():\n    with mock.patch(TARGET):\n        pass\n",
    ),
    Row(
        "patch-over-two-lines",
        "from unittest import mock\n\n\n@mock.patch(\n    'acme.a'\n    '.total'\n)\ndef test_it(total):\n    assert total\n",
        RENAMED,
        "from unittest import mock\n\n\n@mock.patch(\n    'acme.b'\n    '.total'\n)\ndef test_it(total):\n    assert total\n",
    ),
    Row(
        "patch-object",
        "from unittest import mock\nimport acme.a as m\n\n\ndef test_it():\n    with mock.patch.object(m, 'total'):\n        pass\n",
        CALLED,
        "from unittest import mock\nimport acme.a as m\n\n\ndef test_it():\n    with mock.patch.object(m, 'amount'):\n        pass\n",
    ),
    Row(
        "monkeypatch-moved",
        "import acme.a as m\n\n\ndef test_it(monkeypatch):\n    monkeypatch.setattr(m, 'total', None)\n",
        MOVED,
        "import acme.a as m\nimport acme.b\n\n\ndef test_it(monkeypatch):\n    monkeypatch.setattr(acme.b, 'total', None)\n",
    ),
    Row(
        "monkeypatch-by-a-string",
        "def test_it(monkeypatch):\n    monkeypatch.setattr('acme.a.total', None)\n",
        RENAMED,
        "def test_it(monkeypatch):\n    monkeypatch.setattr('acme.b.total', None)\n",
    ),
    Row(
        "importlib",
        "import importlib\n\n\ndef test_it():\n    assert importlib.import_module('acme.a').total\n",
        RENAMED,
        "import importlib\n\n\ndef test_it():\n    assert importlib.import_module('acme.b').total\n",
    ),
    Row(
        "importorskip",
        "import pytest\n\nm = pytest.importorskip('acme.a')\n\n\ndef test_it():\n    assert m\n",
        RENAMED,
        "import pytest\n\nm = pytest.importorskip('acme.b')\n\n\ndef test_it():\n    assert m\n",
    ),
    Row("plugins", "pytest_plugins = ['acme.a']\n", RENAMED, "pytest_plugins = ['acme.b']\n", path="conftest.py"),
    # What stays
    Row(
        "guarded-on-purpose",
        f"try:\n    from acme.b import total\nexcept ImportError:\n    from acme.a import total\n{USED}",
        RENAMED,
        f"try:\n    from acme.b import total\nexcept ImportError:\n    from acme.a import total\n{USED}",
    ),
    Row(
        "expected-to-be-gone",
        "import pytest\n\n\ndef test_it():\n    with pytest.raises(ImportError):\n        import acme.a\n",
        RENAMED,
        "import pytest\n\n\ndef test_it():\n    with pytest.raises(ImportError):\n        import acme.a\n",
    ),
    Row("other-strings", f"from acme.a import total\n\nLABEL = 'acme.a.total'\n{USED}", RENAMED, f"from acme.b import total\n\nLABEL = 'acme.a.total'\n{USED}"),
)


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: bytes
    err: str


def _run(repository: Repository, *arguments: str) -> Said:
    command = [sys.executable, "-m", "impact", *arguments, "-C", str(repository.path), "--no-cache"]
    done = subprocess.run(command, capture_output=True, check=False, env=git_environment() | {"PATH": os.environ["PATH"]})
    return Said(done.returncode, done.stdout, re.sub(r"\b[0-9a-f]{10}\b", "COMMIT", done.stderr.decode()))


def _drawn(tmp_path: Path, base: dict[str, Content], head: dict[str, Content | None]) -> Repository:
    return draw(tmp_path, base=base, head={path: content for path, content in (base | head).items() if content is not None})


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_every_kind_of_reference(row: Row, tmp_path: Path) -> None:
    base = FLAT | {row.path: row.before} | ({X: "def test_it():\n    pass\n"} if row.path != X else {})
    repository = _drawn(tmp_path, base, row.head)
    said = _run(repository, "fix", "base..head")
    assert (said.code, said.err.count("cannot be mended")) == (0, 0), said.err
    if row.after != row.before:
        repository.git("apply", stdin=said.out)
    else:
        assert said.out == b""
    assert (repository.path / row.path).read_text() == row.after
    assert not ask(repository.path).broken
    repository.git("commit", "-qam", "Mend") if row.after != row.before else None
    again = json.loads(_run(repository, "diff", "base..HEAD", "--output-format", "json").out)
    assert [one["id"] for one in again["breaks"]] == []


def test_a_module_of_a_bare_directory(tmp_path: Path) -> None:
    base = {path: content for path, content in FLAT.items() if path != "acme/__init__.py"} | {X: f"from acme import a{calls('a.total')}"}
    repository = _drawn(tmp_path, base, RENAMED)
    assert _run(repository, "fix", "base..head", "--write").code == 0
    assert (repository.path / X).read_text() == f"from acme import b as a{calls('a.total')}"
    assert not ask(repository.path).broken


def test_production_code_is_mended_too_and_relative_imports_stay_relative(tmp_path: Path) -> None:
    base = FLAT | {"acme/user.py": "from .a import total\n\nALL = total([1])\n", X: "from acme.user import ALL\n\n\ndef test_it():\n    assert ALL\n"}
    repository = _drawn(tmp_path, base, RENAMED)
    said = _run(repository, "fix", "base..head", "--write")
    assert (said.code, said.err) == (0, "mended 1 broken reference in 1 file\n")
    assert (repository.path / "acme/user.py").read_text() == "from .b import total\n\nALL = total([1])\n"
    assert not ask(repository.path).broken


def test_a_relative_import_of_a_module_that_moved_itself(tmp_path: Path) -> None:
    base = FLAT | {"acme/user.py": f"from .a import total\n\nALL = total([1])\n{READ}", X: "from acme.user import ALL\n\n\ndef test_it():\n    assert ALL\n"}
    moved = f"from .a import total\n\nALL = total([1])\n{READ}"
    repository = _drawn(tmp_path, base, {"acme/user.py": None, "acme/deep/__init__.py": "", "acme/deep/user.py": moved})
    assert _run(repository, "fix", "base..head", "--write").code == 0
    assert (repository.path / "acme/deep/user.py").read_text() == moved.replace(".a", "..a", 1)
    assert not ask(repository.path).broken


BYTES = {
    "crlf": f"from acme.a import total{USED}".replace("\n", "\r\n").encode(),
    "mixed": b"import os\r\nfrom acme.a import total\n\n\ndef test_it():\r\n    assert total([1]) == [2]\n",
    "no-newline-at-the-end": f"from acme.a import total{USED}".rstrip().encode(),
    "byte-order-mark": b"\xef\xbb\xbf" + f"from acme.a import total{USED}".encode(),
    "latin-1": f"# -*- coding: latin-1 -*-\nNAME = 'Andr\xe9'\nfrom acme.a import total{USED}".encode("latin-1"),
    "tabs-and-form-feeds": f"from acme.a import total\n\x0c\nif True:\n\tx = 1 \n{USED}".encode(),
}


@pytest.mark.parametrize("content", BYTES.values(), ids=BYTES)
def test_every_other_byte_stays(content: bytes, tmp_path: Path) -> None:
    repository = _drawn(tmp_path, FLAT | {X: content}, RENAMED)
    said = _run(repository, "fix", "base..head")
    assert said.code == 0, said.err
    repository.git("apply", stdin=said.out)
    assert (repository.path / X).read_bytes() == content.replace(b"acme.a", b"acme.b")
    assert not ask(repository.path).broken


def test_what_cannot_be_mended_is_said_and_why(tmp_path: Path) -> None:
    base = FLAT | {
        X: f"from acme.a import total{USED}",
        "tests/test_y.py": "from acme.a import read\n\n\ndef test_it():\n    pass\n",
        "tests/test_z.py": "from acme.d import gone\n\n\ndef test_it():\n    pass\n",
        "acme/d.py": "gone = 1\n",
    }
    head: dict[str, Content | None] = {"acme/a.py": "", "acme/one.py": SUM, "acme/two.py": SUM, "acme/b.py": "def read():\n    return {}\n", "acme/d.py": None}
    repository = _drawn(tmp_path, base, head)
    said = _run(repository, "fix", "base..head")
    assert (said.code, said.out) == (1, b"")
    assert said.err == (
        "3 broken references cannot be mended:\n"
        "  tests/test_x.py:1: acme.a.total: as likely one as the other: acme.one:total, acme.two:total\n"
        "  tests/test_y.py:1: acme.a.read: perhaps acme.b:read: --certainty likely\n"
        "  tests/test_z.py:1: acme.d: gone since COMMIT, and nothing is known to have taken its place; last in COMMIT:acme/d.py; --restore brings it back\n"
    )
    likely = _run(repository, "fix", "base..head", "--certainty", "likely")
    assert likely.code == 1
    assert b"+from acme.b import read\n" in likely.out


def test_a_file_in_which_nothing_gets_better_is_left_out(tmp_path: Path) -> None:
    split: dict[str, Content | None] = {"acme/a.py": None, "acme/one.py": SUM}
    base = FLAT | {
        X: "from acme.a import (\n    read,\n    total,\n)\n\n\ndef test_it():\n    assert read\n    assert total([1]) == [2]\n",
        "tests/test_y.py": f"from acme.a import total{USED}",
    }
    repository = _drawn(tmp_path, base, split)
    said = _run(repository, "fix", "base..head", "--write")
    assert said.err == (
        "mended 1 broken reference in 1 file\n1 broken reference cannot be mended:\n"
        "  tests/test_x.py:1: acme.a: gone since COMMIT, and nothing is known to have taken its place; last in COMMIT:acme/a.py\n"
    )
    assert (repository.path / X).read_text() == base[X]
    assert (repository.path / "tests/test_y.py").read_text() == f"from acme.one import total{USED}"
    assert ask(repository.path).broken == (X,)


@pytest.mark.parametrize("use", ['mock.patch(f"{MODULE}.read")', "mock.patch(MODULE + '.read')", "mock.patch.dict({MODULE: 1})"])
def test_a_prefix_that_serves_for_what_stays_is_left(use: str, tmp_path: Path) -> None:
    test = PREFIX.format("acme.a", "total").replace("    assert mocks", f"    with {use}:\n        assert mocks")
    repository = _drawn(tmp_path, FLAT | {X: test}, MOVED)
    said = _run(repository, "fix", "base..head")
    assert (said.code, said.out) == (1, b"")
    assert "tests/test_x.py:6: acme.a.total: acme.b:total would mend it, but this way of naming it is not rewritten\n" in said.err


def test_a_file_that_is_mended_in_part_is_named(tmp_path: Path) -> None:
    base = FLAT | {"acme/d.py": "gone = 1\n", X: f"from acme.a import total\nfrom acme.d import gone{USED}"}
    repository = _drawn(tmp_path, base, RENAMED | {"acme/d.py": None})
    said = _run(repository, "fix", "base..head", "--write")
    assert said.err == (
        "mended 1 broken reference in 1 file\n"
        "1 file of these, mended in part, will fail all the same:\n"
        "  tests/test_x.py: 1 reference mended, 1 left\n"
        "1 broken reference cannot be mended:\n"
        "  tests/test_x.py:2: acme.d: gone since COMMIT, and nothing is known to have taken its place; last in COMMIT:acme/d.py; --restore brings it back\n"
    )
    assert (repository.path / X).read_text() == f"from acme.b import total\nfrom acme.d import gone{USED}"
    assert ask(repository.path).broken == (X,)


def test_writing_takes_no_risk_with_work_that_is_not_committed(tmp_path: Path) -> None:
    repository = _drawn(tmp_path, FLAT | {X: f"from acme.a import total{USED}"}, RENAMED)
    (repository.path / X).write_text(f"from acme.a import total\n# mine{USED}")
    said = _run(repository, "fix", "base", "--write")
    assert said.code == 2
    assert said.err == "impact: --write: tests/test_x.py has changes that are not committed\nhint: commit or stash them, or say --force\n"
    said = _run(repository, "fix", "base..head", "--write", "--force")
    assert said.code == 2
    assert said.err.startswith("impact: --write: tests/test_x.py is not in the working tree as it is at head\n")
    assert _run(repository, "fix", "base", "--write", "--force").code == 0
    assert (repository.path / X).read_text() == f"from acme.b import total\n# mine{USED}"


def test_the_working_tree_keeps_its_own_line_endings(tmp_path: Path) -> None:
    repository = create(tmp_path / "repository", branch="base")
    repository.git("config", "core.autocrlf", "true")
    test = f"from acme.a import total{USED}".replace("\n", "\r\n")
    repository.commit(FLAT | {X: test}, "Base")
    repository.commit({path: content for path, content in (FLAT | {X: test} | RENAMED).items() if content is not None}, "Head", branch="head")
    said = _run(repository, "fix", "base..head", "--write")
    assert said.code == 0, said.err
    assert (repository.path / X).read_bytes() == test.replace("acme.a", "acme.b").encode()


SHIMMED = {
    "whole-module": (RENAMED, "acme/a.py"),
    "split-module": (SPLIT, "acme/a.py"),
    "a-name-of-a-module-that-stays": (MOVED, "acme/a.py"),
}


@pytest.mark.parametrize(("head", "path"), SHIMMED.values(), ids=SHIMMED)
def test_a_shim_hands_on_and_warns(head: dict[str, Content | None], path: str, tmp_path: Path) -> None:
    test = f"import pytest\nfrom acme.a import total\nimport acme.a{USED}    assert acme.a.total([1]) == [2]\n"
    repository = _drawn(tmp_path, FLAT | {X: test}, head)
    said = _run(repository, "fix", "base..head", "--shim", "--write")
    assert said.code == 0, said.err
    assert repository.git("status", "--porcelain").strip().endswith(path)
    assert not ask(repository.path).broken
    warned = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", "from acme.a import total"], cwd=repository.path, capture_output=True, check=False
    )
    assert b"DeprecationWarning" in warned.stderr


def test_a_module_that_moved_as_a_whole_is_patched_through_its_shim(tmp_path: Path) -> None:
    patched = 'with mock.patch("acme.a.total", return_value=7):'
    test = f"from unittest import mock\nimport acme.b\n\n\ndef test_it():\n    {patched}\n        assert acme.b.total([1]) == 7\n"
    repository = _drawn(tmp_path, FLAT | {X: test.replace("acme.b", "acme.a")}, RENAMED | {X: test})
    assert _run(repository, "fix", "base..head", "--shim", "--write").code == 0
    assert not ask(repository.path).broken


def test_bad_usage(tmp_path: Path) -> None:
    repository = _drawn(tmp_path, FLAT, {})
    said = _run(repository, "fix", "base..head", "--certainty", "certian")
    assert (said.code, said.err) == (2, "impact: --certainty: 'certian' is not one of certain, likely, possible\nhint: did you mean 'certain'?\n")
    said = _run(repository, "fix", "base..head", "--force")
    assert (said.code, said.err) == (2, "impact: --force: only --write edits files\n")
    assert _run(repository, "fix", "base..head").err == "nothing to mend\n"


def test_without_libcst_there_is_one_clear_line(tmp_path: Path) -> None:
    repository = _drawn(tmp_path, FLAT, {})
    hidden = "import sys; sys.modules['libcst'] = None; from impact.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", hidden, "fix", "base..head", "-C", str(repository.path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "impact: fix: LibCST is not installed\nhint: pip install 'git-impact[fix]'\n"
