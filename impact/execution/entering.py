"""Calls that lead into functions of the project: those that are known to fail, and those that may, for what they are handed or called on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from impact.execution.callables import callee_of
from impact.execution.given import Given
from impact.execution.patching import find_patch
from impact.execution.values import ClassValue, Data, FunctionValue, Instance, ModuleValue, Raised, Result, Skip, Value
from impact.execution.world import Frame, World
from impact.names import RepoPath
from impact.programs.functions import body_of, itself_in
from impact.programs.program import Block, Call, Function, Load, Statement

_MAX_CALLS = 4
PROPERTIES = frozenset({"property", "functools.cached_property"})


class Entering(Given):
    """Takes calls to where they lead."""

    def __init__(self, world: World, suspects: set[RepoPath], *, strict: bool = False) -> None:
        super().__init__(world, suspects, strict=strict)
        self._calls = 0
        self.dispatching: dict[tuple[RepoPath, str], set[tuple[RepoPath, str]]] = {}
        """The methods that call one of their own instance which heirs override by one that fails, with these heirs (see `World.overridden`)."""

    def statement(self, statement: Statement, frame: Frame) -> bool:
        """Run one statement; return whether what follows it in its block is reached."""
        raise NotImplementedError

    def run(self, block: Block, frame: Frame) -> bool:
        """Run a block; return whether its end is reached."""
        raise NotImplementedError

    def enter(self, callee: tuple[RepoPath, str], handed: Mapping[int | str, Value], statement: Call, frame: Frame, made: ClassValue | None = None) -> None:
        """Take a call to where it leads: a function that is known to fail, or one that misses a name in a module it is handed. `made`: the class that is
        being made an instance of. Raises Raised.
        """
        raised = self.world.broken.get(callee)
        module = self.loaded.get(callee[0])
        function = self.world.programs.functions(callee[0]).get(callee[1]) if module is not None else None
        receiver = self._called_on(statement, frame, made)
        wrapper = next(self.wrapping(module, function), None) if module is not None and raised is None else None
        if wrapper is not None:
            raised = self.world.broken[wrapper]
        elif module is not None and function is not None and self._calls < _MAX_CALLS:
            hangs = callee in self.world.conditional or (raised is not None and raised.left)
            asked = self.handed_constants(module, function, statement, frame, made=made is not None) if hangs else {}
            elsewhere = receiver is not None and self._is_another(raised, function, callee, receiver)
            if asked or elsewhere or (raised is None and (handed or self._is_worth(function, callee[0], frame))):
                filled = self.filled_by(function, statement, frame, made=made is not None) or 0
                given = asked | {name: handed[index] for index, name in enumerate(function.parameters, filled) if index in handed}
                given.update({name: value for name, value in handed.items() if isinstance(name, str)})
                raised = self.entered(module, function, given, receiver)
                if raised is not None and not frame.function:
                    raised.event.deferred = False  # it runs now
            if raised is None and hangs:
                self.note_hanging(statement, frame)
            if raised is None and frame.runs is not None:
                self._note_dispatching(callee, statement, frame)
        self._come_back(raised, callee, receiver, statement, frame)

    def entered(self, module: ModuleValue, function: Function, given: Mapping[str, Value], receiver: Instance | None) -> Raised | None:
        """Run a function once more, for what it is handed and called on; return what it raises."""
        self._calls += 1
        raised, _ = self.call(module, function, given, receiver)
        self._calls -= 1
        return raised

    def wrapping(self, module: ModuleValue, function: Function | None) -> Iterator[tuple[RepoPath, str]]:
        """Yield what is known to fail of the functions that decorators have put in the place of a function of a module: they run before it does."""
        for one in function.decorators if function is not None and self.world.broken else ():
            if one.path[-1] not in self.world.words:
                continue
            value = self.quiet(one.path, Frame(module))
            value = self.force(value) if value is not None else None
            home = self.loaded.get(value.path) if isinstance(value, FunctionValue) else None
            if not isinstance(value, FunctionValue) or home is None:
                continue
            if isinstance(one, Call):
                key = value.path, value.key
                decorator = self.world.programs.functions(value.path).get(value.key)
                managing = (self.canonical(of.path, Frame(home)) for of in decorator.decorators) if decorator is not None else ()
                if key in self.world.broken and "contextlib.contextmanager" in managing:
                    yield key  # every use of it as a decorator enters the context
                    continue
            made = self.settle(Result(Result(value)) if isinstance(one, Call) else Result(value))
            if isinstance(made, FunctionValue) and (made.path, made.key) in self.world.broken:
                yield made.path, made.key

    def _come_back(self, raised: Raised | None, callee: tuple[RepoPath, str], receiver: Instance | None, statement: Call, frame: Frame) -> None:
        """Raise what a function raises, as seen from who calls it."""
        owner: Value | None = receiver.of if receiver is not None else None
        if receiver is None and raised is not None and raised.event.lacking is not None and len(statement.path) > 1:
            called = self.quiet(statement.path[:-1], frame)
            owner = called.of if isinstance(called, Instance) else called
        if raised is not None and isinstance(owner, ClassValue):
            raised = self.met_by(raised, owner)
        if raised is None or self.is_kept(raised) or self.never_runs(callee, statement, frame, raised):
            return
        if raised.event.deferred and not frame.function:
            raised = self._now(raised, callee, frame)
        if frame.function and not frame.certain and raised.certain:
            self.fail(frame, statement.line, statement.column, raised.event.kind, raised.event.target, raised.kind, raised.text)
        seen = raised.through(self.link(frame, statement.line))
        seen.certain = seen.certain and frame.certain and not self.is_either(statement.path, frame)
        seen.left = seen.left or frame.left
        seen.called = seen.called | {statement.path[-1]}
        is_own = frame.runs is not None and statement.path[0] == itself_in(frame.runs)
        seen.via = seen.via | {statement.path[-1]} if is_own and len(statement.path) == 2 else frozenset()
        raise seen

    def _called_on(self, statement: Call, frame: Frame, made: ClassValue | None) -> Instance | None:
        """Return the instance that a method is called on, where it is known what it is an instance of."""
        if made is not None:
            return frame.result if isinstance(frame.result, Instance) and frame.result.of is made else Instance(made)
        value = self.quiet(statement.path[:-1], frame) if len(statement.path) > 1 and not self.is_either(statement.path[:-1], frame) else None
        held = self.settle(value) if value is not None else None
        if isinstance(held, Instance) and held.of.name == "super" and frame.runs is not None:
            held = self.root(itself_in(frame.runs), frame)
        return held if isinstance(held, Instance) and held.sure and not held.mock and not held.below else None

    def _is_another(self, raised: Raised | None, function: Function, callee: tuple[RepoPath, str], receiver: Instance) -> bool:
        """Tell whether a method may do something else on an instance than on any of its own class."""
        if receiver.made or self.fails_for(callee, receiver.of):
            return True
        return raised is not None and self.is_overridden(raised, function, callee[0], receiver.of)

    def is_overridden(self, raised: Raised, function: Function, path: RepoPath, receiver: ClassValue) -> bool:
        """Tell whether a class has another method than the class of a function has in a place that an exception of that function comes through."""
        owner = next((one for one in self.line_of(receiver) if (one.path, one.name) == (path, function.owner)), None)
        if owner is None or owner is receiver:
            return False
        return any(self.method_of(receiver, name) != self.method_of(owner, name) for name in raised.via)

    def fails_for(self, callee: tuple[RepoPath, str], receiver: ClassValue) -> bool:
        """Tell whether a method may fail for a class as it does not for its own, since that has another method in a place that it calls."""
        heirs = self.dispatching.get(callee)
        return heirs is not None and any((one.path, one.name) in heirs for one in self.line_of(receiver))

    def _note_dispatching(self, callee: tuple[RepoPath, str], statement: Call, frame: Frame) -> None:
        """Note a method that calls one of its own instance which an heir overrides by one that fails, or that calls such a one."""
        if frame.runs is None or len(statement.path) != 2 or statement.path[0] != itself_in(frame.runs):
            return
        owner = self.root(statement.path[0], frame)
        heirs = set(self.dispatching.get(callee, ()))
        for one in self.line_of(owner.of) if isinstance(owner, Instance) else ():
            heirs |= self.world.overridden.get((one.path, one.name, statement.path[1]), set())
        if heirs:
            self.dispatching.setdefault((frame.module.path, frame.runs.key), set()).update(heirs)

    def _now(self, raised: Raised, callee: tuple[RepoPath, str], frame: Frame) -> Raised:
        """Return what a function that is known to fail raises where a file calls it as it is imported: the same reference, met in that file too."""
        event = replace(raised.event, certain=raised.event.certain and frame.certain, deferred=False, handled=None)
        frame.module.events.append(event)
        callee_now = callee_of(self, FunctionValue(callee[0], "", callee[1]))
        certain = raised.certain and callee_now is not None and callee_now.certain
        return Raised(raised.kind, raised.text, event, raised.trace, certain=certain, left=raised.left, via=raised.via, called=raised.called)

    def _is_worth(self, function: Function, path: RepoPath, frame: Frame) -> bool:
        """Tell whether a function is to be followed though it is not known to fail: while a file is imported, nobody has played it yet; what warns at both
        ends fails who calls it newly.
        """
        if frame.function:
            return self.may_warn(function, path)
        return function.mentions(frozenset(self.world.words | self.world.narrower))

    def get_property(self, value: FunctionValue, owner: Value, statement: Load, frame: Frame) -> None:
        """Ask an instance for a property whose function is known to fail. Raises Raised."""
        function = self.world.programs.functions(value.path).get(value.key)
        module = self.loaded.get(value.path)
        if function is None or module is None or not isinstance(self.settle(owner), Instance):
            return
        if any(self.canonical(one.path, Frame(module)) in PROPERTIES for one in function.decorators):
            raised = self.world.broken[value.path, value.key]
            if not self.is_kept(raised):
                seen = raised.through(self.link(frame, statement.line))
                seen.certain = seen.certain and frame.certain
                raise seen

    def meet(self, held: Instance, name: str, place: tuple[int, int], frame: Frame) -> None:
        """Run a special method of an instance. Raises Raised where it is known to fail."""
        method = self.method_of(held.of, name)
        raised = self.world.broken.get((method.path, method.key)) if isinstance(method, FunctionValue) else None
        if raised is not None and held.sure and not self.is_kept(raised):
            seen = raised.through(self.link(frame, place[0]))
            seen.certain, seen.via = seen.certain and frame.certain, frozenset()
            raise seen

    def call(
        self, module: ModuleValue, function: Function, arguments: Mapping[str, Value] | None = None, receiver: Instance | None = None
    ) -> tuple[Raised | None, Skip | None]:
        """Run the body of a function; return what it raises, or the skip that ends it.

        After the first exception the rest is still looked at, for its own broken references. What the parameters stand for is unknown
        unless `arguments` says so; `receiver` is what a method is called on, an instance of its own class otherwise.
        """
        self.names(module)
        local: dict[str, Value] = {name: Data(module.path, f"{function.name}.{name}") for name in function.parameters}
        local.update(arguments or {})
        frame = Frame(module, local=local, function=True, runs=function)
        body = body_of(function)
        if receiver is not None and function.owner and itself_in(function):
            local[itself_in(function)] = receiver
            body = body[1:]
        first: Raised | None = None
        filtered, self.filtered = self.filtered, False
        try:
            with self.undone():
                try:
                    self.warn_of(function, module, frame)
                except Raised as raised:
                    first = raised
                    frame.after_failure = True
                patches = (one for one in function.decorators if isinstance(one, Call) and find_patch(self.canonical(one.path, frame), one))
                for statement in (*patches, *body):
                    try:
                        if not self.statement(statement, frame):
                            break
                    except Raised as raised:
                        first = first or raised
                        frame.after_failure = True
        except Skip as skip:
            return first, None if first else skip
        finally:
            self.filtered = filtered
        return first, None
