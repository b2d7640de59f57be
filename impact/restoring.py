"""What is gone for good, brought back as base had it: files whole, definitions where they stood (`impact.moves.restoration`).

For what has a place elsewhere this is no remedy: there would be two of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from impact.analysis import Investigation
from impact.modules import File
from impact.moves.restoration import bring_back
from impact.names import RepoPath
from impact.report import Break, Certainty, Change, ChangeKind, ReferenceKind

# What no file or definition of base mends.
_OTHERWISE = frozenset({ReferenceKind.CALL, ReferenceKind.MARKER, ReferenceKind.SYNTAX})


def find_restored(found: Investigation, done: Mapping[RepoPath, bytes]) -> dict[RepoPath, bytes]:
    """Return the contents that give back what the breaks of an investigation ask for, by path; `done` holds what was edited so far."""
    inquiry = found.inquiry
    changes = {change.id: change for change in found.report.changes}
    files: set[RepoPath] = set()
    names: defaultdict[RepoPath, set[str]] = defaultdict(set)
    for one in found.report.breaks:
        path, name = source_of(one, changes.get(one.change or ""), found)
        if path is not None and name:
            names[path].add(name)
        elif path is not None:
            files.update((path, *(init for init in inquiry.base.packages_above(path) if init not in inquiry.head.snapshot.files)))
    edits: dict[RepoPath, bytes] = {}
    # What lay behind a symbolic link has no place of its own.
    for path in sorted(files - done.keys() - inquiry.base.snapshot.linked):
        content = inquiry.base.programs.source(path)
        if content is not None:
            edits[path] = content
    for path, asked in sorted(names.items()):
        before, after = inquiry.base.programs.source(path), inquiry.head.programs.source(path)
        for name in sorted(asked) if before is not None and after is not None else ():
            after = bring_back(before or b"", after or b"", [name]) or after
        if after is not None and after != inquiry.head.programs.source(path):
            edits[path] = after
    return edits


def source_of(broken: Break, change: Change | None, found: Investigation) -> tuple[RepoPath | None, str]:
    """Return the file of base that has what a break asks for, and the name in it, empty for the whole file; no file where it is elsewhere or never was."""
    inquiry, importer = found.inquiry, RepoPath(broken.path)
    module, _, name = broken.target.partition(":")
    places = found.relocations.find(module, name, importer) or ()
    if change is not None and change.kind is ChangeKind.REFERENCE_ADDED:
        return None, ""
    if broken.kind in _OTHERWISE or any(one is not None and one.certainty is not Certainty.POSSIBLE for one in (broken.remedy, *places)):
        return None, ""
    here = inquiry.head.snapshot.files
    for dotted, rest in ((f"{module}.{name}" if name else module, ""), (module, name)):
        location = inquiry.base.modules.find(dotted, inquiry.at_base(importer) or importer)
        if isinstance(location, File) and location.path not in inquiry.new_path and (rest or location.path not in here):
            return _with_room(location.path, rest if location.path in here else "", found)
    if change is not None and change.new is None and RepoPath(change.path) in inquiry.base.snapshot.files and RepoPath(change.path) not in inquiry.new_path:
        path = RepoPath(change.path)
        return _with_room(path, change.old.partition(":")[2] if path in here else "", found)
    return None, ""


def _with_room(path: RepoPath, name: str, found: Investigation) -> tuple[RepoPath | None, str]:
    """Return a file and a name in it, no file where something else is there by now, or where a package above it would come back."""
    base, head = found.inquiry.base, found.inquiry.head.snapshot
    if all(head.has_room(one, base.snapshot) for one in (path, *base.packages_above(path))):
        return path, name
    return None, ""
