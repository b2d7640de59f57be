"""A merge queue, as text and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

from impact.render.inert import visible
from impact.render.text import render
from impact.render.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from impact.render import Style
    from impact.render.document import EndDocument, ReportDocument, ToolDocument


class CandidateDocument(TypedDict):
    """The fields of `impact.revisions.queue.Candidate`."""

    name: str
    lands: bool
    alone: bool
    meets: list[str]
    report: ReportDocument


class QueueDocument(TypedDict):
    """A queue: what it stands on, and its candidates in order."""

    schema_version: int
    tool: ToolDocument
    base: EndDocument
    queue: list[CandidateDocument]


def render_json(document: QueueDocument, _: Style) -> str:
    """Return the queue as JSON, in ASCII."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def render_text(document: QueueDocument, style: Style) -> str:
    """Return a line for each candidate, and below them the report of each that cannot land."""
    queue = document["queue"]
    failing = [one for one in queue if not one["lands"]]
    base = _end(document["base"]["revision"], document["base"]["commit"])
    total = plural(len(queue), "candidate")
    lines = [f"{len(failing)} of {total} cannot land on {base}" if failing else f"{total} can land on {base}, in this order"]
    lines += [f"  {_end(one['name'], one['report']['head']['commit'])}: {_fate(one)}" for one in queue]
    pages = [] if style.verbosity < 0 else [f"\n{visible(one['name'])}\n{render(one['report'], style)}" for one in failing]
    return "".join([*(f"{line}\n" for line in lines), *pages])


def _fate(one: CandidateDocument) -> str:
    if one["lands"]:
        return "lands"
    conflicts = len(one["report"].get("conflicts", []))
    if one["alone"]:
        return "cannot land: Git cannot merge it" if conflicts else "cannot land: it breaks tests alone"
    what = f"{plural(conflicts, 'file')} in conflict" if conflicts else "tests break where the two meet"
    return f"cannot land with {' nor with '.join(map(visible, one['meets']))}: {what}" if one["meets"] else "cannot land: those before it are too much together"


def _end(revision: str, commit: str | None) -> str:
    return visible(revision if commit is None or commit.startswith(revision) else f"{revision} ({commit[:10]})")


FORMATS: Mapping[str, Callable[[QueueDocument, Style], str]] = {"text": render_text, "json": render_json}
