"""From dotted names to files, as Python's path finder does it, on the files of one snapshot.

One file can answer to more than one name: below every directory of the search path that holds it. So nothing is named in advance;
a name is looked up when an import asks for it, with the search path of the file that imports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from impact.names import ModuleName, RepoPath, directory_of, is_below, join
from impact.snapshots import Snapshot

_COMPILED = (".so", ".pyd", ".pyx", ".dylib")
_INIT = "__init__.py"


class File(NamedTuple):
    """A module that a file provides; `package` is its directory when the file is an `__init__.py`.

    `added` are the bare directories of the same name further down the search path. From a working tree a regular package hides them (PEP 420);
    once installed, distributions share one directory, and what they add to each other's packages is there.
    """

    path: RepoPath
    package: RepoPath | None
    added: tuple[RepoPath, ...] = ()


class Portions(NamedTuple):
    """A namespace package (PEP 420): the directories that make it up, in the order of the search path."""

    directories: tuple[RepoPath, ...]


class Compiled(NamedTuple):
    """An extension module or the source of one: importable, but what it holds cannot be read."""

    path: RepoPath


Location = File | Portions | Compiled


class Modules:
    """Looks names up among the files of one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        search_path: Callable[[RepoPath], Sequence[RepoPath]],
        weak_roots: frozenset[RepoPath] = frozenset(),
        installed_roots: frozenset[RepoPath] = frozenset(),
        is_distributed: Callable[[str, RepoPath, RepoPath], bool] = lambda _name, _root, _importer: False,
    ) -> None:
        self._files = snapshot.files
        self._directories = snapshot.directories
        self._search_path = search_path
        self._weak_roots = weak_roots
        self._installed_roots = installed_roots
        self._is_distributed = is_distributed
        self._found: dict[tuple[tuple[RepoPath, ...], str], Location | None] = {}
        self._names: dict[RepoPath, tuple[ModuleName, ...]] = {}

    def find(self, name: str, importer: RepoPath) -> Location | None:
        """Return what an absolute import of `name` finds from a file, None where some part of it is not found."""
        top, _, rest = name.partition(".")
        location = self.top(top, importer)
        for part in rest.split(".") if rest else ():
            if location is None:
                return None
            location = self.child(location, part)
        return location

    def top(self, name: str, importer: RepoPath) -> Location | None:
        """Return what the first part of a dotted name finds on the importer's search path; None where a declared distribution of that name comes first."""
        location = self._look(tuple(self._search_path(importer)), name)
        if isinstance(location, File) and self._is_distributed(name, directory_of(location.package or location.path), importer):
            return None
        return location

    def is_weak(self, name: str, importer: RepoPath) -> bool:
        """Tell whether a name is only found through a root that is a guess: what is missing there may be an installed distribution's."""
        location = self.top(name.partition(".")[0], importer)
        if not isinstance(location, File):
            return False
        return directory_of(location.package or location.path) in self._weak_roots

    def child(self, parent: Location, name: str) -> Location | None:
        """Return a submodule of a package; None also where the parent is no package."""
        if isinstance(parent, Portions):
            return self._look(parent.directories, name)
        if isinstance(parent, File) and parent.package is not None:
            return self._look((parent.package, *parent.added), name)
        return None

    def _look(self, directories: tuple[RepoPath, ...], name: str) -> Location | None:
        # The order of importlib's FileFinder: package, extension module, source; a bare directory only counts when nothing else is found.
        key = directories, name
        if key in self._found:
            return self._found[key]
        portions: list[RepoPath] = []
        found: Location | None = None
        for position, directory in enumerate(directories):
            stem = join(directory, name)
            if (package := RepoPath(f"{stem}/{_INIT}")) in self._files:
                added = [join(other, name) for other in directories[position + 1 :]] if self._is_installed(stem) else []
                found = File(package, stem, tuple(one for one in added if self._adds(one)))
            elif (module := RepoPath(f"{stem}.py")) in self._files:
                found = File(module, None)
            elif stem in self.compiled:
                found = Compiled(stem)
            elif stem in self._directories:
                portions.append(stem)
            if found is not None:
                break
        if found is None and portions:
            found = Portions(tuple(portions))
        self._found[key] = found
        return found

    def provides(self, location: Location | None) -> bool:
        """Tell whether a location holds code of this snapshot: a bare directory counts when there is Python somewhere below it."""
        if isinstance(location, Portions):
            return not self.holding_python.isdisjoint(location.directories)
        return location is not None

    @cached_property
    def holding_python(self) -> frozenset[RepoPath]:
        """The directories with a Python source somewhere below them."""
        seen: set[RepoPath] = set()
        for path in self._files:
            if path.endswith(".py"):
                directory = directory_of(path)
                while directory not in seen:
                    seen.add(directory)
                    directory = directory_of(directory)
        return frozenset(seen)

    def _adds(self, directory: RepoPath) -> bool:
        bare = directory in self.holding_python and f"{directory}/{_INIT}" not in self._files
        return bare and self._is_installed(directory)

    def _is_installed(self, directory: RepoPath) -> bool:
        """Tell whether a directory lies in a distribution of its own beside others, below the repository root."""
        return any(root and is_below(directory, root) for root in self._installed_roots)

    @cached_property
    def compiled(self) -> frozenset[str]:
        """Paths without suffixes (`pkg/_speedups`) for which an extension module, or the source of one, lies in the tree."""
        stems = (path for path in self._files if path.endswith(_COMPILED))
        return frozenset(join(directory_of(path), path.rpartition("/")[2].partition(".")[0]) for path in stems)

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def names_of(self, path: RepoPath) -> tuple[ModuleName, ...]:
        """Return the dotted names under which a file of this snapshot, or one that was in it, is imported; the likeliest first.

        >>> from impact.names import BlobId
        >>> from impact.report import End
        >>> files = {RepoPath("src/pkg/mod.py"): BlobId(b""), RepoPath("src/pkg/__init__.py"): BlobId(b"")}
        >>> modules = Modules(Snapshot(End("HEAD", None), files), lambda importer: (RepoPath("src"), RepoPath("")))
        >>> modules.names_of(RepoPath("src/pkg/mod.py"))
        ('pkg.mod', 'src.pkg.mod')
        """
        names = self._names.get(path)
        if names is None:
            inside: list[tuple[bool, bool, int, ModuleName]] = []
            for root in self._search_path(path):
                if is_below(path, root) and (name := dotted(path, root)):
                    # A root that is itself a package would cut a package in two: importable, but not what anybody writes. A guess comes
                    # behind what is known, and the root nearest to the file first: `src` before the directory that holds it.
                    inside.append((bool(root) and RepoPath(f"{root}/{_INIT}") in self._files, root in self._weak_roots, -len(root), name))
            inside.sort()
            self._names[path] = names = tuple(dict.fromkeys(name for *_, name in inside))
        return names

    def name_of(self, path: RepoPath) -> ModuleName:
        """Return the likeliest dotted name of a file; its path where no import could reach it."""
        names = self.names_of(path)
        return names[0] if names else ModuleName(path)


def dotted(path: str, root: str) -> ModuleName | None:
    """Return the dotted name of a Python file below a root, None where a part of it is no identifier.

    >>> dotted("src/pkg/__init__.py", "src"), dotted("src/pkg/mod.py", "src"), dotted("docs/my-script.py", "")
    ('pkg', 'pkg.mod', None)
    """
    rest = path[len(root) + 1 :] if root else path
    parts = rest.removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    if not parts or not all(part.isidentifier() for part in parts):
        return None
    return ModuleName(".".join(parts))
