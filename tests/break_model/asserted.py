"""What is asserted to be there; and instances that tests have from a tuple, or from what sets a class up."""

from __future__ import annotations

from break_model.rows import Fate, Row, acme, runtime_error

X = "tests/test_x.py"
BOTH = "gone = kept = 1\nclass C:\n    def gone(self):\n        pass\n    def kept(self):\n        return 1\n"
KEPT = "kept = 1\nclass C:\n    def kept(self):\n        return 1\n"
FALSE = (runtime_error(X, "test_a", exception="AssertionError: assert False"),)
NONE = "AttributeError: 'C' object has no attribute 'gone'"
FAILS = (runtime_error(X, "test_a", exception=NONE),)
OF_A_CLASS = (runtime_error(X, "TestX::test_a", exception=NONE),)
CASE = "class TestX(unittest.TestCase):\n"
SETS_UP = "    @classmethod\n    def setUpClass(cls):\n        cls.one = C()\n"


def row(name: str, test: str, fates: tuple[Fate, ...] = ()) -> Row:
    """Return a row in which a module and a class lose a name."""
    return Row(
        f"asserted-{name}",
        acme(f"import unittest\nimport pytest\nfrom acme import a\nfrom acme.a import C\n{test}def test_b():\n    pass\n", a=BOTH),
        {"acme/a.py": KEPT},
        fates,
    )


ROWS = (
    row("of-a-module", "def test_a():\n    assert hasattr(a, 'gone')\n", FALSE),
    row("of-a-class", "def test_a():\n    assert hasattr(C, 'gone')\n", FALSE),
    row("of-an-instance", "def test_a():\n    one = C()\n    assert hasattr(one, 'gone')\n", FALSE),
    row("with-words", "def test_a():\n    assert hasattr(a, 'gone'), 'no gone'\n", (runtime_error(X, "test_a", exception="AssertionError: no gone"),)),
    row("for-each", "def test_a():\n    for name in ('kept', 'gone'):\n        assert hasattr(a, name)\n", FALSE),
    row("for-each-parameter", "@pytest.mark.parametrize('name', ['kept', 'gone'])\ndef test_a(name):\n    assert hasattr(a, name)\n", FALSE),
    row("in-a-helper", "def check():\n    assert hasattr(a, 'gone')\ndef test_a():\n    check()\n", FALSE),
    row(
        "by-a-test-case",
        f"{CASE}    def test_a(self):\n        self.assertTrue(hasattr(a, 'gone'))\n",
        (runtime_error(X, "TestX::test_a", exception="AssertionError: False is not true"),),
    ),
    row("and-there", "def test_a():\n    assert hasattr(a, 'kept')\n"),
    row("not-to-be-there", "def test_a():\n    assert not hasattr(a, 'never')\n"),
    row("only-asked", "def test_a():\n    if hasattr(a, 'gone'):\n        pass\n"),
    row("or-something-else", "def test_a():\n    assert hasattr(a, 'gone') or True\n"),
    row("in-a-guard", "def test_a():\n    try:\n        assert hasattr(a, 'gone')\n    except AssertionError:\n        pass\n"),
    row(
        "expected",
        "def test_a():\n    with pytest.raises((AssertionError, AttributeError)):\n        assert hasattr(a, 'gone')\n        raise AttributeError\n",
    ),
    row("by-a-tuple", "def test_a():\n    one, two = C(), 1\n    one.gone()\n", FAILS),
    row("by-a-tuple-of-calls", "def test_a():\n    two, one = C().kept(), C()\n    one.gone()\n", FAILS),
    row("by-a-tuple-that-is-swapped", "def test_a():\n    one, two = C(), 1\n    one, two = two, one\n    two.kept()\n"),
    row("by-setupclass", f"{CASE}{SETS_UP}    def test_a(self):\n        self.one.gone()\n", OF_A_CLASS),
    row(
        "by-setupclass-of-a-base", f"class Base(unittest.TestCase):\n{SETS_UP}class TestX(Base):\n    def test_a(self):\n        self.one.gone()\n", OF_A_CLASS
    ),
    row(
        "by-setup-class",
        "class TestX:\n    @classmethod\n    def setup_class(cls):\n        cls.one = C()\n    def test_a(self):\n        self.one.gone()\n",
        OF_A_CLASS,
    ),
    row("by-setupclass-and-asked-of-the-class", f"{CASE}{SETS_UP}    def test_a(self):\n        TestX.one.gone()\n", OF_A_CLASS),
    row("by-setupclass-and-kept", f"{CASE}{SETS_UP}    def test_a(self):\n        self.one.kept()\n"),
    row("by-setupclass-and-set-again", f"{CASE}{SETS_UP}    def setUp(self):\n        self.one = [].append\n    def test_a(self):\n        self.one(1)\n"),
)
