"""Small random projects that pass their tests, as hypothesis strategies.

What is drawn refers only to what is there, so everything passes at base; what does not, by a quirk of Python, pytest says so and it does not
count.
"""

from __future__ import annotations

from hypothesis import strategies as st

from oracle.shapes import CONFTESTS, HELPERS, MODULES, PACKAGES, PLUGIN, TESTS, Draw, File, Item, Layout, Project
from oracle.sources import production
from oracle.suites import FIXTURES, conftest, plugin, suite


@st.composite
def projects(draw: Draw) -> Project:
    """Draw a project: a package of five modules, helpers, three conftest.py, a plugin, three test files."""
    there: dict[str, File] = {}
    files: dict[str, File] = {}
    for module, path in MODULES.items():
        bare = module == "acme.sub" and draw(st.integers(0, 4)) == 0
        there[module] = files[path] = File() if bare else production(draw, module, there)
    packages, mode = draw(st.booleans()), draw(st.sampled_from(("prepend", "prepend", "importlib")))
    there["helpers"] = files[HELPERS] = production(draw, "helpers", there)
    files[PLUGIN] = plugin(draw, there)
    files[CONFTESTS[0]] = File((Item('pytest_plugins = ["acme.plugin"]', "pytest_plugins"),))
    for path in CONFTESTS[1:]:
        files[path] = conftest(draw, there)
    for path in TESTS:
        fixtures = FIXTURES[: 2 if path.startswith("tests/unit") else 1]
        files[path] = suite(draw, there, fixtures, _helpers(path, mode, packages=packages))
    if packages:
        files |= dict.fromkeys(PACKAGES, File())
    src = draw(st.booleans())
    pythonpath = draw(st.sampled_from(((".", "src"), ("src", "."))) if src else st.just((".",)))
    return Project(files, Layout(src, mode, pythonpath, strict=draw(st.booleans())))


def _helpers(path: str, mode: str, *, packages: bool) -> str | None:
    """Return how a test file names the helpers; where there are no packages, pytest puts the directory of the file on the path, or nothing at all."""
    if packages:
        return "tests.helpers"
    return "helpers" if path.count("/") == 1 and mode == "prepend" else None
