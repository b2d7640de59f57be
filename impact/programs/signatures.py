"""What a definition takes and what a call hands over: which calls Python refuses, and what it says.

A signature is kept as text, so that two ends compare at a glance: `self x= / y *_ z= **` is `(self, x=…, /, y, *args, z=…, **kwargs)`, a
bare `*` the mark before parameters that are keywords only. Sources: the Python reference ("Calls"), `Python/ceval.c` for the words,
`dataclasses` and `typing.NamedTuple` for what is made of annotated fields.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from impact.programs.applied import split_applied
from impact.programs.conditions import path_of
from impact.programs.paths import INSTANCE, Path

_FIELD_CALLS = frozenset({"field", "Field", "attrib", "ib"})


def signature_of(arguments: ast.arguments) -> str:
    """Return the parameters of a function as text."""
    positional = [*arguments.posonlyargs, *arguments.args]
    optional = len(positional) - len(arguments.defaults)
    words = [argument.arg + ("=" if index >= optional else "") for index, argument in enumerate(positional)]
    if arguments.posonlyargs:
        words.insert(len(arguments.posonlyargs), "/")
    if arguments.vararg or arguments.kwonlyargs:
        words.append("*_" if arguments.vararg else "*")
    words += [argument.arg + ("=" if default else "") for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    return " ".join([*words, *(["**"] if arguments.kwarg else [])])


def fields_of(node: ast.ClassDef) -> tuple[str, ...]:
    """Return the annotated names of a class body in order: `x`, or `x=` with a default; `-x` is no parameter, `*x` one by keyword only, `*` says that of
    all that follow, `?` that there may be others.
    """
    return tuple(_fields(node.body))


def _fields(body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
            kind = _annotation(node.annotation)
            if kind == "KW_ONLY":
                yield "*"
            elif kind == "ClassVar":
                yield f"-{name}"
            else:
                yield _field(name, node.value)
        elif _may_make_fields(node):
            yield "?"


def _may_make_fields(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return _is_field(node.value)
    return isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While) and any(isinstance(inner, ast.AnnAssign) for inner in ast.walk(node))


def _annotation(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.partition("[")[0].rpartition(".")[2].strip()
    path = path_of(node.value if isinstance(node, ast.Subscript) else node)
    return path[-1] if path else ""


def _is_field(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and (path_of(node.func) or ("",))[-1] in _FIELD_CALLS


def _field(name: str, value: ast.expr | None) -> str:
    if not isinstance(value, ast.Call) or not _is_field(value):
        return name + ("=" if value is not None else "")
    keywords = {keyword.arg: keyword.value for keyword in value.keywords}
    if value.args or keywords.keys() & {None, "alias"}:
        return "?"
    init, only = keywords.get("init"), keywords.get("kw_only")
    if any(one is not None and not isinstance(one, ast.Constant) for one in (init, only)):
        return "?"
    if isinstance(init, ast.Constant) and not init.value:
        return f"-{name}"
    default = "=" if keywords.keys() & {"default", "default_factory", "factory"} else ""
    return ("*" if isinstance(only, ast.Constant) and only.value else "") + name + default


class Signature(NamedTuple):
    """What a callable takes. `required` and `only` count the first of `positional` that need a value, and that no keyword names."""

    positional: tuple[str, ...] = ()
    required: int = 0
    only: int = 0
    keywords: tuple[str, ...] = ()
    required_keywords: tuple[str, ...] = ()
    rest: bool = False
    any_keyword: bool = False

    def takes(self, name: str) -> bool:
        """Tell whether a keyword may have this name."""
        return self.any_keyword or name in self.keywords or name in self.positional[self.only :]

    def is_narrower(self, before: Signature) -> bool:
        """Tell whether there may be a call that another signature takes and this one does not."""
        names = (*before.positional[before.only :], *before.keywords)
        missing = (*self.positional[: self.required], *self.required_keywords)
        return (
            not all(map(self.takes, names))
            or (before.any_keyword and not self.any_keyword)
            or (before.rest and not self.rest)
            or (not self.rest and len(self.positional) < len(before.positional))
            or self.positional[: len(before.positional)] != before.positional[: len(self.positional)]
            or not set(missing) <= {*before.positional[: before.required], *before.required_keywords}
        )


@lru_cache(maxsize=5000)
def read_signature(text: str) -> Signature:
    """Read what `signature_of` wrote.

    >>> read_signature("self x= *_ z **")
    Signature(positional=('self', 'x'), required=1, only=0, keywords=('z',), required_keywords=('z',), rest=True, any_keyword=True)
    """
    positional: list[str] = []
    keywords: list[str] = []
    required: list[str] = []
    only = 0
    rest = any_keyword = False
    into = positional
    for word in text.split():
        match word:
            case "/":
                only = len(positional)
            case "*" | "*_":
                rest, into = word == "*_", keywords
            case "**":
                any_keyword = True
            case _:
                into.append(word.removesuffix("="))
                if not word.endswith("="):
                    required.append(word)
    wanted = sum(name in required for name in positional)
    return Signature(tuple(positional), wanted, only, tuple(keywords), tuple(name for name in keywords if name in required), rest, any_keyword)


class Arguments(NamedTuple):
    """What a call hands over: how many values by position, and which by keyword."""

    positional: int
    keywords: tuple[str, ...]


def arguments_at(source: bytes, path: Path, line: int, column: int) -> Arguments | None:
    """Return the arguments of the call of a path at a place, or of a bare decorator there; None where `*` or `**` hides some, or there is no such call."""
    node = call_at(source, path, line, column)
    if node is None or any(isinstance(argument, ast.Starred) for argument in node.args) or any(keyword.arg is None for keyword in node.keywords):
        return None
    return Arguments(len(node.args), tuple(keyword.arg for keyword in node.keywords if keyword.arg))


def call_at(source: bytes, path: Path, line: int, column: int) -> ast.Call | None:
    """Return the call of a path at a place, or what a bare decorator there comes to; None where there is no such call."""
    for node in _calls(source).get((line, column), ()):
        called = path_of(node.func)
        if called == path or (path[0] == INSTANCE and isinstance(node.func, ast.Attribute) and node.func.attr == path[-1]):
            return node
    return None


def first_at(source: bytes, path: Path, line: int, column: int) -> tuple[Path, str | None]:
    """Return what the first argument of the call of a path at a place is made by: the path that is called, with the text that is handed to it alone;
    `("str",)` for a text. An empty path for anything else.
    """
    node = next((one for one in _calls(source).get((line, column), ()) if path_of(one.func) == path), None)
    first = node.args[0] if node is not None and node.args else None
    match first:
        case ast.JoinedStr() | ast.Constant(value=str()) | ast.BinOp(left=ast.JoinedStr() | ast.Constant(value=str()), op=ast.Add() | ast.Mod()):
            return ("str",), None
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format" | "join")):
            return ("str",), None
        case ast.Call(func=function, args=[ast.Constant(value=str(text))], keywords=[]):
            return path_of(function) or (), text
        case ast.Call(func=function):
            return path_of(function) or (), None
        case _:
            return (), None


@lru_cache(maxsize=64)
def _calls(source: bytes) -> dict[tuple[int, int], list[ast.Call]]:
    found: dict[tuple[int, int], list[ast.Call]] = {}
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found.setdefault((node.lineno, node.col_offset), []).append(node)
            if (parts := split_applied(node)) is not None:
                found[node.lineno, node.col_offset].append(parts[1])
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                if not isinstance(decorator, ast.Call):
                    call = ast.Call(decorator, [ast.Name(node.name)], [])
                    found.setdefault((decorator.lineno, decorator.col_offset), []).append(call)
    return found


def refusal(name: str, signature: Signature, given: Arguments, *, bound: bool) -> str | None:
    """Return what Python says of a call that does not fit, None where it fits. `bound`: the first parameter is filled already (`self`).

    >>> refusal("f", read_signature("x"), Arguments(0, ("y",)), bound=False)
    "f() got an unexpected keyword argument 'y'"
    >>> refusal("C.m", read_signature("self x"), Arguments(0, ()), bound=True)
    "C.m() missing 1 required positional argument: 'x'"
    >>> refusal("f", read_signature("x y="), Arguments(3, ()), bound=False)
    'f() takes from 1 to 2 positional arguments but 3 were given'
    """
    count = given.positional + bound
    filled = signature.positional[:count]
    for keyword in given.keywords:
        if not signature.takes(keyword):
            if hidden := [one for one in signature.positional[: signature.only] if one in given.keywords]:
                return f"{name}() got some positional-only arguments passed as keyword arguments: '{', '.join(hidden)}'"
            return f"{name}() got an unexpected keyword argument {keyword!r}"
        if keyword in filled[signature.only :]:
            return f"{name}() got multiple values for argument {keyword!r}"
    if count > len(signature.positional) and not signature.rest:
        return f"{name}() takes {_range(signature)} but {_given(count, signature, given)} given"
    missing = [one for one in signature.positional[count : signature.required] if one not in given.keywords or one in signature.positional[: signature.only]]
    if missing:
        return f"{name}() missing {_listed(missing, 'positional')}"
    missing = [one for one in signature.required_keywords if one not in given.keywords]
    return f"{name}() missing {_listed(missing, 'keyword-only')}" if missing else None


def _range(signature: Signature) -> str:
    most = len(signature.positional)
    span = f"{most}" if signature.required == most else f"from {signature.required} to {most}"
    return f"{span} positional argument{'' if span == '1' else 's'}"


def _given(count: int, signature: Signature, given: Arguments) -> str:
    keywords = sum(one in signature.keywords for one in given.keywords)
    if not keywords:
        return f"{count} {'was' if count == 1 else 'were'}"
    return f"{count} positional argument{_s(count)} (and {keywords} keyword-only argument{_s(keywords)}) were"


def _listed(names: Sequence[str], kind: str) -> str:
    quoted = [repr(name) for name in names]
    if len(quoted) > 2:
        quoted = [*quoted[:-1], f"and {quoted[-1]}"]
    return f"{len(names)} required {kind} argument{_s(len(names))}: {(', ' if len(names) > 2 else ' and ').join(quoted)}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


_OF_OBJECT = Signature(("self",), 1)


class Refusal(NamedTuple):
    """What Python says of a call, and the `target` (`module:name`) that says it, where that is not the callee itself but what it hands on to."""

    text: str
    target: str = ""


class Callee(NamedTuple):
    """`kind` is `function`, `static`, `class` (a class method), `fixture` or `constructor`; a constructor without a signature is that of `object`.

    `abstract` are the methods for want of which the class `owner` has no instances. `onto` is what it hands its other keywords on to.
    """

    name: str
    signature: Signature | None
    kind: str
    certain: bool
    owner: str = ""
    abstract: tuple[str, ...] = ()
    onto: Onto | None = None

    def refuses(self, given: Arguments, reached: str, python: tuple[int, int]) -> Refusal | None:
        """Return what Python, or pytest of a fixture, says of a call, None where it is taken. `reached`: by an `instance`, a `class`, or neither (`plain`)."""
        if self.signature is None and (given.positional or given.keywords):
            return Refusal(f"TypeError: {self.name}() takes no arguments")
        if self.kind == "fixture":
            return Refusal(f'Failed: Fixture "{self.name}" called directly. Fixtures are not meant to be called directly,')
        if self.abstract:
            return Refusal(f"TypeError: {_abstract(self.owner, self.abstract, python)}")
        if self.signature is None:
            return None
        bound = self.kind == "constructor" or (reached == "instance" and self.kind != "static") or (reached == "class" and self.kind == "class")
        text = refusal(self.name, self.signature, given, bound=bound)
        if text is None and self.onto is not None:
            return self.onto.refuses(self.signature, given, given.positional + bound, python)
        return Refusal(f"TypeError: {text}") if text is not None else None

    def completed(self, given: Arguments) -> Arguments:
        """Return the arguments with keywords for all that it asks for besides."""
        signature = self.signature or _OF_OBJECT
        needed = (*signature.positional[1 : signature.required], *signature.required_keywords)
        return given._replace(keywords=(*given.keywords, *(one for one in needed if one not in given.keywords)))

    def is_narrower(self, before: Callee) -> bool:
        """Tell whether there may be a call that it refuses and that was taken before."""
        if self.kind != before.kind or set(self.abstract) - set(before.abstract):
            return True
        if self.onto is not None and before.onto is not None and self.onto.callee.is_narrower(before.onto.callee):
            return True
        return (self.signature or _OF_OBJECT).is_narrower(before.signature or _OF_OBJECT)


class Onto(NamedTuple):
    """What a function hands on to (the `callee`, which lies at a `target`), beside `given`: the keywords that it does not name itself, in the place of its
    `defaults` perhaps, and where `rest`, the values that it has no parameter for.
    """

    callee: Callee
    target: str
    reached: str
    given: Arguments
    defaults: tuple[str, ...]
    rest: bool

    def refuses(self, own: Signature, given: Arguments, count: int, python: tuple[int, int]) -> Refusal | None:
        """Return what Python says of a call of the function, which has a signature of its `own` and is handed `count` values; None where it is taken."""
        more = tuple(one for one in given.keywords if one not in own.keywords and one not in own.positional[own.only :])
        if not set(more).isdisjoint(self.given.keywords):
            return None
        values = max(0, count - len(own.positional)) if self.rest else 0
        keywords = (*self.given.keywords, *(one for one in self.defaults if one not in more), *more)
        refused = self.callee.refuses(Arguments(self.given.positional + values, keywords), self.reached, python)
        return refused._replace(target=refused.target or self.target) if refused is not None else None


def _abstract(name: str, methods: tuple[str, ...], python: tuple[int, int]) -> str:
    plural = "s" if len(methods) > 1 else ""
    if python < (3, 12):
        return f"Can't instantiate abstract class {name} with abstract method{plural} {', '.join(methods)}"
    return f"Can't instantiate abstract class {name} without an implementation for abstract method{plural} {', '.join(map(repr, methods))}"
