"""Where Git looks for the hooks of a repository."""

from __future__ import annotations

from pathlib import Path

import pygit2


def hooks_directory(repository: pygit2.Repository) -> Path:
    """Return the directory of the hooks: `core.hooksPath` (git-config(1)), relative to where hooks run, else `hooks` of the common directory."""
    if "core.hooksPath" in repository.config:
        configured = Path(str(repository.config["core.hooksPath"])).expanduser()
        return Path(repository.workdir or repository.path) / configured
    return _common_directory(Path(repository.path)) / "hooks"


def _common_directory(git_directory: Path) -> Path:
    """Return the directory that linked worktrees share (gitrepository-layout(5), `commondir`)."""
    pointer = git_directory / "commondir"
    return (git_directory / pointer.read_text(encoding="utf-8").strip()).resolve() if pointer.is_file() else git_directory
