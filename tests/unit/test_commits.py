from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.commits import Question, brought_by, find_turns, pull_request, subject_of
from impact.names import CommitId, RepoPath
from support.commits import DrawnHistory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from impact.names import BlobId

PATH = RepoPath("a.py")
HERE = {"a.py": "x = 1\n"}
NONE = {"b.py": ""}

Drawing = dict[str, tuple["Sequence[str]", "Mapping[str, str]"]]


def _holds(blobs: Mapping[RepoPath, BlobId]) -> bool:
    return PATH in blobs


QUESTION = Question(frozenset({PATH}), _holds)


@pytest.mark.parametrize(
    ("drawing", "turn"),
    [
        ({"1": ([], HERE), "2": (["1"], NONE), "3": (["2"], NONE)}, "2"),
        ({"1": ([], HERE), "2": (["1"], NONE), "3": (["2"], HERE), "4": (["3"], NONE)}, "4"),
        # It went on a side branch: the merge only brought that.
        ({"1": ([], HERE), "2": (["1"], NONE), "3": (["1"], HERE), "4": (["3", "2"], NONE)}, "2"),
        # Both sides had it, the merge itself took it away.
        ({"1": ([], HERE), "2": (["1"], HERE), "3": (["1"], HERE), "4": (["3", "2"], NONE)}, "4"),
        # It never was there, it is there, it was never taken away: nothing turned.
        ({"1": ([], NONE), "2": (["1"], NONE)}, None),
        ({"1": ([], HERE), "2": (["1"], HERE)}, None),
        ({"1": ([], NONE)}, None),
        ({}, None),
    ],
)
def test_the_commit_that_turned_an_answer(drawing: Drawing, turn: str | None) -> None:
    found = find_turns(DrawnHistory(drawing), {"question": QUESTION})
    assert found.get("question", (None,))[0] == turn


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=25))
def test_a_turn_is_a_commit_that_lacks_what_all_its_parents_have(steps: list[tuple[bool, int, int]]) -> None:
    drawing: Drawing = {}
    for number, (held, one, other) in enumerate(steps):
        parents = sorted({str(max(0, number - 1 - back)) for back in (one, other)}) if number else []
        drawing[str(number)] = (parents, HERE if held else NONE)
    history = DrawnHistory(drawing)
    found = find_turns(history, {"question": QUESTION})
    if "question" in found:
        turn, parent = found["question"]
        assert PATH not in history.files(turn)
        assert all(PATH in history.files(one) for one in history.parents(turn))
        assert parent == history.parents(turn)[0]
    else:
        assert PATH in history.files(history.tips[0]) or not any(PATH in history.files(one) for one in history.order) or len(steps) > 1


def test_the_merge_that_brought_a_commit() -> None:
    history = DrawnHistory(
        {"1": ([], {}), "2": (["1"], {}), "3": (["2"], {}), "4": (["1"], {}), "5": (["4", "3"], {}), "6": (["5"], {})},
    )
    assert brought_by(history, map(CommitId, "23456")) == {"2": "5", "3": "5"}


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("Drop it (#12)", "#12"),
        ("Drop it (#12) \n\nLong story", "#12"),
        ("Merge pull request #7 from me/topic\n\nDrop it", "#7"),
        ("Merged in topic (pull request #9)", "#9"),
        ("Merge branch 'topic'\n\nSee merge request group/sub/project!45\n", "!45"),
        ("fix: Issue #1248 Tier 1", None),
        ("Revert (#3) and more", None),
        ("Drop it\n\nSee merge request group/project!45", None),
        ("", None),
    ],
)
def test_the_pull_request_of_a_message(message: str, number: str | None) -> None:
    assert pull_request(message) == number


@given(st.text())
def test_a_subject_is_one_line(message: str) -> None:
    subject = subject_of(message)
    assert len(subject) <= 300
    assert subject == " ".join(subject.split())
