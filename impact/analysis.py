"""The pipeline: two snapshots in, one report out."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache as once
from functools import lru_cache

from impact.absences import find_absences
from impact.breaks import Inquiry
from impact.changes import Changes
from impact.checks import CheckReport, write_check
from impact.collection_errors import find_collection_errors
from impact.commits import ever_held
from impact.deferred import Deferred
from impact.discovery import Layout, Understanding, discover
from impact.evidence import FindCompiled, add_evidence, nothing_compiled
from impact.findings import find_breaks
from impact.histories import Biography, write_biography
from impact.late_verdicts import find_late_verdicts
from impact.meetings import find_meetings, hold_back
from impact.mentions import Mentions
from impact.modules import Modules
from impact.names import RepoPath, basename_of
from impact.progress import Progress
from impact.relocations import Relocations
from impact.report import Report, Skipped
from impact.revisions import Range
from impact.roots import without_lost_roots
from impact.selection import find_affected
from impact.settings import Settings
from impact.sides import Side
from impact.snapshots import Comparison, Repository, Snapshot
from impact.sources import Cache, SnapshotPrograms, Sources
from impact.version import VERSION

_STACK = 12_000
_BUILT = re.compile(rb"([\w*?\[\]]+)\.(?:py|pyx|pyd|so|c|cpp|rs)\b")
_BUILD_FILES = frozenset({".gitignore", "pyproject.toml", "setup.py", "setup.cfg", "MANIFEST.in", "Makefile", "meson.build", "CMakeLists.txt"})


@dataclass(frozen=True)
class Investigation:
    """A report, and what it was written from: who mends something asks for more than what broke first."""

    report: Report
    inquiry: Inquiry
    relocations: Relocations


@contextmanager
def deep_stack() -> Iterator[None]:
    """Allow for chains of imports: they are played on our own stack, a dozen frames each."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _STACK))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def analyze(
    repository: Repository,
    comparison: Comparison,
    settings: Settings,
    cache: Cache,
    progress: Progress,
    *,
    affected: bool = False,
    bytecode: FindCompiled = nothing_compiled,
) -> Report:
    """Return what the change between two snapshots breaks; with `affected`, also the tests that only depend on what changed.

    `bytecode` finds the compiled files of the working tree whose source is gone; it is asked where that is the head and something is lost.
    """
    with deep_stack():
        return investigate(repository, comparison, settings, cache, progress, affected=affected, bytecode=bytecode).report


def investigate(
    repository: Repository,
    comparison: Comparison,
    settings: Settings,
    cache: Cache,
    progress: Progress,
    *,
    affected: bool = False,
    bytecode: FindCompiled = nothing_compiled,
    sources: Sources | None = None,
) -> Investigation:
    """Return what `analyze` does, and what it was written from. To be called on a `deep_stack`, as must be what is asked of the result.

    `sources` holds what was read already, where this is not the first question to a repository.
    """
    sources = sources if sources is not None else Sources(repository, cache)
    base = _side(comparison.base, sources, settings, progress)
    head = _side(comparison.head, sources, settings, progress, base.layout)
    renames = repository.renames(comparison)
    mentions = Mentions(lambda: sources.scans(comparison.head, progress), (base.modules, head.modules))
    inquiry = Inquiry(base, head, mentions, renames, _python(head.layout, settings), _generated(comparison, sources))
    inquiry.run()
    verdicts = find_collection_errors(inquiry)
    deferred = Deferred(inquiry, sources)
    deferred.run()
    find_late_verdicts(inquiry, deferred, verdicts)
    changes = Changes(inquiry, renames)
    findings = find_breaks(inquiry, changes, verdicts, sources)
    conflicts = comparison.sides.conflicts if comparison.sides is not None else ()
    tests = hold_back(findings.tests, findings.breaks, changes.all(), conflicts)
    supported = add_evidence(changes.all(), inquiry, comparison, repository, sources, bytecode)
    unparsed = (
        Skipped(path, f"does not parse, scanned for imports only: {problem.exception} (line {problem.line})")
        for path, problem in inquiry.head_world.unparsed.items()
    )
    sources.flush()
    report = Report(
        version=VERSION,
        base=comparison.base.end,
        head=comparison.head.end,
        merged=comparison.merged,
        changes=supported,
        breaks=findings.breaks,
        tests=(*tests, *(find_affected(inquiry, tests) if affected else ())),
        preexisting=findings.preexisting,
        masked=tuple(sorted(verdicts.masked)),
        skipped=tuple(
            sorted({*comparison.head.skipped, *head.layout.skipped, *sources.skipped(comparison.base), *sources.skipped(comparison.head), *unparsed})
        ),
        meetings=find_meetings(repository, comparison, findings.breaks, tests, changes.all()),
        conflicts=conflicts,
        notes=comparison.notes,
    )
    return Investigation(report, inquiry, changes.relocations)


