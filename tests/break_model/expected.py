"""Members of an exception that a test expects, keywords of methods that are reached through an attribute, and properties that fail."""

from __future__ import annotations

from break_model.rows import Fate, Row, acme, runtime_error, unclear

X = "tests/test_x.py"
B = "def test_b():\n    pass\n"
HEAD = "import pytest\nfrom acme.a import Lost, fail\n"
INIT = "class Lost(Exception):\n    def __init__(self, text):\n        self.text = text\n"
FAIL = "def fail():\n    raise Lost('x')\n"
BOTH = f"{INIT}        self.gone = 1\n{FAIL}"
LACKS = "AttributeError: 'Lost' object has no attribute 'gone'"
FAILS = (runtime_error(X, "test_a", exception=LACKS),)
EXPECT = "def test_a():\n    with pytest.raises(Lost) as caught:\n        fail()\n    "


def row(name: str, test: str, fates: tuple[Fate, ...] = FAILS, *, head: str = INIT + FAIL) -> Row:
    return Row(f"expected-exception-{name}", acme(f"{HEAD}{test}\n{B}", a=BOTH), {"acme/a.py": head}, fates)


_EXPECTED = (
    row("that-lost-an-attribute", f"{EXPECT}caught.value.gone"),
    row("that-is-bound", f"{EXPECT}error = caught.value\n    assert error.gone == 1"),
    row("with-a-pattern", EXPECT.replace("Lost)", "Lost, match='x')") + "caught.value.gone"),
    row(
        "of-a-test-case",
        "import unittest\nclass TestX(unittest.TestCase):\n    def test_a(self):\n        with self.assertRaises(Lost) as caught:\n"
        "            fail()\n        caught.exception.gone",
        (runtime_error(X, "TestX::test_a", exception=LACKS),),
    ),
    row("that-is-asked-for-what-stays", f"{EXPECT}caught.value.text", ()),
    row("whose-guard-is-asked", f"{EXPECT}caught.gone = 1\n    caught.gone", ()),
    row("that-is-one-of-two", EXPECT.replace("Lost)", "(Lost, KeyError))") + "getattr(caught.value, 'gone', 1)", ()),
    row(
        "of-an-heir-that-has-it",
        f"{EXPECT}caught.value.gone",
        (),
        head=f"{INIT}class More(Lost):\n    def __init__(self, text):\n        self.gone = text\ndef fail():\n    raise More('x')\n",
    ),
)

_CHAIN = "class Inner:\n    def go(self, x=0, lost=0):\n        pass\nclass Outer:\n    def __init__(self):\n        self.inner = Inner()\n"
_ASKS = "from acme.a import Outer\ndef test_a():\n    one = Outer()\n    "
_REFUSES = (runtime_error(X, "test_a", exception="TypeError: Inner.go() got an unexpected keyword argument 'lost'"),)


def chain(name: str, call: str, fates: tuple[Fate, ...] = _REFUSES) -> Row:
    return Row(f"method-of-an-attribute-{name}", acme(f"{_ASKS}{call}\n{B}", a=_CHAIN), {"acme/a.py": _CHAIN.replace(", lost=0", "")}, fates)


_CHAINED = (
    chain("that-takes-less", "one.inner.go(lost=1)"),
    chain("that-takes-what-it-took", "one.inner.go(x=1)", ()),
    chain("that-the-test-replaces", "one.inner = dict(a=lambda lost: lost)['a']\n    one.inner(lost=1)", ()),
    chain("that-the-test-asks-for-by-name", "assert hasattr(one, 'inner')\n    one.inner.go(lost=1)"),
    chain("that-the-test-patches", "from unittest import mock\n    with mock.patch.object(one, 'inner'):\n        one.inner.go(lost=1)", ()),
    chain("that-the-test-sets", "from unittest.mock import Mock\n    one.inner = Mock()\n    one.inner.go(lost=1)", ()),
)

_LAZY = "import functools\nclass Kept:\n    @{}\n    def it(self):\n        from acme.b import gone\n        return gone\n"
_MAKES = f"from acme.a import Kept\ndef test_a():\n    Kept().it\n{B}"


def lazy(name: str, test: str, fates: tuple[Fate, ...] = (), *, how: str = "property") -> Row:
    return Row(f"property-{name}", acme(test, a=_LAZY.format(how)) | {"acme/b.py": "gone = 1\n"}, {"acme/b.py": ""}, fates)


