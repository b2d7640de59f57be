"""Both branches green, main red: what breaks only where two sides meet, and how it is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.commands import Said, impact_command
from support.repositories import Content, Repository, create

COMMON: dict[str, Content] = {
    "acme/__init__.py": "",
    "acme/factory.py": "def make():\n    return 1\n",
    "acme/orders.py": "def total():\n    return 1\n\n\ndef other():\n    return 2\n",
    "acme/helper.py": "import acme.orders\n",
    "tests/test_free.py": "def test_free():\n    pass\n",
}
LATE = "import acme.factory\n\n\ndef test_late():\n    assert acme.factory.make()\n"
TOTAL = "from acme.orders import total\n\n\ndef test_total():\n    assert total()\n"


def without(files: dict[str, Content], *gone: str) -> dict[str, Content]:
    return {path: content for path, content in files.items() if path not in gone}


@dataclass(frozen=True, slots=True)
class Diverged:
    """`main` and `topic` left one commit, the branch `fork`."""

    repository: Repository
    cache: Path

    def run(self, *arguments: str) -> Said:
        return impact_command(*arguments, at=self.repository.path, cache=self.cache)

    def meetings(self, revisions: str = "main..topic") -> list[tuple[Any, ...]]:
        report = self.run("diff", revisions, "--output-format", "json").report
        return [
            (one["break_id"], *(one[role][key] for role in ("reference", "change") for key in ("revision", "subject", "path", "line")), one["tests"])
            for one in report["meetings"]
        ]


def diverge(tmp_path: Path, ours: dict[str, Content], theirs: dict[str, Content], common: dict[str, Content] = COMMON) -> Diverged:
    repository = create(tmp_path / "repository")
    repository.commit(common, "Begin")
    repository.git("branch", "fork")
    repository.commit(theirs, "Tidy up", branch="topic")
    repository.git("checkout", "-q", "main")
    repository.commit(ours, "Add a test")
    # The commits behind a meeting are not the tips.
    repository.commit(ours | {"notes.md": "n\n"}, "Write notes")
    repository.git("checkout", "-q", "topic")
    repository.commit(theirs | {"news.md": "n\n"}, "Write news")
    return Diverged(repository, tmp_path / "cache")


def test_a_test_added_on_main_that_imports_what_the_branch_deleted(tmp_path: Path) -> None:
    both = diverge(tmp_path, COMMON | {"tests/test_late.py": LATE}, without(COMMON, "acme/factory.py"))
    for alone in ("fork..main", "fork..topic"):
        assert both.run("diff", alone).code == 0
    said = both.run("diff", "main..topic")
    assert said.code == 1
    assert re.sub(r"\b[0-9a-f]{10}\b", "0123456789", said.out) == (
        """\
1 test file cannot be collected
between main (0123456789) and its merge with topic (0123456789)
1 test file breaks by the meeting of the two: each side is sound alone

acme.factory  module deleted  (1 test file)
  the file is gone: acme/factory.py
  deleted in 0123456789, 2025-09-14, by A. Author: Tidy up
  main (0123456789 Add a test, tests/test_late.py:1) names it, topic (0123456789 Tidy up,
    acme/factory.py) took it away
  cannot be collected: ModuleNotFoundError: No module named 'acme.factory'
    tests/test_late.py:1  import acme.factory

