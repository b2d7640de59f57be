"""What a revision holds: trees, links, the working tree in every state Git knows, merges in memory; and that nothing is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from impact.errors import RepositoryError
from impact.git import open_repository
from impact.names import RepoPath
from impact.report import Skipped
from impact.revisions.ranges import parse_range
from impact.snapshots import MAX_SOURCE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from functional.conftest import GitRepo
    from impact.snapshots import Comparison, Snapshot

OUTSIDE = "symbolic link: its target is not a file of this repository"
LOOP = "symbolic link: it leads back to a directory that contains it"
SUBMODULE = "submodule: not part of this repository"


def _contents(repo: GitRepo, text: str | None, *, staged: bool = False) -> dict[str, bytes | None]:
    """Every file of the head of a range with its content."""
    repository = open_repository(repo.path)
    head = repository.resolve(parse_range(text, staged=staged)).head
    contents = repository.read_many(head.files.values())
    return {path: contents[blob] for path, blob in head.files.items()}


def _link(repo: GitRepo, **links: str) -> None:
    for name, target in links.items():
        place = repo.path / name.replace("__", "/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)


def _both_ways(repo: GitRepo) -> tuple[Snapshot, Snapshot]:
    """The same files as a commit and as the working tree has them."""
    comparison = repo.resolve("HEAD")
    return comparison.base, comparison.head


def test_files_are_listed_by_their_blob(git_repo: GitRepo) -> None:
    git_repo.commit({"a.py": "a = 1\n", "deep/er/b.py": "b = 1\n", "data.bin": b"\0"})
    for snapshot in _both_ways(git_repo):
        assert {path: blob.hex() for path, blob in snapshot.files.items()} == {
            path: git_repo.git("rev-parse", f"HEAD:{path}") for path in ("a.py", "deep/er/b.py", "data.bin")
        }
        assert snapshot.skipped == ()


def test_links_inside_the_repository_are_followed(git_repo: GitRepo) -> None:
    git_repo.write({"real/pkg/m.py": "m = 1\n", "real/pkg/sub/n.py": "n = 1\n"})
    _link(git_repo, alias="real/pkg", file="real/pkg/m.py", real__pkg__sub__up="../m.py", chain="alias/sub", via="alias/m.py")
    git_repo.commit()
    for snapshot in _both_ways(git_repo):
        links = {path for path in snapshot.files if not path.startswith("real/")}
        assert links == {"alias/m.py", "alias/sub/n.py", "alias/sub/up", "file", "chain/n.py", "chain/up", "via"}
        assert len({blob for path, blob in snapshot.files.items() if path in ("via", "chain/up", "real/pkg/m.py")}) == 1
        assert snapshot.skipped == ()


def test_links_that_lead_nowhere_are_left_out(git_repo: GitRepo) -> None:
    git_repo.write({"pkg/m.py": "", "data/d.txt": ""})
    _link(git_repo, out__py="../../elsewhere.py", pkg__self=".", root="/etc", ring_a="ring_b", ring_b="ring_a", data__again="../data", gone="absent")
    _link(git_repo, **{"absolute.py": "/usr/lib/x.py", "dangling.py": "absent.py"})
    git_repo.commit()
    for snapshot in _both_ways(git_repo):
        assert set(snapshot.files) == {"pkg/m.py", "data/d.txt"}
        assert snapshot.skipped == (Skipped("absolute.py", OUTSIDE), Skipped("dangling.py", OUTSIDE), Skipped("pkg/self", LOOP))


def test_links_on_a_system_without_links(git_repo: GitRepo) -> None:
    git_repo.write({"real/m.py": "m = 1\n", "other/n.py": "n = 1\n"})
    _link(git_repo, alias="real")
    git_repo.commit()
    git_repo.git("config", "core.symlinks", "false")
    (git_repo.path / "alias").unlink()
    git_repo.git("checkout", "-q", "--", "alias")
    assert (git_repo.path / "alias").read_text() == "real"
    base, head = _both_ways(git_repo)
    assert base.files == head.files
    git_repo.write({"alias": "other"})
    assert {path for path in git_repo.resolve("HEAD").head.files if path.startswith("alias")} == {"alias/n.py"}


def test_links_that_multiply_end(git_repo: GitRepo) -> None:
    git_repo.write({f"d{number}/m.py": "" for number in range(6)})
    for number in range(6):
        _link(git_repo, **{f"d{number}__to{other}": f"../d{other}" for other in range(6) if other != number})
    git_repo.commit()
    base, _ = _both_ways(git_repo)
    assert "d0/to1/to2/to3/to4/to5/m.py" in base.files
    assert Skipped("d0/to1/to0", LOOP) in base.skipped


def test_submodules_hold_nothing_of_ours(git_repo: GitRepo, make_repo: Callable[[str], GitRepo]) -> None:
    library = make_repo("library")
    library.commit({"lib.py": ""})
    git_repo.commit({"a.py": ""})
    git_repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library.path), "vendored")
    git_repo.commit()
    for snapshot in (*_both_ways(git_repo), git_repo.resolve(None, staged=True).head):
        assert set(snapshot.files) == {"a.py", ".gitmodules"}
        assert snapshot.skipped == (Skipped("vendored", SUBMODULE),)


def test_a_repository_inside_is_another_one(git_repo: GitRepo) -> None:
    git_repo.commit({"a.py": ""})
    git_repo.git("init", "-q", "inner")
    git_repo.write({"inner/i.py": ""})
    head = git_repo.resolve("HEAD").head
    assert set(head.files) == {"a.py"}
    assert head.skipped == (Skipped("inner", "another Git repository inside this one"),)


def test_a_path_that_is_not_utf8_is_skipped_under_its_escaped_name(git_repo: GitRepo) -> None:
    (git_repo.path / "d").mkdir()
    for name in (b"caf\xe9.py", b"d/\xff.py"):
        (git_repo.path / os.fsdecode(name)).touch()
    git_repo.commit({"ok.py": "", "unicode_é.py": ""})
    for snapshot in (*_both_ways(git_repo), git_repo.resolve(None, staged=True).head):
        assert set(snapshot.files) == {"ok.py", "unicode_é.py"}
        assert snapshot.skipped == (Skipped("caf\\xe9.py", "path is not UTF-8"), Skipped("d/\\xff.py", "path is not UTF-8"))


def test_missing_blobs_read_as_none_and_stay_listed(git_repo: GitRepo, clone: Callable[..., GitRepo]) -> None:
    git_repo.commit({"a.py": "a = 1\n", "b.py": "b = 1\n"})
    git_repo.git("config", "uploadpack.allowFilter", "true")
    partial = clone(git_repo, "partial", "--filter=blob:none", "--no-checkout")
    repository = open_repository(partial.path)
    snapshot = repository.resolve(parse_range("HEAD..HEAD")).base
    assert set(snapshot.files) == {"a.py", "b.py"}
    assert set(repository.read_many(snapshot.files.values()).values()) == {None}

    lost = git_repo.git("rev-parse", "HEAD:a.py")
    (git_repo.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    assert _contents(git_repo, "HEAD..HEAD") == {"a.py": None, "b.py": b"b = 1\n"}


def test_a_missing_tree_is_skipped(git_repo: GitRepo) -> None:
    git_repo.commit({"a.py": "", "pkg/b.py": "b = 1\n"})
    lost = git_repo.git("rev-parse", "HEAD:pkg")
    (git_repo.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    snapshot = git_repo.resolve("HEAD..HEAD").head
    assert set(snapshot.files) == {"a.py"}
    assert snapshot.skipped == (Skipped("pkg", "tree object is missing from the object store"),)


def test_objects_of_an_alternate_are_read(git_repo: GitRepo, tmp_path_factory: pytest.TempPathFactory) -> None:
    git_repo.commit({"a.py": "a = 1\n"})
    place = tmp_path_factory.mktemp("shared") / "copy"
    git_repo.git("clone", "-q", "--shared", str(git_repo.path), str(place))
    assert _contents(type(git_repo)(place), "HEAD..HEAD") == {"a.py": b"a = 1\n"}


def test_the_working_tree_in_every_state(git_repo: GitRepo) -> None:
    tracked = ("same", "touched", "modified", "deleted", "staged", "staged_then_modified", "unstaged_deletion", "to_link", "to_directory")
    git_repo.commit({".gitignore": "ignored*\n", **{f"{name}.py": f"{name} = 0\n" for name in tracked}})
    git_repo.write({"modified.py": "modified = 1\n", "staged.py": "staged = 1\n", "staged_then_modified.py": "x = 1\n", "added.py": "added = 1\n"})
    git_repo.git("add", "staged.py", "staged_then_modified.py", "added.py")
    git_repo.write({"staged_then_modified.py": "x = 2\n", "untracked.py": "u = 1\n", "new/deep/n.py": "n = 1\n", "ignored.py": "", "intended.py": "i = 1\n"})
    git_repo.git("add", "--intent-to-add", "intended.py")
    git_repo.git("rm", "-q", "deleted.py")
    git_repo.git("rm", "-q", "--cached", "unstaged_deletion.py")
    os.utime(git_repo.path / "touched.py", (0, 0))
    for name in ("to_link", "to_directory"):
        (git_repo.path / f"{name}.py").unlink()
    _link(git_repo, **{"to_link.py": "same.py"})
    git_repo.write({"to_directory.py/inside.py": "inside = 1\n"})
    os.mkfifo(git_repo.path / "pipe.py")
    before = git_repo.fingerprint()

    worktree = _contents(git_repo, "HEAD")
    index = _contents(git_repo, None, staged=True)

    same = {".gitignore": b"ignored*\n", "same.py": b"same = 0\n", "touched.py": b"touched = 0\n", "staged.py": b"staged = 1\n", "added.py": b"added = 1\n"}
    assert worktree == same | {
        "modified.py": b"modified = 1\n",
        "staged_then_modified.py": b"x = 2\n",
        "unstaged_deletion.py": b"unstaged_deletion = 0\n",
        "untracked.py": b"u = 1\n",
        "new/deep/n.py": b"n = 1\n",
        "intended.py": b"i = 1\n",
        "to_link.py": b"same = 0\n",
        "to_directory.py/inside.py": b"inside = 1\n",
    }
    assert index == same | {
        "modified.py": b"modified = 0\n",
        "staged_then_modified.py": b"x = 1\n",
        "to_link.py": b"to_link = 0\n",
        "to_directory.py": b"to_directory = 0\n",
    }
    assert git_repo.fingerprint() == before


def test_a_sparse_checkout_deletes_nothing(git_repo: GitRepo) -> None:
    git_repo.commit({"in/a.py": "a = 1\n", "out/b.py": "b = 1\n", "c.py": "c = 1\n", "d.py": "d = 1\n"})
    git_repo.git("sparse-checkout", "set", "in")
    assert not (git_repo.path / "out").exists()
    git_repo.git("update-index", "--assume-unchanged", "d.py")
    for name in ("c.py", "d.py"):
        (git_repo.path / name).unlink()
    assert set(git_repo.resolve("HEAD").head.files) == {"in/a.py", "out/b.py", "d.py"}


def test_a_sparse_index_is_refused_with_what_mends_it(git_repo: GitRepo) -> None:
    git_repo.commit({"in/a.py": "", "out/b.py": ""})
    git_repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    with pytest.raises(RepositoryError, match="the index cannot be read") as caught:
        git_repo.resolve("HEAD")
    assert "git sparse-checkout reapply --no-sparse-index" in (caught.value.hint or "")


def test_line_endings_are_those_that_git_would_store(git_repo: GitRepo) -> None:
    git_repo.commit({".gitattributes": "*.py text=auto\nraw.py -text\n", "a.py": "a = 1\n", "raw.py": "r = 1\r\n"})
    git_repo.write({"a.py": "a = 1\r\n", "b.py": "a = 1\r\n", "raw.py": "r = 2\r\n", "bin.py": b"\0\r\n"})
    contents = _contents(git_repo, "HEAD")
    assert {path: contents[path] for path in ("a.py", "b.py", "raw.py", "bin.py")} == {
        "a.py": b"a = 1\n",
        "b.py": b"a = 1\n",
        "raw.py": b"r = 2\r\n",
        "bin.py": b"\0\r\n",
    }
    base, head = _both_ways(git_repo)
    assert (RepoPath("a.py"), base.files[RepoPath("a.py")]) in head.files.items()


@pytest.mark.parametrize(("setting", "stored"), [("true", b"b = 1\n"), ("input", b"b = 1\n"), ("false", b"b = 1\r\n")])
def test_line_endings_without_attributes_follow_autocrlf(git_repo: GitRepo, setting: str, stored: bytes) -> None:
    git_repo.commit({"a.py": ""})
    git_repo.git("config", "core.autocrlf", setting)
    git_repo.write({"b.py": "b = 1\r\n"})
    assert _contents(git_repo, "HEAD")["b.py"] == stored


def test_what_is_no_source_or_huge_is_not_read_before_it_is_asked_for(git_repo: GitRepo) -> None:
    git_repo.commit({"a.py": "", "data.csv": "1\n"})
    git_repo.write({"huge.py": b"#" * (MAX_SOURCE_BYTES + 1), "data.csv": "2\n", "new.csv": "3\n"})
    repository = open_repository(git_repo.path)
    comparison = repository.resolve(parse_range("HEAD"))
    assert set(comparison.head.files) == {"a.py", "data.csv", "huge.py", "new.csv"}
    base, files = ({str(path): blob for path, blob in side.files.items()} for side in (comparison.base, comparison.head))
    assert files["data.csv"] != base["data.csv"]
    assert repository.read(files["new.csv"]) == b"3\n"
    (git_repo.path / "new.csv").unlink()
    assert repository.read(files["new.csv"]) is None


@pytest.mark.skipif(os.getuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_skipped_and_not_taken_for_deleted(git_repo: GitRepo) -> None:
    git_repo.commit({"a.py": "a = 1\n", "d/b.py": "b = 1\n"})
    git_repo.write({"secret.py": ""})
    for name in ("secret.py", "d"):
        (git_repo.path / name).chmod(0)
    base, head = _both_ways(git_repo)
    (git_repo.path / "d").chmod(0o700)
    assert head.files == base.files
    assert head.skipped == tuple(Skipped(path, "cannot be read: Permission denied") for path in ("d/b.py", "secret.py"))

    git_repo.write({"a.py": "a = 2\n"})
    (git_repo.path / "a.py").chmod(0)
    with pytest.raises(RepositoryError, match=r"the working tree cannot be read: .*a\.py"):
        git_repo.resolve("HEAD")


def _diverge(
    repo: GitRepo, common: dict[str, str | bytes], ours: dict[str, str | bytes], theirs: dict[str, str | bytes], *, gone: tuple[str, ...] = ()
) -> None:
    """`main` and `topic` leave one commit; topic also removes the files `gone`."""
    repo.commit(common)
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit(theirs, remove=gone)
    repo.git("checkout", "-q", "main")
    repo.commit(ours)


LINES = "".join(f"line_{number} = {number}\n" for number in range(20))


def test_diverged_sides_are_judged_as_their_merge(git_repo: GitRepo) -> None:
    _diverge(
        git_repo,
        {"both.py": LINES, "gone.py": "g = 1\n", "same.py": "s = 1\n"},
        {"both.py": LINES.replace("line_0 = 0", "line_0 = 'ours'"), "ours.py": "import gone\n"},
        {"both.py": LINES.replace("line_19 = 19", "line_19 = 'theirs'"), "theirs.py": "t = 1\n"},
        gone=("gone.py",),
    )
    git_repo.git("gc", "-q")
    before = git_repo.fingerprint()
    comparison = git_repo.resolve("main..topic")
    contents = _contents(git_repo, "main..topic")
    assert git_repo.fingerprint() == before

    assert comparison.merged
    assert comparison.notes == ()
    assert comparison.base.end.commit == git_repo.git("rev-parse", "main")
    assert comparison.head.end.commit == git_repo.git("rev-parse", "topic")
    assert contents == {
        "both.py": LINES.replace("line_0 = 0", "line_0 = 'ours'").replace("line_19 = 19", "line_19 = 'theirs'").encode(),
        "ours.py": b"import gone\n",
        "same.py": b"s = 1\n",
        "theirs.py": b"t = 1\n",
    }


def test_the_merge_is_the_one_that_git_makes(git_repo: GitRepo) -> None:
    _diverge(
        git_repo,
        {"pkg/a.py": LINES, "pkg/b.py": "b = 1\n" * 10},
        {"pkg/a.py": LINES.replace("line_3 = 3", "line_3 = 'ours'"), "pkg/new.py": "n = 1\n"},
        {"lib/a.py": LINES.replace("line_15 = 15", "line_15 = 'theirs'")},
        gone=("pkg/a.py",),
    )
    files = git_repo.resolve("main..topic").head.files
    git_repo.git("merge", "-q", "--no-edit", "topic")
    assert {str(path): blob.hex() for path, blob in files.items()} == {
        path: git_repo.git("rev-parse", f"HEAD:{path}") for path in git_repo.git("ls-files").split("\n")
    }


def test_conflicting_files_are_taken_from_the_second_side(git_repo: GitRepo) -> None:
    _diverge(
        git_repo,
        {"c.py": "c = 0\n", "d.py": "d = 0\n", "e.py": "e = 0\n"},
        {"c.py": "c = 'ours'\n", "d.py": "d = 'ours'\n", "ours.py": ""},
        {"c.py": "c = 'theirs'\n", "theirs.py": ""},
        gone=("d.py",),
    )
    before = git_repo.fingerprint()
    comparison = git_repo.resolve("main..topic")
    assert comparison.merged
    assert comparison.notes == ("2 files in conflict, taken from topic: c.py, d.py",)
    assert _contents(git_repo, "main..topic") == {"c.py": b"c = 'theirs'\n", "e.py": b"e = 0\n", "ours.py": b"", "theirs.py": b""}
    assert git_repo.fingerprint() == before


def test_many_conflicts_are_counted(git_repo: GitRepo) -> None:
    names = [f"f{number:02}.py" for number in range(12)]
    _diverge(git_repo, dict.fromkeys(names, "0\n"), dict.fromkeys(names, "1\n"), dict.fromkeys(names, "2\n"))
    (note,) = git_repo.resolve("main..topic").notes
    assert note.startswith("12 files in conflict, taken from topic: f00.py, ")
    assert note.endswith("f09.py and 2 more")


def test_a_merge_that_lacks_an_object_falls_back_to_the_two_ends(git_repo: GitRepo) -> None:
    _diverge(git_repo, {"both.py": LINES}, {"both.py": "ours = 1\n" + LINES}, {"both.py": LINES + "theirs = 1\n"})
    lost = git_repo.git("rev-parse", "topic:both.py")
    (git_repo.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    comparison = git_repo.resolve("main..topic")
    assert not comparison.merged
    (note,) = comparison.notes
    assert note.startswith("the merge of topic into main could not be made (")
    assert note.endswith("): the two ends are compared")


def test_the_working_tree_on_a_branch_left_behind_is_merged_too(git_repo: GitRepo) -> None:
    _diverge(git_repo, {"a.py": LINES, "b.py": "b = 1\n"}, {"a.py": LINES.replace("line_0 = 0", "line_0 = 'ours'"), "new_on_main.py": ""}, {"t.py": ""})
    git_repo.git("checkout", "-q", "topic")
    git_repo.write({"a.py": LINES.replace("line_19 = 19", "line_19 = 'disk'"), "untracked.py": "u = 1\n", "data.csv": "1\n"})
    (git_repo.path / "b.py").unlink()
    before = git_repo.fingerprint()
    comparison = git_repo.resolve("main")
    assert comparison.merged
    assert comparison.head.end.commit is None
    contents = _contents(git_repo, "main")
    assert set(contents) == {"a.py", "new_on_main.py", "t.py", "untracked.py", "data.csv"}
    assert contents["a.py"] == LINES.replace("line_0 = 0", "line_0 = 'ours'").replace("line_19 = 19", "line_19 = 'disk'").encode()
    assert contents["data.csv"] == b"1\n"
    assert git_repo.fingerprint() == before

    git_repo.git("add", "--all")
    assert set(_contents(git_repo, "main", staged=True)) == set(contents)


def test_a_clean_working_tree_behind_the_base_is_the_plain_end(git_repo: GitRepo) -> None:
    git_repo.commit({"a.py": ""})
    git_repo.git("branch", "behind")
    git_repo.commit({"b.py": ""})
    git_repo.git("checkout", "-q", "behind")
    comparison = git_repo.resolve("main")
    assert not comparison.merged
    assert set(comparison.head.files) == {"a.py"}


def test_unmerged_files_are_on_disk_as_they_are_and_in_the_index_as_ours(git_repo: GitRepo) -> None:
    _diverge(git_repo, {"c.py": "c = 0\n"}, {"c.py": "c = 1\n"}, {"c.py": "c = 2\n"})
    with pytest.raises(AssertionError):
        git_repo.git("merge", "topic")
    assert b"<<<<<<<" in (_contents(git_repo, "HEAD")["c.py"] or b"")
    assert _contents(git_repo, None, staged=True)["c.py"] == b"c = 1\n"
    assert git_repo.resolve(None, staged=True).notes == ("the index holds 1 unmerged file, taken from our side of the merge",)


BODY = "".join(f"def function_{number}():\n    return {number}\n\n\n" for number in range(12))

RENAMES: list[tuple[str, dict[str, str], dict[str, str], list[tuple[str, str, int]]]] = [
    ("moved as it is", {"a/m.py": BODY}, {"b/m.py": BODY}, [("a/m.py", "b/m.py", 100)]),
    ("moved and edited", {"a/m.py": BODY}, {"b/n.py": BODY.replace("return 3", "return 33")}, [("a/m.py", "b/n.py", 96)]),
    ("set aside", {"m.py": BODY}, {"m.py.backup": BODY}, [("m.py", "m.py.backup", 100)]),
    ("set aside and edited", {"m.py": BODY}, {"m.py.bak": "# old\n" + BODY}, [("m.py", "m.py.bak", 98)]),
    ("line endings changed", {"a/m.py": BODY}, {"b/m.py": BODY.replace("\n", "\r\n")}, [("a/m.py", "b/m.py", 99)]),
    ("a package from a module", {"m.py": BODY}, {"m/__init__.py": BODY}, [("m.py", "m/__init__.py", 100)]),
    ("the same name is nearer", {"a/m.py": BODY}, {"b/other.py": BODY, "c/m.py": BODY}, [("a/m.py", "c/m.py", 100)]),
    ("each once", {"a.py": BODY, "b.py": BODY}, {"c.py": BODY}, [("a.py", "c.py", 100)]),
    ("empty, beside what moved", {"a/__init__.py": "", "a/m.py": BODY}, {"b/__init__.py": "", "b/m.py": BODY, "z/__init__.py": ""},
     [("a/__init__.py", "b/__init__.py", 100), ("a/m.py", "b/m.py", 100)]),
    ("noop: unchanged", {"m.py": BODY}, {"m.py": BODY}, []),
    ("noop: edited in place", {"m.py": BODY}, {"m.py": BODY + "x = 1\n"}, []),
    ("noop: copied", {"m.py": BODY}, {"m.py": BODY, "n.py": BODY}, []),
    ("noop: deleted", {"m.py": BODY}, {}, []),
    ("noop: nothing in common", {"m.py": BODY}, {"n.py": "".join(f"x{number} = {number}\n" for number in range(99))}, []),
    ("noop: less than half", {"m.py": BODY}, {"n.py": BODY[: len(BODY) // 3] + "".join(f"x{number} = {number}\n" for number in range(40))}, []),
    ("noop: empty files", {"a/__init__.py": ""}, {"b/__init__.py": ""}, []),
    ("noop: not Python before", {"m.txt": BODY}, {"m.py": BODY}, []),
    ("noop: data of other name", {"m.py": BODY}, {"data.txt": BODY + "x\n"}, []),
]  # fmt: skip


def _found(repo: GitRepo, text: str | None, *, staged: bool = False) -> list[tuple[str, str, int]]:
    repository = open_repository(repo.path)
    comparison: Comparison = repository.resolve(parse_range(text, staged=staged))
    return [(rename.old, rename.new, rename.similarity) for rename in repository.renames(comparison)]


@pytest.mark.parametrize(("base", "head", "expected"), [row[1:] for row in RENAMES], ids=[row[0] for row in RENAMES])
def test_renames(git_repo: GitRepo, base: dict[str, str | bytes], head: dict[str, str | bytes], expected: list[tuple[str, str, int]]) -> None:
    git_repo.commit({"keep.txt": "", **base})
    for path in base.keys() - head.keys():
        (git_repo.path / path).unlink()
    git_repo.write(head)
    assert _found(git_repo, "HEAD") == expected
    git_repo.git("add", "--all")
    assert _found(git_repo, None, staged=True) == expected
    git_repo.commit()
    assert _found(git_repo, "HEAD~1..HEAD") == expected


def test_renames_in_a_merge(git_repo: GitRepo) -> None:
    _diverge(git_repo, {"a/m.py": BODY, "x.py": ""}, {"x.py": "x = 1\n"}, {"b/m.py": BODY}, gone=("a/m.py",))
    assert _found(git_repo, "main..topic") == [("a/m.py", "b/m.py", 100)]


def test_without_contents_equal_files_are_still_followed(git_repo: GitRepo) -> None:
    git_repo.commit({"a/m.py": BODY, "a/n.py": BODY + "n = 1\n"})
    lost = [git_repo.git("rev-parse", f"HEAD:a/{name}.py") for name in "mn"]
    git_repo.commit({"b/m.py": BODY, "b/n.py": BODY + "n = 2\n"}, remove=("a",))
    for blob in lost:
        (git_repo.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert _found(git_repo, "HEAD~1..HEAD") == [("a/m.py", "b/m.py", 100)]
