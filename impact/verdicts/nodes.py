"""The tests of one file as pytest collects them: functions and methods, what each runs besides its own body, and their node ids.

Sources: pytest's documentation of test discovery and of fixtures (scope, overriding, autouse, `usefixtures`), unittest's of its hooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from impact.breaks.fixtures import Fixture, Fixtures, fetched, layer, overridden, requests_of, used
from impact.breaks.sides import Key, Side, module_of
from impact.execution.callables import unfinished
from impact.execution.playing import Execution
from impact.execution.values import ClassValue, External, FunctionValue, ModuleValue, Value
from impact.names import RepoPath, join
from impact.programs.program import Call, Load
from impact.programs.skips import Names, skipped_functions

_SKIPS = frozenset({"pytest.mark.skip", "unittest.skip", "pytest.mark.xfail", "unittest.expectedFailure"})
_MODULE_HOOKS = ("setup_module", "setUpModule", "setup_function")
_CLASS_HOOKS = ("setUp", "setUpClass", "asyncSetUp", "setup_method", "setup_class", "setup", "tearDown", "tearDownClass", "teardown_method", "teardown_class")
# What pytest calls for every test below the conftest.py, or the plugin, that defines it; what such a hook raises is the test's own failure.
RUN_HOOKS = ("pytest_runtest_setup", "pytest_runtest_call", "pytest_runtest_teardown")
_DEEPEST = 40
_SCOPES = ("session", "package", "module", "class", "function")
# What pytest brings for one test at a time.
_FUNCTION_SCOPED = frozenset({
    "capfd", "capfdbinary", "caplog", "capsys", "capsysbinary", "monkeypatch", "pytester", "record_property", "recwarn", "testdir", "tmp_path", "tmpdir",
})  # fmt: skip
_TEST_CASES = frozenset({"unittest.TestCase", "unittest.IsolatedAsyncioTestCase", "unittest.case.TestCase", "unittest.async_case.IsolatedAsyncioTestCase"})


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for a fixture that there is not: its name, and the function that asks. `recursive`: it is met while one of that name is set up, which
    overrides none.
    """

    name: str
    asker: Key
    recursive: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """A request for a fixture of a narrower scope than that of the fixture that asks."""

    name: str
    asker: Key
    scope: str
    wider: str


