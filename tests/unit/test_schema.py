from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import impact
from impact.render import FORMATS, document
from impact.report import SCHEMA_VERSION, Certainty, ChangeKind, ReferenceKind, Verdict
from impact.settings import Settings
from support import reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from impact.report import Report

SCHEMA = json.loads((Path(impact.__file__).parent / "schema" / "report.schema.json").read_text())
DEFINITIONS = SCHEMA["$defs"]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", [reports.story(), reports.crowd(3), reports.hostile(), reports.report()])
def test_reports_are_valid_and_hold_no_field_that_the_schema_does_not_describe(report: Report) -> None:
    value = report.to_dict()
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.validate(value)
    validator.validate({**value, "added_later": 1})
    jsonschema.Draft202012Validator(_closed(SCHEMA)).validate(json.loads(json.dumps(value)))


def test_enumerations_are_those_of_the_code() -> None:
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    assert DEFINITIONS["verdict"]["enum"] == list(Verdict)
    assert DEFINITIONS["change"]["properties"]["kind"]["enum"] == list(ChangeKind)
    assert DEFINITIONS["break"]["properties"]["kind"]["enum"] == list(ReferenceKind)
    assert DEFINITIONS["remedy"]["properties"]["certainty"]["enum"] == list(Certainty)
    assert list(SCHEMA["properties"]["summary"]["properties"]["tests"]["properties"]) == list(Verdict)


@pytest.mark.parametrize(
    ("definition", "shape"),
    [
        (SCHEMA, document.ReportDocument),
        (DEFINITIONS["change"], document.ChangeDocument),
        (DEFINITIONS["evidence"], document.EvidenceDocument),
        (DEFINITIONS["break"], document.BreakDocument),
        (DEFINITIONS["remedy"], document.RemedyDocument),
        (DEFINITIONS["test"], document.TestDocument),
        (DEFINITIONS["link"], document.LinkDocument),
        (DEFINITIONS["meeting"], document.MeetingDocument),
        (DEFINITIONS["party"], document.PartyDocument),
    ],
)
def test_what_the_formats_read_is_promised(definition: dict[str, list[str]], shape: type) -> None:
    assert set(shape.__annotations__) <= set(definition["properties"])
    assert {name for name in shape.__annotations__ if not shape.__annotations__[name].__forward_arg__.startswith("NotRequired")} <= set(definition["required"])


@pytest.mark.parametrize("broken", [{"schema_version": 2}, {"tests": None}, {"base": {"revision": "main", "commit": "abc"}}])
def test_what_is_no_report_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate({**reports.report().to_dict(), **broken})


def test_everything_is_described() -> None:
    assert [path for path, schema in _objects(SCHEMA, "") if "description" not in schema] == []


def test_the_default_format_exists() -> None:
    assert Settings().output_format in FORMATS


def _objects(schema: dict[str, object], path: str) -> Iterator[tuple[str, dict[str, object]]]:
    for group in ("properties", "$defs"):
        entries = schema.get(group, {})
        assert isinstance(entries, dict)
        for name, inner in entries.items():
            if "$ref" not in inner and "const" not in inner:
                yield f"{path}/{name}", inner
            yield from _objects(inner, f"{path}/{name}")


def _closed(schema: Any) -> Any:
    """Return the schema with no room for fields that it does not describe."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if isinstance(schema, dict):
        return {key: False if key == "additionalProperties" else _closed(value) for key, value in schema.items()}
    return schema
