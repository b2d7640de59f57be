"""Modules that put an instance in their own place: `sys.modules[__name__] = M()`. Who imports them has that."""

from __future__ import annotations

from break_model.rows import OK, Fate, Row, acme, at_risk, collection_error, runtime_error

X = "tests/test_x.py"
_PLACE = "import sys\n{head}\n    kept = 1\n{more}sys.modules[__name__] = {made}\n"
_GONE = "    def gone(self):\n        return 1\n"
_OF_NONE = "ImportError: cannot import name 'gone' from '<unknown module name>'"
_PATCHED = "AttributeError: <acme.a.M object> does not have the attribute 'gone'"


def _module(*, head: str = "class M:", more: str = "", made: str = "M()") -> str:
    return _PLACE.format(head=head, more=more, made=made)


def _replaced(name: str, test: str, *fates: Fate, before: str | None = None, after: str | None = None) -> Row:
    source = _module(more=_GONE) if before is None else before
    tree = acme(f"import pkgutil\nfrom unittest import mock\n{test}def test_b():\n    pass\n", a=source)
    return Row(f"replaced-module-{name}", tree, {"acme/a.py": _module() if after is None else after}, fates)


_ASKS = "from acme.a import gone\n"
_DERIVED = "import types\nclass M(types.ModuleType):"

ROWS = (
    _replaced("asked-by-an-import", _ASKS, collection_error(X, _OF_NONE)),
    _replaced("asked-by-an-import-for-the-rest", "from acme.a import kept\n"),
    _replaced("asked-by-an-import-in-a-test", f"def test_a():\n    {_ASKS}", runtime_error(X, "test_a", exception=_OF_NONE)),
    _replaced("patched", "def test_a():\n    with mock.patch('acme.a.gone'):\n        pass\n", runtime_error(X, "test_a", exception=_PATCHED)),
    _replaced("patched-in-the-rest", "def test_a():\n    with mock.patch('acme.a.kept'):\n        pass\n"),
    _replaced(
        "patched-as-an-object",
        "from acme import a\ndef test_a():\n    with mock.patch.object(a, 'gone'):\n        pass\n",
        runtime_error(X, "test_a", exception=_PATCHED),
    ),
    _replaced(
        "monkeypatched",
        "def test_a(monkeypatch):\n    monkeypatch.setattr('acme.a.gone', 1)\n",
        runtime_error(X, "test_a", exception="AttributeError: 'M' object at acme.a has no attribute 'gone'"),
    ),
    _replaced(
        "resolved",
        "def test_a():\n    pkgutil.resolve_name('acme.a:gone')\n",
        runtime_error(X, "test_a", exception="AttributeError: 'M' object has no attribute 'gone'"),
    ),
    _replaced("with-a-star", "from acme.a import *\n"),
    _replaced("that-is-one-now", _ASKS, collection_error(X, _OF_NONE), before="def gone():\n    pass\n"),
    _replaced("that-is-one-now-and-has-it", "from acme.a import kept\n", before="def kept():\n    pass\n"),
    _replaced("that-is-none-now-and-has-it", f"from acme.a import kept\n{OK}", after="kept = 1\n"),
    _replaced("that-is-none-now", _ASKS, collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"), after="kept = 1\n"),
    _replaced("that-serves-any-name", _ASKS, after=_module(more="    def __getattr__(self, name):\n        return 1\n")),
    _replaced("that-gives-itself-the-name", _ASKS, after=_module(more="    def __init__(self):\n        self.gone = 1\n")),
    _replaced(
        "that-is-a-module-as-well",
        _ASKS,
        at_risk(X, exception="ImportError: cannot import name 'gone' from 'acme.a'"),
        before=_module(head=_DERIVED, more=_GONE, made="M(__name__)"),
        after=_module(head=_DERIVED, made="M(__name__)"),
    ),
)
