"""What decorators of the project make of what they decorate, as far as that is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from impact.execution.control_flow import ControlFlow
from impact.execution.values import ClassValue, Data, FunctionValue
from impact.execution.world import Frame
from impact.programs.paths import Path
from impact.programs.program import Call, Load
from impact.report import ReferenceKind


class Decorating(ControlFlow):
    """Applies decorators to definitions."""

    def decorated(self, name: str, made: FunctionValue | ClassValue, decorators: Sequence[Call | Load], frame: Frame) -> FunctionValue | ClassValue | Data:
        """Return what a definition binds: what it made, or None where the outermost decorator hands nothing back.

        Raises Raised where what should decorate is None.
        """
        for one in decorators:
            empty = self._empty(one.path, frame) if isinstance(one, Call) and frame.certain else None
            if empty is not None and not self.tolerate(frame, target := f"{self.module_name(empty.path)}:{empty.name}"):
                text = "TypeError: 'NoneType' object is not callable"
                raise self.fail(frame, one.line, one.column, ReferenceKind.CALL, target, "TypeError", text)
        if decorators and isinstance(decorators[0], Load) and self._empty(decorators[0].path, frame) is not None:
            return Data(made.path, name, none=True)
        return made

    def _empty(self, path: Path, frame: Frame) -> FunctionValue | None:
        """Return the function that a path stands for, where a call of it gives None."""
        decorator = self.quiet(path, frame)
        is_empty = isinstance(decorator, FunctionValue) and not self.is_either(path, frame) and self.gives_nothing(decorator)
        return decorator if isinstance(decorator, FunctionValue) and is_empty else None
