"""`impact doctor`: what was understood of a repository, and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from impact.cli.options import Directory, NoCache, OutputFile, Quiet, choose
from impact.cli.session import prepare
from impact.cli.terminal import ProgressLine, write
from impact.errors import ExitCode

if TYPE_CHECKING:
    from impact.render.doctor import UnderstandingDocument


def doctor(
    revision: Annotated[str | None, typer.Argument(metavar="REV", show_default=False, help="The revision to look at. Default: the worktree.")] = None,
    output_format: Annotated[str, typer.Option(metavar="FORMAT", help="text or json.")] = "text",
    output_file: OutputFile = "-",
    no_cache: NoCache = False,
    quiet: Quiet = False,
    start: Directory = ".",
) -> int:
    """Show the source roots and why each is one, the pytest settings, the counts, and what was skipped."""
    from dataclasses import asdict  # noqa: PLC0415

    from impact.render.doctor import FORMATS  # noqa: PLC0415

    render = FORMATS[choose("--output-format", output_format, tuple(FORMATS))]
    repository, comparison, settings = prepare(start, _range(revision), {})

    from impact.cache import open_cache  # noqa: PLC0415
    from impact.inspections import understand  # noqa: PLC0415

    with open_cache(enabled=not no_cache) as cache, ProgressLine(sys.stderr, wanted=not quiet) as progress:
        understanding = understand(repository, comparison, settings, cache, progress)
    write(render(cast("UnderstandingDocument", asdict(understanding))), output_file)
    return ExitCode.CLEAN


def _range(revision: str | None) -> str:
    """Return a range whose head is the revision to look at."""
    if revision is None:
        return "HEAD"
    return revision if ".." in revision else f"{revision}..{revision}"
