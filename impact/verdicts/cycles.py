"""Cycles of imports: a name that its module has not bound yet when another module asks for it.

Elsewhere a module counts as having all that it binds in the end. Here order counts, and so the whole order: modules in a cycle are imported
as a session of pytest comes by them, conftest.py files and tests one after the other, with one `sys.modules` for all; a module that fails
leaves it, and a name that a guard went without stays unbound. Only where the change made or reordered a cycle. Source: Python's "The import
system"; `_handle_fromlist` of importlib.

NOTE: sessions that begin elsewhere (one test file alone, a worker of pytest-xdist) may meet a cycle from another side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Side
from impact.execution.importing import CIRCULAR
from impact.execution.playing import Execution
from impact.execution.values import Raised
from impact.mentions import mention_of
from impact.names import RepoPath, directory_of, join
from impact.programs.blocks import statements_of
from impact.programs.program import Bind, Block, ClassDef, Define, FromImport, Program
from impact.scan import split_scan

# A cycle that wide is all of a project: what enters it where is not for us to say.
_MANY = 250
_FAR = 4000

Runs = Callable[[Side, RepoPath], Iterable[RepoPath]]


def find_cyclic(inquiry: Inquiry, runs: Runs) -> dict[RepoPath, Raised]:
    """Return the test files that newly meet a module half-way through its import, or what one has left unbound, and the exception.

    `runs` tells what runs for a test, in order.
    """
    leads = cache(partial(_leads, inquiry))
    members = {one for path, targets in _reordered(inquiry) for one in _cycle(leads, path, targets)}
    if not members or not any(_met_first(inquiry, path, members) for path in sorted(members)):
        return {}
    involved, tests = importing(inquiry, members)
    old = {path: inquiry.at_base(path) for path in (*tests, *involved)}
    # Base first: what fails there is tolerated at head.
    base = Execution(inquiry.base_world, {one for one in old.values() if one is not None}, strict=True)
    before = dict(_session(base, inquiry.base, [one for test in tests if (one := old[test]) is not None], runs))
    head = Execution(inquiry.head_world, involved, strict=True)
    after = {test: raised for test, raised in _session(head, inquiry.head, tests, runs) if old[test] not in before}
    halfway = {test: raised for test, raised in after.items() if _is_partial(raised)}
    if halfway.keys() == after.keys() or not _is_guarded(head):
        return halfway
    # What fails where order does not count is no matter of a cycle.
    anyhow = dict(_session(Execution(inquiry.head_world, involved), inquiry.head, tests, runs))
    return {test: raised for test, raised in after.items() if test in halfway or test not in anyhow or anyhow[test].text != raised.text}


def _reordered(inquiry: Inquiry) -> Iterator[tuple[RepoPath, set[RepoPath]]]:
    """Yield the changed files that import something new, or import something before they bind what they bound before it; and what those imports lead to."""
    head = inquiry.head
    for path in sorted(inquiry.changed & head.snapshot.files.keys() - head.layout.tests):
        old = inquiry.at_base(path)
        before = _order(inquiry.base.programs.module(old)) if old is not None else {}
        news = [one for one, names in _order(head.programs.module(path)).items() if one not in before or before[one] - names]
        targets = inquiry.mentions.targets(news, path, head.modules)
        if targets:
            yield path, targets
    # Where a submodule went, its package may bind the name itself: now, and not when the import system found it.
    for path in sorted(inquiry.changed - head.snapshot.files.keys()):
        package = join(directory_of(path), "__init__.py")
        stem = path.rpartition("/")[2].removesuffix(".py")
        program = head.programs.module(package) if package in head.snapshot.files and package != path else None
        if program is not None and any(isinstance(one, FromImport) and (one.alias or one.name) == stem for one in statements_of(program.body)):
            yield package, inquiry.mentions.targets(_order(program), package, head.modules)


def _order(program: Program | None) -> dict[str, frozenset[str]]:
    """Return the mentions of a file that importing it follows, with the names that are bound before."""
    found: dict[str, frozenset[str]] = {}
    bound: set[str] = set()
    block: Block = program.body if program is not None else ()
    for statement in statements_of(block):
        if mention := mention_of(statement):
            found.setdefault(mention, frozenset(bound))
        match statement:
            case FromImport(name=name, alias=alias):
                bound.add(alias or name)
            case Bind(name=name) | Define(name=name) | ClassDef(name=name):
                bound.add(name)
            case _:
                pass
    return found


def _cycle(leads: Callable[[RepoPath], frozenset[RepoPath]], path: RepoPath, targets: Iterable[RepoPath]) -> frozenset[RepoPath]:
    """Return the files that `targets`, which a file imports, may lead to and that may import it, itself among them.

    None where there are none, or too many.
    """
    importers: dict[RepoPath, set[RepoPath]] = defaultdict(set)
    seen, waiting = {path}, [(path, targets)]
    while waiting and len(seen) < _FAR:
        importer, found = waiting.pop()
        for target in found:
            importers[target].add(importer)
            if target not in seen:
                seen.add(target)
                waiting.append((target, leads(target)))
    members: set[RepoPath] = set()
    backwards = [path]
    while backwards:
        fresh = importers[backwards.pop()] - members
        members |= fresh
        backwards += fresh
    return frozenset(members) if path in members and 1 < len(members) <= _MANY else frozenset()


def _leads(inquiry: Inquiry, path: RepoPath) -> frozenset[RepoPath]:
    """Return the files that a file of head may import, as far as its scan tells, and the packages above it; none for a test, which nobody imports."""
    head = inquiry.head
    if path not in head.snapshot.files or path in head.layout.tests:
        return frozenset()
    mentions, _ = split_scan(head.programs.scan(path) or "")
    return frozenset((*inquiry.mentions.targets(mentions.split("\n"), path, head.modules), *head.packages_above(path)))


def _met_first(inquiry: Inquiry, path: RepoPath, members: set[RepoPath]) -> bool:
    """Tell whether something is met half-way where a module of a cycle is what a session comes by first."""
    execution = Execution(inquiry.head_world, members, strict=True)
    return _is_partial(_import(execution, inquiry.head, (path,))) or _is_guarded(execution)


def importing(inquiry: Inquiry, members: set[RepoPath]) -> tuple[set[RepoPath], list[RepoPath]]:
    """Return the files through which a test comes by some modules, these among them, and the tests; conftest.py files count for all tests below."""
    found, waiting = set(members), list(members)
    while waiting and len(found) < _FAR:
        one = waiting.pop()
        fresh = {path for path in inquiry.naming(one) if any(edge.imported == one for edge in inquiry.mentions.edges(path))} - found
        found |= fresh
        waiting += fresh
    layout = inquiry.head.layout
    tests = sorted(test for test in layout.tests if test in found or not found.isdisjoint(layout.conftests_for(test)))
    return found, tests


def _session(execution: Execution, side: Side, tests: Iterable[RepoPath], runs: Runs) -> Iterator[tuple[RepoPath, Raised]]:
    """Import tests one after the other; yield those that certainly fail."""
    for test in tests:
        raised = _import(execution, side, runs(side, test))
        if raised is not None and raised.certain:
            yield test, raised


def _import(execution: Execution, side: Side, paths: Iterable[RepoPath]) -> Raised | None:
    for path in paths:
        for one in (*side.packages_above(path), path):
            value = execution.import_file(one, side.name_of(one))
            if value.failure is not None:
                return value.failure
    return None


def _is_guarded(execution: Execution) -> bool:
    """Tell whether a guard, or a star import, went without what its module found half-way."""
    return execution.shortened or any(_is_partial(one.raised) for module in (*execution.loaded.values(), *execution.forgotten) for one in module.fallbacks)


def _is_partial(raised: Raised | None) -> bool:
    return raised is not None and raised.certain and CIRCULAR in raised.text
