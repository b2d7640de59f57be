"""The benchmark's parts: a generated repository is deterministic and true, an export survives missing blobs, a table shows what ran."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from bench.__main__ import AGAIN, COLD, GRIMP, RUFF, WARM, Results, table
from bench.duels import Duel, Outcome, find_duels
from bench.export import export
from bench.generate import generate
from bench.measure import Run, Spread, run
from bench.moves import find_moves
from bench.sample import Judged, find_commits, judge, summary
from impact.git import open_repository
from support.repositories import draw
from support.truth import ask

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_repository_every_time(tmp_path: Path) -> None:
    one, two = generate(tmp_path / "one", modules=200), generate(tmp_path / "two", modules=200)
    assert one.commit_id("head") == two.commit_id("head")
    assert len(one.git("ls-tree", "-r", "--name-only", "base", "acme", "tests").splitlines()) > 200


def test_the_change_deletes_moves_and_drops(tmp_path: Path) -> None:
    repository = generate(tmp_path / "one", modules=300)
    kinds = [line.split("\t")[0] for line in repository.git("diff", "-M", "--name-status", "base", "head").splitlines()]
    assert sorted(kinds) == ["D", "M", "R100"]


@pytest.mark.slow
def test_pytest_collects_the_base_and_not_all_of_the_head(tmp_path: Path) -> None:
    repository = generate(tmp_path / "one", modules=300)
    assert ask(repository.export("base", tmp_path / "base"), "--collect-only").broken == ()
    assert ask(repository.export("head", tmp_path / "head"), "--collect-only").collection_errors


def test_an_export_holds_the_python_files(tmp_path: Path) -> None:
    repository = draw(tmp_path, base={}, head={"a/é.py": b"x = 1\r\n", "b.txt": "", "c d.py": ""})
    tree = export(repository.path, "head", tmp_path / "tree")
    assert (tree.files, tree.size, tree.missing) == (2, 7, 0)
    assert (tmp_path / "tree/a/é.py").read_bytes() == b"x = 1\r\n"


def test_a_missing_blob_is_left_out(tmp_path: Path) -> None:
    repository = draw(tmp_path, base={}, head={"a.py": "x = 1\n", "b.py": "y = 2\n"})
    blob = repository.git("rev-parse", "head:a.py")
    (repository.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    tree = export(repository.path, "head", tmp_path / "tree")
    assert (tree.files, tree.missing) == (1, 1)


def test_a_run_is_measured_with_its_children(tmp_path: Path) -> None:
    child = "x = bytearray(200_000_000)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); sys.stderr.write('said'); sys.exit(3)"
    done = run([sys.executable, "-c", code], cwd=tmp_path, environment=os.environ)
    assert done.code == 3
    assert done.said == "said"
    assert done.megabytes > 190
    assert 0 < done.seconds < 60


def test_a_run_is_given_its_input(tmp_path: Path) -> None:
    done = run([sys.executable, "-c", "import sys; sys.stderr.write(sys.stdin.read())"], cwd=tmp_path, environment=os.environ, stdin="one\ntwo\n")
    assert done.said == "one\ntwo\n"


def test_the_other_branch_diverged_and_meets_the_head(tmp_path: Path) -> None:
    repository = generate(tmp_path / "one", modules=300)
    assert repository.git("merge-base", "other", "head") == repository.commit_id("base")
    push, merge = find_duels(repository.path, "base..head", "other..head")
    assert push.stdin == f"refs/heads/pushed {repository.commit_id('head')} refs/heads/pushed {repository.commit_id('base')}\n"
    assert merge.other[-1] == "--no-merge"
    assert list(find_duels(repository.path, "HEAD~1", None)) == []


def test_a_ratio_that_is_too_high_says_so() -> None:
    outcome = Outcome(Duel("one", (), "the other", (), 1.1), Spread(1.2, 1, 2), Spread(1, 1, 1), Spread(1.2, 1, 2))
    assert " ".join(str(outcome).split()) == "one 1.20 (1.00 .. 2.00) 1.20 (1.00 .. 2.00) x the other MORE THAN 1.1"


def test_a_table_shows_ratios_within_a_round_and_why_one_is_absent() -> None:
    results = Results(
        runs={
            RUFF: [Run(1.0, 50, 0, ""), Run(2.0, 60, 0, "")],
            COLD: [Run(2.0, 100, 1, ""), Run(2.0, 90, 1, "")],
            WARM: [Run(0.5, 80, 1, ""), Run(0.5, 80, 1, "")],
            AGAIN: [Run(0.4, 70, 1, ""), Run(0.4, 70, 1, "")],
        },
        absent={GRIMP: "exit code 1: SyntaxError"},
    )
    assert [" ".join(line.split()) for line in table(results).splitlines()] == [
        "seconds x ruff peak MB",
        "ruff analyze graph 1.50 (1.00 .. 2.00) 1.00 (1.00 .. 1.00) 60",
        "impact diff, cold 2.00 (2.00 .. 2.00) 1.50 (1.00 .. 2.00) 100",
        "impact diff, warm 0.50 (0.50 .. 0.50) 0.38 (0.25 .. 0.50) 80",
        "impact diff, again 0.40 (0.40 .. 0.40) 0.30 (0.20 .. 0.40) 70",
        "grimp.build_graph n/a: exit code 1: SyntaxError",
    ]


def test_moves_are_held_against_what_the_author_wrote(tmp_path: Path) -> None:
    body = "def {}(orders):\n    found = [order * 2 for order in orders if order and order.open]\n    return sorted(found, key=lambda number: -number)\n"
    test = "from acme.a import one\nfrom acme.a import two\nfrom acme.a import three\n"
    base = {"acme/__init__.py": "", "acme/a.py": body.format("one") + "def two():\n    pass\ndef three():\n    pass\n", "tests/test_x.py": test}
    rewritten = "from acme.b import one\nfrom os import two\nfrom acme.a import three\n"
    head = {"acme/__init__.py": "", "acme/a.py": "def three():\n    pass\n", "acme/b.py": body.format("one"), "tests/test_x.py": rewritten}
    found = list(find_moves(open_repository(draw(tmp_path, base=base, head=head).path), "head"))
    assert [(one.old, one.new, one.predicted, one.certainty, one.right) for one in found] == [
        ("acme.a:one", "acme.b:one", "acme.b:one", "certain", True),
        ("acme.a:two", "os:two", None, None, False),
    ]


def test_a_sample_is_spread_over_the_commits_that_change_python(tmp_path: Path) -> None:
    repository = draw(tmp_path, base={"a.py": "x = 0\n"}, head={"a.py": "x = 1\n", "b.py": ""})
    repository.git("checkout", "-q", "head")
    for number in range(6):
        (repository.path / ("notes.txt" if number % 3 == 2 else "a.py")).write_text(f"x = {number + 2}\n")
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", f"{number}")
    found = find_commits(repository.path, "head", 2)
    assert [repository.git("log", "-1", "--format=%s", one).strip() for one in found] == ["4", "1"]
    assert repository.commit_id("base") not in find_commits(repository.path, "head", 50)  # it has no parent to be held against


def test_a_sampled_commit_is_judged_cold_and_warm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"])))  # noqa: PTH120
    test = {"test_a.py": "from a import x\n\ndef test(): pass\n"}
    repository = draw(tmp_path / "one", base={"a.py": "x = 0\n", **test}, head={"a.py": "", **test})
    tree = export(repository.path, "head", tmp_path / "tree")
    (one, other) = judge(repository.path, tree.path, [repository.commit_id("head"), "0" * 40], tmp_path / "scratch")
    assert isinstance(one, Judged)
    assert one.files == 1
    assert isinstance(other, str)
    assert "exit code 2" in other


def test_a_summary_counts_what_keeps_within_the_limits() -> None:
    lines = summary([Judged("a", 1, 1.0, 0.4), Judged("b", 1, 2.0, 0.6), Judged("c", 1, 3.0, 0.5)]).splitlines()
    assert [line.partition("ruff, ")[2] for line in lines] == ["2 of 3 within 2.0", "2 of 3 within 0.5"]
