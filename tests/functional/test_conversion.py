"""Files under attributes: the working tree is compared as Git would store it, and no command of a filter is run for that."""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING

import pytest

from impact.git import open_repository
from impact.revisions.ranges import parse_range
from support.commands import Said, impact_command
from support.repositories import Content, create

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from functional.conftest import GitRepo

TEXT = 'a = 1  # é $Id: x y$ $Id$\r\nb = "$Id: \n$"\r\n'
ATTRIBUTES = (
    "", "text", "-text", "text=auto", "text=input", "crlf", "-crlf", "crlf=input", "eol=lf", "eol=crlf", "text=auto eol=lf", "text=auto eol=crlf",
    "text eol=crlf", "-text eol=lf", "ident", "text ident", "text=auto ident", "binary", "working-tree-encoding=latin-1 text",
    "working-tree-encoding=UTF-8", "filter=not-configured ident text",
)  # fmt: skip
CONTENTS = (
    b"", b"a=1\n", b"a=1\r\n", b"a=1\r\nb=2\n", b"a=1\rb\r\n", b"\0a\r\n", b"\x01\x01\x01a\r\n", b"\x01" + b"a" * 127 + b"\r\n", b"\x01" + b"a" * 128 + b"\r\n",
    b"a" * 100 + b"\r\n\x1a", b"\x1a\r\n", b"$Id: foo$\n", b"$Id$ $Id: \n$ $Id:x$\r\n", b"$Id: $Id: a$ b$", b"\xe9\r\n", TEXT.encode(), TEXT.encode("latin-1"),
    b"\x7f\x0b" * 4 + b"a" * 300 + b"\r\n", b"x" * 9000 + b"\0\r\n",
)  # fmt: skip
WIDE = ("UTF-16", "UTF-16LE", "UTF-16LE-BOM", "UTF-32")


@pytest.mark.parametrize("stored", [None, b"q=1\n", b"q=1\r\n", b"q=1\r\nz\r"], ids=["new", "LF stored", "CRLF stored", "odd CR stored"])
@pytest.mark.parametrize("autocrlf", ["false", "true", "input"])
def test_what_is_on_disk_has_the_id_that_git_add_gives_it(git_repo: GitRepo, autocrlf: str, stored: bytes | None) -> None:
    files: dict[str, str | bytes] = {f"d{one}/f{other}.py": CONTENTS[other] for one, other in product(range(len(ATTRIBUTES)), range(len(CONTENTS)))}
    files |= {f"{one}/{other.replace('-', '_')}.py": TEXT.encode(other) for one, other in product(WIDE, ("utf-16", "utf-16-le", "utf-32"))}
    rows = [f"d{number}/* {attributes}" for number, attributes in enumerate(ATTRIBUTES)] + [f"{name}/* working-tree-encoding={name} text" for name in WIDE]
    git_repo.write({".gitattributes": "\n".join(rows) + "\n"})
    git_repo.git("config", "core.safecrlf", "false")
    if stored is not None:
        git_repo.git("config", "core.autocrlf", "false")
        git_repo.write({"stored": stored})
        blob = git_repo.git("hash-object", "-w", "--no-filters", "stored")
        git_repo.git("update-index", "--add", *(part for path in files for part in ("--cacheinfo", f"100644,{blob},{path}")))
        (git_repo.path / "stored").unlink()
    git_repo.git("config", "core.autocrlf", autocrlf)
    git_repo.git("commit", "-q", "--allow-empty", "-m", "Begin")
    git_repo.write(files)
    ours = {str(path): blob.hex() for path, blob in git_repo.resolve("HEAD").head.files.items()}
    refused: set[str] = set()
    git_repo.git("add", ".gitattributes", *(f"d{number}" for number in range(len(ATTRIBUTES))))
    for path in files:
        if not path.startswith("d"):
            try:
                git_repo.git("add", path)
            except AssertionError:
                refused.add(path)  # not of its encoding: Git will not store that
    staged = {path: entry.split()[1] for entry, _, path in (line.partition("\t") for line in git_repo.git("ls-files", "-s").split("\n"))}
    assert len(refused) < 2 * len(WIDE)
    assert {path: ours[path] for path in files.keys() - refused} == {path: staged[path] for path in files.keys() - refused}


# --- Filter drivers.

BASE: dict[str, Content] = {
    ".gitattributes": "*.py filter=shout\n*.bin filter=shout\n",
    "acme/__init__.py": "",
    "acme/orders.py": "def total():\n    return 1\n\n\ndef other():\n    return 2\n",
    "data.bin": "data\n",
    "tests/test_orders.py": "from acme.orders import total\n\n\ndef test_total():\n    assert total()\n",
}


