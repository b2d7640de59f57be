"""Hook scripts on disk: written, told apart from those of others, and taken away again.

A hook that was there first is kept under its own name in a directory beside that of the hooks, at the same depth, which has links to all else that is
among the hooks: so a hook that looks at its own name, at what lies beside it or at what lies above finds the same as before, and so does a relative link.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from impact.errors import ImpactError
from impact.revisions.hooks import BEFORE, MADE, MARK


def is_ours(place: Path) -> bool:
    """Tell whether a hook was written by `impact hook install`. A link is somebody's, wherever it leads."""
    return MARK in _lines(place)


def install(place: Path, text: str) -> str:
    """Put a script at `place` and return what was done. A hook of somebody else is kept. Raises ImpactError."""
    kept = _kept(place)
    there = os.path.lexists(place)
    try:
        if there and not is_ours(place):
            if os.path.lexists(kept) and not _is_mirrored(kept):
                raise ImpactError(f"{place} is not ours, and {kept} is there already", hint="put one of the two away")
            _write(place, text, instead=kept)
            return f"installed {place}; the hook that was there runs first, from {kept}"
        made = not place.parent.is_dir() or MADE in _lines(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place, f"{text}{MADE}\n" if made else text)
    except OSError as error:
        hint = "that is where Git looks for it (`git rev-parse --git-path hooks`)"
        raise ImpactError(f"the hook cannot be written: {place}: {error.strerror}", hint=hint) from error
    return f"{'renewed' if there else 'installed'} {place}"


def uninstall(place: Path) -> str:
    """Take our script away from `place`, put back what was there, and return what was done. Raises ImpactError."""
    kept = _kept(place)
    if not is_ours(place):
        return f"no hook of impact at {place}"
    made = MADE in _lines(place)
    try:
        if os.path.lexists(kept) and not _is_mirrored(kept):
            kept.replace(place)
            _forget(kept.parent)
            return f"uninstalled {place}; the hook that was there before is back"
        place.unlink()
        if made:
            with suppress(OSError):  # others have put something there since
                place.parent.rmdir()
    except OSError as error:
        raise ImpactError(f"the hook cannot be taken away: {place}: {error.strerror}") from error
    return f"uninstalled {place}"


def _lines(place: Path) -> list[str]:
    """Return the lines of a script; none where there is no file, or a link."""
    try:
        return [] if place.is_symlink() else place.read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return []


def _kept(place: Path) -> Path:
    """Return where a hook that was there first is kept: as the script finds it, links to the directory followed."""
    directory = place.parent.resolve()
    return directory.with_name(directory.name + BEFORE) / place.name


def _write(place: Path, text: str, instead: Path | None = None) -> None:
    """Write a script whole or not at all, as a push may read it at this moment; what it takes the place of goes to `instead`."""
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    script = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        script.chmod(0o755)
        if instead is not None:
            instead.parent.mkdir(exist_ok=True)
            _mirror(place.parent.resolve(), instead.parent, but={place.name, script.name})
            place.replace(instead)  # over the link that stood for it there, if one did
        try:
            script.replace(place)
        except OSError:
            if instead is not None:
                instead.replace(place)
            raise
    except BaseException:
        script.unlink(missing_ok=True)
        raise


def _mirror(hooks: Path, mirror: Path, *, but: set[str]) -> None:
    """Put links to what is among the hooks where those are kept that were there first; ours and Git's samples left out."""
    for entry in sorted(hooks.iterdir()):
        link = mirror / entry.name
        if entry.name not in but and not entry.name.endswith(".sample") and not is_ours(entry) and not os.path.lexists(link):
            with suppress(OSError):  # a system without links: what looks beside itself finds less there
                link.symlink_to(Path("..", hooks.name, entry.name))


def _is_mirrored(place: Path) -> bool:
    hooks = place.parent.name.removesuffix(BEFORE)
    return place.is_symlink() and place.readlink() == Path("..", hooks, place.name)


def _forget(mirror: Path) -> None:
    """Remove the links, and the directory that holds them, where no hook is kept in it any more."""
    entries = list(mirror.iterdir())
    if all(map(_is_mirrored, entries)):
        for entry in entries:
            entry.unlink()
        mirror.rmdir()
