"""What Python does when a file is imported, played on the programs of one snapshot: names bound, names missed, exceptions on their way.

Nothing of the analysed project runs. Statements are taken in order; a condition nobody can decide runs both ways, and what fails there
is possible, not certain. What lies outside the project is taken to be there.

Only *suspects* are run: the files that the change can reach. Every other file does at head what it did at base, so it is stable: it
counts as imported, and is looked into only when somebody asks for one of its names.

The rules are those of the Python reference ("The import system", "Execution model") and of pytest's documentation of skipping.

NOTE: a cycle of imports is played leniently: a name that a module binds later than it is asked for counts as bound.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from impact.modules import Compiled, File, Location, Modules, Portions
from impact.names import RepoPath, parent_of
from impact.patching import Patch, find_patch
from impact.program import (
    INSTANCE,
    RESULT,
    Bind,
    Block,
    Branch,
    Call,
    ClassDef,
    Define,
    Exports,
    FromImport,
    Function,
    Handler,
    Import,
    Inject,
    Leave,
    Load,
    Loop,
    Open,
    Path,
    Plugins,
    Program,
    Raise,
    Statement,
    Try,
    Unbind,
    With,
    statements_of,
)
from impact.report import Link, ReferenceKind
from impact.values import ClassValue, Data, Event, External, Fallback, FunctionValue, Instance, Lazy, ModuleValue, Raised, Skip, Status, Value, catches

_SPECIAL = frozenset(
    "__name__ __file__ __doc__ __path__ __package__ __spec__ __loader__ __dict__ __all__ __builtins__ __cached__ __class__ __annotations__".split()
)
_BUILTINS = frozenset(dir(builtins))
_MAX_DEPTH = 300
_MAX_CALLS = 4
_SKIP_TYPES = frozenset({"unittest.SkipTest", "unittest.case.SkipTest", "pytest.skip.Exception", "_pytest.outcomes.Skipped"})
_EXPECTS = frozenset({"pytest.raises", "_pytest.python_api.raises"})
_ENDS = frozenset({"pytest.fail", "pytest.exit", "pytest.xfail", "sys.exit"})
_PARTIAL = "cannot import name {name!r} from partially initialized module {module!r} (most likely due to a circular import)"


class Programs(Protocol):
    """Gives the programs of one snapshot."""

    def module(self, path: RepoPath) -> Program | None:
        """Return what importing a file runs, None when the file could not be read."""

    def functions(self, path: RepoPath) -> Mapping[str, Function]:
        """Return the functions of a file by key."""

    def source(self, path: RepoPath) -> bytes | None:
        """Return the source of a file, None when it could not be read."""


@dataclass
class World:
    """One snapshot, ready to be run.

    `expects(name, importer)` tells whether the other end provides a dotted name to that importer: where it does, the name is the
    project's own and its absence here is a fact; where it does not, it may come with an installed distribution.
    `anew(file, statement, in_function)` tells whether a file did not hold a statement at base: only then can it ask a stable module for a name it never had.
    `words` holds the last parts of all names known to be gone: where a path mentions none of them, nothing has to be looked into.
    `generated(name)` tells whether a module that is not in Git may well be there at run time: built, or ignored by Git on purpose.
    `unbound` holds the names that a file no longer binds: in a function, no other plain name is missed.
    `tolerated` holds what failed at base in a way that is likelier our ignorance than the project's: it is no news at head.
    """

    modules: Modules
    programs: Programs
    python: tuple[int, int]
    expects: Callable[[str, RepoPath], bool]
    is_base: bool
    anew: Callable[[RepoPath, FromImport | Path, bool], bool]
    words: set[str]
    generated: Callable[[str], bool]
    unbound: Mapping[RepoPath, frozenset[str]]
    tolerated: set[tuple[RepoPath, str]] = field(default_factory=set)


@dataclass
class Frame:
    """Where statements run: the module, the local names of a class or function body, and how sure we are to get here."""

    module: ModuleValue
    local: dict[str, Value] | None = None
    enclosing: dict[str, Value] | None = None
    certain: bool = True
    handling: Raised | None = None
    result: Value | None = None
    function: bool = False
    after_failure: bool = False
    external: bool = False


class Execution:
    """The modules of one snapshot as an interpreter would hold them.

    `suspects` are the files to run; `before(path)` is called ahead of each. `broken` holds the functions that are known to fail when called.
    """

    def __init__(self, world: World, suspects: set[RepoPath], *, before: Callable[[RepoPath], None] | None = None) -> None:
        self.world = world
        self.suspects = suspects
        self.broken: dict[tuple[RepoPath, str], Raised] = {}
        self._before = before
        self._calls = 0
        self.loaded: dict[object, ModuleValue] = {}
        self.injected: set[str] = set()
        self._depth = 0

    # Importing

    def import_file(self, path: RepoPath, name: str) -> ModuleValue:
        """Import a file under a name that is known to be its own, packages above it first. Never raises: see the module's `failure`."""
        package = path.endswith("/__init__.py")
        value = self._provide(File(path, RepoPath(path[: -len("/__init__.py")]) if package else None), name)
        if value.status is Status.STABLE:
            self._run(value)
        return value

    def rerun(self, path: RepoPath) -> None:
        """Forget a file, so that it is run afresh when it is asked for again."""
        self.loaded.pop(path, None)

    def import_name(self, name: str, frame: Frame, statement: Import | FromImport | Call, kind: ReferenceKind) -> Value:
        """Import a dotted name as the import statement does, one part after the other; return the last module.

        Raises Raised when a part is not found or fails.
        """
        if name in self.injected:
            return External(name)
        location: Location | None = None
        value: Value | None = None
        done = ""
        for part in name.split("."):
            whole = f"{done}.{part}" if done else part
            if whole in self.injected:
                return External(name)
            parent = value if isinstance(value, ModuleValue) else None
            location = self.world.modules.top(part, frame.module.path) if not done else self.world.modules.child(location, part) if location else None
            if isinstance(location, Portions) and not done and part in sys.stdlib_module_names:
                return External(name)
            if location is None:
                # A top-level name that neither end provides is an installed distribution; below a bare directory, so may be the rest.
                elsewhere = not done or (parent is not None and isinstance(parent.location, Portions) and not self._is_closed(name, frame))
                if elsewhere and not self._expected(name, frame):
                    return External(name)
                if (self.world.generated(part) or self.world.modules.is_weak(name, frame.module.path)) and not self._expected(name, frame):
                    return External(name)
                raise self._not_found(whole, parent, frame, statement, kind)
            value = self._load(location, whole, parent, frame, statement)
            done = whole
        assert value is not None  # a name has at least one part
        return value

    def _is_closed(self, name: str, frame: Frame) -> bool:
        """Tell whether a bare directory lies below a regular package, so that no distribution can add to it (PEP 420)."""
        return isinstance(self.world.modules.top(name.partition(".")[0], frame.module.path), File)

    def _expected(self, name: str, frame: Frame) -> bool:
        return self.world.expects(name, frame.module.path)

    def _not_found(self, missing: str, parent: ModuleValue | None, frame: Frame, statement: Import | FromImport | Call, kind: ReferenceKind) -> Raised:
        text = f"ModuleNotFoundError: No module named {missing!r}"
        if parent is not None and isinstance(parent.location, File) and parent.location.package is None:
            text += f"; {parent.name!r} is not a package"
        return self._fail(frame, statement.line, statement.column, kind, missing, "ModuleNotFoundError", text)

    def _load(self, location: Location, name: str, parent: ModuleValue | None, frame: Frame, statement: Import | FromImport | Call) -> ModuleValue:
        value = self._provide(location, name)
        if not frame.function:
            frame.module.edges.setdefault(value.path, statement.line)
        if value.status is Status.STABLE and isinstance(location, File) and location.path in self.suspects:
            self._run(value)
        if value.failure is not None:
            raised = value.failure.through(self._link(frame, statement.line))
            raised.certain = raised.certain and frame.certain
            raise raised
        if value.skip is not None:
            raise Skip(value.skip.reason, value.skip.cause)
        if parent is not None:
            parent.names.setdefault(name.rpartition(".")[2], value)
        return value

    def _provide(self, location: Location, name: str) -> ModuleValue:
        key: object = location.directories if isinstance(location, Portions) else location.path
        value = self.loaded.get(key)
        if value is None:
            path = location.directories[0] if isinstance(location, Portions) else location.path
            self.loaded[key] = value = ModuleValue(location, path, name)
            if not isinstance(location, File):
                value.status = Status.DONE
                value.open = isinstance(location, Compiled)
        return value

    def _run(self, value: ModuleValue) -> None:
        """Run a module's program. What it raises ends up in `failure`; what stands below is still looked at, for its own broken references."""
        if self._before is not None:
            self._before(value.path)
        program = self.world.programs.module(value.path)
        value.status = Status.RUNNING
        if program is None:
            value.open = True
            value.status = Status.DONE
            return
        value.literals = frozenset(program.literals)
        value.bound_later = frozenset(bound_names(program.body))
        frame = Frame(value)
        if program.problem is not None:
            value.failure = self._fail(frame, program.problem.line, 0, ReferenceKind.SYNTAX, value.name, program.problem.exception.partition(":")[0], program.problem.exception)  # fmt: skip
            value.failure.trace = (Link(value.path, value.name, program.problem.line),)
            value.status = Status.FAILED
            value.open = True
            return
        if self._depth > _MAX_DEPTH:
            value.open = True
            value.status = Status.DONE
            return
        self._depth += 1
        try:
            for statement in program.body:
                try:
                    self._statement(statement, frame)
                except Raised as raised:
                    if value.failure is None:
                        value.failure = raised
                    frame.after_failure = True
        except Skip as skip:
            if value.failure is None:
                value.skip = skip
        finally:
            self._depth -= 1
        value.status = Status.FAILED if value.failure else Status.SKIPPED if value.skip else Status.DONE

    # Looking up

    def names(self, value: ModuleValue) -> dict[str, Value]:
        """Return the namespace of a module, running it first if it is stable and was never looked into."""
        if value.status is Status.STABLE:
            self._run(value)
            if value.failure is not None or value.skip is not None:
                # It fails the same way at both ends: not a matter of this change.
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
        if name in _SPECIAL:
            return Data(value.path, name)
        child = self.world.modules.child(value.location, name)
        if child is not None:
            return self._provide(child, f"{value.name}.{name}")
        if name in value.literals or (value.status is Status.RUNNING and name in value.bound_later):
            return Data(value.path, name)
        # A name that was lost somewhere is not taken for granted just because this module fills its namespace in ways we cannot follow.
        return Data(value.path, name) if value.open and name not in self.world.words else None

    def is_uncertain(self, value: ModuleValue) -> bool:
        """Tell whether a module may serve a name that its program does not bind: by `__getattr__` (PEP 562), `globals()`, a star import."""
        return bool(value.literals) or value.open

    def member(self, value: ClassValue, name: str, depth: int = 0) -> Value | None:
        """Return what a class attribute stands for, None when the class and all its bases certainly lack it."""
        if name in value.members:
            return value.members[name]
        if value.open or depth > 20 or (name.startswith("__") and name.endswith("__")):
            return Data(value.path, f"{value.name}.{name}")
        for base in value.bases:
            base = self.force(base) if base is not None else None
            if isinstance(base, ClassValue):
                found = self.member(base, name, depth + 1)
                if found is not None:
                    return found
            elif not (isinstance(base, External) and base.name in ("object", "abc.ABC", "typing.Protocol", "typing.Generic")):
                return Data(value.path, f"{value.name}.{name}")
        return None

    def root(self, name: str, frame: Frame) -> Value | None:
        """Return what a plain name stands for in a frame, None when it is not bound."""
        for names in (frame.local, frame.enclosing):
            if names is not None and name in names:
                return names[name]
        return self.names(frame.module).get(name) if frame.module.status is not Status.RUNNING else frame.module.names.get(name)

    def quiet(self, path: Path, frame: Frame) -> Value | None:
        """Return what a path stands for as far as that is known, without failing."""
        value = self.root(path[0], frame)
        if value is None:
            return External(path[0]) if len(path) == 1 else None
        for depth, name in enumerate(path[1:], 1):
            value = self._step(value, name, path, depth, frame)
            if value is None:
                return None
        return self.force(value) if path[-1] in self.world.words else value

    def force(self, value: Value) -> Value:
        """Return what a name of a stable module stands for."""
        while isinstance(value, Lazy):
            value = self.attribute(value.module, value.name) or Data(value.module.path, value.name)
        return value

    def _is_trusted(self, path: Path, rest: Path, frame: Frame) -> bool:
        return self.world.words.isdisjoint(rest) and (frame.function or not self.world.anew(frame.module.path, path, False))

    def _step(self, value: Value, name: str, path: Path, depth: int, frame: Frame) -> Value | None:
        rest = path[depth:]
        if not self.world.words.isdisjoint(rest):
            value = self.force(value)
        match value:
            case Lazy(module=module, name=owner_name):
                return Data(module.path, f"{owner_name}.{name}")
            case ModuleValue(status=Status.STABLE) if self._is_trusted(path, rest, frame):
                child = self.world.modules.child(value.location, name)
                return self._provide(child, f"{value.name}.{name}") if child is not None else Lazy(value, name)
            case ModuleValue():
                return self.attribute(value, name)
            case ClassValue():
                return self.member(value, name)
            case Instance(of=owner):
                # What `__init__` and others set on an instance is not followed: a name that the class lacks may still be there.
                return self.member(owner, name) or Data(owner.path, f"{owner.name}.{name}")
            case External(name=dotted):
                return External(f"{dotted}.{name}")
            case Data(path=place, name=owner_name):
                return Data(place, f"{owner_name}.{name}")
            case _:
                return Data(value.path, f"{value.name}.{name}")

    def canonical(self, path: Path, frame: Frame) -> str:
        """Return the dotted name of something outside the project that a path stands for, else the path as it is written."""
        value = self.quiet(path, frame)
        return value.name if isinstance(value, External) else ".".join(path)

    # Failing

    def _link(self, frame: Frame, line: int) -> Link:
        return Link(frame.module.path, frame.module.name, line)

    def _fail(self, frame: Frame, line: int, column: int, kind: ReferenceKind, target: str, exception: str, text: str) -> Raised:
        event = Event(frame.module.path, line, column, kind, target, text, frame.certain, frame.function, None, frame.after_failure)
        frame.module.events.append(event)
        return Raised(exception, text, event, (self._link(frame, line),), certain=frame.certain)

    def _tolerate(self, frame: Frame, target: str) -> bool:
        """Tell whether a failure is to be passed over: always at base, where it is likelier that we do not see how it works, and then at head."""
        key = frame.module.path, target
        if self.world.is_base:
            self.world.tolerated.add(key)
            return True
        return key in self.world.tolerated

    # Statements

    def run(self, block: Block, frame: Frame) -> bool:
        """Run a block; return whether its end is reached. Raises Raised and Skip."""
        for statement in block:
            if not self._statement(statement, frame):
                return False
        return True

    def _statement(self, statement: Statement, frame: Frame) -> bool:
        match statement:
            case Load():
                self._read(statement, frame)
            case Call():
                return self._call(statement, frame)
            case Bind(name=name, value=value):
                self._bind(name, value, frame)
            case Import():
                self._import(statement, frame)
            case FromImport():
                self._from_import(statement, frame)
            case Define(name=name, key=key):
                self._names(frame)[name] = FunctionValue(frame.module.path, name, key)
            case ClassDef():
                self._class(statement, frame)
            case Branch():
                return self._branch(statement, frame)
            case Try():
                return self._try(statement, frame)
            case With():
                return self._with(statement, frame)
            case Loop():
                self._loop(statement, frame)
            case Raise():
                self._raise(statement, frame)
                return False
            case Leave():
                return False
            case Unbind(name=name):
                self._names(frame).pop(name, None)
            case Exports():
                self._exports(statement, frame)
            case Inject(module=module):
                if module is not None:
                    self.injected.add(module)
            case Open():
                frame.module.open = True
            case Plugins(names=names, line=line):
                for name in names:
                    self._plugin(name, line, frame)
        return True

    def _names(self, frame: Frame) -> dict[str, Value]:
        return frame.module.names if frame.local is None else frame.local

    def _bind(self, name: str, value: Path | None, frame: Frame) -> None:
        bound: Value | None = None
        if value == RESULT:
            bound, frame.result = frame.result, None
        elif value is not None and value[-1] == INSTANCE:
            owner = self.quiet(value[:-1], frame)
            bound = Instance(owner) if isinstance(owner, ClassValue) else None
        elif value is not None:
            bound = self.quiet(value, frame)
        if bound is None or (isinstance(bound, External) and value is not None and len(value) == 1 and bound.name == value[0]):
            bound = Data(frame.module.path, name)
        self._names(frame)[name] = bound

    def _import(self, statement: Import, frame: Frame) -> None:
        value = self.import_name(statement.module, frame, statement, ReferenceKind.IMPORT)
        frame.external = frame.external or isinstance(value, External)
        if statement.alias:
            self._names(frame)[statement.alias] = value
            return
        top = statement.module.partition(".")[0]
        if isinstance(value, External):
            self._names(frame).setdefault(top, External(top))
            return
        location = self.world.modules.top(top, frame.module.path)
        if location is not None:
            self._names(frame)[top] = self._provide(location, top)

    def origin(self, statement: FromImport, frame: Frame) -> str | None:
        """Return the absolute name of the module that a from-import reads; None where the dots lead out of the top package."""
        if not statement.level:
            return statement.module
        package = frame.module.name if isinstance(frame.module.location, File) and frame.module.location.package else parent_of(frame.module.name)
        for _ in range(statement.level - 1):
            package = parent_of(package)
            if not package:
                return None
        return ".".join(part for part in (package, statement.module) if part) or None

    def _from_import(self, statement: FromImport, frame: Frame) -> None:
        name = self.origin(statement, frame)
        if name is None:
            if not self._tolerate(frame, f"relative:{statement.level}"):
                how = "with no known parent package" if "." not in frame.module.name else "beyond top-level package"
                text = f"ImportError: attempted relative import {how}"
                raise self._fail(frame, statement.line, statement.column, ReferenceKind.FROM_IMPORT, statement.module or ".", "ImportError", text)
            self._names(frame)[statement.alias or statement.name] = Data(frame.module.path, statement.name)
            return
        kind = ReferenceKind.STAR if statement.name == "*" else ReferenceKind.FROM_IMPORT
        module = self._relative(name, frame, statement, kind) if statement.level else self.import_name(name, frame, statement, kind)
        if statement.name == "*":
            self._star(module, statement, frame)
            return
        self._names(frame)[statement.alias or statement.name] = self._imported(module, name, statement, frame)
        frame.external = frame.external or isinstance(module, External)

    def _relative(self, name: str, frame: Frame, statement: FromImport, kind: ReferenceKind) -> Value:
        # A relative import is resolved in the very package that holds the importer, wherever that was found.
        here = frame.module.location
        if not isinstance(here, File):
            return self.import_name(name, frame, statement, kind)
        value: ModuleValue | None = None
        base = name.removesuffix(statement.module).rstrip(".") if statement.module else name
        directory = here.path.rpartition("/")[0]
        for _ in range(statement.level - 1):
            directory = directory.rpartition("/")[0]
        init = RepoPath(f"{directory}/__init__.py")
        package: Location = File(init, RepoPath(directory)) if init in self.world.modules else Portions((RepoPath(directory),))
        value = self._load(package, base, None, frame, statement) if base else None
        location: Location | None = package
        done = base
        for part in statement.module.split(".") if statement.module else ():
            done = f"{done}.{part}" if done else part
            if done in self.injected:
                return External(done)
            location = self.world.modules.child(location, part) if location else None
            if location is None:
                if self.world.generated(part) and not self._expected(name, frame):
                    return External(name)
                raise self._not_found(done, value, frame, statement, kind)
            value = self._load(location, done, value, frame, statement)
        return value if value is not None else External(name)

    def _imported(self, module: Value, asked: str, statement: FromImport, frame: Frame) -> Value:
        name = statement.name
        if not isinstance(module, ModuleValue):
            return External(f"{module.name}.{name}") if isinstance(module, External) else Data(frame.module.path, name)
        full = f"{asked}.{name}"
        if full in self.injected:
            return External(full)
        trusted = module.status is Status.STABLE and name not in self.world.words and not self.world.anew(frame.module.path, statement, frame.function)
        found = None if trusted or isinstance(module.location, Compiled) else self.names(module).get(name)
        if found is not None:
            return found
        child = self.world.modules.child(module.location, name)
        if child is not None and not (module.status is Status.RUNNING and name in module.bound_later and module.path == frame.module.path):
            return self._load(child, full, module, frame, statement)
        if trusted:
            return Lazy(module, name)
        if (value := self.attribute(module, name)) is not None:
            return value
        if self.world.generated(name) and isinstance(module.location, File) and module.location.package and not self._expected(full, frame):
            return External(full)
        target = f"{asked}:{name}"
        if not statement.level and self.world.modules.is_weak(asked, frame.module.path) and self._tolerate(frame, target):
            return External(full)
        certain = frame.certain
        if self.is_uncertain(module):
            frame = replace(frame, certain=False)
        where = " (unknown location)" if isinstance(module.location, Portions) else ""
        text = f"ImportError: cannot import name {name!r} from {asked!r}{where}"
        if module.status is Status.RUNNING:
            text = "ImportError: " + _PARTIAL.format(name=name, module=asked)
        if isinstance(module.location, Portions) and not self._is_closed(asked, frame) and not self._expected(full, frame):
            return External(full)
        raised = self._fail(frame, statement.line, statement.column, ReferenceKind.FROM_IMPORT, target, "ImportError", text)
        if certain and not raised.certain:
            # Possible, not certain: the event is noted, and the import is taken to work.
            return Data(module.path, name)
        raise raised

    def _star(self, module: Value, statement: FromImport, frame: Frame) -> None:
        if not isinstance(module, ModuleValue):
            frame.module.open = True
            return
        names = self.names(module)
        if module.exports is not None:
            for name in module.exports:
                value = names.get(name) or self.attribute(module, name)
                if value is None:
                    if self._tolerate(frame, f"{module.name}:{name}"):
                        continue
                    text = f"AttributeError: module {module.name!r} has no attribute {name!r}"
                    raise self._fail(frame, statement.line, statement.column, ReferenceKind.STAR, f"{module.name}:{name}", "AttributeError", text)
                self._names(frame)[name] = value
        else:
            self._names(frame).update({name: value for name, value in list(names.items()) if not name.startswith("_")})
        if module.open or module.status is Status.RUNNING:
            frame.module.open = True

    def _plugin(self, name: str, line: int, frame: Frame) -> None:
        try:
            self.import_name(name, frame, Import(name, None, line, 0), ReferenceKind.STRING)
        except Raised as raised:
            # pytest wraps it (PytestPluginManager.import_plugin), also when the plugin is there and fails itself.
            cause = raised.text.partition(": ")[2]
            raise Raised("ImportError", f'ImportError: Error importing plugin "{name}": {cause}', raised.event, raised.trace, certain=raised.certain) from None

    def _read(self, statement: Load, frame: Frame) -> None:
        path = statement.path
        value = self.root(path[0], frame)
        if value is None:
            self._unbound(statement, frame)
            return
        for depth, name in enumerate(path[1:], 1):
            found = self._step(value, name, path, depth, frame)
            if found is None:
                owner = value
                assert isinstance(owner, ModuleValue | ClassValue)  # nothing else is certain to lack a name
                target = f"{owner.name}:{name}" if isinstance(owner, ModuleValue) else f"{self._module_name(owner.path)}:{owner.name}.{name}"
                if self._tolerate(frame, ".".join(path[: depth + 1])):
                    return
                what = f"module {owner.name!r}" if isinstance(owner, ModuleValue) else f"type object {owner.name.rpartition('.')[2]!r}"
                if isinstance(owner, ModuleValue) and self.is_uncertain(owner):
                    self._fail(replace(frame, certain=False), statement.line, statement.column, ReferenceKind.ATTRIBUTE, target, "AttributeError", "")
                    return
                text = f"AttributeError: {what} has no attribute {name!r}"
                raise self._fail(frame, statement.line, statement.column, ReferenceKind.ATTRIBUTE, target, "AttributeError", text)
            value = found

    def _module_name(self, path: RepoPath) -> str:
        loaded = self.loaded.get(path)
        return loaded.name if loaded is not None else self.world.modules.name_of(path)

    def _unbound(self, statement: Load, frame: Frame) -> None:
        name = statement.path[0]
        if frame.module.open or name in _BUILTINS or name in _SPECIAL or frame.after_failure or (frame.function and name not in self.world.unbound.get(frame.module.path, ())):
            return
        if frame.local is not None and name in ("__module__", "__qualname__"):
            return
        if self._tolerate(frame, name) or not frame.certain:
            return
        text = f"NameError: name {name!r} is not defined"
        raise self._fail(frame, statement.line, statement.column, ReferenceKind.NAME, f"{frame.module.name}:{name}", "NameError", text)

    # Calls

    def _call(self, statement: Call, frame: Frame) -> bool:
        frame.result = None
        value = self.quiet(statement.path, frame)
        handed = self._handed(statement, frame) if frame.function else {}
        if isinstance(value, Lazy) and (handed or not self.world.words.isdisjoint(statement.path)):
            value = self.force(value)
        name = value.name if isinstance(value, External) else ".".join(statement.path)
        first = statement.arguments[0] if statement.arguments else None
        keywords = dict(statement.keywords)
        if name == "pytest.skip" and (frame.function or keywords.get("allow_module_level") == ("True",)):
            raise Skip(first if isinstance(first, str) else "skipped")
        if isinstance(value, External):
            frame.result = External(f"{name}()")
        if find_patch(name, statement) is not None:
            self._patched(find_patch(name, statement), statement, frame)
            return True
        if name in _ENDS or (statement.path[0] == "self" and statement.path[1:] in (("fail",), ("skipTest",))):
            return self._ended(name, statement, frame)
        if name == "pytest.importorskip" and isinstance(first or keywords.get("modname"), str):
            self._importorskip(statement, str(first or keywords.get("modname")), frame)
        elif name in ("importlib.import_module", "__import__") and isinstance(first, str):
            self._import_by_name(statement, first, keywords, frame)
        elif isinstance(value, FunctionValue):
            self._enter((value.path, value.key), handed, statement, frame)
        elif isinstance(value, ClassValue):
            frame.result = Instance(value)
            init = self.member(value, "__init__") if "__init__" in value.members else None
            if isinstance(init, FunctionValue):
                self._enter((init.path, init.key), handed, statement, frame)
        return True

    def _enter(self, callee: tuple[RepoPath, str], handed: Mapping[int | str, Value], statement: Call, frame: Frame) -> None:
        """Take a call to where it leads: a function that is known to fail, or one that misses a name in a module it is handed."""
        raised = self.broken.get(callee)
        module = self.loaded.get(callee[0])
        if raised is None and handed and module is not None and self._calls < _MAX_CALLS:
            function = self.world.programs.functions(callee[0]).get(callee[1])
            if function is not None:
                given = {name: handed[index] for index, name in enumerate(function.parameters) if index in handed}
                given.update({name: value for name, value in handed.items() if isinstance(name, str)})
                self._calls += 1
                raised, _ = self.call(module, function, given)
                self._calls -= 1
        if raised is not None:
            seen = raised.through(self._link(frame, statement.line))
            seen.certain = seen.certain and frame.certain
            raise seen

    def _handed(self, statement: Call, frame: Frame) -> dict[int | str, Value]:
        """Return the modules that lost a name among the arguments of a call, by position or keyword."""
        given: list[tuple[int | str, object]] = [*enumerate(statement.arguments), *statement.keywords]
        found: dict[int | str, Value] = {}
        for where, path in given:
            value = self.quiet(path, frame) if isinstance(path, tuple) else None
            if isinstance(value, ModuleValue) and value.path in self.world.unbound:
                found[where] = value
        return found

    def call(self, module: ModuleValue, function: Function, arguments: Mapping[str, Value] | None = None) -> tuple[Raised | None, Skip | None]:
        """Run the body of a function; return what it raises, or the skip that ends it.

        After the first exception the rest is still looked at, for its own broken references. What the parameters stand for is unknown
        unless `arguments` says so.
        """
        self.names(module)
        local: dict[str, Value] = {name: Data(module.path, f"{function.name}.{name}") for name in function.parameters}
        local.update(arguments or {})
        frame = Frame(module, local=local, function=True)
        injected = set(self.injected)
        first: Raised | None = None
        try:
            patches = (one for one in function.decorators if isinstance(one, Call) and find_patch(self.canonical(one.path, frame), one))
            for statement in (*patches, *function.body):
                try:
                    if not self._statement(statement, frame):
                        break
                except Raised as raised:
                    first = first or raised
                    frame.after_failure = True
        except Skip as skip:
            return first, None if first else skip
        finally:
            self.injected = injected
        return first, None

    def _patched(self, patch: Patch | None, statement: Call, frame: Frame) -> None:
        """Resolve the target of a patch as the patching library does; what it says when it cannot is in `impact.patching`."""
        if patch is None or (patch.target is None and patch.owner is None):
            return
        if patch.target is not None:
            owner = self._resolve_by_name(patch, patch.target, statement, frame)
            where = patch.target
        else:
            assert patch.owner is not None  # one of the two is given
            owner = self.quiet(patch.owner, frame)
            owner = self.force(owner) if owner is not None and not self.world.words.isdisjoint(patch.names) else owner
            where = ".".join(patch.owner)
        for name in patch.names:
            if isinstance(owner, ModuleValue | ClassValue) and name in self.world.words and self._lacks(owner, name):
                target = f"{owner.name}:{name}" if isinstance(owner, ModuleValue) else f"{self._module_name(owner.path)}:{owner.name}.{name}"
                if self._tolerate(frame, target):
                    continue
                if isinstance(owner, ModuleValue) and self.is_uncertain(owner):
                    self._fail(replace(frame, certain=False), statement.line, statement.column, ReferenceKind.STRING, target, "AttributeError", "AttributeError")
                    continue
                shown = f"<module {owner.name!r} from {owner.path!r}>" if isinstance(owner, ModuleValue) else f"<class '{self._module_name(owner.path)}.{owner.name}'>"  # fmt: skip
                kind = "module" if isinstance(owner, ModuleValue) else "type"
                text = patch.lacks.format(owner=shown, kind=kind, where=where, name=name)
                raise self._fail(frame, statement.line, statement.column, ReferenceKind.STRING, target, "AttributeError", f"AttributeError: {text}")

    def _lacks(self, owner: ModuleValue | ClassValue, name: str) -> bool:
        return (self.attribute(owner, name) if isinstance(owner, ModuleValue) else self.member(owner, name)) is None

    def _resolve_by_name(self, patch: Patch, target: str, statement: Call, frame: Frame) -> Value | None:
        """Import as much of a dotted target as is a module, then go on by attributes (pkgutil.resolve_name)."""
        parts = target.split(".")
        value: Value | None = None
        for depth, part in enumerate(parts):
            done = ".".join(parts[: depth + 1])
            if depth and isinstance(value, ModuleValue) and self.world.modules.child(value.location, part) is None:
                return self._attributes(patch, value, parts[depth:], statement, frame)
            value = self.import_name(done, frame, statement, ReferenceKind.STRING)
            if not isinstance(value, ModuleValue):
                return None
        return value

    def _attributes(self, patch: Patch, value: ModuleValue, parts: list[str], statement: Call, frame: Frame) -> Value | None:
        current: Value = value
        for part in parts:
            if part not in self.world.words and isinstance(current, ModuleValue) and part not in self.names(current):
                return None
            found = self._step(current, part, tuple(parts), 0, frame)
            if found is None:
                assert isinstance(current, ModuleValue | ClassValue)  # nothing else is certain to lack a name
                module = current.name if isinstance(current, ModuleValue) else self._module_name(current.path)
                target = f"{module}:{part}" if isinstance(current, ModuleValue) else f"{module}:{current.name}.{part}"
                if isinstance(current, ModuleValue) and self._expected(f"{module}.{part}", frame):
                    target = f"{module}.{part}"
                if self._tolerate(frame, target):
                    return None
                kind, text = patch.missing(current.name, part, is_module=isinstance(current, ModuleValue))
                raise self._fail(frame, statement.line, statement.column, ReferenceKind.STRING, target, kind, f"{kind}: {text}")
            current = self.force(found)
        return current

    def _ended(self, name: str, statement: Call, frame: Frame) -> bool:
        message = statement.arguments[0] if statement.arguments else None
        if name == "self.skipTest":
            raise Skip(message if isinstance(message, str) else "skipped")
        if frame.handling is not None and name in ("pytest.fail", "self.fail"):
            kind = "Failed" if name == "pytest.fail" else "AssertionError"
            text = f"{kind}: {message}" if isinstance(message, str) else frame.handling.text
            raise Raised(kind, text, frame.handling.event, frame.handling.trace, certain=frame.certain)
        return False

    def _importorskip(self, statement: Call, name: str, frame: Frame) -> None:
        try:
            frame.result = self.import_name(name, frame, statement, ReferenceKind.STRING)
        except Raised as raised:
            if not catches("ImportError", raised.kind):
                raise
            raised.event.handled = raised.event.handled or "guarded"
            raise Skip(f"could not import {name!r}: {raised.text.partition(': ')[2]}", raised) from None

    def _import_by_name(self, statement: Call, name: str, keywords: Mapping[str, object], frame: Frame) -> None:
        package = keywords.get("package") or (statement.arguments[1] if len(statement.arguments) > 1 else None)
        if name.startswith("."):
            level = len(name) - len(name.lstrip("."))
            base = package if isinstance(package, str) else ""
            if package == ("__package__",):
                base = frame.module.name if isinstance(frame.module.location, File) and frame.module.location.package else parent_of(frame.module.name)
            for _ in range(level - 1):
                base = parent_of(base)
            if not base:
                return
            name = f"{base}.{name[level:]}".rstrip(".")
        frame.result = self.import_name(name, frame, statement, ReferenceKind.STRING)

    # Compound statements

    def _class(self, statement: ClassDef, frame: Frame) -> None:
        local: dict[str, Value] = {}
        name = statement.name
        inner = replace(frame, local=local, enclosing=frame.local if frame.local is not None else frame.enclosing)
        self.run(statement.body, inner)
        bases = tuple(self.quiet(base, frame) if base is not None else None for base in statement.bases)
        self._names(frame)[name] = ClassValue(frame.module.path, name, local, bases, statement.open or frame.module.open, statement.decorators)

    def _branch(self, statement: Branch, frame: Frame) -> bool:
        test = statement.test
        if test.startswith("version"):
            test = "yes" if self._version(test[7:]) else "no"
        if test == "yes":
            return self.run(statement.body, frame)
        if test == "no":
            return self.run(statement.orelse, frame)
        ends = [self._maybe(block, frame) for block in (statement.body, statement.orelse)]
        return any(ends)

    def _version(self, text: str) -> bool:
        operator = text[:2] if text[1] == "=" else text[:1]
        wanted = tuple(int(part) for part in text[len(operator) :].split("."))
        # As Python compares sys.version_info, a tuple of five, with a shorter one.
        actual = (*self.world.python, 99)
        return {">=": actual >= wanted, ">": actual > wanted, "<": actual < wanted, "<=": actual <= wanted, "==": actual[: len(wanted)] == wanted}.get(
            operator, actual[: len(wanted)] != wanted
        )

    def _maybe(self, block: Block, frame: Frame) -> bool:
        """Run a block that may not run: what fails in it is possible, and what comes after goes on."""
        inner = replace(frame, certain=False)
        try:
            return self.run(block, inner)
        except (Raised, Skip):
            return False

    def _loop(self, statement: Loop, frame: Frame) -> None:
        if statement.sure:
            self.run(statement.body, frame)
        else:
            self._maybe(statement.body, frame)
        self._maybe(statement.orelse, frame)

    def _try(self, statement: Try, frame: Frame) -> bool:
        inner = replace(frame, external=False)
        try:
            completed = self.run(statement.body, inner)
        except Raised as raised:
            handler = self._handler(statement, raised, frame)
            if handler is None:
                self._final(statement, frame)
                raise
            completed = self._handle(handler, raised, frame)
        except Skip:
            self._final(statement, frame)
            raise
        else:
            if inner.external or frame.function:
                self._unlikely(statement, frame)
            if completed:
                completed = self.run(statement.orelse, frame)
        return self.run(statement.final, frame) and completed

    def _final(self, statement: Try, frame: Frame) -> None:
        self.run(statement.final, frame)

    def _handler(self, statement: Try, raised: Raised, frame: Frame) -> Handler | None:
        for handler in statement.handlers:
            if handler.types is None:
                return handler
            for path in handler.types:
                if path is not None and catches(self.canonical(path, frame).rpartition(".")[2], raised.kind):
                    return handler
        return None

    def _handle(self, handler: Handler, raised: Raised, frame: Frame) -> bool:
        raised.event.handled = raised.event.handled or "guarded"
        outer, frame.handling = frame.handling, raised
        try:
            completed = self.run(handler.body, frame)
        except Skip as skip:
            frame.module.fallbacks.append(Fallback(raised.trace[0].line, raised, skips=True, deferred=frame.function))
            raise Skip(skip.reason, raised) from None
        except Raised as again:
            if again.event is raised.event:
                raised.event.handled = None
            raise
        finally:
            frame.handling = outer
        frame.module.fallbacks.append(Fallback(raised.trace[0].line, raised, skips=False, deferred=frame.function))
        return completed

    def _unlikely(self, statement: Try, frame: Frame) -> None:
        """Look into the handlers of a body that may fail for reasons of the environment; what they bind does not count."""
        names = self._names(frame)
        before = dict(names)
        opened = frame.module.open
        for handler in statement.handlers:
            self._maybe(handler.body, frame)
        names.clear()
        names.update(before)
        frame.module.open = opened

    def _with(self, statement: With, frame: Frame) -> bool:
        swallowed: list[tuple[str, tuple[str, ...]]] = []
        for context in statement.contexts:
            name = self.canonical(context.path, frame)
            types = tuple(self.canonical(path, frame).rpartition(".")[2] for path in context.arguments if isinstance(path, tuple))
            if name == "contextlib.suppress":
                swallowed.append(("guarded", types))
            elif name in _EXPECTS or name.rpartition(".")[2] in ("assertRaises", "assertRaisesRegex"):
                swallowed.append(("expected", types))
        try:
            return self.run(statement.body, frame)
        except Raised as raised:
            for how, types in swallowed:
                if any(catches(one, raised.kind) for one in types):
                    raised.event.handled = how
                    if how == "guarded":
                        frame.module.fallbacks.append(Fallback(raised.trace[0].line, raised, skips=False, deferred=frame.function))
                    return True
            raise

    def _raise(self, statement: Raise, frame: Frame) -> None:
        name = self.canonical(statement.path, frame) if statement.path else ""
        if name in _SKIP_TYPES:
            raise Skip(statement.message or "skipped")
        if frame.handling is not None:
            if statement.path is None or (frame.handling.kind == name and statement.message is None):
                raise frame.handling
            kind = name.rpartition(".")[2]
            text = f"{kind}: {statement.message}" if statement.message else kind
            raise Raised(kind, text, frame.handling.event, frame.handling.trace, certain=frame.certain)
        if frame.function:
            return
        kind = name.rpartition(".")[2] or "Exception"
        text = f"{kind}: {statement.message}" if statement.message else kind
        raise self._fail(frame, statement.line, 0, ReferenceKind.NAME, f"raise {kind}", kind, text)

    def _exports(self, statement: Exports, frame: Frame) -> None:
        module = frame.module
        if not statement.extend:
            module.exports = []
        if module.exports is None:
            return
        if statement.names is not None:
            module.exports = [*module.exports, *statement.names]
            return
        source = self.quiet(statement.source[:-1], frame) if statement.source and statement.source[-1] == "__all__" and len(statement.source) > 1 else None
        if isinstance(source, ModuleValue):
            self.names(source)
            if source.exports is not None:
                module.exports = [*module.exports, *source.exports]
                return
        module.exports = None
        module.open = True


def bound_names(block: Block) -> set[str]:
    """Return every name that a block binds anywhere, in whichever branch."""
    found: set[str] = set()
    for statement in statements_of(block):
        match statement:
            case Bind(name=name) | Define(name=name) | ClassDef(name=name):
                found.add(name)
            case Import(module=module, alias=alias):
                found.add(alias or module.partition(".")[0])
            case FromImport(name=name, alias=alias):
                found.add(alias or name)
            case _:
                pass
    return found
