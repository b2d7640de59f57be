"""The cache keeps what it is given, and whatever goes wrong with it is only time lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import impact.cache
from impact.cache import CACHE_VERSION, ENVIRONMENT, Cache, cache_file, open_cache
from impact.names import BlobId

A, B, C = (BlobId(bytes([number]) * 20) for number in range(3))
SCHEMA = "CREATE TABLE kept (kind TEXT, blob BLOB, text TEXT, used INTEGER, PRIMARY KEY (kind, blob)) WITHOUT ROWID"


def _filled(path: Path) -> Path:
    with Cache(path) as cache:
        cache.put_many("scan 1", {A: "i a", B: ""})
    return path


def _works(path: Path) -> None:
    """Whatever lay there before, a cache at this place keeps what it is given."""
    with Cache(path) as cache:
        assert cache.note == str(path)
        assert cache.get("scan 1", A) is None
        cache.put_many("scan 1", {A: "new"})
    with Cache(path) as cache:
        assert cache.get("scan 1", A) == "new"


def _keeps_nothing(cache: Cache) -> None:
    cache.put_many("scan 1", {A: "new"})
    assert cache.get("scan 1", A) is None
    assert cache.get_many("scan 1", [A, B]) == {}
    cache.close()


def test_what_was_put_is_there_the_next_time(tmp_path: Path) -> None:
    with Cache(_filled(tmp_path / "c.sqlite")) as cache:
        assert cache.get("scan 1", A) == "i a"
        assert cache.get("scan 1", B) == ""
        assert cache.get("scan 1", C) is None
        assert cache.get_many("scan 1", [A, B, C, A]) == {A: "i a", B: ""}
        assert cache.get_many("scan 1", iter([B])) == {B: ""}
        assert cache.get_many("scan 1", []) == {}


def test_what_was_put_is_there_at_once_and_the_last_word_counts(tmp_path: Path) -> None:
    with Cache(tmp_path / "c.sqlite") as cache:
        cache.put_many("scan 1", {A: "one"})
        cache.put_many("scan 1", {A: "two", B: "three"})
        cache.put_many("scan 1", {})
        assert cache.get_many("scan 1", [A, B]) == {A: "two", B: "three"}


def test_kinds_are_apart(tmp_path: Path) -> None:
    with Cache(_filled(tmp_path / "c.sqlite")) as cache:
        assert cache.get("scan 2", A) is None
        assert cache.get("", A) is None
        cache.put_many("scan 2", {A: "other"})
        assert (cache.get("scan 1", A), cache.get("scan 2", A)) == ("i a", "other")


def test_very_many_at_once(tmp_path: Path) -> None:
    texts = {BlobId(number.to_bytes(20)): f"text {number}" for number in range(5000)}
    with Cache(tmp_path / "c.sqlite") as cache:
        cache.put_many("scan 1", texts)
        assert cache.get_many("scan 1", texts) == texts
        part = list(texts)[:1200]
        assert cache.get_many("scan 1", [*part, A]) == {blob: texts[blob] for blob in part}
        assert cache.get_many("scan 2", texts) == {}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.binary(min_size=20, max_size=20).map(BlobId), st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_come_back_as_they_were(tmp_path: Path, texts: dict[BlobId, str]) -> None:
    with Cache(tmp_path / "c.sqlite") as cache:
        cache.put_many("scan 1", texts)
        assert cache.get_many("scan 1", texts) == texts


def test_a_text_that_cannot_be_written_is_declined(tmp_path: Path) -> None:
    with Cache(_filled(tmp_path / "c.sqlite")) as cache:
        cache.put_many("scan 1", {C: "\udc80"})
    with Cache(tmp_path / "c.sqlite") as cache:
        assert cache.get_many("scan 1", [A, B, C]) == {A: "i a", B: ""}


# --- Its bound.

TEXT = "x" * 800


def _at(second: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: second + 0.5)


def _put(path: Path, second: int, monkeypatch: pytest.MonkeyPatch, *, count: int = 20, text: str = TEXT, max_bytes: int) -> list[BlobId]:
    """Keep `count` texts in a second of their own; those of one second are told by their first byte."""
    blobs = [BlobId(bytes([second, number]) + bytes(18)) for number in range(count)]
    _at(second, monkeypatch)
    with Cache(path, max_bytes=max_bytes) as cache:
        cache.put_many("scan 1", dict.fromkeys(blobs, text))
    return blobs


def _seconds(path: Path) -> dict[int, int]:
    """Return how many texts are left of each second."""
    connection = sqlite3.connect(path)
    found: dict[int, int] = dict(connection.execute("SELECT used, COUNT(*) FROM kept GROUP BY used").fetchall())
    connection.close()
    return found


def test_within_the_bound_nothing_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.sqlite"
    for second in range(1, 5):
        _put(path, second, monkeypatch, max_bytes=200_000)
    assert _seconds(path) == dict.fromkeys(range(1, 5), 20)


def test_beyond_the_bound_the_oldest_go_and_the_newest_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.sqlite"
    for second in range(1, 31):
        blobs = _put(path, second, monkeypatch, max_bytes=100_000)
        assert path.stat().st_size <= 100_000
        left = _seconds(path)
        # Whole seconds go, from the oldest on, and no more of them than have to.
        assert left == dict.fromkeys(range(second + 1 - len(left), second + 1), 20)
        assert len(left) >= min(second, 3)
        with Cache(path) as cache:
            assert cache.get_many("scan 1", blobs) == dict.fromkeys(blobs, TEXT)


def test_what_one_run_put_is_never_all_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.sqlite"
    _put(path, 1, monkeypatch, max_bytes=100_000)
    # More than the bound in one second: what came before goes, this stays until something newer comes.
    _put(path, 2, monkeypatch, count=200, max_bytes=100_000)
    assert _seconds(path) == {2: 200}
    _put(path, 3, monkeypatch, max_bytes=100_000)
    assert _seconds(path) == {3: 20}
    assert path.stat().st_size <= 100_000


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1100,
        "ö" * 900,
        "x",
        "x" * 400,
        "x" * 8000,
        "x" * 20_000,
    ],
    ids=lambda text: f"{text[0]}{len(text)}",
)
def test_the_bound_holds_whatever_the_size_of_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    path = tmp_path / "c.sqlite"
    bound = 300 * max(len(text.encode()), 200)
    for second in range(1, 31):
        _put(path, second, monkeypatch, text=text, max_bytes=bound)
        assert path.stat().st_size <= bound


# --- What may lie in its place.


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 4000, b"\0" * 10_000], ids=["empty", "text", "header", "zeros"])
def test_a_file_that_is_no_database_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(content)
    _works(path)


@pytest.mark.parametrize("keep", [10, 100, 1000, 5000])
def test_a_truncated_file_costs_no_more_than_what_it_held(tmp_path: Path, keep: int) -> None:
    path = _filled(tmp_path / "c.sqlite")
    path.write_bytes(path.read_bytes()[:keep])
    for _ in range(2):
        with Cache(path) as cache:
            assert cache.get("scan 1", A) in (None, "i a", "new")
            cache.put_many("scan 1", {A: "new"})


def test_damage_in_the_middle_is_met_without_an_error(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with Cache(path) as cache:
        cache.put_many("scan 1", {BlobId(number.to_bytes(20)): "x" * 500 for number in range(2000)})
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 2] = b"\xff" * (len(data) // 2 - len(data) // 3)
    path.write_bytes(data)
    with Cache(path) as cache:
        found = cache.get_many("scan 1", [BlobId(number.to_bytes(20)) for number in range(2000)])
        assert set(found.values()) <= {"x" * 500}
        cache.put_many("scan 1", {A: "new"})


def test_damage_heals(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    blobs = [BlobId(number.to_bytes(20)) for number in range(2000)]
    with Cache(path) as cache:
        cache.put_many("scan 1", dict.fromkeys(blobs, "x" * 500))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    path.write_bytes(data)
    for _ in range(3):
        with Cache(path) as cache:
            cache.get_many("scan 1", blobs)
            cache.put_many("scan 1", dict.fromkeys(blobs, "new"))
    with Cache(path) as cache:
        assert cache.get_many("scan 1", blobs) == dict.fromkeys(blobs, "new")


@pytest.mark.parametrize(
    "schema",
    ["CREATE TABLE kept (kind TEXT, blob BLOB, text TEXT)", "CREATE TABLE kept (something TEXT)", "CREATE VIEW kept AS SELECT 1 AS x"],
    ids=["older", "other", "view"],
)
def test_a_table_of_another_shape_is_replaced(tmp_path: Path, schema: str) -> None:
    path = tmp_path / "c.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(schema)
    connection.close()
    _works(path)


def test_a_table_beside_ours_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (x TEXT)")
    connection.execute("INSERT INTO other VALUES ('kept')")
    connection.commit()
    connection.close()
    _works(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT x FROM other").fetchall() == [("kept",)]
    connection.close()


def test_a_text_of_another_type_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(SCHEMA)
    connection.executemany("INSERT INTO kept VALUES ('scan 1', ?, ?, 0)", [(A, b"\xff\xfe"), (B, None), (C, "good")])
    connection.commit()
    connection.close()
    with Cache(path) as cache:
        assert cache.get_many("scan 1", [A, B, C]) == {C: "good"}


def test_a_text_that_is_not_utf_8_heals(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(SCHEMA)
    connection.execute("INSERT INTO kept VALUES ('scan 1', ?, CAST(x'ff' AS TEXT), 0)", (A,))
    connection.commit()
    connection.close()
    for _ in range(3):
        with Cache(path) as cache:
            cache.get("scan 1", A)
            cache.put_many("scan 1", {A: "new"})
    with Cache(path) as cache:
        assert cache.get("scan 1", A) == "new"


def test_a_directory_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").mkdir()
    cache = Cache(tmp_path / "c.sqlite")
    assert cache.note.startswith("not used: ")
    _keeps_nothing(cache)
    assert (tmp_path / "c.sqlite").is_dir()


def test_a_file_in_the_place_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("mine")
    cache = Cache(tmp_path / "folder" / "c.sqlite")
    assert cache.note.startswith("not used: ")
    _keeps_nothing(cache)
    assert (tmp_path / "folder").read_text() == "mine"


def test_a_folder_that_does_not_exist_is_made(tmp_path: Path) -> None:
    _works(tmp_path / "a" / "b" / "c.sqlite")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        cache = Cache(tmp_path / "c.sqlite")
        assert cache.note.startswith("not used: ")
        _keeps_nothing(cache)
    finally:
        tmp_path.chmod(0o700)


def test_a_place_where_nothing_can_be_written() -> None:
    # Even for root: the kernel makes no file there.
    if not Path("/proc/self").is_dir():
        pytest.skip("no /proc here")
    for place in ("/proc/self/c.sqlite", "/proc/impact/c.sqlite"):
        cache = Cache(Path(place))
        assert cache.note.startswith("not used: ")
        _keeps_nothing(cache)


# --- Others at the same time.


def test_a_lock_of_another_process_is_waited_for_briefly_and_then_done_without(tmp_path: Path) -> None:
    path = _filled(tmp_path / "c.sqlite")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    start = time.monotonic()
    with Cache(path) as cache:
        assert cache.note.startswith("not used: ")
        _keeps_nothing(cache)
    assert time.monotonic() - start < 8
    other.execute("ROLLBACK")
    other.close()
    with Cache(path) as cache:
        assert cache.get("scan 1", A) == "i a"


def test_a_lock_that_comes_later_loses_what_would_be_kept_and_nothing_else(tmp_path: Path) -> None:
    path = _filled(tmp_path / "c.sqlite")
    other = sqlite3.connect(path, isolation_level=None)
    start = time.monotonic()
    with Cache(path) as cache:
        assert cache.get("scan 1", A) == "i a"
        other.execute("BEGIN EXCLUSIVE")
        cache.put_many("scan 1", {C: "lost"})
        assert cache.get_many("scan 1", [A, C]) == {}
    assert time.monotonic() - start < 8
    other.execute("ROLLBACK")
    other.close()
    with Cache(path) as cache:
        assert cache.get_many("scan 1", [A, C]) == {A: "i a"}


WRITER = """
import sys
from pathlib import Path
from impact.cache import Cache

