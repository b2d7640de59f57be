"""Hermetic Git repositories, drawn as `{path: source}` per revision.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as directory:
...     repository = draw(Path(directory), base={"acme/a.py": "x = 1", "acme/b.py": ""}, head={"acme/a.py": "x = 2"})
...     print(repository.git("diff", "--name-only", "base", "head"))
acme/a.py
acme/b.py

Nothing of the machine shows through: no global or system configuration, no `GIT_*` variable of a surrounding hook, one identity,
and dates that count up a minute per commit, so that the same drawing gives the same commit ids everywhere.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pygit2

if TYPE_CHECKING:
    from collections.abc import Mapping

_EPOCH = datetime(2025, 9, 14, 9, 0, tzinfo=UTC)
_AUTHOR, _ADDRESS = "A. Author", "author@example.invalid"


@dataclass(frozen=True, slots=True)
class Symlink:
    """A symbolic link, to be drawn in place of a source."""

    target: str


@dataclass(frozen=True, slots=True)
class Executable:
    """A source with the executable bit."""

    source: str


Content = str | bytes | Symlink | Executable
"""What stands at a path: text is written as UTF-8 without any newline translation."""


def git_environment() -> dict[str, str]:
    """Return the environment of a Git that knows nothing of this machine, nor of a Git process around it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": _AUTHOR,
        "GIT_AUTHOR_EMAIL": _ADDRESS,
        "GIT_COMMITTER_NAME": _AUTHOR,
        "GIT_COMMITTER_EMAIL": _ADDRESS,
        "LC_ALL": "C",
        "TZ": "UTC",
    }


@dataclass(frozen=True, slots=True)
class Repository:
    """A Git repository with a worktree at `path`."""

    path: Path

    def git(self, *arguments: str, stdin: bytes | None = None, environment: Mapping[str, str] | None = None) -> str:
        """Run Git here and return what it prints, without the last newline. Raises `AssertionError` with Git's own words."""
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments], input=stdin, capture_output=True, check=False, env=git_environment() | dict(environment or {})
        )
        assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace')}"
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def commit(self, files: Mapping[str, Content], message: str = "Change", *, branch: str | None = None) -> str:
        """Make `files` the whole tree of a new commit and return its id. A path that is absent is deleted.

        The commit goes on the current branch, or on `branch`, which is made here when it does not exist.
        """
        if branch is not None:
            repository = pygit2.Repository(self.path)
            if branch in repository.branches.local:
                self.git("checkout", "--quiet", branch)
            else:
                repository.references.create(f"refs/heads/{branch}", repository.head.target)
                repository.set_head(f"refs/heads/{branch}")
        self.write(files)
        self.git("add", "--all", "--force")
        return self._record(message)

    def write(self, files: Mapping[str, Content]) -> None:
        """Make `files` the whole worktree, without a commit."""
        for directory, below, names in os.walk(self.path, topdown=False):
            inside = Path(directory)
            if ".git" in inside.relative_to(self.path).parts:
                continue
            for name in (*names, *(one for one in below if (inside / one).is_symlink())):
                if name != ".git" and (inside / name).relative_to(self.path).as_posix() not in files:
                    (inside / name).unlink()
            # A directory that lost its last file: Git does not know it, an import would.
            if inside != self.path and not any(inside.iterdir()):
                inside.rmdir()
        for name, content in files.items():
            _put(self.path / name, content)

    def merge(self, branch: str, message: str = "Merge") -> str:
        """Merge `branch` into the current one, always as a merge commit, and return its id."""
        self.git("merge", "--quiet", "--no-ff", "--no-commit", branch)
        return self._record(message)

    def commit_id(self, revision: str) -> str:
        """Return the id of the commit that `revision` names."""
        return str(pygit2.Repository(self.path).revparse_single(revision).peel(pygit2.Commit).id)

    def export(self, revision: str, directory: Path) -> Path:
        """Write the tree of `revision` under `directory`, which must not exist yet, and return it."""
        directory.mkdir(parents=True)
        index = {"GIT_INDEX_FILE": str(directory.parent / f"{directory.name}.index")}
        self.git("read-tree", revision, environment=index)
        self.git("checkout-index", "--all", f"--prefix={directory}/", environment=index)
        return directory

    def _record(self, message: str) -> str:
        """Commit what is staged, on top of what is checked out and what is being merged, and return the id."""
        repository = pygit2.Repository(self.path)
        walker = repository.walk(None)
        for reference in repository.references.objects:
            if isinstance(tip := reference.peel(), pygit2.Commit):
                walker.push(tip.id)
        seconds = int((_EPOCH + timedelta(minutes=sum(1 for _ in walker))).timestamp())
        author = pygit2.Signature(_AUTHOR, _ADDRESS, seconds)
        parents = [] if repository.head_is_unborn else [repository.head.target]
        merging = Path(repository.path, "MERGE_HEAD")
        if merging.exists():
            parents += [pygit2.Oid(hex=line) for line in merging.read_text().split()]
        commit = repository.create_commit("HEAD", author, author, f"{message}\n", repository.index.write_tree(), parents)
        repository.state_cleanup()
        return str(commit)


def create(path: Path, *, branch: str = "main") -> Repository:
    """Return a new repository without any commit, on an unborn `branch`."""
    path.mkdir(parents=True, exist_ok=True)
    repository = Repository(path)
    # An empty template: no hooks, no exclude file of this machine.
    repository.git("init", "--quiet", "--template=", f"--initial-branch={branch}")
    with (path / ".git" / "config").open("a") as config:
        config.write("[core]\n\tautocrlf = false\n\tsymlinks = true\n[commit]\n\tgpgSign = false\n[gc]\n\tauto = 0\n")
    return repository


def draw(path: Path, *, base: Mapping[str, Content], head: Mapping[str, Content]) -> Repository:
    """Return a repository at `path / "repository"` with two commits, on the branches `base` and `head`; `head` is checked out."""
    repository = create(path / "repository", branch="base")
    repository.commit(base, "Base")
    repository.commit(head, "Head", branch="head")
    return repository


def _put(path: Path, content: Content) -> None:
    """Write one file, replacing whatever is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    match content:
        case Symlink(target):
            path.symlink_to(target)
        case Executable(source):
            path.write_bytes(source.encode())
            path.chmod(0o755)
        case bytes():
            path.write_bytes(content)
        case str():
            path.write_bytes(content.encode())
