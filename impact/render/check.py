"""What one revision misses, as text, JSON and Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

from impact.render.inert import clipped, visible
from impact.render.words import dotted, folded, place, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from impact.render.document import EndDocument, SkippedDocument
    from impact.render.history import CommitDocument

_GROUPS, _SITES, _SUBJECT, _NAME = 40, 5, 80, 300
# Places of what went in pieces, and tests that run a reference elsewhere.
_PIECES, _RUNNERS = 4, 2
# What GitHub takes for one comment, less some room.
_LIMIT = 64_000
_VERBS = {False: "gone since", True: "never there, named since"}


class ReferenceDocument(TypedDict):
    """A reference to what is missing."""

    path: str
    line: int
    code: str
    exception: str
    deferred: bool
    test: bool


class RemedyDocument(TypedDict):
    """What to write instead."""

    replacement: str
    certainty: str


class RunnersDocument(TypedDict):
    """The tests that run a reference without having one."""

    tests: int
    paths: Sequence[str]


class MissingDocument(TypedDict):
    """Something that is named and not there."""

    target: str
    born_broken: bool
    commit: CommitDocument | None
    remedy: RemedyDocument | None
    went_to: Sequence[str]
    defined_elsewhere: Sequence[str]
    bytecode: Sequence[str]
    dependents: RunnersDocument
    known: bool
    accepted: str | None
    tests: int
    references: Sequence[ReferenceDocument]


class CheckDocument(TypedDict):
    """The fields of `impact.history.checks.CheckReport.to_dict()`."""

    revision: EndDocument
    missing: Sequence[MissingDocument]
    mended: Sequence[Mapping[str, str]]
    notes: Sequence[str]
    skipped: Sequence[SkippedDocument]


def render_json(document: CheckDocument, _width: int) -> str:
    """Return the document as JSON, in ASCII."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def render_text(document: CheckDocument, width: int) -> str:
    """Return the document as lines for a person, of so many columns where their words allow for that: what most files miss first."""
    counting = [one for one in document["missing"] if not one["known"] and one["accepted"] is None]
    lines = [_verdict(document, counting)]
    for one in counting[:_GROUPS]:
        lines += ["", *_group(one, width)]
    if len(counting) > _GROUPS:
        lines += ["", f"… {plural(len(counting) - _GROUPS, 'more thing')} (in the JSON)"]
    notes = _notes(document)
    shown = (part for line in [*lines, *([""] if notes else []), *notes] for part in folded(visible(line).rstrip(), width))
    return "".join(f"{line}\n" for line in shown)


def render_markdown(document: CheckDocument, _width: int) -> str:
    """Return the document as Markdown; whatever comes out of the repository stands in a code span."""
    from impact.render.templates import cell, span  # noqa: PLC0415

    counting = [one for one in document["missing"] if not one["known"] and one["accepted"] is None]
    head = [f"**{_verdict(document, counting, span)}**", ""]
    rows: list[str] = []
    for one in counting:
        commit = f"{_VERBS[one['born_broken']]} {cell(_told(one['commit']))}" if one["commit"] is not None else ""
        files = len({site["path"] for site in one["references"]})
        first = cell(place(one["references"][0]["path"], one["references"][0]["line"]))
        remedy = _remedy(one, lambda name: cell(dotted(name)))
        tests = one["tests"] + one["dependents"]["tests"]
        rows.append(f"| {cell(dotted(one['target']))} | {files} | {tests} | {first} | {commit} | {remedy} |")
    if rows:
        head += ["| Missing | Files | Tests | First reference | Commit | Remedy |", "| --- | ---: | ---: | --- | --- | --- |"]
    notes = [f"- {span(note)}" for note in _notes(document)]
    size = sum(len(line) + 1 for line in (*head, *notes)) + 200
    shown: list[str] = []
    for row in rows:
        size += len(row) + 1
        if size > _LIMIT:
            break
        shown.append(row)
    left = [f"\n… {plural(len(rows) - len(shown), 'more thing')}"] if len(shown) < len(rows) else []
    return "\n".join([*head, *shown, *left, "", *notes]).rstrip() + "\n"


