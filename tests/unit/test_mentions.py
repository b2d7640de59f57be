"""Where the mentions of a file lead, in either end."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from impact.mentions import RELATIVE, Edge, Mentions
from impact.modules import Modules
from impact.names import RepoPath
from impact.scan import scan
from support.snapshots import draw_snapshot


def draw(base: Mapping[str, str], head: Mapping[str, str] | None = None) -> Mentions:
    ends = [draw_snapshot(files)[0] for files in (base, base if head is None else head)]
    before, after = (Modules(snapshot, lambda _: (RepoPath(""),)) for snapshot in ends)
    scans = {RepoPath(path): "\n".join(scan(source.encode())) for path, source in (base if head is None else head).items()}
    return Mentions(lambda: scans, (before, after))


TREE = {"p/__init__.py": "", "p/a.py": "", "p/q/__init__.py": "", "p/q/b.py": "", "n/c.py": "", "d.py": "", "e.so": ""}
EDGES: dict[str, dict[str, set[str] | None]] = {
    "import d": {"d.py": None},
    "import p.q.b": {"p/__init__.py": None, "p/q/__init__.py": None, "p/q/b.py": None},
    "import p.absent": {"p/__init__.py": None},
    "import absent.p": {},
    "import n.c": {"n/c.py": None},
    "import e": {"e.so": None},
    "from p import x, y": {"p/__init__.py": {"x", "y"}},
    "from p import a": {"p/__init__.py": {"a"}, "p/a.py": None},
    "from p.q import b as z": {"p/__init__.py": set(), "p/q/__init__.py": {"b"}, "p/q/b.py": None},
    "from n import c": {"n/c.py": None},
    "from p.absent import x": {"p/__init__.py": set()},
    "from d import x\nfrom d import y": {"d.py": {"x", "y"}},
    "from d import x\nimport d": {"d.py": None},
    "patch('p.a.x')": {"p/__init__.py": {"a"}, "p/a.py": {"x"}},
    "x = 'p.a.x'": {},
}


@pytest.mark.parametrize(("source", "expected"), EDGES.items())
def test_edges(source: str, expected: dict[str, set[str] | None]) -> None:
    edges = draw(TREE | {"t.py": source}).edges(RepoPath("t.py"))
    assert edges == tuple(Edge(RepoPath(path), None if names is None else frozenset(names), star=False) for path, names in sorted(expected.items()))


@pytest.mark.parametrize("source", ["from p import *", "from p import x\nfrom p import *", "from p import *\nfrom p import x"])
def test_a_star_takes_every_name(source: str) -> None:
    assert draw(TREE | {"t.py": source}).edges(RepoPath("t.py")) == (Edge(RepoPath("p/__init__.py"), None, star=True),)


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("p/q/t.py", "from . import b", ["p/q/__init__.py", "p/q/b.py"]),
        ("p/q/t.py", "from .b import x", ["p/q/__init__.py", "p/q/b.py"]),
        ("p/q/t.py", "from .. import a", ["p/__init__.py", "p/a.py"]),
        ("p/q/__init__.py", "from .b import x", ["p/q/b.py"]),
        ("n/t.py", "from .c import x", ["n/c.py"]),
        ("t.py", "from . import d", ["d.py"]),
    ],
)
def test_relative_edges(path: str, source: str, expected: list[str]) -> None:
    assert [edge.imported for edge in draw(TREE | {path: source}).edges(RepoPath(path))] == expected


def test_edges_lead_to_what_is_there_in_either_end() -> None:
    mentions = draw({"old.py": ""}, {"new.py": "", "t.py": "import old, new"})
    assert [edge.imported for edge in mentions.edges(RepoPath("t.py"))] == ["new.py", "old.py"]
    assert mentions.edges(RepoPath("absent.py")) == ()


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ({"a.py": ""}, {"a.py": "x"}, False),
        ({"a.py": ""}, {}, True),
        ({}, {"a.py": ""}, False),
        ({"a.py": ""}, {"a/__init__.py": ""}, True),
        ({"a/__init__.py": "", "a/b.py": ""}, {"a/__init__.py": ""}, False),
    ],
)
def test_shifts(base: dict[str, str], head: dict[str, str], expected: bool) -> None:
    test = {"t.py": "import a"}
    assert draw(base | test, head | test).shifts(RepoPath("t.py")) is expected


def test_who_mentions_a_word() -> None:
    mentions = draw({"z.py": "import p.a", "b.py": "from p import q as r", "c.py": "from . import s", "d.py": "p = a"})
    assert mentions.mentioning("p") == ("b.py", "z.py")
    assert mentions.mentioning("a") == ("z.py",)
    assert mentions.mentioning("q") == ("b.py",)
    assert mentions.mentioning("r") == ()
    assert mentions.mentioning(RELATIVE) == ("c.py",)


def test_words_are_found_alike_in_the_scans_and_in_the_index() -> None:
    """The first few words are searched for, the later ones looked up."""
    tree = {f"m{number}.py": f"from a.b{number % 3} import c{number % 5}\nfrom . import d{number}\nimport é{number}" for number in range(40)}
    words = ["a", "b1", "c2", "b", "d7", "d70", "é3", "import", RELATIVE]
    searched = draw(tree)
    looked_up = draw(tree)
    for number in range(40):
        looked_up.mentioning(f"never{number}")
    found = {word: searched.mentioning(word) for word in words}
    assert found == {word: looked_up.mentioning(word) for word in words}
    assert found["b1"] == tuple(sorted(f"m{number}.py" for number in range(1, 40, 3)))
    assert found["b"] == found["d70"] == ()
    assert len(found[RELATIVE]) == 40


BINDING: dict[str, bool] = {
    "import p.q": True,
    "import p.q.b": True,
    "from p import a, q": True,
    "from . import q": True,
    "from p.q import *": True,
    "from . import *": True,
    "patch('p.q')": True,
    "from p.q import b": False,
    "from p.q.b import x": False,
    "from .q import b": False,
    "import p.query": False,
    "import d": False,
}


@pytest.mark.parametrize(("source", "expected"), BINDING.items())
def test_who_may_bind_a_module(source: str, expected: bool) -> None:
    mentions = draw(TREE | {"t.py": source})
    assert ("t.py" in mentions.binding("q")) is expected
    bound = any(edge.imported == "p/q/__init__.py" and edge.names is None for edge in mentions.edges(RepoPath("t.py")))
    assert expected or not bound  # a superset of what does
