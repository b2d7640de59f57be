"""Which statements run: conditions, loops, exceptions on their way up and what catches them."""

from __future__ import annotations

import builtins
from dataclasses import replace

from impact.execution.answering import Answering
from impact.execution.calling import EXPECTING, EXPECTS
from impact.execution.values import (
    ClassValue,
    Data,
    External,
    Fallback,
    Instance,
    Part,
    Raised,
    Result,
    Row,
    Several,
    Skip,
    Value,
    catches,
)
from impact.execution.world import Frame
from impact.programs.blocks import bound_names
from impact.programs.handed import Constant
from impact.programs.paths import RESULT
from impact.programs.program import Block, Branch, Call, Handler, Loop, Raise, Try, With
from impact.report import ReferenceKind

_BUILTINS = frozenset(name for name, value in vars(builtins).items() if isinstance(value, type))
_SKIP_TYPES = frozenset({"unittest.SkipTest", "unittest.case.SkipTest", "pytest.skip.Exception", "_pytest.outcomes.Skipped"})


class ControlFlow(Answering):
    """Runs blocks, and decides which of them."""

    def run(self, block: Block, frame: Frame) -> bool:
        """Run a block; return whether its end is reached. Raises Raised and Skip."""
        return all(self.statement(statement, frame) for statement in block)

    def branch(self, statement: Branch, frame: Frame) -> bool:
        """Run the branch that a condition takes, or both where nobody can know; return whether what follows is reached."""
        test = self.answer(statement.test, frame)
        if test in ("yes", "no"):
            try:
                return self.run(statement.body if test == "yes" else statement.orelse, frame)
            except Skip as skip:
                absent = self.asked_for(statement.test, frame)
                if skip.cause is None and absent is not None:
                    raise Skip(skip.reason, absent.raised) from None
                raise
        ends = self._one_of((statement.body, statement.orelse), frame)
        frame.left = frame.left or not all(ends)
        return any(ends)

    def _one_of(self, blocks: tuple[Block, ...], frame: Frame) -> list[bool]:
        """Run blocks of which one runs, whichever that is; return whether their ends are reached. A name that they bind to different things holds either."""
        bound = set().union(*map(bound_names, blocks))
        names, either = self.bindings(frame), self.either(frame)
        before = {name: names[name] for name in sorted(bound) if name in names}
        unsure = either & bound
        ends: list[bool] = []
        held: dict[str, list[Value]] = {name: [] for name in sorted(bound)}
        for block in blocks:
            names.update(before)
            either -= bound
            either |= unsure
            ends.append(self._maybe(block, frame))
            for name in bound if ends[-1] else ():
                unsure |= {name} & either
                if name in names and not self._is_none(names[name], frame):
                    held[name].append(names[name])
        for name, values in held.items():
            if values:
                chosen = next((value for value in values if self.has_lost(value)), values[-1])
                self.put(name, chosen, frame, either=name in unsure or any(value != values[0] for value in values))
        if frame.local is None:
            sure = [bound_names(block) for block, end in zip(blocks, ends, strict=True) if end]
            frame.module.perhaps |= {name for name in bound - before.keys() if any(name not in one for one in sure)}
        return ends

    @staticmethod
    def _is_none(value: Value, frame: Frame) -> bool:
        """Tell whether a value is None, as a parameter most likely is that a function can do without."""
        if not isinstance(value, Data) or value.none or value.constant is not None:
            return isinstance(value, Data) and (value.none or value.constant == Constant(None))
        optional = frame.runs.parameters[len(frame.runs.parameters) - frame.runs.defaults :] if frame.runs is not None else ()
        return any(value.name == f"{frame.runs.name}.{name}" for name in optional) if frame.runs is not None else False

    def _maybe(self, block: Block, frame: Frame) -> bool:
        """Run a block that may not run: what fails in it is possible, and what comes after goes on."""
        inner = replace(frame, certain=False)
        try:
            return self.run(block, inner)
        except (Raised, Skip):
            return False

    def loop(self, statement: Loop, frame: Frame) -> None:
        """Run the body of a loop once, as what may not run where it may be empty."""
        if statement.over is not None:
            self.ask(frame.result if statement.over == RESULT else self.quiet(statement.over, frame), "__iter__", (statement.line, 0), frame)
        names = self.bindings(frame)
        outer = {name: names[name] for name in statement.own if name in names}
        try:
            filled = self.answer(f"true {'.'.join(statement.over)}", frame) if statement.over is not None else "maybe"
            if statement.sure or filled == "yes":
                self.run(statement.body, frame)
            elif filled == "maybe":
                frame.left = not self._one_of((statement.body, ()), frame)[0] or frame.left
        finally:
            for name in statement.own:
                names.pop(name, None)
            names.update(outer)
        self._maybe(statement.orelse, frame)

    def try_statement(self, statement: Try, frame: Frame) -> bool:
        """Run a body, and what handles its exception; return whether what follows is reached."""
        inner = replace(frame, external=False)
        count = len(frame.module.events)
        try:
            completed = self.run(statement.body, inner)
        except Raised as raised:
            handler = self._handler(statement, raised, frame)
            if handler is None:
                self._final(statement, frame)
                raise
            completed = self._handle(handler, raised, frame)
        except Skip:
            self._final(statement, frame)
            raise
        else:
            for event in frame.module.events[count:]:
                if not event.certain and any(self._catches(handler, event.exception.partition(":")[0], frame) for handler in statement.handlers):
                    event.handled = event.handled or "guarded"
            if inner.external or frame.function:
                self._unlikely(statement, frame)
            if completed:
                completed = self.run(statement.orelse, frame)
        frame.left = frame.left or inner.left
        return self.run(statement.final, frame) and completed

    def _final(self, statement: Try, frame: Frame) -> None:
        self.run(statement.final, frame)

    def _handler(self, statement: Try, raised: Raised, frame: Frame) -> Handler | None:
        return next((handler for handler in statement.handlers if self._catches(handler, raised.kind, frame)), None)

    def _catches(self, handler: Handler, kind: str, frame: Frame) -> bool:
        if handler.types is None:
            return True
        return any(self._is_caught(self.quiet(path, frame), self.canonical(path, frame), kind) for path in handler.types if path is not None)

    def _is_caught(self, value: Value | None, name: str, kind: str) -> bool:
        match value:
            case Data() | Part():
                return True  # a variable holds a tuple of exceptions, most likely of those that are expected here
            case Row(items=items):
                return any(one is None or self._is_caught(one, one.name if isinstance(one, External | ClassValue) else "", kind) for one in items)
            case Several(one=External(name=one) | ClassValue(name=one)):
                return catches(one.rpartition(".")[2], kind)
            case _:
                return catches(name.rpartition(".")[2], kind)

    def _handle(self, handler: Handler, raised: Raised, frame: Frame) -> bool:
        raised.event.handled = raised.event.handled or "guarded"
        outer, frame.handling = frame.handling, raised
        named, frame.handling_name = frame.handling_name, handler.name
        try:
            completed = self.run(handler.body, frame)
        except Skip as skip:
            frame.module.fallbacks.append(Fallback(raised.trace[0].line, raised, skips=True, deferred=frame.function))
            raise Skip(skip.reason, raised) from None
        except Raised as again:
            if again.event is raised.event:
                raised.event.handled = None
            raise
        finally:
            frame.handling, frame.handling_name = outer, named
        frame.module.fallbacks.append(Fallback(raised.trace[0].line, raised, skips=False, deferred=frame.function))
        return completed

    def _unlikely(self, statement: Try, frame: Frame) -> None:
        """Look into the handlers of a body that may fail for reasons of the environment; what they bind does not count."""
        names = self.bindings(frame)
        before = dict(names)
        opened = frame.module.open
        for handler in statement.handlers:
            self._maybe(handler.body, frame)
        names.clear()
        names.update(before)
        frame.module.open = opened

    def with_statement(self, statement: With, frame: Frame) -> bool:
        """Run a body in contexts that may swallow what it raises; return whether what follows is reached."""
        swallowed: list[tuple[str, tuple[str, ...]]] = []
        catching = 0
        for context in statement.contexts:
            name = self.canonical(context.path, frame)
            self._enter_context(context, frame, asynchronous=statement.asynchronous)
            types = tuple(self.canonical(path, frame).rpartition(".")[2] for path in context.arguments if isinstance(path, tuple))
            catching += self.keeps_warnings(context, name, frame)
            if name == "contextlib.suppress":
                swallowed.append(("guarded", types))
            elif name in EXPECTS or name.rpartition(".")[2] in EXPECTING:
                swallowed.append(("expected", types))
        count = len(frame.module.events)
        self.catching += catching
        try:
            completed = self.run(statement.body, frame)
        except Raised as raised:
            for how, types in swallowed:
                if any(catches(one, raised.kind) for one in types):
                    raised.event.handled = how
                    if how == "guarded":
                        frame.module.fallbacks.append(Fallback(raised.trace[0].line, raised, skips=False, deferred=frame.function))
                    return True
            if raised.left and any(how == "expected" for how, _ in swallowed):
                # What is refused is expected: that may come before.
                event = raised.event
                self.fail(replace(frame, certain=False), raised.trace[0].line, 0, event.kind, event.target, raised.kind, raised.text)
                return True
            raise
        finally:
            self.catching -= catching
        for event in frame.module.events[count:]:
            kind = event.exception.partition(":")[0]
            if not event.certain:
                event.handled = event.handled or next((how for how, types in swallowed if any(catches(one, kind) for one in types)), None)
        return completed

    def _enter_context(self, context: Call, frame: Frame, *, asynchronous: bool) -> None:
        """Ask what stands behind `with` for the two methods of a context. Raises Raised."""
        value = self.quiet(context.path, frame)
        made = value if value is None or isinstance(value, Instance) else Result(value)
        for name in ("__aenter__", "__aexit__") if asynchronous else ("__enter__", "__exit__"):
            self.ask(made, name, (context.line, context.column), frame)

    def raise_statement(self, statement: Raise, frame: Frame) -> None:
        """Raise what a statement raises: a skip, an exception anew, or one of its own."""
        name = self.canonical(statement.path, frame) if statement.path else ""
        message = self.spell(statement.message, frame) if statement.message is not None else None
        if name in _SKIP_TYPES:
            raise Skip(message or "skipped")
        if frame.handling is not None:
            if statement.path is None or statement.path == (frame.handling_name,) or (frame.handling.kind == name and message is None):
                raise frame.handling
            kind = name.rpartition(".")[2]
            text = f"{kind}: {message}" if message else kind
            raise Raised(kind, text, frame.handling.event, frame.handling.trace, certain=frame.certain)
        if frame.function:
            return
        kind = name.rpartition(".")[2] or "Exception"
        text = f"{kind}: {message}" if message else kind
        raise self.fail(frame, statement.line, 0, ReferenceKind.NAME, f"raise {kind}", kind, text)
