"""How conditions come out, as far as that can be known."""

from __future__ import annotations

import builtins
from ast import literal_eval

from impact.execution.results import Results
from impact.execution.values import Absent, ClassValue, Data, External, FunctionValue, Instance, ModuleValue
from impact.execution.world import Frame
from impact.programs.conditions import inverted, parts_of, questions_in
from impact.programs.paths import Path

_TYPES = {name: value for name, value in vars(builtins).items() if isinstance(value, type)}


class Answering(Results):
    """Answers the questions of `impact.programs.conditions.test_of`."""

    def asked_for(self, question: str, frame: Frame) -> Absent | None:
        """Return what a question asks for that a fallback bound to None, None for any other question."""
        for one in questions_in(question):
            kind, _, name = one.partition(" ")
            value = self.quiet(tuple(name.split(".")), frame) if kind in ("none", "true") else None
            if isinstance(value, Absent):
                return value
        return None

    def answer(self, question: str, frame: Frame) -> str:
        """Return how a question comes out here: `yes`, `no` or `maybe`."""
        if question.startswith("!"):
            return inverted(self.answer(question[1:], frame))
        if question.startswith("version"):
            return "yes" if self._version(question[7:]) else "no"
        if question in ("yes", "no", "maybe"):
            return question
        kind, _, name = question.partition(" ")
        if kind in ("all", "any"):
            every, parts = parts_of(question)
            answers = {self.answer(one, frame) for one in parts}
            decides, neutral = ("no", "yes") if every else ("yes", "no")
            return decides if decides in answers else "maybe" if "maybe" in answers else neutral
        if (known := self._of_argument(kind, name, frame)) is not None:
            return "yes" if known else "no"
        if kind in ("equal", "among"):
            return "maybe"
        if kind in ("none", "true"):
            return "maybe" if self.asked_for(question, frame) is None else "yes" if kind == "none" else "no"
        if kind == "is":
            asked, _, of = name.partition(" ")
            return self._is_instance(tuple(asked.split(".")), tuple(of.split(".")), frame)
        if kind == "has":
            owner = self.quiet(tuple(name.split("."))[:-1], frame)
            owner = self.settle(owner) if owner is not None else None
            attribute = name.rpartition(".")[2]
            if owner is not None and attribute in self.world.words and self.doubts(owner, attribute, frame):
                return "no"  # if it is there after all, nothing fails either
            if isinstance(owner, ModuleValue) and not (self.is_uncertain(owner) or self.is_busy(owner)):
                return "no" if self.attribute(owner, attribute) is None else "yes"
            if isinstance(owner, Instance):
                return "no" if self.member(owner.of, attribute) is None and not self.may_have(owner, attribute, frame) else "maybe"
            if isinstance(owner, ClassValue):
                return "no" if self.member(owner, attribute) is None else "yes"
            return "maybe"
        location = self.world.modules.find(name, frame.module.path)
        # What is not found may still be installed, unless it was the project's own.
        return "yes" if location is not None else "no" if self.expected(name, frame) else "maybe"

    def _of_argument(self, kind: str, rest: str, frame: Frame) -> bool | None:
        """Return how a question about a parameter comes out, None where it is not known what it was handed."""
        name, _, other = rest.partition(" ")
        held = frame.local.get(name) if frame.local is not None and name not in frame.either else None
        if isinstance(held, ClassValue | FunctionValue | ModuleValue | Instance) and (not isinstance(held, Instance) or held.sure):
            # An instance may say of itself that it is false.
            return False if kind == "none" else True if kind == "true" and not isinstance(held, Instance) else None
        if not isinstance(held, Data) or held.constant is None:
            return None
        value = held.constant.value
        match kind:
            case "none":
                return value is None
            case "true":
                return bool(value)
            case "equal":
                return bool(value == literal_eval(other))
            case "among":
                return value in literal_eval(other)
            case "is" if other in _TYPES and self.quiet((other,), frame) == External(other):
                return isinstance(value, _TYPES[other])
        return None

    def _is_instance(self, path: Path, kind: Path, frame: Frame) -> str:
        """Tell whether something is an instance of a class: where what it is an instance of is evident, and all that this derives from."""
        value, of = self.quiet(path, frame), self.quiet(kind, frame)
        value, of = (self.settle(one) if one is not None else None for one in (value, of))
        if not isinstance(value, Instance) or not value.sure or value.mock or self.is_either(path, frame) or self.is_either(kind, frame):
            return "maybe"
        line = self.line_of(value.of)
        if isinstance(of, ClassValue) and any((one.path, one.name) == (of.path, of.name) for one in line):
            return "yes"
        known = isinstance(of, ClassValue) and not of.open
        known = known or (isinstance(of, External) and of.name in _TYPES and of.name != "object")
        bases = [self.force(base) if base is not None else None for one in line for base in one.bases]
        closed = all(isinstance(base, ClassValue) or base == External("object") for base in bases)
        return "no" if known and closed and not value.below and not any(one.open for one in line) else "maybe"

    def decide(self, test: str) -> bool | None:
        """Tell how a condition comes out here, None where that cannot be known (see `impact.programs.conditions.test_of`)."""
        if test.startswith("version"):
            return self._version(test[7:])
        return {"yes": True, "no": False}.get(test)

    def _version(self, text: str) -> bool:
        operator = text[:2] if text[1] == "=" else text[:1]
        wanted = tuple(int(part) for part in text[len(operator) :].split("."))
        # As Python compares sys.version_info, a tuple of five, with a shorter one.
        actual = (*self.world.python, 99)
        return {">=": actual >= wanted, ">": actual > wanted, "<": actual < wanted, "<=": actual <= wanted, "==": actual[: len(wanted)] == wanted}.get(
            operator, actual[: len(wanted)] != wanted
        )
