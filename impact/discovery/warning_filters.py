"""Whether a warning is an error where the tests run: `filterwarnings` of the settings, `-W` of `addopts` and marks, the last that matches decides.

Source: the documentation of `warnings` ("The Warnings Filter") and of pytest ("How to capture warnings").
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Sequence

_BEGINNING = re.compile(r"\^?(\w+)(?![*+?{|])(?!\w)")


def _all_may_warn(_beginning: str) -> bool:
    """Any module may be the one that a warning is put down to."""
    return True


def is_error(
    filters: Sequence[str], categories: Sequence[str], text: str | None, module: str | None = None, may_warn: Callable[[str], bool] = _all_may_warn
) -> bool | None:
    """Tell whether a warning is raised as an exception, None where that hangs on what is not known here.

    `categories` are the names of its class and of those above it (`lineage`), `module` is the one that it is put down to, where that is known;
    `may_warn(beginning)` tells whether it may be put down to one with such a beginning where it is not.

    >>> old, user = lineage("DeprecationWarning"), lineage("UserWarning")
    >>> is_error(["error", "ignore::DeprecationWarning"], old, "moved"), is_error(["error"], user, None)
    (False, True)
    >>> is_error(["error", "ignore:mov.*"], user, "moved"), is_error(["error", "ignore:::acme"], user, "moved")
    (False, None)
    >>> is_error(["error", "ignore:::acme"], user, "moved", "beta"), is_error(["error", "ignore:other"], user, None)
    (True, None)
    """
    if not filters:
        return False
    action, message, name, where, line = (*(part.strip() for part in re.split(r"(?<!\\):", filters[-1], maxsplit=4)), "", "", "", "")[:5]
    matches = [_is_of(categories, name), _has(message, text), _comes_from(where, module, may_warn), None if line and line != "0" else True]
    if False in matches:
        return is_error(filters[:-1], categories, text, module, may_warn)
    otherwise = action == "error" if None not in matches else is_error(filters[:-1], categories, text, module, may_warn)
    return otherwise if otherwise == (action == "error") else None


def lineage(category: str) -> tuple[str, ...]:
    """Return the names of a built-in warning and of the warnings above it, none for anything else.

    >>> lineage("DeprecationWarning"), lineage("ValueError")
    (('DeprecationWarning', 'Warning'), ())
    """
    found = getattr(builtins, category, None)
    if not isinstance(found, type) or not issubclass(found, Warning):
        return ()
    return tuple(one.__name__ for one in found.__mro__ if issubclass(one, Warning))


def _is_of(categories: Sequence[str], name: str) -> bool:
    return (name or "Warning").rpartition(".")[2] in categories


def _has(message: str, text: str | None) -> bool | None:
    if not message or text is None:
        return None if message else True
    try:
        return re.match(message, text, re.IGNORECASE) is not None
    except re.error:
        return None


def _comes_from(pattern: str, module: str | None, may_warn: Callable[[str], bool]) -> bool | None:
    """Tell whether a filter holds for a module: a pattern for its beginning in settings and marks, its whole name as an option."""
    if not pattern:
        return True
    if module is None:
        beginning = _BEGINNING.match(pattern) if "|" not in pattern else None
        return False if beginning is not None and not may_warn(beginning[1]) else None
    try:
        found = re.match(pattern, module)
    except re.error:
        return None
    return None if found is not None and found.end() < len(module) else found is not None
