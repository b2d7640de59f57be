"""The break model: what is predicted for each row, and what pytest does, are both what the row says."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from break_model.rows import Fate, Row, function_of, said
from break_model.table import PENDING, ROWS
from impact.analysis import analyze
from impact.cache import open_cache
from impact.git import open_repository
from impact.progress import silent
from impact.report import Verdict
from impact.revisions.ranges import parse_range
from impact.settings import Settings
from support.repositories import draw
from support.truth import Outcome, Truth, ask


def test_every_row_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(row.id for row in ROWS).items() if count > 1] == []
    assert PENDING.keys() <= {row.id for row in ROWS}


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.id, marks=pytest.mark.xfail(strict=True, reason=PENDING[row.id]) if row.id in PENDING else ()) for row in ROWS]
)
def test_prediction(row: Row, tmp_path: Path) -> None:
    repository = open_repository(draw(tmp_path, base=row.before, head=row.after).path)
    with open_cache(enabled=False) as nothing:
        report = analyze(repository, repository.resolve(parse_range("base..head"), None), Settings(), nothing, silent)
    predicted = {(test.path, test.verdict): Fate(test.path, test.verdict, test.exception, frozenset(map(function_of, test.node_ids))) for test in report.tests}
    expected = {(fate.path, fate.verdict): fate for fate in row.fates}
    for key in [key for key, fate in expected.items() if fate.verdict in (Verdict.SILENCED, Verdict.AT_RISK) and not fate.nodes]:
        predicted.pop(key, None)  # on its fallback, or nobody can know: that word or none, both are right
        del expected[key]
    assert sorted(_shown(fate, fate) for fate in predicted.values()) == sorted(_shown(fate, predicted.get(key)) for key, fate in expected.items())
    assert {node: said(one.exception) for one in report.masked for node in one.node_ids or (one.path,)} == (row.masked or {})


def _shown(fate: Fate, predicted: Fate | None) -> tuple[str, str, str, list[str]]:
    """Return a fate as plain values. Where it leaves the exception open, the one that was predicted is as good as any."""
    exception = fate.exception or (predicted.exception if predicted else None) or ""
    return fate.path, fate.verdict.value, "" if fate.verdict is Verdict.SILENCED else said(exception), sorted(fate.nodes - {fate.path})


@pytest.mark.slow
@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_truth(row: Row) -> None:
    before, after = _truth(tuple(row.before.items()), row.asked), _truth(tuple(row.after.items()), row.asked)
    expected = {(fate.path, fate.verdict): fate for fate in row.fates}
    for path in sorted(before.files.keys() | after.files.keys()):
        old, new = before.files.get(path, Outcome()), after.files.get(path, Outcome())
        doubtful = expected.pop((path, Verdict.AT_RISK), None)
        early = doubtful if doubtful is not None and path in doubtful.nodes else None
        late = doubtful if doubtful is not None and doubtful.nodes and early is None else None
        _collection(row, path, old, new, expected.pop((path, Verdict.COLLECTION_ERROR), early))
        _runtime(old, new, expected.pop((path, Verdict.RUNTIME_ERROR), late))
        _masked(row, path, old, new)
        _silence(old, new, expected.pop((path, Verdict.SILENCED), None))
    # A file that pytest collects no more, or was told to pass over, is all that it may not know of.
    assert all(verdict in (Verdict.SILENCED, Verdict.AT_RISK) and path in row.after for path, verdict in expected), "pytest knows nothing of these files"


def _collection(row: Row, path: str, old: Outcome, new: Outcome, fate: Fate | None) -> None:
    """Hold the collection of a file against its fate. One that failed at base has none: it is masked, or broken for no new reason."""
    error, masked = new.collection_error, (row.masked or {}).get(path)
    if masked is not None:
        assert old.collection_error is not None
        assert (said(old.collection_error), error is not None) == (masked, True)
    if old.collection_error is None and error is not None:
        assert fate is not None, error
        assert said(error) == said(fate.exception or "")
    else:
        assert fate is None, f"before: {old}, after: {new}"


def _runtime(old: Outcome, new: Outcome, fate: Fate | None) -> None:
    failed = {node: line for node, line in new.failed.items() if node not in old.failed}
    assert {function_of(node) for node in failed} == (fate.nodes if fate else set()), failed
    if fate is not None and fate.exception is not None:
        assert {said(line) for line in failed.values()} == {said(fate.exception)}


def _masked(row: Row, path: str, old: Outcome, new: Outcome) -> None:
    """Hold what is said of tests that failed before for another reason against what pytest says of them at both ends."""
    for node, line in (row.masked or {}).items():
        if node.startswith(f"{path}::"):
            assert (said(old.failed[node]), node in new.failed) == (line, True)


def _silence(old: Outcome, new: Outcome, fate: Fate | None) -> None:
    """Whatever is newly skipped must be named; a test that is named and no longer there was not collected."""
    skipped = {function_of(node) for node in new.skipped - old.skipped}
    passed = {function_of(node) for node in new.passed}
    named = fate.nodes if fate else frozenset()
    assert skipped <= named, skipped
    assert not named & passed


@cache
def _truth(tree: tuple[tuple[str, str], ...], asked: tuple[str, ...] = ()) -> Truth:
    """Ask pytest about a tree. Many rows start from the same one."""
    with TemporaryDirectory(prefix="break-model-") as directory:
        place = Path(directory, "tree")
        for name, source in tree:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(source.encode())
        return ask(place, *asked)
