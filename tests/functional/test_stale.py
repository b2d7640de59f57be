"""`impact stale` on real working trees, with files that this Python compiled; and that Python agrees about what it imports."""

from __future__ import annotations

import json
import py_compile
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from impact.bytecode import find_compiled, find_leftovers
from support.commands import PACKAGE, Said, impact_command
from support.repositories import create

if TYPE_CHECKING:
    from support.repositories import Content, Repository

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
TAG = sys.implementation.cache_tag
GONE = "X = 1\n"
START: dict[str, Content] = {
    ".gitignore": "*.pyc\n",
    "acme/__init__.py": "",
    "acme/gone.py": GONE,
    "acme/old/deep.py": "Y = 2\n",
    "tests/test_gone.py": "from acme.gone import X\n\n\ndef test_x():\n    assert X\n",
    "tests/test_old.py": "import acme.old\n\n\ndef test_old():\n    assert acme.old\n",
    "tests/test_free.py": "def test_free():\n    pass\n",
}
LEFT: dict[str, Content] = {path: source for path, source in START.items() if path not in ("acme/gone.py", "acme/old/deep.py")}
VALIDATOR = jsonschema.Draft202012Validator(json.loads((PACKAGE / "schema" / "stale.schema.json").read_text()))
HASHED = py_compile.PycInvalidationMode.CHECKED_HASH


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository whose second commit dropped a module and a directory."""
    repository = create(tmp_path / "repository")
    repository.commit(START, "All (#3)")
    repository.commit(LEFT, "Drop them")
    return repository


def leave(repository: Repository, target: str, *, source: str = GONE, mode: py_compile.PycInvalidationMode | None = None) -> Path:
    """Compile a source to a file of the working tree, and leave nothing else."""
    written = repository.path.parent / "written.py"
    written.write_text(source)
    place = repository.path / target
    place.parent.mkdir(parents=True, exist_ok=True)
    py_compile.compile(str(written), cfile=str(place), invalidation_mode=mode)
    return place


def ask(repository: Repository, *arguments: str, **environment: str) -> Said:
    return impact_command("stale", *arguments, at=repository.path, cache=repository.path.parent / "cache", environment=environment)


def told(repository: Repository, *arguments: str, **environment: str) -> Any:
    value = json.loads(ask(repository, *arguments, "--output-format", "json", **environment).out)
    VALIDATOR.validate(value)
    return value


def imports(repository: Repository, name: str) -> bool:
    """Whether this very Python imports a module from the working tree."""
    return subprocess.run([sys.executable, "-c", f"import {name}"], cwd=repository.path, capture_output=True, check=False).returncode == 0


def test_nothing_is_stale(repository: Repository) -> None:
    py_compile.compile(str(repository.path / "acme/__init__.py"))
    assert ask(repository) == Said(0, "No compiled file is without its source.\n", "")


def test_a_file_in_the_cache_is_evidence_and_nothing_else(repository: Repository) -> None:
    leave(repository, f"acme/__pycache__/gone.{TAG}.pyc")
    commit = repository.commit_id("HEAD~1")[:10]
    assert not imports(repository, "acme.gone")
    assert ask(repository) == Said(
        0,
        f"""\
1 compiled file without source, 0 of them importable

