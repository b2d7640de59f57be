from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from impact.errors import UsageError
from impact.render.templates import render_user_template
from support import reports

if TYPE_CHECKING:
    from pathlib import Path

    from impact.render.document import ReportDocument

DOCUMENT = cast("ReportDocument", reports.story().to_dict())


def rendered(directory: Path, name: str, text: str, document: ReportDocument = DOCUMENT) -> str:
    (directory / name).write_text(text, encoding="utf-8")
    return render_user_template(directory / name, document)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mine.md.j2", "| `a\\x7cb<c>` | `a|b<c>` `a\\nb` 2 files"),
        ("mine.html", "| `a\\x7cb&lt;c&gt;` | a|b&lt;c&gt; a\\nb 2 files"),
        ("mine.txt.jinja", "| `a\\x7cb<c>` | a|b<c> a\\nb 2 files"),
        ("mine", "| `a\\x7cb<c>` | a|b<c> a\\nb 2 files"),
    ],
)
def test_values_are_inert_in_what_the_template_makes(tmp_path: Path, name: str, expected: str) -> None:
    document = cast("ReportDocument", {**DOCUMENT, "lines": "a\nb"})
    assert rendered(tmp_path, name, "| {{ 'a|b<c>'|cell }} | {{ 'a|b<c>' }} {{ report.lines }} {{ 2|plural('file') }}", document) == expected


def test_the_report_and_the_view(tmp_path: Path) -> None:
    (tmp_path / "part.txt").write_text("{{ report.summary.breaks }} breaks")
    text = "{{ report.tests[0].path }} {{ view.verdict|ours }}; {% include 'part.txt' %}"
    expected = "tests/test_orders.py 3 test files cannot be collected, 1 fails at run time, 1 is silenced; 5 breaks"
    assert rendered(tmp_path, "mine.txt", text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n{% if %}", "mine.txt:2: Expected an expression, got 'end of statement block'"),
        ("\n\n{{ report.nothing.more }}", "mine.txt:3: UndefinedError: 'dict object' has no attribute 'nothing'"),
        ("{{ ''.__class__.__mro__ }}", "mine.txt:1: SecurityError: access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ report.clear() }}", "mine.txt:1: SecurityError: access to attribute 'clear' of 'dict' object is unsafe."),
        ("{% set _ = report.tests.append(1) %}", "mine.txt:1: SecurityError"),
        ("{{ place|attr('__globals__') }}", "mine.txt:1: SecurityError"),
        ("{{ lipsum.__globals__ }}", "mine.txt:1: SecurityError"),
        ("{{ '{0.__class__}'.format(place) }}", "mine.txt:1: SecurityError"),
        ("{{ ('a'|map('upper')).gi_frame }}", "mine.txt:1: SecurityError"),
        ("{{ 1 // 0 }}", "mine.txt:1: ZeroDivisionError: integer division or modulo by zero"),
        ("{% include '../secret' %}", "mine.txt: no template ../secret beside it"),
        ("{% include 'link' %}", "mine.txt: no template link beside it"),
        ("{% include 'away/secret' %}", "mine.txt: no template away/secret beside it"),
        ("{{ range(999999999) }}", "mine.txt:1: OverflowError"),
    ],
)
def test_a_mistake_is_one_line_that_says_where(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "secret").write_text("secret")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link").symlink_to(tmp_path / "secret")
    (inner / "away").symlink_to(tmp_path)
    with pytest.raises(UsageError, match=message.replace("{", "\\{").replace("(", "\\(")) as caught:
        rendered(inner, "mine.txt", text, cast("ReportDocument", reports.story().to_dict()))
    assert str(caught.value).startswith("--template: ")
    assert "\n" not in str(caught.value)


def test_a_template_behind_a_link(tmp_path: Path) -> None:
    """Who asks for it names it, wherever it lies; what it includes lies beside it there."""
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "ours.md").write_text("{% include 'part' %}")
    (shared / "part").write_text("part")
    (tmp_path / "mine.md").symlink_to(shared / "ours.md")
    assert render_user_template(tmp_path / "mine.md", DOCUMENT) == "part"


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="not UTF-8"):
        render_user_template(tmp_path / "mine", DOCUMENT)
