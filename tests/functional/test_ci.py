"""Ranges from the variables of each service, as its documentation gives them, on clones as its jobs have them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from impact.git import open_repository
from impact.revisions.ci import choose, find_job
from support.commands import Said, impact_command
from support.repositories import Content, Repository, create

ZERO = "0" * 40
BASE: dict[str, Content] = {
    "acme/__init__.py": "",
    "acme/orders.py": "def total():\n    return 1\n",
    "tests/test_orders.py": "from acme.orders import total\n\n\ndef test_total():\n    assert total() == 1\n",
}
BROKEN = {path: content for path, content in BASE.items() if path != "acme/orders.py"}


@dataclass(frozen=True, slots=True)
class Forge:
    """A remote with `main`, the branch `topic` that diverged from it, and the merge of the two at refs/pull/1/merge; and a clone of it."""

    remote: Repository
    clone: Repository
    scratch: Path

    def id(self, name: str) -> str:
        return self.remote.commit_id(name)

    def fill(self, value: Any) -> Any:
        """Put ids in place of names in angle brackets, anywhere in a JSON value."""
        text = json.dumps(value).replace("<gone>", "1234567890" * 4)
        for name in ("main", "topic", "v1"):
            text = text.replace(f"<{name}>", self.id(name))
        return json.loads(text.replace("<merge>", self.id("refs/pull/1/merge")))

    def run(self, *arguments: str, variables: dict[str, str], payload: dict[str, Any] | None = None, at: Path | None = None) -> Said:
        event = self.scratch / "event.json"
        event.write_text(json.dumps(payload or {}))
        environment = variables | {"GITHUB_EVENT_PATH": str(event)}
        return impact_command(*arguments, at=at or self.clone.path, cache=self.scratch / "cache", environment=environment)


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    scratch = tmp_path_factory.mktemp("forge")
    remote = create(scratch / "remote")
    remote.commit(BASE, "Begin")
    remote.commit(BASE | {"notes.md": "1\n"}, "Second")
    remote.git("tag", "v1")
    remote.commit(BROKEN | {"notes.md": "1\n"}, "Tidy", branch="topic")
    remote.commit(BROKEN | {"notes.md": "1\n", "more.md": ""}, "Go on")
    remote.git("checkout", "-q", "main")
    remote.commit(BASE | {"notes.md": "2\n"}, "Third")
    remote.git("checkout", "-q", "--detach", "main")
    remote.merge("topic")
    remote.git("update-ref", "refs/pull/1/merge", "HEAD")
    remote.git("checkout", "-q", "main")
    remote.git("clone", "-q", f"file://{remote.path}", str(scratch / "clone"))
    clone = Repository(scratch / "clone")
    clone.git("fetch", "-q", "origin", "refs/pull/1/merge")
    clone.git("checkout", "-q", "--detach", "FETCH_HEAD")
    return Forge(remote, clone, scratch)


GITHUB = {"GITHUB_ACTIONS": "true"}
GITLAB = {"GITLAB_CI": "true", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": ZERO}
BITBUCKET = {"BITBUCKET_BUILD_NUMBER": "7"}
AZURE = {"TF_BUILD": "True"}
CIRCLE = {"CIRCLECI": "true"}
PULL = {"pull_request": {"base": {"sha": "<v1>", "ref": "main"}, "head": {"sha": "<topic>"}}}
DEFAULT = {"repository": {"default_branch": "main"}}

# A word in angle brackets stands for the id of that commit, `<merge>` for the merge of main and topic, `<gone>` for one that is not here.
PR = GITHUB | {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}
PUSH = GITHUB | {"GITHUB_EVENT_NAME": "push"}
MR = GITLAB | {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": "<v1>",
}
AZURE_PR = AZURE | {"BUILD_REASON": "PullRequest", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}

ROWS: list[tuple[str, dict[str, str], dict[str, Any], str | None]] = [
    ("github: the merge of a pull request", PR | {"GITHUB_SHA": "<merge>"}, PULL, "<merge>^1..<merge>"),
    ("github: the head of a pull request", PR | {"GITHUB_SHA": "<gone>"}, PULL, "origin/main..<topic>"),
    ("github: the base branch is not here", PR | {"GITHUB_SHA": "<gone>", "GITHUB_BASE_REF": "nope"}, PULL, "<v1>..<topic>"),
    ("github: no event file", PR | {"GITHUB_SHA": "<gone>"}, {}, "origin/main..HEAD"),
    ("github: on the base for a fork", PR | {"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_SHA": "<main>"}, PULL, "origin/main..<topic>"),
    ("github: merge queue", GITHUB | {"GITHUB_EVENT_NAME": "merge_group", "GITHUB_SHA": "<merge>"},
     {"merge_group": {"base_sha": "<main>", "head_sha": "<merge>"}}, "<main>..<merge>"),
    ("github: merge queue, no event file", GITHUB | {"GITHUB_EVENT_NAME": "merge_group", "GITHUB_SHA": "<merge>"}, {}, "<merge>^1..<merge>"),
    ("github: push", PUSH | {"GITHUB_SHA": "<topic>"}, DEFAULT | {"before": "<v1>"}, "<v1>..<topic>"),
    ("github: push of a new branch", PUSH | {"GITHUB_SHA": "<topic>"}, DEFAULT | {"before": ZERO}, "origin/main..<topic>"),
    ("github: forced, the old is gone", PUSH | {"GITHUB_SHA": "<topic>"}, DEFAULT | {"before": "<gone>"}, "origin/main..<topic>"),
    ("github: forced, the old is here", PUSH | {"GITHUB_SHA": "<topic>"}, DEFAULT | {"before": "<main>"}, "origin/main..<topic>"),
    ("github: a tag on main", PUSH | {"GITHUB_SHA": "<v1>"}, DEFAULT | {"before": ZERO}, "<v1>^1..<v1>"),
    ("github: forced main", PUSH | {"GITHUB_SHA": "<main>"}, DEFAULT | {"before": "<topic>"}, "<main>^1..<main>"),
    ("github: by hand", GITHUB | {"GITHUB_EVENT_NAME": "workflow_dispatch", "GITHUB_SHA": "<main>"}, {}, None),
    ("github: an event that is no event", PUSH | {"GITHUB_SHA": "<v1>"}, {"before": ["--output"], "repository": 3}, "<v1>^1..<v1>"),
    ("gitlab: merged result", MR | {"CI_COMMIT_SHA": "<merge>", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "<main>"}, {}, "<main>..<merge>"),
    ("gitlab: detached", MR | {"CI_COMMIT_SHA": "<topic>", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": ""}, {}, "origin/main..<topic>"),
    ("gitlab: detached, the target is not here", MR | {"CI_COMMIT_SHA": "<topic>", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "nope"}, {}, "<v1>..<topic>"),
    ("gitlab: push", GITLAB | {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_SHA": "<topic>", "CI_COMMIT_BEFORE_SHA": "<v1>"}, {}, "<v1>..<topic>"),
    ("gitlab: push of a new branch", GITLAB | {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_SHA": "<topic>"}, {}, "origin/main..<topic>"),
    ("gitlab: schedule on main", GITLAB | {"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_SHA": "<main>"}, {}, "<main>^1..<main>"),
    ("bitbucket: pull request", BITBUCKET | {"BITBUCKET_PR_ID": "1", "BITBUCKET_COMMIT": "<topic>", "BITBUCKET_PR_DESTINATION_BRANCH": "main",
     "BITBUCKET_PR_DESTINATION_COMMIT": "<main>"}, {}, "<main>..HEAD"),
    ("bitbucket: the destination is a branch here", BITBUCKET | {"BITBUCKET_PR_ID": "1", "BITBUCKET_PR_DESTINATION_BRANCH": "main",
     "BITBUCKET_PR_DESTINATION_COMMIT": "<gone>"}, {}, "origin/main..HEAD"),
    ("bitbucket: push", BITBUCKET | {"BITBUCKET_COMMIT": "<topic>"}, {}, "origin/main..<topic>"),
    ("azure: pull request", AZURE_PR | {"BUILD_SOURCEVERSION": "<merge>", "SYSTEM_PULLREQUEST_SOURCECOMMITID": "<topic>"}, {}, "<merge>^1..<merge>"),
    ("azure: the merge is not here", AZURE_PR | {"BUILD_SOURCEVERSION": "<gone>", "SYSTEM_PULLREQUEST_SOURCECOMMITID": "<topic>"}, {}, "origin/main..<topic>"),
    ("azure: a short branch name", AZURE_PR | {"BUILD_SOURCEVERSION": "<topic>", "SYSTEM_PULLREQUEST_TARGETBRANCH": "main"}, {}, "origin/main..<topic>"),
    ("azure: push", AZURE | {"BUILD_REASON": "IndividualCI", "BUILD_SOURCEVERSION": "<topic>"}, {}, "origin/main..<topic>"),
    ("bitbucket: main", BITBUCKET | {"BITBUCKET_COMMIT": "<main>", "BITBUCKET_BRANCH": "main"}, {}, "<main>^1..<main>"),
    ("bitbucket: a tag on main", BITBUCKET | {"BITBUCKET_COMMIT": "<v1>", "BITBUCKET_TAG": "v1"}, {}, "<v1>^1..<v1>"),
    ("azure: main", AZURE | {"BUILD_REASON": "IndividualCI", "BUILD_SOURCEVERSION": "<main>", "BUILD_SOURCEBRANCH": "refs/heads/main"}, {}, "<main>^1..<main>"),
    ("azure: several pushes at once", AZURE | {"BUILD_REASON": "BatchedCI", "BUILD_SOURCEVERSION": "<topic>"}, {}, "origin/main..<topic>"),
    ("circle: what is compared", CIRCLE | {"CIRCLE_SHA1": "<topic>", "CIRCLE_COMPARE_URL": "https://github.com/o/r/compare/<v1>...<topic>"}, {},
     "<v1>..<topic>"),
    ("circle: main, what is compared", CIRCLE | {"CIRCLE_SHA1": "<main>", "CIRCLE_COMPARE_URL": "https://github.com/o/r/compare/<v1>...<main>"}, {},
     "<v1>..<main>"),
    ("circle: on bitbucket", CIRCLE | {"CIRCLE_SHA1": "<topic>", "CIRCLE_COMPARE_URL": "https://bitbucket.org/o/r/branches/compare/<v1>...<topic>"}, {},
     "<v1>..<topic>"),
    ("circle: nothing before", CIRCLE | {"CIRCLE_SHA1": "<topic>", "CIRCLE_COMPARE_URL": "https://github.com/o/r/commit/<topic>"}, {}, "origin/main..<topic>"),
    ("circle: compared with what is gone", CIRCLE | {"CIRCLE_SHA1": "<topic>", "CIRCLE_COMPARE_URL": "https://github.com/o/r/compare/<gone>...<topic>"}, {},
     "origin/main..<topic>"),
    ("circle: push", CIRCLE | {"CIRCLE_SHA1": "<topic>"}, {}, "origin/main..<topic>"),
    ("circle: main", CIRCLE | {"CIRCLE_SHA1": "<main>"}, {}, "<main>^1..<main>"),
    ("nowhere", {"CI": "true"}, {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("environment", "payload", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_a_job_is_about(forge: Forge, environment: dict[str, str], payload: dict[str, Any], expected: str | None) -> None:
    repository = open_repository(forge.clone.path)
    job = find_job(forge.fill(environment), forge.fill(payload))
    found = choose(job, repository) if job is not None else None
    assert (f"{found.base}..{found.head}" if found else None) == forge.fill(expected)


def test_what_was_chosen_and_why_is_said_when_asked(forge: Forge) -> None:
    merge = forge.id("refs/pull/1/merge")
    variables = GITHUB | {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": merge, "GITHUB_BASE_REF": "main"}
    said = forge.run("diff", "-v", payload=PULL, variables=variables)
    assert said.code == 1
    assert said.err == f"impact: GitHub Actions pull_request: judging {merge}^1..{merge}: the merge that GitHub made, against its first parent\n"
    assert forge.run("diff", payload=PULL, variables=variables).err == ""
    said = forge.run("diff", "-v", variables=GITHUB | {"GITHUB_EVENT_NAME": "schedule"})
    assert (said.code, said.err) == (1, "impact: GitHub Actions schedule: its variables name no range\n")


ALONE = "the last commit alone (the service names none before the push), as "
WHY: list[tuple[str, dict[str, str], dict[str, Any], str]] = [
    ("what the push adds", PUSH | {"GITHUB_SHA": "<topic>"}, DEFAULT | {"before": "<v1>"}, "what the push adds"),
    ("forced", PUSH | {"GITHUB_SHA": "<topic>"}, DEFAULT | {"before": "<gone>"}, "as merged into the default branch, as <gone> is not here"),
    ("forced main", PUSH | {"GITHUB_SHA": "<main>"}, DEFAULT | {"before": "<topic>"}, "the last commit alone, as origin/main has it already"),
    ("the head of a pull request", PR | {"GITHUB_SHA": "<topic>"}, PULL, "as merged into main, as <topic> is no merge"),
    ("main on bitbucket", BITBUCKET | {"BITBUCKET_COMMIT": "<main>"}, {}, ALONE + "origin/main has it already"),
    ("main on azure", AZURE | {"BUILD_REASON": "IndividualCI", "BUILD_SOURCEVERSION": "<main>"}, {}, ALONE + "origin/main has it already"),
    ("main on circle", CIRCLE | {"CIRCLE_SHA1": "<main>"}, {}, ALONE + "origin/main has it already"),
]  # fmt: skip


@pytest.mark.parametrize(("environment", "payload", "why"), [row[1:] for row in WHY], ids=[row[0] for row in WHY])
def test_why(forge: Forge, environment: dict[str, str], payload: dict[str, Any], why: str) -> None:
    filled = forge.fill({"environment": environment, "payload": payload, "why": why})
    job = find_job(filled["environment"], filled["payload"])
    assert job is not None
    found = choose(job, open_repository(forge.clone.path))
    assert found is not None
    assert found.why == filled["why"]


def test_a_clone_of_one_branch_alone_knows_of_no_default_branch(forge: Forge, tmp_path: Path) -> None:
    """As Bitbucket Pipelines makes it, where the whole is not asked for."""
    forge.remote.git("clone", "-q", "--branch=topic", "--depth=50", f"file://{forge.remote.path}", str(tmp_path / "job"))
    said = forge.run("diff", "-v", "-q", at=tmp_path / "job", variables=BITBUCKET | {"BITBUCKET_COMMIT": forge.id("topic"), "BITBUCKET_BRANCH": "topic"})
    topic = forge.id("topic")
    assert (said.code, said.err) == (0, f"impact: Bitbucket Pipelines push: judging {topic}^1..{topic}: {ALONE}no default branch is known here\n")
    Repository(tmp_path / "job").git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*")
    said = forge.run("diff", "-v", at=tmp_path / "job", variables=BITBUCKET | {"BITBUCKET_COMMIT": topic, "BITBUCKET_BRANCH": "topic"})
    assert (said.code, said.err) == (1, f"impact: Bitbucket Pipelines push: judging origin/main..{topic}: as merged into the default branch\n")


@pytest.mark.parametrize("arguments", [("origin/main..origin/main",), ("--base", "origin/topic"), ("--staged",)])
def test_what_is_asked_for_wins(forge: Forge, arguments: tuple[str, ...]) -> None:
    variables = GITHUB | {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": forge.id("refs/pull/1/merge"), "GITHUB_BASE_REF": "main"}
    said = forge.run("diff", "-v", *arguments, payload=PULL, variables=variables)
    assert (said.code, said.err) == (0, "")
    assert forge.run("diff", "-v", payload=PULL, variables=variables | {"IMPACT_BASE": "origin/topic"}).err == ""


def test_a_shallow_clone_of_the_merge_needs_depth_two(forge: Forge, tmp_path: Path) -> None:
    merge = forge.id("refs/pull/1/merge")
    variables = GITHUB | {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": merge, "GITHUB_BASE_REF": "main"}
    job = create(tmp_path / "job")
    job.git("fetch", "-q", "--depth=1", f"file://{forge.remote.path}", "+refs/pull/1/merge:refs/remotes/pull/1/merge")
    job.git("checkout", "-q", "--detach", "refs/remotes/pull/1/merge")
    said = forge.run("diff", at=job.path, variables=variables)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"impact: GitHub Actions pull_request: this clone holds neither {merge}^1..{merge} nor origin/main..HEAD\n"
        "hint: have actions/checkout fetch more: `fetch-depth: 2` for a pull request, `fetch-depth: 0` for everything; or name the range: A..B\n"
    )
    job.git("fetch", "-q", "--depth=2", f"file://{forge.remote.path}", "+refs/pull/1/merge:refs/remotes/pull/1/merge")
    said = forge.run("diff", "-q", at=job.path, variables=variables)
    assert (said.code, said.out, said.err) == (1, "1 test file cannot be collected\n", "")
