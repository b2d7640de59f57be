"""Names that hold one of several things, by a condition that nobody can know: what one of them lacks is at risk, and nothing more."""

from __future__ import annotations

from break_model.rows import Fate, Row, at_risk, runtime_error, unclear

X = "tests/test_x.py"
_A = "class A:\n    def gone(self):\n        pass\n"
_LACKS = "AttributeError: 'Order' object has no attribute 'gone'"


def _either(name: str, body: str, *fates: Fate) -> Row:
    """A test that has an `Order`, which lost a method, or an `A`, which did not; `NO` is set nowhere."""
    base = {
        "acme/__init__.py": "",
        "acme/a.py": f"{_A}class Order:\n    kept = 1\n    def gone(self):\n        pass\n",
        X: f"import os\nimport pytest\nfrom acme import a\nfrom acme.a import A, Order\n{body}def test_b():\n    pass\n",
    }
    return Row(f"either-{name}", base, {"acme/a.py": f"{_A}class Order:\n    kept = 1\n"}, fates)


def _test(body: str) -> str:
    return "def test_a():\n" + "".join(f"    {line}\n" for line in body.splitlines())


_CHOICE = 'if os.environ.get("NO"):\n    o = {}\nelse:\n    o = {}\n'
_BROKEN = runtime_error(X, "test_a", exception=_LACKS)

ROWS = (
    _either("and-it-is-the-other", _test(_CHOICE.format("Order()", "A()") + "o.gone()"), unclear(X)),
    _either("and-it-is-the-one", _test(_CHOICE.format("A()", "Order()") + "o.gone()"), at_risk(X, "test_a", exception=_LACKS)),
    _either("asked-for-what-both-have", _test(_CHOICE.format("Order()", "A()") + "o.__class__")),
    _either("and-both-lack-it", _test(_CHOICE.format("Order()", "Order()") + "o.gone()"), _BROKEN),
    _either("put-over-the-other", _test('o = A()\nif os.environ.get("NO"):\n    o = Order()\no.gone()'), unclear(X)),
    _either("put-over-none", _test('o = None\nif not os.environ.get("NO"):\n    o = Order()\no.gone()'), _BROKEN),
    _either("that-a-loop-puts-there", _test('o = A()\nfor one in os.environ.get("NO", ()):\n    o = Order()\no.gone()'), unclear(X)),
    _either("that-is-bound-anew", _test(_CHOICE.format("A()", "Order()") + "o = A()\no.gone()")),
    _either("that-is-certain-again", _test(_CHOICE.format("A()", "Order()") + "o = Order()\no.gone()"), _BROKEN),
    _either("known-by-another-name", _test(_CHOICE.format("Order()", "A()") + "p = o\np.gone()"), unclear(X)),
    _either("of-two-classes", _test(_CHOICE.format("Order", "A") + "o().gone()"), unclear(X)),
    _either("where-the-other-way-ends", _test('if os.environ.get("NO"):\n    return\nelse:\n    o = Order()\no.gone()'), _BROKEN),
    _either(
        "that-a-function-makes", "def make():\n" + _test(_CHOICE.format("Order()", "A()") + "return o").partition("\n")[2] + _test("make().gone()"), unclear(X)
    ),
    _either("of-the-module", _CHOICE.format("Order()", "A()") + _test("o.gone()"), unclear(X)),
    _either("of-the-module-and-it-is-the-one", _CHOICE.format("A()", "Order()") + _test("o.gone()"), at_risk(X, "test_a", exception=_LACKS)),
    _either("handed-to-a-helper", "def check(it):\n    it.gone()\n" + _test(_CHOICE.format("Order()", "A()") + "check(o)"), unclear(X)),
    _either("by-an-expression", _test('o = Order() if os.environ.get("NO") else A()\no.gone()'), unclear(X)),
    _either("by-an-expression-and-both-lack-it", _test('o = Order() if os.environ.get("NO") else Order()\no.gone()'), _BROKEN),
    _either("by-an-expression-that-decides", _test("o = Order() if True else A()\no.gone()"), _BROKEN),
    _either("by-an-or", _test("o = None or Order()\no.gone()"), _BROKEN),
    _either("by-an-or-of-two", _test('o = os.environ.get("NO") and Order() or A()\no.gone()'), unclear(X)),
    _either("returned-by-an-expression", "def make(o=None):\n    return o or Order()\ndef test_a():\n    make(A()).gone()\n"),
    _either("that-a-parameter-may-be", "def check(o=None):\n    o = o or Order()\n    o.gone()\ndef test_a():\n    check()\n", _BROKEN),
)
