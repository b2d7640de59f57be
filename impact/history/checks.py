"""`impact check`: what the references of one revision miss, grouped by what is missing, with the commit that broke each and what to do."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from impact.breaks.sides import Side
from impact.commits import Commit, History
from impact.compiled import Compiled
from impact.execution.values import Event
from impact.graph import Graph
from impact.history.blame import Blame
from impact.history.evidence import holds_symbol, left_behind
from impact.mentions import Mentions
from impact.names import RepoPath, is_put_aside
from impact.report import Certainty, End, Skipped
from impact.reporting.selection import find_edges
from impact.settings import Acceptance
from impact.sources import Sources
from impact.version import VERSION

# 1: the first shape. Fields may be added under a version, none is renamed or dropped.
CHECK_VERSION = 1
# Test files that run a reference in another file and are listed; all of them count.
_DEPENDENTS = 20
# Places that define the name of what is missing; more of them say that the name is a common one.
_PLACES = 3


@dataclass(frozen=True, slots=True)
class Site:
    """A reference to what is missing. `line` and `column` count from 1 and 0; `deferred`: in a function, so that it fails when that is called."""

    path: RepoPath
    line: int
    column: int
    code: str
    kind: str
    exception: str
    deferred: bool
    test: bool

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {name: getattr(self, name) for name in ("path", "line", "column", "code", "kind", "exception", "deferred", "test")}


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is named and not there: `target` reads `pkg.mod` or `pkg.mod:Symbol`.

    `commit` took it away, or, where it never was (`born`), wrote the oldest of the references. `went` says where it is now, by what commits did to it
    since, all of the same `certainty`; `places` define its name; `bytecode` tells of compiled files that it left. `tests` are the test files that may
    run one of the references and have none themselves.
    `known`: a baseline has it; `accepted` is the reason why the configuration takes it.
    """

    target: str
    sites: tuple[Site, ...]
    born: bool
    commit: Commit | None
    went: tuple[str, ...]
    certainty: Certainty
    places: tuple[str, ...]
    bytecode: tuple[str, ...]
    tests: tuple[RepoPath, ...]
    known: bool = False
    accepted: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the gate fails by it."""
        return not self.known and self.accepted is None

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {
            "target": self.target,
            "born_broken": self.born,
            "commit": self.commit.to_dict() if self.commit is not None else None,
            "remedy": {"replacement": self.went[0], "certainty": self.certainty.value}
            if len(self.went) == 1 and self.certainty is not Certainty.POSSIBLE
            else None,
            "went_to": list(self.went),
            "defined_elsewhere": list(self.places),
            "bytecode": list(self.bytecode),
            "dependents": {"tests": len(self.tests), "paths": list(self.tests[:_DEPENDENTS])},
            "known": self.known,
            "accepted": self.accepted,
            "tests": len({site.path for site in self.sites if site.test}),
            "references": [site.to_dict() for site in self.sites],
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All that is missing at one revision. `mended` are entries of the baseline that no longer apply; `notes` are for a person to read."""

    revision: End
    missing: tuple[Missing, ...]
    skipped: tuple[Skipped, ...]
    mended: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether something counts."""
        return any(one.counts for one in self.missing)

    def to_dict(self) -> dict[str, object]:
        """Return the JSON document (schema version 1 of `impact check`)."""
        return {
            "schema_version": CHECK_VERSION,
            "tool": {"name": "impact", "version": VERSION},
            "revision": {"revision": self.revision.revision, "commit": self.revision.commit},
            "missing": [one.to_dict() for one in self.missing],
            "mended": [{"path": path, "target": target} for path, target in self.mended],
            "notes": list(self.notes),
            "skipped": [one.to_dict() for one in self.skipped],
            "summary": {
                "missing": len(self.missing),
                "references": sum(len(one.sites) for one in self.missing),
                "files": len({site.path for one in self.missing for site in one.sites}),
                "counting": sum(one.counts for one in self.missing),
            },
        }


def write_check(
    side: Side,
    events: Iterable[Event],
    history: History,
    sources: Sources,
    scans: Mapping[RepoPath, str],
    compiled: Iterable[Compiled],
    skipped: tuple[Skipped, ...],
) -> CheckReport:
    """Return what is missing, most references first, each with its commit, where it went, the places that define the name, and the tests that run it."""
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        groups[event.target].append(event)
    blame = Blame(side, history, sources)
    commits = blame.find(groups)
    places = _Places(side, sources)
    runners = _Runners(side, scans)
    left: defaultdict[str, list[str]] = defaultdict(list)
    for one in compiled:
        for name in side.modules.names_of(one.source):
            left[name].append(left_behind(one))
    missing: list[Missing] = []
    for target, found in groups.items():
        sites = tuple(_site(side, event) for event in found)
        born, commit = commits.get(target, (True, None))
        went, certainty = blame.went(target, sites[0].path)
        tests = runners.find({site.path for site in sites})
        missing.append(Missing(target, sites, born, commit, went, certainty, places.find(target), tuple(left.get(target.partition(":")[0], ())), tests))
    missing.sort(key=lambda one: (-len({site.path for site in one.sites}), one.target))
    return CheckReport(side.snapshot.end, tuple(missing), skipped)


def dump_check(report: CheckReport) -> str:
    """Write a report as JSON for `load_check`: all of it, where `to_dict` says what others may rely on."""
    return json.dumps(asdict(report))


def load_check(text: str) -> CheckReport | None:
    """Read what `dump_check` wrote, None for anything else."""
    try:
        value = json.loads(text)
        missing = (
            Missing(
                **{
                    **one,
                    "sites": tuple(Site(**site) for site in one["sites"]),
                    "commit": Commit(**one["commit"]) if one["commit"] is not None else None,
                    "went": tuple(one["went"]),
                    "certainty": Certainty(one["certainty"]),
                    "places": tuple(one["places"]),
                    "bytecode": tuple(one["bytecode"]),
                    "tests": tuple(one["tests"]),
                }
            )
            for one in value["missing"]
        )
        return CheckReport(End(**value["revision"]), tuple(missing), tuple(Skipped(**one) for one in value["skipped"]))
    except (ValueError, KeyError, TypeError):
        return None


def apply_baseline(report: CheckReport, baseline: frozenset[tuple[str, str]]) -> CheckReport:
    """Return a report in which what a baseline has does not count; a target counts as soon as another file names it."""
    present = {(site.path, one.target) for one in report.missing for site in one.sites}
    missing: list[Missing] = []
    for one in report.missing:
        known = [site for site in one.sites if (site.path, one.target) in baseline]
        fresh = [site for site in one.sites if (site.path, one.target) not in baseline]
        parts = [(known, True), (fresh, False)]
        missing += [replace(one, sites=tuple(sites), known=is_known) for sites, is_known in parts if sites]
    missing.sort(key=lambda one: (one.known, -len({site.path for site in one.sites}), one.target))
    return replace(report, missing=tuple(missing), mended=tuple(sorted(baseline - present)))


def apply_accepted(report: CheckReport, accepted: Iterable[Acceptance], today: str) -> CheckReport:
    """Return a report in which what the configuration accepts does not count; what it accepted until a day that is over counts again, with a note."""
    missing = list(report.missing)
    notes = list(report.notes)
    for one in accepted:
        hits = [position for position, other in enumerate(missing) if one.covers(other.target)]
        if one.expired(today):
            if hits:
                notes.append(f"accepted until {one.until}, and that is over: {one.target} ({one.reason})")
            continue
        for position in hits:
            missing[position] = replace(missing[position], accepted=one.reason)
    return replace(report, missing=tuple(missing), notes=tuple(notes))


def _site(side: Side, event: Event) -> Site:
    lines = (side.programs.source(event.path) or b"").decode("utf-8", "replace").splitlines()
    code = lines[event.line - 1].strip() if 0 < event.line <= len(lines) else ""
    test = event.path in side.layout.tests or event.path.endswith("conftest.py")
    return Site(event.path, event.line, event.column, code, event.kind.value, event.exception, event.deferred, test)


class _Runners:
    """The tests that may run a file: the graph is made when a file is asked for that is no test itself."""

    def __init__(self, side: Side, scans: Mapping[RepoPath, str]) -> None:
        self._side = side
        self._scans = scans
        self._found: dict[RepoPath, frozenset[RepoPath]] = {}

    @cached_property
    def _graph(self) -> Graph:
        return Graph(find_edges(self._side, Mentions(lambda: self._scans, (self._side.modules,))))

    def find(self, paths: AbstractSet[RepoPath]) -> tuple[RepoPath, ...]:
        """Return the test files that may run one of some files, in any chain, and are none of them; sorted."""
        tests = self._side.layout.tests
        for path in paths - tests - self._found.keys():
            self._found[path] = self._graph.dependents([path]) & tests
        return tuple(sorted({test for path in paths - tests for test in self._found[path]} - paths))


class _Places:
    """Where the name of something missing is defined."""

    def __init__(self, side: Side, sources: Sources) -> None:
        self._side = side
        self._sources = sources
        self._modules: dict[str, list[RepoPath]] | None = None
        self._symbols: dict[str, list[RepoPath]] = {}

    def find(self, target: str) -> tuple[str, ...]:
        """Return the names under which it is there, none where there are too many to mean anything."""
        module, _, symbol = target.partition(":")
        if self._modules is None:
            self._modules = self._collect()
        if not symbol:
            paths = [path for path in self._modules.get(module.rpartition(".")[2], ()) if self._side.modules.name_of(path) != module]
            return tuple(str(self._side.modules.name_of(path)) for path in paths) if len(paths) <= _PLACES else ()
        likely = self._symbols.get(symbol, [])
        if len(likely) > 5 * _PLACES:
            return ()
        found = [path for path in likely if holds_symbol(self._sources, self._side.snapshot.files[path], symbol)]
        return tuple(f"{self._side.modules.name_of(path)}:{symbol}" for path in found) if len(found) <= _PLACES else ()

    def _collect(self) -> dict[str, list[RepoPath]]:
        modules: dict[str, list[RepoPath]] = defaultdict(list)
        symbols: dict[str, list[RepoPath]] = defaultdict(list)
        for path, blob in sorted(self._side.snapshot.files.items()):
            if path.endswith(".py") and path not in self._side.layout.tests and not is_put_aside(path):
                modules[str(self._side.modules.name_of(path)).rpartition(".")[2]].append(path)
                for name in self._sources.looks(blob):
                    symbols[name].append(path)
        self._symbols = symbols
        return modules
