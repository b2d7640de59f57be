"""The range notation: what is read, what is refused, and that reading what was written gives it back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.errors import UsageError
from impact.revisions.ranges import Range, parse_range


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, Range(None, "WORKTREE")),
        ("main", Range("main", "WORKTREE")),
        ("main..HEAD", Range("main", "HEAD")),
        ("main...HEAD", Range("main", "HEAD", symmetric=True)),
        ("..topic", Range("HEAD", "topic")),
        ("main..", Range("main", "HEAD")),
        ("...topic", Range("HEAD", "topic", symmetric=True)),
        ("main...", Range("main", "HEAD", symmetric=True)),
        (" main .. topic ", Range("main", "topic")),
        ("v1.0..v1.1", Range("v1.0", "v1.1")),
        ("HEAD..WORKTREE", Range("HEAD", "WORKTREE")),
        ("INDEX..WORKTREE", Range("INDEX", "WORKTREE")),
        ("HEAD..INDEX", Range("HEAD", "INDEX")),
        ("@{u}..@", Range("@{u}", "@")),
        ("HEAD^{/a..b}", Range("HEAD^{/a..b}", "WORKTREE")),
        ("HEAD^{/a..b}..HEAD^{/c...d}", Range("HEAD^{/a..b}", "HEAD^{/c...d}")),
        ("stash@{0}...main~3", Range("stash@{0}", "main~3", symmetric=True)),
        ("a}..b", Range("a}", "b")),
        ("a{..b", Range("a{..b", "WORKTREE")),
    ],
)
def test_range_is_read(text: str | None, expected: Range) -> None:
    assert parse_range(text) == expected


def test_staged_puts_the_index_where_the_working_tree_would_be() -> None:
    assert parse_range(None, staged=True) == Range("HEAD", "INDEX")
    assert parse_range("main", staged=True) == Range("main", "INDEX")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the range is empty"),
        ("  ", "the range is empty"),
        ("..", "the range '..' names no revision"),
        ("...", "the range '...' names no revision"),
        ("a..b..c", "the range 'a..b..c' has more than two sides"),
        ("a...b..c", "the range 'a...b..c' has more than two sides"),
        ("a....b", "the range 'a....b' has more than two sides"),
    ],
)
def test_nonsense_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_range(text)
    assert str(caught.value) == message
    assert caught.value.hint


def test_staged_with_two_sides_is_refused() -> None:
    with pytest.raises(UsageError, match="--staged sets the second side"):
        parse_range("a..b", staged=True)


_revisions = st.from_regex(r"[A-Za-z0-9_/-]+(\.[A-Za-z0-9]+)?(~[0-9]|\^|@\{u\}|\^\{/[a-z.]*\})?", fullmatch=True)


@given(_revisions, _revisions, st.booleans())
def test_reading_gives_back_what_was_written(base: str, head: str, symmetric: bool) -> None:
    request = Range(base, head, symmetric)
    assert parse_range(str(request)) == request


@given(st.text())
def test_any_text_is_a_range_or_a_usage_error(text: str) -> None:
    try:
        request = parse_range(text)
    except UsageError:
        return
    assert request.base
    assert request.head
