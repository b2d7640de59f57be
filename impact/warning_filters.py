"""Whether a warning is an error where the tests run: `filterwarnings` of the settings and `-W` of `addopts`, the last that matches decides.

Source: the documentation of `warnings` ("The Warnings Filter") and of pytest ("How to capture warnings").
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Sequence


def is_error(filters: Sequence[str], category: str, text: str | None) -> bool | None:
    """Tell whether a warning of a built-in category is raised as an exception, None where that hangs on what is not known here.

    >>> is_error(["error", "ignore::DeprecationWarning"], "DeprecationWarning", "moved"), is_error(["error"], "UserWarning", None)
    (False, True)
    >>> is_error(["error", "ignore:mov.*"], "UserWarning", "moved"), is_error(["error", "ignore:::acme"], "UserWarning", "moved")
    (False, None)
    """
    for one in reversed(filters):
        action, message, name, module, line = (*(part.strip() for part in re.split(r"(?<!\\):", one, maxsplit=4)), "", "", "", "")[:5]
        if not _is_of(category, name):
            continue
        if module or (line and line != "0") or (message and text is None):
            return None
        if message and text is not None:
            try:
                if re.match(message, text, re.IGNORECASE) is None:
                    continue
            except re.error:
                return None
        return action == "error"
    return False


def is_warning(category: str) -> bool:
    """Tell whether a name is that of a built-in warning."""
    return _class(category) is not None


def _class(name: str) -> type[Warning] | None:
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, Warning) else None


def _is_of(category: str, name: str) -> bool:
    found, above = _class(category), _class(name or "Warning")
    return found is not None and above is not None and issubclass(found, above)
