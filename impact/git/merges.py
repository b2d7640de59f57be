"""The merge of two listings over a third, made in memory.

libgit2 writes the files it merges into the object database. So the merge runs in a second repository object whose only object
database is a dictionary that reads through to the real one: not even the time stamps of existing objects are touched.

What all three have alike has no part in a merge (a copy is no rename). So libgit2 is given trees of the rest alone: a merge costs what the
sides changed, not what the tree weighs, and the working tree or an earlier merge is a side like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from hashlib import sha1
from typing import TYPE_CHECKING, TypeAlias

import pygit2
from pygit2.enums import FileMode, ObjectType

from impact.git.collisions import clear_the_way, follow_directories
from impact.git.listing import Listing, decode_path
from impact.git.worktree import THEIRS, Overlay, Unread, add_entry, index_entries
from impact.names import BlobId, RepoPath

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a tree holds under a name: a blob with its mode, or another tree.
_Node: TypeAlias = "dict[str, _Node] | tuple[int, BlobId]"


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


def merge_listings(repository: pygit2.Repository, fork: Listing, ours: Listing, theirs: Listing, overlay: Overlay) -> Merge:
    """Merge `theirs` into `ours`, renames followed. A file that conflicts is as in theirs, gone when theirs has none.

    Contents that no object database has come from `overlay`. Raises pygit2.GitError or KeyError when an object that the merge needs is missing.
    """
    memory = _Memory(repository.odb)
    odb = pygit2.Odb()
    odb.add_backend(memory, 1)
    forgetful = pygit2.Repository(repository.path)
    forgetful.set_odb(odb)
    paths = _differing(fork, ours) | _differing(fork, theirs)
    for blob in {found for listing in (fork, ours, theirs) for path in paths if (found := listing.files.get(path) or listing.links.get(path))} & overlay.keys():
        content = overlay[blob]
        # A file on disk that nobody asked for is not read for this either.
        memory.written[blob] = (int(ObjectType.BLOB), content.identity if isinstance(content, Unread) else content or b"")
    given = set(memory.written)
    ancestor, one, other = (_write_tree(memory, _nested(listing, paths)) for listing in (fork, ours, theirs))
    index = forgetful.merge_trees(ancestor, one, other)
    files, links, submodules = ({path: blob for path, blob in kind.items() if path not in paths} for kind in (ours.files, ours.links, ours.submodules))
    merged = Listing(files, links, submodules)
    conflicts: set[str] = set()
    for entry in index_entries(index):
        if entry.stage:
            conflicts.add(decode_path(entry.path) or entry.path.decode("utf-8", "backslashreplace"))
        if entry.stage in (0, THEIRS):
            add_entry(merged, entry)
    conflicts |= clear_the_way(merged, theirs, paths)
    conflicts |= follow_directories(merged, fork, ours, theirs, paths, partial(_read, memory))
    # What could not be listed stays so unless one of the two did away with it.
    kept = {one for one in (*ours.skipped, *theirs.skipped) if one not in fork.skipped or (one in ours.skipped and one in theirs.skipped)}
    merged.skipped.extend(sorted(kept))
    made = {BlobId(raw): content for raw, (kind, content) in memory.written.items() if kind == ObjectType.BLOB and raw not in given}
    return Merge(merged, made, tuple(sorted(conflicts)))


def _read(memory: _Memory, blob: BlobId) -> bytes | None:
    try:
        return memory.read_cb(pygit2.Oid(raw=blob))[1]
    except (pygit2.GitError, KeyError):
        return None


def _differing(one: Listing, other: Listing) -> set[RepoPath]:
    """Return the paths at which two listings have not the same."""
    if one is other:
        return set()
    kinds = ((one.files, other.files), (one.links, other.links), (one.submodules, other.submodules))
    return {path for mine, yours in kinds for path, _ in mine.items() ^ yours.items()}


def _nested(listing: Listing, paths: set[RepoPath]) -> dict[str, _Node]:
    """Return what a listing has at some paths as nested directories."""
    root: dict[str, _Node] = {}
    for mode, entries in ((FileMode.BLOB, listing.files), (FileMode.LINK, listing.links), (FileMode.COMMIT, listing.submodules)):
        for path in paths & entries.keys():
            directory = root
            *above, name = path.split("/")
            for part in above:
                inner = directory.setdefault(part, {})
                assert isinstance(inner, dict)  # a path is a file or a directory, on one side
                directory = inner
            directory[name] = (int(mode), entries[path])
    return root


def _write_tree(memory: _Memory, directory: dict[str, _Node]) -> pygit2.Oid:
    """Write nested directories as tree objects (in Git's order: a directory sorts as if its name ended in a slash), and return the root's id."""
    rows: list[tuple[bytes, bytes, bytes]] = []
    for name, node in directory.items():
        raw = name.encode()
        if isinstance(node, dict):
            rows.append((raw + b"/", b"40000 " + raw, _write_tree(memory, node).raw))
        else:
            rows.append((raw, b"%o " % node[0] + raw, node[1]))
    content = b"".join(head + b"\0" + oid for _, head, oid in sorted(rows))
    oid = sha1(b"tree %d\0" % len(content) + content, usedforsecurity=False).digest()
    memory.written[oid] = (int(ObjectType.TREE), content)
    return pygit2.Oid(raw=oid)
