"""Instances with a method that fails, handed to constructors and functions that come to call it."""

from __future__ import annotations

from break_model.rows import Fate, Row, runtime_error

X = "tests/test_x.py"
_GONE = "AttributeError: module 'acme' has no attribute 'gone'"
_FAILS = runtime_error(X, "test_a", exception=_GONE)
_IN_CLASS = runtime_error(X, "TestX::test_a", exception=_GONE)
_R = "import acme\nclass R:\n    def go(self):\n        return acme.gone\n    def ok(self):\n        return 1\n"
_S = """\
class S:
    def __init__(self, r, n=None):
        self.r = r
        self.n = n
    def run(self):
        return self.r.go()
    def twice(self):
        self.run()
    def fine(self):
        return self.r.ok()
"""
_OR = f"from acme.r import R\n{_S.replace('r, n', 'r=None, n').replace('self.r = r', 'self.r = r or R()')}"
_IF = _OR.replace("r or R()", "r if r is not None else R()")
_HEIR = f"{_S}class T(S):\n    def __init__(self, r):\n        super().__init__(r)\n"
_FIELDS = "import dataclasses\n@dataclasses.dataclass\nclass S:\n    r: object\n    def run(self):\n        return self.r.go()\n"
_AT_ONCE = "class S:\n    def __init__(self, r):\n        self.r = r\n        self.r.go()\n"
_F = "def f(r):\n    return r.go()\n"
_FIXTURES = "@pytest.fixture\ndef r():\n    return R()\n@pytest.fixture\ndef s(r):\n    return S(r)\n"
_OTHER = "class Other:\n    def go(self):\n        return 1\n"
_SET_UP = "class TestX:\n    def setup_method(self):\n        self.s = S(R())\n    def test_a(self):\n        self.s.run()\n"


def _row(name: str, body: str, *fates: Fate, s: str = _S, above: str = "", parameters: str = "", conftest: str = "") -> Row:
    lines = f"def test_a({parameters}):\n" + "".join(f"    {line}\n" for line in body.splitlines()) if body else ""
    tree = {
        "acme/__init__.py": "gone = 1\n",
        "acme/r.py": _R,
        "acme/s.py": s,
        X: f"from unittest import mock\nimport pytest\nfrom acme.r import R\nfrom acme.s import *\n{_OTHER}{above}{lines}def test_b():\n    pass\n",
        "tests/conftest.py": f"import pytest\nfrom acme.r import R\nfrom acme.s import *\n{conftest}",
    }
    return Row(f"supplied-{name}", tree, {"acme/__init__.py": ""}, fates)


ROWS = (
    _row("to-a-constructor", "S(R()).run()", _FAILS),
    _row("to-a-constructor-and-another-method-is-called", "S(R()).fine()"),
    _row("to-a-constructor-of-a-local", "s = S(R())\ns.run()", _FAILS),
    _row("to-a-constructor-by-a-local", "r = R()\ns = S(r)\ns.run()", _FAILS),
    _row("to-a-constructor-by-keyword", "S(n=1, r=R()).run()", _FAILS),
    _row("to-a-constructor-in-another-place", "S(Other(), R()).run()"),
    _row("to-a-constructor-two-calls-away", "S(R()).twice()", _FAILS),
    _row("to-a-constructor-in-a-fixture", "s.run()", _FAILS, above=_FIXTURES, parameters="s"),
    _row("to-a-constructor-in-a-fixture-and-another-method-is-called", "s.fine()", above=_FIXTURES, parameters="s"),
    _row("to-a-constructor-in-a-fixture-of-a-conftest", "s.run()", _FAILS, conftest=_FIXTURES, parameters="s"),
    _row("to-a-constructor-in-set-up", "", _IN_CLASS, above=_SET_UP),
    _row("to-a-constructor-in-a-factory", "make().run()", _FAILS, above="def make():\n    return S(R())\n"),
    _row("to-a-constructor-that-is-inherited", "T(R()).run()", _FAILS, s=f"{_S}class T(S):\n    pass\n"),
    _row("to-a-constructor-that-hands-it-on", "T(R()).run()", _FAILS, s=_HEIR),
    _row("to-a-constructor-made-of-fields", "S(R()).run()", _FAILS, s=_FIELDS),
    _row("to-a-constructor-made-of-fields-and-it-is-another", "R()\nS(Other()).run()", s=_FIELDS),
    _row("to-a-constructor-that-calls-it", "S(R())", _FAILS, s=_AT_ONCE),
    _row("to-a-constructor-that-calls-it-and-it-is-another", "R()\nS(Other())", s=_AT_ONCE),
    _row("another-to-a-constructor", "R()\nS(Other()).run()"),
    _row("a-mock-to-a-constructor", "S(mock.Mock(spec=R)).run()"),
    _row("a-plain-mock-to-a-constructor", "R()\nS(mock.Mock()).run()"),
    _row("by-default", "S().run()", _FAILS, s=_OR),
    _row("by-default-and-another-method-is-called", "S().fine()", s=_OR),
    _row("by-default-and-another-is-given", "S(Other()).run()", s=_OR),
    _row("by-default-on-a-condition", "S().run()", _FAILS, s=_IF),
    _row("by-default-on-a-condition-and-another-is-given", "S(Other()).run()", s=_IF),
    _row("to-a-function", "f(R())", _FAILS, s=_F),
    _row("to-a-function-by-a-fixture", "f(r)", _FAILS, s=f"{_F}S = 1\n", above=_FIXTURES, parameters="r"),
    _row("another-to-a-function", "R()\nf(Other())", s=_F),
    _row("to-a-function-that-hands-it-on", "g(R())", _FAILS, s=f"{_F}def g(r):\n    return f(r)\n"),
    _row("to-a-method-of-the-class", "K.m(K(), R())", _FAILS, s="class K:\n    def m(self, r):\n        return r.go()\n"),
)
