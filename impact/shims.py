"""Modules at the old places, for who cannot be rewritten at once: they hand on what moved, and warn.

A module that went elsewhere as a whole is put in its old place as the very object it is now, so that patching through the old name works. What
went to several places is handed on name by name: such a name can be imported, but to patch it there patches nothing that the code looks up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from impact.analysis import Investigation
from impact.moves.places import Place, settled
from impact.names import RepoPath
from impact.report import Certainty

_ORDER = tuple(Certainty)

_WARNING = 'warnings.warn("{old} is deprecated, use {new}", DeprecationWarning, stacklevel=2)'
_ALIAS = '''\
"""Deprecated: this module is {new} now."""

import sys
import warnings

{imports}

{warning}

sys.modules[__name__] = sys.modules["{new}"]
'''
_MODULE = '''\
"""Deprecated: what was here is {where} now."""

import warnings

{imports}

{warning}
'''
_SERVED = '''

def __getattr__(name: str) -> object:
    """Hand on what moved away, for who still asks for it here (PEP 562)."""
    moved = {moved}
    if name in moved:
        import importlib
        import warnings

        module, symbol = moved[name]
        warnings.warn(f"{{__name__}}.{{name}} is deprecated, use {{module}}.{{symbol}}", DeprecationWarning, stacklevel=2)
        return getattr(importlib.import_module(module), symbol)
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
'''


def find_shims(found: Investigation, enough: Certainty, done: Mapping[RepoPath, bytes]) -> dict[RepoPath, bytes]:
    """Return the contents that hand on what the breaks of an investigation ask for, by path; what is in `done` is not made twice."""
    inquiry, relocations = found.inquiry, found.relocations
    missing: set[RepoPath] = set()
    lost: defaultdict[RepoPath, dict[str, str]] = defaultdict(dict)
    for one in found.report.breaks:
        importer = RepoPath(one.path)
        module, _, name = one.target.partition(":")
        path: RepoPath | None = getattr(inquiry.base.modules.find(module, inquiry.at_base(importer) or importer), "path", None)
        if path is None or not inquiry.head.snapshot.has_room(path, inquiry.base.snapshot):
            continue
        if path not in inquiry.head.snapshot.files:
            missing.update((path, *(init for init in inquiry.base.packages_above(path) if init not in inquiry.head.snapshot.files)))
        elif name and "." not in name:
            place = settled(relocations.find(module, name, importer) or ())
            if place is not None and _is_enough(place, enough) and ":" in place.name:
                lost[path][name] = place.name
    edits: dict[RepoPath, bytes] = {}
    for path in sorted(missing - done.keys()):
        content = _module(found, path, enough)
        if content is not None:
            edits[path] = content.encode()
    for path, names in sorted(lost.items()):
        source = inquiry.head.programs.source(path)
        if path not in done and source is not None and b"def __getattr__" not in source:
            edits[path] = source.rstrip() + _served(names).encode().replace(b"\n", b"\r\n" if b"\r\n" in source else b"\n")
    return edits


def _module(found: Investigation, path: RepoPath, enough: Certainty) -> str | None:
    """Return the module to put in the place of one that is gone, None where nothing is known to hand on."""
    relocations, candidates = found.relocations, found.relocations.candidates
    old = found.inquiry.base.modules.name_of(path)
    whole = settled(relocations.module(path))
    defined = (name for name in candidates.definitions(path, at_head=False) if "." not in name and not name.startswith("_"))
    names: dict[str, str] = {}
    for name in dict.fromkeys((*candidates.asked(path), *defined)):
        place = settled(relocations.find(old, name, path) or ())
        if place is not None and _is_enough(place, enough) and ":" in place.name:
            names[name] = place.name
    if whole is not None and whole.path is not None and _is_enough(whole, enough):
        module = whole.name
        public = {name: f"{module}:{name}" for name in candidates.definitions(whole.path, at_head=True) if "." not in name and not name.startswith("_")}
        imports = _imports(public | names)
        warning = _WARNING.format(old=old, new=module)
        if path.endswith("/__init__.py"):
            return _MODULE.format(where=module, imports=imports or f"import {module}", warning=warning)
        return _ALIAS.format(new=module, imports=imports or f"import {module}", warning=warning)
    modules = sorted({name.partition(":")[0] for name in names.values()})
    if not names:
        return "" if path.endswith("/__init__.py") else None
    return _MODULE.format(where=f"in {', '.join(modules)}", imports=_imports(names), warning=_WARNING.format(old=old, new=" or ".join(modules)))


def _imports(names: Mapping[str, str]) -> str:
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for name, place in sorted(names.items()):
        module, _, symbol = place.partition(":")
        lines[module].append(name if symbol == name else f"{symbol} as {name}")
    return "\n".join(f"from {module} import {', '.join(parts)}  # noqa: F401" for module, parts in sorted(lines.items()))


def _served(names: Mapping[str, str]) -> str:
    pairs = ", ".join(f'"{name}": ("{place.partition(":")[0]}", "{place.partition(":")[2]}")' for name, place in sorted(names.items()))
    return _SERVED.format(moved=f"{{{pairs}}}")


def _is_enough(place: Place, enough: Certainty) -> bool:
    return _ORDER.index(place.certainty) <= _ORDER.index(enough)
