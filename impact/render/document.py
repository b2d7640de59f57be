"""The shape of `Report.to_dict()`, as the formats read it. `impact/schema/report.schema.json` says the same to other programs."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class ToolDocument(TypedDict):
    """What wrote the report."""

    name: str
    version: str


class EndDocument(TypedDict):
    """One end of the range."""

    revision: str
    commit: str | None


class HeadDocument(EndDocument):
    """The head, and whether it is judged as merged into the base."""

    merged: bool


class EvidenceDocument(TypedDict):
    """Why a thing is believed to be gone."""

    kind: str
    detail: str
    path: NotRequired[str]
    new_path: NotRequired[str]
    similarity: NotRequired[int]
    line: NotRequired[int]
    commit: NotRequired[str]
    date: NotRequired[str]
    author: NotRequired[str]
    subject: NotRequired[str]
    number: NotRequired[str]


class ChangeDocument(TypedDict):
    """What is gone, and where it went."""

    id: str
    kind: str
    old: str
    new: str | None
    path: str
    new_path: str | None
    evidence: list[EvidenceDocument]
    certainty: NotRequired[str | None]


class RemedyDocument(TypedDict):
    """What to write in place of a reference."""

    replacement: str
    certainty: str


class BreakDocument(TypedDict):
    """A reference that does not resolve."""

    id: str
    path: str
    line: int
    column: int
    code: str
    kind: str
    target: str
    change: str | None
    deferred: bool
    function: NotRequired[str | None]
    exception: str
    remedy: RemedyDocument | None


class LinkDocument(TypedDict):
    """One step of a chain."""

    path: str
    module: str
    line: int


class TestDocument(TypedDict):
    """One test file and one verdict."""

    path: str
    verdict: str
    node_ids: list[str]
    exception: str | None
    breaks: list[str]
    chain: list[LinkDocument]


class MaskedDocument(TypedDict):
    """A test that failed at base for another reason."""

    path: str
    exception: str
    node_ids: NotRequired[list[str]]


class SkippedDocument(TypedDict):
    """A file that was not understood in full."""

    path: str
    reason: str


class PartyDocument(TypedDict):
    """One side of a meeting."""

    revision: str
    commit: str | None
    subject: str | None
    path: str | None
    line: int


class MeetingDocument(TypedDict):
    """A break that neither side of a merge has alone."""

    break_id: str
    reference: PartyDocument
    change: PartyDocument
    tests: list[str]


class ExcerptDocument(TypedDict):
    """Some lines around a break."""

    path: str
    line: int
    first: int
    lines: list[str]


class ReportDocument(TypedDict):
    """The whole report. What it counts can be counted from the rest, so `summary` is for other readers."""

    schema_version: int
    tool: ToolDocument
    base: EndDocument
    head: HeadDocument
    changes: list[ChangeDocument]
    breaks: list[BreakDocument]
    tests: list[TestDocument]
    preexisting: list[BreakDocument]
    masked: list[MaskedDocument]
    skipped: list[SkippedDocument]
    meetings: NotRequired[list[MeetingDocument]]
    conflicts: NotRequired[list[str]]
    notes: NotRequired[list[str]]
    excerpts: NotRequired[list[ExcerptDocument]]
