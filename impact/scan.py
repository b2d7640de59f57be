r"""The fast look at a source: which modules may it name? A pure function of bytes, path-free, cached by blob id.

The result is a *superset* of what the file imports: statements are found by their shape at the start of a line or behind `:` or `;`,
in any block, and also where they only stand in a docstring. Nothing is missed that way, in a source of any age and with any
syntax error, at a hundredth of the price of a parse. Whether a mention counts is for `syntax` and `execution` to say.

A mention is one line of text, so that ten thousand files load from the cache in one go:

    i pkg.mod               import pkg.mod
    f ..pkg.mod a,b         from ..pkg.mod import a, b as c
    f pkg *                 from pkg import *
    s pkg.mod.name          a dotted string in a file that patches or imports by string, or one word that it may put before others

Behind the mentions, apart from them, come the marks of pytest (`mark.slow`) that the file uses.

>>> scan(b"import a.b as c, d\nfrom . import (x as y,  # why\n  z)\ntry: import w\nexcept: pass\n")
('i a.b', 'i d', 'f . x,z', 'i w')
"""

from __future__ import annotations

import re

# Changing what `scan_text` returns for the same bytes asks for a new number: it is part of the cache's key.
SCAN_VERSION = 6
REGISTERS = "+"
"""Stands among the marks of a file that may register some (`config.addinivalue_line`)."""
_APART = "\f"

# The literal comes first, so that the engine can search for it; a word boundary in front would cost eight times as much.
_IMPORT = re.compile(rb"import(?=[ \t\\(*\f])")
_BLANKS = b" \t\r"
# A name in bytes: letters beyond ASCII are two or more bytes above 0x7f in any encoding that people write Python in.
_W = rb"[\w\x80-\xff]"
_SIMPLE_FROM = re.compile(rb"[ \t]*from[ \t]+((?:\.|" + _W + rb")+)[ \t]+\Z")
_SIMPLE_NAMES = re.compile(rb"[ \t]+" + _W + rb"+(?:, ?" + _W + rb"+)*[ \t\r]*\Z")
_FROM = re.compile(rb"(?:^|[;:])[\s\\]*from\b[\s\\]*(\.(?:[.\s\\]|" + _W + rb")*|" + _W + rb"+(?:[\s\\]*\.[\s\\]*" + _W + rb"+)*)[\s\\]*$")
_COMMENT = re.compile(rb"#[^\n]*")
_NAME = re.compile(rb"[^\s,()\\]+")
_DOTS = re.compile(rb"\s*\.\s*")
_DOTTED = re.compile(rb"(?:\.|" + _W + rb")+\Z")
# With one kind of quotes there is a literal to search for here too.
_QUOTES = bytes.maketrans(b"'", b'"')
_STRING = re.compile(rb'"([^\W\d]\w*\.(?:\.|' + _W + rb")+)")
# A dotted name that is put together begins with a constant, which may be one word: `f"{NAME}.x"`, `NAME + ".x"`, `"%s.x" % NAME`.
_JOINING = re.compile(rb'\}\.|\+[ \t\\\n]*"\.|%s\.')
_BEGINNING = re.compile(rb'[=(%][ \t]*"([^\W\d]\w*)"')
_RELATIVE = re.compile(rb"""\bimport_module\s*\(\s*["']\.([\w.]*)["']\s*,\s*(?:package\s*=\s*)?["']([\w.]+)["']""")
_PLUGINS = re.compile(rb"^[ \t]*pytest_plugins\b[^=\n]*=\s*(\[[^\]]*\][^\n]*|\([^)]*\)[^\n]*|[^\n]*)", re.MULTILINE)
# The literal comes first here too: the boundary is looked for where it was found.
_MARK = re.compile(rb"mark(?<=\bmark)\s*\.\s*([^\W\d]\w*)")
_NAMED = re.compile(rb"""(?:^|[*+=,\[(])\s*[^\W\d]\w*""")
_QUOTED = re.compile(rb"""["']([\w.]+)["']""")
# No import statement starts further into its line than this.
_FARTHEST = 1000
_PATCHING = (b"patch", b"setattr(", b"delattr(")
_CALLED = {
    word: re.compile(word + rb"""(?<=\b""" + word + rb""")\s*\(\s*(?:(?:mod)?name\s*=\s*)?\w*["']((?:\.|""" + _W + rb""")+)["':]""")
    for word in (b"import_module", b"importorskip", b"__import__", b"resolve_name")
}


