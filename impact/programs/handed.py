"""What a call hands to the parameters of a function, as far as that is written down: constants, and names.

It is read from the source again: of a thousand calls, those matter that lead to a function which asks its parameters whether it shall fail.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from impact.programs.conditions import path_of
from impact.programs.parsing import read_tree
from impact.programs.paths import INSTANCE, Path
from impact.programs.signatures import call_at


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of Python: a text, a number, True, False, None, or a sequence or table of these."""

    value: object


Handed = Constant | Path | None
"""What an argument is: a constant, what a path stands for, or calling it gives, or anything else."""


def handed_at(source: bytes, path: Path, line: int, column: int) -> tuple[list[Handed], dict[str, Handed]] | None:
    """Return what the call of a path at a place hands over by position and by keyword; None where `*` or `**` hides some, or there is no such call."""
    node = call_at(source, path, line, column)
    if node is None or any(isinstance(argument, ast.Starred) for argument in node.args) or any(keyword.arg is None for keyword in node.keywords):
        return None
    return [_handed(argument) for argument in node.args], {keyword.arg: _handed(keyword.value) for keyword in node.keywords if keyword.arg}


def defaults_at(source: bytes, key: str) -> dict[str, Constant]:
    """Return the constants that are the defaults of the parameters of a function, which is known by its key (`impact.programs.program.Function`)."""
    return _defaults(source).get(key, {})


@lru_cache(maxsize=64)
def _defaults(source: bytes) -> dict[str, dict[str, Constant]]:
    tree = read_tree(source)
    if not isinstance(tree, ast.Module):
        return {}
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {f"{node.lineno}:{node.col_offset}": dict(_constants(node.args)) for node in functions}


def _constants(arguments: ast.arguments) -> Iterator[tuple[str, Constant]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    optional = zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)
    for argument, default in (*optional, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)):
        handed = _handed(default) if default is not None else None
        if isinstance(handed, Constant):
            yield argument.arg, handed


def _handed(node: ast.expr) -> Handed:
    match node:
        case ast.Constant(value=value):
            return Constant(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return Constant(-value)
        case ast.List() | ast.Tuple() | ast.Dict() | ast.Set():
            try:
                return Constant(ast.literal_eval(node))
            except (ValueError, TypeError, RecursionError):
                return None  # something in it is computed
        case ast.Call(func=function) if path := path_of(function):
            return (*path, INSTANCE)
        case _:
            return path_of(node)
