"""Functions and classes that are None now."""

from __future__ import annotations

from break_model.rows import OK, Fate, Row, acme, collection_error, runtime_error

X = "tests/test_x.py"
_CALLED = "TypeError: 'NoneType' object is not callable"
_FUNCTION = "def f(*given):\n    return given\n"
_CLASS = "class C:\n    x = 1\n"


def _none(name: str, test: str, *fates: Fate, a: str = _FUNCTION, now: str = "f = None\n", **files: str) -> Row:
    tree = acme(f"from unittest import mock\n{test}def test_b():\n    pass\n", a=a) | {f"{path}.py": source for path, source in files.items()}
    return Row(f"none-{name}", tree, {"acme/a.py": now}, fates)


_IN_TEST = "from acme.a import f\ndef test_a():\n    {}\n"
_OF_MODULE = "from acme import a\ndef test_a(monkeypatch):\n    {}\n"
_BROKEN = runtime_error(X, "test_a", exception=_CALLED)
_OLD = "import sys\nif sys.version_info < (3, 8):\n    f = None\nelse:\n    def f():\n        pass\n"

ROWS = (
    _none("called", _IN_TEST.format("f()"), _BROKEN),
    _none("called-at-import", "from acme.a import f\nf()\n", collection_error(X, _CALLED)),
    _none("called-as-an-attribute", _OF_MODULE.format("a.f()"), _BROKEN),
    _none(
        "asked-for-a-name", _IN_TEST.format("f.__name__"), runtime_error(X, "test_a", exception="AttributeError: 'NoneType' object has no attribute '__name__'")
    ),
    _none("decorates", f"from acme.a import f\n@f\ndef helper():\n    pass\n{OK}", collection_error(X, _CALLED)),
    _none("class-called", "from acme.a import C\ndef test_a():\n    C()\n", _BROKEN, a=_CLASS, now="C = None\n"),
    _none(
        "class-asked",
        "from acme.a import C\ndef test_a():\n    C.x\n",
        runtime_error(X, "test_a", exception="AttributeError: 'NoneType' object has no attribute 'x'"),
        a=_CLASS,
        now="C = None\n",
    ),
    _none(
        "class-derived-from",
        "from acme.a import C\nclass D(C):\n    pass\n",
        collection_error(X, "TypeError: NoneType takes no arguments"),
        a=_CLASS,
        now="C = None\n",
    ),
    _none("called-by-its-own-module", f"import acme.a\n{OK}", collection_error(X, _CALLED), a=f"{_FUNCTION}f()\n", now="f = None\nf()\n"),
    _none("by-a-version", f"import acme.a\n{OK}", collection_error(X, _CALLED), a=f"{_OLD}f()\n", now=f"{_OLD.replace('3, 8', '4, 0')}f()\n"),
    _none("by-a-version-that-is-not-taken", f"import acme.a\n{OK}", a=f"{_OLD}f()\n", now=f"{_OLD.replace('3, 8', '3, 9')}f()\n"),
    _none("imported", "from acme.a import f\n"),
    _none("asked-whether-it-is", _IN_TEST.format("if f is not None:\n        f()")),
    _none("asked-for-its-truth", _IN_TEST.format("f and f()")),
    _none("put-there-by-another", "import acme.c\nfrom acme import a\ndef test_a():\n    a.f()\n", **{"acme/c": "import acme.a\nacme.a.f = len\n"}),
    _none("for-the-time-being", _IN_TEST.format("f()"), now="f = None\nf = int\n"),
    _none(
        "until-a-function-says",
        "from acme import a\ndef test_a():\n    a.g()\n    a.f()\n",
        a=f"{_FUNCTION}def g():\n    pass\n",
        now="f = None\ndef g():\n    global f\n    f = int\n",
    ),
    _none("patched", _OF_MODULE.format('with mock.patch("acme.a.f"):\n        a.f()')),
    _none("set-by-the-test", _OF_MODULE.format('monkeypatch.setattr(a, "f", int)\n    a.f()')),
    _none("as-it-was", _IN_TEST.format("f and f()"), a="f = None\n", now="f = None\nx = 1\n"),
)
