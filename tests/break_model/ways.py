"""The ways in which a test comes to a function that fails: through decorators, syntax that asks for special methods, other names, methods that an heir
overrides, lambdas, loops.
"""

from __future__ import annotations

from break_model.rows import INI, Fate, Row, at_risk, runtime_error, unclear

X = "tests/test_x.py"
_GONE = "AttributeError: module 'acme' has no attribute 'gone'"
_FAILS = runtime_error(X, "test_a", exception=_GONE)
_IN_CLASS = runtime_error(X, "TestX::test_a", exception=_GONE)
_RISKY = at_risk(X, "test_a", exception=_GONE)
_F = "def f(x=None):\n    return acme.gone\ndef many():\n    return [1]\n"
_DECO = """\
def deco(f):
    @functools.wraps(f)
    def inner(*a, **k):
        acme.gone
        return f(*a, **k)
    return inner
"""
_DECO_WITH = """\
def deco(n):
    def outer(f):
        @functools.wraps(f)
        def inner(*a, **k):
            acme.gone
            return f(*a, **k)
        return inner
    return outer
"""
_PASSING = _DECO.replace("        acme.gone\n", "")
_CONTEXT = "@contextlib.contextmanager\ndef ctx():\n    acme.gone\n    yield\n"
_BASE = "class B:\n    def run(self):\n        return self.step()\n    def step(self):\n        {}\n"
_TEMPLATE = _BASE.format("raise NotImplementedError") + "class C(B):\n    def step(self):\n        return acme.gone\n"
_TEMPLATE_OF_TWO = _BASE.format("pass").replace("return self.step()", "return self.go()\n    def go(self):\n        return self.step()")
_OVERRIDING = "class C(h.B):\n    def step(self):\n        return 1\n"
_CASE = "class TestX(h.B):\n    def test_a(self):\n        self.run()\n"
_TESTING = _BASE.replace("run", "test_a")
_STEPPING = "class TestX(h.B):\n    def step(self):\n        {}\n"
_SETTING_UP = _BASE.replace("run", "setup_method")
_STEPPING_UP = _STEPPING + "    def test_a(self):\n        pass\n"


def _special(name: str, parameters: str = "", given: str = "None") -> str:
    return f"class K:\n    def {name}(self{parameters}):\n        acme.gone\n        return {given}\n"


def _row(name: str, helper: str, body: str, *fates: Fate, above: str = "", parameters: str = "") -> Row:
    lines = f"def test_a({parameters}):\n" + "".join(f"    {line}\n" for line in body.splitlines()) if body else ""
    tree = {
        "acme/__init__.py": "gone = 1\nkept = 1\n",
        "acme/h.py": f"import acme\nimport contextlib\nimport functools\n{helper}",
        X: f"import asyncio\nimport contextlib\nimport os\nimport unittest\nimport pytest\nfrom acme import h\n{above}{lines}def test_b():\n    pass\n",
    }
    return Row(f"way-{name}", tree, {"acme/__init__.py": "kept = 1\n"}, fates, ini=INI)


_DECORATORS = (
    _row("decorator", _DECO, "pass", _FAILS, above="@h.deco\n"),
    _row("decorator-with-arguments", _DECO_WITH, "pass", _FAILS, above="@h.deco(1)\n"),
    _row("decorator-of-a-helper", f"{_DECO}@deco\ndef f():\n    return 1\n", "h.f()", _FAILS),
    _row("decorator-of-a-helper-that-fails-itself", f"{_PASSING}@deco\n{_F}", "h.f()", _FAILS),
    _row("decorator-that-nobody-uses", f"{_DECO}def f():\n    return 1\n", "h.f()"),
    _row("decorator-of-another-function", f"{_DECO}@deco\ndef f():\n    return 1\ndef g():\n    return 1\n", "h.g()"),
    _row("context-as-a-decorator", _CONTEXT, "pass", _FAILS, above="@h.ctx()\n"),
    _row("context", _CONTEXT, "with h.ctx():\n    pass", _FAILS),
    _row("context-that-is-made-alone", _CONTEXT, "h.ctx()"),
)

