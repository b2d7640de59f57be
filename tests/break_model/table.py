"""All rows, and those of them that the prediction does not meet yet."""

from __future__ import annotations

from break_model import (
    attributes,
    calls,
    collected,
    cycles,
    deferred,
    dropped,
    entrances,
    fallbacks,
    guards,
    imports,
    instances,
    layouts,
    marks,
    moves,
    names,
    parameters,
    reexports,
    serving,
    strings,
    wiring,
)

ROWS = (
    *imports.ROWS,
    *names.ROWS,
    *reexports.ROWS,
    *cycles.ROWS,
    *serving.ROWS,
    *dropped.ROWS,
    *entrances.ROWS,
    *collected.ROWS,
    *guards.ROWS,
    *fallbacks.ROWS,
    *wiring.ROWS,
    *layouts.ROWS,
    *moves.ROWS,
    *deferred.ROWS,
    *strings.ROWS,
    *attributes.ROWS,
    *instances.ROWS,
    *marks.ROWS,
    *calls.ROWS,
    *parameters.ROWS,
)

_REASONS = {
    "a submodule counts as an attribute of its package, imported or not": ("submodule-that-the-package-no-longer-imports",),
    "one name for two files is not seen": ("same-helper-twice",),
    "tests outside of testpaths are reported": ("test-outside-of-testpaths",),
    "a test that failed before by its own assertion is not known to have failed": ("failing-before-for-another-reason",),
}

PENDING = {row: reason for reason, rows in _REASONS.items() for row in rows}
"""Rows that pytest confirms and the prediction does not meet yet, with what is missing. Strict: a row that starts to pass has to leave."""
