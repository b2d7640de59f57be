"""The shape of the code: the import contracts hold, and every module says what it is."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "impact").rglob("*.py"))
MARKERS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken." in done.stdout


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_bytes())), f"{_name(path)} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_nothing_is_left_for_later(path: Path) -> None:
    tokens = tokenize.tokenize(io.BytesIO(path.read_bytes()).readline)
    left = [f"{_name(path)}:{token.start[0]}: {token.string}" for token in tokens if token.type == tokenize.COMMENT and MARKERS.search(token.string)]
    assert left == []
