"""Texts that an expression stands for: constants, names bound to one, and what is put together of those."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from impact.programs.conditions import path_of
from impact.programs.passes import ALIKE_CALLS
from impact.programs.paths import ALIKE, INDEXED, INSTANCE, NAME_OF, ONE, ROW, SEVERAL, TABLE, WITHIN, Path
from impact.programs.program import Known

LONGEST = 300


class Texts:
    """Knows the texts of a file."""

    def __init__(self, known: Known) -> None:
        self.constants, self.lists = dict(known.constants), dict(known.lists)
        self.hidden: frozenset[str] = frozenset()
        self.parameters: frozenset[str] = frozenset()
        self.spelled = False
        self.passes: dict[str, tuple[str, ...]] = {}
        """The names that stand for one of some texts after the other: loop variables, and parameters of `parametrize`."""

    def texts(self, node: ast.expr) -> tuple[str | None, ...]:
        """Return the texts that an expression stands for, one after the other; None alone where that is open."""
        known = self.passes.get(node.id) if isinstance(node, ast.Name) else None
        return known or (self.string(node),)

    def all_strings(self, node: ast.expr) -> tuple[str, ...]:
        """Return the items of a literal sequence of texts; none where one of them is something else."""
        if isinstance(node, ast.Name) and node.id not in self.hidden and node.id not in self.parameters:
            return self.lists.get(node.id, ())
        if not isinstance(node, ast.List | ast.Tuple | ast.Set):
            return ()
        found = tuple(self.strings(node))
        return found if len(found) == len(node.elts) else ()

    def string(self, node: ast.expr | None) -> str | None:
        """Return the text of a constant, of a name bound to one in this file, or of what is put together of those; where it is `spelled`, the name of
        a module, which only a run knows, stands in it as `NAME_OF` writes that.
        """
        text: str | None = None
        match node:
            case ast.Constant(value=str(value)):
                text = value
            case ast.Name(id="__name__") if self.spelled:
                text = NAME_OF.format("")
            case ast.Name(id=name) if name not in self.hidden and name not in self.parameters:
                text = self.constants.get(name)
            case ast.JoinedStr(values=values):
                parts = [self.string(value.value if isinstance(value, ast.FormattedValue) else value) for value in values]
                text = "".join(part for part in parts if part is not None) if None not in parts else None
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                one, other = self.string(left), self.string(right)
                text = one + other if one is not None and other is not None else None
            case ast.BinOp(left=ast.Constant(value=str(template)), op=ast.Mod(), right=right):
                text = self._filled(template, "%s", right.elts if isinstance(right, ast.Tuple) else [right])
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(template)), attr="format"), args=items, keywords=[]):
                text = self._filled(template, "{}", items)
            case ast.Attribute(attr="__name__") if self.spelled and (path := path_of(node)):
                text = NAME_OF.format(".".join(path[:-1]))
        return text if text is not None and len(text) <= LONGEST else None

    def _filled(self, template: str, blank: str, items: Sequence[ast.expr]) -> str | None:
        """Return a template with texts in place of its blanks, None where one is not known or the template has others."""
        texts = [self.string(item) for item in items]
        parts = template.split(blank)
        if None in texts or len(parts) != len(texts) + 1 or any(blank[0] in part for part in parts):
            return None
        return "".join(one for pair in zip(parts, [*texts, ""], strict=True) for one in pair if one)

    def thing(self, node: ast.expr) -> Path | None:
        """Return what names the thing that an expression gives: a path, a call of one, several of those that are alike, or one of several."""
        match node:
            case ast.Call(func=ast.Name(id=name), args=[items, *_]) if name in ALIKE_CALLS:
                path = self.thing(items)
                return (*path, ALIKE) if path is not None else None
            case ast.Call(func=func):
                path = path_of(func)
                return (*path, INSTANCE) if path is not None else None
            case ast.List(elts=[*items]) | ast.Tuple(elts=[*items]) | ast.Set(elts=[*items]) | ast.Dict(values=[*items]) if items:
                paths = [self.thing(item) for item in items]
                if paths[0] is not None and len(set(paths)) == 1:
                    return (*paths[0], TABLE if isinstance(node, ast.Dict) else SEVERAL)
                return (
                    (ROW, *("" if path is None or path[0] == ROW else WITHIN.join(path) for path in paths))
                    if isinstance(node, ast.Tuple | ast.List) and any(paths)
                    else None
                )
            case ast.ListComp(elt=item, generators=[generator]) | ast.SetComp(elt=item, generators=[generator]):
                path = self.thing(item)
                own = {name.id for name in ast.walk(generator.target) if isinstance(name, ast.Name)}
                return (*path, SEVERAL) if path is not None and path[0] not in own else None
            case ast.Subscript(value=value, slice=index):
                path = self.thing(value)
                return (*path, _index(index)) if path is not None else None
            case _:
                return path_of(node)

    def listed(self, node: ast.expr) -> Iterator[str]:
        """Yield the texts of a list of strings, or of a lone one, as far as they stand there: parts of it may be named, or added up."""
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=right) if not isinstance(left, ast.Constant):
                yield from self.listed(left)
                yield from self.listed(right)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                for item in items:
                    yield from self.listed(item.value if isinstance(item, ast.Starred) else item)
            case ast.Name():
                yield from self.all_strings(node) or self.strings(node)
            case _:
                yield from self.strings(node)

    def strings(self, node: ast.expr) -> Iterator[str]:
        """Yield the texts of a list of strings, or of a lone one."""
        items = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
        yield from (text for item in items if (text := self.string(item)) is not None)


def _index(node: ast.expr) -> str:
    """Return the part of a path that stands for what an index gives."""
    if isinstance(node, ast.Slice):
        return ALIKE
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    number = node.operand if isinstance(node, ast.UnaryOp) and negative else node
    return INDEXED.format(-number.value if negative else number.value) if isinstance(number, ast.Constant) and type(number.value) is int else ONE