_SPECIAL = (
    _row("enter", _special("__enter__") + "    def __exit__(self, *a):\n        pass\n", "with h.K():\n    pass", _FAILS),
    _row("exit", _special("__exit__", ", *a") + "    def __enter__(self):\n        return self\n", "with h.K():\n    pass", _FAILS),
    _row("call", _special("__call__"), "h.K()()", _FAILS),
    _row("call-that-nobody-makes", _special("__call__"), "h.K()"),
    _row("iter", _special("__iter__", given="iter([1])"), "for one in h.K():\n    pass", _FAILS),
    _row("iter-by-a-builtin", _special("__iter__", given="iter([1])"), "list(h.K())", _FAILS),
    _row("len", _special("__len__", given="1"), "len(h.K())", _FAILS),
    _row("len-of-an-heir-that-has-its-own", f"{_special('__len__', given='1')}class L(K):\n    def __len__(self):\n        return 1\n", "len(h.L())"),
    _row("new", "class K:\n    def __new__(cls):\n        acme.gone\n        return super().__new__(cls)\n", "h.K()", _FAILS),
)

_NAMES = (
    _row("attribute-of-the-class", _special("__init__"), "", _IN_CLASS, above="class TestX:\n    make = h.K\n    def test_a(self):\n        self.make()\n"),
    _row(
        "static-method-made-of-a-function",
        _F,
        "",
        _IN_CLASS,
        above="class TestX:\n    make = staticmethod(h.f)\n    def test_a(self):\n        self.make()\n",
    ),
    _row("table", _F, "T['a']()", _FAILS, above="T = {'a': h.f}\n"),
    _row("table-of-a-helper", f"{_F}T = {{'a': f}}\ndef run(key):\n    return T[key]()\n", "h.run('a')", _FAILS),
    _row("table-of-several", _F, "T['b']()", above="T = {'a': h.f, 'b': h.many}\n"),
    _row(
        "fixture-by-a-parameter-of-another",
        _F,
        "pass",
        _FAILS,
        above="@pytest.fixture\ndef one():\n    return h.f()\n"
        "@pytest.fixture(params=['one'])\ndef two(request):\n    return request.getfixturevalue(request.param)\n",
        parameters="two",
    ),
    _row(
        "fixture-by-a-parameter",
        _F,
        "request.getfixturevalue(n)",
        _FAILS,
        above="@pytest.fixture\ndef one():\n    return h.f()\n@pytest.mark.parametrize('n', ['one'])\n",
        parameters="n, request",
    ),
)

_HEIRS = (
    _row("method-of-an-heir", _TEMPLATE, "h.C().run()", _FAILS),
    _row("method-of-an-heir-and-the-base-is-used", _TEMPLATE.replace("raise NotImplementedError", "return 1"), "h.B().run()"),
    _row("method-that-an-heir-overrides", _BASE.format("return acme.gone"), "C().run()", above=_OVERRIDING),
    _row("method-that-an-heir-overrides-and-the-base-is-used", _BASE.format("return acme.gone"), "C\nh.B().run()", _FAILS, above=_OVERRIDING),
    _row("method-of-an-heir-two-calls-away", _TEMPLATE_OF_TWO, "C().run()", _FAILS, above="import acme\n" + _OVERRIDING.replace("1", "acme.gone")),
    _row("method-that-an-heir-overrides-two-calls-away", _TEMPLATE_OF_TWO.replace("pass", "return acme.gone"), "C().run()", above=_OVERRIDING),
    _row("method-that-a-test-class-overrides", _BASE.format("return acme.gone"), "", above=f"{_CASE}    def step(self):\n        return 1\n"),
    _row("method-that-a-test-class-has-from-a-base", _BASE.format("return acme.gone"), "", _IN_CLASS, above=_CASE),
    _row("method-that-a-test-class-overrides-below-its-test", _TESTING.format("return acme.gone"), "", above=_STEPPING.format("return 1")),
    _row("method-of-a-test-class-below-its-test", _TESTING.format("pass"), "", _IN_CLASS, above=f"import acme\n{_STEPPING.format('return acme.gone')}"),
    _row("set-up-that-a-test-class-overrides-in-part", _SETTING_UP.format("return acme.gone"), "", above=_STEPPING_UP.format("return 1")),
    _row("set-up-that-a-test-class-completes", _SETTING_UP.format("pass"), "", _IN_CLASS, above=f"import acme\n{_STEPPING_UP.format('return acme.gone')}"),
    _row("method-of-a-test-class", _BASE.format("pass"), "", _IN_CLASS, above=f"import acme\n{_CASE}    def step(self):\n        return acme.gone\n"),
)

