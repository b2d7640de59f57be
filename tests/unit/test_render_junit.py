from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast
from xml.etree import ElementTree as ET

import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.render import Style
from impact.render.inert import visible
from impact.render.junit import render
from support import hostile, reports

if TYPE_CHECKING:
    from impact.render.document import ReportDocument
    from impact.report import Report

SCHEMA = xmlschema.XMLSchema(str(Path(reports.__file__).with_name("junit-10.xsd")))


def junit(report: Report) -> str:
    text = render(cast("ReportDocument", report.to_dict()), Style())
    SCHEMA.validate(text)
    return text


def parse(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - we wrote it


def test_the_story() -> None:
    assert (
        junit(reports.story())
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="impact" tests="5" failures="1" errors="3">
  <testsuite name="impact" tests="5" failures="1" errors="3" skipped="1" time="0">
    <testcase classname="impact.collection-error" name="tests/test_orders.py" time="0">
      <error type="collection-error" message="ModuleNotFoundError: No module named &#39;acme.factory&#39;">\
tests/test_orders.py:3  from acme.factory import make_order
chain: tests/test_orders.py:3
</error>
    </testcase>
    <testcase classname="impact.collection-error" name="tests/api/test_basket.py" time="0">
      <error type="collection-error" message="ModuleNotFoundError: No module named &#39;acme.factory&#39;">\
tests/support.py:12  from acme.factory import make_order
chain: tests/api/test_basket.py:5 -&gt; tests/api/client.py:8 -&gt; tests/support.py:12
</error>
    </testcase>
    <testcase classname="impact.collection-error" name="tests/test_login.py" time="0">
      <error type="collection-error" message="ImportError: cannot import name &#39;login&#39; from &#39;tests.helpers&#39;">\
tests/test_login.py:2  from tests.helpers import login, logout
chain: tests/test_login.py:2
</error>
    </testcase>
    <testcase classname="impact.runtime-error" name="tests/test_invoice.py" time="0">
      <failure type="runtime-error" message="AttributeError: &lt;module &#39;acme.orders&#39;&gt; does not have the attribute &#39;total&#39;">\
tests/test_invoice.py:21  @mock.patch(&#34;acme.orders.total&#34;, return_value=3)
    use acme.billing.total
in tests/test_invoice.py::test_due, tests/test_invoice.py::TestCredit::test_refund
chain: tests/test_invoice.py:21
</failure>
    </testcase>
    <testcase classname="impact.silenced" name="tests/test_speed.py" time="0">
      <skipped type="silenced" message="Skipped: ModuleNotFoundError: No module named &#39;acme.factory&#39;">\
tests/test_speed.py:4  pytest.importorskip(&#34;acme.factory&#34;)
chain: tests/test_speed.py:4
</skipped>
    </testcase>
  </testsuite>
</testsuites>
"""
    )


def test_all_clear_is_a_case_that_passes() -> None:
    (case,) = parse(junit(reports.report())).iter("testcase")
    assert (case.get("name"), len(case)) == ("No test breaks between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f).", 0)


def test_thousands() -> None:
    assert junit(reports.crowd(2000)).count("<testcase ") == 2000


@settings(max_examples=50, deadline=None)
@given(st.lists(hostile.text(), min_size=1, max_size=4))
def test_hostile_names_stay_in_their_place(texts: list[str]) -> None:
    root = parse(junit(reports.filled(texts)))
    assert [case.get("name") for case in root.iter("testcase")] == [visible(text or "empty") for text in texts]
    assert {element.tag for element in root.iter()} == {"testsuites", "testsuite", "testcase", "error"}
