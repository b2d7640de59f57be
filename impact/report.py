"""The report: one frozen value. JSON is its `to_dict()`, every other format renders the same dict.

The shape is a promise (`schema_version`); `impact/schema/report.schema.json` says it in JSON Schema. Everything is sorted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum

# 1: the first shape. Fields may be added under a version, none is renamed or dropped.
SCHEMA_VERSION = 1


class Verdict(StrEnum):
    """What happens to a test, worst first."""

    COLLECTION_ERROR = "collection-error"
    RUNTIME_ERROR = "runtime-error"
    SILENCED = "silenced"
    AT_RISK = "at-risk"
    AFFECTED = "affected"


AFFECTING = frozenset(Verdict) - {Verdict.AFFECTED}
"""The verdicts that say something is wrong with a test."""


class ChangeKind(StrEnum):
    """What the change did to a module, a symbol, a marker or a reference."""

    MODULE_DELETED = "module-deleted"
    MODULE_RENAMED = "module-renamed"
    MODULE_MOVED = "module-moved"
    MODULE_UNPARSABLE = "module-unparsable"
    SYMBOL_DELETED = "symbol-deleted"
    SYMBOL_RENAMED = "symbol-renamed"
    SYMBOL_MOVED = "symbol-moved"
    FIXTURE_DELETED = "fixture-deleted"
    MARKER_UNREGISTERED = "marker-unregistered"
    SIGNATURE_CHANGED = "signature-changed"
    REFERENCE_ADDED = "reference-added"


class ReferenceKind(StrEnum):
    """How a file names a module or a symbol."""

    IMPORT = "import"
    FROM_IMPORT = "from-import"
    STAR = "star"
    ATTRIBUTE = "attribute"
    NAME = "name"
    STRING = "string"
    FIXTURE = "fixture"
    SYNTAX = "syntax"
    MARKER = "marker"
    CALL = "call"


class Certainty(StrEnum):
    """How sure it is where a thing went, the surest first."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class End:
    """One end of the range: the revision as it was asked for, and the commit it names (None: a tree that is no commit)."""

    revision: str
    commit: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why we believe that a thing is gone, or where it went. `path` and `new_path` are relative to the repository root, `line` counts from 1.

    `commit`, `date` (ISO 8601), `author`, `subject` and `number` (of the pull request, `#12`) are what a commit says of itself.
    """

    kind: str
    detail: str
    path: str | None = None
    new_path: str | None = None
    similarity: int | None = None
    line: int | None = None
    commit: str | None = None
    date: str | None = None
    author: str | None = None
    subject: str | None = None
    number: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object; absent facts are left out."""
        pairs = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {key: value for key, value in pairs if value is not None}


@dataclass(frozen=True, slots=True)
class Change:
    """A module or symbol deleted, renamed or moved between base and head. Names read `pkg.mod` or `pkg.mod:Symbol`.

    `certainty` says how sure `new` is; None where there is no such.
    """

    kind: ChangeKind
    old: str
    new: str | None
    path: str
    new_path: str | None
    evidence: tuple[Evidence, ...] = ()
    certainty: Certainty | None = None

    @property
    def id(self) -> str:
        """A stable, readable identity: it does not depend on line numbers or on what else changed."""
        return f"{self.kind}:{self.old}"

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "old": self.old,
            "new": self.new,
            "path": self.path,
            "new_path": self.new_path,
            "evidence": [one.to_dict() for one in self.evidence],
            "certainty": None if self.certainty is None else self.certainty.value,
        }


