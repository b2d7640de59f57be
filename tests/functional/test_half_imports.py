"""What a package that fails half-way leaves for the tests that come after: at risk, never silence, where a test alone would fail."""

from __future__ import annotations

from pathlib import Path

from impact.analysis import analyze
from impact.cache import open_cache
from impact.git import open_repository
from impact.progress import silent
from impact.report import Verdict
from impact.revisions.ranges import parse_range
from impact.settings import Settings
from support.repositories import draw

USER = "from acme.b import kept\n\ndef test_it():\n    assert kept() == 1\n"
BASE = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "acme/__init__.py": "from acme.b import kept\nimport acme.a\n",
    "acme/a.py": "",
    "acme/b.py": "def kept():\n    return 1\n",
}
GONE = "ModuleNotFoundError: No module named 'acme.a'"


def _verdicts(place: Path, tests: dict[str, str]) -> dict[str, tuple[Verdict, str | None]]:
    base = {**BASE, **tests}
    repository = open_repository(draw(place, base=base, head={path: text for path, text in base.items() if path != "acme/a.py"}).path)
    with open_cache(enabled=False) as nothing:
        report = analyze(repository, repository.resolve(parse_range("base..head"), None), Settings(), nothing, silent)
    return {test.path: (test.verdict, test.exception) for test in report.tests}


def test_the_first_test_fails_and_those_after_it_are_at_risk(tmp_path: Path) -> None:
    assert _verdicts(tmp_path, {"tests/test_one.py": USER, "tests/test_two.py": USER, "tests/unit/test_three.py": USER}) == {
        "tests/test_one.py": (Verdict.COLLECTION_ERROR, GONE),
        "tests/test_two.py": (Verdict.AT_RISK, GONE),
        "tests/unit/test_three.py": (Verdict.AT_RISK, GONE),
    }


def test_who_asks_for_the_package_itself_fails_wherever_it_stands(tmp_path: Path) -> None:
    assert _verdicts(tmp_path, {"tests/test_one.py": USER, "tests/test_two.py": "import acme.b\n\ndef test_it():\n    pass\n"}) == {
        "tests/test_one.py": (Verdict.COLLECTION_ERROR, GONE),
        "tests/test_two.py": (Verdict.COLLECTION_ERROR, GONE),
    }


def test_what_a_conftest_leaves_is_there_for_every_test_below_it(tmp_path: Path) -> None:
    guarded = "try:\n    import acme\nexcept ImportError:\n    acme = None\n"
    assert _verdicts(tmp_path, {"tests/conftest.py": guarded, "tests/test_one.py": USER, "tests/test_two.py": USER}) == {
        "tests/test_one.py": (Verdict.SILENCED, GONE),
        "tests/test_two.py": (Verdict.SILENCED, GONE),
    }


def test_a_function_that_asks_for_what_was_left_is_at_risk(tmp_path: Path) -> None:
    late = "def test_it():\n    from acme.b import kept\n    assert kept() == 1\n"
    assert _verdicts(tmp_path, {"tests/test_one.py": USER, "tests/test_two.py": late}) == {
        "tests/test_one.py": (Verdict.COLLECTION_ERROR, GONE),
        "tests/test_two.py": (Verdict.AT_RISK, GONE),
    }