to bring back what has no other place: impact fix --restore 0123456789..0123456789
"""
    )
    commits = [both.repository.commit_id(one)[:10] for one in ("main", "topic", "topic~1", "main~1", "topic~1", "main", "topic")]
    assert re.findall(r"\b[0-9a-f]{10}\b", said.out) == commits
    markdown = both.run("diff", "main..topic", "--output-format", "markdown").out
    assert "1 test file breaks by the meeting of the two: each side is sound alone." in markdown
    assert f"- `main ({commits[3]} Add a test, tests/test_late.py:1) names it, topic ({commits[4]} Tidy up, acme/factory.py) took it away`" in markdown
    report = both.run("diff", "main..topic", "--output-format", "json").report
    assert [(one["reference"]["commit"], one["change"]["commit"]) for one in report["meetings"]] == [
        (both.repository.commit_id("main~1"), both.repository.commit_id("topic~1"))
    ]


def test_without_the_merge_only_what_the_branch_lacks_is_seen(tmp_path: Path) -> None:
    both = diverge(tmp_path, COMMON | {"tests/test_late.py": LATE}, without(COMMON, "acme/factory.py"))
    said = both.run("diff", "main..topic", "--no-merge", "--output-format", "json")
    assert (said.code, said.verdicts, said.report["head"]["merged"], said.report["meetings"]) == (0, {}, False, [])


ROWS: list[tuple[str, dict[str, Content], dict[str, Content], list[tuple[Any, ...]]]] = [
    (
        "the branch names what main took away",
        without(COMMON, "acme/factory.py"),
        COMMON | {"tests/test_late.py": LATE},
        [("tests/test_late.py:1:0:acme.factory", "topic", "Tidy up", "tests/test_late.py", 1,
             "main", "Add a test", "acme/factory.py", 0, ["tests/test_late.py"])],
    ),
    (
        "a name of a module that stays",
        COMMON | {"tests/test_total.py": TOTAL},
        COMMON | {"acme/orders.py": "def other():\n    return 2\n"},
        [
            ("tests/test_total.py:1:0:acme.orders:total", "main", "Add a test", "tests/test_total.py", 1,
             "topic", "Tidy up", "acme/orders.py", 0, ["tests/test_total.py"])
        ],
    ),
    (
        "a name that main took away",
        COMMON | {"acme/orders.py": "def other():\n    return 2\n"},
        COMMON | {"tests/test_total.py": TOTAL},
        [
            ("tests/test_total.py:1:0:acme.orders:total", "topic", "Tidy up", "tests/test_total.py", 1,
             "main", "Add a test", "acme/orders.py", 0, ["tests/test_total.py"])
        ],
    ),
    (
        "a test of main that goes through a helper which the branch broke unseen",
        COMMON | {"tests/test_late.py": "import acme.helper\n\n\ndef test_late():\n    pass\n"},
        without(COMMON, "acme/orders.py"),
        [("acme/helper.py:1:0:acme.orders", "main", "Add a test", "tests/test_late.py", 1, "topic", "Tidy up", "acme/orders.py", 0, ["tests/test_late.py"])],
    ),
    ("no meeting: the branch breaks its own test", COMMON | {"x.py": ""}, without(COMMON, "acme/factory.py") | {"tests/test_late.py": LATE}, []),
    ("no meeting: the test was there before", COMMON | {"tests/test_other.py": TOTAL}, COMMON | {"tests/test_new.py": "import acme.never\n"}, []),
    ("no break: both took it away", without(COMMON, "acme/factory.py"), without(COMMON, "acme/factory.py") | {"y.py": ""}, []),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_meetings(tmp_path: Path, ours: dict[str, Content], theirs: dict[str, Content], expected: list[tuple[Any, ...]]) -> None:
    assert diverge(tmp_path, ours, theirs).meetings() == expected


def test_a_test_that_main_moved_and_had_before_is_no_meeting(tmp_path: Path) -> None:
    common = COMMON | {"tests/test_late.py": LATE}
    moved = COMMON | {"tests/unit/test_late.py": LATE + "\n\ndef test_more():\n    pass\n"}
    both = diverge(tmp_path, moved, without(common, "acme/factory.py"), common)
    assert both.meetings() == []
    assert both.run("diff", "main..topic").code == 1


def test_what_is_not_committed_yet_meets_too(tmp_path: Path) -> None:
    both = diverge(tmp_path, without(COMMON, "acme/factory.py"), COMMON | {"y.py": ""})
    (both.repository.path / "tests/test_late.py").write_text(LATE)
    ((_, revision, subject, path, _, other, *_),) = both.meetings("main")
    assert (revision, subject, path, other) == ("WORKTREE", None, "tests/test_late.py", "main")
    assert "WORKTREE (tests/test_late.py:1) names it, main (" in both.run("diff", "main").out


def test_textual_conflicts_are_said_and_the_rest_is_judged(tmp_path: Path) -> None:
    ours = COMMON | {"tests/test_late.py": LATE, "acme/orders.py": "def total():\n    return 'ours'\n\n\ndef other():\n    return 2\n"}
    theirs = without(COMMON, "acme/factory.py") | {"acme/orders.py": "def total():\n    return 'theirs'\n\n\ndef other():\n    return 2\n"}
    both = diverge(tmp_path, ours, theirs)
    said = both.run("diff", "main..topic", "--output-format", "json")
    note = "1 file in conflict, taken from topic: acme/orders.py"
    assert (said.verdicts, said.report["conflicts"], said.report["notes"]) == ({"tests/test_late.py": "collection-error"}, ["acme/orders.py"], [note])
    assert f"\n{note}\n" in both.run("diff", "main..topic").out
    assert f"\n- `{note}`\n" in both.run("diff", "main..topic", "--output-format", "markdown").out
    clean = diverge(tmp_path / "clean", without(ours, "tests/test_late.py"), theirs).run("diff", "main..topic").out
    assert clean.startswith("No test breaks between main (")
    assert clean.splitlines()[1] == note


def test_what_hangs_on_a_file_in_conflict_is_at_risk_alone(tmp_path: Path) -> None:
    """Taken as in topic, the file lacks what main's test needs: whoever resolves the conflict may well keep it."""
    source = "def total():\n    return 1\n\n\n{}\n\n\ndef other():\n    return 2\n"
    ours = COMMON | {
        "acme/orders.py": source.format("def extra():\n    return 3"),
        "tests/test_late.py": "from acme.orders import extra\n\n\ndef test_it(): ...\n",
    }
    theirs = COMMON | {"acme/orders.py": source.format("def bonus():\n    return 4")}
    both = diverge(tmp_path, ours, theirs)
    said = both.run("diff", "main..topic", "--output-format", "json")
    assert (said.code, said.verdicts, said.report["conflicts"]) == (0, {"tests/test_late.py": "at-risk"}, ["acme/orders.py"])


