"""Named tuples: their fields as arguments, as attributes, and exchanged (`_replace`)."""

from __future__ import annotations

from break_model.rows import OK, Row, acme, collection_error, runtime_error

X = "tests/test_x.py"
_FROM = "from collections import namedtuple\n"
_XY = f"{_FROM}P = namedtuple('P', 'x y')\n"
_X = f"{_FROM}P = namedtuple('P', 'x')\n"
_XZ = f"{_FROM}P = namedtuple('P', 'x z')\n"
_TYPED = "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int = 1\n    y: int = 2\n"
_TYPED_X = "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int = 1\n"
_OWN = "def namedtuple(name, fields):\n    return lambda *values: 1\n"
_USE = "from acme.a import P\ndef test_a():\n    "
_MANY = "TypeError: P.__new__() takes 2 positional arguments but 3 were given"
_NO_Y = "AttributeError: 'P' object has no attribute 'y'"
_NAMES = "ValueError: Got unexpected field names: ['y']"


def _tuple(name: str, before: str, after: str, test: str, exception: str | None = None) -> Row:
    return Row(f"namedtuple-{name}", acme(test + OK, a=before), {"acme/a.py": after}, (runtime_error(X, "test_a", exception=exception),) if exception else ())


ROWS = (
    _tuple("by-position", _XY, _X, f"{_USE}P(1, 2)\n", _MANY),
    _tuple("by-keyword", _XY, _X, f"{_USE}P(x=1, y=2)\n", "TypeError: P.__new__() got an unexpected keyword argument 'y'"),
    _tuple("that-grew", _X, _XY, f"{_USE}P(1)\n", "TypeError: P.__new__() missing 1 required positional argument: 'y'"),
    _tuple("of-a-list", _XY.replace("'x y'", "['x', 'y']"), _X.replace("'x'", "['x']"), f"{_USE}P(1, 2)\n", _MANY),
    _tuple("with-commas", _XY.replace("x y", "x, y"), _X, f"{_USE}P(1, 2)\n", _MANY),
    _tuple("of-the-module", _XY.replace("from collections import namedtuple\nP = ", "import collections\nP = collections."), _X, f"{_USE}P(1, 2)\n", _MANY),
    _tuple("field", _XY, _XZ, f"{_USE}p = P(1, 2)\n    p.y\n", _NO_Y),
    _tuple("field-of-an-imported-one", f"{_XY}p = P(1, 2)\n", f"{_X}p = P(1)\n", "from acme.a import p\ndef test_a():\n    p.y\n", _NO_Y),
    _tuple("exchanged", _XY, _XZ, f"{_USE}p = P(1, 2)\n    p._replace(y=3)\n", _NAMES),
    _tuple("exchanged-at-once", _TYPED, _TYPED_X, f"{_USE}P()._replace(y=3)\n", _NAMES),
    _tuple("exchanged-of-a-class", _TYPED, _TYPED_X, f"{_USE}p = P()\n    p._replace(y=3)\n", _NAMES),
    _tuple(
        "exchanged-of-a-fixture",
        _TYPED,
        _TYPED_X,
        "import pytest\nfrom acme.a import P\n@pytest.fixture\ndef p():\n    return P()\ndef test_a(p):\n    p._replace(y=3)\n",
        _NAMES,
    ),
    _tuple(
        "that-is-a-class",
        _XY,
        "class P:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n",
        f"{_USE}p = P(1, 2)\n    p._asdict()\n",
        "AttributeError: 'P' object has no attribute '_asdict'",
    ),
    Row("namedtuple-at-import", acme(f"from acme.a import P\np = P(1, 2)\n{OK}", a=_XY), {"acme/a.py": _X}, (collection_error(X, _MANY),)),
    _tuple("exchanged-as-before", _XY, _XZ, f"{_USE}p = P(1, 2)\n    p._replace(x=3)\n"),
    _tuple("that-grew-by-a-default", _XY, _XY.replace("'x y'", "'x y z', defaults=(1,)"), f"{_USE}P(1, 2)\n"),
    _tuple("with-defaults", f"{_FROM}P = namedtuple('P', 'x', defaults=(1,))\n", f"{_FROM}P = namedtuple('P', 'x y', defaults=(1, 2))\n", f"{_USE}P(1)\n"),
    _tuple("methods", _XY, _XZ, f"{_USE}P(1, 2)._asdict()\n    P._fields\n    P(1, 2).count(1)\n    P(1, 2)[0]\n    x, y = P(1, 2)\n    P._make([1, 2])\n"),
    _tuple("that-is-a-class-with-its-fields", _XY, "class P:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n", f"{_USE}P(1, 2).x\n"),
    _tuple("of-the-project", f"{_OWN}P = namedtuple('P', 'x y')\n", f"{_OWN}P = namedtuple('P', 'x')\n", f"{_USE}P(1, 2)\n"),
)
