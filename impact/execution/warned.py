"""Warnings that the code gives while it runs, where they are errors: each is an exception like any other, unless somebody catches warnings.

Sources: the documentation of `warnings`, and of pytest ("How to capture warnings", `recwarn`, `pytest.warns`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from impact.discovery.warning_filters import lineage
from impact.execution.replacing import Replacing
from impact.execution.values import ClassValue, Data, External, FunctionValue, Instance, Lazy, ModuleValue, Part, Raised, Result
from impact.execution.world import Frame, World
from impact.names import RepoPath
from impact.programs.paths import Path
from impact.programs.program import Call, FromImport, Function, Load
from impact.programs.signatures import first_at
from impact.report import ReferenceKind

_FILTERS = frozenset({"warnings.simplefilter", "warnings.filterwarnings", "warnings.resetwarnings"})
_DEPRECATED = frozenset({"warnings.deprecated", "typing_extensions.deprecated"})
TOUCHES_WARNINGS = re.compile(r"\b(?:catch_warnings|simplefilter|filterwarnings|resetwarnings|warns|deprecated_call|assertWarns\w*|recwarn)\b")
"""What a function has in its text that may keep warnings from being errors."""


class Warned(Replacing):
    """Gives warnings. `_filtered`: the filters that hold are not those of the settings any more."""

    def __init__(self, world: World, suspects: set[RepoPath], *, strict: bool = False) -> None:
        super().__init__(world, suspects, strict=strict)
        self.filtered = False

    def warn(self, name: str, statement: Call, frame: Frame) -> None:
        """Follow a call of `warnings`. Raises Raised where warnings are errors."""
        if name in _FILTERS:
            self.filtered = self.filtered or not self.catching
        if name != "warnings.warn" or self.catching or frame.after_failure:
            return
        keywords = dict(statement.keywords)
        text = statement.arguments[0] if statement.arguments else keywords.get("message")
        given = statement.arguments[1] if len(statement.arguments) > 1 else keywords.get("category", ("UserWarning",))
        message = text if isinstance(text, str) else None
        is_text = message is not None or "category" in keywords or len(statement.arguments) > 1
        if not is_text:  # it may be a warning of its own class
            made, said = first_at(self.world.programs.source(frame.module.path) or b"", statement.path, statement.line, statement.column)
            is_text = made == ("str",)
            if made and not is_text:
                given, message = made, said
        categories = self._categories(given, frame) if isinstance(given, tuple) else ()
        if not categories:
            return
        here = frame.module.name if "stacklevel" not in keywords and len(statement.arguments) < 3 else None
        raises = self.world.warning_raises(frame.module.path, categories, message, here)
        if raises is False:
            return
        certain = raises is True and not self.filtered and (is_text or message is not None)
        where = frame if certain else replace(frame, certain=False)
        line = self._shown(given, frame) + (f": {message}" if message is not None else "")
        raised = self.fail(where, statement.line, statement.column, ReferenceKind.NAME, f"warn {categories[0]}", categories[0], line)
        raised.event.warns = categories
        if certain:
            raise raised

    def may_warn(self, function: Function, path: RepoPath) -> bool:
        """Tell whether a function may give a warning that is an error there."""
        if "warn(" not in function.text or self.catching:
            return False
        return any(self.world.warning_raises(path, lineage(one), None, None) is not False for one in ("DeprecationWarning", "UserWarning", "FutureWarning"))

    def announce(self, module: ModuleValue, name: str, statement: Load | FromImport, frame: Frame) -> None:
        """Give the warning that the `__getattr__` of a module has for a name. Raises Raised where it is an error."""
        known = module.announced[name]
        if lineage(known.category):
            category = (known.category,)
            call = Call(("warnings", "warn"), (known.text, category), (("stacklevel", None),), statement.line, statement.column)
            self.warn("warnings.warn", call, frame)

    def warn_of(self, function: Function, module: ModuleValue, frame: Frame) -> None:
        """Give the warning of a function that is marked as deprecated (PEP 702). Raises Raised where it is an error."""
        for one in function.decorators:
            if isinstance(one, Call) and one.path[-1] == "deprecated" and self.canonical(one.path, Frame(module)) in _DEPRECATED:
                text = one.arguments[0] if one.arguments else None
                category = dict(one.keywords).get("category", ("DeprecationWarning",))
                if category != ("None",):
                    self.warn("warnings.warn", one._replace(arguments=(text, category), keywords=(("stacklevel", None),)), frame)

    def _categories(self, path: Path, frame: Frame) -> tuple[str, ...]:
        """Return the names of a class of warnings and of those above it; none where it is not known to be one."""
        value = self.quiet(path, frame)
        owner = self.force(value) if value is not None else None
        if not isinstance(owner, ClassValue):
            return lineage(owner.name) if isinstance(owner, External) else ()
        bases = [self.force(base) for one in self.line_of(owner) for base in one.bases if base is not None]
        above = [names for base in bases if isinstance(base, External) and (names := lineage(base.name))]
        return tuple(dict.fromkeys([*(one.name for one in self.line_of(owner)), *(name for names in above for name in names)])) if above else ()

    def _shown(self, path: object, frame: Frame) -> str:
        """Return what Python calls the class of a warning."""
        value = self.quiet(path, frame) if isinstance(path, tuple) else None
        owner = self.force(value) if value is not None else None
        return f"{self.module_name(owner.path)}.{owner.name}" if isinstance(owner, ClassValue) else owner.name if isinstance(owner, External) else "UserWarning"

    def keeps_warnings(self, context: Call, name: str, frame: Frame) -> bool:
        """Tell whether a `with` block may catch warnings: by what its context is called, or by what a function of the project does for it."""
        if "warn" in name.lower() or "deprecat" in name.lower():
            return True
        value = self.quiet(context.path, frame)
        value = self.force(value) if isinstance(value, Lazy) else value
        if isinstance(value, Data | Part | Result | Instance):
            return True
        function = self.world.programs.functions(value.path).get(value.key) if isinstance(value, FunctionValue) else None
        return function is not None and TOUCHES_WARNINGS.search(function.text) is not None

    def is_kept(self, raised: Raised) -> bool:
        """Tell whether an exception is a warning that the code around it catches, or lets pass."""
        return bool(raised.event.warns) and (self.catching > 0 or self.filtered)
