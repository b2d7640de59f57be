"""The composite action, step by step as GitHub runs it: on a clone of depth 1, for every event, with hostile inputs; and the examples, by their schemas."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import check_jsonschema
import jsonschema
import pytest
import yaml

from impact.version import VERSION
from support.commands import clean_environment, impact_command
from support.forge import StandIn, serve
from support.repositories import Repository, draw
from support.runner import ACTION, ROOT, Ran, run_action

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMAS = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
TOKEN = "it opens nothing"  # noqa: S105
BASE = {
    "acme/__init__.py": "",
    "acme/orders.py": "total = 1\n",
    "acme/money.py": "RATE = 2\n",
    "tests/test_orders.py": "from acme.orders import total\n\n\ndef test_total():\n    assert total\n",
}
HEAD = {name: text for name, text in BASE.items() if name != "acme/orders.py"}


@pytest.fixture
def origin(tmp_path: Path) -> Repository:
    """A repository with `main`, a branch that breaks a test, ten commits on each, and the merge that GitHub makes of a pull request."""
    repository = draw(tmp_path / "origin", base=BASE, head=HEAD)
    for number in range(10):
        repository.git("commit", "--quiet", "--allow-empty", "-m", f"Work {number}")
    repository.git("checkout", "--quiet", "-b", "main", "base")
    for number in range(10):
        repository.git("commit", "--quiet", "--allow-empty", "-m", f"Meanwhile {number}")
    repository.git("checkout", "--quiet", "--detach", "main")
    repository.git("merge", "--quiet", "--no-ff", "-m", "Merge", "head")
    repository.git("update-ref", "refs/pull/7/merge", "HEAD")
    repository.git("checkout", "--quiet", "main")
    return repository


@pytest.fixture
def act(origin: Repository, tmp_path: Path) -> Callable[..., Ran]:
    """Clone as actions/checkout does and run the action, with this suite's interpreter in the place of what the first step installs."""

    def run(ref: str, name: str, event: dict[str, Any], inputs: dict[str, str] | None = None, **variables: str) -> Ran:
        workspace, temp = tmp_path / "work space", tmp_path / "temp"
        _checkout(origin, ref, workspace)
        (temp / "impact" / "venv" / "bin").mkdir(parents=True)
        for tool, command in (("impact", f'"{sys.executable}" -m impact'), ("python", f'"{sys.executable}"')):
            (temp / "impact" / "venv" / "bin" / tool).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (temp / "impact" / "venv" / "bin" / tool).chmod(0o755)
        (tmp_path / "event.json").write_text(json.dumps(event))
        environment = clean_environment(tmp_path / "cache") | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_REF": ref,
            "GITHUB_SHA": origin.git("rev-parse", ref),
            "GITHUB_BASE_REF": "",
            **variables,
        }
        return run_action(workspace, temp, environment, inputs or {}, skip=frozenset({"Install impact"}))

    return run


def _checkout(origin: Repository, ref: str, workspace: Path) -> None:
    commands = (
        ("init", "--quiet", str(workspace)),
        ("-C", str(workspace), "remote", "add", "origin", f"file://{origin.path}"),
        ("-C", str(workspace), "fetch", "--quiet", "--no-tags", "--depth=1", "origin", ref),
        ("-C", str(workspace), "checkout", "--quiet", "--detach", "FETCH_HEAD"),
    )
    for command in commands:
        subprocess.run(["git", *command], check=True, env=clean_environment(workspace))


def pull_request(origin: Repository) -> dict[str, Any]:
    return {"pull_request": {"number": 7, "base": {"sha": origin.git("rev-parse", "main")}, "head": {"sha": origin.git("rev-parse", "head")}}}


