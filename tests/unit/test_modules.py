"""Looking dotted names up among the files of a snapshot, held against the order of Python's own path finder."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from impact.modules import Compiled, File, Location, Modules, Portions, dotted
from impact.names import RepoPath
from support.snapshots import draw_snapshot

ROOT = ("",)


def modules(*paths: str, roots: Sequence[str] = ROOT, weak: Sequence[str] = ()) -> Modules:
    snapshot, _ = draw_snapshot(dict.fromkeys(paths, ""))
    return Modules(snapshot, lambda _: [RepoPath(root) for root in roots], frozenset(RepoPath(root) for root in weak))


def module(path: str) -> File:
    return File(RepoPath(path), None)


def package(directory: str) -> File:
    return File(RepoPath(f"{directory}/__init__.py"), RepoPath(directory))


def portions(*directories: str) -> Portions:
    return Portions(tuple(RepoPath(directory) for directory in directories))


Row = tuple[tuple[str, ...], Sequence[str], str, Location | None]
LOOKUPS: dict[str, Row] = {
    "a module": (("a.py",), ROOT, "a", module("a.py")),
    "a package": (("a/__init__.py",), ROOT, "a", package("a")),
    "a submodule": (("a/__init__.py", "a/b.py"), ROOT, "a.b", module("a/b.py")),
    "a package beats a module": (("a.py", "a/__init__.py"), ROOT, "a", package("a")),
    "a module beats a bare directory": (("a.py", "a/b.py"), ROOT, "a", module("a.py")),
    "a module is no package": (("a.py", "a/b.py"), ROOT, "a.b", None),
    "an extension module beats a bare directory": (("a.cpython-311-x86_64-linux-gnu.so", "a/b.py"), ROOT, "a", Compiled(RepoPath("a"))),
    "the source of an extension module": (("a/__init__.py", "a/b.pyx"), ROOT, "a.b", Compiled(RepoPath("a/b"))),
    "nothing is below an extension module": (("a.so", "a/b.py"), ROOT, "a.b", None),
    "a bare directory": (("a/b.py",), ROOT, "a", portions("a")),
    "what is in a bare directory": (("a/b.py",), ROOT, "a.b", module("a/b.py")),
    "a bare directory in a package": (("a/__init__.py", "a/b/c.py"), ROOT, "a.b", portions("a/b")),
    "a directory of data is a portion too": (("a/b.txt",), ROOT, "a", portions("a")),
    "the first root wins": (("x/a.py", "y/a.py"), ("x", "y"), "a", module("x/a.py")),
    "in the order given": (("x/a.py", "y/a.py"), ("y", "x"), "a", module("y/a.py")),
    "a module behind a bare directory": (("x/a/b.py", "y/a.py"), ("x", "y"), "a", module("y/a.py")),
    "a package in front cuts the portions behind off": (("x/a/__init__.py", "y/a/b.py"), ("x", "y"), "a.b", None),
    "the portions of all roots": (("x/a/b.py", "y/a/c.py", "z/a.txt"), ("y", "x", "z"), "a", portions("y/a", "x/a")),
    "each portion is looked into": (("x/a/b.py", "y/a/c.py"), ("x", "y"), "a.c", module("y/a/c.py")),
    "portions of portions": (("x/a/b/c.py", "y/a/b/d.py"), ("x", "y"), "a.b", portions("x/a/b", "y/a/b")),
    "an __init__.py elsewhere in the portions": (("x/a/b/c.py", "y/a/b/__init__.py"), ("x", "y"), "a.b", package("y/a/b")),
    "a suffix is none of the name": (("a.pyi", "b.txt"), ROOT, "a", None),
    "part of a name is no name": (("ab/c.py",), ROOT, "a", None),
    "nothing": ((), ROOT, "a", None),
    "no root": (("a.py",), (), "a", None),
}


@pytest.mark.parametrize(("paths", "roots", "name", "expected"), LOOKUPS.values(), ids=LOOKUPS)
def test_lookups(paths: tuple[str, ...], roots: Sequence[str], name: str, expected: Location | None) -> None:
    found = modules(*paths, roots=roots)
    assert found.find(name, RepoPath("test_x.py")) == expected
    assert found.find(name, RepoPath("test_x.py")) == expected  # remembered


@pytest.mark.xfail(reason="importlib's FileFinder tries extension modules before sources; here the source wins")
def test_an_extension_module_beats_a_source() -> None:
    assert modules("a.so", "a.py").find("a", RepoPath("x.py")) == Compiled(RepoPath("a"))


def test_every_importer_has_its_own_search_path() -> None:
    snapshot, _ = draw_snapshot({"x/a.py": "", "y/a.py": ""})
    found = Modules(snapshot, lambda importer: (RepoPath(importer[0]),))
    assert found.find("a", RepoPath("x/t.py")) == module("x/a.py")
    assert found.find("a", RepoPath("y/t.py")) == module("y/a.py")


@pytest.mark.parametrize(
    ("name", "expected"), {"known": False, "known.sub": False, "guessed": True, "guessed.gone": True, "absent": False, "bare": False, "module": True}.items()
)
def test_weak_roots(name: str, expected: bool) -> None:
    found = modules("known/__init__.py", "g/guessed/__init__.py", "g/module.py", "g/bare/x.py", roots=("", "g"), weak=("g",))
    assert found.is_weak(name, RepoPath("t.py")) is expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (None, False),
        (module("a.py"), True),
        (Compiled(RepoPath("x")), True),
        (portions("deep"), True),
        (portions("data"), False),
        (portions("data", "deep/er"), True),
    ],
)
def test_a_bare_directory_provides_something_where_python_is_below(location: Location | None, expected: bool) -> None:
    assert modules("a.py", "deep/er/b.py", "data/c.txt").provides(location) is expected


NAMES: dict[str, tuple[tuple[str, ...], Sequence[str], Sequence[str], str, tuple[str, ...]]] = {
    "the nearest root first": (("src/pkg/__init__.py",), ("", "src"), (), "src/pkg/mod.py", ("pkg.mod", "src.pkg.mod")),
    "a root that is a package last": (("pkg/__init__.py",), ("pkg", ""), (), "pkg/mod.py", ("pkg.mod", "mod")),
    "a guess behind what is known": ((), ("a", ""), ("a",), "a/b.py", ("a.b", "b")),
    "the package itself": ((), ("",), (), "pkg/__init__.py", ("pkg",)),
    "no root holds it": ((), ("src",), (), "tests/a.py", ()),
    "a root of a similar name": ((), ("src",), (), "srcs/a.py", ()),
    "no identifier": ((), ("", "my-dir"), (), "my-dir/a.py", ("a",)),
}


@pytest.mark.parametrize(("paths", "roots", "weak", "path", "expected"), NAMES.values(), ids=NAMES)
def test_names_of_a_file(paths: tuple[str, ...], roots: Sequence[str], weak: Sequence[str], path: str, expected: tuple[str, ...]) -> None:
    found = modules(*paths, path, roots=roots, weak=weak)
    assert found.names_of(RepoPath(path)) == expected
    assert found.name_of(RepoPath(path)) == (expected[0] if expected else path)


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("a.py", "", "a"),
        ("a/b/__init__.py", "", "a.b"),
        ("src/a.py", "src", "a"),
        ("__init__.py", "", None),
        ("src/__init__.py", "src", None),
        ("a/1b.py", "", None),
        ("a/größe.py", "", "a.größe"),
        ("a.b.py", "", None),
    ],
)
def test_dotted(path: str, root: str, expected: str | None) -> None:
    assert dotted(path, root) == expected
