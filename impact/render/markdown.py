"""The report as a comment on a pull request: GitHub's Markdown, at most 65,536 characters.

Everything that comes out of the repository stands in a code span, where Markdown, mentions and links mean nothing. That is the default
of every `{{ value }}` in the template (`finalize`): what is our own word has to say so with `|ours`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.render.templates import environment
from impact.render.view import overview, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from impact.render import Style
    from impact.render.document import ReportDocument
    from impact.render.view import Group, Outcome, Overview, Reach, Site

# What GitHub takes for one comment, less some room for whoever adds a line around it.
LIMIT = 65_536 - 1_536


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
    template = environment(".md").get_template("markdown.md.j2")
    view = overview(document)
    pages = (template.render(view=view, page=_Page(view, fold)) for fold in _FOLDS)
    return next(page for page in pages if len(page) <= LIMIT)


@dataclass(frozen=True, slots=True)
class _Page:
    """What the template shows of each list, and what it says of the rest."""

    view: Overview
    folded: Fold

    def groups(self) -> Sequence[Group]:
        return self.view.groups[: self.folded.groups]

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