def test_a_pull_request_on_a_clone_of_depth_1(origin: Repository, act: Callable[..., Ran]) -> None:
    ran = act("refs/pull/7/merge", "pull_request", pull_request(origin), {"format": "html sarif junit"}, GITHUB_BASE_REF="main")
    assert ran.failed, "the gate"
    assert "::error file=tests/test_orders.py,line=1,title=acme.orders module deleted::" in ran.out
    assert "**1 test file cannot be collected**" in ran.summary
    assert {name: value for name, value in ran.outputs.items() if name not in {"report", "directory"}} == {
        "collection-error": "1",
        "runtime-error": "0",
        "silenced": "0",
        "at-risk": "0",
    }
    assert json.loads(Path(ran.outputs["report"]).read_text())["summary"]["tests"]["collection-error"] == 1
    written = sorted(path.name for path in Path(ran.outputs["directory"]).iterdir())
    assert written == ["impact.html", "impact.json", "impact.md", "impact.sarif", "impact.xml"]


def test_no_more_is_fetched_than_is_needed(origin: Repository, act: Callable[..., Ran], tmp_path: Path) -> None:
    act("refs/pull/7/merge", "pull_request", pull_request(origin), GITHUB_BASE_REF="main")
    workspace = tmp_path / "work space"
    count = subprocess.run(["git", "-C", str(workspace), "rev-list", "--count", "HEAD"], check=True, capture_output=True, text=True)
    assert int(count.stdout) < 10


def test_a_push_goes_back_as_far_as_what_was_there_before(origin: Repository, act: Callable[..., Ran]) -> None:
    event = {"before": origin.git("rev-parse", "base"), "repository": {"default_branch": "main"}}
    ran = act("refs/heads/head", "push", event)
    assert (ran.failed, ran.outputs["collection-error"]) == (True, "1")


def test_a_new_branch_goes_back_to_where_it_left_the_default_branch(act: Callable[..., Ran]) -> None:
    ran = act("refs/heads/head", "push", {"before": "0" * 40, "repository": {"default_branch": "main"}})
    assert (ran.failed, ran.outputs["collection-error"]) == (True, "1")


def test_what_was_there_before_is_gone(act: Callable[..., Ran]) -> None:
    ran = act("refs/heads/head", "push", {"before": "1" * 40, "repository": {"default_branch": "main"}})
    assert (ran.failed, ran.outputs["collection-error"]) == (True, "1")


def test_a_merge_queue(origin: Repository, act: Callable[..., Ran]) -> None:
    event = {"merge_group": {"base_sha": origin.git("rev-parse", "main"), "head_sha": origin.git("rev-parse", "refs/pull/7/merge")}}
    assert act("refs/pull/7/merge", "merge_group", event).outputs["collection-error"] == "1"


def test_what_fails_is_chosen(origin: Repository, act: Callable[..., Ran]) -> None:
    ran = act("refs/pull/7/merge", "pull_request", pull_request(origin), {"fail-on": "silenced"}, GITHUB_BASE_REF="main")
    assert (ran.failed, ran.outputs["collection-error"]) == (False, "1")


def test_the_comment(origin: Repository, act: Callable[..., Ran]) -> None:
    with contextmanager(serve)(StandIn("github")) as forge:
        ran = act(
            "refs/pull/7/merge", "pull_request", pull_request(origin), {"comment": "true"}, GITHUB_BASE_REF="main", GITHUB_TOKEN=TOKEN, GITHUB_API_URL=forge.url
        )
        assert ran.failed
        assert len(forge.bodies) == 1
        assert "**1 test file cannot be collected**" in forge.bodies[0]


def test_suggestions(origin: Repository, act: Callable[..., Ran]) -> None:
    with contextmanager(serve)(StandIn("github")) as forge:
        inputs = {"comment": "true", "suggest": "true"}
        ran = act("refs/pull/7/merge", "pull_request", pull_request(origin), inputs, GITHUB_BASE_REF="main", GITHUB_TOKEN=TOKEN, GITHUB_API_URL=forge.url)
        assert "impact: comment: created\nimpact: suggestions: none on a line of this change\n" in ran.err


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"range": "$(touch /tmp/pwned); nowhere"}, "impact: "),
        ({"range": "--version"}, "impact: "),
        ({"format": "html; touch pwned"}, "impact: --also: 'html;' is not one of"),
        ({"fail-on": "runtim-error"}, "impact: IMPACT_FAIL_ON: unknown verdict 'runtim-error'"),
    ],
)
def test_inputs_are_words_and_no_scripts(origin: Repository, act: Callable[..., Ran], tmp_path: Path, inputs: dict[str, str], message: str) -> None:
    ran = act("refs/pull/7/merge", "pull_request", pull_request(origin), inputs, GITHUB_BASE_REF="main")
    assert ran.failed
    assert message in ran.err
    assert not list(tmp_path.rglob("pwned"))
    assert not Path("/tmp/pwned").exists()  # noqa: S108 - what the input would have made


