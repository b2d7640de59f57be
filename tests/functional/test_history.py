"""`impact history` on real repositories: every kind of event, merges, resurrections, and names that never were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from support.commands import PACKAGE, Said, impact_command
from support.repositories import create

if TYPE_CHECKING:
    from support.repositories import Content, Repository

BODY = """\
def {name}(orders, rate):
    summed = 0
    for order in orders:
        if order.open and not order.cancelled:
            summed += order.price * order.amount
        elif order.refunded:
            summed -= order.price * order.amount
    return round(summed * (1 + rate), 2)
"""
OTHER = """\
def {name}(connection, user):
    rows = connection.execute("select * from orders where user = ?", (user.id,))
    return [row for row in rows if row["state"] != "cancelled"]


class Ledger:
    def book(self, entry):
        self.entries.append(entry)
        self.balance += entry.amount
        return self.balance
"""
TOTAL = BODY.format(name="total")
TEST = "from acme.orders import total\n\n\ndef test_total():\n    assert total([], 0) == 0\n"
START: dict[str, Content] = {"acme/__init__.py": "", "acme/orders.py": TOTAL, "tests/test_orders.py": TEST}
VALIDATOR = jsonschema.Draft202012Validator(json.loads((PACKAGE / "schema" / "history.schema.json").read_text()))


def without(files: dict[str, Content], *paths: str) -> dict[str, Content]:
    return {path: source for path, source in files.items() if path not in paths}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = create(tmp_path / "repository")
    repository.commit({"README": ""}, "Nothing yet")
    repository.commit(START, "Orders (#1)")
    return repository


def ask(repository: Repository, *arguments: str) -> Said:
    return impact_command("history", *arguments, at=repository.path, cache=repository.path.parent / "cache")


def told(repository: Repository, *arguments: str) -> Any:
    said = ask(repository, *arguments, "--output-format", "json")
    assert (said.code, said.err) == (0, "")
    value = json.loads(said.out)
    VALIDATOR.validate(value)
    return value


def events(repository: Repository, *arguments: str) -> list[tuple[str, str, list[str]]]:
    """Each event with the subject of its commit and where the thing went or came from."""
    return [(one["event"], one["commit"]["subject"], [other["name"] for other in one["others"]]) for one in told(repository, *arguments)["events"]]


def test_text(repository: Repository) -> None:
    repository.commit(without(START, "acme/orders.py"), "Drop the orders (#2)")
    said = ask(repository, "acme.orders")
    born, gone = repository.commit_id("HEAD~1")[:10], repository.commit_id("HEAD")[:10]
    assert said == Said(
        0,
        f"""\
acme.orders  module
at HEAD ({gone}): not there

