"""From a range to two commits: every form that Git has, every place to ask from, and each refusal as the user reads it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from impact.errors import ConfigError, ImpactError, RepositoryError, RevisionError, ShallowError
from impact.git import open_repository
from impact.revisions.ranges import parse_range

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from functional.conftest import GitRepo


@pytest.fixture
def history(git_repo: GitRepo) -> GitRepo:
    """Four commits on main, the second tagged twice; `topic` leaves main after the third and holds one commit."""
    for number in range(3):
        git_repo.commit({"m.py": f"x = {number}\n"})
        if number == 1:
            git_repo.git("tag", "light")
            git_repo.git("tag", "-a", "-m", "heavy", "heavy")
    git_repo.git("checkout", "-q", "-b", "topic")
    git_repo.commit({"t.py": "t = 1\n"})
    git_repo.git("checkout", "-q", "main")
    git_repo.commit({"n.py": "n = 1\n"})
    return git_repo


@pytest.mark.parametrize(
    ("revision", "same_as"),
    [
        ("HEAD", "main"),
        ("@", "main"),
        ("HEAD~3", "main~3"),
        ("HEAD^", "main~1"),
        ("light", "main~2"),
        ("heavy", "main~2"),
        ("refs/tags/heavy", "main~2"),
        ("HEAD^{/Change}", "main"),
        ("HEAD@{1}", "topic"),
        ("@{-1}", "topic"),
    ],
)
def test_a_revision_is_read_as_git_reads_it(history: GitRepo, revision: str, same_as: str) -> None:
    comparison = history.resolve(f"{revision}..HEAD")
    assert comparison.base.end.revision == revision
    if revision in ("HEAD@{1}", "@{-1}"):
        assert comparison.base.end.commit == history.git("rev-parse", f"{revision}^{{commit}}")
    else:
        assert comparison.base.end.commit == history.git("rev-parse", same_as)


def test_abbreviated_ids_stashes_and_upstreams(history: GitRepo) -> None:
    history.write({"m.py": "stashed = 1\n"})
    history.git("stash")
    history.git("branch", "-q", "--set-upstream-to=topic")
    for revision in (history.git("rev-parse", "HEAD")[:7], "stash@{0}", "@{u}", "main@{upstream}"):
        assert history.resolve(f"{revision}...HEAD").base.end.commit == history.git("merge-base", revision, "HEAD")
        assert history.resolve(f"HEAD...{revision}").head.end.commit == history.git("rev-parse", revision)


def test_two_dots_between_an_ancestor_and_its_descendant_are_the_plain_ends(history: GitRepo) -> None:
    forward = history.resolve("HEAD~2..HEAD")
    backward = history.resolve("HEAD..HEAD~2")
    assert not forward.merged
    assert not backward.merged
    assert (forward.base.files, forward.head.files) == (backward.head.files, backward.base.files)
    assert set(forward.head.files) == {"m.py", "n.py"}


def test_an_empty_side_is_head(history: GitRepo) -> None:
    head = history.git("rev-parse", "HEAD")
    assert history.resolve("..HEAD~1").base.end.commit == head
    assert history.resolve("HEAD~1..").head.end.commit == head


def test_three_dots_start_from_the_merge_base(history: GitRepo) -> None:
    comparison = history.resolve("main...topic")
    assert comparison.base.end.revision == "merge base of main and topic"
    assert comparison.base.end.commit == history.git("rev-parse", "main~1")
    assert set(comparison.base.files) == {"m.py"}
    assert set(comparison.head.files) == {"m.py", "t.py"}
    assert not comparison.merged


def test_one_revision_is_held_against_the_working_tree(history: GitRepo) -> None:
    history.write({"untracked.py": ""})
    comparison = history.resolve("HEAD~1")
    assert comparison.head.end.revision == "WORKTREE"
    assert comparison.head.end.commit is None
    assert set(comparison.head.files) == {"m.py", "n.py", "untracked.py"}


def test_without_a_range_the_base_is_where_the_default_branch_was_left(history: GitRepo) -> None:
    history.git("checkout", "-q", "topic")
    comparison = history.resolve(None)
    assert comparison.base.end.revision == "merge base of main and WORKTREE"
    assert comparison.base.end.commit == history.git("rev-parse", "main~1")
    assert set(comparison.head.files) == {"m.py", "t.py"}


def test_the_base_argument_beats_the_default_branch(history: GitRepo) -> None:
    assert history.resolve(None, base="light").base.end.commit == history.git("rev-parse", "light")


def test_the_default_branch_is_what_the_remote_says(history: GitRepo, clone: Callable[..., GitRepo]) -> None:
    history.git("checkout", "-q", "topic")
    copy = clone(history, "copy")
    assert copy.resolve(None).base.end.revision == "merge base of origin/topic and WORKTREE"
    copy.git("remote", "set-head", "origin", "--delete")
    assert copy.resolve(None).base.end.revision == "merge base of origin/main and WORKTREE"


def test_the_default_branch_may_have_a_name_of_its_own(git_repo: GitRepo) -> None:
    git_repo.commit({"m.py": ""})
    git_repo.git("branch", "-m", "trunk")
    assert _refusal(git_repo, None) == (
        "no default branch found: there is no origin/HEAD, main or master",
        "name the base: --base BRANCH, or a range A..B",
    )
    git_repo.git("config", "init.defaultBranch", "trunk")
    assert git_repo.resolve(None).base.end.revision == "merge base of trunk and WORKTREE"


def test_any_place_inside_will_do(history: GitRepo, tmp_path: Path, clone: Callable[..., GitRepo]) -> None:
    expected = history.resolve("HEAD~1..HEAD").head.files
    (history.path / "deep" / "er").mkdir(parents=True)
    history.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"), "HEAD")
    bare = clone(history, "bare.git", "--bare")
    for place in (history.path / "deep" / "er", history.path / "m.py", history.path / ".git", tmp_path / "linked", bare.path):
        assert open_repository(place).resolve(parse_range("HEAD~1..HEAD")).head.files == expected, place


def test_a_linked_worktree_has_its_own_head_index_and_files(history: GitRepo, tmp_path: Path) -> None:
    linked = type(history)(tmp_path / "linked")
    history.git("worktree", "add", "-q", str(linked.path), "topic")
    linked.write({"only_here.py": ""})
    assert set(linked.resolve("HEAD").head.files) == {"m.py", "t.py", "only_here.py"}
    linked.git("add", "only_here.py")
    assert set(linked.resolve(None, staged=True).head.files) == {"m.py", "t.py", "only_here.py"}
    assert set(history.resolve(None, staged=True).head.files) == {"m.py", "n.py"}


def test_the_environment_of_a_hook_does_not_redirect(history: GitRepo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "no-index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert set(history.resolve("HEAD").head.files) == {"m.py", "n.py"}


def _refusal(repo: GitRepo, text: str | None) -> tuple[str, str | None]:
    with pytest.raises(ImpactError) as caught:
        repo.resolve(text)
    assert "\n" not in str(caught.value)
    return str(caught.value), caught.value.hint


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("mian..HEAD", "unknown revision 'mian'", "did you mean main?"),
        ("topik~2..HEAD", "unknown revision 'topik~2'", "did you mean topic?"),
        ("HEAD~99..HEAD", "unknown revision 'HEAD~99': 'HEAD' exists, what follows it does not", None),
        ("main..zzzzzz", "unknown revision 'zzzzzz'", "was it fetched? `git fetch origin` brings the branches and tags of the remote"),
        ("@{u}..HEAD", "revision '@{u}': the branch has no upstream", "set one: `git branch --set-upstream-to=REMOTE/BRANCH`"),
        ("HEAD^{tree}..HEAD", "revision 'HEAD^{tree}' is a tree, not a commit", "name a branch, a tag or a commit"),
        ("HEAD:m.py..HEAD", "revision 'HEAD:m.py' is a blob, not a commit", "name a branch, a tag or a commit"),
        ("HEAD^{..x", "unknown revision 'HEAD^{..x': 'HEAD' exists, what follows it does not", None),
    ],
)
def test_a_bad_revision_is_one_line(history: GitRepo, text: str, message: str, hint: str | None) -> None:
    assert _refusal(history, text) == (message, hint)


def test_the_last_part_of_a_branch_name_is_near(history: GitRepo) -> None:
    history.git("branch", "feature/login")
    assert _refusal(history, "login..HEAD")[1] == "did you mean feature/login?"


def test_a_tag_on_a_tree_is_not_a_commit(history: GitRepo) -> None:
    history.git("tag", "-a", "-m", "a tree", "odd", "HEAD^{tree}")
    assert _refusal(history, "odd..HEAD")[0] == "revision 'odd' is a tag, not a commit"


def test_too_few_digits_are_ambiguous(history: GitRepo) -> None:
    assert _refusal(history, "abc..HEAD")[0] in ("revision 'abc' is ambiguous: OID prefix is too short", "unknown revision 'abc'")


def test_a_repository_without_a_commit(git_repo: GitRepo) -> None:
    assert _refusal(git_repo, "HEAD")[0] == "HEAD names no commit yet: nothing was committed on this branch"
    assert _refusal(git_repo, "main..HEAD")[0] == "unknown revision 'main': the repository has no commits yet"
    assert _refusal(git_repo, None)[0] == "HEAD names no commit yet: nothing was committed on this branch"


def test_an_unborn_branch_beside_others(history: GitRepo) -> None:
    history.git("checkout", "-q", "--orphan", "fresh")
    assert _refusal(history, "main..HEAD")[0] == "HEAD names no commit yet: nothing was committed on this branch"
    assert set(history.resolve("main").head.files) == {"m.py", "n.py"}


def test_a_detached_head(history: GitRepo) -> None:
    history.git("checkout", "-q", "--detach", "topic")
    assert set(history.resolve(None).head.files) == {"m.py", "t.py"}


@pytest.mark.parametrize("word", ["WORKTREE", "INDEX"])
def test_a_bare_repository_has_no_files_on_disk(history: GitRepo, clone: Callable[..., GitRepo], word: str) -> None:
    bare = clone(history, "bare.git", "--bare")
    assert _refusal(bare, f"HEAD..{word}") == (f"{word}: a bare repository has none", "name two commits: A..B")


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError) as caught:
        open_repository(tmp_path)
    assert str(caught.value) == f"not a Git repository, nor below one: {tmp_path}"
    with pytest.raises(RepositoryError, match="no such folder"):
        open_repository(tmp_path / "nowhere")


def test_a_sha256_repository_is_refused(tmp_path: Path, git_repo: GitRepo) -> None:
    git_repo.git("init", "-q", "--object-format=sha256", str(tmp_path / "new"))
    with pytest.raises(RepositoryError, match="the repository uses SHA-256 object ids, which are not supported"):
        open_repository(tmp_path / "new")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_refused_with_what_mends_it(history: GitRepo) -> None:
    for place in (history.path, history.path / ".git"):
        os.chown(place, 12345, 12345)
    with pytest.raises(RepositoryError) as caught:
        open_repository(history.path)
    assert str(caught.value) == f"the repository {history.path} belongs to another user"
    assert caught.value.hint == f"if you trust it: git config --global --add safe.directory {history.path}"


def test_a_shallow_clone_that_hides_the_merge_base(history: GitRepo, clone: Callable[..., GitRepo]) -> None:
    shallow = clone(history, "shallow", "--depth=1", "--no-single-branch")
    for text in ("origin/main..origin/topic", "origin/main...origin/topic"):
        with pytest.raises(ShallowError) as caught:
            shallow.resolve(text)
        assert str(caught.value).startswith("the clone is shallow and does not hold the merge base of ")
        assert caught.value.hint == "fetch more history: `git fetch --deepen=100`, or all of it: `git fetch --unshallow`"
    with pytest.raises(ShallowError, match=r"revision 'HEAD~1' lies beyond what this shallow clone holds"):
        shallow.resolve("HEAD~1..HEAD")
    shallow.git("fetch", "-q", "--deepen=100")
    assert shallow.resolve("origin/main..origin/topic").merged


def test_a_shallow_clone_of_a_merge_needs_depth_two(history: GitRepo, clone: Callable[..., GitRepo]) -> None:
    history.git("merge", "-q", "--no-ff", "-m", "Merge", "topic")
    shallow = clone(history, "shallow", "--depth=2")
    comparison = shallow.resolve("HEAD^1..HEAD")
    assert set(comparison.head.files) - set(comparison.base.files) == {"t.py"}


def test_settings_are_those_of_the_base(history: GitRepo) -> None:
    repository = open_repository(history.path)
    assert repository.settings_text(repository.resolve(parse_range("HEAD"))) is None
    history.commit({"pyproject.toml": "\ufeff[tool.impact]\n"})
    history.write({"pyproject.toml": "changed = 1\n"})
    assert repository.settings_text(repository.resolve(parse_range("HEAD"))) == ("[tool.impact]\n", "pyproject.toml at HEAD")
    assert repository.settings_text(repository.resolve(parse_range("WORKTREE..HEAD"))) == ("changed = 1\n", "pyproject.toml at WORKTREE")
    history.commit({"impact.toml": "a = 1\n"})
    assert repository.settings_text(repository.resolve(parse_range("HEAD"))) == ("a = 1\n", "impact.toml at HEAD")


def test_settings_that_cannot_be_read_are_an_error(history: GitRepo) -> None:
    history.commit({"pyproject.toml": b"a = '\xe9'\n"})
    repository = open_repository(history.path)
    with pytest.raises(ConfigError, match=r"pyproject.toml at HEAD: not UTF-8 \(byte 5\)"):
        repository.settings_text(repository.resolve(parse_range("HEAD")))


def test_unrelated_histories_are_compared_end_to_end(history: GitRepo) -> None:
    history.git("checkout", "-q", "--orphan", "other")
    history.git("rm", "-rqf", ".")
    history.commit({"o.py": ""})
    comparison = history.resolve("main..other")
    assert (set(comparison.base.files), set(comparison.head.files)) == ({"m.py", "n.py"}, {"o.py"})
    assert comparison.notes == ("main and other have no commit in common: the two ends are compared",)
    assert not comparison.merged
    with pytest.raises(RevisionError, match="main and other have no commit in common"):
        history.resolve("main...other")
