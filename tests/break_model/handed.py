"""Instances that are handed to a function, kept in a sequence or a table, or given to a test one after the other."""

from __future__ import annotations

from break_model.rows import Fate, Row, runtime_error

X = "tests/test_x.py"
_IMPORTS = "import copy\nimport unittest\nfrom unittest import mock\nimport pytest\nfrom acme.b import Order\n"
_OTHER = "class Other:\n    def gone(self):\n        pass\n"
_BROKEN = runtime_error(X, "test_a", exception="AttributeError: 'Order' object has no attribute 'gone'")
_CHECK = "def check(it):\n    it.gone()\n"


def _order(name: str, test: str, *fates: Fate, conftest: str = "", **files: str) -> Row:
    tree = {
        "acme/__init__.py": "",
        "acme/b.py": "class Order:\n    def kept(self):\n        pass\n    def gone(self):\n        pass\n",
        X: f"{_IMPORTS}{test}def test_b():\n    pass\n",
        "tests/conftest.py": f"import pytest\nfrom acme.b import Order\n{conftest}",
        **{f"{path}.py": source for path, source in files.items()},
    }
    return Row(f"instance-{name}", tree, {"acme/b.py": "class Order:\n    def kept(self):\n        pass\n"}, fates)


def _test(body: str, *, head: str = "def test_a():") -> str:
    return f"{head}\n" + "".join(f"    {line}\n" for line in body.splitlines())


_FIXTURE = "@pytest.fixture\ndef order():\n    return Order()\n"
_TABLE = "class Many:\n    def __getitem__(self, name):\n        return self.get(name)\n    def get(self, name):\n        return Order()\n"
_TWO = "@pytest.fixture\ndef two(order):\n    return order\n"
_IN_CLASS = runtime_error(X, "TestX::test_a", exception="AttributeError: 'Order' object has no attribute 'gone'")
_ONE_BY_ONE = "def test_a(it):"

