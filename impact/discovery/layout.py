"""The layout of a revision: its source roots, its pytest projects and its tests, and what follows from them for one file. `understanding` makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from impact.names import RepoPath, ancestors_of, directory_of, is_below, join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from impact.report import Skipped


class Origin(IntEnum):
    """What puts a directory on `sys.path`, in the order in which `Layout.search_path` asks them (the first two go together, innermost first)."""

    INSERTED = 0
    """`sys.path.insert` in a conftest.py"""
    BASE = 1
    """the base directory of a test or conftest.py, which pytest puts first (`prepend`)"""
    PYTHONPATH = 2
    """`pythonpath` of pytest's settings"""
    CONFIGURED = 3
    """our own configuration"""
    PROJECT = 4
    """a project directory, its `src`, or what packaging metadata names"""
    APPENDED = 5
    """`sys.path.append` in a conftest.py, or a base directory under `append`"""
    WEAK = 6
    """the directory around a regular package: a run started there resolves from there"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One reason why a directory is a root. `home` is the project directory that makes it (PROJECT only)."""

    path: RepoPath
    scope: RepoPath
    origin: Origin
    reason: str
    home: RepoPath | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """A directory from which imports resolve. Only importers below `scope` see it ('': everybody), and those below the root itself.

    A directory has several roots when it has several scopes of which none holds the other.
    """

    path: RepoPath
    reasons: tuple[str, ...]
    scope: RepoPath


@dataclass(frozen=True, slots=True)
class PytestProject:
    """A directory that pytest takes as its rootdir, and the settings there. `ini_file` is None where no file holds settings.

    `pythonpath`, `ignored` (paths, and globs) and `confcutdir` are relative to the repository root; `testpaths` are as written.
    `plugins` are the values of `-p`, `no:` included; `options` are other long options of `addopts`, as written; `deselected` are prefixes of node ids.
    `names` are the settings that are given, where each has to be known (`strict_config`), `usefixtures` the fixtures that all tests use.
    `warning_filters` are written as `filterwarnings` has them, the last that matches decides.
    """

    directory: RepoPath
    ini_file: RepoPath | None
    import_mode: str
    testpaths: tuple[str, ...]
    python_files: tuple[str, ...]
    python_classes: tuple[str, ...]
    python_functions: tuple[str, ...]
    pythonpath: tuple[RepoPath, ...]
    norecursedirs: tuple[str, ...]
    ignored: tuple[str, ...]
    deselected: tuple[str, ...]
    plugins: tuple[str, ...]
    options: tuple[str, ...]
    required_plugins: tuple[str, ...]
    warning_filters: tuple[str, ...]
    usefixtures: tuple[str, ...]
    names: tuple[str, ...]
    strict_config: bool
    strict_markers: bool
    markers: tuple[str, ...]
    confcutdir: RepoPath
    noconftest: bool
    doctest_modules: bool
    consider_namespace_packages: bool
    tests: int = 0


@dataclass(frozen=True, slots=True)
class PythonRequirement:
    """The Python that a project wants: the specifier as written, the oldest (major, minor) it allows, and the file that says so."""

    specifier: str
    lower_bound: tuple[int, int] | None
    path: RepoPath


