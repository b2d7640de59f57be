"""`impact fix --restore` on real repositories: what is gone for good comes back as it was, and pytest agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.commands import Said, impact_command
from support.repositories import Content, Repository, draw
from support.truth import ask

X = "tests/test_x.py"
MONEY = "import decimal\n\nCENT = decimal.Decimal('0.01')\n\n\ndef rounded(value):\n    return value.quantize(CENT)\n\n\ndef kept():\n    return 1\n"
KEPT = "def kept():\n    return 1\n"
TEST = "import decimal\n\nfrom acme.money import kept, rounded\n\n\ndef test_it():\n    assert rounded(decimal.Decimal(1)) == kept()\n"
PURSE = "class Purse:\n    def add(self, coin):\n        return coin\n\n    def total(self):\n        return 2\n"
BASE: dict[str, Content] = {"pytest.ini": "[pytest]\npythonpath = .\n", "acme/__init__.py": "", "acme/money.py": MONEY}

# What base has besides, what head makes of it, and the files that come back as they were.
ROWS: dict[str, tuple[dict[str, Content], dict[str, Content | None], tuple[str, ...]]] = {
    "a-module": ({X: TEST}, {"acme/money.py": None}, ("acme/money.py",)),
    "a-package": (
        {"acme/deep/__init__.py": "", "acme/deep/one.py": KEPT, X: "from acme.deep.one import kept\n\n\ndef test_it():\n    assert kept()\n"},
        {"acme/deep/__init__.py": None, "acme/deep/one.py": None},
        ("acme/deep/__init__.py", "acme/deep/one.py"),
    ),
    "a-function-and-all-that-it-needs": ({X: TEST}, {"acme/money.py": KEPT}, ("acme/money.py",)),
    "a-method": (
        {"acme/purse.py": PURSE, X: "from acme.purse import Purse\n\n\ndef test_it():\n    assert Purse().total() == 2\n"},
        {"acme/purse.py": PURSE[: PURSE.index("\n    def total")]},
        ("acme/purse.py",),
    ),
    "what-is-handed-on": (
        {"acme/api.py": "from acme.money import kept, rounded\n", X: TEST.replace("acme.money", "acme.api")},
        {"acme/api.py": "from acme.money import kept\n", "acme/money.py": KEPT},
        ("acme/money.py",),
    ),
    "a-module-that-needs-another-one": (
        {"acme/coins.py": "from acme.money import rounded\n", X: "from acme.coins import rounded\n\n\ndef test_it():\n    assert rounded\n"},
        {"acme/coins.py": None, "acme/money.py": None},
        ("acme/coins.py", "acme/money.py"),
    ),
    "a-fixture": (
        {"tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef coin():\n    return 1\n", X: "def test_it(coin):\n    assert coin\n"},
        {"tests/conftest.py": ""},
        ("tests/conftest.py",),
    ),
    "a-conftest": (
        {"tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef coin():\n    return 1\n", X: "def test_it(coin):\n    assert coin\n"},
        {"tests/conftest.py": None},
        ("tests/conftest.py",),
    ),
    "what-a-patch-names": (
        {X: "from unittest import mock\n\n\n@mock.patch('acme.money.rounded')\ndef test_it(rounded):\n    assert rounded\n"},
        {"acme/money.py": None},
        ("acme/money.py",),
    ),
}


def _fix(repository: Repository, tmp_path: Path, *arguments: str) -> Said:
    return impact_command("fix", "base..head", "--restore", *arguments, at=repository.path, cache=tmp_path / "cache")


def _drawn(tmp_path: Path, base: dict[str, Content], head: dict[str, Content | None]) -> Repository:
    return draw(tmp_path, base=base, head={path: content for path, content in (base | head).items() if content is not None})


@pytest.mark.parametrize(("base", "head", "back"), ROWS.values(), ids=ROWS)
def test_what_is_gone_for_good_comes_back(base: dict[str, Content], head: dict[str, Content | None], back: tuple[str, ...], tmp_path: Path) -> None:
    repository = _drawn(tmp_path, BASE | base, head)
    assert ask(repository.path).broken == (X,)
    told = impact_command("fix", "base..head", at=repository.path, cache=tmp_path / "cache")
    assert (told.code, told.out) == (1, "")
    assert "; --restore brings it back\n" in told.err
    said = _fix(repository, tmp_path)
    assert said.code == 0, said.err
    repository.git("apply", stdin=said.out.encode())
    for path in back:
        assert (repository.path / path).read_text() == (BASE | base)[path]
    assert not ask(repository.path).broken
    repository.git("add", "--all")
    repository.git("commit", "-qm", "Restore")
    assert impact_command("diff", "base..HEAD", at=repository.path, cache=tmp_path / "cache", environment={"IMPACT_OUTPUT_FORMAT": "json"}).verdicts == {}


def test_what_is_elsewhere_is_rewritten_and_not_doubled(tmp_path: Path) -> None:
    repository = _drawn(
        tmp_path,
        BASE | {X: TEST, "acme/gone.py": KEPT, "tests/test_y.py": "from acme.gone import kept\n\n\ndef test_it():\n    assert kept()\n"},
        {"acme/money.py": None, "acme/cash.py": MONEY, "acme/gone.py": None},
    )
    said = _fix(repository, tmp_path, "--write")
    assert (said.code, said.err) == (0, "mended 2 broken references in 2 files\n")
    assert (repository.path / X).read_text() == TEST.replace("acme.money", "acme.cash")
    assert not (repository.path / "acme/money.py").exists()
    assert (repository.path / "acme/gone.py").read_text() == KEPT
    assert not ask(repository.path).broken


def test_what_cannot_be_put_back_is_said(tmp_path: Path) -> None:
    base = BASE | {"acme/flags.py": "if True:\n    ONE = 1\n    TWO = 2\n", X: "from acme.flags import TWO\n\n\ndef test_it():\n    assert TWO\n"}
    repository = _drawn(tmp_path, base, {"acme/flags.py": "if True:\n    ONE = 1\n"})
    said = _fix(repository, tmp_path)
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith("; what acme/flags.py had cannot be put back by itself\n")


# What base has besides, what head makes of it: what took the place would be hidden, or hide what comes back.
TAKEN: dict[str, tuple[dict[str, Content], dict[str, Content | None]]] = {
    "by-a-package": ({X: TEST}, {"acme/money.py": None, "acme/money/__init__.py": "OTHER = 'all new'\n"}),
    "by-a-folder": ({X: TEST}, {"acme/money.py": None, "acme/money/other.py": "OTHER = 'all new'\n"}),
    "by-a-module": (
        {"acme/deep/__init__.py": "", "acme/deep/one.py": KEPT, X: "from acme.deep.one import kept\n\n\ndef test_it():\n    assert kept()\n"},
        {"acme/deep/__init__.py": None, "acme/deep/one.py": None, "acme/deep.py": "OTHER = 'all new'\n"},
    ),
}


@pytest.mark.parametrize(("base", "head"), TAKEN.values(), ids=TAKEN)
def test_what_has_taken_the_place_stays(base: dict[str, Content], head: dict[str, Content | None], tmp_path: Path) -> None:
    repository = _drawn(tmp_path, BASE | base, head)
    assert ask(repository.path).broken == (X,)
    said = _fix(repository, tmp_path)
    assert (said.code, said.out) == (1, "")
    told = impact_command("fix", "base..head", at=repository.path, cache=tmp_path / "cache")
    assert "--restore" not in told.err


@pytest.mark.parametrize("option", ["--restore", "--shim"])
@pytest.mark.parametrize("inside", [True, False])
def test_nothing_is_put_behind_a_link(option: str, *, inside: bool, tmp_path: Path) -> None:
    sub = {"acme/sub/__init__.py": "", "acme/sub/money.py": MONEY}
    head: dict[str, Content | None] = dict.fromkeys(sub)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if option == "--shim":
        head["acme/cash.py"] = MONEY
    repository = _drawn(tmp_path, BASE | sub | {"acme/money.py": KEPT, "other/x.txt": "x", X: TEST.replace("acme.", "acme.sub.")}, head)
    (repository.path / "acme/sub").symlink_to("../other" if inside else elsewhere)
    repository.git("add", "--all")
    repository.git("commit", "-qm", "A link")
    said = impact_command("fix", "base..head", option, "--write", at=repository.path, cache=tmp_path / "cache")
    assert said.code == 1, said.err
    assert not list(elsewhere.iterdir())
    assert [path.name for path in (repository.path / "other").iterdir()] == ["x.txt"]


def test_a_link_that_git_does_not_know_is_not_written_through(tmp_path: Path) -> None:
    repository = _drawn(
        tmp_path, BASE | {".gitignore": "sub\n", "acme/sub/one.py": KEPT, X: TEST.replace("acme.money", "acme.sub.one")}, {"acme/sub/one.py": None}
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (repository.path / "acme/sub").symlink_to(elsewhere)
    said = _fix(repository, tmp_path, "--write")
    assert (said.code, said.out) == (2, "")
    assert "acme/sub/one.py is reached through a symbolic link" in said.err
    assert not list(elsewhere.iterdir())


def test_a_shim_restores_nothing(tmp_path: Path) -> None:
    repository = _drawn(tmp_path, BASE | {X: TEST}, {"acme/money.py": None})
    said = _fix(repository, tmp_path, "--shim")
    assert (said.code, said.out, said.err) == (2, "", "impact: --restore: --shim leaves what is gone where it is\nhint: choose one of them\n")
