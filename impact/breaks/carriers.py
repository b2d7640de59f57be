"""By which names others come to what fails: the own one of a function or a class, others that it is bound to, heirs, instances, makers of instances,
functions that a decorator put another in the place of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from impact.breaks.inquiry import Inquiry
from impact.execution.values import ClassValue, FunctionValue, Instance, Lazy, ModuleValue, Result, Row, Several, Value
from impact.execution.world import Frame
from impact.names import RepoPath
from impact.programs.program import Function

# A decorator with arguments hands out a decorator, and that what takes the place of a function.
_LAYERS = 2


@dataclass
class Carriers:
    """Finds names."""

    inquiry: Inquiry
    broken_classes: set[tuple[RepoPath, str]] = field(default_factory=set)
    names: set[tuple[RepoPath, str]] = field(default_factory=set)
    """The names, by file, by which a method that fails is met though it is not of that name: heirs of its class, instances, makers of instances."""
    _met: dict[tuple[RepoPath, str], set[str]] = field(default_factory=dict)

    def note_overridden(self, module: ModuleValue, function: Function) -> Iterator[RepoPath]:
        """Note, of a method that fails, the methods of the bases of its class that it overrides; yield the files of those that were not known."""
        owner = self.inquiry.after.quiet(tuple(function.owner.split(".")), Frame(module)) if function.owner else None
        for one in self.inquiry.after.line_of(owner)[1:] if isinstance(owner, ClassValue) else ():
            if function.name in one.members and isinstance(owner, ClassValue):
                heirs = self.inquiry.head_world.overridden.setdefault((one.path, one.name, function.name), set())
                if (owner.path, owner.name) not in heirs:
                    heirs.add((owner.path, owner.name))
                    yield one.path

    def met_by(self, path: RepoPath, function: Function, *, is_test: bool) -> Iterator[str]:
        """Yield the names by which others come to a function that fails: its own, and its class; a test's own name nobody calls, but its class has heirs."""
        if function.owner:
            self.broken_classes.add((path, function.owner))
            self.inquiry.head_world.failing.setdefault((path, function.owner), set()).add(function.name)
            yield function.owner.rpartition(".")[2]
        if not (is_test and function.name.startswith("test")):
            yield function.name

    def supplied(self) -> Iterator[tuple[RepoPath, set[str]]]:
        """Yield the files of classes whose constructor was newly handed an instance with a method that fails, with the names of these classes and of their
        methods that may come to that.
        """
        execution = self.inquiry.after
        for (path, name), failing in tuple(execution.supplied.items()):
            module = execution.loaded.get(path)
            owner = execution.quiet(tuple(name.split(".")), Frame(module)) if isinstance(module, ModuleValue) else None
            for one in execution.line_of(owner) if isinstance(owner, ClassValue) else ():
                methods = [method for method in self.inquiry.head_world.programs.functions(one.path).values() if method.owner == one.name]
                wanted = set(failing)
                for _ in methods:
                    found = {method.name for method in methods if method.mentions(frozenset(wanted))}
                    if found <= wanted:
                        break
                    wanted |= found
                fresh = (wanted - failing) - self._met.get((one.path, one.name), set())
                if fresh:
                    self._met.setdefault((one.path, one.name), set()).update(fresh)
                    self.broken_classes.update({(path, name), (one.path, one.name)})
                    yield path, {name.rpartition(".")[2], *fresh}

    def carrying(self, module: ModuleValue) -> Iterator[str]:
        """Yield the names of a module by which what fails is newly met: other names of functions and classes, classes that inherit a method, instances,
        functions that make one.
        """
        execution = self.inquiry.after
        if not (self.inquiry.head_world.broken or self.inquiry.head_world.conditional):
            return
        words = frozenset(name.rpartition(".")[2] for _, name in self.broken_classes)
        for name, bound in tuple(execution.names(module).items()):
            value = execution.force(bound) if isinstance(bound, Lazy) and bound.name in self.inquiry.words else bound
            yield from self._as_another(value, name, module)
            owner = self._class_of(value, module, words)
            if owner is None or (module.path, name) in self.names or (owner is value and (owner.path, owner.name) in self.broken_classes):
                continue
            if not self.broken_classes.isdisjoint((one.path, one.name) for one in execution.line_of(owner)):
                self.names.add((module.path, name))
                if owner is value:
                    self.broken_classes.add((owner.path, owner.name))
                yield name

    def _as_another(self, value: Value, name: str, module: ModuleValue) -> Iterator[str]:
        """Yield a name of a module, and those of the members of a class there, by which something is newly met that fails and is not of that name."""
        fails = self._fails_as_another(value, name) or self._hands_out_what_fails(value) or self._is_wrapped(value, module)
        if fails and (module.path, name) not in self.names:
            self.names.add((module.path, name))
            yield name
        if isinstance(value, ClassValue) and value.path == module.path:
            for own, member in value.members.items():
                held = self.inquiry.after.force(member) if isinstance(member, Lazy) and member.name in self.inquiry.words else member
                if self._fails_as_another(held, own) and (module.path, f"{name}.{own}") not in self.names:
                    self.names.add((module.path, f"{name}.{own}"))
                    yield own

    def _fails_as_another(self, value: Value, name: str) -> bool:
        """Tell whether a name is not the own one of a function that fails, or of a class with a method that does."""
        match value:
            case FunctionValue(path=path, name=own, key=key):
                return own != name and (path, key) in self.inquiry.head_world.broken
            case ClassValue(path=path, name=own):
                return own.rpartition(".")[2] != name and (path, own) in self.broken_classes
            case Several(one=one):
                return self._fails_as_another(one, "")
            case Row(items=items):
                return any(one is not None and self._fails_as_another(one, "") for one in items)
            case Lazy(name=own) if own != name and own in self.inquiry.words:
                return self._fails_as_another(self.inquiry.after.force(value), name)
            case _:
                return False

    def _hands_out_what_fails(self, value: Value) -> bool:
        """Tell whether a function, a fixture perhaps, hands out another that fails: one that it made, or one that it names."""
        function = self.inquiry.head_world.programs.functions(value.path).get(value.key) if isinstance(value, FunctionValue) else None
        if function is None or not isinstance(value, FunctionValue) or not ("return" in function.text or "yield" in function.text):
            return False
        broken = self.inquiry.head_world.broken
        names = {own.name for path, key in broken if (own := self.inquiry.head_world.programs.functions(path).get(key)) is not None}
        given: Value | None = value if function.mentions(frozenset(names)) else None
        for _ in range(_LAYERS):
            given = self.inquiry.after.settle(Result(given)) if isinstance(given, FunctionValue) else None
            if isinstance(given, FunctionValue) and (given.path, given.key) in broken:
                return True
        return False

    def _is_wrapped(self, value: Value, module: ModuleValue) -> bool:
        """Tell whether a function of a module has one in its place that a decorator put there and that fails."""
        if not isinstance(value, FunctionValue) or value.path != module.path:
            return False
        return next(self.inquiry.after.wrapping(module, self.inquiry.head_world.programs.functions(value.path).get(value.key)), None) is not None

    def _class_of(self, value: Value, module: ModuleValue, words: frozenset[str]) -> ClassValue | None:
        """Return the class of a module that a value is, or is an instance of, or a function that makes one and names it; `words` are names of classes."""
        execution = self.inquiry.after
        match value:
            case ClassValue(path=module.path):
                return value
            case FunctionValue(path=module.path, key=key):
                function = self.inquiry.head_world.programs.functions(module.path).get(key)
                value = execution.settle(Result(value)) if function is not None and function.mentions(words) else value
            case Result(callee=ClassValue() | Lazy() as callee) if callee.name in words:
                value = execution.settle(value)
        return value.of if isinstance(value, Instance) else None
