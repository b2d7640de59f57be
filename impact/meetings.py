"""What breaks by the meeting of two sides: each is sound alone, and one of them names what the other took away.

Only a merge made in memory has sides. Its base is ours, so whatever newly fails in the merge came with theirs; what makes it a meeting is
that theirs, alone, has nobody who asks (ours names, theirs took away), or still has what is asked for (theirs names, ours took away).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from impact.names import RepoPath, basename_of
from impact.report import AFFECTING, Break, BrokenTest, Change, Meeting, Party
from impact.snapshots import Comparison, Repository, Sides, Snapshot

# Between the two lines of a statement that the report shows as one (`findings`).
_GAP = " … "


def find_meetings(
    repository: Repository, comparison: Comparison, breaks: Iterable[Break], tests: Iterable[BrokenTest], changes: Iterable[Change]
) -> tuple[Meeting, ...]:
    """Return what neither side breaks alone, sorted by break; nothing where no merge was made."""
    if comparison.sides is None:
        return ()
    search = _Search(repository, comparison, comparison.sides, {one.id: one for one in changes})
    known = {one.id: one for one in breaks}
    for test in tests:
        if test.verdict in AFFECTING:
            for one in test.breaks:
                search.look(test, known[one])
    return search.found()


@dataclass(frozen=True, slots=True)
class _Point:
    """A place that the way from a test to a break goes through. `lines`: what is written there, nothing where the file itself counts."""

    path: RepoPath
    line: int
    lines: tuple[str, ...]


@dataclass
class _Search:
    repository: Repository
    comparison: Comparison
    sides: Sides
    changes: Mapping[str, Change]
    _meetings: dict[tuple[str, RepoPath, int], Meeting] = field(default_factory=dict)
    _lines: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    _commits: dict[tuple[tuple[str, ...], RepoPath, object], tuple[str, str] | None] = field(default_factory=dict)

    def found(self) -> tuple[Meeting, ...]:
        return tuple(sorted(self._meetings.values(), key=lambda one: (one.break_id, one.reference.path, one.reference.line)))

    def look(self, test: BrokenTest, one: Break) -> None:
        for point in self._points(test, one):
            key = one.id, point.path, point.line
            meeting = self._meetings.get(key) or self._meeting(point, one)
            if meeting is not None:
                self._meetings[key] = replace(meeting, tests=tuple(sorted({*meeting.tests, test.path})))
                return

    def _points(self, test: BrokenTest, one: Break) -> Iterator[_Point]:
        """Yield where the way from the test to the break may be new: the break, the links before it, the test."""
        yield _Point(RepoPath(one.path), one.line, tuple(one.code.split(_GAP)))
        if test.chain and test.chain[-1].path == one.path:
            for link in reversed(test.chain[:-1]):
                lines = self._text(self.comparison.head, RepoPath(link.path))
                yield _Point(RepoPath(link.path), link.line, lines[link.line - 1 : link.line] if link.line else ())
        yield _Point(RepoPath(test.path), 0, ())

    def _meeting(self, point: _Point, one: Break) -> Meeting | None:
        base, theirs = self.comparison.base, self.sides.theirs
        ours_holds, theirs_holds = self._holds(base, point), self._holds(theirs, point)
        change = self.changes.get(one.change or "")
        if ours_holds and not theirs_holds:
            path = RepoPath(change.path) if change is not None else None
            return Meeting(one.id, self._namer(base, self.sides.our_tips, point), self._taker(theirs, self.sides.their_tips, path, one.target), ())
        if theirs_holds and not ours_holds and (path := self._taken(one.target)) is not None:
            return Meeting(one.id, self._namer(theirs, self.sides.their_tips, point), self._taker(base, self.sides.our_tips, path, one.target), ())
        return None

    def _holds(self, side: Snapshot, point: _Point) -> bool:
        """Tell whether a side has what is written at a point of the merge, under this path or one that the merge moved here."""
        blob = self.comparison.head.files.get(point.path)
        if blob is not None and side.files.get(point.path) == blob:
            return True
        moved = (path for path in side.files if path not in self.comparison.head.files and basename_of(path) == basename_of(point.path))
        paths = [point.path] if point.path in side.files else list(moved)
        return any(set(point.lines) <= set(self._text(side, path)) for path in paths)

    def _text(self, side: Snapshot, path: RepoPath) -> tuple[str, ...]:
        blob = side.files.get(path)
        if blob is None:
            return ()
        if blob not in self._lines:
            self._lines[blob] = tuple(line.strip() for line in (self.repository.read(blob) or b"").decode("utf-8", "replace").splitlines())
        return self._lines[blob]

    @cached_property
    def _changed_by_us(self) -> tuple[RepoPath, ...]:
        """The Python files that theirs has otherwise than the merge: what ours did to them since the fork."""
        head = self.comparison.head.files
        return tuple(sorted(path for path, blob in self.sides.theirs.files.items() if path.endswith(".py") and head.get(path) != blob))

    def _taken(self, target: str) -> RepoPath | None:
        """Return the file of theirs that provides what a reference names, and that ours took away or took the name from."""
        module, _, symbol = target.partition(":")
        word = re.compile(rf"\b{re.escape(symbol.rpartition('.')[2])}\b")
        parts = module.split(".")
        for end in range(len(parts), 0, -1):
            place = "/".join(parts[:end])
            for path in self._changed_by_us:
                if f"/{path}".endswith((f"/{place}.py", f"/{place}/__init__.py")):
                    gone = path not in self.comparison.head.files
                    if gone or (symbol and any(word.search(line) for line in self._text(self.sides.theirs, path))):
                        return path
        return None

    def _namer(self, side: Snapshot, tips: tuple[str, ...], point: _Point) -> Party:
        wanted = set(point.lines)
        commit = self._commit(
            tips, point.path, point.lines, lambda data: wanted <= {line.strip() for line in data.decode("utf-8", "replace").splitlines()}, True
        )
        return _party(side, commit, point.path, point.line)

    def _taker(self, side: Snapshot, tips: tuple[str, ...], path: RepoPath | None, target: str) -> Party:
        if path is None:
            return _party(side, None, None, 0)
        symbol = target.partition(":")[2].rpartition(".")[2]
        word = re.compile(rb"\b%s\b" % re.escape(symbol.encode()))
        commit = self._commit(tips, path, symbol, lambda data: word.search(data) is not None, False)
        return _party(side, commit or self._commit(tips, path, None, None, False), path, 0)

    def _commit(self, tips: tuple[str, ...], path: RepoPath, key: object, holds: Callable[[bytes], bool] | None, gained: bool) -> tuple[str, str] | None:
        asked = tips, path, key
        if asked not in self._commits:
            self._commits[asked] = self.repository.commit_behind(tips, self.sides.fork, path, holds, gained=gained)
        return self._commits[asked]


def _party(side: Snapshot, commit: tuple[str, str] | None, path: RepoPath | None, line: int) -> Party:
    return Party(side.end.revision, commit[0] if commit else None, commit[1] if commit else None, path, line)
