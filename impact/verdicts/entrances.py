"""Which `conftest.py` files pytest loads before it collects, and what only those may do: define options, name plugins.

The source: pytest's `_set_initial_conftests`, `_try_load_conftest` and `_check_non_top_pytest_plugins`, for a session that is started in its
rootdir without naming any test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Side
from impact.execution.values import Event, Raised
from impact.names import RepoPath, ancestors_of, basename_of, directory_of, join
from impact.programs.blocks import statements_of
from impact.programs.program import Plugins, Program
from impact.report import Link, ReferenceKind

_LATE = "Failed: Defining 'pytest_plugins' in a non-top-level conftest is no longer supported:"


def is_entered(directory: RepoPath, start: RepoPath) -> bool:
    """Tell whether pytest looks into a directory for a conftest.py at once, whatever it is asked to run below `start`."""
    return directory_of(directory) == start and basename_of(directory).startswith("test")


def find_late_plugins(inquiry: Inquiry) -> Iterator[tuple[RepoPath, Raised]]:
    """Yield the conftest.py files that newly name plugins where pytest has begun to collect, and what it says of that."""
    head = inquiry.head
    for path in sorted(inquiry.changed & head.layout.conftests):
        line = _names_plugins(head.programs.module(path)) if b"pytest_plugins" in (head.programs.source(path) or b"") else None
        if line is None or _is_initial(head, path):
            continue
        old = inquiry.at_base(path)
        if old in inquiry.base.layout.conftests and _names_plugins(inquiry.base.programs.module(old)) is not None and not _is_initial(inquiry.base, old):
            continue
        event = Event(path, line, 0, ReferenceKind.STRING, "pytest_plugins", _LATE, certain=True)
        yield path, Raised("Failed", _LATE, event, (Link(path, head.name_of(path), line),))


def _names_plugins(program: Program | None) -> int | None:
    found = (one for one in (statements_of(program.body) if program is not None else ()) if isinstance(one, Plugins))
    return next((one.line for one in found), None)


def _is_initial(side: Side, conftest: RepoPath) -> bool:
    directory, project = directory_of(conftest), side.layout.project_of(conftest)
    for written in project.testpaths or (".",):
        path = PurePosixPath(written).as_posix()
        start = project.directory if path == "." else join(project.directory, path)
        if any(letter in path for letter in "*?[") or directory in ancestors_of(join(start, "conftest.py")) or is_entered(directory, start):
            return True
    return False