def test_several_merge_bases(tmp_path: Path) -> None:
    """Each branch merged the other's first commit: two best common ancestors, which Git merges first."""
    repository = create(tmp_path / "repository")
    repository.commit(COMMON, "Begin")
    repository.git("branch", "topic")
    repository.commit(COMMON | {"a.py": ""}, "On main")
    one = repository.commit_id("main")
    repository.commit(COMMON | {"b.py": ""}, "On topic", branch="topic")
    repository.merge(one)
    repository.git("checkout", "-q", "main")
    repository.merge("topic~1")
    assert len(repository.git("merge-base", "--all", "main", "topic").split()) == 2
    repository.commit(COMMON | {"a.py": "", "b.py": "", "tests/test_late.py": LATE}, "Add a test")
    repository.commit(without(COMMON | {"a.py": "", "b.py": ""}, "acme/factory.py"), "Tidy up", branch="topic")
    both = Diverged(repository, tmp_path / "cache")
    ((_, revision, subject, *_),) = both.meetings()
    assert (revision, subject) == ("main", "Add a test")
    assert "\nmain and topic have 2 merge bases, which are merged first\n" in both.run("diff", "main..topic").out


def test_what_lies_behind_is_the_way_back_and_that_is_said(tmp_path: Path) -> None:
    both = diverge(tmp_path, COMMON | {"tests/test_late.py": LATE}, without(COMMON, "acme/factory.py"))
    report = both.run("diff", "main..fork", "--output-format", "json").report
    assert (report["head"]["merged"], report["notes"]) == (False, ["main holds all of fork: judged is the way back"])
    for revisions in ("fork..main", "main..main", "main...fork"):
        assert both.run("diff", revisions, "--output-format", "json").report["notes"] == []


def test_a_merge_of_many_branches_at_once(tmp_path: Path) -> None:
    """An octopus on either side: what the branches before it took away is missed by a test that another one brings."""
    repository = create(tmp_path / "repository")
    repository.commit(COMMON, "Begin")
    branches = {"one": COMMON | {"one.md": ""}, "two": without(COMMON, "acme/factory.py"), "three": COMMON | {"three.md": ""}}
    for name, files in branches.items():
        repository.git("checkout", "-q", "main")
        repository.commit(files, f"Branch {name}", branch=name)
    repository.git("checkout", "-q", "-b", "octopus", "one")
    repository.git("merge", "-q", "--no-edit", "two", "three")
    assert len(repository.git("rev-list", "--parents", "-1", "HEAD").split()) == 4
    repository.git("checkout", "-q", "main")
    repository.commit(COMMON | {"tests/test_late.py": LATE}, "Add a test")
    both = Diverged(repository, tmp_path / "cache")
    for revisions, namer in (("main..octopus", "main"), ("octopus..main", "main")):
        report = both.run("diff", revisions, "--output-format", "json").report
        assert [test["verdict"] for test in report["tests"]] == ["collection-error"]
        ((_, revision, subject, *_),) = both.meetings(revisions)
        assert (revision, subject) == (namer, "Add a test")


def test_unrelated_histories_are_compared_end_to_end_and_that_is_said(tmp_path: Path) -> None:
    repository = create(tmp_path / "repository")
    repository.commit(COMMON | {"tests/test_late.py": LATE}, "Begin")
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit(without(COMMON, "acme/factory.py") | {"tests/test_late.py": LATE}, "Anew")
    both = Diverged(repository, tmp_path / "cache")
    said = both.run("diff", "main..other", "--output-format", "json")
    assert said.verdicts == {"tests/test_late.py": "collection-error"}
    assert said.report["notes"] == ["main and other have no commit in common: the two ends are compared"]
