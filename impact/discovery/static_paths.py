"""Paths that Python code computes, evaluated without running it: `os.path` and `pathlib` expressions, `sys.path` edits, lists of names.

Only what a module does for sure when it is imported is followed: its top level in order, and the functions that it calls there by name. An expression
outside of this small language has no value (None), it is never guessed.
"""

from __future__ import annotations

import ast
import posixpath
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.names import RepoPath

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Where the repository stands while paths are computed: deep enough that `..` can climb out of it without reaching the file system's root.
_TOP = "/" + "/".join("\0" * 32)

# pytest calls these hooks of a conftest.py before it collects anything.
_HOOKS = frozenset({"pytest_configure", "pytest_load_initial_conftests", "pytest_sessionstart"})

_SAME = frozenset({"abspath", "absolute", "realpath", "resolve", "normpath", "Path", "PurePath", "PosixPath", "str", "fspath", "as_posix", "normcase"})
_JOIN = frozenset({"join", "joinpath"})
_MODULES = frozenset({"os", "path", "osp", "pathlib", "posixpath"})


@dataclass(frozen=True, slots=True)
class PathEdit:
    """One entry that code puts on `sys.path`: the path as computed (see `locate`), whether at the end, and the line."""

    value: str
    at_end: bool
    line: int


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """What a module computes when it is imported.

    `lists` holds its top-level lists of strings, as far as their elements have a value and are added unconditionally; `unresolved` the lines that put
    something on `sys.path` that has no value here.
    """

    edits: tuple[PathEdit, ...] = ()
    lists: Mapping[str, tuple[str, ...]] | None = None
    unresolved: tuple[int, ...] = ()
    problem: str | None = None


