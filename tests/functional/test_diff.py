"""`impact diff` and `impact doctor` as a user runs them, in a process of their own, on drawn repositories."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest

import impact
from support.commands import Said
from support.repositories import Content, Repository, draw

PACKAGE = Path(impact.__file__).parent
VALIDATOR = jsonschema.Draft202012Validator(json.loads((PACKAGE / "schema" / "report.schema.json").read_text()))

MONEY_TEST = 'from unittest import mock\n\n\n@mock.patch("acme.money.RATE", 3)\ndef test_rate():\n    pass\n\n\ndef test_other():\n    pass\n'
BASE: dict[str, Content] = {
    "acme/__init__.py": "",
    "acme/orders.py": "def total():\n    return 1\n\n\nclass Order:\n    pass\n",
    "acme/money.py": "RATE = 2\n",
    "tests/test_orders.py": "from acme.orders import total\n\n\ndef test_total():\n    assert total() == 1\n",
    "tests/test_money.py": MONEY_TEST,
    "tests/test_free.py": "def test_free():\n    pass\n",
    "tests/test_order.py": "from acme.orders import Order\n\n\ndef test_order():\n    assert Order\n",
}
HEAD = BASE | {"acme/orders.py": "class Order:\n    pass\n", "acme/money.py": "def price():\n    return 2\n"}

TEXT = """\
1 test file cannot be collected, 1 fails at run time
between base (8912bfe6a0) and head (c848904825)

acme.orders.total  deleted  (1 test file)
  total is no longer bound in acme.orders: acme/orders.py
  deleted in c848904825, 2025-09-14, by A. Author: Head
  cannot be collected: ImportError: cannot import name 'total' from 'acme.orders'
    tests/test_orders.py:1  from acme.orders import total

acme.money.RATE  deleted  (1 test file)
  RATE is no longer bound in acme.money: acme/money.py
  deleted in c848904825, 2025-09-14, by A. Author: Head
  fails at run time:
    AttributeError: <module 'acme.money' from 'acme/money.py'> does not have the attribute 'RATE'
    tests/test_money.py:4  @mock.patch("acme.money.RATE", 3)
      in test_rate

to bring back what has no other place: impact fix --restore 8912bfe6a0..c848904825
"""

MARKDOWN = """\
**1 test file cannot be collected, 1 fails at run time**

Between `base (8912bfe6a0)` and `head (c848904825)`.

| Test files | What is gone | Where it went |
| ---: | --- | --- |
| 1 | `acme.orders.total` deleted | not known |
| 1 | `acme.money.RATE` deleted | not known |

<details><summary>How the tests get there</summary>

```mermaid
flowchart LR
  n0["acme.orders.total deleted"]:::gone
  n1(["tests/test_orders.py#58;1"]):::test
  n2["acme.money.RATE deleted"]:::gone
  n3(["tests/test_money.py#58;4"]):::test
  n1 --> n0
  n3 -.-> n2
  classDef gone fill:#ffd7d5,stroke:#cf222e,color:#82071e,stroke-dasharray:4 3
  classDef test fill:#ddf4ff,stroke:#0969da,color:#0a3069
  classDef more fill:#f6f8fa,stroke:#8c959f,color:#57606a
```

</details>

<details><summary><code>acme.orders.total</code> deleted: 1 test file</summary>

- `total is no longer bound in acme.orders: acme/orders.py`
- `deleted in c848904825, 2025-09-14, by A. Author: Head`
- `last in 8912bfe6a0:acme/orders.py`
- **cannot be collected**: `ImportError: cannot import name 'total' from 'acme.orders'`
  - `tests/test_orders.py:1` `from acme.orders import total`

</details>

<details><summary><code>acme.money.RATE</code> deleted: 1 test file</summary>

- `RATE is no longer bound in acme.money: acme/money.py`
- `deleted in c848904825, 2025-09-14, by A. Author: Head`
- `last in 8912bfe6a0:acme/money.py`
- **fails at run time**: `AttributeError: <module 'acme.money' from 'acme/money.py'> does not have the attribute 'RATE'`
  - `tests/test_money.py:4` `@mock.patch("acme.money.RATE", 3)` in `test_rate`

</details>

To see it again, to bring back what has no other place, to ask pytest at the head:

```sh
impact diff 8912bfe6a0..c848904825
impact fix --restore 8912bfe6a0..c848904825
python -m pytest --collect-only tests/test_orders.py
```

