"""`impact stale`: compiled files without their source: what they were made from, whether Python imports them, and what they hide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from impact.commits import Commit, History
from impact.compiled import Compiled, was_compiled_from
from impact.names import BlobId, CommitId, RepoPath, join
from impact.report import BrokenTest, Report
from impact.snapshots import Comparison, Repository, Snapshot
from impact.version import VERSION

# 1: the first shape. Fields may be added under a version, none is renamed or dropped.
STALE_VERSION = 1

# What stands for a source that no commit holds: a module of which nothing is known.
_UNKNOWN = b"def __getattr__(name):\n    return name\n"
# What stands for a directory that is a package for want of anything in it.
_PACKAGE = "__init__.py"

Analyze = Callable[[Comparison], Report]


@dataclass(frozen=True, slots=True)
class Origin:
    """The source that a file was compiled from: its blob, and the commit that brought that to the path."""

    blob: BlobId
    commit: Commit

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"blob": self.blob.hex(), "commit": self.commit.to_dict()}


@dataclass(frozen=True, slots=True)
class StaleFile:
    """A compiled file without source. `origin` is None where no commit holds what it was compiled from; `committed`: some held the path."""

    compiled: Compiled
    importable: bool
    origin: Origin | None
    committed: bool
    tracked: bool
    masks: tuple[BrokenTest, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        stamp = self.compiled.stamp
        return {
            "path": self.compiled.path,
            "source": self.compiled.source,
            "python": stamp.python,
            "importable": self.importable,
            "size": stamp.size,
            "time": stamp.time,
            "hash": stamp.hash.hex() if stamp.hash is not None else None,
            "committed": self.committed,
            "origin": self.origin.to_dict() if self.origin is not None else None,
            "tracked": self.tracked,
            "masks": [test.to_dict() for test in self.masks],
        }


@dataclass(frozen=True, slots=True)
class Leftover:
    """A directory with nothing but `__pycache__`, which Python imports as a namespace package; and the tests that pass because of that."""

    path: RepoPath
    masks: tuple[BrokenTest, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"path": self.path, "masks": [test.to_dict() for test in self.masks]}


@dataclass(frozen=True, slots=True)
class StaleReport:
    """All that a working tree holds of compiled files without source."""

    files: tuple[StaleFile, ...]
    leftovers: tuple[Leftover, ...]
    removed: tuple[str, ...] = ()

    @property
    def misleads(self) -> bool:
        """Whether Python would import any of it."""
        return any(one.importable for one in self.files) or bool(self.leftovers)

    def to_dict(self) -> dict[str, object]:
        """Return the JSON document (schema version 1 of `impact stale`)."""
        return {
            "schema_version": STALE_VERSION,
            "tool": {"name": "impact", "version": VERSION},
            "files": [one.to_dict() for one in self.files],
            "leftovers": [one.to_dict() for one in self.leftovers],
            "removed": list(self.removed),
        }


def describe_stale(compiled: Sequence[Compiled], leftovers: Sequence[RepoPath], repository: Repository, worktree: Snapshot, analyze: Analyze) -> StaleReport:
    """Return what compiled files without source are. What they hide is what breaks when they are taken away, the other files being equal."""
    history = repository.history(["HEAD"])
    origins, committed = _origins(history, compiled, repository)
    contents: dict[RepoPath, bytes] = {}
    for one in compiled:
        if _is_importable(one):
            origin = origins.get(one.path)
            contents[one.source] = (repository.read(origin.blob) if origin is not None else None) or _UNKNOWN
    contents |= {join(path, _PACKAGE): b"" for path in leftovers}
    report = analyze(Comparison(repository.edited(worktree, contents), worktree)) if contents else None

    def described(one: Compiled) -> StaleFile:
        importable = _is_importable(one)
        masks = _masked(report, one.source) if importable else ()
        return StaleFile(one, importable, origins.get(one.path), one.source in committed, one.path in worktree.files, masks)

    return StaleReport(tuple(map(described, compiled)), tuple(Leftover(path, _masked(report, join(path, _PACKAGE))) for path in leftovers))


def _is_importable(compiled: Compiled) -> bool:
    return compiled.legacy and not compiled.shadowed


def _masked(report: Report | None, source: RepoPath) -> tuple[BrokenTest, ...]:
    """Return the tests of a report that break for want of a source."""
    if report is None:
        return ()
    changes = {change.id for change in report.changes if change.path == source}
    breaks = {one.id for one in report.breaks if one.change in changes}
    return tuple(test for test in report.tests if not breaks.isdisjoint(test.breaks))


def _origins(history: History, compiled: Iterable[Compiled], repository: Repository) -> tuple[dict[str, Origin], set[RepoPath]]:
    """Return the source of each compiled file by its path, the newest that fits, and the source paths that any commit holds."""
    versions = _versions(history, {one.source for one in compiled})
    found: dict[str, Origin] = {}
    for one in compiled:
        for blob, commit in versions.get(one.source, {}).items():
            data = repository.read(blob)
            if data is not None and was_compiled_from(one.stamp, data):
                found[one.path] = Origin(blob, history.describe(commit))
                break
    return found, set(versions)


def _versions(history: History, paths: set[RepoPath]) -> Mapping[RepoPath, dict[BlobId, CommitId]]:
    """Return the blobs that some files ever were, newest first, each with the commit that brought it there."""
    watch = history.watch(paths)
    found: dict[RepoPath, dict[BlobId, CommitId]] = {}
    for commit in history.order:
        parents = history.parents(commit)
        if not parents:
            differing = list(watch.blobs(commit).items())
        else:
            # What a commit has otherwise than each of its parents.
            here = [watch.differing(parent, commit) for parent in parents]
            differing = [(path, blob) for path, blob in here[0].items() if blob is not None and all(path in other for other in here)]
        for path, blob in differing:
            found.setdefault(path, {}).setdefault(blob, commit)
    return found
