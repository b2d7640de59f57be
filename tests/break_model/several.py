"""Instances in sequences, tables and tuples: what indexes, loops, comprehensions and assignments to several names take from them."""

from __future__ import annotations

from break_model.rows import Fate, Row, collection_error, runtime_error

X = "tests/test_x.py"
_GONE = "AttributeError: 'Order' object has no attribute 'gone'"
_BROKEN = runtime_error(X, "test_a", exception=_GONE)
_IN_CLASS = runtime_error(X, "TestX::test_a", exception=_GONE)
_OTHER = "class Other:\n    def gone(self):\n        pass\n"
_PAIR = "def make():\n    return Other(), Order()\n"
_MAYBE = "def make():\n    if os.environ.get('NEVER'):\n        return Order(), 1\n    return Other(), 1\n"
_BOX = "class Box:\n    def __iter__(self):\n        return iter([Other(), 1])\n    def __getitem__(self, index):\n        return Order()\n"


def _row(name: str, body: str, *fates: Fate, above: str = "", conftest: str = "", parameters: str = "") -> Row:
    tree = {
        "acme/__init__.py": "",
        "acme/b.py": "class Order:\n    def kept(self):\n        pass\n    def gone(self):\n        pass\n",
        X: f"import os\nfrom collections import namedtuple\nfrom acme.b import Order\n{_OTHER}{above}"
        + (f"def test_a({parameters}):\n" + "".join(f"    {line}\n" for line in body.splitlines()) if body else "")
        + "def test_b():\n    pass\n",
        "tests/conftest.py": f"import pytest\nfrom acme.b import Order\n{conftest}",
    }
    return Row(f"several-{name}", tree, {"acme/b.py": "class Order:\n    def kept(self):\n        pass\n"}, fates)


def _fixture(given: str) -> str:
    return f"@pytest.fixture\ndef many():\n    return {given}\n"


_SET_UP = "class TestX:\n    def setup_method(self):\n        self.one, self.two = Order(), 1\n    def test_a(self):\n        self.one.gone()\n"


