"""What paths stand for while a program runs, through modules, classes and instances; and the failures that come of it when a part is missing."""

from __future__ import annotations

import re

from impact.execution.members import Members
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
from impact.execution.world import Frame
from impact.execution.written import setting
from impact.programs.functions import gives_nothing
from impact.programs.paths import ROW, WITHIN, Path
from impact.report import Link, ReferenceKind

# What a function needs to bind names in a module that calls it.
_FILLS = re.compile(rb"\b(?:globals|vars|setattr|exec|modules|__dict__|__setattr__|_getframe|f_globals|currentframe|stack|import_module|__import__)\b")
# How the last part of a path begins that is no name.
_MADE = frozenset("([{#*")


class Lookup(Members):
    """Looks names up: paths through modules, classes and instances."""

    def settle(self, value: Value) -> Value:
        """Return what a value is that nobody had to know before."""
        raise NotImplementedError

    def property_given(self, function: FunctionValue, receiver: Instance) -> Value | None:
        """Return what a property gives, None where that is not known, or it is none."""
        raise NotImplementedError

    def attribute_made(self, value: Instance, name: str) -> Value | None:
        """Return what an attribute of an instance holds that its constructor gives it for what that was handed; None where that is not evident."""
        raise NotImplementedError

    def attribute_given(self, owner: ClassValue, name: str) -> Value | None:
        """Return what an attribute of an instance holds that its methods give it; None where that is not evident."""
        raise NotImplementedError

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
        assigned = setting(".".join(path))
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
            case Instance() if name == "__class__":
                return self.class_of(value, path[:depth]) or Data(frame.module.path, name)
            case Instance(of=owner, place=place):
                found = self.member(owner, name)
                if isinstance(found, Data) and found.none and self._matters(rest[1:]) and (given := self.attribute_given(owner, name)) is not None:
                    return given
                given = None
                if value.made and found is None and self._matters(rest[1:]):
                    given = self.attribute_made(value, name)
                elif self._matters(rest[1:]) and isinstance(found, FunctionValue) and not value.mock:
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

    def doubts(self, value: Value, name: str, frame: Frame) -> bool:
        """Tell whether a class, or an instance, had a member that it may still have, and does not show."""
        value = self.stands_for(self.settle(value))
        owner = value.of if isinstance(value, Instance) else value
        if not isinstance(owner, ClassValue) or not self.lost(owner, name) or not self.may_hide(owner, name):
            return False
        return not isinstance(value, Instance) or not (value.below or value.through or self._is_assigned(value, name, frame))

    def link(self, frame: Frame, line: int) -> Link:
        """Return a step of a chain: this frame's file, at a line."""
        return Link(frame.module.path, frame.module.name, line)

    def fail(self, frame: Frame, line: int, column: int, kind: ReferenceKind, target: str, exception: str, text: str) -> Raised:
        """Note a reference that fails in this frame, and return the exception to raise."""
        event = Event(frame.module.path, line, column, kind, target, text, frame.certain, frame.function, None, frame.after_failure)
        frame.module.events.append(event)
        return Raised(exception, text, event, (self.link(frame, line),), certain=frame.certain, left=frame.left)

    def tolerate(self, frame: Frame, target: str) -> bool:
        """Tell whether a failure is to be passed over: always at base, where it is likelier that we do not see how it works, and then at head."""
        key = frame.module.path, target
        if self.world.is_base:
            self.world.tolerated.add(key)
            return True
        return key in self.world.tolerated
