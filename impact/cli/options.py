"""The options that commands share, and what they mean."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from impact.config import suggestion
from impact.errors import UsageError

Directory: TypeAlias = Annotated[str, typer.Option("-C", metavar="DIR", help="Look for the repository from DIR.")]
Quiet: TypeAlias = Annotated[bool, typer.Option("-q", "--quiet", help="Show the verdict alone, and no progress.")]
Verbose: TypeAlias = Annotated[bool, typer.Option("-v", "--verbose", help="Unfold everything.")]
NoCache: TypeAlias = Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache.")]
OutputFile: TypeAlias = Annotated[str, typer.Option("--output-file", "-o", metavar="FILE", help="Write there, all or nothing; - is stdout.")]
Color: TypeAlias = Annotated[str, typer.Option("--color", metavar="WHEN", help="auto, always or never.")]


def choose(option: str, given: str, choices: tuple[str, ...]) -> str:
    """Return `given` if it is one of `choices`; raises UsageError that names the nearest one."""
    if given not in choices:
        raise UsageError(f"{option}: '{given}' is not one of {', '.join(choices)}", hint=suggestion(given, choices))
    return given


def directory(given: str) -> Path:
    """Return where to start looking for the repository; raises UsageError where there is no such directory."""
    path = Path(given)
    if not path.is_dir():
        raise UsageError(f"-C: no such directory: {given}")
    return path


def today() -> str:
    """Return the day in UTC, in ISO 8601: what was accepted until then is held against it."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()