@pytest.mark.slow
def test_the_first_step_installs_what_the_others_run(origin: Repository, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    _checkout(origin, "refs/heads/main", workspace)
    environment = clean_environment(tmp_path / "cache") | {"PATH": os.environ["PATH"], "GITHUB_REF": "refs/heads/main", "GITHUB_BASE_REF": ""}
    environment["GITHUB_EVENT_NAME"] = "workflow_dispatch"
    del environment["PYTHONPATH"]
    ran = run_action(workspace, tmp_path / "temp", environment, {"range": "HEAD..HEAD", "python": sys.executable})
    assert not ran.failed, ran.err
    assert ran.outputs["collection-error"] == "0"
    wrong = run_action(workspace, tmp_path / "temp", environment, {"version": "1.0; reboot"})
    assert wrong.failed
    assert "version: not a version" in wrong.err


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("action.yml", "github-actions"),
        ("examples/github-pull-request.yml", "github-workflows"),
        ("examples/github-fork-report.yml", "github-workflows"),
        ("examples/github-fork-comment.yml", "github-workflows"),
        ("examples/gitlab-ci.yml", "gitlab-ci"),
        ("examples/bitbucket-pipelines.yml", "bitbucket-pipelines"),
        ("examples/azure-pipelines.yml", "azure-pipelines"),
    ],
)
def test_each_file_is_what_its_service_reads(file: str, schema: str) -> None:
    # YAML 1.1 takes the key `on` for a boolean; the services do not.
    text = (ROOT / file).read_text()
    document = {"on" if key is True else key: value for key, value in yaml.safe_load(text).items()}
    described = json.loads((SCHEMAS / f"{schema}.json").read_text())
    # Azure reads every scalar as a string, and its schema says so.
    given = words(document) if schema == "azure-pipelines" else document
    wrong = jsonschema.exceptions.best_match(jsonschema.validators.validator_for(described)(described).iter_errors(given))
    assert wrong is None, f"{list(wrong.absolute_path)}: {wrong.message[:500]}"


def words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: words(one) for key, one in value.items()}
    return [words(one) for one in value] if isinstance(value, list) else str(value)


def test_the_examples_give_the_action_inputs_that_it_has() -> None:
    for file in sorted((ROOT / "examples").glob("github-*.yml")):
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            for step in job["steps"]:
                if "/impact@" in step.get("uses", ""):
                    assert set(step.get("with", {})) <= set(ACTION["inputs"])


def test_the_examples_name_this_version_and_say_what_to_put_in_the_place_of_a_name() -> None:
    for file in sorted((ROOT / "examples").glob("*.yml")):
        text = file.read_text()
        named = re.findall(r"(?:impact@v|git-impact(?:\[comment\])?==)([\w.]+)", text)
        assert named, file.name
        assert {one.rstrip(".") for one in named} == {VERSION}, file.name
        head = text.partition("\n\n")[0]
        assert "OWNER/impact: the repository" in head or "Where it is not there: pip install" in head, file.name


def script_of(file: str, *keys: str) -> str:
    """Return the script at `keys` of an example, without the line that installs; a step of GitHub's is found by how its script starts."""
    value: Any = yaml.safe_load((ROOT / "examples" / file).read_text())
    for key in keys:
        found = [one for one in value if key in str(one)] if isinstance(value, list) else [value[key]]
        value = found[0]
    lines = value if isinstance(value, list) else value.splitlines()
    return "\n".join(line for line in lines if not line.startswith("pip install"))


