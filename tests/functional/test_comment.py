"""`impact comment` against a forge that keeps state: one comment over pages, races and retries, on every forge."""

from __future__ import annotations

import gzip
import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from impact.bot.bitbucket import Bitbucket
from impact.bot.client import PAGE
from impact.bot.forges import SERVICES, Request, connect, find_forge
from impact.bot.github import GitHub, head_in, number_in
from impact.bot.sticky import Outcome, WhenClear, marker, publish
from impact.errors import ForgeError, UsageError
from impact.report import BrokenTest, Verdict
from support import reports
from support.commands import Said, impact_command
from support.forge import ME, Answer, Asked, StandIn, serve
from support.node import MODULES, needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from impact.bot.sticky import Forge

TOKEN = "secret-token-0123456789"  # noqa: S105 - it opens nothing
REPOSITORY = {"github": "acme/shop", "gitlab": "acme/tools/shop", "gitea": "acme/shop", "bitbucket": "acme/shop"}


@pytest.fixture(params=sorted(SERVICES))
def forge(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    yield from serve(StandIn(request.param))


@pytest.fixture
def github() -> Iterator[StandIn]:
    yield from serve(StandIn("github"))


def reach(stand_in: StandIn, waits: list[float] | None = None) -> Forge:
    return connected(stand_in, {"IMPACT_TOKEN": TOKEN}, waits)


def connected(stand_in: StandIn, environment: dict[str, str], waits: list[float] | None = None) -> Forge:
    request = Request(stand_in.dialect, REPOSITORY[stand_in.dialect], 7, f"{stand_in.url}/api/v3")
    found = find_forge(request, environment, sleep=(waits if waits is not None else []).append)
    assert found is not None
    return found


def first_line(stand_in: StandIn) -> str:
    return marker("default", clear=False, html=stand_in.dialect != "bitbucket")


def test_one_comment_from_the_first_finding_to_all_clear(forge: StandIn) -> None:
    def post(text: str, *, clear: bool = False) -> Outcome:
        return publish(reach(forge), "default", text, clear=clear)

    assert post("all clear", clear=True) is Outcome.NOTHING
    assert post("3 tests break") is Outcome.CREATED
    assert post("3 tests break") is Outcome.UNCHANGED
    assert post("2 tests break") is Outcome.UPDATED
    assert forge.bodies == [f"{first_line(forge)}\n\n2 tests break"]
    assert post("all clear", clear=True) is Outcome.UPDATED
    assert post("all clear", clear=True) is Outcome.UNCHANGED
    assert len(forge.bodies) == 1
    assert forge.bodies[0].endswith("all clear")
    assert post("1 test breaks") is Outcome.UPDATED
    assert publish(reach(forge), "default", "all clear", clear=True, when_clear=WhenClear.DELETE) is Outcome.DELETED
    assert forge.bodies == []


def test_it_is_found_on_a_later_page_and_nobody_elses_is_touched(forge: StandIn) -> None:
    others = {forge.add("somebody", f"{first_line(forge)}\n\nnot yours {number}") for number in range(130)}
    forge.add(ME, "a comment of ours that is no report")
    ours = forge.add(ME, f"{first_line(forge)}\r\n\r\nold\r\n")
    others |= {forge.add("somebody", "later") for _ in range(130)}
    before = {number: forge.comments[number] for number in others}
    assert publish(reach(forge), "default", "new", clear=False) is Outcome.UPDATED
    assert forge.comments[ours][1].endswith("new")
    assert {number: forge.comments[number] for number in others} == before


def test_reports_of_two_names_are_two_comments(forge: StandIn) -> None:
    for key in ("api", "web", "api"):
        publish(reach(forge), key, f"about {key}", clear=False)
    assert [body.rpartition("\n")[2] for body in forge.bodies] == ["about api", "about web"]


def test_jobs_that_start_together_end_with_one_comment(forge: StandIn) -> None:
    barrier = threading.Barrier(4)

    def job(number: int) -> None:
        target = reach(forge)
        barrier.wait()
        publish(target, "default", f"from job {number}", clear=False)

    jobs = [threading.Thread(target=job, args=(number,)) for number in range(4)]
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()
    publish(reach(forge), "default", "the last", clear=False)
    assert [body.rpartition("\n")[2] for body in forge.bodies] == ["the last"]


@pytest.mark.parametrize(
    ("script", "waits"),
    [
        ([Answer(502), Answer(503)], [1.0, 2.0]),
        ([Answer(503, {"retry-after": "7"})], [7.0]),
        ([Answer(429, {"retry-after": "3"})], [3.0]),
        ([Answer(403, {"retry-after": "30"}, {"message": "You have exceeded a secondary rate limit"})], [30.0]),
        ([Answer(403, {}, {"message": "You have exceeded a secondary rate limit"})], [1.0]),
        ([Answer(403, {"x-ratelimit-remaining": "0"})], [1.0]),
    ],
)
def test_patience(forge: StandIn, script: list[Answer], waits: list[float]) -> None:
    forge.script += script
    waited: list[float] = []
    assert publish(reach(forge, waited), "default", "text", clear=False) is Outcome.CREATED
    assert waited == waits


@pytest.mark.parametrize(
    ("script", "message", "waits"),
    [
        ([Answer(500)] * 5, "HTTP 500", [1.0, 2.0, 4.0, 8.0]),
        ([Answer(429, {"retry-after": "3600"})], "too many requests; it asks to wait 3600 s", []),
        ([Answer(429, {"retry-after": "Fri, 31 Dec 2999 23:59:59 GMT"})] * 5, "it asks to wait Fri, 31 Dec 2999 23:59:59 GMT", [1.0, 2.0, 4.0, 8.0]),
        ([Answer(429)] * 5, "too many requests; it asks to wait a while", [1.0, 2.0, 4.0, 8.0]),
        ([Answer(403, {}, {"message": "Resource not accessible by integration"})], "the token may not do this.*: Resource not accessible by integration", []),
        ([Answer(404, {}, {"message": f"no {TOKEN}\x1b[2J"})], r"no \*\*\*\\x1b\[2J", []),
        ([Answer(403, {}, {"type": "error", "error": {"message": "Access denied"}})], "there is no such thing: Access denied$", []),
        ([Answer(302, {"location": "http://evil.example/"})], "HTTP 302: it points to http://evil.example/, where no token is sent", []),
        ([Answer(304)], "HTTP 304$", []),
        ([Answer(429, {"retry-after": "\xb2"})] * 5, "it asks to wait ²", [1.0, 2.0, 4.0, 8.0]),
        ([Answer(503, {"retry-after": "\xb2"})] * 5, "HTTP 503", [1.0, 2.0, 4.0, 8.0]),
        ([Answer(429, {"retry-after": "9" * 500})], "it asks to wait 9+…9+$", []),
        ([Answer(422, {}, {"message": "Validation Failed"})], "HTTP 422: Validation Failed", []),
    ],
)
def test_what_does_not_pass_is_one_clear_line(forge: StandIn, script: list[Answer], message: str, waits: list[float]) -> None:
    forge.script += script
    waited: list[float] = []
    with pytest.raises(ForgeError, match=message) as caught:
        publish(reach(forge, waited), "default", "text", clear=False)
    assert waited == waits
    assert TOKEN not in f"{caught.value} {caught.value.hint}"
    assert "\n" not in str(caught.value)


ODD_ANSWERS = {
    "a page of a proxy": (b"<html>Please log in</html>", "not JSON"),
    "nothing": (b"", "not what was asked for"),
    "null": (b"null", "not what was asked for"),
    "a number": (b"7", "not what was asked for"),
    "a text": (b'"text"', "not what was asked for"),
    "numbers": (b"[1, null]", "not what was asked for"),
    "lists": (b"[[]]", "not what was asked for"),
    "an object that is empty": (b"[{}]", "not what was asked for"),
    "an object of others": (b'{"values": {"id": 1}}', "not what was asked for"),
    "a list of others": (b'{"values": [{"id": 1}]}', "not what was asked for"),
    "too deep": (b"[" * 100_000 + b"]" * 100_000, "not JSON"),
    "too long a number": (b"9" * 10_000, "not JSON"),
    "no text": (b'"\xff\xfe"', "not JSON"),
}


@pytest.mark.parametrize("who", [True, False], ids=["who we are", "the comments"])
@pytest.mark.parametrize(("body", "message"), ODD_ANSWERS.values(), ids=ODD_ANSWERS)
def test_an_answer_that_is_none_is_one_clear_line(forge: StandIn, body: bytes, message: str, who: bool) -> None:
    if who:
        forge.who = Answer(200, body=body)
    else:
        forge.script.append(Answer(200, body=body))
    with pytest.raises(ForgeError, match=f"^GET \\S+: the answer is {message}$"):
        publish(reach(forge), "default", "text", clear=False)
    assert forge.bodies == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(200, {"content-encoding": "gzip"}, b"not gzip"), "127.0.0.1 cannot be reached: DecodingError"),
        (Answer(200, {"content-length": "1000"}, b'[{"id": '), "127.0.0.1 cannot be reached: RemoteProtocolError"),
        (Answer(200, {"x": "y" * 200_000}, []), "127.0.0.1 cannot be reached: RemoteProtocolError"),
    ],
)
def test_an_answer_that_breaks_off_is_asked_for_again(forge: StandIn, answer: Answer, message: str) -> None:
    waited: list[float] = []
    forge.script += [answer] * 2
    assert publish(reach(forge, waited), "default", "text", clear=False) is Outcome.CREATED
    assert waited == [1.0, 2.0]
    forge.script += [answer] * 5
    with pytest.raises(ForgeError, match=message):
        publish(reach(forge), "default", "text", clear=False)


