"""What each kind of settings file says, which one pytest takes, and what happens when it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.discovery.pytest_settings import NORECURSEDIRS, SETTINGS_FILES, PytestSettings, find_settings
from impact.names import RepoPath

if TYPE_CHECKING:
    from collections.abc import Mapping


def settings(files: Mapping[str, str | bytes]) -> tuple[str | None, PytestSettings, list[str]]:
    contents = {path: source.encode() if isinstance(source, str) else source for path, source in files.items()}
    path, found, skipped = find_settings(RepoPath(""), contents.get)
    return path, found, [one.reason for one in skipped]


INI = "[pytest]\npython_files = ini.py\n"

# files → the one that pytest takes
PRECEDENCE = {
    "the TOML file of pytest 9 beats all": (dict.fromkeys(("pytest.toml", "pytest.ini"), "") | {"tox.ini": INI}, "pytest.toml"),
    "its hidden twin": ({".pytest.toml": "", "pytest.ini": INI}, ".pytest.toml"),
    "pytest.ini even when empty": ({"pytest.ini": "", "pyproject.toml": "[tool.pytest.ini_options]\n"}, "pytest.ini"),
    ".pytest.ini after pytest.ini": ({".pytest.ini": INI, "pytest.ini": INI}, "pytest.ini"),
    ".pytest.ini before pyproject.toml": ({".pytest.ini": "", "pyproject.toml": "[tool.pytest.ini_options]\n"}, ".pytest.ini"),
    "pyproject.toml before tox.ini": ({"pyproject.toml": "[tool.pytest.ini_options]\n", "tox.ini": INI}, "pyproject.toml"),
    "pyproject.toml without the table": ({"pyproject.toml": "[project]\nname='x'\n", "tox.ini": INI}, "tox.ini"),
    "tox.ini before setup.cfg": ({"tox.ini": INI, "setup.cfg": "[tool:pytest]\n"}, "tox.ini"),
    "tox.ini without the section": ({"tox.ini": "[tox]\n", "setup.cfg": "[tool:pytest]\n"}, "setup.cfg"),
    "setup.cfg does not know [pytest]": ({"setup.cfg": INI}, None),
    "nothing at all": ({"setup.py": ""}, None),
}


@pytest.mark.parametrize("case", PRECEDENCE)
def test_the_first_file_with_settings_is_taken(case: str) -> None:
    files, expected = PRECEDENCE[case]
    assert settings(files)[0] == expected


SPOKEN = {
    "pytest.toml": '[pytest]\ntestpaths = ["a", "b c"]\naddopts = ["-pno:x", "--import-mode=importlib"]\nstrict_markers = true\nmarkers = ["slow: it"]\n',
    ".pytest.toml": '[pytest]\ntestpaths = ["a", "b c"]\naddopts = ["-pno:x", "--import-mode", "importlib"]\nstrict_markers = true\nmarkers = ["slow()"]\n',
    "pytest.ini": "[pytest]\ntestpaths = a 'b c'\naddopts = -p no:x\n  --import-mode=importlib --strict-markers\nmarkers =\n    slow: it is\n",
    ".pytest.ini": "[pytest]\ntestpaths: a 'b c'\n# note\naddopts: -p no:x --import-mode=importlib --strict-markers\nmarkers =\n\n    slow\n",
    "tox.ini": "[tox]\nx = 1\n[pytest]\ntestpaths = a\n  'b c'\nstrict_markers = yes\naddopts = -p no:x --import-mode=importlib\nmarkers = slow: it is\n",
    "setup.cfg": "[tool:pytest]\ntestpaths = a 'b c'\nstrict_markers = 1\naddopts = -p no:x --import-mode=importlib\nmarkers = slow: 100%% sure\n",
    "pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = ['a', 'b c']\naddopts = '-p no:x --import-mode=importlib --strict-markers'\nmarkers = 'slow'\n",
}


@pytest.mark.parametrize("name", SETTINGS_FILES)
def test_every_kind_of_file_says_the_same(name: str) -> None:
    path, found, skipped = settings({name: SPOKEN[name]})
    assert (path, found, skipped) == (
        name,
        PytestSettings(import_mode="importlib", testpaths=("a", "b c"), plugins=("no:x",), strict_markers=True, markers=("slow",)),
        [],
    )


@pytest.mark.parametrize("given", ["strict = true\n", "addopts = --strict\n", "addopts = --strict-markers\nstrict_config = 1\n"])
def test_who_insists_on_everything_insists_on_known_settings(given: str) -> None:
    _, found, _ = settings({"pytest.ini": f"[pytest]\n{given}level = 3\n"})
    assert (found.strict_markers, found.strict_config, "level" in found.names) == (True, True, True)


def test_native_values_in_pyproject() -> None:
    _, found, skipped = settings({"pyproject.toml": '[tool.pytest]\npython_files = ["check_*.py"]\npythonpath = ["src"]\nnorecursedirs = []\n'})
    assert (found, skipped) == (PytestSettings(python_files=("check_*.py",), pythonpath=("src",), norecursedirs=()), [])


OPTIONS = {
    "nothing": ("", PytestSettings()),
    "ignore, both ways": ("--ignore=a --ignore b", PytestSettings(ignore=("a", "b"))),
    "globs and node ids": ("--ignore-glob='*_x.py' --deselect t.py::a", PytestSettings(ignore_glob=("*_x.py",), deselect=("t.py::a",))),
    "the last mode counts": ("--import-mode=append --import-mode=prepend", PytestSettings()),
    "a value that looks like an option": ("-p --strict-markers", PytestSettings(plugins=("--strict-markers",))),
    "other options": ("-ra -q --maxfail=2 --tb short -n 4 tests", PytestSettings(options=("--maxfail=2", "--tb"))),
    "flags": (
        "--doctest-modules --noconftest --collect-in-virtualenv --confcutdir=t",
        PytestSettings(doctest_modules=True, noconftest=True, collect_in_virtualenv=True, confcutdir="t"),
    ),
    "an ini value on the command line": (
        "-o python_files=x.py --override-ini=strict_markers=true",
        PytestSettings(python_files=("x.py",), strict_markers=True),
    ),
    "rootdir and -c come too late": ("--rootdir=x -c other.ini", PytestSettings(options=("--rootdir=x",))),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_options(case: str) -> None:
    addopts, expected = OPTIONS[case]
    assert settings({"pytest.ini": f"[pytest]\naddopts = {addopts}\n"})[1:] == (expected, [])


def test_an_explicit_no_beats_strict() -> None:
    assert settings({"pytest.ini": "[pytest]\nstrict = true\nstrict_markers = false\n"})[1].strict_markers is False


BROKEN: dict[str, tuple[dict[str, str | bytes], str | None, list[str]]] = {
    "not TOML": (
        {"pyproject.toml": "[tool.pytest", "tox.ini": INI},
        "tox.ini",
        ["not TOML: Expected ']' at the end of a table declaration (at end of document)"],
    ),
    "not UTF-8": ({"pyproject.toml": b"\xff"}, None, ["not UTF-8: invalid start byte at byte 0"]),
    "an ini without sections": ({"pytest.ini": "a = 1"}, "pytest.ini", ["line 1: no section header defined"]),
    "a duplicate key": ({"pytest.ini": INI + "python_files = twice.py\n"}, "pytest.ini", ["line 3: duplicate name 'python_files'"]),
    "a quote that is not closed": ({"pytest.ini": "[pytest]\ntestpaths = 'a\n"}, "pytest.ini", ["testpaths: No closing quotation"]),
    "an unknown mode": ({"pytest.ini": "[pytest]\naddopts = --import-mode=odd\n"}, "pytest.ini", ["addopts: no import mode: 'odd'"]),
    "an option without its value": ({"pytest.ini": "[pytest]\naddopts = -p\n"}, "pytest.ini", ["addopts: -p lacks its value"]),
    "no truth value": ({"pytest.ini": "[pytest]\nstrict_markers = perhaps\n"}, "pytest.ini", ["strict_markers: no truth value: 'perhaps'"]),
    "a string where TOML wants a list": ({"pytest.toml": "[pytest]\npython_files = 'a.py'\n"}, "pytest.toml", ["python_files: a list of strings expected"]),
    "numbers in a list": ({"pytest.toml": "[pytest]\npython_files = [1]\n"}, "pytest.toml", ["python_files: a list of strings expected"]),
    "both tables": (
        {"pyproject.toml": "[tool.pytest]\naddopts=[]\n[tool.pytest.ini_options]\n"},
        "pyproject.toml",
        ["both [tool.pytest] and [tool.pytest.ini_options], which pytest 9 refuses: the latter is read"],
    ),
    "the faults of somebody else's tox.ini": ({"tox.ini": "[tox]\n???\n"}, None, []),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_said(case: str) -> None:
    files, path, reasons = BROKEN[case]
    found = settings(files)
    assert (found[0], found[2]) == (path, reasons)


def test_a_broken_value_leaves_the_others() -> None:
    found = settings({"pytest.ini": "[pytest]\npython_files = 'a\npython_classes = Spec\nnorecursedirs = 'b\n"})[1]
    assert (found.python_classes, found.python_files, found.norecursedirs) == (("Spec",), ("test_*.py", "*_test.py"), NORECURSEDIRS)


@given(st.sampled_from(SETTINGS_FILES), st.binary(max_size=200) | st.text(alphabet="[]pytest:=\n '\"\\-#", max_size=80).map(str.encode))
def test_no_bytes_make_it_raise(name: str, data: bytes) -> None:
    assert isinstance(settings({name: data})[1], PytestSettings)
