"""Functions in the place of other syntax: calls that are handed what to call, as `pytest.raises(ValueError, make, one=1)` calls `make(one=1)` and expects what
a `with` block would; and lambdas that have a name.

Sources: the documentation of pytest (`raises`, `warns`, `deprecated_call`) and of `unittest` (`assertRaises` and its like).
"""

from __future__ import annotations

import ast

from impact.programs.conditions import path_of

# How many arguments come before what is called.
_BEFORE = {"deprecated_call": 0, "raises": 1, "warns": 1, "assertRaises": 1, "assertWarns": 1, "assertRaisesRegex": 2, "assertWarnsRegex": 2}


def split_applied(node: ast.Call) -> tuple[ast.Call, ast.Call] | None:
    """Return the call without what it is handed to call, and the call that it makes, both at its place; None where it makes none that is evident."""
    path = path_of(node.func)
    count = _BEFORE.get(path[-1], len(node.args)) if path else len(node.args)
    if count >= len(node.args) or any(isinstance(one, ast.Starred) for one in node.args[: count + 1]):
        return None
    function = node.args[count]
    if not isinstance(function, ast.Lambda) and path_of(function) is None:
        return None
    made = ast.Call(function, node.args[count + 1 :], node.keywords)
    around = ast.Call(node.func, node.args[:count], [])
    return ast.copy_location(around, node), ast.copy_location(made, node)


def as_function(node: ast.stmt) -> ast.FunctionDef | None:
    """Return the definition that an assignment is as good as, `name = lambda …: …`; None for any other statement."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=body) as made):
            inner = ast.copy_location(ast.Expr(body), body)
            return ast.copy_location(ast.FunctionDef(name, arguments, [inner], [], None, None), made)
        case _:
            return None
