"""What a name can stand for while `execution` runs a program, and what can go wrong.

Everything is a value with an *origin*, the file and name that first bound it, so that a re-export is known from a definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from impact.discovery.warning_filters import lineage
from impact.modules import Location
from impact.names import RepoPath
from impact.programs.handed import Constant
from impact.programs.program import Announced, Call, Load, Served
from impact.report import Link, ReferenceKind


@dataclass(frozen=True, slots=True)
class Data:
    """Something bound in a project file, of which only the place is known. `none`: it is None, until somebody gives it a value. `constant`: what a call
    hands to a parameter, where that is written down.
    """

    path: RepoPath
    name: str
    none: bool = False
    constant: Constant | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of a project file; `key` finds its body."""

    path: RepoPath
    name: str
    key: str


@dataclass(eq=False, slots=True)
class ClassValue:
    """A class of a project file. `open`: members may exist that its body does not show."""

    path: RepoPath
    name: str
    members: dict[str, Value]
    bases: tuple[Value | None, ...]
    open: bool
    decorators: tuple[Call | Load, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a project class. `by` and `place` are the function that handed it out, if one did, and its file; not `sure`: an annotation
    says so, and nothing else. `mock`: it is one that has the names of the class, and does nothing that the class does. `below`: it may be
    one of an heir. `through`: the attributes in which others hold it, as far as one of them handed it out. `made`: what its constructor was handed, by
    parameter, where a method of that fails.
    """

    of: ClassValue
    by: str = field(default="", compare=False)
    place: RepoPath | None = field(default=None, compare=False)
    sure: bool = field(default=True, compare=False)
    mock: bool = False
    below: bool = field(default=False, compare=False)
    through: frozenset[str] = field(default=frozenset(), compare=False)
    made: tuple[tuple[str, Value], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Caught:
    """What `pytest.raises` and `assertRaises` hand out: with it, the exception that came, of a class of the project or of an heir."""

    of: ClassValue


@dataclass(frozen=True, slots=True)
class Result:
    """What calling something gives, or `entered` as a context, which nobody had to know yet (see `results`). `receiver`: what a method is called on;
    `otherwise`: what it is taken for where that cannot be told; `given`: what fixtures give to some parameters of the callee, a fixture itself.
    """

    callee: Value
    receiver: Value | None = None
    entered: bool = False
    otherwise: Instance | None = None
    given: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Several:
    """A sequence of things that are alike, or a table of them by `keys`: each is as good as `one`."""

    one: Value
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A tuple, or a list, of things of several kinds; None where one is not known."""

    items: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """An attribute of what a call gives, or of an instance that shows none of that name: nobody had to know it yet (see `results`). `place` is the file
    that asks for it, which may have put something else there.
    """

    holder: Result | Instance | Part
    name: str
    place: RepoPath


@dataclass(eq=False, slots=True)
class Absent:
    """None, which a handler bound in place of what an exception kept away."""

    raised: Raised


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the project, by its dotted name: `unittest.mock.patch`."""

    name: str


class Status(Enum):
    """How far the execution of a module is."""

    STABLE = "not run: the change cannot reach it, so it does at head what it did at base"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "ended by a skip of the whole module"


@dataclass(eq=False, slots=True)
class ModuleValue:
    """A module object: one per file, or per namespace package.

    `either` are the names that hold one of several things, `perhaps` those that a condition may leave unbound. `open`: its namespace is filled in ways
    that cannot be followed. `busy` is what it calls of the project as it runs, which may do so, `instead` what it puts in its own place. `literals` are
    the names that its `__getattr__` may serve, `served` those of which is known from where, `announced` those for which it warns. `bound_later` is all
    that its program binds anywhere, `edges` the files it runs and the line of each. `looked_into`: it was run for its names alone, and is as stable as
    one that was not.
    """

    location: Location
    path: RepoPath
    name: str
    status: Status = Status.STABLE
    looked_into: bool = False
    names: dict[str, Value] = field(default_factory=dict)
    either: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    open: bool = False
    busy: list[Value] = field(default_factory=list)
    instead: Value | None = None
    exports: list[str] | None = None
    literals: frozenset[str] = frozenset()
    served: dict[str, Served] = field(default_factory=dict)
    announced: dict[str, Announced] = field(default_factory=dict)
    bound_later: frozenset[str] = frozenset()
    failure: Raised | None = None
    skip: Skip | None = None
    events: list[Event] = field(default_factory=list)
    fallbacks: list[Fallback] = field(default_factory=list)
    injects: set[str] = field(default_factory=set)
    edges: dict[RepoPath, int] = field(default_factory=dict)

    @property
    def is_stable(self) -> bool:
        """Whether the change cannot reach it, so that what is asked of it at head is there as it was at base."""
        return self.status is Status.STABLE or self.looked_into


@dataclass(frozen=True, slots=True)
class Lazy:
    """A name of a stable module that nobody had to look up yet."""

    module: ModuleValue
    name: str


@dataclass(eq=False, slots=True)
class Event:
    """A reference that failed where it stands. `handled` says what the code around it makes of that: `guarded`, `expected` or nothing.

    `lacking`: a method asked its own instance or class for that name, as the class has it that it stands in; an heir may have it.
    `by`: the function that handed out the instance which lacks the name. `own`: no reference at all, but a failure of the function itself.
    `warns`: a warning, by the names of its class and of those above it.
    """

    path: RepoPath
    line: int
    column: int
    kind: ReferenceKind
    target: str
    exception: str
    certain: bool
    deferred: bool = False
    handled: str | None = None
    after_failure: bool = False
    lacking: tuple[ClassValue, str] | None = None
    by: str = ""
    own: bool = False
    warns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fallback:
    """An exception that the code caught to go on without what it could not have; `skips` when it stopped testing instead,
    `deferred` when that was in a function.
    """

    line: int
    raised: Raised
    skips: bool
    deferred: bool


Value: TypeAlias = Absent | Caught | Data | FunctionValue | ClassValue | Instance | Part | Result | Row | Several | External | Lazy | ModuleValue


class Raised(Exception):  # noqa: N818  # not an error of ours: one that the analysed code would meet
    """A Python exception on its way up. `kind` is its class, `text` the last line Python prints, `trace` runs importer first. `left`: a function that it
    comes through may have been left before, under a condition that nobody can know. `via` are the methods that it comes through and that were called on
    the instance of the method itself: an heir may have others.
    `called` are the names of all functions that it comes through.
    """

    def __init__(
        self,
        kind: str,
        text: str,
        event: Event,
        trace: tuple[Link, ...],
        *,
        certain: bool = True,
        left: bool = False,
        via: frozenset[str] = frozenset(),
        called: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.event = event
        self.trace = trace
        self.certain = certain
        self.left = left
        self.via = via
        self.called = called

    def through(self, link: Link) -> Raised:
        """Return the same exception, seen from one importer further up."""
        return Raised(self.kind, self.text, self.event, (link, *self.trace), certain=self.certain, left=self.left, via=self.via, called=self.called)


class Skip(Exception):  # noqa: N818  # no error at all
    """The rest of a module, or of a function, is not run because the test framework was told to skip it."""

    def __init__(self, reason: str, cause: Raised | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause = cause


_PARENTS = {
    "ModuleNotFoundError": "ImportError",
    "ImportError": "Exception",
    "AttributeError": "Exception",
    "UnboundLocalError": "NameError",
    "NameError": "Exception",
    "TabError": "IndentationError",
    "IndentationError": "SyntaxError",
    "SyntaxError": "Exception",
    "Failed": "BaseException",  # of pytest.fail
    "Exception": "BaseException",
}


def catches(clause: str, kind: str) -> bool:
    """Tell whether `except clause` catches an exception of a kind (the tree of the built-in exceptions).

    >>> catches("ImportError", "ModuleNotFoundError"), catches("ImportError", "SyntaxError"), catches("Exception", "RuntimeError")
    (True, False, True)
    """
    if clause in lineage(kind):
        return True
    current: str | None = kind
    while current is not None:
        if current == clause:
            return True
        current = _PARENTS.get(current, "Exception" if current not in ("BaseException", "Exception") else None)
    return False
