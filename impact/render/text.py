"""The report on a terminal: the first screen is enough to act on.

No path and no exception is ever cut: they are there to be copied. A line that is too wide goes on below, indented, between two words. What does not
fit is folded, says how much it is, and `-v` unfolds it.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from impact.render.inert import visible
from impact.render.view import overview, sentence
from impact.render.words import became, place, plural
from impact.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from impact.render import Style
    from impact.render.document import ReportDocument
    from impact.render.groups import Advice, Group, Outcome, Reach, Site
    from impact.render.view import Overview

    T = TypeVar("T")

# Words of ours that say nothing without the next one.
_SMALL = frozenset({"->", "and", "in", "to", "use", "via"})
_WORD = re.compile(r"\s*\S+")
_GROUPS = 20
_SITES = 5
_TESTS = 5
_NODES = 2
_EVIDENCE = 3
_UNREACHED = 3
_CODE_LINES = 3
# Code starts in one column as long as the paths before it leave room for it.
_COLUMN = 44
_COLORS = {
    Verdict.COLLECTION_ERROR: "red",
    Verdict.RUNTIME_ERROR: "red",
    Verdict.SILENCED: "magenta",
    Verdict.AT_RISK: "yellow",
    Verdict.AFFECTED: "cyan",
}


def render(document: ReportDocument, style: Style) -> str:
    """Return the report as lines for a terminal of `style`."""
    lines = _Page(style).report(overview(document))
    out = io.StringIO()
    console = Console(
        file=out,
        width=style.width,
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        legacy_windows=False,
        # Given explicitly: rich would read NO_COLOR and its like by itself, and the entry point has decided already.
        _environ={},
    )
    for line in lines:
        line.rstrip()
        for part in [line] if line.no_wrap else _wrapped(line, style.width):
            console.print(part, soft_wrap=True, markup=False, highlight=False, emoji=False)
    return out.getvalue()


def _wrapped(line: Text, width: int) -> Iterator[Text]:
    """Yield the line in parts that are no wider than `width` where its words allow for that; the later ones are indented below the first."""
    plain = line.plain
    if cell_len(plain) <= width:
        yield line
        return
    indent = len(plain) - len(plain.lstrip()) + 2
    starts, words = [0], list(_WORD.finditer(plain))
    used = cell_len(words[0][0]) if words else 0
    for before, word in pairwise(words):
        wide = cell_len(word[0])
        if used + wide > width:
            first = before if before[0].strip() in _SMALL else word
            if first.start() > starts[-1]:
                starts.append(first.start())
                used, wide = indent, cell_len(plain[first.end() - len(first[0].strip()) : word.end()])
        used += wide
    for number, part in enumerate(line.divide(starts[1:])):
        part.rstrip()
        yield Text.assemble(" " * indent, part[len(part.plain) - len(part.plain.lstrip()) :]) if number else part


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of one report. Whatever comes out of the repository goes through `visible`, and never through rich's markup."""

    style: Style

    @property
    def unfolded(self) -> bool:
        return self.style.verbosity > 0

    def report(self, view: Overview) -> list[Text]:
        lines = [self.verdict(view)]
        if self.style.verbosity < 0:
            return lines
        if view.worst:
            lines.append(Text(f"between {visible(view.base)} and {self.head(view)}", style="dim"))
        if view.meeting:
            lines.append(Text(view.meeting, style="bold"))
        lines += [Text(visible(one), style="yellow") for one in view.notes]
        shown, hidden = self.fold(view.groups, _GROUPS)
        for group in shown:
            lines += [Text(), *self.group(group)]
        if hidden:
            tests = frozenset().union(*(group.tests for group in hidden))
            lines += [Text(), self.more(len(hidden), "change", f" with {plural(len(tests), 'test file')}")]
        notes = self.notes(view)
        if view.fix:
            notes.append(Text.assemble(("the patch: ", "dim"), view.fix))
        if view.restore:
            notes.append(Text.assemble(("to bring back what has no other place: ", "dim"), view.restore))
        return [*lines, *([Text()] if notes else []), *notes]

    def head(self, view: Overview) -> str:
        return f"its merge with {visible(view.head)}" if view.merged else visible(view.head)

    def verdict(self, view: Overview) -> Text:
        if view.worst:
            return Text(view.verdict, style=f"bold {_COLORS[view.worst]}")
        return Text(visible(sentence(view)), style="bold yellow" if view.skipped else "bold green")

    def group(self, group: Group) -> list[Text]:
        title = Text.assemble((visible(group.name), "bold"), "  " if group.name else "", (group.fate, "yellow"))
        if group.new:
            title.append(" to ", style="yellow").append(visible(group.new), style="bold")
        title.append(f"  ({plural(len(group.tests), 'test file')})", style="dim")
        shown, hidden = self.fold(group.evidence, _EVIDENCE)
        lines = [title, *(Text(f"  {visible(one)}", style="dim") for one in shown)]
        if hidden:
            lines.append(self.more(len(hidden), "piece", " of evidence", indent=2))
        if group.last_seen and self.unfolded:
            lines.append(Text(f"  {visible(group.last_seen)}", style="dim"))
        shown, hidden = self.fold(group.meetings, _EVIDENCE)
        lines += [Text(f"  {visible(one)}") for one in shown]
        if hidden:
            lines.append(self.more(len(hidden), "meeting", indent=2))
        if group.remedy:
            lines.append(self.remedy(group.remedy, indent=2))
        for outcome in group.outcomes:
            lines += self.outcome(outcome)
        return lines

    def remedy(self, advice: Advice, *, indent: int) -> Text:
        return Text.assemble(" " * indent, (f"-> {advice.verb} {visible(advice.replacement)}", "green"))

    def outcome(self, outcome: Outcome) -> list[Text]:
        color = _COLORS[outcome.verdict]
        exception = visible(outcome.exception)
        lines = [Text.assemble("  ", (outcome.label, color), (": " if exception else "") + exception)]
        if exception and cell_len(lines[0].plain) > self.style.width:
            # Whole, on a line of its own, however wide: it is what one looks for in pytest's output.
            lines = [Text.assemble("  ", (outcome.label, color), ":"), Text(f"    {exception}", no_wrap=True)]
        shown, hidden = self.fold(outcome.sites, _SITES)
        column = max((length for length in (len(visible(place(site.path, site.line))) for site in shown) if length <= _COLUMN), default=0)
        for site in shown:
            lines += self.site(site, column)
        if hidden:
            tests = frozenset().union(*(site.tests for site in hidden))
            lines.append(self.more(len(hidden), "line", f" with {plural(len(tests), 'test file')} the same way", indent=4))
        return lines

    def site(self, site: Site, column: int) -> list[Text]:
        where, code = visible(place(site.path, site.line)), visible(site.code)
        beside = 6 + max(column, len(where)) + len(code) <= self.style.width
        lines = [Text.assemble("    ", (f"{where:<{column}}", "cyan"), "  ", code if beside else "")]
        if not beside:
            lines.append(Text(f"      {self.cut(code, _CODE_LINES * (self.style.width - 8))}"))
        if site.node_ids:
            lines.append(Text(f"      in {self.nodes(site.node_ids)}"))
        if site.remedy:
            lines.append(self.remedy(site.remedy, indent=6))
        if site.through:
            also = "also " if site.own else ""
            lines.append(Text(f"      {also}{plural(len(site.through), 'test file')} through this line:"))
            shown, hidden = self.fold(site.through, _TESTS)
            lines += [self.reach(reach) for reach in shown]
            if hidden:
                lines.append(self.more(len(hidden), "test file", indent=8))
        return lines

    def cut(self, code: str, room: int) -> str:
        return code if self.unfolded or len(code) <= room else f"{code[: room - 1]}…"

    def reach(self, reach: Reach) -> Text:
        line = Text.assemble("        ", (visible(place(reach.path, reach.line)), "cyan"))
        if reach.node_ids:
            line.append(f"  in {self.nodes(reach.node_ids)}")
        if reach.via:
            line.append(f"  via {' -> '.join(visible(place(*step)) for step in reach.via)}", style="dim")
        return line

    def nodes(self, node_ids: Sequence[str]) -> str:
        shown, hidden = self.fold(node_ids, _NODES)
        return ", ".join(map(visible, shown)) + (f" and {len(hidden):,} more" if hidden else "")

    def notes(self, view: Overview) -> list[Text]:
        """One line for each thing that does not count as broken by this change; unfolded, all of them."""
        lines: list[Text] = []
        self.note(
            lines,
            f"{plural(len(view.affected), 'test file')} {'depends' if len(view.affected) == 1 else 'depend'} on changed code",
            view.affected,
            limit=_TESTS,
        )
        self.note(
            lines,
            f"{plural(len(view.unreached), 'reference')} {'breaks' if len(view.unreached) == 1 else 'break'} in code that no test reaches",
            [f"{place(one['path'], one['line'])}  {one['code'].strip()}  {one['exception']}" for one in view.unreached],
            limit=_UNREACHED,
        )
        self.note(
            lines,
            f"{plural(len(view.harmless), 'other thing')} moved or went, and nothing that a test reaches names {'it' if len(view.harmless) == 1 else 'them'}",
            [became(one) for one in view.harmless],
        )
        self.note(
            lines,
            f"{plural(len(view.preexisting), 'reference')} {'was' if len(view.preexisting) == 1 else 'were'} broken before this change: not counted",
            [f"{place(one['path'], one['line'])}  {one['code'].strip()}  {one['exception']}" for one in view.preexisting],
        )
        self.note(
            lines,
            f"{plural(len(view.masked), 'test file')} failed before this change for another reason, and would break now: not counted",
            [f"{path}  {exception}" for path, exception in view.masked],
        )
        self.note(
            lines,
            f"{plural(len(view.skipped), 'file')} could not be read in full, so breaks may be missing: {visible(view.skip_reasons)}",
            [f"{path}  {reason}" for path, reason in view.skipped],
            style="yellow",
        )
        if lines and not self.unfolded:
            lines.append(Text("-v lists them all", style="dim"))
        return lines

    def note(self, lines: list[Text], text: str, items: Sequence[str], *, limit: int = 0, style: str = "") -> None:
        if not items:
            return
        lines.append(Text(text, style=style))
        lines += [Text(f"  {visible(item)}", style="dim") for item in (items if self.unfolded else items[:limit])]

    def fold(self, items: Sequence[T], limit: int) -> tuple[Sequence[T], Sequence[T]]:
        """Return what is shown and what is not. One item is never hidden: the line that says so would take its place."""
        if self.unfolded or len(items) <= limit + 1:
            return items, ()
        return items[:limit], items[limit:]

    def more(self, count: int, noun: str, rest: str = "", *, indent: int = 0) -> Text:
        return Text(f"{' ' * indent}… {plural(count, f'more {noun}')}{rest} (-v shows {'it' if count == 1 else 'them'})", style="dim")
