"""Programs, outlines and the bodies of functions as JSON: what the cache keeps of them (`impact.programs.program.PROGRAM_VERSION`)."""

from __future__ import annotations

import json
from typing import cast

from impact.programs.program import (
    Announced,
    Bind,
    Block,
    Bodies,
    Branch,
    Call,
    Change,
    ClassDef,
    Define,
    Exports,
    Fail,
    FromImport,
    Function,
    Give,
    Handler,
    Has,
    Import,
    Inject,
    Item,
    Known,
    Leave,
    Load,
    Loop,
    Open,
    Outline,
    Plugins,
    Problem,
    Program,
    Raise,
    Served,
    SetAttribute,
    Try,
    Unbind,
    With,
)

_NODES = (
    *(Import, FromImport, Load, Call, Bind, SetAttribute, Change, Item, Give, Unbind, Define, ClassDef, Handler, Try, Branch, Loop, With),
    *(Raise, Fail, Leave, Exports, Inject, Plugins, Open, Known, Function, Outline, Problem, Program, Served, Announced, Has),
)
_TAGS = {node: str(index) for index, node in enumerate(_NODES)}
# Those without another node anywhere in them are written as they are: to JSON a named tuple is an array.
_LEAVES = frozenset(_NODES) - {ClassDef, Handler, Try, Branch, Loop, With, Function, Outline, Program}


def dump(value: object) -> str:
    """Write a program or an outline as JSON."""
    return json.dumps(_plain(value), separators=(",", ":"), check_circular=False)


def load(text: str) -> object:
    """Read what `dump` wrote. Raises ValueError, TypeError or KeyError on anything else."""
    return _node(json.loads(text))


def dump_bodies(bodies: Bodies) -> str:
    """Write all that is known of the bodies of a blob, which are kept from then on. Raises RecursionError where one is nested too deep."""
    written = {key: _plain(block) for key, block in bodies.written.items() if key not in bodies.kept}
    text = json.dumps({**bodies.kept, **written}, separators=(",", ":"), check_circular=False)
    bodies.kept = {**bodies.kept, **written}
    return text


def load_bodies(text: str | None) -> Bodies:
    """Read what `dump_bodies` wrote, body by body as they are asked for (`body_in`); anything else is no bodies."""
    try:
        found = json.loads(text) if text is not None else {}
    except (ValueError, RecursionError):
        found = {}
    return Bodies(found if isinstance(found, dict) else {})


def body_in(bodies: Bodies, key: str) -> Block | None:
    """Return the body of a function, None where none was kept that can be read."""
    kept = bodies.kept.get(key)
    if not isinstance(kept, list):
        return None
    try:
        return cast("Block", _node(kept))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def _plain(value: object) -> object:
    # A node is an object with one key, its tag; a tuple is an array: a user's string can never be taken for either.
    if not isinstance(value, tuple):
        return value
    kind = type(value)
    if kind in _LEAVES:
        return {_TAGS[kind]: value}
    fields = [_plain(item) if isinstance(item, tuple) else item for item in value]
    return fields if kind is tuple else {_TAGS[kind]: fields}


def _node(value: object) -> object:
    if type(value) is dict:
        ((tag, fields),) = value.items()
        return _NODES[int(tag)]._make([_node(item) if type(item) in (list, dict) else item for item in fields])
    if type(value) is list:
        return tuple([_node(item) if type(item) in (list, dict) else item for item in value])
    return value
