"""Tests that are still written and that pytest no longer collects: the file, the class or the function has another name, or the class a constructor."""

from __future__ import annotations

from break_model.rows import Row, silenced

X = "tests/test_x.py"
_CLASS = "class TestA:\n    def test_a(self):\n        assert True\n    def test_b(self):\n        pass\ndef test_c():\n    pass\n"
_CASE = f"import unittest\n{_CLASS.replace('TestA', 'TestA(unittest.TestCase)')}"
_HELPERS = "def helper():\n    return 1\ndef other():\n    return 2\ndef more():\n    return 3\n"

_FALLBACK = (
    "import contextlib\nimport unittest\nwith contextlib.suppress(ImportError):\n    from acme.a import gone\n"
    "class TestA(unittest.TestCase):\n    def test_a(self):\n        pass\n    def test_b(self):\n        pass\n"
)

ROWS = (
    Row(
        "test-method-renamed-out-of-sight-on-a-fallback",
        {"acme/__init__.py": "", "acme/a.py": "gone = 1\n", X: _FALLBACK},
        {"acme/a.py": None, X: _FALLBACK.replace("test_a", "check_a")},
        (silenced(X, "TestA::test_a"),),
    ),
    Row("test-class-renamed-out-of-sight", {X: _CLASS}, {X: _CLASS.replace("TestA", "ATest")}, (silenced(X, "TestA::test_a", "TestA::test_b"),)),
    Row("test-class-renamed-within-the-convention", {X: _CLASS}, {X: _CLASS.replace("TestA", "TestB")}),
    Row("test-method-renamed-out-of-sight", {X: _CLASS}, {X: _CLASS.replace("test_a", "check_a")}, (silenced(X, "TestA::test_a"),)),
    Row("test-method-renamed-within-the-convention", {X: _CLASS}, {X: _CLASS.replace("test_a", "test_d")}),
    Row("test-method-deleted", {X: _CLASS}, {X: _CLASS.replace("    def test_a(self):\n        assert True\n", "")}),
    Row("test-case-renamed-whatever-its-name", {X: _CASE}, {X: _CASE.replace("TestA", "ATest")}),
    Row("test-class-replaced-by-another-class", {X: _CLASS}, {X: "class Other:\n    def helper(self):\n        pass\ndef test_c():\n    pass\n"}),
    Row("test-file-renamed-out-of-sight", {X: _CLASS}, {X: None, "tests/check_x.py": _CLASS}, (silenced("tests/check_x.py"),)),
    Row(
        "marked-test-renamed-out-of-sight",
        {X: "import pytest\n@pytest.mark.parametrize('x', [1])\ndef test_a(x):\n    pass\ndef test_b():\n    pass\n"},
        {X: "import pytest\n@pytest.mark.parametrize('x', [1])\ndef check_a(x):\n    pass\ndef test_b():\n    pass\n"},
        (silenced(X, "test_a"),),
    ),
    Row(
        "test-that-becomes-a-fixture",
        {X: "def test_a():\n    return None\ndef test_b():\n    pass\n"},
        {X: "import pytest\n@pytest.fixture\ndef a():\n    return None\ndef test_b(a):\n    pass\n"},
    ),
    Row(
        "test-expected-to-fail-renamed-out-of-sight",
        {X: "import pytest\n@pytest.mark.xfail\ndef test_a():\n    pass\ndef test_b():\n    pass\n"},
        {X: "import pytest\n@pytest.mark.xfail\ndef check_a():\n    pass\ndef test_b():\n    pass\n"},
    ),
    Row(
        "patched-test-renamed-out-of-sight",
        {X: "from unittest import mock\n@mock.patch('os.getcwd')\ndef test_a(one):\n    pass\ndef test_b():\n    pass\n"},
        {X: "from unittest import mock\n@mock.patch('os.getcwd')\ndef check_a(one):\n    pass\ndef test_b():\n    pass\n"},
        (silenced(X, "test_a"),),
    ),
    Row("test-file-renamed-within-the-convention", {X: _CLASS}, {X: None, "tests/x_test.py": _CLASS}),
    Row("test-file-becomes-a-helper", {X: f"{_HELPERS}def test_a():\n    pass\n"}, {X: None, "tests/helpers.py": _HELPERS}),
    Row(
        "test-file-moved-to-where-no-test-is-looked-for",
        {X: _CLASS, "tests/test_y.py": "def test_y():\n    pass\n"},
        {X: None, "later/test_x.py": _CLASS},
        (silenced("later/test_x.py"),),
        ini="[pytest]\ntestpaths = tests\n",
    ),
)
