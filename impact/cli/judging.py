"""The report of a comparison, for whichever command asks: judged now, or kept from when the same two ends were judged before.

A push follows a look at the diff, a job is run again: the same commits are judged more than once a day. What a report says depends on the
commits, the settings, the code and the Python that judge, and, where something is accepted until a date, on the day. All of that is in
its key. The working tree and the index are not: what they hold is not named by an id, so they are judged every time.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from impact.cli.options import today
from impact.cli.terminal import ProgressLine
from impact.names import BlobId
from impact.report import SCHEMA_VERSION

if TYPE_CHECKING:
    from impact.evidence import FindCompiled
    from impact.git import Repository
    from impact.render.document import ReportDocument
    from impact.report import Verdict
    from impact.settings import Settings
    from impact.snapshots import Comparison

KIND = f"report {SCHEMA_VERSION}"
# A report above this many characters would push everything else out of the cache.
_LARGEST = 16_000_000
# Settings that say what becomes of a report, not what is in it.
_OF_THE_COMMAND = frozenset({"base", "fail_on", "output_format"})


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

        from impact.acceptance import accept  # noqa: PLC0415
        from impact.analysis import analyze  # noqa: PLC0415
        from impact.evidence import nothing_compiled  # noqa: PLC0415

        report = analyze(repository, comparison, settings, cache, progress, affected=affected, bytecode=bytecode or nothing_compiled)
        report = accept(report, settings.accepted, today())
        document = cast("ReportDocument", report.to_dict())
        # A blob that the object store lacked may be there the next time.
        if key is not None and not any("object store" in one.reason for one in report.skipped):
            text = json.dumps(document)
            if len(text) <= _LARGEST:
                cache.put_many(KIND, {key: text})
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
    decided = [(field.name, _plain(getattr(settings, field.name))) for field in fields(settings) if field.name not in _OF_THE_COMMAND]
    parts = (ends, comparison.head.end, merge, comparison.notes, decided, affected, today(), sys.version_info, _code())
    return BlobId(sha256(repr(parts).encode("utf-8", "surrogateescape")).digest())


def _plain(value: object) -> object:
    """Return a value whose `repr` is the same in every process."""
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _code() -> list[tuple[str, int, int]]:
    """Return what tells one state of this program from another."""
    package = Path(__file__).parent.parent
    found = ((path.relative_to(package).as_posix(), path.stat()) for path in sorted(package.rglob("*.py")))
    return [(name, stat.st_size, stat.st_mtime_ns) for name, stat in found]


def _read(kept: str) -> ReportDocument | None:
    try:
        document = json.loads(kept)
    except ValueError:
        return None
    return cast("ReportDocument", document) if isinstance(document, dict) and "tests" in document else None
