"""Settings that cannot be read any more: pytest says so, and collects nothing where they hold.

Source: `locate_config` of pytest, which reads the files of a directory in order; since version 9 those behind the first with settings as well.
"""

from __future__ import annotations

from impact.breaks.inquiry import Inquiry
from impact.discovery.documents import FAULT
from impact.discovery.pytest_settings import SETTINGS_FILES
from impact.execution.values import Event, Raised
from impact.names import RepoPath, basename_of, directory_of
from impact.report import Link, ReferenceKind


def find_unreadable(inquiry: Inquiry) -> dict[RepoPath, Raised]:
    """Return what pytest says of settings that could be read at base, by the directory that they hold for."""
    found: dict[RepoPath, Raised] = {}
    before = {one.path for one in inquiry.base.layout.skipped if FAULT.fullmatch(one.reason)}
    taken = {project.directory: project.ini_file for project in inquiry.base.layout.projects}
    for path, reason in sorted((RepoPath(one.path), one.reason) for one in inquiry.head.layout.skipped):
        fault, directory = FAULT.fullmatch(reason), directory_of(path)
        if fault is None or path in before or basename_of(path) not in SETTINGS_FILES or directory not in taken:
            continue
        first = taken[directory]
        certain = first is None or SETTINGS_FILES.index(basename_of(path)) <= SETTINGS_FILES.index(basename_of(first))
        line = int(fault["line"] or fault["at"] or 1)
        text = f"{path}:{line}: {fault['ini']}" if fault["line"] else f"{path}: {fault['toml']}"
        event = Event(path, line, 0, ReferenceKind.SYNTAX, path, text, certain)
        found.setdefault(directory, Raised("UsageError", text, event, (Link(path, path, line),), certain=certain))
    return found
