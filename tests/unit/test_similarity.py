"""Renames in bulk and at the bounds; the table of ordinary cases runs on real repositories, in `functional/test_snapshots.py`."""

from __future__ import annotations

from hashlib import sha1
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from impact.history import similarity
from impact.history.similarity import find_renames
from impact.names import BlobId, RepoPath


class Store:
    """Contents by blob id, and how often each was read."""

    def __init__(self) -> None:
        self.contents: dict[BlobId, bytes] = {}
        self.reads = 0

    def add(self, files: dict[str, bytes]) -> dict[RepoPath, BlobId]:
        ids = {path: BlobId(sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).digest()) for path, content in files.items()}
        self.contents |= {ids[path]: content for path, content in files.items()}
        return {RepoPath(path): blob for path, blob in ids.items()}

    def read(self, blob: BlobId) -> bytes | None:
        self.reads += 1
        return self.contents[blob]


HEADER = b"# A licence that stands in every file.\n" * 5 + b"import os\n\n\n"


def _module(number: int, *, edited: bool = False) -> bytes:
    lines = [f"def function_{number}_{index}(value):\n    return value + {number * index}\n" for index in range(20)]
    if edited:
        lines[3] = "EDITED = True\n"
    return HEADER + "\n".join(lines).encode()


def test_a_thousand_edited_modules_are_followed_each_read_once() -> None:
    store = Store()
    order = list(range(1_000))
    Random(7).shuffle(order)
    base = store.add({f"old/m{number}.py": _module(number) for number in range(1_000)})
    head = store.add({f"new/n{place}.py": _module(number, edited=True) for place, number in enumerate(order)})
    renames = find_renames(base, head, store.read)
    assert {(rename.old, rename.new) for rename in renames} == {(f"old/m{number}.py", f"new/n{place}.py") for place, number in enumerate(order)}
    assert list(renames) == sorted(renames, key=lambda rename: rename.old)
    assert store.reads == 2_000


def test_modules_of_one_template_are_followed_by_name() -> None:
    store = Store()
    numbers = range(similarity._COMMON + 10)
    base = store.add({f"old/m{number}.py": HEADER + b"N = %d\n" % number for number in numbers})
    head = store.add({f"new/m{number}.py": HEADER + b"N = -%d\n" % number for number in numbers})
    assert {(rename.old, rename.new) for rename in find_renames(base, head, store.read)} == {(f"old/m{number}.py", f"new/m{number}.py") for number in numbers}


def test_beyond_the_limit_only_equal_contents_are_followed() -> None:
    store = Store()
    numbers = range(similarity._LIMIT + 1)
    base = store.add({f"old/m{number}.py": b"n = %d\nx = 1\nlast = %d\n" % (number, number) for number in numbers} | {"old/same.py": HEADER})
    head = store.add({f"new/m{number}.py": b"n = %d\nx = 2\nlast = %d\n" % (number, number) for number in numbers} | {"new/same.py": HEADER})
    assert [(rename.old, rename.new) for rename in find_renames(base, head, store.read)] == [("old/same.py", "new/same.py")]
    assert store.reads == 0


_files = st.dictionaries(
    st.from_regex(r"[ab]/[mn](\.py|\.pyi|\.txt)", fullmatch=True),
    st.lists(st.sampled_from([b"a\n", b"b\r\n", b"c", b"d" * 70, b"\n"]), max_size=6).map(b"".join),
)


@given(_files, _files)
def test_each_file_goes_once_from_base_to_where_it_was_not(old: dict[str, bytes], new: dict[str, bytes]) -> None:
    store = Store()
    base, head = store.add(old), store.add(new)
    renames = find_renames(base, head, store.read)
    assert len({rename.old for rename in renames}) == len({rename.new for rename in renames}) == len(renames)
    for rename in renames:
        assert rename.old in base.keys() - head.keys()
        assert rename.new in head.keys() - base.keys()
        assert rename.old.endswith(".py")
        assert 50 <= rename.similarity <= 100
        assert (rename.similarity == 100) == (base[rename.old] == head[rename.new])
