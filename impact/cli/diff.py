"""`impact diff`: which tests the change between two revisions breaks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from impact.cli.judging import count, judge
from impact.cli.options import Color, Directory, NoCache, OutputFile, Quiet, Verbose, choose
from impact.cli.queue import render_queue
from impact.cli.session import prepare
from impact.cli.stale import stale_files
from impact.cli.terminal import wants_color, width, write
from impact.errors import ExitCode, UsageError
from impact.render import FORMATS, Style
from impact.render.inert import visible

if TYPE_CHECKING:
    from impact.render import Render
    from impact.render.document import ReportDocument


def diff(
    revisions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RANGE]", show_default=False, help="A..B, A...B, or REV for REV..worktree. Default: what the worktree adds to the base branch."
        ),
    ] = None,
    output_format: Annotated[str | None, typer.Option(metavar="FORMAT", show_default=False, help=f"{', '.join(FORMATS)}. Default: text.")] = None,
    output_file: OutputFile = "-",
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, help="Render with this Jinja2 template (report.md.j2: as Markdown) instead of a format.")
    ] = None,
    also: Annotated[
        list[str] | None, typer.Option(metavar="FORMAT=FILE", show_default=False, help="Write another format to a file, from the same analysis; repeat.")
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(metavar="VERDICT", show_default=False, help="Exit 1 on these verdicts; repeat, or separate by commas; none, all."),
    ] = None,
    base: Annotated[str | None, typer.Option(metavar="BRANCH", show_default=False, help="The branch to compare with when RANGE names none.")] = None,
    staged: Annotated[bool, typer.Option("--staged", help="Judge what is staged instead of the worktree.")] = False,
    no_merge: Annotated[bool, typer.Option("--no-merge", help="Compare the two ends of A..B as they are, also where they diverged.")] = False,
    queue: Annotated[bool, typer.Option("--queue", help="Judge a merge queue: --queue A B C, each on top of those before it. As text or JSON.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 whatever breaks.")] = False,
    affected: Annotated[bool, typer.Option("--affected", help="List tests too that depend on changed code with nothing gone.")] = False,
    no_cache: NoCache = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = False,
    start: Directory = ".",
) -> int:
    """Tell which tests a change breaks, why, and the fix.

    Exit code: 0 nothing fails the gate, 1 something does, 2 cannot run, 3 a bug.
    """
    choose("--color", color, ("auto", "always", "never"))
    if output_format is not None:
        choose("--output-format", output_format, tuple(FORMATS))
    if template is not None:
        if output_format is not None:
            raise UsageError("--template: stands in place of --output-format")
        if not template.is_file():
            raise UsageError(f"--template: no such file: {template}")
    others = [_format_and_file(one) for one in also or ()]
    given = {"output-format": output_format, "fail-on": fail_on, "base": base}
    to_stdout = output_file == "-"
    style = Style(
        width=width(sys.stdout if to_stdout else None),
        color=color == "always" or (to_stdout and wants_color(color, sys.stdout, os.environ)),
        verbosity=-1 if quiet else int(verbose),
    )
    if queue:
        if template is not None or others or staged or no_merge or affected:
            raise UsageError("--queue: goes with --base, --fail-on and --output-format alone, not with --template, --also, --staged, --no-merge, --affected")
        page, lands = render_queue(start, revisions or [], given, style, no_cache=no_cache, quiet=quiet)
        write(page, output_file)
        return ExitCode.CLEAN if lands or exit_zero else ExitCode.FINDINGS
    if revisions and len(revisions) > 1:
        raise UsageError(f"Got unexpected extra argument(s) ({' '.join(revisions[1:])})")
    repository, comparison, settings = prepare(
        start, revisions[0] if revisions else None, given, staged=staged, merge_ends=not no_merge, tell=_tell if verbose else None
    )
    # Once more: the name may come from the environment or the file.
    render = FORMATS[choose("output-format", settings.output_format, tuple(FORMATS))] if template is None else _from(template)

    document = judge(repository, comparison, settings, affected=affected, bytecode=lambda: stale_files(repository), no_cache=no_cache, quiet=quiet)
    for name, file in others:
        write(FORMATS[name](document, Style(verbosity=style.verbosity)), file)
    write(render(document, style), output_file)
    fails = any(count(document, verdict) for verdict in settings.fail_on)
    return ExitCode.FINDINGS if fails and not exit_zero else ExitCode.CLEAN


def _format_and_file(given: str) -> tuple[str, str]:
    """Return the two halves of `FORMAT=FILE`; raises UsageError."""
    name, equals, file = given.partition("=")
    if not (equals and file) or file == "-":
        raise UsageError(f"--also: '{given}' is not FORMAT=FILE")
    return choose("--also", name, tuple(FORMATS)), file


def _from(template: Path) -> Render:
    def render(document: ReportDocument, _: Style) -> str:
        from impact.render.templates import render_user_template  # noqa: PLC0415

        return render_user_template(template, document)

    return render


def _tell(text: str) -> None:
    sys.stderr.write(f"impact: {visible(text)}\n")
