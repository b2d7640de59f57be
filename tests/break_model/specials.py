"""Special methods that are gone, by the syntax that asks for them; and names that stand for another kind of thing."""

from __future__ import annotations

import re

from break_model.rows import OK, Fate, Row, acme, collection_error, runtime_error

X = "tests/test_x.py"
_C = """\
class C:
    def __enter__(self):
        return self
    def __exit__(self, *args):
        pass
    def __iter__(self):
        return iter([1])
    def __len__(self):
        return 1
    def __call__(self):
        return 1
    def __getitem__(self, key):
        return 1
"""
_ASYNC = _C.replace("def __enter__", "async def __aenter__").replace("def __exit__", "async def __aexit__")
_USE = "from acme.a import C\ndef test_a():\n    "
_GO = "import asyncio\nfrom acme.a import C\ndef test_a():\n    async def go():\n        async with C():\n            pass\n    asyncio.run(go())\n"
_CONTEXT = "TypeError: 'C' object does not support the context manager protocol"
_TEST_CASE = "import unittest\nclass Base(unittest.TestCase):\n    "


def _less(*names: str, of: str = _C) -> str:
    """Return a class without some of its methods."""
    for name in names:
        of = re.sub(rf"    (async )?def {name}\(.*\n        .*\n", "", of)
    return of


def _lacks(name: str, lost: str, use: str, *fates: Fate, before: str = _C, after: str | None = None) -> Row:
    return Row(f"special-{name}", acme(use + OK, a=before), {"acme/a.py": after if after is not None else _less(*lost.split(), of=before)}, fates)


def _kind(name: str, before: str, after: str, use: str, *fates: Fate) -> Row:
    return Row(f"kind-{name}", acme(f"from acme.a import *\n{use}{OK}", a=before), {"acme/a.py": after}, fates)


def _fails(text: str) -> Fate:
    return runtime_error(X, "test_a", exception=f"TypeError: {text}")


