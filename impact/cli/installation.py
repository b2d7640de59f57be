"""Hook scripts on disk: written, told apart from those of others, and taken away again."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from impact.errors import ImpactError
from impact.hooks import BEFORE, MARK


def is_ours(place: Path) -> bool:
    """Tell whether a hook was written by `impact hook install`."""
    try:
        return MARK in place.read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, IsADirectoryError):
        return False


def install(place: Path, text: str) -> str:
    """Put a script at `place` and return what was done. A hook of somebody else is kept beside it. Raises ImpactError."""
    kept = place.with_name(place.name + BEFORE)
    there = os.path.lexists(place)
    try:
        if there and not is_ours(place):
            if os.path.lexists(kept):
                raise ImpactError(f"{place} is not ours, and {kept.name} beside it is there already", hint="put one of the two away")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.rename(kept)
            done = f"installed {place}; the hook that was there runs first, from {kept.name}"
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            done = f"{'renewed' if there else 'installed'} {place}"
        _write(place, text)
    except OSError as error:
        raise ImpactError(f"the hook cannot be written: {place}: {error.strerror}") from error
    return done


def uninstall(place: Path) -> str:
    """Take our script away from `place`, put back what was there, and return what was done. Raises ImpactError."""
    kept = place.with_name(place.name + BEFORE)
    if not is_ours(place):
        return f"no hook of impact at {place}"
    try:
        if os.path.lexists(kept):
            kept.replace(place)
            return f"uninstalled {place}; the hook that was there before is back"
        place.unlink()
    except OSError as error:
        raise ImpactError(f"the hook cannot be taken away: {place}: {error.strerror}") from error
    return f"uninstalled {place}"


def _write(place: Path, text: str) -> None:
    # Whole or not at all: a push may read it at this moment.
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(0o755)
    Path(name).replace(place)
