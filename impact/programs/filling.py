"""Functions that may fill the namespace of their module (`global`, `globals()`), and what they bind."""

from __future__ import annotations

import ast
import re

_FILLS = re.compile(rb"\bglobal[ \t\\\f]|\bglobals\b")


def filling_lines(source: bytes) -> tuple[int, ...]:
    """Return the lines that may fill the namespace from within a function."""
    return tuple(len((source[: found.start()] + b"_").splitlines()) for found in _FILLS.finditer(source)) if b"global" in source else ()


def bound_in(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the names that a function binds somewhere."""
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            found.add(inner.id)
        elif isinstance(inner, ast.alias):
            found.add(inner.asname or inner.name.partition(".")[0])
        elif isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(inner.name)
    return found
