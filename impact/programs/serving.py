"""What the `__getattr__` of a module serves (PEP 562): the names, and where it has them from, as far as that is written down."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from impact.programs.expressions import targets_of
from impact.programs.program import Announced, Served

_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_PACKAGE = frozenset({"__name__", "__package__"})


def find_served(tree: ast.Module) -> tuple[Served, ...]:
    """Return where a `__getattr__` has names from, of which a table of the module says so, or an import that it makes for one name."""
    function = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "__getattr__"), None)
    if function is None or len(function.args.args) != 1 or any(isinstance(inner, ast.Try | ast.With | ast.For | ast.While) for inner in ast.walk(function)):
        return ()
    asked = function.args.args[0].arg
    calls = [inner for inner in ast.walk(function) if isinstance(inner, ast.Call)]
    imports = [call for call in calls if _last(call.func) == "import_module" and call.args]
    found = list(_imported(function.body, asked))
    returns = [inner for inner in ast.walk(function) if isinstance(inner, ast.Return)]
    if len(imports) == 1 and len(returns) == 1 + len(found) and (table := _table(tree, imports[0].args[0], function, asked)):
        relative = len(imports[0].args) > 1 and _last(imports[0].args[1]) in _PACKAGE
        gets = [call for call in calls if _last(call.func) == "getattr" and len(call.args) == 2]
        if len(gets) == 1 and isinstance(gets[0].args[1], ast.Name):
            prefix, items = table
            own = gets[0].args[1].id == asked
            found += _of_table(prefix, items, own=own, relative=relative)
    return tuple(found)


def _last(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def _imported(block: list[ast.stmt], asked: str) -> Iterator[Served]:
    """Yield the names for which a function makes an import of its own: `if name == "x": from a import x` and then returns that."""
    for node in block:
        if not isinstance(node, ast.If):
            continue
        match node.test, node.body:
            case (
                ast.Compare(left=ast.Name(id=left), ops=[ast.Eq()], comparators=[ast.Constant(value=str(name))]),
                [ast.ImportFrom(names=[alias]) as statement, ast.Return(value=ast.Name(id=returned))],
            ) if left == asked and returned == (alias.asname or alias.name):
                yield Served(name, "." * statement.level + (statement.module or ""), alias.name, imports=True)
        yield from _imported(node.orelse, asked)


def _table(tree: ast.Module, node: ast.expr, function: ast.FunctionDef, asked: str) -> tuple[str, list[tuple[str, ast.expr]]] | None:
    """Return what stands before the item of a table that a function imports, and the table; None for anything else."""
    prefix = ""
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[-1], ast.FormattedValue):
        for part in node.values[:-1]:
            if isinstance(part, ast.Constant):
                prefix += str(part.value)
            elif isinstance(part, ast.FormattedValue) and _last(part.value) in _PACKAGE and not prefix:
                prefix = "__name__"
            else:
                return None
        node = node.values[-1].value
    if isinstance(node, ast.Name):
        values = [
            inner.value for inner in ast.walk(function) if isinstance(inner, ast.Assign) and any(node.id in _first_of(target) for target in inner.targets)
        ]
        node = values[0] if len(values) == 1 else node
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Name) and node.slice.id == asked):
        return None
    tables = [
        one.value
        for one in tree.body
        if isinstance(one, ast.Assign | ast.AnnAssign) and isinstance(one.value, ast.Dict)
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        if isinstance(target, ast.Name) and target.id == node.value.id
    ]
    if len(tables) != 1:
        return None
    pairs = zip(tables[0].keys, tables[0].values, strict=True)
    return prefix, [(key.value, value) for key, value in pairs if isinstance(key, ast.Constant) and isinstance(key.value, str)]


def _first_of(target: ast.expr) -> tuple[str, ...]:
    """Return the name that takes the module of an item: the only one, or the first of two."""
    return tuple(targets_of(target))[:1]


def _of_table(prefix: str, items: list[tuple[str, ast.expr]], *, own: bool, relative: bool) -> Iterator[Served]:
    for name, value in items:
        match value:
            case ast.Constant(value=str(module)) if own:
                attribute = name
            case ast.Tuple(elts=[ast.Constant(value=str(module)), ast.Constant(value=str(other))]):
                attribute = name if own else other
            case _:
                continue
        module = prefix + module
        # `f"{__name__}.a"` is `.a` seen from the package; a dot in front is refused where no package is named.
        module = module.removeprefix("__name__") if module.startswith("__name__.") else module
        if not module.startswith(".") or relative or prefix.startswith("__name__"):
            yield Served(name, module, attribute, imports=False)


def find_announced(tree: ast.Module) -> tuple[Announced, ...]:
    """Return the names for which a `__getattr__` warns before it serves them: `if name == "x": warnings.warn(…)`, or `if name in …` of texts."""
    function = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "__getattr__"), None)
    if function is None or len(function.args.args) != 1:
        return ()
    tables = {
        target.id: _keys(one.value)
        for one in tree.body
        if isinstance(one, ast.Assign) and _is_written(one.value)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    return tuple(_warned(function.body, function.args.args[0].arg, tables))


def _warned(block: list[ast.stmt], asked: str, tables: Mapping[str, tuple[str, ...]]) -> Iterator[Announced]:
    for node in block:
        if not isinstance(node, ast.If):
            continue
        match node.test:
            case ast.Compare(left=ast.Name(id=left), ops=[ast.Eq()], comparators=[ast.Constant(value=str(text))]) if left == asked:
                names: tuple[str, ...] = (text,)
            case ast.Compare(left=ast.Name(id=left), ops=[ast.In()], comparators=[ast.Name(id=known)]) if left == asked:
                names = tables.get(known, ())
            case ast.Compare(left=ast.Name(id=left), ops=[ast.In()], comparators=[table]) if left == asked and _is_written(table):
                names = _keys(table)
            case _:
                names = ()
        for one in node.body:
            if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call) and _last(one.value.func) == "warn":
                given = [*one.value.args[:2], *(keyword.value for keyword in one.value.keywords if keyword.arg == "category")]
                category = _last(given[1]) if len(given) == 2 else "UserWarning"
                yield from (Announced(name, category, _said(given[0], asked, name)) for name in names if category)
        yield from _warned(node.orelse, asked, tables)


def _said(node: ast.expr, asked: str, name: str) -> str | None:
    """Return a text, of which the name that is asked for may be a part; None for any other."""
    said = ""
    for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
        match part:
            case ast.Constant(value=str(text)):
                said += text
            case ast.FormattedValue(value=ast.Name(id=one), conversion=how, format_spec=None) if one == asked and how in (-1, 114):
                said += repr(name) if how == 114 else name
            case _:
                return None
    return said


def _keys(node: ast.expr) -> tuple[str, ...]:
    keys = node.keys if isinstance(node, ast.Dict) else node.elts if isinstance(node, ast.Set | ast.List | ast.Tuple) else []
    return tuple(key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def find_literals(tree: ast.Module) -> tuple[str, ...]:
    """Return the identifier-like strings of a module that defines `__getattr__` (PEP 562), by `def` or by assignment; else the keys of the tables that
    it hands to a function for no result, as `deprecate(__name__, {"Old": …})` does. `__getattr__` is among them where it may serve other names; where it
    may not, only those strings are that stand in it or in what it names.
    """
    places: list[ast.AST] = [tree]
    found = {"__getattr__"}
    for node in tree.body:
        if isinstance(node, _FunctionNode) and node.name == "__getattr__":
            if _is_closed(node, tree):
                named = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
                bound = (one for one in tree.body if isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None)
                targets = ((one, one.targets if isinstance(one, ast.Assign) else [one.target]) for one in bound)
                places = [node, *(one for one, names in targets if any(name in named for target in names for name in targets_of(target)))]
                found = set()
            break
        if isinstance(node, ast.Assign) and any(name == "__getattr__" for target in node.targets for name in targets_of(target)):
            break
    else:
        return tuple(sorted(set(_handed(tree.body))))
    for inner in (inner for place in places for inner in ast.walk(place)):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value.isidentifier():
            found.add(inner.value)
    return tuple(sorted(found))


def _is_closed(node: _FunctionNode, tree: ast.Module) -> bool:
    """Tell whether a `__getattr__` refuses what is not written down: it returns only below a comparison of the name with texts, and raises at its end."""
    arguments = node.args.args
    if len(arguments) != 1 or not isinstance(node.body[-1], ast.Raise):
        return False
    tables = {
        target.id
        for one in (*tree.body, *node.body)
        if isinstance(one, ast.Assign | ast.AnnAssign) and isinstance(one.value, ast.Dict | ast.Set | ast.List | ast.Tuple) and _is_written(one.value)
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        if isinstance(target, ast.Name)
    }
    taken = {name for one in node.body for name in _taken(one, arguments[0].arg, tables)}
    return all(_refuses(one, arguments[0].arg, tables, taken) for one in node.body)


def _taken(node: ast.stmt, asked: str, tables: set[str]) -> Iterator[str]:
    """Yield the names that a statement binds to what a table of texts has for the one that is asked for: `found = table.get(name)`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=found)], value=ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="get"), args=[ast.Name(id=key)])):
            if table in tables and key == asked:
                yield found


