"""Marks that skip a test under a condition: `skipif`, `unittest.skipIf` and `skipUnless`, as far as the source decides them.

Decided are constants, the version of Python, and names of the module that a fallback has bound (`HAS = False`). Source: pytest's
documentation of `skipif`, unittest's of its decorators.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from impact.programs.conditions import path_of, test_of

_CONDITIONAL = {"skipif": True, "skipIf": True, "skipUnless": False}
_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Names = Mapping[str, object]
PRESENT = object()
"""What a name stands for that was imported: true, and not None."""


def skipped_functions(source: bytes, decide: Callable[[str], bool | None], names: Names) -> frozenset[str]:
    """Return the keys of the functions that a condition certainly skips, their own or that of a class around them or of the file.

    `decide` tells how an outcome of `impact.programs.conditions.test_of` comes out.
    """
    if not any(word.encode() in source for word in _CONDITIONAL):
        return frozenset()
    tree = _parsed(source)
    if tree is None:
        return frozenset()
    names = _answered(tree.body, decide, names)
    return frozenset(_skipped(tree.body, decide, names, _module_marked(tree.body, decide, names)))


def fallback_names(source: bytes, line: int) -> tuple[Names, Names]:
    """Return what the `try` around a line of the module binds where it completes, and where its handler runs instead."""
    tree = _parsed(source)
    for node in tree.body if tree is not None else ():
        if isinstance(node, ast.Try) and node.body and node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0):
            done = dict(_bound([*node.body, *node.orelse]))
            failed: dict[str, object] = {}
            for handler in node.handlers:
                failed.update(_bound(handler.body))
            return done, failed
    return {}, {}


def _answered(block: list[ast.stmt], decide: Callable[[str], bool | None], names: Names) -> Names:
    """Return the names of a module with those that stand for a condition that is decided, as its answer, or for a mark, as the call that makes it."""
    found = dict(names)
    for node in block:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Compare | ast.UnaryOp | ast.BoolOp | ast.Call):
            path = path_of(node.value.func) if isinstance(node.value, ast.Call) else None
            answer = node.value if path is not None and path[-1] in _CONDITIONAL else _outcome(node.value, decide, found)
            if answer is not None:
                found.update((target.id, answer) for target in node.targets if isinstance(target, ast.Name))
    return found


def _parsed(source: bytes) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bound(block: list[ast.stmt]) -> Iterator[tuple[str, object]]:
    for node in block:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (((alias.asname or alias.name.partition(".")[0]), PRESENT) for alias in node.names)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield from ((target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name))


def _skipped(block: list[ast.stmt], decide: Callable[[str], bool | None], names: Names, outer: bool) -> Iterator[str]:
    for node in block:
        if isinstance(node, _FunctionNode) and (outer or _any(node.decorator_list, decide, names)):
            yield f"{node.lineno}:{node.col_offset}"
        elif isinstance(node, ast.ClassDef):
            marked = outer or _any(node.decorator_list, decide, names) or _module_marked(node.body, decide, names)
            yield from _skipped(node.body, decide, names, marked)


def _module_marked(block: list[ast.stmt], decide: Callable[[str], bool | None], names: Names) -> bool:
    for node in block:
        if isinstance(node, ast.Assign) and any(path_of(target) == ("pytestmark",) for target in node.targets):
            marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            if _any(marks, decide, names):
                return True
    return False


def _any(marks: list[ast.expr], decide: Callable[[str], bool | None], names: Names) -> bool:
    for written in marks:
        named = names.get(written.id) if isinstance(written, ast.Name) else None
        mark = named if isinstance(named, ast.Call) else written
        path = path_of(mark.func) if isinstance(mark, ast.Call) else None
        if path is None or path[-1] not in _CONDITIONAL or not isinstance(mark, ast.Call):
            continue
        condition = mark.args[0] if mark.args else next((keyword.value for keyword in mark.keywords if keyword.arg == "condition"), None)
        if condition is not None and _outcome(condition, decide, names) is _CONDITIONAL[path[-1]]:
            return True
    return False


def _outcome(node: ast.expr, decide: Callable[[str], bool | None], names: Names) -> bool | None:
    """Return how a condition comes out, None where that cannot be known."""
    match node:
        case ast.Constant(value=str(text)):
            # pytest evaluates it where the names of the module are known, and those of `sys`, `os` and `platform`.
            try:
                return _outcome(ast.parse(text.strip(), mode="eval").body, decide, names)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return None
        case ast.Name(id=name) if name in names:
            return bool(names[name])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _outcome(operand, decide, names)
            return None if inner is None else not inner
        case ast.BoolOp(op=operator, values=values):
            outcomes = [_outcome(value, decide, names) for value in values]
            decisive = isinstance(operator, ast.Or)
            return decisive if decisive in outcomes else None if None in outcomes else not decisive
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as operator], comparators=[ast.Constant(value=value)]) if name in names:
            return (names[name] is value) is isinstance(operator, ast.Is)
    return decide(test_of(node, {}))
