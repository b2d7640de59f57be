"""One comment for a report, however often the job runs: the same on every forge.

A comment is ours if it starts with our marker and its author is who we are: anybody can write the marker. Two jobs that start together may
both create one; each looks again afterwards, the oldest stays, and so both end with the same one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from impact.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAIN_MARK = '[impact-report]: # "'
"""How our first line starts where HTML is shown as it is written."""
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")


class WhenClear(StrEnum):
    """What becomes of the comment when nothing breaks any more."""

    UPDATE = "update"
    MINIMIZE = "minimize"
    DELETE = "delete"


class Outcome(StrEnum):
    """What was done."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    NOTHING = "nothing to say"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as a forge has it. `author` is whatever the forge knows its users by."""

    id: str
    author: str
    body: str


class Forge(Protocol):
    """Where the comment goes: one pull request.

    `limit` is how many characters a comment may have; `html` tells whether folds and hidden remarks in HTML are understood.
    """

    limit: int
    html: bool

    def author(self) -> str:
        """Return who we are, as `Comment.author` has it; empty where nobody's comment can be told to be ours."""

    def comments(self) -> Iterable[Comment]:
        """Return the comments of all pages, the oldest first."""

    def create(self, body: str) -> None:
        """Post a new comment."""

    def update(self, comment: Comment, body: str) -> None:
        """Replace the text of a comment."""

    def delete(self, comment: Comment) -> None:
        """Delete a comment; one that is gone already is no error."""

    def minimize(self, comment: Comment, *, resolved: bool) -> None:
        """Fold a comment away as resolved, or bring it back; where the forge knows no such thing, do nothing."""


def publish(forge: Forge, key: str, text: str, *, clear: bool, when_clear: WhenClear = WhenClear.UPDATE) -> Outcome:
    """Make `text` the one comment of the report `key`, and return what was done. `clear`: nothing breaks, so there need not be one."""
    body = f"{marker(key, clear=clear, html=forge.html)}\n\n{text}"
    ours = _ours(forge, key)
    if clear and not ours:
        return Outcome.NOTHING
    if clear and when_clear is WhenClear.DELETE:
        for comment in ours:
            forge.delete(comment)
        return Outcome.DELETED
    outcome = Outcome.UPDATED
    if not ours:
        forge.create(body)
        ours, outcome = _ours(forge, key), Outcome.CREATED
    # A forge that does not list at once what was just posted has still got it.
    if not ours:
        return outcome
    first, *others = ours
    for other in others:
        forge.delete(other)
    if _plain(first.body) != _plain(body):
        forge.update(first, body)
    elif outcome is Outcome.UPDATED:
        outcome = Outcome.UNCHANGED
    was_clear = _plain(first.body).startswith(marker(key, clear=True, html=forge.html))
    if when_clear is WhenClear.MINIMIZE and clear != was_clear:
        forge.minimize(first, resolved=clear)
    return outcome


def marker(key: str, *, clear: bool, html: bool) -> str:
    """Return the first line of a comment, which readers do not see. Where HTML is shown as it is written, a link that nothing refers to is not.

    >>> marker("api", clear=False, html=True)
    '<!-- impact-report: api -->'
    """
    if not _KEY.fullmatch(key):
        raise UsageError(f"--key: '{key}' is not made of up to 50 letters, digits, dots, dashes and underscores")
    words = f"impact-report: {key}{' clear' if clear else ''}"
    return f"<!-- {words} -->" if html else f'{PLAIN_MARK}{words}"'


def _ours(forge: Forge, key: str) -> list[Comment]:
    starts = tuple(marker(key, clear=clear, html=forge.html) for clear in (False, True))
    author = forge.author()
    return [comment for comment in forge.comments() if author and comment.author == author and _plain(comment.body).startswith(starts)]


def _plain(body: str) -> str:
    """Return the text without what forges change about it."""
    return body.replace("\r\n", "\n").strip()
