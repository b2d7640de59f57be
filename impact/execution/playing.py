"""What Python does when a file is imported, played on the programs of one snapshot: names bound, names missed, exceptions on their way.

Nothing of the analysed project runs. Statements are taken in order; a condition nobody can decide runs both ways, and what fails there
is possible, not certain. What lies outside the project is taken to be there.

Only *suspects* are run: the files that the change can reach. Every other file does at head what it did at base, so it is stable: it
counts as imported, and is looked into only when somebody asks for one of its names.

The rules are those of the Python reference ("The import system", "Execution model") and of pytest's documentation of skipping.

A cycle of imports is played leniently, unless it is `strict`: a name that a module binds later than it is asked for counts as bound.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import replace

from impact.execution.decorating import Decorating
from impact.execution.importing import CIRCULAR
from impact.execution.namespaces import SPECIAL
from impact.execution.values import Absent, ClassValue, Data, External, FunctionValue, Instance, ModuleValue, Part, Raised, Result, Skip, Status, Value
from impact.execution.world import Frame, World
from impact.names import RepoPath
from impact.programs.blocks import bound_names
from impact.programs.paths import ANY, ENTERED, INSTANCE, NONE, RESULT, Path
from impact.programs.program import (
    Bind,
    Branch,
    Call,
    Change,
    ClassDef,
    Define,
    Exports,
    Fail,
    FromImport,
    Give,
    Has,
    Import,
    Inject,
    Item,
    Leave,
    Load,
    Loop,
    Open,
    Plugins,
    Raise,
    SetAttribute,
    Statement,
    Try,
    Unbind,
    With,
)
from impact.report import Link, ReferenceKind

_BUILTINS = frozenset(dir(builtins))
_MAX_DEPTH = 300


class Execution(Decorating):
    """The modules of one snapshot as an interpreter would hold them.

    `suspects` are the files to run; `before(path)` is called ahead of each.
    `strict`: what a module binds later is not there before, a module that fails ends there and is `forgotten` (see `impact.verdicts.cycles`).
    """

    def __init__(self, world: World, suspects: set[RepoPath], *, before: Callable[[RepoPath], None] | None = None, strict: bool = False) -> None:
        super().__init__(world, suspects, strict=strict)
        self._before = before
        self._depth = 0
        self.forgotten: list[ModuleValue] = []

    def run_module(self, value: ModuleValue) -> None:
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
        value.served = {one.name: one for one in program.served}
        value.announced = {one.name: one for one in program.announced}
        value.bound_later = frozenset(bound_names(program.body))
        frame = Frame(value)
        if program.problem is not None:
            self.world.unparsed[value.path] = program.problem
        problem = program.problem or self.world.refused(value.path)
        if problem is not None:
            text, line, dialect = problem
            frame.certain = not dialect
            value.failure = self.fail(frame, line, 0, ReferenceKind.SYNTAX, value.name, text.partition(":")[0], text)
            value.failure.trace = (Link(value.path, value.name, line),)
            value.status = Status.FAILED
            value.open = True
            return
        if self._depth > _MAX_DEPTH:
            value.open = True
            value.status = Status.DONE
            return
        self._depth += 1
        try:
            # Plugins are imported by pytest, when the file that names them has been.
            for statement in sorted(program.body, key=lambda one: isinstance(one, Plugins)):
                try:
                    self.statement(statement, frame)
                except Raised as raised:
                    if value.failure is None:
                        value.failure = raised
                    frame.after_failure = True
                    if self.strict:
                        self.loaded.pop(value.path, None)
                        self.forgotten.append(value)
                        break
        except Skip as skip:
            if value.failure is None:
                value.skip = skip
        finally:
            self._depth -= 1
        value.status = Status.FAILED if value.failure else Status.SKIPPED if value.skip else Status.DONE

    def statement(self, statement: Statement, frame: Frame) -> bool:
        """Run one statement; return whether what follows it in its block is reached. Raises Raised and Skip."""
        match statement:
            case Load():
                self._read(statement, frame)
            case Call():
                return self.call_statement(statement, frame)
            case Bind(name=name, value=value):
                self._bind(name, value, frame)
            case Import():
                self.import_statement(statement, frame)
            case FromImport():
                self.from_import(statement, frame)
            case Define(name=name, key=key):
                function = self.world.programs.functions(frame.module.path).get(key)
                decorators = function.decorators if function is not None else ()
                self.put(name, self.decorated(name, FunctionValue(frame.module.path, name, key), decorators, frame), frame)
            case ClassDef():
                self._class(statement, frame)
            case Branch():
                return self.branch(statement, frame)
            case Try():
                return self.try_statement(statement, frame)
            case With():
                return self.with_statement(statement, frame)
            case Loop():
                self.loop(statement, frame)
            case Raise():
                self.raise_statement(statement, frame)
                return False
            case Fail(text=text, line=line):
                if frame.runs is not None and frame.runs.name.startswith("test"):
                    raised = self.fail(frame, line, 0, ReferenceKind.NAME, "assert", "AssertionError", text)
                    raised.event.own = True
                    raise raised
                return False
            case Has():
                self._assert_there(statement, frame)
            case Leave():
                return False
            case SetAttribute(path=path, value=named):
                self._set_attribute(path, named, frame)
            case Change(path=path):
                self.forget(path, frame)
            case Give(value=named):
                if frame.gives is not None:
                    frame.gives.append(self._given_away(named, frame))
            case Item():
                self._item(statement, frame)
            case Unbind(name=name, line=line):
                if self.bindings(frame).pop(name, None) is None and line and frame.local is None:
                    self._unbound(Load((name,), line, 0), frame)
            case Exports():
                self._exports(statement, frame)
            case Inject(module=module):
                if module is not None:
                    self.injected.add(module)
                    if not frame.function:
                        frame.module.injects.add(module)
            case Open(value=named):
                frame.module.open = True
                frame.module.instead = self._valued(named, frame) or frame.module.instead
            case Plugins(names=names, line=line):
                for name in names:
                    self.plugin(name, line, frame)
        return True

    def _bind(self, name: str, value: Path | None, frame: Frame) -> None:
        bound: Value | None = None
        if name == "__test__" and value in (("True",), ("False",)):
            self.bindings(frame)[name] = External(value[0])  # what pytest asks of a class
            return
        if value == NONE:
            sure = frame.handling is not None and frame.handling.certain and frame.certain
            bound = Absent(frame.handling) if frame.handling is not None and sure else None
        elif value is not None:
            bound = self._valued(value, frame)
        if value == RESULT and isinstance(bound, ClassValue) and bound.name != name and External("typing.NamedTuple") in bound.bases and name != INSTANCE:
            bound = None  # a class that a call made, and that calls itself something else
        if bound is None or (isinstance(bound, External) and value is not None and len(value) == 1 and bound.name == value[0]):
            bound = Data(frame.module.path, name, none=value == NONE)
        self.put(name, bound, frame, either=value is not None and value[0] != RESULT[0] and self.is_either(value, frame))

    def _valued(self, value: Path | None, frame: Frame) -> Value | None:
        """Return what the value of a binding stands for, None where that is not known."""
        if value is None or value == NONE:
            return None
        if value == RESULT:
            return frame.result
        if value == ENTERED:
            return Result(frame.result, entered=True) if isinstance(frame.result, Instance | Part | Result) else frame.result
        return self.quiet(value, frame)

    def _given_away(self, named: Path | None, frame: Frame) -> Value | None:
        """Return what a function hands to its caller; of an attribute of an instance, what the methods of that give it."""
        value = self._valued(named, frame)
        if named is not None and named[0] != RESULT[0] and self.is_either(named, frame):
            return replace(value, sure=False) if isinstance(value, Instance) else None
        if not isinstance(value, Data | Part) or named is None or len(named) < 2:
            return value
        holder = self.quiet(named[:-1], frame)
        held = self.settle(holder) if holder is not None else None
        given = self.attribute_given(held.of, named[-1]) if isinstance(held, Instance) and not held.mock else None
        return replace(given, through=given.through | {named[-1]}) if isinstance(given, Instance) else given or value

    def _item(self, statement: Item, frame: Frame) -> None:
        """Ask an enumeration for a member by its name."""
        owner = self.quiet(statement.path, frame) if statement.key in self.world.words else None
        owner = self.force(owner) if owner is not None else None
        if isinstance(owner, ClassValue) and self.is_enumeration(owner) and self.member(owner, statement.key) is None:
            target, _ = self._lacking(owner, statement.key)
            if not self.tolerate(frame, target):
                raise self.fail(frame, statement.line, statement.column, ReferenceKind.ATTRIBUTE, target, "KeyError", f"KeyError: {statement.key!r}")

    def _lacking(self, owner: ModuleValue | ClassValue | Instance, name: str) -> tuple[str, str]:
        """Return the target of a missing attribute, and what Python calls its owner."""
        if isinstance(owner, ModuleValue):
            return f"{owner.name}:{name}", f"{'partially initialized ' * (owner.status is Status.RUNNING)}module {owner.name!r}"
        of = owner.of if isinstance(owner, Instance) else owner
        short = of.name.rpartition(".")[2]
        what = f"type object {short!r}" if not isinstance(owner, Instance) else "Mock object" if owner.mock else f"{short!r} object"
        return f"{self.module_name(of.path)}:{of.name}.{name}", what

    def _set_attribute(self, path: Path, named: Path | None, frame: Frame) -> None:
        first = frame.runs.entry[0] if frame.sets is not None and frame.runs is not None and frame.runs.entry else None
        if frame.sets is not None and len(path) == 2 and isinstance(first, Bind) and first.name == path[0]:
            frame.sets.setdefault(path[1], []).append(self._valued(named, frame))
        owner = self.quiet(path[:-1], frame)
        owner = self.force(owner) if owner is not None and path[-1] in self.world.words else owner
        bound = Data(frame.module.path, path[-1])
        if path[-1] == ANY:
            if isinstance(owner, ModuleValue | ClassValue) and not frame.function:
                owner.open = True
            return
        names = self.names(owner) if isinstance(owner, ModuleValue) else owner.members if isinstance(owner, ClassValue) else None
        if names is None or path[-1] in names or frame.after_failure:
            return
        if frame.function:
            self.assign(names, path[-1], bound)
        else:
            names[path[-1]] = bound

    def _read(self, statement: Load, frame: Frame) -> None:
        path = statement.path
        value = self.root(path[0], frame)
        if value is None:
            self._unbound(statement, frame)
            return
        for depth, name in enumerate(path[1:], 1):
            found = self.step(value, name, path, depth, frame)
            if found is None:
                owner = self.stands_for(self.settle(value))
                if isinstance(owner, Absent):
                    self.without(owner, f"AttributeError: 'NoneType' object has no attribute {name!r}", statement, frame)
                    return
                self._miss(owner, depth, statement, frame)
                return
            if name in self.world.words and self.doubts(value, name, frame):
                self._miss(self.stands_for(self.settle(value)), depth, statement, frame, doubtful=True)
            if isinstance(value, ModuleValue) and (value.path, name) in self.world.perhaps and value is not frame.module:
                self._miss(value, depth, statement, frame, doubtful=True)
            if isinstance(value, ModuleValue) and name in value.announced and name not in value.names:
                self.announce(value, name, statement, frame)
            if isinstance(found, FunctionValue) and (found.path, found.key) in self.world.broken:
                self.get_property(found, value, statement, frame)
            value = found
        if path[-1] in self.world.lost_options and path[-2:-1] == ("option",):
            text = f"AttributeError: 'Namespace' object has no attribute {path[-1]!r}"
            raise self.fail(frame, statement.line, statement.column, ReferenceKind.ATTRIBUTE, path[-1], "AttributeError", text)
        if isinstance(value, External) and value.name.startswith("pytest.mark.") and "(" not in value.name and not frame.function:
            self._mark(value.name.split(".")[2], statement, frame)

    def _assert_there(self, statement: Has, frame: Frame) -> None:
        """Ask for a name as `hasattr` does, whose answer is asserted. Raises Raised."""
        try:
            self._read(Load(statement.path, statement.line, statement.column), frame)
        except Raised as raised:
            if raised.kind != "AttributeError":
                raise
            raised.event.exception = statement.text
            raise Raised("AssertionError", statement.text, raised.event, raised.trace, certain=raised.certain) from None

    def _miss(self, owner: Value, depth: int, statement: Load, frame: Frame, *, doubtful: bool = False) -> None:
        """Note that a module, a class or an instance lacks a name that a path asks it for. Raises Raised where that is certain."""
        assert isinstance(owner, ModuleValue | ClassValue | Instance)  # nothing else is certain to lack a name
        path, name = statement.path, statement.path[depth]
        target, what = self._lacking(owner, name)
        if self.tolerate(frame, ".".join(path[: depth + 1])):
            return
        text = self.failing_service(owner, name) or f"AttributeError: {what} has no attribute {name!r}"
        if isinstance(owner, ModuleValue) and owner.status is Status.RUNNING:
            text += CIRCULAR
        if isinstance(owner, ClassValue) and self.world.python < (3, 12) and self.is_enumeration(owner):
            text = f"AttributeError: {name}"
        uncertain = isinstance(owner, ModuleValue) and (self.is_uncertain(owner, name) or (self.is_busy(owner) and name not in self.world.words))
        uncertain = uncertain or doubtful or (isinstance(owner, Instance) and not owner.sure) or self.is_either(path, frame)
        if isinstance(owner, ModuleValue) and frame.function:
            uncertain = uncertain or self.is_set_elsewhere(path[: depth + 1], frame)
        where = replace(frame, certain=False) if uncertain else frame
        raised = self.fail(where, statement.line, statement.column, ReferenceKind.ATTRIBUTE, target, text.partition(":")[0], text)
        if depth == 1 and frame.function and path[0] in ("self", "cls") and not isinstance(owner, ModuleValue):
            raised.event.lacking = owner.of if isinstance(owner, Instance) else owner, name
        raised.event.by = owner.by if isinstance(owner, Instance) else ""
        if not uncertain:
            raise raised

    def _mark(self, name: str, statement: Load, frame: Frame) -> None:
        """Make a mark, which pytest refuses where it insists on registration and this one has none."""
        lacking = self.world.lacking_mark(frame.module.path, name)
        if lacking is not None:
            text, certain = lacking
            raised = self.fail(
                frame if certain else replace(frame, certain=False), statement.line, statement.column, ReferenceKind.MARKER, name, "Failed", text
            )
            if certain:
                raise raised

    def _unbound(self, statement: Load, frame: Frame) -> None:
        name = statement.path[0]
        if frame.module.open and name in self.world.words and not frame.function and not frame.after_failure and name not in _BUILTINS:
            # What fills the namespace may bring it still.
            text = f"NameError: name {name!r} is not defined"
            self.fail(replace(frame, certain=False), statement.line, statement.column, ReferenceKind.NAME, f"{frame.module.name}:{name}", "NameError", text)
            return
        if (
            frame.module.open
            or name in _BUILTINS
            or name in SPECIAL
            or frame.after_failure
            or (frame.function and not any(name in lost.get(frame.module.path, ()) for lost in (self.world.unbound, self.world.dropped)))
        ):
            return
        if frame.local is not None and name in ("__module__", "__qualname__"):
            return
        if self.tolerate(frame, name):
            return
        text = f"NameError: name {name!r} is not defined"
        raise self.fail(frame, statement.line, statement.column, ReferenceKind.NAME, f"{frame.module.name}:{name}", "NameError", text)

    def _class(self, statement: ClassDef, frame: Frame) -> None:
        local: dict[str, Value] = {}
        name = f"{frame.owner}.{statement.name}" if frame.owner else statement.name
        inner = replace(frame, local=local, either=set(), owner=name, enclosing=frame.local if frame.local is not None else frame.enclosing)
        self.run(statement.body, inner)
        bases = tuple(self.quiet(base, frame) if base is not None else None for base in statement.bases)
        for base in bases:
            if isinstance(base, Absent):
                self.without(base, "TypeError: NoneType takes no arguments", Load(statement.bases[bases.index(base)] or (), statement.line, 0), frame)
            elif isinstance(base, FunctionValue) and base.name in self.world.narrower:
                self.derive(base, statement, frame)
        made = ClassValue(frame.module.path, name, local, bases, statement.open or frame.module.open, statement.decorators, statement.fields)
        self.make_heir(made, statement, frame)
        self.put(statement.name, self.decorated(statement.name, made, statement.decorators, frame), frame)

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
