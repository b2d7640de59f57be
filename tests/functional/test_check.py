"""`impact check` on real repositories: what is missing, what only looks so, baselines and accepted breaks."""

from __future__ import annotations

import json
import py_compile
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from support.commands import PACKAGE, Said, impact_command
from support.repositories import create

if TYPE_CHECKING:
    from pathlib import Path

    from support.repositories import Content, Repository

START: dict[str, Content] = {
    "acme/__init__.py": "",
    "acme/orders.py": "def total():\n    return 1\n",
    "acme/money.py": "RATE = 2\n",
    "tests/test_orders.py": "from acme.orders import total\n",
    "tests/test_money.py": "import acme.money\n",
}
GONE: dict[str, Content] = {path: source for path, source in START.items() if path != "acme/money.py"} | {"acme/orders.py": "COUNT = 1\n"}
VALIDATOR = jsonschema.Draft202012Validator(json.loads((PACKAGE / "schema" / "check.schema.json").read_text()))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = create(tmp_path / "repository")
    repository.commit(START, "Start")
    return repository


def ask(repository: Repository, *arguments: str) -> Said:
    return impact_command("check", *arguments, at=repository.path, cache=repository.path.parent / "cache")


def told(repository: Repository, *arguments: str) -> Any:
    value = json.loads(ask(repository, *arguments, "--output-format", "json").out)
    VALIDATOR.validate(value)
    return value


def missing(repository: Repository) -> dict[str, list[str]]:
    """What is missing, and who names it."""
    return {one["target"]: [site["path"] for site in one["references"]] for one in told(repository)["missing"]}


def test_a_healthy_tree(repository: Repository) -> None:
    assert ask(repository, "HEAD") == Said(0, f"Every reference to the project resolves at HEAD ({repository.commit_id('HEAD')[:10]}).\n", "")


def test_text(repository: Repository) -> None:
    gone = repository.commit(GONE, "Tidy up (#4)")
    assert ask(repository, "HEAD") == Said(
        1,
        f"""\
2 references in 2 files to 2 things that are not there at HEAD ({gone[:10]})

acme.money  (1 file, 1 of them tests)
  gone since {gone[:10]}, 2025-09-14, by A. Author: Tidy up (#4)
  ModuleNotFoundError: No module named 'acme.money'
    tests/test_money.py:1  import acme.money

acme.orders.total  (1 file, 1 of them tests)
  gone since {gone[:10]}, 2025-09-14, by A. Author: Tidy up (#4)
  ImportError: cannot import name 'total' from 'acme.orders'
    tests/test_orders.py:1  from acme.orders import total
""",
        "",
    )


def test_markdown(repository: Repository) -> None:
    gone = repository.commit(GONE, "Tidy up (#4)")[:10]
    assert ask(repository, "HEAD", "--output-format", "markdown").out == (
        f"""\
**2 references in 2 files to 2 things that are not there at `HEAD ({gone})`**

| Missing | Files | Tests | First reference | Commit | Remedy |
| --- | ---: | ---: | --- | --- | --- |
| `acme.money` | 1 | 1 | `tests/test_money.py:1` | gone since `{gone}, 2025-09-14, by A. Author: Tidy up (#4)` |  |
| `acme.orders.total` | 1 | 1 | `tests/test_orders.py:1` | gone since `{gone}, 2025-09-14, by A. Author: Tidy up (#4)` |  |
"""
    )