ROWS = (
    _row("in-a-tuple-of-a-function", "one, two = make()\ntwo.gone()", _BROKEN, above=_PAIR),
    _row("in-a-tuple-of-a-function-and-the-other-is-asked", "one, two = make()\none.gone()", above=_PAIR),
    _row("in-a-tuple-by-index", "make()[1].gone()", _BROKEN, above=_PAIR),
    _row("in-a-tuple-by-index-from-the-end", "make()[-1].gone()", _BROKEN, above=_PAIR),
    _row("in-a-tuple-by-index-and-the-other-is-asked", "make()[0].gone()", above=_PAIR),
    _row("in-a-tuple-on-one-way", "one, two = make()\none.gone()", above=_MAYBE),
    _row("in-a-tuple-of-one-of-two", "one, two = (Order() if os.environ.get('NEVER') else Other()), 1\none.gone()"),
    _row("in-a-tuple-of-a-fixture", "one, two = many\none.gone()", _BROKEN, parameters="many", conftest=_fixture("Order(), 1")),
    _row("in-a-tuple-that-a-fixture-yields", "many[0].gone()", _BROKEN, parameters="many", conftest=_fixture("Order(), 1").replace("return", "yield")),
    _row(
        "in-a-tuple-that-becomes-attributes",
        "",
        _IN_CLASS,
        above=_SET_UP,
    ),
    _row("in-a-named-tuple-of-others", "one, two = Pair(Other(), 1)\none.gone()\nOrder()", above="Pair = namedtuple('Pair', 'one two')\n"),
    _row("in-what-unpacks-itself", "one, two = Box()\none.gone()", above=_BOX),
    _row("in-what-iterates-itself", "for one in Box():\n    if one != 1:\n        one.gone()", above=_BOX),
    _row("in-a-list-of-a-function", "make()[0].gone()", _BROKEN, above="def make():\n    return [Order()]\n"),
    _row("in-a-list-of-a-fixture", "many[0].gone()", _BROKEN, parameters="many", conftest=_fixture("[Order()]")),
    _row("in-a-table-of-a-fixture", "many['a'].gone()", _BROKEN, parameters="many", conftest=_fixture("{'a': Order()}")),
    _row("in-a-table-of-a-fixture-and-the-rest-is-asked", "many['a'].kept()", parameters="many", conftest=_fixture("{'a': Order()}")),
    _row("in-a-slice", "many = [Order(), Order()]\nmany[1:][0].gone()", _BROKEN),
    _row("in-a-list-made-of-another", "for one in sorted([Order()]):\n    one.gone()", _BROKEN),
    _row("next", "one = next(iter([Order()]))\none.gone()", _BROKEN),
    _row("numbered", "for number, one in enumerate([Order()]):\n    one.gone()", _BROKEN),
    _row("numbered-and-the-number-is-asked", "for number, one in enumerate([Order()]):\n    number.bit_length()"),
    _row("zipped", "for one, two in zip([Order()], [Other()]):\n    one.gone()", _BROKEN),
    _row("zipped-and-the-other-is-asked", "for one, two in zip([Order()], [Other()]):\n    two.gone()"),
    _row("among-others-in-a-loop", "for one in [Other(), Order()]:\n    one.gone()", _BROKEN),
    _row("among-others-by-kind", "for one in [Other(), Order()]:\n    if isinstance(one, Other):\n        one.gone()"),
    _row("as-keys", "for one in {Other(): Order()}:\n    one.gone()"),
    _row("as-values-of-others", "for key, one in {Order(): Other()}.items():\n    one.gone()"),
    _row("in-a-comprehension", "assert [one.gone() for one in [Order()]]", _BROKEN),
    _row("in-a-comprehension-of-the-module", "", collection_error(X, _GONE), above="x = [one.gone() for one in [Order()]]\n"),
    _row("in-a-generator-that-is-used", "list(one.gone() for one in [Order()])", _BROKEN),
    _row("in-a-generator-that-is-not", "x = (one.gone() for one in [Order()])"),
    _row("in-a-comprehension-by-kind", "[one.gone() for one in [Order(), Other()] if isinstance(one, Other)]"),
    _row("in-a-comprehension-that-asks-first", "[one.gone() for one in [Order()] if hasattr(one, 'gone')]"),
    _row("in-a-comprehension-whose-name-is-another-after", "one = Other()\n[one.kept() for one in [Order()]]\none.gone()"),
    _row("in-a-comprehension-of-others", "one = Order()\n[one.gone() for one in [Other()]]\none.kept()"),
    _row("in-a-list-that-is-changed", "many = [Order()]\nmany[0] = Other()\nmany[0].gone()"),
    _row("in-a-list-that-is-added-to", "many = [Order()]\nmany.insert(0, Other())\nmany[0].gone()"),
    _row("in-a-list-that-is-emptied", "many = [Order()]\nmany.clear()\nfor one in many:\n    one.gone()"),
    _row("in-a-list-that-is-turned", "many = [Order(), Other()]\nmany.reverse()\nmany[0].gone()"),
    _row("in-a-list-of-a-function-that-is-added-to", "many = make()\nmany.insert(0, Other())\nmany[0].gone()", above="def make():\n    return [Order()]\n"),
    _row("in-a-table-that-is-added-to", "many = {1: Order()}\nmany.update({2: Other()})\nmany[2].gone()"),
    _row("in-a-table-that-is-set", "many = {1: Order()}\nmany[2] = Other()\nmany[2].gone()"),
    _row("in-a-list-that-changes-hands", "many = [Order(), Other()]\nmany[0], many[1] = many[1], many[0]\nmany[0].gone()"),
    _row("of-a-coroutine", "one = asyncio.run(make())\none.gone()", _BROKEN, above="import asyncio\nasync def make():\n    return Order()\n"),
    _row("of-errors-that-are-others", "try:\n    Order().gone()\nexcept ERRORS:\n    pass", _BROKEN, above="ERRORS = (ImportError, OSError)\n"),
    _row("of-errors-that-are-these", "try:\n    Order().gone()\nexcept ERRORS:\n    pass", above="ERRORS = (AttributeError, OSError)\n"),
    _row("of-errors-that-are-added-up", "try:\n    Order().gone()\nexcept ERRORS:\n    pass", above="ERRORS = (OSError,) + (AttributeError,)\n"),
)
