"""A snapshot: what a revision holds for us. Values and the ports through which the core reads; `git.py` makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from impact.commits import History
from impact.names import BlobId, RepoPath, ancestors_of
from impact.progress import Progress
from impact.report import End, Skipped
from impact.revisions.ranges import Range

# Sources above this size are not scanned: they are data or generated, and one of them would cost more than the rest of the run.
MAX_SOURCE_BYTES = 8_000_000

# What is stored in place of a content that is kept elsewhere or under a key: pointers of Git LFS, files of git-crypt.
_STAND_INS = (b"version https://git-lfs.github.com/spec/", b"\0GITCRYPT\0")

SUBMODULE = "submodule: not part of this repository"
"""Why nothing below a path is listed that may well hold files once it is checked out."""

FILTERED = "its filter is not run: taken as it is on disk"
"""Why a file of the working tree may not be what Git would store of it."""


def is_legible(data: bytes | None) -> bool:
    """Tell whether a blob is here, is no larger than what people write, and is the content itself, as a checkout would have it.

    >>> is_legible(b"import a"), is_legible(b"version https://git-lfs.github.com/spec/v1"), is_legible(None)
    (True, False, False)
    """
    return data is not None and len(data) <= MAX_SOURCE_BYTES and not data.startswith(_STAND_INS)


@dataclass(frozen=True)
class Snapshot:
    """The files of one revision: path → blob id.

    Symbolic links inside the repository are already followed (a linked file or directory appears under both paths);
    submodules hold nothing of ours. What could not be listed is in `skipped`, what is only there through a link also in `linked`; `links`
    are all the links themselves, wherever they lead.
    """

    end: End
    files: Mapping[RepoPath, BlobId]
    skipped: tuple[Skipped, ...] = field(default=())
    linked: frozenset[RepoPath] = field(default=frozenset())
    links: frozenset[RepoPath] = field(default=frozenset())

    @cached_property
    def directories(self) -> frozenset[RepoPath]:
        """Every directory that holds a file, the root included."""
        seen: set[RepoPath] = {RepoPath("")}
        for path in self.files:
            directory = path.rpartition("/")[0]
            while directory not in seen:
                seen.add(RepoPath(directory))
                directory = directory.rpartition("/")[0]
        return frozenset(seen)

    @cached_property
    def submodules(self) -> tuple[RepoPath, ...]:
        """Where other repositories are put when this one is checked out with them."""
        return tuple(RepoPath(one.path) for one in self.skipped if one.reason == SUBMODULE)

    @cached_property
    def filtered(self) -> tuple[RepoPath, ...]:
        """The files of which nobody knows what Git would store."""
        return tuple(RepoPath(one.path) for one in self.skipped if one.reason == FILTERED)

    def has_room(self, path: RepoPath, before: Snapshot) -> bool:
        """Tell whether a module can be put back where `before` has it: no other file or folder is that module by now, nor is anything above it a file,
        a link or a submodule.
        """
        package = path.endswith("/__init__.py")
        folder = path.removesuffix(".py")
        rival = RepoPath(f"{path.removesuffix('/__init__.py')}.py" if package else f"{folder}/__init__.py")
        if rival in self.files and rival not in before.files:
            return False
        if path not in self.files and folder in self.directories and folder not in before.directories:
            return False
        above = ancestors_of(path)
        return self.files.keys().isdisjoint(above) and not any(one in self.links or one in self.submodules for one in (*above, path))

    def nearest(self, path: str, holds: Callable[[RepoPath], bool]) -> RepoPath | None:
        """Return the deepest directory above `path` for which `holds` is true."""
        return next((directory for directory in reversed(ancestors_of(path)) if holds(directory)), None)


@dataclass(frozen=True, slots=True)
class Rename:
    """A file that Git's similarity follows from base to head. `similarity` is in percent."""

    old: RepoPath
    new: RepoPath
    similarity: int


@dataclass(frozen=True, slots=True)
class Sides:
    """What a merge in memory is made of: ours is the base of the comparison, `theirs` what was merged into it.

    `fork` is the id of their merge base, `our_tips` and `their_tips` those of the commits that they stand on (the working tree and the index:
    HEAD). `conflicts` are the paths that Git cannot merge by itself, sorted; they are as in theirs.
    """

    fork: str
    our_tips: tuple[str, ...]
    their_tips: tuple[str, ...]
    theirs: Snapshot
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The two snapshots that are held against each other. `sides`: head is the merge, made in memory, of two ends that diverged."""

    base: Snapshot
    head: Snapshot
    sides: Sides | None = None
    notes: tuple[str, ...] = ()

    @property
    def merged(self) -> bool:
        """Whether head is a merge made in memory."""
        return self.sides is not None


class Repository(Protocol):
    """What the core needs of Git."""

    def read(self, blob: BlobId) -> bytes | None:
        """Return the content of a blob, or None when the object store lacks it (partial clone, damage)."""

    def read_many(self, blobs: Iterable[BlobId]) -> Mapping[BlobId, bytes | None]:
        """Return the contents of several blobs."""

    def scan(self, blobs: Sequence[BlobId], progress: Progress) -> Mapping[BlobId, str | None]:
        """Return the scan of each blob as lines (`impact.scan`), None for one that cannot be read."""

    def parse(self, blobs: Sequence[BlobId], progress: Progress) -> Mapping[BlobId, tuple[str, str] | None]:
        """Return the program and the outline of each blob (`impact.programs.encoding.dump`), None for one that cannot be read."""

    def renames(self, comparison: Comparison) -> tuple[Rename, ...]:
        """Return the files that Git's similarity follows, sorted by old path; a file that exists at both ends is none."""

    def history(self, tips: Sequence[str], *, without: str | None = None) -> History:
        """Return the commits that revisions reach, those left out that `without` reaches. Raises RevisionError for one that is no commit."""

    def tips(self) -> tuple[str, ...]:
        """Return the full names of all branches and tags that lead to a commit, sorted."""

    def resolve(self, request: Range, base: str | None = None, *, merge: bool = True) -> Comparison:
        """Return the two snapshots that a range names. Raises RevisionError."""

    def edited(self, snapshot: Snapshot, contents: Mapping[RepoPath, bytes]) -> Snapshot:
        """Return a snapshot with some files changed or added, which `read` knows from then on."""
