"""What Git would store of a file on disk: line endings, `$Id$`, the encoding of the working tree (gitattributes(5); convert.c of Git, `convert_to_git`).

libgit2 has a part of this and no way to ask for it without writing a blob. A filter driver is a command of the repository's owner and is never run:
what it would make of a file is not known (`Conversion.filtered`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pygit2

_IDENT = re.compile(rb"\$Id:[^$\n]*\$")

# Bytes below a space that text has (backspace, tab, escape, form feed) are printable for Git, and so are the ends of lines.
_NOT_PRINTABLE = re.compile(rb"[\x00-\x07\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_LONE_CR = re.compile(rb"\r(?!\n)")
_END_OF_FILE = b"\x1a"

# Git insists on the byte order mark where a name says no order, and refuses it where the name does.
_MARKED = {"utf-16": (b"\xfe\xff", b"\xff\xfe"), "utf-32": (b"\0\0\xfe\xff", b"\xff\xfe\0\0")}
_UNMARKED = frozenset({"utf-16le", "utf-16be", "utf-32le", "utf-32be"})


@dataclass(frozen=True, slots=True)
class Conversion:
    """What attributes and settings say of one path. `newlines`: "never", "always", or "guess" (text alone, and not where CRLF is stored)."""

    newlines: str
    ident: bool
    encoding: str | None
    filtered: bool


def find_conversion(repository: pygit2.Repository, path: str) -> Conversion:
    """Return what holds for a path of the working tree, known to Git or not."""
    text = _newlines(repository.get_attr(path, "text"))
    if text is None:
        text = _newlines(repository.get_attr(path, "crlf"))  # what it was called before there was `text`
    if text not in ("never", "guess") and repository.get_attr(path, "eol") in ("lf", "crlf"):
        text = "always"
    encoding = repository.get_attr(path, "working-tree-encoding")
    driver = repository.get_attr(path, "filter")
    return Conversion(
        newlines=text or ("guess" if _autocrlf(repository) else "never"),
        ident=repository.get_attr(path, "ident") is True,
        encoding=encoding if isinstance(encoding, str) and encoding.lower() not in ("", "utf-8", "utf8") else None,
        filtered=isinstance(driver, str) and any(_setting(repository, f"filter.{driver}.{step}") for step in ("clean", "process")),
    )


def as_stored(conversion: Conversion, content: bytes, staged: Callable[[], bytes | None]) -> bytes:
    """Return what Git would store of a content, filters left out. `staged` gives what is stored of that path now, None where nothing is."""
    if conversion.encoding is not None and content:
        content = _encoded(content, conversion.encoding)
    if b"\r\n" in content and (conversion.newlines == "always" or (conversion.newlines == "guess" and not (_is_binary(content) or _holds_crlf(staged())))):
        content = content.replace(b"\r\n", b"\n")
    return _IDENT.sub(b"$Id$", content) if conversion.ident and b"$Id:" in content else content


def _newlines(attribute: object) -> str | None:
    match attribute:
        case True | "input":
            return "always"
        case False:
            return "never"
        case "auto":
            return "guess"
        case _:
            return None


def _encoded(content: bytes, encoding: str) -> bytes:
    """Return a content as UTF-8; as it is where it does not have its encoding: Git will not store that, and says so."""
    name = encoding.lower()
    if name in _MARKED and not content.startswith(_MARKED[name]):
        return content
    if name in _UNMARKED and content.startswith(_MARKED[name[: len("utf-16")]]):
        return content
    name = "utf-16" if name == "utf-16le-bom" else name
    try:
        return content.decode(name).encode("utf-8")
    except (LookupError, UnicodeError):
        return content


def _is_binary(content: bytes) -> bool:
    """Tell whether Git takes a content for no text: a NUL, a CR alone, or more than one in 128 bytes that does not print."""
    if b"\0" in content or _LONE_CR.search(content):
        return True
    odd = len(_NOT_PRINTABLE.findall(content)) - content.endswith(_END_OF_FILE)
    ends = content.count(b"\n") + content.count(b"\r\n")
    return (len(content) - ends - odd - content.endswith(_END_OF_FILE)) >> 7 < odd


def _holds_crlf(stored: bytes | None) -> bool:
    return stored is not None and b"\r\n" in stored and not _is_binary(stored)


def _autocrlf(repository: pygit2.Repository) -> bool:
    """Tell whether `core.autocrlf` has line endings normalised (`true` or `input`)."""
    return _setting(repository, "core.autocrlf").lower() in ("true", "input", "1", "yes", "on")


def _setting(repository: pygit2.Repository, key: str) -> str:
    """Return a setting; empty where there is none."""
    try:
        return str(repository.config[key])
    except (KeyError, ValueError):
        return ""
