"""What the user decides, as the analysis takes it; where it is read from is `config`'s business."""

from __future__ import annotations

from dataclasses import dataclass

from impact.report import Verdict


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user decides. Paths are POSIX, relative to the repository root; `.` is the root itself.

    `output_format` is a name as it was given: whoever renders knows which ones there are.
    """

    fail_on: frozenset[Verdict] = frozenset({Verdict.COLLECTION_ERROR, Verdict.RUNTIME_ERROR})
    base: str | None = None
    source_roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    python_version: tuple[int, int] | None = None
    output_format: str = "text"
