"""`impact history`: from a name to the files that carried it, their life over all commits, and who depended on it when it went."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from impact.breaks import Side
from impact.commits import History, ever_held
from impact.definitions import may_define
from impact.dependents import Dependents, find_dependents
from impact.errors import UsageError
from impact.life import Carrier, Life, Turn, find_life
from impact.names import CommitId, RepoPath, join
from impact.progress import Progress
from impact.report import End
from impact.snapshots import Snapshot
from impact.sources import Sources
from impact.version import VERSION

# 1: the first shape. Fields may be added under a version, none is renamed or dropped.
HISTORY_VERSION = 1
# Commits, spread over the history, whose trees are looked through for a name that no source root of today explains.
_SAMPLES = 24
# Deletions for which the dependents of that moment are looked up, the latest ones.
_MOMENTS = 4
_NEAREST = 3

SideAt = Callable[[str], Side]
"""Makes one end of a commit, by its id."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the thing was or is: the name by which it is imported, and the file."""

    name: str
    path: RepoPath

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"name": self.name, "path": self.path}


@dataclass(frozen=True, slots=True)
class Moment:
    """An event of a life, and who depended on the thing just before it went."""

    turn: Turn
    place: Place
    others: tuple[Place, ...]
    dependents: Dependents | None

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {
            "event": self.turn.happening.value,
            "appears": self.turn.appears,
            "commit": self.turn.commit.to_dict(),
            "merge": self.turn.brought.to_dict() if self.turn.brought is not None else None,
            **self.place.to_dict(),
            "others": [other.to_dict() for other in self.others],
            "dependents": self.dependents.to_dict() if self.dependents is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Biography:
    """The life of one module or symbol. `places` hold it at the revision, `dependents` name it there; `complete`: the history goes back to its start."""

    name: str
    kind: str
    revision: End
    places: tuple[Place, ...]
    moments: tuple[Moment, ...]
    dependents: Dependents
    complete: bool

    def to_dict(self) -> dict[str, object]:
        """Return the JSON document (schema version 1 of `impact history`)."""
        return {
            "schema_version": HISTORY_VERSION,
            "tool": {"name": "impact", "version": VERSION},
            "name": self.name,
            "kind": self.kind,
            "revision": {"revision": self.revision.revision, "commit": self.revision.commit},
            "exists": bool(self.places),
            "places": [place.to_dict() for place in self.places],
            "events": [moment.to_dict() for moment in self.moments],
            "dependents": self.dependents.to_dict(),
            "complete": self.complete,
        }


def write_biography(name: str, side: Side, history: History, sources: Sources, side_at: SideAt, progress: Progress) -> Biography:
    """Return the life of what `name` stands for: a path, a module, `module:symbol` or `module.symbol`.

    `side` is the revision that the walk starts from. Raises UsageError, with the nearest names, where no commit holds any such thing.
    """
    finder = _Finder(side, history, sources, side_at)
    carriers = finder.find(name)
    life = find_life(history, sources, carriers) if carriers else Life((), ())
    if not life.turns:
        raise UsageError(f"nothing is called '{name}', nor was, in the history of {side.snapshot.end.revision}", hint=finder.hint(name))
    asked = {turn.commit.id: turn for turn in [turn for turn in life.turns if not turn.appears][-_MOMENTS:]}
    moments = tuple(
        Moment(
            turn,
            _place(side, turn.carrier),
            tuple(_place(side, other) for other in turn.others),
            _at_that_moment(turn, sources, side_at, progress) if asked.get(turn.commit.id) is turn else None,
        )
        for turn in life.turns
    )
    primary = next((carrier for carrier in carriers if carrier in life.alive), next((turn.carrier for turn in reversed(life.turns)), carriers[0]))
    former = next((turn.parent for turn in reversed(life.turns) if not turn.appears and turn.carrier == primary), None)
    known = side_at(former).modules if former is not None and primary not in life.alive else None
    return Biography(
        name=name,
        kind="symbol" if primary.symbol else "module" if primary.path.endswith(".py") else "file",
        revision=side.snapshot.end,
        places=tuple(_place(side, carrier) for carrier in life.alive),
        moments=moments,
        dependents=find_dependents(side, sources, progress, primary.path, primary.symbol, former=known),
        complete=history.whole,
    )


def _at_that_moment(turn: Turn, sources: Sources, side_at: SideAt, progress: Progress) -> Dependents | None:
    if turn.parent is None or not turn.carrier.path.endswith(".py"):
        return None
    return find_dependents(side_at(turn.parent), sources, progress, turn.carrier.path, turn.carrier.symbol)


def _place(side: Side, carrier: Carrier) -> Place:
    module = str(side.modules.name_of(carrier.path)) if carrier.path.endswith(".py") else str(carrier.path)
    return Place(f"{module}:{carrier.symbol}" if carrier.symbol else module, carrier.path)


class _Finder:
    """From a name to the places that hold it, at the revision or at any time before."""

    def __init__(self, side: Side, history: History, sources: Sources, side_at: SideAt) -> None:
        self._side = side
        self._history = history
        self._sources = sources
        self._side_at = side_at
        self._sampled: frozenset[RepoPath] | None = None

    def find(self, name: str) -> list[Carrier]:
        """Return the carriers that a name stands for, at any time."""
        if "/" in name or name.endswith(".py"):
            path, _, symbol = name.removeprefix("./").partition(":")
            return [Carrier(RepoPath(path), symbol)]
        module, colon, symbol = name.partition(":")
        if colon:
            return [Carrier(path, symbol) for path in self._files(module)]
        if (paths := self._files(module)) or "." not in module:
            return [Carrier(path) for path in paths]
        owner, _, last = module.rpartition(".")
        return [Carrier(path, last) for path in self._files(owner)]

    def _files(self, module: str) -> list[RepoPath]:
        """Return the files that ever were a module: below the source roots of the revision, else wherever a tree of the past has them."""
        inner = module.replace(".", "/")
        suffixes = (f"{inner}.py", f"{inner}/__init__.py")
        roots = dict.fromkeys([*(root.path for root in self._side.layout.roots), RepoPath(""), RepoPath("src"), RepoPath("lib")])
        found = self._ever(join(root, suffix) for root in roots for suffix in suffixes)
        if found:
            return found
        samples = self._samples()
        elsewhere = {
            path
            for path in samples
            for suffix in suffixes
            # What holds the name's first part is no package itself, or the name would be longer.
            if path.endswith(f"/{suffix}") and f"{path.removesuffix(suffix)}__init__.py" not in samples
        }
        return sorted(elsewhere, key=lambda path: (path.count("/"), path))[:_NEAREST]

    def _ever(self, paths: Iterable[RepoPath]) -> list[RepoPath]:
        """Return those of some paths that any commit holds, in the given order."""
        wanted = list(dict.fromkeys(paths))
        held = ever_held(self._history, wanted)
        return [path for path in wanted if path in held]

    def _samples(self) -> frozenset[RepoPath]:
        """Return the Python files of some commits, spread over the history."""
        if self._sampled is None:
            order: Sequence[CommitId] = self._history.order
            chosen = order[:: max(1, len(order) // _SAMPLES)]
            found: set[RepoPath] = set()
            for commit in chosen:
                snapshot: Snapshot = self._side_at(commit).snapshot
                found.update(path for path in snapshot.files if path.endswith(".py"))
            self._sampled = frozenset(found)
        return self._sampled

    def hint(self, name: str) -> str | None:
        """Return the names that are nearest to one that nothing ever had."""
        module, _, symbol = name.partition(":")
        if "/" in name or name.endswith(".py"):
            near = difflib.get_close_matches(name, sorted({*self._side.snapshot.files, *self._samples()}), n=_NEAREST)
            return _meant(near)
        paths = self._samples() | {path for path in self._side.snapshot.files if path.endswith(".py")}
        names = {str(self._side.modules.name_of(path)) for path in paths}
        if symbol and module in names:
            blobs = (self._side.snapshot.files.get(path) for path in self._files(module))
            bound = {one for blob in blobs if blob is not None for one in may_define(self._sources.read(blob) or b"")}
            near = [f"{module}:{one}" for one in difflib.get_close_matches(symbol, sorted(bound), n=_NEAREST)]
            return _meant([*self._elsewhere(symbol), *near][:_NEAREST])
        last = module.rpartition(".")[2]
        ends = sorted((one for one in names if one.endswith(f".{last}")), key=lambda one: (one.count("."), one))
        near = [*ends, *difflib.get_close_matches(module, sorted(names), n=_NEAREST)]
        return _meant([f"{one}:{symbol}" if symbol else one for one in dict.fromkeys(near)][:_NEAREST])

    def _elsewhere(self, symbol: str) -> list[str]:
        """Return the modules of the revision that define a symbol, as far as somebody imports it from there."""
        word = symbol.partition(".")[0].encode()
        found: list[str] = []
        for path, blob in sorted(self._side.snapshot.files.items()):
            if path.endswith(".py") and path not in self._side.layout.tests:
                data = self._sources.read(blob) or b""
                if word in data and word.decode() in may_define(data):
                    found.append(f"{self._side.modules.name_of(path)}:{symbol}")
        return found


def _meant(names: Sequence[str]) -> str | None:
    return f"did you mean {', '.join(names)}?" if names else None
