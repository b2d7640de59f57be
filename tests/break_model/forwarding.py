"""Keywords that a function hands on (`def new(**more): return C(**more)`), to what takes them no longer."""

from __future__ import annotations

from break_model.rows import Fate, Row, acme, runtime_error

X = "tests/test_x.py"
TOOK = "class C:\n    def __init__(self, x=1, lost=2):\n        pass\ndef make(x=1, lost=2):\n    return x\n"
TAKES = "class C:\n    def __init__(self, x=1):\n        pass\ndef make(x=1):\n    return x\n"
BY_C = (runtime_error(X, "test_a", exception="TypeError: C.__init__() got an unexpected keyword argument 'lost'"),)
BY_MAKE = (runtime_error(X, "test_a", exception="TypeError: make() got an unexpected keyword argument 'lost'"),)
HEIR = "class D(C):\n    def __init__(self, {}):\n        super().__init__({})\n"


def rows(name: str, helper: str, call: str, fates: tuple[Fate, ...] = ()) -> tuple[Row, Row]:
    """Return two rows: the helper stands in the file of the tests, or beside the production code."""
    helper = f"from acme.a import C, make\n{helper}"
    test = f"def test_a():\n    {call}\ndef test_b():\n    pass\n"
    return (
        Row(f"forwarding-{name}", acme(helper + test, a=TOOK), {"acme/a.py": TAKES}, fates),
        Row(f"forwarding-{name}-elsewhere", {**acme(f"from acme.b import *\n{test}", a=TOOK), "acme/b.py": helper}, {"acme/a.py": TAKES}, fates),
    )


ROWS = (
    *rows("to-a-class", "def new(**more):\n    return C(**more)\n", "new(lost=1)", BY_C),
    *rows("what-stays", "def new(**more):\n    return C(**more)\n", "new(x=1)"),
    *rows("to-a-function", "def new(y, **more):\n    z = y\n    return make(z, **more)\n", "new(1, lost=1)", BY_MAKE),
    *rows("what-it-takes-itself", "def new(lost=1, **more):\n    return make(3, **more)\n", "new(lost=1)"),
    *rows("values", "def new(*all, **more):\n    return make(*all, **more)\n", "new(1, 2)", (runtime_error(X, "test_a"),)),
    *rows("over-two", "def inner(**more):\n    return C(**more)\ndef new(**more):\n    return inner(**more)\n", "new(lost=1)", BY_C),
    *rows("to-a-base", HEIR.format("y=1, **more", "**more"), "D(lost=1)", BY_C),
    *rows("to-a-base-that-is-named", HEIR.format("*all, **more", "*all, **more").replace("super()", "super(D, self)"), "D(lost=1)", BY_C),
    *rows("to-a-base-with-values", HEIR.format("*all, **more", "*all, **more"), "D(1, 2)", (runtime_error(X, "test_a"),)),
    *rows("to-a-base-but-for-one", HEIR.format("lost=1, **more", "**more"), "D(lost=1)"),
    *rows("by-a-class-method", "class D(C):\n    @classmethod\n    def new(cls, **more):\n        return cls(**more)\n", "D.new(lost=1)", BY_C),
    *rows("by-a-method", "class Factory:\n    def new(self, **more):\n        return C(**more)\n", "Factory().new(lost=1)", BY_C),
    *rows("in-a-table", "def new(**more):\n    return C(**{'x': 1, **more})\n", "new(lost=1)", BY_C),
    *rows("in-a-table-by-update", "def new(**more):\n    table = {'x': 1}\n    table.update(more)\n    return C(**table)\n", "new(lost=1)", BY_C),
    *rows("in-a-table-by-keywords", "def new(**more):\n    table = dict(x=1)\n    table.update(**more)\n    return C(**table)\n", "new(lost=1)", BY_C),
    *rows("in-a-table-by-union", "def new(**more):\n    table = {'x': 1} | more\n    return C(**table)\n", "new(lost=1)", BY_C),
    *rows("with-a-default", "def new(**more):\n    more.setdefault('x', 1)\n    return C(**more)\n", "new(lost=1)", BY_C),
    *rows("what-replaces-a-default", "def new(**more):\n    return C(**{'x': 1, **more})\n", "new(x=2)"),
    *rows("without-one", "def new(**more):\n    more.pop('lost', None)\n    return C(**more)\n", "new(lost=1)"),
    *rows("from-a-table-without-one", "def new(**more):\n    table = dict(x=1, **more)\n    table.pop('lost')\n    return C(**table)\n", "new(lost=1)"),
    *rows("filtered", "def new(**more):\n    for name in list(more):\n        del more[name]\n    return C(**more)\n", "new(lost=1)"),
    *rows("perhaps", "def new(**more):\n    if not more:\n        return C(**more)\n", "new(lost=1)"),
    *rows("unless-something-ends-it", "KNOWN = [1]\ndef new(**more):\n    if KNOWN:\n        return KNOWN[0]\n    return C(**more)\n", "new(lost=1)"),
    *rows(
        "unless-something-fails-before",
        "KNOWN = [1]\ndef new(**more):\n    if KNOWN:\n        raise KeyError\n    return C(**more)\n",
        "try:\n        new(lost=1)\n    except KeyError:\n        pass",
    ),
    *rows("once-somebody-asks", "def new(**more):\n    one = C(**more)\n    yield one\n", "new(lost=1)"),
    *rows("beside-a-function-of-its-own", "def new(**more):\n    def inner():\n        return 1\n    return C(**more)\n", "new(lost=1)", BY_C),
    *rows("to-what-is-handed-in", "def new(make, **more):\n    return make(**more)\n", "new(dict, lost=1)"),
    *rows("behind-a-cache", "import functools\n@functools.lru_cache\ndef new(**more):\n    return make(**more)\n", "new(lost=1)", BY_MAKE),
)
