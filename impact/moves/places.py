"""The places where a thing may be now, and which of them speaks for itself.

Two places for which the same speaks are a tie: both are shown, neither is sure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from impact.names import RepoPath
from impact.report import Certainty, Evidence

# Places whose scores are nearer to each other than this are a tie.
GAP = 15
# The kind of evidence for a place to which the change itself leads importers.
REWRITTEN = "rewritten"
_ORDER = tuple(Certainty)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing may be now: `name` reads `pkg.mod` or `pkg.mod:Symbol`, `path` is the file (None: it comes from outside the repository)."""

    name: str
    path: RepoPath | None
    certainty: Certainty
    score: int
    reasons: tuple[Evidence, ...]

    @property
    def is_rewritten(self) -> bool:
        """Whether the change itself leads importers there."""
        return any(reason.kind == REWRITTEN for reason in self.reasons)


def named(module: str, name: str) -> str:
    """Return how a symbol of a module reads, or the module where the name is empty."""
    return f"{module}:{name}" if name else module


def ranked(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return places, the likeliest first, each once. Sure places that differ are a tie, in which none of them is sure."""
    merged: dict[str, Place] = {}
    for place in places:
        known = merged.get(place.name)
        if known is None:
            merged[place.name] = place
        else:
            best = min(known.certainty, place.certainty, key=_ORDER.index)
            reasons = tuple(dict.fromkeys((*known.reasons, *place.reasons)))
            merged[place.name] = Place(place.name, known.path or place.path, best, max(known.score, place.score), reasons)
    ordered = sorted(merged.values(), key=lambda place: (not place.is_rewritten, _ORDER.index(place.certainty), -place.score, place.name))
    if not ordered:
        return ()
    first, *others = ordered
    tie = [place for place in others if place.certainty is first.certainty is Certainty.CERTAIN and first.score - place.score < GAP]
    if first.is_rewritten or not tie:
        return (first, *(at_most(Certainty.LIKELY, place) for place in others))
    return tuple(at_most(Certainty.LIKELY, place) for place in ordered)


def settled(places: tuple[Place, ...]) -> Place | None:
    """Return the place that speaks for itself; None where there is none, or where two are as likely."""
    if len(places) < 2:
        return places[0] if places else None
    first, second = places[:2]
    tie = not first.is_rewritten and first.certainty is second.certainty and first.score - second.score < GAP
    return None if tie else first


def at_most(certainty: Certainty, place: Place) -> Place:
    """Return a place that is no surer than this."""
    return replace(place, certainty=max(certainty, place.certainty, key=_ORDER.index))
