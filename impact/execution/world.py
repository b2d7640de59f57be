"""What the stages of an execution share: one snapshot ready to be run, and the place in it where statements run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Protocol

from impact.execution.values import ModuleValue, Raised, Value
from impact.modules import Modules
from impact.names import RepoPath
from impact.programs.definitions import Definition
from impact.programs.paths import Path
from impact.programs.program import FromImport, Function, Problem, Program
from impact.programs.signatures import Callee


class Programs(Protocol):
    """Gives the programs of one snapshot."""

    def module(self, path: RepoPath) -> Program | None:
        """Return what importing a file runs, None when the file could not be read."""

    def prefetch(self, paths: Iterable[RepoPath]) -> bool:
        """Say which files will be asked for; return False where the cache held all of them."""

    def scan(self, path: RepoPath) -> str | None:
        """Return the scan of a file (`scan.scan_text`), None when it could not be read."""

    def looks(self, path: RepoPath) -> frozenset[str]:
        """Return the names that a file may define, by its looks; none when it could not be read."""

    def definitions(self, path: RepoPath) -> Mapping[str, Definition]:
        """Return what the top level of a file defines; nothing when it could not be read."""

    def functions(self, path: RepoPath) -> Mapping[str, Function]:
        """Return the functions of a file by key."""

    def refusal(self, path: RepoPath) -> Problem | None:
        """Return why Python will not compile a file that parses."""

    def source(self, path: RepoPath) -> bytes | None:
        """Return the source of a file, None when it could not be read."""


def _no_mark_lacks(_path: RepoPath, _name: str) -> None:
    """Whatever is used is registered."""


def _nothing_is_refused(_path: RepoPath) -> None:
    """Whatever parses, compiles."""


def _no_warning_raises(_path: RepoPath, _categories: Sequence[str], _text: str | None, _module: str | None) -> bool:
    """Warnings are shown."""
    return False


@dataclass
class World:
    """One snapshot, ready to be run.

    `expects(name, importer)` tells whether the other end provides a dotted name to that importer: where it does, the name is the
    project's own and its absence here is a fact; where it does not, it may come with an installed distribution.
    `anew(file, statement, in_function)` tells whether a file did not hold a statement at base: only then can it ask a stable module for a name it never had.
    `words` holds the last parts of all names known to be gone: where a path mentions none of them, nothing has to be looked into.
    `generated(name, held)` tells whether a module that is not in Git may well be there at run time: built, or ignored by Git on purpose. Where the other
    end `held` it, that must be news.
    `unbound` holds the names that a file no longer binds: in a function, no other plain name is missed.
    `dropped` holds those among them that are imports which nobody else asks the file for.
    `unserved` holds the names that a module `__getattr__` served at base, or that stood beside what fills the namespace, and do not any more.
    `perhaps` holds the names that were bound at base, and that a condition which nobody can know may leave unbound.
    `unattached` holds the submodules that their package does not import any more, nor anybody else: they are no attributes of it.
    `refused(file)` tells why Python will not compile a file that parses, where that is news.
    `narrower` holds the names of what takes less than it did, wherever it is bound.
    `askers` holds the names of functions that ask what they are handed for what a class lost.
    `narrowed` holds what took more calls at base than it does here, by file and qualified name: as it was at base.
    `lacking_mark(file, name)` returns what pytest says of a mark that is not registered, and whether it certainly is not (see `impact.breaks.markers`).
    `warning_raises(file, categories, text, module)` tells whether a warning that a file gives is an error there (see `impact.discovery.warning_filters`).
    `lost_inis` and `lost_options` are the options of pytest, of its settings and of its command line, that the change takes away (see `impact.breaks.options`).
    `broken` holds the functions that are known to fail when called, by file and key.
    `conditional` holds those that fail under a condition on what they are handed.
    `failing` holds the names of the methods among them, by file and class.
    `overridden` holds the methods, by file, class and name, that heirs override by one which fails, and these heirs, by file and class.
    `unparsed` collects the files that were run and do not parse.
    `tolerated` holds what failed at base in a way that is likelier our ignorance than the project's: it is no news at head.
    """

    modules: Modules
    programs: Programs
    python: tuple[int, int]
    expects: Callable[[str, RepoPath], bool]
    is_base: bool
    anew: Callable[[RepoPath, FromImport | Path, bool], bool]
    words: set[str]
    generated: Callable[[str, bool], bool]
    unbound: Mapping[RepoPath, frozenset[str]]
    tolerated: set[tuple[RepoPath, str]] = field(default_factory=set)
    dropped: Mapping[RepoPath, AbstractSet[str]] = field(default_factory=dict)
    broken: dict[tuple[RepoPath, str], Raised] = field(default_factory=dict)
    conditional: set[tuple[RepoPath, str]] = field(default_factory=set)
    failing: dict[tuple[RepoPath, str], set[str]] = field(default_factory=dict)
    overridden: dict[tuple[RepoPath, str, str], set[tuple[RepoPath, str]]] = field(default_factory=dict)
    unparsed: dict[RepoPath, Problem] = field(default_factory=dict)
    unserved: set[tuple[RepoPath, str]] = field(default_factory=set)
    perhaps: set[tuple[RepoPath, str]] = field(default_factory=set)
    unattached: set[tuple[RepoPath, str]] = field(default_factory=set)
    refused: Callable[[RepoPath], Problem | None] = _nothing_is_refused
    narrower: set[str] = field(default_factory=set)
    askers: set[str] = field(default_factory=set)
    narrowed: dict[tuple[RepoPath, str], Callee] = field(default_factory=dict)
    lacking_mark: Callable[[RepoPath, str], tuple[str, bool] | None] = _no_mark_lacks
    lost_inis: frozenset[str] = frozenset()
    lost_options: frozenset[str] = frozenset()
    warning_raises: Callable[[RepoPath, Sequence[str], str | None, str | None], bool | None] = _no_warning_raises


@dataclass
class Frame:
    """Where statements run: the module, the local names of a class or function body, and how sure we are to get here.

    `runs` is the function whose body it is, `owner` the dotted name of the class; `left` tells that something before may have left the
    block. `either` are the local names that hold one of several things, by a condition that nobody can know.
    `gives` collects what the function hands to its caller, `sets` what it gives its instance, by name, where somebody wants to know.
    """

    module: ModuleValue
    local: dict[str, Value] | None = None
    enclosing: dict[str, Value] | None = None
    certain: bool = True
    handling: Raised | None = None
    handling_name: str | None = None
    result: Value | None = None
    function: bool = False
    after_failure: bool = False
    left: bool = False
    runs: Function | None = None
    owner: str = ""
    external: bool = False
    gives: list[Value | None] | None = None
    sets: dict[str, list[Value | None]] | None = None
    either: set[str] = field(default_factory=set)
