"""The merge that is judged is the one that `git merge-tree` makes: the same files where it merges cleanly, and a conflict wherever that asks for a person."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from impact.git import open_repository
from impact.revisions.ranges import parse_range
from impact.snapshots import Comparison
from support.repositories import Executable, Repository, create, git_environment

Files = dict[str, str]


def body(*words: str) -> str:
    """A file that is like no other: each is known again by its first word."""
    return "".join(f"{words[0]}_{number} = {number}\n" for number in range(12)) + "".join(f"{word} = 1\n" for word in words)


BASE: Files = {path: body(path[:-3].replace("/", "_")) for path in ("pkg/a.py", "pkg/b.py", "pkg/sub/c.py", "lib/d.py", "top.py")}
PACKAGE = [path for path in BASE if path.startswith("pkg/")]


def without(*gone: str, **_: object) -> Files:
    return {path: content for path, content in BASE.items() if path not in gone}


def moved(source: str, target: str, files: Files = BASE) -> Files:
    return {target + path.removeprefix(source) if path.startswith(source) else path: content for path, content in files.items()}


ROWS: dict[str, tuple[Files, Files]] = {
    "a file in the way of a directory": (without(*PACKAGE) | {"pkg": "x = 1\n"}, BASE | {"pkg/a.py": body("pkg_a", "edited")}),
    "a directory in the way of a file": (BASE | {"pkg/a.py": body("pkg_a", "edited")}, without(*PACKAGE) | {"pkg": "x = 1\n"}),
    "a file becomes a directory, untouched elsewhere": (without("top.py") | {"top.py/x.py": "x = 1\n"}, BASE | {"new.py": ""}),
    "added to a directory that was renamed": (BASE | {"pkg/new.py": "n = 1\n"}, moved("pkg/", "core/")),
    "renamed what was added to": (moved("pkg/", "core/"), BASE | {"pkg/sub/new.py": "n = 1\n"}),
    "added to a directory that was deleted": (BASE | {"pkg/new.py": "n = 1\n"}, without(*PACKAGE)),
    "added in a new directory": (BASE | {"pkg/fresh/new.py": "n = 1\n"}, moved("pkg/", "core/")),
    "the directory went to two places": (BASE | {"pkg/new.py": "n = 1\n"}, moved("pkg/a", "one/a", moved("pkg/", "two/"))),
    "a part of the directory stays": (BASE | {"pkg/new.py": "n = 1\n"}, moved("pkg/a", "one/a")),
    "the place is taken": (BASE | {"pkg/new.py": "n = 1\n"}, moved("pkg/", "core/") | {"core/new.py": "n = 2\n"}),
    "edited here, renamed there": (BASE | {"pkg/a.py": body("pkg_a", "edited")}, moved("pkg/", "core/")),
    "renamed on both sides, alike": (moved("pkg/", "core/"), moved("pkg/", "core/") | {"x.py": ""}),
    "renamed on both sides, otherwise": (moved("pkg/a", "pkg/one"), moved("pkg/a", "pkg/two")),
    "two files renamed to one name": (moved("pkg/a.py", "one.py"), moved("pkg/b.py", "one.py")),
    "renamed here, deleted there": (moved("pkg/a", "pkg/one"), without("pkg/a.py")),
    "edited here, deleted there": (BASE | {"pkg/a.py": body("pkg_a", "edited")}, without("pkg/a.py")),
    "deleted on both sides": (without("pkg/a.py"), without("pkg/a.py", "pkg/b.py")),
    "added on both sides, alike": (BASE | {"new.py": "n = 1\n"}, BASE | {"new.py": "n = 1\n", "x.py": ""}),
    "added on both sides, otherwise": (BASE | {"new.py": "n = 1\n"}, BASE | {"new.py": "n = 2\n"}),
    "edited on both sides, apart": (BASE | {"top.py": "first = 1\n" + body("top")}, BASE | {"top.py": body("top", "last")}),
    "edited on both sides, the same line": (BASE | {"top.py": body("top", "one")}, BASE | {"top.py": body("top", "two")}),
    "renamed here, another file in its place there": (moved("pkg/a.py", "pkg/one.py"), without("pkg/a.py") | {"pkg/one.py": "other = 1\n"}),
}  # fmt: skip


def draw_sides(repository: Repository, base: Files, ours: Files, theirs: Files) -> None:
    """Make the three commits in one process."""
    stream = ""
    for mark, (branch, files) in enumerate((("base", base), ("ours", ours), ("theirs", theirs)), 1):
        stream += f"commit refs/heads/{branch}\nmark :{mark}\ncommitter A <a@example.invalid> {mark} +0000\ndata 1\nx\n"
        stream += ("from :1\n" if mark > 1 else "") + "deleteall\n"
        stream += "".join(f"M 100644 inline {path}\ndata {len(content.encode())}\n{content}\n" for path, content in files.items())
    repository.git("fast-import", "--quiet", "--force", stdin=stream.encode())


def as_git_has_it(repository: Repository) -> tuple[bool, dict[str, str]]:
    """Whether Git merges by itself, and the files that come out."""
    command = ["git", "-C", str(repository.path), "merge-tree", "--write-tree", "--name-only", "-z", "ours", "theirs"]
    done = subprocess.run(command, capture_output=True, check=False, env=git_environment())
    assert done.returncode in (0, 1), done.stderr
    listed = repository.git("ls-tree", "-r", done.stdout.decode().split("\0")[0])
    return done.returncode == 0, {line.split("\t")[1]: line.split()[2] for line in listed.split("\n") if line}


def as_judged(repository: Repository) -> tuple[Comparison, bool, dict[str, str]]:
    comparison = open_repository(repository.path).resolve(parse_range("ours..theirs"))
    assert comparison.sides is not None
    return comparison, not comparison.sides.conflicts, {str(path): blob.hex() for path, blob in comparison.head.files.items()}


def possible(paths: dict[str, str]) -> bool:
    """No path is a file and a directory."""
    return not any("/".join(path.split("/")[:end]) in paths for path in paths for end in range(1, path.count("/") + 1))


@pytest.mark.parametrize(("ours", "theirs"), ROWS.values(), ids=ROWS)
def test_the_same_merge(tmp_path: Path, ours: Files, theirs: Files) -> None:
    repository = create(tmp_path / "repository")
    draw_sides(repository, BASE, ours, theirs)
    clean, files = as_git_has_it(repository)
    _, judged_clean, judged = as_judged(repository)
    assert judged_clean == clean
    assert possible(judged)
    if clean:
        assert judged == files


def test_the_same_merge_whatever_the_sides_do(tmp_path: Path) -> None:
    """Random edits, deletions, additions, renames of files and directories, files in place of directories and the other way round."""
    repository = create(tmp_path / "repository")
    for seed in range(120):
        chance = random.Random(seed)
        ours, theirs = (_changed(chance, tag) for tag in ("ours", "theirs"))
        if BASE in (ours, theirs) or not ours or not theirs or ours == theirs:
            continue
        draw_sides(repository, BASE, ours, theirs)
        clean, files = as_git_has_it(repository)
        _, judged_clean, judged = as_judged(repository)
        assert judged_clean == clean, seed
        assert possible(judged), seed
        assert not clean or judged == files, seed


def _changed(chance: random.Random, tag: str) -> Files:
    files = dict(BASE)

    def free(path: str) -> bool:
        return possible(dict.fromkeys([*files, path], "")) and path not in files

    for _ in range(chance.randint(1, 3)):
        path = chance.choice(sorted(files))
        directory = path.rpartition("/")[0]
        match chance.choice(("edit", "append", "delete", "rename", "add", "directory", "file", "rename directory")):
            case "edit":
                first, *others = files[path].split("\n")
                files[path] = "\n".join([f"{tag} = {chance.randint(0, 9)}", *others]) if others else first
            case "append":
                files[path] += f"{tag} = {chance.randint(0, 9)}\n"
            case "delete" if len(files) > 1:
                del files[path]
            case "rename" if free(place := chance.choice(("pkg/", "lib/", "", "x/y/")) + chance.choice(("m", "n", tag)) + ".py"):
                files[place] = files.pop(path)
            case "add" if free(place := chance.choice(("pkg/", "lib/", "", "pkg/sub/")) + chance.choice(("new", "more")) + ".py"):
                files[place] = body(chance.choice("AB"))
            case "directory":
                del files[path]
                files[f"{path}/inner.py"] = "inner = 1\n"  # nothing of what was there
            case "file" if directory:
                files = {one: content for one, content in files.items() if not one.startswith(f"{directory}/")} | {directory: body("file")}
            case "rename directory" if directory and not any(one.startswith("moved") for one in files):
                files = moved(f"{directory}/", "moved/", files)
            case _:
                pass
    return files


def test_what_a_conflict_takes_from_theirs(tmp_path: Path) -> None:
    repository = create(tmp_path / "repository")
    draw_sides(repository, BASE, *ROWS["a file in the way of a directory"])
    comparison, _, judged = as_judged(repository)
    assert (sorted(judged), comparison.notes) == (
        ["lib/d.py", "pkg/a.py", "top.py"],
        ("2 files in conflict, taken from theirs: pkg, pkg/a.py",),
    )
    draw_sides(repository, BASE, *ROWS["added to a directory that was renamed"])
    comparison, _, judged = as_judged(repository)
    assert "core/new.py" in judged
    assert comparison.notes == ("1 file in conflict, taken from theirs: core/new.py",)


def test_an_executable_bit_is_no_change(tmp_path: Path) -> None:
    repository = create(tmp_path / "repository")
    repository.commit({**BASE}, "Begin")
    repository.git("branch", "base")
    repository.commit({**BASE, "top.py": Executable(BASE["top.py"])}, "Executable", branch="theirs")
    repository.git("checkout", "-q", "-b", "ours", "base")
    repository.commit({**BASE, "top.py": body("top", "edited")}, "Edit")
    clean, merged = as_git_has_it(repository)
    assert clean
    assert as_judged(repository)[1:] == (True, merged)


@pytest.mark.parametrize(("one", "other", "clean"), [(2, 3, False), (2, 2, True), (1, 3, True)])
def test_submodules_that_go_two_ways(tmp_path: Path, one: int, other: int, clean: bool) -> None:
    repository = create(tmp_path / "repository")
    repository.commit({"a.py": ""}, "Begin")

    def point(number: int, branch: str) -> None:
        repository.git("checkout", "-q", "-B", branch, "base")
        repository.git("update-index", "--add", "--cacheinfo", f"160000,{str(number) * 40},vendored")
        repository.git("commit", "-q", "--allow-empty", "-m", f"For {branch}")

    repository.git("branch", "base")
    point(1, "start")
    repository.git("branch", "-f", "base", "start")
    point(one, "ours")
    point(other, "theirs")
    assert as_git_has_it(repository)[0] == clean
    comparison, judged_clean, _ = as_judged(repository)
    assert judged_clean == clean
    assert [skipped.path for skipped in comparison.head.skipped] == ["vendored"]
