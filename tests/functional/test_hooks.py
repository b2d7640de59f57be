"""The hooks at work: real pushes to a bare remote and real commits, refused and let through; and the installation of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.commands import Said, clean_environment, impact_command
from support.repositories import Content, Executable, Repository, create

BASE: dict[str, Content] = {
    "acme/__init__.py": "",
    "acme/factory.py": "def make():\n    return 1\n",
    "acme/orders.py": "def total():\n    return 1\n",
    "tests/test_orders.py": "from acme.orders import total\n\n\ndef test_total():\n    assert total() == 1\n",
}
BROKEN = {path: content for path, content in BASE.items() if path != "acme/orders.py"}
FIXED = {path: content for path, content in BROKEN.items() if path != "tests/test_orders.py"}
VERDICT = "1 test file cannot be collected"


@dataclass(frozen=True, slots=True)
class Workplace:
    """A clone of a bare remote, `origin`, whose default branch is `main`."""

    clone: Repository
    remote: Repository
    cache: Path

    def impact(self, *arguments: str, at: Path | None = None, stdin: str = "") -> Said:
        return impact_command(*arguments, at=at or self.clone.path, cache=self.cache, stdin=stdin)

    def git(self, *arguments: str, at: Path | None = None, **environment: str) -> Said:
        """Run Git as a user does, hooks and all."""
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=at or self.clone.path, env=clean_environment(self.cache) | environment, capture_output=True, check=False)
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    def push(self, *arguments: str) -> Said:
        return self.git("push", "-q", "origin", *arguments)

    def commit(self, files: dict[str, Content], branch: str | None = None) -> str:
        return self.clone.commit(files, "Change", branch=branch)


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    clone = create(tmp_path / "clone")
    clone.commit(BASE, "Begin")
    clone.git("init", "-q", "--bare", "--template=", "--initial-branch=main", str(tmp_path / "remote.git"))
    clone.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    clone.git("push", "-q", "-u", "origin", "main")
    clone.git("remote", "set-head", "origin", "main")
    return Workplace(clone, Repository(tmp_path / "remote.git"), tmp_path / "cache")


@pytest.fixture
def guarded(workplace: Workplace) -> Workplace:
    said = workplace.impact("hook", "install")
    assert said == Said(0, f"installed {workplace.clone.path}/.git/hooks/pre-push\n", "")
    return workplace


def without_ids(text: str) -> str:
    return re.sub(r"\b[0-9a-f]{10}\b", "0123456789", text)


def test_a_push_is_refused_and_passes_with_the_fix(guarded: Workplace) -> None:
    before = guarded.remote.commit_id("main")
    guarded.commit(BROKEN)
    said = guarded.push("main")
    assert (said.code, said.out) == (1, "")
    told, _, _ = said.err.partition("error: failed to push")
    assert without_ids(told) == (
        f"""\
impact: main breaks tests (what the push adds)
  {VERDICT}
  between 0123456789 and 0123456789

  acme.orders  module deleted  (1 test file)
    the file is gone: acme/orders.py
    deleted in 0123456789, 2025-09-14, by A. Author: Change
    cannot be collected: ModuleNotFoundError: No module named 'acme.orders'
      tests/test_orders.py:1  from acme.orders import total

  to bring back what has no other place: impact fix --restore 0123456789..0123456789
