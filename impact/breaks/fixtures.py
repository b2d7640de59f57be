"""The fixtures that a file can see: its own, those of the conftest.py files above it, and those of the plugins that these load.

Sources: pytest's documentation of fixtures (availability, overriding, autouse, `name=`) and of plugins (`pytest_plugins`, `-p`), and
`_pytest.compat.getfuncargnames` for what counts as a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from impact.breaks.sides import Key, Side, module_of
from impact.execution.playing import Execution
from impact.execution.values import ClassValue, FunctionValue, Lazy, ModuleValue, Result, Value
from impact.execution.world import Frame
from impact.modules import File
from impact.names import RepoPath
from impact.programs.blocks import statements_of
from impact.programs.functions import body_of
from impact.programs.program import Bind, Block, Call, ClassDef, Function, Load, Plugins

_FIXTURE = frozenset({"pytest.fixture", "pytest.yield_fixture", "pytest_asyncio.fixture", "_pytest.fixtures.fixture"})
_MOCK_PATCH = ("patch", "object")
_MAX_PLUGINS = 50
# Fixtures that request fixtures, and so on.
_DEEPEST = 5

# What pytest brings itself: a project that drops its own of that name gets this one.
BUILT_IN = frozenset({
    "cache", "capfd", "capfdbinary", "caplog", "capsys", "capsysbinary", "capteesys", "doctest_namespace", "monkeypatch", "pytestconfig",
    "pytester", "record_property", "record_testsuite_property", "record_xml_attribute", "recwarn", "request", "subtests", "testdir", "tmp_path",
    "tmp_path_factory", "tmpdir", "tmpdir_factory",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fixture:
    """A fixture as it is found by name. `outer` is the one of the same name that it overrides, `requests` what its parameters ask for; `scope` is None
    where it is computed.
    """

    name: str
    key: Key
    requests: tuple[str, ...]
    autouse: bool
    scope: str | None = "function"
    outer: Fixture | None = None


class Fixtures:
    """Finds the fixtures of the files of one snapshot."""

    def __init__(self, execution: Execution, side: Side) -> None:
        self.execution = execution
        self.side = side
        self._own: dict[RepoPath, dict[str, Fixture]] = {}
        self._plugins: dict[RepoPath, tuple[RepoPath, ...]] = {}

    def places(self, path: RepoPath) -> tuple[RepoPath, ...]:
        """Return the files whose fixtures a test file sees, in the order in which they override each other."""
        found: dict[RepoPath, None] = dict.fromkeys(self._resolved(self.side.layout.project_of(path).plugins, path))
        for place in (*self.side.layout.conftests_for(path), path):
            found.update(dict.fromkeys((*self.plugins(place), place)))
        return tuple(found)

    def plugins(self, path: RepoPath) -> tuple[RepoPath, ...]:
        """Return the files that a `pytest_plugins` loads, those that they ask for themselves included."""
        known = self._plugins.get(path)
        if known is None:
            found: dict[RepoPath, None] = {}
            queue = [path]
            while queue and len(found) < _MAX_PLUGINS:
                place = queue.pop()
                program = self.side.programs.module(place) if place in self.side.snapshot.files else None
                for statement in statements_of(program.body) if program is not None else ():
                    if isinstance(statement, Plugins):
                        fresh = [one for one in self._resolved(statement.names, place) if one not in found and one != path]
                        found.update(dict.fromkeys(fresh))
                        queue += fresh
            known = self._plugins[path] = tuple(found)
        return known

    def _resolved(self, names: Sequence[str], importer: RepoPath) -> Iterator[RepoPath]:
        for name in names:
            location = self.side.modules.find(name, importer) if not name.startswith("no:") else None
            if isinstance(location, File):
                yield location.path

    def available(self, path: RepoPath) -> dict[str, Fixture]:
        """Return the fixtures that the test functions of a file can ask for, by name."""
        found: dict[str, Fixture] = {}
        for place in self.places(path):
            layer(found, self.fixtures(place))
        return found

    def fixtures(self, path: RepoPath) -> Mapping[str, Fixture]:
        """Return the fixtures that a file defines or imports at its top level, by the name under which they are requested."""
        known = self._own.get(path)
        if known is None:
            known = self._own[path] = {}
            if path in self.side.snapshot.files:
                module = module_of(self.execution, self.side, path)
                for name, bound in tuple(self.execution.names(module).items()):  # looking one up may bind others
                    value = self.execution.force(bound)
                    if isinstance(value, FunctionValue) and (fixture := self.fixture_of(name, value)) is not None:
                        known[fixture.name] = fixture
        return known

    def class_fixtures(self, members: Mapping[str, Value]) -> dict[str, Fixture]:
        """Return the fixtures among the members of a class."""
        found = (self.fixture_of(name, value) for name, value in members.items() if isinstance(value, FunctionValue))
        return {fixture.name: fixture for fixture in found if fixture is not None}

    def fixture_of(self, name: str, value: FunctionValue) -> Fixture | None:
        """Return the fixture that a function is, None where it is none."""
        function = self.function_of(value)
        if function is None or not function.decorators:
            return None
        module = module_of(self.execution, self.side, value.path)
        for decorator in function.decorators:
            if self.named(decorator, module) in _FIXTURE or decorator.path[-1] == "fixture":
                keywords = dict(decorator.keywords) if isinstance(decorator, Call) else {}
                given = keywords.get("name")
                key = value.path, value.key
                scope = keywords.get("scope", "function")
                autouse = keywords.get("autouse") == ("True",)
                return Fixture(given if isinstance(given, str) else name, key, requests_of(function), autouse, scope if isinstance(scope, str) else None)
        return None

    def values_for(self, module: ModuleValue, function: Function) -> dict[str, Value]:
        """Return what the parameters of a function stand for, as far as that is evident: what the fixtures of a test or fixture give, or else
        an instance of the class that an annotation names.
        """
        said = self.execution.announced(module, function)
        past = {"request", *overridden(function.decorators)}
        found: dict[str, Value] = {**said, **{name: value for name, value in self.execution.chosen(module, function).items() if name in past}}
        asked = [name for name in function.parameters if name in function.text]
        if not asked or (module.path not in self.side.layout.tests and module.path not in self.side.layout.conftests):
            return found
        given = set(parametrized(function.decorators))
        if any(decorator.path[-1] in ("parametrize", "given") for decorator in function.decorators) and not given:
            return found
        wanted = (set(requests_of(function)) & set(asked)) - given
        available = self._seen_by(module, function) if wanted else {}
        for name in wanted & available.keys():
            found[name] = replace(self._result_of(available[name], available), otherwise=said.get(name))
        return found

    def _result_of(self, fixture: Fixture, available: Mapping[str, Fixture], depth: int = 0) -> Result:
        """Return what a fixture gives to who sees some others: they give to it what it requests."""
        place, key = fixture.key
        requested = {name: fixture.outer if name == fixture.name else available.get(name) for name in fixture.requests if depth < _DEEPEST}
        given = tuple((name, self._result_of(one, available, depth + 1)) for name, one in requested.items() if one is not None)
        return Result(FunctionValue(place, self.side.programs.functions(place)[key].name, key), given=given)

    def _seen_by(self, module: ModuleValue, function: Function) -> dict[str, Fixture]:
        """Return the fixtures that a function can ask for; of a fixture, without itself."""
        found = dict(self.available(module.path))
        owner = self.execution.quiet(tuple(function.owner.split(".")), Frame(module)) if function.owner else None
        for one in reversed(self.execution.line_of(owner)) if isinstance(owner, ClassValue) else ():
            layer(found, self.class_fixtures(one.members))
        own = (module.path, function.key)
        return {name: fixture for name, fixture in found.items() if fixture.key != own}

    def function_of(self, value: FunctionValue) -> Function | None:
        """Return the function behind a value."""
        return self.side.programs.functions(value.path).get(value.key)

    def may_provide(self, path: RepoPath, name: str) -> bool:
        """Tell whether a file binds a name to something that may be a fixture though it cannot be seen to be one: what a call returned, or a decorator."""
        module = module_of(self.execution, self.side, path)
        return self._may_be_fixture(self.execution.names(module).get(name))

    def _may_be_fixture(self, value: Value | None) -> bool:
        if isinstance(value, Lazy):
            value = self.execution.force(value)
        if isinstance(value, FunctionValue):
            function = self.function_of(value)
            return function is None or bool(function.decorators)
        return value is not None and not isinstance(value, ClassValue | ModuleValue)

    def named(self, decorator: Call | Load, module: ModuleValue) -> str:
        """Return the dotted name of a decorator."""
        return self.execution.canonical(decorator.path, Frame(module))

    def marks(self, path: RepoPath) -> tuple[Call | Load, ...]:
        """Return the marks that `pytestmark` puts on all tests of a file."""
        program = self.side.programs.module(path)
        return marks_in(program.body) if program is not None else ()

    def class_marks(self, value: ClassValue, depth: int = 0) -> tuple[Call | Load, ...]:
        """Return the marks on a class, those of its bases included, by decorators and by `pytestmark`."""
        found = list(value.decorators)
        if "pytestmark" in value.members and (program := self.side.programs.module(value.path)) is not None:
            found += [mark for body in _bodies(program.body, value.name) for mark in marks_in(body)]
        for base in value.bases:
            forced = self.execution.force(base) if base is not None else None
            if isinstance(forced, ClassValue) and depth < 10:
                found += self.class_marks(forced, depth + 1)
        return tuple(found)


def layer(found: dict[str, Fixture], inner: Mapping[str, Fixture]) -> None:
    """Put fixtures over others, each in front of the one that it overrides."""
    for name, fixture in inner.items():
        outer = found.get(name)
        found[name] = replace(fixture, outer=outer) if outer is not None and outer.key != fixture.key else fixture


def marks_in(block: Block) -> tuple[Call | Load, ...]:
    """Return what is read and called for the `pytestmark` of a block: its marks, in order."""
    found: list[Call | Load] = []
    for statement in block:
        if isinstance(statement, Bind) and statement.name == "pytestmark":
            return tuple(found)
        if isinstance(statement, Call | Load):
            found.append(statement)
        else:
            found.clear()
    return ()


def _bodies(block: Block, name: str) -> Iterator[Block]:
    for statement in statements_of(block):
        if isinstance(statement, ClassDef):
            if statement.name == name:
                yield statement.body
            yield from _bodies(statement.body, name)


def requests_of(function: Function) -> tuple[str, ...]:
    """Return the parameters that ask for a fixture: those without a default that no `mock.patch` above the function fills."""
    required = function.parameters[: len(function.parameters) - function.defaults]
    filled = sum(isinstance(decorator, Call) and _fills(decorator) for decorator in function.decorators)
    return required[filled:]


def _fills(decorator: Call) -> bool:
    """`patch` and `patch.object` hand over the mock that they make, unless they are given the new value."""
    if "patch" not in decorator.path[-2:] or decorator.path[-1] not in _MOCK_PATCH:
        return False
    new = 2 if decorator.path[-1] == "object" else 1
    return len(decorator.arguments) <= new and all(keyword != "new" for keyword, _ in decorator.keywords)


def parametrized(decorators: Sequence[Call | Load]) -> Iterator[str]:
    """Yield the names that marks and decorators give a value to: `parametrize("a, b", …)`, and the keywords of hypothesis' `given`."""
    for decorator in decorators:
        if isinstance(decorator, Call) and decorator.path[-1] == "parametrize":
            names = decorator.arguments[0] if decorator.arguments else dict(decorator.keywords).get("argnames")
            if isinstance(names, str):
                yield from (name.strip() for name in names.split(","))
        elif isinstance(decorator, Call) and decorator.path[-1] == "given":
            yield from (keyword for keyword, _ in decorator.keywords)


def overridden(decorators: Sequence[Call | Load]) -> Iterator[str]:
    """Yield the names that are given a value past the fixture of that name: not those that `indirect` hands to it."""
    for decorator in decorators:
        indirect = dict(decorator.keywords).get("indirect") if isinstance(decorator, Call) else None
        through = indirect.split(",") if isinstance(indirect, str) else ()
        if indirect != ("True",):
            yield from (name for name in parametrized([decorator]) if name not in through)


def used(decorators: Sequence[Call | Load]) -> Iterator[str]:
    """Yield the fixtures that `usefixtures` marks ask for."""
    for decorator in decorators:
        if isinstance(decorator, Call) and decorator.path[-1] == "usefixtures":
            yield from (argument for argument in decorator.arguments if isinstance(argument, str))


def fetched(function: Function) -> Iterator[str]:
    """Yield the fixtures that a body certainly asks for by name: `request.getfixturevalue("it")`."""
    for statement in body_of(function):
        if isinstance(statement, Call) and statement.path[-1] == "getfixturevalue" and statement.arguments and isinstance(statement.arguments[0], str):
            yield statement.arguments[0]
