"""Results that are kept in the cache under a fingerprint of all that they depend on: the same question again costs a look.

A result depends on what was asked, the settings, the code and the Python that answer, and, where something is accepted until a date, on the day.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from impact.cli.options import today
from impact.names import BlobId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from impact.report import Skipped
    from impact.settings import Settings
    from impact.sources import Cache

# A result above this many characters would push everything else out of the cache.
_LARGEST = 16_000_000
# Settings that say what becomes of a result, not what is in it.
_OF_THE_COMMAND = frozenset({"base", "fail_on", "output_format"})


def fingerprint(settings: Settings, *parts: object) -> BlobId:
    """Return what names a result that depends on some parts (whose `repr` is the same in every process) and on the settings."""
    decided = [(field.name, _plain(getattr(settings, field.name))) for field in fields(settings) if field.name not in _OF_THE_COMMAND]
    whole = (parts, decided, today(), sys.version_info, _code())
    return BlobId(sha256(repr(whole).encode("utf-8", "surrogateescape")).digest())


def keep(cache: Cache, kind: str, key: BlobId, text: str, skipped: Iterable[Skipped]) -> None:
    """Keep a result, unless it is huge, or a blob was missing: that may be there the next time."""
    if len(text) <= _LARGEST and not any("object store" in one.reason for one in skipped):
        cache.put_many(kind, {key: text})


def _plain(value: object) -> object:
    """Return a value whose `repr` is the same in every process."""
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _code() -> list[tuple[str, int, int]]:
    """Return what tells one state of this program from another."""
    package = Path(__file__).parent.parent
    found = ((path.relative_to(package).as_posix(), path.stat()) for path in sorted(package.rglob("*.py")))
    return [(name, stat.st_size, stat.st_mtime_ns) for name, stat in found]
