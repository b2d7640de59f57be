"""What the change took away, as the report tells it: modules and symbols deleted, renamed or moved, each with its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from impact.breaks import Inquiry
from impact.names import RepoPath, basename_of, directory_of
from impact.report import Certainty, Change, ChangeKind, Evidence, Remedy
from impact.snapshots import Rename
from impact.values import ClassValue, Data, FunctionValue, Lazy, ModuleValue, Value


class Changes:
    """The changes of one comparison, found on demand by what a broken reference targets."""

    def __init__(self, inquiry: Inquiry, renames: tuple[Rename, ...]) -> None:
        self._inquiry = inquiry
        self._renames: Mapping[RepoPath, Rename] = {rename.old: rename for rename in renames}
        self._found: dict[str, Change] = {}
        self._gained: dict[str, list[RepoPath]] | None = None
        self._collect()

    def all(self) -> tuple[Change, ...]:
        """Return every change, sorted by what is gone."""
        return tuple(sorted(self._found.values(), key=lambda change: (change.old, change.kind)))

    def _collect(self) -> None:
        losses = self._inquiry.losses
        for path in sorted(losses.missing):
            self._module(path)
        for path, names in sorted(losses.lost.items()):
            for name in sorted(names):
                # An import that went is a change only to who asked for the name here: `behind` adds those.
                if self._origin(path, name) in (path, self._inquiry.at_base(path)):
                    self._symbol(path, name)
        for path, raised in sorted(losses.failing.items()):
            if raised.event.path == path and raised.kind in ("SyntaxError", "IndentationError", "TabError", "ValueError"):
                name = self._inquiry.head.name_of(path)
                detail = f"line {raised.event.line}: {raised.text}"
                self._add(Change(ChangeKind.MODULE_UNPARSABLE, name, None, path, None, (Evidence("unparsable", detail, path),)))

    def _add(self, change: Change) -> Change:
        return self._found.setdefault(change.id, change)

    def _module(self, path: RepoPath) -> Change:
        name = self._inquiry.base.modules.name_of(path)
        rename = self._renames.get(path)
        if rename is None:
            return self._add(Change(ChangeKind.MODULE_DELETED, name, None, path, None, (Evidence("deleted", "the file is gone", path),)))
        if not rename.new.endswith(".py"):
            kept = Evidence("kept-aside", "the file went on under a name that Python does not import", path, rename.new, rename.similarity)
            return self._add(Change(ChangeKind.MODULE_DELETED, name, None, path, rename.new, (kept,)))
        new = self._inquiry.head.modules.name_of(rename.new)
        moved = directory_of(path) != directory_of(rename.new)
        kind = ChangeKind.MODULE_MOVED if moved else ChangeKind.MODULE_RENAMED
        word = "moved" if moved else "renamed"
        evidence = Evidence("similarity", f"{word} from {basename_of(path)}, {rename.similarity}% the same", path, rename.new, rename.similarity)
        return self._add(Change(kind, name, new, path, rename.new, (evidence,)))

    def _symbol(self, path: RepoPath, name: str) -> Change:
        inquiry = self._inquiry
        deleted = path not in inquiry.head.snapshot.files
        module = inquiry.base.modules.name_of(path) if deleted else inquiry.head.modules.name_of(path)
        old = f"{module}:{name}"
        for kind in (ChangeKind.SYMBOL_DELETED, ChangeKind.SYMBOL_MOVED, ChangeKind.FIXTURE_DELETED):
            found = self._found.get(f"{kind}:{old}")
            if found is not None:
                return found
        origin = self._origin(path, name)
        evidence: list[Evidence] = []
        if origin is not None and origin != path:
            evidence.append(Evidence("through", f"it came from {inquiry.base.modules.name_of(origin)}", origin))
        places = [place for place in self._places(name) if place not in (path, origin)] if "." not in name else []
        new_names = [f"{inquiry.head.modules.name_of(place)}:{name}" for place in places]
        for place, new in zip(places, new_names, strict=True):
            evidence.append(Evidence("defined-elsewhere", f"a new {new} has the same name", place))
        if not evidence or not new_names:
            evidence.append(Evidence("unbound", f"{name} is no longer bound in {module}", path))
        if self._is_fixture(path, name) and (len(new_names) != 1 or places[0].endswith("conftest.py")):
            # Nobody imports from a conftest.py: where the fixture went is told, and is no remedy.
            return self._add(Change(ChangeKind.FIXTURE_DELETED, old, None, path, None, tuple(evidence)))
        if len(new_names) == 1:
            return self._add(Change(ChangeKind.SYMBOL_MOVED, old, new_names[0], path, places[0], tuple(evidence)))
        return self._add(Change(ChangeKind.SYMBOL_DELETED, old, None, path, None, tuple(evidence)))

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
        evidence += [
            Evidence("defined-elsewhere", f"a new {inquiry.head.modules.name_of(one)}:{name} has the same name", one)
            for one in self._places(name)
            if one != provider
        ]
        return self._add(Change(ChangeKind.FIXTURE_DELETED, target, None, provider, None, tuple(evidence)))

    def _origin(self, path: RepoPath, name: str) -> RepoPath | None:
        inquiry = self._inquiry
        before = inquiry.before.loaded.get(inquiry.at_base(path) or path)
        value = before.names.get(name.partition(".")[0]) if before is not None else None
        return origin_of(value) if value is not None else path

    def _places(self, name: str) -> list[RepoPath]:
        """Return the changed files that define a name at head and did not at base."""
        if self._gained is None:
            inquiry = self._inquiry
            gained: dict[str, list[RepoPath]] = defaultdict(list)
            for path in sorted(inquiry.changed):
                after = inquiry.after.loaded.get(path)
                if after is None or path in inquiry.head.layout.tests:
                    continue
                before = inquiry.before.loaded.get(path)
                for one, value in after.names.items():
                    if (before is None or one not in before.names) and origin_of(value) == path:
                        gained[one].append(path)
            self._gained = dict(gained)
        return self._gained.get(name, [])

    def marker(self, path: RepoPath, name: str) -> Change:
        """Return the change that left a mark without registration; `path` is a file that uses it."""
        place = self._inquiry.head.layout.project_of(path).ini_file or path
        evidence = Evidence("unregistered", f"nothing registers the marker {name} where pytest insists on it", place)
        return self._add(Change(ChangeKind.MARKER_UNREGISTERED, f"pytest.mark.{name}", None, place, None, (evidence,)))

    def signature(self, path: RepoPath, target: str) -> Change:
        """Return the change by which a function or class takes fewer calls than it did; `path` is a file that calls it."""
        module, _, name = target.partition(":")
        place = getattr(self._inquiry.head.modules.find(module, path), "path", path)
        evidence = Evidence("narrowed", f"{name} does not take every call that it took", place)
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
                if symbol in lost:
                    return self._symbol(self._root(candidate, symbol), symbol)
                if symbol.partition(".")[0] in lost:
                    first = symbol.partition(".")[0]
                    return self._symbol(self._root(candidate, first), first)
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
        return self._add(
            Change(ChangeKind.REFERENCE_ADDED, target, None, path, None, (Evidence("born-broken", "nothing of this name exists at either end", path),))
        )

    def _root(self, path: RepoPath, name: str) -> RepoPath:
        """Return the file where a name was lost first: where a re-export came from, if it is lost there too."""
        origin = self._origin(path, name)
        if origin is None or origin == path:
            return path
        current = self._inquiry.new_path.get(origin, origin)
        return next((one for one in (origin, current) if name in self._inquiry.losses.lost.get(one, frozenset())), path)

    def remedy(self, change: Change, target: str) -> Remedy | None:
        """Return what to write instead of a target, where the change says where it went."""
        if change.new is None:
            return None
        module, _, symbol = target.partition(":")
        if change.kind in (ChangeKind.MODULE_RENAMED, ChangeKind.MODULE_MOVED):
            return Remedy(change.new, Certainty.LIKELY)
        return Remedy(change.new, Certainty.LIKELY) if symbol and module else None


def origin_of(value: Value | None) -> RepoPath | None:
    """Return the file that first bound a value, None for what comes from outside."""
    match value:
        case Data(path=path) | FunctionValue(path=path) | ClassValue(path=path) | ModuleValue(path=path):
            return path
        case Lazy(module=module):
            return module.path
        case _:
            return None
