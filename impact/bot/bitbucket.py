"""Bitbucket Cloud: comments of a pull request. Its Markdown shows HTML as it is written, and has neither folds nor Mermaid.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impact.bot.comments import Comments
from impact.bot.sticky import PLAIN_MARK, Comment
from impact.errors import ForgeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from impact.bot.client import Client

PERMISSION = "BITBUCKET_TOKEN needs the scope `pullrequest:write`"
_REFUSED = frozenset({403, 404})


class Bitbucket(Comments):
    """The pull request `number` of `repository` (`workspace/slug`)."""

    limit = 32_768
    permission = PERMISSION
    html = False
    edit = "PUT"

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what a request carries so that the forge knows whose it is."""
        return {"authorization": f"Bearer {token}"}

    def __init__(self, client: Client, repository: str, number: int) -> None:
        super().__init__(client, f"repositories/{repository}/pullrequests/{number}/comments")

    @staticmethod
    def content(body: str) -> dict[str, object]:
        """Return what a request says about the text `body`."""
        return {"content": {"raw": body}}

    def author(self) -> str:
        """Return the account that the token posts as; empty where that is not known yet.

        The token of a repository may not ask who it is. Only its author may edit a comment, so who may put one of ours back as it was is its author.
        """
        try:
            return self._client.ask("GET", "user", lambda user: str(user["uuid"]))
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
        found = self._client.pages(self._every, _comment, size="pagelen", params={"sort": "created_on"}, inside="values")
        return (one for one in found if one)


def _comment(one: Any) -> Comment | None:
    if one.get("deleted") or "inline" in one:
        return None
    return Comment(str(one["id"]), str((one.get("user") or {}).get("uuid", "")), str(one["content"]["raw"]))
