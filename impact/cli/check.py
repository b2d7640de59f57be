"""`impact check`: what the references of one revision miss."""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from impact.cli.keeping import fingerprint, keep
from impact.cli.options import Directory, NoCache, OutputFile, Quiet, choose, today
from impact.cli.session import prepare
from impact.cli.stale import stale_files
from impact.cli.terminal import ProgressLine, width, write
from impact.errors import ExitCode, UsageError
from impact.revisions.ranges import WORKTREE

if TYPE_CHECKING:
    from impact.git import Repository
    from impact.history.checks import CheckReport
    from impact.progress import Progress
    from impact.render.check import CheckDocument
    from impact.settings import Settings
    from impact.snapshots import Comparison
    from impact.sources import Cache

_BASELINE_VERSION = 1
KIND = "check 2"


def check(
    revision: Annotated[str | None, typer.Argument(metavar="REV", show_default=False, help="The revision to check. Default: the worktree.")] = None,
    output_format: Annotated[str, typer.Option(metavar="FORMAT", help="text, json or markdown.")] = "text",
    output_file: OutputFile = "-",
    baseline: Annotated[str | None, typer.Option(metavar="FILE", show_default=False, help="Old debts: what it lists does not count.")] = None,
    write_baseline: Annotated[str | None, typer.Option(metavar="FILE", show_default=False, help="Write what is missing now as a baseline, and exit 0.")] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 whatever is missing.")] = False,
    no_cache: NoCache = False,
    quiet: Quiet = False,
    start: Directory = ".",
) -> int:
    """Find every reference to a module or symbol of the project that is not there, with the commit that broke it.

    Exit code: 0 nothing that counts is missing, 1 something is, 2 cannot run, 3 a bug.
    """
    from impact.render.check import FORMATS  # noqa: PLC0415

    render = FORMATS[choose("--output-format", output_format, tuple(FORMATS))]
    if revision is not None and ".." in revision:
        raise UsageError(f"check looks at one revision, and '{revision}' is a range", hint="what a change breaks is said by: impact diff A..B")
    known = _read(baseline) if baseline is not None else frozenset[tuple[str, str]]()
    repository, comparison, settings = prepare(start, "HEAD" if revision is None else f"{revision}..{revision}", {})

    from impact.cache import open_cache  # noqa: PLC0415
    from impact.history.checks import apply_accepted, apply_baseline  # noqa: PLC0415

    with open_cache(enabled=not no_cache) as cache, ProgressLine(sys.stderr, wanted=not quiet) as progress:
        report = _checked(repository, comparison, settings, cache, progress, again=no_cache)
    if write_baseline is not None:
        write(_baseline(report), write_baseline)
        return ExitCode.CLEAN
    report = apply_accepted(apply_baseline(report, known), settings.accepted, today())
    write(render(cast("CheckDocument", report.to_dict()), width(sys.stdout if output_file == "-" else None)), output_file)
    return ExitCode.FINDINGS if report.fails and not exit_zero else ExitCode.CLEAN


def _checked(repository: Repository, comparison: Comparison, settings: Settings, cache: Cache, progress: Progress, *, again: bool) -> CheckReport:
    """Return what is missing: looked for now, or kept from when the same files on the same history were checked before."""
    from impact.history.checks import dump_check, load_check  # noqa: PLC0415

    snapshot = comparison.head
    history = repository.history([snapshot.end.commit or "HEAD"])
    files = sha256(repr(sorted(snapshot.files.items())).encode("utf-8", "surrogateescape")).hexdigest()
    # How far the history goes back changes as a shallow clone is deepened.
    compiled = stale_files(repository) if snapshot.end.revision == WORKTREE else ()
    key = fingerprint(settings, snapshot.end, compiled, files, sorted(snapshot.linked), snapshot.skipped, history.tips, len(history.order))
    kept = cache.get(KIND, key) if not again else None
    report = load_check(kept) if kept is not None else None
    if report is None:
        from impact.inspections import check_references  # noqa: PLC0415

        report = check_references(repository, comparison, settings, cache, progress, compiled)
        keep(cache, KIND, key, dump_check(report), report.skipped)
    return report


def _baseline(report: CheckReport) -> str:
    """Return what is missing as a baseline: without lines, so that an edit elsewhere in a file does not make an old debt new."""
    entries = sorted({(site.path, one.target) for one in report.missing for site in one.sites})
    return json.dumps({"schema_version": _BASELINE_VERSION, "missing": [{"path": path, "target": target} for path, target in entries]}, indent=2) + "\n"


def _read(file: str) -> frozenset[tuple[str, str]]:
    """Return the entries of a baseline, file and target. Raises UsageError."""
    try:
        value = json.loads(Path(file).read_text(encoding="utf-8"))
        if value["schema_version"] != _BASELINE_VERSION:
            raise UsageError(f"--baseline: {file} is of version {value['schema_version']}, and this impact reads version {_BASELINE_VERSION}")
        return frozenset((str(one["path"]), str(one["target"])) for one in value["missing"])
    except OSError as error:
        raise UsageError(f"--baseline: cannot read {file}: {error.strerror}", hint="make one: impact check --write-baseline FILE") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"--baseline: {file} is no baseline", hint="make one: impact check --write-baseline FILE") from error
