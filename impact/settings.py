"""What the user decides, as the analysis takes it; where it is read from is `config`'s business."""

from __future__ import annotations

from dataclasses import dataclass

from impact.report import Verdict


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A break that is taken for a while: what is missing (`pkg.mod`, with all in it, or `pkg.mod:Symbol`), why, and the last day, `2026-01-31`."""

    target: str
    reason: str
    until: str | None = None

    def covers(self, target: str) -> bool:
        """Tell whether something missing is meant.

        >>> Acceptance("pkg.mod", "later").covers("pkg.mod:X"), Acceptance("pkg.mod", "later").covers("pkg.model")
        (True, False)
        """
        return target == self.target or target.startswith((f"{self.target}.", f"{self.target}:"))

    def expired(self, today: str) -> bool:
        """Tell whether the last day is over; days in ISO 8601 compare as text."""
        return self.until is not None and self.until < today


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
    accepted: tuple[Acceptance, ...] = ()
