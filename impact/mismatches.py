"""Test modules of one name: pytest imports the first of them, and refuses the others (`_pytest.pathlib.ImportPathMismatchError`).

Only under `prepend` and `append`, where the name counts from the first directory that is no package. A project that holds such a pair at
base is not run in one session as it is, and says nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from impact.breaks import Inquiry
from impact.layout import Layout
from impact.names import RepoPath, basename_of, directory_of
from impact.report import Link, ReferenceKind
from impact.values import Event, Raised


def find_mismatches(inquiry: Inquiry) -> Iterator[tuple[RepoPath, Raised]]:
    """Yield the test files that are refused at head because another file was imported under their name, where no such pair was at base."""
    base, head = inquiry.base.layout, inquiry.head.layout
    moved = {directory_of(path) for path in inquiry.changed if basename_of(path) == "__init__.py"}
    new = head.tests - base.tests
    names = {basename_of(path) for path in (new if not moved else head.tests)}
    if not names:
        return
    before = {directory for directory, _, _ in _pairs(base, {basename_of(path) for path in base.tests})}
    for directory, first, second in _pairs(head, names):
        if directory in before or not (first in new or second in new or directory_of(first) in moved or directory_of(second) in moved):
            continue
        name = head.import_name_of(second)
        event = Event(second, 1, 0, ReferenceKind.IMPORT, name, f"import file mismatch: {name!r} was imported from {first}", certain=True)
        yield second, Raised("ImportPathMismatchError", event.exception, event, (Link(second, name, 1),))


def _pairs(layout: Layout, names: set[str]) -> Iterator[tuple[RepoPath, RepoPath, RepoPath]]:
    """Yield, for the tests of some base names, the project and two of its files that have one module name; the first is imported first."""
    by_name: dict[str, list[RepoPath]] = defaultdict(list)
    for path in layout.tests - layout.outside_testpaths:
        if (name := basename_of(path)) in names:
            by_name[name].append(path)
    for paths in by_name.values():
        if len(paths) < 2:
            continue
        seen: dict[tuple[RepoPath, str], RepoPath] = {}
        for path in sorted(paths):
            project = layout.project_of(path)
            if project.import_mode == "importlib":
                continue
            first = seen.setdefault((project.directory, layout.import_name_of(path)), path)
            if first != path:
                yield project.directory, first, path
