"""Source roots, search paths and tests of drawn snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from impact.discovery.understanding import discover, settings_paths
from impact.names import RepoPath
from support.snapshots import draw_snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from impact.discovery.layout import Layout


Files: TypeAlias = "Mapping[str, str | bytes]"


def layout(files: Mapping[str, str | bytes], *, extra_roots: Sequence[str] = (), exclude: Sequence[str] = ()) -> Layout:
    snapshot, read = draw_snapshot(files)
    return discover(snapshot, read, extra_roots=extra_roots, exclude=exclude)


def empty(*paths: str) -> dict[str, str | bytes]:
    return dict.fromkeys(paths, "")


# Roots

ROOTS: dict[str, tuple[Files, list[tuple[str, str]]]] = {
    "nothing": ({}, [("", "")]),
    "flat": (empty("pyproject.toml", "pkg/__init__.py"), [("", "")]),
    "src": (empty("setup.py", "src/pkg/__init__.py"), [("", ""), ("src", "")]),
    "src of a namespace package": (empty("setup.py", "src/space/part/mod.py"), [("", ""), ("src", "")]),
    "a src that is a package": (empty("setup.py", "src/__init__.py"), [("", "")]),
    "a src without Python": (empty("setup.py", "src/main.c"), [("", "")]),
    "lib, not named by anybody": (empty("setup.py", "lib/mod.py"), [("", "")]),
    "lib, named": ({"setup.cfg": "[options]\npackage_dir =\n    = lib\n", "lib/mod.py": ""}, [("", ""), ("lib", "")]),
    "named, but not there": ({"setup.cfg": "[options]\npackage_dir =\n    = lib\n"}, [("", "")]),
    "outside the repository": ({"pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['../lib', '/opt']\n", "lib/a.py": ""}, [("", "")]),
    "an installable project in a monorepo": (
        {"libs/a/pyproject.toml": "[project]\nname='a'\n", "libs/a/src/a/__init__.py": ""},
        [("", ""), ("libs/a", ""), ("libs/a/src", "")],
    ),
    "a service that nobody installs": (empty("svc/requirements.txt", "svc/src/app.py"), [("", ""), ("svc", "svc"), ("svc/src", "svc")]),
    "Django": (empty("site/manage.py", "site/shop/__init__.py"), [("", ""), ("site", "site")]),
    "what an installer left": (empty("node_modules/gyp/setup.py", "node_modules/gyp/a.py"), [("", "")]),
    "pythonpath": (
        {"t/pytest.ini": "[pytest]\npythonpath = lib ../common\n", "t/lib/a.py": "", "common/b.py": ""},
        [("", ""), ("common", "t"), ("t", "t"), ("t/lib", "t")],
    ),
    "a test's own directory": (empty("a/tests/test_x.py"), [("", ""), ("a/tests", "a/tests")]),
    "a test in a package": (empty("a/tests/__init__.py", "a/tests/test_x.py"), [("", ""), ("a", "a")]),
    "importlib": ({"pytest.ini": "[pytest]\naddopts = --import-mode=importlib\n", "a/tests/test_x.py": ""}, [("", "")]),
    "a conftest has a base directory too": (empty("a/conftest.py"), [("", ""), ("a", "a")]),
    "around a package": (empty("tools/pkg/__init__.py", "tools/pkg/sub/__init__.py"), [("", ""), ("tools", "tools")]),
}


@pytest.mark.parametrize("case", ROOTS)
def test_roots_and_scopes(case: str) -> None:
    files, expected = ROOTS[case]
    assert [(root.path, root.scope) for root in layout(files).roots] == expected


def test_every_root_says_why() -> None:
    files: dict[str, str | bytes] = {
        "pyproject.toml": "[project]\nname='x'\n[tool.pytest.ini_options]\npythonpath='src'\n[tool.maturin]\npython-source='src'\n",
        "src/x/__init__.py": "",
        "tests/conftest.py": "import sys\nsys.path.insert(0, 'src')\n",
    }
    assert {root.path: root.reasons for root in layout(files, extra_roots=["src"]).roots} == {
        "": ("repository root", "project directory, holds pyproject.toml"),
        "src": (
            "sys.path in tests/conftest.py, line 2",
            "pythonpath in pyproject.toml",
            "configured",
            "src directory of the repository",
            "tool.maturin.python-source in pyproject.toml",
            "holds the package x",
        ),
        "tests": ("base directory of tests/conftest.py (prepend)",),
    }


def test_a_distribution_of_the_repository_is_no_dependency() -> None:
    files: dict[str, str | bytes] = {"a/pyproject.toml": "[project]\nname='My_A'\n", "b/pyproject.toml": "[project]\nname='b'\ndependencies=['my-a', 'x']\n"}
    found = layout(files)
    assert (found.dependencies, found.distributions) == (frozenset({"x"}), frozenset({"my-a", "b"}))


# Tests

TESTS: dict[str, tuple[Files, str]] = {
    "by name": (
        empty("test_a.py", "a_test.py", "tests/test_b.py", "testing.py", "tests/helper.py", "conftest.py", "test_a.txt"),
        "a_test.py test_a.py tests/test_b.py",
    ),
    "python_files": (
        {"pytest.ini": "[pytest]\npython_files = check_*.py *.spec.py\n", **empty("check_a.py", "x.spec.py", "test_a.py")},
        "check_a.py x.spec.py",
    ),
    "python_files with a slash": (
        {"pytest.ini": "[pytest]\npython_files = unit/*.py\n", **empty("unit/a.py", "x/unit/b.py", "a.py", "unity/c.py")},
        "unit/a.py x/unit/b.py",
    ),
    "conftest.py, when a pattern says so": (
        {"pytest.ini": "[pytest]\npython_files = *.py\n", **empty("a/conftest.py", "a/__init__.py")},
        "a/__init__.py a/conftest.py",
    ),
    "norecursedirs by default": (empty("build/test_a.py", ".x/test_b.py", "a.egg/test_c.py", "x/node_modules/test_d.py", "test_e.py"), "test_e.py"),
    "norecursedirs replaces the default": (
        {"pytest.ini": "[pytest]\nnorecursedirs = data\n", **empty("build/test_a.py", "data/x/test_b.py")},
        "build/test_a.py",
    ),
    "norecursedirs with a slash": ({"pytest.ini": "[pytest]\nnorecursedirs = a/data\n", **empty("a/data/test_a.py", "data/test_b.py")}, "data/test_b.py"),
    "virtual environments": (empty("env/pyvenv.cfg", "env/lib/test_a.py", "conda/conda-meta/history", "conda/test_b.py"), ""),
    "--ignore": (
        {"pytest.ini": "[pytest]\naddopts = --ignore=a --ignore=b/test_b.py\n", **empty("a/x/test_a.py", "b/test_b.py", "b/test_c.py")},
        "b/test_c.py",
    ),
    "--ignore-glob": ({"pytest.ini": "[pytest]\naddopts = --ignore-glob=*_slow.py\n", **empty("a/test_a_slow.py", "a/test_a.py")}, "a/test_a.py"),
    "collect_ignore": ({"a/conftest.py": "collect_ignore = ['test_a.py', 'sub']\n", **empty("a/test_a.py", "a/sub/test_b.py", "test_a.py")}, "test_a.py"),
    "collect_ignore_glob": (
        {"a/conftest.py": "collect_ignore_glob = ['*_old.py']\n", **empty("a/b/test_old.py", "a/test_a.py", "test_old.py")},
        "a/test_a.py test_old.py",
    ),
    "the innermost collect_ignore counts": (
        {"conftest.py": "collect_ignore = ['a/test_a.py']\n", "a/conftest.py": "collect_ignore = ['test_b.py']\n", **empty("a/test_a.py", "a/test_b.py")},
        "a/test_a.py",
    ),
    "testpaths leads into a hidden directory": (
        {"pytest.ini": "[pytest]\ntestpaths = .ci/build\n", **empty(".ci/build/test_a.py", ".ci/test_b.py", ".x/test_c.py")},
        ".ci/build/test_a.py .ci/test_b.py",
    ),
    "testpaths names a file": ({"pytest.ini": "[pytest]\ntestpaths = odd.py\n", **empty("odd.py", "other.py")}, "odd.py"),
    "a nested project has its own patterns": (
        {"a/tox.ini": "[pytest]\npython_files = check_*.py\n", **empty("a/check_x.py", "a/test_x.py", "test_y.py")},
        "a/check_x.py test_y.py",
    ),
    "settings in a directory that is not entered": ({"build/pytest.ini": "", **empty("build/test_a.py")}, ""),
}


@pytest.mark.parametrize("case", TESTS)
def test_test_modules(case: str) -> None:
    files, expected = TESTS[case]
    found = layout(files)
    assert " ".join(sorted(found.tests)) == expected
    assert sum(project.tests for project in found.projects) == len(found.tests)


def test_exclude_takes_tests_away() -> None:
    assert layout(empty("a/test_a.py", "b/test_b.py"), exclude=["/a/"]).tests == {"b/test_b.py"}


OUTSIDE = {
    "tests": "other/test_b.py",
    "t*": "other/test_b.py",
    "**/sub": "other/test_b.py tests/test_a.py",
    "gone": "",
    "": "",
    "tests/sub other": "tests/test_a.py",
}


@pytest.mark.parametrize("testpaths", OUTSIDE)
def test_outside_testpaths(testpaths: str) -> None:
    found = layout({"pytest.ini": f"[pytest]\ntestpaths = {testpaths}\n", **empty("tests/test_a.py", "tests/sub/test_c.py", "other/test_b.py")})
    assert " ".join(sorted(found.outside_testpaths)) == OUTSIDE[testpaths]
    assert len(found.tests) == 3


# What follows for one file

NAMES: dict[str, tuple[str, Files, str, str, str]] = {
    "no package": ("prepend", empty("a/test_x.py"), "a/test_x.py", "a", "test_x"),
    "a package": ("prepend", empty("a/b/__init__.py", "a/b/test_x.py"), "a/b/test_x.py", "a", "b.test_x"),
    "packages up to the root": ("append", empty("a/__init__.py", "a/b/__init__.py"), "a/b/test_x.py", "", "a.b.test_x"),
    "a package in a directory that is none": ("prepend", empty("__init__.py", "a/b/__init__.py"), "a/b/test_x.py", "a", "b.test_x"),
    "no identifier": ("prepend", empty("my-tests/__init__.py"), "my-tests/test_x.py", "my-tests", "test_x"),
    "importlib": ("importlib", empty("a/test_x.py"), "a/test_x.py", "a", "a.test_x"),
    "importlib in a package": ("importlib", empty("a/b/__init__.py"), "a/b/test_x.py", "a", "b.test_x"),
    "importlib, dots": ("importlib", {}, ".a/v1.2/test_x.py", ".a/v1.2", "_a.v1_2.test_x"),
}


@pytest.mark.parametrize("case", NAMES)
def test_base_directory_and_import_name(case: str) -> None:
    mode, files, path, base, name = NAMES[case]
    found = layout({**files, path: "", "pytest.ini": f"[pytest]\naddopts = --import-mode={mode}\n"})
    assert (found.basedir_of(RepoPath(path)), found.import_name_of(RepoPath(path))) == (base, name)


def test_namespace_packages_are_considered_when_told() -> None:
    files = {
        "pytest.ini": "[pytest]\npythonpath = src\nconsider_namespace_packages = true\n",
        **empty("src/space/part/__init__.py", "src/space/part/test_x.py"),
    }
    found = layout(files)
    assert (found.basedir_of(RepoPath("src/space/part/test_x.py")), found.import_name_of(RepoPath("src/space/part/test_x.py"))) == ("src", "space.part.test_x")


CONFTESTS: dict[str, tuple[Files, str]] = {
    "outermost first": ({}, "conftest.py a/conftest.py a/b/conftest.py"),
    "from the rootdir": ({"a/pytest.ini": ""}, "a/conftest.py a/b/conftest.py"),
    "from the confcutdir": ({"pytest.ini": "[pytest]\naddopts = --confcutdir=a/b\n"}, "a/b/conftest.py"),
    "none": ({"pytest.ini": "[pytest]\naddopts = --noconftest\n"}, ""),
}


@pytest.mark.parametrize("case", CONFTESTS)
def test_conftests(case: str) -> None:
    files, expected = CONFTESTS[case]
    found = layout({**empty("conftest.py", "a/conftest.py", "a/b/conftest.py", "a/b/test_x.py", "c/conftest.py"), **files})
    assert " ".join(found.conftests_for(RepoPath("a/b/test_x.py"))) == expected


def test_a_conftest_does_not_apply_to_itself() -> None:
    assert layout(empty("conftest.py", "a/conftest.py")).conftests_for(RepoPath("a/conftest.py")) == ("conftest.py",)


MONOREPO: dict[str, str | bytes] = {
    "pyproject.toml": "[project]\nname = 'all'\n",
    "all.py": "",
    "libs/a/pyproject.toml": "[project]\nname = 'a'\n[tool.pytest.ini_options]\npythonpath = ['support']\n",
    "libs/a/support/kit.py": "",
    "libs/a/src/a/__init__.py": "",
    "libs/a/tests/conftest.py": "import sys, os\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'fakes'))\nsys.path.append('extra')\n",
    "libs/a/tests/fakes/fake.py": "",
    "libs/a/extra/e.py": "",
    "libs/a/tests/unit/test_a.py": "",
    "libs/b/pyproject.toml": "[project]\nname = 'b'\n",
    "libs/b/src/b/__init__.py": "",
    "svc/requirements.txt": "",
    "svc/app.py": "",
}

SEARCH = {
    "libs/a/tests/unit/test_a.py": "libs/a/tests/unit libs/a/tests/fakes libs/a/tests libs/a/support libs/a/src libs/a libs/b libs/b/src . libs/a/extra",
    "libs/a/src/a/__init__.py": "libs/a/support libs/a/src libs/a libs/b libs/b/src .",
    "libs/b/src/b/__init__.py": "libs/b/src libs/b libs/a libs/a/src .",
    "libs/a/tests/fakes/fake.py": "libs/a/tests/fakes libs/a/tests libs/a/support libs/a/src libs/a libs/b libs/b/src . libs/a/extra",
    "svc/app.py": "svc libs/a libs/b libs/a/src libs/b/src .",
    "all.py": ". libs/a libs/b libs/a/src libs/b/src",
}


@pytest.mark.parametrize("importer", SEARCH)
def test_search_path(importer: str) -> None:
    found = layout(MONOREPO)
    assert " ".join(path or "." for path in found.search_path(RepoPath(importer))) == SEARCH[importer]
    assert found.search_path(RepoPath(importer)) is found.search_path(RepoPath(importer))


def test_what_a_conftest_inserts_sees_the_rest_of_it() -> None:
    files = {"t/conftest.py": "import sys\nsys.path[:0] = ['one', 'two']\n", **empty("one/a.py", "two/b.py", "three/c.py")}
    found = layout(files)
    assert found.search_path(RepoPath("t/test_x.py")) == ("t", "one", "two", "")
    assert set(found.search_path(RepoPath("one/a.py"))) == {"one", "two", ""}
    assert found.search_path(RepoPath("three/c.py")) == ("",)


def test_append_comes_last() -> None:
    found = layout({"pytest.ini": "[pytest]\naddopts = --import-mode=append\n", **empty("setup.py", "src/a.py", "tests/test_x.py")})
    assert found.search_path(RepoPath("tests/test_x.py")) == ("src", "", "tests")


REQUIRES = {
    "pyproject.toml": ("[project]\nrequires-python = '>=3.9,<4'\n", ">=3.9,<4", (3, 9)),
    "setup.cfg": ("[options]\npython_requires = >= 3.8\n", ">= 3.8", (3, 8)),
    "setup.py": ("setup(python_requires='~=3.10')", "~=3.10", (3, 10)),
    ".python-version": ("3.12.1\n", "==3.12.1", (3, 12)),
}


@pytest.mark.parametrize("name", REQUIRES)
def test_python_requires(name: str) -> None:
    source, specifier, lowest = REQUIRES[name]
    found = layout({name: source, "a/pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.11'\n", "b/x.py": ""})
    assert (there := found.python_requires("b/x.py")) is not None
    assert (there.specifier, there.lower_bound, there.path) == (specifier, lowest, name)
    assert (nearest := found.python_requires("a")) is not None
    assert (nearest.specifier, nearest.lower_bound) == ("^3.11", (3, 11))


def test_no_python_is_asked_for() -> None:
    assert layout(empty("a.py")).python_requires() is None


def test_what_could_not_be_read_is_listed() -> None:
    files: dict[str, str | bytes] = {
        "pyproject.toml": "[",
        "setup.py": "(",
        "a/conftest.py": "import sys\n(",
        "b/conftest.py": "import sys\nsys.path.append(x())\n",
    }
    found = layout(files)
    assert [one.path for one in found.skipped] == ["a/conftest.py", "pyproject.toml", "setup.py"]
    assert [(one.path, one.reason[:7]) for one in found.unresolved] == [("b/conftest.py", "line 2:")]


def test_a_missing_blob_is_a_file_that_says_nothing() -> None:
    snapshot, _ = draw_snapshot({"pyproject.toml": "", "a/conftest.py": "", "a/test_x.py": ""})
    found = discover(snapshot, lambda _: None)
    assert (sorted(found.tests), found.skipped) == (["a/test_x.py"], ())


def test_only_settings_paths_are_read() -> None:
    files = {**MONOREPO, **empty("node_modules/x/setup.py", "requirements/dev.txt")}
    snapshot, read = draw_snapshot(files)
    asked: set[str] = set()

    def witness(path: RepoPath) -> bytes | None:
        asked.add(path)
        return read(path)

    discover(snapshot, witness)
    assert asked <= set(settings_paths(snapshot))