@dataclass(frozen=True, slots=True)
class Layout:
    """Source roots, pytest projects and tests of one revision.

    `tests` are the files that pytest collects as test modules, `outside_testpaths` those of them that a bare `pytest` does not reach. `packages` are the
    directories with an `__init__.py`, `doctested` the files that pytest imports for their examples. `dependencies` are the declared distributions
    (normalised names) that the repository does not hold itself; `distributions` those that it does. `installable` are the directories that metadata says
    how to install. `skipped` are settings that could not be read; `unresolved` the conftest.py lines that put something unknown on `sys.path`.
    """

    roots: tuple[Root, ...]
    projects: tuple[PytestProject, ...]
    tests: frozenset[RepoPath]
    outside_testpaths: frozenset[RepoPath]
    packages: frozenset[RepoPath]
    doctested: frozenset[RepoPath]
    conftests: frozenset[RepoPath]
    dependencies: frozenset[str]
    distributions: frozenset[str]
    requirements: Mapping[RepoPath, PythonRequirement]
    installable: frozenset[RepoPath]
    skipped: tuple[Skipped, ...]
    unresolved: tuple[Skipped, ...]
    claims: tuple[Claim, ...] = field(repr=False)
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", _Index(self))

    @property
    def weak_roots(self) -> frozenset[RepoPath]:
        """Directories that are roots for no better reason than that a package lies in them."""
        return frozenset(claim.path for claim in self.claims) - frozenset(claim.path for claim in self.claims if claim.origin is not Origin.WEAK)

    @property
    def installed_roots(self) -> frozenset[RepoPath]:
        """The roots that packaging metadata makes: what is below them is installed side by side with the rest."""
        return frozenset(claim.path for claim in self.claims if claim.origin is Origin.PROJECT and not claim.scope)

    def is_distributed(self, name: str, root: RepoPath, importer: RepoPath) -> bool:
        """Tell whether a top-level name is that of a declared distribution, and a root that of another project, which may not even be installed."""
        if name.replace("_", "-").lower() not in self.dependencies:
            return False
        return all(claim.home is not None and not is_below(importer, claim.home) for claim in self._index.by_path[root])

    def search_path(self, importer: RepoPath) -> tuple[RepoPath, ...]:
        """Return the roots that an importer sees, in the order in which Python would ask them.

        Its own base directory (`prepend`), what the conftest.py files around it insert (innermost first), `pythonpath`, configured roots, its own project,
        its own base directory otherwise, every other project (shallow ones first, the repository root last), what is appended, and weak roots.
        """
        directory = directory_of(importer)
        found = self._index.search_paths.get(directory)
        if found is None:
            found = self._index.search_paths[directory] = self._search_path(directory)
        return found

    def _search_path(self, directory: RepoPath) -> tuple[RepoPath, ...]:
        index = self._index
        around = tuple(reversed(ancestors_of(join(directory, "*"))))
        own = base_directory(directory, self.packages)
        visible: dict[Origin, list[RepoPath]] = {origin: [] for origin in Origin}
        for scope in around:
            for claim in index.by_scope.get(scope, ()):
                # INSERTED and BASE interleave: what an inner conftest.py does comes before the base directory of an outer one.
                visible[Origin.INSERTED if claim.origin is Origin.BASE else claim.origin].append(claim.path)
            # A file that is found through a root is there while the root is: whatever the scope, it sees it.
            for claim in index.by_path.get(scope, ()):
                if claim.scope not in around:
                    visible[Origin.WEAK].append(claim.path)
        home = next((one for one in around if one in index.by_home), RepoPath(""))
        order = [own] if own in index.bases else []
        order += visible[Origin.INSERTED] + visible[Origin.PYTHONPATH] + visible[Origin.CONFIGURED]
        order += index.by_home.get(home, ())
        order += [own] if own in visible[Origin.WEAK] else []
        order += sorted(visible[Origin.PROJECT], key=_shallow_first)
        order += visible[Origin.APPENDED] + visible[Origin.WEAK]
        return tuple(dict.fromkeys(order))

    def project_of(self, path: str) -> PytestProject:
        """Return the pytest project that a file belongs to: the nearest one above it."""
        projects = self._index.projects
        return next(projects[directory] for directory in reversed(ancestors_of(path)) if directory in projects)

    def conftests_for(self, path: RepoPath) -> tuple[RepoPath, ...]:
        """Return the conftest.py files that pytest loads for a test file, outermost first; a conftest.py does not apply to itself.

        Those above the confcutdir, which is the rootdir unless told otherwise, are not loaded (`PytestPluginManager._is_in_confcutdir`).
        """
        project = self.project_of(path)
        if project.noconftest:
            return ()
        outside = ancestors_of(project.confcutdir) if project.confcutdir else ()
        candidates = (join(directory, "conftest.py") for directory in ancestors_of(path) if directory not in outside)
        return tuple(one for one in candidates if one in self.conftests and one != path)

    def basedir_of(self, path: RepoPath) -> RepoPath:
        """Return the directory from which pytest imports a test file: the first one upward that is no package (`rootdir/conftest.py` included).

        With `consider_namespace_packages` it is the first one upward from there that is on `sys.path`.
        """
        base = base_directory(directory_of(path), self.packages)
        if self.project_of(path).consider_namespace_packages:
            return next((one for one in reversed(ancestors_of(join(base, "*"))) if one in self._index.importable), base)
        return base

    def import_name_of(self, path: RepoPath) -> str:
        """Return the dotted name under which pytest imports a test file or conftest.py (`_pytest.pathlib.import_path`).

        Under `importlib` a file outside of any package is named by its path from the rootdir, with dots in a part replaced by `_`.
        """
        project = self.project_of(path)
        base = self.basedir_of(path)
        if project.import_mode == "importlib" and directory_of(path) not in self.packages and base == directory_of(path):
            parts = _relative(path, project.directory).rpartition(".")[0].split("/")
            parts = parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts
            return ".".join(part.replace(".", "_") for part in parts)
        name = _relative(path, base).rpartition(".")[0].replace("/", ".")
        return name.removesuffix(".__init__")

    def python_requires(self, path: str = "") -> PythonRequirement | None:
        """Return what the nearest declaration above a path says; the shallowest one anywhere where there is none above."""
        above = (self.requirements[directory] for directory in reversed(ancestors_of(join(path, "*"))) if directory in self.requirements)
        return next(above, None) or next((self.requirements[one] for one in sorted(self.requirements, key=_shallow_first)), None)


