"""Breaks that the configuration takes for a while: left out of a report, with a note; what was accepted until a day that is over counts again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from impact.report import Report
from impact.settings import Acceptance


def accept(report: Report, accepted: Iterable[Acceptance], today: str) -> Report:
    """Return a report without the tests that break by nothing but accepted things. `today` is in ISO 8601."""
    accepted = tuple(accepted)
    if not accepted or not report.breaks:
        return report
    changes = {change.id: change.old for change in report.changes}
    names = {one.id: {one.target, changes.get(one.change or "", one.target)} for one in report.breaks}
    notes = list(report.notes)
    taken: dict[str, Acceptance] = {}
    for entry in accepted:
        covered = [one for one, targets in names.items() if any(map(entry.covers, targets))]
        if covered and entry.expired(today):
            notes.append(f"accepted until {entry.until}, and that is over: {entry.target} ({entry.reason})")
        elif covered:
            taken.update(dict.fromkeys(covered, entry))
    dropped = [test for test in report.tests if test.breaks and taken.keys() >= set(test.breaks)]
    for entry in dict.fromkeys(taken.values()):
        count = len({test.path for test in dropped if any(taken[one] is entry for one in test.breaks)})
        until = f" until {entry.until}" if entry.until else ""
        notes.append(f"accepted{until}, not counted: {entry.target} ({entry.reason}), {count} test {'file' if count == 1 else 'files'}")
    return replace(report, tests=tuple(test for test in report.tests if test not in dropped), notes=tuple(notes))
