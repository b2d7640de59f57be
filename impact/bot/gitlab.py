"""GitLab: notes of a merge request (https://docs.gitlab.com/api/notes/#merge-requests)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from impact.bot.client import Client
from impact.bot.sticky import Comment

if TYPE_CHECKING:
    from collections.abc import Iterator

PERMISSION = "GITLAB_TOKEN needs the scope `api` and the role Reporter or above; a CI_JOB_TOKEN cannot write notes"


def connect(api: str, token: str, **options: Any) -> Client:
    """Return the client for the API at `api`."""
    return Client(api, {"private-token": token, "user-agent": "impact"}, secret=token, permission=PERMISSION, **options)


class GitLab:
    """The merge request `number` of `project`, which is an id or a path."""

    # GitLab takes a million characters; nobody reads them.
    limit = 65_536
    html = True

    def __init__(self, client: Client, project: str, number: int) -> None:
        self._client = client
        self._notes = f"projects/{quote(project, safe='')}/merge_requests/{number}/notes"

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
