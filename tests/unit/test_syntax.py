"""From source to what it does, as tables; and that what is written down is read back the same."""

from __future__ import annotations

import random
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.programs.encoding import body_in, dump, dump_bodies, load, load_bodies
from impact.programs.functions import body_of, functions_of
from impact.programs.parsing import find_refusal
from impact.programs.paths import ENTERED, INSTANCE, RESULT
from impact.programs.program import (
    Bind,
    Block,
    Bodies,
    Branch,
    Call,
    Change,
    ClassDef,
    Define,
    Exports,
    FromImport,
    Function,
    Give,
    Handler,
    Import,
    Inject,
    Item,
    Leave,
    Load,
    Loop,
    Open,
    Plugins,
    Program,
    Raise,
    SetAttribute,
    Statement,
    Try,
    Unbind,
    With,
)
from impact.programs.syntax import parse


def parse_module(source: bytes) -> Program:
    return parse(source)[0]


def parse_functions(source: bytes) -> tuple[Function, ...]:
    return functions_of(parse(source)[1], source, Bodies({}))


def read(path: str, column: int = 0, line: int = 1) -> Load:
    return Load(tuple(path.split(".")), line, column)


def call(path: str, *arguments: str | tuple[str, ...] | None, column: int = 0, line: int = 1) -> Call:
    return Call(tuple(path.split(".")), arguments, (), line, column)


def bind(name: str, value: str | None = None) -> Bind:
    return Bind(name, tuple(value.split(".")) if value else None)


Row = tuple[Statement, ...]

IMPORTS: dict[str, Row] = {
    "import a, b.c as d": (Import("a", None, 1, 0), Import("b.c", "d", 1, 0)),
    "from a import b, c as d": (FromImport(0, "a", "b", None, 1, 0), FromImport(0, "a", "c", "d", 1, 0)),
    "from .. import a": (FromImport(2, "", "a", None, 1, 0),),
    "from .a.b import *": (FromImport(1, "a.b", "*", None, 1, 0),),
    "\n  \nfrom a import (b,\n  c)": (FromImport(0, "a", "b", None, 3, 0), FromImport(0, "a", "c", None, 3, 0)),
}

