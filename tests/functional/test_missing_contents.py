"""A content that the object store lacks at one end of a change: said, at risk, and never a break that may not be one."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.commands import Said, impact_command
from support.repositories import Content, Repository, draw

TEST = "def test_it():\n    pass\n"
A_TEST = {"tests/test_a.py": "from acme.a import f\n" + TEST}
EMPTY: dict[str, Content] = {"acme/__init__.py": ""}
NOT_READ = "{} changed, and could not be read at both ends"


def said_without(tmp_path: Path, base: dict[str, Content], head: dict[str, Content], lost: str) -> Said:
    repository = draw(tmp_path, base=base, head=head)
    lose(repository, lost)
    return impact_command("diff", "base..head", "--output-format", "json", at=repository.path, cache=tmp_path / "cache")


def lose(repository: Repository, name: str) -> None:
    blob = repository.git("rev-parse", name)
    (repository.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


# What changes, one end of it that is not here, and what is said of the one test file; `None`: nothing breaks, and nothing can.
ROWS: list[tuple[str, dict[str, Content], dict[str, Content], str, str | None]] = [
    ("a name went", {"acme/a.py": "def f(): pass\n"}, {"acme/a.py": "def g(): pass\n"}, "base:acme/a.py", "at-risk"),
    ("a name went", {"acme/a.py": "def f(): pass\n"}, {"acme/a.py": "def g(): pass\n"}, "head:acme/a.py", "at-risk"),
    ("nothing went", {"acme/a.py": "def f(): pass\n"}, {"acme/a.py": "def f(): return 1\n"}, "base:acme/a.py", "at-risk"),
    ("nothing went", {"acme/a.py": "def f(): pass\n"}, {"acme/a.py": "def f(): return 1\n"}, "head:acme/a.py", "at-risk"),
    ("it never was there", {"acme/a.py": "x = 1\n"}, {"acme/a.py": "x = 2\n"}, "base:acme/a.py", "at-risk"),
    ("a file that nobody imports", {"acme/a.py": "f = 1\n", "acme/b.py": "x = 1\n"}, {"acme/a.py": "f = 1\n", "acme/b.py": "x = 2\n"}, "base:acme/b.py", None),
    ("a deletion needs no content", {"acme/a.py": "def f(): pass\n"}, {}, "base:acme/a.py", "collection-error"),
    ("the test, broken before", {"tests/test_a.py": "import acme.no\n" + TEST}, {"tests/test_a.py": "import acme.no\n#\n" + TEST}, "base:tests/test_a.py",
     "at-risk"),
    ("the test, broken late before", {"tests/test_a.py": "def test_a():\n    import acme.no\n"}, {"tests/test_a.py": "def test_a():\n    import acme.no\n#\n"},
     "base:tests/test_a.py", "at-risk"),
    ("the test, and what it needs went", {"acme/a.py": "f = 1\n"}, {"tests/test_a.py": "from acme.a import f\n#\n" + TEST}, "base:tests/test_a.py",
     "collection-error"),
    ("a helper, broken before", {"acme/a.py": "import acme.no\n"}, {"acme/a.py": "import acme.no\n#\n"}, "base:acme/a.py", "at-risk"),
    ("a helper that leads on", {"acme/a.py": "from acme.b import f\n", "acme/b.py": "import acme.no\nf = 1\n"},
     {"acme/a.py": "from acme.b import f\n#\n", "acme/b.py": "import acme.no\nf = 2\n"}, "base:acme/a.py", "at-risk"),
    ("a helper that leads to what went", {"acme/a.py": "from acme.b import f\n", "acme/b.py": "f = 1\n"}, {"acme/a.py": "from acme.b import f\n#\n"},
     "base:acme/a.py", "collection-error"),
    ("a helper under another name", {"acme/a.py": "import acme.no\n", "tests/test_a.py": "import acme.a\n" + TEST},
     {"acme/b.py": "import acme.no\n#\n", "tests/test_a.py": "import acme.b\n" + TEST}, "base:acme/a.py", "at-risk"),
    ("it did not parse before", {"acme/a.py": "def f(:\n"}, {"acme/a.py": "def f(:\n#\n"}, "base:acme/a.py", "at-risk"),
    ("what runs before the tests", {"acme/a.py": "f = 1\n", "conftest.py": "import pytest\n"}, {"acme/a.py": "f = 1\n", "conftest.py": "import pytest\n#\n"},
     "base:conftest.py", "at-risk"),
    ("settings", {"pytest.ini": "[pytest]\npythonpath = src\n", "src/a.py": "f = 1\n", "tests/test_a.py": "from a import f\n" + TEST},
     {"pytest.ini": "[pytest]\npythonpath = src\n#\n", "src/a.py": "f = 1\n", "tests/test_a.py": "from a import f\n" + TEST}, "head:pytest.ini", "at-risk"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "head", "lost", "verdict"), [row[1:] for row in ROWS], ids=[f"{row[0]}: {row[3]}" for row in ROWS])
def test_one_content_missing(tmp_path: Path, base: dict[str, Content], head: dict[str, Content], lost: str, verdict: str | None) -> None:
    said = said_without(tmp_path, EMPTY | A_TEST | base, EMPTY | A_TEST | head, lost)
    assert said.verdicts == ({} if verdict is None else {"tests/test_a.py": verdict})
    assert said.code == (verdict == "collection-error")
    path = lost.partition(":")[2]
    if path in head:
        assert path in [one["path"] for one in said.report["skipped"]]


def test_what_is_not_known_is_said_with_the_way_there(tmp_path: Path) -> None:
    base: dict[str, Content] = EMPTY | {"acme/a.py": "x = 1\n", "acme/b.py": "import acme.a\n", "tests/test_b.py": "import acme.b\n" + TEST}
    said = said_without(tmp_path, base, base | {"acme/a.py": "x = 2\n"}, "base:acme/a.py")
    (test,) = said.report["tests"]
    assert (test["verdict"], test["exception"]) == ("at-risk", NOT_READ.format("acme/a.py"))
    assert [link["path"] for link in test["chain"]] == ["tests/test_b.py", "acme/b.py", "acme/a.py"]
    text = impact_command("diff", "base..head", at=tmp_path / "repository", cache=tmp_path / "cache").out
    assert text.startswith("1 test file is at risk\n")
    assert f"  may break: {NOT_READ.format('acme/a.py')}\n" in text
