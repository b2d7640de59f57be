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

if TYPE_CHECKING:
    from collections.abc import Mapping

_EPOCH = datetime(2025, 9, 14, 9, 0, tzinfo=UTC)


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
        "GIT_AUTHOR_NAME": "A. Author",
        "GIT_AUTHOR_EMAIL": "author@example.invalid",
        "GIT_COMMITTER_NAME": "A. Author",
        "GIT_COMMITTER_EMAIL": "author@example.invalid",
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
            exists = self.git("branch", "--list", branch) != ""
            self.git("checkout", "--quiet", *([] if exists else ["-b"]), branch)
        self.write(files)
        self.git("add", "--all", "--force")
        self._record(message)
        return self.commit_id("HEAD")

    def write(self, files: Mapping[str, Content]) -> None:
        """Make `files` the whole worktree, without a commit."""
        for name in self.git("ls-files", "--cached", "--others", "-z").split("\0"):
            if name and name not in files:
                (self.path / name).unlink(missing_ok=True)
        self._prune()
        for name, content in files.items():
            _put(self.path / name, content)

    def merge(self, branch: str, message: str = "Merge") -> str:
        """Merge `branch` into the current one, always as a merge commit, and return its id."""
        self.git("merge", "--quiet", "--no-ff", "--no-commit", branch)
        self._record(message)
        return self.commit_id("HEAD")

    def commit_id(self, revision: str) -> str:
        """Return the id of the commit that `revision` names."""
        return self.git("rev-parse", "--verify", f"{revision}^{{commit}}")

    def export(self, revision: str, directory: Path) -> Path:
        """Write the tree of `revision` under `directory`, which must not exist yet, and return it."""
        directory.mkdir(parents=True)
        index = {"GIT_INDEX_FILE": str(directory.parent / f"{directory.name}.index")}
        self.git("read-tree", revision, environment=index)
        self.git("checkout-index", "--all", f"--prefix={directory}/", environment=index)
        return directory

    def _record(self, message: str) -> None:
        count = int(self.git("rev-list", "--all", "--count"))
        date = (_EPOCH + timedelta(minutes=count)).isoformat()
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "--message", message, environment={"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date})

    def _prune(self) -> None:
        """Remove the directories that lost their last file: Git does not know them, an import would."""
        for directory, _, _ in os.walk(self.path, topdown=False):
            inside = Path(directory)
            if inside != self.path and ".git" not in inside.relative_to(self.path).parts and not any(inside.iterdir()):
                inside.rmdir()


def create(path: Path, *, branch: str = "main") -> Repository:
    """Return a new repository without any commit, on an unborn `branch`."""
    path.mkdir(parents=True, exist_ok=True)
    repository = Repository(path)
    # An empty template: no hooks, no exclude file of this machine.
    repository.git("init", "--quiet", "--template=", f"--initial-branch={branch}")
    for key, value in (("core.autocrlf", "false"), ("core.symlinks", "true"), ("commit.gpgSign", "false"), ("gc.auto", "0")):
        repository.git("config", key, value)
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
