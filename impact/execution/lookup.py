"""What paths stand for while a program runs, through modules, classes and instances; and the failures that come of it when a part is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

from impact.execution.brought import brought_by
from impact.execution.namespaces import Namespaces
from impact.execution.values import (
    Absent,
    Caught,
    ClassValue,
    Data,
    Event,
    External,
    FunctionValue,
    Instance,
    Lazy,
    ModuleValue,
    Part,
    Raised,
    Result,
    Row,
    Several,
    Value,
)
from impact.execution.world import Frame, World
from impact.names import RepoPath
from impact.programs.blocks import statements_of
from impact.programs.functions import body_of, gives_nothing
from impact.programs.program import ANY, ROW, WITHIN, Bind, Function, Path, SetAttribute
from impact.report import Link, ReferenceKind

_TOOLS = frozenset({"import_module", "importorskip", "mock", "patch", "skip"})
# Decorators after which a class has the members that it had, and its instances what the fields say.
_ADDING_NOTHING = frozenset({
    "attr.define", "attr.frozen", "attr.mutable", "attr.s", "attrs.define", "attrs.frozen", "attrs.mutable", "dataclasses.dataclass", "enum.unique",
    "functools.total_ordering", "typing.final", "typing.runtime_checkable", "typing_extensions.final", "zope.interface.implementer",
})  # fmt: skip
_ADDING_NOTHING_OF = ("pytest.mark.", "unittest.mock.patch", "unittest.skip", "mock.patch")
# As `assigning` has it, for any name.
_ASSIGNED = re.compile(rb"(?<!\bself)(?<!\bcls)\.([A-Za-z_\x80-\xff][\w\x80-\xff]*)(?=\s*(?::[^=\n]+)?=(?!=))")
# What a function needs to bind names in a module that calls it.
_FILLS = re.compile(rb"\b(?:globals|vars|setattr|exec|modules|__dict__|__setattr__|_getframe|f_globals|currentframe|stack|import_module|__import__)\b")
# How the last part of a path begins that is no name.
_MADE = frozenset("([{#*")
_SELVES = frozenset({"self", "cls", "obj", "instance"})


class Lookup(Namespaces):
    """Looks names up: paths through modules, classes and instances."""

    def __init__(self, world: World, suspects: set[RepoPath], *, strict: bool = False) -> None:
        super().__init__(world, suspects, strict=strict)
        self._put: dict[tuple[str, RepoPath], bool] = {}
        self._set: dict[tuple[RepoPath, str, str], bool] = {}

    def settle(self, value: Value) -> Value:
        """Return what a value is that nobody had to know before."""
        raise NotImplementedError

    def property_given(self, function: FunctionValue, receiver: Instance) -> Value | None:
        """Return what a property gives, None where that is not known, or it is none."""
        raise NotImplementedError

    def attribute_given(self, owner: ClassValue, name: str) -> Value | None:
        """Return what an attribute of an instance holds that its methods give it; None where that is not evident."""
        raise NotImplementedError

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
                    found.update(_set_by(method.entry[0].name, method.text))
        return found

    def is_enumeration(self, value: ClassValue, depth: int = 0) -> bool:
        """Tell whether a class derives from `enum.Enum`: before Python 3.12 such a class words a missing member in its own way."""
        owners = [self.force(base) for base in value.bases if base is not None]
        if any(isinstance(owner, External) and owner.name.startswith("enum.") for owner in owners):
            return True
        return depth < 10 and any(isinstance(owner, ClassValue) and self.is_enumeration(owner, depth + 1) for owner in owners)

    def quiet(self, path: Path, frame: Frame) -> Value | None:
        """Return what a path stands for as far as that is known, without failing."""
        if len(path) > 1 and path[-1][:1] in _MADE:
            return self._made(path, frame)
        if path[0] == ROW:
            parts = (tuple(one.split(WITHIN)) if one else None for one in path[1:])
            return Row(tuple(self.quiet(one, frame) if one is not None and not self.is_either(one, frame) else None for one in parts))
        value = self.root(path[0], frame)
        if value is None:
            return External(path[0]) if len(path) == 1 else None
        for depth, name in enumerate(path[1:], 1):
            value = self.step(value, name, path, depth, frame)
            if value is None:
                return None
        return self.force(value) if path[-1] in self.world.words else value

    def _made(self, path: Path, frame: Frame) -> Value | None:
        """Return what stands for a call of something, for several of a thing, or for one of several."""
        value = self.quiet(path[:-1], frame)
        if isinstance(value, Lazy) and (value.name in self.world.words or value.name in self.world.narrower):
            value = self.force(value)
        match path[-1], value:
            case "()", ClassValue():
                return Instance(value)
            case "()", FunctionValue() | Lazy() | Part() | Result():
                return Result(value, self.quiet(path[:-2], frame) if len(path) > 2 else None)
            case "[]", value if value is not None:
                return Several(value)
            case "{}", value if value is not None:
                return Several(value, keyed=True)
            case how, Instance() | Part() | Result():
                return Result(Part(value, how, frame.module.path))
            case how, value if value is not None:
                return self.taken(value, how)
        return None

    def taken(self, value: Value, how: str) -> Value | None:
        """Return what an index, a loop or an assignment to several names takes from a sequence or table; None where that is not evident."""
        match how[0], value:
            case "#", Several(one=one):
                return one
            case "*", Several(one=one, keyed=False):
                return one
            case "#" | "*", Row(items=items):
                number = int(how[1:])
                return items[number] if -len(items) <= number < len(items) else None
        match how, value:
            case "[0]", Several(one=one):
                return one
            case "[*]", Several(one=one, keyed=False):
                return one
            case "[*]", Row(items=items):  # one is enough for a test to fail
                return next((one for one in items if one is not None and self.has_lost(self.settle(one))), None)
            case "{*}", Several(one=one, keyed=True):
                return one
            case "[:]", Several(keyed=False):
                return value
        return None

    def _is_trusted(self, path: Path, rest: Path, frame: Frame) -> bool:
        return self.world.words.isdisjoint(rest) and (frame.function or not self.world.anew(frame.module.path, path[: len(path) - len(rest) + 1], False))

    def _matters(self, path: Path) -> bool:
        """Tell whether a path may lead to what is gone, or takes less."""
        return not (self.world.words.isdisjoint(path) and self.world.narrower.isdisjoint(path))

    def is_put(self, name: str, path: RepoPath) -> bool:
        """Tell whether a file may put something else in the place of an attribute: by an assignment, or by a patch that names it."""
        found = self._put.get((name, path))
        if found is None:
            source = self.world.programs.source(path) or b""
            put = name.encode() in source and any(one.search(source) is not None for one in (assigning(name), _patching(name)))
            found = self._put[name, path] = put
        return found

    def gives_nothing(self, value: FunctionValue) -> bool:
        """Tell whether a call of a function gives None, whatever it is handed."""
        function = self.world.programs.functions(value.path).get(value.key)
        return function is not None and gives_nothing(self.world.programs.source(value.path) or b"", function)

    def stands_for(self, value: Value) -> Value:
        """Return the instance that a module has put in its own place, anything else as it is."""
        made = self.settle(value.instead) if isinstance(value, ModuleValue) and value.instead is not None else None
        return made if isinstance(made, Instance) else value

    def is_busy(self, module: ModuleValue) -> bool:
        """Tell whether a module calls functions as it runs which may fill its namespace: making an instance does not, nor a function whose file says no word
        of what reaches the namespace of others.
        """
        module.busy = [value for value in module.busy if self._may_fill(self.force(value))]
        return bool(module.busy)

    def _may_fill(self, value: Value) -> bool:
        if isinstance(value, FunctionValue):
            return _FILLS.search(self.world.programs.source(value.path) or b"") is not None
        return not isinstance(value, ClassValue)

    def is_set_elsewhere(self, path: Path, frame: Frame) -> bool:
        """Tell whether another function of a file assigns to an attribute by that very path: a fixture, `setUp`, another test."""
        assigned = _setting(".".join(path))
        own = frame.runs.text.encode() if frame.runs is not None else b""
        return len(assigned.findall(self.world.programs.source(frame.module.path) or b"")) > len(assigned.findall(own))

    def step(self, value: Value, name: str, path: Path, depth: int, frame: Frame) -> Value | None:
        """Return what one more part of a path stands for, None where its owner certainly lacks it."""
        rest = path[depth:]
        if self._matters(rest):
            value = self.stands_for(self.settle(value))
        match value:
            case Lazy(module=module, name=owner_name):
                forced = self.tool(value)
                if isinstance(forced, External):
                    return External(f"{forced.name}.{name}")
                return Data(module.path, f"{owner_name}.{name}")
            case ModuleValue(is_stable=True) if self._is_trusted(path, rest, frame):
                child = self.world.modules.child(value.location, name)
                return self.provide(child, f"{value.name}.{name}") if child is not None else Lazy(value, name)
            case ModuleValue():
                return self.attribute(value, name)
            case Absent() if not hasattr(None, name):
                return None
            case ClassValue():
                found = self.member(value, name)
                # What a class method is called on may be a class below; what is announced by an annotation, somebody sets.
                below = depth == 1 and frame.function and path[0] == "cls"
                if found is None and self._matters(rest[1:]) and (given := self.attribute_given(value, name)) is not None:
                    return given
                if found is None and (self._sets_on_class(value, name) or self._may_get(value, name, frame, below=below)):
                    return Data(value.path, f"{value.name}.{name}")
                return found
            case Instance(through=through) if any(self.is_put(one, frame.module.path) for one in through):
                return Data(frame.module.path, name)
            case Instance(of=owner, place=place):
                found = self.member(owner, name)
                if isinstance(found, Data) and found.none and self._matters(rest[1:]) and (given := self.attribute_given(owner, name)) is not None:
                    return given
                given = None
                if self._matters(rest[1:]) and isinstance(found, FunctionValue) and not value.mock:
                    given = self.property_given(found, value)
                elif self._matters(rest[1:]) and found is None and not self.is_put(name, frame.module.path):
                    given = self.attribute_given(owner, name)
                if given is not None:
                    return given
                if found is None and (name not in self.world.words or (path[0] == "self" and not self.lost(owner, name)) or self.may_have(value, name, frame)):
                    return Data(owner.path, f"{owner.name}.{name}") if value.mock or name in self.world.words else Part(value, name, frame.module.path)
                return Data(owner.path, f"{owner.name}.{name}") if value.mock and found is not None else found
            case External(name=dotted):
                return External(f"{dotted}.{name}")
            case Data(path=place, name=owner_name):
                return Data(place, f"{owner_name}.{name}")
            case Result() | Part():
                return Part(value, name, frame.module.path)
            case Absent():
                return Data(frame.module.path, f"None.{name}")
            case Caught(of=owner):
                return Instance(owner, below=True) if name in ("value", "exception") else Data(frame.module.path, name)
            case Several() | Row():
                return Data(frame.module.path, name)
            case FunctionValue():
                return Data(value.path, f"{value.name}.{name}")

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
        if any(_says(self.world.programs.source(path) or b"", name) for path in places):
            return False
        bases = [self.force(base) if base is not None else None for one in line for base in one.bases]
        outside = [brought_by(base.name) if isinstance(base, External) else None for base in bases if not isinstance(base, ClassValue)]
        if any(brought is not None and name in brought.may_have for brought in outside):
            return False
        return None in outside or any(one.open or self._may_add(one) for one in line)

    def doubts(self, value: Value, name: str, frame: Frame) -> bool:
        """Tell whether a class, or an instance, had a member that it may still have, and does not show."""
        value = self.stands_for(self.settle(value))
        owner = value.of if isinstance(value, Instance) else value
        if not isinstance(owner, ClassValue) or not self.lost(owner, name) or not self.may_hide(owner, name):
            return False
        return not isinstance(value, Instance) or not (value.below or value.through or self._is_assigned(value, name, frame))

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
        return Raised(raised.kind, text, raised.event, raised.trace, certain=raised.certain)

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
            self._set[key] = any(_sets(method, name) for method in methods)
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
        assigned = _configuring(name) if value.mock else assigning(name)
        return any(assigned.search(self.world.programs.source(place) or b"") for place in places)

    def _may_heir_have(self, owner: ClassValue, name: str) -> bool:
        known = [value for module in tuple(self.loaded.values()) for value in tuple(module.names.values()) if isinstance(value, ClassValue)]
        heirs = (value for value in known if value is not owner and any(one is owner for one in self.line_of(value)))
        return any(self.member(value, name) is not None or self.may_set(value, name) for value in heirs)

    def _may_get(self, owner: ClassValue, name: str, frame: Frame, *, below: bool) -> bool:
        """Tell whether a class may have an attribute that it never had in its body: an heir brings it, an annotation announces it, somebody assigns it."""
        announced = any(field.strip("*-=") == name for field in owner.fields)
        sources = () if below or announced else (self.world.programs.source(path) or b"" for path in (owner.path, frame.module.path))
        assigned = assigning(name)
        return (below or announced or any(assigned.search(source) for source in sources)) and not self.lost(owner, name)

    def _sets_on_class(self, owner: ClassValue, name: str, depth: int = 0) -> bool:
        """Tell whether a class method of a class, or of its bases, sets an attribute of the class."""
        for function in self.world.programs.functions(owner.path).values():
            if function.owner == owner.name and name in function.text and _sets(function, name, {"cls"}):
                return True
        bases = [self.force(base) for base in owner.bases if base is not None]
        return depth < 10 and any(isinstance(base, ClassValue) and self._sets_on_class(base, name, depth + 1) for base in bases)

    def tool(self, value: Value | None) -> Value | None:
        """Return what a value is where it may be a tool of testing that a helper of the project hands on."""
        return self.force(value) if isinstance(value, Lazy) and value.name in _TOOLS else value

    def canonical(self, path: Path, frame: Frame) -> str:
        """Return the dotted name of something outside the project that a path stands for, else the path as it is written."""
        value = self.tool(self.quiet(path, frame))
        return value.name if isinstance(value, External) else ".".join(path)

    def link(self, frame: Frame, line: int) -> Link:
        """Return a step of a chain: this frame's file, at a line."""
        return Link(frame.module.path, frame.module.name, line)

    def fail(self, frame: Frame, line: int, column: int, kind: ReferenceKind, target: str, exception: str, text: str) -> Raised:
        """Note a reference that fails in this frame, and return the exception to raise."""
        event = Event(frame.module.path, line, column, kind, target, text, frame.certain, frame.function, None, frame.after_failure)
        frame.module.events.append(event)
        return Raised(exception, text, event, (self.link(frame, line),), certain=frame.certain)

    def tolerate(self, frame: Frame, target: str) -> bool:
        """Tell whether a failure is to be passed over: always at base, where it is likelier that we do not see how it works, and then at head."""
        key = frame.module.path, target
        if self.world.is_base:
            self.world.tolerated.add(key)
            return True
        return key in self.world.tolerated


