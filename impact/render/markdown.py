"""The report as a comment on a pull request: GitHub's Markdown, at most 65,536 characters.

Everything that comes out of the repository stands in a code span, where Markdown, mentions and links mean nothing. That is the default
of every `{{ value }}` in the template (`finalize`): what is our own word has to say so with `|ours`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.render.inert import clipped, visible
from impact.render.mermaid import SMALL, picture
from impact.render.remarks import edits
from impact.render.templates import Inert, environment, span
from impact.render.view import overview
from impact.render.words import happens, place, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from impact.render import Style
    from impact.render.document import ReportDocument
    from impact.render.groups import Group, Outcome, Reach, Site
    from impact.render.remarks import Remark
    from impact.render.view import Overview

# Room for whoever adds a line around the comment.
_MARGIN = 1_536
# A picture of harmless names takes a third of this; hostile ones can make it long, and then it is not worth its room.
_PICTURE = 8_000
_CODE = 300
# A forge shows some 100 characters of code side by side.
_WIDE = 70


@dataclass(frozen=True, slots=True)
class Fold:
    """How many groups, sites of an outcome and tests of a site are shown."""

    groups: int
    sites: int
    tests: int


# From generous to bare. Names are clipped, so the last one is below the limit whatever the report holds.
_FOLDS = (Fold(200, 50, 50), Fold(100, 20, 20), Fold(50, 10, 10), Fold(30, 5, 5), Fold(15, 3, 3), Fold(5, 2, 2), Fold(1, 1, 1))


def render(document: ReportDocument, _: Style) -> str:
    """Return the report as Markdown, folded as far as the limit asks; it says what was left out."""
    return render_comment(document)


def render_comment(document: ReportDocument, *, limit: int = 65_536, html: bool = True) -> str:
    """Return the report as a comment of at most `limit` characters; without `html`, where a forge shows HTML as it is written."""
    template = environment(".md").get_template("markdown.md.j2")
    view = overview(document)
    chart = picture(view, SMALL).rstrip() if html else ""
    chart = Inert(chart) if len(chart) <= _PICTURE else ""
    pages = (template.render(view=view, page=_Page(view, fold), chart=chart, html=html) for fold in _FOLDS)
    return next(page for page in pages if len(page) <= limit - _MARGIN)


def render_suggestion(edit: Remark, line: str, info: str) -> str | None:
    """Return a comment on `line` that suggests `edit` in its place; `info` is what the forge calls such a block. None where the edit cannot stand in one."""
    indent, mended = line[: len(line) - len(line.lstrip())], edit.site.mended
    # GitLab takes a line that starts with a slash for a command, in a comment as well.
    if mended is None or indent.strip(" \t") or not mended.isprintable() or mended.startswith("/"):
        return None
    gone = f"{span(edit.title)}{f': {span(edit.exception)}' if edit.exception else ''}"
    perhaps = "" if edit.remedy and edit.remedy.sure else " Perhaps:"
    fence = _fence(mended)
    return f"{happens(edit.verdict, len(edit.site.tests))}. {gone}{perhaps}\n\n{fence}{info}\n{indent}{mended}\n{fence}\n"


def _fence(text: str) -> str:
    """Return a fence for a block of code that nothing in `text` closes."""
    return "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))


@dataclass(frozen=True, slots=True)
class _Page:
    """What the template shows of each list, and what it says of the rest."""

    view: Overview
    folded: Fold

    def groups(self) -> Sequence[Group]:
        return self.view.groups[: self.folded.groups]

    def is_wide(self) -> bool:
        """Tell whether names stand in one row that fill the width of a comment: code spans do not break."""
        return any(
            len(visible(group.name)) + max(len(visible(group.new or "")), len(visible(group.remedy.replacement)) if group.remedy else 0) > _WIDE
            for group in self.groups()
        )

    def sites(self, outcome: Outcome) -> Sequence[Site]:
        return outcome.sites[: self.folded.sites]

    def tests(self, site: Site) -> Sequence[Reach]:
        return site.through[: self.folded.tests]

    def nodes(self, node_ids: Sequence[str]) -> Sequence[str]:
        return node_ids[: self.folded.tests]

    def evidence(self, group: Group) -> Sequence[str]:
        return group.evidence[: self.folded.tests]

    def meetings(self, group: Group) -> Sequence[str]:
        return group.meetings[: self.folded.tests]

    def hidden_groups(self) -> str:
        hidden = self.view.groups[self.folded.groups :]
        tests = frozenset().union(*(group.tests for group in hidden))
        return f"{plural(len(hidden), 'more change')} with {plural(len(tests), 'test file')}" if hidden else ""

    def hidden_sites(self, outcome: Outcome) -> str:
        hidden = outcome.sites[self.folded.sites :]
        tests = frozenset().union(*(site.tests for site in hidden))
        return f"{plural(len(hidden), 'more line')} with {plural(len(tests), 'test file')} the same way" if hidden else ""

    def hidden_tests(self, site: Site) -> str:
        hidden = site.through[self.folded.tests :]
        return plural(len(hidden), "more test file") if hidden else ""

    def edits(self) -> str:
        """Return the edits as a fenced diff; empty where there is none."""
        lines: list[str] = []
        for one in edits(self.view)[: self.folded.sites]:
            perhaps = "" if one.remedy and one.remedy.sure else "perhaps "
            lines += [f"@@ {perhaps}{place(one.path, one.line)} @@", f"-{one.site.code}", f"+{one.site.mended}"]
        text = "\n".join(clipped(visible(line), _CODE) for line in lines)
        fence = _fence(text)
        return Inert(f"{fence}diff\n{text}\n{fence}\n") if lines else ""

    def edit_count(self) -> str:
        """Return how many edits there are, and how many of them are shown."""
        count = len(edits(self.view))
        return plural(count, "suggested edit") + (f", {self.folded.sites:,} of them shown" if count > self.folded.sites else "")
