"""What the change took away, as the report tells it: modules and symbols deleted, renamed or moved, each with its evidence."""

from __future__ import annotations

from impact.breaks.inquiry import Inquiry
from impact.breaks.unreadable import find_unreadable
from impact.execution.values import Absent, ClassValue, Data, Event, FunctionValue, Lazy, ModuleValue, Value
from impact.moves.places import Place, settled
from impact.moves.relocations import Relocations
from impact.names import RepoPath, directory_of
from impact.programs.blocks import statements_of
from impact.programs.functions import body_of
from impact.programs.program import FromImport
from impact.report import Certainty, Change, ChangeKind, Evidence, Remedy
from impact.snapshots import Rename

# Candidates that are shown where none of them is sure.
_SHOWN = 4


class Changes:
    """The changes of one comparison, found on demand by what a broken reference targets."""

    def __init__(self, inquiry: Inquiry, renames: tuple[Rename, ...]) -> None:
        self._inquiry = inquiry
        self.relocations = Relocations(inquiry, renames)
        self._found: dict[str, Change] = {}
        self._places: dict[str, tuple[Place, ...]] = {}
        self._modules: dict[RepoPath, Change] = {}
        self._symbols: dict[tuple[RepoPath, str], Change] = {}
        for path, raised in sorted(inquiry.losses.failing.items()):
            if raised.event.path == path and raised.kind in ("SyntaxError", "IndentationError", "TabError", "ValueError"):
                detail = f"line {raised.event.line}: {raised.text}"
                self._add(Change(ChangeKind.MODULE_UNPARSABLE, inquiry.head.name_of(path), None, path, None, (Evidence("unparsable", detail, path),)))

        for raised in find_unreadable(inquiry).values():
            path = raised.event.path
            self._add(Change(ChangeKind.MODULE_UNPARSABLE, path, None, path, None, (Evidence("unparsable", raised.text, path),)))

    def all(self) -> tuple[Change, ...]:
        """Return every change, sorted by what is gone."""
        losses = self._inquiry.losses
        for path in sorted(losses.missing):
            self._module(path)
        for path, names in sorted(losses.lost.items()):
            for name in sorted(names):
                # An import that went is a change only to who asked for the name here: `behind` adds those.
                if self._origin(path, name) in (path, self._inquiry.at_base(path)) and self._stopped_by(path, name) is None:
                    self._symbol(path, name, thorough=False)
        return tuple(sorted(self._found.values(), key=lambda change: (change.old, change.kind)))

    def _add(self, change: Change, places: tuple[Place, ...] = ()) -> Change:
        self._places.setdefault(change.id, places)
        return self._found.setdefault(change.id, change)

    def _module(self, path: RepoPath) -> Change:
        known = self._modules.get(path)
        if known is None:
            known = self._modules[path] = self._gone(path)
        return known

    def _gone(self, path: RepoPath) -> Change:
        inquiry = self._inquiry
        name = inquiry.base.modules.name_of(path)
        places = self.relocations.module(path)
        aside = self.relocations.candidates.kept_aside(path)
        evidence: tuple[Evidence, ...] = (Evidence("deleted", "the file is gone", path),)
        if aside is not None:
            detail = "the file went on under a name that Python does not import"
            evidence = (Evidence("kept-aside", detail, path, aside.new, aside.similarity),)
        best = settled(places)
        if best is None or best.certainty is Certainty.POSSIBLE:
            kept = aside.new if aside is not None else None
            return self._add(
                Change(ChangeKind.MODULE_DELETED, name, None, path, kept, (*evidence, *(_reasons(places) or self.relocations.scattered(path)))), places
            )
        kind = ChangeKind.MODULE_RENAMED if best.path is not None and directory_of(path) == directory_of(best.path) else ChangeKind.MODULE_MOVED
        reasons = best.reasons if aside is None else (*best.reasons, *evidence)
        return self._add(Change(kind, name, best.name, path, best.path, reasons, best.certainty), places)

    def _symbol(self, path: RepoPath, name: str, *, thorough: bool = True) -> Change:
        known = self._symbols.get((path, name))
        if known is None:
            known = self._symbols[path, name] = self._sought(path, name, thorough=thorough)
        return known

    def _sought(self, path: RepoPath, name: str, *, thorough: bool) -> Change:
        inquiry = self._inquiry
        deleted = path not in inquiry.head.snapshot.files
        module = inquiry.base.modules.name_of(path) if deleted else inquiry.head.modules.name_of(path)
        old = f"{module}:{name}"
        places = self.relocations.symbol(path, name, thorough=thorough)
        best = settled(places)
        now = inquiry.after.loaded.get(path)
        detail = f"{name} is None now" if now is not None and isinstance(now.names.get(name), Absent) else f"{name} is no longer bound in {module}"
        reasons = _reasons(places) or (Evidence("unbound", detail, path),)
        if self._is_fixture(path, name) and (best is None or best.path is None or best.path.endswith("conftest.py")):
            # Nobody imports from a conftest.py: where the fixture went is told, and is no remedy.
            return self._add(Change(ChangeKind.FIXTURE_DELETED, old, None, path, None, reasons))
        if best is None or best.certainty is Certainty.POSSIBLE:
            return self._add(Change(ChangeKind.SYMBOL_DELETED, old, None, path, None, reasons), places)
        kind = ChangeKind.SYMBOL_RENAMED if best.name.partition(":")[0] == module else ChangeKind.SYMBOL_MOVED
        return self._add(Change(kind, old, best.name, path, best.path, reasons, best.certainty), places)

    def _is_fixture(self, path: RepoPath, name: str) -> bool:
        """Tell whether a symbol of base was a fixture."""
        inquiry = self._inquiry
        before = inquiry.before.loaded.get(inquiry.at_base(path) or path)
        value = before.names.get(name) if before is not None else None
        function = inquiry.base.programs.functions(value.path).get(value.key) if isinstance(value, FunctionValue) else None
        return function is not None and any(decorator.path[-1] == "fixture" for decorator in function.decorators)

    def fixture(self, provider: RepoPath, target: str) -> Change:
        """Return the change that took a fixture away; `provider` is the file that defined it at base."""
        inquiry = self._inquiry
        name = target.rpartition(":")[2]
        place = inquiry.new_path.get(provider, provider)
        if name in inquiry.losses.lost.get(place, ()):
            change = self._symbol(place, name)
            if change.kind is ChangeKind.FIXTURE_DELETED:
                return change
        known = self._found.get(f"{ChangeKind.FIXTURE_DELETED}:{target}")
        if known is not None:
            return known
        if place not in inquiry.head.snapshot.files:
            evidence = [Evidence("deleted", "the file is gone", provider)]
        elif place != provider:
            evidence = [Evidence("moved", "the file that defines it went elsewhere", provider, place)]
        else:
            evidence = [Evidence("out-of-reach", f"what {provider} defines under this name is no fixture that reaches here", provider)]
        evidence += _reasons(self.relocations.symbol(provider, name))
        return self._add(Change(ChangeKind.FIXTURE_DELETED, target, None, provider, None, tuple(evidence)))

    def _origin(self, path: RepoPath, name: str) -> RepoPath | None:
        inquiry = self._inquiry
        before = inquiry.before.loaded.get(inquiry.at_base(path) or path)
        value = before.names.get(name.partition(".")[0]) if before is not None else None
        return origin_of(value) if value is not None else path

    def marker(self, path: RepoPath, name: str) -> Change:
        """Return the change that left a mark without registration; `path` is a file that uses it."""
        place = self._inquiry.head.layout.project_of(path).ini_file or path
        evidence = Evidence("unregistered", f"nothing registers the marker {name} where pytest insists on it", place)
        return self._add(Change(ChangeKind.MARKER_UNREGISTERED, f"pytest.mark.{name}", None, place, None, (evidence,)))

    def signature(self, path: RepoPath, target: str) -> Change:
        """Return the change by which a function or class takes fewer calls than it did; `path` is a file that calls it."""
        module, _, name = target.partition(":")
        place = getattr(self._inquiry.head.modules.find(module, path), "path", path)
        value = self._inquiry.after.loaded.get(place)
        now = value.names.get(name) if value is not None else None
        detail = f"{name} is None now" if isinstance(now, Data) and now.none else f"{name} does not take every call that it took"
        evidence = Evidence("narrowed", detail, place)
        return self._add(Change(ChangeKind.SIGNATURE_CHANGED, target, None, place, None, (evidence,)))

    # From a broken reference to the change behind it

    def behind(self, path: RepoPath, target: str) -> Change:
        """Return the change that a reference in a file broke on; where nothing went, it is the reference that is new."""
        module, _, symbol = target.partition(":")
        inquiry = self._inquiry
        location = inquiry.base.modules.find(module, inquiry.at_base(path) or path)
        held = getattr(location, "path", None)
        if held is not None:
            if not symbol and held in inquiry.losses.missing:
                return self._module(held)
            for candidate in (held, inquiry.new_path.get(held, held)):
                lost = inquiry.losses.lost.get(candidate, frozenset())
                asked = symbol if symbol in lost else symbol.partition(".")[0]
                if asked in lost:
                    root = self._root(candidate, asked)
                    event = self._stopped_by(root, asked)
                    if event is not None and (event.path, event.target) != (path, target):
                        return self.behind(event.path, event.target)
                    return self._symbol(root, asked)
                if symbol and candidate in inquiry.losses.failing and candidate not in inquiry.losses.lost:
                    break
            if symbol:
                child = inquiry.base.modules.child(location, symbol) if location is not None else None
                child_path = getattr(child, "path", None)
                if child_path in inquiry.losses.missing:
                    return self._module(child_path)
        elif location is not None and symbol:
            child_path = getattr(inquiry.base.modules.child(location, symbol), "path", None)
            if child_path in inquiry.losses.missing:
                return self._module(child_path)
        elif location is not None:
            inside = [one for one in sorted(inquiry.losses.missing) if any(name.startswith(module + ".") for name in inquiry.base.modules.names_of(one))]
            if inside:
                return self._module(inside[0])
        for change in self._found.values():
            if change.kind is ChangeKind.MODULE_UNPARSABLE and change.old == module and not symbol:
                return change
        places = self.relocations.find(module, symbol, path) or ()
        reasons = Evidence("born-broken", "nothing of this name exists at either end", path), *_reasons(places)
        return self._add(Change(ChangeKind.REFERENCE_ADDED, target, None, path, None, reasons), places)

    def _stopped_by(self, path: RepoPath, name: str) -> Event | None:
        """Return what keeps a file from binding a name that it still would bind: an exception that its code caught on the way there."""
        value = self._inquiry.after.loaded.get(path)
        if value is None or name.partition(".")[0] not in value.bound_later:
            return None
        return next((one.raised.event for one in value.fallbacks if not one.deferred), None)

    def _root(self, path: RepoPath, name: str) -> RepoPath:
        """Return the file where a name was lost first: where a re-export came from, if it is lost there too."""
        origin = self._origin(path, name)
        if origin is None or origin == path:
            return path
        current = self._inquiry.new_path.get(origin, origin)
        return next((one for one in (origin, current) if name in self._inquiry.losses.lost.get(one, frozenset())), path)

    def remedy(self, change: Change, event: Event) -> Remedy | None:
        """Return what a file writes instead of a target, where one place for it speaks for itself.

        A module stands for a module. Where the names that an import asks of one went different ways, each is named, separated by commas.
        """
        asked = self._asked(event) if ":" not in event.target else ()
        if not asked:
            place = settled(self._places.get(change.id, ()))
            return Remedy(self.relocations.name_for(place, event.target, event.path), place.certainty) if place is not None else None
        found = [self.relocations.find(module, name, event.path) for module, name in asked]
        places = [place for one in found if one is not None and (place := settled(one)) is not None]
        if not places or len(places) < sum(one is not None for one in found):
            return None
        names = [self.relocations.name_for(place, event.target, event.path) for place in places]
        modules = {name.partition(":")[0] for name in names}
        same = len(modules) == 1 and len(names) == len(asked) and all(new.partition(":")[2] == old for new, (_, old) in zip(names, asked, strict=True))
        certainty = max((place.certainty for place in places), key=list(Certainty).index)
        return Remedy(modules.pop() if same else ", ".join(names), certainty)

    def _asked(self, event: Event) -> tuple[tuple[str, str], ...]:
        """Return the (module, name) pairs that the from-import asks for on which an event stands."""
        programs = self._inquiry.head.programs
        program = programs.module(event.path)
        blocks = [program.body] if program is not None else []
        if event.deferred:
            blocks += [body_of(one) for one in programs.functions(event.path).values() if one.line <= event.line <= one.last]
        return tuple(
            dict.fromkeys(
                (statement.module, statement.name)
                for block in blocks
                for statement in statements_of(block)
                if isinstance(statement, FromImport) and statement.line == event.line and not statement.level and statement.name != "*"
            )
        )


def _reasons(places: tuple[Place, ...]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(reason for place in places[:_SHOWN] for reason in place.reasons))


def origin_of(value: Value | None) -> RepoPath | None:
    """Return the file that first bound a value, None for what comes from outside."""
    match value:
        case Data(path=path) | FunctionValue(path=path) | ClassValue(path=path) | ModuleValue(path=path):
            return path
        case Lazy(module=module):
            return module.path
        case _:
            return None
