"""Strings that are names: the targets of patches and imports, whole, in pieces, or behind a constant that they begin with."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import libcst as cst

from impact.moves.remedies import FileRemedies

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")


def find_texts(module: cst.Module, remedies: FileRemedies) -> dict[cst.CSTNode, str]:
    """Return the new text of each string, or part of one, that is to be written otherwise."""
    if not remedies.strings:
        return {}
    strings = _Strings(remedies, module)
    module.visit(strings)
    return strings.texts


class _Strings(cst.CSTVisitor):
    """One look at the strings of a file: `texts` holds what is to be written in them, by node."""

    def __init__(self, remedies: FileRemedies, module: cst.Module) -> None:
        super().__init__()
        self.remedies = remedies
        self.texts: dict[cst.CSTNode, str] = {}
        self._loaded: Counter[str] = Counter()
        self._constants = dict(_constants(module))
        self._tails: defaultdict[str, list[tuple[cst.CSTNode, str]]] = defaultdict(list)

    def visit_Name(self, node: cst.Name) -> None:
        self._loaded[node.value] += 1

    def visit_FormattedString(self, node: cst.FormattedString) -> None:
        match node.parts:
            case [cst.FormattedStringExpression(expression=cst.Name(value=name), conversion=None, format_spec=None), cst.FormattedStringText() as text]:
                self._tails[name].append((text, text.value))
            case _:
                pass

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> None:
        match node:
            case cst.BinaryOperation(left=cst.Name(value=name), operator=cst.Add(), right=cst.SimpleString() as text):
                self._tails[name].append((text, text.raw_value))
            case _:
                pass

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> bool:
        """Take strings that stand side by side for one; what changes has to lie in one of them."""
        parts: list[cst.SimpleString] = []
        rest: cst.BaseExpression = node
        while isinstance(rest, cst.ConcatenatedString) and isinstance(rest.left, cst.SimpleString):
            parts.append(rest.left)
            rest = rest.right
        if not isinstance(rest, cst.SimpleString):
            return True
        parts.append(rest)
        old = "".join(part.raw_value for part in parts)
        new = self._renamed_string(old)
        if new is None or new == old:
            return False
        start = _common(old, new)
        end = len(old) - _common(old[start:][::-1], new[start:][::-1])
        place = 0
        for part in parts:
            text = part.raw_value
            if place <= start and end <= place + len(text):
                self.texts[part] = text[: start - place] + new[start : len(new) - (len(old) - end)] + text[end - place :]
                break
            place += len(text)
        return False

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        new = self._renamed_string(node.raw_value)
        if new is not None:
            self.texts[node] = new

    def leave_Module(self, original_node: cst.Module) -> None:
        """Decide on the constants, now that all their uses are known."""
        for name, constant in self._constants.items():
            if name in self._tails and constant not in self.texts:
                self._prefix(constant, self._tails[name], alone=self._loaded[name] == len(self._tails[name]) + 1)

    def _prefix(self, constant: cst.SimpleString, tails: Sequence[tuple[cst.CSTNode, str]], *, alone: bool) -> None:
        """Rewrite a constant that dotted names begin with, where it moves for all of them and is used for nothing else; or what follows it."""
        held = constant.raw_value
        moved = {tail: self._renamed_string(held + tail) or held + tail for _, tail in tails}
        prefixes = {new.removesuffix(tail) if new.endswith(tail) else held for tail, new in moved.items()}
        if alone and len(prefixes) == 1 and held not in prefixes:
            self.texts[constant] = prefixes.pop()
            return
        for node, tail in tails:
            if moved[tail] != held + tail and moved[tail].startswith(f"{held}."):
                self.texts[node] = moved[tail][len(held) :]

    def _renamed_string(self, text: str) -> str | None:
        asked = self.remedies.strings
        if not _DOTTED.fullmatch(text) or not any(text == one or text.startswith(f"{one}.") or one.startswith(f"{text}.") for one in asked):
            return None
        answer = self.remedies.dotted(tuple(text.split(".")), in_string=True)
        return ".".join((answer[1], *answer[2])) if answer is not None else None


def _constants(module: cst.Module) -> Iterator[tuple[str, cst.SimpleString]]:
    """Yield the names that the top level of a file binds to a plain string."""
    for line in module.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            match statement:
                case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=cst.SimpleString() as text) if not text.prefix:
                    yield name, text
                case _:
                    pass


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return next((index for index, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))
