"""Tests that are still written and that pytest no longer collects: their file, their class or they themselves have another name now, or their class a
constructor or `__test__ = False`.

Source: pytest's "Conventions for Python test discovery".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from impact.breaks.inquiry import Inquiry
from impact.execution.values import ClassValue, ModuleValue, Status
from impact.names import RepoPath
from impact.programs.program import Function
from impact.report import BrokenTest, Link, Verdict
from impact.verdicts.nodes import Collector, Node
from impact.verdicts.tally import Verdicts

# What decorates a test, and nothing else as a rule.
_OF_TESTS = ("pytest.mark.", "unittest.mock.", "mock.")
# What a class may have for which pytest does not collect it.
_HINDRANCES = frozenset({"__init__", "__new__", "__test__"})


def find_uncollected(inquiry: Inquiry, verdicts: Verdicts, now: Collector, before: Collector, done: set[RepoPath]) -> None:
    """Add the tests that are still written and no longer collected; `done` are the files of which something is said already."""
    for path in _renamed(inquiry):
        verdicts.add(BrokenTest(path, Verdict.SILENCED, None, (), (), (Link(path, inquiry.head.name_of(path), 0),)))
    for test in sorted(inquiry.changed & inquiry.head.layout.tests - done):
        old = inquiry.at_base(test)
        after = inquiry.after.loaded.get(test)
        if old is None or after is None or after.status is not Status.DONE or old not in inquiry.base.layout.tests:
            continue
        if not _lost_tests(inquiry.before.loaded.get(old), after):
            continue
        kept = {node.id[len(test) :] for node in now.nodes(test)}
        lost = [node for node in before.nodes(old) if node.id[len(old) :] not in kept]
        ids = {test + node.id[len(old) :] for node in lost if _is_left(inquiry, now, test, old, node)}
        if ids:
            verdicts.add(BrokenTest(test, Verdict.SILENCED, None, tuple(sorted(ids)), (), (Link(test, inquiry.head.name_of(test), 0),)))


def _lost_tests(before: ModuleValue | None, after: ModuleValue) -> bool:
    """Tell whether a test module lost a name, or a class of it a member or what let it be collected: whether it is worth collecting at both ends."""
    if before is None:
        return False
    classes = [(value, now) for name, now in after.names.items() if isinstance(value := before.names.get(name), ClassValue) and isinstance(now, ClassValue)]
    return not before.names.keys() <= after.names.keys() or any(
        not value.members.keys() <= now.members.keys() or _HINDRANCES & now.members.keys() - value.members.keys() for value, now in classes
    )


def _is_left(inquiry: Inquiry, now: Collector, test: RepoPath, old: RepoPath, node: Node) -> bool:
    """Tell whether a test of base that is collected no longer is still there: in a class that is no test class any more, or under a new name."""
    owner, _, name = node.id[len(old) + 2 :].rpartition("::")
    if owner:
        names = inquiry.after.loaded[test].names
        value = names.get(owner)
        if value is None:
            renamed = ((one, names.get(one)) for one in _classes_with(inquiry, test, old, owner))
            return any(isinstance(value, ClassValue) and not now.is_test_class(one, value, test) for one, value in renamed)
        if not isinstance(value, ClassValue) or name in value.members:
            return isinstance(value, ClassValue) and (now.is_constructed(value) or now.is_none(value) or now.is_abstract(value))
    function = inquiry.base.programs.functions(old).get(node.key[1]) if node.key[0] == old else None
    where = owner.replace("::", ".")
    known = {(one.owner, one.name) for one in inquiry.base.programs.functions(old).values()}
    same = [
        one
        for one in inquiry.head.programs.functions(test).values()
        if function is not None and one.owner == where and (where, one.name) not in known and (one.text, one.parameters) == (function.text, function.parameters)
    ]
    # A body says little where it is short: the rest of the name has to be the same then, whatever was put in front.
    stem = name.removeprefix("test").lstrip("_")
    module = inquiry.after.loaded[test]
    return (
        len(same) == 1
        and all(now.named(one, module).startswith(_OF_TESTS) for one in same[0].decorators)
        and same[0].name.endswith(stem)
        and not now.is_test_name(same[0].name, test)
    )


def _classes_with(inquiry: Inquiry, test: RepoPath, old: RepoPath, owner: str) -> Iterator[str]:
    """Yield the new classes of a test file that have all methods of one that is gone, as they were."""
    methods = _methods(inquiry.base.programs.functions(old).values())
    known = methods.keys()
    for name, found in _methods(inquiry.head.programs.functions(test).values()).items():
        if name not in known and found and found == methods.get(owner):
            yield name


def _methods(functions: Iterable[Function]) -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for function in functions:
        if function.owner:
            found[function.owner].add((function.name, function.text))
    return {owner: frozenset(methods) for owner, methods in found.items()}


def _renamed(inquiry: Inquiry) -> Iterator[RepoPath]:
    """Yield the files with tests of which pytest collects none under their new name."""
    base, head = inquiry.base, inquiry.head
    before, after = (side.layout.tests - side.layout.outside_testpaths for side in (base, head))
    for old, new in sorted(inquiry.new_path.items()):
        if old in before and new.endswith(".py") and new in head.snapshot.files and new not in after:
            tests = {(one.owner, one.name, one.text) for one in base.programs.functions(old).values() if one.name.startswith("test")}
            if any((one.owner, one.name, one.text) in tests for one in head.programs.functions(new).values()):
                yield new
