"""Imports that a file loses, or that a guard caught, and functions of that file that go on to use the name."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Fate, Row, acme, collection_error, fallback, runtime_error

X = "tests/test_x.py"
_LATE = "def late():\n    return os.sep\n"
_CALLS = "from acme.a import late\ndef test_a():\n    late()\ndef test_b():\n    pass\n"
_NO_OS = "NameError: name 'os' is not defined"


def _guarded(guard: str, test: str) -> dict[str, str]:
    return {"acme/__init__.py": "", "acme/a.py": "", "acme/b.py": "import acme.a\nVALUE = 1\n", X: guard + test}


_TRY = "try:\n    from acme import b\nexcept ImportError:\n    pass\n"
_SUPPRESS = "import contextlib\nwith contextlib.suppress(ImportError):\n    from acme import b\n"
_OWN_FIXTURE = (
    "import pytest\nclass TestX:\n    @pytest.fixture(autouse=True)\n    def one(self):\n        return b.VALUE\n    def test_a(self):\n        pass\n"
)
_FIXTURE = "@pytest.fixture(autouse=True)\ndef always():\n    return os.sep\n"
_NO_B = "NameError: name 'b' is not defined"
_GONE = {"acme/a.py": None}

_HELPER = "def helper():\n    return 1\n"
_NO_HELPER = "NameError: name 'helper' is not defined"
_PUTS = f"{_HELPER}import acme.b\nacme.b.helper = helper\n"
_USES = "def late():\n    return helper()\n"
_FROM_B = "from acme.b import late\ndef test_a():\n    late()\n"


def _moved(name: str, change: dict[str, str | None], *fates: Fate, b: str = "from acme.a import late\n") -> Row:
    return Row(f"function-moved-{name}", acme(f"{_FROM_B}def test_b():\n    pass\n", a=f"{_HELPER}{_USES}") | {"acme/b.py": b}, change, fates)


def _through_package(name: str, asks: str, *fates: Fate) -> Row:
    tree = {"acme/__init__.py": "from acme import b\n", "acme/b.py": "from os import sep\nkept = 1\n", X: f"import acme\ndef test_a():\n    {asks}\n{OK}"}
    return Row(f"dropped-import-{name}", tree, {"acme/b.py": "kept = 1\n"}, fates)


_LACKS = "AttributeError: module 'acme.a' has no attribute 'os'"


def _through_module(name: str, imports: str, asks: str, exception: str | None = _LACKS) -> Row:
    """A test that asks a module for what it only imported, or for something else."""
    tree = acme(f"from unittest import mock\n{imports}\ndef test_a(monkeypatch):\n    {asks}\ndef test_b():\n    pass\n", a=f"import os\n{KEPT}")
    return Row(f"dropped-import-{name}", tree, {"acme/a.py": KEPT}, (runtime_error(X, "test_a", exception=exception),) if exception else ())


ROWS = (
    _through_module(
        "patched-as-an-attribute",
        "from acme import a",
        'mock.patch.object(a, "os").start()',
        "AttributeError: <module 'acme.a'> does not have the attribute 'os'",
    ),
    _through_module(
        "set-as-an-attribute", "import acme.a as one", 'monkeypatch.setattr(one, "os", 1)', "AttributeError: <module 'acme.a'> has no attribute 'os'"
    ),
    _through_module("set-as-an-attribute-that-may-lack", "import acme.a as one", 'monkeypatch.setattr(one, "os", 1, raising=False)', None),
    _through_module("whose-attribute-is-set", "from acme import a as one", 'monkeypatch.setattr(one.os, "getcwd", 1)'),
    _through_module("asked-for-by-another-name", "from acme import a as one", "one.os"),
    _through_module("asked-for-by-a-variable", "import acme.a", "one = acme.a\n    getattr(one, 'os')"),
    _through_module("asked-for-with-a-default", "from acme import a as one", 'getattr(one, "os", None)', None),
    _through_module("whose-name-another-module-has", "import os\nfrom acme import a as one", "one.kept(), os.path", None),
    _through_module("of-whose-name-a-text-is", "from acme import a as one", "one.kept(), 'os'", None),
    _moved("away-from-what-it-uses", {"acme/a.py": _HELPER, "acme/b.py": _USES}, runtime_error(X, "test_a", exception=_NO_HELPER)),
    _moved("with-an-import-of-what-it-uses", {"acme/a.py": _HELPER, "acme/b.py": f"from acme.a import helper\n{_USES}"}),
    _moved("with-a-star-import", {"acme/a.py": _HELPER, "acme/b.py": f"from acme.a import *\n{_USES}"}),
    _moved("with-what-it-uses", {"acme/a.py": "", "acme/b.py": f"{_HELPER}{_USES}"}),
    _moved("to-where-another-has-that-name", {"acme/a.py": _HELPER, "acme/b.py": f"from os import getcwd as helper\n{_USES}"}),
    _moved(
        "to-where-somebody-puts-it",
        {"acme/a.py": _PUTS, "acme/b.py": _USES, "acme/__init__.py": "import acme.a\n"},
    ),
    Row(
        "fixture-moved-away-from-what-it-uses",
        acme(_FROM_B.replace("late()", "late"), a="") | {"acme/b.py": "late = 1\n", "tests/conftest.py": f"import pytest\nimport os\n{_FIXTURE}"},
        {"tests/conftest.py": "", "conftest.py": f"import pytest\n{_FIXTURE}"},
        (runtime_error(X, "test_a", exception=_NO_OS),),
    ),
    Row(
        "name-deleted-that-is-bound-no-more",
        acme(f"import acme.a\n{OK}", a="K = 1\ndel K\n"),
        {"acme/a.py": "del K\n"},
        (collection_error(X, "NameError: name 'K' is not defined"),),
    ),
    *(
        Row(f"name-deleted-that-{name}", acme(f"import acme.a\n{OK}", a="K = 1\ndel K\n"), {"acme/a.py": source})
        for name, source in (
            ("a-loop-binds", "for K in [1]:\n    pass\ndel K\n"),
            ("a-star-brings", "from os.path import *\ndel join\n"),
            ("a-branch-binds", "import sys\nif sys.argv:\n    K = 1\nelse:\n    K = 2\ndel K\n"),
            ("a-handler-deletes", "try:\n    raise KeyError\nexcept KeyError as error:\n    del error\n"),
            ("a-guard-expects", "try:\n    del K\nexcept NameError:\n    pass\n"),
            ("the-namespace-is-given", "globals()['K'] = 1\ndel K\n"),
            ("a-class-has", "class A:\n    K = 1\n    del K\n"),
        )
    ),
    Row("import-dropped-that-a-function-uses", acme(_CALLS, a=f"import os\n{_LATE}"), {"acme/a.py": _LATE}, (runtime_error(X, "test_a", exception=_NO_OS),)),
    Row(
        "import-dropped-that-a-test-uses",
        acme("import os\ndef test_a():\n    os.sep\ndef test_b():\n    pass\n"),
        {X: "def test_a():\n    os.sep\ndef test_b():\n    pass\n"},
        (runtime_error(X, "test_a", exception=_NO_OS),),
    ),
    Row("import-dropped-that-a-function-makes-itself", acme(_CALLS, a=f"import os\n{_LATE}"), {"acme/a.py": "def late():\n    import os\n    return os.sep\n"}),
    Row("import-dropped-that-is-a-parameter-now", acme(_CALLS, a=f"import os\n{_LATE}"), {"acme/a.py": "def late(os=str):\n    return os.lower\n"}),
    Row(
        "import-dropped-that-the-function-around-makes",
        acme(_CALLS, a=f"import os\n{_LATE}"),
        {"acme/a.py": "def late():\n    import os\n    def inner():\n        return os.sep\n    return inner()\n"},
    ),
    Row(
        "import-dropped-that-a-loop-around-binds",
        acme(_CALLS, a=f"import os\n{_LATE}"),
        {"acme/a.py": "def late():\n    for os in (str,):\n        def inner():\n            return os.lower\n        inner()\n"},
    ),
    Row(
        "name-lost-that-the-function-around-defines",
        {**acme(_CALLS, a="from acme.b import gone\ndef late():\n    return gone()\n"), "acme/b.py": "def gone():\n    pass\n"},
        {"acme/b.py": "", "acme/a.py": "def late():\n    def gone():\n        pass\n    def inner():\n        return gone()\n    return inner()\n"},
    ),
    Row(
        "import-dropped-that-a-global-statement-brings",
        acme(_CALLS, a=f"import os\n{_LATE}"),
        {"acme/a.py": f"def setup():\n    global os\n    import os\nsetup()\n{_LATE}"},
    ),
    Row(
        "import-dropped-to-type-checking",
        acme(_CALLS, a="import pathlib\ndef late():\n    one: pathlib.Path = 1\n    return one\n"),
        {"acme/a.py": "import typing\nif typing.TYPE_CHECKING:\n    import pathlib\ndef late():\n    one: pathlib.Path = 1\n    return one\n"},
    ),
    Row(
        "import-dropped-to-type-checking-and-used",
        acme(_CALLS, a=f"import os\n{_LATE}"),
        {"acme/a.py": f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os\n{_LATE}"},
        (runtime_error(X, "test_a", exception=_NO_OS),),
    ),
    Row(
        "module-that-a-guard-left-unbound-in-a-test",
        _guarded(_TRY, "def test_a():\n    b.VALUE\ndef test_b():\n    pass\n"),
        _GONE,
        (runtime_error(X, "test_a", exception=_NO_B), fallback(X)),
    ),
    Row(
        "module-that-suppress-left-unbound-in-a-test",
        _guarded(_SUPPRESS, "def test_a():\n    b.VALUE\ndef test_b():\n    pass\n"),
        _GONE,
        (runtime_error(X, "test_a", exception=_NO_B), fallback(X)),
    ),
    Row(
        "module-that-suppress-left-unbound-in-a-fixture",
        _guarded(
            _SUPPRESS,
            "import pytest\nclass TestX:\n    @pytest.fixture(autouse=True)\n    def one(self):\n        return b.VALUE\n    def test_a(self):\n        pass\n",
        ),
        _GONE,
        (runtime_error(X, "TestX::test_a", exception=_NO_B), fallback(X)),
    ),
    Row("module-that-suppress-left-unbound-and-nobody-asks", _guarded(_SUPPRESS, OK), _GONE, (fallback(X),)),
    _through_package(
        "asks-for-it-through-the-package", "acme.b.sep", runtime_error(X, "test_a", exception="AttributeError: module 'acme.b' has no attribute 'sep'")
    ),
    _through_package("asks-for-something-else-through-the-package", "acme.b.kept"),
)