def test_an_answer_without_end_is_given_up(github: StandIn) -> None:
    # 80 MB of blanks, packed.
    github.script.append(Answer(200, {"content-encoding": "gzip"}, gzip.compress(b" " * 80_000_000, 1)))
    with pytest.raises(ForgeError, match="GET repos/acme/shop/issues/7/comments: the answer has no end"):
        publish(reach(github), "default", "text", clear=False)


class Endless(StandIn):
    """A forge whose every page is full."""

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return Answer(200, body=list(range(PAGE)))


def test_pages_without_end_come_to_an_end() -> None:
    for forge in serve(Endless("github")):
        assert len(list(connect(GitHub, forge.url, TOKEN).pages("comments", str))) == 200 * PAGE
        assert [one.query["page"] for one in forge.asked] == [[str(number)] for number in range(1, 201)]


def test_a_page_that_is_shorter_than_asked_for_is_not_the_last_one_where_it_says_so() -> None:
    for forge in serve(StandIn("bitbucket")):
        forge.script += [Answer(200, body={"values": [1, 2], "next": "https://evil.example/"}), Answer(200, body={"values": [3]})]
        assert list(connect(Bitbucket, forge.url, TOKEN).pages("comments", str, inside="values")) == ["1", "2", "3"]
        assert [one.query["page"] for one in forge.asked] == [["1"], ["2"]]