"""


@dataclass(frozen=True, slots=True)
class Project:
    repository: Repository
    cache: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.repository.path

    def run(self, *arguments: str, at: Path | None = None) -> Said:
        """Run `impact` with nothing of this machine's settings around it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "IMPACT_"))}
        ours = {"IMPACT_CACHE_DIR": str(self.cache), "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(PACKAGE.parent), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "impact", *arguments],
            cwd=at or self.path,
            env=kept | ours | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull} | self.environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    def json(self, *arguments: str, at: Path | None = None) -> Said:
        return self.run("diff", *arguments, "--output-format", "json", at=at)

    def fingerprint(self) -> dict[str, str]:
        """Every file below the repository, the Git directory included."""
        return {str(path): sha256(path.read_bytes()).hexdigest() for path in sorted(self.path.rglob("*")) if path.is_file()}


def _project(tmp_path: Path, base: dict[str, Content] = BASE, head: dict[str, Content] = HEAD) -> Project:
    return Project(draw(tmp_path / "repo", base=base, head=head), tmp_path / "cache")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return _project(tmp_path)


def test_text(project: Project) -> None:
    assert project.run("diff", "base..head") == Said(1, TEXT, "")


def test_markdown(project: Project) -> None:
    assert project.run("diff", "base..head", "--output-format", "markdown") == Said(1, MARKDOWN, "")


def test_quiet_is_the_verdict_alone(project: Project) -> None:
    assert project.run("diff", "base..head", "-q") == Said(1, "1 test file cannot be collected, 1 fails at run time\n", "")


def test_affected_tests_are_listed_when_asked_for(project: Project) -> None:
    said = project.run("diff", "base..head", "--affected")
    told, bring, back = TEXT.replace("at run time\nbetween", "at run time, 1 is affected\nbetween").rpartition("to bring back")
    assert said.out == f"{told}1 test file depends on changed code\n  tests/test_order.py\n-v lists them all\n{bring}{back}"


def test_json(project: Project) -> None:
    orders = "symbol-deleted:acme.orders:total"
    money = "symbol-deleted:acme.money:RATE"
    imported = "ImportError: cannot import name 'total' from 'acme.orders'"
    patched = "AttributeError: <module 'acme.money' from 'acme/money.py'> does not have the attribute 'RATE'"

    def change(module: str, name: str) -> dict[str, object]:
        path = f"{module.replace('.', '/')}.py"
        told: dict[str, object] = {
            "commit": project.repository.commit_id("head"),
            "date": "2025-09-14T09:01:00+00:00",
            "author": "A. Author",
            "subject": "Head",
        }
        evidence = [
            {"kind": "unbound", "detail": f"{name} is no longer bound in {module}", "path": path},
            {"kind": "commit", "detail": "deleted in c848904825, 2025-09-14, by A. Author: Head", **told},
            {"kind": "last-seen", "detail": f"last in 8912bfe6a0:{path}", "path": path, "line": 1, "commit": project.repository.commit_id("base")},
        ]
        old = f"{module}:{name}"
        fate = {"kind": "symbol-deleted", "new": None, "new_path": None, "certainty": None}
        return fate | {"id": f"symbol-deleted:{old}", "old": old, "path": path, "evidence": evidence}

    def test(name: str, verdict: str, exception: str, nodes: list[str], one: str, line: int) -> dict[str, object]:
        path = f"tests/{name}.py"
        chain = [{"path": path, "module": name, "line": line}]
        return {"path": path, "verdict": verdict, "node_ids": nodes, "exception": exception, "breaks": [one], "chain": chain}

    in_money, in_orders = "tests/test_money.py:4:1:acme.money:RATE", "tests/test_orders.py:1:0:acme.orders:total"
    said = project.json("base..head")
    assert said.code == 1
    assert said.report == {
        "schema_version": 1,
        "tool": {"name": "impact", "version": "0.1.0"},
        "base": {"revision": "base", "commit": project.repository.commit_id("base")},
        "head": {"revision": "head", "commit": project.repository.commit_id("head"), "merged": False},
        "changes": [change("acme.money", "RATE"), change("acme.orders", "total")],
        "breaks": [
            {
                "id": in_money,
                "path": "tests/test_money.py",
                "line": 4,
                "column": 1,
                "code": '@mock.patch("acme.money.RATE", 3)',
                "kind": "string",
                "target": "acme.money:RATE",
                "change": money,
                "deferred": True,
                "function": "test_rate",
                "exception": patched,
                "remedy": None,
            },
            {
                "id": in_orders,
                "path": "tests/test_orders.py",
                "line": 1,
                "column": 0,
                "code": "from acme.orders import total",
                "kind": "from-import",
                "target": "acme.orders:total",
                "change": orders,
                "deferred": False,
                "function": None,
                "exception": imported,
                "remedy": None,
            },
        ],
        "tests": [
            test("test_orders", "collection-error", imported, [], in_orders, 1),
            test("test_money", "runtime-error", patched, ["tests/test_money.py::test_rate"], in_money, 4),
        ],
        "preexisting": [],
        "masked": [],
        "skipped": [],
        "meetings": [],
        "conflicts": [],
        "notes": [],
        "excerpts": [
            {"path": "tests/test_money.py", "line": 4, "first": 2, "lines": MONEY_TEST.splitlines()[1:7]},
            {"path": "tests/test_orders.py", "line": 1, "first": 1, "lines": ["from acme.orders import total", "", "", "def test_total():"]},
        ],
        "summary": {
            "tests": {"collection-error": 1, "runtime-error": 1, "silenced": 0, "at-risk": 0, "affected": 0},
            "changes": 2,
            "breaks": 2,
            "preexisting": 0,
            "masked": 0,
            "skipped": 0,
        },
    }


