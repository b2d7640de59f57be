"""Where a thing went that is gone: what speaks for its candidates is weighed, and followed from one place to the next.

What speaks for a place, the strongest first: the change itself rewrites importers to it; it is the same object, met without the re-export that went;
the file went there, as Git sees it; what is defined there has the same name, or the same body. See `candidates` for who finds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from impact.breaks.inquiry import Inquiry
from impact.execution.values import ClassValue, Data, External, FunctionValue, Lazy, ModuleValue
from impact.modules import Location
from impact.moves.candidates import SAME, Candidates, imported_by, is_aside
from impact.moves.places import GAP, Place, named, ranked, settled
from impact.names import RepoPath, parent_of
from impact.report import Certainty, Evidence
from impact.snapshots import Rename

# Names of a module that went in pieces, for which is said where they are.
_ASKED = 4


class Relocations:
    """Where the modules and symbols went that a comparison lost. Everything is looked up when it is asked for."""

    def __init__(self, inquiry: Inquiry, renames: Iterable[Rename]) -> None:
        self._inquiry = inquiry
        self.candidates = Candidates(inquiry, renames)
        self._symbols: dict[tuple[RepoPath, str, bool], tuple[Place, ...]] = {}
        self._modules: dict[RepoPath, tuple[Place, ...]] = {}

    def find(self, module: str, name: str, importer: RepoPath) -> tuple[Place, ...] | None:
        """Return where that went which a file of head asks for, a module where `name` is empty; None where it is there."""
        inquiry = self._inquiry
        location = inquiry.head.modules.find(module, importer)
        path: RepoPath | None = getattr(location, "path", None)
        before = self._at_base(module, importer)
        if location is not None and (
            not name or (self.candidates.provides(path, module, name) if path is not None else not self._lacks(location, before, name))
        ):
            return None
        if before is None and location is None and (meant := self._left_behind(module, importer)) is not None and meant != module:
            places_or_none = self.find(meant, name, importer)
            if places_or_none is not None:
                return places_or_none
            reason = Evidence("relative", f"the import is relative, and the file moved: {meant} is still there", importer)
            return (Place(named(meant, name), None, Certainty.CERTAIN, 100, (reason,)),)
        old: RepoPath | None = getattr(before, "path", None)
        if before is not None and name and (child := getattr(inquiry.base.modules.child(before, name), "path", None)) is not None:
            return self.module(child)
        if old is None:
            return self.born(module, name, importer) if name and before is None else ()
        if not name:
            return self.module(old)
        places = list(self.symbol(old, name))
        for one in self.module(old) if path is None else ():
            if one.path is not None and self.candidates.provides(one.path, one.name, name):
                whole = replace(one, name=named(one.name, name))
                if one.certainty is Certainty.CERTAIN and not any(place.is_rewritten for place in places):
                    return (whole,)  # the module went as a whole: where it has its names from is its own matter
                places.append(whole)
        return ranked(places) or self.born(module, name, importer)

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
            places = [*self.candidates.rewritten(path, ""), *self.candidates.renamed(path)]
            if not any(place.certainty is Certainty.CERTAIN for place in places):
                places += self._dissolved(path)
            found = self._modules[path] = ranked(places)
        return found

    def _dissolved(self, path: RepoPath) -> Iterator[Place]:
        """Yield the file that took over what a module defined: it was merged into another one, or that one was there already."""
        names = [name for name in self.candidates.asked(path) if name in self.candidates.definitions(path, at_head=False)]
        where: Counter[RepoPath] = Counter()
        for name in names:
            place = settled(self.symbol(path, name, thorough=False))
            if place is not None and place.path is not None and place.certainty is not Certainty.POSSIBLE:
                where[place.path] += 1
        (best, count), *others = where.most_common() or [(path, 0)]
        if count * 2 < len(names) or not count:
            return
        rest = f", the others to {', '.join(self._inquiry.head.modules.name_of(other) for other, _ in others[:3])}" if others else ""
        sure = Certainty.LIKELY if count * 100 >= len(names) * SAME else Certainty.POSSIBLE
        detail = f"{count} of the {len(names)} names that others import from it went there{rest}"
        yield Place(self._inquiry.head.modules.name_of(best), best, sure, count * 100 // len(names), (Evidence("dissolved", detail, path, best),))

    def scattered(self, path: RepoPath) -> tuple[Evidence, ...]:
        """Return where the names are defined that others ask most of a module that is gone, where it did not go to one place."""
        return tuple(reason for name in self.candidates.asked(path)[:_ASKED] for place in self.symbol(path, name)[:2] for reason in place.reasons[:1])

    # Symbols

    def symbol(self, path: RepoPath, name: str, *, thorough: bool = True) -> tuple[Place, ...]:
        """Return where a name went that the module at `path` (of base, or of head) bound, the likeliest first. `name` may read `Class.member`.

        `thorough` also looks for the same body under other names.
        """
        key = path, name, thorough
        found = self._symbols.get(key)
        if found is None:
            self._symbols[key] = ()
            found = self._symbols[key] = ranked(self._candidates(path, name, thorough=thorough))
        return found

    def _candidates(self, path: RepoPath, name: str, *, thorough: bool) -> list[Place]:
        inquiry = self._inquiry
        old_path = inquiry.at_base(path) or path
        places = list(self.candidates.rewritten(path, name))
        old = self.candidates.definitions(old_path, at_head=False).get(name)
        if old is None:
            places += self._inherited(old_path, name) if "." in name else self._same_object(old_path, name)
            return places
        here = inquiry.new_path.get(old_path, old_path)
        if "." in name:
            places += self.candidates.members(old, here, name)
            if thorough and not any(place.certainty is Certainty.CERTAIN for place in places):
                places += self.candidates.in_place(old, old_path, here, name)
            return places
        places += self.candidates.namesakes(old, old_path, name)
        if thorough and not any(place.certainty is Certainty.CERTAIN for place in places):
            places += self.candidates.elsewhere(old, old_path, name)
        if thorough and not any(place.certainty is Certainty.CERTAIN for place in places):
            places += self.candidates.renamed_here(old, old_path, here, name)
        if thorough and not any(place.certainty is Certainty.CERTAIN for place in places):
            places += self.candidates.in_place(old, old_path, here, name)
        return places

    def _inherited(self, path: RepoPath, name: str) -> Iterator[Place]:
        """Yield where a member went that a class had from another one: it is found under the name that it has there now."""
        before = self._inquiry.before
        owner, _, member = name.partition(".")
        module = before.loaded.get(path)
        value = before.force(module.names[owner]) if module is not None and owner in module.names else None
        for one in before.line_of(value) if isinstance(value, ClassValue) else ():
            if member in one.members and (one.path, one.name) != (path, owner):
                for place in self.symbol(one.path, f"{one.name}.{member}"):
                    here = self._inquiry.new_path.get(path, path)
                    renamed = named(self._inquiry.head.modules.name_of(here), f"{owner}.{place.name.rpartition('.')[2]}")
                    yield replace(place, name=renamed, path=here)
                return

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
        if here in inquiry.head.snapshot.files and self.candidates.provides(here, module := inquiry.head.modules.name_of(here), symbol):
            yield Place(f"{module}:{symbol}", here, Certainty.CERTAIN, 100, (Evidence("through", f"it came from {module}", path, here),))
        else:
            through = Evidence("through", f"it came from {inquiry.base.modules.name_of(origin)}", origin)
            for place in self.symbol(origin, symbol):
                yield replace(place, reasons=(through, *place.reasons))

    def born(self, module: str, name: str, importer: RepoPath) -> tuple[Place, ...]:
        """Return where other files import a name from that a new reference asks of the wrong module; the likeliest first."""
        inquiry = self._inquiry
        top = module.partition(".")[0]
        if not any(side.modules.top(top, importer) for side in (inquiry.head, inquiry.base)):
            return ()  # never was the project's
        places: list[Place] = []
        for path, users in self.candidates.definers(name, importer).items():
            if name in self.candidates.definitions(path, at_head=True):
                where = inquiry.head.modules.name_of(path)
                reason = Evidence("defined-elsewhere", f"{where}:{name} has the same name{imported_by(users)}", path)
                places.append(Place(f"{where}:{name}", path, Certainty.POSSIBLE if is_aside(path) else Certainty.LIKELY, min(users, 2 * GAP), (reason,)))
        return ranked(place for place in places if place.name != f"{module}:{name}")

    # How a file writes it

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
        return named(best, symbol)


def _package(module: str, path: RepoPath) -> str:
    return module if path.endswith("/__init__.py") else parent_of(module)


def _common(one: str, other: str) -> int:
    """Return how many parts two dotted names begin with alike, one of them at most: the root under which they are known."""
    return int(one.partition(".")[0] == other.partition(".")[0])
