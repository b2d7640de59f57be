"""Gitea and Forgejo: GitHub's shape with differences (https://docs.gitea.com/api/, issue comments)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impact.bot.comments import Comments
from impact.bot.sticky import Comment

if TYPE_CHECKING:
    from typing import Any

    from impact.bot.client import Client

PERMISSION = "the token needs the scope `write:issue`, and `read:user` to know its own comment"


class Gitea(Comments):
    """The pull request `number` of `repository` (`owner/name`)."""

    limit = 65_536
    permission = PERMISSION
    html = True

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what a request carries so that the forge knows whose it is."""
        return {"authorization": f"token {token}"}

    def __init__(self, client: Client, repository: str, number: int) -> None:
        super().__init__(client, f"repos/{repository}/issues/{number}/comments", f"repos/{repository}/issues/comments")

    def author(self) -> str:
        """Return the login that the token posts as."""
        return self._client.ask("GET", "user", lambda user: str(user["login"]))

    def comments(self) -> list[Comment]:
        """Return the comments, the oldest first. There is one page of them alone."""
        return self._client.ask("GET", self._every, lambda page: [_comment(one) for one in page])


def _comment(one: Any) -> Comment:
    return Comment(str(one["id"]), str((one["user"] or {}).get("login", "")), str(one["body"]))
