"""Functions, as far as they are known without looking into them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from impact.programs.applied import as_function
from impact.programs.comprehensions import Comprehensions
from impact.programs.conditions import path_of
from impact.programs.expressions import BUILTINS
from impact.programs.paths import INSTANCE, RETURNED, Path
from impact.programs.program import Bind, Call, Function, Load, Statement
from impact.programs.signatures import signature_of

_CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
_DOTTED = re.compile(r"[A-Za-z_][\w.]*(?:\s*\|\s*None)?")
_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
# What says of a generator, by its first argument, what it yields.
_YIELDING = frozenset({"AsyncGenerator", "AsyncIterable", "AsyncIterator", "Generator", "Iterable", "Iterator"})
_MANY_ROWS = 100
# Where a fixture has what its `params` give it.
_PARAM = "request.param"
_COMPOUND = frozenset({ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match})


class _Scope:
    """A function around others: what it binds, they have from it. That is looked up where there are others."""

    def __init__(self, node: _FunctionNode) -> None:
        self._node = node

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the function binds in its body; those that it declares to be of the module are not its own."""
        bound: set[str] = set()
        elsewhere: set[str] = set()
        waiting: list[ast.AST] = [*self._node.body]
        while waiting:
            one = waiting.pop()
            match one:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    bound.add(name)
                    continue
                case ast.Import(names=names) | ast.ImportFrom(names=names):
                    bound.update(alias.asname or alias.name.partition(".")[0] for alias in names)
                case ast.Name(id=name, ctx=ast.Store()):
                    bound.add(name)
                case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    bound.add(name)
                case ast.Global(names=names):
                    elsewhere.update(names)
            waiting += ast.iter_child_nodes(one)
        return frozenset(bound - elsewhere)


