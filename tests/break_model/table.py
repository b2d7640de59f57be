"""All rows, and those of them that the prediction does not meet yet."""

from __future__ import annotations

from break_model import deferred, guards, imports, layouts, moves, names, reexports, wiring

ROWS = (*imports.ROWS, *names.ROWS, *reexports.ROWS, *guards.ROWS, *wiring.ROWS, *layouts.ROWS, *moves.ROWS, *deferred.ROWS)

_REASONS = {
    "a name that the package binds later on by this very import counts as bound": ("package-imports-its-deleted-submodule",),
    "a submodule counts as an attribute of its package, imported or not": ("submodule-that-the-package-no-longer-imports",),
    "who imports a module through another one is not asked": (
        "attribute-of-a-module-that-a-helper-imports",
        "attribute-of-a-module-behind-a-helper",
        "attribute-through-a-re-exported-module",
    ),
    "a function that fails is not followed into the module that calls it while it is imported": ("import-in-a-function-that-the-module-calls",),
    "what a module exports is not compared": (
        "name-left-out-of-all",
        "all-appears",
        "all-built-by-adding",
        "all-built-from-another",
        "star-that-brings-what-an-import-brought",
    ),
    "an export that nobody binds is tolerated, or nobody looks": ("all-names-a-deleted-submodule", "all-with-a-name-nobody-binds"),
    "what a lazy table serves is not compared, and not followed": (
        "lazy-table-loses-the-name",
        "lazy-table-loses-the-attribute",
        "lazy-table-whose-module-is-deleted",
        "lazy-table-whose-name-is-deleted",
        "lazy-table-deleted",
    ),
    "cycles of imports are played leniently": (
        "cycle-whose-import-moves-up",
        "cycle-made-by-a-new-import",
        "cycle-through-the-package",
        "cycle-that-reads-an-attribute",
        "cycle-with-a-deleted-name",
    ),
    "the repository root counts as importable, whoever puts it on the path": (
        "insertion-dropped",
        "pythonpath-dropped",
        "pythonpath-pointed-elsewhere",
        "source-moved-without-its-pythonpath",
        "settings-replaced-by-settings-that-win",
        "root-conftest-deleted",
        "package-of-tests-goes",
        "package-of-tests-brought-the-root",
    ),
    "a new module that shadows another is not seen": ("module-of-tests-shadows-production-code",),
    "a package that is unmade is not seen by its relative imports": ("relative-import-in-a-module-that-lost-its-package",),
    "a symbol that a namespace package lacks counts as foreign": ("regular-package-becomes-a-namespace-and-loses-a-name",),
    "one name for two files is not seen": ("same-helper-twice",),
    "tests outside of testpaths are reported": ("test-outside-of-testpaths",),
    "markers are not checked": (
        "marker-unregistered-under-strict-markers",
        "strict-markers-turned-on",
        "marker-as-pytestmark",
        "new-marker-that-is-not-registered",
    ),
    "sources are parsed, not compiled": ("return-outside-of-a-function", "keyword-as-a-parameter-twice"),
    "a test that failed before by its own assertion is not known to have failed": ("failing-before-for-another-reason",),
    "the default of a lambda is not read": ("default-argument-of-a-lambda",),
    "a class that lost what it inherited is not asked about": ("member-inherited-from-a-base",),
    "instances are not followed": (
        "attribute-of-an-instance",
        "method-of-an-instance-in-a-test",
        "method-of-a-fresh-instance-in-a-test",
        "production-method",
        "member-of-a-base-of-the-test-class",
    ),
    "members of an enumeration are not followed": ("member-of-an-enumeration",),
    "signatures are not compared": (
        "keyword-that-is-no-longer-accepted",
        "argument-that-became-required",
        "field-of-a-dataclass",
        "keyword-of-a-function",
        "argument-of-a-function-that-became-required",
    ),
    "tests and set-ups that are inherited or imported are not followed": (
        "test-inherited-from-a-base-that-fails",
        "test-imported-from-another-file",
        "unittest-base-with-the-set-up",
    ),
    "a module that fails is not followed into a body that imports it": ("import-in-a-test-of-production-code-that-fails",),
    "a reference that a body adds to nothing is not seen": ("born-broken-in-a-test",),
    "a name relative to a package is not found by the scan": ("import-by-relative-name-at-module-level", "import-by-relative-name-in-a-test"),
    "dynamic names are not followed": ("import-by-parametrized-names", "resolve-name-in-a-test", "attribute-in-a-lambda-that-is-called"),
    "a block that may not run counts as possible, though it runs": ("loop-over-a-name", "second-operand", "this-or-another-platform", "comprehension"),
    "a block that never runs counts as possible": (
        "handler-that-is-not-entered",
        "while-false",
        "constant-of-the-file",
        "hasattr-probe",
        "hasattr-in-a-test",
        "find-spec-probe",
        "short-circuit",
        "generator-that-nobody-asks",
        "comprehension-over-nothing",
    ),
    "a name that a function binds as global is not seen": ("name-bound-by-a-global-statement",),
    "a class whose members are set by name counts as closed": ("member-set-by-setattr",),
    "the standard library is not asked once the project's own module is gone": ("module-behind-a-name-of-the-standard-library",),
    "a clause that is no exception's own name catches nothing": ("except-a-tuple-with-a-name",),
    "an exception raised again by its name is not recognised": ("except-and-raise-by-name",),
    "what a fallback binds is not followed": ("fallback-whose-attribute-is-read",),
    "a file that does not change is not run for the skip in it": ("skip-in-a-helper",),
    "what a loop puts into sys.modules is not known": ("module-put-there-by-a-loop",),
    "a conftest that does not change is not run for what it puts into sys.modules": ("module-put-there-by-the-conftest",),
    "what a test puts into sys.modules through its fixture is not seen": ("module-put-into-sys-modules-by-the-test",),
    "what a patch puts in place is not seen": ("patch-of-a-name-that-another-patch-creates", "attribute-of-a-mock", "attribute-that-a-patch-creates"),
    "what a failed import leaves in sys.modules is not kept": ("half-imported-package",),
    "warnings that are errors are not raised": ("shim-that-warns-where-warnings-are-errors",),
}

PENDING = {row: reason for reason, rows in _REASONS.items() for row in rows}
"""Rows that pytest confirms and the prediction does not meet yet, with what is missing. Strict: a row that starts to pass has to leave."""
