"""The line that mends a break, where that line is all it takes.

A remedy names what to write in place of what is gone. One line can be rewritten by it alone where the name it binds for the rest of the file
stays the same: `from a import b`, `import a.b as c`, a dotted string. In every other case the remedy is told in words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from impact.report import Certainty, ReferenceKind

if TYPE_CHECKING:
    from impact.render.document import BreakDocument

_FROM = re.compile(r"from (?P<module>[\w.]+) import (?P<name>\w+)(?: as (?P<alias>\w+))?(?P<rest>\s*(?:#.*)?)")
_IMPORT = re.compile(r"import (?P<module>[\w.]+) as (?P<alias>\w+)(?P<rest>\s*(?:#.*)?)")
_STAR = re.compile(r"from (?P<module>[\w.]+) import (?P<names>[^()\\]+)")


def rewritten(one: BreakDocument) -> str | None:
    """Return the line of `one` with its remedy in it, without indentation; None where there is none to rely on, or where it takes more
    than that line.

    >>> rewritten({"code": "from a import b", "kind": "from-import", "target": "a:b", "remedy": {"replacement": "c:d", "certainty": "certain"}})
    'from c import d as b'
    """
    if one["remedy"] is None or one["remedy"]["certainty"] == Certainty.POSSIBLE:
        return None
    code, old, new = one["code"].strip(), one["target"].replace(":", "."), one["remedy"]["replacement"].replace(":", ".")
    line = _line(one["kind"], code, old, new)
    return line if line != code else None


def _line(kind: str, code: str, old: str, new: str) -> str | None:
    if kind == ReferenceKind.STRING:
        return re.sub(rf"(?<![\w.]){re.escape(old)}(?![\w])", lambda _: new, code) if _is_name(new) else None
    if kind == ReferenceKind.IMPORT:
        return _import(code, old, new)
    return _from_import(code, old, new) if kind in {ReferenceKind.FROM_IMPORT, ReferenceKind.STAR} else None


def _import(code: str, old: str, new: str) -> str | None:
    match = _IMPORT.fullmatch(code)
    if match is None or match["module"] != old or not _is_name(new):
        return None
    return f"import {new} as {match['alias']}{match['rest']}"


def _from_import(code: str, old: str, new: str) -> str | None:
    parent, _, child = new.rpartition(".")
    match = _FROM.fullmatch(code)
    if match and f"{match['module']}.{match['name']}" == old and parent and _is_name(new):
        bound = match["alias"] or match["name"]
        alias = f" as {bound}" if bound != child else ""
        return f"from {parent} import {child}{alias}{match['rest']}"
    match = _STAR.fullmatch(code)
    # The module itself went elsewhere, with all that is in it.
    if match and match["module"] == old and _is_name(new):
        return f"from {new} import {match['names']}"
    return None


def _is_name(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))
