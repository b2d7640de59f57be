"""One pass over the paths of a snapshot: which of them tell something of the project's layout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from impact.discovery.metadata import METADATA_FILES, is_requirements
from impact.discovery.pytest_settings import SETTINGS_FILES
from impact.names import RepoPath, directory_of

if TYPE_CHECKING:
    from impact.snapshots import Snapshot

_PROJECT_FILES = frozenset({"pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", "manage.py", "Pipfile", "requirements.txt"})
_READ_FILES = METADATA_FILES | frozenset(SETTINGS_FILES)
# What an installer put there is not the project's, even when somebody committed it.
_FOREIGN = re.compile(r"(?:^|/)(?:node_modules|site-packages|\.tox|\.nox|\.venv|venv|\.eggs)/")


@dataclass(slots=True)
class Survey:
    """What one pass over the paths finds.

    `settings` are the files that may hold pytest settings or packaging metadata, `requirements` the requirements files; `homes` maps each project
    directory to a file that makes it one; `environments` are the roots of virtual environments; `python` the directories with a Python file in or below
    them. What an installer put there is left out of the first three.
    """

    snapshot: Snapshot
    settings: set[RepoPath] = field(default_factory=set)
    requirements: set[RepoPath] = field(default_factory=set)
    conftests: list[RepoPath] = field(default_factory=list)
    modules: list[RepoPath] = field(default_factory=list)
    packages: frozenset[RepoPath] = frozenset()
    homes: dict[RepoPath, str] = field(default_factory=dict)
    environments: set[RepoPath] = field(default_factory=set)
    python: set[RepoPath] = field(default_factory=set)


def survey(snapshot: Snapshot) -> Survey:
    """Return what the paths of a snapshot tell."""
    found = Survey(snapshot)
    packages: set[RepoPath] = set()
    for path in snapshot.files:
        name = path.rpartition("/")[2]
        if name.endswith(".py"):
            found.modules.append(path)
            if name == "__init__.py":
                packages.add(directory_of(path))
            elif name == "conftest.py":
                found.conftests.append(path)
        elif name == "pyvenv.cfg":
            found.environments.add(directory_of(path))
        elif path.endswith("conda-meta/history"):
            found.environments.add(directory_of(directory_of(path)))
        if name in _READ_FILES or name in _PROJECT_FILES or (name.endswith(".txt") and is_requirements(path)):
            if _FOREIGN.search(path):
                continue
            if name in _READ_FILES:
                found.settings.add(path)
            elif name.endswith(".txt"):
                found.requirements.add(path)
            if name in _PROJECT_FILES:
                found.homes[directory_of(path)] = name
    for directory in {directory_of(path) for path in found.modules}:
        current = directory
        while current not in found.python:
            found.python.add(current)
            current = directory_of(current)
    found.packages = frozenset(packages)
    found.conftests.sort()
    return found
