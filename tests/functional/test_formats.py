"""One analysis, many reports: what `--also`, `--template` and the formats write, in a process of its own on a drawn repository."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from impact.render import FORMATS
from support.repositories import draw

if TYPE_CHECKING:
    from pathlib import Path

BASE = {
    "acme/__init__.py": "",
    "acme/orders.py": "total = 1\n",
    "tests/test_orders.py": "from acme.orders import total\n\n\ndef test_total():\n    assert total\n",
}
HEAD = {"acme/__init__.py": "", "tests/test_orders.py": BASE["tests/test_orders.py"]}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return draw(tmp_path / "repository", base=BASE, head=HEAD).path


def impact(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "impact", "diff", "base..head", "--no-cache", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def test_every_format_from_one_analysis(repository: Path, tmp_path: Path) -> None:
    files = {name: tmp_path / f"report.{name}" for name in FORMATS}
    done = impact(repository, "--output-format", "github", *(f"--also={name}={file}" for name, file in files.items()))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == files["github"].read_text()
    assert "::error file=tests/test_orders.py,line=1,title=acme.orders module deleted::ModuleNotFoundError" in done.stdout
    assert all("test_orders.py" in file.read_text() for file in files.values())
    assert json.loads(files["json"].read_text())["summary"]["tests"]["collection-error"] == 1
    for name in FORMATS:
        again = impact(repository, "--output-format", name)
        assert (again.returncode, again.stdout) == (1, files[name].read_text())


def test_a_template_of_the_users(repository: Path, tmp_path: Path) -> None:
    template = tmp_path / "mine.md.j2"
    template.write_text("{% for test in report.tests %}{{ test.path }}: {{ test.exception }}\n{% endfor %}")
    done = impact(repository, "--template", str(template))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "`tests/test_orders.py`: `ModuleNotFoundError: No module named 'acme.orders'`\n"
    template.write_text("\n{{ report.test }}")
    done = impact(repository, "--template", str(template))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"impact: --template: {template}:2: UndefinedError: 'dict object' has no attribute 'test'\n"
