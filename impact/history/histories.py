"""`impact history`: from a name to the files that carried it, their life over all commits, and who depended on it when it went."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from impact.breaks.sides import Side
from impact.commits import History, contents, ever_held
from impact.errors import UsageError
from impact.history.dependents import Dependents, find_dependents
from impact.history.evidence import holds_symbol
from impact.history.life import Carrier, Happening, Life, Turn, find_life
from impact.history.similarity import find_renames
from impact.names import CommitId, RepoPath, basename_of, join
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
# Names that are shorter than this are part of others by chance; files of one name that are listed.
_TELLING, _LISTED = 3, 8

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
class Pending:
    """What the working tree did to the thing, in no commit yet: the files that became what held it, none where it is just gone."""

    others: tuple[Place, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"event": (Happening.MOVED if self.others else Happening.DELETED).value, "others": [other.to_dict() for other in self.others]}


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
    pending: Pending | None = None

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
            "pending": self.pending.to_dict() if self.pending is not None else None,
        }


def write_biography(name: str, side: Side, history: History, sources: Sources, side_at: SideAt, progress: Progress) -> Biography:
    """Return the life of what `name` stands for: a path, a module, `module:symbol` or `module.symbol`.

    `side` is the revision that the walk starts from. Raises UsageError, with the nearest names where no commit holds any such thing, with the files
    where several answer to the name.
    """
    finder = _Finder(side, history, sources, side_at)
    carriers = finder.find(name)
    if len(several := finder.present(carriers)) > 1:
        paths = [carrier.path for carrier in several]
        more = f" and {len(paths) - _LISTED:,} more" if len(paths) > _LISTED else ""
        message = f"'{name}' is the name of {len(paths)} files at {side.snapshot.end.revision}: {', '.join(paths[:_LISTED])}{more}"
        raise UsageError(message, hint=f"name one by its path: impact history {paths[0]}{':' if several[0].symbol else ''}{several[0].symbol}")
    carriers = [*several, *(carrier for carrier in carriers if carrier not in several)][:_NEAREST]
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


def find_pending(biography: Biography, side: Side, worktree: Side, sources: Sources) -> Pending | None:
    """Return what became in the working tree of what a revision has; None where that is there still, or was gone before."""
    before, after = side.snapshot.files, worktree.snapshot.files
    symbol = biography.name.partition(":")[2] if biography.kind == "symbol" else ""
    symbol = next((place.name.partition(":")[2] for place in biography.places), symbol)
    gone = [
        place.path
        for place in biography.places
        if place.path not in after or (symbol and after[place.path] != before[place.path] and not holds_symbol(sources, after[place.path], symbol))
    ]
    if not gone or len(gone) < len(biography.places):
        return None
    added = {path: blob for path, blob in after.items() if path not in before}
    renames = find_renames({path: before[path] for path in gone if path not in after}, added, sources.read)
    new = {rename.new for rename in renames if not symbol or holds_symbol(sources, after[rename.new], symbol)}
    if symbol and not new:
        changed = (path for path, blob in after.items() if path.endswith(".py") and before.get(path) != blob and symbol in sources.looks(blob))
        new = {path for path in changed if not (path in before and holds_symbol(sources, before[path], symbol))}
    return Pending(tuple(_place(worktree, Carrier(path, symbol)) for path in sorted(new)))


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
        return sorted(elsewhere, key=lambda path: (path.count("/"), path))

    def present(self, carriers: Iterable[Carrier]) -> list[Carrier]:
        """Return the carriers that hold something at the revision; a package stands before the module beside it, as it does for Python."""
        files = self._side.snapshot.files
        return [
            one
            for one in carriers
            if (blob := files.get(one.path)) is not None
            and (not one.symbol or holds_symbol(self._sources, blob, one.symbol))
            and f"{one.path.removesuffix('.py')}/__init__.py" not in files
        ]

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
        if "/" in name or name.endswith(".py"):
            paths = sorted({*self._side.snapshot.files, *self._samples()})
            return _meant([*sorted(path for path in paths if basename_of(path) == basename_of(name)), *_near(name, paths)])
        paths_of = {str(self._side.modules.name_of(path)): path for path in sorted({*self._samples(), *self._side.snapshot.files}) if path.endswith(".py")}
        module, _, symbol = name.partition(":")
        owner, _, last = module.rpartition(".")
        if symbol or owner in paths_of:
            module, symbol = (module, symbol) if symbol else (owner, last)
            inside = [one for one in paths_of if one.startswith(f"{module}.")]
            near = [f"{module}:{one}" for one in _near(symbol, self._ever_bound(paths_of[module]))] if module in paths_of else []
            return _meant([*self._defining(symbol), *near, *_near(f"{module}.{symbol}", inside)] or _near(module, paths_of))
        ends = sorted((one for one in paths_of if one.rpartition(".")[2] == last), key=lambda one: (one.count("."), one))
        return _meant([*ends, *(self._defining(last) if not owner else ()), *_near(module, paths_of)])

    def _ever_bound(self, path: RepoPath) -> list[str]:
        """Return the names that a file looks to have defined at any time."""
        blobs = contents(self._history, [path]).get(path, set())
        return sorted({name for blob in blobs for name in self._sources.looks(blob)})

    def _defining(self, symbol: str) -> list[str]:
        """Return where the revision defines a symbol, tests left out."""
        word = symbol.partition(".")[0]
        return [
            f"{self._side.modules.name_of(path)}:{symbol}"
            for path, blob in sorted(self._side.snapshot.files.items())
            if path.endswith(".py") and path not in self._side.layout.tests and word in self._sources.looks(blob)
        ]


def _near(name: str, names: Iterable[str]) -> list[str]:
    """Return the names that hold another one, the shortest first, then those that are spelled much like it."""
    known = sorted(names)
    holding = sorted((one for one in known if len(name) >= _TELLING and name.lower() in one.lower()), key=lambda one: (len(one), one))
    return [*holding[:_NEAREST], *difflib.get_close_matches(name, known, n=_NEAREST)]


def _meant(names: Iterable[str]) -> str | None:
    found = list(dict.fromkeys(names))[:_NEAREST]
    return f"did you mean {', '.join(found)}?" if found else None
