"""Calls that matter to a name: imports by string, skips, patches, and functions of the project that are known to fail."""

from __future__ import annotations

import re
from collections.abc import Mapping

from impact.execution.callables import run_by
from impact.execution.entering import Entering
from impact.execution.patching import LOOKUP, MAKING, Patch, find_patch, find_spec
from impact.execution.specials import ASKING
from impact.execution.values import (
    Absent,
    Caught,
    ClassValue,
    Data,
    External,
    FunctionValue,
    Instance,
    Lazy,
    ModuleValue,
    Part,
    Raised,
    Result,
    Row,
    Several,
    Skip,
    Value,
)
from impact.execution.world import Frame
from impact.programs.passes import ALIKE_CALLS
from impact.programs.paths import ALIKE, EACH, Path
from impact.programs.program import Call, ClassDef, Function, Load
from impact.programs.signatures import Arguments
from impact.report import ReferenceKind

EXPECTS = frozenset({"pytest.raises", "_pytest.python_api.raises"})
EXPECTING = frozenset({"assertRaises", "assertRaisesRegex"})
"""Methods of a test case that expect an exception."""
_COPIES = frozenset({"attr.evolve", "attrs.evolve", "copy.replace", "dataclasses.replace"})
# What gives back what it is given, or one just like it.
_GIVING = frozenset({"staticmethod", "asyncio.run", "copy.copy", "copy.deepcopy", "importlib.reload"})
# What gives a sequence of the things that it is given, or the first of them.
_GIVEN = {**dict.fromkeys(ALIKE_CALLS, ALIKE), "next": EACH}
# Methods of sequences and tables that exchange what these hold.
_CHANGING = frozenset({"add", "append", "clear", "extend", "insert", "pop", "remove", "reverse", "setdefault", "sort", "update"})
_ENDS = frozenset({"pytest.fail", "pytest.exit", "pytest.xfail", "sys.exit"})
_HOOK = "__init_subclass__"
# How pytest's configuration is asked for an option.
_ASKING = frozenset({"getini", "getoption", "getvalue"})
# Decorators that run what they decorate whatever is there, and marks that may not.
HARMLESS = ("pytest.mark.", "pytest.fixture", "unittest.mock.", "mock.", "staticmethod", "classmethod", "property")
_SKIPPING = ("pytest.mark.skip", "pytest.mark.xfail")
_SKIPS = re.compile(r"\bskip(?:Test)?\(")


