"""The namespaces of modules: what a name of one stands for, whether its program binds it, a submodule does, or its `__getattr__` (PEP 562)."""

from __future__ import annotations

from collections import defaultdict

from impact.execution.values import ClassValue, Data, External, Instance, Lazy, ModuleValue, Status, Value
from impact.execution.world import Frame, World
from impact.modules import Compiled, File, Location, Portions
from impact.names import RepoPath, parent_of
from impact.programs.paths import Path
from impact.programs.program import Served

# What every module has, whatever its program binds.
SPECIAL = frozenset(
    [
        "__name__",
        "__file__",
        "__doc__",
        "__path__",
        "__package__",
        "__spec__",
        "__loader__",
        "__dict__",
        "__all__",
        "__builtins__",
        "__cached__",
        "__class__",
        "__annotations__",
    ]
)


class Namespaces:
    """The modules of one snapshot, as an interpreter would hold them.

    `suspects` are the files to run; every other one is stable, and run only when it is looked into.
    """

    def __init__(self, world: World, suspects: set[RepoPath], *, strict: bool = False) -> None:
        self.world = world
        self.strict = strict
        self.suspects = suspects
        self.loaded: dict[object, ModuleValue] = {}
        self.led: dict[RepoPath, set[RepoPath]] = defaultdict(set)
        """The modules that were looked into and failed, by the files through which."""
        self.attached: dict[RepoPath, tuple[ModuleValue, str]] = {}
        """Where a module became an attribute of its package."""

    def run_module(self, value: ModuleValue) -> None:
        """Run a module's program; how that ends is in its status."""
        raise NotImplementedError

    def provide(self, location: Location, name: str) -> ModuleValue:
        """Return the module object of a location, made when it is first asked for; it is not run."""
        key: object = location.directories if isinstance(location, Portions) else location.path
        value = self.loaded.get(key)
        if value is None:
            path = location.directories[0] if isinstance(location, Portions) else location.path
            self.loaded[key] = value = ModuleValue(location, path, name)
            if not isinstance(location, File):
                value.status = Status.DONE
                value.open = isinstance(location, Compiled)
        return value

    def names(self, value: ModuleValue) -> dict[str, Value]:
        """Return the namespace of a module, running it first if it is stable and was never looked into."""
        if value.status is Status.STABLE:
            self.run_module(value)
            value.looked_into = True
            if value.failure is not None or value.skip is not None:
                # It fails the same way at both ends, as far as is known by now: not a matter of this change.
                for link in value.failure.trace if value.failure is not None else ():
                    self.led[RepoPath(link.path)].add(value.path)
                value.failure = value.skip = None
                value.open = True
            value.events.clear()
            value.fallbacks.clear()
        return value.names

    def attribute(self, value: ModuleValue, name: str) -> Value | None:
        """Return what a module's attribute stands for, None when the module lacks it (see `is_uncertain`)."""
        if isinstance(value.location, Compiled):
            return External(f"{value.name}.{name}")
        found = self.names(value).get(name)
        if found is not None:
            return found
        if name in SPECIAL:
            return Data(value.path, name)
        child = self.world.modules.child(value.location, name)
        if child is not None and (value.path, name) not in self.world.unattached:
            return self.provide(child, f"{value.name}.{name}")
        if name in value.served and value.status is not Status.RUNNING:
            return self._serve(value, value.served[name])
        if name in value.literals or (value.status is Status.RUNNING and name in value.bound_later and not self.strict):
            return Data(value.path, name)
        # A name that was lost somewhere is not taken for granted just because this module fills its namespace in ways we cannot follow.
        unfollowed = value.open or "__getattr__" in value.literals
        return Data(value.path, name) if unfollowed and name not in self.world.words else None

    def _serve(self, value: ModuleValue, served: Served) -> Value | None:
        """Return what a module `__getattr__` has from elsewhere, None where that is certainly not there."""
        name = self.server_of(value, served)
        location = self.world.modules.find(name, value.path)
        if location is None:
            return None if self.world.expects(name, value.path) else Data(value.path, served.name)
        owner = self._imported_from(location, name)
        if owner.failure is not None:
            return None
        if owner is value or owner.served:
            return Data(value.path, served.name)  # modules that have it from each other
        return self.attribute(owner, served.attribute)

    def _imported_from(self, location: Location, name: str) -> ModuleValue:
        """Return the module of a location, run if it is a suspect that was not run yet."""
        value = self.provide(location, name)
        if value.status is Status.STABLE and isinstance(location, File) and location.path in self.suspects:
            self.run_module(value)
        return value

    def server_of(self, value: ModuleValue, served: Served) -> str:
        """Return the absolute name of the module that a name is served from."""
        bare = served.module.lstrip(".")
        level = len(served.module) - len(bare)
        if not level:
            return bare
        package = value.name if isinstance(value.location, File) and value.location.package else parent_of(value.name)
        for _ in range(level - 1):
            package = parent_of(package)
        return ".".join(part for part in (package, bare) if part)

    def failing_service(self, owner: ModuleValue | ClassValue | Instance, name: str) -> str | None:
        """Return what a module `__getattr__` raises for a name that it cannot have from where it should; None where it has it from nowhere."""
        served = owner.served.get(name) if isinstance(owner, ModuleValue) else None
        if served is None or not isinstance(owner, ModuleValue):
            return None
        module = self.server_of(owner, served)
        parts = module.split(".")
        missing = next((one for end in range(1, len(parts) + 1) if self.world.modules.find(one := ".".join(parts[:end]), owner.path) is None), None)
        if missing is not None:
            return f"ModuleNotFoundError: No module named {missing!r}"
        location = self.world.modules.find(module, owner.path)
        if location is not None and (failure := self._imported_from(location, module).failure) is not None:
            return failure.text
        if served.imports:
            return f"ImportError: cannot import name {served.attribute!r} from {module!r}"
        return f"AttributeError: module {module!r} has no attribute {served.attribute!r}"

    def is_uncertain(self, value: ModuleValue, name: str = "") -> bool:
        """Tell whether a module may serve a name that its program does not bind: by `__getattr__` (PEP 562), `globals()`, a star import."""
        return ("__getattr__" in value.literals or value.open) and (value.path, name) not in self.world.unserved

    def root(self, name: str, frame: Frame) -> Value | None:
        """Return what a plain name stands for in a frame, None when it is not bound."""
        for names in (frame.local, frame.enclosing):
            if names is not None and name in names:
                return names[name]
        return self.names(frame.module).get(name) if frame.module.status is not Status.RUNNING else frame.module.names.get(name)

    def force(self, value: Value) -> Value:
        """Return what a name of a stable module stands for."""
        seen: set[Lazy] = set()
        while isinstance(value, Lazy):
            if value in seen:
                return Data(value.module.path, value.name)  # modules that have it from each other
            seen.add(value)
            value = self.attribute(value.module, value.name) or Data(value.module.path, value.name)
        return value

    def module_name(self, path: RepoPath) -> str:
        """Return the name under which a file was imported, or would be."""
        loaded = self.loaded.get(path)
        return loaded.name if loaded is not None else self.world.modules.name_of(path)

    def bindings(self, frame: Frame) -> dict[str, Value]:
        """Return the names that a statement in this frame binds into."""
        return frame.module.names if frame.local is None else frame.local

    def either(self, frame: Frame) -> set[str]:
        """Return those of these names that hold one of several things."""
        return frame.module.either if frame.local is None else frame.either

    def put(self, name: str, value: Value, frame: Frame, *, either: bool = False) -> None:
        """Bind a name; `either`: the value is one of several that it may have."""
        self.bindings(frame)[name] = value
        if frame.local is None:
            frame.module.perhaps.discard(name)
        (self.either(frame).add if either else self.either(frame).discard)(name)

    def is_either(self, path: Path, frame: Frame) -> bool:
        """Tell whether a name on a path, of the frame or of a module on the way, holds one of several things."""
        is_local = frame.local is not None and path[0] in frame.local
        if path[0] in (frame.either if is_local else frame.module.either):
            return True
        value = self.root(path[0], frame)
        for name in path[1:]:
            if not isinstance(value, ModuleValue):
                return False
            if name in value.either:
                return True
            value = self.attribute(value, name)
        return False
