"""From paths to scans and programs: blobs are read once, their results kept by blob id, within a run and in the cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

from impact.names import BlobId, RepoPath
from impact.program import PROGRAM_VERSION, Function, Problem, Program, dump, load
from impact.progress import Progress
from impact.report import Skipped
from impact.scan import SCAN_VERSION
from impact.snapshots import MAX_SOURCE_BYTES, Repository, Snapshot
from impact.syntax import parse_functions, parse_module

SCANS = f"scan {SCAN_VERSION}"
# What a program says of a syntax error depends on the Python that parsed it.
PROGRAMS = f"program {PROGRAM_VERSION}"
FUNCTIONS = f"functions {PROGRAM_VERSION}"


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
    _programs: dict[BlobId, Program | None] = field(default_factory=dict)
    _functions: dict[BlobId, dict[str, Function]] = field(default_factory=dict)
    _fresh: dict[str, dict[BlobId, str]] = field(default_factory=lambda: {PROGRAMS: {}, FUNCTIONS: {}})
    unreadable: set[BlobId] = field(default_factory=set)
    problems: dict[BlobId, Problem] = field(default_factory=dict)

    def scans(self, snapshot: Snapshot, progress: Progress) -> Mapping[RepoPath, str]:
        """Return the scan of every Python file of a snapshot."""
        paths = [(path, blob) for path, blob in snapshot.files.items() if path.endswith(".py")]
        wanted = {blob for _, blob in paths}
        known = dict(self.cache.get_many(SCANS, wanted))
        missing = sorted(wanted - known.keys())
        if missing:
            fresh = self.repository.scan(missing, progress)
            self.unreadable.update(blob for blob, text in fresh.items() if text is None)
            found = {blob: text for blob, text in fresh.items() if text is not None}
            self.cache.put_many(SCANS, found)
            known.update(found)
        return {path: known[blob] for path, blob in paths if blob in known}

    def read(self, blob: BlobId) -> bytes | None:
        """Return the source of a blob, None when it is missing or too large to be one that people write."""
        data = self.repository.read(blob)
        if data is None or len(data) > MAX_SOURCE_BYTES:
            self.unreadable.add(blob)
            return None
        return data

    def program(self, blob: BlobId) -> Program | None:
        """Return what importing a blob runs, None when it could not be read."""
        if blob not in self._programs:
            program = _loaded(self.cache.get(PROGRAMS, blob), Program)
            if program is None and (data := self.read(blob)) is not None:
                program = parse_module(data)
                if program.problem is None:
                    self._fresh[PROGRAMS][blob] = dump(program)
            self._programs[blob] = cast("Program | None", program)
            if program is not None and (problem := cast("Program", program).problem) is not None:
                self.problems[blob] = problem
        return self._programs[blob]

    def functions(self, blob: BlobId) -> Mapping[str, Function]:
        """Return the functions of a blob by key; none when it could not be read."""
        if blob not in self._functions:
            functions = _loaded(self.cache.get(FUNCTIONS, blob), tuple)
            if functions is None and (data := self.read(blob)) is not None:
                functions = parse_functions(data)
                self._fresh[FUNCTIONS][blob] = dump(functions)
            self._functions[blob] = {function.key: function for function in cast("tuple[Function, ...]", functions or ())}
        return self._functions[blob]

    def flush(self) -> None:
        """Hand what was parsed to the cache."""
        for kind, texts in self._fresh.items():
            if texts:
                self.cache.put_many(kind, texts)
                texts.clear()

    def skipped(self, snapshot: Snapshot) -> tuple[Skipped, ...]:
        """Return the files of a snapshot that could not be read, or that were needed and do not parse."""
        found = [Skipped(path, "the object store lacks its content, or it is too large") for path, blob in snapshot.files.items() if blob in self.unreadable]
        found += [
            Skipped(path, f"does not parse, scanned for imports only: {self.problems[blob].exception} (line {self.problems[blob].line})")
            for path, blob in snapshot.files.items()
            if blob in self.problems and path.endswith(".py")
        ]
        return tuple(sorted(found))


def _loaded(text: str | None, shape: type) -> object | None:
    if text is None:
        return None
    try:
        value = load(text)
    except (ValueError, TypeError, KeyError, IndexError):
        return None
    return value if isinstance(value, shape) else None


@dataclass
class SnapshotPrograms:
    """The programs of one snapshot, by path."""

    snapshot: Snapshot
    sources: Sources

    def module(self, path: RepoPath) -> Program | None:
        """Return what importing a file runs, None when it could not be read."""
        blob = self.snapshot.files.get(path)
        return self.sources.program(blob) if blob is not None else None

    def functions(self, path: RepoPath) -> Mapping[str, Function]:
        """Return the functions of a file by key."""
        blob = self.snapshot.files.get(path)
        return self.sources.functions(blob) if blob is not None else {}

    def source(self, path: RepoPath) -> bytes | None:
        """Return the source of a file, None when it could not be read."""
        blob = self.snapshot.files.get(path)
        return self.sources.read(blob) if blob is not None else None
