"""The tests that depend on changed code with nothing gone: for whoever selects what to run. A superset, as a selection must be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Side
from impact.graph import Graph
from impact.mentions import Mentions
from impact.names import RepoPath
from impact.report import BrokenTest, Link, Verdict


def find_affected(inquiry: Inquiry, broken: Iterable[BrokenTest]) -> tuple[BrokenTest, ...]:
    """Return the test files of head that changed or run something that did, in any chain, and have no verdict yet; sorted by path."""
    done = {test.path for test in broken}
    return tuple(BrokenTest(path, Verdict.AFFECTED, None, (), (), chain) for path, chain in find_dependents(inquiry, inquiry.changed, done))


def find_dependents(inquiry: Inquiry, changed: Collection[RepoPath], done: Collection[str]) -> Iterator[tuple[RepoPath, tuple[Link, ...]]]:
    """Yield the test files of head that are one of some changed files or run one, each with the way there, those `done` left out; sorted.

    What a file may import counts, also under a condition or in a function; so do the packages and conftest.py files that run with it.
    """
    if not changed:
        return
    graph = Graph(find_edges(inquiry.head, inquiry.mentions))
    wanted = sorted(changed)
    for test in sorted(inquiry.head.layout.tests & (graph.dependents(wanted) | set(wanted))):
        if test not in done:
            way = next((way for one in wanted if (way := graph.chain(test, one))), (test,))
            yield test, tuple(Link(path, inquiry.head.name_of(path), 0) for path in way)


def find_edges(side: Side, mentions: Mentions) -> Iterable[tuple[RepoPath, RepoPath]]:
    """Yield which file of one end may run which: what it imports anywhere, the packages around it and, for a test, its conftest.py files."""
    for path in sorted(mentions.scans):
        for edge in mentions.edges(path):
            yield path, edge.imported
        for init in side.packages_above(path):
            yield path, init
        if path in side.layout.tests:
            for conftest in side.layout.conftests_for(path):
                yield path, conftest
