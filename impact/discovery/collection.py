"""Which files pytest collects as test modules: `pytest_ignore_collect`, `pytest_collect_file` and `testpaths`, asked of a snapshot."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from impact.discovery.layout import PytestProject
from impact.discovery.pytest_settings import PytestSettings
from impact.discovery.static_paths import ModuleFacts, locate
from impact.names import RepoPath, ancestors_of, basename_of, directory_of, join

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from impact.discovery.survey import Survey

_LISTS = ("collect_ignore", "collect_ignore_glob")

Projects = Mapping[RepoPath, tuple[PytestProject, PytestSettings]]


def _patterns_of(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  # few configurations exclude anything

    return GitIgnoreSpec.from_lines(lines)


class Collection:
    """Which files pytest collects: the rules of `pytest_ignore_collect` and `pytest_collect_file`, answered once per directory."""

    def __init__(
        self,
        found: Survey,
        projects: Projects,
        facts: dict[RepoPath, ModuleFacts],
        exclude: Sequence[str],
    ) -> None:
        self._found = found
        self._projects = projects
        self._excluded = _patterns_of(exclude) if exclude else None
        self._lists = {directory_of(path): one.lists for path, one in facts.items() if one.lists and not one.lists.keys().isdisjoint(_LISTS)}
        self._ignored: dict[RepoPath, bool] = {}
        self._reached: dict[RepoPath, bool] = {}
        self._project_of: dict[RepoPath, PytestProject] = {}
        self._lists_near: dict[tuple[str, RepoPath, RepoPath], tuple[str, ...]] = {}
        self._starts = {directory: self._starting_points(project) for directory, (project, _) in projects.items()}
        # A directory that is named is entered, whatever its name, and so are those that lead to it (`Session.isinitpath(with_parents=True)`).
        self._named = {directory: {*starts, *(one for start in starts for one in ancestors_of(start))} for directory, starts in self._starts.items()}
        self._names = {directory: _patterns(project.python_files) for directory, (project, _) in projects.items()}
        self._directories = {directory: _patterns(project.norecursedirs) for directory, (project, _) in projects.items()}

    def tests(self) -> dict[RepoPath, PytestProject]:
        """Return the test modules, each with its project."""
        tests: dict[RepoPath, PytestProject] = {}
        for path in self._found.modules:
            directory = directory_of(path)
            project = self.project_of(directory)
            # A file that is named is collected whatever its name, and nothing ignores it (`Session.isinitpath`).
            collected = path in self._starts[project.directory] or (
                self._names[project.directory](path) and not self.ignored(directory) and not self._ignored_by_name(path, project)
            )
            if collected and not (self._excluded is not None and self._excluded.match_file(path)):
                tests[path] = project
        return tests

    def doctests(self) -> Iterator[RepoPath]:
        """Yield the modules that a bare `pytest` imports for their examples (`--doctest-modules`), other than test modules and conftest.py files."""
        wanted = {directory for directory, (project, _) in self._projects.items() if project.doctest_modules}
        for path in self._found.modules if wanted else ():
            directory = directory_of(path)
            project = self.project_of(directory)
            if project.directory not in wanted or basename_of(path) in ("__main__.py", "conftest.py", "setup.py") or not self.reached(path, project):
                continue
            if not self.ignored(directory) and not self._ignored_by_name(path, project):
                yield path

    def project_of(self, directory: RepoPath) -> PytestProject:
        """Return the nearest project of a directory."""
        project = self._project_of.get(directory)
        if project is None:
            own = self._projects.get(directory)
            project = self._project_of[directory] = own[0] if own is not None else self.project_of(directory_of(directory))
        return project

    def ignored(self, directory: RepoPath) -> bool:
        """Tell whether pytest does not enter a directory. One below another that it does not enter stays out, whatever settings it holds."""
        known = self._ignored.get(directory)
        if known is None:
            known = self._ignored[directory] = bool(directory) and (self.ignored(directory_of(directory)) or self._not_entered(directory))
        return known

    def _not_entered(self, directory: RepoPath) -> bool:
        project = self.project_of(directory_of(directory))
        if directory in self._named[project.directory]:
            return False
        in_environment = directory in self._found.environments and not self._projects[project.directory][1].collect_in_virtualenv
        named = self._directories[project.directory](directory) or basename_of(directory) == "__pycache__"
        return in_environment or named or self._ignored_by_name(directory, project)

    def _ignored_by_name(self, path: RepoPath, project: PytestProject) -> bool:
        """Tell whether `--ignore`, `--ignore-glob` or the nearest `collect_ignore` names a path."""
        settings = self._projects[project.directory][1]
        if settings.ignore and path in {locate(one, project.directory) for one in settings.ignore}:
            return True
        if settings.ignore_glob and any(fnmatch.fnmatchcase(path, join(project.directory, one)) for one in settings.ignore_glob):
            return True
        return bool(self._lists) and (
            path in self._listed("collect_ignore", path, project)
            or any(fnmatch.fnmatchcase(path, glob) for glob in self._listed("collect_ignore_glob", path, project))
        )

    def _listed(self, name: str, path: RepoPath, project: PytestProject) -> tuple[str, ...]:
        """Return a list of the nearest conftest.py that has one by that name (`Config._getconftest_pathlist`), as paths in the repository."""
        key = name, directory_of(path), project.directory
        found = self._lists_near.get(key)
        if found is None:
            found = ()
            for directory in reversed(ancestors_of(path)):
                values = self._lists.get(directory, {}).get(name)
                if values is not None:
                    found = tuple(there for one in values if (there := locate(one, directory)) is not None)
                if values is not None or directory == project.directory:
                    break
            self._lists_near[key] = found
        return found

    def ignored_by_conftests(self, project: RepoPath) -> Iterator[str]:
        """Yield what the conftest.py files of a project ignore."""
        for directory, lists in self._lists.items():
            if self.project_of(directory).directory == project:
                for name in _LISTS:
                    yield from (there for one in lists.get(name, ()) if (there := locate(one, directory)) is not None)

    def reached(self, path: RepoPath, project: PytestProject) -> bool:
        """Tell whether a bare `pytest` in the rootdir comes by a test. `testpaths` that match nothing are as none."""
        starts = self._starts[project.directory]
        if not starts or path in starts:
            return True
        directory = directory_of(path)
        known = self._reached.get(directory)
        if known is None:
            known = self._reached[directory] = any(one in starts for one in ancestors_of(path))
        return known

    def _starting_points(self, project: PytestProject) -> frozenset[RepoPath]:
        """Return the files and directories that `testpaths` match (`Config._decide_args`)."""
        snapshot = self._found.snapshot
        starts: set[RepoPath] = set()
        for one in project.testpaths:
            there = locate(one, project.directory)
            if there is None:
                continue
            if any(letter in one for letter in "*?["):
                glob = tuple(part for part, after in pairwise((*there.split("/"), "")) if (part, after) != ("**", "**"))
                candidates = chain(snapshot.directories, snapshot.files)
                starts.update(path for path in candidates if _glob(glob, tuple(path.split("/"))))
            elif there in snapshot.directories or there in snapshot.files:
                starts.add(there)
        return frozenset(starts)


def _glob(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Match a recursive glob (`glob.iglob(recursive=True)`): a wildcard neither crosses a slash nor matches a leading dot.

    >>> _glob(("**", "tests"), ("a", "b", "tests")), _glob(("*",), ("a", "b")), _glob(("*",), (".a",))
    (True, False, False)
    """
    if not pattern:
        return not path
    if pattern[0] == "**":
        hidden = next((index for index, part in enumerate(path) if part.startswith(".")), len(path))
        return any(_glob(pattern[1:], path[skipped:]) for skipped in range(hidden + 1))
    if not path or (path[0].startswith(".") and not pattern[0].startswith(".")):
        return False
    return fnmatch.fnmatchcase(path[0], pattern[0]) and _glob(pattern[1:], path[1:])


def _patterns(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Return a test of paths against patterns as `_pytest.pathlib.fnmatch_ex` has them: against the base name, or, where one has a slash, the path's end."""
    names = re.compile("|".join(fnmatch.translate(one) for one in patterns if "/" not in one) or r"(?!)")
    paths = re.compile("|".join(fnmatch.translate(f"*/{one}") for one in patterns if "/" in one) or r"(?!)")

    def matches(path: str) -> bool:
        return names.match(path.rpartition("/")[2]) is not None or paths.match(f"/{path}") is not None

    return matches
