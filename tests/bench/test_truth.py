"""What is predicted of a commit is held against what pytest says of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.truth import Case, find_cases, find_commits
from support.repositories import draw
from support.truth import Python


@pytest.mark.slow
def test_a_prediction_is_held_against_what_pytest_says_of_a_commit(tmp_path: Path) -> None:
    tests = {
        "tests/test_early.py": "from acme.a import gone\ndef test_a():\n    pass\n",
        "tests/test_late.py": "import acme.a\ndef test_a():\n    acme.a.gone()\ndef test_b():\n    acme.a.kept()\n",
        "tests/test_wrong.py": "import acme.a\ndef test_a():\n    assert acme.a.kept() == 1\n",
    }
    base = {"acme/__init__.py": "", "acme/a.py": "def gone():\n    pass\ndef kept():\n    return 1\n", **tests}
    head = {"acme/__init__.py": "", "acme/a.py": "def kept():\n    return 2\n", "tests/test_late.py": "def test_a():\n    pass\n"}
    place = draw(tmp_path, base=base, head=head).path
    assert len(find_commits(place, "head", 9, 0, whole=False)) == 1
    (case,) = find_cases(place, Python(Path(sys.executable), ("",)), ["head"], whole=False)
    assert isinstance(case, Case)
    line = "ImportError: cannot import name 'gone' from 'acme.a'"
    assert case.collected == {"tests/test_early.py": (line, line)}
    line = "AttributeError: module 'acme.a' has no attribute 'gone'"
    assert case.ran == {"tests/test_late.py::test_a": (line, line)}
    assert list(case.other) == ["tests/test_wrong.py::test_a"]
    assert case.count() == {"commits": 1, "functions passed": 4, "files right": 1, "files exact": 1, "functions right": 1, "functions exact": 1}
    (mended,) = find_cases(place, Python(Path(sys.executable), ("",)), ["head"], whole=False, mending=True)
    assert isinstance(mended, Case)
    assert mended.mended == {"tests/test_early.py": None, "tests/test_late.py::test_a": None}
    (whole,) = find_cases(place, Python(Path(sys.executable), ("",)), ["head"], whole=True)
    assert isinstance(whole, Case)
    assert (whole.collected, whole.ran) == ({}, {})