def run_script(script: str, at: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script in the directory `at` as a job does, `impact` being that of this suite."""
    tools = at.parent / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "impact").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m impact "$@"\n')
    (tools / "impact").chmod(0o755)
    environment = clean_environment(at.parent / "cache") | variables
    environment["PATH"] = f"{tools}{os.pathsep}{environment['PATH']}"
    return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=at, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("file", "keys", "service", "written"),
    [
        (
            "gitlab-ci.yml",
            ("impact", "script"),
            {"GITLAB_CI": "true", "CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "base", "CI_COMMIT_SHA": "head"},
            {"impact.codequality.json", "impact.xml", "impact.html", "impact.json"},
        ),
        (
            "bitbucket-pipelines.yml",
            ("pipelines", "pull-requests", "**", "step", "step", "script"),
            {"BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_PR_ID": "7", "BITBUCKET_PR_DESTINATION_BRANCH": "base", "BITBUCKET_COMMIT": "head"},
            {"impact.html", "impact.json"},
        ),
        (
            "azure-pipelines.yml",
            ("steps", "impact diff", "script"),
            {"TF_BUILD": "True", "BUILD_REASON": "PullRequest", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/base", "BUILD_SOURCEVERSION": "head"},
            {"impact.xml", "impact.html"},
        ),
    ],
    ids=["gitlab", "bitbucket", "azure"],
)
def test_the_scripts_of_the_examples_run(tmp_path: Path, file: str, keys: tuple[str, ...], service: dict[str, str], written: set[str]) -> None:
    repository = draw(tmp_path / "repository", base=BASE, head=HEAD)
    repository.git("checkout", "--quiet", "head")
    repository.git("update-ref", "refs/remotes/origin/base", "base")
    variables = {name: repository.git("rev-parse", value) if value in {"base", "head"} and "BRANCH" not in name else value for name, value in service.items()}
    done = run_script(script_of(file, *keys), repository.path, **variables)
    assert (done.returncode, "1 test file cannot be collected" in done.stdout) == (1, True), done.stderr
    assert {path.name for path in repository.path.glob("impact.*")} == written


def test_the_two_workflows_for_forks(tmp_path: Path) -> None:
    """The first hands on the JSON that the action names; the second posts it to the open pull request whose head is the commit of that run."""
    report = yaml.safe_load((ROOT / "examples/github-fork-report.yml").read_text())
    assert report["permissions"] == {"contents": "read"}
    assert report["jobs"]["report"]["steps"][-1]["with"]["path"] == "${{ steps.impact.outputs.report }}"
    repository = draw(tmp_path / "repository", base=BASE, head=HEAD)
    judged = impact_command("diff", "base..head", "--output-format", "json", at=repository.path, cache=tmp_path / "cache")
    run = {"event": "pull_request", "head_repository": {"owner": {"login": "fork"}}, "head_branch": "patch-1", "head_sha": "5" * 40, "pull_requests": []}
    (tmp_path / "event.json").write_text(json.dumps({"workflow_run": run}))
    with contextmanager(serve)(StandIn("github")) as forge:
        forge.pulls = [{"number": 3, "head": {"sha": "4" * 40}}, {"number": 4, "head": {"sha": "5" * 40}}]
        variables = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "workflow_run",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": forge.url,
        }
        script = script_of("github-fork-comment.yml", "jobs", "comment", "steps", "impact comment", "run")
        hostile = {**judged.report, "head": {"revision": "$(reboot)\n@octocat", "commit": judged.report["head"]["commit"], "merged": False}, "number": 3}
        (repository.path / "impact.json").write_text(json.dumps(hostile))
        done = run_script(script, repository.path, **variables)
        assert (done.returncode, done.stderr) == (0, "impact: comment: created\n")
        assert [one.path for one in forge.asked if one.method == "POST"] == ["/repos/acme/shop/issues/4/comments"]
        assert r"`$(reboot)\n@octocat" in forge.bodies[0]
        (repository.path / "impact.json").write_text(json.dumps({**judged.report, "tests": "<script>"}))
        refused = run_script(script, repository.path, **variables)
        assert refused.returncode == 2
        assert refused.stderr == "impact: impact.json is no report of impact: tests: '<script>' is not of type 'array'\n"
        assert len(forge.bodies) == 1
