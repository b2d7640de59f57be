"""What is shown around a break, and how much of it: pure functions over sources that a dictionary holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from impact.names import BlobId, RepoPath
from impact.report import Break, BrokenTest, End, Excerpt, Link, ReferenceKind, Verdict
from impact.reporting.excerpts import find_excerpts
from impact.snapshots import Snapshot

LINES = tuple(f"line {number}" for number in range(1, 21))


def excerpts(files: dict[str, bytes | None], *places: tuple[str, int], chain: tuple[tuple[str, int], ...] = ()) -> tuple[Excerpt, ...]:
    """Return the excerpts of a report with a break and a test at each place; a file that is None is a blob that is missing."""
    ids = {path: BlobId(path.encode().ljust(20, b"\0")) for path in files}
    blobs = {ids[path]: data for path, data in files.items()}
    snapshot = Snapshot(End("HEAD", None), {RepoPath(path): blob for path, blob in ids.items()})
    breaks = [Break(path, line, 0, "", ReferenceKind.IMPORT, "gone", None, False, "") for path, line in places]
    links = tuple(Link(path, path, line) for path, line in chain)
    tests = [BrokenTest(f"test_{number}.py", Verdict.COLLECTION_ERROR, None, (), (one.id,), links) for number, one in enumerate(breaks)]
    unmet = replace(breaks[0], path="nobody.py")
    return find_excerpts([*breaks, unmet], tests, snapshot, blobs.get)


def source(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("data", "line", "first", "lines"),
    [
        (source(*LINES), 10, 8, LINES[7:13]),
        (source(*LINES), 1, 1, LINES[:4]),
        (source(*LINES), 20, 18, LINES[17:]),
        (
            source("from a import (", "    b,", "    c,", "    d,", "    e,", ")", "x = 1"),
            1,
            1,
            ("from a import (", "    b,", "    c,", "    d,", "    e,", ")"),
        ),
        (source("f(", *LINES), 1, 1, ("f(", *LINES[:12])),
        (source("y" * 1000), 1, 1, ("y" * 240,)),
        ("# coding: latin-1\r\nimport gone  # caf\xe9\r\n".encode("latin-1"), 2, 1, ("# coding: latin-1", "import gone  # caf\xe9")),
        (b"# coding: nonsense\nimport gone\n", 2, 1, ("# coding: nonsense", "import gone")),
        (b"a = 1\x0c\nimport gone", 2, 1, ("a = 1\x0c", "import gone")),
    ],
    ids=["middle", "first", "last", "brackets", "long statement", "long line", "latin-1", "no encoding", "form feed"],
)
def test_some_lines_around(data: bytes, line: int, first: int, lines: tuple[str, ...]) -> None:
    assert excerpts({"test_a.py": data}, ("test_a.py", line)) == (Excerpt("test_a.py", line, first, lines),)


def test_what_cannot_be_read_has_none() -> None:
    assert excerpts({"missing.py": None, "short.py": b"x"}, ("missing.py", 1), ("short.py", 7), ("gone.py", 1)) == ()


def test_of_a_chain_the_line_that_goes_on() -> None:
    files: dict[str, bytes | None] = {"a.py": source(*LINES), "b.py": source(*LINES)}
    found = excerpts(files, ("b.py", 5), chain=(("a.py", 3), ("b.py", 5), ("c.py", 0)))
    assert found == (Excerpt("a.py", 3, 3, LINES[2:3]), Excerpt("b.py", 5, 3, LINES[2:8]))


def test_of_very_many_not_all() -> None:
    data = source(*(f"line {number}" for number in range(2_000)))
    found = excerpts({"test_a.py": data}, *(("test_a.py", line) for line in range(1, 2_000)))
    assert [one.line for one in found] == list(range(1, 501))
