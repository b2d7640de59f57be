"""Special methods: what an instance needs to be called, entered or iterated over, and what Python says where its class lost that.

Source: the Python reference ("Special method names"); the words are those of `Python/ceval.c` and `Objects/abstract.c`.
"""

from __future__ import annotations

from dataclasses import replace

from impact.execution.brought import brought_by
from impact.execution.values import ClassValue, External, Instance, Value
from impact.execution.warned import Warned
from impact.execution.world import Frame
from impact.report import ReferenceKind

_SAID = {
    "__call__": "{0!r} object is not callable",
    "__enter__": "{0!r} object does not support the context manager protocol",
    "__exit__": "{0!r} object does not support the context manager protocol (missed __exit__ method)",
    "__aenter__": "{0!r} object does not support the asynchronous context manager protocol",
    "__aexit__": "{0!r} object does not support the asynchronous context manager protocol (missed __aexit__ method)",
    "__iter__": "{0!r} object is not iterable",
    "__next__": "{0!r} object is not an iterator",
    "__len__": "object of type {0!r} has no len()",
}
SPECIAL_METHODS = tuple(_SAID)
# The builtins that ask their first argument for one; some take another in its place.
ASKING = {
    "len": "__len__",
    "next": "__next__",
    **dict.fromkeys(("iter", "list", "tuple", "set", "frozenset", "sorted", "enumerate", "sum", "any", "all"), "__iter__"),
}
_INSTEAD = {"__iter__": "__getitem__"}


class Specials(Warned):
    """Asks instances for what the syntax asks of them."""

    def brings(self, owner: ClassValue, name: str) -> bool | None:
        """Tell whether instances of a class have a special method, None where something that is not known may bring it."""
        line = self.line_of(owner)
        if any(name in one.members for one in line):
            return True
        for one in line:
            for base in one.bases:
                forced = self.force(base) if base is not None else None
                brought = brought_by(forced.name) if isinstance(forced, External) else None
                if one.open or not (isinstance(forced, ClassValue) or brought is not None):
                    return None
                if brought is not None and name in brought.has:
                    return True
        return None if owner.open or any(one.decorators for one in line) else False

    def meet(self, held: Instance, name: str, place: tuple[int, int], frame: Frame) -> None:
        """Run a special method of an instance. Raises Raised where it is known to fail."""
        raise NotImplementedError

    def ask(self, value: Value | None, name: str, place: tuple[int, int], frame: Frame) -> None:
        """Ask an instance for a special method. Raises Raised where its class certainly had it, and does not any more."""
        if value is None or name not in self.world.words:
            return
        held = self.settle(value)
        if not isinstance(held, Instance) or held.mock or held.below:
            return
        self.meet(held, name, place, frame)
        if not self.lost(held.of, name):
            return
        if self.brings(held.of, name) is not False or (name in _INSTEAD and self.brings(held.of, _INSTEAD[name]) is not False):
            return
        text = f"TypeError: {_SAID[name].format(held.of.name.rpartition('.')[2])}"
        where = frame if held.sure else replace(frame, certain=False)
        raised = self.fail(where, *place, ReferenceKind.ATTRIBUTE, f"{self.module_name(held.of.path)}:{held.of.name}.{name}", "TypeError", text)
        raised.event.by = held.by
        if held.sure:
            raise raised
