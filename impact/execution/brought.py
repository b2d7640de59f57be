"""What bases outside the project bring: the names that classes of the standard library have, and those that their instances may have besides.

The classes are those of the Python that `impact` runs on, taken from modules that do nothing as they are imported; nothing else that is
installed is looked at.
"""

from __future__ import annotations

import importlib
from enum import Enum, Flag, IntEnum, IntFlag, StrEnum
from functools import lru_cache
from types import FunctionType
from typing import NamedTuple

_MODULES = frozenset({
    "abc", "argparse", "ast", "asyncio", "builtins", "cmd", "code", "codecs", "collections", "collections.abc", "concurrent.futures", "configparser",
    "contextlib", "csv", "datetime", "decimal", "email.message", "email.policy", "fractions", "functools", "html.parser", "http.server", "importlib.abc",
    "io", "json", "json.decoder", "json.encoder", "logging", "logging.handlers", "numbers", "optparse", "pathlib", "pickle", "pprint", "queue", "random",
    "socketserver", "string", "threading", "typing", "unittest", "urllib.request", "uuid", "weakref",
})  # fmt: skip
_ENUMERATIONS = frozenset({"name", "value", "_name_", "_value_", "_missing_"})
_SPECIAL = {
    **{f"enum.{one.__name__}": frozenset(dir(one)) | _ENUMERATIONS for one in (Enum, IntEnum, StrEnum, Flag, IntFlag)},
    "typing.NamedTuple": frozenset(dir(tuple)) | {"_asdict", "_replace", "_fields", "_make", "_field_defaults"},
    "typing.Protocol": frozenset[str](),
    "typing.Generic": frozenset[str](),
}
# Written in C, and without a sign of it: an instance has what any thread gives it.
_OPEN = frozenset({"threading.local"})
# What a constructor says in its code that gives an instance whatever it is handed.
_GIVING = frozenset({"setattr", "__setattr__", "__dict__", "vars"})


class Brought(NamedTuple):
    """`has`: the names that a class has for its heirs; `may_have`: those, and others that instances may get from its methods."""

    has: frozenset[str]
    may_have: frozenset[str]


@lru_cache(maxsize=1000)
def brought_by(name: str) -> Brought | None:
    """Return what a class outside the project brings, by its dotted name; None where that is not known, or may be anything.

    >>> "start" in brought_by("threading.Thread").has, "fetch" in brought_by("threading.Thread").may_have, brought_by("argparse.Namespace")
    (True, False, None)
    """
    if name in _SPECIAL:
        return Brought(_SPECIAL[name], _SPECIAL[name])
    module, _, short = name.rpartition(".")
    module = module or "builtins"
    if module not in _MODULES or not short.isidentifier():
        return None
    try:
        found = getattr(importlib.import_module(module), short, None)
    except ImportError:  # a Python that was built without it
        return None
    found = getattr(found, "__origin__", found)  # `typing.Mapping` stands for `collections.abc.Mapping`
    if not isinstance(found, type):
        return None
    line = [one for one in found.__mro__ if one is not object]
    if name in _OPEN or any(isinstance(vars(one).get(hook), FunctionType) for one in line for hook in ("__getattr__", "__getattribute__")):
        return None
    functions = [one for owner in line for one in vars(owner).values() if isinstance(one, FunctionType)]
    if any(one.__name__ == "__init__" and not _GIVING.isdisjoint(one.__code__.co_names) for one in functions):
        return None
    has = frozenset(dir(found))
    return Brought(has, has.union(*(one.__code__.co_names for one in functions)))
