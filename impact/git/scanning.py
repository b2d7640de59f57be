"""Reading and scanning many blobs on all processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

import pygit2

from impact.names import BlobId
from impact.progress import Progress
from impact.scan import scan
from impact.snapshots import MAX_SOURCE_BYTES

# Below this many blobs a second process costs more than it saves.
_FEW = 600
_PART = 400

Read = Callable[[BlobId], bytes | None]


def scan_blobs(git_directory: str, read: Read, blobs: Sequence[BlobId], progress: Progress) -> Mapping[BlobId, str | None]:
    """Return the scan of each blob as lines, None for one that is missing or too large to be written by people.

    An open repository cannot travel to another process, so each opens `git_directory` anew; what they do not find there (the contents
    of a working tree, of a merge in memory) is asked of `read`.
    """
    found: dict[BlobId, str | None] = {}
    processes = min(os.cpu_count() or 1, 8)
    if len(blobs) >= _FEW and processes > 1:
        try:
            found = _scan_in_parallel(git_directory, blobs, processes, progress)
        except (BrokenProcessPool, OSError):
            found = {}  # no processes to be had here: one by one, then
    for blob in blobs:
        if found.get(blob) is None:
            found[blob] = _scanned(read(blob))
    return found


def _scan_in_parallel(git_directory: str, blobs: Sequence[BlobId], processes: int, progress: Progress) -> dict[BlobId, str | None]:
    found: dict[BlobId, str | None] = {}
    parts = [blobs[start : start + _PART] for start in range(0, len(blobs), _PART)]
    with ProcessPoolExecutor(processes, initializer=_start, initargs=(git_directory,)) as pool:
        for future in as_completed([pool.submit(_scan_part, part) for part in parts]):
            found.update(future.result())
            progress("reading sources", len(found), len(blobs))
    return found


_store: pygit2.Odb | None = None


def _start(git_directory: str) -> None:
    global _store  # noqa: PLW0603  # the one object store of this worker process
    _store = pygit2.Repository(git_directory).odb


def _scan_part(blobs: Sequence[BlobId]) -> dict[BlobId, str | None]:
    assert _store is not None  # set when the process started
    found: dict[BlobId, str | None] = {}
    for blob in blobs:
        try:
            found[blob] = _scanned(_store.read(pygit2.Oid(raw=blob))[1])
        except (pygit2.GitError, KeyError, ValueError):
            found[blob] = None
    return found


def _scanned(data: bytes | None) -> str | None:
    return None if data is None or len(data) > MAX_SOURCE_BYTES else "\n".join(scan(data))