class Calling(Entering):
    """Follows calls."""

    def inherit(self, init: FunctionValue, statement: Call, frame: Frame) -> None:
        """Note what a constructor gives its instance which another one calls that is run to see what it gives."""
        raise NotImplementedError

    def call_statement(self, statement: Call, frame: Frame) -> bool:
        """Run a call; return whether what follows it is reached."""
        frame.result = None
        value = self.quiet(statement.path, frame)
        value = self.tool(value)
        if isinstance(value, Part | Result) and self.may_matter(value, statement.path):
            made = self.settle(value)
            value = made if isinstance(made, ClassValue | FunctionValue) else value
        statement = self.spelled(statement, frame)
        if not frame.function and statement.path[0] != "__all__" and isinstance(value, FunctionValue | Lazy | Data | Part):
            frame.module.busy.append(value)
        handed = self.handed(statement, frame) if frame.function else {}
        if isinstance(value, Lazy) and (handed or not (self.world.words | self.world.narrower).isdisjoint((*statement.path, value.name))):
            value = self.force(value)
        if isinstance(value, Absent):
            self.without(value, "TypeError: 'NoneType' object is not callable", statement, frame)
            return True
        if isinstance(value, Data) and value.none and not frame.function and len(statement.path) == 1 and not self.is_either(statement.path, frame):
            if frame.certain and not frame.after_failure and not self.tolerate(frame, f"{frame.module.name}:{value.name}"):
                text, target = "TypeError: 'NoneType' object is not callable", f"{frame.module.name}:{value.name}"
                raise self.fail(frame, statement.line, statement.column, ReferenceKind.CALL, target, "TypeError", text)
            return True
        if statement.path[-1] in _CHANGING:
            self.forget(statement.path[:-1], frame)
        self.ask(value, "__call__", (statement.line, statement.column), frame)
        name = value.name if isinstance(value, External) else ".".join(statement.path)
        first = statement.arguments[0] if statement.arguments else None
        keywords = dict(statement.keywords)
        if frame.function:
            self.hand_on(name, statement, frame)
        if name in ASKING and isinstance(first, tuple):
            self.ask(self.quiet(first, frame), ASKING[name], (statement.line, statement.column), frame)
        if name == "pytest.skip" and (frame.function or keywords.get("allow_module_level") == ("True",)):
            raise Skip(first if isinstance(first, str) else "skipped")
        if name == "super" and len(statement.arguments) in (0, 2):
            frame.result = self._above(first if isinstance(first, tuple) else None, frame)
        elif name in EXPECTS or name.rpartition(".")[2] in EXPECTING:
            frame.result = self._caught(name, statement, frame) or External(f"{name}()")
        elif (spec := find_spec(name, statement)) is not None:
            frame.result = self._mocked(spec, frame) or External(f"{name}()")
        elif name in _GIVING and isinstance(first, tuple):
            frame.result = self.quiet(first, frame)
        elif name == "type" and isinstance(value, External) and isinstance(first, tuple) and len(statement.arguments) == 1:
            asked = self.quiet(first, frame)
            held = self.settle(asked) if asked is not None else None
            of = self.class_of(held, first) if isinstance(held, Instance) else None
            frame.result = of if of is not None else External("type()")
        elif isinstance(value, External) and name in _GIVEN and isinstance(first, tuple):
            frame.result = self.quiet((*first, _GIVEN[name]), frame)
        elif isinstance(value, External):
            frame.result = (self.named_tuple(statement, frame) if name == "collections.namedtuple" else None) or External(f"{name}()")
        elif isinstance(value, FunctionValue | Lazy | Part | Result) and not self.is_either(statement.path, frame):
            frame.result = Result(value, self.quiet(statement.path[:-1], frame) if len(statement.path) > 1 else None)
        patch = find_patch(name, statement)
        if patch is not None:
            # A patch looks its target up when it is entered: as a decorator on the module's level, that is when the test runs.
            if frame.function:
                self._patch(patch, statement, frame, made=name.startswith(MAKING))
            return True
        if statement.path[-1] in _ASKING and isinstance(first, str):
            self.option(statement, first, keywords, frame)
            return True
        if name in _ENDS or (statement.path[0] == "self" and statement.path[1:] in (("fail",), ("skipTest",))):
            return self._ended(name, statement, frame)
        if name.startswith("warnings."):
            self.warn(name, statement, frame)
        elif name == "pytest.importorskip" and isinstance(first or keywords.get("modname"), str):
            self.importorskip(statement, str(first or keywords.get("modname")), keywords, frame)
        elif name in ("importlib.import_module", "__import__") and isinstance(first, str):
            self.import_by_name(statement, first, keywords, frame)
        elif name == "pkgutil.resolve_name" and isinstance(first, str):
            module, _, rest = first.partition(":")
            there = self.import_name(module, frame, statement, ReferenceKind.STRING) if rest else None
            if isinstance(there, ModuleValue) and module in self.left and self.attribute(there, rest.partition(".")[0]) is not None:
                return True
            self.resolve_by_name(LOOKUP, first.replace(":", "."), statement, frame)
        elif statement.path[-1] == "_replace" and len(statement.path) > 1:
            self.exchange(statement, frame)
        elif name in _COPIES and isinstance(first, tuple):
            self._copy(first, statement, frame)
        elif statement.path[-1] == "__init__" and len(statement.path) > 1 and frame.function:
            self._initialize(statement, frame)
        elif isinstance(value, FunctionValue):
            self.hand_over(value, statement, frame)
            self.enter((value.path, value.key), handed, statement, frame)
        elif isinstance(value, ClassValue):
            self.hand_over(value, statement, frame)
            frame.result = Instance(value, sure=not self.is_either(statement.path, frame), made=self.made_with(value, statement, frame))
            self._run_constructor(value, handed, statement, frame)
        return True

    def forget(self, path: Path, frame: Frame) -> None:
        """Forget what a sequence or a table holds that a name stands for: it is exchanged."""
        held = self.bindings(frame).get(path[0]) if len(path) == 1 else None
        settled = self.settle(held) if isinstance(held, Part | Result) else held
        if isinstance(settled, Several | Row) or (isinstance(settled, Data) and settled.constant is not None):
            self.put(path[0], Data(frame.module.path, path[0]), frame)

    def _above(self, named: Path | None, frame: Frame) -> Instance | None:
        """Return what `super()` asks: the bases of the class that a method stands in, or of the one that is named."""
        inside = tuple(frame.runs.owner.split(".")) if frame.runs is not None and frame.runs.owner else None
        path = named or inside
        owner = self.quiet(path, frame if named else Frame(frame.module)) if path is not None else None
        owner = self.force(owner) if owner is not None else None
        return Instance(ClassValue(owner.path, "super", {}, owner.bases, owner.open)) if isinstance(owner, ClassValue) else None

    def _patch(self, patch: Patch, statement: Call, frame: Frame, *, made: bool) -> None:
        """Enter a patch; one that is `made` has to be started, and some never are."""
        try:
            self.patched(patch, statement, frame)
        except Raised as raised:
            if not made or not self.is_dropped(statement, frame):
                raise
            raised.event.handled = "guarded"

    def _copy(self, path: Path, statement: Call, frame: Frame) -> None:
        """Make an instance like another, with some fields replaced. Raises Raised where its class has such a field no longer."""
        like = self.quiet(path, frame)
        if isinstance(like, Instance):
            self.hand_over(like.of, statement, frame, copied=True)
            frame.result = Instance(like.of)

    def _initialize(self, statement: Call, frame: Frame) -> None:
        """Call the constructor of a base on an instance that is being made: `super().__init__(…)`, or `Base.__init__(self, …)`."""
        above = self.quiet(statement.path[:-1], frame)
        base = above
        if isinstance(above, Instance):  # what `super()` gives; of several bases, the class of the instance says which comes next
            base = above.of.bases[0] if above.of.name == "super" and len(above.of.bases) == 1 else None
        if isinstance(base, Lazy) and (base.name in self.world.words or base.name in self.world.narrower):
            base = self.force(base)
        if isinstance(base, ClassValue):
            self.hand_over(base, statement, frame, filled=isinstance(above, ClassValue))
            self._run_constructor(base, {}, statement, frame)

    def _run_constructor(self, owner: ClassValue, handed: Mapping[int | str, Value], statement: Call, frame: Frame) -> None:
        new = self.method_of(owner, "__new__")
        if isinstance(new, FunctionValue):
            self.enter((new.path, new.key), {}, statement, frame, owner)
        if (init := run_by(self, owner)) is not None:
            if frame.sets is not None:
                self.inherit(init, statement, frame)
            self.enter((init.path, init.key), handed, statement, frame, owner)

    def _caught(self, name: str, statement: Call, frame: Frame) -> Caught | None:
        """Return what a context gives that expects one exception of the project."""
        first = statement.arguments[0] if len(statement.arguments) == 1 + name.endswith("Regex") else None
        owner = self.quiet(first, frame) if isinstance(first, tuple) else None
        return Caught(owner) if isinstance(owner, ClassValue) else None

    def _mocked(self, spec: Path, frame: Frame) -> Instance | None:
        """Return a mock that has the names of a class of the project, or of one of its instances."""
        owner = self.quiet(spec, frame)
        owner = owner.of if isinstance(owner, Instance) and not owner.mock else owner
        return Instance(owner, mock=True) if isinstance(owner, ClassValue) else None

    def make_heir(self, heir: ClassValue, statement: ClassDef, frame: Frame) -> None:
        """Hand a class that was just made to the `__init_subclass__` of those above it. Raises Raised where that fails, or takes its keywords no longer."""
        if _HOOK not in self.world.words and _HOOK not in self.world.narrower:
            return
        for base in heir.bases:
            above = self.force(base) if base is not None else None
            hook = self._hook_of(above) if isinstance(above, ClassValue) else None
            if hook is not None:
                if "**" not in statement.keywords:
                    self.judge(hook, Arguments(0, statement.keywords), "class", statement, frame)
                self.enter((hook.path, hook.key), {}, Call((statement.name, _HOOK), (), (), statement.line, 0), frame, heir)
                return

    def _hook_of(self, owner: ClassValue) -> FunctionValue | None:
        for one in self.line_of(owner):
            if _HOOK in one.members:
                found = one.members[_HOOK]
                return found if isinstance(found, FunctionValue) else None
        return None

    def without(self, value: Absent, text: str, statement: Load | Call, frame: Frame) -> None:
        """Ask None for what only the thing has that it stands for. Raises Raised where that is certain: nothing before may have left the block, or skipped."""
        if frame.certain and not frame.left and not (frame.runs and self._may_be_skipped(frame.runs, frame)):
            target = value.raised.event.target
            kind = ReferenceKind.NAME if isinstance(statement, Call) else ReferenceKind.ATTRIBUTE
            raise self.fail(frame, statement.line, statement.column, kind, target, text.partition(":")[0], text)

    def _may_be_skipped(self, function: Function, frame: Frame) -> bool:
        """Tell whether a mark, a decorator or a fixture of the file may keep pytest from running a function where something is not there."""
        for decorator in function.decorators:
            name = self.canonical(decorator.path, frame)
            if not name.startswith(HARMLESS) or name.startswith(_SKIPPING):
                return True
        source = self.world.programs.source(frame.module.path) or b""
        if b"pytestmark" in source and b"skip" in source:
            return True
        others = self.world.programs.functions(frame.module.path).values() if b"skip(" in source or b"skipTest(" in source else ()
        return any(_SKIPS.search(one.text) for one in others if one.key != function.key and not one.name.startswith("test"))

    def _ended(self, name: str, statement: Call, frame: Frame) -> bool:
        message = statement.arguments[0] if statement.arguments else None
        if name == "self.skipTest":
            raise Skip(message if isinstance(message, str) else "skipped")
        if frame.handling is not None and name in ("pytest.fail", "self.fail"):
            kind = "Failed" if name == "pytest.fail" else "AssertionError"
            text = f"{kind}: {message}" if isinstance(message, str) else frame.handling.text
            raise Raised(kind, text, frame.handling.event, frame.handling.trace, certain=frame.certain)
        return False
