"""What a source does when it runs, as far as names are concerned: the statements that `syntax` writes and `execution` reads.

Path-free and immutable, so that it can be cached by blob id. Order is kept, because order decides: a `skip` before an import, a name
used before it is bound. What cannot matter to a name is left out. A *path* is a dotted load, `("mock", "patch")` for `mock.patch`.

Named tuples, not dataclasses: a large project makes millions of them, and they cost a third.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from impact.programs.paths import Path

_WORD = re.compile(r"[^\W\d]\w*")

# Changing these shapes, or what `syntax` and `functions` write for the same bytes, asks for a new number: it is part of the cache's key.
PROGRAM_VERSION = 21


class Import(NamedTuple):
    """`import module as alias`."""

    module: str
    alias: str | None
    line: int
    column: int


class FromImport(NamedTuple):
    """One name of `from module import name as alias`; `level` counts the leading dots, `name` is `*` for a star import."""

    level: int
    module: str
    name: str
    alias: str | None
    line: int
    column: int


class Load(NamedTuple):
    """A name or a dotted path is read."""

    path: Path
    line: int
    column: int


class Call(NamedTuple):
    """A dotted path is called. Arguments are constant strings (None: anything else) or paths, written as tuples."""

    path: Path
    arguments: tuple[str | Path | None, ...]
    keywords: tuple[tuple[str, str | Path | None], ...]
    line: int
    column: int


class Bind(NamedTuple):
    """A name is bound, to what `value` names or to something unknown."""

    name: str
    value: Path | None


class SetAttribute(NamedTuple):
    """`a.b.c = …`: the module or class that `a.b` stands for has a `c` from here on; `value` names what that is, as in a `Bind`."""

    path: Path
    value: Path | None = None


class Item(NamedTuple):
    """`Path["key"]`: written where the path may be an enumeration."""

    path: Path
    key: str
    line: int
    column: int


class Change(NamedTuple):
    """What a sequence or a table holds is exchanged: `path[i] = …`, `del path[i]`."""

    path: Path


class Give(NamedTuple):
    """A function hands something to its caller, by `return` or `yield`; `value` names it as in a `Bind`."""

    value: Path | None


class Unbind(NamedTuple):
    """`del name`, or the end of an `except … as name` block, which has no line: it never fails."""

    name: str
    line: int = 0


class Define(NamedTuple):
    """`def name`: `key` finds the body among the file's functions."""

    name: str
    key: str


class ClassDef(NamedTuple):
    """A class body runs, then its name is bound. A base that is no dotted path is None (`ABCMeta` as a metaclass counts as one); `open` says that
    other members may appear. `fields` are its annotated names (`impact.programs.signatures.fields_of`), `keywords` those of its head, `**` for hidden
    ones: a metaclass aside, they go to `__init_subclass__`.
    """

    name: str
    bases: tuple[Path | None, ...]
    body: Block
    open: bool
    decorators: tuple[Call | Load, ...]
    line: int
    fields: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class Handler(NamedTuple):
    """One `except` clause; `types` is None for a bare one."""

    types: tuple[Path | None, ...] | None
    name: str | None
    body: Block


class Try(NamedTuple):
    """`try` with its clauses."""

    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block
    final: Block


class Branch(NamedTuple):
    """`if`: `test` is `yes`, `no`, `maybe`, or a question (see `impact.programs.conditions.test_of`)."""

    test: str
    body: Block
    orelse: Block


class Loop(NamedTuple):
    """`for` or `while`; `sure` when the body certainly runs. `over` names what is iterated over, as in a `Bind`, where that may be a thing of the project's;
    `own` are the names that are bound for the body alone.
    """

    sure: bool
    body: Block
    orelse: Block
    over: Path | None = None
    line: int = 0
    own: tuple[str, ...] = ()


class With(NamedTuple):
    """`with`: the context managers that are calls, or names, and the body."""

    contexts: tuple[Call, ...]
    body: Block
    asynchronous: bool = False


class Raise(NamedTuple):
    """`raise path(…)`; None re-raises or raises something computed."""

    path: Path | None
    message: str | None
    line: int


class Fail(NamedTuple):
    """A function fails by itself, whatever else there is: `assert False` in its outermost block."""

    text: str
    line: int


class Has(NamedTuple):
    """`assert hasattr(a.b, "c")`: the path is `a.b.c`, `text` what is said where that is not there."""

    path: Path
    text: str
    line: int
    column: int


class Leave(NamedTuple):
    """`return`, `break` or `continue`: what follows in the block does not run."""


class Exports(NamedTuple):
    """`__all__` is set or extended, by literal names or by another module's `__all__` (a path); None: by something computed."""

    extend: bool
    names: tuple[str, ...] | None
    source: Path | None


class Inject(NamedTuple):
    """`sys.modules[module] = …`; None: the key is computed."""

    module: str | None


class Plugins(NamedTuple):
    """`pytest_plugins = …`: the plugins that pytest imports for this file."""

    names: tuple[str, ...]
    line: int


