"""A merge queue, judged before it runs: each candidate on top of the base and of those before it that can land."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from impact.report import Report, Verdict

Judge = Callable[[Sequence[str], str], Report]
"""Judges a candidate (second) on top of the base with some others (first) merged into it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place in the queue.

    `meets`: with which of those before it it cannot land, each of the two alone; empty where it lands, where it breaks `alone`, and where
    only several together are too much for it.
    """

    name: str
    report: Report
    lands: bool
    alone: bool = False
    meets: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"name": self.name, "lands": self.lands, "alone": self.alone, "meets": list(self.meets), "report": self.report.to_dict()}


def judge_queue(names: Sequence[str], judge: Judge, fail_on: Collection[Verdict]) -> tuple[Candidate, ...]:
    """Return what becomes of each candidate, in order.

    One that cannot land (a verdict of `fail_on`, or files that Git cannot merge) is left out for those behind it, as a queue does.
    """
    found: list[Candidate] = []
    landed: list[str] = []
    for name in names:
        report = judge(landed, name)
        if not _fails(report, fail_on):
            found.append(Candidate(name, report, lands=True))
            landed.append(name)
        elif not landed or _fails(judge((), name), fail_on):
            found.append(Candidate(name, report, lands=False, alone=True))
        else:
            meets = tuple(other for other in landed if _fails(judge((other,), name), fail_on))
            found.append(Candidate(name, report, lands=False, meets=meets))
    return tuple(found)


def _fails(report: Report, fail_on: Collection[Verdict]) -> bool:
    return bool(report.conflicts) or any(report.count(verdict) for verdict in fail_on)
