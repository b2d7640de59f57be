"""Questions to one revision alone: what was understood of it, the life of a name, the references in it that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from impact.breaks.preparation import built_by, deep_stack, judging_python, lone_stubs, naming_lines, prepare
from impact.breaks.sides import Side
from impact.commits import ever_held
from impact.compiled import Compiled
from impact.discovery.understanding import Understanding
from impact.history.absences import find_absences
from impact.history.checks import CheckReport, write_check
from impact.history.histories import Biography, find_pending, write_biography
from impact.progress import Progress
from impact.revisions.ranges import Range
from impact.settings import Settings
from impact.snapshots import Comparison, Repository, Snapshot
from impact.sources import Cache, Sources


def understand(repository: Repository, comparison: Comparison, settings: Settings, cache: Cache, progress: Progress) -> Understanding:
    """Return what was understood of the head of a comparison: what `impact doctor` shows."""
    sources = Sources(repository, cache)
    snapshot = comparison.head
    layout = prepare(snapshot, sources, settings, progress).layout
    scans = sources.scans(snapshot, progress)
    python = judging_python(layout, settings)
    return Understanding(
        revision=snapshot.end,
        roots=layout.roots,
        projects=layout.projects,
        modules=len(scans),
        tests=len(layout.tests),
        skipped=tuple(sorted({*snapshot.skipped, *layout.skipped, *layout.unresolved, *sources.skipped(snapshot)})),
        cache=cache.note,
        python=f"{python[0]}.{python[1]}",
    )


def tell_history(
    repository: Repository,
    name: str,
    snapshot: Snapshot,
    settings: Settings,
    cache: Cache,
    progress: Progress,
    *,
    worktree: Snapshot | None = None,
    everything: bool = False,
) -> Biography:
    """Return the life of a module or symbol, back from a revision; with `everything`, on every branch and tag, with `worktree`, up to what is not committed."""
    sources = Sources(repository, cache)
    side = prepare(snapshot, sources, settings, progress)
    start = snapshot.end.commit or "HEAD"
    history = repository.history([start, *(repository.tips() if everything else ())])

    @lru_cache(maxsize=8)
    def side_at(commit: str) -> Side:
        return prepare(repository.resolve(Range(commit, commit)).head, sources, settings, progress)

    biography = write_biography(name, side, history, sources, side_at, progress)
    if worktree is not None:
        biography = replace(biography, pending=find_pending(biography, side, prepare(worktree, sources, settings, progress), sources))
    sources.flush()
    return biography


def check_references(
    repository: Repository, comparison: Comparison, settings: Settings, cache: Cache, progress: Progress, compiled: Iterable[Compiled] = ()
) -> CheckReport:
    """Return every reference of the head of a comparison to something of the project that is not there. `compiled` are files without source."""
    sources = Sources(repository, cache)
    snapshot = comparison.head
    side = prepare(snapshot, sources, settings, progress)
    history = repository.history([snapshot.end.commit or "HEAD"])
    scans = sources.scans(snapshot, progress)
    with deep_stack():
        built, stubs = built_by(naming_lines(snapshot, sources)), lone_stubs(snapshot)
        events = find_absences(
            side, scans, lambda paths: ever_held(history, paths), judging_python(side.layout, settings), lambda name: name in stubs or built(name), progress
        )
        skipped = tuple(sorted({*snapshot.skipped, *side.layout.skipped, *sources.skipped(snapshot)}))
        report = write_check(side, events, history, sources, scans, compiled, skipped)
    sources.flush()
    return report
