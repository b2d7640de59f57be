"""Trees of commits, listed. A subtree that two revisions share is walked once."""

from __future__ import annotations

import pygit2
from pygit2.enums import FileMode

from impact.git.listing import Listing, decode_path, undecodable
from impact.names import BlobId, RepoPath
from impact.report import Skipped

MISSING_TREE = "tree object is missing from the object store"
"""Why nothing is known of a directory."""


class TreeReader:
    """Lists trees and remembers the subtrees it has seen, by tree id and place."""

    def __init__(self, repository: pygit2.Repository) -> None:
        self._repository = repository
        self._seen: dict[tuple[bytes, str], Listing] = {}

    def read(self, tree: pygit2.Oid, prefix: str = "") -> Listing:
        """Return what a tree lists, each path behind `prefix` (empty, or ending in a slash).

        A tree that the object store lacks is skipped with that reason; a path that is not UTF-8 is skipped under its escaped name.
        """
        known = self._seen.get((tree.raw, prefix))
        if known is not None:
            return known
        listing = Listing()
        self._seen[tree.raw, prefix] = listing
        entries = self._repository.get(tree)
        if not isinstance(entries, pygit2.Tree):
            listing.skipped.append(Skipped(prefix.rstrip("/") or ".", MISSING_TREE))
            return listing
        for entry in entries:
            mode = entry.filemode
            name = decode_path(entry.raw_name or b"")
            if name is None:
                listing.skipped.append(undecodable(prefix.encode() + (entry.raw_name or b"")))
                continue
            path = prefix + name
            match mode:
                case FileMode.TREE:
                    listing.update(self.read(entry.id, path + "/"))
                case FileMode.LINK:
                    listing.links[RepoPath(path)] = BlobId(entry.id.raw)
                case FileMode.COMMIT:
                    listing.submodules[RepoPath(path)] = BlobId(entry.id.raw)
                case _:
                    listing.files[RepoPath(path)] = BlobId(entry.id.raw)
        return listing
