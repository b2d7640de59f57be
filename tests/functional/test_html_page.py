"""The HTML report in a real browser, from a file and without a network: it opens, filters, follows a chain, and asks nobody for anything."""

from __future__ import annotations

import re
import shutil
import time
from typing import TYPE_CHECKING, cast

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from impact.render import FORMATS, Style
from support import reports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from impact.render.document import ReportDocument
    from impact.report import Report

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
MANY = 5_000
# What a keystroke may take on a busy machine with two cores; it takes a tenth of it on a quiet one.
PATIENCE = 1.5

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: apt-get install chromium)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        except Error as error:
            pytest.skip(f"Chromium does not start here: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1500, "height": 950}, offline=True)
    yield made
    made.close()


@pytest.fixture
def show(context: BrowserContext, tmp_path: Path) -> Iterator[Callable[[Report], Page]]:
    """Open the page of a report. Whatever it says on the console, throws or asks for fails the test."""
    complaints: list[str] = []

    def open_page(report: Report) -> Page:
        file = tmp_path / "impact.html"
        file.write_text(FORMATS["html"](cast("ReportDocument", report.to_dict()), Style()), encoding="utf-8")
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: complaints.append(request.url) if request.url != file.as_uri() and request.url != "data:," else None)
        page.goto(file.as_uri())
        return page

    yield open_page
    assert complaints == []


def visible_tests(page: Page) -> list[str]:
    return [text or "" for text in page.locator(".row:not([hidden]) .path").all_text_contents()]


def test_it_opens_on_the_verdict_the_tests_and_why(show: Callable[[Report], Page]) -> None:
    page = show(reports.story())
    assert page.title() == "3 test files cannot be collected, 1 fails at run time, 1 is silenced."
    assert visible_tests(page) == ["tests/api/test_basket.py", "tests/test_login.py", "tests/test_orders.py", "tests/test_invoice.py", "tests/test_speed.py"]
    assert page.locator("#gone .group").all_inner_texts() == [
        "3\nacme.factory\nmodule deleted",
        "1\ntests.helpers.login\ndeleted",
        "1\nacme.orders.total\nmoved to acme.billing.total",
    ]
    assert page.locator("#detail .place").all_text_contents()[:4] == [
        "tests/api/test_basket.py:5",
        "tests/api/client.py:8",
        "tests/support.py:12",
        "acme.factory",
    ]
    assert page.locator("#detail .chain .code").first.inner_text() == "from tests.support import order"
    shown = page.locator("#detail .code .line").evaluate_all("all => all.map(one => [...one.children].map(part => part.textContent.trimEnd()))")
    assert shown == [["10", "import json"], ["11", ""], ["12", "from acme.factory import make_order"], ["13", ""], ["14", ""], ["15", "def order():"]]
    assert page.locator("#detail .broken").inner_text().split() == ["12", "from", "acme.factory", "import", "make_order"]
    assert page.locator("#detail .code mark").all_text_contents() == ["acme.factory"]
    assert page.locator("#detail .broken .keyword").all_text_contents() == ["from", "import"]


def test_a_chain_is_followed_from_the_list_and_in_the_picture(show: Callable[[Report], Page]) -> None:
    page = show(reports.story())
    page.click("text=test_invoice.py >> nth=-1")
    assert page.locator("#detail .title").text_content() == "tests/test_invoice.py"
    assert page.locator("#detail .plus .text").text_content() == '    @mock.patch("acme.billing.total", return_value=3)\n'
    assert page.locator("#detail .minus .number").text_content() == "21"
    assert page.locator("#picture .node.picked").all_text_contents() == [
        "acme.orders.total moved: 1 test filemoved to acme.billing.totalacme.orders.total",
        "tests/test_invoice.pytests/Close tests/test_invoice.py",
    ]
    page.hover("#picture .node[aria-label='tests/api/client.py']")
    lit = page.locator("#picture .node.lit").evaluate_all("all => all.map(one => one.getAttribute('aria-label')).sort()")
    assert lit == ["acme.factory module deleted: 3 test files", "tests/api/client.py", "tests/api/test_basket.py", "tests/support.py"]
    page.click("#picture .node[aria-label='tests/api/test_basket.py']", position={"x": 120, "y": 25})
    assert page.locator("#detail .title").text_content() == "tests/api/test_basket.py"


def test_filters(show: Callable[[Report], Page]) -> None:
    page = show(reports.story())
    page.fill("#search", "acme.FACTORY orders")
    assert visible_tests(page) == ["tests/test_orders.py"]
    assert page.locator("#shown").text_content() == "1 of 5 test files"
    page.fill("#search", "nothing of the kind")
    assert visible_tests(page) == []
    assert page.locator(".none", has_text="No test matches").is_visible()
    page.keyboard.press("Escape")
    page.click(".chip.silenced")
    assert visible_tests(page) == ["tests/test_speed.py"]
    page.click(".chip.runtime-error")
    assert visible_tests(page) == ["tests/test_invoice.py", "tests/test_speed.py"]
    page.keyboard.press("Escape")
    page.click(".group >> nth=1")
    assert visible_tests(page) == ["tests/test_login.py"]
    assert page.locator("#detail").inner_text().startswith("tests.helpers.login deleted")
    page.click(".group >> nth=1")
    assert len(visible_tests(page)) == 5


