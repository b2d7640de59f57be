"""Settings documents as text: decoded, TOML or ini, into plain dictionaries. Nothing here raises, whatever the bytes.

Each reader returns the document, as far as it could be read, and the reason why it could not be read in full (None: it could).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Table = Mapping[str, Any]
FAULT = re.compile(r"line (?P<line>\d+): (?P<ini>.*)|not TOML: (?P<toml>.*?(?:\(at line (?P<at>\d+), column \d+\))?)")
"""Why a document cannot be read, as it is said here: in the words of iniconfig, or of `tomllib`."""


def decode(data: bytes) -> tuple[str, str | None]:
    r"""Return the text of a UTF-8 document without its byte order mark; bytes that are not UTF-8 become U+FFFD.

    >>> decode(b"\xef\xbb\xbfa")
    ('a', None)
    """
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        return data.decode("utf-8-sig", errors="replace"), f"not UTF-8: {error.reason} at byte {error.start}"


def read_toml(data: bytes) -> tuple[Table, str | None]:
    """Return a TOML document.

    >>> read_toml(b"a = 1")
    ({'a': 1}, None)
    >>> read_toml(b"a = ")[0]
    {}
    """
    text, problem = decode(data)
    if problem is not None:
        return {}, problem
    try:
        return tomllib.loads(text.replace("\r\n", "\n")), None
    except (ValueError, RecursionError) as error:
        return {}, f"not TOML: {str(error) or type(error).__name__}"


def table(document: object, *keys: str) -> Table:
    """Return a nested table, or an empty one where a key is missing or holds something else.

    >>> table({"tool": {"x": {"y": 1}}}, "tool", "x"), table({"tool": 3}, "tool", "x")
    ({'y': 1}, {})
    """
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def strings(value: object) -> tuple[str, ...]:
    """Return the strings in a value that should be a list of strings (a lone string counts as one).

    >>> strings(["a", 1, "b"]), strings("a"), strings(None)
    (('a', 'b'), ('a',), ())
    """
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()


def read_ini(data: bytes) -> tuple[Mapping[str, Mapping[str, str]], str | None]:
    r"""Return an ini document as section → key → value, the lines of a value joined by newlines.

    The dialect is iniconfig's, which pytest reads with: `#` and `;` start a comment only at the start of a line, keys keep their case, nothing is
    interpolated. What is malformed is passed over, the first definition of a key stands, and the reason names the first such line, in iniconfig's words.

    >>> read_ini(b"[pytest]\naddopts = -q\n  -x")
    ({'pytest': {'addopts': '-q\n-x'}}, None)
    >>> read_ini(b"[a]\nb")
    ({'a': {}}, "line 2: unexpected line: 'b'")
    """
    text, problem = decode(data)
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] | None = None
    key: str | None = None
    for number, line in _meaningful_lines(text):
        complaint: str | None = None
        if line.startswith("[") and (name := _section_name(line)) is not None:
            complaint = f"duplicate section {name!r}" if name in sections else None
            section, key = sections.setdefault(name, {}), None
        elif section is None:
            strange = "unexpected value continuation" if line[0].isspace() or line.startswith("[") else f"unexpected line: {line!r}"
            complaint = "no section header defined" if _key_and_value(line) is not None and not line[0].isspace() else strange
        elif line[0].isspace() or line.startswith("["):
            if key is None:
                complaint = "unexpected value continuation"
            else:
                section[key] = f"{section[key]}\n{line.strip()}" if section[key] else line.strip()
        elif (split := _key_and_value(line)) is None:
            complaint, key = f"unexpected line: {line!r}", None
        elif split[0] in section:
            complaint, key = f"duplicate name {split[0]!r}", None
        else:
            key = split[0]
            section[key] = split[1]
        if complaint is not None and problem is None:
            problem = f"line {number}: {complaint}"
    return sections, problem


def _meaningful_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped and stripped[0] not in "#;":
            yield number, line.rstrip()


def _section_name(line: str) -> str | None:
    """Return the name in `[name]`; a comment may follow it."""
    header = re.split("[#;]", line, maxsplit=1)[0].rstrip()
    return header[1:-1] if len(header) > 2 and header.endswith("]") else None


def _key_and_value(line: str) -> tuple[str, str] | None:
    """Split at `=`, or at `:` where that comes first."""
    name, equals, value = line.partition("=")
    if not equals or ":" in name:
        name, colon, value = line.partition(":")
        if not colon:
            return None
    return name.strip(), value.strip()
