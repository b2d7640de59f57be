"""The built wheel: what must travel in it does, and what it installs answers. `make wheel` says which wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import impact

WHEEL = os.environ.get("IMPACT_TEST_WHEEL", "")
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not WHEEL, reason="IMPACT_TEST_WHEEL names no wheel: make wheel does")


def _names() -> set[str]:
    with zipfile.ZipFile(WHEEL) as archive:
        return set(archive.namelist())


def test_what_is_imported_is_the_installed_wheel() -> None:
    assert Path(str(impact.__file__)).is_relative_to(sysconfig.get_path("purelib"))


def test_every_template_schema_and_module_is_in_the_wheel() -> None:
    templates = {f"impact/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "templates").rglob("*") if path.is_file()}
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "impact").rglob("*") if path.is_file() and path.suffix in {".py", ".json", ".typed"}}
    assert templates
    assert templates | package <= _names()


def test_nothing_else_is_in_the_wheel() -> None:
    assert {name.split("/")[0] for name in _names() if ".dist-info/" not in name} == {"impact"}


@pytest.mark.parametrize("script", ["impact", "git-impact"])
def test_both_scripts_answer(script: str) -> None:
    done = subprocess.run([Path(sys.executable).with_name(script), "--help"], capture_output=True, text=True, check=True)
    assert "diff" in done.stdout
