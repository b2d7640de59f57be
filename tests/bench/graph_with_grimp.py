"""`grimp.build_graph` over every regular package of a tree, the way a script around it would call it. Started by `make bench`."""

from __future__ import annotations

import sys
from pathlib import Path

import grimp


def main(tree: Path) -> None:
    """Build the graph, without grimp's cache; fails as grimp fails."""
    packages: list[str] = []
    for root in (tree, tree / "src"):
        found = sorted(path.parent.name for path in root.glob("*/__init__.py") if path.parent.name.isidentifier())
        if found:
            sys.path.insert(0, str(root))
            packages += found
    if not packages:
        sys.exit("no regular package at the top of the tree or in src")
    graph = grimp.build_graph(*packages, cache_dir=None)
    print(len(graph.modules), graph.count_imports())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