def _verdict(document: CheckDocument, counting: Sequence[MissingDocument], shown: Callable[[str], str] = str) -> str:
    end = document["revision"]
    revision = end["revision"] if end["commit"] is None or end["commit"].startswith(end["revision"]) else f"{end['revision']} ({end['commit'][:10]})"
    files = len({site["path"] for one in counting for site in one["references"]})
    if not counting:
        return f"Every reference to the project resolves at {shown(revision)}" + (", known and accepted ones aside." if document["missing"] else ".")
    count = plural(sum(len(one["references"]) for one in counting), "reference")
    what = "1 thing that is" if len(counting) == 1 else f"{len(counting):,} things that are"
    return f"{count} in {plural(files, 'file')} to {what} not there at {shown(revision)}"


def _group(one: MissingDocument, width: int) -> list[str]:
    sites = one["references"]
    tests = f", {one['tests']:,} of them tests" if one["tests"] else ""
    lines = [f"{dotted(one['target'])}  ({plural(len({site['path'] for site in sites}), 'file')}{tests})"]
    if one["commit"] is not None:
        lines.append(f"  {_VERBS[one['born_broken']]} {_told(one['commit'])}")
    if remedy := _remedy(one, dotted):
        lines.append(f"  -> {remedy}")
    lines += [f"  {left}" for left in one["bytecode"]]
    lines.append(f"  {sites[0]['exception']}")
    for site in sites[:_SITES]:
        where, code = f"    {site['path']}:{site['line']}", site["code"]
        lines += [f"{where}  {code}"] if len(where) + len(code) + 2 <= width else [where, f"      {code}"]
    if len(sites) > _SITES:
        lines.append(f"    … {len(sites) - _SITES:,} more")
    runners = one["dependents"]
    if runners["tests"]:
        hidden = runners["tests"] - len(runners["paths"][:_RUNNERS])
        more = f" and {hidden:,} more" if hidden else ""
        lines.append(f"    {plural(runners['tests'], 'more test file')} may run that: {', '.join(runners['paths'][:_RUNNERS])}{more}")
    return lines


def _remedy(one: MissingDocument, shown: Callable[[str], str]) -> str:
    if one["remedy"] is not None:
        return f"{'' if one['remedy']['certainty'] == 'certain' else 'perhaps '}use {shown(one['remedy']['replacement'])}"
    if one["went_to"]:
        return f"it went to {', '.join(map(shown, one['went_to'][:_PIECES]))}"
    return f"perhaps use {' or '.join(map(shown, one['defined_elsewhere']))}" if one["defined_elsewhere"] else ""


def _told(commit: CommitDocument | None) -> str:
    if commit is None:
        return ""
    number = f" ({commit['number']})" if commit["number"] and commit["number"] not in commit["subject"] else ""
    return clipped(f"{commit['id'][:10]}, {commit['date'][:10]}, by {commit['author']}{number}: {clipped(commit['subject'], _SUBJECT)}", _NAME)


def _notes(document: CheckDocument) -> list[str]:
    known = sum(len(one["references"]) for one in document["missing"] if one["known"])
    accepted = [one for one in document["missing"] if one["accepted"] is not None and not one["known"]]
    lines = list(document["notes"])
    if known:
        lines.append(f"{plural(known, 'reference')} in the baseline: not counted")
    if document["mended"]:
        lines.append(f"{len(document['mended']):,} of the baseline resolve now: write it anew")
    lines += [f"accepted: {dotted(one['target'])}, {plural(len(one['references']), 'reference')}: {one['accepted']}" for one in accepted]
    if document["skipped"]:
        lines.append(f"{plural(len(document['skipped']), 'file')} could not be read in full: references may be missing")
    return lines


FORMATS: Mapping[str, Callable[[CheckDocument, int], str]] = {"text": render_text, "json": render_json, "markdown": render_markdown}
