"""Expressions, in the order in which Python evaluates them: what they read, call and bind."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Iterator, Sequence

from impact.programs.applied import split_applied
from impact.programs.call_statements import CallStatements
from impact.programs.conditions import is_evaluated, path_of, read_first, test_of
from impact.programs.paths import ANY, INSTANCE, NONE, RESULT, Path
from impact.programs.program import Bind, Block, Branch, Call, Exports, Function, Give, Has, Inject, Item, Known, Load, Open, SetAttribute, Statement, With

BUILTINS = frozenset(dir(builtins))
_NAMESPACES = frozenset({("globals",), ("vars",), ("locals",)})
_FILLING = frozenset({"update", "setdefault", "__setitem__"})


def targets_of(node: ast.expr) -> Iterator[str]:
    """Yield the plain names that an assignment target binds."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Tuple | ast.List):
        for item in node.elts:
            yield from targets_of(item)
    elif isinstance(node, ast.Starred):
        yield from targets_of(node.value)


def parameters_of(node: ast.Lambda) -> Iterator[str]:
    """Yield the names that a lambda binds."""
    arguments = node.args
    for argument in (*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg):
        if argument is not None:
            yield argument.arg


class Expressions(CallStatements):
    """Writes statements into the current block. One instance per file and purpose."""

    def __init__(self, known: Known, *, lines: Sequence[bytes] = (), fills: Sequence[int] = ()) -> None:
        super().__init__(known)
        self.lines = lines
        self.fills = fills
        self.functions: list[Function] = []
        self.out: list[Statement] = []
        self.owner = ""
        self.class_decorators: tuple[Call | Load, ...] = ()
        self.in_function = False
        self.consumed = False
        self.depth = 0
        self.seen: set[Path] = set()
        self.lazy_annotations = known.lazy_annotations
        self.truths, self.filled_names = dict(known.truths), frozenset(known.filled)

    def expressions(self, nodes: Iterable[ast.expr | None]) -> Block:
        """Return what evaluating some expressions does, as a block of its own."""
        outer, self.out = self.out, []
        seen, self.seen = self.seen, set(self.seen)
        for node in nodes:
            self.expression(node)
        written, self.out = tuple(self.out), outer
        self.seen = seen
        return written

    def expression(self, node: ast.expr | None) -> None:
        """Write what evaluating an expression does."""
        kind = type(node)
        if node is None or kind is ast.Constant:
            return
        if kind is ast.Name or kind is ast.Attribute:
            path = path_of(node)
            if path is not None:
                self.load(path, node)
                return
        method = getattr(self, f"_{kind.__name__}", None)
        if method is not None:
            method(node)
        else:
            self._parts(node)

    def _parts(self, node: ast.expr) -> None:
        """Write the expressions that an expression is made of, in the order of its fields."""
        for name in node._fields:
            value = getattr(node, name)
            if isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.expr):
                        self.expression(item)
            elif isinstance(value, ast.expr):
                self.expression(value)

    def _BoolOp(self, node: ast.BoolOp) -> None:
        self.expression(node.values[0])
        decided = test_of(node.values[0], self.truths)
        if rest := self.expressions(node.values[1:]):
            self.out.append(Branch(decided, rest, ()) if isinstance(node.op, ast.And) else Branch(decided, (), rest))

    def condition(self, node: ast.expr) -> str:
        """Write what evaluating a condition does, as far as that may fail: one whose outcome is known asks for its names at least. Return the outcome."""
        is_known = not self.hidden or self.hidden.isdisjoint(name.id for name in ast.walk(node) if isinstance(name, ast.Name))
        outcome = test_of(node, self.truths) if is_known else "maybe"
        if is_evaluated(outcome):
            self.expression(node)
        else:
            for name in read_first(node):
                self.load((name.id,), name)
        return outcome

    def _IfExp(self, node: ast.IfExp) -> None:
        outcome = self.condition(node.test)
        one, other = self.expressions([node.body]), self.expressions([node.orelse])
        if one or other:
            self.out.append(Branch(outcome, one, other))

    def _NamedExpr(self, node: ast.NamedExpr) -> None:
        self.expression(node.value)
        self.bind(node.target.id, self.named(node.value))

    def _Lambda(self, node: ast.Lambda) -> None:
        self._defaults(node)
        if self.in_function:
            # Its body runs later, if ever, and nothing says when.
            hidden, self.hidden = self.hidden, self.hidden | set(parameters_of(node))
            if body := self.expressions([node.body]):
                self.out.append(Branch("maybe", body, ()))
            self.hidden = hidden

    def _Attribute(self, node: ast.Attribute) -> None:
        """`C().a.b`: what a call returned is asked for a name."""
        parts: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        self.expression(inner)
        if not isinstance(node.ctx, ast.Load):
            return
        given = RESULT if self.is_call(inner) else self.thing(inner) if isinstance(inner, ast.Subscript) else None
        if given is not None:
            self.out += [Bind(INSTANCE, given), Load((INSTANCE, *reversed(parts)), node.lineno, node.col_offset)]

    def _Subscript(self, node: ast.Subscript) -> None:
        self._parts(node)
        path = path_of(node.value)
        if path is not None and path[-1][:1].isupper() and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            self.out.append(Item(path, node.slice.value, node.lineno, node.col_offset))

    def _Yield(self, node: ast.Yield) -> None:
        self.expression(node.value)
        if node.value is not None:
            self.out.append(Give(self.named(node.value)))

    def load(self, path: Path, node: ast.expr) -> None:
        """Write that a path is read, unless it was just before, or is known to be bound."""
        name = path[0]
        if (len(path) == 1 and (name in BUILTINS or name in self.parameters)) or path in self.seen or name in self.hidden:
            return
        self.seen.add(path)
        self.out.append(Load(path, node.lineno, node.col_offset))

    def bind(self, name: str, value: Path | None) -> None:
        """Write that a name is bound; what was read before may stand for something else from here on."""
        self.out.append(Bind(name, value))
        self.seen.clear()

    def exports(self, value: ast.expr, *, extend: bool) -> None:
        """Write what `__all__` is set to or extended by, part by part of a sum."""
        parts: list[ast.expr] = [value]
        while isinstance(parts[0], ast.BinOp) and isinstance(parts[0].op, ast.Add):
            parts[:1] = [parts[0].left, parts[0].right]
        for part in parts:
            if isinstance(part, ast.List | ast.Tuple | ast.Set) and all(self.string(item) is not None for item in part.elts):
                self.out.append(Exports(extend, tuple(self.strings(part)), None))
            else:
                self.out.append(Exports(extend, None, path_of(part)))
            extend = True

    def _Call(self, node: ast.Call) -> None:
        path = path_of(node.func)
        result: Path | None = None
        if path is None:
            if isinstance(node.func, ast.Lambda):
                self._entered(node.func)
            else:
                self.expression(node.func)
            result = self._result_of(node)
        elif path == ("getattr",) and len(node.args) == 2 and self._asked(node):
            return
        else:
            self.load(path, node.func)
        parts = split_applied(node) if path is not None else None
        for argument in node.args:
            if parts is not None and argument is parts[1].func and isinstance(argument, ast.Lambda):
                continue  # it is called, as is written below
            self.consumed = isinstance(argument, ast.GeneratorExp)
            self.expression(argument.value if isinstance(argument, ast.Starred) else argument)
            self.consumed = False
        for keyword in node.keywords:
            self.expression(keyword.value)
        if path is None:
            self._chained(node)
            if result is not None:
                self.out.append(self.call(node, result))
            return
        if not self.in_function and (path == ("exec",) or any(self.is_namespace(argument) for argument in node.args)):
            self.out.append(Open())
        elif path[:2] == ("sys", "modules") and path[-1] in ("setdefault", "update", "__setitem__"):
            self.out.extend(self.modules_filled(node))
        elif path[-1] == "setitem" and len(node.args) > 1 and path_of(node.args[0]) == ("sys", "modules"):
            self.out.append(Inject(self.string(node.args[1])))
        elif path == ("setattr",) and len(node.args) > 1 and (owner := path_of(node.args[0])):
            self.out.append(SetAttribute((*owner, self.string(node.args[1]) or ANY)))
        elif path == ("__all__", "extend") and node.args:
            self.exports(node.args[0], extend=True)
        elif path == ("__all__", "append") and node.args:
            name = self.string(node.args[0])
            self.out.append(Exports(True, (name,) if name else None, None))
        elif path == ("setattr",) and not self.in_function and len(node.args) > 1 and self._is_own_module(node.args[0]):
            self.filled(self.texts(node.args[1]))
        if parts is not None:
            self.out.append(With((self.call(parts[0], path),), self.expressions([parts[1]])))
            return
        call = self.call(node, path)
        self.out += self.passes_of(node, call)
        if path[-1] == "assertTrue" and len(node.args) == 1 and not node.keywords:
            self.out += self.asserted(node.args[0], "AssertionError: False is not true")

    def _asked(self, node: ast.Call) -> bool:
        """`getattr(owner, "name")`, also of what a call returns: write what is read; tell whether the name is known."""
        owner, names = node.args[0], self.texts(node.args[1])
        if None in names:
            return False
        path = path_of(owner)
        if path is None:
            self.expression(owner)
            if not self.is_call(owner):
                return True  # what it is asked of is not known
            self.bind(INSTANCE, RESULT)
            path = (INSTANCE,)
        for name in names:
            self.load((*path, name or ""), node)
        return True

    def asserted(self, node: ast.expr, text: str) -> list[Has]:
        """Return what is asserted to be there (`hasattr(owner, "name")`), and said where it is not; nothing for any other condition."""
        if not isinstance(node, ast.Call) or path_of(node.func) != ("hasattr",) or len(node.args) != 2:
            return []
        owner = path_of(node.args[0])
        return [Has((*owner, name), text, node.lineno, node.col_offset) for name in self.texts(node.args[1]) if name] if owner is not None else []

    def _result_of(self, node: ast.Call) -> Path | None:
        """`C().m(…)`: what the inner call returned was asked for a name just now; `make()(…)`: it is called itself. Return the path that stands for the
        callee, None for other shapes.
        """
        if self.is_call(node.func):
            self.bind(INSTANCE, RESULT)
            return (INSTANCE,)
        if isinstance(node.func, ast.Subscript) and (thing := self.thing(node.func)) is not None:
            self.bind(INSTANCE, thing)
            return (INSTANCE,)
        last = self.out[-1] if self.out and isinstance(node.func, ast.Attribute) else None
        return last.path if isinstance(last, Load) and last.path[0] == INSTANCE else None

    def _defaults(self, node: ast.Lambda) -> None:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            self.expression(default)

    def _entered(self, node: ast.Lambda) -> None:
        """Write what a function does that is called where it stands."""
        self._defaults(node)
        hidden, self.hidden = self.hidden, self.hidden | set(parameters_of(node))
        self.expression(node.body)
        self.hidden = hidden

    def _chained(self, node: ast.Call) -> None:
        """`globals().update(…)` fills the namespace too."""
        if isinstance(node.func, ast.Attribute) and node.func.attr in _FILLING and self.is_namespace(node.func.value) and not self.in_function:
            tables = [argument.keys if isinstance(argument, ast.Dict) else [None] for argument in node.args] if node.func.attr == "update" else [node.args[:1]]
            names = [self.string(key) if key is not None else None for keys in tables for key in keys]
            self.filled([*names, *(keyword.arg for keyword in node.keywords)])

    def filled(self, names: Sequence[str | None]) -> None:
        """Write that the namespace gets some names, or any where one of them is not known."""
        if None in names:
            self.out.append(Open())
        for name in names:
            if name is not None:
                self.bind(name, None)

    @staticmethod
    def _is_own_module(node: ast.expr) -> bool:
        return isinstance(node, ast.Subscript) and path_of(node.value) == ("sys", "modules")

    @staticmethod
    def is_namespace(node: ast.expr) -> bool:
        """Tell whether an expression is the namespace itself: `globals()` and its like."""
        return isinstance(node, ast.Call) and path_of(node.func) in _NAMESPACES

    def is_call(self, value: ast.expr) -> bool:
        """Tell whether the statement just written is the call that this expression is."""
        last = self.out[-1] if self.out else None
        if not (isinstance(value, ast.Call) and isinstance(last, Call)) or (last.line, last.column) != (value.lineno, value.col_offset):
            return False
        chained = isinstance(value.func, ast.Attribute) and (last.path[0], last.path[-1]) == (INSTANCE, value.func.attr)
        return chained or last.path == (path_of(value.func) or (INSTANCE,))

    def named(self, value: ast.expr) -> Path | None:
        """Return what a value that was just evaluated is known by: what the call returned, a path, None itself; None where it is something else."""
        value = value.value if isinstance(value, ast.Await) else value
        if self.is_call(value):
            return RESULT
        return NONE if isinstance(value, ast.Constant) and value.value is None else path_of(value) or self._several(value)

    def _several(self, value: ast.expr) -> Path | None:
        return self.thing(value) if isinstance(value, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp | ast.SetComp | ast.Subscript) else None

    def chosen(self, value: ast.expr, use: Callable[[Path | None], None]) -> None:
        """Write what evaluating an expression does, and what becomes of its value: where it is one of several, once for each."""
        match value:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                outcome = self.condition(test)
                self.out.append(Branch(outcome, self._used(body, use), self._used(orelse, use)))
            case ast.BoolOp(op=operator, values=[first, *rest]):
                outcome = test_of(first, self.truths)
                self.chosen(first, use)
                last = self._used(rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest), use)
                self.out.append(Branch(outcome, last, ()) if isinstance(operator, ast.And) else Branch(outcome, (), last))
            case _:
                self.expression(value)
                use(self.named(value))

    def _used(self, value: ast.expr, use: Callable[[Path | None], None]) -> Block:
        outer, self.out = self.out, []
        seen, self.seen = self.seen, set(self.seen)
        self.chosen(value, use)
        written, self.out = tuple(self.out), outer
        self.seen = seen
        return written
