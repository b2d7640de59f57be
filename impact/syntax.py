"""From source to `Program`: one parse, one walk, in the order in which Python evaluates.

`parse_module` writes what an import runs; function bodies are only keys there. `parse_functions` writes the bodies, for the few files
where a deferred reference may matter. Both are pure functions of bytes and never raise on a source, whatever it holds.
"""

from __future__ import annotations

import ast
import builtins
import traceback
import warnings
from collections.abc import Iterable, Iterator, Sequence

from impact.program import (
    INSTANCE,
    RESULT,
    Bind,
    Block,
    Branch,
    Call,
    ClassDef,
    Define,
    Exports,
    FromImport,
    Function,
    Handler,
    Import,
    Inject,
    Leave,
    Load,
    Loop,
    Open,
    Path,
    Plugins,
    Problem,
    Program,
    Raise,
    Statement,
    Try,
    Unbind,
    With,
    dump,
)
from impact.scan import scan

_BUILTINS = frozenset(dir(builtins))
_NAMESPACES = frozenset({("globals",), ("vars",), ("locals",)})
_FILLING = frozenset({"update", "setdefault", "__setitem__"})
_OPERATORS: dict[type[ast.cmpop], str] = {ast.GtE: ">=", ast.Gt: ">", ast.LtE: "<=", ast.Lt: "<", ast.Eq: "==", ast.NotEq: "!="}
_INVERTED = {"yes": "no", "no": "yes", "maybe": "maybe"}
_OPPOSITE = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_LONGEST_STRING = 300
_CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def parse_module(source: bytes) -> Program:
    """Return what importing the source runs. Where it does not parse: the problem, and the imports that its shape shows, as possible ones."""
    tree = _parse(source)
    if isinstance(tree, Problem):
        return Program((Branch("maybe", tuple(_mentioned(source)), ()),), tree, ())
    return Program(_Writer(tree).block(tree.body), None, _literals(tree))


def parse_functions(source: bytes) -> tuple[Function, ...]:
    """Return every function of the source, nested ones included, in order of appearance; none where it does not parse."""
    return parse_both(source)[1]


def parse_both(source: bytes) -> tuple[Program, tuple[Function, ...]]:
    """Return what `parse_module` and `parse_functions` do, for one parse."""
    tree = _parse(source)
    if isinstance(tree, Problem):
        return Program((Branch("maybe", tuple(_mentioned(source)), ()),), tree, ()), ()
    writer = _Writer(tree, bodies=True)
    body = writer.block(tree.body)
    return Program(body, None, _literals(tree)), tuple(sorted(writer.functions, key=lambda function: function.line))


def _parse(source: bytes) -> ast.Module | Problem:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in the analysed source is not ours to report
            return ast.parse(source)
    except SyntaxError as error:
        return Problem(traceback.format_exception_only(error)[-1].strip(), error.lineno or 1)
    except (ValueError, RecursionError, MemoryError) as error:
        # NUL bytes before Python 3.12, and nesting that exhausts the parser.
        return Problem(f"{type(error).__name__}: {error}", 1)


def _mentioned(source: bytes) -> Iterator[Statement]:
    for mention in scan(source):
        kind, _, rest = mention.partition(" ")
        if kind == "i":
            yield Import(rest, None, 1, 0)
        elif kind == "f":
            module, _, names = rest.partition(" ")
            bare = module.lstrip(".")
            for name in names.split(","):
                yield FromImport(len(module) - len(bare), bare, name, None, 1, 0)


def _literals(tree: ast.Module) -> tuple[str, ...]:
    """Return the identifier-like strings of a module that defines `__getattr__` (PEP 562), by `def` or by assignment."""
    for node in tree.body:
        if isinstance(node, _FunctionNode) and node.name == "__getattr__":
            break
        if isinstance(node, ast.Assign) and any(name == "__getattr__" for target in node.targets for name in _targets(target)):
            break
    else:
        return ()
    found = {"__getattr__"}
    for inner in ast.walk(tree):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value.isidentifier():
            found.add(inner.value)
    return tuple(sorted(found))


def _targets(node: ast.expr) -> Iterator[str]:
    """Yield the plain names that an assignment target binds."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Tuple | ast.List):
        for item in node.elts:
            yield from _targets(item)
    elif isinstance(node, ast.Starred):
        yield from _targets(node.value)


def path_of(node: ast.expr | None) -> Path | None:
    """Return the dotted path of a name or an attribute of one, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return tuple(reversed(parts))


