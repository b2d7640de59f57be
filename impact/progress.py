"""How the stages tell how far they are. What is drawn, and whether, is the business of the entry point."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by a stage as it goes on. `total` is 0 where it is not known yet; calls are cheap and may be many."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say that `done` of `total` steps of `stage` are over."""


def silent(stage: str, done: int, total: int) -> None:
    """Draw nothing."""
