"""The tests of one file as pytest collects them: functions and methods, what each runs besides its own body, and their node ids.

Sources: pytest's documentation of test discovery and of fixtures (scope, overriding, autouse, `usefixtures`), unittest's of its hooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from impact.breaks import Side
from impact.deferred import Key, module_of
from impact.execution import Execution
from impact.names import RepoPath
from impact.program import Call, Function, Load
from impact.values import ClassValue, External, FunctionValue, ModuleValue, Value
from impact.world import Frame

_FIXTURE = frozenset({"pytest.fixture", "pytest.yield_fixture", "pytest_asyncio.fixture", "_pytest.fixtures.fixture"})
_SKIPS = frozenset({"pytest.mark.skip", "unittest.skip", "pytest.mark.xfail", "unittest.expectedFailure"})
_MODULE_HOOKS = ("setup_module", "setUpModule", "setup_function")
_CLASS_HOOKS = ("setUp", "setUpClass", "asyncSetUp", "setup_method", "setup_class", "setup", "tearDown", "tearDownClass", "teardown_method", "teardown_class")
_TEST_CASES = frozenset({"unittest.TestCase", "unittest.IsolatedAsyncioTestCase", "unittest.case.TestCase", "unittest.async_case.IsolatedAsyncioTestCase"})


@dataclass(frozen=True, slots=True)
class Node:
    """One test: its node id, and the functions that running it calls, in order: fixtures, hooks, its own body."""

    id: str
    calls: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Fixture:
    """A fixture as it is found by name."""

    name: str
    key: Key
    requests: tuple[str, ...]
    autouse: bool


class Collector:
    """Collects the tests of files of one snapshot."""

    def __init__(self, execution: Execution, side: Side) -> None:
        self._execution = execution
        self._side = side
        self._fixtures: dict[RepoPath, dict[str, Fixture]] = {}

    def nodes(self, path: RepoPath) -> tuple[Node, ...]:
        """Return the tests of a file in order of definition; those that are skipped or expected to fail as a whole are left out."""
        module = module_of(self._execution, self._side, path)
        project = self._side.layout.project_of(path)
        available = self._available(path)
        if self._marked_module(module):
            return ()
        found: list[Node] = []
        for name, value in self._execution.names(module).items():
            value = self._execution.force(value)  # noqa: PLW2901  # what it stands for
            if isinstance(value, FunctionValue) and _matches(name, project.python_functions):
                found += self._function(path, f"{path}::{name}", value, module, (), available)
            elif isinstance(value, ClassValue) and (_matches(name, project.python_classes) or self._is_test_case(value)):
                found += self._class(path, f"{path}::{name}", value, module, project.python_functions, available)
        return tuple(found)

    def _class(
        self, path: RepoPath, prefix: str, owner: ClassValue, module: ModuleValue, patterns: Sequence[str], available: dict[str, Fixture]
    ) -> Iterator[Node]:
        case = self._is_test_case(owner)
        members = self._members(owner)
        if (not case and ("__init__" in members or "__new__" in members)) or self._skipped(owner.decorators, module):
            return
        inside = {**available, **self._class_fixtures(members, module)}
        hooks = tuple(self._key(value) for name in _CLASS_HOOKS if isinstance(value := members.get(name), FunctionValue))
        for name, value in members.items():
            if isinstance(value, FunctionValue) and _matches(name, ("test",) if case else patterns):
                yield from self._function(path, f"{prefix}::{name}", value, module, hooks, inside)
            elif isinstance(value, ClassValue) and not case and _matches(name, self._side.layout.project_of(path).python_classes):
                yield from self._class(path, f"{prefix}::{name}", value, module, patterns, inside)

    def _function(
        self, path: RepoPath, node: str, value: FunctionValue, module: ModuleValue, hooks: tuple[Key, ...], available: dict[str, Fixture]
    ) -> Iterator[Node]:
        function = self._side.programs.functions(value.path).get(value.key)
        if function is None or self._skipped(function.decorators, module) or self._fixture(value.name, function, module) is not None:
            return
        module_hooks = tuple(
            self._key(found) for name in _MODULE_HOOKS if isinstance(found := self._execution.names(module).get(name), FunctionValue) and found.path == path
        )
        wanted = [fixture.name for fixture in available.values() if fixture.autouse] + list(_requested(function)) + list(function.parameters)
        calls: dict[Key, None] = dict.fromkeys(self._closure(wanted, available))
        calls.update(dict.fromkeys((*module_hooks, *hooks, self._key(value))))
        yield Node(node, tuple(calls))

    @staticmethod
    def _closure(wanted: list[str], available: dict[str, Fixture]) -> Iterator[Key]:
        seen: set[str] = set()
        queue = list(dict.fromkeys(wanted))
        while queue:
            name = queue.pop(0)
            fixture = available.get(name)
            if fixture is None or name in seen:
                continue
            seen.add(name)
            queue += fixture.requests
            yield fixture.key

    @staticmethod
    def _key(value: FunctionValue) -> Key:
        return value.path, value.key

    # Fixtures

    def _available(self, path: RepoPath) -> dict[str, Fixture]:
        found: dict[str, Fixture] = {}
        for place in (*self._side.layout.conftests_for(path), path):
            found.update(self.fixtures(place))
        return found

    def fixtures(self, path: RepoPath) -> dict[str, Fixture]:
        """Return the fixtures that a test module or conftest.py defines or imports, by the name under which they are requested."""
        known = self._fixtures.get(path)
        if known is None:
            module = module_of(self._execution, self._side, path)
            known = self._fixtures[path] = {}
            for name, bound in self._execution.names(module).items():
                value = self._execution.force(bound)
                if isinstance(value, FunctionValue) and (function := self._side.programs.functions(value.path).get(value.key)) is not None:
                    fixture = self._fixture(name, function, module_of(self._execution, self._side, value.path))
                    if fixture is not None:
                        known[fixture.name] = Fixture(fixture.name, (value.path, value.key), fixture.requests, fixture.autouse)
        return known

    def _class_fixtures(self, members: dict[str, Value], module: ModuleValue) -> dict[str, Fixture]:
        found: dict[str, Fixture] = {}
        for name, value in members.items():
            if isinstance(value, FunctionValue) and (function := self._side.programs.functions(value.path).get(value.key)) is not None:
                fixture = self._fixture(name, function, module)
                if fixture is not None:
                    found[fixture.name] = Fixture(fixture.name, (value.path, value.key), fixture.requests, fixture.autouse)
        return found

    def _fixture(self, name: str, function: Function, module: ModuleValue) -> Fixture | None:
        for decorator in function.decorators:
            if self._named(decorator, module) in _FIXTURE:
                keywords = dict(decorator.keywords) if isinstance(decorator, Call) else {}
                given = keywords.get("name")
                return Fixture(
                    given if isinstance(given, str) else name, (module.path, function.key), function.parameters, keywords.get("autouse") == ("True",)
                )
        return None

    # Marks and classes

    def _named(self, decorator: Call | Load, module: ModuleValue) -> str:
        return self._execution.canonical(decorator.path, Frame(module))

    def _skipped(self, decorators: Sequence[Call | Load], module: ModuleValue) -> bool:
        return any(self._named(decorator, module) in _SKIPS and not _conditional(decorator) for decorator in decorators)

    def _marked_module(self, module: ModuleValue) -> bool:
        value = self._execution.names(module).get("pytestmark")
        return isinstance(value, External) and value.name.removesuffix("()") in _SKIPS

    def _is_test_case(self, value: ClassValue, depth: int = 0) -> bool:
        for base in value.bases:
            forced = self._execution.force(base) if base is not None else None
            if isinstance(forced, External) and forced.name in _TEST_CASES:
                return True
            if isinstance(forced, ClassValue) and depth < 10 and self._is_test_case(forced, depth + 1):
                return True
        return False

    def _members(self, value: ClassValue, depth: int = 0) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for base in reversed(value.bases):
            forced = self._execution.force(base) if base is not None else None
            if isinstance(forced, ClassValue) and depth < 10:
                found.update(self._members(forced, depth + 1))
        found.update(value.members)
        return found


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether pytest takes a name for a test: a prefix, or a glob (`_matches_prefix_or_glob_option`).

    >>> _matches("test_x", ("test",)), _matches("check_x", ("test", "check_*")), _matches("x", ("test",))
    (True, True, False)
    """
    return any(name.startswith(pattern) or (any(mark in pattern for mark in "*?[") and fnmatchcase(name, pattern)) for pattern in patterns)


def _requested(function: Function) -> Iterator[str]:
    for decorator in function.decorators:
        if isinstance(decorator, Call) and decorator.path[-1] == "usefixtures":
            yield from (argument for argument in decorator.arguments if isinstance(argument, str))


def _conditional(decorator: Call | Load) -> bool:
    """`xfail` with a condition or `raises` holds only sometimes."""
    return (
        isinstance(decorator, Call)
        and decorator.path[-1] == "xfail"
        and (bool(decorator.arguments) or any(key in ("raises", "condition") for key, _ in decorator.keywords))
    )
