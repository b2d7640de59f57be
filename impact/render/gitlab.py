"""The report as GitLab's Code Quality: a list of remarks on lines.

What GitLab reads of it: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. It compares the fingerprints of two
branches to tell what is new, so they must not depend on line numbers and must not repeat.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from impact.render.remarks import remarks
from impact.render.view import overview
from impact.report import Verdict

if TYPE_CHECKING:
    from impact.render import Style
    from impact.render.document import ReportDocument
    from impact.render.remarks import Remark

_SEVERITIES = {Verdict.COLLECTION_ERROR: "critical", Verdict.RUNTIME_ERROR: "major", Verdict.SILENCED: "minor", Verdict.AT_RISK: "info"}


def render(document: ReportDocument, _: Style) -> str:
    """Return the remarks as JSON, in ASCII; an empty list where nothing breaks, which GitLab takes for all clear."""
    return json.dumps([_issue(one) for one in remarks(overview(document))], indent=2, ensure_ascii=True) + "\n"


def _issue(one: Remark) -> dict[str, object]:
    return {
        "description": f"{one.title}: {one.message}".replace("\n", "; "),
        "check_name": f"impact/{one.verdict}",
        "fingerprint": one.fingerprint,
        "severity": _SEVERITIES[one.verdict],
        # A file without a line of its own is remarked upon at its top.
        "location": {"path": one.path, "lines": {"begin": max(one.line, 1)}},
    }
