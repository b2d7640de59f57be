"""Histories drawn by hand, without any Git behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha1
from typing import TYPE_CHECKING

from impact.commits import Commit, Delta
from impact.names import BlobId, CommitId, RepoPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def blob(source: str) -> BlobId:
    """Return the id of a content: Git's own."""
    data = source.encode()
    return BlobId(sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).digest())


@dataclass
class DrawnHistory:
    """Commits as `{name: (parents, {path: source})}`, oldest first; the last one is the tip. `impact.commits.History`, for tests."""

    commits: Mapping[str, tuple[Sequence[str], Mapping[str, str]]] = field(default_factory=dict)
    whole: bool = True

    @property
    def order(self) -> Sequence[CommitId]:
        return [CommitId(name) for name in reversed(list(self.commits))]

    @property
    def tips(self) -> Sequence[CommitId]:
        return self.order[:1]

    def parents(self, commit: CommitId) -> tuple[CommitId, ...]:
        return tuple(CommitId(parent) for parent in self.commits[commit][0])

    def watch(self, paths: Iterable[RepoPath]) -> DrawnWatch:
        return DrawnWatch(self, frozenset(paths))

    def describe(self, commit: CommitId) -> Commit:
        return Commit(commit, "2025-09-14T09:00:00+00:00", "A. Author", f"Commit {commit}", None)

    def files(self, commit: CommitId) -> dict[RepoPath, BlobId]:
        return {RepoPath(path): blob(source) for path, source in self.commits[commit][1].items()}

    def delta(self, commit: CommitId) -> Delta:
        parents = self.parents(commit)
        before, after = self.files(parents[0]) if parents else {}, self.files(commit)
        return Delta({path: (before.get(path), after.get(path)) for path in sorted({*before, *after}) if before.get(path) != after.get(path)})


@dataclass
class DrawnWatch:
    """Some files of a drawn history."""

    history: DrawnHistory
    paths: frozenset[RepoPath]

    def blobs(self, commit: CommitId) -> Mapping[RepoPath, BlobId]:
        return {path: one for path, one in self.history.files(commit).items() if path in self.paths}

    def differing(self, commit: CommitId, other: CommitId) -> Mapping[RepoPath, BlobId | None]:
        here, there = self.blobs(commit), self.blobs(other)
        return {path: there.get(path) for path in self.paths if here.get(path) != there.get(path)}
