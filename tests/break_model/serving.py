"""Names that a module `__getattr__` (PEP 562) has from a module which is there and cannot be imported."""

from __future__ import annotations

from break_model.rows import OK, Row, collection_error, runtime_error

X = "tests/test_x.py"
_REFUSES = '    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")\n'
_TABLE = (
    '_LAZY = {"T": "acme.b"}\ndef __getattr__(name):\n    if name in _LAZY:\n        import importlib\n'
    f"        return getattr(importlib.import_module(_LAZY[name]), name)\n{_REFUSES}"
)
_BRANCH = f'def __getattr__(name):\n    if name == "T":\n        from acme.b import T\n        return T\n{_REFUSES}'
_NO_A = "ModuleNotFoundError: No module named 'acme.a'"
_GONE = {"acme/a.py": None}


def _acme(init: str, test: str) -> dict[str, str]:
    return {"acme/__init__.py": init, "acme/a.py": "", "acme/b.py": "import acme.a\nT = 1\n", X: test}


def _asked(name: str, imports: str, asks: str) -> Row:
    """A test that hands the name of what is served to something that asks the package for it."""
    test = f"from unittest import mock\nimport pytest\n{imports}\n{asks}def test_b():\n    pass\n"
    tree = {"acme/__init__.py": _TABLE.replace("acme.b", "acme.a"), "acme/a.py": "T = 1\n", X: test}
    return Row(f"served-from-a-module-that-is-gone-and-{name}", tree, _GONE, (runtime_error(X, "test_a", exception=_NO_A),))


ROWS = (
    _asked("patched-as-an-object", "import acme", 'def test_a():\n    with mock.patch.object(acme, "T"):\n        pass\n'),
    _asked("patched-among-several", "import acme", "def test_a():\n    with mock.patch.multiple(acme, T=3):\n        pass\n"),
    _asked("set", "import acme", 'def test_a(monkeypatch):\n    monkeypatch.setattr(acme, "T", 3)\n'),
    _asked("asked-for-by-another-name", "import acme as one", "def test_a():\n    one.T\n"),
    _asked("patched-by-another-name", "import acme as one", 'def test_a():\n    with mock.patch.object(one, "T"):\n        pass\n'),
    _asked("named-by-a-mark", "import acme", '@pytest.mark.parametrize("name", ["T"])\ndef test_a(name):\n    getattr(acme, name)\n'),
    Row("served-from-a-module-that-fails", _acme(_TABLE, f"from acme import T\n{OK}"), _GONE, (collection_error(X, _NO_A),)),
    Row("served-by-an-import-from-a-module-that-fails", _acme(_BRANCH, f"import acme\nT = acme.T\n{OK}"), _GONE, (collection_error(X, _NO_A),)),
    Row(
        "served-from-a-module-that-fails-in-a-test",
        _acme(_TABLE, "import acme\ndef test_a():\n    acme.T\ndef test_b():\n    acme\n"),
        _GONE,
        (runtime_error(X, "test_a", exception=_NO_A),),
    ),
    Row(
        "served-from-a-module-that-raises",
        _acme(_TABLE, "import acme\ndef test_a():\n    acme.T\ndef test_b():\n    acme\n"),
        {"acme/a.py": 'raise ValueError("no")\n'},
        (runtime_error(X, "test_a", exception="ValueError: no"),),
    ),
    Row(
        "served-from-a-module-that-fails-and-is-patched",
        _acme(_BRANCH, 'from unittest import mock\ndef test_a():\n    with mock.patch("acme.T"):\n        pass\n'),
        _GONE,
        (runtime_error(X, "test_a", exception=_NO_A),),
    ),
    Row(
        "served-from-a-module-that-fails-and-is-monkeypatched",
        _acme(_TABLE, 'def test_a(monkeypatch):\n    monkeypatch.setattr("acme.T", 1)\n'),
        _GONE,
        (runtime_error(X, "test_a", exception=_NO_A),),
    ),
    Row("served-from-a-module-that-fails-and-nobody-asks", _acme(_TABLE, f"import acme\n{OK}"), _GONE),
    Row("served-from-a-module-that-does-without", _acme(_TABLE, f"from acme import T\n{OK}"), {"acme/b.py": "T = 1\n", **_GONE}),
)
