"""What a source sets, patches and says, by the look of it: patterns over bytes, where a parse would tell no more."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

from impact.programs.blocks import statements_of
from impact.programs.functions import body_of
from impact.programs.paths import ANY
from impact.programs.program import Function, SetAttribute

# As `assigning` has it, for any name.
_ASSIGNED = re.compile(rb"(?<!\bself)(?<!\bcls)\.([A-Za-z_\x80-\xff][\w\x80-\xff]*)(?=\s*(?::[^=\n]+)?=(?!=))")
_SELVES = frozenset({"self", "cls", "obj", "instance"})


@lru_cache(maxsize=1000)
def assigning(name: str) -> re.Pattern[bytes]:
    """Return the pattern of an assignment to an attribute of a name, but for what methods call themselves and their class."""
    dotted = rb"\." + re.escape(name.encode())  # first, as it is: so much faster is it found
    return re.compile(dotted + rb"(?<!\bself" + dotted + rb")(?<!\bcls" + dotted + rb")\s*(?::[^=\n]+)?=(?!=)")


def assigned_in(source: bytes) -> set[str]:
    """Return the names of the attributes that a source assigns: those that `assigning` finds there.

    >>> sorted(assigned_in(b"one.a = 1; one.b: int = 2; self.c = 3; one.d == 4"))
    ['a', 'b']
    """
    return {name.decode("utf-8", "replace") for name in _ASSIGNED.findall(source)}


@lru_cache(maxsize=1000)
def setting(dotted: str) -> re.Pattern[bytes]:
    """Return the pattern of an assignment to what a dotted path stands for."""
    return re.compile(rb"(?<![\w.])" + re.escape(dotted.encode()) + rb"\s*(?::[^=\n]+)?=(?!=)")


@lru_cache(maxsize=256)
def says(source: bytes, name: str) -> bool:
    """Tell whether a source says a name, or what gives or serves names that are computed."""
    words = (name.encode(), b"setattr", b"__getattr__", b"__getattribute__")
    return any(word in source and re.search(rb"\b" + re.escape(word) + rb"\b", source) is not None for word in words)


@lru_cache(maxsize=1000)
def configuring(name: str) -> re.Pattern[bytes]:
    """Return the pattern of what gives a mock an attribute: an assignment, or a keyword or key of the call that makes or configures it."""
    return re.compile(rb"\b" + re.escape(name.encode()) + rb"(?:[\w.]*[\"']\s*:|\s*(?::[^=\n]+)?=(?!=))")


@lru_cache(maxsize=1000)
def patching(name: str) -> re.Pattern[bytes]:
    """Return the pattern of a patch of an attribute (`patch.object(one, "x")`, `setattr(one, "x", …)`)."""
    return re.compile(rb"\b(?:object|setattr)\([^\n]*[\"']" + re.escape(name.encode()) + rb"[\"']")


def sets(function: Function, name: str, selves: AbstractSet[str] = _SELVES) -> bool:
    """Tell whether a method may give its instance, or its class, a name."""
    if "__dict__" in function.text or "__setattr__" in function.text:
        return True
    if name not in function.text and "setattr" not in function.text:
        return False
    return any(
        isinstance(statement, SetAttribute) and len(statement.path) == 2 and statement.path[0] in selves and statement.path[1] in (name, ANY)
        for statement in statements_of(body_of(function))
    )


@lru_cache(maxsize=20_000)
def set_by(own: str, text: str) -> frozenset[str]:
    """Return the attributes that the text of a method assigns to its instance, which it calls `own`; both ends have most methods alike."""
    return frozenset(re.findall(rf"\b{own}\.(\w+)\s*(?::[^=\n]+)?=(?!=)", text)) if "=" in text else frozenset()
