"""Imports that a file loses, or that a guard caught, and functions of that file that go on to use the name."""

from __future__ import annotations

from break_model.rows import OK, Row, acme, fallback, runtime_error

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
_NO_B = "NameError: name 'b' is not defined"
_GONE = {"acme/a.py": None}

ROWS = (
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
)
