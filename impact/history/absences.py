"""Every reference of one revision to a module or symbol of the project that is not there, without another revision to hold it against.

First a superset, from scans and from what each program binds; then the files in question are played (`execution`), and of what fails only that
is kept which is certain. Where a name could as well come with an installed distribution, it counts as the project's own only if some commit
of the past holds a file for it.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from impact.breaks.sides import Side
from impact.execution.playing import Execution
from impact.execution.values import Event
from impact.execution.world import World
from impact.mentions import Mentions
from impact.modules import Compiled, File, Location, Portions
from impact.names import RepoPath, basename_of, directory_of, join
from impact.programs.blocks import bound_names
from impact.programs.paths import Path
from impact.programs.program import FromImport
from impact.progress import Progress
from impact.report import ReferenceKind
from impact.scan import split_scan

# What fills a namespace, or a package, in ways that a program does not show; what stands behind `globals()` where it is only read.
_LOOKED_AT = rb"[ \t]*(?:\[[^\]\n]*\](?![ \t]*(?:=[^=]|\|=))|\.(?:get|items|keys|values|copy)\b)"
_DYNAMIC = re.compile(rb"(?<![\w.])exec[ \t]*\(|\b(?:lazy_loader|lazy)\b|(?<!self)(?<!cls)\.__dict__(?!" + _LOOKED_AT + rb")|sys\.modules|__path__")
_NAMESPACE = re.compile(rb"(?:(?P<alias>\w+)[ \t]*=[ \t]*|(?P<within>\bin[ \t]+))?(?<![\w.])(?:globals|locals|vars)[ \t]*\([^()\n]*\)(?P<rest>[^\n]*)")
_READ = re.compile(_LOOKED_AT)
_FILLED = rb"\b%b(?:\[[^\]\n]*\][ \t]*=[^=]|\.(?:update|setdefault|__setitem__)\b)|[(,=][ \t]*\*{0,2}%b[ \t]*[,)\n]"
# What is set there is no name of a module: an instance, a class, an item of something else than `sys.modules`.
_SET = re.compile(rb"(?<![\w.])setattr[ \t]*\((?![ \t]*(?:self\b|cls\b|_*[A-Z]\w*[ \t]*,|(?!sys\b)\w+\[))")
_KINDS = frozenset({ReferenceKind.IMPORT, ReferenceKind.FROM_IMPORT, ReferenceKind.STAR, ReferenceKind.ATTRIBUTE, ReferenceKind.STRING})


@dataclass
class _Questions:
    """What is not seen at once to be there: by the files that ask, the last parts of the names; and names that only the past can tell about."""

    files: defaultdict[RepoPath, set[str]] = field(default_factory=lambda: defaultdict(set))
    doubtful: set[tuple[str, RepoPath]] = field(default_factory=set)


def find_absences(
    side: Side,
    scans: Mapping[RepoPath, str],
    ever: Callable[[Iterable[RepoPath]], set[RepoPath]],
    python: tuple[int, int],
    generated: Callable[[str], bool],
    progress: Progress,
) -> tuple[Event, ...]:
    """Return the references of a revision that certainly fail, in order. `ever` returns those of some paths that any commit holds."""
    finder = _Finder(side, scans, generated)
    questions = finder.ask(progress)
    own = finder.own(questions, ever)
    world = World(
        side.modules,
        side.programs,
        python,
        lambda name, importer: finder.is_own(name, importer, own),
        False,
        _always,
        {word for words in questions.files.values() for word in words},
        lambda name, _: generated(name),
        {},
    )
    suspects: set[RepoPath] = set()
    execution = Execution(world, suspects)
    found: dict[tuple[RepoPath, int, int, str], Event] = {}
    side.programs.prefetch(questions.files)
    for number, (path, words) in enumerate(sorted(questions.files.items())):
        progress("checking", number, len(questions.files))
        suspects.clear()
        suspects.add(path)
        execution.rerun(path)
        execution.injected.clear()
        for event in _play(execution, side, path, frozenset(words)):
            if event.kind in _KINDS and event.certain and event.handled is None and finder.is_missing(event):
                found.setdefault((event.path, event.line, event.column, event.target), event)
    return tuple(found[key] for key in sorted(found))


def _always(_path: RepoPath, _statement: FromImport | Path, _in_function: bool) -> bool:
    """Whatever is asked for is looked up."""
    return True


def _play(execution: Execution, side: Side, path: RepoPath, words: frozenset[str]) -> Iterator[Event]:
    """Yield what fails when a file is imported, and when those of its functions are called that have some words."""
    value = execution.import_file(path, side.name_of(path))
    yield from value.events
    for function in side.programs.functions(path).values():
        if function.mentions(words):
            count = len(value.events)
            execution.call(value, function)
            yield from value.events[count:]


def fills_itself(source: bytes) -> bool:
    r"""Tell whether a module may bind names in ways that its statements do not show, by the looks of it.

    >>> fills_itself(b"globals()[name] = 1\n"), fills_itself(b"space = globals()\nfill(space)\n"), fills_itself(b"setattr(module, name, 1)\n")
    (True, True, True)
    >>> fills_itself(b"found = locals()\nfor name in __all__:\n    setattr(found[name], '__module__', 'acme')\n"), fills_itself(b"globals().get('x')\n")
    (False, False)
    >>> fills_itself(b"hasattr(value, '__dict__') and value.__dict__.items()\n"), fills_itself(b"module.__dict__.update(names)\n")
    (False, True)
    """
    if _DYNAMIC.search(source) or _SET.search(source):
        return True
    for found in _NAMESPACE.finditer(source):
        alias, rest = found["alias"], found["rest"]
        if found["within"] or _READ.match(rest):
            continue
        if alias is None or rest.partition(b"#")[0].strip():
            return True
        if re.search(_FILLED % (re.escape(alias), re.escape(alias)), source):
            return True
    return False


class _Finder:
    def __init__(self, side: Side, scans: Mapping[RepoPath, str], generated: Callable[[str], bool]) -> None:
        self._side = side
        self._generated = generated
        self._modules = side.modules
        self._scans = scans
        self._bound: dict[RepoPath, frozenset[str] | None] = {}

    def ask(self, progress: Progress) -> _Questions:
        questions = _Questions()
        for number, (path, text) in enumerate(sorted(self._scans.items())):
            progress("resolving", number, len(self._scans))
            for mention in split_scan(text)[0].split("\n"):
                for word, name in self._unresolved(mention, path):
                    if not name:
                        questions.files[path].add(word)
                    elif self._may_be_own(name):
                        questions.doubtful.add((name, path))
        return questions

    def _unresolved(self, mention: str, path: RepoPath) -> Iterator[tuple[str, str]]:
        """Yield the words of a mention that lead nowhere; with the whole name where that may be nothing of the project's."""
        kind, _, rest = mention.partition(" ")
        name, _, names = rest.partition(" ")
        if name.startswith("."):
            location: Location | None = self._relative(name, path)
            if location is None:
                yield name.rpartition(".")[2], ""
                return
        else:
            parts = name.split(".")
            location = self._modules.top(parts[0], path)
            if location is None:
                if parts[0] not in sys.stdlib_module_names:
                    yield parts[0], name
                return
            for position, part in enumerate(parts[1:], 1):
                child = self._modules.child(location, part)
                if child is None:
                    if kind == "s" and self._binds(location, part):
                        return
                    if isinstance(location, Portions):
                        yield part, ".".join(parts[: position + 1])
                    elif not isinstance(location, Compiled):
                        yield part, ""
                    return
                location = child
        for one in names.split(",") if kind == "f" else ():
            if one != "*" and self._modules.child(location, one) is None and not self._binds(location, one):
                yield one, (f"{name}.{one}" if isinstance(location, Portions) and not name.startswith(".") else "")

    def _relative(self, name: str, path: RepoPath) -> Location | None:
        bare = name.lstrip(".")
        directory = path.rpartition("/")[0]
        for _ in range(len(name) - len(bare) - 1):
            directory = directory.rpartition("/")[0]
        init = RepoPath(f"{directory}/__init__.py" if directory else "__init__.py")
        location: Location | None = File(init, RepoPath(directory)) if init in self._modules else Portions((RepoPath(directory),))
        for part in bare.split(".") if bare else ():
            location = self._modules.child(location, part) if location is not None else None
        return location

    def _binds(self, location: Location, name: str) -> bool:
        """Tell whether a module may bind a name; for most, the looks of the source are enough."""
        if not isinstance(location, File):
            return isinstance(location, Compiled)
        path = location.path
        if name in self._side.programs.looks(path):
            return True
        data = self._side.programs.source(path) or b""
        if name.encode() not in data and b"import *" not in data:
            return False
        if path not in self._bound:
            program = self._side.programs.module(path)
            self._bound[path] = frozenset(bound_names(program.body)) | frozenset(program.literals) if program is not None else None
        bound = self._bound[path]
        return bound is None or name in bound

    def _may_be_own(self, name: str) -> bool:
        parts = name.replace("_", "-").lower().split(".")
        return not any("-".join(parts[:end]) in self._side.layout.dependencies for end in range(1, len(parts) + 1))

    def own(self, questions: _Questions, ever: Callable[[Iterable[RepoPath]], set[RepoPath]]) -> frozenset[tuple[str, RepoPath]]:
        """Return the doubtful names, with who asks, that a commit of the past has a file for; they become questions like the others."""
        candidates: dict[tuple[str, RepoPath], set[RepoPath]] = {}
        for name, path in questions.doubtful:
            inner = name.replace(".", "/")
            roots = self._side.layout.search_path(path)
            candidates[name, path] = {RepoPath(join(root, inner) + ending) for root in roots for ending in (".py", "/__init__.py")}
        held = ever({path for paths in candidates.values() for path in paths}) if candidates else set()
        own = frozenset(key for key, paths in candidates.items() if not held.isdisjoint(paths))
        for name, path in own:
            questions.files[path].add(name.rpartition(".")[2])
        return own

    def is_own(self, name: str, importer: RepoPath, own: frozenset[tuple[str, RepoPath]]) -> bool:
        """Tell whether a name is the project's: its top package has an `__init__.py` here, or the past has a file for it."""
        if (name, importer) in own:
            return True
        top = self._modules.top(name.partition(".")[0], importer)
        if not isinstance(top, File) or self._modules.is_weak(name, importer) or any(map(self._generated, name.split("."))):
            return False
        return top.package is not None and self._may_be_own(name)

    def is_missing(self, event: Event) -> bool:
        """Tell whether what an event names is the project's, and nothing that we cannot follow may provide it."""
        module, _, symbol = event.target.partition(":")
        if "." in symbol:
            return False  # an instance or a class may have members that only its metaclass, its bases or its users know of
        parts = module.split(".")
        if not self._may_be_own(module):
            return False
        for end in range(1, len(parts) + 1):
            location = self._modules.find(".".join(parts[:end]), event.path)
            if isinstance(location, File) and fills_itself(self._side.programs.source(location.path) or b""):
                return False
        source = self._side.programs.source(event.path) or b""
        if re.search(rb"(?m)^[ \t]*(?:async[ \t]+)?with\b.*[\"']%b[\"']" % re.escape(module.encode()), source):
            return False  # the file makes a stand-in for it, for as long as a block lasts
        if self._is_sample(event, source):
            return False
        if event.kind is ReferenceKind.ATTRIBUTE and symbol and self._is_had_by_namesake(module, symbol, event.path):
            return False
        # What lies somewhere in the tree may be put on `sys.path` by whoever imports it.
        return bool(symbol) or len(parts) > 1 or parts[0] not in self._present

    def _is_sample(self, event: Event, source: bytes) -> bool:
        """Tell whether a file is data for others to read: its relative import is in no package, and nobody imports or collects the file."""
        path = event.path
        if RepoPath(join(directory_of(path), "__init__.py")) in self._modules or path in self._side.layout.tests or basename_of(path) == "conftest.py":
            return False
        lines = source.splitlines()
        if not (0 < event.line <= len(lines) and re.match(rb"\s*from\s*\.", lines[event.line - 1])):
            return False
        users = self._mentions.mentioning(basename_of(path).removesuffix(".py"))
        return not any(edge.imported == path for user in users for edge in self._mentions.edges(user))

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(lambda: self._scans, (self._modules,))

    def _is_had_by_namesake(self, module: str, symbol: str, importer: RepoPath) -> bool:
        """Tell whether another module with the last part of a name has what this one lacks: which of the two a package holds depends on the order in
        which star imports and submodules came to it.
        """
        here = self._modules.find(module, importer)
        for path in self._by_last_part.get(module.rpartition(".")[2], ()):
            name = self._modules.name_of(path)
            location = self._modules.find(name, importer)
            if location is not None and location != here and (self._modules.child(location, symbol) is not None or self._binds(location, symbol)):
                return True
        return False

    @cached_property
    def _by_last_part(self) -> Mapping[str, list[RepoPath]]:
        found: defaultdict[str, list[RepoPath]] = defaultdict(list)
        for path in self._scans:
            found[self._modules.name_of(path).rpartition(".")[2]].append(path)
        return found

    @cached_property
    def _present(self) -> frozenset[str]:
        """The last parts of the names of all modules and directories."""
        paths = [path for path in self._side.snapshot.files if path.endswith(".py")]
        return frozenset(basename_of(path).removesuffix(".py") for path in paths) | frozenset(map(basename_of, self._side.snapshot.directories))
