"""Tests whose `parametrize` no longer fits: it names what the function does not take, or one name twice. pytest refuses to collect them.

Only tests whose marks or parameters the change touches are looked at. Sources: `_pytest.python.Metafunc._validate_if_using_arg_names`,
`CallSpec2.setmulti`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from impact.breaks.fixtures import BUILT_IN, parametrized, requests_of, used
from impact.breaks.inquiry import Inquiry
from impact.execution.values import ClassValue, Event, Raised
from impact.names import RepoPath
from impact.programs.program import Call, Function
from impact.report import Link, ReferenceKind
from impact.verdicts.nodes import Collector, Node

_OWN_MARKS = frozenset({"filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xfail"})


def find_misfits(inquiry: Inquiry, before: Collector, now: Collector) -> Iterator[tuple[RepoPath, Raised]]:
    """Yield the test files of which a test is refused at head and was not at base, each with the first."""
    for test in sorted(inquiry.changed & inquiry.head.layout.tests):
        if b"parametrize" not in (inquiry.head.programs.source(test) or b""):
            continue
        old = inquiry.at_base(test)
        known = {(one.owner, one.name): one for one in inquiry.base.programs.functions(old).values()} if old is not None else {}
        for node in _touched(inquiry, now, test, known):
            function = inquiry.head.programs.functions(test)[node.key[1]]
            former = known.get((function.owner, function.name))
            if not _is_seen_through(now, node, function, parametrized(former.decorators) if former is not None else ()):
                continue
            problem = _problem(now, node, function)
            if problem is None or (old is not None and _failed(before, old, node, test)):
                continue
            text, line, name = problem
            module = inquiry.head.name_of(test)
            event = Event(test, line, 0, ReferenceKind.NAME, f"{module}:{name}", text, certain=True)
            yield test, Raised("Failed", text, event, (Link(test, module, line),))
            break


def _touched(inquiry: Inquiry, now: Collector, test: RepoPath, known: dict[tuple[str, str], Function]) -> Iterator[Node]:
    """Yield the tests of a file whose names or marks are not what they were."""
    functions = inquiry.head.programs.functions(test)
    touched = {
        key
        for key, one in functions.items()
        if any(mark.path[-1] == "parametrize" for mark in one.decorators)
        and ((old := known.get((one.owner, one.name))) is None or old.signature != one.signature or _names(old) != _names(one))
    }
    if touched:
        yield from (node for node in now.nodes(test) if node.key[0] == test and node.key[1] in touched)


def _names(function: Function) -> list[str]:
    return list(parametrized(function.decorators))


def _failed(before: Collector, old: RepoPath, node: Node, test: RepoPath) -> bool:
    for one in before.nodes(old):
        if one.id[len(old) :] == node.id[len(test) :] and one.key[0] == old:
            return _problem(before, one, before.side.programs.functions(old)[one.key[1]]) is not None
    return False


def _is_seen_through(collector: Collector, node: Node, function: Function, former: Iterable[str]) -> bool:
    """Tell whether all fixtures and marks of a test are pytest's own or in sight: a plugin's may ask for fixtures that nobody here does.

    `former` are the names that were parametrized at base, which are no fixtures.
    """
    path = node.key[0]
    module = collector.execution.loaded[path]
    marks = [*function.decorators, *(collector.marks(path) if "pytestmark" in collector.execution.names(module) else ())]
    value = collector.execution.names(module).get(node.id[len(path) + 2 :].partition("::")[0])
    marks += collector.class_marks(value) if isinstance(value, ClassValue) else ()
    registered = {one.partition(":")[0].partition("(")[0].strip() for one in collector.side.layout.project_of(path).markers}
    asked: set[str] = set()
    waiting = {*requests_of(function), *used(marks)}
    while waiting:
        asked |= waiting
        waiting = {one for name in waiting if name in node.fixtures for one in node.fixtures[name].requests} - asked
    names = {name for mark in marks if isinstance(mark, Call) and mark.path[-1] == "parametrize" for name in parametrized([mark])} | set(former)
    return {mark.path[-1] for mark in marks} <= {*_OWN_MARKS, *registered} and asked <= {*node.fixtures, *names, *BUILT_IN}


def _problem(collector: Collector, node: Node, function: Function) -> tuple[str, int, str] | None:
    """Return what pytest says of the marks of a test, the line of the mark, and the name it is about; None where they fit, or may."""
    module = collector.execution.loaded.get(node.key[0])
    if module is None or not all(collector.named(one, module).startswith("pytest.mark.") for one in function.decorators):
        return None
    taken = {*requests_of(function), *used(function.decorators)}
    seen: set[str] = set()
    for mark in function.decorators:
        if not isinstance(mark, Call) or mark.path[-1] != "parametrize":
            continue
        for name in parametrized([mark]):
            if name not in taken and not any(name in (*fixture.requests, fixture.name if fixture.autouse else "") for fixture in node.fixtures.values()):
                if name in function.parameters:
                    return f"Failed: In {node.id}: function already takes an argument '{name}' with a default value", mark.line, name
                what = "fixture" if dict(mark.keywords).get("indirect") == ("True",) else "argument"
                return f"Failed: In {node.id}: function uses no {what} '{name}'", mark.line, name
            if name in seen:
                return f"{node.id}: duplicate parametrization of {name!r}", mark.line, name
            seen.add(name)
    return None
