"""What to do about objects that are not here: a partial clone left them out on purpose, else the repository is damaged."""

from __future__ import annotations

import re

import pygit2

_PROMISOR = re.compile(r"remote\.(.+)\.promisor", re.IGNORECASE)


def promisor_hint(repository: pygit2.Repository) -> str | None:
    """Return how to bring what a partial clone left out (git-clone(1), `--filter`); None where the clone is whole."""
    for entry in repository.config:
        match = _PROMISOR.fullmatch(entry.name)
        if match is not None and entry.value == "true":
            return f"this is a partial clone, `git fetch --refetch --no-filter {match[1]}` brings what it left out"
    return None


def missing_hint(repository: pygit2.Repository) -> str:
    """Return what to do where an object is missing that nothing can be said without."""
    return promisor_hint(repository) or "`git fsck` says what is damaged, `git fetch --refetch` brings it anew"
