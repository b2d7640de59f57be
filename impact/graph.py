"""The import graph, and the only place that knows grimp.

Nodes are files (a file has one node whatever the names it answers to), also files that are gone: a deleted module stays as a ghost, so
that who still needs it can be asked. grimp wants dotted names, so every file gets a number for its name.
"""

from __future__ import annotations

from collections.abc import Iterable

from impact.names import RepoPath


class Graph:
    """Which file runs which. Built once from edges, then asked."""

    def __init__(self, edges: Iterable[tuple[RepoPath, RepoPath]]) -> None:
        # grimp is paid for by whoever has something to ask: on most changes nothing breaks.
        import grimp  # noqa: PLC0415

        self._graph = grimp.ImportGraph()
        self._numbers: dict[RepoPath, str] = {}
        self._paths: dict[str, RepoPath] = {}
        for importer, imported in edges:
            self._graph.add_import(importer=self._node(importer), imported=self._node(imported))

    def _node(self, path: RepoPath) -> str:
        node = self._numbers.get(path)
        if node is None:
            node = f"f{len(self._numbers)}"
            self._numbers[path] = node
            self._paths[node] = path
            self._graph.add_module(node)
        return node

    def dependents(self, paths: Iterable[RepoPath]) -> frozenset[RepoPath]:
        """Return every file that runs one of some files, directly or through others; a file is not its own dependent, also in a cycle."""
        found: set[RepoPath] = set()
        for path in paths:
            if path in self._numbers:
                found.update(self._paths[node] for node in self._graph.find_downstream_modules(self._numbers[path]))
        return frozenset(found)

    def chain(self, importer: RepoPath, imported: RepoPath) -> tuple[RepoPath, ...]:
        """Return a shortest way from one file to another, both included; empty when there is none."""
        if importer == imported:
            return (importer,)
        if importer not in self._numbers or imported not in self._numbers:
            return ()
        found = self._graph.find_shortest_chain(importer=self._numbers[importer], imported=self._numbers[imported])
        return tuple(self._paths[node] for node in found) if found else ()
