"""What classes and their instances have: members of their own and inherited ones, what methods set, and what may be there without being seen."""

from __future__ import annotations

from collections.abc import Iterator

from impact.execution.brought import brought_by
from impact.execution.namespaces import Namespaces
from impact.execution.values import ClassValue, Data, External, FunctionValue, Instance, Lazy, ModuleValue, Raised, Value
from impact.execution.world import Frame, World
from impact.execution.written import assigning, configuring, patching, says, set_by, sets
from impact.names import RepoPath
from impact.programs.paths import Path
from impact.programs.program import Bind

_TOOLS = frozenset({"import_module", "importorskip", "mock", "patch", "skip"})
# Decorators after which a class has the members that it had, and its instances what the fields say.
_ADDING_NOTHING = frozenset({
    "attr.define", "attr.frozen", "attr.mutable", "attr.s", "attrs.define", "attrs.frozen", "attrs.mutable", "dataclasses.dataclass", "enum.unique",
    "functools.total_ordering", "typing.final", "typing.runtime_checkable", "typing_extensions.final", "zope.interface.implementer",
})  # fmt: skip
_ADDING_NOTHING_OF = ("pytest.mark.", "unittest.mock.patch", "unittest.skip", "mock.patch")


class Members(Namespaces):
    """Asks classes for their members."""

    def __init__(self, world: World, suspects: set[RepoPath], *, strict: bool = False) -> None:
        super().__init__(world, suspects, strict=strict)
        self._put: dict[tuple[str, RepoPath], bool] = {}
        self._set: dict[tuple[RepoPath, str, str], bool] = {}

    def quiet(self, path: Path, frame: Frame) -> Value | None:
        """Return what a path stands for as far as that is known, without failing."""
        raise NotImplementedError

    def tool(self, value: Value | None) -> Value | None:
        """Return what a value is where it may be a tool of testing that a helper of the project hands on."""
        return self.force(value) if isinstance(value, Lazy) and value.name in _TOOLS else value

    def canonical(self, path: Path, frame: Frame) -> str:
        """Return the dotted name of something outside the project that a path stands for, else the path as it is written."""
        value = self.tool(self.quiet(path, frame))
        return value.name if isinstance(value, External) else ".".join(path)

    def member(self, value: ClassValue, name: str, depth: int = 0) -> Value | None:
        """Return what a class attribute stands for, None when the class and all its bases certainly lack it."""
        if name in value.members:
            return value.members[name]
        if value.open or depth > 20 or (name not in self.world.words and self._may_add(value)) or (name.startswith("__") and name.endswith("__")):
            return Data(value.path, f"{value.name}.{name}")
        for base in value.bases:
            owner = self.force(base) if base is not None else None
            if isinstance(owner, ClassValue):
                found = self.member(owner, name, depth + 1)
                if found is not None:
                    return found
            elif (brought := brought_by(owner.name) if isinstance(owner, External) else None) is None or name in brought.may_have:
                return Data(value.path, f"{value.name}.{name}")
        return None

    def _may_add(self, value: ClassValue) -> bool:
        """Tell whether a decorator of a class may give it members that it does not show."""
        module = self.loaded.get(value.path) if value.decorators else None
        names = ("" if module is None else self.canonical(decorator.path, Frame(module)) for decorator in value.decorators)
        return any(name not in _ADDING_NOTHING and not name.startswith(_ADDING_NOTHING_OF) for name in names)

    def _decorating(self, value: ClassValue) -> Iterator[RepoPath]:
        """Yield the files that the decorators of a class are from, as far as those are of the project."""
        module = self.loaded.get(value.path)
        if module is None:
            return
        for decorator in value.decorators:
            found = self.quiet(decorator.path, Frame(module))
            found = self.force(found) if found is not None else None
            if isinstance(found, FunctionValue | ClassValue):
                yield found.path

    def members_of(self, value: ClassValue) -> dict[str, Value]:
        """Return a class's own members and those it inherits within the project."""
        found: dict[str, Value] = {}
        for owner in self.line_of(value):
            found = {**owner.members, **found}
        return found

    def attributes_of(self, value: ClassValue) -> set[str]:
        """Return the names that instances of a class have besides its members, by the look of it: its fields, and what its methods set."""
        found: set[str] = set()
        for owner in self.line_of(value):
            found.update(name for field in owner.fields if (name := field.strip("*-=?")))
            for method in self.world.programs.functions(owner.path).values():
                if method.owner == owner.name and method.entry and isinstance(method.entry[0], Bind):
                    found.update(set_by(method.entry[0].name, method.text))
        return found

    def is_enumeration(self, value: ClassValue, depth: int = 0) -> bool:
        """Tell whether a class derives from `enum.Enum`: before Python 3.12 such a class words a missing member in its own way."""
        owners = [self.force(base) for base in value.bases if base is not None]
        if any(isinstance(owner, External) and owner.name.startswith("enum.") for owner in owners):
            return True
        return depth < 10 and any(isinstance(owner, ClassValue) and self.is_enumeration(owner, depth + 1) for owner in owners)

    def is_put(self, name: str, path: RepoPath) -> bool:
        """Tell whether a file may put something else in the place of an attribute: by an assignment, or by a patch that names it."""
        found = self._put.get((name, path))
        if found is None:
            source = self.world.programs.source(path) or b""
            put = name.encode() in source and any(one.search(source) is not None for one in (assigning(name), patching(name)))
            found = self._put[name, path] = put
        return found

    def method_of(self, owner: ClassValue, name: str) -> Value | None:
        """Return what a class, or the nearest of its bases in the project that has it, has by a name."""
        return next((one.members[name] for one in self.line_of(owner) if name in one.members), None)

    def line_of(self, owner: ClassValue) -> tuple[ClassValue, ...]:
        """Return a class and the classes of the project that it derives from."""
        found = {id(owner): owner}
        waiting = [owner]
        while waiting:
            bases = (self.force(base) for base in waiting.pop().bases if base is not None)
            fresh = [base for base in bases if isinstance(base, ClassValue) and id(base) not in found]
            found.update((id(base), base) for base in fresh)
            waiting += fresh
        return tuple(found.values())

    def brought_to(self, owner: ClassValue) -> set[str]:
        """Return the names that a class has from bases outside the project, as far as those are known."""
        bases = {self.force(base) for one in self.line_of(owner) for base in one.bases if base is not None}
        known = [brought for base in bases if isinstance(base, External) and (brought := brought_by(base.name)) is not None]
        return set().union(*(one.has for one in known))

    def lost(self, owner: ClassValue, name: str) -> bool:
        """Tell whether a class, or one it derives from, had a member and does not any more: what it never had, its heirs bring."""
        return any(f"{one.name}.{name}" in self.world.unbound.get(one.path, ()) for one in self.line_of(owner))

    def has_lost(self, value: Value) -> bool:
        """Tell whether a thing is a class, an instance or a module that lost something, or takes less than it did."""
        holder = value.of if isinstance(value, Instance) else value
        if isinstance(holder, ClassValue):
            lost = (name for one in self.line_of(holder) for name in self.world.unbound.get(one.path, ()) if name.startswith(f"{one.name}."))
            return next(lost, None) is not None or (holder.path, holder.name) in self.world.narrowed
        if isinstance(holder, FunctionValue):
            return (holder.path, holder.key) in self.world.broken or (holder.path, holder.name) in self.world.narrowed
        return isinstance(holder, ModuleValue) and holder.path in self.world.unbound

    def may_hide(self, owner: ClassValue, name: str) -> bool:
        """Tell whether a class has a name that it does not show only where something brings it that is not known: a base from outside, a decorator, a
        metaclass. It does show it where its file, or that of a decorator, still says the name, or gives and serves names that are computed.
        """
        line = self.line_of(owner)
        if any(name in one.members for one in line) or self.may_set(owner, name, decorated=False):
            return False
        losing = [one for one in line if f"{one.name}.{name}" in self.world.unbound.get(one.path, ())] or [owner]
        losing = [one for one in losing if all(other is one or other not in self.line_of(one) for other in losing)]  # an heir loses what its base does
        places = {path for one in losing for path in (one.path, *self._decorating(one))}
        if any(says(self.world.programs.source(path) or b"", name) for path in places):
            return False
        bases = [self.force(base) if base is not None else None for one in line for base in one.bases]
        outside = [brought_by(base.name) if isinstance(base, External) else None for base in bases if not isinstance(base, ClassValue)]
        if any(brought is not None and name in brought.may_have for brought in outside):
            return False
        return None in outside or any(one.open or self._may_add(one) for one in line)

    def met_by(self, raised: Raised, receiver: ClassValue) -> Raised | None:
        """Return what an exception of a method is where the method is called on an heir: none where that has what the class lacks."""
        if raised.event.lacking is None or not any(one is raised.event.lacking[0] for one in self.line_of(receiver)):
            return raised
        owner, name = raised.event.lacking
        if owner is receiver:
            return raised
        if self.member(receiver, name) is not None or self.may_set(receiver, name):
            return None
        text = raised.text.replace(repr(owner.name.rpartition(".")[2]), repr(receiver.name.rpartition(".")[2]), 1)
        return Raised(raised.kind, text, raised.event, raised.trace, certain=raised.certain, left=raised.left, via=raised.via, called=raised.called)

    def may_set(self, owner: ClassValue, name: str, depth: int = 0, *, decorated: bool = True) -> bool:
        """Tell whether an instance may have a name that its class lacks: some method sets it, or `__getattr__` serves it; a decorator, too, unless
        only what is to be seen counts.
        """
        if "__getattr__" in owner.members or "__getattribute__" in owner.members or any(field.strip("*-=") == name for field in owner.fields):
            return True
        if decorated and self._may_add(owner):
            return True
        key = owner.path, owner.name.partition(".")[0], name
        if key not in self._set:
            methods = (one for one in self.world.programs.functions(owner.path).values() if one.owner.partition(".")[0] == key[1])
            self._set[key] = any(sets(method, name) for method in methods)
        if self._set[key]:
            return True
        bases = [self.force(base) for base in owner.bases if base is not None]
        return depth < 10 and any(isinstance(base, ClassValue) and self.may_set(base, name, depth + 1, decorated=decorated) for base in bases)

    def may_have(self, value: Instance, name: str, frame: Frame) -> bool:
        """Tell whether an instance may have a name that its class lacks: from its methods, or from who assigns it where it is asked for or made."""
        if self.may_set(value.of, name) or (value.below and self._may_heir_have(value.of, name)):
            return True
        return self._is_assigned(value, name, frame)

    def _is_assigned(self, value: Instance, name: str, frame: Frame) -> bool:
        places = {value.of.path, frame.module.path, value.place or frame.module.path}
        assigned = configuring(name) if value.mock else assigning(name)
        return any(assigned.search(self.world.programs.source(place) or b"") for place in places)

    def _may_heir_have(self, owner: ClassValue, name: str) -> bool:
        return any(self.member(value, name) is not None or self.may_set(value, name) for value in self._heirs(owner))

    def _heirs(self, owner: ClassValue) -> Iterator[ClassValue]:
        """Yield the classes that derive from one, as far as they are known by now."""
        known = [value for module in tuple(self.loaded.values()) for value in tuple(module.names.values()) if isinstance(value, ClassValue)]
        return (value for value in known if value is not owner and any(one is owner for one in self.line_of(value)))

    def class_of(self, value: Instance, path: Path) -> ClassValue | None:
        """Return the class of what a path stands for; None where it may be one of an heir, as `self` is."""
        if not value.sure or value.mock or value.below or (path == ("self",) and next(self._heirs(value.of), None) is not None):
            return None
        return value.of

    def _may_get(self, owner: ClassValue, name: str, frame: Frame, *, below: bool) -> bool:
        """Tell whether a class may have an attribute that it never had in its body: an heir brings it, an annotation announces it, somebody assigns it."""
        announced = any(field.strip("*-=") == name for field in owner.fields)
        sources = () if below or announced else (self.world.programs.source(path) or b"" for path in (owner.path, frame.module.path))
        assigned = assigning(name)
        return (below or announced or any(assigned.search(source) for source in sources)) and not self.lost(owner, name)

    def _sets_on_class(self, owner: ClassValue, name: str, depth: int = 0) -> bool:
        """Tell whether a class method of a class, or of its bases, sets an attribute of the class."""
        for function in self.world.programs.functions(owner.path).values():
            if function.owner == owner.name and name in function.text and sets(function, name, {"cls"}):
                return True
        bases = [self.force(base) for base in owner.bases if base is not None]
        return depth < 10 and any(isinstance(base, ClassValue) and self._sets_on_class(base, name, depth + 1) for base in bases)
