"""The tests that depend on changed code with nothing gone: for whoever selects what to run. A superset, as a selection must be."""

from __future__ import annotations

from collections.abc import Iterable

from impact.breaks import Inquiry
from impact.graph import Graph
from impact.names import RepoPath
from impact.report import BrokenTest, Link, Verdict


def find_affected(inquiry: Inquiry, broken: Iterable[BrokenTest]) -> tuple[BrokenTest, ...]:
    """Return the test files of head that changed or run something that did, in any chain, and have no verdict yet; sorted by path.

    What a file may import counts, also under a condition or in a function; so do the packages and conftest.py files that run with it.
    """
    graph = Graph(_edges(inquiry))
    done = {test.path for test in broken}
    changed = sorted(inquiry.changed)
    reached = graph.dependents(changed) | inquiry.changed
    found: list[BrokenTest] = []
    for test in sorted(inquiry.head.layout.tests & reached):
        if test not in done:
            way = next((way for one in changed if (way := graph.chain(test, one))), (test,))
            chain = tuple(Link(path, inquiry.head.name_of(path), 0) for path in way)
            found.append(BrokenTest(test, Verdict.AFFECTED, None, (), (), chain))
    return tuple(found)


def _edges(inquiry: Inquiry) -> Iterable[tuple[RepoPath, RepoPath]]:
    head = inquiry.head
    for path in sorted(inquiry.mentions.scans):
        for edge in inquiry.mentions.edges(path):
            yield path, edge.imported
        for init in head.packages_above(path):
            yield path, init
        if path in head.layout.tests:
            for conftest in head.layout.conftests_for(path):
                yield path, conftest
