"""What a call hands over, held against what its callee takes: at base, and now."""

from __future__ import annotations

from dataclasses import replace

from impact.execution.callables import callee_of, qualified
from impact.execution.specials import Specials
from impact.execution.values import ClassValue, External, FunctionValue, Instance, Value
from impact.execution.world import Frame
from impact.programs.paths import Path
from impact.programs.program import Call, ClassDef
from impact.programs.signatures import Arguments, arguments_at
from impact.report import ReferenceKind

# Calls that keep or look at what they are handed, or put it in the place of something else.
_KEEPING = frozenset({
    "callable", "delattr", "getattr", "hasattr", "id", "isinstance", "issubclass", "iscoroutinefunction", "isfunction", "len", "parametrize", "print", "repr",
    "setattr", "setitem", "signature", "str", "type", "update_wrapper", "wraps",
})  # fmt: skip
_MOCKING = ("unittest.mock.", "mock.", "mocker.", "inspect.")


class Handing(Specials):
    """Judges the arguments of calls."""

    def hand_over(self, value: FunctionValue | ClassValue, statement: Call, frame: Frame, *, filled: bool = False, copied: bool = False) -> None:
        """Hand the arguments of a call to a function or class that takes less than it did at base; `filled`: the first of them is the instance, `copied`:
        it is one from which all fields are taken that have no keyword.

        Raises Raised where it refuses what was taken then.
        """
        name = self._name_of(value) if self.world.narrowed else ""
        if (value.path, name) not in self.world.narrowed:
            return
        given = arguments_at(self.world.programs.source(frame.module.path) or b"", statement.path, statement.line, statement.column)
        if given is not None and (filled or copied):
            given = given._replace(positional=given.positional - 1) if given.positional else None
        reached = self._reached(value, statement.path, frame)
        if given is not None and reached is not None:
            self.judge(value, given, reached, statement, frame, copied=copied)

    def judge(
        self, value: FunctionValue | ClassValue, given: Arguments, reached: str, statement: Call | ClassDef, frame: Frame, *, copied: bool = False
    ) -> None:
        """Hold arguments against what a function or class takes, at base and now. Raises Raised where it certainly refuses what was taken then."""
        name = self._name_of(value)
        before, now = self.world.narrowed.get((value.path, name)), callee_of(self, value)
        if before is None or now is None or before.refuses(before.completed(given) if copied else given, reached, self.world.python) is not None:
            return
        refused = now.refuses(now.completed(given) if copied else given, reached, self.world.python)
        if refused is not None:
            certain = now.certain and not (isinstance(statement, Call) and self.is_either(statement.path, frame))
            where = frame if certain else replace(frame, certain=False)
            target = refused.target or f"{self.module_name(value.path)}:{name}"
            column = statement.column if isinstance(statement, Call) else 0
            raised = self.fail(where, statement.line, column, ReferenceKind.CALL, target, refused.text.partition(":")[0], refused.text)
            if certain:
                raise raised

    def derive(self, base: FunctionValue, statement: ClassDef, frame: Frame) -> None:
        """Derive a class from what was one, and is a function now. Raises Raised: what makes functions (`types.FunctionType`) wants code for a name."""
        before = self.world.narrowed.get((base.path, self._name_of(base)))
        function = self.world.programs.functions(base.path).get(base.key)
        if before is not None and before.kind == "constructor" and function is not None and not function.decorators:
            text = "TypeError: function() argument 'code' must be code, not str"
            raise self.fail(frame, statement.line, 0, ReferenceKind.CALL, f"{self.module_name(base.path)}:{base.name}", "TypeError", text)

    def hand_on(self, name: str, statement: Call, frame: Frame) -> None:
        """Note where a call is handed a function that is known to fail: whether, and under what, it calls that is not known."""
        if not self.world.broken or name.startswith(_MOCKING) or statement.path[-1] in _KEEPING or statement.path[-1].startswith("assert"):
            return
        for path in (*statement.arguments, *(value for _, value in statement.keywords)):
            if not isinstance(path, tuple) or self.world.words.isdisjoint(path):
                continue
            value = self.quiet(path, frame)
            raised = self.world.broken.get((value.path, value.key)) if isinstance(value, FunctionValue) else None
            if raised is not None and not self.is_kept(raised):
                where = replace(frame, certain=False)
                self.fail(where, statement.line, statement.column, raised.event.kind, raised.event.target, raised.kind, raised.text)

    def named_tuple(self, statement: Call, frame: Frame) -> ClassValue | None:
        """Return the class that `collections.namedtuple` makes, None where its fields are not written there."""
        texts = [one for one in statement.arguments if isinstance(one, str)]
        options = {name for name, _ in statement.keywords}
        if len(texts) != 2 or len(statement.arguments) != 2 or not options <= {"defaults", "module"}:
            return None
        fields = tuple(f"{name}{'=' * ('defaults' in options)}" for name in texts[1].replace(",", " ").split())
        return ClassValue(frame.module.path, texts[0], {}, (External("typing.NamedTuple"),), open=False, fields=fields)

    def exchange(self, statement: Call, frame: Frame) -> None:
        """Exchange fields of a named tuple (`_replace`). Raises Raised where it has one of them no longer."""
        receiver = self.quiet(statement.path[:-1], frame) if self.world.narrowed else None
        held = self.settle(receiver) if receiver is not None else None
        before = self.world.narrowed.get((held.of.path, held.of.name)) if isinstance(held, Instance) and held.sure else None
        now = callee_of(self, held.of) if isinstance(held, Instance) and before is not None else None
        if before is None or now is None or before.signature is None or now.signature is None or not before.name.endswith(".__new__"):
            return
        gone = [name for name, _ in statement.keywords if before.signature.takes(name) and not now.signature.takes(name)]
        if gone and isinstance(held, Instance):
            kind = "TypeError" if self.world.python >= (3, 13) else "ValueError"
            target = f"{self.module_name(held.of.path)}:{held.of.name}"
            raise self.fail(frame, statement.line, statement.column, ReferenceKind.CALL, target, kind, f"{kind}: Got unexpected field names: {gone!r}")

    def _name_of(self, value: FunctionValue | ClassValue) -> str:
        function = self.world.programs.functions(value.path).get(value.key) if isinstance(value, FunctionValue) else None
        return qualified(function) if function is not None else value.name

    def _reached(self, value: FunctionValue | ClassValue, path: Path, frame: Frame) -> str | None:
        """Tell how a function is reached, which says what fills its first parameter: by an instance, a class, or neither; None where that is open."""
        function = self.world.programs.functions(value.path).get(value.key) if isinstance(value, FunctionValue) else None
        if function is None or not function.owner:
            return "plain"
        owner = self._receiver(path, frame)
        return "instance" if isinstance(owner, Instance) else "class" if isinstance(owner, ClassValue) else None

    def _receiver(self, path: Path, frame: Frame) -> Value | None:
        """Return what a method is called on."""
        value = self.root(path[0], frame)
        for depth, name in enumerate(path[1:-1], 1):
            value = self.step(value, name, path, depth, frame) if value is not None else None
        return self.settle(value) if value is not None and len(path) > 1 else None
