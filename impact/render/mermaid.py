"""The chains as a Mermaid flowchart, from the tests to what is gone: GitHub and GitLab draw it in a comment.

They draw up to 500 edges and 50,000 characters, and nobody can read that many: the heaviest changes, lines and tests are drawn, and one node
says how many more there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from impact.render.inert import clipped, visible
from impact.render.view import overview
from impact.render.words import place, plural

if TYPE_CHECKING:
    from impact.render import Style
    from impact.render.document import ReportDocument
    from impact.render.groups import Group, Outcome, Reach, Site
    from impact.render.view import Overview

_LABEL = 60
_GONE = 160
_STEPS = 6
_STYLES = (
    "classDef gone fill:#ffd7d5,stroke:#cf222e,color:#82071e,stroke-dasharray:4 3",
    "classDef test fill:#ddf4ff,stroke:#0969da,color:#0a3069",
    "classDef more fill:#f6f8fa,stroke:#8c959f,color:#57606a",
)


@dataclass(frozen=True, slots=True)
class Extent:
    """How many changes are drawn, lines of a change, and tests of a line."""

    groups: int
    sites: int
    tests: int


# 6 changes with 8 lines and 4 tests each, every test with a chain of at most 6 steps: some hundred edges at the very most.
_WHOLE = Extent(6, 8, 4)
SMALL = Extent(3, 3, 2)


def render(document: ReportDocument, _: Style) -> str:
    """Return the flowchart; where nothing breaks, one node that says so."""
    return picture(overview(document), _WHOLE) or 'flowchart LR\n  clear["No test breaks."]\n'


def picture(view: Overview, extent: Extent) -> str:
    """Return the flowchart of `view` within `extent`; empty where nothing breaks."""
    chart = _Chart(extent)
    for group in view.groups[: extent.groups]:
        chart.group(group)
    hidden = frozenset().union(*(group.tests for group in view.groups[extent.groups :]))
    if hidden:
        chart.node(("more",), f"{plural(len(view.groups) - extent.groups, 'more change')}, {plural(len(hidden), 'test file')}", "more")
    return chart.text()


def label(text: str, length: int = _LABEL) -> str:
    """Return `text` as it may stand in a quoted label: all that is neither a letter nor a digit as a code, but for what means nothing to Mermaid.

    >>> label('a"b`<c>')
    'a#34;b#96;#60;c#62;'
    """
    return "".join(one if one.isalnum() or one in " ._/-" else f"#{ord(one)};" for one in clipped(visible(text), length))


@dataclass(slots=True)
class _Chart:
    """The nodes and edges so far. A node is known by what it stands for, so that chains meet in it."""

    extent: Extent
    nodes: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    edges: dict[tuple[str, str], str] = field(default_factory=dict)

    def node(self, key: tuple[str, ...], text: str, style: str = "") -> str:
        name, _ = self.nodes.get(key, (f"n{len(self.nodes)}", ""))
        shape = f'{name}(["{label(text)}"])' if style == "test" else f'{name}["{label(text, _GONE if style == "gone" else _LABEL)}"]'
        # A file that is drawn as a step of one chain and as the test of another is a test.
        if key not in self.nodes or style:
            self.nodes[key] = (name, f"{shape}{f':::{style}' if style else ''}")
        return name

    def edge(self, importer: str, imported: str, *, deferred: bool = False) -> None:
        self.edges.setdefault((importer, imported), "-.->" if deferred else "-->")

    def group(self, group: Group) -> None:
        gone = self.node(
            ("gone", group.name), f"{clipped(group.name, _LABEL)} {group.fate}" + (f" to {clipped(group.new, _LABEL)}" if group.new else ""), "gone"
        )
        sites = [(outcome, site) for outcome in group.outcomes for site in outcome.sites]
        for outcome, site in sites[: self.extent.sites]:
            self.site(gone, group, outcome, site)
        hidden = frozenset().union(*(site.tests for _, site in sites[self.extent.sites :]))
        if hidden:
            self.edge(self.node(("more", group.name), f"{plural(len(hidden), 'more test file')}", "more"), gone)

    def site(self, gone: str, group: Group, outcome: Outcome, site: Site) -> None:
        here = self.node(("file", site.path), place(site.path, site.line), "test" if site.own else "")
        self.edge(here, gone, deferred=outcome.verdict != outcome.verdict.COLLECTION_ERROR)
        for reach in site.through[: self.extent.tests]:
            self.reach(here, reach)
        hidden = len(site.through) - self.extent.tests
        if hidden > 0:
            self.edge(self.node(("more", group.name, site.path, str(site.line), outcome.exception), plural(hidden, "more test file"), "more"), here)

    def reach(self, here: str, reach: Reach) -> None:
        test = self.node(("file", reach.path), place(reach.path, reach.line), "test")
        steps = [self.node(("file", path), place(path, line)) for path, line in reach.via[-_STEPS:]]
        for importer, imported in zip((test, *steps), (*steps, here), strict=True):
            self.edge(importer, imported)

    def text(self) -> str:
        if not self.nodes:
            return ""
        lines = ["flowchart LR", *(f"  {shape}" for _, shape in self.nodes.values())]
        lines += [f"  {importer} {arrow} {imported}" for (importer, imported), arrow in self.edges.items()]
        return "".join(f"{line}\n" for line in (*lines, *(f"  {style}" for style in _STYLES)))
