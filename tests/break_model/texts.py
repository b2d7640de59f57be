"""Dotted names in texts that a function puts together from a constant of its own."""

from __future__ import annotations

from break_model.rows import KEPT, Row, acme, runtime_error

X = "tests/test_x.py"
_NO_GONE = "AttributeError: <module 'acme.a'> does not have the attribute 'gone'"
_PATCHES = "    with mock.patch(f'{MODULE}.gone'):\n        pass\n"
_LOOP = "    for MODULE in map(str, ('acme.other',)):\n        with mock.patch(f'{MODULE}.gone'):\n            pass\n"
_IMPORT = "from unittest import mock\n"


def _test(body: str, before: str = "") -> dict[str, str]:
    return {**acme(f"{_IMPORT}{before}def test_a():\n{body}def test_b():\n    pass\n"), "acme/other.py": "gone = 1\n"}


ROWS = (
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
