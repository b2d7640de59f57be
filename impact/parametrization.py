"""Tests whose `parametrize` no longer fits: it names what the function does not take, or one name twice. pytest refuses to collect them.

Only tests whose marks or parameters the change touches are looked at. Sources: `_pytest.python.Metafunc._validate_if_using_arg_names`,
`CallSpec2.setmulti`.
"""

from __future__ import annotations

from collections.abc import Iterator

from impact.breaks import Inquiry
from impact.fixtures import parametrized, requests_of, used
from impact.names import RepoPath
from impact.nodes import Collector, Node
from impact.program import Call, Function
from impact.report import Link, ReferenceKind
from impact.values import Event, Raised


def find_misfits(inquiry: Inquiry, before: Collector, now: Collector) -> Iterator[tuple[RepoPath, Raised]]:
    """Yield the test files of which a test is refused at head and was not at base, each with the first."""
    for test in sorted(inquiry.changed & inquiry.head.layout.tests):
        if b"parametrize" not in (inquiry.head.programs.source(test) or b""):
            continue
        old = inquiry.at_base(test)
        known = {(one.owner, one.name): one for one in inquiry.base.programs.functions(old).values()} if old is not None else {}
        for node in _touched(inquiry, now, test, known):
            function = inquiry.head.programs.functions(test)[node.key[1]]
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
