"""The cache: what was read out of blobs, by blob id, in one SQLite file in the user's cache folder.

A blob id names its bytes for ever, and the kind of a text carries the version of the code that made it: nothing is ever stale. Whatever
goes wrong here (no folder, read-only, locked, corrupt, another version) means recompute, never an error.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from impact.names import BlobId

# The shape of the file. A file of another version is left alone: its name carries the number.
CACHE_VERSION = 1
ENVIRONMENT = "IMPACT_CACHE_DIR"

MAX_BYTES = 512 * 1024 * 1024
# Above the bound, everything older than the newest part that fits in this share of it goes.
_KEPT_SHARE = 0.7
_BUSY_SECONDS = 2.0
# A row of more than about a fifth of a page goes on in pages of its own (SQLite's file format, "Cell payload overflow pages").
_WEIGHTS = """
    SELECT used, SUM(CASE WHEN bytes > 800 THEN (bytes / 4088 + 1) * 4096 + 1100 ELSE bytes + 200 END)
    FROM (SELECT used, LENGTH(CAST(text AS BLOB)) AS bytes FROM kept) GROUP BY used ORDER BY used DESC
"""
_CHUNK = 500


def cache_file() -> Path | None:
    """Return where the cache is kept, None when this user has no folder for it."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named) / f"impact-{CACHE_VERSION}.sqlite"
    import platformdirs  # noqa: PLC0415  # only where no folder is named

    with suppress(OSError, RuntimeError):
        return Path(platformdirs.user_cache_dir("git-impact", appauthor=False)) / f"impact-{CACHE_VERSION}.sqlite"
    return None


def open_cache(enabled: bool) -> Cache:
    """Open the user's cache; `enabled` false gives one that keeps nothing."""
    return Cache(cache_file() if enabled else None)


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


class Cache:
    """Texts by kind and blob id. Use it as a context manager: what was put is written when it closes."""

    def __init__(self, path: Path | None, *, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self.note = "disabled" if path is None else str(path)
        self._connection = self._open() if path is not None else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def get(self, kind: str, blob: BlobId) -> str | None:
        """Return what was kept, or None."""
        return self.get_many(kind, (blob,)).get(blob)

    def get_many(self, kind: str, blobs: Iterable[BlobId]) -> dict[BlobId, str]:
        """Return what was kept of several blobs."""
        wanted = set(blobs)
        if self._connection is None or not wanted:
            return {}
        found: dict[BlobId, str] = {}
        try:
            if len(wanted) > _CHUNK * 4:
                rows = self._connection.execute("SELECT blob, text FROM kept WHERE kind = ?", (kind,))
                found = {BlobId(blob): text for blob, text in rows if blob in wanted and type(text) is str}
            else:
                todo = list(wanted)
                for start in range(0, len(todo), _CHUNK):
                    part = todo[start : start + _CHUNK]
                    marks = ",".join("?" * len(part))
                    query = f"SELECT blob, text FROM kept WHERE kind = ? AND blob IN ({marks})"  # noqa: S608  # question marks alone
                    rows = self._connection.execute(query, (kind, *part))
                    found.update((BlobId(blob), text) for blob, text in rows if type(text) is str)
        except (sqlite3.Error, OverflowError) as error:
            self._give_up()
            self._discard(error)
            return {}
        return found

    def put_many(self, kind: str, texts: Mapping[BlobId, str]) -> None:
        """Keep texts; declines silently when it cannot."""
        if self._connection is None or not texts:
            return
        now = int(time.time())
        try:
            with self._connection:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO kept (kind, blob, text, used) VALUES (?, ?, ?, ?)",
                    ((kind, blob, text, now) for blob, text in sorted(texts.items())),
                )
        except (sqlite3.Error, UnicodeError, OverflowError):
            self._give_up()

    def close(self) -> None:
        """Keep the file within its bound and let go of it."""
        if self._connection is None:
            return
        with suppress(sqlite3.Error):
            self._shrink(self._connection)
        self._give_up()

    def _open(self) -> sqlite3.Connection | None:
        assert self.path is not None
        for attempt in (1, 2):
            connection = None
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS)
                # Text that is not UTF-8 is damage like any other: it comes back as text that nobody can use.
                connection.text_factory = _decoded
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("CREATE TABLE IF NOT EXISTS kept (kind TEXT, blob BLOB, text TEXT, used INTEGER, PRIMARY KEY (kind, blob)) WITHOUT ROWID")
                connection.execute("SELECT kind, blob, text, used FROM kept LIMIT 1").fetchone()
            except sqlite3.DatabaseError as error:
                if connection is not None:
                    connection.close()
                broken = not isinstance(error, sqlite3.OperationalError) or "no such column" in str(error)
                if attempt == 1 and broken:
                    # Not a database, or not ours: another run recomputes what it held.
                    with suppress(OSError):
                        self.path.unlink()
                        continue
                self.note = f"not used: {error}"
                return None
            except OSError as error:
                self.note = f"not used: {error.strerror or error}"
                return None
            else:
                return connection
        return None

    def _discard(self, error: Exception) -> None:
        """Remove a file that is damaged; one that is only locked or cannot be read is left alone."""
        if self.path is not None and isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            with suppress(OSError):
                self.path.unlink()

    def _give_up(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _shrink(self, connection: sqlite3.Connection) -> None:
        ((pages,),) = connection.execute("PRAGMA page_count").fetchall()
        ((size,),) = connection.execute("PRAGMA page_size").fetchall()
        if pages * size <= self._max_bytes:
            return
        kept, oldest = 0, 0
        for used, weight in connection.execute(_WEIGHTS):
            kept += weight
            if kept > self._max_bytes * _KEPT_SHARE:
                oldest = used
                break
        with connection:
            connection.execute("DELETE FROM kept WHERE used <= ? AND used < (SELECT MAX(used) FROM kept)", (oldest,))
        connection.execute("VACUUM")