_LAMBDAS = (
    _row("lambda", _F, "g = lambda: h.f(1)\ng()", _FAILS),
    _row("lambda-that-nobody-calls", _F, "g = lambda: h.f(1)"),
    _row("lambda-of-the-module", _F, "g()", _FAILS, above="g = lambda: h.f(1)\n"),
    _row("lambda-of-another-module", "g = lambda: acme.gone\n", "h.g()", _FAILS),
    _row("lambda-of-another-module-that-nobody-calls", "g = lambda: acme.gone\n", "h.g"),
    _row("lambda-of-a-class", "class K:\n    go = lambda self: acme.gone\n", "h.K().go()", _FAILS),
    _row("lambda-that-is-handed-on", _F, "sorted([1], key=lambda x: h.f(x))", _RISKY),
    _row("lambda-that-is-handed-on-and-fails-itself", "", "sorted([1], key=lambda x: acme.gone)", _RISKY, above="import acme\n"),
    _row("lambda-whose-parameter-has-the-name", "", "sorted([h], key=lambda acme: 1)", above="import acme\n"),
    _row("lambda-that-is-expected-to-fail", _F, "h.many()", above="def test_c():\n    with pytest.raises(TypeError):\n        sorted(1, key=lambda x: 1)\n"),
)

_MAYBE = (
    _row("condition", _F, "if os.environ.get('PATH'):\n    h.f()", _RISKY),
    _row("condition-that-does-not-hold", _F, "if os.environ.get('NEVER'):\n    h.f()", unclear(X)),
    _row("condition-and-it-is-caught", _F, "try:\n    if os.environ.get('PATH'):\n        h.f()\nexcept AttributeError:\n    pass"),
    _row("loop-over-what-a-call-gives", _F, "for x in h.many():\n    h.f(x)", _RISKY),
    _row("loop-over-a-list", _F, "cases = [1]\nfor x in cases:\n    h.f(x)", _FAILS),
    _row("loop-over-an-empty-list", _F, "cases = []\nfor x in cases:\n    h.f(x)", unclear(X)),
    _row("loop-over-the-items-of-a-table", _F, "for x, y in T.items():\n    h.f(x)", _FAILS, above="T = {'a': 1}\n"),
    _row("loop-over-the-values-of-a-table", _F, "t = {'a': 1}\nfor x in t.values():\n    h.f(x)", _FAILS),
    _row("loop-over-a-list-that-is-filled-later", _F, "for x in CASES:\n    h.f(x)", _RISKY, above="CASES = []\nCASES.append(1)\n"),
)