class Open(NamedTuple):
    """The namespace is filled by means that cannot be followed (`globals()`, `exec`, `sys.modules[__name__] = …`). `value` names what takes the place of
    the module, as in a `Bind`.
    """

    value: Path | None = None


Statement: TypeAlias = (
    Import
    | FromImport
    | Load
    | Call
    | Bind
    | SetAttribute
    | Item
    | Change
    | Give
    | Unbind
    | Define
    | ClassDef
    | Try
    | Branch
    | Loop
    | With
    | Raise
    | Fail
    | Has
    | Leave
    | Exports
    | Inject
    | Plugins
    | Open
)
Block: TypeAlias = tuple[Statement, ...]


class Known(NamedTuple):
    """What the top level of a file says of its names: those of text, of a truth that is evident or the answer to a question, of a literal that
    holds something, and of a literal sequence of texts.
    """

    constants: tuple[tuple[str, str], ...]
    truths: tuple[tuple[str, bool | str], ...]
    filled: tuple[str, ...]
    lazy_annotations: bool
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Bodies:
    """The bodies of the functions of one blob that were written before, by key, and those that are written now (`impact.programs.functions`).

    Where a body is kept is no part of what a function is: any two are equal.
    """

    def __init__(self, kept: Mapping[str, object]) -> None:
        self.kept = kept
        self.written: dict[str, Block] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bodies)

    def __hash__(self) -> int:
        return 0


class Function(NamedTuple):
    """A function: `owner` is the dotted class it is a method of, or empty; `parameters` come without the bound first one, `signature` with it, as
    `impact.programs.signatures.signature_of` writes it.

    `entry` is what a call does before the body, `hidden` holds the names that the functions around it bind. The body stays source
    (`text`, which begins at `place`: line and column) until it is asked for (`impact.programs.functions`): of a thousand functions, a change
    concerns a few. `annotations` names the classes that parameters are said to be instances of, and what is handed back; `bodies` holds what was
    written before. `choices` names what `parametrize` gives a parameter, one thing after the other, and as `request.param` what a fixture is given.
    """

    key: str
    name: str
    owner: str
    parameters: tuple[str, ...]
    defaults: int
    decorators: tuple[Call | Load, ...]
    line: int
    entry: Block
    hidden: tuple[str, ...]
    place: tuple[int, int]
    last: int
    signature: str
    passes: tuple[tuple[str, tuple[str, ...]], ...]
    annotations: tuple[tuple[str, Path], ...] = ()
    choices: tuple[tuple[str, tuple[Path, ...]], ...] = ()
    text: str = ""
    known: Known | None = None
    bodies: Bodies | None = None

    def mentions(self, words: frozenset[str]) -> bool:
        """Tell whether one of some words stands in the body or in a decorator, as a name, within a string or within a constant of the file."""
        named = words | _naming(self.known, words) if self.known is not None else words
        if any(word in self.text for word in named) and not named.isdisjoint(_words(self.text)):
            return True
        if any(not words.isdisjoint(_WORD.findall(text)) for _, texts in self.passes for text in texts):
            return True
        for decorator in self.decorators:
            arguments = (*decorator.arguments, *(one for keyword in decorator.keywords for one in keyword)) if isinstance(decorator, Call) else ()
            for text in (*decorator.path, *arguments):
                parts = text if isinstance(text, tuple) else _WORD.findall(text or "")
                if not words.isdisjoint(parts):
                    return True
        return False


class Outline(NamedTuple):
    """The functions of a source in order of appearance, without their text."""

    known: Known
    functions: tuple[Function, ...]


class Problem(NamedTuple):
    """Why a source does not parse: the last line that Python prints, and where."""

    exception: str
    line: int
    dialect: bool
    """Whether another version of Python may well accept it: what only Python 2 or a newer Python has, or a keyword that once was none."""


class Served(NamedTuple):
    """A name that a module `__getattr__` has from elsewhere: `attribute` of `module`, with dots in front where that is seen from the package.

    `imports`: by an import statement, else by `getattr` of the module, which fails in another way.
    """

    name: str
    module: str
    attribute: str
    imports: bool


class Announced(NamedTuple):
    """A name for which a module `__getattr__` gives a warning, of a class and with a text (None: one that is made)."""

    name: str
    category: str
    text: str | None


class Program(NamedTuple):
    """What importing a source does. `literals` are the names that a module `__getattr__` may serve, `served` those of which is known from where,
    `announced` those for which it warns.
    """

    body: Block
    problem: Problem | None
    literals: tuple[str, ...]
    served: tuple[Served, ...]
    announced: tuple[Announced, ...] = ()


@lru_cache(maxsize=50_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


@lru_cache(maxsize=20_000)
def _naming(known: Known, words: frozenset[str]) -> frozenset[str]:
    """Return the constants of a file whose text holds one of some words."""
    texts = (*known.constants, *((name, " ".join(items)) for name, items in known.lists))
    return frozenset(name for name, text in texts if not words.isdisjoint(_WORD.findall(text)))
