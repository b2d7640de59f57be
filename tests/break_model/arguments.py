"""Functions that fail under a condition on what they are handed: the constants of a call, and defaults, say whether it holds."""

from __future__ import annotations

from break_model.rows import INI, Row, runtime_error

X = "tests/test_x.py"
_FAILS = (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),)
_OR = "def f(x=None):\n    return x or acme.a.gone()\n"
_NONE = "def f(x=None):\n    if x is None:\n        acme.a.gone()\n"
_LEFT = "def f(x=None):\n    if x is None:\n        return 1\n    return acme.a.gone()\n"
_MODE = "def f(mode):\n    if mode == 'fast':\n        return 1\n    elif mode in ('slow', 'old'):\n        return acme.a.gone()\n    raise ValueError(mode)\n"
_BOTH = "def f(x=None, y=None):\n    if x is None and y is None:\n        acme.a.gone()\n"
_EITHER = "def f(x=None, y=None):\n    if x is None or y is None:\n        acme.a.gone()\n"
_KIND = "def f(x):\n    if isinstance(x, (str, bytes)):\n        acme.a.gone()\n"
_LIST = "def f(xs):\n    if not xs:\n        return 1\n    acme.a.gone()\n"
_LOOP = "def f(xs=()):\n    for x in xs:\n        acme.a.gone()\n"
_INIT = "class B:\n    def __init__(self, x=None):\n        self.x = x if x is not None else acme.a.gone()\n"
_SUPER = f"{_INIT}class C(B):\n    def __init__(self, y=1, x=None):\n        super().__init__(x)\n"
_NAMED = f"{_INIT}class C(B):\n    def __init__(self, x=None):\n        B.__init__(self, x)\n"
_HEIR = f"{_INIT}class C(B):\n    pass\n"
_METHOD = "class C:\n    def m(self, x=None):\n        return x or acme.a.gone()\n"
_CLASS_METHOD = _METHOD.replace("    def m(self", "    @classmethod\n    def m(cls")
_STATIC = _METHOD.replace("    def m(self, ", "    @staticmethod\n    def m(")
_WRAPPED = "import functools\ndef deco(f):\n    @functools.wraps(f)\n    def inner(*a):\n        return f(1, *a)\n    return inner\n@deco\n"
_INSTANCE = "class K:\n    pass\n"
_THROUGH = f"{_OR}def g(y=None):\n    return f(y)\n"
_RECURSIVE = "def f(n):\n    if n == 0:\n        return acme.a.gone()\n    return f(n - 1)\n"


def _row(name: str, helper: str, body: str, *, fails: bool, above: str = "", parameters: str = "") -> Row:
    tree = {
        "acme/__init__.py": "",
        "acme/a.py": "def gone():\n    return 1\nother = 1\n",
        "acme/b.py": f"import acme.a\nimport os\n{helper}",
        X: f"import asyncio\nimport pytest\nfrom acme import b\n{above}def test_a({parameters}):\n    {body}\ndef test_b():\n    pass\n",
    }
    return Row(f"condition-on-an-argument-{name}", tree, {"acme/a.py": "other = 1\n"}, _FAILS if fails else (), ini=INI)


