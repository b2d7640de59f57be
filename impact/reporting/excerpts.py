"""A few lines of source around what breaks, for those who read the report far from the repository: a page, a comment.

An excerpt is bounded in lines and in characters, and so is their number: a report of thousands of tests stays one that can be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from impact.names import BlobId, RepoPath
from impact.programs.parsing import text_of
from impact.report import Break, BrokenTest, Excerpt
from impact.snapshots import Snapshot

_BEFORE = 2
_AFTER = 3
# A statement in brackets is shown to its end, as far as this.
_STATEMENT = 12
_CHARACTERS = 240
_MOST = 500


def find_excerpts(breaks: Sequence[Break], tests: Sequence[BrokenTest], snapshot: Snapshot, read: Callable[[BlobId], bytes | None]) -> tuple[Excerpt, ...]:
    """Return the lines around the breaks that tests meet, worst tests first, and those on which the chains go on; sorted by place."""
    texts: dict[RepoPath, list[str]] = {}

    def text(path: RepoPath) -> list[str]:
        if path not in texts:
            blob = snapshot.files.get(path)
            data = read(blob) if blob is not None else None
            texts[path] = text_of(data) if data is not None else []
        return texts[path]

    found: dict[tuple[RepoPath, int], Excerpt] = {}
    for path, line, alone in _places(breaks, tests):
        if len(found) == _MOST:
            break
        lines = text(path)
        if (path, line) in found or not 0 < line <= len(lines):
            continue
        first, last = (line, line) if alone else (max(1, line - _BEFORE), _end(lines, line))
        found[path, line] = Excerpt(path, line, first, tuple(one[:_CHARACTERS] for one in lines[first - 1 : last]))
    return tuple(sorted(found.values()))


def _places(breaks: Sequence[Break], tests: Sequence[BrokenTest]) -> Iterable[tuple[RepoPath, int, bool]]:
    """Yield where something is to be seen: every break that a test meets, then every other step of a chain, by its line alone."""
    known = {one.id: one for one in breaks}
    for test in tests:
        for name in test.breaks:
            if (one := known.get(name)) is not None:
                yield RepoPath(one.path), one.line, False
    for test in tests:
        for link in test.chain:
            yield RepoPath(link.path), link.line, True


def _end(lines: Sequence[str], line: int) -> int:
    """Return the last line of what is shown: some lines on, or where the bracket closes that `line` opens."""
    last = line
    if lines[line - 1].rstrip().endswith(("(", "[", "{", "\\")):
        end = range(line, min(len(lines), line + _STATEMENT))
        last = next((number + 1 for number in end if lines[number].lstrip().startswith((")", "]", "}"))), end.stop)
    return min(len(lines), max(last, line + _AFTER))
