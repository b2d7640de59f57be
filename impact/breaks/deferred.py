"""What fails only when it is called: functions that miss a name at head and did not at base, and whoever calls them.

Only functions that can matter are played: those of files that mention something lost, then those of files that mention a function that
fails. A call counts where it leads for certain to one function; what stands under a condition is possible, not certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from impact.breaks.askers import find_handing
from impact.breaks.callers import Callers, among, identifiers_in
from impact.breaks.carriers import Carriers
from impact.breaks.fixtures import Fixtures
from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Key, module_of
from impact.execution.playing import Execution
from impact.execution.values import Event, ModuleValue, Raised, Skip
from impact.execution.written import assigned_in
from impact.names import RepoPath
from impact.programs.blocks import bound_names, paths_of, statements_of
from impact.programs.conditions import questions_in
from impact.programs.functions import body_of
from impact.programs.paths import Path
from impact.programs.program import Branch, FromImport, Function, Load, Loop
from impact.sources import Sources

# Functions of a file that cannot be imported do not run. What else is broken in them is worth knowing while the files are few;
# above this many it would cost more than all the rest.
_MANY_DEAD = 300


@dataclass
class Outcome:
    """What newly happens when a function is called: an exception, a skip, or references that may fail. `masked`: what it failed with before any of that,
    which leaves the exception in doubt where it was a warning: a mark of the test may have let that pass.
    """

    raised: Raised | None = None
    skip: Skip | None = None
    possible: tuple[Event, ...] = ()
    masked: Raised | None = None


@dataclass
class _AtBase:
    """What the functions of a file did at base, by owner and name; those are played that have one of `words`."""

    execution: Execution
    fixtures: Fixtures
    module: ModuleValue | None
    words: frozenset[str] = frozenset()
    functions: dict[tuple[str, str], list[Function]] = field(default_factory=lambda: defaultdict(list))
    _played: dict[str, frozenset[str]] = field(default_factory=dict)
    _events: dict[tuple[str, str], set[tuple[object, str]]] = field(default_factory=lambda: defaultdict(set))
    _skipping: set[tuple[str, str]] = field(default_factory=set)
    _failing: dict[tuple[str, str], Raised] = field(default_factory=dict)

    def play(self, function: Function) -> None:
        """Play what stood at base where a function of head stands, everything where nothing did: it may have had another name."""
        if self.module is None:
            return
        own = function.owner, function.name
        for name in (own,) if own in self.functions else tuple(self.functions):
            for one in self.functions[name]:
                if self._played.get(one.key) != self.words and (name == own or one.mentions(self.words)):
                    events, raised, skip = _call(self.execution, self.fixtures, self.module, one)
                    self._events[name].update((event.kind, event.target) for event in events)
                    if skip is not None:
                        self._skipping.add(name)
                    # It failed by an assertion of its own, or through what fails further away.
                    if raised is not None and (raised.event.own or (raised.certain and raised.event not in events)):
                        self._failing[name] = raised
                        self.execution.world.broken[self.module.path, one.key] = raised
                self._played[one.key] = self.words

    def news(self, function: Function, events: list[Event], raised: Raised | None, skip: Skip | None) -> Outcome:
        """Return what a function does at head and did not do at base."""
        name = function.owner, function.name
        fresh = [event for event in events if (event.kind, event.target) not in self._events.get(name, ())]
        outcome = Outcome(possible=tuple(event for event in fresh if not event.certain and event.handled is None))
        masking = self._failing.get(name)
        is_new = raised is not None and raised.certain and not raised.event.own and (raised.event not in events or raised.event in fresh)
        if is_new or any(event.certain and event.handled is None for event in fresh):
            outcome.masked = masking
        if is_new and (masking is None or masking.event.warns):
            outcome.raised = raised
        if skip is not None and skip.cause is not None and name not in self._skipping:
            outcome.skip = skip
        return outcome


def _call(execution: Execution, fixtures: Fixtures, module: ModuleValue, function: Function) -> tuple[list[Event], Raised | None, Skip | None]:
    count = len(module.events)
    raised, skip = execution.call(module, function, fixtures.values_for(module, function))
    return module.events[count:], raised, skip


@dataclass
class Deferred:
    """The functions of head that newly fail, skip or may fail."""

    inquiry: Inquiry
    sources: Sources
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    played: set[RepoPath] = field(default_factory=set)
    reached: set[RepoPath] = field(default_factory=set)
    """The files that may have something from another one that fails, as far as their imports tell."""
    _stems: set[str] = field(default_factory=set)
    _global: set[str] = field(default_factory=set)
    _local: dict[RepoPath, set[str]] = field(default_factory=lambda: defaultdict(set))
    _seen: dict[RepoPath, tuple[ModuleValue, frozenset[str]]] = field(default_factory=dict)
    _calling: dict[RepoPath, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The names of functions that fail, by the files that may call them."""
    _before: dict[RepoPath, _AtBase] = field(default_factory=dict)
    _waiting: dict[RepoPath, None] = field(default_factory=dict)
    _inherited: dict[RepoPath, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The methods that newly fail for a class of a file, and that it inherits."""
    _dispatched: set[tuple[RepoPath, str, RepoPath, str]] = field(default_factory=set)
    _assigned: set[str] | None = None
    """The attributes that changed files assign, once somebody asks."""
    callers: Callers = field(init=False)
    carriers: Carriers = field(init=False)
    _fixtures: tuple[Fixtures, Fixtures] = field(init=False)

    def __post_init__(self) -> None:
        self.callers = Callers(self.inquiry, self.sources)
        self.carriers = Carriers(self.inquiry)
        self._fixtures = Fixtures(self.inquiry.before, self.inquiry.base), Fixtures(self.inquiry.after, self.inquiry.head)

    def run(self) -> None:
        """Play the functions of every suspect, then of the callers of those that fail, until no more do."""
        losses = self.inquiry.losses
        ends = ((losses.lost, self.inquiry.head), (losses.failing, self.inquiry.head), (losses.missing, self.inquiry.base))
        self._stems = {
            name.rpartition(".")[2] for paths, side in ends for path in paths if path not in side.layout.tests for name in side.modules.names_of(path)
        }
        # A module that lost a name may be handed to a function that asks for it: hence the stems.
        self._global = self.inquiry.words | self.inquiry.narrower | self._stems
        for path, name in self._left_behind():
            losses.dropped.setdefault(path, set()).add(name)
        for path, names in losses.dropped.items():
            self._local[path].update(names)
        dead = losses.failing.keys() if len(losses.failing) > _MANY_DEAD else frozenset[RepoPath]()
        waiting = self._waiting
        waiting.update(dict.fromkeys(path for path in sorted(self.inquiry.suspects - dead) if path in self.inquiry.head.snapshot.files))
        waiting.update(dict.fromkeys(test for path, names in sorted(losses.narrowed.items()) for test in self.callers.below(path, names) if test not in dead))
        for path, asking in find_handing(self.inquiry).items():
            self._local[path].update(asking)
            self.inquiry.base_world.askers |= asking
            self.inquiry.head_world.askers |= asking
            waiting[path] = None
        rounds = 0
        while waiting and rounds < 100_000:
            path = next(iter(waiting))
            del waiting[path]
            rounds += 1
            if path not in self.inquiry.changed and not self.callers.mention(path, self._words(path)):
                continue
            failed = self._play(path)
            if failed:
                self.inquiry.words.update(failed)
                waiting[path] = None
                callers = tuple(
                    one for one in self.callers.of(path, failed, {name for name in failed if (path, name) in self.carriers.names}) if one not in dead
                )
                for one in (path, *callers):
                    self._calling[one].update(failed)
                if path in self.inquiry.head.layout.tests:
                    # Its `setUp` is nobody's but its own, and of those that import it.
                    for one in (path, *callers):
                        self._local[one].update(failed)
                else:
                    self._global.update(failed)
                self.played.update(callers)  # a test file may take a test from another with never a word of its own
                self.reached.update(callers)
                waiting.update(dict.fromkeys(callers))

    def callers_at_import(self) -> tuple[RepoPath, ...]:
        """Return the files that may call a function that fails as they are imported; each is told once of each function."""
        calling, self._calling = self._calling, defaultdict(set)
        return tuple(path for path in sorted(calling) if self._calls(path, calling[path]))

    def _calls(self, path: RepoPath, names: set[str]) -> bool:
        program = self.inquiry.head.programs.module(path)
        if program is None:
            return False
        imports = (one for one in statements_of(program.body) if isinstance(one, FromImport))
        names = names | {one.alias for one in imports if one.alias is not None and one.name in names}
        return any(not names.isdisjoint(path) for path in paths_of(program.body))

    def _left_behind(self) -> Iterator[tuple[RepoPath, str]]:
        """Yield the names that a function found where it stood at base, and that are not bound in the file it was moved to."""
        inquiry = self.inquiry
        homes: dict[str, RepoPath] = {}
        for path in sorted(inquiry.changed & inquiry.base.snapshot.files.keys()):
            homes.update({one.text: path for one in inquiry.base.programs.functions(path).values()})
        for path in sorted(inquiry.changed & inquiry.head.snapshot.files.keys()):
            old = inquiry.at_base(path)
            known = {one.text for one in inquiry.base.programs.functions(old).values()} if old is not None else set()
            for function in inquiry.head.programs.functions(path).values():
                home = homes.get(function.text)
                if function.text not in known and home is not None and home != old:
                    yield from ((path, name) for name in self._unbound(function, home, path))

    def _unbound(self, function: Function, home: RepoPath, path: RepoPath) -> Iterator[str]:
        inquiry = self.inquiry
        now = module_of(inquiry.after, inquiry.head, path)
        lacking = inquiry.before.names(module_of(inquiry.before, inquiry.base, home)).keys() - inquiry.after.names(now).keys()
        body = body_of(function)
        asked = {statement.path[0] for statement in statements_of(body) if isinstance(statement, Load)} - bound_names(body)
        if now.open or not asked & lacking:
            return
        if self._assigned is None:
            self._assigned = set().union(*(assigned_in(inquiry.head.programs.source(one) or b"") for one in inquiry.changed))
        yield from sorted((asked & lacking) - self._assigned)

    def _words(self, path: RepoPath) -> set[str]:
        """Return the names that make a function of a file worth playing."""
        return self._global | self._local[path] if path in self._local else self._global

    def _play(self, path: RepoPath) -> frozenset[str]:
        """Play the functions of a file that can matter; return the names by which those can be called that fail now and were not known to.

        The second time, only functions that have one of the names that came since.
        """
        inquiry = self.inquiry
        self.played.add(path)
        after = module_of(inquiry.after, inquiry.head, path)
        if after.skip is not None:
            return frozenset()  # the whole module is skipped: its functions never are
        at_base: _AtBase | None = None
        failed: set[str] = set()
        is_test = path in inquiry.head.layout.tests
        wanted = self._words(path)
        named = among(wanted, self.callers.identifiers(path))
        seen, before = self._seen.get(path, (None, frozenset()))
        first = seen is not after  # it may have been imported anew
        words = named if first else named - before
        unchanged = self._bodies_at_base(path) if path in inquiry.changed and first else None
        self._seen[path] = after, named
        for key, function in inquiry.head_world.programs.functions(path).items():
            if not function.mentions(words) and (unchanged is None or _body(function) in unchanged):
                continue
            events, raised, skip = _call(inquiry.after, self._fixtures[1], after, function)
            if function.name == "__init__" and function.owner and (making := inquiry.after.making(function)):
                inquiry.after.supplied.setdefault((path, function.owner), set()).update(making)
            if raised is None and (path, key) in inquiry.after.hanging:
                failed.update(self._hangs(path, function, is_test=is_test))
            if raised is None and (path, key) in inquiry.after.dispatching:
                self._dispatches(path, function)
            if not events and raised is None and skip is None:
                continue
            # Something happens: whether it is news is seen by playing it at base, and then, with what that tolerates, once more here.
            at_base = at_base or self._at_base(path, wanted)
            at_base.play(function)
            del after.events[len(after.events) - len(events) :]
            events, raised, skip = _call(inquiry.after, self._fixtures[1], after, function)
            outcome = at_base.news(function, events, raised, skip)
            before_now = self.outcomes.get((path, key))
            self.outcomes[path, key] = outcome
            if outcome.raised is not None:
                inquiry.head_world.broken[path, key] = outcome.raised
                for base in self.carriers.note_overridden(after, function):
                    self._local[base].add(function.name)
                    self._waiting[base] = None
                if before_now is None or before_now.raised is None:
                    failed.update(self.carriers.met_by(path, function, is_test=is_test))
            elif outcome.possible and _asks_parameters(function):
                failed.update(self._hangs(path, function, is_test=is_test))
        for place, names in self.carriers.supplied():
            self._inherited[place].update(names)
            self._waiting[place] = None
            failed.update(names)
        failed.update(self.carriers.carrying(after))
        failed.update(self._inherited.pop(path, ()))
        return frozenset(failed)

    def _dispatches(self, path: RepoPath, function: Function) -> None:
        """Note that a method fails for heirs of its class, which override one that it calls: for who calls it on one of these, and its own class."""
        for heir, owner in sorted(self.inquiry.after.dispatching[path, function.key]):
            if (path, function.key, heir, owner) not in self._dispatched:
                self._dispatched.add((path, function.key, heir, owner))
                self._inherited[heir].update((function.name, owner.rpartition(".")[2]))
                self._local[path].add(function.name)
                self._local[heir].add(function.name)
                self._waiting.update({path: None, heir: None})

    def _hangs(self, path: RepoPath, function: Function, *, is_test: bool) -> Iterator[str]:
        """Note a function that fails under a condition on what it is handed; yield the names by which others come to it, where that is new."""
        conditional = self.inquiry.head_world.conditional
        if (path, function.key) not in conditional:
            conditional.add((path, function.key))
            yield from self.carriers.met_by(path, function, is_test=is_test)

    def _bodies_at_base(self, path: RepoPath) -> frozenset[tuple[str, tuple[Path, ...]]]:
        """Return the functions that a file held at base: what is not among them may ask for something that never was."""
        old = self.inquiry.at_base(path)
        return frozenset(map(_body, self.inquiry.base.programs.functions(old).values())) if old is not None else frozenset()

    def _at_base(self, path: RepoPath, wanted: set[str]) -> _AtBase:
        found = self._before.get(path)
        if found is None:
            inquiry = self.inquiry
            old = inquiry.at_base(path)
            found = self._before[path] = _AtBase(inquiry.before, self._fixtures[0], module_of(inquiry.before, inquiry.base, old) if old is not None else None)
            for function in inquiry.base_world.programs.functions(old).values() if old is not None else ():
                found.functions[function.owner, function.name].append(function)
        if found.module is not None:
            found.words = among(wanted, identifiers_in(self.inquiry.base.programs.source(found.module.path) or b""))
        return found


def _body(function: Function) -> tuple[str, tuple[Path, ...]]:
    """Return what a function does by the look of it: its text, and what decorates it."""
    return function.text, tuple(one.path for one in function.decorators)


def _asks_parameters(function: Function) -> bool:
    """Tell whether a function has a condition on what it is handed, or a loop over that."""
    for statement in statements_of(body_of(function)):
        match statement:
            case Branch(test=test) if any(name in function.parameters for question in questions_in(test) for name in question.split(" ")[1:2]):
                return True
            case Loop(over=(name,)) if name in function.parameters:
                return True
    return False
