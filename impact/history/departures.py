"""Where the things went that commits of the past took away, followed from one commit to the next up to the revision that is looked at.

Each step is a reading of the commit at hand: Git's similarity of the files it removed and added, definitions of the same name or body (`life`),
or the import by which a module had a name that it no longer hands on. What is found is held against the thing as it was before it went.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from impact.breaks.sides import Side
from impact.commits import History, Question, find_turns
from impact.history.evidence import holds_symbol
from impact.history.life import Carrier, find_successors
from impact.names import BlobId, CommitId, RepoPath, directory_of, is_put_aside, join, parent_of
from impact.programs.blocks import statements_of
from impact.programs.definitions import Definition, likeness
from impact.programs.program import FromImport
from impact.report import Certainty
from impact.sources import Sources

# Moves one after the other, and places of one thing, that are followed.
_MOVES = 4
_PLACES = 6
# In percent: what a definition keeps of its body to be known again, what one under another name must keep, and what a module keeps of its names.
_ALIKE, _SURELY_RENAMED, _KEPT = 50, 90, 60


@dataclass(frozen=True, slots=True)
class Destination:
    """A place of the revision that has what went, and how sure that is."""

    carrier: Carrier
    certainty: Certainty


class Departures:
    """The ways of things from where they were to where they are at the revision of `side`."""

    def __init__(self, side: Side, history: History, sources: Sources) -> None:
        self._side = side
        self._history = history
        self._sources = sources
        self._next: dict[Carrier, tuple[Carrier, ...]] = {}
        self._before: dict[Carrier, BlobId] = {}

    def follow(self, gone: Mapping[Carrier, CommitId]) -> None:
        """Find out where some things went, each in the commit that took it away, and on from there."""
        for _ in range(_MOVES):
            self._step(gone)
            waiting = {other for others in self._next.values() for other in others if other not in self._next and not self._is_here(other)}
            questions = {f"{one.path}:{one.symbol}": one for one in waiting}
            turns = find_turns(self._history, {key: self._question(one) for key, one in questions.items()}) if questions else {}
            gone = {questions[key]: commit for key, (commit, _) in turns.items()}
            if not gone:
                return

    def _step(self, gone: Mapping[Carrier, CommitId]) -> None:
        for carrier, commit in gone.items():
            old = self._history.delta(commit).files.get(carrier.path, (None, None))[0]
            if old is not None:
                self._before[carrier] = old
            self._next[carrier] = tuple(self._handed_on(carrier, old))
        ways = find_successors(self._history, self._sources, {carrier: commit for carrier, commit in gone.items() if not self._next[carrier]})
        self._next.update((carrier, others[:_PLACES]) for carrier, others in ways.items())

    def _handed_on(self, carrier: Carrier, old: BlobId | None) -> Iterator[Carrier]:
        """Yield where a module had a name from that it only handed on."""
        program = self._sources.program(old) if old is not None and carrier.symbol else None
        for statement in statements_of(program.body) if program is not None else ():
            if isinstance(statement, FromImport) and (statement.alias or statement.name) == carrier.symbol:
                module = self._absolute(statement, carrier.path)
                path = getattr(self._side.modules.find(module, carrier.path), "path", None)
                if path is None:
                    yield from (Carrier(former, statement.name) for former in self._formerly(module, carrier.path))
                elif path != carrier.path and path.endswith(".py"):
                    yield Carrier(path, statement.name)

    def _formerly(self, module: str, importer: RepoPath) -> Iterator[RepoPath]:
        """Yield where a module may have been that is gone: what never was there has no commit that took it away."""
        for root in self._side.layout.search_path(importer):
            for ending in (".py", "/__init__.py"):
                yield RepoPath(join(root, module.replace(".", "/")) + ending)

    def _absolute(self, statement: FromImport, path: RepoPath) -> str:
        if not statement.level:
            return statement.module
        package: str = self._side.modules.name_of(path)
        for _ in range(statement.level - path.endswith("/__init__.py")):
            package = parent_of(package)
        return ".".join(part for part in (package, statement.module) if part)

    def find(self, carrier: Carrier) -> tuple[Destination, ...]:
        """Return where something is that `follow` was asked for, sorted; none where it is not known to have gone anywhere.

        What was put aside is possible at best, and only said where there is no other place.
        """
        # With each place on the way, where the thing was defined last.
        ends, seen, stack = dict[Carrier, Carrier](), {carrier}, [(carrier, carrier)]
        while stack:
            here, origin = stack.pop()
            for other in self._next.get(here, ()):
                if other not in seen:
                    seen.add(other)
                    if self._is_here(other):
                        ends[other] = origin
                    else:
                        stack.append((other, origin if self._had(origin) else other))
        found = sorted((end for end in ends if end.path.endswith(".py")), key=lambda end: (end.path, end.symbol))
        live = [end for end in found if is_put_aside(end.path) <= is_put_aside(carrier.path)]
        if not live:
            return tuple(Destination(end, Certainty.POSSIBLE) for end in found)
        sure = len(live) == 1 and self._is_known_again(ends[live[0]], live[0])
        return tuple(Destination(end, Certainty.CERTAIN if sure else Certainty.LIKELY) for end in live)

    def _had(self, carrier: Carrier) -> bool:
        return not carrier.symbol or carrier.symbol in self._definitions(self._before.get(carrier))

    def _definitions(self, blob: BlobId | None) -> Mapping[str, Definition]:
        return self._sources.definitions(blob) if blob is not None else {}

    def _is_known_again(self, carrier: Carrier, end: Carrier) -> bool:
        """Tell whether what is at a place of the revision is what another one had; what serves tests alone, or was put aside where no package is, is not."""
        tests, packages = self._side.layout.tests, self._side.layout.packages
        if end.path in tests and carrier.path not in tests:
            return False
        if directory_of(carrier.path) in packages and directory_of(end.path) not in packages:
            return False
        old, new = (self._definitions(blob) for blob in (self._before.get(carrier), self._side.snapshot.files[end.path]))
        if not carrier.symbol:
            names = [name for name in old if "." not in name]
            return bool(names) and sum(name in new for name in names) * 100 >= len(names) * _KEPT
        one, other = old.get(carrier.symbol), new.get(end.symbol)
        if one is None:
            return self._next.get(carrier) == (end,)  # it was imported from there
        if other is None:
            return False
        if carrier.symbol != end.symbol:
            return one.telling and likeness(one, other) >= _SURELY_RENAMED
        return likeness(one, other) >= _ALIKE or (not one.telling and one.kind == other.kind)

    def _is_here(self, carrier: Carrier) -> bool:
        return self._is_held(self._side.snapshot.files, carrier)

    def _is_held(self, blobs: Mapping[RepoPath, BlobId], carrier: Carrier) -> bool:
        blob = blobs.get(carrier.path)
        return blob is not None and (not carrier.symbol or holds_symbol(self._sources, blob, carrier.symbol))

    def _question(self, carrier: Carrier) -> Question:
        return Question(frozenset([carrier.path]), lambda blobs: self._is_held(blobs, carrier))


def name_at(side: Side, destination: Carrier, importer: RepoPath, target: str) -> str:
    """Return the name under which a file imports what is at a place: one file can answer to several, and it calls the others as it called `target`."""
    names: Iterable[str] = side.modules.names_of(destination.path)
    near = [name for name in names if getattr(side.modules.find(name, importer), "path", None) == destination.path]
    top = target.partition(":")[0].partition(".")[0]
    best = next((name for name in near if name.partition(".")[0] == top), near[0] if near else str(side.modules.name_of(destination.path)))
    return f"{best}:{destination.symbol}" if destination.symbol else best