# --- Exit codes.


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("base..head",), 1),
        (("base..base",), 0),
        (("head..base",), 0),
        (("base..head", "--exit-zero"), 0),
        (("base..head", "--fail-on", "collection-error"), 1),
        (("base..head", "--fail-on", "runtime-error"), 1),
        (("base..head", "--fail-on", "silenced"), 0),
        (("base..head", "--fail-on", "silenced,runtime-error"), 1),
        (("base..head", "--fail-on", "silenced", "--fail-on", "collection-error"), 1),
        (("base..head", "--fail-on", "none"), 0),
        (("base..head", "--fail-on", "all"), 1),
    ],
)
def test_exit_codes(project: Project, arguments: tuple[str, ...], code: int) -> None:
    said = project.run("diff", *arguments)
    assert (said.code, said.err) == (code, "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("nope..head",), "impact: unknown revision 'nope'"),
        (("base..head..base",), "impact: the range 'base..head..base' has more than two sides"),
        (("base..head", "--fail-on", "colection-error"), "colection-error"),
        (("base..head", "--output-format", "xml"), "'xml' is not one of"),
        (("base..head", "-C", "/nowhere"), "no such directory"),
        (("base..head", "--nope"), "--nope"),
    ],
)
def test_what_cannot_run_is_one_complaint_and_exit_code_2(project: Project, arguments: tuple[str, ...], complaint: str) -> None:
    said = project.run("diff", *arguments)
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err
    assert "Traceback" not in said.err


