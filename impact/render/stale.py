"""Compiled files without source, as text and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

from impact.render.inert import clipped, visible
from impact.render.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from impact.render.document import TestDocument
    from impact.render.history import CommitDocument

_SUBJECT = 80


class OriginDocument(TypedDict):
    """What a file was compiled from."""

    blob: str
    commit: CommitDocument


class StaleFileDocument(TypedDict):
    """A compiled file without its source."""

    path: str
    source: str
    python: str | None
    importable: bool
    size: int | None
    hash: str | None
    committed: bool
    origin: OriginDocument | None
    tracked: bool
    masks: Sequence[TestDocument]


class LeftoverDocument(TypedDict):
    """A directory with nothing but compiled files."""

    path: str
    masks: Sequence[TestDocument]


class StaleDocument(TypedDict):
    """The fields of `impact.history.stale.StaleReport.to_dict()`."""

    files: Sequence[StaleFileDocument]
    leftovers: Sequence[LeftoverDocument]
    removed: Sequence[str]


def render_json(document: StaleDocument) -> str:
    """Return the document as JSON, in ASCII."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def render_text(document: StaleDocument) -> str:
    """Return the document as lines for a person: what Python would still import first."""
    files, leftovers = document["files"], document["leftovers"]
    if not files and not leftovers:
        return "No compiled file is without its source.\n"
    importable = [one for one in files if one["importable"]]
    harmless = [one for one in files if not one["importable"]]
    lines = [f"{plural(len(files), 'compiled file')} without source, {len(importable)} of them importable"]
    for one in importable:
        lines += ["", f"{one['path']}  {_python(one)} imports it in place of {one['source']}", f"  {_origin(one)}", *_masks(one["masks"])]
    for left in leftovers:
        lines += ["", f"{left['path']}/  holds nothing but __pycache__: Python imports it as a namespace package", *_masks(left["masks"])]
    if harmless:
        lines += ["", "Not importable without their source:"]
        lines += [f"  {one['path']}  {_python(one)}; {_origin(one)}" for one in harmless]
    if document["removed"]:
        lines += ["", f"Removed: {len(document['removed']):,}", *(f"  {path}" for path in document["removed"])]
    return "".join(f"{visible(line).rstrip()}\n" for line in lines)


def _python(one: StaleFileDocument) -> str:
    return f"Python {one['python']}" if one["python"] else "Python"


def _origin(one: StaleFileDocument) -> str:
    tracked = ", and Git tracks the compiled file" if one["tracked"] else ""
    if one["origin"] is None:
        unknown = "a version that no commit holds" if one["size"] is not None or one["hash"] is not None else "what its header does not tell"
        return (f"compiled from {unknown}" if one["committed"] else "its source was never committed") + tracked
    commit = one["origin"]["commit"]
    number = f" ({commit['number']})" if commit["number"] and commit["number"] not in commit["subject"] else ""
    told = f"{commit['id'][:10]}, {commit['date'][:10]}, by {commit['author']}{number}: {clipped(commit['subject'], _SUBJECT)}"
    return f"compiled from {one['source']} as of {told}{tracked}"


def _masks(tests: Sequence[TestDocument]) -> list[str]:
    if not tests:
        return []
    return [f"  {plural(len(tests), 'test file')} would break without it:", *(f"    {test['path']}  {test['exception'] or test['verdict']}" for test in tests)]


FORMATS: Mapping[str, Callable[[StaleDocument], str]] = {"text": render_text, "json": render_json}
