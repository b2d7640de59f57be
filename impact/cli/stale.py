"""`impact stale`: compiled files that outlived their source."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from impact.cli.options import Directory, NoCache, OutputFile, Quiet, choose
from impact.cli.session import prepare
from impact.cli.terminal import ProgressLine, write
from impact.errors import ExitCode, RepositoryError
from impact.render.inert import visible

if TYPE_CHECKING:
    from impact.compiled import Compiled
    from impact.git import Repository
    from impact.render.stale import StaleDocument


def stale(
    clean: Annotated[bool, typer.Option("--clean", help="Remove the compiled files without source; what Git tracks stays.")] = False,
    output_format: Annotated[str, typer.Option(metavar="FORMAT", help="text or json.")] = "text",
    output_file: OutputFile = "-",
    no_cache: NoCache = False,
    quiet: Quiet = False,
    start: Directory = ".",
) -> int:
    """Find compiled files without source: which Python wrote them, from which commit, whether it still imports them, and which tests that hides.

    Exit code: 0 Python imports none of them (or they were removed), 1 it does, 2 cannot run, 3 a bug.
    """
    from impact.render.stale import FORMATS  # noqa: PLC0415

    render = FORMATS[choose("--output-format", output_format, tuple(FORMATS))]
    repository, comparison, settings = prepare(start, "HEAD", {})
    if repository.root is None:
        raise RepositoryError("a bare repository has no working tree, so nothing is compiled in it")

    from impact.analysis import analyze  # noqa: PLC0415
    from impact.bytecode import find_leftovers, remove  # noqa: PLC0415
    from impact.cache import open_cache  # noqa: PLC0415
    from impact.history.stale import describe_stale  # noqa: PLC0415

    found, leftovers = stale_files(repository), find_leftovers(repository.root)
    with open_cache(enabled=not no_cache) as cache, ProgressLine(sys.stderr, wanted=not quiet) as progress:
        report = describe_stale(found, leftovers, repository, comparison.head, lambda asked: analyze(repository, asked, settings, cache, progress))
    if not clean:
        write(render(cast("StaleDocument", report.to_dict())), output_file)
        return ExitCode.FINDINGS if report.misleads else ExitCode.CLEAN
    tracked = {one.compiled.path for one in report.files if one.tracked}
    for one in found:
        if one.path not in tracked and not quiet:
            sys.stderr.write(f"removing {visible(one.path)}\n")
    report = replace(report, removed=tuple(remove(repository.root, found, tracked)))
    write(render(cast("StaleDocument", report.to_dict())), output_file)
    left = any(one.legacy and not one.shadowed for one in stale_files(repository)) or find_leftovers(repository.root)
    return ExitCode.FINDINGS if left else ExitCode.CLEAN


def stale_files(repository: Repository) -> tuple[Compiled, ...]:
    """Return the compiled files without source of a working tree, with those below PYTHONPYCACHEPREFIX; none where there is no working tree."""
    from impact.bytecode import find_compiled  # noqa: PLC0415

    prefix = os.environ.get("PYTHONPYCACHEPREFIX")
    return find_compiled(repository.root, Path(prefix) if prefix else None) if repository.root is not None else ()
