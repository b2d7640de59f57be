"""The life of a module or symbol over all commits: born, moved, renamed, split, deleted, restored.

A *carrier* is a place that held the thing: a file, or a name in a file. Its events are the commits in which it appears or vanishes against all
parents; what a merge decides alone (one side deleted it, the merge kept it) is an event of the merge. Where a carrier appears or vanishes, the
same commit is searched for where it came from or went: that place is a carrier too, up to that commit or from it on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from impact.commits import Commit, Delta, History, brought_by
from impact.history.evidence import holds_symbol
from impact.history.similarity import find_renames
from impact.names import BlobId, CommitId, RepoPath, basename_of, directory_of, is_put_aside
from impact.programs.definitions import Definition, likeness
from impact.snapshots import Rename
from impact.sources import Sources

# Carriers that are followed, files of one commit that are searched for a name, files that one commit may have removed to be compared in full.
_CARRIERS = 12
_SEARCHED = 400
_REMOVED = 200
# Bodies that are as alike as this, in percent, are the same thing under another name.
_ALIKE = 65
# A module has gone in pieces where at least this many percent of its public definitions are found elsewhere in the same commit.
_PIECES = 50


class Happening(StrEnum):
    """What a commit did to a thing."""

    BORN = "born"
    MOVED = "moved"
    RENAMED = "renamed"
    SPLIT = "split"
    MERGED = "merged"
    DELETED = "deleted"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A place that holds the thing: a file, and the name in it where the thing is a symbol."""

    path: RepoPath
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """An event: what happened to a carrier, in which commit, and the carriers it went to (or came from, where it appears).

    `appears` tells which of the two. `brought` is the merge by which the commit came to the main line, `parent` shows how things were before.
    """

    happening: Happening
    appears: bool
    commit: Commit
    carrier: Carrier
    others: tuple[Carrier, ...]
    brought: Commit | None
    parent: CommitId | None


@dataclass(frozen=True, slots=True)
class Life:
    """Events, oldest first, and the carriers that hold the thing at the end."""

    turns: tuple[Turn, ...]
    alive: tuple[Carrier, ...]


def find_life(history: History, sources: Sources, carriers: Iterable[Carrier]) -> Life:
    """Return the life of what some carriers hold, followed both ways; no event where none of them was ever there."""
    return _Biographer(history, sources).tell(tuple(carriers))


def find_successors(history: History, sources: Sources, gone: Mapping[Carrier, CommitId]) -> dict[Carrier, tuple[Carrier, ...]]:
    """Return where things went in the commits that took them away; nothing for one that was deleted."""
    biographer = _Biographer(history, sources)
    flips = [_Flip(carrier, commit, appears=False, again=False) for carrier, commit in gone.items()]
    links = {flip.carrier: biographer.link(flip) for flip in sorted(flips, key=lambda flip: flip.commit)}
    return {carrier: others for carrier, (_, others) in links.items() if others}


@dataclass(frozen=True, slots=True)
class _Flip:
    """A carrier appears or vanishes in a commit; `again`: it was there before."""

    carrier: Carrier
    commit: CommitId
    appears: bool
    again: bool