def _side(snapshot: Snapshot, sources: Sources, settings: Settings, progress: Progress, before: Layout | None = None) -> Side:
    def read(path: RepoPath) -> bytes | None:
        blob = snapshot.files.get(path)
        return sources.read(blob) if blob is not None else None

    layout = discover(snapshot, read, extra_roots=settings.source_roots, exclude=settings.exclude)
    if before is not None:
        layout = without_lost_roots(before, layout, snapshot.files, read)
    modules = Modules(snapshot, layout.search_path, layout.weak_roots, layout.installed_roots, layout.is_distributed)
    return Side(snapshot, layout, modules, SnapshotPrograms(snapshot, sources, progress))


def understand(repository: Repository, comparison: Comparison, settings: Settings, cache: Cache, progress: Progress) -> Understanding:
    """Return what was understood of the head of a comparison: what `impact doctor` shows."""
    sources = Sources(repository, cache)
    snapshot = comparison.head
    layout = _side(snapshot, sources, settings, progress).layout
    scans = sources.scans(snapshot, progress)
    python = _python(layout, settings)
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
    repository: Repository, name: str, comparison: Comparison, settings: Settings, cache: Cache, progress: Progress, *, everything: bool = False
) -> Biography:
    """Return the life of a module or symbol, back from the head of a comparison; with `everything`, on every branch and tag."""
    sources = Sources(repository, cache)
    side = _side(comparison.head, sources, settings, progress)
    start = comparison.head.end.commit or "HEAD"
    history = repository.history([start, *(repository.tips() if everything else ())])

    @lru_cache(maxsize=8)
    def side_at(commit: str) -> Side:
        return _side(repository.resolve(Range(commit, commit)).head, sources, settings, progress)

    biography = write_biography(name, side, history, sources, side_at, progress)
    sources.flush()
    return biography


def check_references(repository: Repository, comparison: Comparison, settings: Settings, cache: Cache, progress: Progress) -> CheckReport:
    """Return every reference of the head of a comparison to something of the project that is not there."""
    sources = Sources(repository, cache)
    snapshot = comparison.head
    side = _side(snapshot, sources, settings, progress)
    history = repository.history([snapshot.end.commit or "HEAD"])
    scans = sources.scans(snapshot, progress)
    with deep_stack():
        built = _built(_naming_lines(snapshot, sources))
        events = find_absences(side, scans, lambda paths: ever_held(history, paths), _python(side.layout, settings), built, progress)
        skipped = tuple(sorted({*snapshot.skipped, *side.layout.skipped, *sources.skipped(snapshot)}))
        report = write_check(side, events, history, sources, scans, skipped)
    sources.flush()
    return report


def _python(layout: Layout, settings: Settings) -> tuple[int, int]:
    """Return the Python that version tests are judged by: the configured one, else ours where the project allows it, else its oldest."""
    if settings.python_version is not None:
        return settings.python_version
    ours = (sys.version_info.major, sys.version_info.minor)
    requirement = layout.requirements.get(RepoPath(""))
    oldest = requirement.lower_bound if requirement is not None else None
    return max(ours, oldest) if oldest is not None else ours


def _generated(comparison: Comparison, sources: Sources) -> Callable[[str, bool], bool]:
    """Return a test for modules that Git does not hold and that may be there all the same: a build or ignore file names them. One that Git held at
    base counts where such a line is new: from now on it is built.
    """
    lines = _naming_lines(comparison.head, sources)
    all_of_head = _built(lines)
    news = once(lambda: _built(lines - _naming_lines(comparison.base, sources)))
    return lambda name, held: all_of_head(name) and (not held or news()(name))


def _naming_lines(snapshot: Snapshot, sources: Sources) -> set[bytes]:
    """Return the lines of build and ignore files that name a source file."""
    lines: set[bytes] = set()
    for path, blob in snapshot.files.items():
        if basename_of(path) in _BUILD_FILES and path.count("/") < 4 and (data := sources.read(blob)) is not None and _BUILT.search(data):
            lines.update(line for line in data.splitlines() if b"." in line)
    return lines


def _built(lines: set[bytes]) -> Callable[[str], bool]:
    patterns = {found.decode("ascii", "replace") for line in lines for found in _BUILT.findall(line)} - {"*", "setup", "**"}
    globs = tuple(pattern for pattern in sorted(patterns) if not pattern.isidentifier())
    return lambda name: name in patterns or any(fnmatchcase(name, glob) for glob in globs)
