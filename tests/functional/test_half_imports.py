"""What a package that fails half-way leaves for the tests that come after: at risk, never silence, where a test alone would fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from impact.analysis import analyze
from impact.cache import open_cache
from impact.git import open_repository
from impact.progress import silent
from impact.report import Verdict
from impact.revisions.ranges import parse_range
from impact.settings import Settings
from support.repositories import draw
from support.truth import ask

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


@pytest.mark.parametrize(
    ("asking", "verdict"),
    [
        ("from acme.sub.c import K", Verdict.AT_RISK),
        ("importlib.import_module('acme.sub.c')", Verdict.AT_RISK),
        ("pkgutil.resolve_name('acme.sub.c:K')", Verdict.AT_RISK),
        ("pytest.importorskip('acme.sub.c')", Verdict.AT_RISK),
        ("__import__('acme.sub.c')", Verdict.AT_RISK),
        ("pkgutil.resolve_name('acme.sub.c.K')", Verdict.RUNTIME_ERROR),
        ("import acme.sub.c as c", Verdict.RUNTIME_ERROR),
        ("from acme.sub import c", Verdict.RUNTIME_ERROR),
    ],
)
def test_what_needs_the_package_that_failed_and_what_does_not(tmp_path: Path, asking: str, verdict: Verdict) -> None:
    base = {
        "pytest.ini": "[pytest]\npythonpath = .\n",
        "acme/__init__.py": "",
        "acme/sub/__init__.py": "from acme.sub.c import gone\n",
        "acme/sub/c.py": "gone = 1\nK = 1\n",
        "tests/test_one.py": f"import importlib\nimport pkgutil\nimport pytest\n\ndef test_it():\n    {asking}\n",
        "tests/test_two.py": "import acme.sub\n\ndef test_it():\n    pass\n",
    }
    drawn = draw(tmp_path / "repository", base=base, head=base | {"acme/sub/c.py": "K = 1\n"})
    repository = open_repository(drawn.path)
    with open_cache(enabled=False) as nothing:
        report = analyze(repository, repository.resolve(parse_range("base..head"), None), Settings(), nothing, silent)
    assert {test.path: test.verdict for test in report.tests} == {"tests/test_one.py": verdict, "tests/test_two.py": Verdict.COLLECTION_ERROR}
    # In a session the module is there; a test that would fail alone and passes now is never said to fail.
    passed = ask(drawn.export("head", tmp_path / "head")).files["tests/test_one.py"].passed
    assert bool(passed) is (verdict is Verdict.AT_RISK)
