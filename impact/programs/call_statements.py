"""Calls, written as statements: what their arguments name, as far as that stands there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from impact.programs.conditions import path_of
from impact.programs.paths import Path
from impact.programs.program import Call, Inject
from impact.programs.texts import Texts

# Calls whose first argument names a thing: where it is a loop variable, each pass is a call of its own.
_THINGS = ast.Call | ast.Subscript | ast.List | ast.Set | ast.Dict | ast.ListComp
_NAMING = frozenset({"import_module", "__import__", "importorskip", "resolve_name", "patch", "setattr", "delattr", "dict", "multiple", "getfixturevalue"})
# Those whose second one does.
_NAMING_SECOND = frozenset({"setattr", "delattr", "object"})


class CallStatements(Texts):
    """Writes the statement of a call, and what it puts into `sys.modules`."""

    def call(self, node: ast.Call, path: Path) -> Call:
        """Return the statement of a call of a path."""
        arguments: list[str | Path | None] = []
        for index, argument in enumerate(node.args):
            self.spelled = not index
            if isinstance(argument, ast.Tuple):
                arguments.extend(path_of(item) for item in argument.elts)
            elif isinstance(argument, ast.Starred):
                arguments.append(None)
            else:
                arguments.append(self._argument(argument))
        self.spelled = False
        if path[-1] == "parametrize" and node.args and (names := self.all_strings(node.args[0])):
            arguments = [",".join(names), *arguments[len(names) if isinstance(node.args[0], ast.Tuple) else 1 :]]
        if path[-1] == "namedtuple" and len(node.args) == 2 and (names := self.all_strings(node.args[1])):
            arguments[1:] = [" ".join(names)]
        keywords = tuple((keyword.arg or "**", self._named_argument(keyword)) for keyword in node.keywords)
        return Call(path, tuple(arguments), keywords, node.lineno, node.col_offset)

    def _named_argument(self, keyword: ast.keyword) -> str | Path | None:
        names = self.all_strings(keyword.value) if keyword.arg in ("argnames", "indirect") else ()
        return ",".join(names) if names else self._argument(keyword.value)

    def _argument(self, node: ast.expr) -> str | Path | None:
        text = self.string(node)
        if text is not None:
            return text
        if isinstance(node, ast.Constant):
            return (repr(node.value),) if isinstance(node.value, bool | None) else None
        return self.thing(node) if isinstance(node, _THINGS) else path_of(node)

    def modules_filled(self, node: ast.Call) -> Iterator[Inject]:
        """Yield what a call that fills `sys.modules` puts there: `update`, `setdefault` and their like."""
        for argument in node.args[:1]:
            if isinstance(argument, ast.Dict):
                yield from (Inject(self.string(key)) for key in argument.keys if key is not None)
            else:
                yield Inject(self.string(argument))

    def injections(self, node: ast.Call, path: Path) -> Iterator[Inject]:
        """`patch.dict("sys.modules", {"x": …})` puts modules there for as long as it holds."""
        if path[-1] == "dict" and len(node.args) > 1 and isinstance(node.args[1], ast.Dict):
            target = node.args[0]
            if self.string(target) == "sys.modules" or path_of(target) == ("sys", "modules"):
                yield from (Inject(self.string(key)) for key in node.args[1].keys if key is not None)

    def passes_of(self, node: ast.Call, call: Call) -> list[Call]:
        """Return a call once for each text that an argument stands for which names something."""
        for index, names in enumerate((_NAMING, _NAMING_SECOND)):
            given = node.args[index] if len(call.arguments) == len(node.args) > index and call.path[-1] in names else None
            if given is not None and (texts := self.passes.get(".".join(path_of(given) or ()))):
                return [call._replace(arguments=(*call.arguments[:index], text, *call.arguments[index + 1 :])) for text in texts]
        return [call]
