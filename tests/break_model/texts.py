"""Names in texts: dotted ones that a function puts together from a constant of its own, and those that `parametrize` and loops hand one by one."""

from __future__ import annotations

from break_model.rows import KEPT, Fate, Row, acme, runtime_error

X = "tests/test_x.py"
_NO_GONE = "AttributeError: <module 'acme.a'> does not have the attribute 'gone'"
_PATCHES = "    with mock.patch(f'{MODULE}.gone'):\n        pass\n"
_LOOP = "    for MODULE in map(str, ('acme.other',)):\n        with mock.patch(f'{MODULE}.gone'):\n            pass\n"
_IMPORT = "from unittest import mock\n"


def _test(body: str, before: str = "") -> dict[str, str]:
    return {**acme(f"{_IMPORT}{before}def test_a():\n{body}def test_b():\n    pass\n"), "acme/other.py": "gone = 1\n"}


BOTH = "gone = kept = len\nclass C:\n    gone = 1\n    kept = 2\n"
KEPT_ALONE = "kept = len\nclass C:\n    kept = 2\n"
_NO_NAME = "AttributeError: module 'acme.a' has no attribute 'gone'"
_FAILS = (runtime_error(X, "test_a", exception=_NO_NAME),)
_PARAMETRIZE = "@pytest.mark.parametrize"


def _asked(name: str, test: str, fates: tuple[Fate, ...] = ()) -> Row:
    """Return a row in which a module and a class lose a name that a test asks for by a text."""
    test = f"import pytest\nfrom unittest import mock\nfrom acme import a\nfrom acme.a import C\n{test}def test_b():\n    pass\n"
    return Row(f"asked-for-by-{name}", acme(test, a=BOTH), {"acme/a.py": KEPT_ALONE}, fates)


_PASSED = (
    _asked("a-parameter", f"{_PARAMETRIZE}('n', ['kept', 'gone'])\ndef test_a(n):\n    getattr(a, n)\n", _FAILS),
    _asked("a-column", f"{_PARAMETRIZE}('n, x', [('kept', 1), ('gone', 2)])\ndef test_a(n, x):\n    getattr(a, n)\n", _FAILS),
    _asked("a-column-of-names-in-a-list", f"{_PARAMETRIZE}(['x', 'n'], [[1, 'kept'], [2, 'gone']])\ndef test_a(x, n):\n    getattr(a, n)\n", _FAILS),
    _asked("a-param", f"{_PARAMETRIZE}('n, x', [pytest.param('gone', 1, id='one'), ('kept', 2)])\ndef test_a(n, x):\n    getattr(a, n)\n", _FAILS),
    _asked("a-param-alone", f"{_PARAMETRIZE}('n', [pytest.param('gone'), 'kept'])\ndef test_a(n):\n    getattr(a, n)\n", _FAILS),
    _asked("a-loop", "def test_a():\n    for n in ('kept', 'gone'):\n        getattr(a, n)\n", _FAILS),
    _asked("a-parameter-of-a-class", f"{_PARAMETRIZE}('n', ['gone'])\ndef test_a(n):\n    getattr(C, n)\n", (runtime_error(X, "test_a"),)),
    _asked("a-parameter-of-an-instance", f"{_PARAMETRIZE}('n', ['gone'])\ndef test_a(n):\n    getattr(C(), n)\n", (runtime_error(X, "test_a"),)),
    _asked("a-text-of-an-instance", "def test_a():\n    getattr(C(), 'gone')\n", (runtime_error(X, "test_a"),)),
    _asked(
        "a-parameter-of-setattr",
        f"{_PARAMETRIZE}('n', ['gone'])\ndef test_a(n, monkeypatch):\n    monkeypatch.setattr(a, n, 1)\n",
        (runtime_error(X, "test_a"),),
    ),
    _asked(
        "a-parameter-of-patch-object",
        f"{_PARAMETRIZE}('n', ['gone'])\ndef test_a(n):\n    with mock.patch.object(a, n):\n        pass\n",
        (runtime_error(X, "test_a"),),
    ),
    _asked(
        "a-column-of-patch",
        f"{_PARAMETRIZE}('n, x', [('acme.a.gone', 1)])\ndef test_a(n, x):\n    with mock.patch(n):\n        pass\n",
        (runtime_error(X, "test_a"),),
    ),
    _asked("a-parameter-that-stays", f"{_PARAMETRIZE}('n', ['kept'])\ndef test_a(n):\n    getattr(a, n)\n"),
    _asked("a-parameter-or-nothing", f"{_PARAMETRIZE}('n', ['gone'])\ndef test_a(n):\n    getattr(a, n, None)\n"),
    _asked("a-parameter-to-know-whether", f"{_PARAMETRIZE}('n', ['gone'])\ndef test_a(n):\n    hasattr(a, n)\n"),
    _asked(
        "a-parameter-in-a-guard", f"{_PARAMETRIZE}('n', ['gone'])\ndef test_a(n):\n    try:\n        getattr(a, n)\n    except AttributeError:\n        pass\n"
    ),
    _asked("a-param-that-is-skipped", f"{_PARAMETRIZE}('n', ['kept', pytest.param('gone', marks=pytest.mark.skip)])\ndef test_a(n):\n    getattr(a, n)\n"),
    _asked("another-column", f"{_PARAMETRIZE}('n, x', [('gone', 'kept')])\ndef test_a(n, x):\n    getattr(a, x)\n"),
)

ROWS = (
    *_PASSED,
    Row("constant-of-the-function", _test(f"    MODULE = 'acme.a'\n{_PATCHES}"), {"acme/a.py": KEPT}, (runtime_error(X, "test_a", exception=_NO_GONE),)),
    Row(
        "constant-of-the-function-and-a-plus",
        _test("    MODULE = 'acme.a'\n    mock.patch(MODULE + '.gone').start()\n"),
        {"acme/a.py": KEPT},
        (runtime_error(X, "test_a", exception=_NO_GONE),),
    ),
    Row("constant-of-the-function-hides-that-of-the-file", _test(f"    MODULE = 'acme.other'\n{_PATCHES}", "MODULE = 'acme.a'\n"), {"acme/a.py": KEPT}),
    Row("constant-of-the-function-that-is-bound-again", _test(f"    MODULE = 'acme.a'\n    MODULE = 'acme.other'\n{_PATCHES}"), {"acme/a.py": KEPT}),
    Row("loop-variable-with-the-name-of-a-constant", _test(_LOOP, "MODULE = 'acme.a'\n"), {"acme/a.py": KEPT}),
)
