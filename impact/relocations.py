"""Where a thing went that is gone: the places that may be it, each with a certainty and its reasons, the likeliest first.

What speaks for a place, the strongest first: the change itself rewrites importers to it; it is the same object, met without the re-export that went;
the file went there, as Git sees it; what is defined there has the same name, or the same body (`definitions`).
Two places for which the same speaks are a tie: both are shown, neither is sure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from impact.breaks import Inquiry
from impact.definitions import Definition, find_definitions, likeness, may_define, successor
from impact.modules import Location
from impact.names import RepoPath, basename_of, directory_of, parent_of
from impact.program import defined_names
from impact.report import Certainty, Evidence
from impact.snapshots import Rename
from impact.successions import find_written, imported_names
from impact.values import ClassValue, Data, External, FunctionValue, Lazy, ModuleValue

# Fingerprints in percent. Under one name: known again, and surely known again; under another one the body has to speak for itself.
_ALIKE, _SAME = 50, 80
_RENAMED, _SURELY_RENAMED = 65, 90
# What a file keeps of the names of one that Git takes it for, in percent, to be surely that one.
_KEPT = 60
# Changed files that are searched for a body under another name; beyond, the change is a reformatting or an import of a whole tree.
_SEARCHED = 60
# Names of a module that went in pieces, for which is said where they are.
_ASKED = 4
# Places whose scores are nearer to each other than this are a tie.
_GAP = 15
_ORDER = tuple(Certainty)
_REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing may be now: `name` reads `pkg.mod` or `pkg.mod:Symbol`, `path` is the file (None: it comes from outside the repository)."""

    name: str
    path: RepoPath | None
    certainty: Certainty
    score: int
    reasons: tuple[Evidence, ...]

    @property
    def is_rewritten(self) -> bool:
        """Whether the change itself leads importers there."""
        return any(reason.kind == _REWRITTEN for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class _Rewrites:
    """How often the change itself replaces one import by another: (module, name) → (module, name) → files. An empty name is the module."""

    votes: Mapping[tuple[str, str], Counter[tuple[str, str]]]

    def of(self, module: str, name: str) -> tuple[tuple[str, str], int] | None:
        """Return what an import is replaced by wherever it is replaced, and in how many files."""
        found = self.votes.get((module, name))
        if not found or len(found) > 1:
            return None
        return next(iter(found.items()))


class Relocations:
    """Where the modules and symbols went that a comparison lost. Everything is looked up when it is asked for."""

    def __init__(self, inquiry: Inquiry, renames: Iterable[Rename]) -> None:
        self._inquiry = inquiry
        self._renames: Mapping[RepoPath, Rename] = {rename.old: rename for rename in renames}
        self._definitions: dict[tuple[bool, RepoPath], Mapping[str, Definition]] = {}
        self._symbols: dict[tuple[RepoPath, str, bool], tuple[Place, ...]] = {}
        self._modules: dict[RepoPath, tuple[Place, ...]] = {}
        self._users: dict[str, list[tuple[RepoPath, RepoPath]]] = {}
        self._votes: _Rewrites | None = None
        self._index: dict[str, list[RepoPath]] | None = None

    def find(self, module: str, name: str, importer: RepoPath) -> tuple[Place, ...] | None:
        """Return where that went which a file of head asks for, a module where `name` is empty; None where it is there."""
        inquiry = self._inquiry
        location = inquiry.head.modules.find(module, importer)
        path: RepoPath | None = getattr(location, "path", None)
        before = self._at_base(module, importer)
        if location is not None and (not name or (self.provides(path, module, name) if path is not None else not self._lacks(location, before, name))):
            return None
        if before is None and location is None and (meant := self._left_behind(module, importer)) is not None and meant != module:
            places_or_none = self.find(meant, name, importer)
            if places_or_none is not None:
                return places_or_none
            reason = Evidence("relative", f"the import is relative, and the file moved: {meant} is still there", importer)
            return (Place(_named(meant, name), None, Certainty.CERTAIN, 100, (reason,)),)
        old: RepoPath | None = getattr(before, "path", None)
        if before is not None and name and (child := getattr(inquiry.base.modules.child(before, name), "path", None)) is not None:
            return self.module(child)
        if old is None:
            return self.born(module, name, importer) if name and before is None else ()
        if not name:
            return self.module(old)
        places = list(self.symbol(old, name))
        for one in self.module(old) if path is None else ():
            if one.path is not None and self.provides(one.path, one.name, name):
                whole = replace(one, name=_named(one.name, name))
                if one.certainty is Certainty.CERTAIN and not any(place.is_rewritten for place in places):
                    return (whole,)  # the module went as a whole: where it has its names from is its own matter
                places.append(whole)
        return _ranked(places) or self.born(module, name, importer)

    def knows(self, module: str, importer: RepoPath) -> bool:
        """Tell whether a dotted name is that of a module to a file, at either end."""
        return self._inquiry.head.modules.find(module, importer) is not None or self._at_base(module, importer) is not None

    def gone(self, module: str, importer: RepoPath) -> bool:
        """Tell whether a file found a module at base that it does not find at head."""
        return self._inquiry.head.modules.find(module, importer) is None and self._at_base(module, importer) is not None

    def bound_at_base(self, module: str, importer: RepoPath) -> frozenset[str]:
        """Return the names that a star import of a module brought at base."""
        inquiry = self._inquiry
        path: RepoPath | None = getattr(self._at_base(module, importer), "path", None)
        if path is None:
            return frozenset()
        value = inquiry.before.import_file(path, module)
        return frozenset(value.exports if value.exports is not None else (name for name in inquiry.before.names(value) if not name.startswith("_")))

    def _at_base(self, module: str, importer: RepoPath) -> Location | None:
        return self._inquiry.base.modules.find(module, self._inquiry.at_base(importer) or importer)

    def _lacks(self, location: Location, before: Location | None, name: str) -> bool:
        """Tell whether a bare directory lost a submodule; what else it may hold comes from outside."""
        base, head = self._inquiry.base.modules, self._inquiry.head.modules
        return before is not None and base.child(before, name) is not None and head.child(location, name) is None

    def _left_behind(self, module: str, importer: RepoPath) -> str | None:
        """Return what a relative import of a file that moved meant where the file was before; None for any other."""
        inquiry = self._inquiry
        old_path = inquiry.at_base(importer)
        if old_path is None or old_path == importer:
            return None
        old, new = (_package(side.name_of(path), path) for side, path in ((inquiry.base, old_path), (inquiry.head, importer)))
        while old and new:
            if module.startswith(f"{new}."):
                return f"{old}{module[len(new) :]}"
            old, new = parent_of(old), parent_of(new)
        return None

    # Modules

    def module(self, path: RepoPath) -> tuple[Place, ...]:
        """Return where a module of base went that is not at head, the likeliest first."""
        found = self._modules.get(path)
        if found is None:
            self._modules[path] = ()  # whoever asks meanwhile goes in a circle
            places = [*self._rewritten(path, ""), *self._renamed(path)]
            if not any(place.certainty is Certainty.CERTAIN for place in places):
                places += self._dissolved(path)
            found = self._modules[path] = _ranked(places)
        return found

    def kept_aside(self, path: RepoPath) -> Rename | None:
        """Return the rename of a module to something that Python does not import."""
        rename = self._renames.get(path)
        return rename if rename is not None and not rename.new.endswith(".py") else None

    def _renamed(self, path: RepoPath) -> Iterator[Place]:
        rename = self._renames.get(path)
        if rename is None or not rename.new.endswith(".py"):
            return
        inquiry = self._inquiry
        files = inquiry.head.snapshot.files
        word = "moved" if directory_of(path) != directory_of(rename.new) else "renamed"
        reason = Evidence("similarity", f"{word} from {basename_of(path)}, {rename.similarity}% the same", path, rename.new, rename.similarity)
        names = [name for name in self.definitions(path, at_head=False) if "." not in name]
        kept = sum(name in self.definitions(rename.new, at_head=True) for name in names)
        sure = rename.similarity == 100 or kept * 100 >= len(names) * _KEPT
        # A copy of the same content elsewhere is as good, unless only one of them kept the file's name.
        followed, blob = basename_of(rename.new) == basename_of(path), files[rename.new]
        twins = [
            other
            for other, content in files.items()
            if content == blob and other.endswith(".py") and other not in inquiry.base.snapshot.files and (basename_of(other) == basename_of(path)) == followed
        ]
        certainty = Certainty.CERTAIN if sure else Certainty.LIKELY
        for place in twins if names else [rename.new]:
            yield Place(inquiry.head.modules.name_of(place), place, certainty, rename.similarity, (replace(reason, new_path=place),))

    def _dissolved(self, path: RepoPath) -> Iterator[Place]:
        """Yield the file that took over what a module defined: it was merged into another one, or that one was there already."""
        names = [name for name in self.asked(path) if name in self.definitions(path, at_head=False)]
        where: Counter[RepoPath] = Counter()
        for name in names:
            place = settled(self.symbol(path, name, thorough=False))
            if place is not None and place.path is not None and place.certainty is not Certainty.POSSIBLE:
                where[place.path] += 1
        (best, count), *others = where.most_common() or [(path, 0)]
        if count * 2 < len(names) or not count:
            return
        rest = f", the others to {', '.join(self._inquiry.head.modules.name_of(other) for other, _ in others[:3])}" if others else ""
        sure = Certainty.LIKELY if count * 100 >= len(names) * _SAME else Certainty.POSSIBLE
        detail = f"{count} of the {len(names)} names that others import from it went there{rest}"
        yield Place(self._inquiry.head.modules.name_of(best), best, sure, count * 100 // len(names), (Evidence("dissolved", detail, path, best),))

    def asked(self, path: RepoPath) -> tuple[str, ...]:
        """Return the names that the files of head import from a module that is gone, most asked first."""
        inquiry = self._inquiry
        words = {name.rpartition(".")[2] for name in inquiry.base.modules.names_of(path)}
        asked: Counter[str] = Counter()
        for user in sorted({user for word in words for user in inquiry.mentions.mentioning(word)}):
            for edge in inquiry.mentions.edges(user):
                if edge.imported == path and edge.names is not None:
                    asked.update(edge.names)
        return tuple(name for name, _ in sorted(asked.items(), key=lambda one: (-one[1], one[0])))

    def scattered(self, path: RepoPath) -> tuple[Evidence, ...]:
        """Return where the names are defined that others ask most of a module that is gone, where it did not go to one place."""
        return tuple(reason for name in self.asked(path)[:_ASKED] for place in self.symbol(path, name)[:2] for reason in place.reasons[:1])

    # Symbols

    def symbol(self, path: RepoPath, name: str, *, thorough: bool = True) -> tuple[Place, ...]:
        """Return where a name went that the module at `path` (of base, or of head) bound, the likeliest first. `name` may read `Class.member`.

        `thorough` also looks for the same body under other names.
        """
        key = path, name, thorough
        found = self._symbols.get(key)
        if found is None:
            self._symbols[key] = ()
            found = self._symbols[key] = _ranked(self._candidates(path, name, thorough=thorough))
        return found

    def _candidates(self, path: RepoPath, name: str, *, thorough: bool) -> list[Place]:
        inquiry = self._inquiry
        old_path = inquiry.at_base(path) or path
        places = list(self._rewritten(path, name))
        old = self.definitions(old_path, at_head=False).get(name)
        if old is None:
            places += self._same_object(old_path, name)
            return places
        here = inquiry.new_path.get(old_path, old_path)
        if "." in name:
            return [*places, *self._members(old, here, name)]
        places += self._namesakes(old, old_path, name)
        if thorough and not any(place.certainty is Certainty.CERTAIN for place in places):
            places += self._elsewhere(old, old_path, name)
        if thorough and not any(place.certainty is Certainty.CERTAIN for place in places):
            places += self._renamed_here(old, old_path, here, name)
        if thorough and not any(place.certainty is Certainty.CERTAIN for place in places):
            places += self._in_place(old, old_path, here, name)
        return places

    def _rewritten(self, path: RepoPath, name: str) -> Iterator[Place]:
        """Yield what the change itself makes of the imports of a name; of a module where `name` is empty."""
        inquiry = self._inquiry
        for module in inquiry.base.modules.names_of(inquiry.at_base(path) or path):
            found = self._rewrites().of(module, name)
            if found is None:
                continue
            (new_module, new_name), count = found
            where = self._resolve(new_module, new_name, path)
            if not isinstance(where, bool):
                files = "an importer" if count == 1 else f"{count} importers"
                reason = Evidence(_REWRITTEN, f"the change itself rewrites {files} to it", where)
                yield Place(_named(new_module, new_name), where, Certainty.CERTAIN, 100, (reason,))
            return

    def _resolve(self, module: str, name: str, importer: RepoPath) -> RepoPath | bool | None:
        """Return the file behind a module of head that has the name, None for one from outside the repository, False for what is not there."""
        modules = self._inquiry.head.modules
        if modules.top(module.partition(".")[0], importer) is None:
            return None
        path: RepoPath | None = getattr(modules.find(module, importer), "path", None)
        return path if path is not None and (not name or self.provides(path, module, name)) else False

    def provides(self, path: RepoPath, module: str, name: str) -> bool:
        """Tell whether the module at `path` of head binds a name, or may serve it in a way that cannot be followed."""
        inquiry = self._inquiry
        value = inquiry.after.import_file(path, module)
        if inquiry.after.is_uncertain(value, name):
            return True
        first, _, member = name.partition(".")
        found = inquiry.after.names(value).get(first)
        if found is None:
            location = inquiry.head.modules.find(module, path)
            return location is not None and inquiry.head.modules.child(location, first) is not None
        return not member or not isinstance(found, ClassValue) or inquiry.after.member(found, member) is not None

    def _same_object(self, path: RepoPath, name: str) -> Iterator[Place]:
        """Yield where an imported name came from: it can be had there still."""
        inquiry = self._inquiry
        before = inquiry.before.loaded.get(path)
        value = before.names.get(name) if before is not None else None
        match value:
            case External(name=full) if "." in full:
                module, _, symbol = full.rpartition(".")
                yield Place(f"{module}:{symbol}", None, Certainty.CERTAIN, 100, (Evidence("through", f"it came from {module}", path),))
            case Data(path=origin, name=symbol) | FunctionValue(path=origin, name=symbol) | ClassValue(path=origin, name=symbol) if origin != path:
                yield from self._still_at(path, origin, symbol)
            case Lazy(module=module, name=symbol) if module.path != path:
                yield from self._still_at(path, module.path, symbol)
            case ModuleValue(path=origin) if origin != path and origin in inquiry.head.snapshot.files:
                module_name = inquiry.head.modules.name_of(origin)
                yield Place(module_name, origin, Certainty.CERTAIN, 100, (Evidence("through", f"it is the module {module_name}", path, origin),))
            case ModuleValue(path=origin) if origin != path:
                yield from self.module(origin)
            case _:
                return

    def _still_at(self, path: RepoPath, origin: RepoPath, symbol: str) -> Iterator[Place]:
        inquiry = self._inquiry
        here = inquiry.new_path.get(origin, origin)
        if here in inquiry.head.snapshot.files and self.provides(here, module := inquiry.head.modules.name_of(here), symbol):
            yield Place(f"{module}:{symbol}", here, Certainty.CERTAIN, 100, (Evidence("through", f"it came from {module}", path, here),))
        else:
            through = Evidence("through", f"it came from {inquiry.base.modules.name_of(origin)}", origin)
            for place in self.symbol(origin, symbol):
                yield replace(place, reasons=(through, *place.reasons))

    def _namesakes(self, old: Definition, old_path: RepoPath, name: str) -> Iterator[Place]:
        """Yield the changed files that define the name at head and did not at base."""
        inquiry = self._inquiry
        followed = inquiry.new_path.get(old_path)
        for path in self._defining(name):
            if path == old_path:
                continue
            new = self.definitions(path, at_head=True).get(name)
            before = inquiry.at_base(path)
            if new is None or (before is not None and before != old_path and name in self.definitions(before, at_head=False)):
                continue
            module = inquiry.head.modules.name_of(path)
            score = likeness(old, new)
            alike = score >= _ALIKE or (not old.telling and old.kind == new.kind)
            certainty = Certainty.CERTAIN if alike or path == followed else Certainty.LIKELY
            if _is_aside(path) and not _is_aside(old_path):
                certainty = Certainty.POSSIBLE  # a test has its own of that name now
            detail = f"a new {module}:{name} has the same name, {score}% the same"
            kind = "definition" if score >= _ALIKE else "defined-elsewhere"
            yield Place(f"{module}:{name}", path, certainty, score + (path == followed), (Evidence(kind, detail, old_path, path, score),))

    def _members(self, old: Definition, here: RepoPath, name: str) -> Iterator[Place]:
        """Yield the new members of the same class that have the same body."""
        owner, _, member = name.partition(".")
        module = self._inquiry.head.modules.name_of(here)
        before = self.definitions(self._inquiry.at_base(here) or here, at_head=False)
        if not old.telling:
            return
        for other, new in self.definitions(here, at_head=True).items():
            score = likeness(old, new)
            if other.startswith(f"{owner}.") and other not in before and score >= _RENAMED:
                certainty = Certainty.CERTAIN if score >= _SURELY_RENAMED else Certainty.LIKELY
                detail = f"{member} is called {other.rpartition('.')[2]} now, {score}% the same"
                yield Place(f"{module}:{other}", here, certainty, score, (Evidence("definition", detail, here, None, score),))

    def _renamed_here(self, old: Definition, old_path: RepoPath, here: RepoPath, name: str) -> Iterator[Place]:
        """Yield what is defined at head under another name and was not at base, with the same body."""
        if not old.telling:
            return
        inquiry = self._inquiry
        others = (path for path in self._changed() if path != here and _is_aside(path) <= _is_aside(old_path))
        files = [here, *sorted(others, key=lambda path: -_shared(path, here))]
        for path in files[:_SEARCHED]:
            if path not in inquiry.head.snapshot.files:
                continue
            before_path = inquiry.at_base(path)
            if self._defined(path, at_head=True) <= (self._defined(before_path, at_head=False) if before_path is not None else set()):
                continue
            before = self.definitions(before_path, at_head=False) if before_path is not None else {}
            module = inquiry.head.modules.name_of(path)
            for other, new in self.definitions(path, at_head=True).items():
                if "." in other or other in before or other == name:
                    continue
                score = likeness(old, new)
                if score >= _RENAMED:
                    certainty = Certainty.CERTAIN if score >= _SURELY_RENAMED else Certainty.LIKELY
                    detail = f"{name} is called {other} now, {score}% the same"
                    yield Place(f"{module}:{other}", path, certainty, score + (path == here), (Evidence("definition", detail, old_path, path, score),))

    def _in_place(self, old: Definition, old_path: RepoPath, here: RepoPath, name: str) -> Iterator[Place]:
        """Yield what took the place of a definition in its own module, however short."""
        before, after = self.definitions(old_path, at_head=False), self.definitions(here, at_head=True)
        fresh = {one: new for one, new in after.items() if "." not in one and one not in before and new.kind == old.kind}
        neighbour = successor(before, after, name) if fresh else None
        module = self._inquiry.head.modules.name_of(here)
        written = find_written(self._inquiry, old_path, here, name, fresh)
        for other, new in fresh.items():
            count, score, clear = written.lines[other], likeness(old, new), written.is_clear(other)
            if not (clear and (count > 1 or other == neighbour)) and not (other == neighbour and score == 100 and old.size):
                continue
            certainty = Certainty.CERTAIN if clear and count > 1 and written.importers.keys() == {other} else Certainty.LIKELY
            where = f"the change writes it instead in {count} line{'s' * (count > 1)}" if count else "it stands in its place"
            reason = Evidence("in-place", f"{name} is called {other} now, {where}, {score}% the same", here, None, score)
            yield Place(f"{module}:{other}", here, certainty, min(100, _RENAMED + 5 * count), (reason,))

    # What was there before

    def _elsewhere(self, old: Definition, old_path: RepoPath, name: str) -> Iterator[Place]:
        """Yield the definitions of the same name that others import, or that a package around has: they were there at base already."""
        inquiry = self._inquiry
        module = inquiry.base.modules.name_of(old_path)
        packages = [getattr(inquiry.head.modules.find(parent, old_path), "path", None) for parent in _parents(module)]
        for path, users in {**{path: 0 for path in packages if path is not None}, **self._definers(name, old_path)}.items():
            new = self.definitions(path, at_head=True).get(name) if name in may_define(inquiry.head.programs.source(path) or b"") else None
            if new is not None and path != old_path:
                score = likeness(old, new)
                where = inquiry.head.modules.name_of(path)
                sure = Certainty.LIKELY if score >= _SAME and old.telling and _is_aside(path) <= _is_aside(old_path) else Certainty.POSSIBLE
                detail = f"{where}:{name} has the same name, {score}% the same{_imported_by(users)}"
                yield Place(f"{where}:{name}", path, sure, score + min(users, 2 * _GAP), (Evidence("defined-elsewhere", detail, path, None, score),))

    def born(self, module: str, name: str, importer: RepoPath) -> tuple[Place, ...]:
        """Return where other files import a name from that a new reference asks of the wrong module; the likeliest first."""
        inquiry = self._inquiry
        top = module.partition(".")[0]
        if not any(side.modules.top(top, importer) for side in (inquiry.head, inquiry.base)):
            return ()  # never was the project's
        places: list[Place] = []
        for path, users in self._definers(name, importer).items():
            if name in self.definitions(path, at_head=True):
                where = inquiry.head.modules.name_of(path)
                reason = Evidence("defined-elsewhere", f"{where}:{name} has the same name{_imported_by(users)}", path)
                places.append(Place(f"{where}:{name}", path, Certainty.POSSIBLE if _is_aside(path) else Certainty.LIKELY, min(users, 2 * _GAP), (reason,)))
        return _ranked(place for place in places if place.name != f"{module}:{name}")

    def _definers(self, name: str, besides: RepoPath) -> dict[RepoPath, int]:
        """Return the files of head that others import a name from, and how many do."""
        inquiry = self._inquiry
        found = self._users.get(name)
        if found is None:
            pairs = ((path, edge) for path in inquiry.mentions.mentioning(name) for edge in inquiry.mentions.edges(path))
            found = self._users[name] = [
                (path, edge.imported) for path, edge in pairs if edge.names is not None and name in edge.names and edge.imported in inquiry.head.snapshot.files
            ]
        return dict(sorted(Counter(imported for path, imported in found if path != besides).items()))

    def name_for(self, place: Place, target: str, importer: RepoPath) -> str:
        """Return the name of a place as a file would write it: one file can answer to several, and it calls the others as it called `target`."""
        if place.path is None:
            return place.name
        modules = self._inquiry.head.modules
        module, _, symbol = place.name.partition(":")
        if module not in (names := modules.names_of(place.path)):
            return place.name  # a re-export, named as the change names it
        near = [name for name in names if getattr(modules.find(name, importer), "path", None) == place.path]
        best = max(near, key=lambda name: (_common(name, target), -names.index(name)), default=module)
        return _named(best, symbol)

    # What is read once

    def definitions(self, path: RepoPath, *, at_head: bool) -> Mapping[str, Definition]:
        """Return what a file of one end defines; nothing where it is not there."""
        key = at_head, path
        found = self._definitions.get(key)
        if found is None:
            side = self._inquiry.head if at_head else self._inquiry.base
            source = side.programs.source(path)
            found = self._definitions[key] = find_definitions(source) if source is not None else {}
        return found

    def _defining(self, name: str) -> Iterable[RepoPath]:
        """Return the changed files that define a name at head."""
        if self._index is None:
            self._index = defaultdict(list)
            for path in self._changed():
                for one in self._defined(path, at_head=True):
                    self._index[one].append(path)
        return self._index.get(name, ())

    def _defined(self, path: RepoPath, *, at_head: bool) -> set[str]:
        """Return the names that a changed file defines: it was run already, so this costs no parse."""
        program = (self._inquiry.head if at_head else self._inquiry.base).programs.module(path)
        return defined_names(program.body) if program is not None else set()

    def _changed(self) -> list[RepoPath]:
        return sorted(path for path in self._inquiry.changed if path in self._inquiry.head.snapshot.files)

    def _rewrites(self) -> _Rewrites:
        if self._votes is None:
            inquiry = self._inquiry
            votes: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
            for path in self._changed():
                before = inquiry.at_base(path)
                if before is None:
                    continue
                old, new = imported_names(inquiry.base, before), imported_names(inquiry.head, path)
                for bound in old.keys() & new.keys():
                    gone, come = old[bound] - new[bound], new[bound] - old[bound]
                    if len(gone) == 1 and len(come) == 1:
                        votes[next(iter(gone))][next(iter(come))] += 1
            self._votes = _Rewrites(dict(votes))
        return self._votes


def _imported_by(users: int) -> str:
    return "" if not users else ", another file imports it from there" if users == 1 else f", {users} other files import it from there"


def _parents(module: str) -> Iterator[str]:
    while module := parent_of(module):
        yield module


def _is_aside(path: str) -> bool:
    """Tell whether a file lies with the tests: what is there serves them alone."""
    *directories, name = path.split("/")
    return name.startswith("test_") or name == "conftest.py" or any(part in ("test", "tests", "testing") for part in directories)


def _shared(one: str, other: str) -> int:
    return len(set(one.split("/")) & set(other.split("/")))


def _package(module: str, path: RepoPath) -> str:
    return module if path.endswith("/__init__.py") else parent_of(module)


def _common(one: str, other: str) -> int:
    """Return how many parts two dotted names begin with alike, one of them at most: the root under which they are known."""
    return int(one.partition(".")[0] == other.partition(".")[0])


def _named(module: str, name: str) -> str:
    return f"{module}:{name}" if name else module


def _ranked(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return places, the likeliest first, each once. Sure places that differ are a tie, in which none of them is sure."""
    merged: dict[str, Place] = {}
    for place in places:
        known = merged.get(place.name)
        if known is None:
            merged[place.name] = place
        else:
            best = min(known.certainty, place.certainty, key=_ORDER.index)
            reasons = tuple(dict.fromkeys((*known.reasons, *place.reasons)))
            merged[place.name] = Place(place.name, known.path or place.path, best, max(known.score, place.score), reasons)
    ordered = sorted(merged.values(), key=lambda place: (not place.is_rewritten, _ORDER.index(place.certainty), -place.score, place.name))
    if not ordered:
        return ()
    first, *others = ordered
    tie = [place for place in others if place.certainty is first.certainty is Certainty.CERTAIN and first.score - place.score < _GAP]
    if first.is_rewritten or not tie:
        return (first, *(_at_most(Certainty.LIKELY, place) for place in others))
    return tuple(_at_most(Certainty.LIKELY, place) for place in ordered)


def settled(places: tuple[Place, ...]) -> Place | None:
    """Return the place that speaks for itself; None where there is none, or where two are as likely."""
    if len(places) < 2:
        return places[0] if places else None
    first, second = places[:2]
    tie = not first.is_rewritten and first.certainty is second.certainty and first.score - second.score < _GAP
    return None if tie else first


def _at_most(certainty: Certainty, place: Place) -> Place:
    return replace(place, certainty=max(certainty, place.certainty, key=_ORDER.index))
