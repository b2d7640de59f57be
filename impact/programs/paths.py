"""Paths: what stands for a thing that a statement names, dotted or made (see `impact.programs.program`)."""

from __future__ import annotations

from typing import TypeAlias

Path: TypeAlias = tuple[str, ...]
RESULT: Path = ("()",)
"""As the value of a `Bind`: what the `Call` just before it returned."""

ENTERED: Path = ("()", "__enter__")
"""As the value of a `Bind`: what entering the context gives that the `Call` just before it returned."""

NONE: Path = ("None",)
"""As the value of a `Bind`: the constant."""

NAME_OF = "\0{}\0"
"""In a text: the name of the module that a path stands for."""

ANY = "*"
"""As the last part of the path of a `SetAttribute`: a name that is computed."""
INSTANCE = "()"
"""As the last part of a path: not a class itself, but an instance of it, or what a call of a function gives."""

SEVERAL = "[]"
"""As the last part of a path: several of what the rest stands for, in a sequence."""

TABLE = "{}"
"""As the last part of a path: several of what the rest stands for, as the values of a table."""

ROW = "(,)"
"""As the first part of a path: things of several kinds, in a row; the other parts are the paths of these, `WITHIN` stands between theirs."""

WITHIN = "\x1f"

ONE = "[0]"
"""As the last part of a path: what an index gives that is not known."""

INDEXED = "#{}"
"""As the last part of a path: what an index gives, with the number."""

EACH = "[*]"
"""As the last part of a path: what a loop gives, one after the other."""

VALUES = "{*}"
"""As the last part of a path: what a loop over the values of a table gives."""

UNPACKED = "*{}"
"""As the last part of a path: what is at a place when it is unpacked, with the number."""

ALIKE = "[:]"
"""As the last part of a path: another sequence of the same things."""

RETURNED = "return"
"""Among the annotations of a function, as in Python's own: what it hands to its caller."""
