"""The report as a check run of GitHub: how it ends, and a remark on each line (https://docs.github.com/rest/checks/runs)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.render.inert import visible
from impact.render.remarks import remarks
from impact.render.view import overview, sentence
from impact.report import Verdict

if TYPE_CHECKING:
    from impact.render.document import ReportDocument
    from impact.render.remarks import Remark

# More than that nobody looks at; the report has them all.
_MOST = 200
_FAILING = frozenset({Verdict.COLLECTION_ERROR, Verdict.RUNTIME_ERROR})


@dataclass(frozen=True, slots=True)
class CheckRun:
    """`conclusion`, `title` and `annotations` as the API takes them."""

    conclusion: str
    title: str
    annotations: tuple[dict[str, object], ...]


def check_run(document: ReportDocument, *, without: frozenset[tuple[str, int]] = frozenset()) -> CheckRun:
    """Return the check run of a report; the places `without` have a remark of their own already."""
    view = overview(document)
    found = sorted((one for one in remarks(view) if (one.path, one.line) not in without), key=lambda one: one.rank)[:_MOST]
    conclusion = "failure" if view.worst in _FAILING else "neutral" if view.worst else "success"
    return CheckRun(conclusion, visible(sentence(view)), tuple(_annotation(one) for one in found))


def _annotation(one: Remark) -> dict[str, object]:
    line = max(one.line, 1)
    level = "failure" if one.verdict in _FAILING else "warning"
    return {"path": visible(one.path), "start_line": line, "end_line": line, "annotation_level": level, "title": one.title[:255], "message": one.message}
