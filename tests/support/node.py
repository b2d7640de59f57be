"""What the tests have from npm: the folder, and why a test that needs it is skipped where it is missing."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
MODULES = _ROOT / ".venv" / "node" / "node_modules"


def needs(package: str) -> pytest.MarkDecorator:
    """Skip a test where `package` is not there: `make test` installs it where npm is."""
    missing = not (MODULES / package).is_dir() or shutil.which("node") is None
    return pytest.mark.skipif(missing, reason=f"no npm package {package} in .venv/node: make test installs it where node and npm are")


def run_node(script: str, value: object) -> object:
    """Return the JSON that `tests/node/SCRIPT` answers to `value`."""
    done = subprocess.run(["node", str(_ROOT / "tests" / "node" / script), str(MODULES)], input=json.dumps(value), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
