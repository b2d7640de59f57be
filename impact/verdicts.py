"""From what fails to what happens to each test file: its conftests, the packages above it and the file itself, in pytest's order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from impact.breaks import Inquiry, Side
from impact.execution import Execution
from impact.graph import Graph
from impact.names import RepoPath
from impact.report import BrokenTest, Link, Masked, Verdict
from impact.values import Event, Raised


class Everything(set[RepoPath]):
    """The set that holds every file: with it as suspects, nothing is taken on trust."""

    def __contains__(self, _: object) -> bool:
        return True


@dataclass
class Verdicts:
    """What happens to the tests, and the events that the verdicts rest on."""

    tests: list[BrokenTest] = field(default_factory=list)
    masked: list[Masked] = field(default_factory=list)
    collected: set[RepoPath] = field(default_factory=set)
    causes: dict[tuple[RepoPath, Verdict], list[Event]] = field(default_factory=dict)


def files_of(side: Side, test: RepoPath) -> tuple[RepoPath, ...]:
    """Return the files that collecting a test file runs, in order: every conftest above it, outermost first, each behind its packages."""
    found: dict[RepoPath, None] = {}
    for path in (*side.layout.conftests_for(test), test):
        found.update(dict.fromkeys(side.packages_above(path)))
        found[path] = None
    return tuple(found)


def find_collection_errors(inquiry: Inquiry) -> Verdicts:
    """Return the tests that could be collected at base and cannot at head; those that could not at base either are masked."""
    verdicts = Verdicts()
    failing = inquiry.losses.failing
    candidates: list[tuple[RepoPath, RepoPath, Raised]] = []
    for test in sorted(inquiry.head.layout.tests):
        for path in files_of(inquiry.head, test):
            value = inquiry.after.loaded.get(path)
            if path in failing:
                candidates.append((test, path, failing[path]))
                break
            if value is not None and value.failure is not None:
                break  # it failed at base already, before it came to anything of this change
    full = Execution(inquiry.base_world, Everything())
    graph, lines = _failing_graph(candidates)
    for test, path, raised in candidates:
        earlier = _failure_at_base(inquiry, full, test)
        if earlier is not None:
            verdicts.masked.append(Masked(test, earlier.text))
            continue
        chain = _chain(inquiry.head, graph, lines, test, path, raised)
        verdict = Verdict.COLLECTION_ERROR if raised.certain else Verdict.AT_RISK
        verdicts.causes[test, verdict] = [raised.event]
        verdicts.tests.append(BrokenTest(test, verdict, raised.text, (), (), chain))
    return verdicts


def _failure_at_base(inquiry: Inquiry, full: Execution, test: RepoPath) -> Raised | None:
    old = inquiry.at_base(test)
    if old is None:
        return None
    for path in files_of(inquiry.base, old):
        value = full.import_file(path, inquiry.base.name_of(path))
        if value.failure is not None:
            return value.failure if value.failure.certain else None
    return None


def _failing_graph(candidates: Iterable[tuple[RepoPath, RepoPath, Raised]]) -> tuple[Graph, dict[tuple[RepoPath, RepoPath], int]]:
    """Return the edges along which exceptions travelled, and the line of each."""
    lines: dict[tuple[RepoPath, RepoPath], int] = {}
    for test, path, raised in candidates:
        if path != test:
            lines.setdefault((test, path), 1)
        for one, other in zip(raised.trace, raised.trace[1:], strict=False):
            lines.setdefault((RepoPath(one.path), RepoPath(other.path)), one.line)
    return Graph(sorted(lines)), lines


def _chain(side: Side, graph: Graph, lines: dict[tuple[RepoPath, RepoPath], int], test: RepoPath, path: RepoPath, raised: Raised) -> tuple[Link, ...]:
    last = raised.trace[-1]
    way = graph.chain(test, RepoPath(last.path))
    if not way:
        prefix = () if path == test else (Link(test, side.name_of(test), 1),)
        return (*prefix, *raised.trace)
    links = [Link(one, side.name_of(one), lines[one, other]) for one, other in zip(way, way[1:], strict=False)]
    return (*links, last)
