"""The pre-commit framework itself, with this repository as the source of the hook."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import Said, clean_environment, impact_command
from support.repositories import Content, Repository, create

ROOT = Path(__file__).parents[2]
BASE: dict[str, Content] = {
    "acme/__init__.py": "",
    "acme/orders.py": "def total():\n    return 1\n",
    "tests/test_orders.py": "from acme.orders import total\n\n\ndef test_total():\n    assert total() == 1\n",
}
BROKEN = {path: content for path, content in BASE.items() if path != "acme/orders.py"}
FIXED = {path: content for path, content in BROKEN.items() if path != "tests/test_orders.py"}
VERDICT = "1 test file cannot be collected"


@pytest.fixture
def source(tmp_path: Path) -> Repository:
    """This repository as it stands, the files that are not committed yet included."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True).stdout
    copy = create(tmp_path / "source")
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy.path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy.path / name)
    copy.git("add", "--all")
    copy.git("commit", "-q", "-m", "As it stands")
    return copy


@pytest.mark.slow
def test_pushes_and_manual_runs_that_only_delete(tmp_path: Path, source: Repository) -> None:
    config = f"repos:\n  - repo: {source.path}\n    rev: {source.commit_id('HEAD')}\n    hooks:\n      - id: impact\n"
    clone = create(tmp_path / "clone")
    clone.git("init", "-q", "--bare", "--template=", "--initial-branch=main", str(tmp_path / "remote.git"))
    clone.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    with_config: dict[str, Content] = {".pre-commit-config.yaml": config}
    base = clone.commit(BASE | with_config, "Begin")
    clone.git("push", "-q", "-u", "origin", "main")

    # Neither the interpreter's packages nor its path: the hook has to bring its own.
    environment = clean_environment(tmp_path / "cache") | {"PRE_COMMIT_HOME": str(tmp_path / "home"), "GIT_CONFIG_NOSYSTEM": "1"}
    del environment["PYTHONPATH"]

    def run(*command: str) -> Said:
        done = subprocess.run(command, cwd=clone.path, env=environment, capture_output=True, check=False)
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    pre_commit = (sys.executable, "-m", "pre_commit")
    installed = run(*pre_commit, "install", "--install-hooks", "--hook-type", "pre-push")
    assert installed.code == 0, installed

    broken = clone.commit(BROKEN | with_config, "Only a deletion")
    refused = run("git", "push", "-q", "origin", "main")
    assert refused.code == 1, refused
    assert "main breaks tests (what the push adds)" in refused.out + refused.err
    assert VERDICT in refused.out + refused.err

    clone.commit(FIXED | with_config, "The fix")
    passed = run("git", "push", "-q", "origin", "main")
    assert passed.code == 0, passed

    manual = run(*pre_commit, "run", "--hook-stage", "manual", "impact", "--from-ref", base, "--to-ref", broken)
    assert (manual.code, VERDICT in manual.out) == (1, True), manual
    clean = run(*pre_commit, "run", "--hook-stage", "manual", "impact")
    assert clean.code == 0, clean


REFS = {"PRE_COMMIT": "1", "PRE_COMMIT_REMOTE_NAME": "origin", "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/topic", "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/topic"}


def test_the_variables_of_the_framework_are_honoured(tmp_path: Path) -> None:
    clone = create(tmp_path / "clone")
    base = clone.commit(BASE, "Begin")
    broken = clone.commit(BROKEN, "Broken", branch="topic")
    more = clone.commit(BROKEN | {"more.md": ""}, "More")
    clone.git("update-ref", "refs/remotes/origin/main", base)

    def run(**environment: str) -> Said:
        return impact_command("hook", "run", "pre-push", at=clone.path, cache=tmp_path / "cache", environment=environment)

    said = run(**REFS, PRE_COMMIT_FROM_REF=base, PRE_COMMIT_TO_REF=broken)
    assert (said.code, "topic breaks tests (what the push adds)" in said.err) == (1, True)
    said = run(**REFS, PRE_COMMIT_FROM_REF=broken, PRE_COMMIT_TO_REF=more)
    assert (said.code, "topic: No test breaks" in said.err) == (0, True)
    clone.git("checkout", "-q", "main")
    other = clone.commit(BASE | {"other.md": ""}, "Other", branch="other")
    said = run(**REFS, PRE_COMMIT_FROM_REF=other, PRE_COMMIT_TO_REF=broken)
    assert (said.code, "topic breaks tests (rewritten: as merged into origin/main)" in said.err) == (1, True)
    # By hand, with two revisions as they were given; and without.
    said = run(PRE_COMMIT="1", PRE_COMMIT_FROM_REF="main", PRE_COMMIT_TO_REF="topic")
    assert (said.code, "look closer:  impact diff main..topic\n" in said.err) == (1, True)
    said = run(PRE_COMMIT="1")
    assert (said.code, said.err.startswith("impact: WORKTREE: No test breaks between merge base of origin/main and WORKTREE (")) == (0, True)