def test_outside_of_a_repository(project: Project, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    said = project.run("diff", "base..head", at=tmp_path / "elsewhere")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("impact: ")


# --- Ranges.


BOTH = {"tests/test_money.py": "runtime-error", "tests/test_orders.py": "collection-error"}


@pytest.mark.parametrize("revisions", ["base..head", "base...head", "base..", "base", "head~..head", "base..WORKTREE", "base..INDEX"])
def test_ranges_that_mean_the_same(project: Project, revisions: str) -> None:
    project.repository.git("checkout", "--quiet", "head")
    assert project.json(revisions).verdicts == BOTH


def test_what_a_helper_hands_on_is_missed_by_the_class_that_took_it(tmp_path: Path) -> None:
    base: dict[str, Content] = {
        "acme/__init__.py": "",
        "acme/orders.py": "class Order:\n    def __init__(self, size=1):\n        self.size = size\n",
        "tests/conftest.py": "from acme.orders import Order\n\n\ndef new(**more):\n    return Order(**more)\n",
        "tests/test_order.py": "from conftest import new\n\n\ndef test_order():\n    new(size=2)\n",
    }
    project = _project(tmp_path, base, base | {"acme/orders.py": "class Order:\n    def __init__(self):\n        self.size = 1\n"})
    report = project.json("base..head").report
    assert [(one["target"], one["path"], one["line"]) for one in report["breaks"]] == [("acme.orders:Order", "tests/test_order.py", 5)]
    assert [(one["path"], one["node_ids"]) for one in report["tests"]] == [("tests/test_order.py", ["tests/test_order.py::test_order"])]


def test_a_line_is_told_with_the_tests_that_heirs_have_from_it(tmp_path: Path) -> None:
    tests = "from acme.a import A\n\n\nclass Base:\n    def test_gone(self):\n        A().gone()\n\n    def test_kept(self):\n        A().kept()\n"
    tests += "\n    def test_lost(self):\n        A().lost()\n\n\nclass TestOne(Base):\n    pass\n\n\nclass TestTwo(Base):\n    pass\n"
    kept = "class A:\n    def kept(self):\n        pass\n"
    base: dict[str, Content] = {"acme/a.py": f"{kept}    def gone(self):\n        pass\n    def lost(self):\n        pass\n", "tests/test_x.py": tests}
    found = _project(tmp_path, base, base | {"acme/a.py": kept}).run("diff", "base..head").out
    assert "test_x.py:6  A().gone()\n      in TestOne::test_gone, TestTwo::test_gone\n" in found
    assert "test_x.py:12  A().lost()\n      in TestOne::test_lost, TestTwo::test_lost\n" in found


def test_the_worktree_counts_as_it_lies_there(project: Project) -> None:
    project.repository.git("checkout", "--quiet", "base")
    (project.path / "acme/orders.py").unlink()
    (project.path / "tests/test_new.py").write_text("import acme.absent\n\n\ndef test_new():\n    pass\n")
    (project.path / "ignored").mkdir()
    (project.path / "ignored/test_ignored.py").write_text("import acme.absent\n")
    (project.path / ".gitignore").write_text("ignored/\n")
    broken = {"tests/test_order.py": "collection-error", "tests/test_orders.py": "collection-error", "tests/test_new.py": "collection-error"}
    said = project.json("HEAD")
    assert (said.code, said.verdicts) == (1, broken)
    assert said.report["head"] == {"revision": "WORKTREE", "commit": None, "merged": False}
    assert project.json("HEAD", "--staged").verdicts == {}
    project.repository.git("add", "--all")
    assert project.json("--staged").verdicts == broken


def test_without_a_range_the_base_branch_is_asked_for(project: Project) -> None:
    project.repository.git("checkout", "--quiet", "head")
    assert project.json("--base", "base").verdicts == BOTH


def test_two_branches_that_diverged_are_judged_merged(tmp_path: Path) -> None:
    project = _project(tmp_path)
    project.repository.git("checkout", "--quiet", "base")
    project.repository.commit(BASE | {"tests/test_late.py": "import acme.money\n\n\ndef test_late():\n    assert acme.money.RATE\n"}, branch="other")
    said = project.json("other..head")
    assert said.verdicts == BOTH | {"tests/test_late.py": "runtime-error"}
    assert said.report["head"]["merged"] is True
    assert project.json("other...head").verdicts == BOTH


# --- Places.


def test_from_a_subfolder(project: Project) -> None:
    assert project.run("diff", "base..head", at=project.path / "tests").out == TEXT


def test_from_elsewhere(project: Project, tmp_path: Path) -> None:
    assert project.run("diff", "base..head", "-C", str(project.path), at=tmp_path).out == TEXT


def test_a_bare_repository(project: Project, tmp_path: Path) -> None:
    project.repository.git("clone", "--quiet", "--bare", str(project.path), str(tmp_path / "bare.git"))
    assert project.run("diff", "base..head", at=tmp_path / "bare.git") == Said(1, TEXT, "")


def test_a_project_below_the_root_of_the_repository(tmp_path: Path) -> None:
    def below(files: dict[str, Content]) -> dict[str, Content]:
        return {f"services/shop/{path}": source for path, source in files.items()} | {"services/shop/pytest.ini": "[pytest]\ntestpaths = tests\n"}

    project = _project(tmp_path, below(BASE), below(HEAD))
    said = project.json("base..head")
    assert said.verdicts == {f"services/shop/{path}": verdict for path, verdict in BOTH.items()}
    assert said.report["breaks"][1]["exception"] == "ImportError: cannot import name 'total' from 'acme.orders'"


def test_the_output_goes_to_a_file(project: Project, tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    assert project.run("diff", "base..head", "--output-file", str(target)) == Said(1, "", "")
    assert target.read_text() == TEXT
    assert project.run("diff", "base..head", "-o", str(tmp_path / "no" / "folder")).code == 2


# --- What cannot be read.


def test_files_that_cannot_be_read_ride_in_the_report(tmp_path: Path) -> None:
    odd: dict[str, Content] = {
        "acme/huge.py": b"x = 1\n" * 1_400_000,
        "acme/latin.py": b"# -*- coding: latin-1 -*-\nNAME = '\xe9'\n",
        "acme/bytes.py": b"x = '\xff'\n",
        "acme/null.py": b"x = 1\0\n",
        "tests/test_odd.py": "import acme.latin\n\n\ndef test_odd():\n    assert acme.latin.NAME\n",
        "tests/test_half.py": "import acme.half\n\n\ndef test_half():\n    pass\n",
        "acme/half.py": "x = 1\n",
    }
    project = _project(tmp_path, BASE | odd, HEAD | odd | {"acme/half.py": "def f(:\n"})
    said = project.json("base..head")
    assert said.verdicts == BOTH | {"tests/test_half.py": "collection-error"}
    skipped = {one["path"]: one["reason"] for one in said.report["skipped"]}
    assert "too large" in skipped["acme/huge.py"]
    assert skipped["acme/half.py"].startswith("does not parse")
    assert "acme/latin.py" not in skipped


def test_a_missing_object_is_no_error(project: Project) -> None:
    blob = project.repository.git("rev-parse", "head:acme/orders.py")
    place = project.path / ".git" / "objects" / blob[:2] / blob[2:]
    place.unlink()
    said = project.json("base..head")
    assert said.code in (0, 1)
    assert said.err == ""
    assert [one["path"] for one in said.report["skipped"]] == ["acme/orders.py"]
    assert said.verdicts["tests/test_money.py"] == "runtime-error"


# --- What it leaves behind.


def test_the_output_is_the_same_every_time_with_a_cold_and_a_warm_cache_and_with_none(project: Project) -> None:
    cold = project.json("base..head", "--affected")
    assert [path.suffix for path in project.cache.iterdir()] == [".sqlite"]
    assert project.json("base..head", "--affected") == cold
    shutil.rmtree(project.cache)
    assert project.json("base..head", "--affected", "--no-cache") == cold
    assert not project.cache.exists()


def test_nothing_is_written_in_the_repository(project: Project) -> None:
    project.repository.git("checkout", "--quiet", "base")
    (project.path / "acme/orders.py").write_text("class Order: ...\n")
    before = project.fingerprint()
    for arguments in (("base..head",), ("HEAD",), ("base...head",), ("--staged",)):
        assert project.run("diff", *arguments).code in (0, 1)
    assert project.run("doctor").code == 0
    assert project.fingerprint() == before


def test_nothing_of_the_project_is_run(tmp_path: Path) -> None:
    evil = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    everywhere = ("conftest.py", "setup.py", "sitecustomize.py", "impact.py", "pygit2.py", "acme/__init__.py", "tests/conftest.py", "tests/test_orders.py")
    project = _project(tmp_path, BASE | {path: evil + str(BASE.get(path, "")) for path in everywhere}, HEAD | dict.fromkeys(everywhere, evil))
    project.repository.git("checkout", "--quiet", "base")
    # `-m` would put the directory itself on the path: from another one, as the command that is installed does.
    assert project.json("base..head", "-C", str(project.path), at=tmp_path).code in (0, 1)
    assert project.json("HEAD", "-C", str(project.path), at=tmp_path).code in (0, 1)
    assert not (tmp_path / "ran").exists()


def test_doctor(project: Project) -> None:
    said = project.run("doctor", "head", "--no-cache")
    assert re.sub(r"python    3\.\d+", "python    3.x", said.out) == (
        """\
revision  head (c848904825)
holds     7 modules, 4 test files
python    3.x
cache     disabled

2 source roots (imports resolve from here)
  .      repository root; holds the package acme
  tests  base directory of tests/test_free.py (prepend)

pytest in . (no configuration file): 4 test files
  import mode       prepend
  python_files      test_*.py *_test.py
  python_classes    Test
  python_functions  test
  norecursedirs     *.egg .* _darcs build CVS dist node_modules venv {arch}

Every file was read in full.
"""
    )
    assert (said.code, said.err) == (0, "")
