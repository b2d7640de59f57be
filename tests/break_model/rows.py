"""What a row of the break model is: two trees, and what happens to each test file on the way from one to the other.

A row is data. Its expectation is what pytest does, written down by hand as a literal: `test_break_model.py` holds both the prediction and
pytest itself against it, so neither can be copied into the table from the other. A file that no fate names must not be reported at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

from impact.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

INI = "[pytest]\npythonpath = .\n"
"""The settings of most rows: production code is found from the root, whatever stands in `tests`."""

OK = "def test_ok():\n    pass\n"
"""What a test file ends with when it is its imports that matter."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What newly happens to one test file. `nodes` are the node ids concerned, none where it is the whole file."""

    path: str
    verdict: Verdict
    exception: str | None = None
    nodes: frozenset[str] = frozenset()


def collection_error(path: str, exception: str) -> Fate:
    """The file cannot be collected any more; `exception` is the line that pytest prints."""
    return Fate(path, Verdict.COLLECTION_ERROR, exception)


def runtime_error(path: str, *tests: str, exception: str | None = None) -> Fate:
    """The file is collected, and these of its tests fail; `exception` is their line where all of them share one."""
    return Fate(path, Verdict.RUNTIME_ERROR, exception, frozenset(f"{path}::{test}" for test in tests))


def silenced(path: str, *tests: str) -> Fate:
    """The file passes by no longer testing: these tests, or the file where none is named, are skipped now. See `fallback`."""
    return Fate(path, Verdict.SILENCED, nodes=frozenset(f"{path}::{test}" for test in tests) or frozenset({path}))


def fallback(path: str) -> Fate:
    """The file passes as it did, on the fallback of a guard: nothing that pytest shows."""
    return Fate(path, Verdict.SILENCED)


def unclear(path: str) -> Fate:
    """Nothing happens here, and no reading of the source can know: the file may be reported as at risk, and as nothing worse."""
    return Fate(path, Verdict.AT_RISK)


def at_risk(path: str, *tests: str, exception: str | None = None) -> Fate:
    """These tests fail, or the file cannot be collected where none is named, and no reading of the project alone can know for certain."""
    return Fate(path, Verdict.AT_RISK, exception, frozenset(f"{path}::{test}" for test in tests) or frozenset({path}))


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `base` is the tree before, `change` what the change writes, None where it deletes; sources may be indented.

    `ini` becomes `pytest.ini`, None for a tree that brings its own settings or has none. `masked` are the files that fail at both ends and
    would newly fail here had they not, or the node ids of such tests, with the exception at base. `asked` are the paths that pytest is told to run.
    """

    id: str
    base: Mapping[str, str]
    change: Mapping[str, str | None]
    fates: tuple[Fate, ...] = ()
    masked: Mapping[str, str] | None = None
    ini: str | None = INI
    asked: tuple[str, ...] = ()

    @property
    def before(self) -> dict[str, str]:
        """The tree at base."""
        return {**({"pytest.ini": self.ini} if self.ini is not None else {}), **{path: dedent(source) for path, source in self.base.items()}}

    @property
    def after(self) -> dict[str, str]:
        """The tree at head."""
        tree = self.before
        for path, source in self.change.items():
            if source is None:
                del tree[path]
            else:
                tree[path] = dedent(source)
        return tree


def function_of(node: str) -> str:
    """Return a node id without its parameters: which of them there are is not always for a static reading to say.

    >>> function_of("tests/test_x.py::TestX::test_a[1-b]")
    'tests/test_x.py::TestX::test_a'
    """
    return node.partition("[")[0]


def said(exception: str) -> str:
    r"""Return an exception line without what depends on where the tree lies: `mock` shows a module with the path of its file.

    Nor does it hold the address of the loader of a package without a file, or the class under which pytest wraps a plugin that it cannot
    find, which is another one before pytest 9.1, or the one of an error that pytest prints without it, or the name that Python suggests from 3.12 on.
    From 3.13 on it says of a module that is still running where it came from.

    >>> said("AttributeError: <module 'acme.a' from '/tmp/tree/acme/a.py'> does not have the attribute 'x'")
    "AttributeError: <module 'acme.a'> does not have the attribute 'x'"
    >>> said("ImportError: cannot import name 'x' from 'acme' (unknown location)")
    "ImportError: cannot import name 'x' from 'acme'"
    >>> said("pytest.UsageError: Error importing plugin \"acme.plugin\": No module named 'acme.plugin'")
    'Error importing plugin "acme.plugin": No module named \'acme.plugin\''
    >>> said("AttributeError: module 'acme.a' has no attribute 'Kept'. Did you mean: 'kept'?")
    "AttributeError: module 'acme.a' has no attribute 'Kept'"
    """
    if "ImportPathMismatchError" in exception or exception.startswith("import file mismatch"):
        return "import file mismatch"
    exception = re.sub(r'^[\w.]+: (?=Error importing plugin ")|^_pytest\.nodes\.Collector\.CollectError: ', "", exception)
    exception = re.sub(r"\. Did you (?:mean: '[^']*'\?|forget to import '[^']*'\??)$", "", exception)
    exception = re.sub(r"^(AttributeError: partially initialized module '[\w.]+') from '[^']*'", r"\1", exception)
    exception = re.sub(r" object at 0x[0-9a-f]+>", " object>", exception)
    exception = re.sub(r" \(/[^()]*\.py\)$", "", exception)
    return re.sub(r" \((?:/[^()]*|unknown location)\)$", "", re.sub(r" from '[^']*'>", ">", exception))


def acme(test: str, *, path: str = "tests/test_x.py", a: str = "def kept():\n    return 1\ndef gone():\n    return 2\n", init: str = "") -> dict[str, str]:
    """Return the tree that most rows start from: a package with one module, and one test file."""
    return {"acme/__init__.py": init, "acme/a.py": a, path: test}


KEPT = "def kept():\n    return 1\n"
"""`acme/a.py` less `gone`."""
