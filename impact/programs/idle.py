"""Calls that make something which works only when it is used, and that nobody uses: a patcher, a generator, a coroutine.

Source: the Python reference ("Yield expressions", "Coroutines"), the documentation of `unittest.mock` ("patch methods: start and stop").
"""

from __future__ import annotations

import ast
import re

from impact.programs.conditions import path_of
from impact.programs.parsing import read_tree
from impact.programs.program import Call, Function, Problem


def is_dropped(source: bytes, call: Call, body: str) -> bool:
    """Tell whether nobody uses what a call in a body gives: it is a statement of its own, or bound to a name that the body has nowhere else."""
    line = source.splitlines()[call.line - 1]
    try:
        (node,) = ast.parse(line.strip()).body
    except (SyntaxError, ValueError):
        return False
    indent = len(line) - len(line.lstrip())
    match node:
        case ast.Expr(value=ast.Call() as made):
            uses = ""
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as made):
            uses = rf"\b{re.escape(name)}\b"
        case _:
            return False
    if made.col_offset + indent != call.column or path_of(made.func) != call.path:
        return False
    return not uses or len(re.findall(uses, body)) == 1


def is_lazy(source: bytes, function: Function) -> bool:
    """Tell whether calling a function does not run its body: it is a generator or a coroutine."""
    if source.splitlines()[function.line - 1].lstrip().startswith(b"async "):
        return True
    if "yield" not in function.text:
        return False
    tree = read_tree(("if 1: " if function.place[1] else "if 1:\n") + function.text)
    return not isinstance(tree, Problem) and any(map(_yields, tree.body))


def _yields(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
        return False
    return isinstance(node, ast.Yield | ast.YieldFrom) or any(map(_yields, ast.iter_child_nodes(node)))
