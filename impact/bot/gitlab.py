"""GitLab: notes and threads of a merge request (https://docs.gitlab.com/api/notes/#merge-requests, https://docs.gitlab.com/api/discussions/)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from impact.bot.comments import Comments
from impact.bot.hunks import Spot, spots
from impact.bot.sticky import Comment
from impact.bot.suggesting import Posted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from impact.bot.client import Client

PERMISSION = "GITLAB_TOKEN needs the scope `api` and the role Reporter or above; a CI_JOB_TOKEN cannot write notes"


class GitLab(Comments):
    """The merge request `number` of `repository`, which is a project's id or path.

    `minimize` does nothing: only threads are resolved, and an unresolved one may keep a merge request from merging.
    """

    # GitLab takes a million characters; nobody reads them.
    limit = 65_536
    permission = PERMISSION
    html = True
    edit = "PUT"
    suggestion = "suggestion:-0+0"

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what a request carries so that the forge knows whose it is."""
        return {"private-token": token}

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._request = f"projects/{quote(repository, safe='')}/merge_requests/{number}"
        super().__init__(client, f"{self._request}/notes")

    def author(self) -> str:
        """Return the name that the token posts under."""
        return self._client.ask("GET", "user", lambda user: str(user["username"]))

    def comments(self) -> Iterator[Comment]:
        """Return the notes, the oldest first."""
        return self._client.pages(self._every, _comment, params={"sort": "asc", "order_by": "created_at"})

    def spots(self) -> Iterator[Spot]:
        """Return the lines that a comment may stand on: of a file that is too large there are none."""
        for found in self._client.pages(f"{self._request}/diffs", _spots):
            yield from found

    def posted(self) -> Iterator[Posted]:
        """Return the first note of each thread on a line, the oldest first."""
        return (one for one in self._client.pages(f"{self._request}/discussions", _posted) if one)

    def suggest(self, texts: Sequence[tuple[Spot, str]]) -> None:
        """Open a thread on each line."""
        refs = self._client.ask("GET", self._request, lambda request: dict(request["diff_refs"]))
        for spot, body in texts:
            # A line that the change did not touch is named by its numbers on both sides.
            old = {} if spot.old_line is None else {"old_line": spot.old_line}
            position = {"position_type": "text", **refs, "old_path": spot.old_path, "new_path": spot.path, "new_line": spot.line, **old}
            self._client.tell("POST", f"{self._request}/discussions", {"body": body, "position": position})

    def withdraw(self, one: Posted) -> None:
        """Delete the note that a thread is made of."""
        self._client.tell("DELETE", f"{self._request}/discussions/{one.id}", missing=True)


def _comment(one: Any) -> Comment:
    return Comment(str(one["id"]), str(one["author"]["username"]), str(one["body"]))


def _spots(one: Any) -> list[Spot]:
    return list(spots(one["new_path"], one["old_path"], one["diff"]))


def _posted(thread: Any) -> Posted | None:
    first, *rest = thread["notes"]
    if not first.get("position"):
        return None
    identity = f"{thread['id']}/notes/{first['id']}"
    return Posted(identity, str(first["author"]["username"]), str(first["body"]), shown=True, answered=bool(rest) or bool(first.get("resolved")))