@pytest.mark.parametrize("token", ["sécret", "secret\ntoken", "secret\udc80"])
def test_a_token_that_is_none(github: StandIn, token: str) -> None:
    with pytest.raises(ForgeError, match=r"^the token holds a character that no token has$"):
        publish(connected(github, {"IMPACT_TOKEN": token}), "default", "text", clear=False)
    assert github.asked == []


def test_a_token_is_read_without_the_line_break_of_its_file(github: StandIn) -> None:
    assert publish(connected(github, {"IMPACT_TOKEN": "", "GITHUB_TOKEN": f"{TOKEN}\n"}), "default", "text", clear=False) is Outcome.CREATED
    assert github.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("url", ["https://\x01x", "https://xn--ü..", "https://" + "x" * 70_000])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ForgeError) as caught:
        find_forge(Request("github", "a/b", 1, url), {"GITHUB_TOKEN": TOKEN})
    assert len(str(caught.value)) < 500
    assert str(caught.value).isprintable()


def test_who_we_are_when_a_jobs_token_may_not_ask(github: StandIn) -> None:
    github.who = Answer(403, {}, {"message": "Resource not accessible by integration"})
    github.comments[1] = ("github-actions[bot]", f"{first_line(github)}\n\nold")
    assert publish(reach(github), "default", "new", clear=False) is Outcome.UPDATED


