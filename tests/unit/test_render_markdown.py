from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, cast

import cmarkgfm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.render import Style
from impact.render.inert import clipped, visible
from impact.render.markdown import render, render_comment
from impact.render.templates import cell, span
from impact.report import BrokenTest, Certainty, Change, ChangeKind, Remedy, Verdict
from support import hostile, reports

if TYPE_CHECKING:
    from impact.render.document import ReportDocument
    from impact.report import End, Report


def markdown(report: Report) -> str:
    return render(cast("ReportDocument", report.to_dict()), Style())


@dataclass
class Page(HTMLParser):
    """What a reader of the comment gets: the tags with their attributes, the text that stands in code, and the text that does not.

    GitHub makes links, mentions and pictures of the latter alone.
    """

    tags: set[str] = field(default_factory=set)
    code: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    depth: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(" ".join([tag, *(f"{key}={value}" for key, value in attrs)]))
        if tag == "code":
            self.depth += 1
            self.code.append("")
        if tag == "tr":
            self.rows.append(0)
        if tag in {"td", "th"}:
            self.rows[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.code[-1] += data
        else:
            self.prose.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.add(f"<!-- {data}")

    def words(self) -> set[str]:
        return set(re.sub(r"[\d,]+", "0", " ".join(self.prose)).split())


def page(text: str) -> Page:
    """Return `text` as GitHub's own parser reads it, with raw HTML as it stands: stricter than GitHub, which cleans it."""
    seen = Page()
    seen.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=cmarkgfm.Options.CMARK_OPT_UNSAFE))
    seen.close()
    return seen


# Whatever names a repository holds, the comment is made of the tags and, outside of code, of the words of these.
HARMLESS = [
    page(markdown(one))
    for one in (
        *(reports.filled([f"name{number}" for number in range(count)]) for count in range(1, 30)),
        *(reports.story(), reports.crowd(5), reports.flood(300), reports.filled([""]), reports.filled(["name", ""]), reports.filled(["n" * 50])),
    )
]
BACK, RESTORE = ", to bring back what has no other place", "impact fix --restore"
SAME, PYTEST = "To see it again", "python -m pytest --collect-only tests/test_orders.py"
WORDS = set().union(*(one.words() for one in HARMLESS))
TAGS = set().union(*(one.tags for one in HARMLESS))


def test_the_story() -> None:
    assert (
        markdown(reports.story())
        == """\
**3 test files cannot be collected, 1 fails at run time, 1 is silenced**

Between `main (e0ea8b1c5d)` and `HEAD (1f2c3d4e5f)`.

| Test files | What is gone | Where it went |
| ---: | --- | --- |
| 3 | `acme.factory` module deleted | not known |
| 1 | `tests.helpers.login` deleted | not known |
| 1 | `acme.orders.total` moved | `acme.billing.total` |

<details><summary>How the tests get there</summary>

```mermaid
CHART
```

</details>

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

<details><summary>1 suggested edit</summary>

```diff
@@ tests/test_invoice.py:21 @@
-@mock.patch("acme.orders.total", return_value=3)
+@mock.patch("acme.billing.total", return_value=3)
```

</details>

To see it again, to have the patch, to bring back what has no other place, to ask pytest at the head:

```sh
impact diff e0ea8b1c5d..1f2c3d4e5f
impact fix e0ea8b1c5d..1f2c3d4e5f
impact fix --restore e0ea8b1c5d..1f2c3d4e5f
python -m pytest --collect-only tests/api/test_basket.py tests/test_login.py tests/test_orders.py
```

- 1 reference broken before this change: not counted.
- 1 test file failed before this change for another reason, and would break now: not counted.
- 1 file could not be read in full, so breaks may be missing: `larger than 8 MB`
""".replace("CHART\n", reports.STORY_CHART)
    )


