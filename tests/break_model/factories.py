"""Fixtures and functions that hand out a function, or a class: what fails where a test calls that."""

from __future__ import annotations

from break_model.rows import Fate, Row, acme, runtime_error

X = "tests/test_x.py"
TOOK = "class C:\n    def __init__(self, x=1, lost=2):\n        pass\n    def gone(self):\n        pass\ngone = 1\n"
TAKES = "class C:\n    def __init__(self, x=1):\n        pass\n"
IMPORTS = "import pytest\nfrom acme import a\nfrom acme.a import C\n"
UNEXPECTED = (runtime_error(X, "test_a", exception="TypeError: C.__init__() got an unexpected keyword argument 'lost'"),)
NO_NAME = (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),)
NO_METHOD = (runtime_error(X, "test_a", exception="AttributeError: 'C' object has no attribute 'gone'"),)
ASKS = "    def make():\n        return a.gone\n"
HANDS_ON = "    def make(**more):\n        return C(**more)\n    return make\n"


def rows(name: str, fixture: str, call: str, fates: tuple[Fate, ...] = ()) -> tuple[Row, Row]:
    """Return two rows: a fixture `new` stands in the file of the tests, or in a conftest.py."""
    helper = f"{IMPORTS}@pytest.fixture\ndef new():\n{fixture}"
    test = f"def test_a(new):\n    {call}\ndef test_b():\n    pass\n"
    return (
        Row(f"factory-{name}", acme(helper + test, a=TOOK), {"acme/a.py": TAKES}, fates),
        Row(f"factory-{name}-of-a-conftest", {**acme(test, a=TOOK), "tests/conftest.py": helper}, {"acme/a.py": TAKES}, fates),
    )


def called(name: str, helper: str, call: str, fates: tuple[Fate, ...] = ()) -> Row:
    """Return a row in which a function of the test file hands something out."""
    return Row(f"factory-{name}", acme(f"{IMPORTS}{helper}def test_a():\n    {call}\ndef test_b():\n    pass\n", a=TOOK), {"acme/a.py": TAKES}, fates)


ROWS = (
    *rows("that-asks", f"{ASKS}    return make\n", "new()", NO_NAME),
    *rows("that-asks-and-yields", f"{ASKS}    yield make\n", "new()", NO_NAME),
    *rows("that-gives-a-keyword", "    def make():\n        return C(lost=1)\n    return make\n", "new()", UNEXPECTED),
    *rows("that-hands-on", HANDS_ON, "new(lost=1)", UNEXPECTED),
    *rows("that-hands-on-what-stays", HANDS_ON, "new(x=1)"),
    *rows("that-makes-one", "    def make():\n        return C()\n    return make\n", "new().gone()", NO_METHOD),
    *rows("of-a-class", "    return C\n", "new(lost=1)", UNEXPECTED),
    *rows("of-a-class-and-what-stays", "    return C\n", "new(x=1)"),
    *rows("of-a-function-of-the-file", "    return helper\ndef helper():\n    return a.gone\n", "new()", NO_NAME),
    *rows("that-nobody-calls", f"{ASKS}    return make\n", "pass"),
    *rows("of-one-of-two", f"{ASKS}    def other():\n        pass\n    return make if id(new) == 0 else other\n", "new()"),
    *rows("that-is-handed-to-a-guard", f"{ASKS}    return make\n", "try:\n        new()\n    except AttributeError:\n        pass", ()),
    called("of-a-helper", f"def new():\n{ASKS}    return make\n", "new()()", NO_NAME),
    called("of-a-helper-with-a-name", f"def new():\n{ASKS}    return make\n", "one = new()\n    one()", NO_NAME),
    called("of-a-helper-that-nobody-calls", f"def new():\n{ASKS}    return make\n", "new()"),
)
