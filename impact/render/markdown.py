"""The report as a comment on a pull request: GitHub's Markdown, at most 65,536 characters.

Everything that comes out of the repository stands in a code span, where Markdown, mentions and links mean nothing. That is the default
of every `{{ value }}` in the template (`finalize`): what is our own word has to say so with `|ours`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import jinja2

import impact
from impact.render.inert import clipped, visible
from impact.render.view import dotted, overview, place, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from impact.render import Style
    from impact.render.document import ReportDocument
    from impact.render.view import Group, Outcome, Overview, Reach, Site

T = TypeVar("T")

# What GitHub takes for one comment, less some room for whoever adds a line around it.
LIMIT = 65_536 - 1_536
_NAME = 300


@dataclass(frozen=True, slots=True)
class Fold:
    """How many groups, sites of an outcome and tests of a site are shown."""

    groups: int
    sites: int
    tests: int


# From generous to bare. Names are clipped, so the last one is below the limit whatever the report holds.
_FOLDS = (Fold(200, 50, 50), Fold(100, 20, 20), Fold(50, 10, 10), Fold(30, 5, 5), Fold(15, 3, 3), Fold(5, 2, 2), Fold(1, 1, 1))


class _Inert(str):
    """Text that is Markdown already: our own words, or what a filter made harmless."""

    __slots__ = ()


def render(document: ReportDocument, _: Style) -> str:
    """Return the report as Markdown, folded as far as the limit asks; it says what was left out."""
    template = _environment().get_template("markdown.md.j2")
    view = overview(document)
    pages = (template.render(view=view, page=_Page(view, fold)) for fold in _FOLDS)
    return next(page for page in pages if len(page) <= LIMIT)


def span(value: object) -> str:
    """Return `value` as a code span.

    >>> span("a `b` c")
    '`` a `b` c ``'
    """
    text = clipped(visible(str(value)), _NAME)
    if not text.strip():
        return _Inert("`?`")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    # Padding keeps a tick or a space at the end of the text from being taken for the fence's own.
    pad = " " if len(fence) > 1 or (text[0] == " " == text[-1]) else ""
    return _Inert(f"{fence}{pad}{text}{pad}{fence}")


def cell(value: object) -> str:
    r"""Return `value` as a code span that cannot end a table's cell. `\|` would do, had not each parser its own idea of `\\|`."""
    return _Inert(span(str(value).replace("|", "\\x7c")))


def inline_html(value: object) -> str:
    """Return `value` for a line of HTML, where Markdown is not read."""
    return _Inert(f"<code>{html.escape(clipped(visible(str(value)), _NAME))}</code>")


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


def _finalize(value: object) -> object:
    return value if isinstance(value, _Inert | int) else span(value)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_templates()),
        autoescape=False,  # noqa: S701 - that is for HTML; `_finalize` makes every value inert for Markdown
        finalize=_finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(cell=cell, html=inline_html, ours=_Inert, dotted=dotted, plural=lambda count, noun: _Inert(plural(count, noun)))
    environment.globals.update(place=place)
    return environment


def _templates() -> Path:
    """Return where the templates are: inside an installed package, or at the top of the source tree."""
    package = Path(impact.__file__).parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
