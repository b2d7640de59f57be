"""Decorators without arguments are calls: of what takes what they decorate no longer, and of what fails."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Row, acme, collection_error, runtime_error

X = "tests/test_x.py"
_IMPORTS = f"import acme.a\n{OK}"
_TAKES = "def deco(f):\n    return f\n"
_TAKES_NONE = "def deco():\n    pass\n"
_REFUSED = "TypeError: deco() takes 0 positional arguments but 1 was given"
_DECORATED = "@deco\ndef g():\n    pass\n"
_GONE = "AttributeError: module 'acme.a' has no attribute 'gone'"


def _deco(before: str, after: str, test: str = _IMPORTS) -> tuple[dict[str, str], dict[str, str]]:
    return acme(test, a=before), {"acme/a.py": after}


def _refused(name: str, decorated: str) -> Row:
    return Row(name, *_deco(_TAKES + decorated, _TAKES_NONE + decorated), (collection_error(X, _REFUSED),))


def _beside(name: str, other: str, *fates: str) -> Row:
    """Where it is `acme/b.py` that uses what `acme/a.py` lost."""
    return Row(name, {**acme(f"import acme.b\n{OK}"), "acme/b.py": other}, {"acme/a.py": KEPT}, tuple(collection_error(X, fate) for fate in fates))


ROWS = (
    _refused("decorator-that-takes-nothing-now", _DECORATED),
    _refused("decorator-of-a-class-that-takes-nothing-now", "@deco\nclass G:\n    pass\n"),
    _refused("decorator-of-a-method-that-takes-nothing-now", "class G:\n    @deco\n    def m(self):\n        pass\n"),
    _refused("decorator-of-a-coroutine-that-takes-nothing-now", "@deco\nasync def g():\n    pass\n"),
    Row(
        "decorator-of-another-file-that-takes-nothing-now",
        {**acme(f"import acme.b\n{OK}", a=_TAKES), "acme/b.py": f"from acme.a import deco\n{_DECORATED}"},
        {"acme/a.py": _TAKES_NONE},
        (collection_error(X, _REFUSED),),
    ),
    Row(
        "decorator-of-a-test-that-takes-nothing-now",
        *_deco(_TAKES, _TAKES_NONE, "import acme.a as m\n@m.deco\ndef test_g():\n    pass\n"),
        (collection_error(X, _REFUSED),),
    ),
    Row(
        "decorator-that-takes-more",
        *_deco(_TAKES + _DECORATED, f"def deco(f, n):\n    return f\n{_DECORATED}"),
        (collection_error(X, "TypeError: deco() missing 1 required positional argument: 'n'"),),
    ),
    Row(
        "decorator-that-is-a-factory-now",
        *_deco(_TAKES + _DECORATED, f"def deco(*, n):\n    return lambda f: f\n{_DECORATED}"),
        (collection_error(X, _REFUSED),),
    ),
    Row(
        "decorator-that-is-a-class",
        *_deco(
            f"class deco:\n    def __init__(self, f):\n        pass\n{_DECORATED}",
            f"class deco:\n    def __init__(self):\n        pass\n{_DECORATED}",
        ),
        (collection_error(X, "TypeError: deco.__init__() takes 1 positional argument but 2 were given"),),
    ),
    Row(
        "decorator-that-is-a-method",
        *_deco(
            "class R:\n    def add(self, f):\n        return f\nr = R()\n@r.add\ndef g():\n    pass\n",
            "class R:\n    def add(self):\n        pass\nr = R()\n@r.add\ndef g():\n    pass\n",
        ),
        (collection_error(X, "TypeError: R.add() takes 1 positional argument but 2 were given"),),
    ),
    Row(
        "decorators-one-above-the-other",
        *_deco(
            "def one(f):\n    return f\ndef two(f):\n    return f\n@one\n@two\ndef g():\n    pass\n",
            "def one():\n    pass\ndef two(a, b):\n    pass\n@one\n@two\ndef g():\n    pass\n",
        ),
        (collection_error(X, "TypeError: two() missing 1 required positional argument: 'b'"),),
    ),
    Row(
        "decorator-in-a-function-that-takes-nothing-now",
        *_deco(
            f"{_TAKES}def make():\n    @deco\n    def g():\n        pass\n",
            f"{_TAKES_NONE}def make():\n    @deco\n    def g():\n        pass\n",
            f"from acme.a import make\ndef test_b():\n    make()\n{OK}",
        ),
        (runtime_error(X, "test_b", exception=_REFUSED),),
    ),
    Row(
        "decorator-that-takes-nothing-now-in-what-is-patched",
        *_deco(_TAKES + _DECORATED, _TAKES_NONE + _DECORATED, f"from unittest import mock\n@mock.patch('acme.a.g')\ndef test_a(m):\n    pass\n{OK}"),
        (runtime_error(X, "test_a", exception=_REFUSED),),
    ),
    Row("decorator-that-takes-more-if-it-is-given", *_deco(_TAKES + _DECORATED, f"def deco(f, n=1):\n    return f\n{_DECORATED}")),
    Row("decorator-that-takes-any", *_deco(_TAKES + _DECORATED, f"def deco(*f):\n    return f[0]\n{_DECORATED}")),
    Row("decorator-that-is-called-now", *_deco(_TAKES + _DECORATED, "def deco():\n    return lambda f: f\n@deco()\ndef g():\n    pass\n")),
    Row(
        "decorator-that-takes-nothing-now-in-a-guard",
        *_deco(
            f"{_TAKES}try:\n    @deco\n    def g():\n        pass\nexcept TypeError:\n    g = None\n",
            f"{_TAKES_NONE}try:\n    @deco\n    def g():\n        pass\nexcept TypeError:\n    g = None\n",
        ),
    ),
    Row(
        "decorator-that-takes-nothing-now-for-type-checkers",
        *_deco(
            f"from typing import TYPE_CHECKING\n{_TAKES}if TYPE_CHECKING:\n    @deco\n    def g():\n        pass\n",
            f"from typing import TYPE_CHECKING\n{_TAKES_NONE}if TYPE_CHECKING:\n    @deco\n    def g():\n        pass\n",
        ),
    ),
    Row("decorator-that-takes-nothing-now-and-decorates-nothing", *_deco(_TAKES, _TAKES_NONE)),
    Row(
        "setter-of-a-property-beside-a-change",
        *_deco(
            "class C:\n    @property\n    def x(self):\n        return 1\n    @x.setter\n    def x(self, v):\n        pass\n",
            "class C:\n    @property\n    def x(self):\n        return 2\n    @x.setter\n    def x(self, v, w=1):\n        pass\n",
        ),
    ),
    _beside("decorator-that-fails", f"import acme.a\ndef deco(f):\n    acme.a.gone()\n    return f\n{_DECORATED}", _GONE),
    _beside(
        "decorator-that-fails-when-what-it-made-is-called",
        f"import acme.a\ndef deco(f):\n    def made():\n        acme.a.gone()\n    return made\n{_DECORATED}",
    ),
    _beside("decorator-that-fails-when-somebody-iterates", f"import acme.a\ndef deco(f):\n    acme.a.gone()\n    yield f\n{_DECORATED}"),
)
