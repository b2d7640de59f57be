"""GitHub, and GitHub Enterprise Server: comments of a pull request are comments of its issue.

https://docs.github.com/rest/issues/comments, https://docs.github.com/rest/checks/runs, https://docs.github.com/rest/pulls/reviews. To fold a
comment away there is only GraphQL.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from impact.bot.comments import Comments
from impact.bot.hunks import Spot, spots
from impact.bot.sticky import Comment
from impact.bot.suggesting import Posted
from impact.errors import ForgeError
from impact.render.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from impact.bot.client import Client

PERMISSION = "the job needs `permissions: pull-requests: write` (and `checks: write` for --check-run); a fork's job never has them"
# Who a job's own token posts as; the token may not ask who it is.
_ACTIONS = "github-actions[bot]"
_ANNOTATIONS = 50
_MINIMIZE = "mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: RESOLVED}) { minimizedComment { isMinimized } } }"
_RESTORE = "mutation($id: ID!) { unminimizeComment(input: {subjectId: $id}) { unminimizedComment { isMinimized } } }"


class GitHub(Comments):
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
        super().__init__(client, f"repos/{repository}/issues/{number}/comments", f"repos/{repository}/issues/comments")
        self._repository = repository
        self._pull = f"repos/{repository}/pulls/{number}"
        self._author = ""
        self._nodes: dict[str, str] = {}

    def author(self) -> str:
        """Return the login that the token posts as."""
        if not self._author:
            try:
                self._author = self._client.ask("GET", "user", lambda user: str(user["login"]))
            except ForgeError as error:
                if error.status != 403:
                    raise
                self._author = _ACTIONS
        return self._author

    def comments(self) -> Iterator[Comment]:
        """Return the comments, the oldest first."""
        return self._client.pages(self._every, self._comment)

    def _comment(self, one: Any) -> Comment:
        identity = str(one["id"])
        self._nodes[identity] = str(one["node_id"])
        return Comment(identity, _login(one), str(one["body"] or ""))

    def minimize(self, comment: Comment, *, resolved: bool) -> None:
        """Fold the comment away as resolved, or bring it back."""
        # Of an Enterprise Server, REST is below /api/v3 and GraphQL at /api/graphql.
        graphql = f"{self._client.base.removesuffix('/v3')}/graphql"
        query = {"query": _MINIMIZE if resolved else _RESTORE, "variables": {"id": self._nodes[comment.id]}}
        if self._client.ask("POST", graphql, lambda answer: answer.get("errors"), body=query):
            raise ForgeError("the comment could not be folded away", hint=PERMISSION)

    def spots(self) -> Iterator[Spot]:
        """Return the lines that a comment may stand on: of a file that is too large, or binary, there are none."""
        for found in self._client.pages(f"{self._pull}/files", _spots):
            yield from found

    def posted(self) -> Iterator[Posted]:
        """Return the comments on lines, the oldest first."""
        every = list(self._client.pages(f"{self._pull}/comments", lambda one: (str(one.get("in_reply_to_id")), _posted(one))))
        answered = {answers for answers, _ in every}
        return (replace(one, answered=one.id in answered) for _, one in every)

    def suggest(self, texts: Sequence[tuple[Spot, str]]) -> None:
        """Post comments on lines, as one review that neither approves nor asks for anything."""
        comments = [{"path": spot.path, "line": spot.line, "side": "RIGHT", "body": body} for spot, body in texts]
        body = f"{plural(len(comments), 'edit')} against what this change breaks in the tests."
        self._client.tell("POST", f"{self._pull}/reviews", {"event": "COMMENT", "body": body, "comments": comments})

    def withdraw(self, one: Posted) -> None:
        """Delete a comment on a line."""
        self._client.tell("DELETE", f"repos/{self._repository}/pulls/comments/{one.id}", missing=True)

    def check(self, head: str, conclusion: str, title: str, summary: str, annotations: Sequence[Mapping[str, object]]) -> None:
        """Make a check run on the commit `head`; the annotations go in as many requests as the API's limit asks for."""
        path = f"repos/{self._repository}/check-runs"
        parts = [list(annotations[start : start + _ANNOTATIONS]) for start in range(0, len(annotations), _ANNOTATIONS)] or [[]]
        output = {"title": title[:255], "summary": summary}
        run = {"name": "impact", "head_sha": head, "status": "completed", "conclusion": conclusion, "output": {**output, "annotations": parts[0]}}
        made = self._client.ask("POST", path, lambda made: int(made["id"]), body=run)
        for part in parts[1:]:
            self._client.tell("PATCH", f"{path}/{made}", {"output": {**output, "annotations": part}})


def _login(one: Any) -> str:
    # A deleted account leaves its comments behind.
    return str((one["user"] or {}).get("login", ""))


def _spots(one: Any) -> list[Spot]:
    return list(spots(one["filename"], one.get("previous_filename") or one["filename"], one.get("patch") or ""))


def _posted(one: Any) -> Posted:
    # Where the line is no more as it was, GitHub folds the comment away and gives no line.
    return Posted(str(one["id"]), _login(one), str(one["body"]), shown=one.get("line") is not None, answered=False)


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
    pulls = client.ask(
        "GET",
        f"repos/{repository}/pulls",
        lambda pulls: [int(pull["number"]) for pull in pulls if pull["head"]["sha"] == run["head_sha"]],
        params={"state": "open", "head": head, "per_page": 100},
    )
    return next(iter(pulls), None)
