"""From source to `Program`: one parse, one walk, in the order in which Python evaluates.

What an import runs is written out; of functions, all but their bodies. A pure function of bytes that never raises on a source, whatever it
holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from impact.programs.applied import as_function
from impact.programs.conditions import path_of, test_of
from impact.programs.expressions import BUILTINS, targets_of
from impact.programs.filling import bound_in, filling_lines
from impact.programs.knowing import known_of
from impact.programs.outlines import Outlines
from impact.programs.parsing import lines_of, read_tree
from impact.programs.passes import apart, passed, unpacked
from impact.programs.paths import ENTERED, INSTANCE, NONE, RESULT, Path
from impact.programs.program import (
    Bind,
    Block,
    Branch,
    Call,
    Change,
    ClassDef,
    Define,
    Fail,
    FromImport,
    Give,
    Handler,
    Import,
    Inject,
    Known,
    Leave,
    Loop,
    Open,
    Outline,
    Plugins,
    Problem,
    Program,
    Raise,
    SetAttribute,
    Statement,
    Try,
    Unbind,
    With,
)
from impact.programs.serving import find_announced, find_literals, find_served
from impact.programs.signatures import fields_of
from impact.programs.unparsed import mentioned

_LONG_CHAIN = 20
_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def parse(source: bytes) -> tuple[Program, Outline]:
    """Return what importing the source runs, and its functions; the bodies of those are written when they are asked for (`impact.programs.functions`).

    Where it does not parse: the problem, and the imports that its shape shows, as possible ones; no functions.
    """
    tree = read_tree(source)
    if isinstance(tree, Problem):
        return Program((Branch("maybe", tuple(mentioned(source)), ()),), tree, (), ()), Outline(Known((), (), (), lazy_annotations=False), ())
    known = known_of(tree)
    writer = Writer(known, lines=lines_of(source), fills=filling_lines(source))
    body = writer.block(tree.body)
    program = Program(body, None, find_literals(tree), find_served(tree), find_announced(tree))
    return program, Outline(known, tuple(sorted(writer.functions, key=lambda function: function.line)))


class Writer(Outlines):
    """Writes what the statements of a file do."""

    def block(self, statements: Sequence[ast.stmt]) -> Block:
        """Return the statements of a nested block; what it reads is no news to blocks beside it."""
        outer, self.out = self.out, []
        seen, self.seen = self.seen, set(self.seen)
        self.depth += 1
        for statement in statements:
            self.statement(statement)
        self.depth -= 1
        written, self.out = tuple(self.out), outer
        self.seen = seen
        return written

    def statement(self, node: ast.stmt) -> None:
        """Write what a statement does; one nested deeper than Python's stack is passed over, and may do anything."""
        state = self.out, self.seen, self.owner, self.in_function, self.hidden, self.parameters, self.class_decorators, self.depth
        count = len(self.out)
        try:
            method = getattr(self, f"_{type(node).__name__}", None)
            if method is not None:
                method(node)
                return
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.expression(child)
        except RecursionError:
            self.out, self.seen, self.owner, self.in_function, self.hidden, self.parameters, self.class_decorators, self.depth = state
            del self.out[count:]
            if not self.in_function:
                self.out.append(Open())

    def _Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.out.append(Import(alias.name, alias.asname, node.lineno, node.col_offset))
        self.seen.clear()

    def _ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.out.append(FromImport(node.level, node.module or "", alias.name, alias.asname, node.lineno, node.col_offset))
        self.seen.clear()

    def _Assign(self, node: ast.Assign) -> None:
        if (made := as_function(node)) is not None:
            self._FunctionDef(made)
            return
        target, value = node.targets[0], node.value
        if len(node.targets) == 1 and isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List) and apart(target, value):
            # One pair after the other: nothing on the right asks for what stands on the left, so what each is bound to is as good as evaluated just now.
            for one, other in zip(target.elts, value.elts, strict=True):
                self.expression(other)
                self._assign(one, other)
            return
        if len(node.targets) == 1 and isinstance(value, ast.IfExp | ast.BoolOp):
            self._assign_chosen(target, value)
            return
        self.expression(node.value)
        for target in node.targets:
            self._assign(target, node.value)

    def _assign_chosen(self, target: ast.expr, value: ast.expr) -> None:
        """Write `target = one if … else other`, or `one or other`."""
        if isinstance(target, ast.Name) and target.id not in ("__all__", "pytest_plugins"):
            self.chosen(value, lambda named: self.bind(target.id, named))
            self.seen.clear()
        elif isinstance(target, ast.Attribute) and (path := path_of(target)):
            self.expression(target.value)
            self.chosen(value, lambda named: self.out.append(SetAttribute(path, named)))
        else:
            self.expression(value)
            self._assign(target, value)

    def _AnnAssign(self, node: ast.AnnAssign) -> None:
        is_chosen = isinstance(node.value, ast.IfExp | ast.BoolOp)
        if node.value is not None and not is_chosen:
            self.expression(node.value)
        if not self.lazy_annotations and not self.in_function:
            self.expression(node.annotation)
        if node.value is not None:
            (self._assign_chosen if is_chosen else self._assign)(node.target, node.value)

    def _AugAssign(self, node: ast.AugAssign) -> None:
        self.expression(node.value)
        if isinstance(node.target, ast.Name) and node.target.id == "__all__":
            self.exports(node.value, extend=True)
        elif isinstance(node.target, ast.Name):
            self.load((node.target.id,), node.target)
            self.bind(node.target.id, None)
        else:
            self.expression(node.target)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if target.id == "__all__":
                self.exports(value, extend=False)
            elif target.id == "pytest_plugins":
                self.out.append(Plugins(tuple(self.listed(value)), target.lineno))
            says = target.id == "__test__" and isinstance(value, ast.Constant)
            self.bind(target.id, (repr(value.value),) if says and isinstance(value, ast.Constant) else self.named(value))
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List) and len(target.elts) == len(value.elts):
            for one, other in zip(target.elts, value.elts, strict=True):
                if isinstance(one, ast.Name):
                    self.bind(one.id, NONE if isinstance(other, ast.Constant) and other.value is None else path_of(other))
                else:
                    self._assign(one, other)
        elif isinstance(target, ast.Subscript):
            self._subscript_assigned(target, self.named(value))
        elif isinstance(target, ast.Attribute):
            named = self.named(value)
            self.expression(target.value)
            if path := path_of(target):
                self.out.append(SetAttribute(path, named))
        else:
            path = self.named(value) if isinstance(target, ast.Tuple | ast.List) else None
            if path == RESULT:
                self.bind(INSTANCE, RESULT)
            self._store(target, unpacked(target, path))

    def _store(self, target: ast.expr, given: Iterable[tuple[Path, Path | None]] = ()) -> None:
        """Write that the names and attributes in a target are bound, to what they are `given`, or else to something unknown."""
        known = dict(given)
        for name in targets_of(target):
            self.bind(name, known.get((name,)))
        for inner in ast.walk(target):
            if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store) and (path := path_of(inner)):
                self.out.append(SetAttribute(path, known.get(path)))

    def _subscript_assigned(self, target: ast.Subscript, named: Path | None) -> None:
        if path_of(target.value) == ("sys", "modules"):
            if isinstance(target.slice, ast.Name) and target.slice.id == "__name__":
                self.out.append(Open(named))
            else:
                self.out += [Inject(text) for text in self.texts(target.slice)]
        else:
            if self.is_namespace(target.value) and not self.in_function:
                self.filled(self.texts(target.slice))
            self.expression(target.value)
            self.expression(target.slice)
            self._changes(target)

    def _changes(self, target: ast.Subscript) -> None:
        if path := path_of(target.value):
            self.out.append(Change(path))

    def _Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            for name in targets_of(target):
                self.out.append(Unbind(name, node.lineno))
            if isinstance(target, ast.Subscript) and self.is_namespace(target.value) and (text := self.string(target.slice)):
                self.out.append(Unbind(text))
            if not isinstance(target, ast.Name | ast.Tuple | ast.List):
                self.expression(target)
            if isinstance(target, ast.Subscript):
                self._changes(target)
        self.seen.clear()

    def _FunctionDef(self, node: _FunctionNode) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator)
        arguments = node.args
        for default in (*arguments.defaults, *arguments.kw_defaults):
            self.expression(default)
        if not self.lazy_annotations:
            every = (*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg)
            for argument in every:
                self.expression(argument.annotation if argument else None)
            self.expression(node.returns)
        self._decorated(node)
        key = f"{node.lineno}:{node.col_offset}"
        self.out.append(Define(node.name, key))
        self.seen.clear()
        if not self.in_function and any(node.lineno <= line <= (node.end_lineno or node.lineno) for line in self.fills):
            # `global x` in a function binds here, when it is called; that it is, is taken for granted.
            for inner in ast.walk(node):
                if isinstance(inner, ast.Global):
                    self.out += [Bind(name, self._given_in(node, name)) for name in inner.names if name in bound_in(node)]
                elif isinstance(inner, ast.Call) and path_of(inner.func) == ("globals",):
                    self.out.append(Open())
        if self.lines and not self.in_function:
            self.function(node)

    _AsyncFunctionDef = _FunctionDef

    def _given_in(self, node: _FunctionNode, name: str) -> Path | None:
        """Return what a function gives a name of the module, where it does so once and by a call of something that it did not bind itself."""
        given = [one.value for one in ast.walk(node) if isinstance(one, ast.Assign) and any(name in targets_of(target) for target in one.targets)]
        path = self.thing(given[0]) if len(given) == 1 and isinstance(given[0], ast.Call) else None
        own = bound_in(node) | {argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
        return path if path is not None and path[0] not in own else None

    def _ClassDef(self, node: ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator)
        for base in node.bases:
            self.expression(base)
        for keyword in node.keywords:
            self.expression(keyword.value)
        outer, self.owner = self.owner, f"{self.owner}.{node.name}" if self.owner else node.name
        function, self.in_function = self.in_function, False
        around, self.class_decorators = self.class_decorators, self.decorators(node)
        body = self.block(node.body)
        self.owner, self.in_function, self.class_decorators = outer, function, around
        bases = tuple(path_of(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases)
        metaclasses = [path_of(keyword.value) or () for keyword in node.keywords if keyword.arg in ("metaclass", None)]
        bases += tuple(path for path in metaclasses if path[-1:] == ("ABCMeta",))
        is_open = any(path[-1:] != ("ABCMeta",) for path in metaclasses)
        keywords = tuple(keyword.arg or "**" for keyword in node.keywords if keyword.arg != "metaclass")
        self.out.append(ClassDef(node.name, bases, body, is_open, self.decorators(node), node.lineno, fields_of(node), keywords))
        self._decorated(node)
        self.seen.clear()

    def _decorated(self, node: _FunctionNode | ast.ClassDef) -> None:
        """Write the calls of bare decorators, the innermost first, each with what stands below it."""
        for decorator in reversed(node.decorator_list):
            path = path_of(decorator)
            if path is not None and not (len(path) == 1 and path[0] in BUILTINS):
                self.out.append(Call(path, (None,), (), decorator.lineno, decorator.col_offset))

    def _Assert(self, node: ast.Assert) -> None:
        self.expression(node.test)  # the message is for the day it fails
        text = "AssertionError: assert False"
        if node.msg is not None:
            text = f"AssertionError: {node.msg.value}" if isinstance(node.msg, ast.Constant) and isinstance(node.msg.value, str) else "AssertionError"
        self.out += self.asserted(node.test, text)
        if self.in_function and self.depth == 1 and isinstance(node.test, ast.Constant) and not node.test.value:
            self.out.append(Fail(f"AssertionError: assert {ast.unparse(node.test)}" if node.msg is None else "AssertionError", node.lineno))

    def _If(self, node: ast.If) -> None:
        chain = [node]
        while len(chain[-1].orelse) == 1 and isinstance(chain[-1].orelse[0], ast.If):
            chain.append(chain[-1].orelse[0])
        if len(chain) > _LONG_CHAIN:
            # One behind the other says the same of what may run, without nesting them as deep as the chain is long.
            for link in chain:
                self.expression(link.test)
                self.out.append(Branch("maybe", self.block(link.body), ()))
            self.out.append(Branch("maybe", self.block(chain[-1].orelse), ()))
            return
        test = self.condition(node.test)
        self.out.append(Branch(test, self.block(node.body), self.block(node.orelse)))

    def _For(self, node: ast.For | ast.AsyncFor) -> None:
        self.expression(node.iter)
        over = self.named(node.iter) if isinstance(node, ast.For) else None
        runs = self.iterates(node.iter)
        self._store(node.target, passed(node.target, node.iter, self.thing) if isinstance(node, ast.For) else ())
        passes = self.passes
        if isinstance(node.target, ast.Name) and (texts := self.all_strings(node.iter)):
            self.passes = {**passes, node.target.id: texts}
        body = self.block(node.body) if runs is not False else ()
        self.passes = passes
        self.out.append(Loop(bool(runs), body, self.block(node.orelse), over, node.lineno if over else 0))

    _AsyncFor = _For

    def _While(self, node: ast.While) -> None:
        test = test_of(node.test, self.truths)
        self.expression(node.test)
        body = self.block(node.body) if test != "no" else ()
        self.out.append(Loop(test == "yes", body, self.block(node.orelse)))

    def _Try(self, node: ast.Try | ast.TryStar) -> None:
        body = self.block(node.body)
        handlers: list[Handler] = []
        for handler in node.handlers:
            types: tuple[Path | None, ...] | None = None
            if isinstance(handler.type, ast.Tuple):
                types = tuple(path_of(item) for item in handler.type.elts)
            elif handler.type is not None:
                types = (path_of(handler.type),)
            inner = self.block(handler.body)
            if handler.name:
                inner = (Bind(handler.name, None), *inner, Unbind(handler.name))
            handlers.append(Handler(types, handler.name, inner))
        self.out.append(Try(body, tuple(handlers), self.block(node.orelse), self.block(node.finalbody)))

    _TryStar = _Try

    def _With(self, node: ast.With | ast.AsyncWith) -> None:
        contexts: list[Call] = []
        injected: list[Statement] = []
        for item in node.items:
            self.expression(item.context_expr)
            call = item.context_expr
            if isinstance(call, ast.Call) and (called := path_of(call.func)):
                contexts.append(self.call(call, called))
                injected += self.injections(call, called)
            elif called := path_of(call):
                contexts.append(Call(called, (), (), call.lineno, call.col_offset))
            if isinstance(item.optional_vars, ast.Name) and isinstance(node, ast.With) and self.is_call(call):
                self.bind(item.optional_vars.id, ENTERED)
            elif item.optional_vars is not None:
                self._store(item.optional_vars)
        self.out.append(With(tuple(contexts), (*injected, *self.block(node.body)), isinstance(node, ast.AsyncWith)))

    _AsyncWith = _With

    def _Match(self, node: ast.Match) -> None:
        self.expression(node.subject)
        first = node.cases[0].pattern
        if isinstance(first, ast.MatchValue | ast.MatchClass):  # whatever the subject is, it is held against this one
            self.expression(first.value if isinstance(first, ast.MatchValue) else first.cls)
        chosen: Block = ()
        many = len(node.cases) > _LONG_CHAIN
        for case in reversed(node.cases):
            outer, self.out = self.out, []
            seen, self.seen = self.seen, set(self.seen)
            self._pattern(case.pattern)
            self.expression(case.guard)
            block = (*self.out, *self.block(case.body))
            self.out, self.seen = outer, seen
            if case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
                chosen = block  # whatever comes this far
            else:
                chosen = (Branch("maybe", block, () if many else chosen), *(chosen if many else ()))
        self.out += chosen

    def _pattern(self, pattern: ast.pattern) -> None:
        """Write what a pattern binds, and what it holds the subject against."""
        for inner in ast.walk(pattern):
            if isinstance(inner, ast.MatchAs | ast.MatchStar) and inner.name:
                self.bind(inner.name, None)
            elif isinstance(inner, ast.MatchMapping) and inner.rest:
                self.bind(inner.rest, None)
            elif isinstance(inner, ast.MatchValue):
                self.expression(inner.value)
            elif isinstance(inner, ast.MatchClass):
                self.expression(inner.cls)

    def _Raise(self, node: ast.Raise) -> None:
        self.expression(node.exc)
        target = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        message = None
        if isinstance(node.exc, ast.Call) and len(node.exc.args) == 1:
            self.spelled = True
            message = self.string(node.exc.args[0])
            self.spelled = False
        self.out.append(Raise(path_of(target), message, node.lineno))

    def _Return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.chosen(node.value, lambda named: self.out.append(Give(named)))
        self.out.append(Leave())

    def _Break(self, _: ast.stmt) -> None:
        self.out.append(Leave())

    _Continue = _Break