2025-09-14  born
            {born} by A. Author: Orders (#1)
2025-09-14  deleted
            {gone} by A. Author: Drop the orders (#2)
            1 file named it then, 1 test among them

1 file names it at HEAD ({gone}), 1 test among them
  tests/test_orders.py
""",
        "",
    )


def test_json(repository: Repository) -> None:
    value = told(repository, "acme.orders:total")
    commit = {"id": repository.commit_id("HEAD"), "date": "2025-09-14T09:01:00+00:00", "author": "A. Author", "subject": "Orders (#1)", "number": "#1"}
    place = {"name": "acme.orders:total", "path": "acme/orders.py"}
    assert value == {
        "schema_version": 1,
        "tool": {"name": "impact", "version": "0.1.0"},
        "name": "acme.orders:total",
        "kind": "symbol",
        "revision": {"revision": "HEAD", "commit": repository.commit_id("HEAD")},
        "exists": True,
        "places": [place],
        "events": [{"event": "born", "appears": True, "commit": commit, "merge": None, **place, "others": [], "dependents": None}],
        "dependents": {"files": 1, "tests": 1, "paths": ["tests/test_orders.py"]},
        "complete": True,
        "pending": None,
    }


def test_deleted_restored_and_deleted_again(repository: Repository) -> None:
    for subject in ("Out", "In", "Out again"):
        repository.commit(START if subject == "In" else without(START, "acme/orders.py"), subject)
    assert events(repository, "acme.orders") == [("born", "Orders (#1)", []), ("deleted", "Out", []), ("restored", "In", []), ("deleted", "Out again", [])]
    assert events(repository, "acme/orders.py") == events(repository, "acme.orders")
    assert events(repository, "acme.orders", "HEAD~2") == [("born", "Orders (#1)", []), ("deleted", "Out", [])]


def test_renames_are_followed_both_ways(repository: Repository) -> None:
    repository.commit(without(START, "acme/orders.py") | {"acme/sales.py": TOTAL}, "Call it sales")
    repository.commit(without(START, "acme/orders.py") | {"acme/shop/sales.py": TOTAL + "\n\nRATE = 2\n"}, "Move it")
    expected = [("born", "Orders (#1)", []), ("renamed", "Call it sales", ["acme.sales"]), ("moved", "Move it", ["acme.shop.sales"])]
    for name in ("acme.orders", "acme.sales", "acme.shop.sales"):
        assert events(repository, name) == expected
    assert told(repository, "acme.orders")["places"] == [{"name": "acme.shop.sales", "path": "acme/shop/sales.py"}]


def test_a_module_that_became_a_package(repository: Repository) -> None:
    repository.commit(without(START, "acme/orders.py") | {"acme/orders/__init__.py": TOTAL}, "A package")
    assert events(repository, "acme.orders") == [("born", "Orders (#1)", []), ("moved", "A package", ["acme.orders"])]


def test_split_in_three(repository: Repository) -> None:
    parts = {"acme/money.py": TOTAL, "acme/store.py": OTHER.format(name="open_orders"), "acme/post.py": BODY.format(name="postage").replace("price", "weight")}
    whole = START | {"acme/orders.py": "\n\n".join(parts.values())}
    repository.commit(whole, "More")
    repository.commit(without(whole, "acme/orders.py") | {path: f"import os\n\n\n{source}" for path, source in parts.items()}, "Split")
    assert events(repository, "acme.orders")[-1] == ("split", "Split", ["acme.store", "acme.money", "acme.post"])
    assert events(repository, "acme.money") == [("split", "Split", ["acme.orders"])]
    assert events(repository, "acme.orders:postage")[-1] == ("moved", "Split", ["acme.post:postage"])


def test_merged_into_a_file_that_is_there(repository: Repository) -> None:
    money = OTHER.format(name="open_orders")
    repository.commit(START | {"acme/money.py": money}, "Money")
    repository.commit(without(START, "acme/orders.py") | {"acme/money.py": f"{money}\n\n{TOTAL}"}, "One file")
    assert events(repository, "acme.orders")[-1] == ("merged", "One file", ["acme.money"])


def test_a_symbol_that_moved_and_was_renamed(repository: Repository) -> None:
    both = START | {"acme/money.py": "RATE = 2\n"}
    repository.commit(both, "Money")
    repository.commit(both | {"acme/orders.py": "", "acme/money.py": f"RATE = 2\n\n\n{TOTAL}"}, "Move it")
    repository.commit(both | {"acme/orders.py": "", "acme/money.py": f"RATE = 2\n\n\n{BODY.format(name='grand_total')}"}, "Rename it")
    expected = [("born", "Orders (#1)", []), ("moved", "Move it", ["acme.money:total"]), ("renamed", "Rename it", ["acme.money:grand_total"])]
    for name in ("acme.orders:total", "acme.orders.total", "acme.money:total", "acme.money:grand_total"):
        assert events(repository, name) == expected


def test_a_member_of_a_class(repository: Repository) -> None:
    repository.commit(START | {"acme/orders.py": "class Order:\n    def pay(self): ...\n    def send(self): ...\n"}, "A class")
    repository.commit(START | {"acme/orders.py": "class Order:\n    def send(self): ...\n"}, "No pay")
    assert events(repository, "acme.orders:Order.pay") == [("born", "A class", []), ("deleted", "No pay", [])]


def test_a_change_of_the_file_is_no_event_of_its_symbols(repository: Repository) -> None:
    repository.commit(START | {"acme/orders.py": f"import os\n\n{TOTAL}\n\nX = 1\n"}, "Touch it")
    assert events(repository, "acme.orders:total") == [("born", "Orders (#1)", [])]


def test_what_a_side_branch_did_came_by_a_merge(repository: Repository) -> None:
    repository.commit(without(START, "acme/orders.py"), "Out", branch="topic")
    repository.git("checkout", "--quiet", "main")
    repository.commit(START | {"README": "1"}, "Elsewhere")
    repository.merge("topic", "Merge pull request #7 from me/topic")
    value = told(repository, "acme.orders")
    assert [(one["event"], one["merge"] and one["merge"]["number"]) for one in value["events"]] == [("born", None), ("deleted", "#7")]
    assert not value["exists"]
    assert "(#7): Out" in ask(repository, "acme.orders").out


def test_a_merge_that_keeps_what_one_side_deleted(repository: Repository) -> None:
    repository.commit(without(START, "acme/orders.py"), "Out", branch="topic")
    repository.git("checkout", "--quiet", "main")
    repository.commit(START | {"README": "1"}, "Elsewhere")
    repository.git("merge", "--quiet", "--no-ff", "-s", "ours", "-m", "Keep it", "topic")
    assert events(repository, "acme.orders") == [("born", "Orders (#1)", []), ("deleted", "Out", []), ("restored", "Keep it", [])]


def test_a_merge_of_an_older_side_is_no_event(repository: Repository) -> None:
    repository.commit(START | {"README": "1"}, "Aside", branch="topic")
    repository.git("checkout", "--quiet", "main")
    repository.commit(without(START, "acme/orders.py"), "Out")
    repository.merge("topic", "Merge topic")
    assert events(repository, "acme.orders") == [("born", "Orders (#1)", []), ("deleted", "Out", [])]


@pytest.mark.parametrize(
    ("name", "files", "expected"),
    [
        ("acme.orders", {}, None),
        ("acme.orders", {"acme/orders.py": f"{TOTAL}\nX = 1\n"}, None),
        ("acme.orders", {"acme/orders.py": None}, ("deleted", [])),
        ("acme.orders", {"acme/orders.py": None, "acme/sums.py": TOTAL}, ("moved", ["acme.sums"])),
        ("acme.orders:total", {"acme/orders.py": ""}, ("deleted", [])),
        ("acme.orders:total", {"acme/orders.py": "", "acme/sums.py": TOTAL}, ("moved", ["acme.sums:total"])),
        ("acme.orders:total", {"acme/orders.py": None, "acme/sums.py": TOTAL}, ("moved", ["acme.sums:total"])),
    ],
)
def test_what_the_working_tree_did_since(repository: Repository, name: str, files: dict[str, str | None], expected: tuple[str, list[str]] | None) -> None:
    for path, source in files.items():
        if source is None:
            (repository.path / path).unlink()
        else:
            (repository.path / path).write_text(source)
    pending = told(repository, name)["pending"]
    assert (pending and (pending["event"], [other["name"] for other in pending["others"]])) == expected
    assert ("in the working tree, in no commit" in ask(repository, name).out) is (expected is not None)
    assert told(repository, name, "HEAD")["pending"] is None


def test_all_branches(repository: Repository) -> None:
    repository.commit(START | {"acme/late.py": ""}, "Late", branch="topic")
    repository.git("checkout", "--quiet", "main")
    assert ask(repository, "acme.late").code == 2
    assert events(repository, "acme.late", "--all") == [("born", "Late", [])]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("acme.order", "did you mean acme.orders"),
        ("orders", "did you mean acme.orders"),
        ("acme.orders:totl", "did you mean acme.orders:total"),
        ("acme.cart:total", "acme.orders:total"),
        ("acme/order.py", "did you mean acme/orders.py"),
        ("old/orders.py", "did you mean acme/orders.py"),
        ("total", "did you mean acme.orders:total"),
        ("acme.orders.tot", "did you mean acme.orders:total"),
        ("acme.orders:tot", "did you mean acme.orders:total"),
        ("acme.nope.orders:total", "did you mean acme.orders:total"),
    ],
)
def test_names_that_never_were(repository: Repository, name: str, hint: str) -> None:
    said = ask(repository, name)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"impact: nothing is called '{name}', nor was, in the history of HEAD\n")
    assert hint in said.err or (name == "acme.cart:total" and "acme.orders" in said.err)


def test_a_symbol_that_was_always_elsewhere(repository: Repository) -> None:
    repository.commit(START | {"acme/money.py": "RATE = 2\n"}, "Money")
    assert "did you mean acme.orders:total?" in ask(repository, "acme.money:total").err


def test_a_symbol_of_the_past_is_near_too(repository: Repository) -> None:
    repository.commit(START | {"acme/orders.py": "RATE = 2\n"}, "No total")
    assert "did you mean acme.orders:total?" in ask(repository, "acme.orders:totl").err


def test_several_files_of_one_name(repository: Repository) -> None:
    files = {f"{name}/conftest.py": f"def {name}(): ...\n" for name in ("unit", "slow")} | {"unit/test_u.py": "", "slow/test_s.py": ""}
    repository.commit(START | files, "Conftests")
    assert ask(repository, "conftest") == Said(
        2,
        "",
        "impact: 'conftest' is the name of 2 files at HEAD: slow/conftest.py, unit/conftest.py\nhint: name one by its path: impact history slow/conftest.py\n",
    )
    assert events(repository, "slow/conftest.py") == [("born", "Conftests", [])]
    assert events(repository, "conftest:unit") == [("born", "Conftests", [])]
    # One that is left is meant, and so is the package of a package and a module.
    repository.commit(START | {"unit/conftest.py": "", "unit/test_u.py": "", "acme/orders/__init__.py": ""}, "One")
    assert ask(repository, "conftest").code == ask(repository, "acme.orders").code == 0


def test_a_name_below_a_root_of_the_past(repository: Repository) -> None:
    repository.commit({f"python/lib/{path}": source for path, source in START.items()}, "Move all")
    repository.commit({"README": ""}, "Drop all")
    assert events(repository, "acme.orders")[-1][0] == "deleted"


def test_a_shallow_clone_says_so(repository: Repository, tmp_path: Path) -> None:
    repository.commit(START | {"README": "1"}, "More")
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.path}", str(tmp_path / "shallow"))
    said = impact_command("history", "acme.orders", at=tmp_path / "shallow", cache=tmp_path / "cache")
    assert said.code == 0
    assert "does not go back to its beginning" in said.out


def test_bad_usage(repository: Repository) -> None:
    assert ask(repository, "acme.orders", "HEAD~1..HEAD").err == "impact: history looks back from one revision, and 'HEAD~1..HEAD' is a range\n"
    assert "unknown revision 'mian'" in ask(repository, "acme.orders", "mian").err
    assert ask(repository, "acme.orders", "--output-format", "yaml").code == 2


def test_what_commits_say_is_inert(repository: Repository) -> None:
    repository.write(without(START, "acme/orders.py"))
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "-m", "\x1b[31mred\x1b]8;;https://evil.example\x07", environment={"GIT_AUTHOR_NAME": "\x1b[2J"})
    out = ask(repository, "acme.orders").out
    assert "\\x1b[31mred" in out
    assert all(character.isprintable() or character == "\n" for character in out)


def test_nothing_is_written(repository: Repository) -> None:
    def state() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(Path(repository.path).rglob("*")) if path.is_file()}

    before = state()
    ask(repository, "acme.orders", "--all")
    assert state() == before
