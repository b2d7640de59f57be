"""Commits and their trees, walked by comparing tree entries: two commits that share a subtree are equal below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import cached_property, lru_cache

import pygit2
from pygit2.enums import DeltaStatus, DiffOption, FileMode, ObjectType, SortMode

from impact.commits import Commit, Delta, pull_request, subject_of
from impact.git.listing import decode_path
from impact.names import BlobId, CommitId, RepoPath

_Entry = tuple[bytes, bool]
"""What a tree has under a name: the id, and whether it is a tree itself."""

_Difference = tuple[tuple[bytes, _Entry | None, _Entry | None], ...]
"""The names under which two trees differ, with what each of them has there."""

# An entry as the object store has it: the mode, the name, and twenty bytes of id.
_ENTRY = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_TREE = b"40000"
_SUBMODULE = b"160000"
# To look up more names of a tree than this costs more than to read it in full, once for all who watch.
_WIDE = 32
# Trees that are kept in full: those of the commits at hand. What two of them have otherwise is little, and kept for good.
_LISTINGS = 512


class CommitGraph:
    """The commits that some tips reach and `without` does not; see `impact.commits.History`."""

    def __init__(self, repository: pygit2.Repository, tips: Sequence[pygit2.Oid], without: pygit2.Oid | None) -> None:
        self._repository = repository
        self._tips = tips
        self._without = without
        self._parents: dict[CommitId, tuple[CommitId, ...]] = {}
        self._trees: dict[CommitId, bytes | None] = {}
        # What a tree has under a name: it is asked for again by the next commit, and by the next watch.
        self._entries: dict[tuple[bytes, bytes], _Entry | None] = {}
        self._listing = lru_cache(_LISTINGS)(self._list)
        # The same two trees are asked for again by the next watch.
        self._differences: dict[tuple[bytes, bytes], _Difference] = {}
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

    def entries(self, tree: bytes | None, names: Iterable[bytes]) -> tuple[_Entry | None, ...] | None:
        """Return what a tree has under some names; None where the object store lacks it."""
        if tree is None:
            return tuple(None for _ in names)
        known = self._entries
        missing = [name for name in names if (tree, name) not in known]
        if missing:
            found = self._repository.get(pygit2.Oid(raw=tree))
            if not isinstance(found, pygit2.Tree):
                return None
            for name in missing:
                try:
                    entry = found[name.decode()]
                except KeyError:
                    known[tree, name] = None
                    continue
                is_tree = entry.filemode == FileMode.TREE
                known[tree, name] = (entry.id.raw, is_tree) if is_tree or entry.filemode != FileMode.COMMIT else None
        return tuple(known[tree, name] for name in names)

    def difference(self, one: bytes | None, two: bytes | None) -> _Difference:
        """Return what two trees have otherwise, None standing for an empty one; nothing where the object store lacks one of them."""
        if one is None or two is None:
            return self._difference(one, two)
        found = self._differences.get((one, two))
        if found is None:
            found = self._differences[one, two] = self._difference(one, two)
        return found

    def knows_difference(self, one: bytes | None, two: bytes | None) -> bool:
        """Tell whether two trees were compared in full already."""
        return one is not None and two is not None and (one, two) in self._differences

    def _difference(self, one: bytes | None, two: bytes | None) -> _Difference:
        before, after = self._listing(one), self._listing(two)
        if before is None or after is None:
            return ()
        left, right = ({name: (entry, mode == _TREE) for mode, name, entry in entries if mode != _SUBMODULE} for entries in (before - after, after - before))
        return tuple((name, left.get(name), right.get(name)) for name in sorted(left.keys() | right.keys()))

    def _list(self, tree: bytes | None) -> frozenset[tuple[bytes, bytes, bytes]] | None:
        if tree is None:
            return frozenset()
        try:
            kind, data = self._repository.odb.read(pygit2.Oid(raw=tree))
        except (pygit2.GitError, KeyError):
            return None
        return frozenset(_ENTRY.findall(data)) if kind == ObjectType.TREE else None

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
    """A directory of the watched paths, and what each name in it leads to. `path` is set for a watched file."""

    __slots__ = ("children", "path")

    def __init__(self) -> None:
        self.path: RepoPath | None = None
        self.children: dict[bytes, _Node] = {}


class PathWatch:
    """Some files in all commits; see `impact.commits.Watch`."""

    def __init__(self, graph: CommitGraph, paths: Iterable[RepoPath]) -> None:
        self._graph = graph
        self._root = _Node()
        for path in sorted(set(paths)):
            node = self._root
            for part in path.encode().split(b"/"):
                node = node.children.setdefault(part, _Node())
            node.path = path

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
        for name, left, right in self._differing(node, one, two):
            child = node.children.get(name)
            if child is None:
                continue
            if child.path is not None:
                old, new = (entry[0] if entry is not None and not entry[1] else None for entry in (left, right))
                if old != new:
                    yield child.path, None if new is None else BlobId(new)
            if child.children:
                old, new = (entry[0] if entry is not None and entry[1] else None for entry in (left, right))
                if old != new:
                    yield from self._compare(child, old, new)

    def _differing(self, node: _Node, one: bytes | None, two: bytes | None) -> _Difference:
        if len(node.children) > _WIDE or self._graph.knows_difference(one, two):
            return self._graph.difference(one, two)
        before, after = self._graph.entries(one, node.children), self._graph.entries(two, node.children)
        if before is None or after is None:
            return ()  # the object store lacks a tree: no difference can be told
        return tuple(change for change in zip(node.children, before, after, strict=True) if change[1] != change[2])
