from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.render import Style
from impact.render.gitlab import render
from support import hostile, reports

if TYPE_CHECKING:
    from impact.render.document import ReportDocument
    from impact.report import Report

# What GitLab itself holds every issue against: which fields there have to be, and of what type (app/validators/json_schemas/codeclimate.json in its source).
_LINE = {"type": "object", "properties": {"begin": {"type": "integer"}}}
_POSITION = {"type": "object", "properties": {"begin": {"type": "object", "properties": {"line": {"type": "integer"}}}}}
GITLABS_OWN = {
    "type": "object",
    "required": ["description", "fingerprint", "severity", "location"],
    "properties": {
        **{key: {"type": "string"} for key in ("description", "fingerprint", "severity")},
        "location": {"type": "object", "properties": {"path": {"type": "string"}, "lines": _LINE, "positions": _POSITION}},
    },
}
# What its documentation asks on top, and a little more: it takes an issue without a path, and shows it nowhere.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}


def gitlab(report: Report) -> list[dict[str, Any]]:
    issues: list[dict[str, Any]] = json.loads(render(cast("ReportDocument", report.to_dict()), Style()))
    jsonschema.Draft202012Validator({"type": "array", "items": GITLABS_OWN}).validate(issues)
    jsonschema.Draft202012Validator(SCHEMA).validate(issues)
    return issues


def test_the_story() -> None:
    first, *_, last = gitlab(reports.story())
    assert {key: value for key, value in last.items() if key != "fingerprint"} == {
        "description": "acme.orders.total moved to acme.billing.total: AttributeError: <module 'acme.orders'> does not have the attribute 'total'; "
        "1 test file fails at run time: tests/test_invoice.py; Use acme.billing.total",
        "check_name": "impact/runtime-error",
        "severity": "major",
        "location": {"path": "tests/test_invoice.py", "lines": {"begin": 21}},
    }
    assert first["location"] == {"path": "tests/support.py", "lines": {"begin": 12}}


def test_all_clear_is_an_empty_list() -> None:
    assert gitlab(reports.report()) == []


@pytest.mark.parametrize("report", [reports.hostile(), reports.crowd(2000), reports.flood(50)])
def test_fingerprints_are_unique(report: Report) -> None:
    issues = gitlab(report)
    assert len({one["fingerprint"] for one in issues}) == len(issues)


def test_a_fingerprint_does_not_depend_on_the_line() -> None:
    story = reports.story()
    later = replace(story, breaks=tuple(replace(one, line=one.line + 7) for one in story.breaks))
    names = {old.id: new.id for old, new in zip(story.breaks, later.breaks, strict=True)}
    later = replace(later, tests=tuple(replace(test, breaks=tuple(names[one] for one in test.breaks)) for test in story.tests))
    before, after = gitlab(story), gitlab(later)
    assert {one["fingerprint"] for one in before} == {one["fingerprint"] for one in after}
    assert {one["location"]["lines"]["begin"] for one in before} != {one["location"]["lines"]["begin"] for one in after}


@settings(max_examples=50, deadline=None)
@given(st.lists(hostile.text(), min_size=1, max_size=4))
def test_hostile_names_are_valid_too(texts: list[str]) -> None:
    assert all(one["description"].isprintable() for one in gitlab(reports.filled(texts)))
