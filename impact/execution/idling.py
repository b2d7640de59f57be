"""Calls that do nothing, since nobody uses what they give: generators, coroutines, patchers (`impact.programs.idle`)."""

from __future__ import annotations

from impact.execution.handing import Handing
from impact.execution.patching import MAKING
from impact.execution.values import Raised
from impact.execution.world import Frame
from impact.names import RepoPath
from impact.programs.idle import hands_out, is_dropped, is_lazy
from impact.programs.program import Call, Function
from impact.report import ReferenceKind


class Idling(Handing):
    """Tells which calls are idle."""

    def never_runs(self, callee: tuple[RepoPath, str], statement: Call, frame: Frame, raised: Raised) -> bool:
        """Tell whether a call makes a generator or a coroutine that nobody asks for anything, or a patcher, the one that fails, that nobody starts."""
        function = self.world.programs.functions(callee[0]).get(callee[1])
        source = self.world.programs.source(callee[0])
        if function is None or source is None:
            return False
        # What a decorator makes takes the place of what it decorates; whether that is asked for anything is for its users to say.
        lines = (self.world.programs.source(frame.module.path) or b"").splitlines()[statement.line - 1 : statement.line]
        if not (lines and lines[0].lstrip().startswith(b"@")) and not self.is_dropped(statement, frame):
            return False
        return is_lazy(source, function) or self._is_patcher(raised, function, callee[0])

    def is_dropped(self, statement: Call, frame: Frame) -> bool:
        """Tell whether nobody uses what a call gives."""
        source = self.world.programs.source(frame.module.path)
        return source is not None and (frame.runs is not None or not frame.function) and is_dropped(source, statement, frame.runs)

    def _is_patcher(self, raised: Raised, function: Function, path: RepoPath) -> bool:
        """Tell whether it is a patcher, which a function only returns, that an exception comes from."""
        event, module = raised.event, self.loaded.get(path)
        if module is None or event.path != path or event.kind is not ReferenceKind.STRING or len(raised.trace) != 1:
            return False
        made = hands_out(function, event.line)
        return made is not None and self.canonical(made, Frame(module)).startswith(MAKING)
