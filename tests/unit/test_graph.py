"""The import graph: who runs what, and the shortest way there."""

from __future__ import annotations

import pytest

from impact.graph import Graph
from impact.names import RepoPath


def draw(*edges: str) -> Graph:
    """Draw a graph of edges such as `a b`: a imports b."""
    pairs = (edge.split() for edge in edges)
    return Graph((RepoPath(importer), RepoPath(imported)) for importer, imported in pairs)


@pytest.mark.parametrize(
    ("edges", "asked", "expected"),
    [
        (["t a", "a b"], ["b"], {"t", "a"}),
        (["t a", "a b"], ["a"], {"t"}),
        (["t a", "a b"], ["t"], set()),
        (["t a", "u b"], ["a", "b"], {"t", "u"}),
        (["t a", "t b", "a c", "b c"], ["c"], {"t", "a", "b"}),
        (["a b", "b c", "c a", "t a"], ["b"], {"a", "c", "t"}),
        (["t a"], ["ghost"], set()),
        ([], ["a"], set()),
        (["t a", "t a"], ["a"], {"t"}),
        (["p/a.py p/__init__.py", "p.py p/a.py"], ["p/__init__.py"], {"p/a.py", "p.py"}),
    ],
)
def test_dependents(edges: list[str], asked: list[str], expected: set[str]) -> None:
    assert draw(*edges).dependents(map(RepoPath, asked)) - set(asked) == expected


def test_two_of_which_one_runs_the_other_are_each_found() -> None:
    assert draw("t a", "a b").dependents([RepoPath("a"), RepoPath("b")]) == {"t", "a"}


@pytest.mark.xfail(reason="grimp leaves the module itself out of what is downstream of it")
def test_a_cycle_depends_on_itself() -> None:
    assert draw("a b", "b a").dependents([RepoPath("a")]) == {"a", "b"}


@pytest.mark.parametrize(
    ("edges", "importer", "imported", "expected"),
    [
        (["t a", "a b"], "t", "b", ("t", "a", "b")),
        (["t a", "a b", "t b"], "t", "b", ("t", "b")),
        (["t a"], "t", "t", ("t",)),
        (["t a"], "a", "t", ()),
        (["t a"], "t", "ghost", ()),
        (["t a"], "ghost", "a", ()),
        ([], "ghost", "ghost", ("ghost",)),
        (["a b", "b c", "c a"], "b", "a", ("b", "c", "a")),
    ],
)
def test_chain(edges: list[str], importer: str, imported: str, expected: tuple[str, ...]) -> None:
    assert draw(*edges).chain(RepoPath(importer), RepoPath(imported)) == expected
