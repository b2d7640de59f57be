"""Comprehensions: loops within an expression, with names of their own."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from impact.programs.expressions import Expressions, targets_of
from impact.programs.passes import ALIKE_CALLS, asked_of, passed
from impact.programs.program import Bind, Block, Branch, Loop

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Comprehensions(Expressions):
    """Writes what comprehensions do."""

    def _GeneratorExp(self, node: ast.GeneratorExp) -> None:
        if self.consumed:
            self._comprehension(node)
        else:
            self.expression(node.generators[0].iter)  # the rest runs when somebody asks

    def _comprehension(self, node: _Comprehension) -> None:
        self.expression(node.generators[0].iter)
        self.out += self._passes(node, node.generators, asked_of(node))

    _ListComp = _SetComp = _DictComp = _comprehension

    def _passes(self, node: _Comprehension, generators: Sequence[ast.comprehension], asked: AbstractSet[str]) -> Block:
        """Return the loop of the first of some generators, with those of the others in it. Its names are bound where they are known, and hidden where not."""
        generator, *rest = generators
        outer = self.hidden, self.parameters, self.seen
        own = {name[0]: path for name, path in passed(generator.target, generator.iter, self.thing) if path is not None and name[0] in asked}
        self.hidden = (self.hidden | set(targets_of(generator.target))) - own.keys()
        self.parameters = self.parameters - own.keys()
        self.seen = {path for path in self.seen if path[0] not in own}
        block = self._one_pass(node, generator.ifs, rest, asked)
        self.hidden, self.parameters, self.seen = outer
        runs = self.iterates(generator.iter)
        if not block or runs is False:
            return ()
        return (Loop(bool(runs), (*(Bind(name, path) for name, path in own.items()), *block), (), own=tuple(own)),)

    def _one_pass(self, node: _Comprehension, conditions: Sequence[ast.expr], rest: Sequence[ast.comprehension], asked: AbstractSet[str]) -> Block:
        if conditions:
            outer, self.out = self.out, []
            outcome = self.condition(conditions[0])
            evaluated, self.out = self.out, outer
            block = self._one_pass(node, conditions[1:], rest, asked)
            return (*evaluated, *((Branch(outcome, block, ()),) if block else ()))
        if rest:
            return (*self.expressions([rest[0].iter]), *self._passes(node, rest, asked))
        return self.expressions([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])

    def iterates(self, node: ast.expr) -> bool | None:
        """Tell whether a loop over an expression runs at least once; None when that is open."""
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items) | ast.Dict(keys=items):
                return bool(items)
            case ast.Call(func=ast.Attribute(value=table, attr="items" | "keys" | "values"), args=[]):
                return self.iterates(table) or None
            case ast.Constant(value=str(text)):
                return bool(text)
            case ast.Call(func=ast.Name(id="range"), args=[*bounds]) if all(isinstance(bound, ast.Constant) for bound in bounds):
                values = [bound.value for bound in bounds if isinstance(bound, ast.Constant) and isinstance(bound.value, int)]
                return bool(range(*values)) if len(values) == len(bounds) and 0 < len(values) < 4 and 0 not in values[2:] else None
            case ast.Name(id=name):
                return name in self.filled_names or None
            case ast.Call(func=ast.Name(id=name), args=[items, *_]) if name == "enumerate" or name in ALIKE_CALLS:
                return self.iterates(items)
            case ast.Call(func=ast.Name(id="zip"), args=[*sources]) if sources:
                known = {self.iterates(source) for source in sources}
                return False if False in known else None if None in known else True
            case _:
                return None
