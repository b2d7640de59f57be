"""The range as the user writes it, as a value. Pure text: whether the names exist is for the Git edge to say."""

from __future__ import annotations

from dataclasses import dataclass

from impact.errors import UsageError

WORKTREE = "WORKTREE"
"""The files on disk: what Git tracks, and what it neither tracks nor ignores."""

INDEX = "INDEX"
"""What is staged for the next commit."""


@dataclass(frozen=True, slots=True)
class Range:
    """Two revisions to hold against each other. `base` None: the merge base of HEAD with the default branch.

    `symmetric`: written with three dots, the base is the merge base of the two sides.
    """

    base: str | None
    head: str
    symmetric: bool = False

    def __str__(self) -> str:
        """Return the range as it would be typed; without a base, only its head."""
        return self.head if self.base is None else f"{self.base}{'...' if self.symmetric else '..'}{self.head}"


def parse_range(text: str | None, *, staged: bool = False) -> Range:
    """Read a range in Git's notation (gitrevisions(7), "Dotted Range Notations"), with WORKTREE and INDEX as further ends.

    `A..B`, `A...B`, `REV` (up to the working tree), None (from where the default branch was left, up to the working tree); an
    empty side is HEAD. `staged` puts the index where the working tree would be, and alone compares it with HEAD, as
    `git diff --staged` does. Raises UsageError when the text is no range.

    >>> parse_range("main..feature")
    Range(base='main', head='feature', symmetric=False)
    >>> parse_range("main...")
    Range(base='main', head='HEAD', symmetric=True)
    >>> parse_range("HEAD~3")
    Range(base='HEAD~3', head='WORKTREE', symmetric=False)
    >>> parse_range("HEAD^{/a..b}..@{u}")
    Range(base='HEAD^{/a..b}', head='@{u}', symmetric=False)
    >>> parse_range(None, staged=True)
    Range(base='HEAD', head='INDEX', symmetric=False)
    """
    if text is None:
        return Range("HEAD", INDEX) if staged else Range(None, WORKTREE)
    text = text.strip()
    if not text:
        raise UsageError("the range is empty", hint="write it as Git does: A..B, A...B, or one revision")
    cut = _find_dots(text)
    if cut is None:
        return Range(text, INDEX if staged else WORKTREE)
    start, end = cut
    left, right = text[:start].strip(), text[end:].strip()
    if not left and not right:
        raise UsageError(f"the range {text!r} names no revision", hint="write it as Git does: A..B, A...B, or one revision")
    if right.startswith(".") or _find_dots(right) is not None:
        raise UsageError(f"the range {text!r} has more than two sides", hint="write it as Git does: A..B or A...B")
    if staged:
        raise UsageError(f"--staged sets the second side, and {text!r} names one already", hint="give one revision with --staged, or write A..INDEX")
    return Range(left or "HEAD", right or "HEAD", symmetric=end - start == len("..."))


def _find_dots(text: str) -> tuple[int, int] | None:
    """Return where the first `..` or `...` outside braces starts and ends.

    No ref name holds two dots (git-check-ref-format(1)), a search such as `^{/a..b}` may.
    """
    depth = 0
    for position, character in enumerate(text):
        if character == "{":
            depth += 1
        elif character == "}":
            depth = max(0, depth - 1)
        elif character == "." and not depth and text.startswith("..", position):
            return position, position + (3 if text.startswith("...", position) else 2)
    return None
