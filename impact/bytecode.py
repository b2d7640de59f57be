"""Compiled files on disk: which have lost their source, and their removal.

Of each, the first 16 bytes are read and nothing else; nothing is unmarshalled (a crafted code object can crash the interpreter).
Symbolic links are not followed, neither to find a file nor to remove one.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from impact.compiled import CACHE, ENDINGS, HEADER, Compiled, read_header, source_of, tagged_python
from impact.names import RepoPath

# What comes before a compiled file beside the source's place when Python looks a module up (`importlib.machinery.FileFinder`).
_NATIVE = (".so", ".pyd")


def find_compiled(root: Path, prefix: Path | None = None) -> tuple[Compiled, ...]:
    """Return the compiled files below a working tree whose source is gone, sorted; with those that a PYTHONPYCACHEPREFIX keeps of this tree.

    Other repositories inside this one, virtual environments and `node_modules` are left out: what is in them was not compiled from here.
    """
    found = list(_in_tree(root))
    if prefix is not None:
        found += _under_prefix(root, prefix)
    return tuple(sorted(found))


def find_leftovers(root: Path) -> tuple[RepoPath, ...]:
    """Return the topmost directories below a working tree that hold nothing but `__pycache__`, sorted: Python imports them as namespace packages."""
    return tuple(RepoPath(path) for path in sorted(_leftovers(root, "") or ()))


def remove(root: Path, compiled: Iterable[Compiled], tracked: Iterable[str]) -> Iterator[str]:
    """Remove compiled files, then the directories that this leaves empty; yield what was removed. What is tracked by Git stays."""
    kept = set(tracked)
    emptied: set[Path] = set()
    real = root.resolve()
    for one in compiled:
        place = root / one.path
        parent = place.parent.resolve()
        inside = parent == real or real in parent.parents or Path(one.path).is_absolute()
        # Between the look and the removal somebody may have put something else there.
        if one.path in kept or not one.path.endswith(ENDINGS) or not inside or not _is_file(place):
            continue
        try:
            place.unlink()
        except OSError:
            continue
        emptied.add(place.parent)
        yield one.path
    for directory in sorted(emptied, key=lambda path: -len(path.parts)):
        here = directory
        while here != root and not here.is_symlink() and here.is_dir() and not any(here.iterdir()):
            here.rmdir()
            if here.is_relative_to(root):
                yield f"{here.relative_to(root).as_posix()}/"
            here = here.parent


def _in_tree(root: Path) -> Iterator[Compiled]:
    for directory, names in _directories(root):
        for name in names:
            if not name.endswith(ENDINGS):
                continue
            path = RepoPath((directory / name).relative_to(root).as_posix())
            source, legacy = source_of(path)
            if (root / source).exists() or (legacy and "." in name.removesuffix(name[-4:])):
                continue
            compiled = _read(root / path, source, str(path), legacy=legacy)
            if compiled is not None:
                yield replace(compiled, shadowed=legacy and _is_shadowed(root / source))


def _under_prefix(root: Path, prefix: Path) -> Iterator[Compiled]:
    real = root.resolve()
    top = prefix.joinpath(*real.parts[1:])
    for directory, names in _directories(top):
        for name in names:
            if name.endswith(ENDINGS):
                source = RepoPath((directory.relative_to(top) / f"{name.partition('.')[0]}.py").as_posix())
                if not (root / source).exists():
                    compiled = _read(directory / name, source, str(directory / name), legacy=False)
                    if compiled is not None:
                        yield compiled


def _read(place: Path, source: RepoPath, path: str, *, legacy: bool) -> Compiled | None:
    try:
        descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        stamp = read_header(file.read(HEADER) or b"")
    if stamp.python is None:
        stamp = replace(stamp, python=tagged_python(place.name))
    return Compiled(source, path, stamp, legacy)


def _is_shadowed(source: Path) -> bool:
    """Tell whether something beside a legacy file is imported in its place: a package or an extension module of the name."""
    package = source.with_suffix("")
    if (package / "__init__.py").exists() or (package / "__init__.pyc").exists():
        return True
    try:
        return any(other.name.partition(".")[0] == package.name and other.suffix in _NATIVE for other in source.parent.iterdir())
    except OSError:
        return False


def _is_file(place: Path) -> bool:
    try:
        return stat.S_ISREG(place.lstat().st_mode)
    except OSError:
        return False


def _directories(root: Path) -> Iterator[tuple[Path, Sequence[str]]]:
    """Yield each directory of a tree with the names of its files, sorted; links, other repositories and environments left out."""
    for directory, inner, names in os.walk(root, followlinks=False):
        here = Path(directory)
        if here != root and (".git" in inner or ".git" in names or "pyvenv.cfg" in names):
            inner.clear()
            continue
        inner[:] = sorted(name for name in inner if name not in (".git", "node_modules"))
        yield here, sorted(names)


def _leftovers(root: Path, relative: str) -> list[str] | None:
    """Return the leftovers below a directory; None where there is nothing in it but `__pycache__`, here or further down."""
    found: list[str] = []
    whole, caches = True, False
    try:
        entries = sorted(os.scandir(root / relative), key=lambda entry: entry.name)
    except OSError:
        return []
    for entry in entries:
        inner = f"{relative}/{entry.name}" if relative else entry.name
        if not entry.is_dir(follow_symlinks=False):
            whole = False
        elif entry.name == CACHE:
            caches = True
        elif entry.name in (".git", "node_modules") or not entry.name.isidentifier():
            whole = False
        else:
            below = _leftovers(root, inner)
            if below is None:
                caches = True
                found.append(inner)
            else:
                whole = False
                found += below
    return None if whole and caches and relative else found
