"""What is made and never used: patchers, generators, coroutines. And constructors that an heir calls itself."""

from __future__ import annotations

from break_model.rows import KEPT, Fate, Row, acme, runtime_error

X = "tests/test_x.py"
B = "def test_b():\n    pass\n"
LOST: dict[str, str | None] = {"acme/a.py": KEPT}
PATCH = "from unittest.mock import patch\n"
FAILS = (runtime_error(X, "test_a"),)
GENERATOR = "def some():\n    import acme.a\n    yield acme.a.gone\n"
HELPER = f"{PATCH}def helper():\n    return patch('acme.a.gone')\n"
COROUTINE = "import asyncio\nasync def some():\n    import acme.a\n    acme.a.gone()\n"
WIDE = "class Kept:\n    def __init__(self, x=0, lost=0):\n        pass\n"
NARROW = "class Kept:\n    def __init__(self, x=0):\n        pass\n"
UNEXPECTED = (runtime_error(X, "test_a", exception="TypeError: Kept.__init__() got an unexpected keyword argument 'lost'"),)


def row(name: str, test: str, fates: tuple[Fate, ...] = ()) -> Row:
    return Row(name, acme(f"{test}{B}"), LOST, fates)


def heir(name: str, body: str, fates: tuple[Fate, ...] = UNEXPECTED, *, bases: str = "Kept", a: str = WIDE, head: str = NARROW, more: str = "") -> Row:
    test = f"from acme.a import Kept\n{more}class Heir({bases}):\n    def __init__(self):\n        {body}\ndef test_a():\n    Heir()\n{B}"
    return Row(f"constructor-by-an-heir-{name}", acme(test, a=a), {"acme/a.py": head}, fates)


_IDLE = (
    row("patcher-that-is-never-started", f"{PATCH}def test_a():\n    patcher = patch('acme.a.gone')\n"),
    row("patcher-that-is-not-even-bound", f"{PATCH}def test_a():\n    patch('acme.a.gone')\n"),
    row("patcher-that-is-started", f"{PATCH}def test_a():\n    patcher = patch('acme.a.gone')\n    patcher.start()\n    patcher.stop()\n", FAILS),
    row("patcher-that-is-entered", f"{PATCH}def test_a():\n    patcher = patch('acme.a.gone')\n    with patcher:\n        pass\n", FAILS),
    row("patcher-that-is-started-at-once", f"{PATCH}def test_a():\n    patch('acme.a.gone').start()\n    patch.stopall()\n", FAILS),
    row("setattr-is-no-patcher", "def test_a(monkeypatch):\n    monkeypatch.setattr('acme.a.gone', 1)\n", FAILS),
    row("generator-that-is-made-alone", f"{GENERATOR}def test_a():\n    some()\n"),
    row("generator-that-is-bound-and-not-asked", f"{GENERATOR}def test_a():\n    it = some()\n"),
    row("generator-that-is-only-asserted", f"{GENERATOR}def test_a():\n    it = some()\n    assert it\n"),
    row("generator-that-is-only-compared", f"{GENERATOR}def test_a():\n    it = some()\n    assert it is not None and not isinstance(it, list)\n"),
    row("generator-that-is-closed-unasked", f"{GENERATOR}def test_a():\n    it = some()\n    it.close()\n"),
    row("generator-that-is-asserted-and-asked", f"{GENERATOR}def test_a():\n    it = some()\n    assert it\n    list(it)\n", FAILS),
    row("generator-that-an-assertion-asks", f"{GENERATOR}def test_a():\n    it = some()\n    assert list(it)\n", FAILS),
    row("generator-that-an-assertion-looks-into", f"{GENERATOR}def test_a():\n    it = some()\n    assert 'x' not in it\n", FAILS),
    row("generator-that-an-or-hands-on", f"{GENERATOR}def test_a():\n    it = some()\n    other = it or ()\n    assert list(other)\n", FAILS),
    row("generator-that-a-condition-asks-for", f"{GENERATOR}def test_a():\n    it = some()\n    if it:\n        pass\n"),
    row("patcher-that-is-only-asserted", f"{PATCH}def test_a():\n    patcher = patch('acme.a.gone')\n    assert patcher\n"),
    row("patcher-of-a-helper-that-is-never-started", f"{HELPER}def test_a():\n    helper()\n"),
    row("patcher-of-a-helper-that-is-bound-alone", f"{HELPER}def test_a():\n    patcher = helper()\n    assert patcher\n"),
    row("patcher-of-a-helper-that-is-entered", f"{HELPER}def test_a():\n    with helper():\n        pass\n", FAILS),
    row("patcher-of-a-helper-that-is-started", f"{HELPER}def test_a():\n    patcher = helper()\n    patcher.start()\n    patcher.stop()\n", FAILS),
    row("mock-of-a-helper-that-starts-it", f"{PATCH}def helper():\n    return patch('acme.a.gone').start()\ndef test_a():\n    helper()\n", FAILS),
    row(
        "helper-that-fails-before-it-returns-a-patcher",
        f"{PATCH}def helper():\n    import acme.a\n    acme.a.gone\n    return patch('acme.a.gone')\ndef test_a():\n    helper()\n",
        FAILS,
    ),
    row("generator-that-is-asked", f"{GENERATOR}def test_a():\n    it = some()\n    next(it)\n", FAILS),
    row("generator-that-is-looped-over", f"{GENERATOR}def test_a():\n    for one in some():\n        pass\n", FAILS),
    row(
        "generator-in-a-function-that-is-none",
        "def some():\n    import acme.a\n    acme.a.gone()\n    def inner():\n        yield 1\ndef test_a():\n    some()\n",
        FAILS,
    ),
    row("generator-of-a-context-that-nobody-enters", f"import contextlib\n@contextlib.contextmanager\n{GENERATOR}def test_a():\n    some()\n"),
    row(
        "generator-of-a-context-that-is-entered",
        f"import contextlib\n@contextlib.contextmanager\n{GENERATOR}def test_a():\n    with some():\n        pass\n",
        FAILS,
    ),
    row("coroutine-that-is-run", f"{COROUTINE}def test_a():\n    asyncio.run(some())\n", FAILS),
    row("coroutine-that-nobody-awaits", f"{COROUTINE}def test_a():\n    some()\n"),
)

