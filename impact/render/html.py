"""The report as one page that needs no network: its style, its script and the report itself stand in the file.

Nothing of the repository becomes markup. The report travels as JSON in which no `<` is left, the script puts it on the page as text alone,
and a Content-Security-Policy in the page lets no other script, style or address be used.
"""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from typing import TYPE_CHECKING

from markupsafe import Markup

from impact.render.inert import clipped, visible
from impact.render.templates import directory, environment
from impact.render.view import overview, sentence
from impact.render.words import became, happens, place
from impact.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from impact.render import Style
    from impact.render.document import BreakDocument, ExcerptDocument, ReportDocument
    from impact.render.groups import Advice, Group, Site
    from impact.render.view import Overview

_TEXT = 1_000
_LISTED = 1_000
_TAB = 4


def render(document: ReportDocument, _: Style) -> str:
    """Return the page."""
    view = overview(document)
    # `<` starts all that could end the block of data or open another one (HTML, "Restrictions for contents of script elements").
    data = json.dumps(_page(document, view), ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    style, script = ((directory() / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    template = environment(".html").get_template("report.html.j2")
    return template.render(
        title=sentence(view),
        worst=view.worst or "",
        style=Markup(style),  # noqa: S704 - ours, out of the package
        script=Markup(script),  # noqa: S704 - ours, out of the package
        data=Markup(data),  # noqa: S704 - holds no `<`
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


def _page(document: ReportDocument, view: Overview) -> dict[str, object]:
    """Return what the script shows. Sites and groups are known by their number: names may be anything."""
    facts = {(test["path"], test["verdict"]): test for test in document["tests"]}
    excerpts = {(one["path"], one["line"]): one for one in document.get("excerpts", [])}
    tests: dict[tuple[str, str], dict[str, object]] = {}
    routes: dict[tuple[str, str], list[object]] = {}
    sites: list[dict[str, object]] = []
    for number, group in enumerate(view.groups):
        for outcome in group.outcomes:
            for site in outcome.sites:
                own = [(site.path, ((site.path, site.line),))] if site.own else []
                reached = [(reach.path, ((reach.path, reach.line), *reach.via, (site.path, site.line))) for reach in site.through]
                for path, chain in (*own, *reached):
                    key = path, outcome.verdict.value
                    routes.setdefault(key, []).append([len(sites), [[_shown(step), line] for step, line in chain]])
                    tests.setdefault(key, {"path": _shown(path), "verdict": key[1], **_fact(facts[key]["exception"], facts[key]["node_ids"], path)})
                around = _around(excerpts.get((site.path, site.line)))
                sites.append({"group": number, "exception": _shown(outcome.exception), **_site(site), "around": around})
    return {
        "between": [_shown(view.base), _shown(view.head), view.merged],
        "meeting": view.meeting,
        "command": view.command,
        "fix": view.fix,
        "restore": view.restore,
        "verdicts": [{"id": verdict.value, "text": happens(verdict, count)} for verdict, count in _counts(document)],
        "groups": [_group(group) for group in view.groups],
        "sites": sites,
        "steps": [[place(_shown(path), line), _line(one["lines"][0])] for (path, line), one in excerpts.items() if len(one["lines"]) == 1],
        "tests": [{**tests[key], "routes": routes[key]} for key in sorted(tests, key=lambda key: (list(Verdict).index(Verdict(key[1])), key[0]))],
        "notes": list(_notes(view)),
    }


def _counts(document: ReportDocument) -> Iterable[tuple[Verdict, int]]:
    for verdict in Verdict:
        count = sum(test["verdict"] == verdict for test in document["tests"])
        if count and verdict is not Verdict.AFFECTED:
            yield verdict, count


def _fact(exception: str | None, node_ids: list[str], path: str) -> dict[str, object]:
    return {"exception": _shown(exception or ""), "nodes": [_shown(node.removeprefix(f"{path}::")) for node in node_ids]}


def _site(site: Site) -> dict[str, object]:
    mended = None if site.mended is None else _shown(site.mended)
    return {"path": _shown(site.path), "line": site.line, "code": _shown(site.code), "mended": mended, "remedy": _advice(site.remedy)}


def _around(excerpt: ExcerptDocument | None) -> list[object] | None:
    return [excerpt["first"], [_line(line) for line in excerpt["lines"]]] if excerpt else None


def _line(line: str) -> str:
    return _shown(line.expandtabs(_TAB))


def _group(group: Group) -> dict[str, object]:
    return {
        "name": _shown(group.name),
        "fate": group.fate,
        "new": group.new and _shown(group.new),
        "evidence": [_shown(one) for one in (*group.evidence, group.last_seen, *group.meetings) if one],
        "remedy": _advice(group.remedy),
    }


def _advice(advice: Advice | None) -> str | None:
    return _shown(f"{advice.verb} {advice.replacement}") if advice else None


def _notes(view: Overview) -> Iterable[dict[str, object]]:
    def lines(breaks: Iterable[BreakDocument]) -> list[str]:
        return [f"{place(one['path'], one['line'])}  {one['code'].strip()}  {one['exception']}" for one in breaks]

    kinds = (
        ("Notes", list(view.notes)),
        ("Depend on changed code, with nothing gone", list(view.affected)),
        ("Break in code that no test reaches", lines(view.unreached)),
        ("Moved or went, named by nothing that a test reaches", [became(one) for one in view.harmless]),
        ("Broken before this change: not counted", lines(view.preexisting)),
        ("Failed before for another reason, and would break now: not counted", [f"{path}  {exception}" for path, exception in view.masked]),
        ("Could not be read in full, so breaks may be missing", [f"{path}  {reason}" for path, reason in view.skipped]),
    )
    for title, items in kinds:
        if items:
            yield {"title": title, "count": len(items), "items": [_shown(item) for item in items[:_LISTED]]}


def _shown(text: str) -> str:
    return clipped(visible(text), _TEXT)
