"""Commits and their trees, walked by comparing tree entries: two commits that share a subtree are equal below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import cached_property

import pygit2
from pygit2.enums import DeltaStatus, DiffOption, FileMode, SortMode

from impact.commits import Commit, Delta, pull_request, subject_of
from impact.git.listing import decode_path
from impact.names import BlobId, CommitId, RepoPath

_Entries = tuple[tuple[bytes, bool] | None, ...]
"""What a tree has under some names: the id, and whether it is a tree itself."""

_FILES = (FileMode.BLOB, FileMode.BLOB_EXECUTABLE, FileMode.LINK)


class CommitGraph:
    """The commits that some tips reach and `without` does not; see `impact.commits.History`."""

    def __init__(self, repository: pygit2.Repository, tips: Sequence[pygit2.Oid], without: pygit2.Oid | None) -> None:
        self._repository = repository
        self._tips = tips
        self._without = without
        self._parents: dict[CommitId, tuple[CommitId, ...]] = {}
        self._trees: dict[CommitId, bytes | None] = {}
        # What a tree has under a name: it is asked for again by the next commit, and by the next watch.
        self._entries: dict[tuple[bytes, str], tuple[bytes, bool] | None] = {}
        self._whole = not repository.is_shallow

    @cached_property
    def order(self) -> Sequence[CommitId]:
        """The commits, newest first."""
        walker = self._repository.walk(None, SortMode.TOPOLOGICAL | SortMode.TIME)
        order: list[CommitId] = []
        try:
            for tip in self._tips:
                walker.push(tip)
            if self._without is not None:
                walker.hide(self._without)
            for commit in walker:
                key = CommitId(str(commit.id))
                order.append(key)
                self._parents[key] = tuple(CommitId(str(parent)) for parent in commit.parent_ids)
                self._trees[key] = commit.tree_id.raw
        except (pygit2.GitError, KeyError):
            self._whole = False  # a commit is missing: what was walked so far is true all the same
        return tuple(order)

    @property
    def tips(self) -> Sequence[CommitId]:
        """The commits that the walk starts from."""
        return tuple(CommitId(str(tip)) for tip in self._tips)

    @property
    def whole(self) -> bool:
        """Whether the walk came to the beginning."""
        return bool(self.order) and self._whole

    def parents(self, commit: CommitId) -> tuple[CommitId, ...]:
        """Return the parents of a commit, the first parent first."""
        if commit not in self._parents:
            found = self._commit(commit)
            self._parents[commit] = tuple(CommitId(str(parent)) for parent in found.parent_ids) if found is not None else ()
        return self._parents[commit]

    def tree(self, commit: CommitId) -> bytes | None:
        """Return the id of the tree of a commit, None where the object store lacks the commit."""
        if commit not in self._trees:
            found = self._commit(commit)
            self._trees[commit] = found.tree_id.raw if found is not None else None
        return self._trees[commit]

    def entries(self, tree: bytes | None, names: Iterable[str]) -> _Entries | None:
        """Return what a tree has under some names; None where the object store lacks it."""
        if tree is None:
            return (None,) * len(tuple(names))
        known = self._entries
        missing = [name for name in names if (tree, name) not in known]
        if missing:
            found = self._repository.get(pygit2.Oid(raw=tree))
            if not isinstance(found, pygit2.Tree):
                return None
            for name in missing:
                try:
                    entry = found[name]
                except KeyError:
                    known[tree, name] = None
                    continue
                is_tree = entry.filemode == FileMode.TREE
                known[tree, name] = (entry.id.raw, is_tree) if is_tree or entry.filemode in _FILES else None
        return tuple(known[tree, name] for name in names)

    def watch(self, paths: Iterable[RepoPath]) -> PathWatch:
        """Return what compares commits in some files."""
        return PathWatch(self, paths)

    def describe(self, commit: CommitId) -> Commit:
        """Return what a commit says of itself."""
        found = self._commit(commit)
        if found is None:
            return Commit(commit, "", "", "", None)
        message = found.raw_message.decode("utf-8", "replace")
        author = found.author
        try:
            date = datetime.fromtimestamp(author.time, timezone(timedelta(minutes=author.offset))).isoformat()
        except (ValueError, OverflowError):
            date = ""  # a time that no calendar has
        return Commit(commit, date, author.raw_name.decode("utf-8", "replace"), subject_of(message), pull_request(message))

    def delta(self, commit: CommitId) -> Delta:
        """Return what a commit did to the files of its first parent."""
        parents = self.parents(commit)
        after = self._tree(commit)
        before = self._tree(parents[0]) if parents else None
        if after is None or (parents and before is None):
            return Delta({})
        options = DiffOption.SKIP_BINARY_CHECK | DiffOption.INCLUDE_TYPECHANGE | DiffOption.IGNORE_SUBMODULES
        difference = before.diff_to_tree(after, options) if before is not None else after.diff_to_tree(flags=options, swap=True)
        files: dict[RepoPath, tuple[BlobId | None, BlobId | None]] = {}
        for change in difference.deltas:
            path = decode_path(change.new_file.raw_path)
            if path is not None:
                old = None if change.status == DeltaStatus.ADDED else BlobId(change.old_file.id.raw)
                new = None if change.status == DeltaStatus.DELETED else BlobId(change.new_file.id.raw)
                files[path] = (old, new)
        return Delta(files)

    def _commit(self, commit: CommitId) -> pygit2.Commit | None:
        try:
            found: object = self._repository.get(commit)
        except (pygit2.GitError, ValueError):
            return None
        return found if isinstance(found, pygit2.Commit) else None

    def _tree(self, commit: CommitId) -> pygit2.Tree | None:
        tree = self.tree(commit)
        found = self._repository.get(pygit2.Oid(raw=tree)) if tree is not None else None
        return found if isinstance(found, pygit2.Tree) else None


class _Node:
    """A directory of the watched paths: the names in it, and what each leads to. `path` is set for a watched file."""

    __slots__ = ("children", "names", "path")

    def __init__(self) -> None:
        self.path: RepoPath | None = None
        self.children: dict[str, _Node] = {}
        self.names: tuple[str, ...] = ()


class PathWatch:
    """Some files in all commits; see `impact.commits.Watch`."""

    def __init__(self, graph: CommitGraph, paths: Iterable[RepoPath]) -> None:
        self._graph = graph
        self._root = _Node()
        for path in sorted(set(paths)):
            node = self._root
            for part in path.split("/"):
                node = node.children.setdefault(part, _Node())
            node.path = path
        stack = [self._root]
        while stack:
            node = stack.pop()
            node.names = tuple(node.children)
            stack.extend(node.children.values())

    def blobs(self, commit: CommitId) -> Mapping[RepoPath, BlobId]:
        """Return the watched files that a commit holds."""
        tree = self._graph.tree(commit)
        return {path: blob for path, blob in self._compare(self._root, None, tree) if blob is not None}

    def differing(self, commit: CommitId, other: CommitId) -> Mapping[RepoPath, BlobId | None]:
        """Return the watched files that `other` has otherwise than `commit`."""
        one, two = self._graph.tree(commit), self._graph.tree(other)
        if one is None or two is None or one == two:
            return {}
        return dict(self._compare(self._root, one, two))

    def _compare(self, node: _Node, one: bytes | None, two: bytes | None) -> Iterator[tuple[RepoPath, BlobId | None]]:
        before, after = self._graph.entries(one, node.names), self._graph.entries(two, node.names)
        if before is None or after is None:
            return  # the object store lacks a tree: no difference can be told
        for child, left, right in zip(node.children.values(), before, after, strict=True):
            if left == right:
                continue
            if child.path is not None:
                old, new = (entry[0] if entry is not None and not entry[1] else None for entry in (left, right))
                if old != new:
                    yield child.path, None if new is None else BlobId(new)
            if child.children:
                old, new = (entry[0] if entry is not None and entry[1] else None for entry in (left, right))
                if old != new:
                    yield from self._compare(child, old, new)