BINDINGS: dict[str, Row] = {
    "x = a.b": (read("a.b", 4), bind("x", "a.b")),
    "x = 1": (bind("x"),),
    "x = a or B()": (read("a", 4), bind("x", "a"), Branch("true a", (), (read("B", 9), call("B", column=9), Bind("x", RESULT)))),
    "x = A() if b else None": (*(read("b", 11), Branch("true b", (read("A", 4), call("A", column=4), Bind("x", RESULT)), (bind("x", "None"),))),),
    "x = [A() for y in z]": (read("z", 18), Loop(False, (read("A", 5), call("A", column=5)), ()), Bind("x", ("A", "()", "[]"))),
    "x = {'a': A, 'b': A}": (read("A", 10), Bind("x", ("A", "{}"))),
    "x = [A, B]": (read("A", 5), read("B", 8), Bind("x", ("(,)", "A", "B"))),
    "x = A(), b.c, 1": (read("A", 4), call("A", column=4), read("b.c", 9), Bind("x", ("(,)", "A\x1f()", "b\x1fc", ""))),
    "x, y = a()": (read("a", 7), call("a", column=7), Bind("()", RESULT), Bind("x", ("()", "*0")), Bind("y", ("()", "*1"))),
    "x = [y for y in z]": (read("z", 16), bind("x")),
    "x.y = a or b": (read("x"), read("a", 6), SetAttribute(("x", "y"), ("a",)), Branch("true a", (), (read("b", 11), SetAttribute(("x", "y"), ("b",))))),
    "x = a.b('c')": (read("a.b", 4), call("a.b", "c", column=4), Bind("x", RESULT)),
    "x, y = a.b, c": (read("a.b", 7), read("c", 12), bind("x", "a.b"), bind("y", "c")),
    "x, (y, *z) = a": (read("a", 13), Bind("x", ("a", "*0")), Bind("y", ("a", "*1", "*0")), bind("z")),
    "a.b.c = d": (read("d", 8), read("a.b"), SetAttribute(("a", "b", "c"), ("d",))),
    "a[b] = c": (read("c", 7), read("a"), read("b", 2), Change(("a",))),
    "x += a": (read("a", 5), read("x"), bind("x")),
    "del a, b": (Unbind("a", 1), Unbind("b", 1)),
    "del a.b, c[0]": (read("a.b", 4), read("c", 9), Change(("c",))),
    "y = (x := a.b)": (read("a.b", 10), bind("x", "a.b"), bind("y")),
    "x: A = b\ny: C": (read("b", 7), read("A", 3), bind("x", "b"), read("C", 3, 2)),
    "for i, (j, k) in a.b: c": (
        *(read("a.b", 17), Bind("i", ("a", "b", "[*]", "*0")), Bind("j", ("a", "b", "[*]", "*1", "*0")), Bind("k", ("a", "b", "[*]", "*1", "*1"))),
        Loop(False, (read("c", 22),), (), ("a", "b"), 1),
    ),
    "for i, x in enumerate(a): b": (
        *(read("a", 22), call("enumerate", ("a",), column=12), bind("i"), Bind("x", ("a", "[*]"))),
        Loop(False, (read("b", 26),), (), RESULT, 1),
    ),
    "for x, y in zip(a, [B()]): c": (
        *(read("a", 16), read("B", 20), call("B", column=20), call("zip", ("a",), ("B", "()", "[]"), column=12)),
        *(Bind("x", ("a", "[*]")), Bind("y", ("B", "()", "[]", "[*]")), Loop(False, (read("c", 27),), (), RESULT, 1)),
    ),
    "for k, x in a.items(): b": (
        *(read("a.items", 12), call("a.items", column=12), bind("k"), Bind("x", ("a", "{*}")), Loop(False, (read("b", 23),), (), RESULT, 1)),
    ),
    "for i in (1, 2): a\nelse: b": (bind("i"), Loop(True, (read("a", 17),), (read("b", 6, 2),))),
    "for i in (): a": (bind("i"), Loop(False, (), ())),
    "for i in (): a\nelse: b": (bind("i"), Loop(False, (), (read("b", 6, 2),))),
    "for i in f(): a": (read("f", 9), call("f", column=9), Bind("i", ("f", "()", "[*]")), Loop(False, (read("a", 14),), (), RESULT, 1)),
    "async for i in b: a": (read("b", 15), bind("i"), Loop(False, (read("a", 18),), ())),
    "while True: a; break": (Loop(True, (read("a", 12), Leave()), ()),),
    "while x: continue": (read("x", 6), Loop(False, (Leave(),), ())),
}

