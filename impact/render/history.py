"""The life of a module or symbol, as text and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

from impact.render.inert import clipped, visible
from impact.render.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from impact.render.document import EndDocument

_SUBJECT = 100
_SHOWN = 5


class CommitDocument(TypedDict):
    """What a commit says of itself."""

    id: str
    date: str
    author: str
    subject: str
    number: str | None


class PlaceDocument(TypedDict):
    """Where a thing was or is."""

    name: str
    path: str


class DependentsDocument(TypedDict):
    """Who names a thing."""

    files: int
    tests: int
    paths: Sequence[str]


class EventDocument(PlaceDocument):
    """What one commit did to the thing."""

    event: str
    appears: bool
    commit: CommitDocument
    merge: CommitDocument | None
    others: Sequence[PlaceDocument]
    dependents: DependentsDocument | None


class PendingDocument(TypedDict):
    """What the working tree did to the thing since."""

    event: str
    others: Sequence[PlaceDocument]


class HistoryDocument(TypedDict):
    """The fields of `impact.history.histories.Biography.to_dict()`."""

    name: str
    kind: str
    revision: EndDocument
    exists: bool
    places: Sequence[PlaceDocument]
    events: Sequence[EventDocument]
    dependents: DependentsDocument
    complete: bool
    pending: PendingDocument | None


def render_json(history: HistoryDocument) -> str:
    """Return the history as JSON, in ASCII."""
    return json.dumps(history, indent=2, ensure_ascii=True) + "\n"


def render_text(history: HistoryDocument) -> str:
    """Return the history as lines for a person, oldest event first."""
    end = history["revision"]
    revision = end["revision"] if end["commit"] is None or end["commit"].startswith(end["revision"]) else f"{end['revision']} ({end['commit'][:10]})"
    where = ", ".join(place["path"] for place in history["places"])
    lines = [f"{history['name']}  {history['kind']}", f"at {revision}: {where or 'not there'}", ""]
    main = history["events"][-1]["path"] if history["events"] else ""
    for event in history["events"]:
        lines += _event(event, main)
    if (pending := history["pending"]) is not None:
        others = ", ".join(other["name"] for other in pending["others"][:_SHOWN])
        lines.append(f"not yet     {pending['event']}{f' to {others}' if others else ''} in the working tree, in no commit")
    still, noun = history["dependents"], "file names it" if history["dependents"]["files"] == 1 else "files name it"
    lines += ["", f"{still['files']:,} {noun} at {revision}{_tests(still)}", *_paths(still)]
    if not history["complete"]:
        lines.append("The history here does not go back to its beginning: what was before is not known (`git fetch --unshallow`).")
    return "".join(f"{visible(line).rstrip()}\n" for line in lines)


def _event(event: EventDocument, main: str) -> list[str]:
    commit, merge = event["commit"], event["merge"]
    number = commit["number"] or (merge["number"] if merge is not None else None)
    told = f" ({number})" if number and number not in commit["subject"] else ""
    lines = [f"{commit['date'][:10]}  {_what(event)}", f"            {commit['id'][:10]} by {commit['author']}{told}: {clipped(commit['subject'], _SUBJECT)}"]
    if event["path"] != main or ":" in event["name"]:
        lines[0] += f"  ({event['name']})"
    if event["dependents"] is not None:
        there = event["dependents"]
        lines.append(f"            {plural(there['files'], 'file')} named it then{_tests(there)}")
    return lines


def _what(event: EventDocument) -> str:
    others = ", ".join(other["path"] if not other["path"].endswith(".py") else other["name"] for other in event["others"][:_SHOWN])
    more = f" and {len(event['others']) - _SHOWN} more" if len(event["others"]) > _SHOWN else ""
    if not others:
        return event["event"]
    return f"{event['event']} {'from' if event['appears'] else 'to'} {others}{more}"


def _tests(dependents: DependentsDocument) -> str:
    return f", {plural(dependents['tests'], 'test')} among them" if dependents["tests"] else ""


def _paths(dependents: DependentsDocument) -> list[str]:
    hidden = len(dependents["paths"]) - _SHOWN
    return [*(f"  {path}" for path in dependents["paths"][:_SHOWN]), *([f"  … {hidden:,} more (in the JSON)"] if hidden > 0 else [])]


FORMATS: Mapping[str, Callable[[HistoryDocument], str]] = {"text": render_text, "json": render_json}
