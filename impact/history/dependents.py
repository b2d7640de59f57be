"""Who names a module or a symbol at one revision, as far as imports and dotted strings tell."""

from __future__ import annotations

from dataclasses import dataclass

from impact.breaks.sides import Side
from impact.mentions import Mentions
from impact.modules import Modules
from impact.names import RepoPath, directory_of, is_below
from impact.progress import Progress
from impact.sources import Sources


@dataclass(frozen=True, slots=True)
class Dependents:
    """The files that name a thing, sorted, and how many of them are tests."""

    paths: tuple[RepoPath, ...]
    tests: int

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"files": len(self.paths), "tests": self.tests, "paths": list(self.paths)}


def find_dependents(side: Side, sources: Sources, progress: Progress, path: RepoPath, symbol: str = "", *, former: Modules | None = None) -> Dependents:
    """Return the files of one end that name the module at `path`, or a symbol of it. `former` knows the module, where it is gone at this end.

    A superset, as every scan is: a name that is imported and never used counts, and so does an import in a branch that is never taken.
    """
    ends = (side.modules,) if former is None else (former, side.modules)
    words = {name.rpartition(".")[2] for modules in ends for name in modules.names_of(path)}
    package = path.endswith("/__init__.py")

    def may_name(other: RepoPath, text: str) -> bool:
        # `from . import x` names the package around it without a word.
        return any(word in text for word in words) or (package and "f ." in text and is_below(other, directory_of(path)))

    scans = sources.scans(side.snapshot, progress)
    mentions = Mentions(lambda: {other: text for other, text in scans.items() if other != path and may_name(other, text)}, ends)
    found = tuple(other for other in sorted(mentions.scans) if _names(side, mentions, other, path, symbol))
    return Dependents(found, sum(other in side.layout.tests or other.endswith("conftest.py") for other in found))


def _names(side: Side, mentions: Mentions, other: RepoPath, path: RepoPath, symbol: str) -> bool:
    word = symbol.partition(".")[0]
    asked = [edge.names for edge in mentions.edges(other) if edge.imported == path]
    if not symbol or any(names is not None and word in names for names in asked):
        return bool(asked)
    # It holds the module as a whole: the word of the symbol has to be somewhere in it.
    return None in asked and word.encode() in (side.programs.source(other) or b"")
