"""Which commit did it: a bounded walk from a tip back to the fork."""

from __future__ import annotations

from collections.abc import Callable

import pygit2
from pygit2.enums import SortMode

# A side that is longer is not walked to its end: who did it is a help, not the verdict.
_MAX_COMMITS = 2_000


def commit_behind(
    repository: pygit2.Repository, tips: tuple[str, ...], fork: str, path: str, holds: Callable[[bytes], bool] | None, *, gained: bool
) -> tuple[str, str] | None:
    """Return the id and the subject of the last commit between `fork` and one of `tips` that gave `path` what `holds` looks for, or took it away.

    Without `holds`: the last that changed `path` at all. A merge counts where it differs from each of its parents. None: there is none
    among the last 2,000, or the history cannot be read.
    """
    try:
        walker = repository.walk(None, SortMode.TOPOLOGICAL)
        for tip in tips:
            walker.push(pygit2.Oid(hex=tip))
        walker.hide(pygit2.Oid(hex=fork))
        for number, commit in enumerate(walker):
            if number >= _MAX_COMMITS:
                break
            after = _blob(commit, path)
            before = [_blob(parent, path) for parent in commit.parents]
            if after in before or (holds is not None and not _differs(repository, after, before, holds, gained=gained)):
                continue
            return str(commit.id), commit.message.strip().partition("\n")[0].strip()
    except (pygit2.GitError, KeyError, ValueError):
        pass  # a parent that was not fetched, a damaged store
    return None


def _differs(repository: pygit2.Repository, after: pygit2.Oid | None, before: list[pygit2.Oid | None], holds: Callable[[bytes], bool], *, gained: bool) -> bool:
    had = [blob is not None and holds(repository[blob].peel(pygit2.Blob).data) for blob in before]
    has = after is not None and holds(repository[after].peel(pygit2.Blob).data)
    return (has and not any(had)) if gained else (not has and bool(had) and all(had))


def _blob(commit: pygit2.Commit, path: str) -> pygit2.Oid | None:
    try:
        return commit.tree[path].id
    except KeyError:
        return None
