"""That the story is true: pytest itself says what is broken in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from demo.story import COLLECTION_ERRORS, RUNTIME_ERRORS, SILENCED, tell
from impact.report import Verdict
from support.commands import impact_command
from support.truth import ask

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_main_is_green(tmp_path: Path) -> None:
    truth = ask(tell(tmp_path / "story").export("main", tmp_path / "tree"))
    assert truth.broken == ()
    assert all(outcome.passed and not outcome.skipped for outcome in truth.files.values())


def test_pytest_agrees_about_what_the_clean_up_breaks(tmp_path: Path) -> None:
    truth = ask(tell(tmp_path / "story").export("cleanup", tmp_path / "tree"))
    assert truth.collection_errors == COLLECTION_ERRORS
    assert {path: tuple(sorted(outcome.failed)) for path, outcome in truth.files.items() if outcome.failed} == RUNTIME_ERRORS
    assert tuple(path for path, outcome in truth.files.items() if outcome.skipped) == SILENCED


def test_no_production_module_is_broken(tmp_path: Path) -> None:
    repository = tell(tmp_path / "story")
    tree = repository.export("cleanup", tmp_path / "tree")
    names = [path.relative_to(tree).with_suffix("").as_posix().replace("/", ".") for path in sorted((tree / "acme").rglob("*.py"))]
    (tree / "tests/unit/test_imports.py").write_text(
        "import importlib\nimport pytest\n"
        f"""
@pytest.mark.parametrize("name", {names!r})
def test_import(name):
    importlib.import_module(name)
"""
    )
    assert len(ask(tree).files["tests/unit/test_imports.py"].passed) == len(names)


def test_the_story_is_the_same_every_time(tmp_path: Path) -> None:
    assert tell(tmp_path / "one").commit_id("cleanup") == tell(tmp_path / "two").commit_id("cleanup")


def test_impact_tells_the_same_and_nothing_else(tmp_path: Path) -> None:
    said = impact_command("diff", "main..cleanup", "--output-format", "json", at=tell(tmp_path / "story").path, cache=tmp_path / "cache")
    document = json.loads(said.out)
    told: dict[str, dict[str, list[str]]] = {verdict.value: {} for verdict in Verdict}
    for test in document["tests"]:
        told[test["verdict"]][test["path"]] = test["node_ids"]
    assert sorted(told["collection-error"]) == sorted(COLLECTION_ERRORS)
    assert sorted(told["runtime-error"]) == sorted(RUNTIME_ERRORS)
    assert tuple(told["silenced"]) == SILENCED
    assert not told["at-risk"]
    # Each line that breaks is one that a test comes by: what is skipped with its module never runs.
    assert {one["id"] for one in document["breaks"]} == {one for test in document["tests"] for one in test["breaks"]}
