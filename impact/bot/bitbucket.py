"""Bitbucket Cloud: comments of a pull request. Its Markdown shows HTML as it is written, and has neither folds nor Mermaid.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impact.bot.client import Client
from impact.bot.sticky import PLAIN_MARK, Comment
from impact.errors import ForgeError

if TYPE_CHECKING:
    from collections.abc import Iterator

PERMISSION = "BITBUCKET_TOKEN needs the scope `pullrequest:write`"
_REFUSED = frozenset({403, 404})


class Bitbucket:
    """The pull request `number` of `repository` (`workspace/slug`)."""

    limit = 32_768
    permission = PERMISSION
    html = False

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what a request carries so that the forge knows whose it is."""
        return {"authorization": f"Bearer {token}"}

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._comments = f"repositories/{repository}/pullrequests/{number}/comments"

    def author(self) -> str:
        """Return the account that the token posts as; empty where that is not known yet.

        The token of a repository may not ask who it is. Only its author may edit a comment, so who may put one of ours back as it was is its author.
        """
        try:
            return str(self._client.ask("GET", "user")["uuid"])
        except ForgeError as error:
            if error.status not in _REFUSED:
                raise
        return next((one.author for one in self.comments() if one.body.startswith(PLAIN_MARK) and self._may_edit(one)), "")

    def _may_edit(self, comment: Comment) -> bool:
        try:
            self.update(comment, comment.body)
        except ForgeError as error:
            if error.status not in _REFUSED:
                raise
            return False
        return True

    def comments(self) -> Iterator[Comment]:
        """Return the comments that are not deleted and stand on no line, the oldest first."""
        for one in self._client.pages(self._comments, size="pagelen", params={"sort": "created_on"}, inside="values"):
            if not one.get("deleted") and "inline" not in one:
                yield Comment(str(one["id"]), (one.get("user") or {}).get("uuid", ""), one["content"]["raw"])

    def create(self, body: str) -> None:
        """Post a new comment."""
        self._client.ask("POST", self._comments, body={"content": {"raw": body}})

    def update(self, comment: Comment, body: str) -> None:
        """Replace the text of a comment."""
        self._client.ask("PUT", f"{self._comments}/{comment.id}", body={"content": {"raw": body}})

    def delete(self, comment: Comment) -> None:
        """Delete a comment."""
        self._client.ask("DELETE", f"{self._comments}/{comment.id}", missing=True)

    def minimize(self, comment: Comment, *, resolved: bool) -> None:
        """Do nothing: there is no such thing."""
