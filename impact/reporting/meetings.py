"""What breaks by the meeting of two sides: each is sound alone, and one of them names what the other took away.

Only a merge made in memory has sides. Its base is ours, so whatever newly fails in the merge came with theirs; what makes it a meeting is
that theirs, alone, has nobody who asks (ours names, theirs took away), or still has what is asked for (theirs names, ours took away).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from impact.commits import Commit, Question, find_turns
from impact.names import BlobId, CommitId, RepoPath, basename_of
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
    return _with_commits(search.found(), search)


@dataclass(frozen=True, slots=True)
class _Point:
    """A place that the way from a test to a break goes through. `lines`: what is written there, nothing where the file itself counts."""

    path: RepoPath
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Find:
    """A meeting, before anybody asked for the commits: the reference at a point of one side, and what the other side took away from a file."""

    point: _Point
    namer: Snapshot
    taker: Snapshot
    path: RepoPath | None
    symbol: str


@dataclass
class _Search:
    repository: Repository
    comparison: Comparison
    sides: Sides
    changes: Mapping[str, Change]
    _finds: dict[tuple[str, _Point], _Find | None] = field(default_factory=dict)
    _tests: dict[tuple[str, _Point], set[str]] = field(default_factory=lambda: defaultdict(set))
    _lines: dict[BlobId, tuple[str, ...]] = field(default_factory=dict)

    def found(self) -> tuple[tuple[str, _Find, tuple[str, ...]], ...]:
        """Return each break with its find and the tests behind it."""
        keys = sorted(self._tests, key=lambda key: (key[0], key[1].path, key[1].line))
        return tuple((key[0], find, tuple(sorted(self._tests[key]))) for key in keys if (find := self._finds[key]) is not None)

    def look(self, test: BrokenTest, one: Break) -> None:
        for point in self._points(test, one):
            key = one.id, point
            if key not in self._finds:
                self._finds[key] = self._find(point, one)
            if self._finds[key] is not None:
                self._tests[key].add(test.path)
                return

    def lines_of(self, blob: BlobId) -> tuple[str, ...]:
        """Return the lines of a blob, stripped; none where it cannot be read."""
        if blob not in self._lines:
            self._lines[blob] = tuple(line.strip() for line in (self.repository.read(blob) or b"").decode("utf-8", "replace").splitlines())
        return self._lines[blob]

    def _points(self, test: BrokenTest, one: Break) -> Iterator[_Point]:
        """Yield where the way from the test to the break may be new: the break, the links before it, the test."""
        yield _Point(RepoPath(one.path), one.line, tuple(one.code.split(_GAP)))
        if test.chain and test.chain[-1].path == one.path:
            for link in reversed(test.chain[:-1]):
                lines = self._text(self.comparison.head, RepoPath(link.path))
                yield _Point(RepoPath(link.path), link.line, lines[link.line - 1 : link.line] if link.line else ())
        yield _Point(RepoPath(test.path), 0, ())

    def _find(self, point: _Point, one: Break) -> _Find | None:
        ours, theirs = self.comparison.base, self.sides.theirs
        ours_holds, theirs_holds = self._holds(ours, point), self._holds(theirs, point)
        symbol = one.target.partition(":")[2].rpartition(".")[2]
        if ours_holds and not theirs_holds:
            change = self.changes.get(one.change or "")
            return _Find(point, ours, theirs, RepoPath(change.path) if change is not None else None, symbol)
        if theirs_holds and not ours_holds and (path := self._taken(one.target, symbol)) is not None:
            return _Find(point, theirs, ours, path, symbol)
        return None

    def _holds(self, side: Snapshot, point: _Point) -> bool:
        """Tell whether a side has what is written at a point of the merge, under this path or one that the merge moved here."""
        blob = side.files.get(point.path)
        if blob is not None:
            return blob == self.comparison.head.files.get(point.path) or set(point.lines) <= set(self.lines_of(blob))
        moved = self._gone[side is self.comparison.base].get(basename_of(point.path), ())
        return any(set(point.lines) <= set(self._text(side, path)) for path in moved)

    @cached_property
    def _gone(self) -> tuple[Mapping[str, Sequence[RepoPath]], Mapping[str, Sequence[RepoPath]]]:
        """The files of theirs and of ours that the merge does not have, by their last name."""
        found: list[dict[str, list[RepoPath]]] = []
        for side in (self.sides.theirs, self.comparison.base):
            by_name: dict[str, list[RepoPath]] = defaultdict(list)
            for path in side.files.keys() - self.comparison.head.files.keys():
                by_name[basename_of(path)].append(path)
            found.append(by_name)
        return found[0], found[1]

    def _text(self, side: Snapshot, path: RepoPath) -> tuple[str, ...]:
        blob = side.files.get(path)
        return self.lines_of(blob) if blob is not None else ()

    @cached_property
    def _changed_by_us(self) -> tuple[RepoPath, ...]:
        """The Python files that theirs has otherwise than the merge: what ours did to them since the fork."""
        head = self.comparison.head.files
        return tuple(sorted(path for path, blob in self.sides.theirs.files.items() if path.endswith(".py") and head.get(path) != blob))

    def _taken(self, target: str, symbol: str) -> RepoPath | None:
        """Return the file of theirs that provides what a reference names, and that ours took away or took the name from."""
        parts = target.partition(":")[0].split(".")
        for end in range(len(parts), 0, -1):
            place = "/".join(parts[:end])
            for path in self._changed_by_us:
                if f"/{path}".endswith((f"/{place}.py", f"/{place}/__init__.py")) and (
                    path not in self.comparison.head.files or (symbol and _names(self._text(self.sides.theirs, path), symbol))
                ):
                    return path
        return None


def _with_commits(found: Sequence[tuple[str, _Find, tuple[str, ...]]], search: _Search) -> tuple[Meeting, ...]:
    """Return the meetings, each party with the commit that did it: one walk over the commits of each side, from its tips back to the fork."""
    ours, theirs = _Since(search, search.sides.our_tips), _Since(search, search.sides.their_tips)
    sides = [(ours, theirs) if find.namer is search.comparison.base else (theirs, ours) for _, find, _ in found]
    for (_, find, _), (namer, taker) in zip(found, sides, strict=True):
        namer.ask(find.point.path, find.point.lines)
        taker.ask(find.path, find.symbol)
    return tuple(
        Meeting(
            one,
            namer.party(find.namer, find.point.path, find.point.lines, find.point.line),
            taker.party(find.taker, find.path, find.symbol, 0),
            tests,
        )
        for (one, find, tests), (namer, taker) in zip(found, sides, strict=True)
    )


class _Since:
    """Since which commit of a side a file has some lines (a tuple), or lacks a name (a string; empty: is gone)."""

    def __init__(self, search: _Search, tips: tuple[str, ...]) -> None:
        self._search = search
        self._tips = tips
        self._asked: dict[tuple[RepoPath, tuple[str, ...] | str], str] = {}

    def ask(self, path: RepoPath | None, what: tuple[str, ...] | str) -> None:
        if path is not None:
            self._asked.setdefault((path, what), str(len(self._asked)))

    def party(self, side: Snapshot, path: RepoPath | None, what: tuple[str, ...] | str, line: int) -> Party:
        commit = self._commits.get(self._asked[path, what]) if path is not None else None
        return Party(side.end.revision, commit.id if commit else None, commit.subject if commit else None, path, line)

    @cached_property
    def _commits(self) -> Mapping[str, Commit]:
        """The commits by question; where nobody did just that, the one since which the file is not what it was at the fork."""
        if not self._asked:
            return {}
        history = self._search.repository.history(self._tips, without=self._search.sides.fork)
        paths = {path for path, _ in self._asked}
        before = history.watch(paths).blobs(CommitId(self._search.sides.fork))
        questions: dict[str, Question] = {}
        for (path, what), key in self._asked.items():
            questions[key] = Question(frozenset({path}), partial(self._unlike_now, path, what))
            questions[f"{key}:any"] = Question(frozenset({path}), partial(_as_before, path, before.get(path)))
        turns = find_turns(history, questions)
        found = {key: turns.get(key) or turns.get(f"{key}:any") for key in self._asked.values()}
        return {key: history.describe(turn[0]) for key, turn in found.items() if turn is not None}

    def _unlike_now(self, path: RepoPath, what: tuple[str, ...] | str, blobs: Mapping[RepoPath, BlobId]) -> bool:
        blob = blobs.get(path)
        lines = self._search.lines_of(blob) if blob is not None else ()
        if isinstance(what, str):
            return blob is not None and _names(lines, what)
        return blob is None or not set(what) <= set(lines)


def _as_before(path: RepoPath, blob: BlobId | None, blobs: Mapping[RepoPath, BlobId]) -> bool:
    return blobs.get(path) == blob


def _names(lines: Iterable[str], word: str) -> bool:
    """Tell whether a word is written somewhere; no word always is."""
    pattern = re.compile(rf"\b{re.escape(word)}\b")
    return not word or any(pattern.search(line) for line in lines)