def parse_python(source: bytes) -> tuple[ast.Module | None, str | None]:
    """Return the syntax tree, or why there is none. Warnings about the source are not ours to show."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source), None
    except SyntaxError as error:
        return None, f"line {error.lineno or 1}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return None, str(error) or type(error).__name__


def read_module(source: bytes, path: RepoPath) -> ModuleFacts:
    """Return what the module at `path` computes. It never raises: `problem` says what stopped it."""
    tree, problem = parse_python(source)
    if tree is None:
        return ModuleFacts(problem=problem)
    evaluator = Evaluator(path)
    try:
        evaluator.run(tree.body)
    except RecursionError:
        return ModuleFacts(problem="nested too deeply to be evaluated")
    return ModuleFacts(
        tuple(evaluator.edits),
        {name: tuple(one for one in values if one is not None) for name, values in evaluator.lists.items()},
        tuple(evaluator.unresolved),
    )


def locate(value: str, cwd: str) -> RepoPath | None:
    """Return the place of a computed path in the repository, None when it lies outside. A relative one is relative to `cwd`.

    >>> locate("../lib/.", "tests")
    'lib'
    >>> locate("/usr/lib", "tests") is None
    True
    """
    absolute = posixpath.normpath(posixpath.join(_TOP, cwd, value))
    if absolute == _TOP:
        return RepoPath("")
    return RepoPath(absolute[len(_TOP) + 1 :]) if absolute.startswith(_TOP + "/") else None


class Evaluator:
    """Runs the small language over statements. `strings` and `lists` are the names bound so far."""

    def __init__(self, path: RepoPath) -> None:
        self._file = posixpath.join(_TOP, path)
        self.strings: dict[str, str] = {}
        self.lists: dict[str, tuple[str | None, ...]] = {}
        self.edits: list[PathEdit] = []
        self.unresolved: list[int] = []
        self._functions: dict[str, ast.FunctionDef] = {}
        self._sys_path_names: set[str] = set()

    # Statements

    def run(self, body: Sequence[ast.stmt], *, certain: bool = True) -> None:
        """Run statements. `certain`: nothing decides whether they run, so lists that they extend are really extended."""
        for statement in body:
            match statement:
                case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._assign(target, value, certain=certain)
                case ast.AugAssign(target=target, op=ast.Add(), value=value):
                    self._extend(target, value, certain=certain)
                case ast.Expr(value=ast.Call() as call):
                    self._call(call, certain=certain)
                case ast.ImportFrom(module="sys", names=names):
                    self._sys_path_names.update(one.asname or one.name for one in names if one.name == "path")
                case ast.FunctionDef(name=name):
                    self._functions[name] = statement
                    if name in _HOOKS:
                        self.run(statement.body, certain=False)
                case ast.If(body=inner, orelse=orelse):
                    self.run(inner, certain=False)
                    self.run(orelse, certain=False)
                case ast.With(body=inner):
                    self.run(inner, certain=certain)
                case ast.Try(body=inner, handlers=handlers, orelse=orelse, finalbody=finalbody):
                    self.run(inner, certain=certain)
                    for handler in handlers:
                        self.run(handler.body, certain=False)
                    self.run(orelse, certain=False)
                    self.run(finalbody, certain=certain)
                case ast.For(target=ast.Name(id=name), iter=sequence, body=inner):
                    self._loop(name, self.many(sequence), inner)

    def _loop(self, name: str, values: tuple[str | None, ...] | None, body: Sequence[ast.stmt]) -> None:
        for value in values or (None,):
            self.strings.pop(name, None)
            if value is not None:
                self.strings[name] = value
            self.run(body, certain=False)

    def _assign(self, target: ast.expr, value: ast.expr, *, certain: bool) -> None:
        if self._is_sys_path(target) or (isinstance(target, ast.Subscript) and self._is_sys_path(target.value)):
            self._edit_many(value, at_end=False)
        elif isinstance(target, ast.Name):
            text, many = self.text(value), self.many(value)
            self.strings.pop(target.id, None)
            if text is not None:
                self.strings[target.id] = text
            if not certain:
                # Which of the two lists it is at run time is not known; only what is in the first for sure could stay, so none does.
                many = () if many is not None or target.id in self.lists else None
            self.lists.pop(target.id, None)
            if many is not None:
                self.lists[target.id] = many

    def _extend(self, target: ast.expr, value: ast.expr, *, certain: bool) -> None:
        if self._is_sys_path(target):
            self._edit_many(value, at_end=True)
        elif isinstance(target, ast.Name) and target.id in self.lists and certain:
            self.lists[target.id] += self.many(value) or ()
        elif isinstance(target, ast.Name) and target.id in self.strings:
            added = self.text(value)
            before = self.strings.pop(target.id)
            if added is not None:
                self.strings[target.id] = before + added

    def _call(self, call: ast.Call, *, certain: bool) -> None:
        match call:
            case ast.Call(func=ast.Attribute(value=owner, attr="insert"), args=[_, value]) if self._is_sys_path(owner):
                self._edit(value, at_end=False)
            case ast.Call(func=ast.Attribute(value=owner, attr="append"), args=[value]) if self._is_sys_path(owner):
                self._edit(value, at_end=True)
            case ast.Call(func=ast.Attribute(value=owner, attr="extend"), args=[value]) if self._is_sys_path(owner):
                self._edit_many(value, at_end=True)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="site"), attr="addsitedir"), args=[value]):
                self._edit(value, at_end=True)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[value]) if name in self.lists and certain:
                self.lists[name] += (self.text(value),)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="extend"), args=[value]) if name in self.lists and certain:
                self.lists[name] += self.many(value) or ()
            case ast.Call(func=ast.Name(id=name), args=[]) if name in self._functions:
                # Taken out while it runs: a function that calls itself would never end.
                function = self._functions.pop(name)
                self.run(function.body, certain=False)
                self._functions[name] = function

    def _edit(self, node: ast.expr, *, at_end: bool) -> None:
        self._record(self.text(node), node.lineno, at_end=at_end)

    def _edit_many(self, node: ast.expr, *, at_end: bool) -> None:
        values = self.many(node)
        # `sys.path[:0] = [a, b]` leaves `a` first, as inserting `b` and then `a` would.
        for value in (None,) if values is None else values if at_end else reversed(values):
            self._record(value, node.lineno, at_end=at_end)

    def _record(self, value: str | None, line: int, *, at_end: bool) -> None:
        if value is None:
            self.unresolved.append(line)
        else:
            self.edits.append(PathEdit(value, at_end, line))

    def _is_sys_path(self, node: ast.expr) -> bool:
        match node:
            case ast.Attribute(value=ast.Name(id="sys" | "_sys"), attr="path"):
                return True
            case ast.Name(id=name):
                return name in self._sys_path_names
        return False

    # Expressions

    def many(self, node: ast.expr) -> tuple[str | None, ...] | None:
        """Return the elements of a list expression, None for each that has no value; None for the whole when it is no list we know."""
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                found: list[str | None] = []
                for element in elements:
                    if isinstance(element, ast.Starred):
                        found.extend((None,) if (inner := self.many(element.value)) is None else inner)
                    else:
                        found.append(self.text(element))
                return tuple(found)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                first, second = self.many(left), self.many(right)
                return None if first is None or second is None else first + second
            case ast.Name(id=name) if name in self.lists:
                return self.lists[name]
            case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted" | "set" | "reversed"), args=[inside]):
                return self.many(inside)
            case ast.Call(func=ast.Name(id="list" | "tuple" | "set"), args=[]):
                return ()
        return () if self._is_sys_path(node) else None

    def text(self, node: ast.expr) -> str | None:
        """Return the string or path that an expression evaluates to."""
        match node:
            case ast.Constant(value=str() as value):
                return value
            case ast.Name(id="__file__"):
                return self._file
            case ast.Name(id=name):
                return self.strings.get(name)
            case ast.BinOp(left=left, op=ast.Div() | ast.Add() as operator, right=right):
                first, second = self.text(left), self.text(right)
                if first is None or second is None:
                    return None
                return posixpath.join(first, second) if isinstance(operator, ast.Div) else first + second
            case ast.JoinedStr(values=parts):
                texts = [self.text(part.value if isinstance(part, ast.FormattedValue) else part) for part in parts]
                return None if None in texts else "".join(text for text in texts if text is not None)
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr="pardir" | "curdir" | "sep" as attribute) if name in _MODULES:
                return {"pardir": "..", "curdir": ".", "sep": "/"}[attribute]
            case ast.Attribute(value=owner, attr="parent"):
                return self._climb(self.text(owner), 1)
            case ast.Subscript(value=ast.Attribute(value=owner, attr="parents"), slice=ast.Constant(value=int() as index)) if 0 <= index < len(_TOP):
                return self._climb(self.text(owner), index + 1)
            case ast.Subscript(value=ast.Call(func=ast.Attribute(attr="split"), args=[path]), slice=ast.Constant(value=0)):
                return self._climb(self.text(path), 1)
            case ast.Call(keywords=[]) | ast.Call(func=ast.Attribute(attr="resolve")):
                return self._computed(node)
        return None

    @staticmethod
    def _climb(path: str | None, levels: int) -> str | None:
        for _ in range(levels):
            path = None if path is None else posixpath.dirname(path)
        return path

    def _computed(self, call: ast.Call) -> str | None:
        """Evaluate a call: a function of `os`, `os.path` or `pathlib`, or a method of a path."""
        match call.func:
            case ast.Name(id=name) if name not in self._functions:
                operands = call.args
            case ast.Attribute(value=ast.Name(id=module) | ast.Attribute(attr=module), attr=name) if module in _MODULES and module not in self.strings:
                operands = call.args
            case ast.Attribute(value=ast.Name(id="Path"), attr="cwd"):
                return _TOP
            case ast.Attribute(value=owner, attr="resolve" | "absolute" | "as_posix" | "joinpath" | "__str__" as name):
                operands = [owner, *call.args] if name == "joinpath" else [owner]
            case _:
                return None
        texts = [self.text(one) for one in operands]
        known = [one for one in texts if one is not None]
        if len(known) != len(texts):
            return None
        if name in {"getcwd", "cwd"} and not known:
            return _TOP
        if not known:
            return "." if name in {"Path", "PurePath"} else None
        if name == "dirname" and len(known) == 1:
            return posixpath.dirname(known[0])
        if name in _JOIN or name in {"Path", "PurePath", "PosixPath"}:
            return posixpath.join(*known)
        if name in _SAME and len(known) == 1:
            # `resolve` and `abspath` fold `..`; so does `normpath`. A plain string stays as it is.
            return known[0] if name in {"str", "fspath", "as_posix", "absolute"} else posixpath.normpath(known[0])
        return None