def test_json(repository: Repository) -> None:
    repository.commit(GONE, "Tidy up")
    born = repository.commit(GONE | {"acme/cart.py": "def f():\n    from acme.orders import refund\n", "acme/old.py": "def refund(): ..."}, "Born broken")
    value = told(repository)
    assert value["revision"] == {"revision": "WORKTREE", "commit": None}
    assert value["summary"] == {"missing": 3, "references": 3, "files": 3, "counting": 3}
    (one,) = [one for one in value["missing"] if one["target"] == "acme.orders:refund"]
    assert (one["born_broken"], one["commit"]["id"], one["defined_elsewhere"], one["tests"]) == (True, born, ["acme.old:refund"], 0)
    assert [(site["path"], site["line"], site["deferred"]) for site in one["references"]] == [("acme/cart.py", 2, True)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"t.py": "import acme.nope\n"}, {"acme.nope": ["t.py"]}),
        ({"t.py": "import acme.orders.deep\n"}, {"acme.orders.deep": ["t.py"]}),
        ({"acme/t.py": "from .nope import x\n"}, {"acme.nope": ["acme/t.py"]}),
        ({"acme/t.py": "from . import nope\n"}, {"acme:nope": ["acme/t.py"]}),
        ({"acme/star.py": "from acme.orders import *\n", "t.py": "from acme.star import total, nope\n"}, {"acme.star:nope": ["t.py"]}),
        ({"t.py": "from unittest import mock\n\n@mock.patch('acme.orders.nope')\ndef test(): ...\n"}, {"acme.orders:nope": ["t.py"]}),
        ({"t.py": "import importlib\n\ndef f():\n    importlib.import_module('acme.nope')\n"}, {"acme.nope": ["t.py"]}),
        ({"conftest.py": "pytest_plugins = ['acme.nope']\n"}, {"acme.nope": ["conftest.py"]}),
        ({"acme/t.py": "from .orders import nope\n", "acme/orders.pyi": "nope: int\n"}, {"acme.orders:nope": ["acme/t.py"]}),
        # What does not count, or cannot be told.
        ({"acme/t.py": "from ._built import x\nimport acme._built\n", "acme/_built.pyi": "x: int\n"}, {}),
        ({"t.py": "try:\n    import acme.nope\nexcept ImportError:\n    pass\n"}, {}),
        ({"t.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import acme.nope\n"}, {}),
        ({"t.py": "import pytest\nwith pytest.raises(ImportError):\n    import acme.nope\n"}, {}),
        ({"t.py": "import contextlib\nwith contextlib.suppress(ImportError):\n    import acme.nope\n"}, {}),
        ({"t.py": "import pytest\npytest.skip('no', allow_module_level=True)\nimport acme.nope\n"}, {}),
        ({"t.py": "import pytest\npytest.importorskip('acme.nope')\n"}, {}),
        ({"t.py": "import sys\nsys.modules['acme.nope'] = None\nimport acme.nope\n"}, {}),
        ({"t.py": "'''\nimport acme.nope\n'''\n"}, {}),
        ({"t.py": "import numpy.nope, requests\nfrom yaml import nope\n"}, {}),
        ({"acme/dyn.py": "globals().update(a=1)\n", "t.py": "from acme.dyn import nope\n"}, {}),
        ({"acme/dyn.py": "_g = globals()\nbuild(_g)\n", "t.py": "from acme.dyn import nope\n"}, {}),
        ({"acme/dyn.py": "_g = globals()\n_g[name] = 1\n", "t.py": "from acme.dyn import nope\n"}, {}),
        ({"acme/dyn.py": "import me\nsetattr(me, name, 1)\n", "t.py": "from acme.dyn import nope\n"}, {}),
        ({"acme/dyn.py": "_g = locals()\nfor n in ():\n    setattr(_g[n], 'a', 1)\n", "t.py": "from acme.dyn import nope\n"}, {"acme.dyn:nope": ["t.py"]}),
        ({"acme/dyn.py": "x = globals()['y'] if 'y' in globals() else 1\n", "t.py": "from acme.dyn import nope\n"}, {"acme.dyn:nope": ["t.py"]}),
        ({"acme/dyn.py": "def f(self):\n    setattr(self, n, self.__dict__)\n", "t.py": "from acme.dyn import nope\n"}, {"acme.dyn:nope": ["t.py"]}),
        ({"t.py": "from unittest import mock\n\n@mock.patch('acme.orders.open')\ndef test(it): ...\n"}, {}),
        ({"samples/json.py": "from .nope import x\nfrom . import y\n", "t.py": "import json\n"}, {}),
        ({"samples/one.py": "from .nope import x\n", "t.py": "import samples.one\n"}, {"samples.nope": ["samples/one.py"]}),
        ({"samples/test_one.py": "from .nope import x\n"}, {"nope": ["samples/test_one.py"]}),
        ({"acme/dyn.py": "def __getattr__(name):\n    return make(name)\n", "t.py": "from acme.dyn import nope\n"}, {}),
        ({"acme/again.py": "from acme.orders import total as sum_of\n", "t.py": "from acme.again import sum_of\n"}, {}),
        ({"t.py": "def f():\n    with stand_in(['acme.nope']):\n        import acme.nope\n"}, {}),
        (
            {
                "acme/a/__init__.py": "from acme.a.pay import *\n",
                "acme/a/pay.py": "X = 1\n",
                "acme/pay/__init__.py": "from acme.pay.refunds import refund\n",
                "acme/pay/refunds.py": "def refund(): ...\n",
                "acme/__init__.py": "import acme.pay\nfrom acme.a import *\nfrom acme import pay\n",
                "t.py": "import acme\nfrom acme.orders import refund\nX = acme.pay.refund\n",
            },
            {"acme.orders:refund": ["t.py"]},
        ),
        ({".gitignore": "_version.py\n", "t.py": "from acme._version import version\n"}, {}),
        ({"google/ours/__init__.py": "", "t.py": "import google.protobuf\nimport google.ours\n"}, {}),
        ({"acme/dyn.py": "from .globals import g\n", "acme/globals.py": "g = 1\n", "t.py": "from acme.dyn import nope\n"}, {"acme.dyn:nope": ["t.py"]}),
        ({"build.py": "", "pyproject.toml": "[project]\nname='x'\nversion='1'\ndependencies=['build']\n", "t.py": "import build.util\n"}, {}),
        ({"tests/apps/site/__init__.py": "", "t.py": "def test(monkeypatch):\n    monkeypatch.syspath_prepend('tests/apps')\n    import site_app, site\n"}, {}),
        ({"t.py": "import acme.orders\n\n\nclass T:\n    def f(self):\n        return self.nope.deeper\n"}, {}),
    ],
)
def test_what_counts_and_what_does_not(repository: Repository, files: dict[str, Content], expected: dict[str, list[str]]) -> None:
    repository.write(START | files)
    assert missing(repository) == expected


