"""The commands as a user runs them: in a process of their own, with nothing of this machine's settings around them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

import impact
from support.repositories import git_environment

PACKAGE = Path(impact.__file__).parent
VALIDATOR = jsonschema.Draft202012Validator(json.loads((PACKAGE / "schema" / "report.schema.json").read_text()))

# What the services of continuous integration set, and what we read: a test says itself which of them there are.
_AMBIENT = ("BITBUCKET_", "BUILD_", "CI", "CIRCLE", "GITHUB_", "GIT_", "IMPACT_", "PRE_COMMIT", "SYSTEM_", "TF_BUILD")


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> Any:
        """The report that is on stdout, held against its schema."""
        value = json.loads(self.out)
        VALIDATOR.validate(value)
        return value

    @property
    def text(self) -> str:
        """What is on stdout in one line: where a long one was broken is of no importance."""
        return " ".join(self.out.split())

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict of each test file of the report."""
        return {test["path"]: test["verdict"] for test in self.report["tests"]}


def clean_environment(cache: Path) -> dict[str, str]:
    """Return the environment of a user who has this suite's interpreter, an own cache and nothing else set."""
    kept = {name: value for name, value in git_environment().items() if not name.startswith(_AMBIENT) or name.startswith("GIT_")}
    ours = {"IMPACT_CACHE_DIR": str(cache), "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(PACKAGE.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    # The hooks call the command by name or by this interpreter; both are the ones under test.
    return kept | ours | {"PATH": os.pathsep.join((str(Path(sys.executable).parent), kept["PATH"]))}


def impact_command(*arguments: str, at: Path, cache: Path, environment: Mapping[str, str] | None = None, stdin: str = "") -> Said:
    """Run `impact` in the directory `at`."""
    done = subprocess.run(
        [sys.executable, "-m", "impact", *arguments],
        cwd=at,
        env=clean_environment(cache) | dict(environment or {}),
        input=stdin.encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())
