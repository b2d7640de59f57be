"""Which range a job of continuous integration is about, from the variables that its service documents. Pure: values in, values out.

Every service says something else, and a clone holds what the job fetched; so a service gives candidates, best first, and the first that
stands on commits which are here is judged.

    GitHub Actions       docs.github.com, "Default environment variables", "Webhook events and payloads" (GITHUB_EVENT_PATH)
    GitLab CI            docs.gitlab.com, "Predefined CI/CD variables"
    Bitbucket Pipelines  support.atlassian.com, "Variables and secrets"
    Azure Pipelines      learn.microsoft.com, "Use predefined variables"
    CircleCI             circleci.com/docs, "Project values and variables"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from impact.revisions.hooks import Remote


class Need(StrEnum):
    """What has to be true of a candidate besides that its commits are here."""

    NOTHING = "nothing"
    MERGE = "the head is a merge"
    ONWARD = "the head descends from the base"
    AHEAD = "the base lacks the head"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A range, and why. `base` None: the default branch of `origin`."""

    base: str | None
    head: str
    why: str
    need: Need = Need.NOTHING


@dataclass(frozen=True, slots=True)
class Job:
    """What a service says of a job. `remedy`: how to have it fetch what is missing."""

    service: str
    event: str
    candidates: tuple[Candidate, ...]
    remedy: str


Variables = Mapping[str, str]

# The commits of CIRCLE_COMPARE_URL: …/compare/ONE...OTHER, …/branches/compare/ONE...OTHER; one alone where nothing came before.
_COMPARED = re.compile(r"/compare/([0-9a-f]{7,40})\.\.")


def find_job(environment: Variables, payload: Mapping[str, object]) -> Job | None:
    """Return what the service says that runs us; None outside of those that are known. `payload` is GitHub's event."""
    for mark, value, read in _SERVICES:
        given = environment.get(mark, "")
        if given and (not value or given.lower() == value):
            return read(environment, payload)
    return None


def choose(job: Job, repository: Remote) -> Candidate | None:
    """Return the first candidate that can be judged here, its base named, and why none before it could; None when there is none."""
    passed = ""
    for one in job.candidates:
        base = one.base or repository.default_branch("origin")
        against = _objection(one, base, repository)
        if base is not None and against is None:
            return Candidate(base, one.head, f"{one.why}, as {passed}" if passed else one.why, one.need)
        passed = against or ""
    return None


def _objection(one: Candidate, base: str | None, repository: Remote) -> str | None:
    """Return why a candidate cannot be judged here, None where it can."""
    if base is None:
        return "no default branch is known here"
    start, end = repository.commit_of(base), repository.commit_of(one.head)
    if start is None or end is None:
        return f"{base if start is None else one.head} is not here"
    match one.need:
        case Need.MERGE if repository.commit_of(f"{one.head}^2") is None:
            return f"{one.head} is no merge"
        case Need.ONWARD if not repository.contains(end, start):
            return f"{one.head} does not stand on {base}"
        case Need.AHEAD if repository.contains(start, end):
            return f"{base} has it already"
        case _:
            return None


def _github(environment: Variables, payload: Mapping[str, object]) -> Job:
    event, commit = environment.get("GITHUB_EVENT_NAME", ""), environment.get("GITHUB_SHA", "HEAD")
    candidates: tuple[Candidate, ...] = ()
    if event in ("pull_request", "pull_request_target", "pull_request_review"):
        branch = environment.get("GITHUB_BASE_REF", "")
        base, head = _text(payload, "pull_request", "base", "sha"), _text(payload, "pull_request", "head", "sha")
        # `pull_request_target` runs on the base: there GITHUB_SHA is no merge, and HEAD nothing of the pull request.
        made = () if event == "pull_request_target" else (_merge_of(commit, "GitHub"),)
        candidates = (*made, *_request(branch, base, head or ("" if event == "pull_request_target" else "HEAD")))
    elif event == "merge_group":
        base, head = _text(payload, "merge_group", "base_sha"), _text(payload, "merge_group", "head_sha") or commit
        candidates = (*([Candidate(base, head, "the merge group on top of what is merged before it")] if base else []), _merge_of(commit, "the queue"))
    elif event == "push":
        default = _text(payload, "repository", "default_branch")
        candidates = _push(_text(payload, "before"), commit, f"origin/{default}" if default else None)
    return Job("GitHub Actions", event, candidates, "have actions/checkout fetch more: `fetch-depth: 2` for a pull request, `fetch-depth: 0` for everything")


