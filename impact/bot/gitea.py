"""Gitea and Forgejo: GitHub's shape with differences (https://docs.gitea.com/api/, issue comments)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impact.bot.client import Client
from impact.bot.sticky import Comment

if TYPE_CHECKING:
    from collections.abc import Iterator

PERMISSION = "the token needs the scope `write:issue`, and `read:user` to know its own comment"


class Gitea:
    """The pull request `number` of `repository` (`owner/name`)."""

    limit = 65_536
    permission = PERMISSION
    html = True

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what a request carries so that the forge knows whose it is."""
        return {"authorization": f"token {token}"}

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._repository = f"repos/{repository}/issues"
        self._number = number

    def author(self) -> str:
        """Return the login that the token posts as."""
        return str(self._client.ask("GET", "user")["login"])

    def comments(self) -> Iterator[Comment]:
        """Return the comments, the oldest first. There is one page of them alone."""
        for one in self._client.ask("GET", f"{self._repository}/{self._number}/comments"):
            yield Comment(str(one["id"]), (one["user"] or {}).get("login", ""), one["body"])

    def create(self, body: str) -> None:
        """Post a new comment."""
        self._client.ask("POST", f"{self._repository}/{self._number}/comments", body={"body": body})

    def update(self, comment: Comment, body: str) -> None:
        """Replace the text of a comment."""
        self._client.ask("PATCH", f"{self._repository}/comments/{comment.id}", body={"body": body})

    def delete(self, comment: Comment) -> None:
        """Delete a comment."""
        self._client.ask("DELETE", f"{self._repository}/comments/{comment.id}", missing=True)

    def minimize(self, comment: Comment, *, resolved: bool) -> None:
        """Do nothing: there is no such thing."""
