"""What the header of a compiled file says, and which source it stands for. Pure: the bytes come from `impact.bytecode`; nothing is unmarshalled.

Sources: PEP 3147 (`__pycache__`), PEP 488 (optimization tags), PEP 552 (the header of 16 bytes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import source_hash

from impact.names import RepoPath, basename_of, directory_of, join

HEADER = 16
"""The bytes of a compiled file that are read, never more."""

ENDINGS = (".pyc", ".pyo")
CACHE = "__pycache__"

# The first magic number of each Python, as `Include/internal/pycore_magic_number.h` (before 3.14: `importlib/_bootstrap_external.py`) has them:
# each takes a block of its own, and what lies below the next block is that Python's or one of its pre-releases.
_FIRST = (
    (3000, "3.0"),
    (3141, "3.1"),
    (3160, "3.2"),
    (3190, "3.3"),
    (3250, "3.4"),
    (3320, "3.5"),
    (3360, "3.6"),
    (3390, "3.7"),
    (3400, "3.8"),
    (3420, "3.9"),
    (3430, "3.10"),
    (3450, "3.11"),
    (3500, "3.12"),
    (3550, "3.13"),
    (3600, "3.14"),
    (3650, "3.15"),
    (3700, ""),
)
_PYTHON_2 = ((62011, "2.3"), (62041, "2.4"), (62071, "2.5"), (62151, "2.6"), (62171, "2.7"), (62212, ""))
_TAG = re.compile(r"\.(?P<implementation>[a-z]+)-(?P<version>\d+)")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a compiled file says of its source: the size and the time of its last change, or its hash. None where its Python did not write that."""

    python: str | None
    size: int | None = None
    time: int | None = None
    hash: bytes | None = None


@dataclass(frozen=True, slots=True, order=True)
class Compiled:
    """A compiled file without its source. `path` and `source` are relative to the repository root; below a prefix, `path` is absolute.

    `legacy`: it stands where the source stood, so that Python imports it. `shadowed`: it would, were there not something that comes first.
    """

    source: RepoPath
    path: str
    stamp: Stamp
    legacy: bool
    shadowed: bool = False


def read_header(header: bytes) -> Stamp:
    r"""Return what the first 16 bytes of a compiled file say; a stamp without anything where they are no such header.

    >>> read_header(b"\xa7\r\r\n" + bytes(4) + (1_757_000_000).to_bytes(4, "little") + (34).to_bytes(4, "little"))
    Stamp(python='3.11', size=34, time=1757000000, hash=None)
    >>> read_header(b"\xa7\r\r\n" + b"\1\0\0\0" + b"12345678").hash
    b'12345678'
    >>> read_header(b"no header")
    Stamp(python=None, size=None, time=None, hash=None)
    """
    if len(header) < 8 or header[2:4] != b"\r\n":
        return Stamp(None)
    python = python_of(int.from_bytes(header[:2], "little"))
    if python is None:
        return Stamp(None)
    words = [int.from_bytes(header[start : start + 4], "little") for start in range(4, len(header) - 3, 4)]
    release = tuple(int(part) for part in python.split("."))
    if release < (3, 3):
        return Stamp(python, time=words[0])  # before 3.3 the size was not written
    if release < (3, 7):
        return Stamp(python, time=words[0], size=words[1]) if len(words) > 1 else Stamp(python)
    if len(words) < 3:
        return Stamp(python)
    if words[0] & 1:
        return Stamp(python, hash=header[8:16])
    return Stamp(python, time=words[1], size=words[2])


def python_of(magic: int) -> str | None:
    """Return the Python that writes a magic number, None for one of which that is not known.

    >>> python_of(3495), python_of(3439), python_of(62211), python_of(1)
    ('3.11', '3.10', '2.7', None)
    """
    for table in (_FIRST, _PYTHON_2):
        if table[0][0] <= magic < table[-1][0]:
            return next(name for first, name in reversed(table) if first <= magic)
    return None


def source_of(path: RepoPath) -> tuple[RepoPath, bool]:
    """Return the source that a compiled file stands for, and whether it stands beside it (legacy) and not in `__pycache__`.

    >>> source_of(RepoPath("acme/__pycache__/orders.cpython-311.opt-1.pyc")), source_of(RepoPath("acme/orders.pyc"))
    (('acme/orders.py', False), ('acme/orders.py', True))
    """
    directory, name = directory_of(path), basename_of(path)
    module = name.partition(".")[0]
    if basename_of(directory) == CACHE:
        return join(directory_of(directory), f"{module}.py"), False
    return join(directory, f"{module}.py"), True


def tagged_python(name: str) -> str | None:
    """Return the Python that the tag of a compiled file names, None where it has none.

    >>> (
    ...     tagged_python("orders.cpython-311.pyc"),
    ...     tagged_python("orders.cpython-39-pytest-8.3.pyc"),
    ...     tagged_python("orders.pypy310.pyc"),
    ...     tagged_python("orders.pyc"),
    ... )
    ('3.11', '3.9', None, None)
    """
    found = _TAG.search(name)
    if found is None or found["implementation"] != "cpython":
        return None
    return f"{found['version'][0]}.{found['version'][1:]}"


def was_compiled_from(stamp: Stamp, source: bytes) -> bool:
    """Tell whether a compiled file may have been made from a source: by its hash, else by its size, with the line endings of either system."""
    if stamp.hash is not None:
        return source_hash(source) == stamp.hash
    return stamp.size is not None and stamp.size in {len(source), len(source) + source.count(b"\n")}