_HEIRS = (
    heir("by-super", "super().__init__(lost=1)"),
    heir("by-super-with-names", "super(Heir, self).__init__(lost=1)"),
    heir("by-name", "Kept.__init__(self, lost=1)"),
    heir("by-position", "super().__init__(1, 2)", (runtime_error(X, "test_a"),)),
    heir("by-name-and-position", "Kept.__init__(self, 1, 2)", (runtime_error(X, "test_a"),)),
    heir("that-hands-over-what-stays", "super().__init__(x=1)", ()),
    heir("by-name-that-hands-over-what-stays", "Kept.__init__(self, 1)", ()),
    heir("of-the-second-base", "super().__init__(lost=1)", (), bases="Other, Kept", more="class Other:\n    def __init__(self, lost=0):\n        pass\n"),
    heir(
        "of-a-dataclass",
        "super().__init__(lost=1)",
        a="import dataclasses\n@dataclasses.dataclass\nclass Kept:\n    x: int = 0\n    lost: int = 0\n",
        head="import dataclasses\n@dataclasses.dataclass\nclass Kept:\n    x: int = 0\n",
    ),
    Row(
        "constructor-by-an-heir-in-the-code",
        acme(f"from acme.b import Heir\ndef test_a():\n    Heir()\n{B}", a=WIDE)
        | {"acme/b.py": "from acme.a import Kept\nclass Heir(Kept):\n    def __init__(self):\n        super().__init__(lost=1)\n"},
        {"acme/a.py": NARROW},
        UNEXPECTED,
    ),
    Row(
        "constructor-by-an-heir-that-fails",
        acme(f"from acme.b import Heir\ndef test_a():\n    Heir()\n{B}", a="class Kept:\n    def __init__(self):\n        from acme.c import gone\n")
        | {"acme/b.py": "from acme.a import Kept\nclass Heir(Kept):\n    def __init__(self):\n        super().__init__()\n", "acme/c.py": "gone = 1\n"},
        {"acme/c.py": ""},
        (runtime_error(X, "test_a", exception="ImportError: cannot import name 'gone' from 'acme.c'"),),
    ),
)

ROWS = (*_IDLE, *_HEIRS)
