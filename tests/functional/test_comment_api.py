"""The requests that the bot makes of GitHub, held against GitHub's own OpenAPI description: Prism serves it and refuses what it does not allow.

GraphQL has no such description.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest

from impact.bot.client import Client
from impact.bot.forges import connect
from impact.bot.github import GitHub, number_in
from impact.bot.hunks import Spot
from impact.bot.sticky import publish
from impact.errors import ForgeError
from impact.render.checks import check_run
from support import reports
from support.node import MODULES, needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from impact.render.document import ReportDocument

PATHS = (
    "/user",
    "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    "/repos/{owner}/{repo}/issues/comments/{comment_id}",
    "/repos/{owner}/{repo}/check-runs",
    "/repos/{owner}/{repo}/check-runs/{check_run_id}",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}/files",
    "/repos/{owner}/{repo}/pulls/{pull_number}/comments",
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    "/repos/{owner}/{repo}/pulls/comments/{comment_id}",
)
# Prism cannot make up a pull request: of what it answers there, the description keeps what we read.
PULLS = [{"number": 7, "head": {"sha": "0" * 40}}]
_START = 120.0

pytestmark = [pytest.mark.slow, needs("@octokit/openapi"), needs("@stoplight/prism-cli")]


def pruned(description: dict[str, Any]) -> dict[str, Any]:
    """Return the description with our paths alone and what they refer to: the whole takes Prism minutes to read."""
    kept: dict[str, Any] = {
        **{key: description[key] for key in ("openapi", "info")},
        "paths": {path: description["paths"][path] for path in PATHS},
        "components": {},
    }
    kept["paths"]["/repos/{owner}/{repo}/pulls"]["get"]["responses"] = {"200": {"description": "", "content": {"application/json": {"example": PULLS}}}}
    waiting: list[Any] = [kept["paths"]]
    while waiting:
        for kind, name in re.findall(r'"#/components/(\w+)/([\w-]+)"', json.dumps(waiting.pop())):
            section = kept["components"].setdefault(kind, {})
            if name not in section:
                section[name] = description["components"][kind][name]
                waiting.append(section[name])
    return kept


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    description: Path = tmp_path_factory.mktemp("prism") / "api.json"
    description.write_text(json.dumps(pruned(json.loads((MODULES / "@octokit/openapi/generated/api.github.com.json").read_text()))))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(MODULES / ".bin" / "prism"), "mock", "--errors", "--port", str(port), str(description)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(url)
            yield url
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until:
        try:
            httpx.get(f"{url}/user", timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("Prism did not start")


def test_every_request_is_one_that_github_describes(prism: str) -> None:
    forge = GitHub(connect(GitHub, prism, "token"), "acme/shop", 7)
    (found,) = forge.comments()
    assert forge.author() == "octocat"
    assert publish(forge, "default", "text", clear=False) == "created"
    forge.update(found, "text")
    forge.delete(found)
    run = check_run(cast("ReportDocument", reports.flood(5).to_dict()))
    assert len(run.annotations) == 150
    forge.check(reports.HEAD.commit or "", run.conclusion, run.title, "text", run.annotations)


def test_the_pull_request_of_a_fork_is_asked_for_as_github_describes_it(prism: str) -> None:
    run = {"head_repository": {"owner": {"login": "fork"}}, "head_branch": "a&b=c/d", "head_sha": "0" * 40}
    assert number_in({"workflow_run": run}, "acme/shop", connect(GitHub, prism, "token")) == 7


def test_suggestions_are_what_github_describes(prism: str) -> None:
    forge = GitHub(connect(GitHub, prism, "token"), "acme/shop", 7)
    assert list(forge.spots()) == [], "the description's own patch has no line"
    (posted,) = forge.posted()
    assert (posted.author, posted.shown, posted.answered) == ("octocat", True, False)
    forge.withdraw(posted)
    forge.suggest([(Spot("tests/test_a.py", "tests/test_a.py", 3, None, "import a"), "text")] * 30)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "repos/acme/shop/issues/7/comments", {"text": "no body"}),
        ("POST", "repos/acme/shop/check-runs", {"head_sha": "x"}),
        ("PATCH", "repos/acme/shop/issues/comments/1", {}),
        ("GET", "repos/acme/shop/no-such-thing", None),
        ("GET", "repos/acme/shop/pulls?state=merged", None),
        ("POST", "repos/acme/shop/pulls/7/reviews", {"event": "SUGGEST"}),
        ("POST", "repos/acme/shop/pulls/7/reviews", {"event": "COMMENT", "comments": [{"line": 7, "body": "no path"}]}),
    ],
)
def test_prism_refuses_what_github_would(prism: str, method: str, path: str, body: object) -> None:
    client: Client = connect(GitHub, prism, "token", sleep=lambda _: None)
    with pytest.raises(ForgeError):
        client.ask(method, path, lambda _: None, body=body)
