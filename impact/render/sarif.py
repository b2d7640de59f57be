"""The report as SARIF 2.1.0 (OASIS), for code scanning: a result for each line and verdict, with the chains that lead there.

A rule is a verdict, so its id never changes; `partialFingerprints` tell a result that is known from a new one although its line moved.
GitHub reads at most 1,000 related locations of a result and shows far fewer: the heaviest lines name their first tests alone.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from impact.render.inert import visible
from impact.render.remarks import remarks
from impact.render.view import overview
from impact.report import Verdict

if TYPE_CHECKING:
    from impact.render import Style
    from impact.render.document import ReportDocument
    from impact.render.remarks import Remark

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "impact/v1"
_CHAINS = 20
_RULES = {
    Verdict.COLLECTION_ERROR: ("error", "A test cannot be collected", "What its import needs is gone, so pytest stops before it runs a test of the file."),
    Verdict.RUNTIME_ERROR: ("error", "A test fails at run time", "The file is collected; a test in it names, patches or imports what is gone."),
    Verdict.SILENCED: ("warning", "A test passes without testing", "A skip or a fallback for a missing module is now always taken."),
    Verdict.AT_RISK: ("warning", "A test may break", "It depends on what is gone in a way that only running it can tell."),
}


def render(document: ReportDocument, _: Style) -> str:
    """Return the log as JSON, in ASCII."""
    rules = list(_RULES)
    run = {
        "tool": {"driver": {"name": "impact", "semanticVersion": document["tool"]["version"], "rules": [_rule(verdict) for verdict in rules]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [_skipped(one["path"], one["reason"]) for one in document["skipped"]]}],
        "results": [_result(one, rules.index(one.verdict)) for one in remarks(overview(document))],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True) + "\n"


def _rule(verdict: Verdict) -> dict[str, object]:
    level, short, full = _RULES[verdict]
    return {
        "id": verdict.value,
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {"text": f"{full} The message says what is gone, and what to write instead where that is known."},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["tests"]},
    }


def _result(one: Remark, index: int) -> dict[str, object]:
    here = (one.path, one.line)
    chains = [((reach.path, reach.line), *reach.via, here) for reach in one.site.through[:_CHAINS]]
    return {
        "ruleId": one.verdict.value,
        "ruleIndex": index,
        "level": _RULES[one.verdict][0],
        "message": {"text": _text(f"{one.title}\n{one.message}")},
        "locations": [_location(*here)],
        "partialFingerprints": {_FINGERPRINT: one.fingerprint},
        **({"codeFlows": [{"threadFlows": [{"locations": [{"location": _location(*step)} for step in chain]}]} for chain in chains]} if chains else {}),
        "properties": {"tests": len(one.site.tests), "code": one.site.code},
    }


def _skipped(path: str, reason: str) -> dict[str, object]:
    return {"level": "warning", "message": {"text": _text(visible(f"not read in full: {reason}"))}, "locations": [_location(path, 0)]}


def _location(path: str, line: int) -> dict[str, object]:
    region = {"region": {"startLine": line}} if line else {}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(path), "uriBaseId": "%SRCROOT%"}, **region}}


def _uri(path: str) -> str:
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    return quote(raw, safe="/")


def _text(text: str) -> str:
    """Return `text` as a message in which neither an embedded link nor a placeholder stands (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return re.sub(r"\{(\d+)\}", r"{{\1}}", text).replace("](", "\\](")
