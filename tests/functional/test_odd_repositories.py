"""Repositories as people have them: shallow, partial, damaged, linked, odd in their names. What is judged, and what is said where nothing can be."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.commands import Said, impact_command
from support.repositories import Content, Repository, Symlink, create

ORDERS_TEST = "from acme.orders import total\n\n\ndef test_total():\n    assert total()\n"
BASE: dict[str, Content] = {
    "acme/__init__.py": "",
    "acme/orders.py": "def total():\n    return 1\n",
    "tests/test_orders.py": ORDERS_TEST,
    "pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = ['tests']\n",
}
DELETED = {path: content for path, content in BASE.items() if path != "acme/orders.py"}
RENAMED = BASE | {"acme/orders.py": "def sum_up():\n    return 1\n"}
VERDICT = "1 test file cannot be collected\n"


@dataclass(frozen=True, slots=True)
class Place:
    """A repository with the branches `main` and `topic`, which diverged, and a folder to put others into."""

    repository: Repository
    scratch: Path

    @property
    def url(self) -> str:
        return f"file://{self.repository.path}"

    def clone(self, name: str, *options: str, source: str | None = None) -> Repository:
        self.repository.git("clone", "-q", *options, source or self.url, str(self.scratch / name))
        return Repository(self.scratch / name)

    def run(self, *arguments: str, at: Repository) -> Said:
        return impact_command(*arguments, at=at.path, cache=self.scratch / "cache")

    def diff(self, *arguments: str, at: Repository) -> Said:
        return self.run("diff", *arguments, "-q", at=at)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    repository = create(tmp_path / "repository")
    for key in ("allowFilter", "allowAnySHA1InWant"):
        repository.git("config", f"uploadpack.{key}", "true")
    repository.commit(BASE, "Begin")
    repository.commit(BASE | {"n.md": "1\n"}, "Second")
    repository.commit(DELETED | {"n.md": "1\n"}, "Tidy", branch="topic")
    repository.git("checkout", "-q", "main")
    repository.commit(BASE | {"n.md": "2\n"}, "Third")
    return Place(repository, tmp_path)


def test_a_shallow_clone_says_how_deep_to_fetch(place: Place) -> None:
    shallow = place.clone("shallow", "--depth=1", "--no-single-branch")
    said = place.diff("HEAD~2..HEAD", at=shallow)
    assert said == Said(
        2,
        "",
        "impact: revision 'HEAD~2' lies beyond what this shallow clone holds\n"
        "hint: fetch more history: `git fetch --deepen=2`, or all of it: `git fetch --unshallow`\n",
    )
    assert place.diff("origin/main..origin/topic", at=shallow).code == 2
    shallow.git("fetch", "-q", "--deepen=2")
    assert place.diff("HEAD~2..HEAD", at=shallow).code == 0
    assert place.diff("origin/main..origin/topic", at=shallow) == Said(1, VERDICT, "")


@pytest.mark.parametrize(("revision", "deeper"), [("HEAD^", 1), ("HEAD~1^1", 2), ("HEAD~~", 2), ("HEAD^2", 100), ("HEAD^{/Begin}", 100)])
def test_how_much_deeper(place: Place, revision: str, deeper: int) -> None:
    shallow = place.clone("shallow", "--depth=1")
    assert f"git fetch --deepen={deeper}`" in place.diff(f"{revision}..HEAD", at=shallow).err


def test_a_partial_clone_is_judged_as_far_as_it_goes(place: Place) -> None:
    """The files of main are here, as that is checked out; those that only the branch has are not."""
    place.repository.commit(RENAMED, "Rename", branch="rename")
    place.repository.git("checkout", "-q", "main")
    partial = place.clone("partial", "--filter=blob:none")
    said = place.run("diff", "origin/main...origin/rename", at=partial)
    assert said.code == 0
    assert said.out.startswith("1 test file is at risk\n")
    note = "1 changed file cannot be read: this is a partial clone, `git fetch --refetch --no-filter origin` brings what it left out"
    assert note in said.text
    partial.git("fetch", "-q", "--refetch", "--no-filter", "origin")
    said = place.run("diff", "origin/main...origin/rename", at=partial)
    assert (said.code, note in said.text) == (1, False)
    assert said.out.startswith(VERDICT)


@pytest.mark.parametrize(("filtered", "complaint"), [
    ("blob:none", "impact: pyproject.toml at origin/main: its content is missing from the object store\n"),
    ("tree:0", "impact: what . holds is missing from the object store\n"),
])  # fmt: skip
def test_a_partial_clone_that_lacks_what_nothing_can_be_said_without(place: Place, filtered: str, complaint: str) -> None:
    partial = place.clone("partial", f"--filter={filtered}", "--no-checkout")
    said = place.diff("origin/main..origin/topic", at=partial)
    hint = "hint: this is a partial clone, `git fetch --refetch --no-filter origin` brings what it left out\n"
    assert said == Said(2, "", complaint + hint)
    partial.git("fetch", "-q", "--refetch", "--no-filter", "origin")
    assert place.diff("origin/main..origin/topic", at=partial) == Said(1, VERDICT, "")


def lose(repository: Repository, name: str) -> None:
    blob = repository.git("rev-parse", name)
    (repository.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


def test_a_directory_that_cannot_be_listed_is_not_taken_for_deleted(place: Place) -> None:
    lose(place.repository, "topic:acme")
    said = place.diff("main..topic", at=place.repository)
    hint = "hint: `git fsck` says what is damaged, `git fetch --refetch` brings it anew\n"
    assert said == Said(2, "", "impact: what acme holds is missing from the object store\n" + hint)


def test_a_directory_that_neither_end_can_list_is_skipped(place: Place) -> None:
    place.repository.commit(BASE | {"data/x.py": "", "n.md": "3\n"}, "One", branch="one")
    place.repository.commit(DELETED | {"data/x.py": "", "n.md": "4\n"}, "Two", branch="two")
    lose(place.repository, "one:data")
    said = place.run("diff", "one..two", at=place.repository)
    assert said.code == 1
    assert "so breaks may be missing: tree object is missing from the object store" in said.text


def test_a_commit_that_is_missing(place: Place) -> None:
    lose(place.repository, "main~1")
    said = place.diff("main..topic", at=place.repository)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("impact: the history cannot be read: ")
    assert said.err.endswith("\nhint: `git fsck` says what is damaged\n")


def test_alternates(place: Place) -> None:
    assert place.diff("origin/main..origin/topic", at=place.clone("shared", "--shared", source=str(place.repository.path))) == Said(1, VERDICT, "")


def test_bare_linked_and_detached(place: Place) -> None:
    bare = place.clone("bare.git", "--bare")
    assert place.diff("main..topic", at=bare) == Said(1, VERDICT, "")
    assert place.diff(at=bare) == Said(2, "", "impact: WORKTREE: a bare repository has none\nhint: name two commits: A..B\n")
    place.repository.git("worktree", "add", "-q", "--detach", str(place.scratch / "linked"), "topic")
    linked = Repository(place.scratch / "linked")
    assert place.diff("main..HEAD", at=linked) == Said(1, VERDICT, "")
    assert place.diff(at=linked) == Said(1, VERDICT, "")
    assert place.diff(at=place.repository).code == 0


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    place = Place(create(tmp_path / "empty"), tmp_path)
    assert place.diff(at=place.repository) == Said(
        2, "", "impact: HEAD names no commit yet: nothing was committed on this branch\nhint: commit first, or name another revision\n"
    )
    assert place.diff("main..HEAD", at=place.repository) == Said(2, "", "impact: unknown revision 'main': the repository has no commits yet\n")


@pytest.mark.parametrize("base", ["main~2^", "main~3", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"])
def test_the_first_commit_is_held_against_the_empty_tree(place: Place, base: str) -> None:
    said = place.run("diff", f"{base}..main~2", "--output-format", "json", at=place.repository)
    assert (said.code, said.report["base"]) == (0, {"revision": base, "commit": None})
    assert said.report["notes"] == []


def test_beyond_the_first_commit_is_nothing(place: Place) -> None:
    assert place.diff("main~4..main", at=place.repository).err == "impact: unknown revision 'main~4': 'main' exists, what follows it does not\n"


def test_a_replaced_commit_is_what_git_shows(place: Place) -> None:
    repository = place.repository
    repository.git("replace", "topic", repository.git("commit-tree", "-p", "topic~1", "-m", "Instead", "topic~1^{tree}"))
    assert repository.git("diff", "--stat", "topic~1..topic") == ""
    assert place.diff("topic~1..topic", at=repository).code == 0
    assert place.diff("main..topic", at=repository).code == 0


def test_a_grafted_commit_has_the_parents_that_it_is_given(place: Place) -> None:
    (place.repository.path / ".git/info").mkdir()
    (place.repository.path / ".git/info/grafts").write_text(place.repository.commit_id("topic") + "\n")
    said = place.run("diff", "main..topic", "--output-format", "json", at=place.repository)
    assert said.report["notes"] == ["main and topic have no commit in common: the two ends are compared"]
    assert said.code == 1


def test_a_sha256_repository(tmp_path: Path, place: Place) -> None:
    place.repository.git("init", "-q", "--object-format=sha256", str(tmp_path / "new"))
    said = place.diff(at=Repository(tmp_path / "new"))
    assert said == Said(
        2,
        "",
        "impact: the repository uses SHA-256 object ids, which are not supported\n"
        "hint: a copy with SHA-1 ids can be judged: `git fast-export --all | git -C COPY fast-import`\n",
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user(place: Place) -> None:
    for folder in (place.repository.path, place.repository.path / ".git"):
        os.chown(folder, 12345, 12345)
    path = place.repository.path
    assert place.diff("main..topic", at=place.repository) == Said(
        2, "", f"impact: the repository {path} belongs to another user\nhint: if you trust it: git config --global --add safe.directory {path}\n"
    )


def test_a_sparse_index_stands_in_the_way_of_the_working_tree_alone(place: Place) -> None:
    place.repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "acme")
    assert place.diff("main..topic", at=place.repository) == Said(1, VERDICT, "")
    said = place.diff("HEAD", at=place.repository)
    assert (said.code, "git sparse-checkout reapply --no-sparse-index" in said.err) == (2, True)
    place.repository.git("sparse-checkout", "reapply", "--no-sparse-index")
    assert place.diff("HEAD", at=place.repository).code == 0


def test_what_a_submodule_holds_is_not_ours(place: Place) -> None:
    """A package that becomes a submodule is gone from this repository, and may be there all the same: nothing is certain."""
    repository = place.repository
    other = create(place.scratch / "other")
    other.commit({"__init__.py": "", "thing.py": "x = 1\n"}, "Begin")
    repository.commit(BASE | {"vendored/__init__.py": "", "vendored/thing.py": "x = 1\n", "tests/test_thing.py": "import vendored.thing\n"}, "Vendor")
    repository.git("rm", "-rq", "vendored")
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.path), "vendored")
    repository.git("commit", "-qm", "As a submodule")
    said = place.run("diff", "HEAD~1..HEAD", "--output-format", "json", at=repository)
    assert {"path": "vendored", "reason": "submodule: not part of this repository"} in said.report["skipped"]
    assert "collection-error" not in said.verdicts.values()


def test_linked_directories(place: Place) -> None:
    """Tests that reach the package through a link lose it with the file behind the link."""
    linked: dict[str, Content] = {"src/acme": Symlink("../acme"), "tests/conftest.py": "import sys\n\nsys.path.insert(0, 'src')\n"}
    place.repository.commit(BASE | linked, "Link")
    place.repository.commit(DELETED | linked, "Delete")
    assert place.diff("HEAD~1..HEAD", at=place.repository) == Said(1, VERDICT, "")
    place.repository.commit(BASE, "Unlink")
    assert place.diff("HEAD~2..HEAD", at=place.repository).code == 0


def test_names_that_differ_in_case_alone(place: Place) -> None:
    """Python tells them apart on every system (PEP 235), and Git keeps both."""
    repository = place.repository
    repository.git("config", "core.ignoreCase", "true")
    moved = DELETED | {"acme/Orders.py": "def total():\n    return 1\n"}
    repository.commit(moved, "Rename")
    assert place.diff("HEAD~1..HEAD", at=repository) == Said(1, VERDICT, "")
    repository.git("config", "core.ignoreCase", "false")
    repository.commit(BASE | moved, "Both")
    assert place.diff("HEAD~2..HEAD", at=repository).code == 0


def test_a_path_that_is_not_utf_8(place: Place) -> None:
    repository = place.repository
    odd = os.fsencode(repository.path) + b"/acme/caf\xe9.py"
    Path(os.fsdecode(odd)).write_text("x = 1\n")
    repository.git("add", "--all")
    repository.git("commit", "-qm", "Odd")
    repository.git("rm", "-q", "acme/orders.py")
    repository.git("commit", "-qm", "Delete")
    for revisions in ("HEAD~1..HEAD", "HEAD~1"):
        said = place.run("diff", revisions, "--output-format", "json", at=repository)
        assert (said.code, said.report["skipped"]) == (1, [{"path": "acme/caf\\xe9.py", "reason": "path is not UTF-8"}])


@pytest.mark.parametrize("command", ["merge", "rebase", "cherry-pick"])
def test_a_file_that_git_left_in_conflict_does_not_parse(place: Place, command: str) -> None:
    """With the marks of whatever stopped there: a branch, or an id, which would pass for a number of another Python."""
    repository = place.repository
    repository.commit(BASE | {"acme/orders.py": "def total(): return 2\n"}, "One", branch="one")
    repository.git("checkout", "-q", "-b", "two", "main")
    repository.commit(BASE | {"acme/orders.py": "def total(): return 3\n"}, "Two")
    with pytest.raises(AssertionError):
        repository.git(command, "one")
    assert (repository.path / "acme/orders.py").read_text().startswith("<<<<<<< ")
    assert place.diff("HEAD", at=repository) == Said(1, VERDICT, "")
    said = place.run("diff", "--staged", "--output-format", "json", at=repository)
    assert (said.verdicts, said.report["notes"]) == ({}, ["the index holds 1 unmerged file, taken from our side of the merge"])


def test_a_sparse_linked_worktree_has_what_it_leaves_out(place: Place) -> None:
    linked = Repository(place.scratch / "linked")
    place.repository.git("worktree", "add", "-q", str(linked.path), "topic~1")
    linked.git("sparse-checkout", "set", "--no-cone", "tests")
    assert not (linked.path / "acme").exists()
    assert place.diff("HEAD", at=linked).code == 0
    (linked.path / "tests/test_more.py").write_text("import acme.never\n")
    assert place.diff("HEAD", at=linked) == Said(1, VERDICT, "")
    assert place.diff("HEAD", at=place.repository).code == 0


def test_settings_of_the_index_do_not_matter_where_libgit2_reads_them(place: Place) -> None:
    place.repository.git("update-index", "--index-version", "4")
    (place.repository.path / "acme/orders.py").unlink()
    assert place.diff("HEAD", at=place.repository) == Said(1, VERDICT, "")
    place.repository.git("update-index", "--split-index")
    said = place.diff("HEAD", at=place.repository)
    assert (said.code, "`git update-index --no-split-index`" in said.err) == (2, True)


def test_nothing_of_the_repository_is_imported_whatever_it_is_called(tmp_path: Path) -> None:
    # Modules of the standard library that are looked into for what they bring (`code`), or needed anyhow, and that the repository has, too.
    bad = "raise SystemExit('imported')\n"
    production = "import code\nclass Console(code.InteractiveConsole):\n    {}\n"
    base = {
        **{f"{name}.py": bad for name in ("code", "queue", "json", "sqlite3", "typer", "pygit2")},
        "src/acme.py": production.format("def gone(self):\n        pass"),
        "tests/test_a.py": "from acme import Console\ndef test_a():\n    Console().gone()\n",
        "pytest.ini": "[pytest]\npythonpath = src\n",
    }
    repository = create(tmp_path / "repository")
    repository.commit(base, "Base")
    repository.commit({**base, "src/acme.py": production.format("pass")}, "Head")
    said = impact_command("diff", "HEAD~1..HEAD", "--output-format", "json", "-q", at=repository.path, cache=tmp_path / "cache")
    assert (said.code, said.err) == (0, "")
    assert said.verdicts == {"tests/test_a.py": "at-risk"}