class _Index:
    """Lookup tables over a layout, and the search paths found so far."""

    def __init__(self, layout: Layout) -> None:
        self.projects = {project.directory: project for project in layout.projects}
        self.bases = {claim.path for claim in layout.claims if claim.origin is Origin.BASE}
        self.importable = {claim.path for claim in layout.claims if claim.path and claim.origin in {Origin.PYTHONPATH, Origin.CONFIGURED, Origin.PROJECT}}
        self.by_scope: dict[RepoPath, list[Claim]] = {}
        self.by_path: dict[RepoPath, list[Claim]] = {}
        self.by_home: dict[RepoPath, list[RepoPath]] = {}
        for claim in layout.claims:
            self.by_scope.setdefault(claim.scope, []).append(claim)
            self.by_path.setdefault(claim.path, []).append(claim)
            if claim.home is not None:
                self.by_home.setdefault(claim.home, []).append(claim.path)
        for home, paths in self.by_home.items():
            # The project directory itself comes after what lies in it.
            paths.sort(key=lambda path, home=home: path == home)  # type: ignore[misc]
        for claims in self.by_scope.values():
            claims.sort(key=lambda claim: claim.origin)
        self.search_paths: dict[RepoPath, tuple[RepoPath, ...]] = {}


def merge(claims: tuple[Claim, ...]) -> tuple[Root, ...]:
    """Return the roots that claims amount to: one per path and widest scope, with all reasons, sorted by path."""
    scopes: dict[RepoPath, set[RepoPath]] = {}
    for claim in claims:
        scopes.setdefault(claim.path, set()).add(claim.scope)
    widest = {(path, scope) for path, found in scopes.items() for scope in found if not any(is_below(scope, other) and other != scope for other in found)}
    reasons: dict[tuple[RepoPath, RepoPath], dict[str, None]] = {one: {} for one in sorted(widest)}
    for claim in sorted(claims, key=lambda claim: claim.origin):
        for directory in ancestors_of(join(claim.scope, "*")):
            if (claim.path, directory) in reasons:
                reasons[claim.path, directory][claim.reason] = None
    return tuple(Root(path, tuple(found), scope) for (path, scope), found in reasons.items())


def base_directory(directory: RepoPath, packages: frozenset[RepoPath]) -> RepoPath:
    """Return the first directory upward that is no package (`_pytest.pathlib.resolve_package_path`)."""
    while directory and directory in packages and directory.rpartition("/")[2].isidentifier():
        directory = directory_of(directory)
    return directory


def _shallow_first(path: str) -> tuple[bool, int, str]:
    """Sort by depth, then by name; the repository root comes last."""
    return not path, path.count("/"), path


def _relative(path: str, directory: str) -> str:
    return path[len(directory) + 1 :] if directory else path