@dataclass(frozen=True, slots=True)
class Remedy:
    """The edit that mends a break: what to write in place of the reference's target."""

    replacement: str
    certainty: Certainty


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """A reference that does not resolve at head. `line` and `column` count from 1 and 0 as in Python's `ast`.

    `function`: what a deferred one stands in, as pytest writes it (`Class::name`), where that is a function of its file.
    """

    path: str
    line: int
    column: int
    code: str
    kind: ReferenceKind
    target: str
    change: str | None
    deferred: bool
    exception: str
    remedy: Remedy | None = field(default=None, compare=False)
    function: str | None = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """A readable identity, unique in one report."""
        return f"{self.path}:{self.line}:{self.column}:{self.target}"

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {
            "id": self.id,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "kind": self.kind.value,
            "target": self.target,
            "change": self.change,
            "deferred": self.deferred,
            "function": self.function,
            "exception": self.exception,
            "remedy": None if self.remedy is None else {"replacement": self.remedy.replacement, "certainty": self.remedy.certainty.value},
        }


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain: a file, the module it is, and the line that goes on to the next step (or breaks)."""

    path: str
    module: str
    line: int

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"path": self.path, "module": self.module, "line": self.line}


@dataclass(frozen=True, slots=True)
class BrokenTest:
    """One test file and one verdict. `node_ids` names the tests where not all of the file breaks; `chain` runs importer first."""

    path: str
    verdict: Verdict
    exception: str | None
    node_ids: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    chain: tuple[Link, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {
            "path": self.path,
            "verdict": self.verdict.value,
            "node_ids": list(self.node_ids),
            "exception": self.exception,
            "breaks": list(self.breaks),
            "chain": [link.to_dict() for link in self.chain],
        }


@dataclass(frozen=True, slots=True, order=True)
class Masked:
    """A test file that the change would break, or some of its tests (`node_ids`), had they not failed at base for another reason already."""

    path: str
    exception: str
    node_ids: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"path": self.path, "exception": self.exception, "node_ids": list(self.node_ids)}


@dataclass(frozen=True, slots=True, order=True)
class Skipped:
    """A file that could not be read or understood in full, and why."""

    path: str
    reason: str

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"path": self.path, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a meeting: the end it came with, the commit that did it (None: not committed, or not found), and where."""

    revision: str
    commit: str | None
    subject: str | None
    path: str | None
    line: int

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"revision": self.revision, "commit": self.commit, "subject": self.subject, "path": self.path, "line": self.line}


@dataclass(frozen=True, slots=True)
class Meeting:
    """A break that neither side of a merge has alone: one names what the other took away. `break_id` names the break."""

    break_id: str
    reference: Party
    change: Party
    tests: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"break_id": self.break_id, "reference": self.reference.to_dict(), "change": self.change.to_dict(), "tests": list(self.tests)}


@dataclass(frozen=True, slots=True, order=True)
class Excerpt:
    """Some lines of a file at the head, around `line`, where something breaks or a chain goes on; `first` is the number of the first of them."""

    path: str
    line: int
    first: int
    lines: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"path": self.path, "line": self.line, "first": self.first, "lines": list(self.lines)}


@dataclass(frozen=True, slots=True)
class Report:
    """What a change breaks, between two revisions of one repository."""

    version: str
    base: End
    head: End
    merged: bool
    changes: tuple[Change, ...]
    breaks: tuple[Break, ...]
    tests: tuple[BrokenTest, ...]
    preexisting: tuple[Break, ...]
    masked: tuple[Masked, ...]
    skipped: tuple[Skipped, ...]
    meetings: tuple[Meeting, ...] = ()
    conflicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """Return how many test files have `verdict`."""
        return sum(test.verdict is verdict for test in self.tests)

    def to_dict(self) -> dict[str, object]:
        """Return the JSON document (schema version 1)."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "impact", "version": self.version},
            "base": {"revision": self.base.revision, "commit": self.base.commit},
            "head": {"revision": self.head.revision, "commit": self.head.commit, "merged": self.merged},
            "changes": [change.to_dict() for change in self.changes],
            "breaks": [one.to_dict() for one in self.breaks],
            "tests": [test.to_dict() for test in self.tests],
            "preexisting": [one.to_dict() for one in self.preexisting],
            "masked": [one.to_dict() for one in self.masked],
            "skipped": [one.to_dict() for one in self.skipped],
            "meetings": [one.to_dict() for one in self.meetings],
            "conflicts": list(self.conflicts),
            "notes": list(self.notes),
            "excerpts": [one.to_dict() for one in self.excerpts],
            "summary": {
                "tests": {verdict.value: self.count(verdict) for verdict in Verdict},
                "changes": len(self.changes),
                "breaks": len(self.breaks),
                "preexisting": len(self.preexisting),
                "masked": len(self.masked),
                "skipped": len(self.skipped),
            },
        }
