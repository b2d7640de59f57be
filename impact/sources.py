"""From paths to scans and programs: blobs are read once, their results kept by blob id, within a run and in the cache."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol, cast

from impact.names import BlobId, RepoPath
from impact.programs.definitions import DEFINITIONS_VERSION, LOOKS_VERSION, Definition, Location, definitions_at, locate_definitions, may_define
from impact.programs.encoding import dump, dump_bodies, load, load_bodies
from impact.programs.functions import functions_of
from impact.programs.parsing import find_refusal
from impact.programs.program import PROGRAM_VERSION, Bodies, Function, Outline, Problem, Program
from impact.programs.syntax import parse
from impact.progress import Progress
from impact.report import Skipped
from impact.scan import SCAN_VERSION, scan_text
from impact.snapshots import Repository, Snapshot, is_legible

SCANS = f"scan {SCAN_VERSION}"
# What parses depends on the Python that parses it.
_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PROGRAMS = f"program {PROGRAM_VERSION} {_PYTHON}"
OUTLINES = f"outline {PROGRAM_VERSION} {_PYTHON}"
BODIES = f"bodies {PROGRAM_VERSION} {_PYTHON}"
DEFINITIONS = f"definitions {DEFINITIONS_VERSION} {_PYTHON}"
REFUSALS = f"refusal {_PYTHON}"
LOOKS = f"names {LOOKS_VERSION}"
# Below this many, blobs are parsed as they are asked for.
_MANY = 24
# Sources are asked for again and again, by different stages: so many are kept at hand, as far as they are no longer than this.
_AT_HAND = 2_000
# Files whose names are kept at hand: history asks of very many.
_REMEMBERED = 12_000
_SHORT = 50_000


class Cache(Protocol):
    """Keeps texts by kind and blob id. Losing any of them costs time, nothing else. `note` says in words where it is."""

    note: str

    def get(self, kind: str, blob: BlobId) -> str | None:
        """Return what was kept, or None."""

    def get_many(self, kind: str, blobs: Iterable[BlobId]) -> Mapping[BlobId, str]:
        """Return what was kept of several blobs."""

    def put_many(self, kind: str, texts: Mapping[BlobId, str]) -> None:
        """Keep texts; may silently decline."""


@dataclass
class Sources:
    """The Python files of both ends."""

    repository: Repository
    cache: Cache
    _scans: dict[BlobId, str] = field(default_factory=dict)
    _programs: dict[BlobId, Program | None] = field(default_factory=dict)
    _functions: dict[BlobId, dict[str, Function]] = field(default_factory=dict)
    _refusals: dict[BlobId, Problem | None] = field(default_factory=dict)
    _texts: dict[str, dict[BlobId, str]] = field(default_factory=lambda: {PROGRAMS: {}, OUTLINES: {}, REFUSALS: {}})
    _fresh: dict[str, dict[BlobId, str]] = field(default_factory=lambda: defaultdict(dict))
    _bodies: dict[BlobId, Bodies] = field(default_factory=dict)
    _definitions: dict[BlobId, Mapping[str, Definition]] = field(default_factory=dict)
    _looks: dict[BlobId, frozenset[str]] = field(default_factory=dict)
    _at_hand: dict[BlobId, bytes] = field(default_factory=dict)
    unreadable: set[BlobId] = field(default_factory=set)

    def scans(self, snapshot: Snapshot, progress: Progress) -> Mapping[RepoPath, str]:
        """Return the scan of every Python file of a snapshot."""
        paths = [(path, blob) for path, blob in snapshot.files.items() if path.endswith(".py")]
        wanted = {blob for _, blob in paths}
        known = self._scans
        known.update(self.cache.get_many(SCANS, wanted - known.keys()))
        # In the order of the tree, in which files that are alike are neighbours: what the object store unpacks for one serves the next.
        missing = list(dict.fromkeys(blob for _, blob in paths if blob not in known))
        if missing:
            fresh = self.repository.scan(missing, progress)
            self.unreadable.update(blob for blob, text in fresh.items() if text is None)
            found = {blob: text for blob, text in fresh.items() if text is not None}
            self.cache.put_many(SCANS, found)
            known.update(found)
        return {path: known[blob] for path, blob in paths if blob in known}

    def scan(self, blob: BlobId) -> str | None:
        """Return the scan of one blob, None when it could not be read. Who needs those of most files asks for `scans`."""
        found = self._scans.get(blob) or self.cache.get(SCANS, blob)
        if found is None and (data := self.read(blob)) is not None:
            found = self._fresh[SCANS][blob] = scan_text(data)
        if found is not None:
            self._scans[blob] = found
        return found

    def read(self, blob: BlobId) -> bytes | None:
        """Return the source of a blob, None when it is missing, kept elsewhere, or too large to be one that people write."""
        data = self._at_hand.get(blob)
        if data is None:
            data = self.repository.read(blob)
            if data is None or not is_legible(data):
                self.unreadable.add(blob)
                return None
            if len(data) <= _SHORT:
                if len(self._at_hand) >= _AT_HAND:
                    del self._at_hand[next(iter(self._at_hand))]
                self._at_hand[blob] = data
        return data

    def prefetch(self, blobs: Iterable[BlobId], progress: Progress) -> bool:
        """Parse blobs that will be asked for, all at once: on several processors that is faster than one by one.

        Return False where the cache held all that was not at hand.
        """
        wanted = sorted({blob for blob in blobs if blob not in self._programs and blob not in self._texts[PROGRAMS]})
        if not wanted:
            return True
        self._texts[PROGRAMS].update(self.cache.get_many(PROGRAMS, wanted))
        missing = [blob for blob in wanted if blob not in self._texts[PROGRAMS]]
        if len(missing) < _MANY:
            return bool(missing)
        for blob, texts in self.repository.parse(missing, progress).items():
            for kind, text in zip((PROGRAMS, OUTLINES), texts or (), strict=False):
                self._texts[kind][blob] = self._fresh[kind][blob] = text
        return True

    def looks(self, blob: BlobId) -> frozenset[str]:
        """Return the names that a blob may define (`may_define`); none when it could not be read."""
        found = self._looks.get(blob)
        if found is None:
            text = self._fresh[LOOKS].get(blob) or self.cache.get(LOOKS, blob)
            if text is None and (data := self.read(blob)) is not None:
                text = self._fresh[LOOKS][blob] = "\n".join(sorted(may_define(data)))
            if len(self._looks) >= _REMEMBERED:
                self._looks.clear()
            found = self._looks[blob] = frozenset(text.split("\n")) if text else frozenset()
        return found

    def definitions(self, blob: BlobId) -> Mapping[str, Definition]:
        """Return what the top level of a blob defines (`find_definitions`); nothing when it could not be read."""
        found = self._definitions.get(blob)
        if found is None:
            data = self.read(blob)
            found = definitions_at(self._located(blob, data), data) if data is not None else {}
            if len(self._definitions) >= _AT_HAND:
                del self._definitions[next(iter(self._definitions))]
            self._definitions[blob] = found
        return found

    def _located(self, blob: BlobId, data: bytes) -> Mapping[str, Location]:
        text = self._fresh[DEFINITIONS].get(blob) or self.cache.get(DEFINITIONS, blob)
        if text is not None:
            with suppress(ValueError, TypeError, AttributeError, RecursionError):
                return {str(full): (str(kind), int(first), int(last)) for full, (kind, first, last) in json.loads(text).items()}
        located = locate_definitions(data)
        self._fresh[DEFINITIONS][blob] = json.dumps(located)
        return located

    def program(self, blob: BlobId) -> Program | None:
        """Return what importing a blob runs, None when it could not be read."""
        if blob not in self._programs:
            program = cast("Program | None", _loaded(self._text(PROGRAMS, blob), Program))
            if program is None and (data := self.read(blob)) is not None:
                program = self._parse(blob, data)[0]
            self._programs[blob] = program
        return self._programs[blob]

    def functions(self, blob: BlobId) -> Mapping[str, Function]:
        """Return the functions of a blob by key; none when it could not be read."""
        if blob not in self._functions:
            data = self.read(blob)
            found: tuple[Function, ...] = ()
            if data is not None:
                outline = cast("Outline | None", _loaded(self._text(OUTLINES, blob), Outline)) or self._parse(blob, data)[1]
                bodies = self._bodies[blob] = load_bodies(self.cache.get(BODIES, blob))
                found = functions_of(outline, data, bodies)
            self._functions[blob] = {function.key: function for function in found}
        return self._functions[blob]

    def _parse(self, blob: BlobId, data: bytes) -> tuple[Program, Outline]:
        program, outline = parse(data)
        self._keep(PROGRAMS, blob, program)
        self._keep(OUTLINES, blob, outline)
        return program, outline

    def refusal(self, blob: BlobId) -> Problem | None:
        """Return why Python will not compile a blob, None where it does, or where it could not be read."""
        if blob not in self._refusals:
            text = self._text(REFUSALS, blob)
            if text is None:
                data = self.read(blob)
                found = find_refusal(data) if data is not None else None
                self._fresh[REFUSALS][blob] = text = dump(found) if found is not None else "null"
            self._refusals[blob] = cast("Problem | None", _loaded(text, Problem))
        return self._refusals[blob]

    def _text(self, kind: str, blob: BlobId) -> str | None:
        return self._texts[kind].pop(blob, None) or self.cache.get(kind, blob)

    def _keep(self, kind: str, blob: BlobId, value: Program | Outline) -> None:
        try:
            self._texts[kind][blob] = self._fresh[kind][blob] = dump(value)
        except RecursionError:
            return  # nested too deep to be written down: parsed again the next time

    def flush(self) -> None:
        """Hand what was parsed to the cache."""
        for blob, bodies in self._bodies.items():
            if not bodies.written.keys() <= bodies.kept.keys():
                with suppress(RecursionError):  # nested too deep to be written down
                    self._fresh[BODIES][blob] = dump_bodies(bodies)
        for kind, texts in self._fresh.items():
            if texts:
                self.cache.put_many(kind, texts)
                texts.clear()

    def skipped(self, snapshot: Snapshot) -> tuple[Skipped, ...]:
        """Return the files of a snapshot that could not be read."""
        found = (Skipped(path, "the object store lacks its content, or it is too large") for path, blob in snapshot.files.items() if blob in self.unreadable)
        return tuple(sorted(found))


def _loaded(text: str | None, shape: type) -> object | None:
    if text is None:
        return None
    try:
        value = load(text)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None
    return value if isinstance(value, shape) else None


@dataclass
class SnapshotPrograms:
    """The programs of one snapshot, by path."""

    snapshot: Snapshot
    sources: Sources
    progress: Progress

    def prefetch(self, paths: Iterable[RepoPath]) -> bool:
        """Say which files will be asked for; return False where the cache held all of them."""
        return self.sources.prefetch((blob for path in paths if (blob := self.snapshot.files.get(path)) is not None), self.progress)

    def module(self, path: RepoPath) -> Program | None:
        """Return what importing a file runs, None when it could not be read."""
        blob = self.snapshot.files.get(path)
        return self.sources.program(blob) if blob is not None else None

    def looks(self, path: RepoPath) -> frozenset[str]:
        """Return the names that a file may define; none when it could not be read."""
        blob = self.snapshot.files.get(path)
        return self.sources.looks(blob) if blob is not None else frozenset()

    def definitions(self, path: RepoPath) -> Mapping[str, Definition]:
        """Return what the top level of a file defines; nothing when it could not be read."""
        blob = self.snapshot.files.get(path)
        return self.sources.definitions(blob) if blob is not None else {}

    def functions(self, path: RepoPath) -> Mapping[str, Function]:
        """Return the functions of a file by key."""
        blob = self.snapshot.files.get(path)
        return self.sources.functions(blob) if blob is not None else {}

    def scan(self, path: RepoPath) -> str | None:
        """Return the scan of a file, None when it could not be read."""
        blob = self.snapshot.files.get(path)
        return self.sources.scan(blob) if blob is not None else None

    def refusal(self, path: RepoPath) -> Problem | None:
        """Return why Python will not compile a file that parses."""
        blob = self.snapshot.files.get(path)
        return self.sources.refusal(blob) if blob is not None else None

    def source(self, path: RepoPath) -> bytes | None:
        """Return the source of a file, None when it could not be read."""
        blob = self.snapshot.files.get(path)
        return self.sources.read(blob) if blob is not None else None
