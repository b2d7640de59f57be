"""Discovery held against pytest itself: which files it collects, under which names, with which conftest.py files, and what their imports find.

Each layout is written to disk and collected by the real pytest as `python -m pytest --collect-only` does it from the rootdir, which puts the rootdir on
`sys.path`; what an installation would add is given through PYTHONPATH.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

import pytest

from impact.discovery.understanding import discover
from impact.names import RepoPath, is_below, join
from support.snapshots import draw_snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from impact.discovery.layout import Layout
    from impact.snapshots import Snapshot

WITNESS = """
import json, os, types

collected, errors = {}, []

def pytest_collectreport(report):
    if report.failed and report.nodeid:
        errors.append(report.nodeid)

def pytest_collection_finish(session):
    manager = session.config.pluginmanager
    for item in session.items:
        module = item.module
        imported = {name: getattr(value, "__file__", None) for name, value in vars(module).items() if isinstance(value, types.ModuleType) and name[0] != "@"}
        conftests = [one.__file__ for one in manager._getconftestmodules(item.path)]
        collected[str(item.path)] = {"name": module.__name__, "imported": imported, "conftests": conftests}
    with open(os.environ["WITNESS"], "w") as file:
        json.dump({"collected": collected, "errors": errors, "rootdir": str(session.config.rootpath)}, file)
"""


class Facts(TypedDict):
    """What the witness says of one test file; paths are absolute."""

    name: str
    imported: dict[str, str | None]
    conftests: list[str]


class Said(TypedDict):
    """What the witness says of a run."""

    collected: dict[str, Facts]
    errors: list[str]
    rootdir: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A repository, the directory where pytest is started, and the directories that an installation puts on `sys.path`.

    `broken` maps the test files that cannot be collected to the name that they do not find. No two tests import files of one name: a session has
    one `sys.modules`, a search path speaks of a test that runs alone.
    """

    files: Mapping[str, str]
    start: str = ""
    installed: tuple[str, ...] = ()
    broken: Mapping[str, str] = field(default_factory=dict)


def test_file(*names: str) -> str:
    return "".join(f"import {name}\n" for name in names) + "def test_it(): pass\n"


test_file.__test__ = False  # type: ignore[attr-defined]

PLAIN = test_file()
HELPED = test_file("helpers")
INSERT = "import os, sys\nfrom pathlib import Path\n"
CHECKS = {"check_a.py": PLAIN, "test_b.py": PLAIN, "b_test.py": PLAIN}

