"""The words that travel between the stages: module names, repository paths, blob ids.

They are plain strings and bytes at run time (ten thousand files make ten thousand of each), distinct types to the checker.
"""

from __future__ import annotations

import re
from typing import NewType

ModuleName = NewType("ModuleName", str)
"""A dotted name, absolute: never empty, never with a leading dot."""

RepoPath = NewType("RepoPath", str)
"""A POSIX path relative to the repository root, without `.` or `..`; the root itself is the empty string."""

BlobId = NewType("BlobId", bytes)
"""The raw object id of a blob, 20 bytes (SHA-1)."""

CommitId = NewType("CommitId", str)
"""The object id of a commit, 40 hexadecimal digits."""


_ASIDE = re.compile(r"(?:^|[/_.-])(?:archived?|archives|backups?|bak|attic|graveyard|trash)(?=[/_.\-\d]|$)", re.IGNORECASE)


def parent_of(name: str) -> str:
    """Return the package that holds a module, or the empty string.

    >>> parent_of("a.b.c")
    'a.b'
    >>> parent_of("a")
    ''
    """
    return name.rpartition(".")[0]


def directory_of(path: str) -> RepoPath:
    """Return the directory that holds a file.

    >>> directory_of("src/pkg/mod.py")
    'src/pkg'
    >>> directory_of("setup.py")
    ''
    """
    return RepoPath(path.rpartition("/")[0])


def basename_of(path: str) -> str:
    """Return the last component of a path.

    >>> basename_of("src/pkg/mod.py")
    'mod.py'
    """
    return path.rpartition("/")[2]


def join(directory: str, name: str) -> RepoPath:
    """Put a name below a directory.

    >>> join("src", "pkg")
    'src/pkg'
    >>> join("", "pkg")
    'pkg'
    """
    return RepoPath(f"{directory}/{name}" if directory else name)


def ancestors_of(path: str) -> tuple[RepoPath, ...]:
    """Return the directories above a path, the repository root first.

    >>> ancestors_of("a/b/c.py")
    ('', 'a', 'a/b')
    >>> ancestors_of("c.py")
    ('',)
    """
    found = [RepoPath("")]
    position = path.find("/")
    while position != -1:
        found.append(RepoPath(path[:position]))
        position = path.find("/", position + 1)
    return tuple(found)


def is_put_aside(path: str) -> bool:
    """Tell whether a file lies where things are kept that nobody is to use: backups and archives, by the name of a directory or its own.

    >>> is_put_aside("backups/2025/a.py"), is_put_aside("pkg/runner_backup_20250910.py"), is_put_aside("pkg/archiver.py")
    (True, True, False)
    """
    return _ASIDE.search(path) is not None


def is_below(path: str, directory: str) -> bool:
    """Tell whether a path is a directory or lies below it.

    >>> is_below("src/pkg/mod.py", "src"), is_below("srcs/mod.py", "src"), is_below("x.py", "")
    (True, False, True)
    """
    return not directory or path == directory or path.startswith(directory + "/")
