"""The rounds of `impact fix`: what breaks is rewritten, the result is judged like any other head, and so on until nothing more can be done.

A module that fails at its first import says nothing of its others: so one round is not enough, and what a round claims to mend is looked at
by the very analysis that found it broken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from impact.analysis import Investigation, investigate
from impact.breaks.preparation import deep_stack
from impact.moves.relocations import Relocations
from impact.moves.remedies import FileRemedies, plan, reason_left
from impact.names import RepoPath, parent_of
from impact.progress import Progress
from impact.report import Break, Certainty, Change
from impact.restoring import find_restored, source_of
from impact.settings import Settings
from impact.shims import find_shims
from impact.snapshots import Comparison, Repository, Snapshot
from impact.sources import Cache, Sources

# A file may break in several places, one behind the other; each round comes to the next.
_ROUNDS = 8

Rewrite = Callable[[bytes, FileRemedies], bytes]


class Editable(Repository, Protocol):
    """A repository that takes contents which are in no object database."""

    def edited(self, snapshot: Snapshot, contents: Mapping[RepoPath, bytes]) -> Snapshot:
        """Return a snapshot with some files changed or added."""


@dataclass(frozen=True, slots=True, order=True)
class Left:
    """A broken reference that was not mended, and why."""

    path: str
    line: int
    target: str
    reason: str


@dataclass(frozen=True)
class Mended:
    """Edited files as (before, after), before None for a new one; `count` references are mended, `left` are not.

    `partly` are those of the edited files in which something is left, with how many references were mended there, and how many are left.
    """

    files: Mapping[RepoPath, tuple[bytes | None, bytes]]
    count: int
    left: tuple[Left, ...]
    partly: tuple[tuple[RepoPath, int, int], ...]


@dataclass
class _Work:
    """What was rewritten so far, and what restored; the files that could not be, and what was tried: the same again gives the same."""

    contents: dict[RepoPath, bytes] = field(default_factory=dict)
    restored: set[RepoPath] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    tried: dict[RepoPath, tuple[bytes, FileRemedies]] = field(default_factory=dict)


def mend(
    repository: Editable,
    comparison: Comparison,
    settings: Settings,
    cache: Cache,
    progress: Progress,
    *,
    rewrite: Rewrite,
    enough: Certainty,
    shim: bool = False,
    restore: bool = False,
) -> Mended:
    """Return what mends the breaks of a comparison, as far as remedies are at least `enough`; with `shim`, modules at the old places.

    With `restore`, what no remedy mends and base had is brought back.
    """
    with deep_stack():
        sources = Sources(repository, cache)
        first = current = investigate(repository, comparison, settings, cache, progress, sources=sources)
        work = _Work()
        for _ in range(_ROUNDS):
            edits = (
                find_shims(current, enough, work.contents) if shim else _rewritten(repository, comparison, first.relocations, current, rewrite, enough, work)
            )
            if not edits and restore:
                edits = find_restored(current, work.contents)
                work.restored |= edits.keys()
            if not edits:
                break
            work.contents |= edits
            head = repository.edited(comparison.head, work.contents)
            current = investigate(repository, replace(comparison, head=head, sides=None), settings, cache, progress, sources=sources)
        # Lines move as imports are added: a reference is known by its file and its target.
        before, after = (Counter((RepoPath(one.path), one.target) for one in found.report.breaks) for found in (first, current))
        mended = Counter(path for path, _ in (before - after).elements())
        # What fails as it failed before is left as it was, whatever could be said better further down.
        idle = {path for path in work.contents.keys() - work.restored if path in comparison.head.files and not mended[path]} if not shim else set()
        breaks = [one for found, of_idle in ((first, True), (current, False)) for one in found.report.breaks if (one.path in idle) is of_idle]
        changes = {change.id: change for found in (current, first) for change in found.report.changes}
        left = tuple(sorted({_left(one, first, enough, work, changes.get(one.change or ""), restore=restore) for one in breaks}))
    blobs = {path: comparison.head.files.get(path) for path in work.contents if path not in idle}
    files = {path: (repository.read(blob) if blob is not None else None, work.contents[path]) for path, blob in sorted(blobs.items())}
    remaining = Counter(RepoPath(one.path) for one in left)
    partly = tuple((path, mended[path], remaining[path]) for path in files if remaining[path] and (mended[path] or path not in work.restored))
    return Mended(files, mended.total(), left, partly)


def _rewritten(
    repository: Editable, comparison: Comparison, relocations: Relocations, current: Investigation, rewrite: Rewrite, enough: Certainty, work: _Work
) -> dict[RepoPath, bytes]:
    broken: defaultdict[RepoPath, list[Break]] = defaultdict(list)
    for one in current.report.breaks:
        broken[RepoPath(one.path)].append(one)
    edits: dict[RepoPath, bytes] = {}
    for path, breaks in sorted(broken.items()):
        blob = comparison.head.files.get(path)
        source = work.contents.get(path) or (repository.read(blob) if blob is not None else None)
        if source is None:
            continue
        if path in comparison.head.linked:
            work.refused[path] = "it is reached through a symbolic link"
            continue
        name = current.inquiry.head.name_of(path)
        package = name if path.endswith("/__init__.py") else parent_of(name)
        remedies = plan(path, package, relocations, enough, breaks)
        if work.tried.get(path) == (source, remedies):
            continue
        work.tried[path] = source, remedies
        if not remedies.may_answer(source):
            continue
        try:
            new = rewrite(source, remedies)
        except ValueError as error:
            work.refused[path] = str(error)
            continue
        if new != source:
            edits[path] = new
    return edits


def _left(one: Break, first: Investigation, enough: Certainty, work: _Work, change: Change | None, *, restore: bool) -> Left:
    if one.path in work.refused:
        return Left(one.path, one.line, one.target, f"the file is left alone: {work.refused[one.path]}")
    module, _, name = one.target.partition(":")
    reason = reason_left(one, first.relocations.find(module, name, RepoPath(one.path)), enough, change)
    back = source_of(one, change, first)[0]
    if back is not None:
        reason += f"; what {back} had cannot be put back by itself" if restore else "; --restore brings it back"
    return Left(one.path, one.line, one.target, reason)