_NO_NAME = (runtime_error(X, "test_a", exception="ImportError: cannot import name 'gone' from 'acme.b'"),)
_PROPERTIES = (
    lazy("that-fails", _MAKES, _NO_NAME),
    lazy("that-fails-and-is-kept", _MAKES, _NO_NAME, how="functools.cached_property"),
    lazy("that-fails-behind-an-heir", _MAKES.replace("def test", "class Heir(Kept):\n    pass\ndef test").replace("Kept().", "Heir()."), _NO_NAME),
    lazy("that-an-heir-replaces", _MAKES.replace("def test", "class Heir(Kept):\n    it = 1\ndef test").replace("Kept().", "Heir().")),
    lazy("that-is-not-asked", f"from acme.a import Kept\ndef test_a():\n    Kept()\n{B}"),
    lazy("of-the-class-itself", f"from acme.a import Kept\ndef test_a():\n    Kept.it\n{B}"),
    lazy("of-a-mock", f"from unittest.mock import Mock\nfrom acme.a import Kept\ndef test_a():\n    Mock(spec=Kept).it\n{B}"),
    lazy("that-is-a-method", _MAKES, how="functools.lru_cache"),
)

_DATA = "import dataclasses\n@dataclasses.dataclass\nclass Kept:\n    x: int\n    lost: int = 0\n"


def copy(name: str, call: str, fates: tuple[Fate, ...] = ()) -> Row:
    test = f"import dataclasses\nfrom dataclasses import replace\nfrom acme.a import Kept\ndef test_a():\n    one = Kept(1)\n    {call}\n{B}"
    return Row(f"copy-with-{name}", acme(test, a=_DATA), {"acme/a.py": _DATA.replace("    lost: int = 0\n", "")}, fates)


_NO_FIELD = (runtime_error(X, "test_a", exception="TypeError: Kept.__init__() got an unexpected keyword argument 'lost'"),)
_COPIES = (
    copy("a-field-that-goes", "dataclasses.replace(one, lost=1)", _NO_FIELD),
    copy("a-field-that-goes-and-one-that-stays", "replace(one, x=2, lost=1)", _NO_FIELD),
    copy("a-field-that-stays", "replace(one, x=2)"),
    copy("nothing-new", "replace(one)"),
    copy("what-replaces-texts", "'a'.replace('a', 'b')"),
)

_REFUSING = "def take(x=0):\n    if x < 0:\n        raise ValueError\n    return make()\ndef give(x=0):\n    return take(x)\n"
_FAILING = "def take(x=0):\n    return make()\n"
_MAKE = "def make():\n    {}\n"
_NO_MAKE = "NameError: name 'make' is not defined"
_NOT_MADE = (runtime_error(X, "test_a", exception=_NO_MAKE),)
_REFUSALS = tuple(
    Row(
        f"refusal-that-is-expected-{name}",
        acme(f"import unittest\nimport pytest\nfrom acme.a import take\n{test}{B}", a=f"{_MAKE.format(does)}{a}"),
        {"acme/a.py": a},
        fates,
    )
    for name, test, a, does, fates in (
        ("before-what-fails", "def test_a():\n    with pytest.raises(ValueError):\n        take(-1)\n", _REFUSING, "return 1", (unclear(X),)),
        (
            "by-a-method",
            "class TestX(unittest.TestCase):\n    def test_a(self):\n        with self.assertRaises(ValueError):\n            take(-1)\n",
            _REFUSING,
            "return 1",
            (unclear(X),),
        ),
        ("of-a-call", "def test_a():\n    pytest.raises(ValueError, take, -1)\n", _REFUSING, "return 1", (unclear(X),)),
        ("and-then-not", "def test_a():\n    with pytest.raises(ValueError):\n        take(-1)\n    take(1)\n", _REFUSING, "return 1", _NOT_MADE),
        ("by-what-is-gone", "def test_a():\n    with pytest.raises(ValueError):\n        take(-1)\n", _FAILING, "raise ValueError", _NOT_MADE),
    )
)

ROWS = (*_EXPECTED, *_CHAINED, *_PROPERTIES, *_COPIES, *_REFUSALS)
