"""The merge of two commits, made in memory.

libgit2 writes the files it merges into the object database. So the merge runs in a second repository object whose only object
database is a dictionary that reads through to the real one: not even the time stamps of existing objects are touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygit2
from pygit2.enums import FileMode, ObjectType

from impact.git.listing import Listing, decode_path
from impact.git.worktree import THEIRS, Overlay, Unread, add_entry, index_entries
from impact.names import BlobId

if TYPE_CHECKING:
    from collections.abc import Mapping

# The author of the commit that stands for the working tree or the index. It never leaves memory.
_NOBODY = pygit2.Signature("impact", "impact@localhost", 0, 0)


class _Memory(pygit2.OdbBackend):
    """An object database backend: reads through, keeps what is written. The names of the methods are pygit2's."""

    def __init__(self, stored: pygit2.Odb) -> None:
        super().__init__()
        self._stored = stored
        self.written: dict[bytes, tuple[int, bytes]] = {}

    def _find(self, oid: pygit2.Oid) -> tuple[int, bytes]:
        kept = self.written.get(oid.raw)
        if kept is not None:
            return kept
        kind, content = self._stored.read(oid)
        return int(kind), content

    def read_cb(self, oid: pygit2.Oid) -> tuple[int, bytes]:
        return self._find(oid)

    def read_header_cb(self, oid: pygit2.Oid) -> tuple[int, int]:
        kind, content = self._find(oid)
        return kind, len(content)

    def exists_cb(self, oid: pygit2.Oid) -> bool:
        return oid.raw in self.written or oid in self._stored

    def refresh_cb(self) -> None:
        """Do nothing: the real database refreshes itself when it misses an object."""

    def write_cb(self, oid: pygit2.Oid, content: bytes, kind: int) -> None:
        self.written[oid.raw] = (kind, bytes(content))


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged listing, the contents it holds that no object database has, and the paths that conflict (taken from theirs)."""

    listing: Listing
    contents: Mapping[BlobId, bytes]
    conflicts: tuple[str, ...]


class MemoryRepository:
    """A repository that forgets what is written to it."""

    def __init__(self, repository: pygit2.Repository) -> None:
        self._memory = _Memory(repository.odb)
        odb = pygit2.Odb()
        odb.add_backend(self._memory, 1)
        self._repository = pygit2.Repository(repository.path)
        self._repository.set_odb(odb)

    def commit(self, parent: pygit2.Commit, before: Listing, after: Listing, overlay: Overlay) -> pygit2.Oid:
        """Return a commit on top of `parent`, which lists `before`, that lists `after`. Its new contents come from `overlay`."""
        index = pygit2.Index()
        index.read_tree(parent.tree)
        for old, new, mode in ((before.files, after.files, FileMode.BLOB), (before.links, after.links, FileMode.LINK)):
            for path in old.keys() - after.files.keys() - after.links.keys():
                index.remove(path)
            for path, blob in new.items() - old.items():
                content = overlay.get(blob)
                if content is not None:
                    self._memory.written[blob] = (int(ObjectType.BLOB), content.identity if isinstance(content, Unread) else content)
                index.add(pygit2.IndexEntry(path, pygit2.Oid(raw=blob), mode))
        tree = index.write_tree(self._repository)
        return self._repository.create_commit(None, _NOBODY, _NOBODY, "", tree, [parent.id])

    def merge(self, ours: pygit2.Oid, theirs: pygit2.Oid) -> Merge:
        """Merge `theirs` into `ours`, renames followed. A file that conflicts is as in theirs, gone when theirs has none.

        Raises pygit2.GitError or KeyError when an object that the merge needs is missing.
        """
        listing = Listing()
        conflicts: set[str] = set()
        for entry in index_entries(self._repository.merge_commits(ours, theirs)):
            if entry.stage:
                conflicts.add(decode_path(entry.path) or entry.path.decode("utf-8", "backslashreplace"))
            if entry.stage in (0, THEIRS):
                add_entry(listing, entry)
        blobs = {BlobId(raw): content for raw, (kind, content) in self._memory.written.items() if kind == ObjectType.BLOB}
        return Merge(listing, blobs, tuple(sorted(conflicts)))
