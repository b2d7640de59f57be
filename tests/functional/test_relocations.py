"""Where a thing went: a table of what was asked for, what the change made of it, and the places that are named, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from impact.analysis import Investigation, investigate
from impact.breaks.preparation import deep_stack
from impact.cache import open_cache
from impact.git import open_repository
from impact.moves.places import settled
from impact.names import RepoPath
from impact.progress import silent
from impact.revisions.ranges import parse_range
from impact.settings import Settings
from support.repositories import Content, draw

BODY = """\
    found = []
    for order in orders:
        if order.open and order.customer in customers:
            found.append(order.number * 2 + offset)
    return sorted(found, key=lambda number: -number)
"""
OTHER = """\
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file if not line.startswith("#")]
    return {name: value for name, _, value in (line.partition("=") for line in lines)}
"""
SUM = f"def total(orders, customers, offset):\n{BODY}"
READ = f"def read(path):\n{OTHER}"
KEPT = "def kept():\n    return 1\n"
TWO = "def gone():\n    return 2\n"
CLASS = "class Name:\n    pass\n"
OTHERS = "class ExprCall:\n    x = 1\nclass ExprName:\n    name: str\n"
TEST = "tests/test_x.py"


@dataclass(frozen=True, slots=True)
class Row:
    """`gone` is asked for as `module:name` by a test; `places` are (name, certainty) pairs, None where it is there still."""

    name: str
    base: dict[str, Content]
    head: dict[str, Content | None]
    gone: str
    places: tuple[tuple[str, str], ...] | None
    single: bool = True
    reasons: tuple[str, ...] = field(default=())


ROWS = (
    # Modules
    Row("renamed", {"acme/a.py": SUM + READ}, {"acme/a.py": None, "acme/b.py": SUM + READ}, "acme.a", (("acme.b", "certain"),)),
    Row("renamed-a-name-of-it", {"acme/a.py": SUM + READ}, {"acme/a.py": None, "acme/b.py": SUM + READ}, "acme.a:read", (("acme.b:read", "certain"),)),
    Row(
        "renamed-without-the-name",
        {"acme/a.py": SUM + READ + "gone = 1\n"},
        {"acme/a.py": None, "acme/b.py": SUM + READ},
        "acme.a:gone",
        (),
    ),
    Row("moved", {"acme/a.py": SUM}, {"acme/a.py": None, "acme/core/__init__.py": "", "acme/core/a.py": SUM}, "acme.a", (("acme.core.a", "certain"),)),
    Row(
        "copied-to-two-places-is-a-tie",
        {"acme/a.py": SUM},
        {"acme/a.py": None, "acme/b.py": SUM, "acme/c.py": SUM},
        "acme.a",
        (("acme.b", "likely"), ("acme.c", "likely")),
        single=False,
    ),
    Row("put-aside", {"acme/a.py": SUM}, {"acme/a.py": None, "backups/a.py": SUM}, "acme.a", (("backups.a", "possible"),)),
    Row(
        "put-aside-and-moved",
        {"acme/a.py": SUM},
        {"acme/a.py": None, "archive/a.py": SUM, "acme/b.py": SUM},
        "acme.a:total",
        (("acme.b:total", "certain"), ("archive.a:total", "possible")),
    ),
    Row(
        "in-company",
        {"acme/a.py": f"{SUM}\n\n{READ}\n\n{READ.replace('read', 'again')}\n\ndef gone(a):\n    return [a for a in range(10) if a]\n"},
        {"acme/a.py": KEPT, "acme/b.py": f"{SUM}\n\n{READ}\n\n{READ.replace('read', 'again')}\n\ndef gone():\n{OTHER}"},
        "acme.a:gone",
        (("acme.b:gone", "certain"),),
    ),
    Row(
        "member-in-its-place",
        {"acme/a.py": "class C:\n    def one(self): ...\n    def gone(self): ...\n", "acme/b.py": "def f(c):\n    c.gone()\n    return c.gone()\n"},
        {"acme/a.py": "class C:\n    def one(self): ...\n    def come(self): ...\n", "acme/b.py": "def f(c):\n    c.come()\n    return c.come()\n"},
        "acme.a:C.gone",
        (("acme.a:C.come", "certain"),),
    ),
    Row(
        "member-that-stands-where-it-stood",
        {"acme/a.py": "class C:\n    def one(self): ...\n    def gone(self): ...\n"},
        {"acme/a.py": "class C:\n    def one(self): ...\n    def come(self): ...\n"},
        "acme.a:C.gone",
        (("acme.a:C.come", "likely"),),
    ),
    Row("kept-aside", {"acme/a.py": SUM}, {"acme/a.py": None, "acme/a.py.backup": SUM}, "acme.a", ()),
    Row(
        "kept-aside-and-moved",
        {"acme/a.py": SUM, "acme/b.py": KEPT},
        {"acme/a.py": None, "acme/a.py.removed": SUM, "acme/b.py": KEPT + SUM},
        "acme.a:total",
        (("acme.b:total", "certain"),),
    ),
    Row(
        "merged-into-another",
        {"acme/a.py": SUM, "acme/b.py": KEPT},
        {"acme/a.py": None, "acme/b.py": KEPT + SUM},
        "acme.a:total",
        (("acme.b:total", "certain"),),
    ),
    Row(
        "split",
        {"acme/a.py": SUM + READ},
        {"acme/a.py": None, "acme/one.py": SUM, "acme/two.py": READ},
        "acme.a:read",
        (("acme.two:read", "certain"),),
    ),
    Row(
        "turned-into-a-package",
        {"acme/a.py": SUM + READ},
        {"acme/a.py": None, "acme/a/__init__.py": "", "acme/a/one.py": SUM, "acme/a/two.py": READ},
        "acme.a:total",
        (("acme.a.one:total", "certain"),),
    ),
    Row(
        "turned-back-into-a-module",
        {"acme/a/__init__.py": "", "acme/a/one.py": SUM, "acme/a/two.py": READ},
        {"acme/a/__init__.py": None, "acme/a/one.py": None, "acme/a/two.py": None, "acme/a.py": SUM + READ},
        "acme.a.two:read",
        (("acme.a:read", "certain"),),
    ),
    Row(
        "renamed-package-of-what-its-modules-define",
        {"acme/core/__init__.py": f"from acme.core.a import total\n{READ}", "acme/core/a.py": SUM},
        {"acme/core/__init__.py": None, "acme/core/a.py": None, "acme/hub/__init__.py": f"from acme.hub.a import total\n{READ}", "acme/hub/a.py": SUM},
        "acme.core:total",
        (("acme.hub:total", "certain"),),
    ),
    # Symbols
    Row(
        "moved-to-a-sibling", {"acme/a.py": KEPT + SUM, "acme/b.py": ""}, {"acme/a.py": KEPT, "acme/b.py": SUM}, "acme.a:total", (("acme.b:total", "certain"),)
    ),
    Row(
        "moved-decorated-documented-typed-and-edited",
        {"acme/a.py": KEPT + SUM, "acme/b.py": ""},
        {"acme/a.py": KEPT, "acme/b.py": f'@cached\ndef total(orders: list, customers, offset=0) -> list:\n    """Add."""\n{BODY.replace("* 2", "* 3")}'},
        "acme.a:total",
        (("acme.b:total", "certain"),),
    ),
    Row(
        "rewritten-under-its-name",
        {"acme/a.py": KEPT + SUM, "acme/b.py": ""},
        {"acme/a.py": KEPT, "acme/b.py": f"def total(path):\n{OTHER}"},
        "acme.a:total",
        (("acme.b:total", "likely"),),
    ),
    Row("renamed-in-place", {"acme/a.py": SUM}, {"acme/a.py": SUM.replace("total", "amount")}, "acme.a:total", (("acme.a:amount", "certain"),)),
    Row(
        "renamed-in-place-and-edited",
        {"acme/a.py": SUM},
        {"acme/a.py": SUM.replace("total", "amount").replace("order.open and ", "")},
        "acme.a:total",
        (("acme.a:amount", "likely"),),
    ),
    Row(
        "too-little-to-be-known-by",
        {"acme/a.py": "def gone():\n    return 2\n" + KEPT},
        {"acme/a.py": KEPT + "def other():\n    return 2\n"},
        "acme.a:gone",
        (),
    ),
    # Renamed where they stand, however short
    Row("short-in-its-place", {"acme/a.py": KEPT + TWO}, {"acme/a.py": KEPT + TWO.replace("gone", "other")}, "acme.a:gone", (("acme.a:other", "likely"),)),
    Row(
        "constant-in-its-place",
        {"acme/a.py": f"A = 1\nGONE = 5\n{KEPT}"},
        {"acme/a.py": f"A = 1\nLIMIT = 5\n{KEPT}"},
        "acme.a:GONE",
        (("acme.a:LIMIT", "likely"),),
    ),
    Row("another-constant-in-its-place", {"acme/a.py": f"GONE = 5\n{KEPT}"}, {"acme/a.py": f"LIMIT = 6\n{KEPT}"}, "acme.a:GONE", ()),
    Row("another-body-in-its-place", {"acme/a.py": KEPT + TWO}, {"acme/a.py": f"{KEPT}def other():\n    return kept\n"}, "acme.a:gone", ()),
    Row("another-kind-in-its-place", {"acme/a.py": f"class Gone:\n    x = 1\n{KEPT}"}, {"acme/a.py": f"def other():\n    x = 1\n{KEPT}"}, "acme.a:Gone", ()),
    Row(
        "two-in-the-place-of-one",
        {"acme/a.py": KEPT + TWO},
        {"acme/a.py": KEPT + TWO.replace("gone", "one") + TWO.replace("gone", "other")},
        "acme.a:gone",
        (),
    ),
    Row(
        "one-in-the-place-of-two",
        {"acme/a.py": KEPT + TWO + TWO.replace("gone", "gone_too")},
        {"acme/a.py": KEPT + TWO.replace("gone", "other")},
        "acme.a:gone",
        (),
    ),
    Row(
        "written-instead-by-an-importer",
        {"acme/a.py": KEPT + CLASS, "acme/user.py": "from acme.a import Name, kept\n\nx = Name(kept())\n"},
        {"acme/a.py": OTHERS + KEPT, "acme/user.py": "from acme.a import ExprName, kept\n\nx = ExprName(kept())\n"},
        "acme.a:Name",
        (("acme.a:ExprName", "certain"),),
        reasons=("in-place",),
    ),
    Row(
        "written-instead-in-the-module-alone",
        {"acme/a.py": f"{CLASS}{KEPT}x = [Name]\ndef f():\n    return Name()\n"},
        {"acme/a.py": f"{OTHERS}{KEPT}x = [ExprName]\ndef f():\n        return  ExprName()\n"},
        "acme.a:Name",
        (("acme.a:ExprName", "likely"),),
    ),
    Row(
        "several-written-instead",
        {"acme/a.py": CLASS, "acme/user.py": "from acme.a import Name\n\nx = Name(1)\ny = [Name]\nz = Name.of\n"},
        {"acme/a.py": OTHERS, "acme/user.py": "from acme.a import ExprCall, ExprName\n\nx = ExprName(1)\ny = [ExprCall]\nz = ExprName.of\n"},
        "acme.a:Name",
        (),
    ),
    Row(
        "an-importer-likes-another-new-thing",
        {"acme/a.py": KEPT + CLASS, "acme/user.py": "from acme.a import Name\n\nx = Name(1)\n"},
        {"acme/a.py": OTHERS + KEPT, "acme/user.py": "from acme.a import ExprCall\n\nx = ExprCall('f', [])\n"},
        "acme.a:Name",
        (),
    ),
    Row("another-body-under-another-name", {"acme/a.py": SUM}, {"acme/a.py": READ}, "acme.a:total", ()),
    Row(
        "renamed-and-moved",
        {"acme/a.py": KEPT + SUM, "acme/b.py": ""},
        {"acme/a.py": KEPT, "acme/b.py": SUM.replace("total", "amount")},
        "acme.a:total",
        (("acme.b:amount", "certain"),),
    ),
    Row(
        "two-of-the-same-name-are-a-tie",
        {"acme/a.py": KEPT + SUM, "acme/b.py": "", "acme/c.py": ""},
        {"acme/a.py": KEPT, "acme/b.py": SUM, "acme/c.py": SUM},
        "acme.a:total",
        (("acme.b:total", "likely"), ("acme.c:total", "likely")),
        single=False,
    ),
    Row(
        "two-of-the-same-name-and-the-change-itself-leads-to-one",
        {"acme/a.py": KEPT + SUM, "acme/b.py": "", "acme/c.py": "", "acme/user.py": "from acme.a import total\n"},
        {"acme/a.py": KEPT, "acme/b.py": SUM, "acme/c.py": SUM, "acme/user.py": "from acme.c import total\n"},
        "acme.a:total",
        (("acme.c:total", "certain"), ("acme.b:total", "likely")),
        reasons=("rewritten", "definition"),
    ),
    Row(
        "a-re-export-dropped",
        {"acme/a.py": f"from acme.b import total\n{KEPT}", "acme/b.py": SUM},
        {"acme/a.py": KEPT},
        "acme.a:total",
        (("acme.b:total", "certain"),),
        reasons=("through",),
    ),
    Row(
        "a-re-export-dropped-of-what-moved",
        {"acme/a.py": f"from acme.b import total\n{KEPT}", "acme/b.py": SUM + KEPT},
        {"acme/a.py": KEPT, "acme/b.py": KEPT, "acme/c.py": SUM},
        "acme.a:total",
        (("acme.c:total", "certain"),),
        reasons=("through", "definition"),
    ),
    Row(
        "a-re-export-dropped-of-what-is-not-ours",
        {"acme/a.py": f"from functools import partial\n{KEPT}"},
        {"acme/a.py": KEPT},
        "acme.a:partial",
        (("functools:partial", "certain"),),
    ),
    Row("moved-and-imported-back", {"acme/a.py": SUM, "acme/b.py": ""}, {"acme/a.py": "from acme.b import total\n", "acme/b.py": SUM}, "acme.a:total", None),
    Row("served-by-the-module", {"acme/a.py": SUM}, {"acme/a.py": "def __getattr__(name):\n    return {'total': 1}[name]\n"}, "acme.a:total", None),
    Row(
        "a-test-has-its-own",
        {"acme/a.py": KEPT + SUM},
        {"acme/a.py": KEPT, "tests/test_y.py": SUM},
        "acme.a:total",
        (("test_y:total", "possible"),),
    ),
    Row(
        "a-twin-was-there-already",
        {"acme/a.py": KEPT + SUM, "acme/b.py": SUM, "acme/user.py": "from acme.b import total\n"},
        {"acme/a.py": KEPT},
        "acme.a:total",
        (("acme.b:total", "likely"),),
    ),
    Row(
        "a-namesake-was-there-already",
        {"acme/a.py": KEPT + SUM, "acme/b.py": f"def total(path):\n{OTHER}", "acme/user.py": "from acme.b import total\n"},
        {"acme/a.py": KEPT},
        "acme.a:total",
        (("acme.b:total", "possible"),),
    ),
    Row(
        "method-renamed",
        {"acme/a.py": f"class Box:\n    def total(self, orders, customers, offset):\n{BODY.replace('    ', '        ')}"},
        {"acme/a.py": f"class Box:\n    def amount(self, orders, customers, offset):\n{BODY.replace('    ', '        ')}"},
        "acme.a:Box.total",
        (("acme.a:Box.amount", "certain"),),
    ),
    # What never was there
    Row(
        "born-broken-and-others-know-better",
        {"acme/a.py": KEPT, "acme/b.py": SUM, "acme/user.py": "from acme.b import total\n"},
        {"acme/a.py": KEPT + "x = 1\n"},
        "acme.a:total",
        (("acme.b:total", "likely"),),
    ),
    Row("born-broken-and-nobody-knows", {"acme/a.py": KEPT}, {"acme/a.py": KEPT + "x = 1\n"}, "acme.a:total", ()),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_where_it_went(row: Row, tmp_path: Path) -> None:
    module, _, name = row.gone.partition(":")
    user: Content = f"from {module} import {name.partition('.')[0]}\n" if name else f"import {module}\n"
    base: dict[str, Content] = {"acme/__init__.py": "", TEST: user if "born" not in row.name else "", **row.base}
    merged: dict[str, Content | None] = {**base, TEST: user, **row.head}
    head: dict[str, Content] = {path: content for path, content in merged.items() if content is not None}
    with deep_stack():
        found = _investigate(draw(tmp_path, base=base, head=head).path)
        places = found.relocations.find(module, name, RepoPath(TEST))
    if row.places is None:
        assert places is None
        return
    assert places is not None
    assert [(place.name, place.certainty.value) for place in places] == list(row.places)
    assert (settled(places) is not None) == (row.single and bool(row.places))
    assert all(place.reasons for place in places)
    if row.reasons:
        assert {reason.kind for place in places for reason in place.reasons} == set(row.reasons)


def _investigate(path: Path) -> Investigation:
    repository = open_repository(path)
    with open_cache(enabled=False) as cache:
        return investigate(repository, repository.resolve(parse_range("base..head")), Settings(), cache, silent)


def test_of_many_namesakes_those_are_compared_that_most_import(tmp_path: Path) -> None:
    """A name that stands in ninety modules: the one that has the body counts where two files import it, however many others come before it."""
    short = "def total():\n    return {}\n"
    many: dict[str, Content] = {f"other/m{number:02}.py": short.format(number) for number in range(90)}
    users: dict[str, Content] = {f"users/u{number:02}.py": f"from other.m{number:02} import total\n" for number in range(90)}
    used_twice: dict[str, Content] = {"other/z.py": SUM, "users/one.py": "from other.z import total\n", "users/two.py": "from other.z import total\n"}
    base: dict[str, Content] = {"other/__init__.py": "", "acme.py": SUM, TEST: "from acme import total\n", **many, **users, **used_twice}
    with deep_stack():
        found = _investigate(draw(tmp_path, base=base, head={**base, "acme.py": KEPT}).path)
        places = found.relocations.find("acme", "total", RepoPath(TEST)) or ()
    assert places[0].name == "other.z:total"
    assert 1 < len(places) < 90