number = int(sys.argv[2])
for turn in range(20):
    with Cache(Path(sys.argv[1])) as cache:
        cache.put_many(f"kind {number}", {bytes([number, turn, one]) + bytes(17): f"{number} {turn} {one}" for one in range(20)})
"""


def test_several_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    environment = os.environ | {"PYTHONPATH": str(Path(impact.cache.__file__).parents[1])}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(number)], env=environment) for number in range(3)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    with Cache(path) as cache:
        for number in range(3):
            expected = {BlobId(bytes([number, turn, one]) + bytes(17)): f"{number} {turn} {one}" for turn in range(20) for one in range(20)}
            assert cache.get_many(f"kind {number}", expected) == expected


# --- Where it is, and that it is not.


def test_disabled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    cache = open_cache(enabled=False)
    assert cache.note == "disabled"
    _keeps_nothing(cache)
    assert list(tmp_path.iterdir()) == []


def test_the_environment_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "here"))
    with open_cache(enabled=True) as cache:
        assert cache.path == tmp_path / "here" / f"impact-{CACHE_VERSION}.sqlite"
        assert cache.path.is_file()


def test_without_it_the_folder_of_the_user_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = cache_file()
    assert path is not None
    assert path.name == f"impact-{CACHE_VERSION}.sqlite"
    assert path.parent.name == "git-impact"


def test_a_closed_cache_keeps_nothing_and_closes_again(tmp_path: Path) -> None:
    cache = Cache(_filled(tmp_path / "c.sqlite"))
    cache.close()
    _keeps_nothing(cache)