def test_what_the_comment_is_made_of() -> None:
    plain = {"br", "code", "details", "li", "p", "strong", "summary", "table", "tbody", "th", "thead", "td", "tr", "ul"}
    assert TAGS - plain == {"pre lang=mermaid", "pre lang=diff", "pre lang=sh", "th align=right", "td align=right"}


@pytest.mark.parametrize("report", [reports.hostile(), *(reports.filled([text]) for text in reports.HOSTILE)])
def test_hostile_names_are_nothing_but_text(report: Report) -> None:
    text = markdown(report)
    seen = page(text)
    assert seen.tags <= TAGS
    assert seen.words() <= WORDS
    assert seen.rows in ([columns] * (1 + len(report.changes)) for columns in (2, 3))
    assert all(character == "\n" or character.isprintable() for character in text)
    assert "n" * 1000 not in text


@settings(max_examples=150, deadline=None)
@given(st.lists(hostile.text(), min_size=1, max_size=4, unique=True))
def test_no_name_is_more_than_text(texts: list[str]) -> None:
    text = markdown(reports.filled(texts))
    seen = page(text)
    assert seen.tags <= TAGS
    assert seen.words() <= WORDS
    assert set(seen.rows) in ({2}, {3})
    assert len(text) <= 64_000
    assert all(character == "\n" or character.isprintable() for character in text)


@pytest.mark.parametrize("name", reports.HOSTILE)
def test_a_hostile_name_stays_in_its_code_span(name: str) -> None:
    shown = clipped(visible(name), 300)
    seen = page(f"x {span(name)} y")
    assert (seen.code, " ".join(seen.prose).split(), seen.tags) == ([shown if shown.strip() else "?"], ["x", "y"], {"p", "code"})
    assert "|" not in cell(name)


def test_a_comment_is_never_too_long_and_says_what_it_leaves_out() -> None:
    text = markdown(reports.flood())
    assert 10_000 < len(text) <= 64_000
    assert "Not shown for want of room: 350 more changes with 10,500 test files." in text
    assert "more lines with 20 test files the same way" in text


@pytest.mark.parametrize("limit", [65_536, 32_768])
@pytest.mark.parametrize("html", [True, False])
def test_the_worst_of_names_in_the_worst_of_numbers(limit: int, html: bool) -> None:
    report = reports.filled([f"{number}{text * (20_000 // len(text))}" for number, text in enumerate(("`", "<", "\x1b", "|", "&\udcff", "@[x](y)"))] * 8)
    text = render_comment(cast("ReportDocument", report.to_dict()), limit=limit, html=html)
    assert len(text) <= limit
    assert html or not page(text).tags & {"details", "summary"}


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

- 1 file could not be read in full, so breaks may be missing: `larger than 8 MB`
""",
        ),
    ],
)
def test_nothing_breaks(report: Report, expected: str) -> None:
    assert markdown(report).strip() == expected.strip()


def test_what_can_be_mended_by_one_line_is_a_diff() -> None:
    text = markdown(reports.crowd(5))
    assert (
        """\
<details><summary>1 suggested edit</summary>

```diff
@@ tests/conftest.py:12 @@
-from acme.db import engine
+from acme.storage import engine
```

