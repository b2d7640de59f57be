"""What the names of a target stand for: those of a loop, one pass after the other, and those that something is unpacked into."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from impact.programs.conditions import path_of
from impact.programs.paths import EACH, UNPACKED, VALUES, Path

ALIKE_CALLS = frozenset({"iter", "list", "reversed", "set", "sorted", "tuple"})
"""Builtins that give the things that they are given."""
Thing = Callable[[ast.expr], Path | None]


def passed(target: ast.expr, node: ast.expr, thing: Thing) -> Iterator[tuple[Path, Path | None]]:
    """Yield the names and attributes of a loop's target, each with what it stands for while the loop is over an expression; None where that is not known.

    `thing` says what an expression stands for.
    """
    match node, target:
        case ast.Call(func=ast.Name(id="enumerate"), args=[items, *_]), ast.Tuple(elts=[number, one]):
            yield from unpacked(number, None)
            yield from passed(one, items, thing)
        case ast.Call(func=ast.Name(id="zip"), args=[*sources]), ast.Tuple(elts=[*targets]) if len(sources) == len(targets):
            for one, source in zip(targets, sources, strict=True):
                yield from passed(one, source, thing)
        case ast.Call(func=ast.Name(id=name), args=[items, *_]), _ if name in ALIKE_CALLS:
            yield from passed(target, items, thing)
        case ast.Call(func=ast.Attribute(value=table, attr="values"), args=[]), _:
            yield from unpacked(target, _more(thing(table), VALUES))
        case ast.Call(func=ast.Attribute(value=table, attr="items"), args=[]), ast.Tuple(elts=[key, one]):
            yield from unpacked(key, None)
            yield from unpacked(one, _more(thing(table), VALUES))
        case _:
            yield from unpacked(target, _more(thing(node), EACH))


def unpacked(target: ast.expr, path: Path | None) -> Iterator[tuple[Path, Path | None]]:
    """Yield the names and attributes of a target, each with what it stands for where the whole stands for a path."""
    match target:
        case ast.Name() | ast.Attribute():
            if (bound := path_of(target)) is not None:
                yield bound, path
        case ast.Tuple(elts=[*targets]) | ast.List(elts=[*targets]):
            starred = False
            for index, one in enumerate(targets):
                starred = starred or isinstance(one, ast.Starred)
                yield from unpacked(one, None if starred else _more(path, UNPACKED.format(index)))
        case ast.Starred(value=one):
            yield from unpacked(one, None)


def apart(target: ast.Tuple | ast.List, value: ast.Tuple | ast.List) -> bool:
    """Tell whether as many values as names are assigned, calls among them, none starred, and no name is read on the right."""
    if not any(isinstance(item, ast.Call | ast.Await) for item in value.elts):
        return False
    names = {item.id for item in target.elts if isinstance(item, ast.Name)}
    read = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return len(names) == len(target.elts) == len(value.elts) and names.isdisjoint(read) and not any(isinstance(item, ast.Starred) for item in value.elts)


def asked_of(node: ast.expr) -> set[str]:
    """Return the names that an expression asks for something, calls, or hands over."""
    asked: list[ast.expr] = []
    for one in ast.walk(node):
        match one:
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                asked.append(value)
            case ast.Call(func=func, args=[*arguments], keywords=[*keywords]):
                asked += [func, *arguments, *(keyword.value for keyword in keywords)]
    return {one.id for one in asked if isinstance(one, ast.Name)}


def _more(path: Path | None, how: str) -> Path | None:
    return (*path, how) if path is not None else None
