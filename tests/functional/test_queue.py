"""`impact diff --queue`: branches one on top of the other, and which two cannot meet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from support.commands import PACKAGE, Said, impact_command
from support.repositories import Content, Repository, create

BASE: dict[str, Content] = {
    "acme/__init__.py": "",
    "acme/orders.py": "def total():\n    return 1\n",
    "acme/money.py": "RATE = 1\n",
    "tests/test_free.py": "def test_free():\n    pass\n",
}
ORDERS = "from acme.orders import total\n\n\ndef test_total():\n    assert total()\n"
BRANCHES: dict[str, dict[str, Content]] = {
    "docs": BASE | {"docs.md": "d\n"},
    "tidy": {path: content for path, content in BASE.items() if path != "acme/orders.py"},
    "uses": BASE | {"tests/test_orders.py": ORDERS},
    "red": BASE | {"tests/test_red.py": "import acme.never\n"},
    "dear": BASE | {"acme/money.py": "RATE = 2\n"},
    "cheap": BASE | {"acme/money.py": "RATE = 0\n"},
    "half": BASE | {"acme/orders.py": "from acme.new import *\n\n\ndef total():\n    return 1\n", "acme/new.py": "x = 1\n"},
}

SCHEMAS = {name: json.loads((PACKAGE / "schema" / f"{name}.schema.json").read_text()) for name in ("queue", "report")}
REPORTS: Registry[Any] = Registry().with_resource(SCHEMAS["report"]["$id"], DRAFT202012.create_resource(SCHEMAS["report"]))
QUEUE = jsonschema.Draft202012Validator(SCHEMAS["queue"], registry=REPORTS)


@dataclass(frozen=True, slots=True)
class Queue:
    repository: Repository
    cache: Path

    def run(self, *arguments: str) -> Said:
        return impact_command("diff", "--queue", *arguments, at=self.repository.path, cache=self.cache)

    def fates(self, *names: str) -> list[tuple[str, bool, bool, list[str]]]:
        document = json.loads(self.run(*names, "--output-format", "json").out)
        QUEUE.validate(document)
        return [(one["name"], one["lands"], one["alone"], one["meets"]) for one in document["queue"]]


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Queue:
    place = tmp_path_factory.mktemp("queue")
    repository = create(place / "repository")
    repository.commit(BASE, "Begin")
    for name, files in BRANCHES.items():
        repository.git("checkout", "-q", "main")
        repository.commit(files, f"Branch {name}", branch=name)
    # A branch on top of another one, and a main that went on.
    repository.git("checkout", "-q", "docs")
    repository.commit(BRANCHES["docs"] | {"more.md": "m\n"}, "More", branch="more")
    repository.git("checkout", "-q", "main")
    repository.commit(BASE | {"main.md": "m\n"}, "Go on")
    return Queue(repository, place / "cache")


ROWS: list[tuple[tuple[str, ...], list[tuple[Any, ...]]]] = [
    (("docs", "tidy"), [("docs", True, False, []), ("tidy", True, False, [])]),
    (("docs", "tidy", "uses"), [("docs", True, False, []), ("tidy", True, False, []), ("uses", False, False, ["tidy"])]),
    (("uses", "docs", "tidy"), [("uses", True, False, []), ("docs", True, False, []), ("tidy", False, False, ["uses"])]),
    (("red", "uses"), [("red", False, True, []), ("uses", True, False, [])]),
    (("tidy", "uses", "docs"), [("tidy", True, False, []), ("uses", False, False, ["tidy"]), ("docs", True, False, [])]),
    (("dear", "docs", "cheap"), [("dear", True, False, []), ("docs", True, False, []), ("cheap", False, False, ["dear"])]),
    (("docs", "more"), [("docs", True, False, []), ("more", True, False, [])]),
    (("more", "docs"), [("more", True, False, []), ("docs", True, False, [])]),
]


@pytest.mark.parametrize(("names", "expected"), ROWS, ids=[" ".join(row[0]) for row in ROWS])
def test_what_becomes_of_each(queue: Queue, names: tuple[str, ...], expected: list[tuple[Any, ...]]) -> None:
    assert queue.fates(*names) == expected


def test_text(queue: Queue) -> None:
    said = queue.run("docs", "tidy", "uses", "cheap", "dear", "red")
    assert (said.code, said.err) == (1, "")
    assert re.sub(r"\b[0-9a-f]{10}\b", "0123456789", said.out) == (
        """\
3 of 6 candidates cannot land on main (0123456789)
  docs (0123456789): lands
  tidy (0123456789): lands
  uses (0123456789): cannot land with tidy: tests break where the two meet
  cheap (0123456789): lands
  dear (0123456789): cannot land with cheap: 1 file in conflict
  red (0123456789): cannot land: it breaks tests alone

uses
1 test file cannot be collected
between main with docs, tidy and its merge with uses (0123456789)
1 test file breaks by the meeting of the two: each side is sound alone

acme.orders  does not exist, and this change names it  (1 test file)
  nothing of this name exists at either end: tests/test_orders.py
  uses (0123456789 Branch uses, tests/test_orders.py:1) names it, main with docs, tidy (0123456789
    Branch tidy, acme/orders.py) took it away
  cannot be collected: ModuleNotFoundError: No module named 'acme.orders'
    tests/test_orders.py:1  from acme.orders import total

dear
No test breaks between main with docs, tidy, cheap and its merge with dear (0123456789).
1 file in conflict, taken from dear: acme/money.py

red
1 test file cannot be collected
between main with docs, tidy, cheap and its merge with red (0123456789)

acme.never  does not exist, and this change names it  (1 test file)
  nothing of this name exists at either end: tests/test_red.py
  cannot be collected: ModuleNotFoundError: No module named 'acme.never'
    tests/test_red.py:1  import acme.never
"""
    )
    assert queue.run("docs", "tidy").out.startswith("2 candidates can land on main (")
    assert queue.run("docs", "-q", "--exit-zero", "red").code == 0


def test_another_base_and_what_fails_is_asked_for(queue: Queue) -> None:
    assert queue.run("--base", "tidy", "uses").code == 1
    assert queue.run("--fail-on", "none", "tidy", "uses").code == 0


@pytest.mark.parametrize(("arguments", "complaint"), [
    ((), "impact: --queue: name the branches, in order: impact diff --queue A B C\n"),
    (("main..docs",), "impact: --queue: 'main..docs' is a range; name branches or commits, and the base with --base\n"),
    (("docs", "docs"), "impact: --queue: a branch stands in the queue twice\n"),
    (("dosc",), "impact: unknown revision 'dosc'\nhint: did you mean docs?\n"),
    (("docs", "--staged"), "impact: --queue: goes with "),
    (("docs", "--output-format", "markdown"), "impact: --queue: output-format: 'markdown' is not one of text, json\n"),
])  # fmt: skip
def test_a_wrong_request(queue: Queue, arguments: tuple[str, ...], complaint: str) -> None:
    said = queue.run(*arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(complaint)


@pytest.mark.parametrize("spoil", [
    lambda document: document["queue"][0].pop("meets"),
    lambda document: document["queue"][0]["report"].pop("tests"),
    lambda document: document["queue"][0].update(alone=True),
    lambda document: document["queue"][1].update(alone=True),
    lambda document: document.update(queue=[]),
    lambda document: document["base"].update(commit="main"),
])  # fmt: skip
def test_the_schema_refuses_another_shape(queue: Queue, spoil: Callable[[Any], object]) -> None:
    document = json.loads(queue.run("tidy", "uses", "--output-format", "json").out)
    QUEUE.validate(document)
    spoil(document)
    assert not QUEUE.is_valid(document)
