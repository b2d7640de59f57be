"""The report as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from impact.render import Style
    from impact.render.document import ReportDocument


def render(document: ReportDocument, _: Style) -> str:
    """Return the document. Only ASCII: a path may hold bytes that no encoding knows, a name may try to drive the terminal."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"