EXPRESSIONS: dict[str, Row] = {
    "a\na\na.b": (read("a"), read("a.b", 0, 3)),
    "a\na = 1\na": (read("a"), bind("a"), read("a", 0, 3)),
    "len(a)": (read("a", 4), call("len", ("a",))),
    "f(a, *b, c='d', **e)": (
        *(read("f"), read("a", 2), read("b", 6), read("e", 18)),
        Call(("f",), (("a",), None), (("c", "d"), ("**", ("e",))), 1, 0),
    ),
    "f((A, m.B))": (read("f"), read("A", 3), read("m.B", 6), call("f", ("A",), ("m", "B"))),
    "f(a.B(), b[c], [A(), A()], [A(), 1])": (
        *(read("f"), read("a.B", 2), call("a.B", column=2), read("b", 9), read("c", 11), read("A", 16), call("A", column=16), call("A", column=21)),
        *(call("A", column=28), call("f", ("a", "B", "()"), ("b", "[0]"), ("A", "()", "[]"), ("(,)", "A\x1f()", ""))),
    ),
    "f(1, True, None)": (read("f"), call("f", None, ("True",), ("None",))),
    "a().b": (read("a"), call("a"), Bind("()", RESULT), read("().b")),
    "a[0].b": (read("a"), Bind("()", ("a", "#0")), read("().b")),
    "a[0]()": (read("a"), Bind("()", ("a", "#0")), call("()")),
    "A['b']": (read("A"), Item(("A",), "b", 1, 0)),
    "a[b]": (read("a"), read("b", 2)),
    "a or b.c": (read("a"), Branch("true a", (), (read("b.c", 5),))),
    "a and b.c": (read("a"), Branch("true a", (read("b.c", 6),), ())),
    "TYPE_CHECKING and a.b": (read("TYPE_CHECKING"), Branch("no", (read("a.b", 18),), ())),
    "TYPE_CHECKING or a.b": (read("TYPE_CHECKING"), Branch("no", (), (read("a.b", 17),))),
    "assert a, b.c": (read("a", 7),),
    "a if b else c": (read("b", 5), Branch("true b", (read("a"),), (read("c", 12),))),
    "a if TYPE_CHECKING else c": (
        read("TYPE_CHECKING", 5),
        Branch("no", (read("a"),), (read("c", 24),)),
    ),
    "f'{a.b}{c:{d}}'": (read("a.b", 0), read("c", 0), read("d", 0)),
    "[a.b(x) for x in (1, 2)]": (Loop(True, (read("a.b", 1), call("a.b", ("x",), column=1)), ()),),
    "[a.b for x in c]": (read("c", 14), Loop(False, (read("a.b", 1),), ())),
    "[x.a for x in b if x]": (
        *(read("b", 14), Loop(False, (Bind("x", ("b", "[*]")), read("x", 19), Branch("true x", (read("x.a", 1),), ())), (), own=("x",))),
    ),
    "[1 for x in a if b.c]": (read("a", 12), Loop(False, (read("b.c", 17),), ())),
    "(a.b for x in [1])": (),
    "(a.b for x in c)": (read("c", 14),),
    "f(a.b for x in c)": (read("f"), read("c", 15), Loop(False, (read("a.b", 2),), ()), call("f", None)),
    "{k: m.v for k in c}": (read("c", 17), Loop(False, (read("m.v", 4),), ())),
    "lambda: a": (),
    "lambda x=a.b: x": (read("a.b", 9),),
    "getattr(a.b, 'c')": (read("a.b.c"),),
    "getattr(a, 'c', None)": (read("a", 8), call("getattr", ("a",), "c", ("None",))),
    "getattr(a, c)": (read("a", 8), read("c", 11), call("getattr", ("a",), ("c",))),
}

CONDITIONS = {
    "TYPE_CHECKING": "no",
    "t.TYPE_CHECKING": "no",
    "not TYPE_CHECKING": "yes",
    "TYPE_CHECKING and x": "no",
    "x and not x": "all true x\x1e!true x",
    "True or x": "yes",
    "0": "no",
    "'x'": "yes",
    "__debug__": "yes",
    "six.PY2": "no",
    "six.PY3": "yes",
    "PY2": "true PY2",
    "__name__ == '__main__'": "no",
    "__name__ != '__main__'": "!equal __name__ '__main__'",
    "__name__ == 'x'": "equal __name__ 'x'",
    "sys.version_info >= (3, 8)": "version>=3.8",
    "version_info[:2] < (3, 12)": "version<3.12",
    "not sys.version_info < (3,)": "version>=3",
    "not sys.version_info == (3, 8)": "version!=3.8",
    "not sys.version_info > (3, 8)": "version<=3.8",
    "sys.version_info[0] == 2": "no",
    "sys.version_info[0] >= 3": "yes",
    "sys.version_info.major < 3": "no",
    "sys.version_info[1] > 8": "maybe",
    "sys.version_info >= x": "maybe",
    "sys.version_info > (3, x)": "maybe",
    "TYPE_CHECKING or sys.version_info >= (3, 8)": "version>=3.8",
    "x and sys.version_info >= (3, 8)": "all true x\x1eversion>=3.8",
    "sys.platform == 'win32'": "maybe",
    "x": "true x",
    "x.y": "true x.y",
    "not x": "!true x",
    "x is None": "none x",
    "x.y is not None": "!none x.y",
    "x == None": "equal x None",
    "x != 'a'": "!equal x 'a'",
    "x in ('a', None)": "among x ('a', None)",
    "x not in [1]": "!among x (1,)",
    "x in (1, y)": "maybe",
    "x.y == 1": "maybe",
    "x == 1.5": "maybe",
    "not (x and y)": "!all true x\x1etrue y",
    "isinstance(x, (str, C))": "any is x str\x1eis x C",
    "isinstance(x, ())": "maybe",
    "f() and g()": "maybe",
    "a and (b or c)": "all true a\x1emaybe",
    "f(x) is None": "maybe",
}