</details>
"""
        in text
    )


def test_the_heaviest_lines_get_the_room() -> None:
    report = reports.flood()
    text = markdown(report)
    assert text.index("acme.part0000") < text.index("acme.part0001")
    assert page(text).tags <= TAGS


@pytest.mark.parametrize(
    ("head", "merged", "expected"),
    [
        (
            reports.HEAD,
            False,
            f"{SAME}{BACK}, to ask pytest at the head:\n\n```sh\nimpact diff e0ea8b1c5d..1f2c3d4e5f\n{RESTORE} e0ea8b1c5d..1f2c3d4e5f\n{PYTEST}\n```\n",
        ),
        (reports.HEAD, True, f"{SAME}{BACK}:\n\n```sh\nimpact diff e0ea8b1c5d..1f2c3d4e5f\n{RESTORE} e0ea8b1c5d..1f2c3d4e5f\n```\n"),
        (replace(reports.HEAD, revision="WORKTREE", commit=None), False, f"```sh\nimpact diff e0ea8b1c5d\n{RESTORE} e0ea8b1c5d\n{PYTEST}\n```\n"),
        (
            replace(reports.HEAD, revision="INDEX", commit=None),
            False,
            f"```sh\nimpact diff e0ea8b1c5d --staged\n{RESTORE} e0ea8b1c5d --staged\n{PYTEST}\n```\n",
        ),
    ],
)
def test_how_to_see_it_again(head: End, merged: bool, expected: str) -> None:
    story = reports.story()
    only = tuple(test for test in story.tests if test.path == "tests/test_orders.py")
    assert expected in markdown(replace(story, head=head, merged=merged, tests=only, breaks=story.breaks[1:2]))


@pytest.mark.parametrize(
    ("new", "remedies", "expected"),
    [
        ("acme.b", [("acme.b", Certainty.CERTAIN)], "`acme.b`"),
        ("acme.b", [("acme.b", Certainty.LIKELY)], "perhaps `acme.b`"),
        ("acme.b", [("acme.c", Certainty.CERTAIN)], "`acme.b`: use `acme.c`"),
        ("acme.b", [("acme.b:x", Certainty.CERTAIN), ("acme.b:y", Certainty.CERTAIN)], "`acme.b`"),
        ("acme.b", [None], "`acme.b`"),
        (None, [None], "not known"),
        (None, [("acme.c", Certainty.POSSIBLE)], "possibly use `acme.c`"),
        (None, [("acme.c:x", Certainty.CERTAIN), None], "line by line, below"),
        (None, [("acme.c:x", Certainty.LIKELY), ("acme.d:y", Certainty.POSSIBLE)], "guesses, below"),
    ],
)
def test_where_a_thing_went(new: str | None, remedies: list[tuple[str, Certainty] | None], expected: str) -> None:
    gone = Change(ChangeKind.MODULE_DELETED, "acme.a", new, "acme/a.py", None)
    first = reports.story().breaks[0]
    breaks = tuple(replace(first, line=line, change=gone.id, remedy=Remedy(*one) if one else None) for line, one in enumerate(remedies, 1))
    test = BrokenTest(first.path, Verdict.COLLECTION_ERROR, first.exception, (), tuple(one.id for one in breaks))
    text = markdown(reports.report(changes=(gone,), breaks=breaks, tests=(test,)))
    assert f"| 1 | `acme.a` module deleted | {expected} |\n" in text


@pytest.mark.parametrize(("long", "html", "stacked"), [(40, True, True), (40, False, False), (10, True, False)])
def test_long_names_stand_one_above_the_other(long: int, html: bool, stacked: bool) -> None:
    """Side by side they fill more than the width of a comment; `<br>` is for forges that take HTML."""
    old, new = "acme." + "a" * long, "acme." + "b" * long
    gone = Change(ChangeKind.MODULE_MOVED, old, new, "acme/a.py", "acme/b.py")
    one = replace(reports.story().breaks[0], change=gone.id, remedy=None)
    test = BrokenTest(one.path, Verdict.COLLECTION_ERROR, one.exception, (), (one.id,))
    document = cast("ReportDocument", reports.report(changes=(gone,), breaks=(one,), tests=(test,)).to_dict())
    text = render_comment(document, html=html)
    assert (f"| 1 | `{old}` module moved<br>→ `{new}` |\n" in text, f"| 1 | `{old}` module moved | `{new}` |\n" in text) == (stacked, not stacked)


def test_no_path_reaches_a_shell_as_more_than_a_path() -> None:
    text = markdown(reports.filled(["$(reboot)", "-x", "a b", "tests/`id`", "a;b"]))
    assert "pytest" not in text
