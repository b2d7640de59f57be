"""What a call of a project's function or class arrives at: the signature that takes the arguments, under the name that Python gives it.

Decorators decide: one that is known to hand its arguments on changes nothing, any other makes the answer a guess. A class is called through
`__init__` or `__new__`, its own or inherited, or through what `dataclasses`, `typing.NamedTuple` and `attrs` make of its fields.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from impact.execution.lookup import Lookup
from impact.execution.values import ClassValue, External, FunctionValue, Lazy, ModuleValue, Result, Value
from impact.execution.world import Frame
from impact.names import RepoPath
from impact.programs.forwarding import ABOVE, forwarding_of
from impact.programs.program import Call, Function
from impact.programs.signatures import Callee, Onto, read_signature

_HAND_ON = frozenset({
    "abc.abstractmethod", "classmethod", "contextlib.asynccontextmanager", "contextlib.contextmanager", "functools.cache", "functools.lru_cache",
    "staticmethod", "typing.final", "typing.no_type_check", "typing.override", "typing_extensions.final", "typing_extensions.override",
})  # fmt: skip
_OF_CLASSES = frozenset({"enum.unique", "functools.total_ordering", "typing.final", "typing.runtime_checkable", "typing_extensions.final"})
_DATACLASS = "dataclasses.dataclass"
_ATTRS = frozenset({"attr.define", "attr.frozen", "attr.mutable", "attrs.define", "attrs.frozen", "attrs.mutable"})
# Bases that take no part in a call of the class.
_PLAIN = frozenset({"object", "abc.ABC", "abc.ABCMeta", "typing.Protocol", "typing.Generic"})
_ABSTRACT = frozenset({"abc.ABC", "abc.ABCMeta"})
_EXCEPTIONS = frozenset(name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException))
_OWN_CLASS = frozenset({"cls", "super"})
_WORD = re.compile(r"[^\W\d]\w*")
_DEEPEST = 10


def qualified(function: Function) -> str:
    """Return the name of a function within its module."""
    return f"{function.owner}.{function.name}" if function.owner else function.name


def callee_of(lookup: Lookup, value: Value) -> Callee | None:
    """Return what a call of a value arrives at, None where that cannot be told."""
    if isinstance(value, FunctionValue):
        return _function(lookup, value)
    if isinstance(value, ClassValue):
        found = _constructor(lookup, value)
        return found._replace(owner=value.name, abstract=tuple(sorted(unfinished(lookup, value)))) if found is not None else None
    return None


def find_narrower(before: Lookup, old: ModuleValue, after: Lookup, new: ModuleValue, changed: AbstractSet[RepoPath]) -> frozenset[str]:
    """Return what a module binds at both ends that takes fewer calls at the second: functions, classes, and methods as `Class.method`.

    What it took at the first goes into the world of the second.
    """
    found: set[str] = set()
    said = frozenset(_WORD.findall((after.world.programs.source(new.path) or b"").decode("utf-8", "replace"))) if after.world.narrower else frozenset[str]()
    less = said & after.world.narrower
    for name, value, now in _pairs(before, old, after, new, changed, less):
        if isinstance(value, FunctionValue) and isinstance(now, FunctionValue):
            if (now.path not in changed or _same_head(before, value, after, now)) and not _hands_on(after, now, less):
                continue
        elif isinstance(value, FunctionValue | ClassValue) and isinstance(now, FunctionValue | ClassValue) and type(value) is not type(now):
            if now.path not in changed:
                continue
        elif not (isinstance(value, ClassValue) and isinstance(now, ClassValue)) or not (now.path in changed or _names_of_bases(now) & after.world.narrower):
            continue
        one, other = callee_of(before, value), callee_of(after, now)
        if one is None or other is None or not other.is_narrower(one):
            continue
        key = now.name if isinstance(now, ClassValue) else name if "." in name else other.name
        after.world.narrowed[now.path, key] = one
        after.world.narrower.update((name.rpartition(".")[2], key.rpartition(".")[2]))
        if isinstance(now, ClassValue):
            after.world.narrower.add("__init__")  # an heir may call it by that name
        found.add(name)
    return frozenset(found)


def _pairs(
    before: Lookup, old: ModuleValue, after: Lookup, new: ModuleValue, changed: AbstractSet[RepoPath], less: frozenset[str]
) -> Iterator[tuple[str, Value, Value]]:
    """Yield what a module binds at both ends, by name. `less` are the names in its file of what takes less."""
    for name, value in tuple(old.names.items()):  # looking into one may bind another
        now = new.names.get(name)
        if now is None:
            continue
        yield name, value, now
        if isinstance(value, FunctionValue) and isinstance(now, FunctionValue) and now.path == new.path and _names(after, now, less):
            made, made_now = before.settle(Result(value)), after.settle(Result(now))
            if isinstance(made, FunctionValue | ClassValue) and isinstance(made_now, FunctionValue | ClassValue):
                yield name, made, made_now  # it hands out a function, or a class
        if isinstance(value, ClassValue) and isinstance(now, ClassValue):
            for member, one in tuple(value.members.items()):
                if member in now.members and (member == "__init_subclass__" or not (member.startswith("__") and member.endswith("__"))):
                    other = now.members[member]
                    if now.path in changed or (isinstance(other, FunctionValue) and other.path == new.path and _hands_on(after, other, less)):
                        yield f"{name}.{member}", one, other


def _same_head(before: Lookup, value: FunctionValue, after: Lookup, now: FunctionValue) -> bool:
    one, other = (lookup.world.programs.functions(one.path).get(one.key) for lookup, one in ((before, value), (after, now)))
    if one is None or other is None:
        return True
    return one.signature == other.signature and [decorator.path for decorator in one.decorators] == [decorator.path for decorator in other.decorators]


def _names_of_bases(value: ClassValue) -> set[str]:
    return {base.name.rpartition(".")[2] for base in value.bases if isinstance(base, ClassValue | Lazy)}


def _hands_on(lookup: Lookup, value: FunctionValue, less: frozenset[str]) -> bool:
    """Tell whether a function has keywords to hand on, and names something that takes less, or the class it belongs to, or one above."""
    function = lookup.world.programs.functions(value.path).get(value.key)
    return bool(less) and function is not None and function.signature.endswith("**") and function.mentions(less | _OWN_CLASS)


def _names(lookup: Lookup, value: FunctionValue, less: frozenset[str]) -> bool:
    function = lookup.world.programs.functions(value.path).get(value.key)
    return bool(less) and function is not None and function.mentions(less)


def _function(lookup: Lookup, value: FunctionValue, depth: int = 0) -> Callee | None:
    functions = lookup.world.programs.functions(value.path)
    function = functions.get(value.key)
    module = lookup.loaded.get(value.path)
    if function is None or module is None:
        return None
    names = decorators_of(lookup, module, function)
    same = [one for one in functions.values() if one.name == function.name and one.owner == function.owner]
    if any("overload" not in decorators_of(lookup, module, one)[0].rpartition(".")[2] if one.decorators else True for one in same if one is not function):
        return None  # which of them it is may hang on a condition
    if any(name.rpartition(".")[2] in ("fixture", "property") for name in names):
        signature = read_signature(function.signature)
        return Callee(function.name, signature, "fixture", certain=True) if names == ["pytest.fixture"] and not function.owner else None
    of_class = "classmethod" in names or (function.owner and function.name == "__init_subclass__")
    kind = "static" if "staticmethod" in names else "class" if of_class else "function"
    onto = _onto(lookup, module, function, depth) if function.signature.endswith("**") and depth < _DEEPEST else None
    certain = _HAND_ON.issuperset(names) and (onto is None or onto.callee.certain)
    return Callee(qualified(function), read_signature(function.signature), kind, certain=certain, onto=onto)


def _onto(lookup: Lookup, module: ModuleValue, function: Function, depth: int) -> Onto | None:
    """Return what a function hands its keywords on to, None where that cannot be told."""
    found = forwarding_of(lookup.world.programs.source(module.path) or b"", function.key)
    if found is None:
        return None
    frame = Frame(module)
    own = lookup.quiet(tuple(function.owner.split(".")), frame) if function.owner else None
    owner = lookup.force(own) if own is not None else None
    first, *rest = found.path
    target: Value | None = None
    above = [lookup.force(base) if base is not None else None for base in owner.bases] if isinstance(owner, ClassValue) else []
    match owner:
        case ClassValue() if first == ABOVE:
            target = above[0] if len(above) == 1 else None
            target = lookup.member(target, rest[0]) if isinstance(target, ClassValue) and rest != ["__init__"] else target
        case ClassValue() if first in ("self", "cls"):
            target = lookup.member(owner, rest[0]) if len(rest) == 1 else owner if not rest and first == "cls" else None
        case _ if first not in function.parameters:
            target = lookup.quiet(found.path, frame)
    target = lookup.force(target) if target is not None else None
    if isinstance(target, ClassValue):
        callee = _constructor(lookup, target, depth + 1)
    else:
        callee = _function(lookup, target, depth + 1) if isinstance(target, FunctionValue) else None
    reached = "instance" if first in (ABOVE, "self") else "class" if first == "cls" else "plain"
    if callee is None or callee.kind == "fixture" or not isinstance(target, ClassValue | FunctionValue):
        return None
    name = target.name if isinstance(target, ClassValue) else callee.name
    return Onto(callee, f"{lookup.module_name(target.path)}:{name}", reached, found.given, found.defaults, found.rest)


def decorators_of(lookup: Lookup, module: ModuleValue, function: Function) -> list[str]:
    """Return the dotted names of what decorates a function."""
    return [lookup.canonical(decorator.path, Frame(module)) for decorator in function.decorators]


def _constructor(lookup: Lookup, value: ClassValue, depth: int = 0) -> Callee | None:
    """Return what a class is called through; None where that cannot be told."""
    made = _made(lookup, value)
    if value.open or depth > _DEEPEST or made is None or value.members.keys() >= {"__init__", "__new__"}:
        return None
    for name in ("__init__", "__new__"):
        if (own := value.members.get(name)) is not None:
            found = _function(lookup, own, depth) if isinstance(own, FunctionValue) and own.path == value.path else None
            return found._replace(kind="constructor", certain=found.certain and _is_plain(lookup, value)) if found is not None else None
    if made:
        return _from_fields(lookup, value, f"{value.name}.__init__")
    for base in value.bases:
        forced = lookup.force(base) if base is not None else None
        if isinstance(forced, ClassValue):
            found = _constructor(lookup, forced, depth + 1)
            if found is None or found.signature is not None:
                return found
        elif isinstance(forced, External) and forced.name == "typing.NamedTuple":
            return _from_fields(lookup, value, f"{value.name}.__new__")
        elif not (isinstance(forced, External) and forced.name in _PLAIN):
            return None
    return Callee(value.name.rpartition(".")[2], None, "constructor", certain=True)  # `object` names the class alone


def run_by(lookup: Lookup, value: ClassValue) -> FunctionValue | None:
    """Return the function of the project that making an instance of a class runs, its own or inherited; None where there is none, or none for certain."""
    name = "__init__"
    for _ in range(_DEEPEST):
        made = _made(lookup, value)
        if made and name == "__init__":
            name = "__post_init__" if made == _DATACLASS else "__attrs_post_init__"
        if (found := value.members.get(name)) is not None:
            return found if isinstance(found, FunctionValue) else None
        if value.open or made is None or (name == "__init__" and "__new__" in value.members):
            return None
        bases = [lookup.force(base) if base is not None else None for base in value.bases]
        above = [base for base in bases if not (isinstance(base, External) and base.name in _PLAIN)]
        if len(above) != 1 or not isinstance(above[0], ClassValue):
            return None
        value = above[0]
    return None


def _made(lookup: Lookup, value: ClassValue) -> str | None:
    """Return the decorator that gives a class its constructor, the empty string for none; None where one is not known."""
    found = ""
    for name, keywords in _class_decorators(lookup, value):
        if (name == _DATACLASS or name in _ATTRS) and "init" not in keywords:
            found = name
        elif name not in _OF_CLASSES:
            return None
    return found


def _class_decorators(lookup: Lookup, value: ClassValue) -> Iterator[tuple[str, dict[str, object]]]:
    module = lookup.loaded.get(value.path)
    for decorator in value.decorators:
        name = lookup.canonical(decorator.path, Frame(module)) if module is not None else ""
        yield name, dict(decorator.keywords) if isinstance(decorator, Call) else {}


def _from_fields(lookup: Lookup, value: ClassValue, name: str) -> Callee | None:
    fields = fields_in(lookup, value)
    if fields is None:
        return None
    positional = [field for field in fields if not field.startswith("*")]
    only = [field[1:] for field in fields if field.startswith("*")]
    return Callee(name, read_signature(" ".join(["self", *positional, "*", *only])), "constructor", certain=_is_plain(lookup, value))


def fields_in(lookup: Lookup, value: ClassValue, depth: int = 0) -> list[str] | None:
    """Return the parameters that the fields of a class make, those of its bases first, as `impact.programs.signatures.fields_of` writes them; None where some
    are not known.
    """
    found: dict[str, str] = {}
    for base in reversed(value.bases):
        forced = lookup.force(base) if base is not None else None
        if isinstance(forced, ClassValue):
            inherited = fields_in(lookup, forced, depth + 1) if _made(lookup, forced) and depth < _DEEPEST else [] if _made(lookup, forced) == "" else None
            if inherited is None:
                return None
            found.update({_bare(field): field for field in inherited})
        elif not (isinstance(forced, External) and forced.name in {*_PLAIN, *_EXCEPTIONS, "typing.NamedTuple"}):
            return None
    decorators = list(_class_decorators(lookup, value))
    only = any(keywords.get("kw_only") == ("True",) for _, keywords in decorators)
    attrs = any(name in _ATTRS for name, _ in decorators)
    for field in value.fields:
        if field == "?":
            return None
        if field == "*":
            only = True
            continue
        name = _bare(field)
        if field.startswith("-"):
            found.pop(name, None)
            continue
        shown = field.replace(name, name.lstrip("_")) if attrs else field
        found[name] = f"*{shown}" if only and not shown.startswith("*") else shown
    return list(found.values())


def _bare(field: str) -> str:
    return field.strip("*-=")


def _is_plain(lookup: Lookup, value: ClassValue, depth: int = 0) -> bool:
    """Tell whether nothing but classes of the project, and bases that take no part, decide how a class is called."""
    for base in value.bases:
        forced = lookup.force(base) if base is not None else None
        if isinstance(forced, ClassValue):
            if forced.open or depth > _DEEPEST or not _is_plain(lookup, forced, depth + 1):
                return False
        elif not (isinstance(forced, External) and forced.name in {*_PLAIN, *_EXCEPTIONS, "typing.NamedTuple"}):
            return False
    return True


def unfinished(lookup: Lookup, value: ClassValue) -> set[str]:
    """Return the abstract methods that a class and its bases leave without a body, where its metaclass minds (`abc`)."""
    line = list(_line(lookup, value))
    if not any(isinstance(base, External) and base.name in _ABSTRACT for base in line):
        return set()
    abstract: set[str] = set()
    for owner in reversed(line):
        for name, member in owner.members.items() if isinstance(owner, ClassValue) else ():
            if isinstance(member, FunctionValue) and _is_abstract(lookup, member):
                abstract.add(name)
            else:
                abstract.discard(name)
    return abstract


def _line(lookup: Lookup, value: ClassValue, depth: int = 0) -> Iterator[Value]:
    yield value
    for base in value.bases:
        forced = lookup.force(base) if base is not None else None
        if isinstance(forced, ClassValue) and depth < _DEEPEST:
            yield from _line(lookup, forced, depth + 1)
        elif forced is not None:
            yield forced


def _is_abstract(lookup: Lookup, value: FunctionValue) -> bool:
    function = lookup.world.programs.functions(value.path).get(value.key)
    module = lookup.loaded.get(value.path)
    return function is not None and module is not None and any(name.startswith("abc.abstract") for name in decorators_of(lookup, module, function))
