"""Edits as suggestions on the lines of a pull request, which its author takes over with a click: each is posted once, and withdrawn when it holds no more.

The report says which name to write in place of which; the line itself is the one that the forge shows. A report that somebody made up can so suggest
nothing but another dotted name in a line that is there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from impact.render.markdown import render_suggestion

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from impact.bot.hunks import Spot
    from impact.render.remarks import Remark

# More than that nobody takes over by hand: `impact fix` makes the whole patch.
_MOST = 30


@dataclass(frozen=True, slots=True)
class Posted:
    """A comment on a line, as a forge has it. `shown`: it stands on a line of the diff as it is now; `answered`: people went on from it."""

    id: str
    author: str
    body: str
    shown: bool
    answered: bool


class Reviewed(Protocol):
    """A pull request with comments on its lines. `suggestion` is what its Markdown calls a block that replaces the line."""

    suggestion: str

    def author(self) -> str:
        """Return who we are, as `Posted.author` has it."""

    def spots(self) -> Iterable[Spot]:
        """Return the lines that a comment may stand on."""

    def posted(self) -> Iterable[Posted]:
        """Return the comments on lines of all pages, the oldest first."""

    def suggest(self, texts: Sequence[tuple[Spot, str]]) -> None:
        """Post comments on lines."""

    def withdraw(self, one: Posted) -> None:
        """Delete a comment on a line; one that is gone already is no error."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """What was done: how many were posted, kept and withdrawn; `places` have a suggestion now."""

    posted: int
    kept: int
    withdrawn: int
    places: frozenset[tuple[str, int]]

    def __str__(self) -> str:
        """Return what was done, in words."""
        done = [f"{count} {what}" for count, what in ((self.posted, "posted"), (self.kept, "there already"), (self.withdrawn, "withdrawn")) if count]
        return ", ".join(done) or "none on a line of this change"


def publish_suggestions(forge: Reviewed, key: str, edits: Iterable[Remark]) -> Suggested:
    """Make the `edits` of the report `key` that lie on lines of the pull request its suggestions, and return what was done."""
    wanted = _wanted(forge, key, edits)
    there, withdrawn = _tidy(forge, key, wanted)
    new = [(spot, text) for mark, (_, spot, text) in wanted.items() if mark not in there]
    if new:
        forge.suggest(new)
        # A job that started with this one may have posted the same, and so may an attempt that seemed to fail: the oldest stays.
        withdrawn += _tidy(forge, key, wanted)[1]
    return Suggested(len(new), len(there), withdrawn, frozenset((edit.path, edit.line) for edit, _, _ in wanted.values()))


def _tidy(forge: Reviewed, key: str, wanted: Container[str]) -> tuple[set[str], int]:
    """Withdraw our suggestions that hold no more, or stand there twice; return the marks of those that stay, and how many went."""
    ours = re.compile(re.escape(_marker(key, "#")).replace(r"\#", "([0-9a-f]{16})"))
    author = forge.author()
    there: set[str] = set()
    withdrawn = 0
    for one in list(forge.posted()):
        match = ours.match(one.body)
        if match is None or one.author != author or not one.shown:
            continue
        if match[1] in wanted and match[1] not in there:
            there.add(match[1])
        elif not one.answered:
            forge.withdraw(one)
            withdrawn += 1
    return there, withdrawn


def _wanted(forge: Reviewed, key: str, edits: Iterable[Remark]) -> dict[str, tuple[Remark, Spot, str]]:
    """Return the suggestions that hold: mark → the edit, where it goes, the text of the comment."""
    shown: dict[str, dict[int, Spot]] = defaultdict(dict)
    for spot in forge.spots():
        shown[spot.path][spot.line] = spot
    every = tuple(edits)
    # A line that an edit names by its number is for no other edit.
    taken = {(edit.path, edit.line) for edit in every}
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[str, tuple[Remark, Spot, str]] = {}
    for edit in every:
        here = _spot(edit, shown.get(edit.path, {}), taken)
        text = render_suggestion(edit, here.text, forge.suggestion) if here else None
        if here is None or text is None or len(found) == _MOST:
            continue
        taken.add((here.path, here.line))
        # The mark is what the suggestion says: a line that moves keeps it. The same line may stand in a file more than once.
        seen[edit.path, edit.site.code] += 1
        parts = (edit.path, edit.site.code, edit.site.mended or "", str(seen[edit.path, edit.site.code]))
        mark = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        found[mark] = edit, here, f"{_marker(key, mark)}\n\n{text}"
    return found


def _spot(edit: Remark, shown: Mapping[int, Spot], taken: Container[tuple[str, int]]) -> Spot | None:
    """Return the line of an edit in the diff. The report may be about the merge, in which lines stand elsewhere: then the only one that reads the same."""
    here = shown.get(edit.line)
    if here is not None and here.text.strip() == edit.site.code:
        return here
    alike = [spot for spot in shown.values() if spot.text.strip() == edit.site.code]
    return alike[0] if len(alike) == 1 and (alike[0].path, alike[0].line) not in taken else None


def _marker(key: str, mark: str) -> str:
    return f"<!-- impact-suggestion: {key} {mark} -->"
