"""GitLab: notes and threads of a merge request (https://docs.gitlab.com/api/notes/#merge-requests, https://docs.gitlab.com/api/discussions/)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from impact.bot.client import Client
from impact.bot.hunks import Spot, spots
from impact.bot.sticky import Comment
from impact.bot.suggesting import Posted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PERMISSION = "GITLAB_TOKEN needs the scope `api` and the role Reporter or above; a CI_JOB_TOKEN cannot write notes"


class GitLab:
    """The merge request `number` of `repository`, which is a project's id or path."""

    # GitLab takes a million characters; nobody reads them.
    limit = 65_536
    permission = PERMISSION
    html = True
    suggestion = "suggestion:-0+0"

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what a request carries so that the forge knows whose it is."""
        return {"private-token": token}

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._request = f"projects/{quote(repository, safe='')}/merge_requests/{number}"
        self._notes = f"{self._request}/notes"

    def author(self) -> str:
        """Return the name that the token posts under."""
        return str(self._client.ask("GET", "user")["username"])

    def comments(self) -> Iterator[Comment]:
        """Return the notes, the oldest first."""
        for one in self._client.pages(self._notes, params={"sort": "asc", "order_by": "created_at"}):
            yield Comment(str(one["id"]), one["author"]["username"], one["body"])

    def create(self, body: str) -> None:
        """Post a new note."""
        self._client.ask("POST", self._notes, body={"body": body})

    def update(self, comment: Comment, body: str) -> None:
        """Replace the text of a note."""
        self._client.ask("PUT", f"{self._notes}/{comment.id}", body={"body": body})

    def delete(self, comment: Comment) -> None:
        """Delete a note."""
        self._client.ask("DELETE", f"{self._notes}/{comment.id}", missing=True)

    def minimize(self, comment: Comment, *, resolved: bool) -> None:
        """Do nothing: only threads are resolved, and an unresolved one may keep a merge request from merging."""

    def spots(self) -> Iterator[Spot]:
        """Return the lines that a comment may stand on: of a file that is too large there are none."""
        for one in self._client.pages(f"{self._request}/diffs"):
            yield from spots(one["new_path"], one["old_path"], one["diff"])

    def posted(self) -> Iterator[Posted]:
        """Return the first note of each thread on a line, the oldest first."""
        for thread in self._client.pages(f"{self._request}/discussions"):
            first, *rest = thread["notes"]
            if first.get("position"):
                identity = f"{thread['id']}/notes/{first['id']}"
                yield Posted(identity, first["author"]["username"], first["body"], shown=True, answered=bool(rest) or bool(first.get("resolved")))

    def suggest(self, texts: Sequence[tuple[Spot, str]]) -> None:
        """Open a thread on each line."""
        refs = self._client.ask("GET", self._request)["diff_refs"]
        for spot, body in texts:
            # A line that the change did not touch is named by its numbers on both sides.
            old = {} if spot.old_line is None else {"old_line": spot.old_line}
            position = {"position_type": "text", **refs, "old_path": spot.old_path, "new_path": spot.path, "new_line": spot.line, **old}
            self._client.ask("POST", f"{self._request}/discussions", body={"body": body, "position": position})

    def withdraw(self, one: Posted) -> None:
        """Delete the note that a thread is made of."""
        self._client.ask("DELETE", f"{self._request}/discussions/{one.id}", missing=True)
