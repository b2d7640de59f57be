"""The trees that are no commits: the index, and the working tree as Git sees it."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pygit2
from pygit2.enums import DeltaStatus, DiffOption, FileMode
from pygit2.ffi import C, ffi

from impact.errors import RepositoryError
from impact.git.conversion import as_stored, find_conversion
from impact.git.listing import Listing, decode_path, undecodable
from impact.names import BlobId, RepoPath
from impact.report import Skipped
from impact.snapshots import FILTERED, MAX_SOURCE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Unread:
    """A file on disk whose content nobody asked for yet. `identity` is what its blob id is the hash of, in the content's place."""

    place: Path
    identity: bytes


Overlay = dict[BlobId, bytes | Unread]
"""Contents that are in no object database, by blob id."""

# Bits of an index entry (gitformat-index(5)); pygit2's IndexEntry leaves them out, as it does the undecoded path.
_STAGE_SHIFT, _STAGE_MASK = 12, 3
_ASSUME_UNCHANGED = 0x8000
_INTENT_TO_ADD = 0x2000
_SKIP_WORKTREE = 0x4000
_WORD = 0xFFFFFFFF

OURS, THEIRS = 2, 3
"""The stages of an unmerged index entry (0: merged, 1: the common ancestor)."""

# What is analysed. Only these are worth hashing when they differ from the index: an untracked data set may have any size.
_SOURCE = re.compile(r"\.(py|toml|ini|cfg)")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One entry of an index, its path undecoded. `absent_by_choice`: skip-worktree or assume-unchanged, so not on disk means nothing.

    `size` (its lower 32 bits) and `modified` (seconds, nanoseconds) are those of the file on disk when Git last found it to be as staged.
    """

    path: bytes
    blob: BlobId
    mode: int
    stage: int
    intent_to_add: bool
    absent_by_choice: bool
    size: int
    modified: tuple[int, int]

    def looks_like(self, status: os.stat_result) -> bool:
        """Tell whether a file on disk has the size and the time that Git saw. Some write no nanoseconds."""
        seconds, nanoseconds = self.modified
        time = (seconds & _WORD, nanoseconds or status.st_mtime_ns % 10**9)
        return (self.size, time) == (status.st_size & _WORD, (status.st_mtime_ns // 10**9 & _WORD, status.st_mtime_ns % 10**9))


def index_entries(index: pygit2.Index) -> Iterator[IndexEntry]:
    """Yield every entry of an index, unmerged ones included, in Git's order."""
    handle = index._index  # noqa: SLF001 - the C side is the only way to the undecoded path and the flags
    for position in range(C.git_index_entrycount(handle)):
        entry = C.git_index_get_byindex(handle, position)
        flags, extended = entry.flags, entry.flags_extended
        yield IndexEntry(
            path=ffi.string(entry.path),
            blob=BlobId(bytes(ffi.buffer(ffi.addressof(entry, "id")))),
            mode=entry.mode,
            stage=flags >> _STAGE_SHIFT & _STAGE_MASK,
            intent_to_add=bool(extended & _INTENT_TO_ADD),
            absent_by_choice=bool(flags & _ASSUME_UNCHANGED or extended & _SKIP_WORKTREE),
            size=entry.file_size,
            modified=(entry.mtime.seconds, entry.mtime.nanoseconds),
        )


def add_entry(listing: Listing, entry: IndexEntry) -> None:
    """Put an index entry where it belongs in a listing."""
    path = decode_path(entry.path)
    if path is None:
        listing.skipped.append(undecodable(entry.path))
    elif entry.mode == FileMode.COMMIT:
        listing.submodules[path] = entry.blob
    elif entry.mode == FileMode.LINK:
        listing.links[path] = entry.blob
    else:
        listing.files[path] = entry.blob


def open_index(repository: pygit2.Repository, file: Path | None = None) -> pygit2.Index:
    """Return the index as it is on disk now, or the one in another file. Raises RepositoryError when libgit2 cannot read it."""
    try:
        index: pygit2.Index = repository.index if file is None else pygit2.Index(str(file))
        index.read(force=False)
    except (pygit2.GitError, OSError) as error:
        hint = "if it is a sparse or split index: `git sparse-checkout reapply --no-sparse-index`, `git update-index --no-split-index`"
        raise RepositoryError(f"the index cannot be read: {error}", hint=hint) from error
    return index


def list_index(repository: pygit2.Repository, file: Path | None = None) -> tuple[Listing, int]:
    """Return what is staged, and how many paths are unmerged: those are taken from our side, else from theirs.

    An intent-to-add entry (`git add -N`) stages no content, so it is not listed.
    """
    listing = Listing()
    unmerged: dict[bytes, IndexEntry] = {}
    for entry in index_entries(open_index(repository, file)):
        if entry.stage == 0 and not entry.intent_to_add:
            add_entry(listing, entry)
        elif entry.stage == OURS or (entry.stage == THEIRS and entry.path not in unmerged):
            unmerged[entry.path] = entry
    for entry in unmerged.values():
        add_entry(listing, entry)
    return listing, len(unmerged)