def _is_written(node: ast.expr) -> bool:
    """Tell whether a table holds texts alone, as its keys where it has some."""
    keys = node.keys if isinstance(node, ast.Dict) else node.elts if isinstance(node, ast.Set | ast.List | ast.Tuple) else [None]
    return all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in keys)


def _refuses(node: ast.stmt, name: str, tables: set[str], taken: set[str]) -> bool:
    """Tell whether a statement of a `__getattr__` returns nothing, or only for texts that stand there."""
    if not isinstance(node, ast.If):
        return not any(isinstance(inner, ast.Return) for inner in ast.walk(node))
    match node.test:
        case ast.Compare(left=ast.Name(id=asked), ops=[ast.Eq()], comparators=[ast.Constant(value=str())]) if asked == name:
            known = True
        case ast.Compare(left=ast.Name(id=asked), ops=[ast.In()], comparators=[ast.Name(id=table)]) if asked == name:
            known = table in tables
        case ast.Compare(left=ast.Name(id=asked), ops=[ast.In()], comparators=[table]) if asked == name:
            known = _is_written(table)
        case ast.Name(id=found) | ast.Compare(left=ast.Name(id=found), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            known = found in taken
        case _:
            known = False
    inside = known or all(_refuses(one, name, tables, taken) for one in node.body)
    return inside and all(_refuses(one, name, tables, taken) for one in node.orelse)


def _handed(block: list[ast.stmt]) -> Iterator[str]:
    for node in block:
        if isinstance(node, ast.If):
            yield from _handed([*node.body, *node.orelse])
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            tables = (one for one in (*node.value.args, *(keyword.value for keyword in node.value.keywords)) if isinstance(one, ast.Dict))
            yield from (key.value for table in tables for key in table.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
