"""GitHub, and GitHub Enterprise Server: comments of a pull request are comments of its issue.

https://docs.github.com/rest/issues/comments, https://docs.github.com/rest/checks/runs, https://docs.github.com/rest/pulls/reviews. To fold a
comment away there is only GraphQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from impact.bot.client import Client
from impact.bot.hunks import Spot, spots
from impact.bot.sticky import Comment
from impact.bot.suggesting import Posted
from impact.errors import ForgeError
from impact.render.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PERMISSION = "the job needs `permissions: pull-requests: write` (and `checks: write` for --check-run); a fork's job never has them"
# Who a job's own token posts as; the token may not ask who it is.
_ACTIONS = "github-actions[bot]"
_ANNOTATIONS = 50
_MINIMIZE = "mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: RESOLVED}) { minimizedComment { isMinimized } } }"
_RESTORE = "mutation($id: ID!) { unminimizeComment(input: {subjectId: $id}) { unminimizedComment { isMinimized } } }"


class GitHub:
    """The pull request `number` of `repository` (`owner/name`)."""

    limit = 65_536
    permission = PERMISSION
    html = True
    suggestion = "suggestion"

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what a request carries so that the forge knows whose it is."""
        return {
            "authorization": f"Bearer {token}",
            "accept": "application/vnd.github+json, application/json",
            "x-github-api-version": "2022-11-28",
        }

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._repository = repository
        self._issue = f"repos/{repository}/issues/{number}/comments"
        self._pull = f"repos/{repository}/pulls/{number}"
        self._author = ""
        self._nodes: dict[str, str] = {}

    def author(self) -> str:
        """Return the login that the token posts as."""
        if not self._author:
            try:
                self._author = str(self._client.ask("GET", "user")["login"])
            except ForgeError as error:
                if error.status != 403:
                    raise
                self._author = _ACTIONS
        return self._author

    def comments(self) -> Iterator[Comment]:
        """Return the comments, the oldest first."""
        for one in self._client.pages(self._issue):
            identity = str(one["id"])
            self._nodes[identity] = one["node_id"]
            # A deleted account leaves its comments behind.
            yield Comment(identity, (one["user"] or {}).get("login", ""), one["body"] or "")

    def create(self, body: str) -> None:
        """Post a new comment."""
        self._client.ask("POST", self._issue, body={"body": body})

    def update(self, comment: Comment, body: str) -> None:
        """Replace the text of a comment."""
        self._client.ask("PATCH", f"repos/{self._repository}/issues/comments/{comment.id}", body={"body": body})

    def delete(self, comment: Comment) -> None:
        """Delete a comment."""
        self._client.ask("DELETE", f"repos/{self._repository}/issues/comments/{comment.id}", missing=True)

    def minimize(self, comment: Comment, *, resolved: bool) -> None:
        """Fold the comment away as resolved, or bring it back."""
        # Of an Enterprise Server, REST is below /api/v3 and GraphQL at /api/graphql.
        graphql = f"{self._client.base.removesuffix('/v3')}/graphql"
        answer = self._client.ask("POST", graphql, body={"query": _MINIMIZE if resolved else _RESTORE, "variables": {"id": self._nodes[comment.id]}})
        if answer.get("errors"):
            raise ForgeError("the comment could not be folded away", hint=PERMISSION)

    def spots(self) -> Iterator[Spot]:
        """Return the lines that a comment may stand on: of a file that is too large, or binary, there are none."""
        for one in self._client.pages(f"{self._pull}/files"):
            yield from spots(one["filename"], one.get("previous_filename") or one["filename"], one.get("patch") or "")

    def posted(self) -> Iterator[Posted]:
        """Return the comments on lines, the oldest first."""
        every = list(self._client.pages(f"{self._pull}/comments"))
        answered = {one.get("in_reply_to_id") for one in every}
        for one in every:
            # Where the line is no more as it was, GitHub folds the comment away and gives no line.
            yield Posted(str(one["id"]), (one["user"] or {}).get("login", ""), one["body"], one.get("line") is not None, one["id"] in answered)

    def suggest(self, texts: Sequence[tuple[Spot, str]]) -> None:
        """Post comments on lines, as one review that neither approves nor asks for anything."""
        comments = [{"path": spot.path, "line": spot.line, "side": "RIGHT", "body": body} for spot, body in texts]
        body = f"{plural(len(comments), 'edit')} against what this change breaks in the tests."
        self._client.ask("POST", f"{self._pull}/reviews", body={"event": "COMMENT", "body": body, "comments": comments})

    def withdraw(self, one: Posted) -> None:
        """Delete a comment on a line."""
        self._client.ask("DELETE", f"repos/{self._repository}/pulls/comments/{one.id}", missing=True)

    def check(self, head: str, conclusion: str, title: str, summary: str, annotations: Sequence[Mapping[str, object]]) -> None:
        """Make a check run on the commit `head`; the annotations go in as many requests as the API's limit asks for."""
        path = f"repos/{self._repository}/check-runs"
        parts = [list(annotations[start : start + _ANNOTATIONS]) for start in range(0, len(annotations), _ANNOTATIONS)] or [[]]
        output = {"title": title[:255], "summary": summary}
        made = self._client.ask(
            "POST",
            path,
            body={"name": "impact", "head_sha": head, "status": "completed", "conclusion": conclusion, "output": {**output, "annotations": parts[0]}},
        )
        for part in parts[1:]:
            self._client.ask("PATCH", f"{path}/{made['id']}", body={"output": {**output, "annotations": part}})


def head_in(event: Mapping[str, Any]) -> str | None:
    """Return the commit that an event's checks stand on: the head of the pull request, not the merge that GitHub made to test it."""
    for kind, path in (("pull_request", ("head", "sha")), ("workflow_run", ("head_sha",)), ("merge_group", ("head_sha",))):
        value = event.get(kind)
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str):
            return value
    return None


def number_in(event: Mapping[str, Any], repository: str, client: Client) -> int | None:
    """Return the number of the pull request that an event is about; None where it is about none (a push, a merge queue).

    A `workflow_run` names the pull requests of forks not at all, and a number in what a fork's job wrote is not to be trusted: we ask for the open
    pull request whose head is the very commit of the run.
    """
    if pull := event.get("pull_request"):
        return int(pull["number"])
    if "pull_request" in (event.get("issue") or {}):
        return int(event["issue"]["number"])
    run = event.get("workflow_run")
    if not run or not run.get("head_repository"):
        return None
    head = f"{run['head_repository']['owner']['login']}:{run['head_branch']}"
    pulls: Iterable[dict[str, Any]] = client.ask("GET", f"repos/{repository}/pulls", params={"state": "open", "head": head, "per_page": 100})
    return next((int(pull["number"]) for pull in pulls if pull["head"]["sha"] == run["head_sha"]), None)
