"""Reading, scanning and parsing many blobs on all processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

import pygit2

from impact.names import BlobId
from impact.programs.encoding import dump
from impact.programs.syntax import parse
from impact.progress import Progress
from impact.scan import scan_text
from impact.snapshots import is_legible

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_Result = TypeVar("_Result")
Read = Callable[[BlobId], bytes | None]


class Workers:
    """As many processes as there are processors, started when there is enough to do and kept until the program ends.

    An open repository cannot travel to another process, so each opens `git_directory` anew; what they do not find there (the contents
    of a working tree, of a merge in memory) is asked of `read`.
    """

    def __init__(self, git_directory: str, read: Read) -> None:
        self._git_directory = git_directory
        self._read = read
        self._processes = min(os.cpu_count() or 1, 8)
        self._pool: ProcessPoolExecutor | None = None

    def scan(self, blobs: Sequence[BlobId], progress: Progress) -> Mapping[BlobId, str | None]:
        """Return the scan of each blob as lines, None for one that cannot be read."""
        return self._each(scan_text, blobs, partial(progress, "reading sources"), few=600, part=400)

    def parse(self, blobs: Sequence[BlobId], progress: Progress) -> Mapping[BlobId, tuple[str, str] | None]:
        """Return the program and the outline of each blob as `program.dump` writes them, None for one that cannot be read."""
        return self._each(_parsed, blobs, partial(progress, "parsing"), few=20, part=max(4, min(20, len(blobs) // 8)))

    def _each(
        self, work: Callable[[bytes], _Result | None], blobs: Sequence[BlobId], progress: Callable[[int, int], None], *, few: int, part: int
    ) -> dict[BlobId, _Result | None]:
        """Do some work for each blob; below `few` blobs a second process costs more than it saves."""
        found: dict[BlobId, _Result | None] = {}
        if len(blobs) >= few and self._processes > 1:
            # A run that finds everything in the cache does without.
            from concurrent.futures import ProcessPoolExecutor, as_completed  # noqa: PLC0415
            from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

            try:
                if self._pool is None:
                    self._pool = ProcessPoolExecutor(self._processes, initializer=_start, initargs=(self._git_directory,))
                parts = [blobs[start : start + part] for start in range(0, len(blobs), part)]
                for future in as_completed([self._pool.submit(partial(_work, work), one) for one in parts]):
                    found.update(future.result())
                    progress(len(found), len(blobs))
            except (BrokenProcessPool, OSError):
                found = {}  # no processes to be had here: one by one, then
        for blob in blobs:
            if found.get(blob) is None:
                found[blob] = _done(work, self._read(blob))
        return found


_store: pygit2.Odb | None = None


def _start(git_directory: str) -> None:
    global _store  # noqa: PLW0603  # the one object store of this worker process
    _store = pygit2.Repository(git_directory).odb
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it does, however that ends: a worker that waits for work would never hear of a signal that killed it."""
    from multiprocessing import parent_process  # noqa: PLC0415  # in a worker it is there

    parent = parent_process()
    assert parent is not None  # this is a worker process
    parent.join()
    os._exit(1)


def _work(work: Callable[[bytes], _Result | None], blobs: Sequence[BlobId]) -> dict[BlobId, _Result | None]:
    assert _store is not None  # set when the process started
    found: dict[BlobId, _Result | None] = {}
    for blob in blobs:
        try:
            data = _store.read(pygit2.Oid(raw=blob))[1]
        except (pygit2.GitError, KeyError, ValueError):
            data = None
        found[blob] = _done(work, data)
    return found


def _done(work: Callable[[bytes], _Result | None], data: bytes | None) -> _Result | None:
    return work(data) if data is not None and is_legible(data) else None


def _parsed(data: bytes) -> tuple[str, str] | None:
    program, outline = parse(data)
    try:
        return dump(program), dump(outline)
    except RecursionError:
        return None  # nested too deep to be written down
