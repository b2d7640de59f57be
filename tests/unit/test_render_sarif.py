from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.render import Style
from impact.render.sarif import render
from support import hostile, reports
from support.node import MODULES, needs

if TYPE_CHECKING:
    from impact.render.document import ReportDocument
    from impact.report import Report


def run(report: Report) -> dict[str, Any]:
    log = json.loads(render(cast("ReportDocument", report.to_dict()), Style()))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def uris(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(uris, value))
    if isinstance(value, dict):
        return set().union(*map(uris, value.values())) | ({value["uri"]} if "uri" in value else set())
    return set()


def test_the_story() -> None:
    result = run(reports.story())["results"][0]
    assert {key: value for key, value in result.items() if key != "partialFingerprints"} == {
        "ruleId": "collection-error",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "acme.factory module deleted\nModuleNotFoundError: No module named 'acme.factory'\n"
            "1 test file cannot be collected: tests/api/test_basket.py"
        },
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": "tests/support.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 12}}},
        ],
        "codeFlows": [
            {
                "threadFlows": [
                    {
                        "locations": [
                            {"location": {"physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}, "region": {"startLine": line}}}}
                            for uri, line in (("tests/api/test_basket.py", 5), ("tests/api/client.py", 8), ("tests/support.py", 12))
                        ]
                    }
                ]
            }
        ],
        "properties": {"tests": 1, "code": "from acme.factory import make_order"},
    }


def test_rules_are_the_verdicts_and_what_was_skipped_is_said() -> None:
    story = run(reports.story())
    rules = [rule["id"] for rule in story["tool"]["driver"]["rules"]]
    assert rules == ["collection-error", "runtime-error", "silenced", "at-risk"]
    assert all(rules[one["ruleIndex"]] == one["ruleId"] for one in story["results"])
    assert story["invocations"][0]["toolExecutionNotifications"][0]["message"] == {"text": "not read in full: larger than 8 MB"}


@needs("@microsoft/jest-sarif")
@pytest.mark.parametrize("report", [reports.story(), reports.crowd(), reports.hostile(), reports.flood(20), reports.report()])
def test_the_log_is_valid(report: Report) -> None:
    schema = json.loads(next((MODULES / "@microsoft/jest-sarif/lib/schemas").glob("sarif-2.1.0*.json")).read_text())
    jsonschema.Draft4Validator(schema).validate({"version": "2.1.0", "runs": [run(report)]})


@settings(max_examples=50, deadline=None)
@given(st.lists(hostile.text(), min_size=1, max_size=4))
def test_hostile_names_are_neither_links_nor_placeholders_nor_addresses(texts: list[str]) -> None:
    found = run(reports.filled(texts))
    messages = [one["message"]["text"] for one in found["results"]]
    assert all(line.isprintable() for text in messages for line in text.split("\n"))
    assert not any(re.search(r"[^\\]\]\(|(?<!\{)\{\d+\}", text) for text in messages)
    for uri in uris(found):
        assert re.fullmatch(r"[A-Za-z0-9._~%/-]*", uri)
        assert not urlsplit(uri).scheme
        unquote_to_bytes(uri)


def test_results_do_not_repeat() -> None:
    prints = [one["partialFingerprints"]["impact/v1"] for one in run(reports.hostile())["results"]]
    assert len(set(prints)) == len(prints)