ROWS = (
    _lacks("enter", "__enter__", f"{_USE}with C():\n        pass\n", runtime_error(X, "test_a", exception=_CONTEXT)),
    _lacks("exit", "__exit__", f"{_USE}with C():\n        pass\n", runtime_error(X, "test_a", exception=f"{_CONTEXT} (missed __exit__ method)")),
    _lacks("enter-of-a-name", "__enter__", f"{_USE}c = C()\n    with c:\n        pass\n", runtime_error(X, "test_a", exception=_CONTEXT)),
    _lacks(
        "enter-of-an-heir",
        "__enter__",
        "from acme.a import C\nclass D(C):\n    pass\ndef test_a():\n    with D():\n        pass\n",
        runtime_error(X, "test_a", exception=_CONTEXT.replace("C", "D", 1)),
    ),
    _lacks("enter-at-import", "__enter__", "from acme.a import C\nwith C():\n    x = 1\n", collection_error(X, _CONTEXT)),
    _lacks("enter-that-is-asynchronous-now", "", f"{_USE}with C():\n        pass\n", runtime_error(X, "test_a", exception=_CONTEXT), after=_ASYNC),
    _lacks("asynchronous-enter", "__aenter__", _GO, _fails("'C' object does not support the asynchronous context manager protocol"), before=_ASYNC),
    _lacks("iter", "__iter__ __getitem__", f"{_USE}for _ in C():\n        pass\n", _fails("'C' object is not iterable")),
    _lacks("iter-of-a-name", "__iter__ __getitem__", f"{_USE}c = C()\n    list(c)\n", _fails("'C' object is not iterable")),
    _lacks("len", "__len__", f"{_USE}c = C()\n    assert len(c) == 1\n", _fails("object of type 'C' has no len()")),
    _lacks("call", "__call__", f"{_USE}c = C()\n    c()\n", _fails("'C' object is not callable")),
    _lacks(
        "call-at-import", "__call__", "from acme.a import C\nc = C()\nclass K:\n    x = c()\n", collection_error(X, "TypeError: 'C' object is not callable")
    ),
    _lacks(
        "of-a-base-that-is-none-any-more",
        "",
        f"{_USE}c = C()\n    len(c)\n",
        _fails("object of type 'C' has no len()"),
        before="class C(dict):\n    pass\n",
        after="class C:\n    pass\n",
    ),
    _lacks(
        "enter-that-an-heir-has",
        "__enter__",
        "from acme.a import C\nclass D(C):\n    def __enter__(self):\n        pass\ndef test_a():\n    with D():\n        pass\n",
    ),
    _lacks("enter-in-another-context", "__enter__", "import contextlib\n" + _USE + "with contextlib.nullcontext(C()):\n        pass\n"),
    _lacks("enter-in-a-guard", "__enter__", f"{_USE}try:\n        with C():\n            pass\n    except TypeError:\n        pass\n"),
    _lacks("iter-where-items-are-left", "__iter__", f"{_USE}for _ in C():\n        break\n"),
    _lacks("enter-nobody-asks-for", "__enter__", f"{_USE}len(C())\n"),
    _lacks(
        "call-of-a-metaclass",
        "__call__",
        f"{_USE}C()\n",
        before="class M(type):\n    x = 1\n    def __call__(cls):\n        return 1\nclass C(metaclass=M):\n    pass\n",
    ),
    _lacks(
        "of-a-base-that-is-not-known",
        "",
        f"{_USE}c = C()\n    len(c)\n",
        before="class C(dict):\n    pass\n",
        after="import collections\nclass C(collections.UserDict):\n    pass\n",
    ),
    _kind(
        "assertions-of-a-test-case",
        f"{_TEST_CASE}pass\n",
        "class Base:\n    pass\n",
        "class TestIt(Base):\n    def test_a(self):\n        self.assertEqual(1, 1)\n",
        runtime_error(X, "TestIt::test_a", exception="AttributeError: 'TestIt' object has no attribute 'assertEqual'"),
    ),
    _kind(
        "assertions-of-a-test-case-in-a-helper",
        f"{_TEST_CASE}def check(self):\n        self.assertTrue(1)\n",
        "class Base:\n    def check(self):\n        self.assertTrue(1)\n",
        "class TestIt(Base):\n    def test_a(self):\n        self.check()\n",
        runtime_error(X, "TestIt::test_a", exception="AttributeError: 'TestIt' object has no attribute 'assertTrue'"),
    ),
    _kind(
        "assertions-that-another-base-brings",
        f"{_TEST_CASE}pass\n",
        "class Base:\n    pass\n",
        "import unittest\nclass TestIt(Base, unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(1, 1)\n",
    ),
    _kind(
        "methods-of-a-dictionary",
        "class C(dict):\n    pass\n",
        "class C:\n    pass\n",
        "def test_a():\n    c = C()\n    c.update({})\n",
        runtime_error(X, "test_a", exception="AttributeError: 'C' object has no attribute 'update'"),
    ),
    _kind("function-that-is-a-class", "def f(x):\n    return 1\n", "class f:\n    pass\n", "def test_a():\n    f(1)\n", _fails("f() takes no arguments")),
    _kind(
        "class-that-is-a-function",
        "class C:\n    def __init__(self, x):\n        pass\n",
        "def C():\n    pass\n",
        "def test_a():\n    C(1)\n",
        _fails("C() takes 0 positional arguments but 1 was given"),
    ),
    _kind(
        "method-that-is-a-class",
        "class O:\n    @staticmethod\n    def k(x):\n        pass\n",
        "class O:\n    class k:\n        pass\n",
        "def test_a():\n    O.k(1)\n",
        _fails("k() takes no arguments"),
    ),
    _kind(
        "base-that-is-a-function",
        "class C:\n    pass\n",
        "def C():\n    pass\n",
        "class D(C):\n    pass\n",
        collection_error(X, "TypeError: function() argument 'code' must be code, not str"),
    ),
    _kind(
        "function-that-is-a-class-and-fits", "def f(x):\n    return 1\n", "class f:\n    def __init__(self, x):\n        pass\n", "def test_a():\n    f(1)\n"
    ),
    _kind("class-that-is-a-function-and-fits", "class C:\n    def __init__(self, x):\n        pass\n", "def C(x):\n    pass\n", "def test_a():\n    C(1)\n"),
)
