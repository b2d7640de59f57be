"""What fails only when it is called: functions that miss a name at head and did not at base, and whoever calls them.

Only functions that can matter are played: those of files that mention something lost, then those of files that mention a function that
fails. A call counts where it leads for certain to one function; what stands under a condition is possible, not certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from impact.breaks import Inquiry, Side
from impact.execution import Execution
from impact.names import RepoPath
from impact.program import Function
from impact.sources import Sources
from impact.values import Event, ModuleValue, Raised, Skip

_WORD = re.compile(rb"[A-Za-z_]\w*")

# Functions of a test file that cannot be collected do not run. What else is broken in them is worth knowing while the files are few;
# above this many it would cost more than all the rest.
_MANY_DEAD = 300

Key = tuple[RepoPath, str]
"""A function: its file and its key there."""


@dataclass
class Outcome:
    """What newly happens when a function is called: an exception, a skip, or references that may fail."""

    raised: Raised | None = None
    skip: Skip | None = None
    possible: tuple[Event, ...] = ()


@dataclass
class _AtBase:
    """What the functions of a file did at base, by owner and name."""

    events: dict[tuple[str, str], set[tuple[object, str]]] = field(default_factory=dict)
    skipping: set[tuple[str, str]] = field(default_factory=set)

    def news(self, function: Function, events: list[Event], raised: Raised | None, skip: Skip | None) -> Outcome:
        """Return what a function does at head and did not do at base."""
        name = function.owner, function.name
        fresh = [event for event in events if (event.kind, event.target) not in self.events.get(name, ())]
        outcome = Outcome(possible=tuple(event for event in fresh if not event.certain and event.handled is None))
        if raised is not None and raised.certain and (raised.event not in events or raised.event in fresh):
            outcome.raised = raised
        if skip is not None and skip.cause is not None and name not in self.skipping:
            outcome.skip = skip
        return outcome


@dataclass
class Deferred:
    """The functions of head that newly fail, skip or may fail."""

    inquiry: Inquiry
    sources: Sources
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    played: set[RepoPath] = field(default_factory=set)
    _stems: set[str] = field(default_factory=set)
    _texts: dict[RepoPath, frozenset[bytes]] = field(default_factory=dict)

    def run(self) -> None:
        """Play the functions of every suspect, then of the callers of those that fail, until no more do."""
        losses = self.inquiry.losses
        ends = ((losses.lost, self.inquiry.head), (losses.failing, self.inquiry.head), (losses.missing, self.inquiry.base))
        self._stems = {
            name.rpartition(".")[2] for paths, side in ends for path in paths if path not in side.layout.tests for name in side.modules.names_of(path)
        }
        waiting = dict.fromkeys(path for path in sorted(self.inquiry.suspects) if path in self.inquiry.head.snapshot.files)
        dead = [path for path in waiting if path in self.inquiry.losses.failing and path in self.inquiry.head.layout.tests]
        if len(dead) > _MANY_DEAD:
            for path in dead:
                del waiting[path]
        rounds = 0
        while waiting and rounds < 100_000:
            path = next(iter(waiting))
            del waiting[path]
            rounds += 1
            # A module that lost a name may be handed to a function that asks for it.
            if path not in self.inquiry.changed and not any(self.mentions(path, words) for words in (self.inquiry.words, self.inquiry.narrower, self._stems)):
                continue
            failed = self._play(path)
            if failed:
                self.inquiry.words.update(failed)
                waiting[path] = None
                callers = self._callers(path, failed)
                self.played.update(callers)  # a test file may take a test from another with never a word of its own
                waiting.update(dict.fromkeys(callers))

    def mentions(self, path: RepoPath, words: Iterable[str]) -> bool:
        """Tell whether the source of a file of head has one of some words as an identifier, or in a string."""
        found = self._texts.get(path)
        if found is None:
            data = self.sources.read(self.inquiry.head.snapshot.files[path])
            found = self._texts[path] = frozenset(_WORD.findall(data or b""))
        return any(word.encode() in found for word in words)

    def _callers(self, path: RepoPath, names: frozenset[str]) -> tuple[RepoPath, ...]:
        words = {*names, *(name.rpartition(".")[2] for name in self.inquiry.head.modules.names_of(path))}
        candidates = {found for word in words for found in self.inquiry.mentions.mentioning(word)}
        return tuple(
            found
            for found in sorted(candidates)
            if found != path
            and any(edge.imported == path and (edge.names is None or not names.isdisjoint(edge.names)) for edge in self.inquiry.mentions.edges(found))
        )

    def _play(self, path: RepoPath) -> frozenset[str]:
        """Play every function of a file; return the names by which those can be called that fail now and were not known to."""
        inquiry = self.inquiry
        self.played.add(path)
        after = module_of(inquiry.after, inquiry.head, path)
        functions = inquiry.head_world.programs.functions(path)
        known: _AtBase | None = None
        failed: set[str] = set()
        is_test = path in inquiry.head.layout.tests
        words = frozenset({*inquiry.words, *inquiry.narrower, *self._stems})
        unchanged = self._texts_at_base(path) if path in inquiry.changed else None
        for key, function in functions.items():
            if not function.mentions(words) and (unchanged is None or function.text in unchanged):
                continue
            events, raised, skip = self._call(inquiry.after, after, function)
            if not events and raised is None and skip is None:
                continue
            if known is None:
                # Something happens: whether it is news is seen by playing the file at base, and then, with what that tolerates, once more here.
                known = self._base(path, words)
                del after.events[len(after.events) - len(events) :]
                events, raised, skip = self._call(inquiry.after, after, function)
            outcome = known.news(function, events, raised, skip)
            before_now = self.outcomes.get((path, key))
            self.outcomes[path, key] = outcome
            if outcome.raised is not None:
                inquiry.after.broken[path, key] = outcome.raised
                if before_now is None or before_now.raised is None:
                    failed.update(_callable_as(function, is_test=is_test))
        return frozenset(failed)

    def _texts_at_base(self, path: RepoPath) -> frozenset[str]:
        """Return the bodies that a file held at base: what is not among them may ask for something that never was."""
        old = self.inquiry.at_base(path)
        return frozenset(function.text for function in self.inquiry.base.programs.functions(old).values()) if old is not None else frozenset()

    def _base(self, path: RepoPath, words: frozenset[str]) -> _AtBase:
        inquiry = self.inquiry
        found = _AtBase()
        old = inquiry.at_base(path)
        if old is not None:
            before = module_of(inquiry.before, inquiry.base, old)
            for function in inquiry.base_world.programs.functions(old).values():
                if not function.mentions(words):
                    continue
                events, _, skip = self._call(inquiry.before, before, function)
                found.events.setdefault((function.owner, function.name), set()).update((event.kind, event.target) for event in events)
                if skip is not None:
                    found.skipping.add((function.owner, function.name))
        return found

    @staticmethod
    def _call(execution: Execution, module: ModuleValue, function: Function) -> tuple[list[Event], Raised | None, Skip | None]:
        count = len(module.events)
        raised, skip = execution.call(module, function)
        return module.events[count:], raised, skip


def _callable_as(function: Function, *, is_test: bool) -> Iterator[str]:
    """Yield the names by which others come to a function: its own, or its class; a test's own name nobody calls, but its class has heirs."""
    owner = function.owner.rpartition(".")[2]
    if owner:
        yield owner
    if function.name != "__init__" and not (is_test and function.name.startswith("test")):
        yield function.name


def module_of(execution: Execution, side: Side, path: RepoPath) -> ModuleValue:
    """Return the module of a file as it is after its import."""
    found = execution.loaded.get(path)
    return found if found is not None else execution.import_file(path, side.name_of(path))
