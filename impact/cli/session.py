"""What every command does first: open the repository, resolve the request, read the settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from impact.cli.options import directory
from impact.config import merge, parse_settings
from impact.errors import RevisionError
from impact.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from impact.git import Repository
    from impact.revisions.ranges import Range
    from impact.snapshots import Comparison


def prepare(
    start: str,
    revisions: str | None,
    command_line: Mapping[str, object],
    *,
    staged: bool = False,
    merge_ends: bool = True,
    tell: Callable[[str], None] | None = None,
) -> tuple[Repository, Comparison, Settings]:
    """Return the repository around `start`, the comparison that `revisions` asks for, and the settings that hold for it.

    The file of settings is read at the base of the comparison, so that a change cannot loosen the gate that judges it. The file may name the
    branch to compare with, in which case the comparison is resolved once more: the command line and the environment come before it.
    Without any of these, a job of continuous integration is about what its service says; `tell` hears what was chosen and why.
    """
    # Without a file: what is wrong with an option or a variable is said before any work.
    given = merge(Settings(), os.environ, command_line)
    path = directory(start)

    from impact.git import open_repository  # noqa: PLC0415
    from impact.revisions.ranges import parse_range  # noqa: PLC0415

    request = parse_range(revisions, staged=staged)
    repository = open_repository(path)
    if request.base is None and given.base is None:
        request = _of_this_job(repository, tell) or request
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


def _of_this_job(repository: Repository, tell: Callable[[str], None] | None) -> Range | None:
    """Return the range that the job of continuous integration is about which runs us; None outside of one, and where it is about none."""
    from impact.revisions.ci import choose, find_job  # noqa: PLC0415
    from impact.revisions.ranges import Range  # noqa: PLC0415

    job = find_job(os.environ, _payload(os.environ.get("GITHUB_EVENT_PATH")))
    if job is None:
        return None
    title = " ".join(filter(None, (job.service, job.event)))
    if not job.candidates:
        if tell is not None:
            tell(f"{title}: its variables name no range")
        return None
    found = choose(job, repository)
    if found is None:
        wanted = " nor ".join(f"{one.base or 'the default branch'}..{one.head}" for one in job.candidates)
        raise RevisionError(f"{title}: this clone holds neither {wanted}", hint=f"{job.remedy}; or name the range: A..B")
    if tell is not None:
        tell(f"{title}: judging {found.base}..{found.head}: {found.why}")
    return Range(found.base, found.head)


def _payload(path: str | None) -> Mapping[str, object]:
    """Return GitHub's event, empty where there is none that can be read: the variables alone will have to do."""
    import json  # noqa: PLC0415

    try:
        found = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