class _Writer:
    """Writes statements into the current block. One instance per file and purpose."""

    def __init__(self, tree: ast.Module, *, bodies: bool = False) -> None:
        self.bodies = bodies
        self.functions: list[Function] = []
        self.out: list[Statement] = []
        self.owner = ""
        self.in_function = False
        self.hidden: frozenset[str] = frozenset()
        self.parameters: frozenset[str] = frozenset()
        self.seen: set[Path] = set()
        self.lazy_annotations = any(
            isinstance(node, ast.ImportFrom) and node.module == "__future__" and any(alias.name == "annotations" for alias in node.names)
            for node in tree.body
        )
        self.constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    # Blocks

    def block(self, statements: Sequence[ast.stmt]) -> Block:
        """Return the statements of a nested block; what it reads is no news to blocks beside it."""
        outer, self.out = self.out, []
        seen, self.seen = self.seen, set(self.seen)
        for statement in statements:
            self.statement(statement)
        written, self.out = tuple(self.out), outer
        self.seen = seen
        return written

    def expressions(self, nodes: Iterable[ast.expr | None]) -> Block:
        """Return what evaluating some expressions does, as a block of its own."""
        outer, self.out = self.out, []
        seen, self.seen = self.seen, set(self.seen)
        for node in nodes:
            self.expression(node)
        written, self.out = tuple(self.out), outer
        self.seen = seen
        return written

    def statement(self, node: ast.stmt) -> None:
        method = getattr(self, f"_{type(node).__name__}", None)
        if method is not None:
            method(node)
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.expression(child)

    # Imports and bindings

    def _Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.out.append(Import(alias.name, alias.asname, node.lineno, node.col_offset))
        self.seen.clear()

    def _ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.out.append(FromImport(node.level, node.module or "", alias.name, alias.asname, node.lineno, node.col_offset))
        self.seen.clear()

    def _Assign(self, node: ast.Assign) -> None:
        self.expression(node.value)
        for target in node.targets:
            self._assign(target, node.value)

    def _AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.expression(node.value)
        if not self.lazy_annotations and not self.in_function:
            self.expression(node.annotation)
        if node.value is not None:
            self._assign(node.target, node.value)

    def _AugAssign(self, node: ast.AugAssign) -> None:
        self.expression(node.value)
        if isinstance(node.target, ast.Name) and node.target.id == "__all__":
            self._exports(node.value, extend=True)
        elif isinstance(node.target, ast.Name):
            self.load((node.target.id,), node.target)
            self.bind(node.target.id, None)
        else:
            self.expression(node.target)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if target.id == "__all__":
                self._exports(value, extend=False)
            elif target.id == "pytest_plugins":
                self.out.append(Plugins(tuple(self._strings(value)), target.lineno))
            self.bind(target.id, RESULT if self._is_call(value) else path_of(value))
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List) and len(target.elts) == len(value.elts):
            for one, other in zip(target.elts, value.elts, strict=True):
                if isinstance(one, ast.Name):
                    self.bind(one.id, path_of(other))
                else:
                    self._assign(one, other)
        elif isinstance(target, ast.Subscript):
            self._subscript_assigned(target)
        elif isinstance(target, ast.Attribute):
            self.expression(target.value)
        else:
            for name in _targets(target):
                self.bind(name, None)

    def _is_call(self, value: ast.expr) -> bool:
        return isinstance(value, ast.Call) and path_of(value.func) is not None and bool(self.out) and isinstance(self.out[-1], Call)

    def _subscript_assigned(self, target: ast.Subscript) -> None:
        if path_of(target.value) == ("sys", "modules"):
            if isinstance(target.slice, ast.Name) and target.slice.id == "__name__":
                self.out.append(Open())
            else:
                self.out.append(Inject(self._string(target.slice)))
        else:
            if self._is_namespace(target.value) and not self.in_function:
                self.out.append(Open())
            self.expression(target.value)
            self.expression(target.slice)

    def bind(self, name: str, value: Path | None) -> None:
        self.out.append(Bind(name, value))
        self.seen.clear()

    def _Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            for name in _targets(target):
                self.out.append(Unbind(name))
            if not isinstance(target, ast.Name | ast.Tuple | ast.List):
                self.expression(target)
        self.seen.clear()

    def _exports(self, value: ast.expr, *, extend: bool) -> None:
        parts: list[ast.expr] = [value]
        while isinstance(parts[0], ast.BinOp) and isinstance(parts[0].op, ast.Add):
            parts[:1] = [parts[0].left, parts[0].right]
        for part in parts:
            if isinstance(part, ast.List | ast.Tuple | ast.Set) and all(self._string(item) is not None for item in part.elts):
                self.out.append(Exports(extend, tuple(self._strings(part)), None))
            else:
                self.out.append(Exports(extend, None, path_of(part)))
            extend = True

    # Definitions

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
        key = f"{node.lineno}:{node.col_offset}"
        self.out.append(Define(node.name, key))
        self.seen.clear()
        if self.bodies:
            self._function(node, key)

    _AsyncFunctionDef = _FunctionDef

    def _function(self, node: _FunctionNode, key: str) -> None:
        arguments = node.args
        names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        bound = bool(self.owner) and not any(path_of(decorator) == ("staticmethod",) for decorator in node.decorator_list)
        parameters = (*names[1 if bound and names else 0 :], *(argument.arg for argument in arguments.kwonlyargs))
        injected: list[Statement] = []
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and (called := path_of(decorator.func)):
                injected += self._injections(decorator, called)
        state = self.owner, self.in_function, self.hidden, self.parameters, self.seen
        owner, self.owner = self.owner, ""
        rest = {argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument}
        self.hidden = (self.hidden | self.parameters | rest) - {*parameters, *names}
        self.in_function, self.parameters, self.seen = True, frozenset({*parameters, *names}), set()
        instance = not any(path_of(decorator) == ("classmethod",) for decorator in node.decorator_list) and node.name not in _CLASS_METHODS
        itself = (*owner.split("."), INSTANCE) if instance else tuple(owner.split("."))
        first: tuple[Statement, ...] = (Bind(names[0], itself),) if bound and names else ()
        body = first + tuple(injected) + self.block(node.body)
        self.owner, self.in_function, self.hidden, self.parameters, self.seen = state
        defaults = len(arguments.defaults) + sum(default is not None for default in arguments.kw_defaults)
        self.functions.append(Function(key, node.name, owner, parameters, defaults, self._decorators(node), node.lineno, dump(body)))

    def _decorators(self, node: _FunctionNode | ast.ClassDef) -> tuple[Call | Load, ...]:
        found: list[Call | Load] = []
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and (called := path_of(decorator.func)):
                found.append(self._call(decorator, called))
            elif path := path_of(decorator):
                found.append(Load(path, decorator.lineno, decorator.col_offset))
        return tuple(found)

    def _ClassDef(self, node: ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator)
        for base in node.bases:
            self.expression(base)
        for keyword in node.keywords:
            self.expression(keyword.value)
        outer, self.owner = self.owner, f"{self.owner}.{node.name}" if self.owner else node.name
        function, self.in_function = self.in_function, False
        body = self.block(node.body)
        self.owner, self.in_function = outer, function
        bases = tuple(path_of(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases)
        is_open = any(keyword.arg in ("metaclass", None) for keyword in node.keywords)
        self.out.append(ClassDef(node.name, bases, body, is_open, self._decorators(node), node.lineno))
        self.seen.clear()

    # Control

    def _If(self, node: ast.If) -> None:
        test = self._test(node.test)
        if test == "maybe":
            self.expression(node.test)
        self.out.append(Branch(test, self.block(node.body), self.block(node.orelse)))

    def _For(self, node: ast.For | ast.AsyncFor) -> None:
        self.expression(node.iter)
        sure = isinstance(node.iter, ast.List | ast.Tuple | ast.Set) and bool(node.iter.elts)
        for name in _targets(node.target):
            self.bind(name, None)
        self.out.append(Loop(sure, self.block(node.body), self.block(node.orelse)))

    _AsyncFor = _For

    def _While(self, node: ast.While) -> None:
        test = self._test(node.test)
        self.expression(node.test)
        self.out.append(Loop(test == "yes", self.block(node.body), self.block(node.orelse)))

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
                contexts.append(self._call(call, called))
                injected += self._injections(call, called)
            if item.optional_vars is not None:
                for name in _targets(item.optional_vars):
                    self.bind(name, None)
        self.out.append(With(tuple(contexts), (*injected, *self.block(node.body))))

    _AsyncWith = _With

    def _Match(self, node: ast.Match) -> None:
        self.expression(node.subject)
        for case in node.cases:
            outer, self.out = self.out, []
            for inner in ast.walk(case.pattern):
                if isinstance(inner, ast.MatchAs | ast.MatchStar) and inner.name:
                    self.bind(inner.name, None)
                elif isinstance(inner, ast.MatchMapping) and inner.rest:
                    self.bind(inner.rest, None)
                elif isinstance(inner, ast.MatchValue):
                    self.expression(inner.value)
                elif isinstance(inner, ast.MatchClass):
                    self.expression(inner.cls)
            self.expression(case.guard)
            pattern, self.out = tuple(self.out), outer
            self.out.append(Branch("maybe", pattern + self.block(case.body), ()))

    def _Raise(self, node: ast.Raise) -> None:
        self.expression(node.exc)
        target = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        message = None
        if isinstance(node.exc, ast.Call) and len(node.exc.args) == 1:
            message = self._string(node.exc.args[0])
        self.out.append(Raise(path_of(target), message, node.lineno))

    def _Return(self, node: ast.Return) -> None:
        self.expression(node.value)
        self.out.append(Leave())

    def _Break(self, _: ast.stmt) -> None:
        self.out.append(Leave())

    _Continue = _Break

    def _test(self, node: ast.expr) -> str:
        """Return how a condition comes out: `yes`, `no`, `maybe`, or a comparison with the version."""
        match node:
            case ast.Constant(value=value):
                return "yes" if value else "no"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self._test(operand)
                if inner.startswith("version"):
                    operator = inner[7:9] if inner[7:9] in _OPPOSITE else inner[7:8]
                    return f"version{_OPPOSITE[operator]}{inner[7 + len(operator) :]}"
                return _INVERTED[inner]
            case ast.BoolOp(op=operator, values=values):
                return self._combined(isinstance(operator, ast.And), [self._test(value) for value in values])
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._comparison(left, operator, right)
        path = path_of(node)
        if path is None:
            return "maybe"
        if path[-1] == "TYPE_CHECKING" or path == ("six", "PY2"):
            return "no"
        return "yes" if path in (("six", "PY3"), ("__debug__",)) else "maybe"

    @staticmethod
    def _combined(conjunction: bool, tests: list[str]) -> str:
        decides, neutral = ("no", "yes") if conjunction else ("yes", "no")
        if decides in tests:
            return decides
        open_tests = [test for test in tests if test != neutral]
        return (open_tests[0] if len(open_tests) == 1 else "maybe") if open_tests else neutral

    def _comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> str:
        if path_of(left) == ("__name__",) and isinstance(operator, ast.Eq) and self._string(right) == "__main__":
            return "no"
        sign = _OPERATORS.get(type(operator))
        if sign is None:
            return "maybe"
        if isinstance(left, ast.Subscript) and isinstance(left.slice, ast.Slice):
            left = left.value
        elif isinstance(left, ast.Subscript) and isinstance(left.slice, ast.Constant) and left.slice.value == 0:
            left = ast.Attribute(left.value, "major")
        path = path_of(left)
        if path in (("sys", "version_info"), ("version_info",)) and isinstance(right, ast.Tuple):
            parts = [item.value for item in right.elts if isinstance(item, ast.Constant) and isinstance(item.value, int)]
            return f"version{sign}{'.'.join(map(str, parts))}" if parts and len(parts) == len(right.elts) else "maybe"
        if path in (("sys", "version_info", "major"), ("version_info", "major")) and isinstance(right, ast.Constant) and isinstance(right.value, int):
            return "yes" if {">=": 3 >= right.value, ">": 3 > right.value, "<=": 3 <= right.value, "<": 3 < right.value, "==": right.value == 3, "!=": right.value != 3}[sign] else "no"  # fmt: skip
        return "maybe"

    # Expressions

    def expression(self, node: ast.expr | None) -> None:
        if node is None or isinstance(node, ast.Constant):
            return
        path = path_of(node)
        if path is not None:
            self.load(path, node)
            return
        match node:
            case ast.Call():
                self._called(node)
            case ast.BoolOp(values=values):
                self.expression(values[0])
                if rest := self.expressions(values[1:]):
                    self.out.append(Branch("maybe", rest, ()))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                outcome = self._test(test)
                if outcome == "maybe":
                    self.expression(test)
                one, other = self.expressions([body]), self.expressions([orelse])
                if one or other:
                    self.out.append(Branch(outcome, one, other))
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                self.expression(value)
                self.bind(name, RESULT if self._is_call(value) else path_of(value))
            case ast.Lambda():
                return  # its body runs later, if ever, and nothing says when
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.expression(child)
                    elif isinstance(child, ast.keyword | ast.FormattedValue):
                        self.expression(child.value)

    def load(self, path: Path, node: ast.expr) -> None:
        if path in self.seen or path[0] in self.hidden or (len(path) == 1 and (path[0] in _BUILTINS or path[0] in self.parameters)):
            return
        self.seen.add(path)
        self.out.append(Load(path, node.lineno, node.col_offset))

    def _called(self, node: ast.Call) -> None:
        path = path_of(node.func)
        if path is None:
            self.expression(node.func)
        elif path == ("getattr",) and len(node.args) == 2 and (owner := path_of(node.args[0])) and (name := self._string(node.args[1])):
            self.load((*owner, name), node)
            return
        else:
            self.load(path, node.func)
        for argument in node.args:
            self.expression(argument.value if isinstance(argument, ast.Starred) else argument)
        for keyword in node.keywords:
            self.expression(keyword.value)
        if path is None:
            self._chained(node)
            return
        if not self.in_function and (path == ("exec",) or any(self._is_namespace(argument) for argument in node.args)):
            self.out.append(Open())
        elif path[:2] == ("sys", "modules") and path[-1] in ("setdefault", "update", "__setitem__"):
            self.out.extend(self._modules_filled(node))
        elif path == ("__all__", "extend") and node.args:
            self._exports(node.args[0], extend=True)
        elif path == ("__all__", "append") and node.args:
            name = self._string(node.args[0])
            self.out.append(Exports(True, (name,) if name else None, None))
        elif path == ("setattr",) and not self.in_function and node.args and self._is_own_module(node.args[0]):
            self.out.append(Open())
        self.out.append(self._call(node, path))

    def _chained(self, node: ast.Call) -> None:
        """`globals().update(…)` fills the namespace too."""
        if isinstance(node.func, ast.Attribute) and node.func.attr in _FILLING and self._is_namespace(node.func.value) and not self.in_function:
            self.out.append(Open())

    @staticmethod
    def _is_own_module(node: ast.expr) -> bool:
        return isinstance(node, ast.Subscript) and path_of(node.value) == ("sys", "modules")

    @staticmethod
    def _is_namespace(node: ast.expr) -> bool:
        return isinstance(node, ast.Call) and path_of(node.func) in _NAMESPACES

    def _call(self, node: ast.Call, path: Path) -> Call:
        arguments: list[str | Path | None] = []
        for argument in node.args:
            if isinstance(argument, ast.Tuple):
                arguments.extend(path_of(item) for item in argument.elts)
            elif isinstance(argument, ast.Starred):
                arguments.append(None)
            else:
                arguments.append(self._argument(argument))
        keywords = tuple((keyword.arg or "**", self._argument(keyword.value)) for keyword in node.keywords)
        return Call(path, tuple(arguments), keywords, node.lineno, node.col_offset)

    def _argument(self, node: ast.expr) -> str | Path | None:
        text = self._string(node)
        if text is not None:
            return text
        if isinstance(node, ast.Constant):
            return (repr(node.value),) if isinstance(node.value, bool | None) else None
        return path_of(node)

    def _modules_filled(self, node: ast.Call) -> Iterator[Inject]:
        for argument in node.args[:1]:
            if isinstance(argument, ast.Dict):
                yield from (Inject(self._string(key)) for key in argument.keys if key is not None)
            else:
                yield Inject(self._string(argument))

    def _injections(self, node: ast.Call, path: Path) -> Iterator[Inject]:
        """`patch.dict("sys.modules", {"x": …})` puts modules there for as long as it holds."""
        if path[-1] == "dict" and len(node.args) > 1 and isinstance(node.args[1], ast.Dict):
            target = node.args[0]
            if self._string(target) == "sys.modules" or path_of(target) == ("sys", "modules"):
                yield from (Inject(self._string(key)) for key in node.args[1].keys if key is not None)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        hidden = self.hidden
        for generator in node.generators:
            self.expression(generator.iter)
            self.hidden = self.hidden | set(_targets(generator.target))
            for condition in generator.ifs:
                self.expression(condition)
        inner = self.expressions([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        if inner:
            first = node.generators[0].iter
            sure = isinstance(first, ast.List | ast.Tuple | ast.Set) and bool(first.elts) and not isinstance(node, ast.GeneratorExp)
            self.out.append(Loop(sure, inner, ()))
        self.hidden = hidden

    def _string(self, node: ast.expr | None) -> str | None:
        """Return the text of a constant, of a name bound to one in this file, or of an f-string or sum of those."""
        text: str | None = None
        match node:
            case ast.Constant(value=str(value)):
                text = value
            case ast.Name(id=name):
                text = self.constants.get(name)
            case ast.JoinedStr(values=values):
                parts = [self._string(value.value if isinstance(value, ast.FormattedValue) else value) for value in values]
                text = "".join(part for part in parts if part is not None) if None not in parts else None
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                one, other = self._string(left), self._string(right)
                text = one + other if one is not None and other is not None else None
        return text if text is not None and len(text) <= _LONGEST_STRING else None

    def _strings(self, node: ast.expr) -> Iterator[str]:
        items = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
        yield from (text for item in items if (text := self._string(item)) is not None)
