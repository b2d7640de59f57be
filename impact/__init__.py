"""Which tests does this change break, why, and what is the fix: before it merges.

The line, from `git diff` to the report:

    revisions     a range as Git writes it, or as it is asked for    `revisions`, `git`
    snapshots     path → blob, on both sides; nothing checked out    `snapshots`
    discovery     source roots, pytest's settings, test files        `discovery`
    scan          what every file may import: bytes → lines          `scan`; `modules`, `mentions`: who names whom
    programs      what a file does when it runs, names alone         `programs`; `sources` reads and keeps them
    execution     imports and calls, played on both ends             `execution`
    breaks        outward from what changed, while something is lost `breaks`
    verdicts      what that does to each test                        `verdicts`
    moves         where things went, and what to write instead       `moves`; `mending`, `shims`: the patch
    history       which commit took a thing away, its whole life     `history`, `commits`
    report        one frozen value                                   `reporting`, `report`
    render        the report's dict, in every format                 `render`

A package says in its docstring how its modules follow each other. `analysis` is the table of contents for two revisions, `inspections` for one.

The words: a *module* is a dotted name and the file that provides it; a *symbol* a name bound at a module's top level, or a member of such
a class; a *reference* a place that names one of them; a *change* one of them deleted, renamed or moved between base and head; a *break* a
reference that does not resolve at head and did at base (or is new: *born broken*). An importer imports what is imported: never source and
target.

    from impact import analyze, Report, ImpactError
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impact.errors import ImpactError
from impact.report import Report

if TYPE_CHECKING:
    from impact.analysis import analyze

__all__ = ["ImpactError", "Report", "analyze"]


def __getattr__(name: str) -> object:
    """Import the pipeline when it is asked for: the command line starts without it (PEP 562)."""
    if name == "analyze":
        from impact.analysis import analyze  # noqa: PLC0415

        return analyze
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
