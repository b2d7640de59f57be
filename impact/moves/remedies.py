"""What a file has to write instead of what it no longer finds: the plan of `impact fix`, one file at a time.

Names in, names out: how they are spelled in the source is for `rewriting` to know, what has become of them for `relocations`. Only what is
sure enough is answered; where two places are as likely, nothing is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from impact.moves.places import Place, settled
from impact.names import RepoPath
from impact.programs.parsing import read_tree
from impact.report import Break, Certainty, Change, ChangeKind, ReferenceKind

_ORDER = tuple(Certainty)
# What a rewritten reference cannot mend, and why.
_UNMENDABLE = {
    ReferenceKind.FIXTURE: "what a fixture is made of is not a name to be rewritten",
    ReferenceKind.SYNTAX: "the file does not parse",
    ReferenceKind.MARKER: "a marker is registered in pytest's settings",
    ReferenceKind.CALL: "what to pass instead is for its author to say",
}


class Whereabouts(Protocol):
    """What has to be known of a change to mend what it breaks: `impact.moves.relocations.Relocations`."""

    def find(self, module: str, name: str, importer: RepoPath) -> tuple[Place, ...] | None:
        """Return where that went which a file asks for, a module where `name` is empty; None where it is there."""

    def name_for(self, place: Place, target: str, importer: RepoPath) -> str:
        """Return the name of a place as a file would write it that wrote `target`."""

    def knows(self, module: str, importer: RepoPath) -> bool:
        """Tell whether a dotted name is that of a module to a file, at either end."""

    def gone(self, module: str, importer: RepoPath) -> bool:
        """Tell whether a file found a module at base that it does not find at head."""

    def bound_at_base(self, module: str, importer: RepoPath) -> frozenset[str]:
        """Return the names that a star import of a module brought at base."""


@dataclass(frozen=True)
class FileRemedies:
    """The remedies for one file of head. `package` is what its relative imports start from.

    `lines` are those with a broken reference, `strings` the dotted names that a string there no longer finds, `unbound` the names that nothing binds;
    `members` the new names of members of classes by the place of the expression (line from 1, column from 0) and the old name;
    `beside_imports` says that something else than an import is broken.
    """

    path: RepoPath
    package: str
    relocations: Whereabouts
    enough: Certainty
    lines: frozenset[int] = field(default=frozenset())
    strings: tuple[str, ...] = ()
    unbound: frozenset[str] = field(default=frozenset())
    members: Mapping[tuple[int, int, str], str] = field(default_factory=dict)
    beside_imports: bool = False

    def may_answer(self, source: bytes) -> bool:
        """Tell whether there is an answer to anything that a source imports, or may be to what it names otherwise: a rewriting costs more than a look."""
        tree = read_tree(source)
        if self.beside_imports or not isinstance(tree, ast.Module):
            return True
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                if any(self.module(alias.name) is not None or self.relocations.gone(alias.name, self.path) for alias in node.names):
                    return True
            elif isinstance(node, ast.ImportFrom) and (module := self.absolute(node.module or "", node.level)) is not None:
                for alias in node.names:
                    if alias.name == "*" and self.relocations.gone(module, self.path):
                        return True
                    if self.symbol(module, alias.name) is not None or self.relocations.gone(f"{module}.{alias.name}", self.path):
                        return True
        return False

    def absolute(self, module: str, level: int) -> str | None:
        """Return the absolute name of the module that a from-import reads, None where its dots lead out of the top package."""
        if not level:
            return module
        parts = self.package.split(".") if self.package else []
        if level > len(parts):
            return None
        return ".".join([*parts[: len(parts) - level + 1], *([module] if module else [])])

    def module(self, module: str) -> str | None:
        """Return what a module that is gone is called now."""
        answer = self._answer(module, "")
        return answer[0] if answer is not None and not answer[1] else None

    def symbol(self, module: str, name: str) -> tuple[str, str] | None:
        """Return the module and the name under which to have a symbol that is gone; an empty name where it is a module itself."""
        return self._answer(module, name)

    def dotted(self, parts: tuple[str, ...], *, in_string: bool = False) -> tuple[str, str, tuple[str, ...]] | None:
        """Return what a dotted path stands for now: the module that held it, the one that does, and the names below that; None where nothing is gone."""
        for end in range(len(parts), 0, -1):
            module, rest = ".".join(parts[:end]), parts[end:]
            if not self.relocations.knows(module, self.path):
                continue
            if not rest:
                answer = self._answer(module, "", in_string=in_string)
                return (module, _whole(answer), ()) if answer is not None else None
            for taken in (1, 2):
                name = ".".join(rest[:taken])
                answer = self._answer(module, name, in_string=in_string) if len(rest) >= taken else None
                if answer is not None:
                    names = (*answer[1].split("."), *rest[taken:]) if answer[1] else rest[taken:]
                    return module, answer[0], names
            return None
        return None

    def _answer(self, module: str, name: str, *, in_string: bool = False) -> tuple[str, str] | None:
        place = settled(self.relocations.find(module, name, self.path) or ())
        if place is None or _ORDER.index(place.certainty) > _ORDER.index(self.enough):
            return None
        if in_string and self.enough is Certainty.CERTAIN and _is_only_through(place):
            return None  # to patch the original is something else than to patch what one module had of it
        new, _, symbol = self.relocations.name_for(place, module, self.path).partition(":")
        return new, symbol


def plan(path: RepoPath, package: str, relocations: Whereabouts, enough: Certainty, breaks: Iterable[Break]) -> FileRemedies:
    """Return the remedies for a file with some breaks."""
    found = tuple(breaks)
    return FileRemedies(
        path,
        package,
        relocations,
        enough,
        lines=frozenset(one.line for one in found),
        strings=tuple(sorted({one.target.replace(":", ".") for one in found if one.kind is ReferenceKind.STRING})),
        unbound=frozenset(one.target.rpartition(":")[2] for one in found if one.kind is ReferenceKind.NAME),
        members=dict(_members(path, relocations, enough, found)),
        beside_imports=any(one.kind not in (ReferenceKind.IMPORT, ReferenceKind.FROM_IMPORT) for one in found),
    )


def _members(path: RepoPath, relocations: Whereabouts, enough: Certainty, breaks: Iterable[Break]) -> Iterator[tuple[tuple[int, int, str], str]]:
    """Yield what members of classes are called now that have another name in the same class."""
    for one in breaks:
        module, _, name = one.target.partition(":")
        if one.kind is ReferenceKind.ATTRIBUTE and "." in name:
            place = settled(relocations.find(module, name, path) or ())
            new = place.name.partition(":")[2] if place is not None and _ORDER.index(place.certainty) <= _ORDER.index(enough) else ""
            if new.rpartition(".")[0] == name.rpartition(".")[0]:
                yield (one.line, one.column, name.rpartition(".")[2]), new.rpartition(".")[2]


def reason_left(one: Break, places: tuple[Place, ...] | None, enough: Certainty, change: Change | None) -> str:
    """Return why a break is left: nobody knows where the thing went, too many may, or nobody is sure enough. `change` is what broke it."""
    if one.kind in _UNMENDABLE:
        return _UNMENDABLE[one.kind]
    if one.remedy is not None and _ORDER.index(one.remedy.certainty) > _ORDER.index(enough):
        return f"{_VAGUE[one.remedy.certainty]} {one.remedy.replacement}: --certainty {one.remedy.certainty}"
    place = settled(places or ())
    if one.remedy is not None and one.kind is ReferenceKind.STRING and enough is Certainty.CERTAIN and place is not None and _is_only_through(place):
        return f"perhaps {one.remedy.replacement}, unless only what this module had of it is meant: --certainty likely"
    if one.remedy is not None:
        return f"{one.remedy.replacement} would mend it, but this way of naming it is not rewritten"
    if places and len(places) > 1:
        return f"as likely one as the other: {', '.join(place.name for place in places[:4])}"
    if one.kind is ReferenceKind.NAME:
        return "nothing binds it any more"
    if change is not None and change.kind is ChangeKind.REFERENCE_ADDED:
        return "neither end has anything of that name"
    evidence = {reason.kind: reason for reason in change.evidence} if change is not None else {}
    since = f" since {commit.commit[:10]}" if (commit := evidence.get("commit")) is not None and commit.commit is not None else ""
    last = f"; {seen.detail}" if (seen := evidence.get("last-seen")) is not None else ""
    return f"gone{since}, and nothing is known to have taken its place{last}"


_VAGUE = {Certainty.LIKELY: "perhaps", Certainty.POSSIBLE: "possibly", Certainty.CERTAIN: ""}


def _is_only_through(place: Place) -> bool:
    return any(reason.kind == "through" for reason in place.reasons)


def _whole(answer: tuple[str, str]) -> str:
    return f"{answer[0]}.{answer[1]}" if answer[1] else answer[0]