BLOCKS: dict[str, Row] = {
    "if TYPE_CHECKING: import a\nelse: import b": (read("TYPE_CHECKING", 3), Branch("no", (Import("a", None, 1, 18),), (Import("b", None, 2, 6),))),
    "if x: a\nelif y: b": (read("x", 3), Branch("true x", (read("a", 6),), (read("y", 5, 2), Branch("true y", (read("b", 8, 2),), ())))),
    "try: import a\nexcept (ImportError, E.x): b\nexcept A as e: c\nexcept: d\nelse: f\nfinally: g": (
        Try(
            (Import("a", None, 1, 5),),
            (
                Handler((("ImportError",), ("E", "x")), None, (read("b", 27, 2),)),
                Handler((("A",),), "e", (bind("e"), read("c", 15, 3), Unbind("e"))),
                Handler(None, None, (read("d", 8, 4),)),
            ),
            (read("f", 6, 5),),
            (read("g", 9, 6),),
        ),
    ),
    "try: a\nexcept* B: c": (Try((read("a", 5),), (Handler((("B",),), None, (read("c", 11, 2),)),), (), ()),),
    "with suppress(A) as s, m: import a": (
        *(read("suppress", 5), read("A", 14), call("suppress", ("A",), column=5), Bind("s", ENTERED), read("m", 23)),
        With((call("suppress", ("A",), column=5), call("m", column=23)), (Import("a", None, 1, 26),)),
    ),
    "raise a.B('x')": (read("a.B", 6), call("a.B", "x", column=6), Raise(("a", "B"), "x", 1)),
    "raise A": (read("A", 6), Raise(("A",), None, 1)),
    "raise": (Raise(None, None, 1),),
    "match a:\n  case B(c, d=e): f\n  case m.V: g\n  case [x, *y]: h\n  case {**z}: i\n  case _ if q: j": (
        read("a", 6),
        read("B", 7, 2),
        Branch(
            "maybe",
            (bind("c"), bind("e"), read("f", 18, 2)),
            (
                Branch(
                    "maybe",
                    (read("m.V", 7, 3), read("g", 12, 3)),
                    (
                        Branch(
                            "maybe",
                            (bind("x"), bind("y"), read("h", 16, 4)),
                            (Branch("maybe", (bind("z"), read("i", 14, 5)), (Branch("maybe", (read("q", 12, 6), read("j", 15, 6)), ()),)),),
                        ),
                    ),
                ),
            ),
        ),
    ),
    "match a:\n  case 1: b\n  case c: d": (read("a", 6), Branch("maybe", (read("b", 10, 2),), (bind("c"), read("d", 10, 3)))),
}

DEFINITIONS: dict[str, Row] = {
    "@d(1)\n@e.f\ndef g(x: A = B, *args: C, y=D, **k: E) -> F: body": (
        *(read("d", 1), call("d", None, column=1), read("e.f", 1, 2)),
        *(read("B", 13, 3), read("D", 28, 3), read("A", 9, 3), read("C", 23, 3), read("E", 36, 3), read("F", 42, 3)),
        *(call("e.f", None, column=1, line=2), Define("g", "3:0")),
    ),
    "from __future__ import annotations\ndef g(x: A = B) -> F: body\nz: G = H\nq: I": (
        *(FromImport(0, "__future__", "annotations", None, 1, 0), read("B", 13, 2), Define("g", "2:0"), read("H", 7, 3), bind("z", "H")),
    ),
    "async def f(): await x": (Define("f", "1:0"),),
    "@d\nclass C(B, m.D[E], metaclass=M):\n    a = b\n    a\n    def f(self): q": (
        *(read("d", 1), read("B", 8, 2), read("m.D", 11, 2), read("E", 15, 2), read("M", 29, 2)),
        ClassDef("C", (("B",), ("m", "D")), (read("b", 8, 3), bind("a", "b"), read("a", 4, 4), Define("f", "5:4")), True, (read("d", 1),), 2),
        call("d", None, column=1),
    ),
    "@d\n@e\ndef g(): pass": (read("d", 1), read("e", 1, 2), call("e", None, column=1, line=2), call("d", None, column=1), Define("g", "3:0")),
    "@property\ndef g(): pass": (Define("g", "2:0"),),
    "class C(B, k=x, metaclass=M, **y): pass": (
        *(read("B", 8), read("x", 13), read("M", 26), read("y", 31)),
        ClassDef("C", (("B",),), (), True, (), 1, (), ("k", "**")),
    ),
    "class C: pass": (ClassDef("C", (), (), False, (), 1),),
    "class C(f()): pass": (read("f", 8), call("f", column=8), ClassDef("C", (None,), (), False, (), 1)),
}

