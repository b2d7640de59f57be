"""Who may import what: an index over the scans of all files of both ends.

It answers two questions, cheaply enough for ten thousand files: which files mention a word in an import or in a dotted string, and which
files of the project does a file's mention lead to. Both are supersets; `execution` decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from impact.modules import Compiled, File, Location, Modules, Portions
from impact.names import RepoPath
from impact.programs.blocks import statements_of
from impact.programs.program import FromImport, Import, Program, Statement
from impact.scan import split_scan

_WORD = re.compile(r"\w+")
_STAR = "*"
# So many words are looked for in the scans themselves; an index of all words costs as much as twenty of those searches.
_FEW = 12
RELATIVE = "."
"""The pseudo-word of `from . import x` and `from .. import x`, which mention their package without its name."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A file may import another; `names` are those asked of it, None where the module itself is bound (or all of its names, by a `star`)."""

    imported: RepoPath
    names: frozenset[str] | None
    star: bool = False


@dataclass
class Mentions:
    """The scans of one snapshot, by path; `ends` look names up in the union of both ends.

    `read` returns the scans. It is called when somebody asks who names a thing: a change that takes nothing away never does.
    """

    read: Callable[[], Mapping[RepoPath, str]]
    ends: tuple[Modules, ...]
    _words: dict[str, list[RepoPath]] | None = None
    _found: dict[str, tuple[RepoPath, ...]] = field(default_factory=dict)
    _binding: dict[str, tuple[RepoPath, ...]] = field(default_factory=dict)
    _edges: dict[RepoPath, tuple[Edge, ...]] = field(default_factory=dict)

    @cached_property
    def _read(self) -> Mapping[RepoPath, tuple[str, str]]:
        return {path: split_scan(text) for path, text in self.read().items()}

    @cached_property
    def scans(self) -> Mapping[RepoPath, str]:
        """The mentions of every file, a line each."""
        return {path: mentions for path, (mentions, _) in self._read.items()}

    @cached_property
    def marks(self) -> Mapping[str, frozenset[RepoPath]]:
        """The files that may use each mark of pytest, and those that may register some (`scan.REGISTERS`)."""
        found: dict[str, set[RepoPath]] = defaultdict(set)
        for path, (_, marks) in self._read.items():
            for name in marks.split():
                found[name].add(path)
        return {name: frozenset(paths) for name, paths in found.items()}

    def mentioning(self, word: str) -> tuple[RepoPath, ...]:
        """Return the files that have a word in an import or a dotted string, sorted."""
        found = self._found.get(word)
        if found is None:
            found = self._found[word] = tuple(self._index().get(word, ()) if len(self._found) >= _FEW else self._search(word))
        return found

    def binding(self, word: str) -> tuple[RepoPath, ...]:
        """Return the files with a mention that may bind a module which is called a word, or all that is in it, sorted: of those `mentioning` it, the few
        that do not just ask it for names.
        """
        found = self._binding.get(word)
        if found is None:
            name = re.escape(word)
            bound = re.compile(rf"^(?:i .*\b{name}\b|f \S+ .*\b{name}\b|f \S*\b{name} \*$|s .*\b{name}$|f \.+ \*$)", re.MULTILINE)
            found = self._binding[word] = tuple(sorted(path for path in {*self.mentioning(word), *self.mentioning(RELATIVE)} if bound.search(self.scans[path])))
        return found

    @cached_property
    def _sorted(self) -> list[tuple[RepoPath, str]]:
        return sorted(self.scans.items())

    def _search(self, word: str) -> Iterator[RepoPath]:
        if word == RELATIVE:
            return (path for path, text in self._sorted if "f ." in text)
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        return (path for path, text in self._sorted if word in text and whole.search(text))

    def _index(self) -> Mapping[str, list[RepoPath]]:
        if self._words is None:
            index: dict[str, list[RepoPath]] = defaultdict(list)
            for path, text in self._sorted:
                for found in set(_WORD.findall(text)):
                    index[found].append(path)
                if "f ." in text:
                    index[RELATIVE].append(path)
            self._words = dict(index)
        return self._words

    def edges(self, path: RepoPath) -> tuple[Edge, ...]:
        """Return where a file's mentions lead, in either end, implicit packages included; sorted and unique."""
        found = self._edges.get(path)
        if found is None:
            collected: dict[RepoPath, set[str] | None] = {}
            for mention in self.scans.get(path, "").split("\n"):
                for modules in dict.fromkeys(self.ends):
                    self._follow(mention, path, modules, collected)
            self._edges[path] = found = tuple(
                Edge(imported, frozenset(names - {_STAR}) if names is not None and _STAR not in names else None, names is not None and _STAR in names)
                for imported, names in sorted(collected.items())
                if imported != path
            )
        return found

    def shifts(self, path: RepoPath) -> bool:
        """Tell whether something that a file mentions is found elsewhere, or no longer, at the second end."""
        text = self.scans.get(path, "")
        seen: list[dict[RepoPath, set[str] | None]] = []
        for modules in self.ends:
            collected: dict[RepoPath, set[str] | None] = {}
            for mention in text.split("\n"):
                self._follow(mention, path, modules, collected)
            seen.append(collected)
        return not seen[0].keys() <= seen[1].keys()

    def targets(self, mentions: Iterable[str], path: RepoPath, modules: Modules) -> set[RepoPath]:
        """Return the files that mentions in a file lead to at one end. Unlike `edges`, it needs the scan of no file."""
        collected: dict[RepoPath, set[str] | None] = {}
        for mention in mentions:
            self._follow(mention, path, modules, collected)
        return set(collected)

    def imports(self, program: Program, path: RepoPath, modules: Modules) -> set[RepoPath]:
        """Return the files that the import statements of a program lead to, those of its functions left out."""
        return self.targets((mention for statement in statements_of(program.body) if (mention := mention_of(statement))), path, modules)

    def _follow(self, mention: str, path: RepoPath, modules: Modules, collected: dict[RepoPath, set[str] | None]) -> None:
        kind, _, rest = mention.partition(" ")
        if kind == "f":
            name, _, names = rest.partition(" ")
            found = self._origin(name, path, modules, collected)
            if found is None:
                return
            asked = names.split(",")
            _add(found, set(asked), collected)
            for one in asked:
                child = modules.child(found, one)
                if child is not None:
                    _add(child, None, collected)
        elif rest.startswith("."):
            if (found := self._origin(rest, path, modules, collected)) is not None:
                _add(found, None, collected)
        elif kind:
            top, *parts = rest.split(".")
            location = modules.top(top, path)
            for part in parts:
                if location is None:
                    return
                _add(location, None if kind == "i" else {part}, collected)
                location = modules.child(location, part)
            if location is not None:
                _add(location, None, collected)

    def _origin(self, name: str, path: RepoPath, modules: Modules, collected: dict[RepoPath, set[str] | None]) -> Location | None:
        bare = name.lstrip(".")
        level = len(name) - len(bare)
        parts = bare.split(".") if bare else []
        location: Location | None
        if level:
            directory = path.rpartition("/")[0]
            for _ in range(level - 1):
                directory = directory.rpartition("/")[0]
            init = RepoPath(f"{directory}/__init__.py" if directory else "__init__.py")
            location = File(init, RepoPath(directory)) if init in modules else Portions((RepoPath(directory),))
        else:
            location = modules.top(parts.pop(0), path)
        for part in parts:
            if location is None:
                return None
            _add(location, set(), collected)
            location = modules.child(location, part)
        return location


def mention_of(statement: Statement) -> str | None:
    """Return an import statement as a line of a scan; None for any other statement."""
    match statement:
        case Import(module=module):
            return f"i {module}"
        case FromImport(level=level, module=module, name=name):
            return f"f {'.' * level}{module} {name}"
        case _:
            return None


def _add(location: Location, names: set[str] | None, collected: dict[RepoPath, set[str] | None]) -> None:
    if isinstance(location, Portions):
        return
    path = RepoPath(location.path + ".so") if isinstance(location, Compiled) else location.path
    if names is None:
        collected[path] = None
    elif (known := collected.setdefault(path, set())) is not None:
        known |= names
