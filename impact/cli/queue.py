"""`impact diff --queue`: whether branches land one on top of the other."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, cast

from impact.cli.options import choose, directory
from impact.cli.session import settle
from impact.cli.terminal import ProgressLine
from impact.config import merge
from impact.errors import UsageError
from impact.render import Style
from impact.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from impact.render.queue import QueueDocument
    from impact.report import Report


def render_queue(start: str, names: Sequence[str], command_line: Mapping[str, object], style: Style, *, no_cache: bool, quiet: bool) -> tuple[str, bool]:
    """Return what becomes of a queue, rendered, and whether all of it lands. The settings are those of the base."""
    if not names:
        raise UsageError("--queue: name the branches, in order: impact diff --queue A B C")
    for name in names:
        if ".." in name:
            raise UsageError(f"--queue: '{name}' is a range; name branches or commits, and the base with --base")
    if len(set(names)) < len(names):
        raise UsageError("--queue: a branch stands in the queue twice")
    given = merge(Settings(), os.environ, command_line)
    path = directory(start)

    from impact.analysis import analyze  # noqa: PLC0415
    from impact.cache import open_cache  # noqa: PLC0415
    from impact.git import open_repository  # noqa: PLC0415
    from impact.render.queue import FORMATS  # noqa: PLC0415
    from impact.revisions.queue import judge_queue  # noqa: PLC0415
    from impact.revisions.ranges import Range  # noqa: PLC0415
    from impact.version import VERSION  # noqa: PLC0415

    repository = open_repository(path)
    base = given.base or repository.base_branch()
    settings = settle(repository, Range(base, base), command_line)[1]
    base = settings.base or base
    render = FORMATS[choose("--queue: output-format", settings.output_format, tuple(FORMATS))]
    with open_cache(enabled=not no_cache) as cache, ProgressLine(sys.stderr, wanted=not quiet) as progress:

        def judge(before: Sequence[str], name: str) -> Report:
            return analyze(repository, repository.resolve_candidate(base, before, name), settings, cache, progress)

        queue = judge_queue(names, judge, settings.fail_on)
    document = {
        "schema_version": 1,
        "tool": {"name": "impact", "version": VERSION},
        "base": {"revision": base, "commit": repository.commit_of(base)},
        "queue": [one.to_dict() for one in queue],
    }
    return render(cast("QueueDocument", document), style), all(one.lands for one in queue)
