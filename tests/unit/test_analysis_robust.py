"""The whole analysis on small random projects: it never raises, it is the same twice, and what it says holds together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import impact
from impact.analysis import analyze
from impact.cache import Cache
from impact.errors import RevisionError
from impact.inspections import understand
from impact.names import BlobId, RepoPath
from impact.programs.encoding import dump
from impact.programs.syntax import parse
from impact.progress import Progress, silent
from impact.report import Report
from impact.revisions.ranges import Range
from impact.scan import scan
from impact.settings import Settings
from impact.snapshots import Comparison, Rename, Snapshot
from support.commits import DrawnHistory
from support.snapshots import draw_snapshot

VALIDATOR = jsonschema.Draft202012Validator(json.loads((Path(impact.__file__).parent / "schema" / "report.schema.json").read_text()))

MODULES = ("acme.a", "acme.b", "acme.sub.c", "helpers")
NAMES = ("x", "y", "Z", "make")
PATHS = {"acme.a": "acme/a.py", "acme.b": "acme/b.py", "acme.sub.c": "acme/sub/c.py", "helpers": "helpers.py"}


@dataclass(frozen=True)
class Drawn:
    """A repository that holds two drawn trees."""

    blobs: dict[BlobId, bytes] = field(default_factory=dict)

    def compare(self, base: Mapping[str, str], head: Mapping[str, str]) -> Comparison:
        ends = []
        for files in (base, head):
            snapshot, read = draw_snapshot(files)
            ends.append(snapshot)
            for path, blob in snapshot.files.items():
                data = read(path)
                assert data is not None
                self.blobs[blob] = data
        before, after = ends
        return Comparison(before, after)

    def read(self, blob: BlobId) -> bytes | None:
        return self.blobs.get(blob)

    def read_many(self, blobs: Iterable[BlobId]) -> Mapping[BlobId, bytes | None]:
        return {blob: self.read(blob) for blob in blobs}

    def scan(self, blobs: Sequence[BlobId], progress: Progress) -> Mapping[BlobId, str | None]:
        progress("scan", 0, 0)
        return {blob: "\n".join(scan(self.blobs[blob])) if blob in self.blobs else None for blob in blobs}

    def parse(self, blobs: Sequence[BlobId], progress: Progress) -> Mapping[BlobId, tuple[str, str] | None]:
        progress("parse", 0, 0)
        found: dict[BlobId, tuple[str, str] | None] = {}
        for blob in blobs:
            program, outline = parse(self.blobs[blob])
            found[blob] = dump(program), dump(outline)
        return found

    def renames(self, comparison: Comparison) -> tuple[Rename, ...]:
        """Follow what moved without a change, as Git does at 100 %."""
        old = {blob: path for path, blob in sorted(comparison.base.files.items()) if path not in comparison.head.files}
        moved = [(old[blob], path) for path, blob in sorted(comparison.head.files.items()) if blob in old and path not in comparison.base.files]
        return tuple(Rename(*pair, 100) for pair in sorted(dict(moved).items()))

    def history(self, _tips: Sequence[str], *, without: str | None = None) -> DrawnHistory:
        """Know of no commit."""
        assert without is None
        return DrawnHistory()

    def edited(self, snapshot: Snapshot, contents: Mapping[RepoPath, bytes]) -> Snapshot:
        """Change nothing."""
        assert not contents
        return snapshot

    def tips(self) -> tuple[str, ...]:
        """Know of no branch."""
        return ()

    def resolve(self, request: Range, base: str | None = None, *, merge: bool = True) -> Comparison:
        """Know of no revision."""
        raise RevisionError(f"{request} {base} {merge}")


MODULE = st.sampled_from(MODULES)
NAME = st.sampled_from(NAMES)
STATEMENTS = st.one_of(
    st.builds("import {}".format, MODULE),
    st.builds("import {} as m\nm.{}".format, MODULE, NAME),
    st.builds("from {} import {}".format, MODULE, NAME),
    st.builds("from {} import {} as q\nq".format, MODULE, NAME),
    st.builds("from {} import *".format, MODULE),
    st.builds("from . import {}".format, st.sampled_from(("a", "b", "sub", "x"))),
    st.builds("from .{} import {}".format, st.sampled_from(("a", "b", "sub.c", "")), NAME).filter(lambda text: "from . " not in text),
    st.builds("{} = 1".format, NAME),
    st.builds("{} = {}".format, NAME, NAME),
    st.builds("def {}():\n    return {}".format, NAME, NAME),
    st.builds("class {}({}):\n    {} = 1\n    def m(self):\n        return self.{}".format, NAME, st.sampled_from(("", "object", "x", "Z")), NAME, NAME),
    st.builds("def __getattr__(name):\n    return {!r}".format, NAME),
    st.builds("__all__ = [{!r}, {!r}]".format, NAME, NAME),
    st.builds("del {}".format, NAME),
    st.builds("import sys\nsys.modules[{!r}] = None".format, MODULE),
    st.builds("globals().update({}={})".format, NAME, NAME),
    st.builds("{}()".format, NAME),
    st.builds("import pytest\npytest.importorskip({!r})".format, MODULE),
    st.builds("import pytest\npytest.skip('no', allow_module_level={})".format, st.booleans()),
    st.just("raise ImportError('no')"),
    st.just("def f(:"),
)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


GUARDS = st.sampled_from(
    (
        *("{}", "{}", "{}", "if TYPE_CHECKING:\n{i}", "import sys\nif sys.version_info >= (3, 99):\n{i}\nelse:\n    x = 2", "if x:\n{i}", "for _ in [1]:\n{i}"),
        *("try:\n{i}\nexcept ImportError:\n    x = None", "try:\n{i}\nexcept (AttributeError, NameError) as error:\n    raise\nfinally:\n    y = 1"),
        *("import contextlib\nwith contextlib.suppress(ImportError):\n{i}", "import pytest\nwith pytest.raises(ImportError):\n{i}", "def late():\n{i}\nlate()"),
    )
)
GUARDED = st.builds(lambda guard, text: guard.replace("{i}", _indented(text)).replace("{}", text), GUARDS, STATEMENTS)
SOURCES = st.lists(GUARDED, max_size=4).map("\n".join).map(lambda text: text + "\n")

PATCHES = st.one_of(
    st.builds("from unittest import mock\n@mock.patch('{}.{}')\ndef test_p(m): pass".format, MODULE, NAME),
    st.builds("def test_m(monkeypatch):\n    monkeypatch.setattr('{}.{}', 1)".format, MODULE, NAME),
    st.builds("import {0}\ndef test_o(monkeypatch):\n    monkeypatch.setattr({0}, '{1}', 1)".format, MODULE, NAME),
    st.builds("def test_f({}):\n    from {} import {}\n    {}".format, st.sampled_from(("", "fix", "tmp_path")), MODULE, NAME, NAME),
    st.builds("import pytest\n@pytest.fixture\ndef fix():\n    import {0}\n    return {0}.{1}".format, MODULE, NAME),
    st.builds("class TestC:\n    def test_c(self):\n        import importlib\n        importlib.import_module({!r})".format, MODULE),
)
TESTS = st.builds("{}\n{}\n{}\ndef test_always(): pass\n".format, SOURCES, PATCHES, st.one_of(st.just(""), PATCHES))
PROJECTS = st.fixed_dictionaries(
    {"tests/test_one.py": TESTS, "tests/test_two.py": TESTS},
    optional={
        **dict.fromkeys(PATHS.values(), SOURCES),
        "acme/__init__.py": SOURCES,
        "acme/sub/__init__.py": SOURCES,
        "tests/__init__.py": st.just(""),
        "conftest.py": SOURCES,
        "pyproject.toml": st.just("[tool.pytest.ini_options]\ntestpaths = ['tests']\n"),
    },
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str]]:
    """Draw a project and what a change makes of it: files deleted, renamed, emptied, cut short or written anew."""
    base: dict[str, str] = draw(PROJECTS)
    head = dict(base)
    for path in draw(st.lists(st.sampled_from(sorted(base)), max_size=3, unique=True)):
        source = head.pop(path)
        match draw(st.sampled_from(("delete", "rename", "empty", "cut", "anew"))):
            case "rename":
                head[path.replace(".py", "_new.py")] = source
            case "empty":
                head[path] = ""
            case "cut":
                lines = source.splitlines(keepends=True)
                head[path] = "".join(lines[draw(st.integers(0, len(lines))) :])
            case "anew" if path.endswith(".py"):
                head[path] = draw(SOURCES)
    return base, head


def _analyze(base: Mapping[str, str], head: Mapping[str, str], *, affected: bool = True, cache: Cache | None = None) -> Report:
    repository = Drawn()
    comparison = repository.compare(base, head)
    return analyze(repository, comparison, Settings(), cache or Cache(None), silent, affected=affected)


def _check(report: Report, base: Mapping[str, str], head: Mapping[str, str]) -> None:
    value = report.to_dict()
    VALIDATOR.validate(json.loads(json.dumps(value)))
    breaks = {one.id: one for one in report.breaks}
    changes = {one.id for one in report.changes}
    assert len(breaks) == len(report.breaks)
    assert len(changes) == len(report.changes)
    for test in report.tests:
        assert test.path in head or test.path in base
        assert set(test.breaks) <= breaks.keys(), test
        assert [link.path for link in test.chain[:1]] in ([], [test.path])
    for one in (*report.breaks, *report.preexisting):
        assert one.path in head
        assert 1 <= one.line <= head[one.path].count("\n") + 1
        assert one.change is None or one.change in changes
    for change in report.changes:
        assert change.path in base or change.path in head
        assert change.new_path is None or change.new_path in head
    assert len({(test.path, test.verdict) for test in report.tests}) == len(report.tests)


SLOWER = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
)


@SLOWER
@given(histories())
def test_whatever_changes_the_report_holds_together(history: tuple[dict[str, str], dict[str, str]]) -> None:
    base, head = history
    _check(_analyze(base, head), base, head)


@SLOWER
@given(histories())
def test_the_order_of_the_files_and_a_cache_change_nothing(tmp_path: Path, history: tuple[dict[str, str], dict[str, str]]) -> None:
    base, head = history
    report = _analyze(base, head)
    turned = dict(reversed(base.items())), dict(reversed(head.items()))
    assert _analyze(*turned) == report
    for _ in range(2):
        with Cache(tmp_path / "cache.sqlite") as cache:
            assert _analyze(base, head, cache=cache) == report


@SLOWER
@given(PROJECTS)
def test_what_did_not_change_breaks_nothing(files: dict[str, str]) -> None:
    report = _analyze(files, files)
    assert (report.changes, report.breaks, report.tests, report.masked) == ((), (), (), ())


# `__all__` of the second makes `x` a word, though it is absent at both ends.
LEFT_BEHIND = {
    "acme/a.py": "",
    "tests/test_one.py": "@mock.patch('acme.a.x')\ndef test_p(): pass\n",
    "tests/test_two.py": "__all__ = ['x']\nimport acme.a\n",
}


@SLOWER
@given(PROJECTS)
@example(LEFT_BEHIND)
def test_a_comment_at_the_end_breaks_nothing(files: dict[str, str]) -> None:
    report = _analyze(files, {path: f"{source}# a comment\n" for path, source in files.items()}, affected=False)
    assert (report.changes, report.breaks, report.tests) == ((), (), ())


@SLOWER
@given(PROJECTS)
def test_doctor_understands_every_project(files: dict[str, str]) -> None:
    repository = Drawn()
    understanding = understand(repository, repository.compare(files, files), Settings(), Cache(None), silent)
    assert understanding.tests == 2
    assert understanding.modules == sum(path.endswith(".py") for path in files)


def test_the_strategy_draws_what_breaks() -> None:
    """Without that, the others would hold of empty reports."""
    base = {"acme/a.py": "x = 1\n", "tests/test_one.py": "from acme.a import x\ndef test_always(): pass\n", "tests/test_two.py": ""}
    report = _analyze(base, base | {"acme/a.py": ""})
    assert [(one.path, one.verdict) for one in report.tests] == [("tests/test_one.py", "collection-error")]


def _chained(form: str, depth: int) -> Report:
    """Analyze a line of modules, each of which imports the next one, whose last one loses its name."""
    base = {f"m{number}.py": form.format(number + 1) for number in range(depth)} | {f"m{depth}.py": "x = 1\n"}
    base["test_m.py"] = "from m0 import x\n\ndef test_m(): pass\n"
    return _analyze(base, base | {f"m{depth}.py": "y = 1\n"})


def test_a_long_chain_of_imports() -> None:
    (test,) = (one for one in _chained("from m{} import x\n", 100).tests if one.verdict == "collection-error")
    assert [link.path for link in test.chain] == ["test_m.py", *(f"m{number}.py" for number in range(100))]


@pytest.mark.parametrize(
    "form", ["import os\nif os.name:\n  try:\n    from m{} import x\n  finally: pass\n", "try:\n  from m{} import x\nexcept ValueError: raise\n"]
)
def test_a_long_chain_of_imports_in_blocks(form: str) -> None:
    assert _chained(form, 110).tests


def test_a_module_that_calls_what_imports() -> None:
    assert [one.verdict for one in _chained("def f():\n  from m{} import x\n  return x\nx = f()\n", 1).tests] == ["collection-error"]


@pytest.mark.parametrize(
    ("built", "broken"),
    [
        pytest.param({}, True, id="deleted"),
        pytest.param({"pyproject.toml": "[tool.hatch.build.hooks.vcs]\nversion-file = 'acme/_version.py'\n"}, False, id="built from now on"),
        pytest.param({"pyproject.toml": "[tool.hatch.version]\npath = 'acme/_version.py'\n"}, True, id="named as it was"),
    ],
)
def test_a_module_that_is_built_from_now_on_is_there(built: dict[str, str], broken: bool) -> None:
    base = {
        "pyproject.toml": "[tool.hatch.version]\npath = 'acme/_version.py'\n",
        "acme/__init__.py": "from acme._version import version\n",
        "acme/_version.py": "version = 1\n",
        "tests/test_x.py": "import acme\n",
    }
    head = {path: source for path, source in base.items() if path != "acme/_version.py"} | built
    assert bool(_analyze(base, head, affected=False).tests) is broken