def list_worktree(repository: pygit2.Repository, overlay: Overlay) -> Listing:
    """Return the tracked files as they are on disk and the untracked ones that Git does not ignore.

    What the index's stat cache calls clean keeps its blob id unread. Contents that differ go into `overlay`, under the id Git would
    give them (see `impact.git.conversion`); untracked files that are no source, and what is above MAX_SOURCE_BYTES, under an id made up from
    path, size and time, to be read only when asked for. An entry left out of the working tree on purpose (sparse checkout) is as staged, and so
    is what may not be read, which is skipped with the reason.

    A file under a filter driver is as staged where Git saw it like that, or where it holds what is staged. Else nobody knows without running the
    filter: it is as on disk, and skipped with the reason FILTERED.

    Raises RepositoryError when libgit2 cannot compare the index with the disk.
    """
    listing = Listing()
    changed: set[bytes] = set()
    index = open_index(repository)
    staged: dict[bytes, IndexEntry] = {}
    for entry in index_entries(index):
        if entry.stage == 0:
            add_entry(listing, entry)
            staged[entry.path] = entry
        else:
            changed.add(entry.path)
    wanted = DiffOption.INCLUDE_UNTRACKED | DiffOption.RECURSE_UNTRACKED_DIRS | DiffOption.INCLUDE_TYPECHANGE | DiffOption.IGNORE_SUBMODULES
    try:
        difference = index.diff_to_workdir(wanted)
    except (pygit2.GitError, OSError) as error:
        raise RepositoryError(f"the working tree cannot be read: {error}", hint="mend it, or compare commits: A..B") from error
    for delta in difference.deltas:
        side = delta.new_file if delta.status == DeltaStatus.UNTRACKED else delta.old_file
        changed.add(side.raw_path)
    disk = _Disk(repository, overlay, listing)
    for raw in sorted(changed):
        disk.look(raw, staged.get(raw))
    return listing


class _Disk:
    def __init__(self, repository: pygit2.Repository, overlay: Overlay, listing: Listing) -> None:
        self._repository = repository
        self._overlay = overlay
        self._listing = listing
        self._root = os.fsencode(repository.workdir)
        # Where a system has no links, Git puts files in their place that hold the target (git-config(1), core.symlinks).
        self._links_are_files = "core.symlinks" in repository.config and not repository.config.get_bool("core.symlinks")

    def look(self, raw: bytes, staged: IndexEntry | None) -> None:
        """Bring one path of the listing to what the disk says, `staged` being what the index has of it."""
        path = decode_path(raw)
        if path is None:
            odd = undecodable(raw)
            if odd not in self._listing.skipped:
                self._listing.skipped.append(odd)
            return
        if path.endswith("/"):
            self._listing.skipped.append(Skipped(path.rstrip("/"), "another Git repository inside this one"))
            return
        place = Path(os.fsdecode(self._root + raw))
        try:
            status = place.lstat()
            link = self._link(place, status, staged)
            file = self._file(path, place, status, staged) if link is None and stat.S_ISREG(status.st_mode) else None
        except (FileNotFoundError, NotADirectoryError):
            if staged is None or not staged.absent_by_choice:
                self._listing.drop(path)
            return
        except OSError as error:
            # Not to be read is not to be gone: what is staged stands in for it.
            self._listing.skipped.append(Skipped(path, f"cannot be read: {error.strerror}"))
            return
        self._listing.drop(path)
        if link is not None:
            self._listing.links[path] = link
        elif file is not None:
            self._listing.files[path] = file

    def _link(self, place: Path, status: os.stat_result, staged: IndexEntry | None) -> BlobId | None:
        if stat.S_ISLNK(status.st_mode):
            return self._keep(os.fsencode(place.readlink()))
        stands_for_one = self._links_are_files and staged is not None and staged.mode == FileMode.LINK and stat.S_ISREG(status.st_mode)
        return self._keep(place.read_bytes()) if stands_for_one else None

    def _file(self, path: RepoPath, place: Path, status: os.stat_result, staged: IndexEntry | None) -> BlobId:
        if staged is None and not _SOURCE.search(place.name):
            return self._unread(path, place, status)
        conversion = find_conversion(self._repository, path)
        if staged is not None and conversion.filtered and staged.looks_like(status):
            return staged.blob
        if status.st_size > MAX_SOURCE_BYTES:
            return self._unread(path, place, status)
        blob = self._keep(as_stored(conversion, place.read_bytes(), partial(self._stored, staged)))
        if conversion.filtered and _SOURCE.search(place.name) and (staged is None or blob != staged.blob):
            self._listing.skipped.append(Skipped(path, FILTERED))
        return blob

    def _unread(self, path: RepoPath, place: Path, status: os.stat_result) -> BlobId:
        identity = f"unread\0{path}\0{status.st_size}\0{status.st_mtime_ns}".encode()
        blob = BlobId(pygit2.hash(identity).raw)
        self._overlay[blob] = Unread(place, identity)
        return blob

    def _stored(self, staged: IndexEntry | None) -> bytes | None:
        try:
            return None if staged is None else self._repository.odb.read(pygit2.Oid(raw=staged.blob))[1]
        except (pygit2.GitError, KeyError):
            return None

    def _keep(self, content: bytes) -> BlobId:
        blob = BlobId(pygit2.hash(content).raw)
        self._overlay[blob] = content
        return blob