def test_keys(show: Callable[[Report], Page]) -> None:
    page = show(reports.story())
    page.keyboard.press("/")
    page.keyboard.type("tests")
    assert page.input_value("#search") == "tests"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator(".row[aria-selected=true] .path").text_content() == "tests/test_orders.py"
    page.keyboard.press("ArrowUp")
    assert page.locator("#detail .title").text_content() == "tests/test_login.py"
    before = page.locator("#picture > g").get_attribute("transform")
    page.keyboard.press("+")
    assert page.locator("#picture > g").get_attribute("transform") != before
    page.keyboard.press("0")
    assert page.locator("#picture > g").get_attribute("transform") == before
    page.locator("#picture .node").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".group[aria-pressed=true] .name").text_content() == "acme.factory"


def test_folders_open_and_close(show: Callable[[Report], Page]) -> None:
    page = show(reports.crowd(300))
    folders = page.locator("#picture .dir")
    assert folders.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))") == [
        f"tests/part0{number}/: 100 files. Click to open." for number in range(3)
    ]
    folders.first.click()
    assert page.locator("#picture .node.file[aria-label^='tests/part00/']").count() == 30
    assert page.locator("#picture .dir", has_text="+ 70 more").count() == 1
    page.locator("#picture .dir", has_text="+ 70 more").dispatch_event("click")
    assert page.locator("#picture .node.file[aria-label^='tests/part00/']").count() == 60
    page.locator("#picture .node.file .foldable").last.dispatch_event("click")
    assert page.locator("#picture .node.file[aria-label^='tests/part00/']").count() == 0
    page.click("#fold")
    assert folders.count() == 3


def test_zoom_and_drag(show: Callable[[Report], Page]) -> None:
    page = show(reports.story())
    layer = page.locator("#picture > g")
    before = layer.get_attribute("transform") or ""
    page.mouse.move(900, 400)
    page.mouse.down()
    page.mouse.move(940, 420)
    page.mouse.up()
    x, y = (float(number) for number in re.findall(r"[-\d.]+", before)[:2])
    moved = [float(number) for number in re.findall(r"[-\d.]+", layer.get_attribute("transform") or "")]
    assert (round(moved[0] - x), round(moved[1] - y)) == (40, 20)
    before = layer.get_attribute("transform") or ""
    page.mouse.wheel(0, -400)
    expect(layer).not_to_have_attribute("transform", before)


@pytest.mark.parametrize("report", [reports.crowd(MANY), reports.flood(MANY // 30)], ids=["one-conftest", "many-changes"])
def test_thousands_of_tests(show: Callable[[Report], Page], report: Report) -> None:
    began = time.monotonic()
    page = show(report)
    assert page.locator(".row").count() == len(report.tests)
    assert page.locator("#picture .node").count() < 40
    assert time.monotonic() - began < 10 * PATIENCE
    slowest = page.evaluate(
        """words => Math.max(...words.map(word => {
            const search = document.getElementById("search"), began = performance.now();
            search.value = word;
            search.dispatchEvent(new Event("input"));
            document.body.offsetHeight;
            return performance.now() - began;
        }))""",
        ["t", "te", "test_1", "part", "part12", ""],
    )
    assert slowest < 1000 * PATIENCE
    page.fill("#search", "test_12.py" if report.changes[0].new is None else "test_0012.py")
    assert 0 < len(visible_tests(page)) < len(report.tests)


def test_hostile_names_are_text(show: Callable[[Report], Page]) -> None:
    harmless = show(reports.filled([f"name{number}" for number in range(len(reports.HOSTILE))]))
    tags = "() => [...new Set([...document.querySelectorAll('*')].map(one => one.localName))].sort()"
    expected = harmless.evaluate(tags)
    page = show(reports.hostile())
    for row in page.locator(".row").all():
        row.click()
        assert set(page.evaluate(tags)) <= set(expected)
    for card in page.locator(".group:not([hidden])").all():
        card.dispatch_event("click")
        assert set(page.evaluate(tags)) <= set(expected)
        card.dispatch_event("click")
    assert page.locator("script, img, a, iframe, form").count() == 2, "the data and the script"
    assert "<script>alert(1)</script><img src=x onerror=y></details>" in visible_tests(page)


def test_light_and_dark(show: Callable[[Report], Page]) -> None:
    page = show(reports.story())
    background = "() => getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(background)
    assert light != dark
    page.keyboard.press("t")
    assert page.evaluate(background) == light
    page.click("#theme")
    assert page.evaluate(background) == dark


def test_on_paper_every_test_is_there(show: Callable[[Report], Page]) -> None:
    page = show(reports.crowd(200))
    page.emulate_media(media="print")
    assert page.locator("#filters").is_hidden()
    heights = page.locator(".row").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) > 10
    assert page.locator("#list").evaluate("one => one.scrollHeight <= one.clientHeight + 1")


def test_on_a_narrow_screen_nothing_is_wider_than_it(show: Callable[[Report], Page]) -> None:
    page = show(reports.hostile())
    page.set_viewport_size({"width": 420, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 420


def test_all_clear(show: Callable[[Report], Page]) -> None:
    page = show(reports.report())
    assert page.locator("h1").text_content() == "No test breaks between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f)."
    assert page.locator("main section, #search, #between").evaluate_all("all => all.every(one => one.offsetParent === null)")
