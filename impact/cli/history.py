"""`impact history`: the life of a module or symbol."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from impact.cli.options import Directory, NoCache, OutputFile, Quiet, choose
from impact.cli.session import prepare
from impact.cli.terminal import ProgressLine, write
from impact.errors import ExitCode, ImpactError, UsageError
from impact.revisions.ranges import parse_range

if TYPE_CHECKING:
    from impact.git import Repository
    from impact.render.history import HistoryDocument
    from impact.snapshots import Snapshot


def history(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="A module, module:symbol, or the path of a file.")],
    revision: Annotated[
        str | None, typer.Argument(metavar="REV", show_default=False, help="The revision to look back from. Default: HEAD, and what the worktree did since.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Walk every branch and tag too, not REV alone.")] = False,
    output_format: Annotated[str, typer.Option(metavar="FORMAT", help="text or json.")] = "text",
    output_file: OutputFile = "-",
    no_cache: NoCache = False,
    quiet: Quiet = False,
    start: Directory = ".",
) -> int:
    """Tell when a module or symbol was born, moved, renamed, split, deleted and restored, by which commits, and who depended on it.

    Exit code: 0 it is known, 2 nothing ever had that name, or cannot run, 3 a bug.
    """
    from impact.render.history import FORMATS  # noqa: PLC0415

    render = FORMATS[choose("--output-format", output_format, tuple(FORMATS))]
    if revision is not None and ".." in revision:
        raise UsageError(f"history looks back from one revision, and '{revision}' is a range")
    if not name.strip():
        raise UsageError("history needs the name of a module or symbol, or a path")
    repository, comparison, settings = prepare(start, f"{revision or 'HEAD'}..{revision or 'HEAD'}", {})
    worktree = _worktree(repository) if revision is None and repository.root is not None else None

    from impact.cache import open_cache  # noqa: PLC0415
    from impact.inspections import tell_history  # noqa: PLC0415

    with open_cache(enabled=not no_cache) as cache, ProgressLine(sys.stderr, wanted=not quiet) as progress:
        biography = tell_history(repository, name.strip(), comparison.head, settings, cache, progress, worktree=worktree, everything=everything)
    write(render(cast("HistoryDocument", biography.to_dict())), output_file)
    return ExitCode.CLEAN


def _worktree(repository: Repository) -> Snapshot | None:
    """Return the working tree; None where Git has it in a way that cannot be read: then the commits alone tell."""
    try:
        return repository.resolve(parse_range("HEAD")).head
    except ImpactError:
        return None
