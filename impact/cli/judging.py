"""The report of a comparison, for whichever command asks: judged now, or kept from when the same two ends were judged before.

A push follows a look at the diff, a job is run again: the same commits are judged more than once a day. The working tree and the index
are not named by an id, so they are judged every time.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, cast

from impact.cli.keeping import fingerprint, keep
from impact.cli.options import today
from impact.cli.terminal import ProgressLine
from impact.names import BlobId
from impact.report import SCHEMA_VERSION

if TYPE_CHECKING:
    from impact.git import Repository
    from impact.history.evidence import FindCompiled
    from impact.render.document import ReportDocument
    from impact.report import Verdict
    from impact.settings import Settings
    from impact.snapshots import Comparison

KIND = f"report {SCHEMA_VERSION}"


def judge(
    repository: Repository,
    comparison: Comparison,
    settings: Settings,
    *,
    affected: bool = False,
    bytecode: FindCompiled | None = None,
    no_cache: bool = False,
    quiet: bool = False,
) -> ReportDocument:
    """Return the report of a comparison as a dict, with a line of progress on stderr while it is made."""
    from impact.cache import open_cache  # noqa: PLC0415

    key = None if no_cache else _key(comparison, settings, affected=affected)
    with open_cache(enabled=not no_cache) as cache, ProgressLine(sys.stderr, wanted=not quiet) as progress:
        kept = cache.get(KIND, key) if key is not None else None
        document = _read(kept) if kept is not None else None
        if document is not None:
            return document

        from impact.analysis import analyze  # noqa: PLC0415
        from impact.history.acceptance import accept  # noqa: PLC0415
        from impact.history.evidence import nothing_compiled  # noqa: PLC0415

        report = analyze(repository, comparison, settings, cache, progress, affected=affected, bytecode=bytecode or nothing_compiled)
        report = accept(report, settings.accepted, today())
        document = cast("ReportDocument", report.to_dict())
        if key is not None:
            keep(cache, KIND, key, json.dumps(document), report.skipped)
    return document


def count(document: ReportDocument, verdict: Verdict) -> int:
    """Return how many test files have a verdict."""
    return sum(test["verdict"] == verdict.value for test in document["tests"])


def _key(comparison: Comparison, settings: Settings, *, affected: bool) -> BlobId | None:
    """Return what names everything that a report depends on; None where an end is no commit."""
    sides = comparison.sides
    ends = [comparison.base.end, comparison.head.end if sides is None else sides.theirs.end]
    if any(end.commit is None for end in ends):
        return None
    merge = None if sides is None else (sides.fork, sides.our_tips, sides.their_tips)
    return fingerprint(settings, ends, comparison.head.end, merge, comparison.notes, affected)


def _read(kept: str) -> ReportDocument | None:
    try:
        document = json.loads(kept)
    except ValueError:
        return None
    return cast("ReportDocument", document) if isinstance(document, dict) and "tests" in document else None
