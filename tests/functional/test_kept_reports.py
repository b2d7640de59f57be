"""The report of a range that was judged before: the same to the byte, and kept only where nothing could have changed it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from impact.cli.check import KIND as CHECKED
from impact.cli.judging import KIND
from support.commands import impact_command
from support.repositories import draw

if TYPE_CHECKING:
    from pathlib import Path

BASE = {"acme/__init__.py": "", "acme/a.py": "def gone():\n    return 1\n", "tests/test_x.py": "from acme.a import gone\n\ndef test_one():\n    gone()\n"}
HEAD = {**BASE, "acme/a.py": ""}


def _kept(cache: Path, kind: str = KIND) -> int:
    total = 0
    for file in cache.glob("*.sqlite"):
        with closing(sqlite3.connect(file)) as connection:
            total += connection.execute("SELECT COUNT(*) FROM kept WHERE kind = ?", (kind,)).fetchone()[0]
    return total


def test_the_second_time_it_is_the_same(tmp_path: Path) -> None:
    repository, cache = draw(tmp_path, base=BASE, head=HEAD).path, tmp_path / "cache"
    for output_format in ("json", "text", "markdown", "html"):
        runs = [impact_command("diff", "base..head", "--output-format", output_format, *more, at=repository, cache=cache) for more in (("--no-cache",), (), ())]
        assert [run.code for run in runs] == [1, 1, 1]
        assert runs[0].out == runs[1].out == runs[2].out
    assert _kept(cache) == 1


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (("base..head",), 1),
        (("base..head", "--affected"), 1),
        (("base...head",), 1),
        (("base..head", "--no-cache"), 0),
        (("base",), 0),
        (("HEAD", "--staged"), 0),
    ],
)
def test_what_is_kept(tmp_path: Path, arguments: tuple[str, ...], kept: int) -> None:
    repository, cache = draw(tmp_path, base=BASE, head=HEAD).path, tmp_path / "cache"
    impact_command("diff", *arguments, at=repository, cache=cache)
    assert _kept(cache) == kept


def test_another_question_is_another_report(tmp_path: Path) -> None:
    repository, cache = draw(tmp_path, base=BASE, head=HEAD), tmp_path / "cache"
    one = impact_command("diff", "base..head", "--output-format", "json", at=repository.path, cache=cache)
    repository.git("branch", "elsewhere", "head")
    for arguments, environment in (
        (("base..head", "--affected"), {}),
        (("base..elsewhere",), {}),
        (("base..head",), {"IMPACT_EXCLUDE": "tests"}),
    ):
        run = impact_command("diff", *arguments, "--output-format", "json", at=repository.path, cache=cache, environment=environment)
        fresh = impact_command("diff", *arguments, "--output-format", "json", "--no-cache", at=repository.path, cache=cache, environment=environment)
        assert run.out == fresh.out
        assert arguments == ("base..head", "--affected") or run.out != one.out


def test_what_lacked_a_blob_is_judged_again(tmp_path: Path) -> None:
    repository, cache = draw(tmp_path, base={**BASE, "acme/b.py": "y = 2\n"}, head={**HEAD, "acme/b.py": "y = 3\n"}), tmp_path / "cache"
    blob = repository.git("rev-parse", "head:acme/b.py")
    (repository.path / ".git/objects" / blob[:2] / blob[2:]).rename(tmp_path / "aside")
    impact_command("diff", "base..head", at=repository.path, cache=cache)
    assert _kept(cache) == 0


def test_a_damaged_report_is_made_anew(tmp_path: Path) -> None:
    repository, cache = draw(tmp_path, base=BASE, head=HEAD).path, tmp_path / "cache"
    one = impact_command("diff", "base..head", at=repository, cache=cache)
    for file in cache.glob("*.sqlite"):
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE kept SET text = '{' WHERE kind = ?", (KIND,))
    assert impact_command("diff", "base..head", at=repository, cache=cache).out == one.out


def test_what_is_missing_in_the_same_files_is_looked_for_once(tmp_path: Path) -> None:
    repository, cache = draw(tmp_path, base=BASE, head=HEAD), tmp_path / "cache"
    for output_format in ("json", "text", "markdown"):
        runs = [impact_command("check", "head", "--output-format", output_format, *more, at=repository.path, cache=cache) for more in (("--no-cache",), (), ())]
        assert [run.code for run in runs] == [1, 1, 1]
        assert runs[0].out == runs[1].out == runs[2].out
    assert _kept(cache, CHECKED) == 1
    (repository.path / "tests/test_y.py").write_text("import acme.nowhere\n")
    changed = [impact_command("check", *more, at=repository.path, cache=cache).out for more in ((), (), ("--no-cache",))]
    assert "acme.nowhere" in changed[0]
    assert changed[0] == changed[1] == changed[2]
    assert _kept(cache, CHECKED) == 2
