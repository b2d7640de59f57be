"""Production code that runs, as hypothesis strategies: definitions, imports of what is there, expressions that evaluate.

What a name stands for is its kind: `function` takes no argument, `keyword` may be given `x`; a `class` has `attribute` and `method`, an `outer`
one `Inner.deep` beside them, a `stepping` one a `step` that `method` calls; a `built` one is made with `x`, a `record` is a dataclass with `x` and `y`,
an `enum` has `RED` and `BLUE`, a `case` is a test case; `context`, `decorator`, `table` (a dictionary with `"k"`) and `value` are what they say. Anything
else is the dotted name of a module.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent

from hypothesis import strategies as st

from oracle.shapes import Draw, File, Item

There = Mapping[str, File]
"""The modules that are there already, by name."""

NAMES = ("f", "g", "K", "C", "v", "E", "D", "B", "T", "deco")
CLASSES = ("class", "outer", "stepping")
"""The kinds that a test class may have as its base."""

_EXPRESSIONS: Mapping[str, tuple[str, ...]] = {
    "function": ("{0}", "{0}()"),
    "keyword": ("{0}", "{0}()", "{0}(x=1)", "{0}(x=2)"),
    "class": ("{0}", "{0}.attribute", "{0}.method", "{0}()", "{0}().method()"),
    "stepping": ("{0}", "{0}.attribute", "{0}().method()", "{0}().step"),
    "outer": ("{0}", "{0}.attribute", "{0}.Inner", "{0}.Inner.deep", "{0}().method()", "{0}().named"),
    "built": ("{0}(1)", "{0}(x=1)", "{0}(x=1).x", "{0}.made()"),
    "record": ("{0}()", "{0}(x=1)", "{0}(y=1)", "{0}(1, 2)", "{0}().y", "{0}.x"),
    "enum": ("{0}.RED", "{0}.BLUE", "{0}.RED.value", "{0}"),
    "table": ('{0}["k"]', "{0}"),
}
_OUTER = """\
class {0}:
    attribute = 1

    class Inner:
        deep = 1

    def method(self):
        return 1

    @property
    def named(self):
        return 1
"""
_DEFINITIONS: Mapping[str, tuple[str, ...]] = {
    "function": ("def {0}():\n    return 1\n", "def {0}(*rest, **more):\n    return 1\n", "def {0}(y=1, *, z=2):\n    return 1\n", "{0} = lambda: 1"),
    "keyword": ("def {0}(x=1):\n    return 1\n", "def {0}(*, x=1):\n    return 1\n", "def {0}(x=1, **more):\n    return 1\n"),
    "class": ("class {0}:\n    attribute = 1\n\n    def method(self):\n        return 1\n",),
    "outer": (_OUTER,),
    "built": (
        "class {0}:\n    def __init__(self, x):\n        self.x = x\n\n    @classmethod\n    def made(cls):\n        return cls(1)\n",
        "class {0}:\n    def __init__(self, x, y=1):\n        self.x = x\n\n    @staticmethod\n    def made():\n        return 1\n",
    ),
    "record": ("from dataclasses import dataclass\n@dataclass\nclass {0}:\n    x: int = 1\n    y: int = 2\n",),
    "enum": ("import enum\nclass {0}(enum.Enum):\n    RED = 1\n    BLUE = 2\n",),
    "table": ('{0} = {{"k": 1}}',),
    "value": ("{0} = 1", "{0} = object()", "{0}: int = 1"),
    "decorator": ("def {0}(function):\n    return function\n",),
}
_KINDS: Mapping[str, tuple[str, ...]] = {
    "f": ("function", "keyword"),
    "g": ("function", "keyword"),
    "C": ("class", "outer"),
    "E": ("enum",),
    "D": ("record",),
    "B": ("built",),
    "T": ("table",),
    "deco": ("decorator",),
}
_STEPPING = """\
class {0}:
    attribute = 1

    def method(self):
        return self.step()

    def step(self):
        return {1}
"""
_HOLDER = """\
class {0}:
    attribute = 1

    def __init__(self, x=None):
        self.x = x or {1}

    def method(self):
        return self.x
"""
_WRAPPER = """\
import functools
def {0}(function):
    @functools.wraps(function)
    def inner(*rest, **more):
        {1}
        return function(*rest, **more)

    return inner
