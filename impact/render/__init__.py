"""The formats of a report: each a function from the report's dict to text, in one table.

rich and Jinja2 take longer to import than many an analysis to run, so a format pays for its own engine when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

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


def _text(document: ReportDocument, style: Style) -> str:
    from impact.render.text import render  # noqa: PLC0415

    return render(document, style)


def _json(document: ReportDocument, style: Style) -> str:
    from impact.render.json import render  # noqa: PLC0415

    return render(document, style)


def _markdown(document: ReportDocument, style: Style) -> str:
    from impact.render.markdown import render  # noqa: PLC0415

    return render(document, style)


FORMATS: Mapping[str, Render] = {"text": _text, "json": _json, "markdown": _markdown}
