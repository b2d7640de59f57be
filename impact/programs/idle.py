"""Calls that make something which works only when it is used, and that nobody uses: a patcher, a generator, a coroutine.

Source: the Python reference ("Yield expressions", "Coroutines"), the documentation of `unittest.mock` ("patch methods: start and stop").
"""

from __future__ import annotations

import ast
import re

from impact.programs.conditions import path_of
from impact.programs.parsing import read_tree
from impact.programs.paths import Path
from impact.programs.program import Call, Function, Problem


def is_dropped(source: bytes, call: Call, function: Function | None) -> bool:
    """Tell whether nobody uses what a call in a function, or outside of all, gives: it is a statement of its own, or bound to a name that the body has
    nowhere else, or only to ask what it is: for its truth, its identity, its type.
    """
    line = source.splitlines()[call.line - 1]
    try:
        (node,) = ast.parse(line.strip()).body
    except (SyntaxError, ValueError):
        return False
    indent = len(line) - len(line.lstrip())
    match node:
        case ast.Expr(value=ast.Call() as made):
            bound = ""
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as made):
            bound = name
        case _:
            return False
    if made.col_offset + indent != call.column or path_of(made.func) != call.path:
        return False
    if not bound:
        return True
    text = function.text if function is not None else source.decode("utf-8", "replace")
    uses = len(re.findall(rf"\b{re.escape(bound)}\b", text)) - 1
    body = _parsed(source) if function is None else _body_of(function)
    return not uses or uses == sum(_asks(node, bound) for top in body for node in ast.walk(top))


def hands_out(function: Function, line: int) -> Path | None:
    """Return the path of what a function calls only to return what that gives, in a statement that stands at a line; None where it does not."""
    ahead = function.place[0] - (1 if function.place[1] else 2)
    for top in _body_of(function):
        for node in ast.walk(top):
            if isinstance(node, ast.Return) and node.lineno + ahead <= line <= (node.end_lineno or node.lineno) + ahead:
                return path_of(node.value.func) if isinstance(node.value, ast.Call) else None
    return None


def is_lazy(source: bytes, function: Function) -> bool:
    """Tell whether calling a function does not run its body: it is a generator or a coroutine."""
    if source.splitlines()[function.line - 1].lstrip().startswith(b"async "):
        return True
    return "yield" in function.text and any(map(_yields, _body_of(function)))


def _body_of(function: Function) -> list[ast.stmt]:
    return _parsed(("if 1: " if function.place[1] else "if 1:\n") + function.text)


def _parsed(source: str | bytes) -> list[ast.stmt]:
    tree = read_tree(source)
    return [] if isinstance(tree, Problem) else tree.body


def _asks(node: ast.AST, name: str) -> int:
    """Count the times that a node asks what a name stands for and leaves it as it is."""
    match node:
        case (
            ast.Assert(test=asked)
            | ast.If(test=asked)
            | ast.UnaryOp(op=ast.Not(), operand=asked)
            | ast.Call(func=ast.Attribute(value=asked, attr="close"), args=[])
        ):
            return _is(asked, name)
        case ast.BoolOp(op=ast.And(), values=values):
            return sum(_is(one, name) for one in values[:-1])
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[right]):
            return _is(left, name) + _is(right, name)
        case ast.Call(func=ast.Name(id="isinstance" | "callable" | "hasattr"), args=[asked, *_]):
            return _is(asked, name)
    return 0


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _yields(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
        return False
    return isinstance(node, ast.Yield | ast.YieldFrom) or any(map(_yields, ast.iter_child_nodes(node)))
