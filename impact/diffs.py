r"""Patches that `git apply` takes, over bytes: line endings, encodings and a missing last newline stay as they are.

>>> print(write_patch("a.py", b"x = 1\ny = 2", b"x = 1\ny = 3").decode(), end="")
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,2 +1,2 @@
 x = 1
-y = 2
\ No newline at end of file
+y = 3
\ No newline at end of file
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

_CONTEXT = 3
_NO_NEWLINE = b"\n\\ No newline at end of file\n"
# What Git quotes in a path (quote.c), each with its escape.
_ESCAPES = {ord('"'): b'\\"', ord("\\"): b"\\\\", ord("\t"): b"\\t", ord("\n"): b"\\n", ord("\r"): b"\\r"}


def write_patch(path: str, old: bytes | None, new: bytes) -> bytes:
    """Return the patch of one file; `old` None: it is made."""
    mode = b"new file mode 100644\n" if old is None else b""
    source, target = (_name(b"a/", path) if old is not None else b"/dev/null"), _name(b"b/", path)
    if old is None and not new:
        return b"diff --git %b %b\n%b" % (_name(b"a/", path), target, mode)
    head = b"diff --git %b %b\n%b--- %b%b\n+++ %b%b\n" % (_name(b"a/", path), target, mode, source, _tab(path, old), target, _tab(path, new))
    return head + b"".join(_hunks(_lines(old or b""), _lines(new)))


def transplant(old: bytes, new: bytes, held: bytes) -> bytes:
    r"""Return what `new` is to `old`, done to `held`, which is `old` with line endings of its own.

    >>> transplant(b"a\nb\n", b"a\nc\nd\n", b"a\r\nb\r\n")
    b'a\r\nc\r\nd\r\n'
    """
    if held == old:
        return new
    before, after, mine = _lines(old), _lines(new), _lines(held)
    ending = b"\r\n" if mine and mine[0].endswith(b"\r\n") else b"\n"
    result: list[bytes] = []
    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            result += mine[start:end]
        else:
            result += [line[:-1] + ending if line.endswith(b"\n") and not line.endswith(b"\r\n") else line for line in after[first:last]]
    return b"".join(result)


def _lines(content: bytes) -> list[bytes]:
    parts = content.split(b"\n")
    return [*(part + b"\n" for part in parts[:-1]), *([parts[-1]] if parts[-1] else [])]


def _hunks(old: list[bytes], new: list[bytes]) -> Iterator[bytes]:
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT):
        (_, start, _, first, _), (_, _, end, _, last) = group[0], group[-1]
        yield b"@@ -%b +%b @@\n" % (_span(start, end), _span(first, last))
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (_marked(b" ", line) for line in old[i:j])
            else:
                yield from (_marked(b"-", line) for line in old[i:j])
                yield from (_marked(b"+", line) for line in new[k:m])


def _span(start: int, end: int) -> bytes:
    length = end - start
    if length == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + (length > 0), length)


def _marked(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + _NO_NEWLINE


def _tab(path: str, content: bytes | None) -> bytes:
    """A name with a space in it ends in a tab, so that what follows is not taken for a date (diff.c)."""
    return b"\t" if " " in path and content is not None else b""


def _name(prefix: bytes, path: str) -> bytes:
    raw = prefix + path.encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in raw):
        return raw
    return b'"%b"' % b"".join(_ESCAPES.get(byte, bytes([byte]) if 32 <= byte < 127 else b"\\%03o" % byte) for byte in raw)
