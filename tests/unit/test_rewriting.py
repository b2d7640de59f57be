"""Every other byte stays: sources drawn at random, with a module renamed in them, and patches drawn at random, applied by Git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impact.diffs import transplant, write_patch
from impact.moves.places import Place
from impact.moves.remedies import FileRemedies
from impact.names import RepoPath
from impact.report import Certainty, Evidence
from impact.rewriting import rewrite
from support.repositories import create


class Renamed:
    """`acme.a` is `acme.b` now, with all that it has."""

    def find(self, module: str, name: str, importer: RepoPath) -> tuple[Place, ...] | None:
        if module == "acme" and name == "a":
            module, name = "acme.a", ""
        if module != "acme.a":
            return None
        reason = Evidence("similarity", f"for {importer}")
        return (Place(f"acme.b:{name}" if name else "acme.b", RepoPath("acme/b.py"), Certainty.CERTAIN, 100, (reason,)),)

    def name_for(self, place: Place, target: str, importer: RepoPath) -> str:
        assert target
        assert importer
        return place.name

    def knows(self, module: str, importer: RepoPath) -> bool:
        assert importer
        return module in ("acme", "acme.a")

    def gone(self, module: str, importer: RepoPath) -> bool:
        assert importer
        return module == "acme.a"

    def bound_at_base(self, module: str, importer: RepoPath) -> frozenset[str]:
        assert importer
        assert module == "acme.a"
        return frozenset({"x"})


NAMING = (
    "import acme.a",
    "import  acme.a  as  m  # m",
    "import os, acme.a as m, sys ;  x = m.x",
    "from acme.a import x",
    "from acme.a import (x,\n    y as z,  # z\n\n  # why\n    )",
    "from acme.a import x, \\\n    y",
    "from acme.a import *",
    "acme.a.x(1 , 2)",
    "print( acme.a.x.y [ 3 ] )",
    'patch("acme.a.x")',
    "patch('acme.a')",
    "def f(acme):\n\n\tfrom acme.a import x ;pass",
    "class C(acme.a.X, object) :\n  y = (acme.a.y)\n",
    "if  1 : from acme.a import x ; y=1",
)
NOISE = (
    "",
    "# acme",
    "x = 1   ",
    "s = '''\n acme a\n'''",
    "def g( a,b ):\n        return {a :b}",
    "@ deco\ndef h () : pass",
    "é = 'ü'",
    "from . import a",
)

_sources = st.builds(
    lambda lines, ending, mark, last: (mark + ending.join("\n".join(["import acme.a", *lines]).split("\n")) + (ending if last else "")).encode(),
    st.lists(st.sampled_from(NAMING + NOISE), max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
    st.booleans(),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_sources)
def test_a_renamed_module_is_renamed_and_nothing_else(source: bytes) -> None:
    remedies = FileRemedies(RepoPath("tests/test_x.py"), "tests", Renamed(), Certainty.CERTAIN, strings=("acme.a",))
    assert rewrite(source, remedies) == source.replace(b"acme.a", b"acme.b")


@pytest.mark.parametrize(
    "source", [b"def (:\n", b"import a\rimport acme.a\r", b"import acme.a\n\x0c\n\x0c", b"# -*- coding: nonsense -*-\n", b"x = '\xff'\n", b"a\0"]
)
def test_what_would_not_survive_is_refused(source: bytes) -> None:
    remedies = FileRemedies(RepoPath("tests/test_x.py"), "tests", Renamed(), Certainty.CERTAIN)
    with pytest.raises(ValueError, match=r"parse|survive"):
        rewrite(source, remedies)


_lines = st.lists(st.sampled_from([b"a\n", b"b\r\n", b"c \n", b"\n", b"\xff\n", b"-x\n", b"+\t\n", b"e"]), max_size=30).map(b"".join)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(old=_lines.filter(bool), new=_lines, name=st.sampled_from(["x.py", "a b/x y.py", 'é"\\t.py', "d/tab\t.py"]))
def test_git_applies_what_is_written(old: bytes, new: bytes, name: str, tmp_path: Path) -> None:
    place = create(tmp_path / "repository").path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(old)
    patch = write_patch(name, old, new) if old != new else b""
    if patch:
        done = subprocess.run(["git", "-C", str(tmp_path / "repository"), "apply", "--whitespace=nowarn"], input=patch, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    assert place.read_bytes() == new


@given(_lines, _lines)
def test_what_is_held_with_other_line_endings_keeps_them(old: bytes, new: bytes) -> None:
    old, new = old.replace(b"\r\n", b"\n"), new.replace(b"\r\n", b"\n")
    held = old.replace(b"\n", b"\r\n")
    if b"\n" in old:
        assert transplant(old, new, held) == new.replace(b"\n", b"\r\n")
