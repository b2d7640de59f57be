from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, cast

import pytest
from markdown_it import MarkdownIt

from impact.render import Style
from impact.render.inert import clipped, visible
from impact.render.markdown import LIMIT, render
from impact.render.templates import cell, span
from support import reports

if TYPE_CHECKING:
    from markdown_it.token import Token

    from impact.render.document import ReportDocument
    from impact.report import Report

FORMAT_TAGS = {"details", "summary", "code"}


def markdown(report: Report) -> str:
    return render(cast("ReportDocument", report.to_dict()), Style())


def parse(text: str) -> list[Token]:
    """Return all tokens, inline ones too, as GitHub would see them: tables, and bare links turned into links."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(f"{tag} with attributes" if attrs else tag)

    def handle_comment(self, data: str) -> None:
        self.seen.add(f"comment {data}")


def test_the_story() -> None:
    assert (
        markdown(reports.story())
        == """\
**3 test files cannot be collected, 1 fails at run time, 1 is silenced**

Between `main (e0ea8b1c5d)` and `HEAD (1f2c3d4e5f)`.

| What is gone | Where it went | Test files | Remedy |
| --- | --- | ---: | --- |
| `acme.factory` module deleted |  | 3 |  |
| `tests.helpers.login` deleted |  | 1 |  |
| `acme.orders.total` moved | `acme.billing.total` | 1 | use `acme.billing.total` |

<details><summary><code>acme.factory</code> module deleted: 3 test files</summary>

- `deleted in 1f2c3d4 'Drop the old factory' (Ada, 2 days ago): acme/factory.py`
- **cannot be collected**: `ModuleNotFoundError: No module named 'acme.factory'`
  - `tests/support.py:12` `from acme.factory import make_order`
    - 1 test file through this line:
      - `tests/api/test_basket.py:5` via `tests/api/client.py:8`
  - `tests/test_orders.py:3` `from acme.factory import make_order`
- **passes without testing**: `Skipped: ModuleNotFoundError: No module named 'acme.factory'`
  - `tests/test_speed.py:4` `pytest.importorskip("acme.factory")`

</details>

<details><summary><code>tests.helpers.login</code> deleted: 1 test file</summary>

- `no longer bound in tests/helpers.py`
- **cannot be collected**: `ImportError: cannot import name 'login' from 'tests.helpers'`
  - `tests/test_login.py:2` `from tests.helpers import login, logout`

</details>

<details><summary><code>acme.orders.total</code> moved to <code>acme.billing.total</code>: 1 test file</summary>

- `the same body stands there: acme/orders.py -> acme/billing.py, 97 % similar`
- use `acme.billing.total`
- **fails at run time**: `AttributeError: <module 'acme.orders'> does not have the attribute 'total'`
  - `tests/test_invoice.py:21` `@mock.patch("acme.orders.total", return_value=3)` in `TestCredit::test_refund`, `test_due`

</details>

- 1 reference broken before this change: not counted.
- 1 test file failed before this change for another reason, and would break now: not counted.
- 1 file could not be read in full, so breaks may be missing: `1 larger than 8 MB`
"""
    )


def test_hostile_names_are_nothing_but_text() -> None:
    text = markdown(reports.hostile())
    tokens = parse(text)
    assert {token.type for token in tokens} & {"link_open", "image", "html_inline", "heading_open", "fence", "code_block", "hr", "s_open"} == set()
    tags = Tags()
    for token in tokens:
        if token.type == "html_block":
            tags.feed(token.content)
    assert tags.seen == FORMAT_TAGS
    outside_code = " ".join(token.content for token in tokens if token.type == "text")
    assert not re.search(r"@|https?:|www\.|javascript|evil|octocat|GH-1|smile", outside_code)
    assert all(character == "\n" or character.isprintable() for character in text)
    assert "n" * 1000 not in text


def test_hostile_names_do_not_break_the_table() -> None:
    tokens = parse(markdown(reports.hostile()))
    rows = [0]
    for token in tokens:
        if token.type == "tr_open":
            rows.append(0)
        elif token.type in {"th_open", "td_open"}:
            rows[-1] += 1
    assert rows[1:] == [4] * (1 + len(reports.hostile().changes))


@pytest.mark.parametrize("name", reports.HOSTILE)
def test_a_hostile_name_stays_in_its_code_span(name: str) -> None:
    shown = clipped(visible(name), 300)
    assert [(token.type, token.content) for token in parse(f"x {span(name)} y")][2:] == [
        ("text", "x "),
        ("code_inline", shown if shown.strip() else "?"),
        ("text", " y"),
        ("paragraph_close", ""),
    ]
    assert "|" not in cell(name)


def test_a_comment_is_never_too_long_and_says_what_it_leaves_out() -> None:
    text = markdown(reports.flood())
    assert 10_000 < len(text) <= LIMIT
    assert "Not shown for want of room: 350 more changes with 10,500 test files." in text
    assert "more lines with 20 test files the same way" in text


def test_a_crowd_is_folded() -> None:
    assert "- … 1,950 more test files" in markdown(reports.crowd())


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (reports.report(), "**No test breaks** between `main (e0ea8b1c5d)` and `HEAD (1f2c3d4e5f)`.\n"),
        (reports.report(merged=True), "**No test breaks** between `main (e0ea8b1c5d)` and its merge with `HEAD (1f2c3d4e5f)`.\n"),
        (
            reports.report(skipped=reports.story().skipped),
            """\
**No test breaks** between `main (e0ea8b1c5d)` and `HEAD (1f2c3d4e5f)` in what could be read: 1 file could not.

- 1 file could not be read in full, so breaks may be missing: `1 larger than 8 MB`
""",
        ),
    ],
)
def test_nothing_breaks(report: Report, expected: str) -> None:
    assert markdown(report).strip() == expected.strip()
