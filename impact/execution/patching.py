"""Patching by name: which calls do it, what they look up, and what they say when it is not there.

The sources: `unittest.mock` (`_get_target`, `_patch.get_original`), pytest's `monkeypatch` (`derive_importpath`, `resolve`,
`annotated_getattr`), pytest-mock, which hands on to the first.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from impact.programs.paths import Path
from impact.programs.program import Call

_MOCK = "{owner} does not have the attribute {name!r}"
_MONKEYPATCH_OBJECT = "{owner} has no attribute {name!r}"
_MONKEYPATCH_STRING = "{kind!r} object at {where} has no attribute {name!r}"

MAKING = ("unittest.mock.", "mock.")
"""Where those calls are from that make a patcher, which somebody has to start."""

_PATCHERS = frozenset(
    {"unittest.mock.patch", "mock.patch", "mock.mock.patch", "mocker.patch", "class_mocker.patch", "module_mocker.patch", "session_mocker.patch"}
)
# Whatever the fixture, or what the context of one is bound to, is called.
_MONKEYPATCH = re.compile(r"(?:monkeypatch|mp|.*\bMonkeyPatch\b.*)\.(?:setattr|delattr)")


_MOCKS = re.compile(r"(?:(?:unittest\.)?mock|mock\.mock|mocker)\.(?:(?:NonCallable)?(?:Magic)?Mock|AsyncMock|create_autospec)")


@dataclass(frozen=True, slots=True)
class Patch:
    """What a patching call looks up: `names` in the thing that the dotted string `target`, or else the path `owner`, stands for.

    `creates`: a name that is not there is made; `shadows`: that of a builtin is, in a module (`get_original`). `lacks` is the message when the
    owner has no such name; it may use owner, kind, where and name.
    """

    target: str | None
    owner: Path | None
    names: tuple[str, ...]
    lacks: str
    monkeypatch: bool
    creates: bool = False
    shadows: bool = False

    def makes(self, name: str, *, in_module: bool) -> bool:
        """Tell whether a name that is not there is made."""
        return self.creates or (self.shadows and in_module and hasattr(builtins, name))

    def missing(self, owner: str, part: str, *, is_module: bool, is_package: bool = False) -> tuple[str, str]:
        """Return the exception and its message when a part of the dotted target itself is not there."""
        if self.monkeypatch and is_module:
            whole = f"{owner}.{part}"
            why = "" if is_package else f"; {owner!r} is not a package"
            return "ImportError", f"import error in {whole}: No module named {whole!r}{why}"
        what = f"module {owner!r}" if is_module else f"type object {owner.rpartition('.')[2]!r}"
        return "AttributeError", f"{what} has no attribute {part!r}"

    def failing(self, owner: str, part: str, reason: str) -> tuple[str, str]:
        """Return the exception and its message when a module on the way to the target is there and cannot be imported, for a reason."""
        if self.monkeypatch:
            return "ImportError", f"import error in {owner}.{part}: {reason}"
        return "AttributeError", f"module {owner!r} has no attribute {part!r}"


LOOKUP = Patch(None, None, (), "", monkeypatch=False)
"""What only looks a dotted target up: `pkgutil.resolve_name`."""


def find_patch(name: str, call: Call) -> Patch | None:
    """Return what a call patches, None when it is no patching call.

    `name` is the dotted name of what is called, aliases resolved.
    """
    keywords = dict(call.keywords)
    if _MONKEYPATCH.fullmatch(name):
        patch = _monkeypatch(call)
        lenient = keywords.get("raising") == ("False",) or "False" in _third(call)
        return replace(patch, creates=True) if patch is not None and lenient else patch
    base, _, kind = name.rpartition(".")
    if name in _PATCHERS:
        base, kind = name, ""
    if base not in _PATCHERS and name != "mocker.spy":
        return None
    patch = _mock(kind, call, keywords)
    return replace(patch, creates=True) if patch is not None and keywords.get("create") == ("True",) else patch


def find_spec(name: str, call: Call) -> Path | None:
    """Return the path of what a mock has its names from, None when the call makes none, or one that may have any name."""
    if not _MOCKS.fullmatch(name):
        return None
    keywords = dict(call.keywords)
    spec = call.arguments[0] if call.arguments else keywords.get("spec", keywords.get("spec_set"))
    return spec if isinstance(spec, tuple) and "**" not in keywords else None


def _mock(kind: str, call: Call, keywords: Mapping[str, object]) -> Patch | None:
    first = call.arguments[0] if call.arguments else keywords.get("target")
    second = call.arguments[1] if len(call.arguments) > 1 else keywords.get("attribute")
    match kind:
        case "" if isinstance(first, str) and "." in first:
            owner, _, attribute = first.rpartition(".")
            return Patch(owner, None, (attribute,), _MOCK, monkeypatch=False, shadows=True)
        case "object" | "spy" if isinstance(first, tuple) and isinstance(second, str):
            return Patch(None, first, (second,), _MOCK, monkeypatch=False, shadows=kind == "object")
        case "dict" if isinstance(first, str) and "." in first and first != "sys.modules":
            owner, _, attribute = first.rpartition(".")
            return Patch(owner, None, (attribute,), "module {where!r} has no attribute {name!r}", monkeypatch=False)
        case "multiple":
            names = tuple(key for key, _ in call.keywords if key not in ("target", "spec", "create", "spec_set", "autospec", "new_callable", "**"))
            if isinstance(first, str):
                return Patch(first, None, names, _MOCK, monkeypatch=False, shadows=True)
            return Patch(None, first, names, _MOCK, monkeypatch=False, shadows=True) if isinstance(first, tuple) else None
    return None


def _monkeypatch(call: Call) -> Patch | None:
    first = call.arguments[0] if call.arguments else None
    second = call.arguments[1] if len(call.arguments) > 1 else dict(call.keywords).get("name")
    deleting = call.path[-1] == "delattr"
    if isinstance(first, str) and "." in first and (deleting or not isinstance(second, str) or len(call.arguments) == 2):
        owner, _, attribute = first.rpartition(".")
        return Patch(owner, None, (attribute,), _MONKEYPATCH_STRING, monkeypatch=True)
    if isinstance(first, tuple) and isinstance(second, str):
        return Patch(None, first, (second,), attribute_message(deleting), monkeypatch=True)
    return None


def attribute_message(deleting: bool) -> str:
    """Return what monkeypatch says of an object that lacks the name: `delattr` names the attribute alone.

    >>> attribute_message(True), attribute_message(False)
    ('{name}', '{owner} has no attribute {name!r}')
    """
    return "{name}" if deleting else _MONKEYPATCH_OBJECT


def _third(call: Call) -> tuple[str, ...]:
    """Return the positional `raising` of `monkeypatch.delattr(obj, name, False)` and `setattr(obj, name, value, False)`."""
    index = 2 if call.path[-1] == "delattr" else 3
    given = call.arguments[index] if len(call.arguments) > index else None
    return given if isinstance(given, tuple) else ()
