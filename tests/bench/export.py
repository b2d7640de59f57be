"""The Python files of a revision, written to a directory for the tools that need a tree on disk."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from support.repositories import git_environment

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tree:
    """What was written: how many files of how many bytes, and how many blobs the repository does not hold."""

    path: Path
    files: int
    size: int
    missing: int


def export(repository: Path, revision: str, directory: Path) -> Tree:
    """Write the Python files of `revision` below `directory`. A blob that is missing (a partial clone) is counted and left out, never fetched."""
    # A promisor remote would be asked for what is missing: no transport, no fetch.
    environment = git_environment() | {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    git = ["git", "-c", "safe.directory=*", "-C", str(repository)]
    listing = subprocess.run([*git, "ls-tree", "-r", "-z", "--full-tree", revision], capture_output=True, check=True, env=environment).stdout
    entries = [entry.split(b"\t", 1) for entry in listing.split(b"\0") if entry.endswith(b".py")]
    regular = [(path, meta.split()[2]) for meta, path in entries if meta.startswith(b"100")]
    files = size = missing = 0
    directory.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen([*git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as batch:
        assert batch.stdin is not None
        assert batch.stdout is not None
        for path, blob in regular:
            content = _read(batch.stdin, batch.stdout, blob)
            if content is None:
                missing += 1
                continue
            target = directory / path.decode("utf-8", "surrogateescape")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            files += 1
            size += len(content)
        batch.stdin.close()
    return Tree(directory, files, size, missing)


def _read(requests: IO[bytes], answers: IO[bytes], blob: bytes) -> bytes | None:
    """Ask `git cat-file --batch` for one blob; None when the repository does not hold it."""
    requests.write(blob + b"\n")
    requests.flush()
    head = answers.readline().split()
    if len(head) < 3:
        return None
    content = answers.read(int(head[2]))
    answers.read(1)
    return content
