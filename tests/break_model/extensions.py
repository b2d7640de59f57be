"""Fixtures that extend the one they override, by asking for their own name, when that one goes."""

from __future__ import annotations

from break_model.rows import Row, runtime_error

X = "tests/test_x.py"
_OUTER = "import pytest\n@pytest.fixture\ndef one():\n    return 1\n"
_INNER = "import pytest\n@pytest.fixture\ndef one(one):\n    return one\n"
_TESTS = "def test_a(one):\n    pass\ndef test_b():\n    pass\n"
_RECURSIVE = "recursive dependency involving fixture 'one' detected"
_CLASS = (
    "import pytest\nclass TestA:\n    @pytest.fixture\n    def one(self, one):\n        return one\n"
    "    def test_a(self, one):\n        pass\n    def test_b(self):\n        pass\n"
)
_BASE = {"tests/conftest.py": _OUTER}
_GONE = {"tests/conftest.py": None}

ROWS = (
    Row("extended-fixture-deleted", {**_BASE, X: _INNER + _TESTS}, _GONE, (runtime_error(X, "test_a", exception=_RECURSIVE),)),
    Row(
        "extended-fixture-deleted-and-used-by-its-mark",
        {**_BASE, X: f'{_INNER}@pytest.mark.usefixtures("one")\ndef test_a():\n    pass\ndef test_b():\n    pass\n'},
        _GONE,
        (runtime_error(X, "test_a", exception=_RECURSIVE),),
    ),
    Row("extended-fixture-deleted-and-extended-in-a-class", {**_BASE, X: _CLASS}, _GONE, (runtime_error(X, "TestA::test_a", exception=_RECURSIVE),)),
    Row(
        "extended-fixture-deleted-and-extended-in-a-conftest",
        {**_BASE, "tests/unit/conftest.py": _INNER, "tests/unit/test_x.py": _TESTS},
        {"tests/conftest.py": "import pytest\n"},
        (runtime_error("tests/unit/test_x.py", "test_a", exception=_RECURSIVE),),
    ),
    Row(
        "extended-fixture-deleted-and-asked-for-by-another",
        {**_BASE, X: f"{_INNER}@pytest.fixture\ndef two(one):\n    return one\ndef test_a(two):\n    pass\ndef test_b():\n    pass\n"},
        _GONE,
        (runtime_error(X, "test_a", exception=_RECURSIVE),),
    ),
    Row("extended-fixture-moved-up", {**_BASE, X: _INNER + _TESTS}, {**_GONE, "conftest.py": _OUTER}),
    Row("extended-fixture-deleted-with-its-extension", {**_BASE, X: _INNER + _TESTS}, {**_GONE, X: _OUTER + _TESTS}),
)