def _gitlab(environment: Variables, _: Mapping[str, object]) -> Job:
    commit, event = environment.get("CI_COMMIT_SHA", "HEAD"), environment.get("CI_PIPELINE_SOURCE", "")
    remedy = "fetch more: `GIT_DEPTH: 0` in the job's variables"
    branch = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
    if event == "merge_request_event" or branch:
        target, base = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA"), environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
        # Only pipelines for merged results and merge trains know the commit of the target branch: they run on the merge.
        made = (Candidate(target, commit, "the merged result, against the target branch"),) if target else ()
        return Job("GitLab CI", event, (*made, *_request(branch, base, commit)), f"{remedy}, or `git fetch origin {branch}` before")
    default = environment.get("CI_DEFAULT_BRANCH")
    return Job("GitLab CI", event, _push(environment.get("CI_COMMIT_BEFORE_SHA", ""), commit, f"origin/{default}" if default else None), remedy)


def _bitbucket(environment: Variables, _: Mapping[str, object]) -> Job:
    remedy = "fetch more: `clone: depth: full` in bitbucket-pipelines.yml"
    if environment.get("BITBUCKET_PR_ID"):
        # The pipeline of a pull request runs on a merge that Bitbucket made in the clone: that is HEAD, and BITBUCKET_COMMIT is not.
        base, branch = environment.get("BITBUCKET_PR_DESTINATION_COMMIT", ""), environment.get("BITBUCKET_PR_DESTINATION_BRANCH", "")
        return Job("Bitbucket Pipelines", "pull request", tuple(reversed(_request(branch, base, "HEAD"))), remedy)
    return Job("Bitbucket Pipelines", "push", _push("", environment.get("BITBUCKET_COMMIT", "HEAD"), None), remedy)


def _azure(environment: Variables, _: Mapping[str, object]) -> Job:
    commit, event = environment.get("BUILD_SOURCEVERSION", "HEAD"), environment.get("BUILD_REASON", "")
    remedy = "fetch more: `fetchDepth: 0` on the checkout step"
    if event == "PullRequest":
        # The documentation says refs/heads/main, pull requests from GitHub say main.
        branch = environment.get("SYSTEM_PULLREQUEST_TARGETBRANCH", "").removeprefix("refs/heads/")
        head = environment.get("SYSTEM_PULLREQUEST_SOURCECOMMITID", commit)
        return Job("Azure Pipelines", event, (_merge_of(commit, "Azure"), *_request(branch, "", head)), remedy)
    return Job("Azure Pipelines", event, _push("", commit, None), remedy)


def _circle(environment: Variables, _: Mapping[str, object]) -> Job:
    # Since configurations of version 2.1, what a job is compared with is a pipeline value (`pipeline.git.base_revision`), and in no variable.
    compared = _COMPARED.search(environment.get("CIRCLE_COMPARE_URL", ""))
    event = "pull request" if environment.get("CIRCLE_PULL_REQUEST") else "push"
    remedy = "fetch more: `git fetch --unshallow origin` before, or set IMPACT_BASE to << pipeline.git.base_revision >>"
    return Job("CircleCI", event, _push(compared[1] if compared else "", environment.get("CIRCLE_SHA1", "HEAD"), None), remedy)


def _merge_of(commit: str, maker: str) -> Candidate:
    return Candidate(f"{commit}^1", commit, f"the merge that {maker} made, against its first parent", Need.MERGE)


def _request(branch: str, base: str, head: str) -> tuple[Candidate, ...]:
    """Return the candidates of a request to merge `head`: into the branch as it is here, else as the service last saw it."""
    named = [Candidate(f"origin/{branch}", head, f"as merged into {branch}")] if branch and head else []
    return (*named, *([Candidate(base, head, "against the base that the service names")] if base and head else []))


def _push(before: str, commit: str, default: str | None) -> tuple[Candidate, ...]:
    """Return the candidates of a push: what it adds; of a new or rewritten branch or a tag, against the default branch.

    Of a push on the default branch itself, where the service does not say what was there before, only the last commit is known to be new.
    """
    known = before.strip("0")
    onward = [Candidate(before, commit, "what the push adds", Need.ONWARD)] if known else []
    alone = "the last commit alone" if known else "the last commit alone (the service names none before the push)"
    return (*onward, Candidate(default, commit, "as merged into the default branch", Need.AHEAD), Candidate(f"{commit}^1", commit, alone))


def _text(payload: Mapping[str, object], *keys: str) -> str:
    """Return the name or id at a place of GitHub's event; anything that is none is nothing."""
    value: object = payload
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) and re.fullmatch(r"[^\s~^:?*\[\\-][^\s~^:?*\[\\]*", value) else ""


_SERVICES: tuple[tuple[str, str, Callable[[Variables, Mapping[str, object]], Job]], ...] = (
    ("GITHUB_ACTIONS", "true", _github),
    ("GITLAB_CI", "true", _gitlab),
    ("BITBUCKET_BUILD_NUMBER", "", _bitbucket),
    ("TF_BUILD", "true", _azure),
    ("CIRCLECI", "true", _circle),
)
