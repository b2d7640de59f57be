"""What a tree, the index or the working tree lists, before symbolic links are followed; and the following of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from impact.names import BlobId, RepoPath, ancestors_of, join
from impact.report import Skipped
from impact.snapshots import SUBMODULE

Read = Callable[[BlobId], bytes | None]

# A path through more links than this is a loop (the limit of Linux, path_resolution(7)).
_MAX_HOPS = 40
# Files that appear only through linked directories. Above this, links into links multiply and tell nothing new.
_MAX_LINKED_FILES = 100_000


@dataclass(slots=True)
class Listing:
    """Regular files and links by path, both → blob id (a link's blob is its target); submodules → commit id; and what is none of these."""

    files: dict[RepoPath, BlobId] = field(default_factory=dict)
    links: dict[RepoPath, BlobId] = field(default_factory=dict)
    submodules: dict[RepoPath, BlobId] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    def __contains__(self, path: object) -> bool:
        """Tell whether something is listed under a path."""
        return path in self.files or path in self.links or path in self.submodules

    def update(self, other: Listing) -> None:
        """Take over what another listing has."""
        self.files.update(other.files)
        self.links.update(other.links)
        self.submodules.update(other.submodules)
        self.skipped.extend(other.skipped)

    def drop(self, path: RepoPath) -> None:
        """Forget what is under a path."""
        for entries in (self.files, self.links, self.submodules):
            entries.pop(path, None)


def decode_path(raw: bytes) -> RepoPath | None:
    """Return a path as Git stores it, or None when it is not UTF-8."""
    try:
        return RepoPath(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def undecodable(raw: bytes) -> Skipped:
    """Return the entry for a path that is not UTF-8, its odd bytes escaped."""
    return Skipped(raw.decode("utf-8", "backslashreplace"), "path is not UTF-8")


def follow_links(listing: Listing, read: Read) -> tuple[dict[RepoPath, BlobId], tuple[Skipped, ...]]:
    """Return the files with symbolic links followed, and everything skipped, sorted.

    A link to a file inside the repository is that file under a second path; a link to a directory is all its files under a second
    path, links below it included. Not followed: absolute targets, targets outside the repository or absent, and a directory that
    contains the link itself. That is reported only where Python is lost: the link is named `.py`, or the directory holds such a file.
    """
    skipped = {*listing.skipped, *(Skipped(path, SUBMODULE) for path in listing.submodules)}
    if not listing.links:
        return listing.files, tuple(sorted(skipped))
    followed = _Links(listing, read)
    followed.run()
    return followed.files, tuple(sorted({*skipped, *followed.skipped}))


class _Links:
    def __init__(self, listing: Listing, read: Read) -> None:
        self.files = dict(listing.files)
        self.skipped: list[Skipped] = []
        self._real = listing.files
        self._paths = sorted(listing.files)
        self._link_paths = sorted(listing.links)
        self._targets = {path: read(blob) for path, blob in listing.links.items()}
        self._room = _MAX_LINKED_FILES

    def run(self) -> None:
        for path in self._link_paths:
            self._follow(path, path, frozenset(ancestors_of(path)))

    def _follow(self, shown: RepoPath, link: RepoPath, above: frozenset[RepoPath]) -> None:
        """Put what `link` points at under the path `shown`; `above` are the directories that the way there went through."""
        if self._room < 0:
            return
        target = self._resolve(link)
        if target is None:
            if link.endswith(".py"):
                self.skipped.append(Skipped(shown, "symbolic link: its target is not a file of this repository"))
            return
        blob = self._real.get(target)
        if blob is not None:
            self.files.setdefault(shown, blob)
            return
        below = list(_below(self._paths, target))
        if target in above:
            if any(path.endswith(".py") for path in below):
                self.skipped.append(Skipped(shown, "symbolic link: it leads back to a directory that contains it"))
            return
        self._room -= len(below)
        if self._room < 0:
            self.skipped.append(Skipped(shown, f"symbolic link: more than {_MAX_LINKED_FILES:,} files behind links"))
            return
        cut = len(target) + 1
        for path in below:
            self.files.setdefault(join(shown, path[cut:]), self._real[path])
        for path in list(_below(self._link_paths, target)):
            self._follow(join(shown, path[cut:]), path, above.union(ancestors_of(path)))

    def _resolve(self, link: RepoPath) -> RepoPath | None:
        """Return the file or directory that a link means, free of links; None when it is none of ours."""
        done: list[str] = []
        pending = link.split("/")[::-1]
        hops = 0
        while pending:
            part = pending.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    return None
                done.pop()
                continue
            here = RepoPath("/".join([*done, part]))
            if here not in self._targets:
                done.append(part)
                continue
            hops += 1
            target = decode_path(self._targets[here] or b"")
            if hops > _MAX_HOPS or not target or target.startswith("/"):
                return None
            pending.extend(target.split("/")[::-1])
        found = RepoPath("/".join(done))
        return found if found in self._real or next(_below(self._paths, found), None) is not None else None


def _below(paths: Sequence[RepoPath], directory: RepoPath) -> Iterator[RepoPath]:
    """Yield the paths below a directory, of a sorted sequence."""
    prefix = directory + "/" if directory else ""
    for position in range(bisect_left(paths, prefix), len(paths)):
        if not paths[position].startswith(prefix):
            return
        yield paths[position]