_K = "class K:\n    def go(self):\n        return acme.gone\n    def ok(self):\n        return 1\n"
_STUBBING = "@pytest.fixture{}\ndef stub(monkeypatch):\n    monkeypatch.setattr(h, 'f', lambda: 1)\n"
_PATCHER = (
    "class TestX(unittest.TestCase):\n    def setUp(self):\n        mock.patch('acme.h.f').start()\n        self.addCleanup(mock.patch.stopall)\n"
    "    def test_a(self):\n        h.f()\n"
)
_HANDED = (
    _row("class-of-parametrize", _K, "cls().go()", _FAILS, above="@pytest.mark.parametrize('cls', [h.K])\n", parameters="cls"),
    _row("class-of-parametrize-and-another-method-is-called", _K, "cls().ok()", above="@pytest.mark.parametrize('cls', [h.K])\n", parameters="cls"),
    _row("instance-of-parametrize", _K, "k.go()", _FAILS, above="@pytest.mark.parametrize('k', [h.K()])\n", parameters="k"),
    _row("function-of-a-fixture", _F, "fn()", _FAILS, above="@pytest.fixture\ndef fn():\n    return h.f\n", parameters="fn"),
    _row("function-of-a-fixture-that-nobody-calls", _F, "fn", above="@pytest.fixture\ndef fn():\n    return h.f\n", parameters="fn"),
    _row("stubbed-by-a-fixture-for-all", _F, "h.f()", unclear(X), above=_STUBBING.format("(autouse=True)")),
    _row("stubbed-by-a-fixture", _F, "h.f()", unclear(X), above=_STUBBING.format(""), parameters="stub"),
    _row("stubbed-by-a-fixture-of-others", _F, "h.f()", _FAILS, above=_STUBBING.format("")),
    _row("stubbed-in-the-test", _F, "monkeypatch.setattr(h, 'f', lambda: 1)\nh.f()", parameters="monkeypatch"),
    _row("stubbed-in-the-test-too-late", _F, "h.f()\nmonkeypatch.setattr(h, 'f', lambda: 1)", _FAILS, parameters="monkeypatch"),
    _row("stubbed-in-set-up", _F, "", unclear(X), above=f"from unittest import mock\n{_PATCHER}"),
    _row(
        "made-anew-in-the-test", _F, "monkeypatch.setattr(acme, 'gone', 1, raising=False)\nh.f()", unclear(X), above="import acme\n", parameters="monkeypatch"
    ),
)

_ABSTRACT = """\
import abc
from acme.b import Order, Other, Small
class TestBase(abc.ABC):
    @abc.abstractmethod
    def make(self) -> Order:
        raise NotImplementedError
    def test_a(self):
        self.make().gone()
"""
_MAKING = """\
from acme.b import Order, Other, Small
class TestBase:
    kind = Order
    def setup_method(self):
        self.one = self.make()
    def make(self):
        return Order()
    def test_a(self):
        self.one.gone()
    def test_c(self):
        self.kind().gone()
"""
_OF_SMALL = "class TestSmall(TestBase):\n    kind = Small\n    def make(self):\n        return Small()\n"
_OF_OTHER = _OF_SMALL.replace("Small", "Other")
_B = "class Order:\n    def gone(self):\n        return 1\nclass Small(Order):\n    pass\nclass Other:\n    def gone(self):\n        return 1\n"


def _collected(name: str, test: str, *nodes: str, exception: str | None = None) -> Row:
    tree = {"acme/__init__.py": "", "acme/b.py": _B, X: f"{test}def test_b():\n    pass\n"}
    fates = (runtime_error(X, *nodes, exception=exception),) if nodes else ()
    return Row(f"way-collected-{name}", tree, {"acme/b.py": _B.replace("    def gone(self):\n        return 1\n", "    pass\n", 1)}, fates)


_COLLECTED = (
    _collected("from-a-base-that-is-abstract", _ABSTRACT),
    _collected(
        "from-an-heir-of-one-that-is-abstract",
        _ABSTRACT + _OF_SMALL,
        "TestSmall::test_a",
        exception="AttributeError: 'Small' object has no attribute 'gone'",
    ),
    _collected("from-an-heir-that-makes-another", _ABSTRACT + _OF_OTHER),
    _collected("from-both", _MAKING + _OF_SMALL, "TestBase::test_a", "TestBase::test_c", "TestSmall::test_a", "TestSmall::test_c"),
    _collected(
        "from-the-base-alone",
        _MAKING + _OF_OTHER,
        "TestBase::test_a",
        "TestBase::test_c",
        exception="AttributeError: 'Order' object has no attribute 'gone'",
    ),
    _collected(
        "from-an-heir-that-has-all-from-its-base",
        _MAKING.replace("TestBase", "Base") + _OF_OTHER.replace("TestBase", "Base") + "class TestMore(Base):\n    pass\n",
        "TestMore::test_a",
        "TestMore::test_c",
        exception="AttributeError: 'Order' object has no attribute 'gone'",
    ),
)

ROWS = (*_COLLECTED, *_HANDED, *_DECORATORS, *_SPECIAL, *_NAMES, *_HEIRS, *_LAMBDAS, *_MAYBE)
