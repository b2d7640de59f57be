"""Functions that ask what they are handed for a member that a class lost, and the files that may hand them an instance of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from impact.breaks.inquiry import Inquiry
from impact.breaks.reach import saying
from impact.names import RepoPath
from impact.programs.blocks import statements_of
from impact.programs.functions import body_of
from impact.programs.program import Bind, Call, Function, Load

_CONSTRUCTORS = frozenset({"__init__", "__new__", "__call__"})
# Through a function that hands it on to one that does, and so on.
_FARTHEST = 3


def find_handing(inquiry: Inquiry) -> dict[RepoPath, frozenset[str]]:
    """Return the files that may hold an instance of a class that lost members, each with the names of functions that ask for these what they are handed."""
    found: dict[RepoPath, set[str]] = {}
    losses = inquiry.losses
    for path, holders in inquiry.holders.items():
        gone = (*losses.lost.get(path, ()), *losses.narrowed.get(path, ()))
        asked = _askers(inquiry, holders | inquiry.called_by(holders), frozenset(name.rpartition(".")[2] for name in gone if "." in name))
        for holder in _saying(inquiry, holders, asked):
            found.setdefault(holder, set()).update(asked)
    return {path: frozenset(names) for path, names in sorted(found.items())}


def _askers(inquiry: Inquiry, files: AbstractSet[RepoPath], lost: frozenset[str]) -> frozenset[str]:
    """Return the names by which those functions of some files are called that ask for one of some members, or hand on what they are handed."""
    names: frozenset[str] = frozenset()
    latest = lost
    for _ in range(_FARTHEST):
        found = {
            _called_as(function)
            for path in _saying(inquiry, files, latest)
            for function in inquiry.head.programs.functions(path).values()
            if function.parameters and function.mentions(latest) and _asks(function, lost, names)
        }
        latest = frozenset(found - names)
        if not latest:
            break
        names |= latest
    return names


def _saying(inquiry: Inquiry, files: Iterable[RepoPath], words: AbstractSet[str]) -> Iterator[RepoPath]:
    said = saying(words)
    for path in sorted(files) if words else ():
        if path in inquiry.head.snapshot.files and said.search(inquiry.head.programs.source(path) or b""):
            yield path


def _called_as(function: Function) -> str:
    return function.owner.rpartition(".")[2] if function.owner and function.name in _CONSTRUCTORS else function.name


def _asks(function: Function, lost: AbstractSet[str], askers: AbstractSet[str]) -> bool:
    """Tell whether a function asks one of its parameters for a name that is lost, or hands it to a function that does."""
    handed = set(function.parameters)
    for statement in statements_of(body_of(function)):
        match statement:
            case Bind(name=name, value=value) if value is not None:
                (handed.add if value[0] in handed else handed.discard)(name)
            case Load(path=path) if path[0] in handed and not lost.isdisjoint(path[1:]):
                return True
            case Call(path=path, arguments=arguments, keywords=keywords):
                given = (one for one in (*arguments, *(value for _, value in keywords)) if isinstance(one, tuple))
                if path[-1] in askers and path[0] not in handed and any(one[0] in handed for one in given):
                    return True
            case _:
                pass
    return False