@dataclass
class _Biographer:
    history: History
    sources: Sources
    _position: dict[CommitId, int] = field(default_factory=dict)
    _deltas: dict[CommitId, Delta] = field(default_factory=dict)
    _moves: dict[CommitId, tuple[Rename, ...]] = field(default_factory=dict)
    _fresh: dict[tuple[BlobId | None, BlobId | None], frozenset[str]] = field(default_factory=dict)
    _held: dict[tuple[BlobId, str], bool] = field(default_factory=dict)
    _alive: set[Carrier] = field(default_factory=set)

    def tell(self, carriers: tuple[Carrier, ...]) -> Life:
        self._position = {commit: number for number, commit in enumerate(self.history.order)}
        # From which position to which a carrier counts: positions grow into the past.
        windows: dict[Carrier, list[tuple[int, int]]] = {carrier: [(0, len(self._position))] for carrier in carriers}
        flips: dict[Carrier, tuple[_Flip, ...]] = {}
        links: dict[tuple[Carrier, CommitId], tuple[Happening, tuple[Carrier, ...]]] = {}
        waiting = list(carriers)
        while waiting:
            for carrier in waiting:
                flips[carrier] = tuple(self._flips(carrier))
            waiting = []
            for carrier, found in list(flips.items()):
                for flip in found:
                    key = carrier, flip.commit
                    if key in links or not _within(windows[carrier], self._position[flip.commit]):
                        continue
                    links[key] = happening, others = self.link(flip)
                    for other in others if happening is not Happening.SPLIT else ():
                        place = self._position[flip.commit]
                        window = (place, len(self._position)) if flip.appears else (0, place)
                        if other not in windows and len(windows) < _CARRIERS and (other.path.endswith(".py") or other.symbol):
                            windows[other] = []
                            waiting.append(other)
                        if other in windows and not _within(windows[other], place):
                            windows[other].append(window)
        return Life(tuple(self._turns(flips, windows, links)), tuple(sorted(self._alive, key=lambda one: (one.path, one.symbol))))

    def _turns(
        self,
        flips: Mapping[Carrier, tuple[_Flip, ...]],
        windows: Mapping[Carrier, list[tuple[int, int]]],
        links: Mapping[tuple[Carrier, CommitId], tuple[Happening, tuple[Carrier, ...]]],
    ) -> Iterator[Turn]:
        shown = [flip for found in flips.values() for flip in found if _within(windows[flip.carrier], self._position[flip.commit])]
        shown.sort(key=lambda flip: (-self._position[flip.commit], flip.appears, flip.carrier.path, flip.carrier.symbol))
        merges = brought_by(self.history, {flip.commit for flip in shown})
        left = {(flip.carrier, flip.commit) for flip in shown if not flip.appears}
        for flip in shown:
            happening, others = links.get((flip.carrier, flip.commit), (Happening.DELETED, ()))
            if flip.appears and any((other, flip.commit) in left for other in others):
                continue  # told already, by the carrier that it left
            commit = self.history.describe(flip.commit)
            brought = self.history.describe(merges[flip.commit]) if flip.commit in merges else None
            parents = self.history.parents(flip.commit)
            yield Turn(happening, flip.appears, commit, flip.carrier, others, brought, parents[0] if parents else None)

    def _flips(self, carrier: Carrier) -> Iterator[_Flip]:
        """Yield where a carrier appears and vanishes, oldest first."""
        history, watch = self.history, self.history.watch([carrier.path])
        blobs: dict[CommitId, BlobId | None] = {}
        # Which events lie in the past of a commit, a bit for each: who knows of what tells a merge that decides from one that brings.
        past: dict[CommitId, int] = {}
        gone = born = 0
        bit = 1
        for commit in reversed(history.order):
            parents = [parent for parent in history.parents(commit) if parent in blobs]
            first = parents[0] if parents else None
            # What the first parent has, unless this one has it otherwise.
            blob = watch.differing(first, commit).get(carrier.path, blobs[first]) if first else watch.blobs(commit).get(carrier.path)
            blobs[commit] = blob
            here = self._holds(blob, carrier.symbol)
            before = [self._holds(blobs[parent], carrier.symbol) for parent in parents]
            past[commit] = behind = _union(past[parent] for parent in parents)
            if here in before:
                others = [parent for parent, held in zip(parents, before, strict=True) if held is not here]
                mine = _union(past[parent] for parent, held in zip(parents, before, strict=True) if held is here)
                if not _union(past[parent] for parent in others) & (gone if here else born) & ~mine:
                    continue
            elif not here and not parents:
                continue
            yield _Flip(carrier, commit, appears=here, again=bool(behind & gone))
            past[commit] = behind | bit
            gone, born = (gone, born | bit) if here else (gone | bit, born)
            bit <<= 1
        if history.tips and self._holds(blobs.get(history.tips[0]), carrier.symbol):
            self._alive.add(carrier)

    def _holds(self, blob: BlobId | None, symbol: str) -> bool:
        if blob is None or not symbol:
            return blob is not None
        if (blob, symbol) not in self._held:
            self._held[blob, symbol] = holds_symbol(self.sources, blob, symbol)
        return self._held[blob, symbol]

    # What else the commit did

    def link(self, flip: _Flip) -> tuple[Happening, tuple[Carrier, ...]]:
        """Return what happened, and where the thing went, or came from."""
        found = self._symbol(flip) if flip.carrier.symbol else self._module(flip)
        if found is not None:
            return found
        if flip.appears:
            return (Happening.RESTORED if flip.again else Happening.BORN), ()
        return Happening.DELETED, ()

    def _delta(self, commit: CommitId) -> Delta:
        if commit not in self._deltas:
            self._deltas[commit] = self.history.delta(commit)
        return self._deltas[commit]

    def _module(self, flip: _Flip) -> tuple[Happening, tuple[Carrier, ...]] | None:
        delta, path = self._delta(flip.commit), flip.carrier.path
        removed, added = delta.removed, delta.added
        if path not in (added if flip.appears else removed):
            return None  # a merge that decides between its parents: nothing moved
        for rename in self._renames(flip, removed, added):
            if path == (rename.new if flip.appears else rename.old):
                other = rename.old if flip.appears else rename.new
                return _kind_of_move(path, other), (Carrier(other),)
        return self._pieces(delta, path, flip)

    def _renames(self, flip: _Flip, removed: Mapping[RepoPath, BlobId], added: Mapping[RepoPath, BlobId]) -> tuple[Rename, ...]:
        """Return what a commit renamed; where it removed very much, only what is asked about."""
        if len(removed) > _REMOVED:
            path = flip.carrier.path
            return () if flip.appears else self._followed({path: removed[path]}, added)
        found = self._moves.get(flip.commit)
        if found is None:
            found = self._moves[flip.commit] = self._followed(removed, added)
        return found

    def _followed(self, removed: Mapping[RepoPath, BlobId], added: Mapping[RepoPath, BlobId]) -> tuple[Rename, ...]:
        """Return renames, to what was put aside only where no other file is what one became."""
        live = find_renames(removed, {path: blob for path, blob in added.items() if not is_put_aside(path)}, self.sources.read)
        left = {path: blob for path, blob in removed.items() if path not in {rename.old for rename in live}}
        aside = {path: blob for path, blob in added.items() if is_put_aside(path)}
        return (*live, *(find_renames(left, aside, self.sources.read) if left and aside else ()))

    def _pieces(self, delta: Delta, path: RepoPath, flip: _Flip) -> tuple[Happening, tuple[Carrier, ...]] | None:
        """Return the files that a module went to in pieces, or that it was made of."""
        blob = (delta.added if flip.appears else delta.removed)[path]
        own = self._public(blob)
        if not own:
            return None
        taken: dict[RepoPath, set[str]] = {}
        for other, (before, after) in self._python(delta, path):
            source, target = (after, before) if flip.appears else (before, after)
            moved = {name for name in own & self._came(source, target) if self._holds(target, name)}
            if moved:
                taken[other] = moved
        found = {name for moved in taken.values() for name in moved}
        if len(found) * 100 < len(own) * _PIECES:
            return None
        others = tuple(Carrier(other) for other in sorted(taken, key=lambda other: (-len(taken[other]), other)))
        many = len(others) > 1
        if flip.appears:
            return (Happening.MERGED if many else Happening.SPLIT), others
        return (Happening.SPLIT if many else Happening.MERGED), others

    def _symbol(self, flip: _Flip) -> tuple[Happening, tuple[Carrier, ...]] | None:
        delta, carrier = self._delta(flip.commit), flip.carrier
        before, after = delta.files.get(carrier.path, (None, None))
        name = carrier.symbol
        if before == after:
            return None
        # In its own file under another name, then in another file under the same.
        mine = self._definition(after if flip.appears else before, name)
        if mine is not None and mine.telling:
            old, new = (self._definitions(blob) for blob in (before, after))
            source, target = (new, old) if flip.appears else (old, new)
            scores = {other: likeness(mine, one) for other, one in target.items() if other not in source and other.count(".") == name.count(".")}
            best = max(sorted(scores), key=lambda other: scores[other], default=None)
            if best is not None and scores[best] >= _ALIKE:
                return Happening.RENAMED, (Carrier(carrier.path, best),)
        first = name.partition(".")[0]
        places: list[RepoPath] = []
        for other, pair in self._python(delta, carrier.path):
            source_blob, target_blob = reversed(pair) if flip.appears else pair
            if first in self._came(source_blob, target_blob) and self._holds(target_blob, name):
                places.append(other)
        if not places:
            return None
        if mine is not None and len(places) > 1:
            # Of several the one with the same body, if there is one.
            scored = {place: self._likeness(mine, delta, place, name, flip) for place in places}
            places = [place for place in places if scored[place] == max(scored.values())]
        return Happening.MOVED, tuple(Carrier(place, name) for place in places[:_CARRIERS])

    def _likeness(self, mine: Definition, delta: Delta, place: RepoPath, name: str, flip: _Flip) -> int:
        before, after = delta.files[place]
        other = self._definition(before if flip.appears else after, name)
        return likeness(mine, other) if other is not None else 0

    def _python(self, delta: Delta, path: RepoPath) -> Iterator[tuple[RepoPath, tuple[BlobId | None, BlobId | None]]]:
        files = [(other, pair) for other, pair in sorted(delta.files.items()) if other.endswith(".py") and other != path]
        # The files beside it first: where a commit changes very many, those are the ones to look at.
        files.sort(key=lambda item: -len(_shared(item[0], path)))
        yield from files[:_SEARCHED]

    def _came(self, source: BlobId | None, target: BlobId | None) -> frozenset[str]:
        """Return the names that one content looks to define and the other does not."""
        found = self._fresh.get((source, target))
        if found is None:
            found = self._fresh[source, target] = self._looks(target) - self._looks(source)
        return found

    def _looks(self, blob: BlobId | None) -> frozenset[str]:
        return self.sources.looks(blob) if blob is not None else frozenset()

    def _public(self, blob: BlobId) -> frozenset[str]:
        return frozenset(name for name, one in self._definitions(blob).items() if one.kind != "value" and "." not in name and not name.startswith("_"))

    def _definitions(self, blob: BlobId | None) -> Mapping[str, Definition]:
        return self.sources.definitions(blob) if blob is not None else {}

    def _definition(self, blob: BlobId | None, name: str) -> Definition | None:
        return self._definitions(blob).get(name)


def _kind_of_move(path: str, other: str) -> Happening:
    return Happening.RENAMED if directory_of(path) == directory_of(other) and basename_of(path) != basename_of(other) else Happening.MOVED


def _within(windows: Iterable[tuple[int, int]], position: int) -> bool:
    return any(start <= position <= end for start, end in windows)


def _union(masks: Iterable[int]) -> int:
    whole = 0
    for mask in masks:
        whole |= mask
    return whole


def _shared(one: str, other: str) -> list[str]:
    shared: list[str] = []
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        shared.append(left)
    return shared
