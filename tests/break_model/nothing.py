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


_NOTHING = "def deco(f):\n    return None\n"
_DECORATED = "@deco\ndef call():\n    return 1\n"


def _undecorated(name: str, test: str, *fates: Fate, a: str = "def deco(f):\n    return f\n", now: str = _NOTHING, more: str = "", **files: str) -> Row:
    tree = acme(f"{test}def test_b():\n    pass\n", a=f"{a}{_DECORATED}{more}") | {f"{path}.py": source for path, source in files.items()}
    return Row(f"undecorated-{name}", tree, {"acme/a.py": f"{now}{_DECORATED}{more}"}, fates)


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
    _undecorated("called-by-its-own-module", f"import acme.a\n{OK}", collection_error(X, _CALLED), more="used = call()\n"),
    _undecorated("called", "from acme.a import call\ndef test_a():\n    call()\n", _BROKEN),
    _undecorated(
        "by-a-body-that-ends", "from acme.a import call\ndef test_a():\n    call()\n", _BROKEN, now="def deco(f):\n    def inner():\n        return f()\n"
    ),
    _undecorated("twice", "from acme.a import call\ndef test_a():\n    call()\n", _BROKEN, more="call = None\n@deco\n@deco\ndef call():\n    pass\n"),
    _undecorated("class", "from acme.a import C\ndef test_a():\n    C()\n", _BROKEN, more="@deco\nclass C:\n    pass\n"),
    _undecorated(
        "in-another-file", "from acme.c import g\ndef test_a():\n    g()\n", _BROKEN, **{"acme/c": "from acme.a import deco\n@deco\ndef g():\n    pass\n"}
    ),
    _undecorated(
        "in-another-file-that-calls-it",
        f"import acme.c\n{OK}",
        collection_error(X, _CALLED),
        **{"acme/c": "from acme import a\n@a.deco\ndef g():\n    pass\ng()\n"},
    ),
    _undecorated("in-the-test", "from acme.a import deco\n@deco\ndef helper():\n    pass\ndef test_a():\n    helper()\n", _BROKEN),
    _undecorated(
        "on-some-ways", "from acme.a import call\ndef test_a():\n    call()\n", now="import os\ndef deco(f):\n    if os:\n        return f\n    return None\n"
    ),
    _undecorated("and-what-is-noted", "from acme.a import call\ndef test_a():\n    assert call is None\n", a=_NOTHING),
    _undecorated("that-is-called-plainly", "from acme.a import deco\ndef test_a():\n    deco(1)\n"),
    _undecorated("that-is-a-generator", "from acme.a import call\ndef test_a():\n    assert call\n", now="def deco(f):\n    yield f\n"),
    Row(
        "undecorated-by-what-a-call-gives",
        acme(f"import acme.a\n{OK}", a="def deco(n):\n    return lambda f: f\n@deco(1)\ndef call():\n    pass\n"),
        {"acme/a.py": "def deco(n):\n    return None\n@deco(1)\ndef call():\n    pass\n"},
        (collection_error(X, _CALLED),),
    ),
)
