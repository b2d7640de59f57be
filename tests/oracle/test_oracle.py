"""Prediction against fact: on random small projects and changes, impact says of every test what pytest does.

A file that is at risk may go either way; everything else must be as it was said, with the very exception.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from break_model.rows import function_of, said
from impact.analysis import analyze
from impact.cache import open_cache
from impact.git import open_repository
from impact.progress import silent
from impact.report import Report, Verdict
from impact.revisions.ranges import parse_range
from impact.settings import Settings
from oracle.edits import changed
from oracle.projects import projects
from support.repositories import draw as draw_repository
from support.truth import Outcome, Truth, ask

# `make test-oracle` asks for more of them, and for others.
EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "20"))
SEED = int(os.environ.get("ORACLE_SEED", "0"))


@pytest.mark.slow
@seed(SEED)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(st.data())
def test_prediction_is_what_pytest_does(data: st.DataObject) -> None:
    project = data.draw(projects())
    base = project.tree()
    head = data.draw(changed(project)).tree()
    for path in sorted(base.keys() | head.keys()):
        if base.get(path) != head.get(path):
            note(f"--- {path}\n{base.get(path)}\n+++\n{head.get(path)}")
        elif base[path]:
            note(f"=== {path}\n{base[path]}")
    with TemporaryDirectory(prefix="oracle-") as directory:
        report = _predict(Path(directory), base, head)
        before, after = (_truth(Path(directory, name), tree) for name, tree in (("before", base), ("after", head)))
    assert disagreements(report, before, after, head) == []


def disagreements(report: Report, before: Truth, after: Truth, head: Mapping[str, str]) -> list[str]:
    """Return what was predicted and did not come, and what came and was not predicted, a line each. `head` are the sources after the change."""
    verdicts = {(test.path, test.verdict): test for test in report.tests}
    risky = {test.path for test in report.tests if test.verdict is Verdict.AT_RISK}
    silenced = {test.path: set(map(function_of, test.node_ids)) or {test.path} for test in report.tests if test.verdict is Verdict.SILENCED}
    # A file may have moved, with the marks that it had and what failed in it.
    marked = {_tail(node) for outcome in before.files.values() for node in outcome.skipped}
    failing = {(_tail(node), line) for outcome in before.files.values() for node, line in outcome.failed.items()}
    found: list[str] = []
    for path in sorted(before.files.keys() | after.files.keys()):
        old, new = before.files.get(path, Outcome()), after.files.get(path, Outcome())
        if (old.collection_error or "").startswith("RecursionError"):
            continue  # modules drawn to have a name from each other: no project that anybody had
        told = verdicts.get((path, Verdict.COLLECTION_ERROR))
        came = new.collection_error if old.collection_error is None else None
        if (told is None) != (came is None) and path not in risky:
            found.append(f"{path}: collection: predicted {told and told.exception}, came {came}")
        elif told is not None and came is not None and _line(told.exception) != _line(came):
            found.append(f"{path}: text: predicted {told.exception}, came {came}")
        late = verdicts.get((path, Verdict.RUNTIME_ERROR))
        expected = {function_of(node) for node in late.node_ids} if late is not None else set()
        failed = {function_of(node): line for node, line in new.failed.items() if node not in old.failed and old.collection_error is None}
        missed = {node for node in failed.keys() - expected if (_tail(node), failed[node]) not in failing} if path not in risky else set()
        # A cycle that is entered only as a test runs is not played: docs/limits.md says so.
        missed = {node for node in missed if not failed[node].partition(" (/")[0].endswith("(most likely due to a circular import)")}
        missed = {node for node in missed if not _is_left_unbound(failed[node], head)}
        found += [f"{path}: missed: {node}: {failed[node]}" for node in sorted(missed)]
        found += [f"{path}: false: {node}: {late and late.exception}" for node in sorted(expected - failed.keys())]
        if late is not None and len(expected) == 1 and expected == failed.keys() and _line(late.exception) != _line(*failed.values()):
            found.append(f"{path}: text: predicted {late.exception}, came {failed}")
        skipped = {function_of(node) for node in new.skipped if _tail(node) not in marked} if old.collection_error is None else set()
        found += [f"{path}: not told: skipped {node}" for node in sorted(skipped - silenced.get(path, set()))]
        there = {function_of(node) for node in (*new.passed, *new.failed, *new.skipped, *new.xfailed)}
        known = {function_of(node) for node in (*old.passed, *old.failed, *old.skipped, *old.xfailed)}
        renamed = {node.rpartition("::")[2] for node in there - known}
        vanished = {function_of(node) for node in old.passed} - there if path in after.files and came is None and path not in new.skipped else set()
        vanished = {node for node in vanished if node.rpartition("::")[2] not in renamed}  # its class has another name, and is collected
        found += [f"{path}: not told: not collected: {node}" for node in sorted(vanished - silenced.get(path, set()))]
    return found


def _is_left_unbound(line: str, head: Mapping[str, str]) -> bool:
    """Tell whether a module still binds the name that it could not be asked for, behind a guard: a cycle that is met as a test runs leaves it unbound."""
    found = re.match(r"ImportError: cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'", line)
    found = found or re.match(r"AttributeError: (?:module '|'module' object at )(?P<module>[\w.]+)'? has no attribute '(?P<name>\w+)'", line)
    if found is None:
        return False
    stem = found["module"].replace(".", "/")
    texts = (head.get(f"{root}{stem}{ending}", "") for root in ("", "src/") for ending in (".py", "/__init__.py"))
    return any(re.search(rf"(?:suppress\(ImportError\)|try):\n    .*\b{found['name']}\b", text) for text in texts)


def _tail(node: str) -> str:
    """Return a node id from the name of its file on, without the class, which may have another name by now."""
    path, _, inside = node.partition("::")
    return f"{path.rpartition('/')[2]}::{inside.rpartition('::')[2]}"


def _line(exception: str | None) -> str:
    """Return an exception line without what a cycle of imports adds to it: from which side it is entered is played where the change makes a cycle."""
    return said(exception or "").replace("partially initialized module ", "").removesuffix(" (most likely due to a circular import)")


def _predict(place: Path, base: dict[str, str], head: dict[str, str]) -> Report:
    repository = open_repository(draw_repository(place, base=base, head=head).path)
    with open_cache(enabled=False) as nothing:
        return analyze(repository, repository.resolve(parse_range("base..head"), None), Settings(), nothing, silent)


def _truth(place: Path, tree: dict[str, str]) -> Truth:
    for name, source in tree.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(source.encode())
    return ask(place)
