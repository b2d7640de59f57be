"""The pytest plugin behind `support.truth`: one JSON line per event, in the file that `TRUTH_PROTOCOL` names.

It runs inside the pytest that is asked, alone (a copy of this one file is on the path), so it imports nothing of this suite.

    {"event": "file" | "error" | "failed" | "skipped" | "xfailed" | "passed" | "conftest", "path": …, "node": …, "exception": …}

A `conftest` event names a directory: the `conftest.py` there, or a plugin it asks for, could not be loaded.
"""

from __future__ import annotations

import json
import os
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

_TREE = Path(os.environ.get("TRUTH_TREE", "."))


def _write(event: str, *, path: str, node: str = "", exception: str = "") -> None:
    with Path(os.environ["TRUTH_PROTOCOL"]).open("a", encoding="utf-8") as protocol:
        protocol.write(json.dumps({"event": event, "path": path, "node": node or path, "exception": exception}) + "\n")


def _relative(path: Path) -> str:
    resolved = path.resolve()
    return resolved.relative_to(_TREE).as_posix() if resolved.is_relative_to(_TREE) else resolved.as_posix()


def _node(nodeid: str, path: Path) -> str:
    """Return the node id relative to the tree: pytest's own is relative to its root directory, which may be elsewhere."""
    _, colons, inside = nodeid.partition("::")
    return _relative(path) + colons + inside


def exception_line(error: BaseException) -> str:
    """Return the line that pytest prints for `error`, without the file name in parentheses, which depends on the machine."""
    if isinstance(error, pytest.Collector.CollectError) and error.__cause__ is not None:
        error = error.__cause__  # pytest wraps what a test module raised while it was imported
    if isinstance(error, pytest.FixtureLookupError):
        return str(error.formatrepr().errorstring).splitlines()[0].strip()
    cause = getattr(error, "cause", None)
    if type(error).__name__ == "ConftestImportFailure" and isinstance(cause, BaseException):
        error = cause
    if type(error).__name__ == "PluginImportFailure" and error.__cause__ is not None:
        error = error.__cause__
    said = "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()  # as pytest does, which tells Python no frames
    # A syntax error shows its place first; every other exception starts with what it is.
    line = said[-1] if isinstance(error, SyntaxError) else said[0]
    return re.sub(r"^(ImportError: cannot import name .+) \([^()]*\)$", r"\1", line)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Note the `conftest.py` that would end the session before it begins, and go on: its directory fails when it is collected."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever a conftest raises is what is asked for
        path = getattr(error, "path", None)
        _write("conftest", path=_relative(path.parent) if isinstance(path, Path) else ".", exception=exception_line(error))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Note every test module, and every module or directory that cannot be collected."""
    report = yield
    if isinstance(collector, pytest.Module):
        _write("file", path=_relative(collector.path))
    call: pytest.CallInfo[object] | None = getattr(report, "call", None)
    if call is None or call.excinfo is None:
        return report
    if report.skipped:
        _write("skipped", path=_relative(collector.path))
    elif isinstance(collector, pytest.Directory):
        _write("conftest", path=_relative(collector.path), exception=exception_line(call.excinfo.value))
    else:
        _write("error", path=_relative(collector.path), exception=exception_line(call.excinfo.value))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note what became of every test."""
    report = yield
    path, node = _relative(item.path), _node(item.nodeid, item.path)
    if report.failed:
        _write("failed", path=path, node=node, exception=exception_line(call.excinfo.value) if call.excinfo else str(report.longrepr))
    elif report.skipped:
        _write("xfailed" if hasattr(report, "wasxfail") else "skipped", path=path, node=node)
    elif report.when == "call":
        _write("xfailed" if hasattr(report, "wasxfail") else "passed", path=path, node=node)
    return report
