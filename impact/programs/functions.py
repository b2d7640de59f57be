"""The functions of a source: what is known of them without looking into them, and their bodies when somebody asks.

Writing a body costs more than the rest of a parse, and of a thousand functions a change concerns a few.
"""

from __future__ import annotations

import ast
from collections import Counter
from functools import lru_cache

from impact.programs.blocks import statements_of
from impact.programs.encoding import body_in
from impact.programs.idle import is_lazy
from impact.programs.knowing import is_filled
from impact.programs.parsing import lines_of, read_tree
from impact.programs.paths import INSTANCE, NONE
from impact.programs.program import Bind, Block, Bodies, Function, Give, Known, Outline, Problem, Raise
from impact.programs.syntax import Writer


def functions_of(outline: Outline, source: bytes, bodies: Bodies) -> tuple[Function, ...]:
    """Return the functions of an outline with the text of their bodies, and with those bodies that were written before."""
    lines = lines_of(source) if outline.functions else []
    return tuple(function._replace(text=_text(lines, function), known=outline.known, bodies=bodies) for function in outline.functions)


def _text(lines: list[bytes], function: Function) -> str:
    line, column = function.place
    return b"".join(lines[line - 1 : function.last])[column:].decode("utf-8", "replace")


def body_of(function: Function) -> Block:
    """Return what calling a function runs. Needs the function's text (`functions_of`)."""
    assert function.known is not None
    assert function.bodies is not None
    body = function.bodies.written.get(function.key)
    if body is None:
        body = body_in(function.bodies, function.key)
        if body is None:
            body = _body(function, function.known)
        function.bodies.written[function.key] = body
    return body


def itself_in(function: Function) -> str:
    """Return the name by which a method has its instance, an empty one for any other function."""
    first = function.entry[0] if function.entry else None
    return first.name if isinstance(first, Bind) and first.value is not None and first.value[-1] == INSTANCE else ""


def _body(function: Function, known: Known) -> Block:
    own = {*function.parameters, *(statement.name for statement in function.entry if isinstance(statement, Bind))}
    return function.entry + _written(function.text, function.place, frozenset(own), frozenset(function.hidden), function.passes, known)


@lru_cache(maxsize=20_000)
def _written(
    text: str, place: tuple[int, int], parameters: frozenset[str], hidden: frozenset[str], passes: tuple[tuple[str, tuple[str, ...]], ...], known: Known
) -> Block:
    # A block must belong to something: an `if` in front, which leaves every line and column where it was.
    line, column = place
    tree = read_tree("\n" * (line - 1) + "if 1:".ljust(column) + text if column else "\n" * (line - 2) + "if 1:\n" + text)
    if isinstance(tree, Problem):
        return ()  # nested deeper than the parser goes
    writer = Writer(known)
    writer.in_function, writer.parameters, writer.hidden, writer.passes = True, parameters, hidden, dict(passes)
    (wrapper,) = tree.body
    assert isinstance(wrapper, ast.If)  # as it was written just above
    _take_constants(writer, wrapper)
    return writer.block(wrapper.body)


def _take_constants(writer: Writer, body: ast.If) -> None:
    """Tell a writer which names stand for one text, or something that is filled, throughout a body: what it binds itself is not what the file has by that
    name.
    """
    filled = {
        target.id for node in body.body if isinstance(node, ast.Assign) and is_filled(node.value) for target in node.targets if isinstance(target, ast.Name)
    }
    texts = {
        target.id: node.value.value
        for node in body.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if texts or filled or writer.constants or writer.filled_names:
        bound = Counter(node.id for node in ast.walk(body) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        kept = {name: text for name, text in writer.constants.items() if name not in bound}
        writer.constants = kept | {name: text for name, text in texts.items() if bound[name] == 1}
        writer.filled_names = frozenset(name for name in writer.filled_names | filled if bound[name] == (name in filled))


def gives_nothing(source: bytes, function: Function) -> bool:
    """Tell whether a call of a function gives None, whatever it is handed: it returns nothing else, raises nothing, and runs at once."""
    statements = tuple(statements_of(body_of(function)))
    if any(isinstance(one, Raise) or (isinstance(one, Give) and one.value != NONE) for one in statements) or function.decorators:
        return False
    return bool(statements or function.text.strip()) and not is_lazy(source, function)
