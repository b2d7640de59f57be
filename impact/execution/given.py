"""What a call hands to the parameters of a function of the project, as far as that can matter there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from impact.execution.callables import fields_in, run_by
from impact.execution.named import Named
from impact.execution.values import ClassValue, Data, FunctionValue, Instance, Lazy, ModuleValue, Part, Result, Several, Value
from impact.execution.world import Frame, World
from impact.names import RepoPath
from impact.programs.handed import Constant, Handed, defaults_at, handed_at
from impact.programs.paths import Path
from impact.programs.program import Call, Function
from impact.programs.signatures import read_signature

# Decorators that hand a call on as it is.
_PLAIN = frozenset(
    {"abc.abstractmethod", "classmethod", "contextlib.contextmanager", "functools.cache", "functools.lru_cache", "pytest.fixture", "staticmethod"}
)
# What a constructor runs that does not take its arguments.
_AFTER = frozenset({"__post_init__", "__attrs_post_init__"})


class Given(Named):
    """Looks at arguments."""

    def __init__(self, world: World, suspects: set[RepoPath], *, strict: bool = False) -> None:
        super().__init__(world, suspects, strict=strict)
        self.hanging: set[tuple[RepoPath, str]] = set()
        """The functions that hand a parameter of their own to one that fails under a condition."""
        self.supplied: dict[tuple[RepoPath, str], set[str]] = {}
        """The classes, by file and name, whose constructor was handed an instance with a method that fails, and these methods."""

    def handed(self, statement: Call, frame: Frame) -> dict[int | str, Value]:
        """Return the modules that lost a name, and the instances of classes that did, among the arguments of a call, by position or keyword."""
        given: list[tuple[int | str, object]] = [*enumerate(statement.arguments), *statement.keywords]
        asks = statement.path[-1] in self.world.askers
        found: dict[int | str, Value] = {}
        for where, path in given:
            value = self.quiet(path, frame) if isinstance(path, tuple) else None
            if isinstance(value, Part | Result) and (asks or (self.world.failing and isinstance(path, tuple) and self.may_matter(value, path))):
                value = self.settle(value)
            one = value.one if isinstance(value, Several) else value
            if not isinstance(one, ModuleValue | Instance) or not (self.has_lost(one) or self.failing_methods(one)):
                continue
            if isinstance(path, tuple) and self.is_either(path, frame):
                one = replace(one, sure=False) if isinstance(one, Instance) else None
            if one is not None and value is not None:
                found[where] = Several(one) if isinstance(value, Several) else one
        return found

    def handed_constants(self, module: ModuleValue, function: Function, statement: Call, frame: Frame, *, made: bool) -> dict[str, Value]:
        """Return what parameters of a function of a module stand for in a call, as far as the call or a default says it: constants, and things that are
        there. `made`: an instance is being made. Nothing where the arguments are hidden, or do not arrive as they are.
        """
        handed = handed_at(self.world.programs.source(frame.module.path) or b"", statement.path, statement.line, statement.column)
        if handed is None or function.name in _AFTER or any(self.canonical(one.path, Frame(module)) not in _PLAIN for one in function.decorators):
            return {}
        values, keywords = handed
        filled = self.filled_by(function, statement, frame, made=made)
        if filled is None:
            return {}
        positional = [name for name in read_signature(function.signature).positional if name in function.parameters]
        given: dict[str, Handed] = {**defaults_at(self.world.programs.source(module.path) or b"", function.key), **keywords}
        given.update(zip(positional, values[filled:], strict=False))
        known = ((name, self._argument(given[name], frame)) for name in function.parameters if name in given)
        return {
            name: Data(module.path, f"{function.name}.{name}", constant=value) if isinstance(value, Constant) else value
            for name, value in known
            if value is not None
        }

    def filled_by(self, function: Function, statement: Call, frame: Frame, *, made: bool) -> int | None:
        """Return how many of the arguments of a call are the instance that a method has first; None where that is not known."""
        receiver = self.quiet(statement.path[:-1], frame) if len(statement.path) > 1 else None
        receiver = self.settle(receiver) if receiver is not None else None
        if made:
            return int(statement.path[-1] == "__init__" and isinstance(receiver, ClassValue))
        bound = {("classmethod",), ("staticmethod",)}.isdisjoint(one.path for one in function.decorators)
        if not function.owner or isinstance(receiver, Instance):
            return 0
        return int(bound) if isinstance(receiver, ClassValue) else None

    def _argument(self, handed: Handed, frame: Frame) -> Constant | Value | None:
        if not isinstance(handed, tuple) or self.is_either(handed, frame):
            return handed if isinstance(handed, Constant) else None
        value = self.quiet(handed, frame)
        value = self.settle(value) if isinstance(value, Result) else value
        if isinstance(value, Data):
            return value.constant
        return value if isinstance(value, ClassValue | FunctionValue | ModuleValue) or (isinstance(value, Instance) and value.sure) else None

    def may_matter(self, value: Value, path: Path) -> bool:
        """Tell whether what a call gave, or a part of that, may be something that fails or takes less: by the names on the way to it."""
        names = {*path}
        while isinstance(value, Part | Result):
            names.update((value.name,) if isinstance(value, Part) else ())
            value = value.holder if isinstance(value, Part) else value.callee
        names.update((value.name,) if isinstance(value, FunctionValue | Lazy) else ())
        return not (self.world.words.isdisjoint(names) and self.world.narrower.isdisjoint(names))

    def made_with(self, owner: ClassValue, statement: Call, frame: Frame) -> tuple[tuple[str, Value], ...]:
        """Return what the constructor of a class is handed in a call, by parameter, where one of these things is an instance with a method that fails, or it
        may make one itself.
        """
        if not self.world.failing:
            return ()
        paths = (one for one in (*statement.arguments, *(value for _, value in statement.keywords)) if isinstance(one, tuple))
        failing = set().union(*(self._failing_of(path, frame) for path in paths))
        init = run_by(self, owner)
        module = self.loaded.get(init.path) if init is not None else None
        function = self.world.programs.functions(init.path).get(init.key) if init is not None else None
        if module is None or function is None:
            return self._fields_with(owner, failing, statement, frame)
        failing |= self.making(function)
        if not failing:
            return ()
        self.supplied.setdefault((owner.path, owner.name), set()).update(failing)
        return tuple(self.handed_constants(module, function, statement, frame, made=True).items())

    def making(self, function: Function) -> set[str]:
        """Return the methods that fail of the classes that a constructor names which can do without what it is handed."""
        found: set[str] = set()
        for (_, name), methods in self.world.failing.items() if function.defaults else ():
            if function.mentions(frozenset({name.rpartition(".")[2]})):
                found |= methods
        return found

    def _fields_with(self, owner: ClassValue, failing: set[str], statement: Call, frame: Frame) -> tuple[tuple[str, Value], ...]:
        """Return the same for a constructor that is made of fields."""
        fields = fields_in(self, owner) if failing and owner.decorators else None
        handed = handed_at(self.world.programs.source(frame.module.path) or b"", statement.path, statement.line, statement.column) if fields else None
        if handed is None:
            return ()
        self.supplied.setdefault((owner.path, owner.name), set()).update(failing)
        given = {**dict(zip((field.strip("*-=") for field in fields or ()), handed[0], strict=False)), **handed[1]}
        known = {name: self._argument(value, frame) for name, value in given.items()}
        return tuple((name, value) for name, value in known.items() if value is not None and not isinstance(value, Constant))

    def _failing_of(self, path: Path, frame: Frame) -> set[str]:
        """Return the methods that fail of what a path stands for."""
        value = self.quiet(path, frame)
        held = self.settle(value) if value is not None else None
        return self.failing_methods(held) if held is not None and not self.is_either(path, frame) else set()

    def failing_methods(self, held: Value) -> set[str]:
        """Return the methods of a class or an instance that are known to fail."""
        owner = held.of if isinstance(held, Instance) and held.sure and not held.mock else held
        if not self.world.failing or not isinstance(owner, ClassValue):
            return set()
        places = [(one.path, one.name) for one in self.line_of(owner)]
        return set().union(*(self.world.failing.get(place, set()) for place in places))

    def note_hanging(self, statement: Call, frame: Frame) -> None:
        """Note a function that hands a parameter of its own to one that fails under a condition."""
        if frame.runs is not None and not set(frame.runs.parameters).isdisjoint(self._roots(statement)):
            self.hanging.add((frame.module.path, frame.runs.key))

    @staticmethod
    def _roots(statement: Call) -> Iterator[str]:
        for argument in (*statement.arguments, *(value for _, value in statement.keywords)):
            if isinstance(argument, tuple):
                yield argument[0]
