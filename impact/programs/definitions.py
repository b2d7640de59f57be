"""What a module defines, each by a fingerprint that survives a move: how a function is known again under another name or in another file.

A fingerprint is the syntax tree without what a move or a clean-up changes: layout, comments, docstrings, decorators, annotations, the own name.
It is kept statement by statement, so that two of them can be held against each other as Git does it with the lines of files.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from impact.programs.parsing import lines_of, read_tree

# Fingerprints below this many characters are alike by chance: `pass`, `return None`, `X = 1`, an empty exception class.
_TELLING = 240
_OWN = "·"
# What `may_define` returns is kept by blob id: whoever changes it counts on.
LOOKS_VERSION = 1
# The same of what `locate_definitions` returns.
DEFINITIONS_VERSION = 1
Location = tuple[str, int, int]
"""The kind of a definition, its first line and its last; the first is 1."""
_DEFINING = re.compile(rb"(?m)\b(?:def|class)[ \t]+((?:\w|[\x80-\xff])+)|^[ \t]*((?:\w|[\x80-\xff])+)[ \t]*(?::[^\n=]*)?=(?!=)")


@dataclass(frozen=True)
class Definition:
    """One function, class or assignment at the top level of a module, or a member of a class there (`Class.member`).

    It stays source until somebody holds it against another one: of a thousand, a change concerns a few.
    """

    kind: str
    name: str
    text: bytes

    @cached_property
    def parts(self) -> Mapping[str, int]:
        """How often each normalised statement occurs in it."""
        tree = read_tree(textwrap.dedent(self.text.decode("utf-8", "replace")))
        node = tree.body[0] if isinstance(tree, ast.Module) and tree.body else None
        own = repr(self.name)
        return Counter(part.replace(own, _OWN) for part in _parts(node)) if node is not None else {}

    @cached_property
    def size(self) -> int:
        """How many characters the statements are together."""
        return sum(len(part) * count for part, count in self.parts.items())

    @property
    def telling(self) -> bool:
        """Whether there is enough of it to be known by its fingerprint alone."""
        return self.size >= _TELLING


def likeness(one: Definition, other: Definition) -> int:
    r"""Return how much of the larger definition the two share, in percent; definitions of different kinds share nothing.

    >>> old = find_definitions(b"def f(a):\n    'Add.'\n    b = a + 1\n    return b\n")["f"]
    >>> new = find_definitions(b"@cache\ndef g(a: int) -> int:\n    b = a + 1  # one more\n    return b\n")["g"]
    >>> likeness(old, new)
    100
    """
    larger = max(one.size, other.size)
    if one.kind != other.kind:
        return 0
    if not larger:
        return 100
    return sum(len(part) * min(count, other.parts.get(part, 0)) for part, count in one.parts.items()) * 100 // larger


def successor(before: Mapping[str, Definition], after: Mapping[str, Definition], name: str) -> str | None:
    r"""Return the one new name that is defined between the neighbours that a lost one had, where both are the only ones of their kind there.

    >>> old = find_definitions(b"a = 1\ndef f(): ...\nb = 2\n")
    >>> successor(old, find_definitions(b"a = 1\nc = 3\ndef g(): ...\nb = 2\ndef h(): ...\n"), "f")
    'g'
    >>> successor(old, find_definitions(b"a = 1\ndef g(): ...\ndef h(): ...\nb = 2\n"), "f")
    >>> old = find_definitions(b"class C:\n    def f(self): ...\n    def z(self): ...\n")
    >>> successor(old, find_definitions(b"class C:\n    def g(self): ...\n    def z(self): ...\n"), "C.f")
    'C.g'
    """
    owner = name.rpartition(".")[0]
    place = (olds := _order(before, owner)).index(name)
    left = next((one for one in reversed(olds[:place]) if one in after), None)
    right = next((one for one in olds[place:] if one in after), None)
    gone, come = (
        [one for one in _between(_order(found, owner), left, right) if one not in other and found[one].kind == before[name].kind]
        for found, other in ((before, after), (after, before))
    )
    return come[0] if len(come) == 1 and gone == [name] else None


def _order(found: Mapping[str, Definition], owner: str) -> list[str]:
    """Return the names that a class defines, or the top level where `owner` is empty, in order."""
    return [one for one in found if one.rpartition(".")[0] == owner]


def _between(order: list[str], left: str | None, right: str | None) -> list[str]:
    """Return the names between two, None for the start or the end of the block."""
    return order[order.index(left) + 1 if left is not None else 0 : order.index(right) if right is not None else None]


def may_define(source: bytes) -> frozenset[str]:
    r"""Return the names that a source may define, by its looks: all that it does, and local ones besides.

    >>> sorted(may_define(b"x = 1\nasync  def f(): ...\nfrom a import g\nh(y=1)\nif x == 2:\n    z: int = 3"))
    ['f', 'x', 'z']
    """
    return frozenset((one or other).decode("utf-8", "replace") for one, other in _DEFINING.findall(source))


def find_definitions(source: bytes) -> Mapping[str, Definition]:
    r"""Return what the top level of a source defines, branches included, and the members of its classes; nothing where it does not parse.

    >>> sorted(find_definitions(b"try:\n    X = 1\nexcept E:\n    def f(): ...\nclass C:\n    def m(self): ...\n"))
    ['C', 'C.m', 'X', 'f']
    """
    return definitions_at(locate_definitions(source), source)


def locate_definitions(source: bytes) -> Mapping[str, Location]:
    """Return where a source defines what `find_definitions` finds: what of it is worth keeping."""
    tree = read_tree(source)
    found: dict[str, Location] = {}
    if isinstance(tree, ast.Module):
        _collect(tree.body, "", found)
    return found


def definitions_at(located: Mapping[str, Location], source: bytes) -> Mapping[str, Definition]:
    """Return the definitions that `locate_definitions` found in a source."""
    lines = lines_of(source) if located else []
    return {full: Definition(kind, full.rpartition(".")[2], b"".join(lines[first - 1 : last])) for full, (kind, first, last) in located.items()}


def _collect(body: Sequence[ast.stmt], prefix: str, found: dict[str, Location]) -> None:
    for node in body:
        names: list[str] = []
        kind = "value"
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names, kind = [name], "function"
            case ast.ClassDef(name=name):
                names, kind = [name], "class"
                if not prefix:
                    _collect(node.body, f"{name}.", found)
            case ast.Assign(targets=targets):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case ast.If() | ast.Try() | ast.With():
                for block in _blocks(node):
                    _collect(block, prefix, found)
            case _:
                pass
        for name in names:
            found.setdefault(prefix + name, (kind, node.lineno, node.end_lineno or node.lineno))


def _parts(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield _signature(node)
            yield from _statements(node.body)
        case ast.ClassDef():
            yield from (f"class {_dumped(base)}" for base in node.bases)
            yield from _statements(node.body)
        case ast.Assign(value=value) | ast.AnnAssign(value=value) if value is not None:
            yield _dumped(value)
        case _:
            return


def _statements(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the statements of a block and of the blocks in it, each without its own blocks."""
    for node in body:
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                continue  # a docstring, or `...`
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield f"def {node.name} {_signature(node)}"
            case ast.ClassDef():
                yield f"class {node.name} {' '.join(map(_dumped, node.bases))}"
            case ast.AnnAssign():
                yield f"{_dumped(node.target)} {_dumped(node.value) if node.value is not None else ''}"
            case ast.Import() | ast.ImportFrom():
                continue  # where a module moves, its own imports are what changes
            case _:
                yield _header(node)
        for block in _blocks(node):
            yield from _statements(block)


def _header(node: ast.stmt) -> str:
    """Return a statement without the blocks in it."""
    parts = [type(node).__name__]
    for _, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            parts.append(_dumped(value))
        elif isinstance(value, list):
            parts += [_dumped(item) for item in value if isinstance(item, ast.expr | ast.withitem)]
    return " ".join(parts)


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield block
    for field in ("handlers", "cases"):
        for clause in getattr(node, field, ()):
            yield clause.body


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    arguments = node.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    stars = [f"*{argument.arg}" for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    defaults = [_dumped(default) for default in (*arguments.defaults, *arguments.kw_defaults) if default is not None]
    return " ".join((*names, *stars, *defaults))


def _dumped(node: ast.AST) -> str:
    try:
        return ast.dump(node)
    except RecursionError:
        return ""  # nested too deep to be compared