NAMESPACES: dict[str, Row] = {
    "__all__ = ['a', 'b']": (Exports(False, ("a", "b"), None), bind("__all__")),
    "__all__: list[str] = ('a',)": (Exports(False, ("a",), None), bind("__all__")),
    "__all__ += ['a']": (Exports(True, ("a",), None),),
    "__all__ += m.__all__": (read("m.__all__", 11), Exports(True, None, ("m", "__all__"))),
    "__all__ = ['a'] + m.__all__ + b": (
        *(read("m.__all__", 18), read("b", 30), Exports(False, ("a",), None), Exports(True, None, ("m", "__all__")), Exports(True, None, ("b",))),
        bind("__all__", None),
    ),
    "__all__ = [x for x in y]": (read("y", 22), Exports(False, None, None), bind("__all__")),
    "__all__.append('a')": (read("__all__.append"), Exports(True, ("a",), None), call("__all__.append", "a")),
    "__all__.extend(['a'])": (read("__all__.extend"), Exports(True, ("a",), None), call("__all__.extend", None)),
    "sys.modules['a.b'] = x": (read("x", 21), Inject("a.b")),
    "sys.modules[y] = 1": (Inject(None),),
    "sys.modules[__name__] = x": (read("x", 24), Open(("x",))),
    "sys.modules.setdefault('a', 1)": (read("sys.modules.setdefault"), Inject("a"), call("sys.modules.setdefault", "a", None)),
    "sys.modules.update({'a': 1, 'b': 2})": (read("sys.modules.update"), Inject("a"), Inject("b"), call("sys.modules.update", None)),
    "with patch.dict('sys.modules', {'a': 1}): import a": (
        *(read("patch.dict", 5), call("patch.dict", "sys.modules", None, column=5)),
        With((call("patch.dict", "sys.modules", None, column=5),), (Inject("a"), Import("a", None, 1, 42))),
    ),
    "globals().update(x)": (
        *(call("globals"), Bind(INSTANCE, RESULT), Load((INSTANCE, "update"), 1, 0), read("x", 17)),
        *(Open(), Call((INSTANCE, "update"), (("x",),), (), 1, 0)),
    ),
    "globals()['a'] = 1": (bind("a"), call("globals")),
    "globals()[a()] = 1": (Open(), call("globals"), read("a", 10), call("a", column=10)),
    "f(globals())": (read("f"), call("globals", column=2), Open(), call("f", ("globals", "()"))),
    "exec(c)": (read("c", 5), Open(), call("exec", ("c",))),
    "pytest_plugins = ['a', 'b']": (Plugins(("a", "b"), 1), bind("pytest_plugins")),
    "pytest_plugins = 'a'": (Plugins(("a",), 1), bind("pytest_plugins")),
    "x['a'] = 1": (read("x"), Change(("x",))),
}

STRINGS: dict[str, Row] = {
    "f('a' 'b')": (call("f", "ab", line=1),),
    "N = 'c'\nf(N)": (call("f", "c", line=2),),
    "N = 'c'\nf(f'p.{N}')": (call("f", "p.c", line=2),),
    "N = 'c'\nf('p.' + N + '.d')": (call("f", "p.c.d", line=2),),
    "f(f'p.{n}')": (call("f", None),),
    "f('p.' + n)": (call("f", None),),
    "f(b'a')": (call("f", None),),
    f"f('{'x' * 301}')": (call("f", None),),
}


