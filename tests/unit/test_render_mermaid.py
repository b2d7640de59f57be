from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, cast

from hypothesis import given, settings

from impact.render import Style
from impact.render.mermaid import SMALL, label, picture, render
from impact.render.view import overview
from support import hostile, reports
from support.node import needs, run_node

if TYPE_CHECKING:
    from impact.render.document import ReportDocument
    from impact.report import Report

EVERY = (reports.story(), reports.crowd(), reports.hostile(), reports.flood(40), reports.report())


def document(report: Report) -> ReportDocument:
    return cast("ReportDocument", report.to_dict())


def mermaid(report: Report) -> str:
    return render(document(report), Style())


def test_the_story() -> None:
    assert mermaid(reports.story()) == reports.STORY_CHART


def test_what_is_not_drawn_is_counted() -> None:
    assert '"1#44;996 more test files"]:::more' in mermaid(reports.crowd())
    assert '"34 more changes#44; 1#44;020 test files"]:::more' in mermaid(reports.flood(40))
    assert '"27 more test files"]:::more' in picture(overview(document(reports.flood(1))), SMALL)


def test_it_stays_within_what_github_draws() -> None:
    for report in EVERY:
        assert mermaid(report).count("-->") < 500
        assert len(mermaid(report)) < 50_000


@settings(max_examples=100, deadline=None)
@given(hostile.text())
def test_a_label_is_nothing_but_text(text: str) -> None:
    assert re.fullmatch(r"(?:[\w ./-]|#\d+;)*", label(text))


@needs("mermaid")
def test_mermaid_reads_it() -> None:
    draw = random.Random(7)
    pieces = [text for text in reports.HOSTILE if len(text) < 1000]
    mixed = [reports.filled(["".join(draw.sample(pieces, 3)) + word]) for word in ("end", "click", "%%", "\n  x --> y", "subgraph", "{", "#35;", "--", "x")]
    diagrams = [mermaid(report) for report in (*EVERY, *mixed)]
    assert run_node("parse_mermaid.mjs", diagrams) == ["flowchart-v2"] * len(diagrams)
    assert run_node("parse_mermaid.mjs", ["flowchart LR\n a[x(] --> b"]) != ["flowchart-v2"], "the parser would take anything"
