"""Real Git repositories in `tmp_path`, hermetic: one identity, fixed dates, no configuration of the machine, no `GIT_*` around."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import pygit2
import pytest
from pygit2.enums import ConfigLevel

from impact.git import open_repository
from impact.revisions.ranges import parse_range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from impact.snapshots import Comparison


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    person = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "A"), ("EMAIL", "a@example.invalid"))}
    dates = {"GIT_AUTHOR_DATE": "2025-09-14T09:00:00Z", "GIT_COMMITTER_DATE": "2025-09-14T09:00:00Z"}
    return kept | person | dates | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class GitRepo:
    path: Path

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.path), *arguments], capture_output=True, check=False, env=_environment())
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, files: dict[str, str | bytes]) -> None:
        for name, content in files.items():
            place = self.path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: dict[str, str | bytes] | None = None, *, remove: tuple[str, ...] = ()) -> str:
        self.write(files or {})
        if remove:
            self.git("rm", "-rq", *remove)
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", "Change")
        return self.git("rev-parse", "HEAD")

    def resolve(self, text: str | None, *, staged: bool = False, base: str | None = None) -> Comparison:
        return open_repository(self.path).resolve(parse_range(text, staged=staged), base)

    def fingerprint(self) -> dict[str, tuple[str, int]]:
        """Every file of the repository, the Git directory included: content and time stamp."""
        files = (place for place in self.path.rglob("*") if place.is_file() and not place.is_symlink())
        return {str(place): (sha256(place.read_bytes()).hexdigest(), place.stat().st_mtime_ns) for place in files}


@pytest.fixture(autouse=True, scope="session")
def _no_configuration_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    levels = (ConfigLevel.GLOBAL, ConfigLevel.XDG, ConfigLevel.SYSTEM)
    before = {level: pygit2.settings.search_path[level] for level in levels}
    nothing = str(tmp_path_factory.mktemp("no-configuration"))
    for level in levels:
        pygit2.settings.search_path[level] = nothing
    yield
    for level, place in before.items():
        pygit2.settings.search_path[level] = place


@pytest.fixture
def make_repo(tmp_path: Path) -> Callable[[str], GitRepo]:
    """Make an empty repository under a name, on the unborn branch `main`."""

    def make(name: str) -> GitRepo:
        repo = GitRepo(tmp_path / name)
        repo.path.mkdir()
        repo.git("init", "-q", "--template=", "-b", "main")
        repo.git("config", "protocol.file.allow", "always")
        return repo

    return make


@pytest.fixture
def clone(tmp_path: Path) -> Callable[..., GitRepo]:
    """Clone a repository over file://, so that depth and filters count."""

    def make(source: GitRepo, name: str, *options: str) -> GitRepo:
        source.git("clone", "-q", *options, f"file://{source.path}", str(tmp_path / name))
        return GitRepo(tmp_path / name)

    return make


@pytest.fixture
def git_repo(make_repo: Callable[[str], GitRepo]) -> GitRepo:
    """An empty repository, on the unborn branch `main`."""
    return make_repo("repo")