look closer:  impact diff 0123456789..0123456789
go on anyway: git push --no-verify
"""
    )
    closer = re.search(r"look closer:  impact (.*)", told)
    assert closer
    assert VERDICT in guarded.impact(*closer[1].split()).out
    assert guarded.remote.commit_id("main") == before
    guarded.commit(FIXED)
    said = guarded.push("main")
    assert (said.code, without_ids(said.err)) == (0, "impact: main: No test breaks between 0123456789 and 0123456789.\n")
    assert guarded.remote.commit_id("main") == guarded.clone.commit_id("main")


def test_what_is_said_can_be_done(guarded: Workplace) -> None:
    guarded.commit(BROKEN)
    assert guarded.push("main", "--no-verify").code == 0


def test_a_new_branch_is_judged_as_merged_into_the_default_branch(guarded: Workplace) -> None:
    """On main somebody began to use what the branch takes away: each is green alone."""
    guarded.commit(FIXED, branch="topic")
    guarded.clone.git("checkout", "-q", "main")
    guarded.commit(BASE | {"tests/test_late.py": "import acme.orders\n\n\ndef test_late():\n    pass\n"})
    assert guarded.push("main").code == 0
    said = guarded.push("topic")
    assert said.code == 1
    assert said.err.startswith("impact: topic breaks tests (new: as merged into origin/main)\n")
    assert "1 test file breaks by the meeting of the two" in said.err
    assert re.search(r"look closer:  impact diff origin/main\.\.[0-9a-f]{10}\n", said.err)


def test_a_branch_that_goes_on_is_judged_by_what_the_push_adds(guarded: Workplace) -> None:
    guarded.commit(BROKEN, branch="topic")
    assert guarded.push("topic", "--no-verify").code == 0
    guarded.commit(BROKEN | {"notes.md": "n\n"})
    said = guarded.push("topic")
    assert (said.code, without_ids(said.err)) == (0, "impact: topic: No test breaks between 0123456789 and 0123456789.\n")


def test_a_rewritten_branch_is_judged_anew(guarded: Workplace) -> None:
    guarded.commit(FIXED, branch="topic")
    assert guarded.push("topic").code == 0
    guarded.clone.git("reset", "-q", "--hard", "main")
    guarded.commit(BROKEN)
    said = guarded.push("--force", "topic")
    assert said.code == 1
    assert said.err.startswith("impact: topic breaks tests (rewritten: as merged into origin/main)\n")


def test_the_default_branch_rewritten_is_the_old_against_the_new(guarded: Workplace) -> None:
    guarded.commit(BASE | {"notes.md": "n\n"})
    assert guarded.push("main").code == 0
    guarded.clone.git("reset", "-q", "--hard", "HEAD~1")
    guarded.commit(BROKEN)
    said = guarded.push("--force", "main")
    assert said.code == 1
    assert said.err.startswith("impact: main breaks tests (rewritten: the old against the new)\n")
    assert re.search(r"look closer:  impact diff [0-9a-f]{10}\.\.[0-9a-f]{10} --no-merge\n", said.err)


def test_the_pushed_commit_is_judged_and_not_head(guarded: Workplace) -> None:
    broken = guarded.commit(BROKEN)
    guarded.commit(FIXED)
    assert guarded.push(f"{broken}:refs/heads/topic").code == 1
    guarded.commit(BROKEN | {"more.md": ""})
    assert guarded.push("HEAD~1:refs/heads/topic").code == 0


def test_several_refs_deletions_and_tags(guarded: Workplace) -> None:
    guarded.clone.git("branch", "old")
    assert guarded.push("old", "--no-verify").code == 0
    guarded.clone.git("tag", "-a", "-m", "t", "v1")
    guarded.commit(FIXED, branch="fine")
    guarded.commit(BROKEN, branch="broken")
    guarded.clone.git("tag", "v2")
    guarded.clone.git("tag", "tree", "HEAD^{tree}")
    said = guarded.push(":old", "fine", "broken", "v1", "v2", "tree")
    assert said.code == 1
    told = without_ids(said.err.partition("error: failed")[0]).splitlines()
    assert {line for line in told if line.startswith("impact: ")} == {
        "impact: old: not judged: it is deleted",
        "impact: v1: not judged: origin/main has it already",
        "impact: tree: not judged: it is no commit",
        "impact: fine: No test breaks between origin/main (0123456789) and 0123456789.",
        "impact: broken breaks tests (new: as merged into origin/main)",
    }
    assert guarded.push(":old").code == 0


def test_a_mirror_of_everything(guarded: Workplace) -> None:
    """Branches, tags on whatever, what is known of other remotes: each is said or judged."""
    guarded.clone.git("tag", "-a", "-m", "t", "blob", "HEAD:acme/orders.py")
    guarded.clone.git("branch", "other")
    guarded.commit(BROKEN, branch="broken")
    said = guarded.git("push", "-q", "--mirror", "origin")
    assert said.code == 1
    told = without_ids(said.err.partition("error: failed")[0]).splitlines()
    assert {line for line in told if line.startswith("impact: ")} == {
        "impact: blob: not judged: it is no commit",
        "impact: other: not judged: origin/main has it already",
        "impact: refs/remotes/origin/HEAD: not judged: origin/main has it already",
        "impact: refs/remotes/origin/main: not judged: origin/main has it already",
        "impact: broken breaks tests (new: as merged into origin/main)",
    }


def test_many_ranges_are_said_and_not_judged(guarded: Workplace) -> None:
    names = [f"topic{number}" for number in range(10)]
    for name in names:
        guarded.clone.git("checkout", "-q", "main")
        guarded.commit(BASE | {f"{name}.md": name}, branch=name)
    said = guarded.push(*names)
    assert said.code == 0
    assert "impact: not judged: 2 more, since 8 is all that one push gets (topic8, topic9)\n" in said.err
    assert said.err.count("No test breaks") == 8


def test_a_branch_that_goes_back_or_is_on_main_already(guarded: Workplace) -> None:
    guarded.commit(BASE | {"notes.md": ""})
    assert guarded.push("main").code == 0
    assert "topic: not judged: origin/main has it already\n" in guarded.push("main~1:refs/heads/topic").err
    assert "main: not judged: it goes back to an older commit\n" in guarded.push("--force", "main~1:main").err


def test_a_remote_of_which_nothing_is_known(guarded: Workplace, tmp_path: Path) -> None:
    guarded.clone.git("init", "-q", "--bare", "--template=", str(tmp_path / "fork.git"))
    guarded.clone.git("remote", "add", "fork", str(tmp_path / "fork.git"))
    guarded.commit(BROKEN, branch="topic")
    assert guarded.git("push", "-q", "fork", "topic").code == 1
    guarded.clone.git("update-ref", "-d", "refs/remotes/origin/HEAD")
    guarded.clone.git("update-ref", "-d", "refs/remotes/origin/main")
    said = guarded.git("push", "-q", str(tmp_path / "fork.git"), "topic")
    assert said.code == 0
    assert "topic: not judged: no default branch of " in said.err


def test_failing_to_analyse_is_loud_and_blocks_only_when_asked(workplace: Workplace) -> None:
    workplace.commit(BASE | {"impact.toml": "nonsense = 1\n"})
    assert workplace.push("main").code == 0
    workplace.commit(BASE | {"impact.toml": "nonsense = 1\n", "more.md": ""})
    assert workplace.impact("hook", "install").code == 0
    said = workplace.push("main")
    assert said.code == 0
    assert without_ids(said.err) == (
        "impact: NOT JUDGED: main: impact.toml at "
        + workplace.clone.commit_id("main~1")
        + ": unknown key 'nonsense'\nimpact: hint: one of: fail-on, base, source-roots, exclude, python-version, output-format, accepted\n"
        "impact: going on without a verdict (--strict would refuse)\n"
    )
    workplace.commit(BASE | {"impact.toml": "nonsense = 1\n", "yet.md": ""})
    assert workplace.impact("hook", "install", "--strict").out.startswith("renewed ")
    said = workplace.push("main")
    assert said.code == 1
    assert "impact: NOT JUDGED: main: " in said.err


@pytest.mark.parametrize(("arguments", "stdin", "code", "told"), [
    (("pre-push",), "nonsense\n", 0, "impact: NOT JUDGED: no line of a pre-push hook: 'nonsense'\n"),
    (("--strict", "pre-push"), "nonsense\n", 2, "impact: NOT JUDGED: no line of a pre-push hook: 'nonsense'\n"),
    (("pre-push", "origin", "url"), "", 0, ""),
    (("pre-pusch",), "", 2, "impact: HOOK: 'pre-pusch' is not one of pre-push, pre-commit\n"),
])  # fmt: skip
def test_what_git_would_not_write(workplace: Workplace, arguments: tuple[str, ...], stdin: str, code: int, told: str) -> None:
    said = workplace.impact("hook", "run", *arguments, stdin=stdin)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith(told)


def test_what_breaks_is_one_screen(guarded: Workplace) -> None:
    names = [f"orders{number}" for number in range(12)]
    tests = {f"tests/test_{name}_{number}.py": f"import acme.{name}\n\n\ndef test():\n    pass\n" for name in names for number in range(3)}
    sources = {f"acme/{name}.py": f"NUMBER = {number}\n" * (number + 1) for number, name in enumerate(names)}
    guarded.commit(BASE | tests | sources)
    assert guarded.push("main", "--no-verify").code == 0
    guarded.commit(BASE | tests)
    told = guarded.push("main").err.partition("error: failed")[0].splitlines()
    assert told[1] == "  36 test files cannot be collected"
    assert re.fullmatch(r"  … \d+ more lines", told[-3])
    assert len(told) == 24


def test_a_branch_whose_name_is_not_utf_8(guarded: Workplace) -> None:
    guarded.commit(BROKEN)
    line = f"refs/heads/caf\udce9 {guarded.clone.commit_id('main')} refs/heads/caf\udce9 {'0' * 40}\n"
    command = [sys.executable, "-m", "impact", "hook", "run", "pre-push", "origin"]
    done = subprocess.run(command, cwd=guarded.clone.path, env=clean_environment(guarded.cache), input=os.fsencode(line), capture_output=True, check=False)
    assert (done.returncode, done.stderr.startswith(b"impact: caf\\udce9 breaks tests (new: as merged into origin/main)\n")) == (1, True)


# --- Commits.


def test_a_commit_is_refused_and_passes_with_the_fix(workplace: Workplace) -> None:
    assert workplace.impact("hook", "install", "--pre-commit").out == f"installed {workplace.clone.path}/.git/hooks/pre-commit\n"
    workplace.clone.write(BROKEN)
    assert workplace.git("commit", "-q", "--allow-empty", "-m", "Nothing staged").code == 0
    # `-a` commits from an index of its own, which the environment names.
    said = workplace.git("commit", "-aqm", "Broken")
    assert said.code == 1
    assert said.err.startswith("impact: the commit breaks tests (what is staged)\n")
    assert said.err.endswith("look closer:  impact diff --staged\ngo on anyway: git commit --no-verify\n")
    workplace.clone.write(FIXED)
    assert workplace.git("commit", "-aqm", "Fixed").code == 0


def test_the_first_commit_of_all(tmp_path: Path) -> None:
    repository = create(tmp_path / "new")
    place = Workplace(repository, repository, tmp_path / "cache")
    place.impact("hook", "install", "--pre-commit")
    repository.write(BASE)
    repository.git("add", "--all")
    said = place.git("commit", "-qm", "Begin")
    assert (said.code, said.err) == (0, "impact: the commit: No test breaks between the empty tree and INDEX.\n")
    assert place.impact("diff", "HEAD^..HEAD").out.startswith("No test breaks between HEAD^ and HEAD (")


# --- Installation.


def listen(place: Path, name: str, code: int = 0) -> Executable:
    """A hook that writes down what it is given, and answers `code`."""
    return Executable(f'#!/bin/sh\n{{ echo "{name}:" "$@"; cat; }} >> "{place}"\nexit {code}\n')


def found_in(directory: Path) -> dict[str, tuple[int, int, bytes | str]]:
    """Everything about the hooks below a directory, and what else may have come to lie there: mode, time, content or target."""
    places = [place for place in directory.rglob("*") if not {"objects", "refs", "logs"} & set(place.relative_to(directory).parts)]
    names = ("index", "HEAD", "COMMIT_EDITMSG", "ORIG_HEAD", "config", "FETCH_HEAD")
    return {
        str(place.relative_to(directory)): (
            place.lstat().st_mode,
            0 if place.is_dir() and not place.is_symlink() else place.lstat().st_mtime_ns,
            str(place.readlink()) if place.is_symlink() else place.read_bytes() if place.is_file() else "",
        )
        for place in places
        if place.name not in names
    }


def put(place: Path, hook: Executable) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(hook.source)
    place.chmod(0o750)


def test_an_existing_hook_keeps_running_with_its_arguments_and_input(workplace: Workplace, tmp_path: Path) -> None:
    notes, hooks = tmp_path / "notes", workplace.clone.path / ".git/hooks"
    put(hooks / "pre-push", listen(notes, "first"))
    before = found_in(hooks.parent)
    said = workplace.impact("hook", "install")
    assert said.out == f"installed {hooks}/pre-push; the hook that was there runs first, from {hooks}.before-impact/pre-push\n"
    assert workplace.impact("hook", "install").out == f"renewed {hooks}/pre-push\n"
    old, new = workplace.clone.commit_id("HEAD"), workplace.commit(BROKEN)
    assert workplace.push("main").code == 1
    url = workplace.clone.git("remote", "get-url", "origin")
    assert notes.read_text() == f"first: origin {url}\nrefs/heads/main {new} refs/heads/main {old}\n"
    assert workplace.impact("hook", "uninstall").out == (
        f"uninstalled {hooks}/pre-push; the hook that was there before is back\nno hook of impact at {hooks}/pre-commit\n"
    )
    assert found_in(hooks.parent) == before


NAMES = 'basename -- "$0"; ls "$(dirname -- "$0")"; ls "$(dirname -- "$(dirname -- "$0")")/scripts"; cat "$(dirname -- "$0")/beside"'
SEEN = "pre-push\nbeside\npre-push\nshared\nreal\nbeside it\n"
HOOKS: dict[str, tuple[str, str, str]] = {
    "a script": (f"#!/bin/sh\n{{ {NAMES}; }} > ../seen\n", "", SEEN),
    "a script that reads another one": (
        '#!/bin/sh\n. "$(dirname -- "$0")/shared"\n', f"{{ {NAMES}; }} > ../seen\n", SEEN,
    ),
    "no shell": (
        f"#!{sys.executable}\nimport sys, pathlib as p\nme = p.Path(sys.argv[0])\np.Path('../seen').write_text(me.name + (me.parent / 'beside').read_text())",
        "", "pre-pushbeside it\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "kind"),
    [("regular", "a script"), ("regular", "no shell"), ("configured", "a script that reads another one"), ("linked", "a script that reads another one")],
)
def test_an_existing_hook_finds_its_name_and_what_lies_around_it(workplace: Workplace, tmp_path: Path, place: str, kind: str) -> None:
    """Such as husky's, which are one script under many names that looks for others beside it and above."""
    hook, shared, seen = HOOKS[kind]
    workplace.commit(FIXED)
    hooks = {"regular": workplace.clone.path / ".git/hooks", "configured": workplace.clone.path / ".husky/_", "linked": tmp_path / "else/hooks"}[place]
    put(hooks / "pre-push", Executable(hook))
    for name, content in (("hooks/shared", shared), ("hooks/beside", "beside it\n"), ("scripts/real", "")):
        path = hooks.parent / name.replace("hooks", hooks.name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    if place == "configured":
        workplace.clone.git("config", "core.hooksPath", ".husky/_")
    elif place == "linked":
        (workplace.clone.path / ".git/hooks").symlink_to(hooks)
    before = found_in(hooks.parent)
    assert workplace.impact("hook", "install").code == 0
    assert workplace.push("main").code == 0
    assert (tmp_path / "seen").read_text() == seen
    assert workplace.impact("hook", "uninstall").code == 0
    assert found_in(hooks.parent) == before


@pytest.mark.parametrize("target", ["../../scripts/push.sh", "shared", "{}/scripts/push.sh"])
def test_an_existing_link_keeps_leading_where_it_led(workplace: Workplace, tmp_path: Path, target: str) -> None:
    workplace.commit(FIXED)
    hooks = workplace.clone.path / ".git/hooks"
    for place in (workplace.clone.path / "scripts/push.sh", hooks / "shared"):
        put(place, listen(tmp_path / "notes", "linked", 3))
    (hooks / "pre-push").symlink_to(target.format(workplace.clone.path))
    before = found_in(hooks.parent)
    workplace.impact("hook", "install")
    assert workplace.push("main").code == 1
    assert (tmp_path / "notes").read_text().startswith("linked: origin ")
    workplace.impact("hook", "uninstall")
    assert found_in(hooks.parent) == before


def test_two_hooks_that_were_there_come_and_go_one_by_one(workplace: Workplace, tmp_path: Path) -> None:
    hooks = workplace.clone.path / ".git/hooks"
    for name in ("pre-push", "pre-commit", "commit-msg"):
        put(hooks / name, listen(tmp_path / "notes", name))
    before = found_in(hooks.parent)
    for option in ("--pre-push", "--pre-commit"):
        assert workplace.impact("hook", "install", option).code == 0
    kept = hooks.with_name("hooks.before-impact")
    assert {path.name: path.is_symlink() for path in kept.iterdir()} == {"pre-push": False, "pre-commit": False, "commit-msg": True}
    workplace.clone.write(FIXED)
    assert workplace.git("commit", "-aqm", "Fixed").code == 0
    assert workplace.push("main").code == 0
    assert [line.partition(":")[0] for line in (tmp_path / "notes").read_text().splitlines() if ":" in line] == ["pre-commit", "commit-msg", "pre-push"]
    for option in ("--pre-push", "--pre-commit"):
        assert workplace.impact("hook", "uninstall", option).out.endswith("the hook that was there before is back\n")
    assert found_in(hooks.parent) == before


def test_a_link_to_a_script_of_ours_is_somebody_elses(guarded: Workplace, tmp_path: Path) -> None:
    hooks = guarded.clone.path / ".git/hooks"
    (hooks / "pre-push").rename(tmp_path / "shared-hook")
    (hooks / "pre-push").symlink_to(tmp_path / "shared-hook")
    before = found_in(hooks.parent)
    assert "the hook that was there runs first" in guarded.impact("hook", "install").out
    guarded.impact("hook", "uninstall")
    assert found_in(hooks.parent) == before


def test_where_hooks_are_turned_off(workplace: Workplace) -> None:
    workplace.clone.git("config", "core.hooksPath", os.devnull)
    assert workplace.impact("hook", "install") == Said(
        2, "", "impact: the hook cannot be written: /dev/null/pre-push: File exists\n"
        "hint: that is where Git looks for it (`git rev-parse --git-path hooks`)\n",
    )  # fmt: skip
    assert workplace.impact("hook", "uninstall").code == 0


def test_what_an_existing_hook_refuses_stays_refused(workplace: Workplace, tmp_path: Path) -> None:
    put(workplace.clone.path / ".git/hooks/pre-push", listen(tmp_path / "notes", "first", 7))
    workplace.impact("hook", "install")
    workplace.commit(FIXED)
    said = workplace.push("main")
    assert said.code == 1
    assert "impact" not in said.err


def test_a_hook_that_git_did_not_run_is_not_run_now(workplace: Workplace, tmp_path: Path) -> None:
    place = workplace.clone.path / ".git/hooks/pre-push"
    put(place, listen(tmp_path / "notes", "first", 7))
    place.chmod(0o640)
    workplace.impact("hook", "install")
    workplace.commit(FIXED)
    assert workplace.push("main").code == 0
    assert not (tmp_path / "notes").exists()


def test_nothing_is_clobbered(workplace: Workplace, tmp_path: Path) -> None:
    hooks = workplace.clone.path / ".git/hooks"
    put(hooks / "pre-push", listen(tmp_path / "notes", "one"))
    put(hooks.with_name("hooks.before-impact") / "pre-push", listen(tmp_path / "notes", "two"))
    before = found_in(hooks.parent)
    said = workplace.impact("hook", "install")
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith(f"{hooks}.before-impact/pre-push is there already\nhint: put one of the two away\n")
    assert workplace.impact("hook", "uninstall", "--pre-push").out == f"no hook of impact at {hooks}/pre-push\n"
    assert found_in(hooks.parent) == before


@pytest.mark.parametrize("configured", ["relative", "absolute", "included", "of the worktree"])
def test_the_configured_hooks_path_is_respected(workplace: Workplace, tmp_path: Path, configured: str) -> None:
    place = workplace.clone.path / "our hooks" if configured == "relative" else tmp_path / "shared hooks"
    if configured == "of the worktree":
        workplace.clone.git("config", "extensions.worktreeConfig", "true")
        workplace.clone.git("config", "--worktree", "core.hooksPath", str(place))
    elif configured == "included":
        settings = tmp_path / "settings"
        settings.write_text(f'[core]\nhooksPath = "{place}"\n')
        workplace.clone.git("config", "include.path", str(settings))
    else:
        workplace.clone.git("config", "core.hooksPath", "our hooks" if configured == "relative" else str(place))
    workplace.commit(BROKEN)
    assert workplace.impact("hook", "install", at=workplace.clone.path / "acme").out == f"installed {place}/pre-push\n"
    assert not (workplace.clone.path / ".git/hooks/pre-push").exists()
    assert workplace.push("main").code == 1
    assert workplace.impact("hook", "install").out == f"renewed {place}/pre-push\n"
    assert workplace.impact("hook", "uninstall", "--pre-push").out == f"uninstalled {place}/pre-push\n"
    assert not place.exists()
    place.mkdir()
    workplace.impact("hook", "install")
    workplace.impact("hook", "uninstall")
    assert list(place.iterdir()) == []


def test_a_linked_worktree_shares_the_hooks_and_pushes_its_own(guarded: Workplace, tmp_path: Path) -> None:
    linked = Repository(tmp_path / "linked")
    guarded.clone.git("worktree", "add", "-q", "-b", "topic", str(linked.path))
    linked.commit(BROKEN)
    assert guarded.git("push", "-q", "origin", "topic", at=linked.path).code == 1
    hooks = guarded.clone.path / ".git/hooks"
    assert guarded.impact("hook", "install", at=linked.path).out == f"renewed {hooks}/pre-push\n"
    assert guarded.impact("hook", "uninstall", "--pre-push", at=linked.path).out == f"uninstalled {hooks}/pre-push\n"


def test_an_interpreter_that_is_gone_is_said(guarded: Workplace) -> None:
    hook = guarded.clone.path / ".git/hooks/pre-push"
    hook.write_text(re.sub(r"(?m)^python=.*$", "python=/nowhere/python", hook.read_text()))
    guarded.commit(BROKEN)
    said = guarded.push("main")
    assert (said.code, said.err) == (0, "impact: NOT JUDGED: /nowhere/python is gone; `impact hook install` writes this hook anew\n")


def test_the_module_of_the_repository_is_not_taken_for_ours(guarded: Workplace, tmp_path: Path) -> None:
    evil = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    guarded.commit(BROKEN | {"impact/__init__.py": evil, "impact/__main__.py": evil, "typer.py": evil, "sitecustomize.py": evil})
    said = guarded.git("push", "-q", "origin", "main", PYTHONPATH=clean_environment(guarded.cache)["PYTHONPATH"])
    assert (said.code, VERDICT in said.err) == (1, True)
    assert not (tmp_path / "ran").exists()


def test_only_what_git_names_itself_is_looked_at(guarded: Workplace, tmp_path: Path) -> None:
    """A hook inherits GIT_DIR and its like: they must not lead the analysis elsewhere, nor what it starts."""
    guarded.commit(BROKEN)
    line = f"refs/heads/main {guarded.clone.commit_id('main')} refs/heads/main {guarded.remote.commit_id('main')}\n"
    said = impact_command(
        "hook", "run", "pre-push", "origin", at=guarded.clone.path, cache=guarded.cache, stdin=line,
        environment={"GIT_DIR": str(tmp_path), "GIT_INDEX_FILE": os.devnull, "GIT_OBJECT_DIRECTORY": str(tmp_path), "GIT_WORK_TREE": str(tmp_path)},
    )  # fmt: skip
    assert (said.code, VERDICT in said.err) == (1, True)
