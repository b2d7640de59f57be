"""Members of what a function is said to hand back, where its body does not show it; and of what is asked for over several calls."""

from __future__ import annotations

from break_model.rows import Fate, Row, acme, at_risk, runtime_error, unclear

X = "tests/test_x.py"
CLASS = "class C:\n    def gone(self):\n        pass\n    def kept(self):\n        pass\n"
STAYED = "class C:\n    def kept(self):\n        pass\n"
LINE = "AttributeError: 'C' object has no attribute 'gone'"
RISKS = (at_risk(X, "test_a", exception=LINE),)
FAILS = (runtime_error(X, "test_a", exception=LINE),)
MODULE_FAILS = (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),)
TEST = "def test_a():\n    make().gone()\n"
ANY = "globals()['C']()"
SAID = f"def make() -> C:\n    return {ANY}\n"
PROTOCOL = f"class Factory(typing.Protocol):\n    def __call__(self, one: int) -> C: ...\n{SAID}"
CHAIN = (
    "class Outer:\n    def inner(self){}:\n        return {}\n    def same(self) -> typing.Self:\n        return self\n"
    "    def __enter__(self) -> Outer:\n        return self\n    def __exit__(self, *_):\n        pass\n"
    "def make():\n    return Outer()\n"
)


def row(name: str, maker: str, test: str, fates: tuple[Fate, ...] = ()) -> Row:
    """Return a row in which `acme.b` makes instances of a class that loses a method."""
    made = f"from __future__ import annotations\nimport typing\nfrom acme.a import C\n{maker}"
    test = f"import pytest\nfrom typing import Iterator\nfrom acme.a import C\nfrom acme.b import *\n{test}def test_b():\n    pass\n"
    return Row(f"returned-{name}", {**acme(test, a=CLASS), "acme/b.py": made}, {"acme/a.py": STAYED}, fates)


def module(name: str, test: str, fates: tuple[Fate, ...] = MODULE_FAILS) -> Row:
    """Return a row in which a module loses a name that is asked of what a call hands out."""
    test = f"import importlib\nimport pytest\nfrom acme import a\n{test}def test_b():\n    pass\n"
    return Row(f"returned-module-{name}", acme(test, a="gone = 1\nkept = 2\n"), {"acme/a.py": "kept = 2\n"}, fates)


_MODULES = (
    module("by-reload", "def test_a():\n    importlib.reload(a).gone\n"),
    module("by-reload-in-a-helper", "def again():\n    return importlib.reload(a)\ndef test_a():\n    one = again()\n    one.gone\n"),
    module("by-a-fixture", "@pytest.fixture\ndef one():\n    return importlib.import_module('acme.a')\ndef test_a(one):\n    one.gone\n"),
    module("by-a-fixture-that-yields", "@pytest.fixture\ndef one():\n    from acme import a\n    yield a\ndef test_a(one):\n    one.gone\n"),
    module("by-reload-and-kept", "def test_a():\n    importlib.reload(a).kept\n", ()),
    module("by-reload-and-set", "def test_a():\n    one = importlib.reload(a)\n    one.gone = 1\n    one.gone\n", ()),
    module("by-one-of-two", "def one(which):\n    if which:\n        return importlib\n    return a\ndef test_a():\n    one(1).reload\n", ()),
    module(
        "by-a-fixture-that-sets-it",
        "@pytest.fixture\ndef one(monkeypatch):\n    monkeypatch.setattr(a, 'gone', 1, raising=False)\n    return a\ndef test_a(one):\n    one.gone\n",
        (),
    ),
    module("set-by-a-fixture", "@pytest.fixture(autouse=True)\ndef one():\n    a.gone = 1\ndef test_a():\n    a.gone\n", (unclear(X),)),
    module("set-by-setup", "def setup_function():\n    a.gone = 1\ndef test_a():\n    a.gone\n", (unclear(X),)),
    module("of-another-that-is-set", "class Box:\n    pass\ndef setup_function():\n    Box.gone = 1\ndef test_a():\n    a.gone\n"),
)

ROWS = (
    *_MODULES,
    row("evidently", "def make():\n    return C()\n", TEST, FAILS),
    row("evidently-and-said", "def make() -> C:\n    return C()\n", TEST, FAILS),
    row("said", SAID, TEST, RISKS),
    row("said-to-be-there-or-not", SAID.replace("> C", "> C | None"), TEST, RISKS),
    row("said-by-a-text", SAID.replace("> C", "> 'C'"), TEST, RISKS),
    row("said-by-a-fixture", SAID, "@pytest.fixture\ndef one() -> Iterator[C]:\n    yield [make()][0]\ndef test_a(one):\n    one.gone()\n", RISKS),
    row("said-of-a-factory", PROTOCOL, "@pytest.fixture\ndef new():\n    return lambda one: make()\ndef test_a(new: Factory):\n    new(1).gone()\n", RISKS),
    row("handed-on", f"def inner() -> C:\n    return {ANY}\ndef make():\n    return inner()\n", TEST, RISKS),
    row("over-calls", CHAIN.format("", "C()"), TEST.replace("make()", "make().same().inner()"), FAILS),
    row("over-calls-evidently", CHAIN.format("", "C()"), TEST.replace("make()", "make().inner()"), FAILS),
    row("over-calls-and-said", CHAIN.format(" -> C", ANY), TEST.replace("make()", "make().inner()"), RISKS),
    row("over-a-context", CHAIN.format("", "C()"), "def test_a():\n    with make() as one:\n        one.inner().gone()\n", FAILS),
    row("said-and-kept", SAID, TEST.replace("gone", "kept")),
    row("said-and-an-heir-has-it", "class D(C):\n    def gone(self):\n        pass\n" + SAID.replace("'C'", "'D'"), TEST),
    row("said-and-expected", SAID, "def test_a():\n    try:\n        make().gone()\n    except AttributeError:\n        pass\n"),
    row("said-of-several", f"def make() -> list[C]:\n    return [{ANY}]\n", "def test_a():\n    make()[0].kept()\n"),
    row(
        "over-calls-that-the-test-replaces",
        CHAIN.format("", "C()"),
        "def test_a(monkeypatch):\n    monkeypatch.setattr(Outer, 'inner', lambda self: type('D', (), {'gone': print})())\n    make().inner().gone()\n",
    ),
)
