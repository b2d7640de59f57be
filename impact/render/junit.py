"""The report as JUnit XML, for what lists test results: a test case for each broken test file and verdict.

The dialect is that of the Jenkins xUnit plug-in (junit-10.xsd), which pytest writes too. `error` is a file that cannot be collected, `failure`
one that fails at run time, `skipped` one that is silenced or at risk: it does not fail the gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impact.render.templates import environment
from impact.render.view import overview, sentence
from impact.render.words import place
from impact.report import Verdict

if TYPE_CHECKING:
    from impact.render import Style
    from impact.render.document import ReportDocument, TestDocument

_ELEMENTS = {Verdict.COLLECTION_ERROR: "error", Verdict.RUNTIME_ERROR: "failure", Verdict.SILENCED: "skipped", Verdict.AT_RISK: "skipped"}


def render(document: ReportDocument, _: Style) -> str:
    """Return the XML. Where nothing breaks, one case that passes says so: readers take an empty file for a mistake."""
    breaks = {one["id"]: one for one in document["breaks"]}
    tests = [test for test in document["tests"] if test["verdict"] in _ELEMENTS]
    cases = [(_ELEMENTS[Verdict(test["verdict"])], test, [breaks[one] for one in test["breaks"] if one in breaks], _chain(test)) for test in tests]
    template = environment(".xml").get_template("junit.xml.j2")
    count = {name: sum(element == name for element, *_ in cases) for name in ("error", "failure", "skipped")}
    return template.render(cases=cases, count=count, sentence=sentence(overview(document)))


def _chain(test: TestDocument) -> str:
    return " -> ".join(place(link["path"], link["line"]) for link in test["chain"])