ROWS = (
    _order("handed-to-a-helper", _CHECK + _test("check(Order())"), _BROKEN),
    _order("handed-to-a-helper-by-name", _CHECK + _test("it = Order()\ncheck(it)"), _BROKEN),
    _order("handed-to-a-helper-by-keyword", "def check(*, it):\n    it.gone()\n" + _test("check(it=Order())"), _BROKEN),
    _order("handed-to-a-method", "class TestX:\n    def check(self, it):\n        it.gone()\n    def test_a(self):\n        self.check(Order())\n", _IN_CLASS),
    _order(
        "handed-to-a-method-of-a-base",
        "from base import Base\nclass TestX(Base):\n    def test_a(self):\n        self.check(Order())\n",
        _IN_CLASS,
        **{"tests/base": "class Base:\n    def check(self, it):\n        it.gone()\n"},
    ),
    _order("handed-on-by-a-helper", f"{_CHECK}def outer(it):\n    check(it)\n" + _test("outer(Order())"), _BROKEN),
    _order("handed-on-under-another-name", "def check(it):\n    one = it\n    one.gone()\n" + _test("check(Order())"), _BROKEN),
    _order("handed-to-a-helper-of-another-file", "from helpers import check\n" + _test("check(Order())"), _BROKEN, **{"tests/helpers": _CHECK}),
    _order("handed-to-a-module-that-does-not-know-it", "from acme.c import check\n" + _test("check(Order())"), _BROKEN, **{"acme/c": _CHECK}),
    _order("handed-to-a-constructor", "class Wrap:\n    def __init__(self, it):\n        it.gone()\n" + _test("Wrap(Order())"), _BROKEN),
    _order("handed-to-a-helper-and-another-is", f"{_OTHER}{_CHECK}" + _test("Order()\ncheck(Other())")),
    _order("handed-to-a-helper-that-asks-first", "def check(it):\n    if hasattr(it, 'gone'):\n        it.gone()\n" + _test("check(Order())")),
    _order("handed-to-a-helper-that-asks-for-the-rest", "def check(it):\n    it.kept()\n" + _test("check(Order())")),
    _order("handed-to-a-helper-for-others", f"{_OTHER}def check(it):\n    if isinstance(it, Other):\n        it.gone()\n" + _test("check(Order())")),
    _order("handed-to-a-helper-for-numbers", "def check(it):\n    if isinstance(it, int):\n        it.gone()\n" + _test("check(Order())")),
    _order("handed-to-a-helper-for-its-kind", "def check(it):\n    if isinstance(it, Order):\n        it.gone()\n" + _test("check(Order())"), _BROKEN),
    _order("handed-to-a-helper-for-any-but-its-kind", "def check(it):\n    if not isinstance(it, Order):\n        it.gone()\n" + _test("check(Order())")),
    _order(
        "handed-to-a-helper-for-an-heir",
        "class Heir(Order):\n    pass\ndef check(it):\n    if isinstance(it, Heir):\n        it.gone()\n" + _test("check(Order())"),
    ),
    _order("in-a-list", _test("for it in [Order(), Order()]:\n    it.gone()"), _BROKEN),
    _order("in-a-list-of-several-kinds", _OTHER + _test("for it in [Other()]:\n    it.gone()\n[Order(), Other()]")),
    _order("made-one-by-one", _test("many = [Order() for _ in range(3)]\nmany[0].gone()"), _BROKEN),
    _order("in-a-table", _test("table = {'a': Order()}\ntable['a'].gone()"), _BROKEN),
    _order("whose-class-is-in-a-table", "KINDS = {'a': Order}\n" + _test("KINDS['a']().gone()"), _BROKEN),
    _order("in-a-table-that-is-asked-itself", _test("table = {'a': Order()}\ntable.get('b')")),
    _order("copied", _test("it = copy.deepcopy(Order())\nit.gone()"), _BROKEN),
    _order("patched-where-it-is-made", _test("mock.patch.object(Order(), 'kept').start()")),
    _order("that-a-mark-gives", '@pytest.mark.parametrize("it", [Order()])\n' + _test("it.gone()", head=_ONE_BY_ONE), _BROKEN),
    _order("that-a-mark-gives-among-others", f'{_OTHER}@pytest.mark.parametrize("it", [Other(), Order()])\n' + _test("it.gone()", head=_ONE_BY_ONE), _BROKEN),
    _order("that-a-mark-gives-in-a-row", '@pytest.mark.parametrize("n, it", [(1, Order())])\n' + _test("it.gone()", head="def test_a(n, it):"), _BROKEN),
    _order("whose-class-a-mark-gives", '@pytest.mark.parametrize("it", [pytest.param(Order, id="o")])\n' + _test("it().gone()", head=_ONE_BY_ONE), _BROKEN),
    _order(
        "that-a-mark-gives-to-be-skipped",
        f'{_OTHER}@pytest.mark.parametrize("it", [Other(), pytest.param(Order(), marks=pytest.mark.skip)])\n' + _test("it.gone()", head=_ONE_BY_ONE),
    ),
    _order("that-a-mark-gives-and-nobody-asks", '@pytest.mark.parametrize("it", [Order()])\n' + _test("it.kept()", head=_ONE_BY_ONE)),
    _order(
        "that-a-fixture-is-given",
        _test("it.gone()", head=_ONE_BY_ONE),
        _BROKEN,
        conftest="@pytest.fixture(params=[Order()])\ndef it(request):\n    return request.param\n",
    ),
    _order(
        "whose-class-a-fixture-is-given",
        _test("it.gone()", head=_ONE_BY_ONE),
        _BROKEN,
        conftest="@pytest.fixture(params=[Order])\ndef it(request):\n    return request.param()\n",
    ),
    _order(
        "whose-class-a-fixture-is-handed",
        '@pytest.mark.parametrize("it", [Order], indirect=True)\n' + _test("it.gone()", head=_ONE_BY_ONE),
        conftest=f"{_OTHER}@pytest.fixture\ndef it(request):\n    return Other()\n",
    ),
    _order(
        "that-a-class-has-from-its-set-up",
        "class TestX(unittest.TestCase):\n    it = None\n    @classmethod\n    def setUpClass(cls):\n        cls.it = Order()\n"
        "    def test_a(self):\n        self.it.gone()\n",
        _IN_CLASS,
    ),
    _order("that-a-module-has-from-its-set-up", "it = None\ndef setup_module():\n    global it\n    it = Order()\n" + _test("it.gone()"), _BROKEN),
    _order(
        "that-a-set-up-makes-of-something-of-its-own",
        f"{_OTHER}it = None\ndef setup_module():\n    global it\n    Order = Other\n    it = Order()\n" + _test("it.gone()"),
    ),
    _order("that-a-fixture-makes-for-a-helper", f"{_CHECK}def test_a(order):\n    check(order)\n", _BROKEN, conftest=_FIXTURE),
    _order(
        "that-a-fixture-makes-for-a-method",
        "class TestX:\n    def check(self, it):\n        it.gone()\n    def test_a(self, order):\n        self.check(order)\n",
        _IN_CLASS,
        conftest=_FIXTURE,
    ),
    _order("that-a-fixture-makes-for-another", "def check(it):\n    it.kept()\ndef test_a(order):\n    check(order)\n", conftest=_FIXTURE),
    *(
        _order(f"that-an-index-gives-{name}", f"{_TABLE}{test}", *fates, conftest=conftest)
        for name, test, conftest, fates in (
            ("in-a-test", _test("many = Many()\nmany['a'].gone()"), "", (_BROKEN,)),
            ("at-once", _test("Many()[0].gone()"), "", (_BROKEN,)),
            ("to-a-name", _test("it = Many()['a']\nit.gone()"), "", (_BROKEN,)),
            (
                "of-an-attribute",
                "class TestX:\n    def setup_method(self):\n        self.many = Many()\n    def test_a(self):\n        self.many['a'].gone()\n",
                "",
                (_IN_CLASS,),
            ),
            ("of-a-fixture", "def test_a(many):\n    many['a'].gone()\n", f"{_TABLE}@pytest.fixture\ndef many():\n    return Many()\n", (_BROKEN,)),
            ("and-is-asked-for-the-rest", _test("Many()['a'].kept()"), "", ()),
            ("of-a-table-of-others", _OTHER + _test("many = {'a': Other()}\nmany['a'].gone()\nMany()"), "", ()),
        )
    ),
    *(
        _order(f"that-a-fixture-hands-on-{name}", test, *fates, conftest=f"{_FIXTURE}{conftest}")
        for name, test, conftest, fates in (
            ("as-it-is", "def test_a(two):\n    two.gone()\n", "@pytest.fixture\ndef two(order):\n    return order\n", (_BROKEN,)),
            ("when-it-yields", "def test_a(two):\n    two.gone()\n", "@pytest.fixture\ndef two(order):\n    order.kept()\n    yield order\n", (_BROKEN,)),
            ("in-a-tuple", "def test_a(two):\n    two[0].gone()\n", "@pytest.fixture\ndef two(order):\n    return order, 1\n", (_BROKEN,)),
            ("twice", "def test_a(three):\n    three.gone()\n", f"{_TWO}@pytest.fixture\ndef three(two):\n    return two\n", (_BROKEN,)),
            (
                "to-one-of-a-class",
                "class TestX:\n    @pytest.fixture\n    def two(self, order):\n        return order\n    def test_a(self, two):\n        two.gone()\n",
                "",
                (_IN_CLASS,),
            ),
            ("that-the-test-overrides", f"{_OTHER}@pytest.fixture\ndef order():\n    return Other()\ndef test_a(two):\n    two.gone()\n", _TWO, ()),
            (
                "on-one-way",
                "def test_a(two):\n    two.gone()\n",
                f"{_OTHER}@pytest.fixture\ndef two(order, request):\n    if request.config.getoption('-v') > 9:\n        return order\n    return Other()\n",
                (),
            ),
            ("and-who-asks-for-the-rest", "def test_a(two):\n    two.kept()\n", _TWO, ()),
        )
    ),
)
