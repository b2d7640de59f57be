"""The words of every format: what happens to a test, what became of a thing, how many there are, where it stands."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from impact.report import Certainty, ChangeKind, Verdict

if TYPE_CHECKING:
    from impact.render.document import ChangeDocument

SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}
PHRASES = {
    Verdict.COLLECTION_ERROR: ("cannot be collected", "cannot be collected"),
    Verdict.RUNTIME_ERROR: ("fails at run time", "fail at run time"),
    Verdict.SILENCED: ("is silenced", "are silenced"),
    Verdict.AT_RISK: ("is at risk", "are at risk"),
    Verdict.AFFECTED: ("is affected", "are affected"),
}
"""What happens to one test file, and to several."""
LABELS = {**{verdict: one for verdict, (one, _) in PHRASES.items()}, Verdict.SILENCED: "passes without testing", Verdict.AT_RISK: "may break"}
FATES = {
    ChangeKind.MODULE_DELETED: "module deleted",
    ChangeKind.MODULE_RENAMED: "module renamed",
    ChangeKind.MODULE_MOVED: "module moved",
    ChangeKind.MODULE_UNPARSABLE: "module no longer parses",
    ChangeKind.SYMBOL_DELETED: "deleted",
    ChangeKind.SYMBOL_RENAMED: "renamed",
    ChangeKind.SYMBOL_MOVED: "moved",
    ChangeKind.FIXTURE_DELETED: "fixture deleted",
    ChangeKind.MARKER_UNREGISTERED: "marker without registration",
    ChangeKind.SIGNATURE_CHANGED: "signature changed",
    ChangeKind.REFERENCE_ADDED: "does not exist, and this change names it",
}
VERBS = {Certainty.CERTAIN: "use", Certainty.LIKELY: "perhaps use", Certainty.POSSIBLE: "possibly use"}


def plural(count: int, noun: str) -> str:
    """Return `count` things.

    >>> plural(1841, "test file")
    '1,841 test files'
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def happens(verdict: Verdict, count: int) -> str:
    """Return what happens to so many test files.

    >>> happens(Verdict.COLLECTION_ERROR, 2)
    '2 test files cannot be collected'
    """
    return f"{plural(count, 'test file')} {PHRASES[verdict][count != 1]}"


def became(change: ChangeDocument) -> str:
    """Return what became of a thing that nothing names: `acme.a  moved to acme.b`."""
    new = f" to {dotted(change['new'])}" if change["new"] else ""
    return f"{dotted(change['old'])}  {FATES[ChangeKind(change['kind'])]}{new}"


def dotted(name: str) -> str:
    """Return the name as one would search for it: `pkg.mod:Symbol` reads `pkg.mod.Symbol`."""
    return name.replace(":", ".")


def place(path: str, line: int) -> str:
    """Return `path:line`, or the path alone where no line stands for it (a test that runs a `conftest.py` writes no import)."""
    return f"{path}:{line}" if line else path


def folded(line: str, width: int) -> list[str]:
    """Return a line in parts that are no wider than `width` where its words allow for that; the later ones are indented below the first.

    >>> folded("  a bb ccc", 7)
    ['  a bb', '    ccc']
    """
    indent = " " * (len(line) - len(line.lstrip(" ")))
    return textwrap.wrap(line, width, subsequent_indent=f"{indent}  ", break_long_words=False, break_on_hyphens=False, drop_whitespace=True) or [""]