def test_who_we_are_on_bitbucket_when_the_token_of_a_repository_may_not_ask() -> None:
    for forge in serve(StandIn("bitbucket")):
        forge.who = Answer(403, {}, {"type": "error", "error": {"message": "Your credentials lack one or more required privilege scopes."}})
        theirs = forge.add("somebody", f"{first_line(forge)}\n\nnot ours")
        forge.add("", f"{first_line(forge)}\n\nof an account that is gone")
        assert publish(reach(forge), "default", "3 tests break", clear=False) is Outcome.CREATED
        assert publish(reach(forge), "default", "3 tests break", clear=False) is Outcome.UNCHANGED
        assert publish(reach(forge), "default", "all clear", clear=True) is Outcome.UPDATED
        assert [body.rpartition("\n")[2] for body in forge.bodies] == ["all clear"]
        assert forge.comments[theirs][1].endswith("not ours")
        assert publish(reach(forge), "other", "all clear", clear=True) is Outcome.NOTHING


def test_folding_away(github: StandIn) -> None:
    for text, clear in (("breaks", False), ("clear", True), ("clear", True), ("breaks", False)):
        publish(reach(github), "default", text, clear=clear, when_clear=WhenClear.MINIMIZE)
    asked = [one.body for one in github.asked if one.path.endswith("/graphql")]
    assert [("unminimize" in one["query"], one["variables"]) for one in asked] == [(False, {"id": "node-1"}), (True, {"id": "node-1"})]


@pytest.mark.parametrize("url", ["http://forge.example/api", "ftp://forge.example"])
def test_no_token_goes_where_others_can_read_it(url: str) -> None:
    with pytest.raises(ForgeError, match="over https alone"):
        find_forge(Request("github", "a/b", 1, url), {"GITHUB_TOKEN": TOKEN})


