"""What a package that fails half-way leaves behind for the rest of a session: the submodules that it had imported by then.

`from a.b import X` and `importlib.import_module("a.b")` look for `a.b` in `sys.modules` before they import `a`, so they work where an earlier
attempt to import `a` came as far as `a.b`; `import a.b` asks for `a` once more and fails. So tests are imported as a session of pytest comes by
them, with one `sys.modules` for all. Only where the `__init__.py` of a package newly fails. Source: `_find_and_load` of importlib,
`PyImport_ImportModuleLevelObject`.

NOTE: what a test owes to another test that happened to be collected before it does not hold for the test alone: it is at risk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Side
from impact.execution.importing import is_looked_up
from impact.execution.playing import Execution
from impact.execution.values import ModuleValue, Raised, Value
from impact.execution.world import Frame, World
from impact.modules import Location
from impact.names import RepoPath, directory_of, is_below
from impact.programs.program import Call, FromImport, Import
from impact.report import ReferenceKind

Runs = Callable[[Side, RepoPath], Iterable[RepoPath]]


@dataclass
class Survival:
    """How tests that fail on their own end in a whole session.

    `otherwise` fail there with another exception. `certain` do not fail, nor alone; `by_order` do not fail since another test went before.
    `left` are the modules that are in `sys.modules` when the tests run, their packages being gone.
    """

    otherwise: dict[RepoPath, Raised] = field(default_factory=dict)
    certain: dict[RepoPath, ModuleValue] = field(default_factory=dict)
    by_order: set[RepoPath] = field(default_factory=set)
    left: frozenset[str] = frozenset()


def play_session(inquiry: Inquiry, failing: Collection[tuple[RepoPath, Raised]], runs: Runs) -> Survival:
    """Return how a session changes what happens to tests whose own import fails at head; `runs` tells what runs for a test, in order."""
    packages = {path for path in inquiry.losses.failing if path.endswith("/__init__.py")}
    survival = Survival()
    if not any(link.path in packages for _, raised in failing for link in raised.trace[1:]):
        return survival
    below = {directory_of(path) for path in packages}
    tests = sorted((test for test in inquiry.head.layout.tests & inquiry.suspects), key=lambda test: test.split("/"))
    old = {test: inquiry.at_base(test) for test in tests}
    # Base first: what fails there is tolerated at head.
    before = _Session(inquiry.base_world, _Within(inquiry.suspects, below), inquiry.base, runs)
    sound = {test for test in tests if (one := old[test]) is not None and before.come_by(one) is None}
    after = _Session(inquiry.head_world, _Within(inquiry.suspects, below), inquiry.head, runs)
    ends = {test: after.come_by(test) for test in tests}
    for test, raised in failing:
        end = ends.get(test)
        if test not in sound or test not in ends or not any(link.path in packages for link in raised.trace[1:]):
            continue
        if end is None:
            value = after.loaded[test]
            if after.owes_nothing(test):
                survival.certain[test] = value
            else:
                survival.by_order.add(test)
        elif end.certain and end.text != raised.text and "circular import" not in end.text:
            survival.otherwise[test] = end
    survival.left = frozenset(after.held_below(below))
    return survival


class _Within(set[RepoPath]):
    """The suspects, and whatever lies below a package that fails: how far that comes depends on all of it."""

    def __init__(self, suspects: set[RepoPath], below: set[RepoPath]) -> None:
        super().__init__(suspects)
        self._below = below

    def __contains__(self, path: object) -> bool:
        return super().__contains__(path) or (isinstance(path, str) and any(is_below(path, one) for one in self._below))


class _Session(Execution):
    """One `sys.modules` for all tests. Submodules are kept under their names, each with the files of the session that came by them first-hand;
    what fails is forgotten, and run again by who asks next.
    """

    def __init__(self, world: World, suspects: set[RepoPath], side: Side, runs: Runs) -> None:
        super().__init__(world, suspects, strict=True)
        self._side, self._runs = side, runs
        self._playing = RepoPath("")
        self._held: dict[str, ModuleValue] = {}
        self._owners: dict[str, set[RepoPath]] = defaultdict(set)
        self._relied: dict[RepoPath, set[str]] = defaultdict(set)
        self._failed: dict[RepoPath, Raised] = {}

    def come_by(self, test: RepoPath) -> Raised | None:
        """Import a test and what runs before it; return what that raises. A conftest.py is imported once, however that ends."""
        injected = set(self.injected)
        for path in self._runs(self._side, test):
            self._playing = path
            raised = self._failed.get(path) or self.import_file(path, self._side.name_of(path)).failure
            if raised is not None:
                if path != test:
                    self._failed[path] = raised
                return raised
        self.injected = injected
        return None

    def owes_nothing(self, test: RepoPath) -> bool:
        """Tell whether all that a test found left behind was left by itself, or by what always runs before it."""
        own = set(self._runs(self._side, test))
        return all(not own.isdisjoint(self._owners[name]) for path in own for name in self._relied[path])

    def held_below(self, packages: Collection[RepoPath]) -> Iterable[str]:
        """Yield the names of the modules below some packages that are in `sys.modules`."""
        return (name for name, value in self._held.items() if value.failure is None and any(is_below(value.path, one) for one in packages))

    def _in_modules(self, name: str) -> ModuleValue | None:
        """Return what `sys.modules` holds under a name. A package is there while it runs, for its own submodules, and goes if it fails."""
        found = self._held.get(name)
        return found if found is not None and found.failure is None else None

    def import_name(self, name: str, frame: Frame, statement: Import | FromImport | Call, kind: ReferenceKind) -> Value:
        """Import a dotted name, from where the longest part of it lies that is in `sys.modules`. Raises Raised."""
        parent, found = name, None
        while is_looked_up(statement) and "." in parent and (found := self._in_modules(parent)) is None:
            parent = parent.rpartition(".")[0]
        if found is None or name in self.injected:
            return super().import_name(name, frame, statement, kind)
        location: Location | None = found.location
        value, done = found, parent
        for part in name[len(parent) + 1 :].split(".") if name != parent else ():
            location = self.world.modules.child(location, part) if location is not None else None
            if location is None:
                return super().import_name(name, frame, statement, kind)
            done = f"{done}.{part}"
            value = self.load(location, done, value, frame, statement)
        self._relied[frame.module.path].add(parent)
        return value

    def relative(self, name: str, frame: Frame, statement: FromImport, kind: ReferenceKind) -> Value:
        """Import what a relative import names. Raises Raised."""
        found = self._in_modules(name)
        if found is None:
            return super().relative(name, frame, statement, kind)
        self._relied[frame.module.path].add(name)
        return found

    def load(self, location: Location, name: str, parent: ModuleValue | None, frame: Frame, statement: Import | FromImport | Call) -> ModuleValue:
        """Return the module at a location, and keep it under its name. Raises its failure, or its skip."""
        value = super().load(location, name, parent, frame, statement)
        self._relied[frame.module.path] |= self._relied[value.path]
        if "." in name:
            self._held[name] = value
            self._owners[name].add(self._playing)
        return value
