"""Whether Python takes a source: the one parse, and what the compiler refuses besides. Nothing of it is executed."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import traceback
import warnings

from impact.programs.program import Problem

# What Python 2 took and Python 3 does not, and what Python 3.12 takes in f-strings (PEP 701) and older ones do not.
_DIALECTS = (
    "Missing parentheses in call to",
    "multiple exception types must be parenthesized",
    "parameters cannot be parenthesized",
    "leading zeros in decimal integer literals",
    "invalid decimal literal",
    "f-string: ",
    "f-string expression part cannot",
)
# Keywords since Python 3.7: as names, in sources for an older one; and statements of Python 2.
_ONCE_NAMES = re.compile(r"\basync\b(?!\s+(?:def|for|with)\b)|\bawait\b\s*[=.,)\]]|<>|^\s*(?:print|exec|raise)\b[^=(]*$|\bur?[\"']|`")

# What `git merge` leaves in a file (gitattributes(5), conflict-marker-size); an id behind it would pass for a number of another Python.
_CONFLICT = re.compile(r"[<=>|]{7}(?:\s|$)")


def read_tree(source: bytes | str) -> ast.Module | Problem:
    """Return the syntax tree of a source, or why there is none. Never raises, whatever it holds."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in the analysed source is not ours to report
            return ast.parse(source)
    except SyntaxError as error:
        line = error.text or ""
        dialect = not _CONFLICT.match(line) and (any(sign in (error.msg or "") for sign in _DIALECTS) or bool(_ONCE_NAMES.search(line)))
        return Problem(traceback.format_exception_only(error)[-1].strip(), error.lineno or 1, dialect)
    except (ValueError, RecursionError, MemoryError) as error:
        # NUL bytes before Python 3.12, and nesting that exhausts the parser.
        return Problem(f"{type(error).__name__}: {error}", 1, dialect=False)


def find_refusal(source: bytes) -> Problem | None:
    """Return why Python will not compile a source that parses: `return` outside of a function, a parameter twice."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<source>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return Problem(traceback.format_exception_only(error)[-1].strip(), error.lineno or 1, dialect=False)
    except (ValueError, RecursionError, MemoryError):
        return None  # the parser says so too, or our stack is another one
    return None


def lines_of(source: bytes) -> list[bytes]:
    r"""Return the lines of a source as Python counts them, in UTF-8 (PEP 263), as the columns of a syntax tree are.

    >>> lines_of(b"a\r\nb\rc")
    [b'a\r\n', b'b\r', b'c']
    """
    source = source.removeprefix(b"\xef\xbb\xbf")
    if b"coding" in source[:400]:
        encoding = tokenize.detect_encoding(io.BytesIO(source).readline)[0]
        if encoding != "utf-8":
            source = source.decode(encoding, "replace").encode("utf-8", "replace")
    return source.splitlines(keepends=True)


def text_of(source: bytes) -> list[str]:
    r"""Return the lines of a source as people read them, without their ends; a source in no known encoding is shown as far as it is UTF-8.

    >>> text_of(b"# coding: latin-1\na = '\xe9\x0c'\r\n")
    ['# coding: latin-1', "a = 'é\x0c'"]
    """
    try:
        lines = lines_of(source)
    except (SyntaxError, LookupError):
        lines = source.splitlines(keepends=True)
    return [line.decode("utf-8", "replace").rstrip("\r\n") for line in lines]
