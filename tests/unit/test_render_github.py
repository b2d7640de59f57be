from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.render import Style
from impact.render.github import render
from impact.render.remarks import remarks
from impact.render.view import overview
from impact.report import End
from support import hostile, reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from impact.render.document import ReportDocument
    from impact.report import Report

Command = tuple[str, dict[str, str], str]


def github(report: Report) -> str:
    return render(cast("ReportDocument", report.to_dict()), Style())


def commands(text: str) -> Iterator[Command]:
    """Read the log as the runner does (ActionCommand.TryParseV2): a command ends at its line, and what is escaped in it is turned back."""
    for line in re.split(r"[\r\n]+", text):
        match = re.fullmatch(r"\s*::(\S+?)(?: (.*?))?::(.*)", line)
        if match:
            pairs = (pair.partition("=") for pair in (match[2] or "").split(","))
            yield match[1], {key: unescaped(value, "%3A", "%2C") for key, _, value in pairs}, unescaped(match[3])


def unescaped(text: str, *also: str) -> str:
    for code in ("%0D", "%0A", *also, "%25"):
        text = text.replace(code, chr(int(code[1:], 16)))
    return text


def test_the_story() -> None:
    assert github(reports.story()) == (
        "3 test files cannot be collected, 1 fails at run time, 1 is silenced.\n"
        "::error file=tests/support.py,line=12,title=acme.factory module deleted::ModuleNotFoundError: No module named 'acme.factory'"
        "%0A1 test file cannot be collected: tests/api/test_basket.py\n"
        "::error file=tests/test_login.py,line=2,title=tests.helpers.login deleted::ImportError: cannot import name 'login' from 'tests.helpers'"
        "%0A1 test file cannot be collected: tests/test_login.py\n"
        "::error file=tests/test_invoice.py,line=21,title=acme.orders.total moved to acme.billing.total::AttributeError: <module 'acme.orders'> does not have"
        " the attribute 'total'%0A1 test file fails at run time: tests/test_invoice.py%0AUse acme.billing.total\n"
        "::error file=tests/test_orders.py,line=3,title=acme.factory module deleted::ModuleNotFoundError: No module named 'acme.factory'"
        "%0A1 test file cannot be collected: tests/test_orders.py\n"
        "::warning file=tests/test_speed.py,line=4,title=acme.factory module deleted::Skipped: ModuleNotFoundError: No module named 'acme.factory'"
        "%0A1 test file is silenced: tests/test_speed.py\n"
    )


def test_nothing_breaks() -> None:
    assert github(reports.report()) == "No test breaks between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f).\n"


def test_what_github_would_not_show_is_counted() -> None:
    text = github(reports.flood(12))
    found = list(commands(text))
    assert len(found) == 10
    assert len({one[1]["title"] for one in found}) == 10, "every change has its turn before one has a second"
    assert text.endswith("350 more lines the same way: GitHub shows 10 of a level; the Markdown and the JSON report have them.\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(hostile.text(), min_size=1, max_size=4))
def test_hostile_names_are_one_remark_and_nothing_else(texts: list[str]) -> None:
    report = reports.filled(texts)
    expected = {(one.title, one.message) for one in remarks(overview(cast("ReportDocument", report.to_dict())))}
    text = github(report)
    found = list(commands(text))
    assert {(one[1]["title"], one[2]) for one in found} <= expected
    assert {one[0] for one in found} == {"error"}
    assert all(set(one[1]) <= {"file", "line", "title"} for one in found)
    assert text.count("\n") == text.count("\n::error ") + text.count("\nNote: ") + 1 + ("more line" in text.rpartition("\n::error ")[2])
    assert all(character == "\n" or character.isprintable() for character in text)


@pytest.mark.parametrize("name", ["##[error]x", "\n::stop-commands::y", "a\r::error::b"])
def test_a_revision_is_no_command(name: str) -> None:
    report = reports.report(head=End(name, None))
    assert list(commands(github(report))) == []
    assert "##[" not in github(report)