@lru_cache(maxsize=1000)
def assigning(name: str) -> re.Pattern[bytes]:
    """Return the pattern of an assignment to an attribute of a name, but for what methods call themselves and their class."""
    dotted = rb"\." + re.escape(name.encode())  # first, as it is: so much faster is it found
    return re.compile(dotted + rb"(?<!\bself" + dotted + rb")(?<!\bcls" + dotted + rb")\s*(?::[^=\n]+)?=(?!=)")


def assigned_in(source: bytes) -> set[str]:
    """Return the names of the attributes that a source assigns: those that `assigning` finds there.

    >>> sorted(assigned_in(b"one.a = 1; one.b: int = 2; self.c = 3; one.d == 4"))
    ['a', 'b']
    """
    return {name.decode("utf-8", "replace") for name in _ASSIGNED.findall(source)}


@lru_cache(maxsize=1000)
def _setting(dotted: str) -> re.Pattern[bytes]:
    """Return the pattern of an assignment to what a dotted path stands for."""
    return re.compile(rb"(?<![\w.])" + re.escape(dotted.encode()) + rb"\s*(?::[^=\n]+)?=(?!=)")


@lru_cache(maxsize=256)
def _says(source: bytes, name: str) -> bool:
    """Tell whether a source says a name, or what gives or serves names that are computed."""
    words = (name.encode(), b"setattr", b"__getattr__", b"__getattribute__")
    return any(word in source and re.search(rb"\b" + re.escape(word) + rb"\b", source) is not None for word in words)