BODY = """
def refund(order, rate):
    lines = [line for line in order.lines if line.returned and not line.refunded]
    total = sum(line.amount * rate for line in lines)
    for line in lines:
        line.refunded = True
    order.history.append(("back", total))
    return round(total, 2)
"""
CHARGE = BODY.replace("refund", "charge").replace("returned", "ordered")
BIG = BODY + CHARGE


@pytest.mark.parametrize(
    ("steps", "test", "expected"),
    [
        # A module: moved, moved twice, renamed and then moved; what is left of it is not what it was.
        ([{"acme/pay.py": BIG}, {"acme/till/__init__.py": "", "acme/till/pay.py": BIG}], "import acme.pay", ("acme.till.pay", "certain")),
        (
            [{"acme/pay.py": BIG}, {"acme/cash.py": BIG}, {"acme/till/__init__.py": "", "acme/till/cash.py": BIG}],
            "import acme.pay",
            ("acme.till.cash", "certain"),
        ),
        ([{"acme/pay.py": BIG}, {"elsewhere/pay.py": BIG}], "import acme.pay", ("elsewhere.pay", "likely")),
        # What was put aside is no remedy.
        ([{"acme/pay.py": BIG}, {"backups/pay.py": BIG}], "import acme.pay", None),
        ([{"acme/pay.py": BIG}, {"backups/pay.py": BIG, "acme/cash.py": BIG}], "import acme.pay", ("acme.cash", "certain")),
        ([{"acme/pay.py": BIG}, {"acme/cash.py": BIG}, {"acme/cash.py": "X = 1\n"}], "import acme.pay", ("acme.cash", "likely")),
        ([{"acme/pay.py": BIG}, {"acme/pay.py": BIG, "acme/x.py": ""}, {"acme/x.py": ""}], "import acme.pay", None),
        ([{"acme/pay.py": BIG}, {"acme/cash.py": BIG}, {}], "import acme.pay", None),
        ([{"acme/pay.py": BIG}, {"acme/pay.py.backup": BIG}], "import acme.pay", None),
        ([{"acme/pay.py": BIG}, {"tests/test_pay.py": BIG}], "import acme.pay", ("test_pay", "likely")),
        # A submodule that is asked of its package.
        ([{"acme/pay.py": BIG}, {"acme/cash.py": BIG}], "from acme import pay", ("acme.cash", "certain")),
        # A name: moved, renamed, moved and renamed, dropped by who handed it on.
        ([{"acme/a.py": BIG, "acme/b.py": ""}, {"acme/a.py": CHARGE, "acme/b.py": BODY}], "from acme.a import refund", ("acme.b:refund", "certain")),
        ([{"acme/a.py": BIG}, {"acme/a.py": CHARGE + BODY.replace("def refund", "def repay")}], "from acme.a import refund", ("acme.a:repay", "certain")),
        (
            [{"acme/a.py": BIG, "acme/b.py": ""}, {"acme/a.py": CHARGE, "acme/b.py": BODY}, {"acme/a.py": CHARGE, "acme/c.py": BODY}],
            "from acme.a import refund",
            ("acme.c:refund", "certain"),
        ),
        (
            [{"acme/a.py": "from acme.b import refund\n", "acme/b.py": BODY}, {"acme/a.py": "", "acme/b.py": BODY}],
            "from acme.a import refund",
            ("acme.b:refund", "certain"),
        ),
        (
            [{"acme/a.py": "from .b import refund as r\n", "acme/b.py": BODY}, {"acme/a.py": "", "acme/b.py": BODY}, {"acme/a.py": "", "acme/c.py": BODY}],
            "from acme.a import r",
            ("acme.c:refund", "certain"),
        ),
        ([{"acme/a.py": BIG, "acme/b.py": BODY}, {"acme/a.py": CHARGE, "acme/b.py": BODY}], "from acme.a import refund", None),
        (
            [{"acme/refund.py": BIG, "acme/b.py": ""}, {"acme/refund.py": CHARGE, "acme/b.py": BODY}],
            "from acme.refund import refund",
            ("acme.b:refund", "certain"),
        ),
    ],
)
def test_where_it_went(repository: Repository, steps: list[dict[str, Content]], test: str, expected: tuple[str, str] | None) -> None:
    for number, files in enumerate(steps):
        repository.commit({"acme/__init__.py": "", "tests/test_it.py": f"{test}\n", "readme": str(number)} | files, f"Step {number}")
    (one,) = told(repository)["missing"]
    assert (tuple(one["remedy"].values()) if one["remedy"] is not None else None) == expected
    assert not one["born_broken"]


