"""Paths and lists that conftest.py files compute, and those that are not understood."""

from __future__ import annotations

import pytest

from impact.discovery.metadata import read_metadata
from impact.discovery.static_paths import locate, read_module
from impact.names import RepoPath

EDITS = {
    "sys.path.insert(0, 'lib')": ["lib"],
    "sys.path.append('lib')": ["lib"],
    "sys.path.insert(0, os.path.dirname(__file__))": ["a/b"],
    "sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))": ["a"],
    "sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lib'))": ["a/lib"],
    "sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir)))": ["a"],
    "from os.path import dirname, join, abspath\nsys.path.insert(0, join(dirname(abspath(__file__)), 'x'))": ["a/b/x"],
    "sys.path.insert(0, os.path.realpath(__file__ + '/../..'))": ["a"],
    "sys.path.insert(0, os.path.split(__file__)[0])": ["a/b"],
    "sys.path.insert(0, str(Path(__file__).parent.parent / 'src'))": ["a/src"],
    "sys.path.insert(0, str(Path(__file__).resolve().parents[2]))": [""],
    "sys.path.insert(0, Path(__file__).resolve(strict=True).parents[1].joinpath('x', 'y').as_posix())": ["a/x/y"],
    "sys.path.insert(0, os.fspath(pathlib.Path(__file__).absolute().parent))": ["a/b"],
    "ROOT = Path(__file__).parents[2]\nSRC = ROOT / 'src'\nsys.path.insert(0, f'{SRC}')": ["src"],
    "ROOT = Path(__file__).parents[2]\nsys.path.insert(0, f'{ROOT}/lib')": ["lib"],
    "here: str = os.path.dirname(__file__)\nif here not in sys.path:\n    sys.path.insert(0, here)": ["a/b"],
    "for name in ('x', 'y'):\n    sys.path.insert(0, name)": ["x", "y"],
    "sys.path[:0] = ['x', 'y']": ["y", "x"],
    "sys.path += ['x']": ["x"],
    "sys.path = ['x'] + sys.path": ["x"],
    "sys.path.extend(['x', 'y'])": ["x", "y"],
    "from sys import path as p\np.insert(0, 'x')": ["x"],
    "import site\nsite.addsitedir('x')": ["x"],
    "def pytest_configure(config):\n    sys.path.insert(0, 'x')": ["x"],
    "def setup():\n    sys.path.insert(0, 'x')\nsetup()": ["x"],
    "def loop():\n    loop()\nloop()": [],
    "def later():\n    sys.path.insert(0, 'x')": [],
    "sys.path.insert(0, os.path.join(os.getcwd(), 'x'))": ["x"],
    "sys.path.insert(0, str(Path.cwd() / 'x'))": ["x"],
    "sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../..'))": [None],
    "sys.path.insert(0, '/usr/lib')": [None],
    "sys.path.remove('x')": [],
    "other.path.insert(0, 'x')": [],
    "path = []\npath.insert(0, 'x')": [],
}


@pytest.mark.parametrize("source", EDITS)
def test_entries_of_sys_path(source: str) -> None:
    facts = read_module(source.encode(), RepoPath("a/b/conftest.py"))
    assert ([locate(edit.value, "") for edit in facts.edits], facts.unresolved, facts.problem) == (EDITS[source], (), None)


@pytest.mark.parametrize(
    "source",
    [
        "sys.path.insert(0, os.environ['X'])",
        "sys.path.insert(0, compute())",
        "sys.path[:0] = glob('*')",
        "x = 'a'\nx = compute()\nsys.path.append(x)",
        "sys.path.insert(0, Path(__file__).parents[n])",
        "for x in names():\n    sys.path.insert(0, x)",
    ],
)
def test_an_entry_that_is_not_understood_is_said(source: str) -> None:
    facts = read_module(source.encode(), RepoPath("conftest.py"))
    assert (facts.edits, facts.unresolved) == ((), (source.count("\n") + 1,))


LISTS = {
    "collect_ignore = ['a.py', 'b']": ("a.py", "b"),
    "collect_ignore = ['a.py']\ncollect_ignore.append('b.py')\ncollect_ignore += ['c.py']\ncollect_ignore.extend(('d.py',))": ("a.py", "b.py", "c.py", "d.py"),
    "more = ['b.py']\ncollect_ignore = ['a.py', *more] + more": ("a.py", "b.py", "b.py"),
    "collect_ignore = [f for f in x]": None,
    "collect_ignore = ['a.py']\nif no_numpy:\n    collect_ignore.append('b.py')": ("a.py",),
    "collect_ignore = ['a.py']\ntry:\n    import numpy\nexcept ImportError:\n    collect_ignore += ['b.py']": ("a.py",),
    "if windows:\n    collect_ignore = ['a.py']": (),
    "collect_ignore = ['a.py', compute()]": ("a.py",),
}


@pytest.mark.parametrize("source", LISTS)
def test_lists_hold_what_is_there_for_sure(source: str) -> None:
    assert (read_module(source.encode(), RepoPath("conftest.py")).lists or {}).get("collect_ignore") == LISTS[source]


@pytest.mark.parametrize(
    "source",
    [b"\0", b"\xff", b"(" * 5000, b"-" * 100_000 + b"1", b"x = " + b"+".join([b"'a'"] * 20_000), b"import sys\nsys.path.insert(0, " + b"'a'/" * 3000 + b"'b')"],
)
def test_no_source_makes_evaluation_raise(source: bytes) -> None:
    read_module(source, RepoPath("conftest.py"))
    read_metadata("setup.py", source)
