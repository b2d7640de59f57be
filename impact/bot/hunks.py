"""The lines that a forge shows of a change: what it allows a comment to stand on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Spot:
    """A line at the head of a pull request that its diff shows; `old_line` is its number at the base, None where the change added it."""

    path: str
    old_path: str
    line: int
    old_line: int | None
    text: str


def spots(path: str, old_path: str, patch: str) -> Iterator[Spot]:
    r"""Yield the lines of the head in the hunks of one file.

    >>> [(one.line, one.old_line, one.text) for one in spots("a", "a", "@@ -7,2 +8,2 @@ def f():\n same\n-old\n+new")]
    [(8, 7, 'same'), (9, None, 'new')]
    """
    old = new = 0
    for line in patch.split("\n"):
        if match := _HUNK.match(line):
            old, new = int(match[1]), int(match[2])
        elif line.startswith(("+", " ")):
            yield Spot(path, old_path, new, old if line[0] == " " else None, line[1:].removesuffix("\r"))
            old, new = old + (line[0] == " "), new + 1
        elif line.startswith("-"):
            old += 1
