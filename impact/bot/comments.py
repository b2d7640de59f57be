"""What writes comments is the same on every forge but for an address, a verb and the shape of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from impact.bot.client import Client
    from impact.bot.sticky import Comment


class Comments:
    """The comments of a pull request: the list of them is at `every`, each of them below `each`."""

    edit = "PATCH"

    def __init__(self, client: Client, every: str, each: str = "") -> None:
        self._client = client
        self._every = every
        self._each = each or every

    @staticmethod
    def content(body: str) -> dict[str, object]:
        """Return what a request says about the text `body`."""
        return {"body": body}

    def create(self, body: str) -> None:
        """Post a new comment."""
        self._client.tell("POST", self._every, self.content(body))

    def update(self, comment: Comment, body: str) -> None:
        """Replace the text of a comment."""
        self._client.tell(self.edit, f"{self._each}/{comment.id}", self.content(body))

    def delete(self, comment: Comment) -> None:
        """Delete a comment; one that is gone already is no error."""
        self._client.tell("DELETE", f"{self._each}/{comment.id}", missing=True)

    def minimize(self, comment: Comment, *, resolved: bool) -> None:
        """Do nothing, where a forge has no such thing."""