class Filtered:
    """A repository whose `*.py` go through a filter that strips lines, and notes that it ran."""

    def __init__(self, path: Path) -> None:
        self.repository = create(path / "repository")
        self.ran = path / "ran"
        self.cache = path / "cache"
        for step, command in (("clean", "sed /SECRET/d"), ("smudge", "sed '1i # SECRET'")):
            script = path / step
            script.write_text(f"#!/bin/sh\ntouch '{self.ran}'\nexec {command}\n")
            script.chmod(0o755)
            self.repository.git("config", f"filter.shout.{step}", str(script))
        self.repository.commit(BASE, "Begin")
        for name in BASE:
            (self.repository.path / name).unlink()
        self.repository.git("checkout", "-q", "--", ".")
        assert "SECRET" in (self.repository.path / "acme/orders.py").read_text()
        self.ran.unlink()

    def diff(self, *arguments: str) -> Said:
        said = impact_command("diff", *arguments, "--output-format", "json", "--affected", at=self.repository.path, cache=self.cache)
        assert not self.ran.exists()
        return said


@pytest.fixture
def filtered(tmp_path: Path) -> Filtered:
    return Filtered(tmp_path)


def _as_it_is(_: Filtered) -> None:
    """Just checked out: the times in the index are those of the files, and hardly older than the index itself."""


def _looked_at(filtered: Filtered) -> None:
    os.utime(filtered.repository.path / "acme/orders.py", (1, 1))
    assert filtered.repository.git("status", "--porcelain") == ""
    filtered.ran.unlink()


def _as_stored(filtered: Filtered) -> None:
    """Without the line that the filter strips there is nothing left to do for it."""
    (filtered.repository.path / "acme/orders.py").write_text(str(BASE["acme/orders.py"]))


@pytest.mark.parametrize("prepare", [_as_it_is, _looked_at, _as_stored])
def test_nothing_is_changed_where_git_status_is_clean(filtered: Filtered, prepare: Callable[[Filtered], None]) -> None:
    prepare(filtered)
    said = filtered.diff("HEAD")
    assert (said.code, said.verdicts, said.report["skipped"]) == (0, {}, [])


def test_what_only_the_filter_could_tell_is_said_and_breaks_nothing(filtered: Filtered) -> None:
    for name in ("acme/orders.py", "data.bin"):
        os.utime(filtered.repository.path / name, (1, 1))
    said = filtered.diff("HEAD")
    assert (said.code, said.verdicts) == (0, {"tests/test_orders.py": "affected"})
    assert said.report["skipped"] == [{"path": "acme/orders.py", "reason": "its filter is not run: taken as it is on disk"}]
    assert filtered.repository.git("status", "--porcelain") == ""


def test_what_hangs_on_a_filtered_file_is_at_risk_alone(filtered: Filtered) -> None:
    (filtered.repository.path / "acme/orders.py").write_text("# SECRET\ndef other():\n    return 2\n")
    assert filtered.diff("HEAD").verdicts == {"tests/test_orders.py": "at-risk"}
    filtered.repository.git("add", "acme/orders.py")
    filtered.ran.unlink()
    assert filtered.diff("--staged").verdicts == {"tests/test_orders.py": "collection-error"}
    assert filtered.diff("HEAD").verdicts == {"tests/test_orders.py": "collection-error"}


def test_a_driver_that_is_not_configured_does_nothing(filtered: Filtered) -> None:
    filtered.repository.git("config", "--remove-section", "filter.shout")
    (filtered.repository.path / "acme/orders.py").write_text("def other():\n    return 2\n")
    assert filtered.diff("HEAD").verdicts == {"tests/test_orders.py": "collection-error"}


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n"


@pytest.mark.parametrize("stand_in", [POINTER, "\0GITCRYPT\0{}"], ids=["Git LFS", "git-crypt"])
def test_what_is_stored_in_place_of_the_content_is_not_taken_for_it(tmp_path: Path, stand_in: str) -> None:
    repository = create(tmp_path / "repository")
    kept = BASE | {".gitattributes": "acme/data.py filter=lfs\n", "tests/test_data.py": "import acme.data\n\n\ndef test_it():\n    pass\n"}
    repository.commit(BASE | {".gitattributes": ""}, "Begin")
    repository.commit(kept | {"acme/data.py": stand_in.format("a" * 64)}, "Keep it elsewhere")
    repository.commit(kept | {"acme/data.py": stand_in.format("b" * 64)}, "Another")
    for revisions in ("HEAD~2..HEAD~1", "HEAD~1..HEAD"):
        said = impact_command("diff", revisions, "--output-format", "json", at=repository.path, cache=tmp_path / "cache")
        assert (said.code, said.verdicts) == (0, {"tests/test_data.py": "at-risk"})
        assert [one["path"] for one in said.report["skipped"]] == ["acme/data.py"]


def test_mode_alone_is_no_change(git_repo: GitRepo) -> None:
    git_repo.commit({"a.py": "a = 1\n"})
    (git_repo.path / "a.py").chmod(0o755)
    repository = open_repository(git_repo.path)
    comparison = repository.resolve(parse_range("HEAD"))
    assert comparison.base.files == comparison.head.files
