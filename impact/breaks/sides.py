"""One end of a comparison: the files of a snapshot, what imports find in them, what they do when they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from impact.discovery.understanding import Layout
from impact.execution.playing import Execution
from impact.execution.values import ModuleValue
from impact.execution.world import Programs
from impact.modules import Modules
from impact.names import ModuleName, RepoPath, directory_of, join
from impact.snapshots import Snapshot

_INIT = "__init__.py"

Key = tuple[RepoPath, str]
"""A function: its file and its key there."""


@dataclass(frozen=True)
class Side:
    """One end of the comparison, ready to be looked into."""

    snapshot: Snapshot
    layout: Layout
    modules: Modules
    programs: Programs

    def name_of(self, path: RepoPath) -> ModuleName:
        """Return the name under which a file is imported: pytest's for tests and conftests, else the likeliest."""
        if path in self.layout.tests or path.endswith("conftest.py"):
            return ModuleName(self.layout.import_name_of(path))
        return self.modules.name_of(path)

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(part for path in self.snapshot.files if path.endswith(".py") for part in path[:-3].split("/"))

    def may_be_module(self, beginning: str) -> bool:
        """Tell whether the name of a module may begin so, whatever root it is imported from."""
        return any(part.startswith(beginning) for part in self._parts)

    def packages_above(self, path: RepoPath) -> tuple[RepoPath, ...]:
        """Return the `__init__.py` files that importing a file runs before it, outermost first."""
        found: list[RepoPath] = []
        directory = directory_of(path)
        while (init := join(directory, _INIT)) in self.snapshot.files and directory:
            found.append(init)
            directory = directory_of(directory)
        return tuple(init for init in reversed(found) if init != path)


def changed_files(base: Mapping[RepoPath, bytes], head: Mapping[RepoPath, bytes]) -> frozenset[RepoPath]:
    """Return the Python files that are not the same at both ends."""
    return frozenset(path for path, _ in set(base.items()) ^ set(head.items()) if path.endswith(".py"))


def module_of(execution: Execution, side: Side, path: RepoPath) -> ModuleValue:
    """Return the module of a file as it is after its import."""
    found = execution.loaded.get(path)
    return found if found is not None else execution.import_file(path, side.name_of(path))