def test_what_a_module_left_compiled(repository: Repository) -> None:
    repository.write(START | {"t.py": "import acme.never\nimport acme.gone\n", "acme/never.py": "", "acme/gone.py": ""})
    py_compile.compile(str(repository.path / "acme/gone.py"), cfile=str(repository.path / "acme/gone.pyc"))
    py_compile.compile(str(repository.path / "acme/never.py"))
    for name in ("gone", "never"):
        (repository.path / f"acme/{name}.py").unlink()
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    tag = sys.implementation.cache_tag
    found = {one["target"]: one["bytecode"] for one in told(repository)["missing"]}
    assert found == {
        "acme.gone": [f"acme/gone.pyc: {python} imports it here, and nowhere else"],
        "acme.never": [f"acme/__pycache__/never.{tag}.pyc: left by {python}, which does not import it"],
    }
    assert f"\n  acme/gone.pyc: {python} imports it here, and nowhere else\n" in ask(repository).out
    assert all(not one["bytecode"] for one in told(repository, "HEAD")["missing"])


def test_tests_that_run_it(repository: Repository) -> None:
    files = {"acme/deep.py": "import acme.nope\n", "acme/mid.py": "import acme.deep\n", "tests/conftest.py": "", "tests/test_no.py": "import acme.orders\n"}
    files |= {f"tests/test_{name}.py": "from acme import mid\n" for name in ("a", "b", "c")} | {"tests/test_own.py": "import acme.deep\nimport acme.nope\n"}
    repository.write(START | files)
    (one,) = told(repository)["missing"]
    assert (one["tests"], one["dependents"]) == (1, {"tests": 3, "paths": ["tests/test_a.py", "tests/test_b.py", "tests/test_c.py"]})
    assert "\n    3 more test files may run that: tests/test_a.py, tests/test_b.py and 1 more\n" in ask(repository).out


def test_a_top_level_module_that_the_project_once_had(repository: Repository) -> None:
    repository.commit(START | {"helpers.py": "", "tests/test_h.py": "import helpers, elsewhere\n"}, "Helpers")
    repository.commit(START | {"tests/test_h.py": "import helpers, elsewhere\n"}, "No helpers")
    assert missing(repository) == {"helpers": ["tests/test_h.py"]}


