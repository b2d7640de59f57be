"""One name for two files: of test modules pytest imports the first and refuses the others (`_pytest.pathlib.ImportPathMismatchError`); of helpers
beside them, all tests of a session get the first that one of them imports.

Only under `prepend` and `append`, where the name counts from the first directory that is no package. A project that holds such a pair at
base is not run in one session as it is, and says nothing here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Side
from impact.discovery.layout import Layout
from impact.execution.playing import Execution
from impact.execution.values import Event, Raised
from impact.names import RepoPath, basename_of, directory_of, join
from impact.programs.program import FromImport, Import
from impact.report import Link, ReferenceKind


def find_mismatches(inquiry: Inquiry) -> Iterator[tuple[RepoPath, Raised]]:
    """Yield the test files that are refused at head because another file was imported under their name, where no such pair was at base.

    One that cannot be imported itself leaves nothing under its name.
    """
    base, head = inquiry.base.layout, inquiry.head.layout
    moved = {directory_of(path) for path in inquiry.changed if basename_of(path) == "__init__.py"}
    new = head.tests - base.tests
    names = {basename_of(path) for path in (new if not moved else head.tests)}
    if not names:
        return
    before = {directory for directory, _, _ in _pairs(base, {basename_of(path) for path in base.tests})}
    for directory, first, second in _pairs(head, names):
        if directory in before or not (first in new or second in new or directory_of(first) in moved or directory_of(second) in moved):
            continue
        imported = inquiry.after.loaded.get(first)
        if imported is not None and imported.failure is not None and imported.failure.certain:
            continue
        name = head.import_name_of(second)
        event = Event(second, 1, 0, ReferenceKind.IMPORT, name, f"import file mismatch: {name!r} was imported from {first}", certain=True)
        yield second, Raised("ImportPathMismatchError", event.exception, event, (Link(second, name, 1),))


def _pairs(layout: Layout, names: set[str]) -> Iterator[tuple[RepoPath, RepoPath, RepoPath]]:
    """Yield, for the tests of some base names, the project and two of its files that have one module name; the first is imported first."""
    by_name: dict[str, list[RepoPath]] = defaultdict(list)
    for path in layout.tests - layout.outside_testpaths:
        if (name := basename_of(path)) in names:
            by_name[name].append(path)
    for paths in by_name.values():
        if len(paths) < 2:
            continue
        seen: dict[tuple[RepoPath, str], RepoPath] = {}
        for path in sorted(paths):
            project = layout.project_of(path)
            if project.import_mode == "importlib":
                continue
            first = seen.setdefault((project.directory, layout.import_name_of(path)), path)
            if first != path:
                yield project.directory, first, path


def find_shared(inquiry: Inquiry) -> Iterator[tuple[RepoPath, Raised]]:
    """Yield the test files that newly miss a name in a helper, since tests of another directory were collected before them and imported one of its name."""
    helpers = _helpers(inquiry.head)
    stems = {one.rpartition("/")[2] for one in inquiry.changed if directory_of(one) in helpers} | {
        f"{stem}.py" for stem in {name for names in helpers.values() for name in names} if _imported_by(inquiry, stem) & inquiry.changed
    }
    for stem in sorted(one.removesuffix(".py") for one in stems):
        before = {(test, name) for test, name, _ in _misses(inquiry.base, inquiry.before, _helpers(inquiry.base), stem, _imported_by(inquiry, stem))}
        told: set[RepoPath] = set()
        for test, name, line in _misses(inquiry.head, inquiry.after, helpers, stem, _imported_by(inquiry, stem)):
            if test not in told and (inquiry.at_base(test), name) not in before:
                told.add(test)
                text = f"ImportError: cannot import name {name!r} from {stem!r}"
                event = Event(test, line, 0, ReferenceKind.FROM_IMPORT, f"{stem}:{name}", text, certain=True)
                yield test, Raised("ImportError", text, event, (Link(test, inquiry.head.name_of(test), line),))


def _helpers(side: Side) -> dict[RepoPath, set[str]]:
    """Return the modules beside the tests of each directory that `prepend` and `append` put on `sys.path`, if another one has it too."""
    tests = side.layout.tests - side.layout.outside_testpaths
    directories = {directory_of(path) for path in tests if side.layout.project_of(path).import_mode != "importlib"}
    roots = {one for one in directories if join(one, "__init__.py") not in side.snapshot.files}
    if len(roots) < 2:
        return {}
    found: dict[RepoPath, set[str]] = defaultdict(set)
    for path in side.snapshot.files:
        if path.endswith(".py") and directory_of(path) in roots and path not in side.layout.tests and path not in side.layout.conftests:
            found[directory_of(path)].add(basename_of(path).removesuffix(".py"))
    counts = Counter(name for names in found.values() for name in names)
    return {directory: kept for directory, names in found.items() if (kept := {name for name in names if counts[name] > 1})}


def _imported_by(inquiry: Inquiry, stem: str) -> frozenset[RepoPath]:
    return frozenset(inquiry.mentions.mentioning(stem))


def _misses(
    side: Side, execution: Execution, helpers: dict[RepoPath, set[str]], stem: str, candidates: frozenset[RepoPath]
) -> Iterator[tuple[RepoPath, str, int]]:
    """Yield the tests that ask a helper for a name which the one lacks that the first of them imported, with the line."""
    first: dict[RepoPath, RepoPath] = {}
    for test in sorted(candidates & side.layout.tests):
        own = join(directory_of(test), f"{stem}.py")
        program = side.programs.module(test) if stem in helpers.get(directory_of(test), ()) and test not in side.layout.outside_testpaths else None
        asks = [one for one in program.body if isinstance(one, FromImport | Import) and one.module == stem] if program is not None else []
        if not asks:
            continue
        held = first.setdefault(side.layout.project_of(test).directory, own)
        module = execution.import_file(held, stem) if held != own else None
        for one in asks:
            if module is not None and isinstance(one, FromImport) and one.name != "*" and not one.level and execution.attribute(module, one.name) is None:
                yield test, one.name, one.line
