"""Calls that name something by a text: imports by string, and options of pytest."""

from __future__ import annotations

from collections.abc import Mapping

from impact.execution.idling import Idling
from impact.execution.values import ModuleValue, Raised, Skip, catches
from impact.execution.world import Frame
from impact.modules import File
from impact.names import parent_of
from impact.programs.program import Call
from impact.report import ReferenceKind


class Named(Idling):
    """Follows texts."""

    def spelled(self, statement: Call, frame: Frame) -> Call:
        """Return a call with the names of modules in its first argument as they are."""
        first = statement.arguments[0] if statement.arguments else None
        if not isinstance(first, str) or "\0" not in first:
            return statement
        return statement._replace(arguments=(self.spell(first, frame), *statement.arguments[1:]))

    def spell(self, text: str, frame: Frame) -> str | None:
        """Return a text with the names of modules in it as they are (`paths.NAME_OF`), None where one is not known."""
        parts: list[str | None] = list(text.split("\0"))
        for index in range(1, len(parts), 2):
            module = self.quiet(tuple(str(parts[index]).split(".")), frame) if parts[index] else frame.module
            parts[index] = module.name if isinstance(module, ModuleValue) else None
        return None if None in parts else "".join(part for part in parts if part)

    def option(self, statement: Call, name: str, keywords: Mapping[str, object], frame: Frame) -> None:
        """Ask for an option of pytest. Raises Raised for one that nobody defines any more, or Skip where the call says so."""
        if statement.path[-1] == "getini":
            text = f"ValueError: unknown configuration value: {name!r}" if name in self.world.lost_inis else None
        else:
            text = f"ValueError: no option named {name!r}" if name in self.world.lost_options else None
            if len(statement.arguments) > 1 or "default" in keywords:
                return
        if text is None:
            return
        raised = self.fail(frame, statement.line, statement.column, ReferenceKind.STRING, name, "ValueError", text)
        if keywords.get("skip") == ("True",):
            raised.event.handled = "guarded"
            raise Skip(f"no {name!r} option found", raised)
        raise raised

    def importorskip(self, statement: Call, name: str, keywords: Mapping[str, object], frame: Frame) -> None:
        """Import a module or skip: where it, or one that it imports, is not there; for any `ImportError` if told so (as pytest 9.1 has it)."""
        given = keywords.get("exc_type")
        skips = given[-1] if isinstance(given, tuple) else "ModuleNotFoundError"
        try:
            frame.result = self.import_name(name, frame, statement, ReferenceKind.STRING)
        except Raised as raised:
            if not catches(skips, raised.kind):
                raise
            raised.event.handled = raised.event.handled or "guarded"
            raise Skip(f"could not import {name!r}: {raised.text.partition(': ')[2]}", raised) from None
        wanted = keywords.get("minversion") or (statement.arguments[1] if len(statement.arguments) > 1 else None)
        module = frame.result
        if wanted is not None and isinstance(module, ModuleValue) and self.attribute(module, "__version__") is None and not self.is_uncertain(module):
            cause = self.fail(frame, statement.line, statement.column, ReferenceKind.STRING, f"{name}:__version__", "AttributeError", "")
            cause.event.handled = "guarded"
            raise Skip(f"module {name!r} has __version__ None, required is: {wanted!r}", cause)

    def import_by_name(self, statement: Call, name: str, keywords: Mapping[str, object], frame: Frame) -> None:
        """Import a module that is named by a text, by dots perhaps (PEP 328, `importlib.import_module`)."""
        package = keywords.get("package") or (statement.arguments[1] if len(statement.arguments) > 1 else None)
        if name.startswith("."):
            level = len(name) - len(name.lstrip("."))
            base = package if isinstance(package, str) else ""
            if package == ("__package__",):
                base = frame.module.name if isinstance(frame.module.location, File) and frame.module.location.package else parent_of(frame.module.name)
            for _ in range(level - 1):
                base = parent_of(base)
            if not base:
                return
            name = f"{base}.{name[level:]}".rstrip(".")
        frame.result = self.import_name(name, frame, statement, ReferenceKind.STRING)
