"""Functions that hand on the keywords they are given: `def make(**more): return Order(**more)` takes what `Order` does.

On the way there may be a table with what the function adds: `{"size": 1, **more}`, `defaults | more`, `defaults.update(more)`.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from impact.programs.conditions import path_of
from impact.programs.paths import Path
from impact.programs.signatures import Arguments

ABOVE = "super()"
"""As the first part of a path: what `super()` gives."""

_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class Forwarding(NamedTuple):
    """`path` is what a function calls on every way through it, with `given` of its own; `defaults` are keywords that its caller may give instead, and
    where `rest`, what it takes by `*` is handed on, too.
    """

    path: Path
    given: Arguments
    defaults: tuple[str, ...]
    rest: bool


class _Table(NamedTuple):
    keys: frozenset[str]
    handed: bool
    """Whether what the caller gave is in it."""

    def __or__(self, other: _Table) -> _Table:
        return _Table(self.keys | other.keys, self.handed or other.handed)


@dataclass
class _Reader:
    """Reads a body, statement by statement. `tables` are the names that stand for tables of keywords, `seen` counts their uses that are understood."""

    rest: str | None
    tables: dict[str, _Table]
    seen: Counter[str] = field(default_factory=Counter)

    def forwarding(self, body: list[ast.stmt]) -> Forwarding | None:
        """Return the first call that is handed what the caller gave; None where something before it may end the function, or where that only begins once
        somebody asks for what it yields.
        """
        if any(isinstance(node, ast.Yield | ast.YieldFrom) for statement in body for node in _own(statement)):
            return None
        found: Forwarding | None = None
        for statement in body:
            value = statement.value if isinstance(statement, ast.Return | ast.Expr | ast.Assign | ast.AnnAssign) else None
            call = value.value if isinstance(value, ast.Await) else value
            if found is None and isinstance(call, ast.Call):
                found = self._handed_on(call)
            if found is None and any(isinstance(node, ast.Return | ast.Raise) for node in _own(statement)):
                return None
            if found is None:
                self._follow(statement)
        uses = Counter(node.id for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name))
        return found if all(uses[name] == self.seen[name] for name in self.tables) else None

    def _handed_on(self, call: ast.Call) -> Forwarding | None:
        path = path_of(call.func)
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call) and path_of(call.func.value.func) == ("super",):
            path = (ABOVE, call.func.attr)
        hidden = [keyword.value for keyword in call.keywords if keyword.arg is None]
        starred = [path_of(one.value) for one in call.args if isinstance(one, ast.Starred)]
        if path is None or path == ("dict",) or path[0] in self.tables or len(hidden) != 1:
            return None
        if starred not in ([], [(self.rest,)]) or (starred and not isinstance(call.args[-1], ast.Starred)):
            return None
        table = self._table(hidden[0])
        if table is None or not table.handed:
            return None
        keywords = tuple(keyword.arg for keyword in call.keywords if keyword.arg is not None)
        return Forwarding(path, Arguments(len(call.args) - len(starred), keywords), tuple(sorted(table.keys)), rest=bool(starred))

    def _follow(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (table := self._table(value)) is not None:
                self.tables[name] = table
                self.seen[name] += 1
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key)))]) if name in self.tables:
                self._add(name, _Table(frozenset({key}), handed=False))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="setdefault"), args=[ast.Constant(value=str(key)), _])):
                if name in self.tables:
                    self._add(name, _Table(frozenset({key}), handed=False))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=args, keywords=keywords)) if name in self.tables:
                table = self._table(ast.Call(ast.Name("dict"), args, keywords))
                if table is not None:
                    self._add(name, table)

    def _add(self, name: str, table: _Table) -> None:
        self.tables[name] |= table
        self.seen[name] += 1

    def _table(self, node: ast.expr) -> _Table | None:
        """Return what a table of keywords holds, None where that is not written there."""
        match node:
            case ast.Name(id=name) if name in self.tables:
                self.seen[name] += 1
                return self.tables[name]
            case ast.Dict(keys=keys, values=values):
                parts = [self._entry(key, value) for key, value in zip(keys, values, strict=True)]
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                parts = [self._table(left), self._table(right)]
            case ast.Call(func=ast.Name(id="dict"), args=args, keywords=keywords) if len(args) < 2:
                named = (self._entry(ast.Constant(keyword.arg) if keyword.arg is not None else None, keyword.value) for keyword in keywords)
                parts = [*map(self._table, args), *named]
            case _:
                return None
        found = _Table(frozenset(), handed=False)
        for part in parts:
            if part is None:
                return None
            found |= part
        return found

    def _entry(self, key: ast.expr | None, value: ast.expr) -> _Table | None:
        if key is None:
            return self._table(value)
        return _Table(frozenset({key.value}), handed=False) if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a statement is made of, without the insides of functions and classes that it defines."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(one)


def forwarding_of(source: bytes, key: str) -> Forwarding | None:
    """Return where a function of a source hands its `**` on; None where it does something else with it, or not on every way."""
    node = _functions(source).get(key)
    if node is None or node.args.kwarg is None:
        return None
    rest = node.args.vararg.arg if node.args.vararg else None
    try:
        return _Reader(rest, {node.args.kwarg.arg: _Table(frozenset(), handed=True)}).forwarding(node.body)
    except RecursionError:  # a table that is nested deeper than Python's stack
        return None


@lru_cache(maxsize=64)
def _functions(source: bytes) -> dict[str, _FunctionNode]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {f"{node.lineno}:{node.col_offset}": node for node in ast.walk(tree) if isinstance(node, _FunctionNode)}
