"""The report as workflow commands: GitHub shows each as a remark on its line.

The syntax is `::error file=…,line=…,title=…::message`; `%`, CR and LF are escaped, in a property `:` and `,` as well
(`@actions/core`, command.ts). GitHub shows ten remarks of a level for a step: they go to the heaviest lines of every change in turn.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from impact.render.inert import visible
from impact.render.remarks import remarks
from impact.render.view import overview, sentence
from impact.render.words import plural
from impact.report import Verdict

if TYPE_CHECKING:
    from impact.render import Style
    from impact.render.document import ReportDocument
    from impact.render.remarks import Remark

_SHOWN = 10
_LEVELS = {Verdict.COLLECTION_ERROR: "error", Verdict.RUNTIME_ERROR: "error", Verdict.SILENCED: "warning", Verdict.AT_RISK: "warning"}


def render(document: ReportDocument, _: Style) -> str:
    """Return a line that sums up, and the commands."""
    view = overview(document)
    levels: dict[str, list[Remark]] = defaultdict(list)
    for one in sorted(remarks(view), key=lambda one: one.rank):
        levels[_LEVELS[one.verdict]].append(one)
    shown = [_command(level, one) for level in ("error", "warning") for one in levels[level][:_SHOWN]]
    hidden = sum(len(found[_SHOWN:]) for found in levels.values())
    rest = f"{plural(hidden, 'more line')} the same way: GitHub shows {_SHOWN} of a level; the Markdown and the JSON report have them." if hidden else ""
    return "".join(f"{line}\n" for line in (_plain(sentence(view)), *(_plain(f"Note: {note}") for note in view.notes), *shown, rest) if line)


def _command(level: str, one: Remark) -> str:
    where = {"file": visible(one.path), **({"line": str(one.line)} if one.line else {}), "title": one.title}
    properties = ",".join(f"{key}={_data(value).replace(':', '%3A').replace(',', '%2C')}" for key, value in where.items())
    return f"::{level} {properties}::{_data(one.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _plain(text: str) -> str:
    # The runner takes `##[…]` for a command wherever it stands in a line.
    return visible(text).replace("##[", "##\\x5b")
