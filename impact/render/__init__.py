"""The formats of a report: each a function from the report's dict to text, in one table.

rich and Jinja2 take longer to import than many an analysis to run, so a format pays for its own engine when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from impact.render.document import ReportDocument


@dataclass(frozen=True, slots=True)
class Style:
    """How much to show, and on what. Formats that are not for a terminal take no notice of `width` and `color`.

    `verbosity` below 0 is the verdict alone, above 0 everything unfolded.
    """

    width: int = 100
    color: bool = False
    verbosity: int = 0


Render: TypeAlias = "Callable[[ReportDocument, Style], str]"


def _format(name: str) -> Render:
    """Return the `render` of the module `name`, which is imported when it is called."""

    def render(document: ReportDocument, style: Style) -> str:
        return cast("Render", import_module(f"impact.render.{name}").render)(document, style)

    return render


FORMATS: Mapping[str, Render] = {name: _format(name) for name in ("text", "json", "markdown", "html", "github", "gitlab", "sarif", "junit", "mermaid")}
