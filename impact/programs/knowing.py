"""What the top level of a file says of its names, before anything runs."""

from __future__ import annotations

import ast
from collections import Counter

from impact.programs.conditions import test_of
from impact.programs.program import Known
from impact.programs.texts import LONGEST

_LONGEST_LIST = 100


def _truths(tree: ast.Module) -> dict[str, bool | str]:
    """Return the module's switches: names that are bound once in the whole file, to True, False, None or a number, or to whether something is None."""
    switches: dict[str, bool | str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and (known := _truth(node.value)) is not None:
            switches.update((target.id, known) for target in node.targets if isinstance(target, ast.Name))
    if not switches:
        return {}  # the walk costs as much as the rest
    bound = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in switches)
    return {name: truth for name, truth in switches.items() if bound[name] == 1}


def _truth(node: ast.expr) -> bool | str | None:
    """Return the truth of an expression, or the question that decides it (see `impact.programs.conditions.test_of`); None where neither is evident."""
    if isinstance(node, ast.Constant):
        return bool(node.value) if isinstance(node.value, bool | int | None) else None
    if isinstance(node, ast.Compare | ast.UnaryOp) and (question := test_of(node, {})).lstrip("!").startswith(("none ", "true ")):
        return question
    return None


def known_of(tree: ast.Module) -> Known:
    """Return what the top level of a file says of its names."""
    assigned = [(target.id, node.value) for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)]
    return Known(
        constants=tuple((name, value.value) for name, value in assigned if isinstance(value, ast.Constant) and isinstance(value.value, str)),
        truths=tuple(_truths(tree).items()),
        filled=tuple(name for name, value in assigned if is_filled(value)),
        lists=tuple((name, texts) for name, value in assigned if (texts := _texts(value))),
        lazy_annotations=any(
            isinstance(node, ast.ImportFrom) and node.module == "__future__" and any(alias.name == "annotations" for alias in node.names) for node in tree.body
        ),
    )


def is_filled(node: ast.expr) -> bool:
    """Tell whether an expression is a literal sequence or table that holds something; an empty one may be filled later."""
    return bool(node.keys if isinstance(node, ast.Dict) else node.elts) if isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict) else False


def _texts(node: ast.expr) -> tuple[str, ...]:
    """Return the items of a literal sequence of short texts; none where one of them is something else."""
    items = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) and len(node.elts) <= _LONGEST_LIST else []
    texts = tuple(item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str) and len(item.value) <= LONGEST)
    return texts if len(texts) == len(items) else ()
