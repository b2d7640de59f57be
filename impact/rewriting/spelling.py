"""Names as LibCST has them in a tree, and as they are written."""

from __future__ import annotations

from typing import cast

import libcst as cst

from impact.moves.remedies import FileRemedies


def code(node: cst.CSTNode) -> str:
    """Return a node as it is written."""
    return cst.Module([]).code_for_node(node)


def parts_of(node: cst.CSTNode) -> tuple[str, ...] | None:
    """Return the parts of a dotted expression that is written without a break, None for any other."""
    names: list[str] = []
    current = node
    while isinstance(current, cst.Attribute):
        names.append(current.attr.value)
        current = current.value
    if not isinstance(current, cst.Name) or current.lpar:
        return None
    whole = (current.value, *reversed(names))
    plain = node.with_changes(lpar=(), rpar=()) if isinstance(node, cst.Attribute) else node
    return whole if code(plain) == ".".join(whole) else None


def root_of(node: cst.CSTNode) -> cst.CSTNode:
    """Return what a dotted expression begins with."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def dotted_name(dotted: str) -> cst.Name | cst.Attribute:
    """Return a dotted name as a tree."""
    return cast("cst.Name | cst.Attribute", cst.parse_expression(dotted))


def absolute(node: cst.ImportFrom, remedies: FileRemedies) -> str | None:
    """Return the absolute name of the module that a from-import reads, None where its dots lead out of the top package."""
    return remedies.absolute(code(node.module) if node.module is not None else "", len(node.relative))
