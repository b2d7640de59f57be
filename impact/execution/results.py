"""What a call returns, a context gives and an attribute holds, where that is evident: found out when a name that was lost is asked of it.

A function is run for what it hands to its caller, a class for what its methods give their instance; only where every way through agrees on
one class is the answer known. What somebody patches is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from impact.execution.callables import decorators_of, run_by
from impact.execution.calling import Calling
from impact.execution.entering import PROPERTIES
from impact.execution.values import ClassValue, Data, FunctionValue, Instance, Lazy, ModuleValue, Part, Raised, Result, Row, Several, Skip, Value
from impact.execution.world import Frame, World
from impact.names import RepoPath
from impact.programs.functions import body_of, itself_in
from impact.programs.handed import Constant
from impact.programs.paths import ONE, RETURNED
from impact.programs.program import Bind, Call, Function

_RETURNS = frozenset({"staticmethod", "classmethod", "functools.cache", "functools.lru_cache", "abc.abstractmethod", "typing.override"})
_YIELDS = frozenset({"pytest.fixture", "pytest_asyncio.fixture", "contextlib.contextmanager"})
_DEEPEST = 6
# How a function uses a parameter of which it matters what class it is of.
_USES = ("{}.", "{}(", " = {}\n", " = {} or")


class Results(Calling):
    """Settles values that nobody had to know before."""

    def __init__(self, world: World, suspects: set[RepoPath], *, strict: bool = False) -> None:
        super().__init__(world, suspects, strict=strict)
        self._known: dict[object, Value | None] = {}
        self._nested = 0
        self._making = 0

    def rerun(self, path: RepoPath) -> None:
        """Forget a file, and what was found out from it."""
        super().rerun(path)
        self._known.clear()

    def settle(self, value: Value) -> Value:
        """Return what a value is; one that cannot be told is what it was."""
        value = self.force(value)
        if not isinstance(value, Part | Result) or self._nested > _DEEPEST:
            return value
        self._nested += 1
        try:
            if isinstance(value, Part):
                return self._attribute(value) or value
            found = self._entered(value.callee) if value.entered else self._called(value)
        finally:
            self._nested -= 1
        return found or value.otherwise or value

    def _attribute(self, part: Part) -> Value | None:
        """Return what an attribute holds; None where that is not evident."""
        holder = self.settle(part.holder)
        if not isinstance(holder, Instance) or holder.mock or self.is_put(part.name, part.place):
            return None
        found = self.member(holder.of, part.name)
        given: Value | None = None
        if isinstance(found, FunctionValue):
            given = self.property_given(found, holder) or found
        elif found is None:
            given = self.attribute_given(holder.of, part.name)
        return replace(given, sure=given.sure and holder.sure) if isinstance(given, Instance) else given

    def _called(self, result: Result) -> Value | None:
        callee = result.callee
        if isinstance(callee, Part) and not callee.name.isidentifier():
            return self._taken(callee)
        if isinstance(callee, Lazy) and (callee.module.path, callee.name) in self.replaced:
            return None
        callee = self.settle(callee)
        if isinstance(callee, ClassValue):
            return Instance(callee)
        if isinstance(callee, Instance) and not callee.mock:
            called = self.member(callee.of, "__call__")
            return self._given(called, callee) if isinstance(called, FunctionValue) else None
        if not isinstance(callee, FunctionValue) or (callee.path, callee.name) in self.replaced:
            return None
        found = self._given(callee, result.receiver, given=result.given)
        receiver = self.settle(result.receiver) if isinstance(found, Instance) and result.receiver is not None else None
        return replace(found, sure=found.sure and receiver.sure) if isinstance(found, Instance) and isinstance(receiver, Instance) else found

    def _taken(self, part: Part) -> Value | None:
        """Return what an index, a loop or an assignment to several names takes; of an instance, what its `__getitem__` gives for an index."""
        holder = self.settle(part.holder)
        if not isinstance(holder, Instance):
            found = self.taken(holder, part.name)
            return self.settle(found) if found is not None else None
        is_index = part.name == ONE or part.name.startswith("#")
        return self._called(Result(Part(holder, "__getitem__", part.place), holder)) if is_index else None

    def _entered(self, context: Value) -> Value | None:
        """Return what `with` binds: what a generator of a context manager yields, or what `__enter__` returns."""
        callee = self.force(context.callee) if isinstance(context, Result) and not context.entered else None
        if isinstance(callee, FunctionValue):
            found = self._given(callee, context.receiver if isinstance(context, Result) else None, entered=True)
            if found is not None:
                return found
        context = self.settle(context)
        for owner in self.line_of(context.of) if isinstance(context, Instance) else ():
            enter = owner.members.get("__enter__")
            if isinstance(enter, FunctionValue):
                return self._given(enter, context)
        return None

    def _given(
        self, value: FunctionValue, receiver: Value | None, *, entered: bool = False, asked: bool = False, given: tuple[tuple[str, Value], ...] = ()
    ) -> Value | None:
        """Return what a function returns, or yields as a fixture or a context; None where that is not evident."""
        function = self.world.programs.functions(value.path).get(value.key)
        module = self.loaded.get(value.path)
        if function is None or not isinstance(module, ModuleValue):
            return None
        names = set(decorators_of(self, module, function)) - (PROPERTIES if asked else frozenset())
        yields = not names.isdisjoint(_YIELDS)
        manages = "contextlib.contextmanager" in names
        if not names <= _RETURNS | _YIELDS or manages is not entered or ("yield" in function.text and not yields):
            return None
        return self._once((value, receiver, given), lambda: self._handed_back(module, function, receiver, given))

    def _handed_back(self, module: ModuleValue, function: Function, receiver: Value | None, given: tuple[tuple[str, Value], ...]) -> Value | None:
        """Return what a function evidently hands to its caller, or else an instance of the class that its annotation names."""
        found = self._agreed(self._run(module, function, receiver, given).gives or (), function, module.path)
        said = dict(function.annotations).get(RETURNED)
        if found is not None or said is None:
            return found
        if said[-1] == "Self" and isinstance(receiver, Instance):
            return replace(receiver, by=function.name, place=module.path, sure=False)
        owner = self.quiet(said, Frame(module))
        owner = self.force(owner) if owner is not None else None
        return Instance(owner, by=function.name, place=module.path, sure=False, below=True) if isinstance(owner, ClassValue) else None

    def property_given(self, function: FunctionValue, receiver: Instance) -> Value | None:
        """Return what a property gives; None where that is not evident, or it is none."""
        known, module = self.world.programs.functions(function.path).get(function.key), self.loaded.get(function.path)
        if known is None or module is None or not known.decorators or PROPERTIES.isdisjoint(decorators_of(self, module, known)):
            return None
        return self._given(function, receiver, asked=True)

    def attribute_given(self, owner: ClassValue, name: str) -> Value | None:
        """Return what an attribute of an instance holds that its methods give it; None where that is not evident."""
        return self._once((owner, name), lambda: self._set_by_methods(owner, name))

    def attribute_made(self, value: Instance, name: str) -> Value | None:
        """Return what an attribute of an instance holds that its constructor gives it for what that was handed; None where that is not evident."""
        if any(field.strip("*-=") == name for one in self.line_of(value.of) for field in one.fields):
            return dict(value.made).get(name)
        init = run_by(self, value.of)
        module = self.loaded.get(init.path) if init is not None else None
        function = self.world.programs.functions(init.path).get(init.key) if init is not None else None
        if function is None or not isinstance(module, ModuleValue):
            return self.attribute_given(value.of, name)
        plain = replace(value, made=())
        self._making += 1
        given = (self._run(module, function, plain, value.made).sets or {}).get(name, [])
        self._making -= 1
        # Of `one or other`, one that is None is not what it holds.
        return self._agreed((one for one in given if not isinstance(one, Data) or one.constant != Constant(None)), function, value.of.path)

    def inherit(self, init: FunctionValue, statement: Call, frame: Frame) -> None:
        """Note what a constructor gives its instance which another one calls that is run to see what it gives."""
        module = self.loaded.get(init.path)
        function = self.world.programs.functions(init.path).get(init.key)
        receiver = self.root(itself_in(frame.runs), frame) if frame.runs is not None else None
        if not self._making or frame.sets is None or function is None or not isinstance(module, ModuleValue) or self._nested > _DEEPEST:
            return
        self._nested += 1
        given = self.handed_constants(module, function, statement, frame, made=True)
        for name, values in (self._run(module, function, receiver, given.items()).sets or {}).items():
            frame.sets.setdefault(name, []).extend(values)
        self._nested -= 1

    def _set_by_methods(self, owner: ClassValue, name: str) -> Value | None:
        found: list[Value | None] = []
        setter: Function | None = None
        for one in self.line_of(owner):
            module = self.loaded.get(one.path)
            for function in self.world.programs.functions(one.path).values() if isinstance(module, ModuleValue) else ():
                if function.owner == one.name and f".{name}" in function.text and isinstance(module, ModuleValue):
                    receiver = owner if "classmethod" in decorators_of(self, module, function) else Instance(owner)
                    values = (self._run(module, function, receiver).sets or {}).get(name, [])
                    setter = function if values else setter
                    found += values
        given = self._agreed(found, setter, owner.path)
        return None if isinstance(given, Several | Row) else given  # who exchanges what it holds is not looked for

    def _once(self, key: object, ask: Callable[[], Value | None]) -> Value | None:
        if key not in self._known:
            self._known[key] = None  # a function that hands on what it is handed itself
            self._known[key] = ask()
        return self._known[key]

    def chosen(self, module: ModuleValue, function: Function) -> dict[str, Value]:
        """Return, of the things that the parameters of a function are given one after the other, those that lost something: one is enough for a test to
        fail. What a fixture is given is an attribute of its `request`.
        """
        found: dict[str, Value] = {}
        for name, paths in function.choices:
            values = (self.quiet(path, Frame(module)) for path in paths)
            settled = (self.settle(value) for value in values if value is not None)
            value = next((value for value in settled if self.has_lost(value) or self.failing_methods(value)), None)
            if value is not None and name == "request.param":
                found["request"] = Instance(ClassValue(module.path, "FixtureRequest", {"param": value}, (), open=True))
            elif value is not None:
                found[name] = value
        return found

    def announced(self, module: ModuleValue, function: Function) -> dict[str, Instance]:
        """Return, for the parameters of a function that it uses, an instance of the class that an annotation names."""
        said: dict[str, Instance] = {}
        for name, path in function.annotations:
            owner = self.quiet(path, Frame(module)) if any(use.format(name) in function.text for use in _USES) else None
            owner = self.force(owner) if isinstance(owner, Lazy) else owner
            if isinstance(owner, ClassValue):
                said[name] = Instance(owner, sure=False)
        return said

    def _run(self, module: ModuleValue, function: Function, receiver: Value | None, given: Iterable[tuple[str, Value]] = ()) -> Frame:
        """Run a function for what it hands out; what else happens in it does not count. `given` is what some parameters stand for."""
        self.names(module)
        frame = Frame(module, local={name: Data(module.path, f"{function.name}.{name}") for name in function.parameters}, function=True, runs=function)
        request = self.chosen(module, function).get("request")
        if frame.local is not None:
            frame.local.update(self.announced(module, function))
            frame.local.update(given)
            frame.local.update({"request": request} if request is not None else {})
        frame.gives, frame.sets = [], {}
        body = body_of(function)
        if receiver is not None and body and frame.local is not None and function.owner and isinstance(body[0], Bind):
            frame.local[body[0].name] = receiver
            body = body[1:]
        events, fallbacks, assigned = len(module.events), len(module.fallbacks), len(self.assigned)
        try:
            with self.undone():
                self.run(body, frame)
                if len(self.assigned) > assigned:
                    # A module may be handed out with a name that it was given just now.
                    frame.gives = [None if isinstance(one, ModuleValue) else one for one in frame.gives]
        except (Raised, Skip):
            pass
        finally:
            del module.events[events:], module.fallbacks[fallbacks:]
        return frame

    def _agreed(self, values: Iterable[Value | None], function: Function | None, place: RepoPath) -> Value | None:
        """Return the one class that all values are, or are an instance of, or the one module or function; None where they are not all the same."""
        found = [self.settle(value) if value is not None else None for value in values]
        first = found[0] if found else None
        if isinstance(first, Several) and all(isinstance(one, Several) and one.keyed is first.keyed for one in found):
            one = self._agreed((one.one for one in found if isinstance(one, Several)), function, place)
            return Several(one, first.keyed) if one is not None else None
        if isinstance(first, Row) and all(isinstance(one, Row) and len(one.items) == len(first.items) for one in found):
            rows = zip(*(one.items for one in found if isinstance(one, Row)), strict=True)
            return Row(tuple(self._agreed(items, function, place) for items in rows))
        if isinstance(first, Instance) and all(isinstance(one, Instance) and one.of is first.of and one.mock is first.mock for one in found):
            is_sure = all(one.sure for one in found if isinstance(one, Instance))
            through = frozenset[str]().union(*(one.through for one in found if isinstance(one, Instance)))
            return replace(first, by=function.name if function is not None else "", place=place, sure=is_sure, through=through)
        return first if isinstance(first, ClassValue | FunctionValue | ModuleValue) and all(one == first for one in found) else None