DRAWINGS = {
    "flat": Drawing({"pkg/__init__.py": "", "tests/test_a.py": test_file("pkg")}),
    "flat, tests in packages": Drawing(
        {"pkg/__init__.py": "", "tests/__init__.py": "", "tests/unit/__init__.py": "", "tests/unit/test_a.py": test_file("pkg")}
    ),
    "src, installed": Drawing({"setup.py": "", "src/pkg/__init__.py": "", "tests/test_a.py": test_file("pkg")}, installed=("src",)),
    "src, through pythonpath": Drawing({"pytest.ini": "[pytest]\npythonpath = src\n", "src/pkg/__init__.py": "", "tests/test_a.py": test_file("pkg")}),
    "code that nothing finds": Drawing({"code/pkg/mod.py": "", "tests/test_a.py": test_file("pkg")}, broken={"tests/test_a.py": "pkg"}),
    "two installed projects": Drawing(
        {
            "a/pyproject.toml": "[project]\nname='a'\n",
            "a/src/one/__init__.py": "",
            "b/setup.cfg": "[metadata]\nname = b\n[options]\npackage_dir =\n  = lib\n",
            "b/lib/two/__init__.py": "",
            "a/tests/test_a.py": test_file("one", "two"),
        },
        installed=("a/src", "b/lib"),
    ),
    "a nested rootdir": Drawing(
        {
            "pytest.ini": "[pytest]\npython_files = none.py\n",
            "conftest.py": "",
            "svc/pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['lib']\ntestpaths = ['tests']\n",
            "svc/conftest.py": "",
            "svc/lib/helpers.py": "",
            "svc/tests/conftest.py": "",
            "svc/tests/test_a.py": HELPED,
            "svc/other/test_b.py": PLAIN,
        },
        start="svc",
    ),
    "a helper beside the test": Drawing({"tests/helpers.py": "", "tests/test_a.py": HELPED}),
    "a helper beside the test, append": Drawing(
        {"pytest.ini": "[pytest]\naddopts = --import-mode=append\n", "tests/helpers.py": "", "tests/test_a.py": HELPED}
    ),
    "a helper beside the test, importlib": Drawing(
        {"pytest.ini": "[pytest]\naddopts = --import-mode=importlib\n", "tests/helpers.py": "", "tests/test_a.py": HELPED},
        broken={"tests/test_a.py": "helpers"},
    ),
    "a helper beside a test in a package": Drawing(
        {"tests/__init__.py": "", "tests/helpers.py": "", "tests/test_a.py": HELPED, "tests/test_b.py": test_file("tests.helpers")},
        broken={"tests/test_a.py": "helpers"},
    ),
    "importlib, with and without packages": Drawing(
        {
            "pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['--import-mode=importlib']\n",
            "a/test_x.py": PLAIN,
            "b/test_x.py": PLAIN,
            "c/pkg/__init__.py": "",
            "c/pkg/test_x.py": PLAIN,
            "v1.2/test_y.py": PLAIN,
        }
    ),
    "a namespace package": Drawing({"setup.py": "", "src/space/part/mod.py": "", "tests/test_a.py": test_file("space.part.mod")}, installed=("src",)),
    "tests beside the code": Drawing({"pkg/__init__.py": "", "pkg/helpers.py": "", "pkg/sub/__init__.py": "", "pkg/sub/test_a.py": test_file("pkg.helpers")}),
    "the innermost helper wins": Drawing({"a/helpers.py": "", "a/conftest.py": "", "a/b/helpers.py": "", "a/b/test_a.py": HELPED, "a/test_b.py": PLAIN}),
    "append: what pythonpath finds wins": Drawing(
        {"pytest.ini": "[pytest]\naddopts = --import-mode append\npythonpath = lib\n", "lib/helpers.py": "", "t/helpers.py": "", "t/test_a.py": HELPED}
    ),
    "prepend: what is beside the test wins": Drawing(
        {"pytest.ini": "[pytest]\npythonpath = lib\n", "lib/helpers.py": "", "t/helpers.py": "", "t/test_a.py": HELPED}
    ),
    "testpaths": Drawing(
        {"tox.ini": "[pytest]\ntestpaths = t*/unit other\n", **{f"{name}/test_{name[:2]}.py": PLAIN for name in ("tests/unit", "other", "rest")}}
    ),
    "testpaths that match nothing": Drawing({"tox.ini": "[pytest]\ntestpaths = gone\n", "rest/test_a.py": PLAIN}),
    "testpaths into a hidden directory, and a file": Drawing(
        {"pytest.ini": "[pytest]\ntestpaths = .ci/build odd.py\n", ".ci/build/test_a.py": PLAIN, ".ci/test_b.py": PLAIN, "odd.py": PLAIN}
    ),
    "python_files in pytest.toml": Drawing({"pytest.toml": '[pytest]\npython_files = ["check_*.py"]\n', "pytest.ini": "[pytest]\n", **CHECKS}),
    "python_files in pytest.ini": Drawing(
        {"pytest.ini": "[pytest]\npython_files = check_*.py\n", "pyproject.toml": "[tool.pytest.ini_options]\npython_files='x'\n", **CHECKS}
    ),
    "python_files in .pytest.ini": Drawing({".pytest.ini": "[pytest]\npython_files = check_*.py\n", "tox.ini": "[pytest]\n", **CHECKS}),
    "python_files in pyproject.toml": Drawing({"pyproject.toml": "[tool.pytest.ini_options]\npython_files='check_*.py'\n", "tox.ini": "[pytest]\n", **CHECKS}),
    "native values in pyproject.toml": Drawing({"pyproject.toml": "[tool.pytest]\npython_files=['check_*.py']\n", **CHECKS}),
    "python_files in tox.ini": Drawing({"tox.ini": "[pytest]\npython_files = check_*.py\n", "setup.cfg": "[tool:pytest]\n", **CHECKS}),
    "python_files in setup.cfg": Drawing({"tox.ini": "[tox]\n", "setup.cfg": "[tool:pytest]\npython_files = check_*.py\n  b_*.py\n", **CHECKS}),
    "an empty pytest.ini hides the others": Drawing({"pytest.ini": "", "setup.cfg": "[tool:pytest]\npython_files = check_*.py\n", **CHECKS}),
    "python_files with a slash": Drawing(
        {"pytest.ini": "[pytest]\npython_files = unit/*_t.py\n", "unit/a_t.py": PLAIN, "x/unit/y/b_t.py": PLAIN, "c_t.py": PLAIN}
    ),
    "norecursedirs": Drawing(
        {
            "build/test_a.py": PLAIN,
            ".x/test_b.py": PLAIN,
            "a.egg/test_c.py": PLAIN,
            "venv/test_d.py": PLAIN,
            "env/pyvenv.cfg": "",
            "env/test_e.py": PLAIN,
            "test_f.py": PLAIN,
        }
    ),
    "norecursedirs of one's own": Drawing(
        {"pytest.ini": "[pytest]\nnorecursedirs = data a/b\n", "build/test_a.py": PLAIN, "x/data/test_b.py": PLAIN, "a/b/test_c.py": PLAIN}
    ),
    "--ignore and --ignore-glob": Drawing(
        {
            "pytest.ini": "[pytest]\naddopts = --ignore=a --ignore b/test_b.py --ignore-glob='*_slow.py'\n",
            "a/test_a.py": PLAIN,
            "b/test_b.py": PLAIN,
            "b/test_c.py": PLAIN,
            "b/c/test_slow.py": PLAIN,
        }
    ),
    "collect_ignore": Drawing(
        {
            "conftest.py": "collect_ignore = ['test_a.py', 'c']\ncollect_ignore_glob = ['*/test_old*']\n",
            "test_a.py": PLAIN,
            "test_old.py": PLAIN,
            "b/test_old_b.py": PLAIN,
            "b/test_a2.py": PLAIN,
            "c/test_c.py": PLAIN,
            "d/conftest.py": "collect_ignore = []\ncollect_ignore.append('test_d.py')\n",
            "d/test_d.py": PLAIN,
        }
    ),
    **{
        f"a conftest that inserts: {number}": Drawing(
            {"t/sub/conftest.py": INSERT + source, "lib/helpers.py": "", "t/sub/deep/test_a.py": HELPED, "u/test_b.py": PLAIN}
        )
        for number, source in enumerate(
            (
                "sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', '..', 'lib'))\n",
                "sys.path.append(os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, 'lib')))\n",
                "sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'lib'))\n",
                "ROOT = Path(__file__).parent.parent.parent\nLIB = ROOT.joinpath('lib')\nif str(LIB) not in sys.path:\n    sys.path.insert(0, f'{LIB}')\n",
                "sys.path.insert(0, 'lib')\n",
                "sys.path[:0] = [os.path.realpath(__file__ + '/../../../lib')]\n",
                "def pytest_configure(config):\n    pass\ndef add(): sys.path.extend([os.fspath(Path.cwd() / 'lib')])\nadd()\n",
            )
        )
    },
    "a conftest that inserts something else": Drawing(
        {"t/conftest.py": INSERT + "sys.path.insert(0, str(Path(__file__).parent / 'lib'))\n", "lib/helpers.py": "", "t/test_a.py": HELPED},
        broken={"t/test_a.py": "helpers"},
    ),
    "confcutdir": Drawing(
        {"pytest.ini": "[pytest]\naddopts = --confcutdir=a/b\n", "conftest.py": "", "a/conftest.py": "", "a/b/conftest.py": "", "a/b/test_a.py": PLAIN}
    ),
    "a namespace package that is considered": Drawing(
        {"pytest.ini": "[pytest]\npythonpath = src\nconsider_namespace_packages = true\n", "src/space/part/__init__.py": "", "src/space/part/test_a.py": PLAIN}
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", DRAWINGS)
def test_pytest_agrees(case: str, tmp_path: Path) -> None:
    drawing = DRAWINGS[case]
    root = tmp_path / "repository"
    for path, source in drawing.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(source)
    snapshot, read = draw_snapshot(drawing.files)
    layout = discover(snapshot, read)

    said = collect(root, drawing, tmp_path)

    collected = {root_relative(path, root): facts for path, facts in said["collected"].items()}
    errors = {join(drawing.start, path) for path in said["errors"]}
    assert errors == set(drawing.broken)
    assert said["rootdir"] == str(root / drawing.start)
    assert {path for path in layout.tests - layout.outside_testpaths if is_below(path, drawing.start)} == collected.keys() | errors
    assert {path: layout.import_name_of(RepoPath(path)) for path in collected} == {path: facts["name"] for path, facts in collected.items()}
    assert {path: list(layout.conftests_for(RepoPath(path))) for path in collected} == {
        path: [root_relative(one, root) for one in facts["conftests"]] for path, facts in collected.items()
    }
    for path, facts in collected.items():
        for name, file in facts["imported"].items():
            # A namespace package has no file: that it is found is all there is to compare.
            assert find(name, RepoPath(path), layout, snapshot) in {None if file is None else root_relative(file, root), name}
    for path, name in drawing.broken.items():
        assert find(name, RepoPath(path), layout, snapshot) is None


def collect(root: Path, drawing: Drawing, tmp_path: Path) -> Said:
    """Return what the witness saw."""
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "witness.py").write_text(WITNESS)
    said = tmp_path / "said.json"
    paths = [str(root / one) for one in drawing.installed] + [str(tmp_path / "plugins")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "COV"))}
    environment = kept | {"PYTHONPATH": os.pathsep.join(paths), "WITNESS": str(said), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "witness", "-p", "no:cacheprovider"]
    run = subprocess.run(command, cwd=root / drawing.start, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode in {0, 2, 5}, run.stdout + run.stderr
    found: Said = json.loads(said.read_text())
    return found


def root_relative(path: str, root: Path) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def find(name: str, importer: RepoPath, layout: Layout, snapshot: Snapshot) -> str | None:
    """Return the file that a top-level name is found in, by the search path; the name itself for a namespace package."""
    for directory in layout.search_path(importer):
        for candidate in (join(directory, f"{name}/__init__.py"), join(directory, f"{name}.py")):
            if candidate in snapshot.files:
                return candidate
    return name if any(join(directory, name) in snapshot.directories for directory in layout.search_path(importer)) else None