def test_a_baseline_gates_what_is_new(repository: Repository, tmp_path: Path) -> None:
    file = str(tmp_path / "baseline.json")
    repository.commit(GONE, "Tidy up")
    assert ask(repository, "--write-baseline", file) == Said(0, "", "")
    known = ask(repository, "--baseline", file)
    assert (known.code, known.out) == (
        0,
        "Every reference to the project resolves at WORKTREE, known and accepted ones aside.\n\n2 references in the baseline: not counted\n",
    )
    # A line further up is no news, another file that names the same thing is, and what was mended is said.
    repository.write(
        {path: source for path, source in GONE.items() if path != "tests/test_money.py"}
        | {"tests/test_orders.py": "import os\nfrom acme.orders import total\n", "tests/test_more.py": "from acme.orders import total\n"}
    )
    fresh = ask(repository, "--baseline", file)
    assert fresh.code == 1
    assert fresh.out.startswith("1 reference in 1 file to 1 thing that is not there at WORKTREE\n")
    assert "tests/test_more.py:1" in fresh.out
    assert "tests/test_orders.py" not in fresh.out
    assert "1 of the baseline resolve now" in fresh.out


ACCEPT = '[tool.impact]\naccepted = [{{ target = "acme.money", reason = "moves next week", until = {until} }}]\n'


@pytest.mark.parametrize(("until", "code"), [("2999-01-01", 0), ("2020-01-01", 1)])
def test_accepted_until_a_day(repository: Repository, until: str, code: int) -> None:
    settings: dict[str, Content] = {"pyproject.toml": ACCEPT.format(until=until)}
    start = repository.commit(START | settings, "Accept")
    repository.commit({path: source for path, source in (START | settings).items() if path != "acme/money.py"}, "Drop money")
    said = ask(repository, "HEAD")
    assert said.code == code
    diff = impact_command("diff", f"{start}..HEAD", at=repository.path, cache=repository.path.parent / "cache")
    assert diff.code == code
    if code:
        assert "accepted until 2020-01-01, and that is over: acme.money (moves next week)" in said.out
        assert "accepted until 2020-01-01, and that is over: acme.money (moves next week)" in diff.out
    else:
        assert "accepted: acme.money, 1 reference: moves next week" in said.out
        assert "accepted until 2999-01-01, not counted: acme.money (moves next week), 1 test file" in diff.out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('accepted = ["acme.money"]', "must be a list of tables"),
        ('accepted = [{ target = "acme.money" }]', "'acme.money' has no reason"),
        ('accepted = [{ reason = "why" }]', "an entry has no target"),
        ('accepted = [{ target = "a", reason = "b", until = "2026-01-01" }]', "until must be a date"),
        ('accepted = [{ target = "a", reason = "b", untl = 2026-01-01 }]', "unknown key 'untl'"),
    ],
)
def test_wrong_entries_are_named(repository: Repository, line: str, message: str) -> None:
    repository.commit(START | {"impact.toml": f"{line}\n"}, "Settings")
    said = ask(repository, "HEAD")
    assert (said.code, said.out) == (2, "")
    assert message in said.err


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema_version": 1}', '{"schema_version": 1, "missing": [1]}', '{"schema_version": 9, "missing": []}'])
def test_what_is_no_baseline(repository: Repository, tmp_path: Path, content: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(content)
    said = ask(repository, "--baseline", str(file))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"impact: --baseline: {file} is")
    assert ask(repository, "--baseline", str(tmp_path / "none.json")).code == 2


def test_bad_usage(repository: Repository) -> None:
    assert ask(repository, "HEAD~1..HEAD").code == 2
    assert "unknown revision 'mian'" in ask(repository, "mian").err
    assert ask(repository, "--output-format", "yaml").code == 2


def test_foreign_text_is_inert(repository: Repository) -> None:
    repository.write(GONE | {"tests/test_x.py": "from acme.orders import total  # \x1b[31m | ` </td>\n"})
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "-m", "| \x1b[2J ` @octocat", environment={"GIT_AUTHOR_NAME": "<b>`|\x07"})
    text, markdown = (ask(repository, "HEAD", "--output-format", name).out for name in ("text", "markdown"))
    assert all(character.isprintable() or character == "\n" for character in text + markdown)
    assert all(row.count("|") == 7 for row in markdown.splitlines() if row.startswith("| `"))
