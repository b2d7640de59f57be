"""What was understood of a repository, as text and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

from impact.render.inert import visible
from impact.render.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from impact.render.document import EndDocument, SkippedDocument


# The second column starts at the same place as long as the first leaves room for it.
_COLUMN = 40


class RootDocument(TypedDict):
    """A source root, and why it is one."""

    path: str
    reasons: Sequence[str]


class ProjectDocument(TypedDict):
    """The settings of one pytest project."""

    directory: str
    ini_file: str | None
    import_mode: str
    testpaths: Sequence[str]
    python_files: Sequence[str]
    python_classes: Sequence[str]
    python_functions: Sequence[str]
    pythonpath: Sequence[str]
    norecursedirs: Sequence[str]
    ignored: Sequence[str]
    tests: int


class UnderstandingDocument(TypedDict):
    """The fields of `impact.discovery.understanding.Understanding`."""

    revision: EndDocument
    roots: Sequence[RootDocument]
    projects: Sequence[ProjectDocument]
    modules: int
    tests: int
    skipped: Sequence[SkippedDocument]
    cache: str
    python: str


def render_json(understanding: UnderstandingDocument) -> str:
    """Return the understanding as JSON, in ASCII."""
    return json.dumps(understanding, indent=2, ensure_ascii=True) + "\n"


def render_text(understanding: UnderstandingDocument) -> str:
    """Return the understanding as lines for a person."""
    end, roots, projects, skipped = understanding["revision"], understanding["roots"], understanding["projects"], understanding["skipped"]
    commit = f" ({end['commit'][:10]})" if end["commit"] and not end["commit"].startswith(end["revision"]) else ""
    lines = [
        f"revision  {end['revision']}{commit}",
        f"holds     {plural(understanding['modules'], 'module')}, {plural(understanding['tests'], 'test file')}",
        f"python    {understanding['python']}",
        f"cache     {understanding['cache']}",
        "",
        f"{plural(len(roots), 'source root')} (imports resolve from here)" if roots else "No source root: no import resolves.",
        *_columns([(_shown(root["path"]), "; ".join(root["reasons"])) for root in roots]),
    ]
    for project in projects:
        lines += ["", *_project(project)]
    if not projects:
        lines += ["", "No pytest project: no file is a test."]
    lines += ["", f"{plural(len(skipped), 'file')} not read in full" if skipped else "Every file was read in full."]
    lines += _columns(sorted((one["path"], one["reason"]) for one in skipped))
    return "".join(f"{visible(line).rstrip()}\n" for line in lines)


def _project(project: ProjectDocument) -> list[str]:
    settings = [
        ("import mode", [project["import_mode"]]),
        ("testpaths", project["testpaths"]),
        ("python_files", project["python_files"]),
        ("python_classes", project["python_classes"]),
        ("python_functions", project["python_functions"]),
        ("pythonpath", project["pythonpath"]),
        ("norecursedirs", project["norecursedirs"]),
        ("ignored", project["ignored"]),
    ]
    origin = project["ini_file"] or "no configuration file"
    return [
        f"pytest in {_shown(project['directory'])} ({origin}): {plural(project['tests'], 'test file')}",
        *_columns([(name, " ".join(values)) for name, values in settings if values]),
    ]


def _shown(directory: str) -> str:
    return directory or "."


def _columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    shown = [(visible(left), right) for left, right in rows]
    wide = max((len(left) for left, _ in shown if len(left) <= _COLUMN), default=0)
    return [f"  {left:<{wide}}  {right}" for left, right in shown]


FORMATS: Mapping[str, Callable[[UnderstandingDocument], str]] = {"text": render_text, "json": render_json}