ROWS = (
    _row("that-leaves", _LEFT, "b.f()", fails=False),
    _row("that-does-not-leave", _LEFT, "b.f(1)", fails=True),
    _row("that-nobody-knows", _NONE, "b.f(os_environ)", fails=False, above="import os\nos_environ = os.environ.get('PATH')\n"),
    _row("its-default", _NONE, "b.f()", fails=True),
    _row("its-default-in-an-or", _OR, "b.f()", fails=True),
    _row("given", _NONE, "b.f(2)", fails=False),
    _row("given-in-an-or", _OR, "b.f('a')", fails=False),
    _row("given-by-keyword", _OR, "b.f(x=0)", fails=True),
    _row("given-by-a-star", _NONE, "b.f(*(1,))", fails=False),
    _row("given-by-two-stars", _NONE, "b.f(**{'x': 1})", fails=False),
    _row("behind-a-tuple", "def f(x, y=None):\n    if y is None:\n        acme.a.gone()\n", "b.f((1, 2))", fails=True),
    _row("behind-a-tuple-and-given", "def f(x, y=None):\n    if y is None:\n        acme.a.gone()\n", "b.f((1, 2), 3)", fails=False),
    _row("by-keyword-alone", "def f(*, x=None):\n    if not x:\n        acme.a.gone()\n", "b.f()", fails=True),
    _row("by-keyword-alone-and-given", "def f(*, x=None):\n    if not x:\n        acme.a.gone()\n", "b.f(x='a')", fails=False),
    _row("equal", _MODE, "b.f('fast')", fails=False),
    _row("equal-to-another", _MODE, "b.f('slow')", fails=True),
    _row("equal-to-none-of-them", _MODE, "with pytest.raises(ValueError):\n        b.f('x')", fails=False),
    _row("both", _BOTH, "b.f()", fails=True),
    _row("both-and-one-is-given", _BOTH, "b.f(y=1)", fails=False),
    _row("either", _EITHER, "b.f(1)", fails=True),
    _row("either-and-both-are-given", _EITHER, "b.f(1, 2)", fails=False),
    _row("of-a-kind", _KIND, "b.f('a')", fails=True),
    _row("of-another-kind", _KIND, "b.f(1)", fails=False),
    _row("of-the-kind-of-an-instance", f"{_INSTANCE}def f(x):\n    if isinstance(x, K):\n        return 1\n    acme.a.gone()\n", "b.f(b.K())", fails=False),
    _row("nested", "def f(x=None, y=0):\n    if x is None:\n        if y == 1:\n            acme.a.gone()\n", "b.f(y=1)", fails=True),
    _row("an-empty-list", _LIST, "b.f([])", fails=False),
    _row("a-list", _LIST, "b.f([1])", fails=True),
    _row("a-list-that-grows", "def f(xs):\n    xs.append(1)\n    if not xs:\n        acme.a.gone()\n", "b.f([])", fails=False),
    _row("a-loop-over-nothing", _LOOP, "b.f()", fails=False),
    _row("a-loop", _LOOP, "b.f([1])", fails=True),
    _row("an-instance", f"{_INSTANCE}{_NONE}", "k = b.K()\n    b.f(k)", fails=False),
    _row("an-instance-that-does-not-leave", f"{_INSTANCE}{_LEFT}", "k = b.K()\n    b.f(k)", fails=True),
    _row("bound-anew", "def f(x=None):\n    x = len('a')\n    if x is None:\n        acme.a.gone()\n", "b.f()", fails=False),
    _row(
        "bound-anew-perhaps", "def f(x=None):\n    if os.environ.get('PATH'):\n        x = 1\n    if x is None:\n        acme.a.gone()\n", "b.f()", fails=False
    ),
    _row("bound-anew-by-the-condition", _NONE.replace("    if", "    if x is None:\n        x = 1\n    if"), "b.f()", fails=False),
    _row("added-to", "def f(x=0):\n    x += 1\n    if not x:\n        acme.a.gone()\n", "b.f()", fails=False),
    _row("of-a-method", _METHOD, "b.C().m()", fails=True),
    _row("of-a-method-and-given", _METHOD, "b.C().m(1)", fails=False),
    _row("of-a-method-of-the-class", _METHOD, "b.C.m(b.C())", fails=True),
    _row("of-a-method-of-the-class-and-given", _METHOD, "b.C.m(b.C(), 1)", fails=False),
    _row("of-a-class-method", _CLASS_METHOD, "b.C.m()", fails=True),
    _row("of-a-class-method-and-given", _CLASS_METHOD, "b.C.m(1)", fails=False),
    _row("of-a-static-method", _STATIC, "b.C.m()", fails=True),
    _row("of-a-static-method-and-given", _STATIC, "b.C.m(1)", fails=False),
    _row("of-a-constructor", _INIT, "b.B()", fails=True),
    _row("of-a-constructor-and-given", _INIT, "b.B(0)", fails=False),
    _row("of-the-constructor-above", _SUPER, "b.C()", fails=True),
    _row("of-the-constructor-above-and-given", _SUPER, "b.C(1, 2)", fails=False),
    _row("of-the-constructor-of-a-base-by-name", _NAMED, "b.C()", fails=True),
    _row("of-the-constructor-of-a-base-by-name-and-given", _NAMED, "b.C(2)", fails=False),
    _row("of-an-inherited-constructor", _HEIR, "b.C()", fails=True),
    _row("of-an-inherited-constructor-and-given", _HEIR, "b.C(x=1)", fails=False),
    _row("of-an-heir-in-the-test", _INIT, "C()", fails=True, above="class C(b.B):\n    pass\n"),
    _row("handed-on", _THROUGH, "b.g()", fails=True),
    _row("handed-on-and-given", _THROUGH, "b.g(1)", fails=False),
    _row("of-a-helper-in-the-test", "", "f()", fails=True, above=f"import acme.a\n{_OR}"),
    _row("of-a-fixture", _OR, "assert one", fails=True, above="@pytest.fixture\ndef one():\n    return b.f()\n", parameters="one"),
    _row("of-a-fixture-and-given", _OR, "assert one", fails=False, above="@pytest.fixture\ndef one():\n    return b.f(1)\n", parameters="one"),
    _row("of-a-decorated-function", f"{_WRAPPED}{_OR}", "b.f()", fails=False),
    _row("of-a-coroutine", f"async {_OR}", "asyncio.run(b.f())", fails=True),
    _row("of-a-generator-that-nobody-runs", _OR.replace("return", "yield"), "b.f()", fails=False),
    _row("that-is-caught", "def f(x=None):\n    try:\n        return x or acme.a.gone()\n    except AttributeError:\n        return 1\n", "b.f()", fails=False),
    _row("under-another-condition", "def f(x=None):\n    if os.environ.get('NEVER'):\n        return x or acme.a.gone()\n", "b.f()", fails=False),
    _row("of-a-function-that-calls-itself", _RECURSIVE, "b.f(0)", fails=True),
    _row("given-by-parametrize", _OR, "b.f(v)", fails=False, above="@pytest.mark.parametrize('v', [1, 2])\n", parameters="v"),
)
