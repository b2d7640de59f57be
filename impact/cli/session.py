"""What every command does first: open the repository, resolve the request, read the settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from impact.cli.options import directory
from impact.config import merge, parse_settings
from impact.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from impact.git import Repository
    from impact.revisions import Range
    from impact.snapshots import Comparison


def prepare(
    start: str, revisions: str | None, command_line: Mapping[str, object], *, staged: bool = False, merge_ends: bool = True
) -> tuple[Repository, Comparison, Settings]:
    """Return the repository around `start`, the comparison that `revisions` asks for, and the settings that hold for it.

    The file of settings is read at the base of the comparison, so that a change cannot loosen the gate that judges it. The file may name the
    branch to compare with, in which case the comparison is resolved once more: the command line and the environment come before it.
    """
    # Without a file: what is wrong with an option or a variable is said before any work.
    merge(Settings(), os.environ, command_line)
    path = directory(start)

    from impact.git import open_repository  # noqa: PLC0415
    from impact.revisions import parse_range  # noqa: PLC0415

    request = parse_range(revisions, staged=staged)
    repository = open_repository(path)
    comparison, settings = settle(repository, request, command_line, merge_ends=merge_ends)
    return repository, comparison, settings


def settle(repository: Repository, request: Range, command_line: Mapping[str, object], *, merge_ends: bool = True) -> tuple[Comparison, Settings]:
    """Return the comparison that a request asks for, and the settings that hold for it; see `prepare`."""
    given = merge(Settings(), os.environ, command_line)
    comparison = repository.resolve(request, given.base, merge=merge_ends)
    found = repository.settings_text(comparison)
    settings = merge(parse_settings(found[0], origin=found[1]) if found else Settings(), os.environ, command_line)
    if settings.base != given.base:
        comparison = repository.resolve(request, settings.base, merge=merge_ends)
    return comparison, settings