@lru_cache(maxsize=1000)
def _configuring(name: str) -> re.Pattern[bytes]:
    """Return the pattern of what gives a mock an attribute: an assignment, or a keyword or key of the call that makes or configures it."""
    return re.compile(rb"\b" + re.escape(name.encode()) + rb"(?:[\w.]*[\"']\s*:|\s*(?::[^=\n]+)?=(?!=))")


@lru_cache(maxsize=1000)
def _patching(name: str) -> re.Pattern[bytes]:
    """Return the pattern of a patch of an attribute (`patch.object(one, "x")`, `setattr(one, "x", …)`)."""
    return re.compile(rb"\b(?:object|setattr)\([^\n]*[\"']" + re.escape(name.encode()) + rb"[\"']")


def _sets(function: Function, name: str, selves: AbstractSet[str] = _SELVES) -> bool:
    """Tell whether a method may give its instance, or its class, a name."""
    if "__dict__" in function.text or "__setattr__" in function.text:
        return True
    if name not in function.text and "setattr" not in function.text:
        return False
    return any(
        isinstance(statement, SetAttribute) and len(statement.path) == 2 and statement.path[0] in selves and statement.path[1] in (name, ANY)
        for statement in statements_of(body_of(function))
    )


@lru_cache(maxsize=20_000)
def _set_by(own: str, text: str) -> frozenset[str]:
    """Return the attributes that the text of a method assigns to its instance, which it calls `own`; both ends have most methods alike."""
    return frozenset(re.findall(rf"\b{own}\.(\w+)\s*(?::[^=\n]+)?=(?!=)", text)) if "=" in text else frozenset()