def _body(source: str) -> Block:
    program = parse_module(source.encode())
    assert program.problem is None
    return program.body


@pytest.mark.parametrize(("source", "expected"), [row for table in (IMPORTS, BINDINGS, EXPRESSIONS, BLOCKS, DEFINITIONS, NAMESPACES) for row in table.items()])
def test_statements(source: str, expected: Block) -> None:
    found = _body(source)
    if "f'" in source:
        # PEP 701 changed where the parser places what stands in an f-string.
        found = tuple(one._replace(column=0) if isinstance(one, Load) else one for one in found)
    assert found == expected


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS.items())
def test_conditions(condition: str, expected: str) -> None:
    (branch,) = (one for one in _body(f"if {condition}: import a\nelse: import b") if isinstance(one, Branch) and one.orelse)
    assert branch == Branch(expected, branch.body, branch.orelse)


@pytest.mark.parametrize(("source", "expected"), STRINGS.items())
def test_strings(source: str, expected: Block) -> None:
    assert tuple(one for one in _body(source) if isinstance(one, Call)) == expected


WRONG: dict[str, tuple[str, Row]] = {
    "all targets are bound to what was returned": ("x = y = a()", (read("a", 8), call("a", column=8), Bind("x", RESULT), Bind("y", RESULT))),
    "a loop may assign an attribute": ("for a.b in c: pass", (read("c", 11), read("a", 4), SetAttribute(("a", "b")), Loop(False, (), (), ("c",), 1))),
}


@pytest.mark.parametrize(("source", "expected"), [pytest.param(*row, marks=pytest.mark.xfail(reason=reason)) for reason, row in WRONG.items()])
def test_statements_that_come_out_wrong(source: str, expected: Block) -> None:
    assert _body(source) == expected


# --- Functions.


def test_functions_come_in_order_with_what_they_are() -> None:
    source = (
        "def f(x, /, y=1, *a, z=2, **k):\n  x\n  y.q\n  a.q\n  def g(): w\n  return v\n"
        "class C:\n  @staticmethod\n  def s(a): pass\n  @classmethod\n  def c(cls): cls.x\n  def m(self, q): self.x\n  class D:\n    def n(self): pass\n"
    )
    functions = parse_functions(source.encode())
    assert [(one.name, one.owner, one.parameters, one.defaults, one.line, one.key) for one in functions] == [
        ("f", "", ("x", "y", "z"), 2, 1, "1:0"),
        ("g", "", (), 0, 5, "5:2"),
        ("s", "C", ("a",), 0, 9, "9:2"),
        ("c", "C", (), 0, 11, "11:2"),
        ("m", "C", ("q",), 0, 12, "12:2"),
        ("n", "C.D", (), 0, 14, "14:4"),
    ]
    assert {one.name: body_of(one) for one in functions} == {
        "f": (read("y.q", 2, 3), Define("g", "5:2"), read("v", 9, 6), Give(("v",)), Leave()),
        "g": (read("w", 11, 5),),
        "s": (),
        "c": (Bind("cls", ("C",)), read("cls.x", 14, 11)),
        "m": (Bind("self", ("C", INSTANCE)), read("self.x", 18, 12)),
        "n": (Bind("self", ("C", "D", INSTANCE)),),
    }


def test_a_decorator_of_the_class_decorates_its_tests_alone() -> None:
    functions = parse_functions(b"@patch('a.b')\nclass TestC:\n  @d\n  def test_a(self): pass\n  def helper(self): pass\ndef test_c(): pass\n")
    assert {one.name: one.decorators for one in functions} == {
        "test_a": (read("d", 3, 3), call("patch", "a.b", column=1)),
        "helper": (),
        "test_c": (),
    }


def test_a_function_in_which_modules_are_put_begins_with_them() -> None:
    (function,) = parse_functions(b"@patch.dict('sys.modules', {'a': 1})\ndef f():\n  import a\n")
    assert body_of(function) == (Inject("a"), Import("a", None, 3, 2))


