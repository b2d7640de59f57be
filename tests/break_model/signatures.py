"""Calls that are refused now: keywords, arguments and fields of functions, methods and classes, however they are reached."""

from __future__ import annotations

from break_model.rows import Row, acme, collection_error, runtime_error, unclear

X = "tests/test_x.py"
B = "def test_b():\n    pass\n"


def sig(call: str, before: str, after: str) -> tuple[dict[str, str], dict[str, str]]:
    return acme(f"import acme.a as m\ndef test_a():\n    {call}\n{B}", a=before), {"acme/a.py": after}


ROWS = (
    Row(
        "keyword-gone-by-alias",
        *sig("m.f(1, b=2)", "def f(a, b=1):\n    pass\n", "def f(a):\n    pass\n"),
        (runtime_error(X, "test_a", exception="TypeError: f() got an unexpected keyword argument 'b'"),),
    ),
    Row(
        "keyword-renamed-again",
        *sig("m.f(1, b=2)", "def f(a, b=1):\n    pass\n", "def f(a, c=1):\n    pass\n"),
        (runtime_error(X, "test_a", exception="TypeError: f() got an unexpected keyword argument 'b'"),),
    ),
    Row("keyword-taken-by-kwargs-now", *sig("m.f(1, b=2)", "def f(a, b=1):\n    pass\n", "def f(a, **k):\n    pass\n")),
    Row(
        "argument-required-now",
        *sig("m.f(1)", "def f(a, b=1):\n    pass\n", "def f(a, b):\n    pass\n"),
        (runtime_error(X, "test_a", exception="TypeError: f() missing 1 required positional argument: 'b'"),),
    ),
    Row(
        "keyword-only-argument-required-now",
        *sig("m.f(1)", "def f(a, *, b=1):\n    pass\n", "def f(a, *, b):\n    pass\n"),
        (runtime_error(X, "test_a", exception="TypeError: f() missing 1 required keyword-only argument: 'b'"),),
    ),
    Row(
        "positional-count",
        *sig("m.f(1, 2, 3)", "def f(a, b, c):\n    pass\n", "def f(a, b):\n    pass\n"),
        (runtime_error(X, "test_a", exception="TypeError: f() takes 2 positional arguments but 3 were given"),),
    ),
    Row("positional-count-with-rest", *sig("m.f(1, 2, 3)", "def f(a, b, c):\n    pass\n", "def f(a, *rest):\n    pass\n")),
    Row("call-with-a-star-that-fits", *sig("m.f(*[1, 2])", "def f(a, b, c=1):\n    pass\n", "def f(a, b):\n    pass\n")),
    Row("call-with-two-stars-that-fits", *sig("m.f(**{'a': 1})", "def f(a, b=1):\n    pass\n", "def f(a):\n    pass\n")),
    Row(
        "method-keyword-gone",
        *sig("m.C().f(b=2)", "class C:\n    def f(self, b=1):\n        pass\n", "class C:\n    def f(self):\n        pass\n"),
        (runtime_error(X, "test_a", exception="TypeError: C.f() got an unexpected keyword argument 'b'"),),
    ),
    Row(
        "method-argument-required",
        *sig("m.C().f()", "class C:\n    def f(self, b=1):\n        pass\n", "class C:\n    def f(self, b):\n        pass\n"),
        (runtime_error(X, "test_a", exception="TypeError: C.f() missing 1 required positional argument: 'b'"),),
    ),
    Row(
        "method-of-a-fixture",
        {
            **acme(f"def test_a(it):\n    it.f(b=2)\n{B}", a="class C:\n    def f(self, b=1):\n        pass\n"),
            "tests/conftest.py": "import pytest\nfrom acme.a import C\n@pytest.fixture\ndef it():\n    return C()\n",
        },
        {"acme/a.py": "class C:\n    def f(self):\n        pass\n"},
        (runtime_error(X, "test_a", exception="TypeError: C.f() got an unexpected keyword argument 'b'"),),
    ),
    Row(
        "method-of-what-a-factory-made",
        *sig(
            "m.make().f(b=2)",
            "class C:\n    def f(self, b=1):\n        pass\ndef make():\n    return C()\n",
            "class C:\n    def f(self):\n        pass\ndef make():\n    return C()\n",
        ),
        (runtime_error(X, "test_a", exception="TypeError: C.f() got an unexpected keyword argument 'b'"),),
    ),
    Row(
        "method-inherited",
        *sig(
            "m.D().f(b=2)",
            "class C:\n    def f(self, b=1):\n        pass\nclass D(C):\n    pass\n",
            "class C:\n    def f(self):\n        pass\nclass D(C):\n    pass\n",
        ),
        (runtime_error(X, "test_a", exception="TypeError: C.f() got an unexpected keyword argument 'b'"),),
    ),
    Row(
        "method-overridden-below",
        *sig(
            "m.D().f(b=2)",
            "class C:\n    def f(self, b=1):\n        pass\nclass D(C):\n    def f(self, b=1):\n        pass\n",
            "class C:\n    def f(self):\n        pass\nclass D(C):\n    def f(self, b=1):\n        pass\n",
        ),
    ),
    Row(
        "dataclass-init",
        *sig(
            "m.D(x=1, y=2)",
            "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int\n    y: int\n",
            "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int\n",
        ),
        (runtime_error(X, "test_a", exception="TypeError: D.__init__() got an unexpected keyword argument 'y'"),),
    ),
    Row(
        "dataclass-init-new-field",
        *sig(
            "m.D(1)",
            "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int\n",
            "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int\n    y: int\n",
        ),
        (runtime_error(X, "test_a", exception="TypeError: D.__init__() missing 1 required positional argument: 'y'"),),
    ),
    Row(
        "dataclass-init-new-field-with-default",
        *sig(
            "m.D(1)",
            "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int\n",
            ("from dataclasses import dataclass, field\n@dataclass\nclass D:\n    x: int\n    y: list = field(default_factory=list)\n"),
        ),
    ),
    Row(
        "named-tuple-init",
        *sig(
            "m.N(1, 2)",
            "from typing import NamedTuple\nclass N(NamedTuple):\n    x: int\n    y: int\n",
            "from typing import NamedTuple\nclass N(NamedTuple):\n    x: int\n",
        ),
        (runtime_error(X, "test_a", exception="TypeError: N.__new__() takes 2 positional arguments but 3 were given"),),
    ),
    Row(
        "partial-of-a-keyword-that-stays",
        acme(f"from functools import partial\nimport acme.a as m\ndef test_a():\n    partial(m.f, b=2)(1)\n{B}", a="def f(a, b=1, c=2):\n    pass\n"),
        {"acme/a.py": "def f(a, b=1):\n    pass\n"},
    ),
    Row(
        "decorated-by-a-wrapper-of-the-project",
        *sig(
            "m.f(b=2)",
            (
                "import functools\ndef deco(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n"
                "        k.pop('b', None)\n        return f(*a, **k)\n    return inner\n@deco\ndef f(b=1):\n"
                "    pass\n"
            ),
            (
                "import functools\ndef deco(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n"
                "        k.pop('b', None)\n        return f(*a, **k)\n    return inner\n@deco\ndef f():\n    pass\n"
            ),
        ),
        (unclear(X),),
    ),
    Row(
        "overloads-and-one-body",
        *sig(
            "m.f(1)",
            ("from typing import overload\n@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a):\n    return a\n"),
            ("from typing import overload\n@overload\ndef f(a: int, b: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a, b=1):\n    return a\n"),
        ),
    ),
    Row(
        "overloads-whose-body-takes-less",
        *sig(
            "m.f(1, 2)",
            ("from typing import overload\n@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str, b: int) -> str: ...\ndef f(a, b=1):\n    return a\n"),
            ("from typing import overload\n@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a):\n    return a\n"),
        ),
        (runtime_error(X, "test_a", exception="TypeError: f() takes 1 positional argument but 2 were given"),),
    ),
    Row(
        "call-within-raises",
        acme(
            (f"import pytest\nimport acme.a as m\ndef test_a():\n    with pytest.raises(TypeError):\n        m.f(1, 2, 3)\n{B}"),
            a="def f(a, b=1, c=2):\n    raise TypeError\n",
        ),
        {"acme/a.py": "def f(a, b=1):\n    raise TypeError\n"},
    ),
    Row(
        "call-in-parametrize",
        acme(("import pytest\nimport acme.a as m\n@pytest.mark.parametrize('x', [m.f(b=1)])\ndef test_a(x):\n    pass\n"), a="def f(b=1):\n    return b\n"),
        {"acme/a.py": "def f():\n    return 1\n"},
        (collection_error(X, "TypeError: f() got an unexpected keyword argument 'b'"),),
    ),
    Row(
        "call-in-a-class-body",
        acme("import acme.a as m\nclass TestX:\n    value = m.f(b=1)\n    def test_a(self):\n        pass\n", a="def f(b=1):\n    return b\n"),
        {"acme/a.py": "def f():\n    return 1\n"},
        (collection_error(X, "TypeError: f() got an unexpected keyword argument 'b'"),),
    ),
    Row(
        "call-in-setup",
        acme(
            (f"import acme.a as m\nclass TestX:\n    def setup_method(self):\n        self.value = m.f(b=1)\n    def test_a(self):\n        pass\n{B}"),
            a="def f(b=1):\n    return b\n",
        ),
        {"acme/a.py": "def f():\n    return 1\n"},
        (runtime_error(X, "TestX::test_a", exception="TypeError: f() got an unexpected keyword argument 'b'"),),
    ),
    Row(
        "context-manager-takes-less",
        acme(
            f"import acme.a as m\ndef test_a():\n    with m.opened(b=1):\n        pass\n{B}",
            a="import contextlib\n@contextlib.contextmanager\ndef opened(b=1):\n    yield\n",
        ),
        {"acme/a.py": "import contextlib\n@contextlib.contextmanager\ndef opened():\n    yield\n"},
        (runtime_error(X, "test_a", exception="TypeError: opened() got an unexpected keyword argument 'b'"),),
    ),
    Row(
        "async-function-takes-less",
        acme(f"import asyncio\nimport acme.a as m\ndef test_a():\n    asyncio.run(m.f(b=1))\n{B}", a="async def f(b=1):\n    pass\n"),
        {"acme/a.py": "async def f():\n    pass\n"},
        (runtime_error(X, "test_a", exception="TypeError: f() got an unexpected keyword argument 'b'"),),
    ),
    Row("function-becomes-a-class-again", *sig("m.f(1)", "def f(a):\n    return a\n", "class f:\n    def __init__(self, a):\n        pass\n")),
    Row("class-becomes-a-function", *sig("m.f(1)", "class f:\n    def __init__(self, a):\n        pass\n", "def f(a):\n    return a\n")),
    Row(
        "property-becomes-a-method-and-is-read",
        *sig("m.C().p", "class C:\n    @property\n    def p(self):\n        return 1\n", "class C:\n    def p(self):\n        return 1\n"),
    ),
)
