"""Snapshots drawn as `{path: source}`, without any Git behind them."""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING

from impact.names import BlobId, RepoPath
from impact.report import End
from impact.snapshots import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def draw_snapshot(files: Mapping[str, str | bytes]) -> tuple[Snapshot, Callable[[RepoPath], bytes | None]]:
    """Return the snapshot that holds these files, and the reader of their contents. Blob ids are Git's own."""
    contents = {RepoPath(path): source.encode() if isinstance(source, str) else source for path, source in files.items()}
    ids = {path: BlobId(sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).digest()) for path, data in contents.items()}
    return Snapshot(End("drawn", None), ids), contents.get