"""
# What uses an expression when it is called, and how: under a condition on a parameter, by another method, in the place of what it decorates.
_USING: Mapping[str, tuple[str, str, str]] = {
    "argument": ("call_", "keyword", "def {0}(x=None):\n    if x is None:\n        return {1}\n    return x\n"),
    "mode": ("call_", "keyword", "def {0}(x=1):\n    if x == 2:\n        return 1\n    return {1}\n"),
    "lambda": ("call_", "function", "{0} = lambda: {1}"),
    "step": ("Stepping", "stepping", _STEPPING),
    "holder": ("Holder", "class", _HOLDER),
    "wrapper": ("deco_", "decorator", _WRAPPER),
    "case": ("Case", "case", "import unittest\nclass {0}(unittest.TestCase):\n    def setUp(self):\n        {1}\n"),
    "context": ("Context", "context", "class {0}:\n    def __enter__(self):\n        return {1}\n\n    def __exit__(self, *rest):\n        pass\n"),
}
_STATEMENTS = ("value", "default", "body", "base", "late import", "decorated", "method", "condition", *_USING)
_CONDITIONS = ("if sys.version_info >= (3, 8):\n{1}", "if sys.version_info < (3, 8):\n    {0} = None\nelse:\n{1}", 'if sys.platform != "nonesuch":\n{1}')
_LAZY = """\
_LAZY = {{{0!r}: {1!r}}}


def __getattr__(name):
    if name in _LAZY:
        import importlib

        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
