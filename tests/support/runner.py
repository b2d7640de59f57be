"""The steps of the composite action, run as GitHub would: inputs and outputs through expressions, everything else through the environment."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
_EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")


@dataclass
class Ran:
    """What became of the action: whether it failed, what the steps wrote on stdout and stderr, its outputs and the job's summary."""

    failed: bool = False
    out: str = ""
    err: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


def run_action(workspace: Path, temp: Path, environment: dict[str, str], inputs: dict[str, str], *, skip: frozenset[str] = frozenset()) -> Ran:
    """Run the steps that are scripts, but for those named in `skip`; steps that use another action are left out."""
    unknown = set(inputs) - set(ACTION["inputs"])
    assert not unknown, f"the action has no input {unknown}"
    given = {f"inputs.{name}": inputs.get(name, one.get("default", "")) for name, one in ACTION["inputs"].items()}
    context = given | {"github.token": environment.get("GITHUB_TOKEN", "")}
    context["inputs.token"] = inputs.get("token", context["github.token"])
    temp.mkdir(exist_ok=True)
    ran = Ran()
    for step in ACTION["runs"]["steps"]:
        condition = step.get("if", "")
        if "run" not in step or step["name"] in skip or ran.failed or not _holds(condition, context):
            continue
        files = {name: temp / f"{name}-{step['name']}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        assert "${{" not in step["run"], "a script holds no expression: what is put there would be run"
        own = {name: _EXPRESSION.sub(lambda match: context.get(match[1], ""), value) for name, value in step.get("env", {}).items()}
        everything = environment | {name: str(file) for name, file in files.items()} | {"GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(temp)} | own
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=workspace,
            env=everything,
            capture_output=True,
            text=True,
            check=False,
        )
        ran.failed, ran.out, ran.err = done.returncode != 0, ran.out + done.stdout, ran.err + done.stderr
        ran.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, _, value = line.partition("=")
            context[f"steps.{step['id']}.outputs.{name}"] = value
    ran.outputs = {name: _EXPRESSION.sub(lambda match: context.get(match[1], ""), one["value"]) for name, one in ACTION["outputs"].items()}
    return ran


def _holds(condition: str, context: dict[str, str]) -> bool:
    """Return whether `a.b == 'c' && d.e != ''` holds: all that the action's conditions are made of."""
    for part in filter(None, (part.strip() for part in condition.split("&&"))):
        match = re.fullmatch(r"([\w.-]+) (==|!=) '([^']*)'", part)
        assert match, f"a condition that this runner does not know: {part}"
        if (context.get(match[1], "") == match[3]) != (match[2] == "=="):
            return False
    return True
