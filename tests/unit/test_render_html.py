from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.render import Style
from impact.render.html import render
from impact.render.templates import directory
from support import hostile, reports

if TYPE_CHECKING:
    from impact.render.document import ReportDocument
    from impact.report import Report


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text: dict[str, list[str]] = {}
        self.attributes: list[tuple[str, str]] = []
        self._open = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(name, value or "") for name, value in attrs]
        self._open = tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.setdefault(self._open, []).append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append((data, ()))


def html(report: Report) -> str:
    return render(cast("ReportDocument", report.to_dict()), Style())


def island(page: Page) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(page.text["script"][0])
    return loaded


def test_the_story() -> None:
    page = Page(html(reports.story()))
    assert page.text["title"] == page.text["h1"] == ["3 test files cannot be collected, 1 fails at run time, 1 is silenced."]
    data = island(page)
    assert data["between"] == ["main (e0ea8b1c5d)", "HEAD (1f2c3d4e5f)", False]
    assert data["command"] == "impact diff e0ea8b1c5d..1f2c3d4e5f"
    assert [group["name"] for group in data["groups"]] == ["acme.factory", "tests.helpers.login", "acme.orders.total"]
    assert data["tests"][0] == {
        "path": "tests/api/test_basket.py",
        "verdict": "collection-error",
        "exception": "ModuleNotFoundError: No module named 'acme.factory'",
        "nodes": [],
        "routes": [[0, [["tests/api/test_basket.py", 5], ["tests/api/client.py", 8], ["tests/support.py", 12]]]],
    }
    assert data["tests"][3]["nodes"] == ["test_due", "TestCredit::test_refund"]
    assert data["sites"][4]["mended"] == '@mock.patch("acme.billing.total", return_value=3)'
    assert data["sites"][0]["around"] == [10, ["import json", "", "from acme.factory import make_order", "", "", "def order():"]]
    assert data["sites"][1]["around"] is None
    assert data["steps"] == [["tests/api/client.py:8", "from tests.support import order"]]


def test_every_test_is_there_with_every_way_to_what_is_gone() -> None:
    report = reports.flood(40)
    data = island(Page(html(report)))
    assert [(test["path"], test["verdict"]) for test in data["tests"]] == sorted((test.path, test.verdict.value) for test in report.tests)
    assert all(data["sites"][site]["path"] == chain[-1][0] for test in data["tests"] for site, chain in test["routes"])


@pytest.mark.parametrize("report", [reports.story(), reports.hostile(), reports.report()])
def test_no_script_and_no_style_but_ours_and_no_address(report: Report) -> None:
    text = html(report)
    page = Page(text)
    policy = next(value for name, value in page.attributes if name == "content" and value.startswith("default-src"))
    script, style = page.text["script"][1], page.text["style"][0]
    assert policy == (
        f"default-src 'none'; script-src '{fingerprint(script)}'; style-src '{fingerprint(style)}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert [value for name, value in page.attributes if name in {"src", "href", "action", "xlink:href"}] == ["data:,"]
    assert not re.search(r"url\(|@import", style)


def fingerprint(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


def test_the_script_writes_text_alone() -> None:
    script = (directory() / "report.js").read_text()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|DOMParser|createContextualFragment|srcdoc|fetch\(|import\(", script
    )
    assert "</script" not in script
    assert "</style" not in (directory() / "report.css").read_text()


@settings(max_examples=80, deadline=None)
@given(st.lists(hostile.text(), min_size=1, max_size=4))
def test_no_name_is_markup(texts: list[str]) -> None:
    page = Page(html(reports.filled(texts)))
    assert page.tags == Page(html(reports.filled(["name"] * len(texts)))).tags
    assert "<" not in page.text["script"][0]
    assert all(text.isprintable() for text in strings(island(page)))


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in strings(one)]