"""


def production(draw: Draw, module: str, there: There) -> File:
    """Draw a module: imports of what is there, definitions, statements that use both, perhaps an `__all__` or names that come lazily."""
    items: list[Item] = []
    scope: dict[str, str] = {}
    for _ in range(draw(st.integers(0, 2)) if there else 0):
        add_import(draw, module, there, items, scope, None)
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
        if name not in scope:
            item, scope[name] = _definition(draw, name)
            items.append(item)
    for number in range(draw(st.integers(0, 2))):
        _statement(draw, number, there, items, scope)
    public = {name: kind for name, kind in scope.items() if not name.startswith("_")}
    if draw(st.integers(0, 4)) == 0:
        names = [name for name in scope if draw(st.booleans())]
        public = {name: scope[name] for name in names}
        items += [Item(text) for text in _all(draw, names)]
    lazy: dict[str, str] = {}
    if module in ("acme", "acme.sub") and draw(st.integers(0, 3)) == 0:
        source = draw(st.sampled_from([one for one in ("acme.a", "acme.b") if there[one].exports] or [""]))
        name = draw(st.sampled_from(sorted(there[source].exports))) if source else ""
        if name and name not in scope and there[source].exports[name] not in there:
            items.append(Item(_LAZY.format(name, source)))
            lazy[name] = there[source].exports[name]
    return File(tuple(items), {**scope, **lazy}, public)


def _definition(draw: Draw, name: str) -> tuple[Item, str]:
    kind = draw(st.sampled_from(_KINDS.get(name, ("value",))))
    text = draw(st.sampled_from(_DEFINITIONS[kind])).format(name)
    if draw(st.integers(0, 7)) == 0:
        text = "import sys\n" + draw(st.sampled_from(_CONDITIONS)).format(name, indent(text, "    "))
    return Item(text, name), kind


def _all(draw: Draw, names: list[str]) -> tuple[str, ...]:
    shape = draw(st.sampled_from(("literal", "adding", "extend")))
    if shape == "literal" or not names:
        return (f"__all__ = {names!r}",)
    return (f"__all__ = {names[:-1]!r}", f"__all__ += {names[-1:]!r}" if shape == "adding" else f"__all__.extend({names[-1:]!r})")


def _statement(draw: Draw, number: int, there: There, items: list[Item], scope: dict[str, str]) -> None:
    """Add a statement that uses what is in scope."""
    use = expression(draw, scope, there)
    if use is None:
        return
    shape = draw(st.sampled_from(_STATEMENTS))
    bound, kind = f"call_{number}", "function"
    text = f"def {bound}():\n    return {use}\n"
    if shape == "value":
        bound, kind = f"used_{number}", "value"
        text = f"{bound} = {use}"
    elif shape == "default":
        text = f"def {bound}(x={use}):\n    return x\n"
    elif shape == "late import" and (drawn := [one for one in there if one != "helpers" and there[one].exports]):
        source = draw(st.sampled_from(drawn))
        name = draw(st.sampled_from(sorted(there[source].exports)))
        text = f"def {bound}():\n    from {source} import {name} as it\n\n    return it\n"
    elif shape == "base" and (classes := sorted(name for name, kind in scope.items() if kind in CLASSES)):
        bound, kind = f"Heir{number}", "class"
        text = f"class {bound}({draw(st.sampled_from(classes))}):\n    own = 1\n"
    elif shape == "decorated" and (decorators := sorted(name for name, kind in scope.items() if kind == "decorator")):
        text = f"@{draw(st.sampled_from(decorators))}\ndef {bound}():\n    return 1\n"
    elif shape == "method":
        bound, kind = f"User{number}", "class"
        text = f"class {bound}:\n    attribute = 1\n\n    def method(self):\n        return {use}\n"
    elif shape in _USING:
        bound, kind, text = _USING[shape]
        bound = f"{bound}{number}"
        text = text.format(bound, use)
    elif shape == "condition":
        bound, kind = f"used_{number}", "value"
        text = f"if {use} is not None:\n    {bound} = 1\nelse:\n    {bound} = 2"
    items.append(Item(text, bound))
    scope[bound] = kind


def add_import(draw: Draw, module: str, there: There, items: list[Item], scope: dict[str, str], helpers: str | None, *, guards: bool = True) -> None:
    """Add an import of something that is there. `helpers` is how the helpers are named here, None where they cannot be."""
    source = draw(st.sampled_from(sorted(there)))
    if source == "helpers" and helpers is None:
        return
    dotted = helpers if source == "helpers" and helpers is not None else source
    package, _, last = dotted.rpartition(".")
    names = sorted(there[source].exports)
    shape = draw(st.sampled_from(("import", "alias", "from", "from as", "star", "module", "relative")))
    text, bound, kind = f"import {dotted}", dotted.partition(".")[0], dotted.partition(".")[0]
    if shape == "alias":
        text, bound, kind = f"import {dotted} as mod_{last}", f"mod_{last}", source
    elif shape == "module" and package:
        text, bound, kind = f"from {package} import {last}", last, source
    elif shape == "star":
        brought = there[source].public
        if all(scope.get(name, kind) == kind for name, kind in brought.items()):
            items.append(Item(f"from {dotted} import *"))
            scope |= brought
        return
    elif shape in ("from", "from as", "relative") and names:
        name = draw(st.sampled_from(names))
        bound = f"my_{name}" if shape == "from as" else name
        where = dotted
        if shape == "relative" and module.startswith("acme") and source.startswith("acme."):
            where = f".{source.removeprefix('acme.')}" if module in ("acme", "acme.a", "acme.b") else f"..{source.removeprefix('acme.')}"
        text = f"from {where} import {name}" + (f" as {bound}" if bound != name else "")
        kind = there[source].exports[name]
    if bound in scope and scope[bound] != kind:
        return
    # What becomes of `None["k"]` is not followed: a dictionary has no fallback.
    guard = draw(st.sampled_from((None, None, None, "try", "type checking", "suppress"))) if guards and kind != "table" else None
    if guard == "try":
        items.append(Item(f"try:\n    {text}\nexcept ImportError:\n    {bound} = None", bound))
    elif guard == "type checking":
        items.append(Item(f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {text}"))
        return
    elif guard == "suppress":
        items.append(Item(f"import contextlib\nwith contextlib.suppress(ImportError):\n    {text}", bound))
    else:
        items.append(Item(text, bound))
    if shape != "import" or "." not in dotted:
        scope[bound] = kind


def expression(draw: Draw, scope: Mapping[str, str], there: There) -> str | None:
    """Draw an expression that evaluates."""
    names = sorted(name for name in scope if not name.startswith("used_"))
    if not names:
        return None
    name = draw(st.sampled_from(names))
    kind = scope[name]
    if kind in there:
        inner = expression(draw, {one: of for one, of in there[kind].exports.items() if of not in there}, there)
        return f"{name}.{inner}" if inner is not None else name
    return draw(st.sampled_from(_EXPRESSIONS.get(kind, ("{0}",)))).format(name)
