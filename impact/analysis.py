"""The pipeline: two snapshots in, one report out."""

from __future__ import annotations

from dataclasses import dataclass

from impact.breaks.deferred import Deferred
from impact.breaks.inquiry import Inquiry
from impact.breaks.preparation import deep_stack, find_generated, judging_python, prepare_both
from impact.history.evidence import FindCompiled, add_evidence, nothing_compiled
from impact.mentions import Mentions
from impact.moves.changes import Changes
from impact.moves.relocations import Relocations
from impact.progress import Progress
from impact.report import Report, Skipped
from impact.reporting.doubts import find_doubts, weigh
from impact.reporting.excerpts import find_excerpts
from impact.reporting.findings import find_breaks
from impact.reporting.meetings import find_meetings
from impact.reporting.selection import find_affected
from impact.settings import Settings
from impact.snapshots import Comparison, Repository
from impact.sources import Cache, Sources
from impact.verdicts.collection_errors import find_collection_errors
from impact.verdicts.late_verdicts import find_late_verdicts
from impact.version import VERSION


@dataclass(frozen=True)
class Investigation:
    """A report, and what it was written from: who mends something asks for more than what broke first."""

    report: Report
    inquiry: Inquiry
    relocations: Relocations


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
    base, head = prepare_both(comparison, sources, settings, progress)
    renames = repository.renames(comparison)
    mentions = Mentions(lambda: sources.scans(comparison.head, progress), (base.modules, head.modules))
    inquiry = Inquiry(base, head, mentions, renames, judging_python(head.layout, settings), find_generated(comparison, sources))
    inquiry.run()
    verdicts = find_collection_errors(inquiry)
    deferred = Deferred(inquiry, sources)
    deferred.run()
    while inquiry.resume(deferred.callers_at_import()):
        verdicts = find_collection_errors(inquiry)
        deferred.run()
    find_late_verdicts(inquiry, deferred, verdicts)
    changes = Changes(inquiry, renames)
    findings = find_breaks(inquiry, changes, verdicts, sources)
    doubts = find_doubts(comparison, sources)
    tests = weigh(findings.tests, findings.breaks, changes.all(), inquiry, doubts)
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
        conflicts=comparison.sides.conflicts if comparison.sides is not None else (),
        notes=comparison.notes,
        excerpts=find_excerpts(findings.breaks, tests, comparison.head, sources.read),
    )
    return Investigation(report, inquiry, changes.relocations)