@pytest.mark.parametrize(
    ("word", "expected"),
    {**dict.fromkeys(("there", "dotted", "x", "string", "of", "decor"), True), **dict.fromkeys(("absent", "the", "here", "dot", "str", "deco"), False)}.items(),
)
def test_a_function_tells_what_it_mentions(word: str, expected: bool) -> None:
    (function,) = parse_functions(b"@decor('string.of')\ndef f():\n  import dotted.x\n  there\n")
    assert function.mentions(frozenset({"nowhere", word})) is expected


def test_a_parameter_hides_a_constant_of_the_module() -> None:
    (function,) = parse_functions(b"name = 'a.b'\ndef f(name):\n  import_module(name)\n")
    assert [one.arguments for one in body_of(function) if isinstance(one, Call)] == [(("name",),)]


@pytest.mark.parametrize(
    ("source", "expected"),
    {
        "def __getattr__(n): return {'x': 1, 'y z': 2}[n]": ("__getattr__", "x"),
        "__getattr__ = make('q')": ("__getattr__", "q"),
        "class C:\n  def __getattr__(self, n): return 'x'": (),
        "x = 'y'": (),
    }.items(),
)
def test_strings_that_a_module_may_serve(source: str, expected: tuple[str, ...]) -> None:
    assert parse_module(source.encode()).literals == expected


# --- What does not parse.

PROBLEMS: dict[bytes, tuple[str, int, bool]] = {
    b"import a\ndef f(:\n": ("SyntaxError: invalid syntax", 2, False),
    b"x = (\n": ("SyntaxError: '(' was never closed", 1, False),
    b"if x:\npass\n": ("IndentationError: expected an indented block after 'if' statement on line 1", 2, False),
    b"if x:\n\tpass\n        pass\n": ("TabError: inconsistent use of tabs and spaces in indentation", 3, False),
    b"# coding: nope\n": ("SyntaxError: unknown encoding: nope", 1, False),
    b"<<<<<<< ours\n": ("SyntaxError: invalid syntax", 1, False),
    b"x = 1\n  y = 2\n": ("IndentationError: unexpected indent", 2, False),
    b"import a\nprint 'x'\n": ("SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?", 2, True),
    b"try: pass\nexcept A, e: pass\n": ("SyntaxError: multiple exception types must be parenthesized", 2, True),
    b"x <> y\n": ("SyntaxError: invalid syntax", 1, True),
    b"x = `y`\n": ("SyntaxError: invalid syntax", 1, True),
    b"raise A, 'b'\n": ("SyntaxError: invalid syntax", 1, True),
    b"async = 1\n": ("SyntaxError: invalid syntax", 1, True),
    b"def f((a, b)): pass\n": ("SyntaxError: Function parameters cannot be parenthesized", 1, True),
}
# The words of the parser are those of its version.
PARSER = pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the messages are those of Python 3.11")


@PARSER
@pytest.mark.parametrize(("source", "expected"), PROBLEMS.items())
def test_problems(source: bytes, expected: tuple[str, int, bool]) -> None:
    assert parse_module(source).problem == expected
    assert parse_functions(source) == ()


@pytest.mark.parametrize("source", [*PROBLEMS, b"x = 1\x00\n", b"\xff\n", b"(" * 300 + b")" * 300, b"f" + b".a()" * 100_000])
def test_a_problem_names_an_exception_of_python(source: bytes) -> None:
    problem = parse_module(source).problem
    assert problem is not None
    assert problem.exception.partition(":")[0] in ("SyntaxError", "IndentationError", "TabError", "ValueError", "RecursionError", "MemoryError")
    assert problem.line >= 1


def test_imports_of_what_does_not_parse_are_possible_ones() -> None:
    program = parse_module(b"import a\nfrom ..b import c, d\nfrom e import *\ndef f(:\n")
    names = [FromImport(2, "b", "c", None, 1, 0), FromImport(2, "b", "d", None, 1, 0), FromImport(0, "e", "*", None, 1, 0)]
    assert program.body == (Branch("maybe", (Import("a", None, 1, 0), *names), ()),)
    assert program.literals == ()


