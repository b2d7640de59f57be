"""What patches do while a function runs: they look up what they replace, and put something unknown in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from impact.execution.importing import Importing
from impact.execution.patching import Patch
from impact.execution.values import Absent, ClassValue, Data, Instance, ModuleValue, Raised, Value, catches
from impact.execution.world import Frame, World
from impact.modules import File, Portions
from impact.names import RepoPath
from impact.programs.program import (
    Call,
)
from impact.report import ReferenceKind


class Replacing(Importing):
    """Follows patches.

    `assigned` are the attributes that a function being called has set on modules and classes, with what they were: they go when it ends, or one
    test would mend the next. `replaced` are the names in modules that it patched and that nobody looked up.
    """

    def __init__(self, world: World, suspects: set[RepoPath], *, strict: bool = False) -> None:
        super().__init__(world, suspects, strict=strict)
        self.replaced: set[tuple[RepoPath, str]] = set()
        self.assigned: list[tuple[dict[str, Value], str, Value | None]] = []

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back, in the end, what a function does to modules and classes of others."""
        injected, replaced, assigned = set(self.injected), set(self.replaced), len(self.assigned)
        try:
            yield
        finally:
            self.injected, self.replaced = injected, replaced
            for names, name, value in reversed(self.assigned[assigned:]):
                if value is None:
                    names.pop(name, None)
                else:
                    names[name] = value
            del self.assigned[assigned:]

    def patched(self, patch: Patch, statement: Call, frame: Frame) -> None:
        """Resolve the target of a patch as the patching library does; what it says when it cannot is in `impact.execution.patching`."""
        if patch.target is not None:
            owner = self.resolve_by_name(patch, patch.target, statement, frame)
            owner = self.stands_for(owner) if owner is not None and not self.world.words.isdisjoint(patch.names) else owner
            where = patch.target
        else:
            assert patch.owner is not None  # one of the two is given
            owner = self.quiet(patch.owner, frame)
            owner = self.stands_for(self.settle(owner)) if owner is not None and not self.world.words.isdisjoint(patch.names) else owner
            where = ".".join(patch.owner)
        for name in patch.names:
            makes = patch.makes(name, in_module=isinstance(owner, ModuleValue))
            if makes or name in self.world.words:
                held = self.names(owner) if isinstance(owner, ModuleValue) else owner.members if isinstance(owner, ClassValue) else {}
                if makes and name not in held:
                    self.assign(held, name, Data(frame.module.path, name))
                    continue
            is_lost = isinstance(owner, ModuleValue | ClassValue) and name in self.world.words
            doubtful = is_lost and owner is not None and self.doubts(owner, name, frame)
            doubtful = doubtful or (isinstance(owner, ModuleValue) and (owner.path, name) in self.world.perhaps)
            if isinstance(owner, ModuleValue | ClassValue) and is_lost and (doubtful or self._lacks(owner, name)):
                target = f"{owner.name}:{name}" if isinstance(owner, ModuleValue) else f"{self.module_name(owner.path)}:{owner.name}.{name}"
                if self.tolerate(frame, target):
                    continue
                if isinstance(owner, ModuleValue):
                    loader = "(<_frozen_importlib_external.NamespaceLoader object>)"
                    kind, shown = "module", f"<module {owner.name!r} {loader if isinstance(owner.location, Portions) else f'from {owner.path!r}'}>"
                else:
                    kind, shown = "type", f"<class '{self.module_name(owner.path)}.{owner.name}'>"
                text = f"AttributeError: {patch.lacks.format(owner=shown, kind=kind, where=where, name=name)}"
                if (served := self.failing_service(owner, name)) is not None and not served.startswith("AttributeError"):
                    text = served  # a default stands in for an AttributeError alone
                uncertain = doubtful or (isinstance(owner, ModuleValue) and self.is_uncertain(owner, name))
                place = replace(frame, certain=False) if uncertain else frame
                raised = self.fail(place, statement.line, statement.column, ReferenceKind.STRING, target, text.partition(":")[0], text)
                if not uncertain:
                    raise raised
            elif isinstance(owner, Instance) and name in self.world.words and self.member(owner.of, name) is None and not self.may_have(owner, name, frame):
                shown = f"<{self.module_name(owner.of.path)}.{owner.of.name} object>"
                text = f"AttributeError: {patch.lacks.format(owner=shown, kind=owner.of.name, where=where, name=name)}"
                target = f"{self.module_name(owner.of.path)}:{owner.of.name}.{name}"
                if not self.tolerate(frame, target):
                    raise self.fail(frame, statement.line, statement.column, ReferenceKind.STRING, target, "AttributeError", text)
            elif isinstance(owner, ModuleValue | ClassValue):
                self._put_in_place(owner, name, Data(frame.module.path, name))

    def _put_in_place(self, owner: ModuleValue | ClassValue, name: str, value: Data) -> None:
        """Let something unknown stand for what is patched until the function ends, where it matters what was there."""
        if isinstance(owner, ClassValue):
            self.assign(owner.members, name, value)
            return
        child = self.world.modules.child(owner.location, name)
        losing = name in self.world.words or name in self.world.narrower or (isinstance(child, File) and child.path in self.world.unbound)
        if losing or not owner.is_stable:
            self.assign(self.names(owner), name, value)
        else:
            self.replaced.add((owner.path, name))

    def assign(self, names: dict[str, Value], name: str, value: Value) -> None:
        """Bind an attribute for as long as the function being called runs."""
        self.assigned.append((names, name, names.get(name)))
        names[name] = value

    def _lacks(self, owner: ModuleValue | ClassValue, name: str) -> bool:
        return (self.attribute(owner, name) if isinstance(owner, ModuleValue) else self.member(owner, name)) is None

    def resolve_by_name(self, patch: Patch, target: str, statement: Call, frame: Frame) -> Value | None:
        """Import as much of a dotted target as is a module, then go on by attributes (pkgutil.resolve_name)."""
        parts = target.split(".")
        value: Value | None = None
        for depth, part in enumerate(parts):
            done = ".".join(parts[: depth + 1])
            if depth and isinstance(value, ModuleValue) and self.world.modules.child(value.location, part) is None:
                return self._attributes(patch, value, parts[depth:], statement, frame)
            try:
                value = self.import_name(done, frame, statement, ReferenceKind.STRING)
            except Raised as raised:
                if not (isinstance(value, ModuleValue) and catches("ImportError", raised.kind)):
                    raise
                kind, text = patch.failing(value.name, part, raised.text.partition(": ")[2])
                raise Raised(kind, f"{kind}: {text}", raised.event, raised.trace, certain=raised.certain) from None
            if not isinstance(value, ModuleValue):
                return None
        return value

    def _attributes(self, patch: Patch, value: ModuleValue, parts: list[str], statement: Call, frame: Frame) -> Value | None:
        current: Value = value
        for part in parts:
            if part not in self.world.words and isinstance(current, ModuleValue) and part not in self.names(current):
                return None
            current = self.stands_for(current) if part in self.world.words else current
            if isinstance(current, Absent):
                return None
            found = self.step(current, part, tuple(parts), 0, frame)
            if found is None:
                current = self.force(current)
                assert isinstance(current, ModuleValue | ClassValue | Instance)  # nothing else is certain to lack a name
                if isinstance(current, Instance):
                    raise self._lacked_by(current, part, statement, frame)
                module = current.name if isinstance(current, ModuleValue) else self.module_name(current.path)
                target = f"{module}:{part}" if isinstance(current, ModuleValue) else f"{module}:{current.name}.{part}"
                if isinstance(current, ModuleValue) and self.expected(f"{module}.{part}", frame):
                    target = f"{module}.{part}"
                if self.tolerate(frame, target):
                    return None
                is_package = isinstance(current, ModuleValue) and not (isinstance(current.location, File) and current.location.package is None)
                kind, text = patch.missing(current.name, part, is_module=isinstance(current, ModuleValue), is_package=is_package)
                raise self.fail(frame, statement.line, statement.column, ReferenceKind.STRING, target, kind, f"{kind}: {text}")
            current = self.force(found)
        return current

    def _lacked_by(self, holder: Instance, name: str, statement: Call, frame: Frame) -> Raised:
        target = f"{self.module_name(holder.of.path)}:{holder.of.name}.{name}"
        text = f"AttributeError: {holder.of.name.rpartition('.')[2]!r} object has no attribute {name!r}"
        return self.fail(frame, statement.line, statement.column, ReferenceKind.STRING, target, "AttributeError", text)