@pytest.mark.parametrize(
    ("request_", "environment", "message"),
    [
        (Request(), {}, "--forge: no service is recognised by its variables"),
        (Request("gitea", "a/b", 1), {"GITEA_TOKEN": TOKEN}, "--api-url: where is the API of gitea?"),
        (Request("github", "a/../../user?x=", 1), {"GITHUB_TOKEN": TOKEN}, "--repository: 'a/../../user?x=' is no repository of github"),
    ],
)
def test_what_is_missing_is_said(request_: Request, environment: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_forge(request_, environment)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("dialect", "environment", "path"),
    [
        ("gitlab", {"GITLAB_CI": "true", "GITLAB_TOKEN": TOKEN, "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "7"}, "/projects/5/merge_requests/7/notes"),
        (
            "bitbucket",
            {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_TOKEN": TOKEN, "BITBUCKET_REPO_FULL_NAME": "a/b", "BITBUCKET_PR_ID": "7"},
            "/repositories/a/b/pullrequests/7/comments",
        ),
        ("gitea", {"GITEA_ACTIONS": "true", "GITHUB_ACTIONS": "true", "GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "a/b"}, "/repos/a/b/issues/7/comments"),
        ("github", {"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "a/b"}, "/repos/a/b/issues/7/comments"),
    ],
)
def test_a_job_says_itself_where_it_runs(tmp_path: Path, dialect: str, environment: dict[str, str], path: str) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {"number": 7}}')
    with contextmanager(serve)(StandIn(dialect)) as forge:
        found = find_forge(Request(api=forge.url), {**environment, "GITHUB_EVENT_PATH": str(event)})
        assert found is not None
        found.create("text")
        assert forge.asked[-1].path == path


def test_a_job_about_no_pull_request() -> None:
    environment = {"GITLAB_CI": "true", "GITLAB_TOKEN": TOKEN, "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": ""}
    assert find_forge(Request(), environment) is None


def test_the_pull_request_of_a_fork_is_the_one_whose_head_was_run(github: StandIn) -> None:
    github.pulls = [{"number": 3, "head": {"sha": "old"}}, {"number": 4, "head": {"sha": "now"}}]
    run = {"head_repository": {"owner": {"login": "fork"}}, "head_branch": "a&b=c", "head_sha": "now", "pull_requests": []}
    client = connect(GitHub, github.url, TOKEN)
    assert number_in({"workflow_run": run}, "acme/shop", client) == 4
    assert github.asked[-1].query["head"] == ["fork:a&b=c"]
    assert number_in({"workflow_run": {**run, "head_sha": "gone"}}, "acme/shop", client) is None


@pytest.mark.parametrize(
    ("event", "head"),
    [
        ({"pull_request": {"head": {"sha": "a"}}}, "a"),
        ({"workflow_run": {"head_sha": "b"}}, "b"),
        ({"merge_group": {"head_sha": "c"}}, "c"),
        ({"pull_request": {"head": "odd"}}, None),
        ({}, None),
    ],
)
def test_the_commit_of_a_check(event: dict[str, Any], head: str | None) -> None:
    assert head_in(event) == head


@needs("@octokit/webhooks-examples")
def test_events_as_github_sends_them(github: StandIn) -> None:
    examples = json.loads((MODULES / "@octokit/webhooks-examples/api.github.com/index.json").read_text())
    events: dict[str, list[dict[str, Any]]] = {one["name"]: one["examples"] for one in examples}
    client = connect(GitHub, github.url, TOKEN)

    def numbers(name: str) -> set[int | None]:
        return {number_in(event, "acme/shop", client) for event in events[name]}

    assert numbers("pull_request") == {event["number"] for event in events["pull_request"]}
    assert numbers("push") == {None}
    assert numbers("workflow_run") == {None}
    assert all((number_in(event, "a/b", client) is not None) == ("pull_request" in event["issue"]) for event in events["issue_comment"])


def run(at: Path, *arguments: str, report: object = None, environment: dict[str, str] | None = None) -> Said:
    text = report if isinstance(report, str) else json.dumps(reports.story().to_dict() if report is None else report)
    (at / "report.json").write_text(text)
    return impact_command("comment", "report.json", *arguments, at=at, cache=at / "cache", environment=environment or {})


def test_the_command_posts_and_checks(github: StandIn, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {"number": 7, "head": {"sha": "the head of the pull request"}}}')
    environment = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_API_URL": github.url,
    }
    done = run(tmp_path, "--check-run", environment=environment)
    assert (done.code, done.out, done.err) == (0, "", "impact: comment: created\nimpact: check run: failure\n")
    assert "**3 test files cannot be collected, 1 fails at run time, 1 is silenced**" in github.bodies[0]
    check = github.asked[-1].body
    assert (check["head_sha"], check["conclusion"], len(check["output"]["annotations"])) == ("the head of the pull request", "failure", 5)
    assert check["output"]["annotations"][0] == {
        "path": "tests/support.py",
        "start_line": 12,
        "end_line": 12,
        "annotation_level": "failure",
        "title": "acme.factory module deleted",
        "message": "ModuleNotFoundError: No module named 'acme.factory'\n1 test file cannot be collected: tests/api/test_basket.py",
    }
    affected = BrokenTest("tests/test_a.py", Verdict.AFFECTED, None)
    clear = run(tmp_path, report=reports.report(tests=(affected,)).to_dict(), environment=environment)
    assert (clear.code, clear.err) == (0, "impact: comment: updated\n")
    assert "No test breaks" in github.bodies[0]


@dataclass
class Watching(StandIn):
    """A forge that looks, at every request, at what every process of the machine shows of its command line."""

    shown: list[bytes] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                self.shown.append(process.read_bytes())
        return super().answer(asked)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc to look at")
def test_the_token_is_in_no_list_of_processes(tmp_path: Path) -> None:
    for forge in serve(Watching("github")):
        assert isinstance(forge, Watching)
        where = ("--forge", "github", "--repository", "a/b", "--number", "1", "--api-url", forge.url)
        said = run(tmp_path, *where, environment={"IMPACT_TOKEN": TOKEN})
        assert said.err == "impact: comment: created\n"
        assert forge.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
        assert any(forge.url.encode() in line for line in forge.shown), "the command itself was seen"
        assert not any(TOKEN.encode() in line for line in forge.shown)


def test_a_job_without_a_token_is_no_mistake(tmp_path: Path) -> None:
    environment = {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_REPO_FULL_NAME": "a/b", "BITBUCKET_PR_ID": "7"}
    mild = run(tmp_path, environment=environment)
    said = "no token in the environment\nimpact: hint: set IMPACT_TOKEN or BITBUCKET_TOKEN\n"
    assert (mild.code, mild.err) == (0, f"impact: not posted: {said}")
    assert run(tmp_path, "--strict", environment=environment).code == 2


def test_posting_never_fails_a_job_unless_asked(github: StandIn, tmp_path: Path) -> None:
    github.who = Answer(401, {}, {"message": f"bad {TOKEN}"})
    arguments = ("--forge", "github", "--repository", "a/b", "--number", "1", "--api-url", github.url)
    environment = {"IMPACT_TOKEN": TOKEN}
    mild = run(tmp_path, *arguments, environment=environment)
    assert (mild.code, mild.out) == (0, "")
    assert mild.err.startswith("impact: not posted: the token is not accepted (HTTP 401)\nimpact: hint: the job needs `permissions: pull-requests: write`")
    strict = run(tmp_path, *arguments, "--strict", environment=environment)
    assert (strict.code, strict.err.splitlines()[0]) == (2, "impact: the token is not accepted (HTTP 401)")
    assert TOKEN not in mild.err + strict.err


@pytest.mark.parametrize(
    ("report", "message"),
    [
        ("{", "report.json is not JSON"),
        ("[" * 100_000, "report.json is not JSON"),
        ("9" * 10_000, "report.json is not JSON"),
        (" " * (64 * 1024 * 1024 + 1), "report.json is larger than 64 MiB"),
        ({**reports.report().to_dict(), "tests": [1] * 300_000}, "report.json is no report of impact: tests/99: 1 is not of type 'object'"),
        ([], "report.json is no report of impact: the whole: [] is not of type 'object'"),
        ({**reports.report().to_dict(), "schema_version": 2}, "report.json is no report of impact: schema_version: 1 was expected"),
        (
            {**reports.report().to_dict(), "base": {"revision": "x", "commit": "$(reboot)"}},
            "report.json is no report of impact: base/commit: '$(reboot)' does not match '^[0-9a-f]{40}([0-9a-f]{24})?$'",
        ),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, report: object, message: str) -> None:
    done = run(tmp_path, "--dry-run", report=report)
    assert (done.code, done.out, done.err) == (2, "", f"impact: {message}\n")


def test_a_hostile_report_is_posted_inert_within_the_limit(forge: StandIn, tmp_path: Path) -> None:
    arguments = ("--forge", forge.dialect, "--repository", REPOSITORY[forge.dialect], "--number", "7", "--api-url", forge.url)
    assert run(tmp_path, *arguments, report=reports.hostile().to_dict(), environment={"IMPACT_TOKEN": TOKEN}).code == 0
    assert run(tmp_path, *arguments, "--key", "flood", report=reports.flood(200).to_dict(), environment={"IMPACT_TOKEN": TOKEN}).code == 0
    limit = 32_768 if forge.dialect == "bitbucket" else 65_536
    assert all(1_000 < len(body) <= limit for body in forge.bodies)
    assert ("<" not in forge.bodies[1]) == (forge.dialect == "bitbucket")
