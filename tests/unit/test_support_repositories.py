"""The drawn repositories: what is drawn is what Git has, and nothing of the machine shows through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.repositories import Executable, Symlink, create, draw

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_path_that_is_absent_at_head_is_deleted(tmp_path: Path) -> None:
    repository = draw(tmp_path, base={"acme/gone.py": "", "acme/kept.py": "x = 1\n"}, head={"acme/kept.py": "x = 1\n", "new.py": ""})
    assert repository.git("diff", "--no-renames", "--name-status", "base", "head") == "D\tacme/gone.py\nA\tnew.py"


def test_the_worktree_is_at_head_and_clean(tmp_path: Path) -> None:
    repository = draw(tmp_path, base={"a/b/c.py": ""}, head={"d.py": ""})
    assert repository.git("branch", "--show-current") == "head"
    assert repository.git("status", "--porcelain") == ""
    assert sorted(path.name for path in repository.path.iterdir()) == [".git", "d.py"]


def test_bytes_and_newlines_are_kept_as_drawn(tmp_path: Path) -> None:
    latin = b"# -*- coding: latin-1 -*-\r\nname = '\xe9'\r\n"
    repository = draw(tmp_path, base={"a.py": latin, "b.py": "x = 'é'\r\n"}, head={})
    assert repository.git("show", "base:a.py").encode("utf-8", "surrogateescape") + b"\n" == latin
    assert repository.git("show", "base:b.py") == "x = 'é'\r"


def test_links_and_modes_are_drawn(tmp_path: Path) -> None:
    repository = draw(tmp_path, base={"a.py": "", "link.py": Symlink("a.py"), "run": Executable("#!/bin/sh\n")}, head={"link.py": "x = 1\n"})
    modes = {line.split("\t")[1]: line.split()[0] for line in repository.git("ls-tree", "-r", "base").splitlines()}
    assert modes == {"a.py": "100644", "link.py": "120000", "run": "100755"}
    assert repository.git("ls-tree", "head", "link.py").startswith("100644")


def test_a_file_that_an_ignore_file_hides_is_drawn_too(tmp_path: Path) -> None:
    repository = draw(tmp_path, base={".gitignore": "build/\n", "build/a.py": ""}, head={".gitignore": "build/\n"})
    assert repository.git("ls-tree", "-r", "--name-only", "base").splitlines() == [".gitignore", "build/a.py"]
    assert repository.git("ls-tree", "-r", "--name-only", "head").splitlines() == [".gitignore"]


def test_a_directory_can_become_a_file_and_back(tmp_path: Path) -> None:
    repository = draw(tmp_path, base={"a/__init__.py": ""}, head={"a": "text"})
    repository.commit({"a/b.py": ""}, "Back")
    assert repository.git("ls-tree", "-r", "--name-only", "HEAD") == "a/b.py"


def test_the_same_drawing_has_the_same_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw(tmp_path / "one", base={"a.py": ""}, head={"b.py": ""})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Somebody Else\n[commit]\n\tgpgSign = true\n")
    second = draw(tmp_path / "two", base={"a.py": ""}, head={"b.py": ""})
    assert first.commit_id("head") == second.commit_id("head")


def test_branches_grow_apart_and_are_merged(tmp_path: Path) -> None:
    repository = create(tmp_path / "repository")
    fork = repository.commit({"a.py": "", "b.py": ""})
    repository.commit({"a.py": "", "b.py": "", "c.py": ""}, branch="topic")
    repository.commit({"a.py": ""}, branch="main")
    merge = repository.merge("topic")
    assert repository.git("ls-tree", "-r", "--name-only", merge).splitlines() == ["a.py", "c.py"]
    assert repository.git("merge-base", "main^1", "topic") == fork
    dates = repository.git("log", "--format=%ct", "main").split()
    assert len(set(dates)) == 4


def test_an_export_is_the_tree_and_leaves_the_repository_alone(tmp_path: Path) -> None:
    repository = draw(tmp_path, base={"a/b.py": "x = 1\n", "l": Symlink("a/b.py")}, head={"c.py": ""})
    exported = repository.export("base", tmp_path / "exported")
    assert (exported / "a/b.py").read_text() == "x = 1\n"
    assert (exported / "l").is_symlink()
    assert not (exported / ".git").exists()
    assert repository.git("status", "--porcelain") == ""
