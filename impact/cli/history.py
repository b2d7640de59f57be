"""`impact history`: the life of a module or symbol."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from impact.cli.options import Directory, NoCache, OutputFile, Quiet, choose
from impact.cli.session import prepare
from impact.cli.terminal import ProgressLine, write
from impact.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from impact.render.history import HistoryDocument


def history(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="A module, module:symbol, or the path of a file.")],
    revision: Annotated[str, typer.Argument(metavar="REV", help="The revision to look back from.")] = "HEAD",
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
    if ".." in revision:
        raise UsageError(f"history looks back from one revision, and '{revision}' is a range")
    if not name.strip():
        raise UsageError("history needs the name of a module or symbol, or a path")
    repository, comparison, settings = prepare(start, f"{revision}..{revision}", {})

    from impact.cache import open_cache  # noqa: PLC0415
    from impact.inspections import tell_history  # noqa: PLC0415

    with open_cache(enabled=not no_cache) as cache, ProgressLine(sys.stderr, wanted=not quiet) as progress:
        biography = tell_history(repository, name.strip(), comparison, settings, cache, progress, everything=everything)
    write(render(cast("HistoryDocument", biography.to_dict())), output_file)
    return ExitCode.CLEAN
