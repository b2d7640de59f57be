"""Which commit took a thing away, as `impact diff` tells it, on real repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from impact.analysis import analyze
from impact.cache import open_cache
from impact.git import open_repository
from impact.progress import silent
from impact.render import FORMATS, Style
from impact.revisions.ranges import parse_range
from impact.settings import Settings
from support.repositories import create

if TYPE_CHECKING:
    from pathlib import Path

    from support.repositories import Repository

TESTS = {"tests/test_a.py": "from acme.orders import total\n", "tests/test_b.py": "import acme.money\n"}
START = {"acme/__init__.py": "", "acme/orders.py": "import os\n\n\ndef total():\n    return 1\n", "acme/money.py": "RATE = 2\n", **TESTS}
WITHOUT_TOTAL = START | {"acme/orders.py": "import os\n"}
WITHOUT_MONEY = {path: source for path, source in START.items() if path != "acme/money.py"}


def _report(repository: Repository, revisions: str) -> dict[str, Any]:
    with open_cache(enabled=False) as cache:
        opened = open_repository(repository.path)
        return analyze(opened, opened.resolve(parse_range(revisions)), Settings(), cache, silent).to_dict()


def _evidence(report: dict[str, Any], old: str, kind: str) -> list[dict[str, Any]]:
    return [one for change in report["changes"] if change["old"] == old for one in change["evidence"] if one["kind"] == kind]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = create(tmp_path / "repository")
    repository.commit(START, "Start")
    return repository


def test_a_symbol_that_went_in_the_middle_of_a_range(repository: Repository) -> None:
    start = repository.commit_id("HEAD")
    before = repository.commit(START | {"README": "1"}, "Before")
    gone = repository.commit(WITHOUT_TOTAL, "Drop total (#12)")
    repository.commit(WITHOUT_TOTAL | {"README": "2"}, "After")
    report = _report(repository, f"{start}..HEAD")
    assert _evidence(report, "acme.orders:total", "commit") == [
        {
            "kind": "commit",
            "detail": f"deleted in {gone[:10]}, 2025-09-14, by A. Author: Drop total (#12)",
            "commit": gone,
            "date": "2025-09-14T09:02:00+00:00",
            "author": "A. Author",
            "subject": "Drop total (#12)",
            "number": "#12",
        }
    ]
    assert _evidence(report, "acme.orders:total", "last-seen") == [
        {"kind": "last-seen", "detail": f"last in {before[:10]}:acme/orders.py", "path": "acme/orders.py", "line": 4, "commit": before}
    ]


def test_what_went_and_came_back_counts_from_the_last_time(repository: Repository) -> None:
    start = repository.commit_id("HEAD")
    repository.commit(WITHOUT_MONEY, "Drop money")
    repository.commit(START, "Restore money")
    again = repository.commit(WITHOUT_MONEY, "Drop money for good")
    assert [one["commit"] for one in _evidence(_report(repository, f"{start}..HEAD"), "acme.money", "commit")] == [again]


def test_the_pull_request_is_that_of_the_merge(repository: Repository) -> None:
    start = repository.commit_id("HEAD")
    gone = repository.commit(WITHOUT_MONEY, "Drop money", branch="topic")
    repository.git("checkout", "--quiet", "main")
    repository.commit(START | {"README": "1"}, "Elsewhere")
    repository.merge("topic", "Merge pull request #7 from me/topic")
    (one,) = _evidence(_report(repository, f"{start}..HEAD"), "acme.money", "commit")
    assert (one["commit"], one["number"], one["subject"]) == (gone, "#7", "Drop money")
    assert one["detail"].endswith("by A. Author (#7): Drop money")


def test_the_merge_that_is_judged_is_no_commit(repository: Repository) -> None:
    gone = repository.commit(WITHOUT_MONEY, "Drop money", branch="topic")
    repository.git("checkout", "--quiet", "main")
    repository.commit(START | {"README": "1"}, "Elsewhere")
    report = _report(repository, "main..topic")
    assert report["head"]["merged"]
    assert [one["commit"] for one in _evidence(report, "acme.money", "commit")] == [gone]


def test_what_no_commit_holds_yet(repository: Repository) -> None:
    repository.write(WITHOUT_MONEY)
    report = _report(repository, "HEAD")
    assert [one["detail"] for one in _evidence(report, "acme.money", "uncommitted")] == ["gone in the working tree, in no commit yet"]
    assert _evidence(report, "acme.money", "commit") == []
    repository.git("add", "--all")
    staged = _report(repository, "HEAD..INDEX")
    assert [one["detail"] for one in _evidence(staged, "acme.money", "uncommitted")] == ["gone in the index, in no commit yet"]


def test_what_the_worktree_lacks_because_a_commit_took_it(repository: Repository) -> None:
    start = repository.commit_id("HEAD")
    gone = repository.commit(WITHOUT_MONEY, "Drop money")
    repository.write(WITHOUT_MONEY | {"README": "1"})
    assert [one["commit"] for one in _evidence(_report(repository, start), "acme.money", "commit")] == [gone]


def test_a_reference_that_was_born_broken(repository: Repository) -> None:
    start = repository.commit_id("HEAD")
    repository.commit(START | {"README": "1"}, "Before")
    born = repository.commit(START | {"tests/test_c.py": "from acme.orders import refund\n"}, "Test refunds")
    report = _report(repository, f"{start}..HEAD")
    (one,) = _evidence(report, "acme.orders:refund", "commit")
    assert (one["commit"], one["detail"].partition(" ")[0]) == (born, "named")


def test_other_places_that_define_the_name(repository: Repository) -> None:
    old = START | {"acme/billing.py": "def total():\n    return 2\n", "lib/money.py": "", "tests/test_d.py": "from acme.billing import total\n"}
    start = repository.commit(old, "Two totals")
    repository.commit({path: source for path, source in old.items() if path != "acme/money.py"} | {"acme/orders.py": ""}, "Drop one")
    report = _report(repository, f"{start}..HEAD")
    assert [one["path"] for one in _evidence(report, "acme.orders:total", "defined-elsewhere")] == ["acme/billing.py"]
    assert [one["path"] for one in _evidence(report, "acme.money", "defined-elsewhere")] == ["lib/money.py"]


def test_a_change_back_in_time_has_no_commit(repository: Repository) -> None:
    start = repository.commit_id("HEAD")
    repository.commit(START | {"acme/more.py": "", "tests/test_m.py": "import acme.more\n"}, "More")
    report = _report(repository, f"HEAD..{start}")
    assert all(one["kind"] != "commit" for change in report["changes"] for one in change["evidence"])


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_what_a_commit_says_is_inert(repository: Repository, name: str) -> None:
    start = repository.commit_id("HEAD")
    repository.write(WITHOUT_MONEY)
    repository.git("add", "--all")
    author = {"GIT_AUTHOR_NAME": "\x1b[31m@octocat <b>`x`"}
    repository.git("commit", "--quiet", "-m", "![x](https://evil.example) </details> \x1b]8;;x\x07 `` ` {{ 7 * 7 }} @octocat", environment=author)
    document: Any = _report(repository, f"{start}..HEAD")
    text = FORMATS[name](document, Style())
    assert all(character.isprintable() or character == "\n" for character in text)
    if name == "markdown":
        line = next(line for line in text.splitlines() if "evil.example" in line)
        assert line.startswith("- ``` deleted in ")
        assert line.endswith(" ```")
