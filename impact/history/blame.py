"""Which commit took each thing away that one revision misses, or wrote the first reference to it, and where it went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from impact.breaks.sides import Side
from impact.commits import Commit, History, Question, brought_by, find_turns
from impact.execution.values import Event
from impact.history.departures import Departures, name_at
from impact.history.evidence import holds_symbol
from impact.history.life import Carrier
from impact.modules import File
from impact.names import BlobId, CommitId, RepoPath, join
from impact.report import Certainty
from impact.sources import Sources


class Blame:
    """The commit behind each thing that is missing: it took the thing away, or, where there never was one, wrote a reference to it."""

    def __init__(self, side: Side, history: History, sources: Sources) -> None:
        self._side = side
        self._history = history
        self._sources = sources
        self._departures = Departures(side, history, sources)
        self._carriers: dict[str, tuple[Carrier, ...]] = {}

    def find(self, groups: Mapping[str, Sequence[Event]]) -> dict[str, tuple[bool, Commit | None]]:
        """Return, for each target, whether it never was, and the commit."""
        questions = {target: self._provided(target, events[0].path) for target, events in groups.items()}
        named = {(target, True): self._unnamed(target, events) for target, events in groups.items()}
        turns = find_turns(self._history, {**{(target, False): question for target, question in questions.items()}, **named})
        lost = {target: turn for (target, never), turn in turns.items() if not never}
        born = {target: turn for (target, never), turn in turns.items() if never and target not in lost}
        self._follow(lost, questions)
        merges = brought_by(self._history, {commit for commit, _ in (*lost.values(), *born.values())})
        found: dict[str, tuple[bool, Commit | None]] = {}
        for ways, never in ((lost, False), (born, True)):
            for target, (turn, _) in ways.items():
                commit = self._history.describe(turn)
                if commit.number is None and turn in merges:
                    commit = replace(commit, number=self._history.describe(merges[turn]).number)
                found[target] = never, commit
        return found

    def _follow(self, lost: Mapping[str, tuple[CommitId, CommitId]], questions: Mapping[str, Question]) -> None:
        gone: dict[Carrier, CommitId] = {}
        for target, (turn, parent) in lost.items():
            symbol = target.partition(":")[2]
            blobs = self._history.watch(questions[target].paths).blobs(parent)
            carriers = {Carrier(path, "" if not symbol or self._was_module(path, symbol) else symbol) for path in blobs}
            self._carriers[target] = tuple(sorted(carriers, key=lambda one: (one.path, one.symbol)))
            gone.update(dict.fromkeys(carriers, turn))
        self._departures.follow(gone)

    def _was_module(self, path: RepoPath, symbol: str) -> bool:
        """Tell whether what a package had under a name was a file of its own, which is gone."""
        return path not in self._side.snapshot.files and path.removesuffix("/__init__.py").removesuffix(".py").endswith(f"/{symbol}")

    def went(self, target: str, importer: RepoPath) -> tuple[tuple[str, ...], Certainty]:
        """Return the names under which something is now that `find` was asked for, as a file would import it, and how sure that is."""
        found = {end for carrier in self._carriers.get(target, ()) for end in self._departures.find(carrier)}
        if any(end.certainty is not Certainty.POSSIBLE for end in found):
            found = {end for end in found if end.certainty is not Certainty.POSSIBLE}
        names = {name_at(self._side, end.carrier, importer, target) for end in found} - {target}
        if names and all(end.certainty is Certainty.POSSIBLE for end in found):
            return tuple(sorted(names)), Certainty.POSSIBLE
        sure = len(names) == 1 and all(end.certainty is Certainty.CERTAIN for end in found)
        return tuple(sorted(names)), Certainty.CERTAIN if sure else Certainty.LIKELY

    def _provided(self, target: str, importer: RepoPath) -> Question:
        module, _, symbol = target.partition(":")
        location = self._side.modules.find(module, importer)
        inner = module.replace(".", "/")
        paths = {RepoPath(join(root, inner) + ending) for root in self._side.layout.search_path(importer) for ending in (".py", "/__init__.py")}
        if isinstance(location, File):
            paths.add(location.path)
            if location.package is not None and symbol:
                # What `from package import name` missed may have been a module.
                children = {RepoPath(f"{location.package}/{symbol}{ending}") for ending in (".py", "/__init__.py")}
                return Question(frozenset(paths | children), lambda blobs: self._held(blobs, paths, symbol) or any(child in blobs for child in children))
        return Question(frozenset(paths), lambda blobs: self._held(blobs, paths, symbol))

    def _held(self, blobs: Mapping[RepoPath, BlobId], paths: Iterable[RepoPath], symbol: str) -> bool:
        return any(path in blobs and (not symbol or holds_symbol(self._sources, blobs[path], symbol)) for path in paths)

    def _unnamed(self, target: str, events: Sequence[Event]) -> Question:
        words = [part.rpartition(".")[2].encode() for part in target.split(":")]
        paths = frozenset(event.path for event in events)
        return Question(paths, lambda blobs: not any(path in blobs and self._names(blobs[path], words) for path in paths))

    def _names(self, blob: BlobId, words: Iterable[bytes]) -> bool:
        data = self._sources.read(blob) or b""
        return all(word in data for word in words)
