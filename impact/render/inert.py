"""Text that comes out of a repository is untrusted: what makes it inert wherever it is shown."""

from __future__ import annotations


def visible(text: str) -> str:
    r"""Return `text` with every character that does not print (control, bidirectional, line break, lone surrogate) as its escape.

    >>> visible("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


def clipped(text: str, length: int) -> str:
    """Return `text`, cut in the middle when it is longer than `length`: a name tells most at its two ends."""
    if len(text) <= length:
        return text
    tail = length // 2
    return f"{text[: length - tail - 1]}…{text[-tail:]}"