@PARSER
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(source, expected, marks=pytest.mark.xfail(reason=reason))
        for reason, rows in {
            "what a newer Python accepts is not taken for a dialect": {b"type X = int\n": True, b"def f[T](x: T): pass\n": True, b"class A[T]: pass\n": True},
            "a prefix that Python 3 accepts is taken for Python 2": {b"x = u'a' b\n": False},
        }.items()
        for source, expected in rows.items()
    ],
)
def test_dialects_that_are_mistaken(source: bytes, expected: bool) -> None:
    problem = parse_module(source).problem
    assert problem is not None
    assert problem.dialect is expected


@pytest.mark.parametrize(
    "source", [b"return 1\n", b"import a\nfrom __future__ import annotations\n", b"def f(a, a): pass\n", b"break\n", b"def f():\n  from a import *\n"]
)
def test_what_python_refuses_after_parsing(source: bytes) -> None:
    assert parse_module(source).problem is None
    assert find_refusal(source) is not None


@pytest.mark.parametrize("source", [b"def f(:\n", b"x = 1\n", b"\0", b"(" * 100_000, b"raise SystemExit\n"])
def test_what_the_compiler_adds_nothing_to(source: bytes) -> None:
    problem = find_refusal(source)
    assert problem is None or parse_module(source).problem is not None


# --- Whatever it holds.


def _whole(source: bytes) -> Program:
    program, outline = parse(source)
    assert load(dump(program)) == program
    assert load(dump(outline)) == outline
    written = Bodies({})
    bodies = {function.key: body_of(function) for function in functions_of(outline, source, written)}
    kept = load_bodies(dump_bodies(written))
    assert {key: body_in(kept, key) for key in bodies} == bodies
    assert {function.key: body_of(function) for function in functions_of(outline, source, kept)} == bodies
    return program


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
def test_no_source_is_too_odd(source: str) -> None:
    _whole(source.encode("utf-8", "surrogatepass"))


WORDS = (
    "import a",
    "from . import b",
    "x",
    " = ",
    "a.b",
    "(",
    ")",
    "[",
    "]",
    ", ",
    "\n",
    "\n  ",
    ":",
    "if ",
    "try:",
    "except A as e:",
    "class C",
    "def f",
    "del ",
    "@",
)
MORE = (
    "with ",
    "as ",
    "lambda x=1: ",
    "'s'",
    "f'{x}'",
    "for x in ",
    "while ",
    "return",
    "raise ",
    "__all__ ",
    "+= ",
    "match x:\n case ",
    "*",
    "{",
    "}",
    "sys.modules",
)


@given(st.lists(st.sampled_from((*WORDS, *MORE)), max_size=14).map("".join))
def test_no_mixture_of_words_is_too_odd(source: str) -> None:
    _whole(source.encode())


STDLIB = sorted(path for path in Path(sysconfig.get_path("stdlib")).rglob("*.py") if "site-packages" not in path.parts)


@pytest.mark.parametrize("path", random.Random(7).sample(STDLIB, 60), ids=lambda path: path.name)
def test_what_is_written_down_is_read_back_the_same(path: Path) -> None:
    _whole(path.read_bytes())


@pytest.mark.parametrize("text", ["", "{", "[{}]", '{"99": []}', '{"0": [1]}', "7 7", '[{"x": []}]'])
def test_what_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, IndexError)):
        load(text)


DEEP = {
    "sum": b"x = " + b" + ".join([b"a"] * 1500),
    "strings": b"x = " + b" + ".join([b"'a'"] * 1500),
    "elif": b"if a: pass\n" + b"elif b: pass\n" * 400,
    "calls": b"f" + b".a()" * 600,
    "not": b"not " * 1500 + b"x",
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_no_source_is_too_deep(source: bytes) -> None:
    _whole(source)


@pytest.mark.parametrize("depth", [20, 90])
def test_deep_blocks(depth: int) -> None:
    source = "".join(f"{' ' * level}if x:\n" for level in range(depth)) + " " * depth + "import a\n"
    block = _whole(source.encode()).body
    for _ in range(depth):
        block = next(one for one in block if isinstance(one, Branch)).body
    assert block == (Import("a", None, depth + 1, depth),)
