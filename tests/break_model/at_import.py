"""What is called while a file is imported, by a file that says no word of what is gone: it fails, and whoever imports it."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Fate, Row, acme, collection_error, runtime_error, unclear

X = "tests/test_x.py"
_GONE = "AttributeError: module 'acme.a' has no attribute 'gone'"
_FAILS = (collection_error(X, _GONE),)
_MAKE = "import acme.a\ndef make(f=1):\n    acme.a.gone()\n    return f\n"
_CLASS = "import acme.a\nclass K:\n    {}def m({}):\n        acme.a.gone()\n"
_USED = f"import acme.c\n{OK}"


def _calls(name: str, c: str, *fates: Fate, b: str = _MAKE, test: str = _USED, **more: str) -> Row:
    """`acme/b.py` asks `acme/a.py` for what is gone when it is called, and `acme/c.py` calls it."""
    others = {path.replace("__", "/") + ".py": source for path, source in more.items()}
    return Row(f"at-import-{name}", {**acme(test), "acme/b.py": b, "acme/c.py": c, **others}, {"acme/a.py": KEPT}, fates)


def _born_broken(name: str, made: str, *fates: Fate) -> Row:
    """`acme/c.py` begins to ask its package, which calls something as it is imported, for a name that nobody binds to be seen."""
    base = {"acme/__init__.py": "from acme.a import D\nused = D()\n", "acme/a.py": made, "acme/c.py": "x = 1\n", X: f"from acme.c import x\n{OK}"}
    return Row(f"at-import-born-broken-{name}", base, {"acme/c.py": "x = 1\nfrom acme import never\n"}, fates)


ROWS = (
    _born_broken("beside-an-instance", "class D:\n    pass\n", collection_error(X, "ImportError: cannot import name 'never' from 'acme'")),
    _born_broken("beside-what-fills-the-package", "import sys\ndef D():\n    sys.modules['acme'].never = 1\n"),
    _calls("a-call", "from acme.b import make\nx = make()\n", *_FAILS),
    _calls("a-call-by-alias", "from acme.b import make as m\nx = m()\n", *_FAILS),
    _calls("a-call-by-module", "import acme.b as q\nx = q.make()\n", *_FAILS),
    _calls("a-call-by-package", "import acme.b\nx = acme.b.make()\n", *_FAILS),
    _calls("a-call-by-module-from-package", "from acme import b\nx = b.make()\n", *_FAILS),
    _calls("a-call-in-a-class", "from acme.b import make\nclass C:\n    x = make()\n", *_FAILS),
    _calls("a-call-for-a-default", "from acme.b import make\ndef f(x=make()):\n    pass\n", *_FAILS),
    _calls("a-call-in-a-comprehension", "from acme.b import make\nx = [make(i) for i in (1, 2)]\n", *_FAILS),
    _calls("a-decorator", "from acme.b import make\n@make\ndef g():\n    pass\n", *_FAILS),
    _calls(
        "a-call-of-what-imports-in-its-body",
        "from acme.b import make\nmake()\n",
        collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),
        b="def make():\n    from acme.a import gone\n",
    ),
    _calls(
        "a-context",
        "from acme.b import make\nwith make():\n    pass\n",
        *_FAILS,
        b="import acme.a\nimport contextlib\n@contextlib.contextmanager\ndef make():\n    acme.a.gone()\n    yield\n",
    ),
    _calls(
        "a-cached-call", "from acme.b import make\nmake()\n", *_FAILS, b="import acme.a\nimport functools\n@functools.cache\ndef make():\n    acme.a.gone()\n"
    ),
    _calls("a-generator-that-is-run", "from acme.b import make\nx = list(make())\n", *_FAILS, b="import acme.a\ndef make():\n    acme.a.gone()\n    yield 1\n"),
    _calls("a-method", "from acme.b import K\nk = K()\nx = k.m()\n", *_FAILS, b=_CLASS.format("", "self")),
    _calls("a-method-of-an-instance-from-there", "from acme.b import k\nx = k.m()\n", *_FAILS, b=_CLASS.format("", "self") + "k = K()\n"),
    _calls("a-method-of-a-class", "from acme.b import K\nx = K.m()\n", *_FAILS, b=_CLASS.format("@classmethod\n    ", "cls")),
    _calls("a-property", "from acme.b import k\nx = k.m\n", *_FAILS, b=_CLASS.format("@property\n    ", "self") + "k = K()\n"),
    _calls("a-constructor", "from acme.b import K\nx = K()\n", *_FAILS, b="import acme.a\nclass K:\n    def __init__(self):\n        acme.a.gone()\n"),
    _calls(
        "the-constructor-of-an-heir",
        "from acme.b import K\nclass L(K):\n    pass\nx = L()\n",
        *_FAILS,
        b="import acme.a\nclass K:\n    def __init__(self):\n        acme.a.gone()\n",
    ),
    _calls("a-chain-of-calls", "from acme.d import outer\nx = outer()\n", *_FAILS, acme__d="from acme.b import make\ndef outer():\n    return make()\n"),
    _calls("a-chain-of-calls-in-one-file", "from acme.b import make\ndef outer():\n    return make()\nx = outer()\n", *_FAILS),
    _calls(
        "a-call-far-away",
        "from acme.b import make\nx = make()\n",
        *_FAILS,
        test=f"import acme.e\n{OK}",
        acme__e="from acme.d import y\n",
        acme__d="from acme.c import x as y\n",
    ),
    _calls(
        "a-call-in-a-file-that-a-test-imports-as-it-runs",
        "from acme.b import make\nx = make()\n",
        runtime_error(X, "test_a", exception=_GONE),
        test=f"def test_a():\n    import acme.c\n{OK}",
    ),
    _calls(
        "a-call-beside-one-in-a-test",
        "from acme.b import make\nx = make()\n",
        *_FAILS,
        test="import acme.c\nfrom acme.b import make\ndef test_a():\n    make()\n",
    ),
    _calls("a-call-in-a-conftest", "", *_FAILS, tests__conftest="from acme.b import make\nmake()\n"),
    _calls("a-call-in-a-plugin", "", *_FAILS, conftest="pytest_plugins = ['plug']\n", plug="from acme.b import make\nmake()\n"),
    _calls("a-call-in-a-test-file", "", *_FAILS, test=f"from acme.b import make\nmake()\n{OK}"),
    _calls(
        "a-call-for-a-parameter",
        "",
        *_FAILS,
        test="import pytest\nfrom acme.b import make\n@pytest.mark.parametrize('p', [make()])\ndef test_a(p):\n    pass\n",
    ),
    _calls("a-guard-that-does-not-catch", "from acme.b import make\ntry:\n    x = make()\nexcept ImportError:\n    x = None\n", *_FAILS),
    _calls("a-guard", "from acme.b import make\ntry:\n    x = make()\nexcept AttributeError:\n    x = None\n"),
    _calls(
        "a-guard-beside-a-test-that-calls",
        "from acme.b import make\ntry:\n    x = make()\nexcept AttributeError:\n    x = None\n",
        runtime_error(X, "test_a", exception=_GONE),
        test=f"import acme.c\nfrom acme.b import make\ndef test_a():\n    make()\n{OK}",
    ),
    _calls("a-guard-by-suppress", "from contextlib import suppress\nfrom acme.b import make\nwith suppress(AttributeError):\n    make()\n"),
    _calls(
        "a-guard-in-the-function",
        "from acme.b import make\nx = make()\n",
        b="import acme.a\ndef make():\n    try:\n        acme.a.gone()\n    except AttributeError:\n        pass\n",
    ),
    _calls("a-condition", "import os\nfrom acme.b import make\nif os.environ.get('NEVER'):\n    make()\n", unclear(X)),
    _calls(
        "a-condition-in-the-function",
        "from acme.b import make\nmake()\n",
        unclear(X),
        b="import acme.a\nimport os\ndef make():\n    if os.environ.get('NEVER'):\n        acme.a.gone()\n",
    ),
    _calls(
        "a-decorator-nobody-knows",
        "from acme.b import make\nx = make()\n",
        unclear(X),
        b="import acme.a\ndef later(f):\n    return lambda: 1\n@later\ndef make():\n    acme.a.gone()\n",
    ),
    _calls("a-script", "from acme.b import make\nif __name__ == '__main__':\n    make()\n"),
    _calls("type-checkers-only", "from typing import TYPE_CHECKING\nfrom acme.b import make\nif TYPE_CHECKING:\n    make()\n"),
    _calls("a-lambda", "from acme.b import make\nx = lambda: make()\n"),
    _calls("another-of-that-name", "from acme.b import make\ndef make():\n    return 1\nx = make()\n"),
    _calls("a-generator-nobody-runs", "from acme.b import make\nx = make()\n", b="import acme.a\ndef make():\n    acme.a.gone()\n    yield 1\n"),
    _calls("a-coroutine-nobody-runs", "from acme.b import make\nx = make()\nx.close()\n", b="import acme.a\nasync def make():\n    acme.a.gone()\n"),
    _calls("an-instance-whose-method-nobody-calls", "from acme.b import K\nx = K()\n", b=_CLASS.format("", "self")),
    _calls(
        "an-heir-with-a-constructor-of-its-own",
        "from acme.b import K\nclass L(K):\n    def __init__(self):\n        pass\nx = L()\n",
        b="import acme.a\nclass K:\n    def __init__(self):\n        acme.a.gone()\n",
    ),
    _calls("a-skip-before", "", test=f"import pytest\npytest.skip('no', allow_module_level=True)\nfrom acme.b import make\nmake()\n{OK}"),
)
