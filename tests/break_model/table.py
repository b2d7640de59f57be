"""All rows, and those of them that the prediction does not meet yet."""

from __future__ import annotations

from break_model import calls, deferred, fallbacks, guards, imports, layouts, marks, moves, names, parameters, reexports, wiring

ROWS = (
    *imports.ROWS,
    *names.ROWS,
    *reexports.ROWS,
    *guards.ROWS,
    *fallbacks.ROWS,
    *wiring.ROWS,
    *layouts.ROWS,
    *moves.ROWS,
    *deferred.ROWS,
    *marks.ROWS,
    *calls.ROWS,
    *parameters.ROWS,
)

_REASONS = {
    "a submodule counts as an attribute of its package, imported or not": ("submodule-that-the-package-no-longer-imports",),
    "what a module exports is not compared": ("all-built-from-another",),
    "an export that nobody binds is tolerated, or nobody looks": ("all-names-a-deleted-submodule",),
    "a new module that shadows another is not seen": ("module-of-tests-shadows-production-code",),
    "a package that is unmade is not seen by its relative imports": ("relative-import-in-a-module-that-lost-its-package",),
    "one name for two files is not seen": ("same-helper-twice",),
    "tests outside of testpaths are reported": ("test-outside-of-testpaths",),
    "a test that failed before by its own assertion is not known to have failed": ("failing-before-for-another-reason",),
    "a condition that a name stands for is not followed": ("fallback-and-a-skip-that-asks-another-name", "fallback-and-skipif-by-name"),
    "warnings that are errors are not raised": ("shim-that-warns-where-warnings-are-errors",),
}

PENDING = {row: reason for reason, rows in _REASONS.items() for row in rows}
"""Rows that pytest confirms and the prediction does not meet yet, with what is missing. Strict: a row that starts to pass has to leave."""