def scan(source: bytes) -> tuple[str, ...]:
    """Return the mentions of a source, in order of appearance, each once."""
    found: dict[str, None] = {}
    source = source.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in source and b"\n" not in source:
        source = source.replace(b"\r", b"\n")
    for match in _IMPORT.finditer(source):
        start, end = match.span()
        line = max(source.rfind(b"\n", 0, start) + 1, start - _FARTHEST)
        newline = source.find(b"\n", end)
        if newline == -1:
            newline = len(source)
        before = source[line:start]
        if (simple := _SIMPLE_FROM.match(before)) and _SIMPLE_NAMES.match(tail := source[end:newline]):
            found[f"f {_text(simple.group(1))} {_text(tail.translate(None, _BLANKS))}"] = None
            continue
        while _continues(source, line):
            line = source.rfind(b"\n", 0, line - 1) + 1
            before = source[line:start]
        stripped = before.strip(b" \t\f\v\r\n\\")
        if not stripped or stripped.endswith((b":", b";")):
            for item in _items(source, end):
                if _DOTTED.match(item):
                    found[f"i {_text(item)}"] = None
        elif b"from" in before and (origin := _FROM.search(before)):
            names = [item for item in _items(source, end) if item == b"*" or _DOTTED.match(item)]
            if names:
                module = b"".join(_NAME.findall(origin.group(1)))
                found[f"f {_text(module)} {','.join(map(_text, names))}"] = None
    importing = [pattern for word, pattern in _CALLED.items() if word in source]
    if importing or any(word in source for word in _PATCHING):
        alike = source.translate(_QUOTES)
        texts = _STRING.findall(alike)
        joined = _BEGINNING.findall(alike) if _JOINING.search(alike) else ()
        for text in (*texts, *joined, *(text for pattern in importing for text in pattern.findall(source))):
            found[f"s {_text(text)}"] = None
    if importing:
        for name, package in _RELATIVE.findall(source):
            found[f"s {_text(package)}.{_text(name)}".rstrip(".")] = None
    if b"pytest_plugins" in source:
        for value in _PLUGINS.findall(source):
            # Where a part of it is named, or added to it, the texts stand elsewhere in the file.
            for text in _QUOTED.findall(source if _NAMED.search(value) else value):
                found[f"s {_text(text)}"] = None
    return tuple(found)


def marks_used(source: bytes) -> tuple[str, ...]:
    r"""Return the names of the marks that a source may use, sorted; `REGISTERS` among them where it may register some.

    >>> marks_used(b"@pytest.mark.slow\ndef test(): benchmark.pedantic(f)")
    ('slow',)
    """
    found = {_text(name) for name in _MARK.findall(source)}
    if b"addinivalue_line" in source:
        found.add(REGISTERS)
    return tuple(sorted(found))


def scan_text(source: bytes) -> str:
    """Return all that a scan keeps of a source, as one text: `split_scan` takes it apart."""
    return "\n".join(scan(source)) + _APART + " ".join(marks_used(source))


def split_scan(text: str) -> tuple[str, str]:
    """Return the mentions, a line each, and the marks, separated by blanks, of what `scan_text` wrote."""
    mentions, _, marks = text.partition(_APART)
    return mentions, marks


def _continues(source: bytes, line: int) -> bool:
    """Tell whether a line goes on from the one before it, which ends in a backslash and is no comment."""
    if line < 2 or not source[max(0, line - 3) : line].rstrip(b"\r\n").endswith(b"\\"):
        return False
    before = source.rfind(b"\n", 0, line - 1) + 1
    return line - before < _FARTHEST and not source[before:line].lstrip().startswith(b"#")


def _items(source: bytes, position: int) -> list[bytes]:
    """Return the first word of every comma-separated item of an import list that starts at `position`."""
    head = source[position : position + 400].lstrip(b" \t\f\\\r\n")
    if head.startswith(b"("):
        opening = source.index(b"(", position) + 1
        closing = opening
        while True:
            closing = source.find(b")", closing)
            if closing == -1:
                closing = min(len(source), opening + 10_000)
                break
            line = source.rfind(b"\n", opening - 1, closing)
            if b"#" not in source[max(line, opening) : closing]:
                break
            closing += 1
        tail = _COMMENT.sub(b"", source[opening:closing])
    else:
        end = source.find(b"\n", position)
        while end != -1 and source[position:end].rstrip(b"\r").endswith(b"\\"):
            end = source.find(b"\n", end + 1)
        tail = source[position : end if end != -1 else len(source)]
        tail = _COMMENT.sub(b"", tail).partition(b";")[0]
    if b" ." in tail or b". " in tail:
        tail = _DOTS.sub(b".", tail)
    return [words[0] for part in tail.split(b",") if (words := _NAME.findall(part))]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
