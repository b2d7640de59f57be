"""Mocks that have the names of a class (`spec`, `create_autospec`), and what they miss when the class loses one."""

from __future__ import annotations

from break_model.rows import Fate, Row, acme, runtime_error

X = "tests/test_x.py"
B = "def test_b():\n    pass\n"
HEAD = "from unittest import mock\nfrom unittest.mock import MagicMock, Mock, create_autospec\nfrom acme.a import Kept\n"
STAY = "class Kept:\n    def stay(self):\n        return 1\n"
BOTH = f"{STAY}    def gone(self):\n        return 2\n"
LACKS = (runtime_error(X, "test_a", exception="AttributeError: Mock object has no attribute 'gone'"),)
LATE = f"{STAY}    def load(self):\n        from acme.b import gone\n"


def row(name: str, body: str, fates: tuple[Fate, ...] = (), *, before: str = "", a: str = BOTH, head: str = STAY) -> Row:
    return Row(f"mock-{name}", acme(f"{HEAD}{before}def test_a():\n    {body}\n{B}", a=a), {"acme/a.py": head}, fates)


ROWS = (
    row("with-a-spec", "m = Mock(spec=Kept)\n    m.gone()", LACKS),
    row("with-a-spec-by-position", "m = Mock(Kept)\n    m.gone()", LACKS),
    row("with-a-spec-that-is-set", "m = mock.MagicMock(spec_set=Kept)\n    m.gone()", LACKS),
    row("with-a-spec-that-is-asked-at-once", "MagicMock(spec=Kept).gone()", LACKS),
    row("with-a-spec-whose-return-value-is-set", "m = mock.AsyncMock(spec=Kept)\n    m.gone.return_value = 1", LACKS),
    row("by-autospec", "m = create_autospec(Kept)\n    m.gone", LACKS),
    row("by-autospec-of-an-instance", "m = mock.create_autospec(Kept, instance=True)\n    m.gone.return_value = 1", LACKS),
    Row(
        "mock-with-a-spec-from-a-fixture",
        acme(f"import pytest\n{HEAD}@pytest.fixture\ndef m():\n    return Mock(spec=Kept)\ndef test_a(m):\n    m.gone()\n{B}", a=BOTH),
        {"acme/a.py": STAY},
        LACKS,
    ),
    Row(
        "mock-with-a-spec-from-set-up",
        acme(
            f"import unittest\n{HEAD}class TestX(unittest.TestCase):\n    def setUp(self):\n        self.m = Mock(spec=Kept)\n"
            "    def test_a(self):\n        self.m.gone()\n    def test_b(self):\n        self.m.stay()\n",
            a=BOTH,
        ),
        {"acme/a.py": STAY},
        (runtime_error(X, "TestX::test_a", exception="AttributeError: Mock object has no attribute 'gone'"),),
    ),
    row("of-an-heir", "m = Mock(spec=Heir)\n    m.gone()", LACKS, before="class Heir(Kept):\n    pass\n"),
    row("of-an-heir-that-has-it", "m = Mock(spec=Heir)\n    m.gone()", before="class Heir(Kept):\n    gone = 1\n"),
    row("without-a-spec", "m = Mock()\n    m.gone()"),
    row("with-a-name", "m = Mock(name=Kept)\n    m.gone()"),
    row("that-is-asked-for-what-stays", "m = Mock(spec=Kept)\n    m.stay()"),
    row("that-is-given-it", "m = Mock(spec=Kept)\n    m.gone = Mock()\n    m.gone()"),
    row("that-is-given-it-by-keyword", "m = Mock(spec=Kept, gone=1)\n    m.gone"),
    row("that-is-given-it-by-configuration", "m = Mock(spec=Kept)\n    m.configure_mock(gone=1)\n    m.gone"),
    row("that-is-given-it-by-a-table", "m = Mock(spec=Kept, **{'gone': 1})\n    m.gone"),
    row("that-is-given-it-as-a-property", "m = Mock(spec=Kept)\n    type(m).gone = mock.PropertyMock()\n    m.gone"),
    row("whose-method-takes-anything", "m = Mock(spec=Kept)\n    m.stay(x=1)", a=BOTH.replace("stay(self)", "stay(self, x=0)")),
    Row(
        "mock-whose-method-does-nothing",
        acme(f"{HEAD}def test_a():\n    m = Mock(spec=Kept)\n    m.load()\ndef test_c():\n    Kept().load()\n{B}", a=LATE) | {"acme/b.py": "gone = 1\n"},
        {"acme/b.py": ""},
        (runtime_error(X, "test_c", exception="ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
)
