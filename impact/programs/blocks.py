"""What the statements of a block bind, read and call, wherever in it they stand."""

from __future__ import annotations

from collections.abc import Iterator

from impact.programs.paths import Path
from impact.programs.program import Bind, Block, Branch, Call, ClassDef, Define, FromImport, Import, Load, Loop, Statement, Try, With


def statements_of(block: Block) -> Iterator[Statement]:
    """Yield the statements of a block and of the blocks in it, class bodies left out: those bind names of their own."""
    for statement in block:
        yield statement
        match statement:
            case Branch(body=body, orelse=orelse) | Loop(body=body, orelse=orelse):
                yield from statements_of(body)
                yield from statements_of(orelse)
            case With(body=body):
                yield from statements_of(body)
            case Try(body=body, handlers=handlers, orelse=orelse, final=final):
                for part in (body, *(handler.body for handler in handlers), orelse, final):
                    yield from statements_of(part)
            case _:
                pass


def paths_of(block: Block) -> Iterator[Path]:
    """Yield what a block, and the blocks and class bodies in it, read or call."""
    for statement in statements_of(block):
        match statement:
            case Load(path=path) | Call(path=path):
                yield path
            case With(contexts=contexts):
                yield from (context.path for context in contexts)
            case ClassDef(body=body):
                yield from paths_of(body)
            case _:
                pass


def defined_names(block: Block) -> set[str]:
    """Return the names that a block defines anywhere, in whichever branch: what it imports is left out."""
    return {statement.name for statement in statements_of(block) if isinstance(statement, Bind | Define | ClassDef)}


def bound_names(block: Block) -> set[str]:
    """Return every name that a block binds anywhere, in whichever branch."""
    found: set[str] = set()
    for statement in statements_of(block):
        match statement:
            case Bind(name=name) | Define(name=name) | ClassDef(name=name):
                found.add(name)
            case Import(module=module, alias=alias):
                found.add(alias or module.partition(".")[0])
            case FromImport(name=name, alias=alias):
                found.add(alias or name)
            case _:
                pass
    return found