Not importable without their source:
  acme/__pycache__/gone.{TAG}.pyc  Python {PYTHON}; compiled from acme/gone.py as of {commit}, 2025-09-14, by A. Author: All (#3)
""",
        "",
    )


@pytest.mark.parametrize("mode", [None, HASHED])
def test_a_file_beside_the_sources_masks_the_deletion(repository: Repository, mode: py_compile.PycInvalidationMode | None) -> None:
    leave(repository, "acme/gone.pyc", mode=mode)
    commit = repository.commit_id("HEAD~1")[:10]
    assert imports(repository, "acme.gone")
    assert ask(repository) == Said(
        1,
        f"""\
1 compiled file without source, 1 of them importable

acme/gone.pyc  Python {PYTHON} imports it in place of acme/gone.py
  compiled from acme/gone.py as of {commit}, 2025-09-14, by A. Author: All (#3)
  1 test file would break without it:
    tests/test_gone.py  ModuleNotFoundError: No module named 'acme.gone'
""",
        "",
    )


def test_a_module_that_was_never_committed(repository: Repository) -> None:
    repository.commit(LEFT | {"tests/test_new.py": "from acme.fresh import thing\n"}, "A test")
    leave(repository, "acme/fresh.pyc", source="thing = 1\n")
    assert imports(repository, "acme.fresh")
    (one,) = told(repository)["files"]
    assert (one["committed"], one["origin"], one["importable"]) == (False, None, True)
    assert [test["path"] for test in one["masks"]] == ["tests/test_new.py"]


def test_a_version_that_no_commit_holds(repository: Repository) -> None:
    leave(repository, "acme/gone.pyc", source="X = 1\nMORE = 2\n")
    (one,) = told(repository)["files"]
    assert (one["committed"], one["origin"]) == (True, None)
    assert [test["path"] for test in one["masks"]] == ["tests/test_gone.py"]


def test_a_directory_with_nothing_but_its_cache_is_a_namespace_package(repository: Repository) -> None:
    leave(repository, f"acme/old/__pycache__/deep.{TAG}.pyc", source="Y = 2\n")
    assert imports(repository, "acme.old")
    said = ask(repository)
    assert said.code == 1
    assert "acme/old/  holds nothing but __pycache__: Python imports it as a namespace package\n  1 test file would break without it:\n" in said.out
    assert [test["path"] for test in told(repository)["leftovers"][0]["masks"]] == ["tests/test_old.py"]


def test_a_package_or_an_extension_comes_first(repository: Repository) -> None:
    leave(repository, "acme/gone.pyc")
    (repository.path / "acme/gone").mkdir()
    (repository.path / "acme/gone/__init__.py").write_text("")
    assert [one["importable"] for one in told(repository)["files"]] == [False]


def test_what_a_prefix_keeps(repository: Repository, tmp_path: Path) -> None:
    prefix = tmp_path / "elsewhere"
    inside = prefix.joinpath(*repository.path.resolve().parts[1:])
    place = leave(repository, str(inside / f"acme/gone.{TAG}.pyc"))
    leave(repository, str(inside / f"acme/__init__.{TAG}.pyc"))
    leave(repository, str(prefix / f"acme/gone.{TAG}.pyc"))
    assert told(repository)["files"] == []
    (one,) = told(repository, PYTHONPYCACHEPREFIX=str(prefix))["files"]
    assert (one["path"], one["source"], one["importable"]) == (str(place), "acme/gone.py", False)
    assert ask(repository, "--clean", PYTHONPYCACHEPREFIX=str(prefix)).code == 0
    assert not place.exists()


def test_clean_removes_what_has_no_source_and_nothing_else(repository: Repository, tmp_path: Path) -> None:
    legacy = leave(repository, "acme/gone.pyc")
    leave(repository, f"acme/old/__pycache__/deep.{TAG}.pyc", source="Y = 2\n")
    py_compile.compile(str(repository.path / "acme/__init__.py"))
    beside = repository.path / "acme/gone.txt"
    beside.write_text("not ours")
    outside = tmp_path / "outside.pyc"
    outside.write_bytes(legacy.read_bytes())
    (repository.path / "acme/link.pyc").symlink_to(outside)
    (tmp_path / "directory").mkdir()
    (tmp_path / "directory/there.pyc").write_bytes(legacy.read_bytes())
    (repository.path / "acme/linked").symlink_to(tmp_path / "directory")
    said = ask(repository, "--clean")
    assert said.code == 0
    assert said.err == f"removing acme/gone.pyc\nremoving acme/old/__pycache__/deep.{TAG}.pyc\n"
    assert said.out.endswith(f"Removed: 4\n  acme/gone.pyc\n  acme/old/__pycache__/deep.{TAG}.pyc\n  acme/old/__pycache__/\n  acme/old/\n")
    assert not legacy.exists()
    assert not (repository.path / "acme/old").exists()
    assert all(path.exists() for path in (beside, outside, tmp_path / "directory/there.pyc", repository.path / f"acme/__pycache__/__init__.{TAG}.pyc"))
    assert (repository.path / "acme/link.pyc").is_symlink()
    assert not imports(repository, "acme.gone")


def test_what_git_tracks_stays(repository: Repository) -> None:
    place = leave(repository, "acme/gone.pyc")
    repository.git("add", "--force", "acme/gone.pyc")
    repository.git("commit", "--quiet", "-m", "Binary")
    said = ask(repository, "--clean")
    assert (said.code, said.err) == (1, "")
    assert "and Git tracks the compiled file" in said.out
    assert place.exists()


@pytest.mark.parametrize("content", [b"", b"\xa7\r\r\n", b"nonsense nonsense", b"\x00" * 16, b"\xff" * 400])
def test_bytes_that_are_no_bytecode_are_no_crash(repository: Repository, content: bytes) -> None:
    (repository.path / "acme/gone.pyc").write_bytes(content)
    (one,) = told(repository)["files"]
    assert one["origin"] is None


def test_other_trees_are_left_out(repository: Repository) -> None:
    for place, marker in (("venv", "pyvenv.cfg"), ("vendored", ".git"), ("node_modules", "package.json")):
        leave(repository, f"{place}/lib/x.pyc")
        (repository.path / place / marker).write_text("")
    assert find_compiled(repository.path) == ()
    assert find_leftovers(repository.path) == ()


def test_a_diff_of_the_working_tree_says_why_it_works_here(repository: Repository) -> None:
    repository.write(LEFT | {"tests/test_new.py": "from acme.fresh import thing\n"})
    leave(repository, "acme/gone.pyc")
    leave(repository, "acme/fresh.pyc", source="thing = 1\n")
    report = impact_command("diff", "HEAD~1", "--output-format", "json", at=repository.path, cache=repository.path.parent / "cache").report
    found = {change["old"]: [one["path"] for one in change["evidence"] if one["kind"] == "bytecode"] for change in report["changes"]}
    assert found["acme.gone"] == ["acme/gone.pyc"]
    assert found["acme.fresh"] == ["acme/fresh.pyc"]
    committed = impact_command("diff", "HEAD~1..HEAD", "--output-format", "json", at=repository.path, cache=repository.path.parent / "cache").report
    assert not [one for change in committed["changes"] for one in change["evidence"] if one["kind"] == "bytecode"]


def test_a_bare_repository_has_none(repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(tmp_path / "bare.git"))
    said = impact_command("stale", at=tmp_path / "bare.git", cache=tmp_path / "cache")
    assert (said.code, said.out) == (2, "")