class Outlines(Comprehensions):
    """Notes the functions of a file."""

    around: _Scope | None = None

    def function(self, node: _FunctionNode) -> None:
        """Note a function, and those in it."""
        arguments = node.args
        names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        bound = bool(self.owner) and not any(path_of(decorator) == ("staticmethod",) for decorator in node.decorator_list)
        parameters = (*names[1 if bound and names else 0 :], *(argument.arg for argument in arguments.kwonlyargs))
        injected: list[Statement] = []
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and (called := path_of(decorator.func)):
                injected += self.injections(decorator, called)
        instance = not any(path_of(decorator) == ("classmethod",) for decorator in node.decorator_list) and node.name not in _CLASS_METHODS
        itself = (*self.owner.split("."), INSTANCE) if instance else tuple(self.owner.split("."))
        entry: tuple[Statement, ...] = (Bind(names[0], itself), *injected) if bound and names else tuple(injected)
        rest = {argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument}
        own = frozenset({*parameters, *names})
        outer = self.around.names if self.around is not None else frozenset[str]()
        hidden = (self.hidden | self.parameters | outer | rest) - own
        passes = tuple(self._parametrized(node))
        defaults = len(arguments.defaults) + sum(default is not None for default in arguments.kw_defaults)
        decorators = self.decorators(node)
        if node.name.startswith("test"):
            # What decorates a test class decorates its tests (`mock.patch.TEST_PREFIX`, marks).
            decorators += self.class_decorators
        place, last = self._place(node.body[0]), node.end_lineno or node.lineno
        key = f"{node.lineno}:{node.col_offset}"
        signature = signature_of(arguments)
        around = tuple(sorted(hidden))
        annotations, choices = tuple(_annotated(node)), tuple(self._choices(node))
        self.functions.append(
            Function(
                *(key, node.name, self.owner, parameters, defaults, decorators, node.lineno, entry, around, place, last, signature, passes),
                *(annotations, choices),
            )
        )
        state = self.owner, self.hidden, self.parameters, self.around
        self.owner, self.hidden, self.parameters, self.around = "", hidden, own, _Scope(node)
        self._inside(node.body)
        self.owner, self.hidden, self.parameters, self.around = state

    def _place(self, node: ast.stmt) -> tuple[int, int]:
        """Return where a body begins that a statement opens: its line, and its column where the line begins with something else."""
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else ()
        line = min((node.lineno, *(decorator.lineno for decorator in decorators)))
        alone = bool(decorators) or not self.lines[line - 1][: node.col_offset].strip()
        return line, 0 if alone else node.col_offset

    def _inside(self, statements: Sequence[ast.stmt]) -> None:
        """Note the functions that are defined in a body."""
        for node in statements:
            made = node if isinstance(node, _FunctionNode) else as_function(node)
            if made is not None:
                self.function(made)
            elif isinstance(node, ast.ClassDef):
                state = self.owner, self.class_decorators
                self.owner, self.class_decorators = f"{self.owner}.{node.name}" if self.owner else node.name, self.decorators(node)
                self._inside(node.body)
                self.owner, self.class_decorators = state
            elif type(node) in _COMPOUND:
                for block in ("body", "orelse", "finalbody"):
                    self._inside(getattr(node, block, ()))
                for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                    self._inside(part.body)

    def _parametrized(self, node: _FunctionNode) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the parameters that `parametrize` gives one text after the other, alone or in a column of rows."""
        for decorator in node.decorator_list:
            called = (path_of(decorator.func) or ("",))[-1] if isinstance(decorator, ast.Call) else ""
            if isinstance(decorator, ast.Call) and called == "fixture":
                yield from ((_PARAM, texts) for one in decorator.keywords if one.arg == "params" and (texts := self.all_strings(one.value)))
            if not isinstance(decorator, ast.Call) or called != "parametrize" or len(decorator.args) < 2:
                continue
            given, rows = decorator.args[:2]
            names = [one.strip() for one in (self.string(given) or ",".join(self.all_strings(given))).split(",")]
            if len(names) == 1 and (texts := self.all_strings(rows)):
                yield names[0], texts
            elif isinstance(rows, ast.List | ast.Tuple):
                cells = [_cells(row, alone=len(names) == 1) for row in rows.elts if not _is_marked(row)]
                for column, name in enumerate(names):
                    found = [self.string(row[column]) if column < len(row) else None for row in cells]
                    if name and found and None not in found:
                        yield name, tuple(dict.fromkeys(text for text in found if text is not None))

    def _choices(self, node: _FunctionNode) -> Iterator[tuple[str, tuple[Path, ...]]]:
        """Yield the parameters that are given one thing after the other, as `request.param` those that a fixture is."""
        for decorator in node.decorator_list:
            name = (path_of(decorator.func) or ("",))[-1] if isinstance(decorator, ast.Call) else ""
            if not isinstance(decorator, ast.Call) or name not in ("fixture", "parametrize"):
                continue
            names, rows = [_PARAM], next((keyword.value for keyword in decorator.keywords if keyword.arg == "params"), None)
            if name == "parametrize" and len(decorator.args) > 1:
                given, rows = decorator.args[:2]
                names = [one.strip() for one in (self.string(given) or ",".join(self.all_strings(given))).split(",")]
            if isinstance(rows, ast.List | ast.Tuple) and len(rows.elts) <= _MANY_ROWS:
                cells = [_cells(row, alone=len(names) == 1) for row in rows.elts if not _is_marked(row)]
                for column, one in enumerate(names):
                    things = [self.thing(row[column]) for row in cells if column < len(row)]
                    if one and (found := tuple(dict.fromkeys(thing for thing in things if thing is not None))):
                        yield one, found

    def decorators(self, node: _FunctionNode | ast.ClassDef) -> tuple[Call | Load, ...]:
        """Return the decorators that can be named, as what applying them reads or calls."""
        found: list[Call | Load] = []
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and (called := path_of(decorator.func)):
                found.append(self.call(decorator, called))
            elif path := path_of(decorator):
                found.append(Load(path, decorator.lineno, decorator.col_offset))
        return tuple(found)


def _is_marked(row: ast.expr) -> bool:
    """Tell whether a row has marks of its own, which may skip it or expect it to fail."""
    return isinstance(row, ast.Call) and any(keyword.arg == "marks" for keyword in row.keywords)


def _cells(row: ast.expr, *, alone: bool) -> list[ast.expr]:
    """Return the values of one row of `parametrize`, be it a `pytest.param`; nothing where it is no literal."""
    if isinstance(row, ast.Call) and (path_of(row.func) or ("",))[-1] == "param":
        return row.args
    return [row] if alone else row.elts if isinstance(row, ast.List | ast.Tuple) else []


def _annotated(node: _FunctionNode) -> Iterator[tuple[str, Path]]:
    """Yield the parameters that are said to be instances of a class, and what names it; as `return` what a function is said to hand to its caller."""
    arguments = node.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        path = _class_in(argument.annotation)
        if path is not None:
            yield argument.arg, path
    given = node.returns
    if isinstance(given, ast.Subscript) and (path_of(given.value) or ("",))[-1] in _YIELDING:
        given = given.slice.elts[0] if isinstance(given.slice, ast.Tuple) and given.slice.elts else given.slice
    if (path := _class_in(given)) is not None:
        yield RETURNED, path


def _class_in(annotation: ast.expr | None) -> Path | None:
    """Return what names the one class of an annotation, be it quoted or optional; None for any other."""
    match annotation:
        case ast.Constant(value=str(text)) if _DOTTED.fullmatch(text):
            path: Path | None = tuple(text.partition("|")[0].strip().split("."))
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            path = _class_in(left)
        case ast.Subscript(value=value, slice=inner) if (path_of(value) or ("",))[-1] == "Optional":
            path = _class_in(inner)
        case _:
            path = path_of(annotation)
    return path if path is not None and (len(path) > 1 or path[0] not in BUILTINS) else None