@dataclass(frozen=True, slots=True)
class Node:
    """One test: its node id, and what running it does, in order: the functions it calls (fixtures, hooks, its own body), and requests that fail.

    `fixtures` are those that it could ask for, by name; `marks` its decorators and those of its class and file.
    """

    id: str
    key: Key
    steps: tuple[Key | Ask | Clash, ...]
    fixtures: Mapping[str, Fixture]
    marks: tuple[Call | Load, ...] = ()

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The requests for fixtures that are not there."""
        return tuple(step for step in self.steps if isinstance(step, Ask))


class Collector(Fixtures):
    """Collects the tests of files of one snapshot."""

    def __init__(self, execution: Execution, side: Side) -> None:
        super().__init__(execution, side)
        self._nodes: dict[RepoPath, tuple[Node, ...]] = {}
        self._hooks: tuple[Key, ...] = ()
        self._conditional: dict[RepoPath, frozenset[str]] = {}

    def nodes(self, path: RepoPath) -> tuple[Node, ...]:
        """Return the tests of a file in order of definition; those that are skipped or expected to fail as a whole are left out."""
        known = self._nodes.get(path)
        if known is None:
            project = self.side.layout.project_of(path)
            deselected = tuple(join(project.directory, prefix) for prefix in project.deselected)
            known = self._nodes[path] = tuple(node for node in self._module(path) if not node.id.startswith(deselected))
        return known

    def _module(self, path: RepoPath) -> Iterator[Node]:
        module = module_of(self.execution, self.side, path)
        project = self.side.layout.project_of(path)
        if self._marked_module(module):
            return
        available = self.available(path)
        # The hook that was registered last is called first (pluggy): that of the nearest conftest.py.
        self._hooks = tuple(hook for place in reversed(self.places(path)) if place != path for hook in self.run_hooks(place))
        marks = self.marks(path) if "pytestmark" in self.execution.names(module) else ()
        for name, value in tuple(self.execution.names(module).items()):
            value = self.execution.force(value)  # noqa: PLW2901  # what it stands for
            if isinstance(value, FunctionValue) and _matches(name, project.python_functions):
                yield from self._function(f"{path}::{name}", value, module, (), available, marks)
            elif isinstance(value, ClassValue) and self.is_test_class(name, value, path):
                yield from self._class(path, f"{path}::{name}", value, module, available, marks)

    def _class(
        self, path: RepoPath, prefix: str, owner: ClassValue, module: ModuleValue, available: dict[str, Fixture], marks: tuple[Call | Load, ...]
    ) -> Iterator[Node]:
        case = self._is_test_case(owner)
        project = self.side.layout.project_of(path)
        members = self._members(owner)
        if self.is_constructed(owner) or self.is_none(owner) or self.is_abstract(owner) or self._skipped(self.class_marks(owner), module):
            return
        inside = dict(available)
        layer(inside, self.class_fixtures(members))
        marks = (*marks, *self.class_marks(owner))
        hooks = tuple(self._key(value) for name in _CLASS_HOOKS if isinstance(value := members.get(name), FunctionValue))
        for name, value in members.items():
            if isinstance(value, FunctionValue) and _matches(name, ("test",) if case else project.python_functions):
                yield from self._function(f"{prefix}::{name}", value, module, hooks, inside, marks, case=case)
            elif isinstance(value, ClassValue) and not case and _matches(name, project.python_classes):
                yield from self._class(path, f"{prefix}::{name}", value, module, inside, marks)

    def _function(
        self,
        node: str,
        value: FunctionValue,
        module: ModuleValue,
        hooks: tuple[Key, ...],
        available: dict[str, Fixture],
        marks: tuple[Call | Load, ...],
        *,
        case: bool = False,
    ) -> Iterator[Node]:
        function = self.function_of(value)
        if function is None or self._skipped(function.decorators, module) or self.fixture_of(value.name, value) is not None:
            return
        if value.key in self.skipped_here(value.path):
            return
        module_hooks = tuple(
            self._key(found)
            for name in _MODULE_HOOKS
            if (bound := self.execution.names(module).get(name)) is not None and isinstance(found := self.execution.force(bound), FunctionValue)
        )
        marks = (*function.decorators, *marks)
        given = set(overridden(marks))
        wanted = (
            [fixture.name for fixture in available.values() if fixture.autouse] + list(used(marks)) + list(self.side.layout.project_of(module.path).usefixtures)
        )
        if not case:  # the arguments of a method of a test case are nobody's business but its decorators'
            wanted += requests_of(function)
        key = self._key(value)
        steps: dict[Key | Ask | Clash, None] = dict.fromkeys(self._hooks)
        for name in dict.fromkeys(wanted):
            self._set_up(name, key, available, given, steps, ())
        steps.update(dict.fromkeys((*module_hooks, *hooks)))
        for name in fetched(function):
            self._set_up(name, key, available, given, steps, ())
        # What decorators put in its place runs first.
        steps.update(dict.fromkeys(self.execution.wrapping(module_of(self.execution, self.side, value.path), function)))
        steps[key] = None
        yield Node(node, key, tuple(steps), available, marks)

    def _set_up(
        self, name: str, asker: Key, available: Mapping[str, Fixture], given: set[str], steps: dict[Key | Ask | Clash, None], stack: tuple[Fixture, ...]
    ) -> None:
        """Note what setting up a fixture does: first what it requests, then itself. One that requests its own name gets the one that it overrides."""
        if name in given or name == "request":
            return
        inside = next((one for one in reversed(stack) if one.name == name), None)
        fixture = inside.outer if inside is not None else available.get(name)
        if fixture is None:
            steps[Ask(name, asker, inside is not None)] = None
            return
        if fixture.key in steps or fixture in stack or len(stack) > _DEEPEST:
            return
        for one in fixture.requests:
            clash = _clash(one, fixture, available.get(one) if one != fixture.name else fixture.outer)
            if clash is not None and not given & {one, fixture.name}:
                steps[clash] = None
            self._set_up(one, fixture.key, available, given, steps, (*stack, fixture))
        function = self.side.programs.functions(fixture.key[0]).get(fixture.key[1])
        for one in fetched(function) if function is not None and "getfixturevalue" in function.text else ():
            self._set_up(one, fixture.key, available, given, steps, (*stack, fixture))
        steps[fixture.key] = None

    def run_hooks(self, path: RepoPath) -> tuple[Key, ...]:
        """Return the functions of a conftest.py or plugin that pytest calls around every test."""
        names = self.execution.names(module_of(self.execution, self.side, path))
        found = (self.execution.force(names[name]) for name in RUN_HOOKS if name in names)
        return tuple(self._key(value) for value in found if isinstance(value, FunctionValue))

    @staticmethod
    def _key(value: FunctionValue) -> Key:
        return value.path, value.key

    def is_test_name(self, name: str, path: RepoPath) -> bool:
        """Tell whether pytest takes a function of this name in this file for a test."""
        return _matches(name, self.side.layout.project_of(path).python_functions)

    def is_test_class(self, name: str, value: ClassValue, path: RepoPath) -> bool:
        """Tell whether pytest takes a class of this name in this file for one with tests."""
        return _matches(name, self.side.layout.project_of(path).python_classes) or self._is_test_case(value)

    def is_constructed(self, value: ClassValue) -> bool:
        """Tell whether a class has a constructor, for which pytest does not collect it."""
        members = self._members(value)
        return not self._is_test_case(value) and ("__init__" in members or "__new__" in members)

    def is_none(self, value: ClassValue) -> bool:
        """Tell whether a class says that it is no test, whatever its name (`__test__ = False`)."""
        said = self._members(value).get("__test__")
        return isinstance(said, External) and said.name == "False"

    def is_abstract(self, value: ClassValue) -> bool:
        """Tell whether a class leaves abstract methods without a body: pytest takes it for no test (since 8.2.2, `inspect.isabstract`)."""
        return bool(unfinished(self.execution, value))

    # Marks and classes

    def _skipped(self, decorators: Sequence[Call | Load], module: ModuleValue) -> bool:
        return any(self.named(decorator, module).removesuffix("()") in _SKIPS and not _conditional(decorator) for decorator in decorators)

    def skipped_here(self, path: RepoPath, names: Names | None = None) -> frozenset[str]:
        """Return the keys of the functions of a file that a condition skips; `names` says what some of its names stand for."""
        if names is None and path in self._conditional:
            return self._conditional[path]
        found = skipped_functions(self.side.programs.source(path) or b"", self.execution.decide, names or {})
        if names is None:
            self._conditional[path] = found
        return found

    def _marked_module(self, module: ModuleValue) -> bool:
        return "pytestmark" in self.execution.names(module) and self._skipped(self.marks(module.path), module)

    def _is_test_case(self, value: ClassValue, depth: int = 0) -> bool:
        for base in value.bases:
            forced = self.execution.force(base) if base is not None else None
            if isinstance(forced, External) and forced.name in _TEST_CASES:
                return True
            if isinstance(forced, ClassValue) and depth < 10 and self._is_test_case(forced, depth + 1):
                return True
        return False

    def _members(self, value: ClassValue, depth: int = 0) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for base in reversed(value.bases):
            forced = self.execution.force(base) if base is not None else None
            if isinstance(forced, ClassValue) and depth < 10:
                found.update(self._members(forced, depth + 1))
        found.update(value.members)
        return found


def _clash(name: str, asker: Fixture, asked: Fixture | None) -> Clash | None:
    scope = asked.scope if asked is not None else "function" if name in _FUNCTION_SCOPED else None
    if scope not in _SCOPES or asker.scope not in _SCOPES or _SCOPES.index(scope) <= _SCOPES.index(asker.scope):
        return None
    return Clash(name, asker.key, str(scope), str(asker.scope))


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether pytest takes a name for a test: a prefix, or a glob (`_matches_prefix_or_glob_option`).

    >>> _matches("test_x", ("test",)), _matches("check_x", ("test", "check_*")), _matches("x", ("test",))
    (True, True, False)
    """
    return any(name.startswith(pattern) or (any(mark in pattern for mark in "*?[") and fnmatchcase(name, pattern)) for pattern in patterns)


def _conditional(decorator: Call | Load) -> bool:
    """`xfail` with a condition or `raises` holds only sometimes."""
    return (
        isinstance(decorator, Call)
        and decorator.path[-1] == "xfail"
        and (bool(decorator.arguments) or any(key in ("raises", "condition") for key, _ in decorator.keywords))
    )
