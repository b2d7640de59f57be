"""Conditions that come out one way whoever runs them: `TYPE_CHECKING`, constants, `__name__`, the version of Python."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from impact.programs.paths import Path

AND = "\x1e"
"""Stands between the questions of one test."""
_OPERATORS: dict[type[ast.cmpop], str] = {ast.GtE: ">=", ast.Gt: ">", ast.LtE: "<=", ast.Lt: "<", ast.Eq: "==", ast.NotEq: "!="}
# Every `os.name` that there is.
_SYSTEMS = frozenset({"nt", "posix"})
# A longer question is not worth keeping.
_LONGEST = 200
_INVERTED = {"yes": "no", "no": "yes", "maybe": "maybe"}
_OPPOSITE = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}


def path_of(node: ast.expr | None) -> Path | None:
    """Return the dotted path of a name or an attribute of one, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return tuple(reversed(parts))


def test_of(node: ast.expr, constants: Mapping[str, bool | str]) -> str:
    """Return how a condition comes out: `yes`, `no`, `maybe`, or a question that is answered when it is run.

    Questions are `version>=3.8`, `has a.b.c` (`hasattr(a.b, "c")`), `spec a.b` (`importlib.util.find_spec("a.b")`), `none a.b` (`a.b is None`),
    `true a.b` (its truth), `is a.b C` (`isinstance(a.b, C)`), `equal a 'x'` and `among a ('x', 'y')`; `!` in front inverts one.
    Several are `all` or `any`, with `AND` in between.
    `constants` are the plain names that this file binds once, to something whose truth is evident, or to the answer to such a question.
    """
    match node:
        case ast.Constant(value=value):
            return "yes" if value else "no"
        case ast.Name(id=name) if name in constants:
            known = constants[name]
            return known if isinstance(known, str) else "yes" if known else "no"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return inverted(test_of(operand, constants))
        case ast.BoolOp(op=operator, values=values):
            return _combined(isinstance(operator, ast.And), [test_of(value, constants) for value in values])
        case ast.Compare(left=ast.Call() as left, ops=[ast.Is() | ast.IsNot() as operator], comparators=[ast.Constant(value=None)]):
            question = _question(left)
            return inverted(question) if isinstance(operator, ast.Is) else question
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as operator], comparators=[ast.Constant(value=None)]) if path := path_of(left):
            question = f"none {'.'.join(path)}"
            return question if isinstance(operator, ast.Is) else inverted(question)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _comparison(left, operator, right)
        case ast.Call():
            return _question(node)
    path = path_of(node)
    if path is None:
        return "maybe"
    if path[-1] == "TYPE_CHECKING" or path == ("six", "PY2"):
        return "no"
    return "yes" if path in (("six", "PY3"), ("__debug__",)) else f"true {'.'.join(path)}"


def is_evaluated(test: str) -> bool:
    """Tell whether an outcome leaves the condition to be evaluated: then it may fail itself."""
    return any(one == "maybe" or one.startswith(("is ", "none ", "true ", "equal ", "among ")) for one in questions_in(test))


def questions_in(test: str) -> list[str]:
    r"""Return the questions of an outcome, none of them inverted.

    >>> questions_in("!version>=3.8"), questions_in("all !true a\x1enone b"), questions_in("maybe")
    (['version>=3.8'], ['true a', 'none b'], ['maybe'])
    """
    bare = test.lstrip("!")
    return [one.lstrip("!") for one in parts_of(bare)[1]] if bare.startswith(("all ", "any ")) else [bare]


def parts_of(test: str) -> tuple[bool, list[str]]:
    """Return whether several questions must all be so, and these."""
    kind, _, rest = test.partition(" ")
    return kind == "all", rest.split(AND)


def read_first(node: ast.expr) -> Iterator[ast.Name]:
    """Yield the names that are read whatever an expression comes to: of `a and b`, those of `a`."""
    match node:
        case ast.Name():
            yield node
        case ast.BoolOp(values=[first, *_]) | ast.IfExp(test=first) | ast.Compare(left=first):
            yield from read_first(first)
        case ast.UnaryOp(operand=inner) | ast.Attribute(value=inner) | ast.Subscript(value=inner):
            yield from read_first(inner)
        case ast.Call(func=func, args=arguments):
            for one in (func, *arguments):
                yield from read_first(one)


def inverted(test: str) -> str:
    """Return how the opposite of a condition comes out.

    >>> inverted("yes"), inverted("version>=3.8"), inverted("has a.b"), inverted("!has a.b")
    ('no', 'version<3.8', '!has a.b', 'has a.b')
    """
    if test.startswith("version"):
        operator = test[7:9] if test[7:9] in _OPPOSITE else test[7:8]
        return f"version{_OPPOSITE[operator]}{test[7 + len(operator) :]}"
    return _INVERTED.get(test) or (test[1:] if test.startswith("!") else f"!{test}")


def _question(node: ast.Call) -> str:
    name = path_of(node.func)
    match node.args:
        case [owner, ast.Constant(value=str(attribute))] if name == ("hasattr",) and (path := path_of(owner)) and attribute.isidentifier():
            return f"has {'.'.join((*path, attribute))}"
        case [owner, kind] if name == ("isinstance",) and (path := path_of(owner)) and (of := path_of(kind)):
            return f"is {'.'.join(path)} {'.'.join(of)}"
        case [owner, ast.Tuple(elts=[_, *_] as kinds)] if name == ("isinstance",):
            return _combined(False, [_question(ast.Call(node.func, [owner, kind], [])) for kind in kinds])
        case [ast.Constant(value=str(module))] if name and name[-1] == "find_spec":
            return f"spec {module}"
    return "maybe"


def _combined(conjunction: bool, tests: list[str]) -> str:
    decides, neutral = ("no", "yes") if conjunction else ("yes", "no")
    if decides in tests:
        return decides
    open_tests = ["maybe" if AND in test and len(tests) > 1 else test for test in tests if test != neutral]
    if len(open_tests) < 2:
        return open_tests[0] if open_tests else neutral
    return f"{'all' if conjunction else 'any'} {AND.join(open_tests)}" if set(open_tests) != {"maybe"} else "maybe"


def _comparison(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> str:
    if path_of(left) == ("__name__",) and isinstance(operator, ast.Eq) and isinstance(right, ast.Constant) and right.value == "__main__":
        return "no"
    if isinstance(operator, ast.In) and path_of(left) == ("os", "name") and isinstance(right, ast.Tuple | ast.List | ast.Set):
        named = {item.value for item in right.elts if isinstance(item, ast.Constant)}
        return "yes" if named >= _SYSTEMS else "maybe"
    if isinstance(left, ast.Name) and (question := _held_against(left.id, operator, right)) is not None:
        return question
    sign = _OPERATORS.get(type(operator))
    if sign is None:
        return "maybe"
    if isinstance(left, ast.Subscript) and isinstance(left.slice, ast.Slice):
        left = left.value
    elif isinstance(left, ast.Subscript) and isinstance(left.slice, ast.Constant) and left.slice.value == 0:
        left = ast.Attribute(left.value, "major")
    path = path_of(left)
    if path in (("sys", "version_info"), ("version_info",)) and isinstance(right, ast.Tuple):
        parts = [item.value for item in right.elts if isinstance(item, ast.Constant) and isinstance(item.value, int)]
        return f"version{sign}{'.'.join(map(str, parts))}" if parts and len(parts) == len(right.elts) else "maybe"
    if path in (("sys", "version_info", "major"), ("version_info", "major")) and isinstance(right, ast.Constant) and isinstance(right.value, int):
        # Whatever Python 3 runs this: its major version is 3.
        major = {">=": right.value <= 3, ">": right.value < 3, "<=": right.value >= 3, "<": right.value > 3, "==": right.value == 3}
        return "yes" if major.get(sign, right.value != 3) else "no"
    return "maybe"


def _held_against(name: str, operator: ast.cmpop, right: ast.expr) -> str | None:
    """Return the question whether a plain name is equal to a constant, or among several; None for anything else."""
    match operator, right:
        case ast.Eq() | ast.NotEq(), ast.Constant(value=str() | int() | None as value):
            question = f"equal {name} {value!r}"
        case ast.In() | ast.NotIn(), ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            values = tuple(item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str | int | None))
            question = f"among {name} {values!r}" if len(values) == len(items) else ""
        case _:
            return None
    if not 0 < len(question) <= _LONGEST:
        return None
    return inverted(question) if isinstance(operator, ast.NotEq | ast.NotIn) else question
