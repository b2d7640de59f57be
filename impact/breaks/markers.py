"""Marks that are not registered where pytest insists on it (`--strict-markers`, `strict_markers`, `strict`).

A mark is registered by the settings (`markers`), by a conftest.py or plugin (`config.addinivalue_line("markers", …)`), by pytest, or by an
installed plugin, which we do not see. So only what the change does counts: a registration of the project's own that goes, strictness that
it turns on, a mark that it is the first to use. Source: `_pytest.mark.structures.MarkGenerator.__getattr__`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from impact.discovery.layout import Layout, PytestProject
from impact.discovery.metadata import names_of_requirements
from impact.discovery.pytest_settings import marker_name
from impact.execution.world import Programs
from impact.mentions import Mentions
from impact.names import RepoPath, join
from impact.programs.blocks import statements_of
from impact.programs.functions import body_of
from impact.programs.program import Call
from impact.scan import REGISTERS, marks_used

_BUILT_IN = frozenset({
    "filterwarnings", "hookwrapper", "optionalhook", "parametrize", "pytester_example_path", "skip", "skipif", "tryfirst", "trylast", "usefixtures", "xfail",
})  # fmt: skip
_MISSPELLED = frozenset({"parameterize", "parametrise", "parameterise"})
# What the plugins that many projects use register. NOTE: a list of today; of a plugin that is not in it nothing is known.
_OF_PLUGINS: Mapping[str, frozenset[str]] = {
    distribution: frozenset(names.split())
    for distribution, names in {
        "anyio": "anyio", "celery": "celery", "flaky": "flaky", "hypothesis": "hypothesis", "pytest-aiohttp": "", "pytest-arraydiff": "array_compare",
        "pytest-asyncio": "asyncio", "pytest-base-url": "", "pytest-benchmark": "benchmark", "pytest-celery": "celery", "pytest-check": "",
        "pytest-codspeed": "benchmark codspeed_benchmark", "pytest-cov": "no_cover", "pytest-datadir": "", "pytest-dependency": "dependency",
        "pytest-django": "django_db ignore_template_errors urls", "pytest-env": "", "pytest-flask": "options", "pytest-forked": "forked",
        "pytest-freezegun": "freeze_time", "pytest-freezer": "freeze_time", "pytest-github-actions-annotate-failures": "", "pytest-html": "",
        "pytest-httpserver": "", "pytest-httpx": "httpx_mock", "pytest-instafail": "", "pytest-memray": "limit_leaks limit_memory", "pytest-mock": "",
        "pytest-mpl": "mpl_image_compare", "pytest-order": "order", "pytest-ordering": "first last run second", "pytest-playwright":
        "browser_context_args only_browser skip_browser", "pytest-pretty": "", "pytest-qt": "no_qt_log qt_log_extend qt_log_ignore qt_log_level_fail",
        "pytest-random-order": "random_order", "pytest-randomly": "", "pytest-recording": "allowed_hosts block_network default_cassette vcr",
        "pytest-regressions": "", "pytest-remotedata": "internet_off remote_data", "pytest-repeat": "repeat", "pytest-rerunfailures": "flaky",
        "pytest-retry": "flaky", "pytest-run-parallel": "iterations parallel_threads thread_unsafe", "pytest-selenium": "nondestructive",
        "pytest-socket": "allow_hosts disable_socket enable_socket", "pytest-split": "", "pytest-subtests": "", "pytest-sugar": "",
        "pytest-timeout": "timeout", "pytest-trio": "trio", "pytest-vcr": "vcr", "pytest-xdist": "xdist_group", "pytest-xvfb": "no_xvfb", "syrupy": "",
    }.items()
}  # fmt: skip
_ANYBODYS = frozenset(name for names in _OF_PLUGINS.values() for name in names)


@dataclass(frozen=True)
class End:
    """One end of the comparison, as far as marks are concerned."""

    layout: Layout
    programs: Programs
    files: Mapping[RepoPath, bytes]


@dataclass
class Registered:
    """The marks that the code of one end registers, in the files that were looked into; `computed`: others may be."""

    names: set[str] = field(default_factory=set)
    computed: bool = False


@dataclass
class Markers:
    """Says which marks the change leaves without registration."""

    base: End
    head: End
    mentions: Mentions
    changed: frozenset[RepoPath]
    _registered: dict[tuple[bool, bool], Registered] = field(default_factory=dict)
    _verdicts: dict[tuple[RepoPath, str], bool | None] = field(default_factory=dict)
    # The marks of the changed files of base, as far as they were read: each is read once, for whichever mark is asked about.
    _used: set[str] = field(default_factory=set)
    _unread: Iterator[RepoPath] | None = None

    def users(self) -> Iterator[RepoPath]:
        """Yield the unchanged files that use a mark which is registered no longer, or one that never was where pytest insists on it from now on."""
        for project in self.head.layout.projects:
            if not project.strict_markers:
                continue
            before = self._before(project)
            turned_on = not before.strict_markers
            gone = set(before.markers) - set(project.markers)
            if self._registers_in_changed():
                gone |= self._code(self.base).names - self._code(self.head).names
            if not turned_on and not gone:
                continue
            known = _BUILT_IN | {*project.markers, REGISTERS}
            names = self.mentions.marks.keys() - known if turned_on else gone
            found = frozenset[RepoPath]().union(*(self.mentions.marks.get(name, ()) for name in names)) - self.changed
            yield from sorted(path for path in found if self.head.layout.project_of(path) == project)

    def lacking(self, path: RepoPath, name: str) -> tuple[str, bool] | None:
        """Return what pytest says of a mark that a file uses as it is imported, and whether that is certain; None where it is in order, or no news."""
        if name in _MISSPELLED:
            return f"Failed: Unknown {name!r} mark, did you mean 'parametrize'?", True
        project = self.head.layout.project_of(path)
        if not project.strict_markers or name in _BUILT_IN or name in project.markers or self._comes_first(path):
            return None
        key = project.directory, name
        if key not in self._verdicts:
            self._verdicts[key] = self._is_certain(project, name)
        certain = self._verdicts[key]
        return None if certain is None else (f"Failed: {name!r} not found in `markers` configuration option", certain)

    def _comes_first(self, path: RepoPath) -> bool:
        """Tell whether a file may be imported before pytest looks at marks: a conftest.py of the start, and what it imports."""
        conftests = self.head.layout.conftests
        if path in self.head.layout.tests:
            return False
        return path in conftests or any(edge.imported == path for conftest in conftests for edge in self.mentions.edges(conftest))

    def _is_certain(self, project: PytestProject, name: str) -> bool | None:
        """Tell whether a mark certainly has no registration, or may have one that is not seen (False); None where it has one, or had none at base either."""
        declared = self.head.layout.dependencies | names_of_requirements((*project.required_plugins, *project.plugins))
        if any(name in _OF_PLUGINS.get(one, ()) for one in declared) or name in self._code(self.head).names:
            return None
        before = self._before(project)
        registered = name in before.markers or name in self._code(self.base).names
        if not registered and before.strict_markers and self._is_used_at_base(name):
            return None  # a plugin registers it
        elsewhere = self._code(self.head, everywhere=True)
        if name in elsewhere.names:
            return None
        registered = registered or name in self._code(self.base, everywhere=True).names
        # What takes the place of a registration of the project's own is a new plugin, if anything; any plugin may bring a mark that never had one.
        unknown = (
            {one for one in declared if "pytest" in one and one != "pytest"} - _OF_PLUGINS.keys() - (self.base.layout.dependencies if registered else set())
        )
        return not (name in _ANYBODYS or elsewhere.computed or unknown)

    def _before(self, project: PytestProject) -> PytestProject:
        """Return the settings that held at base where those of a project hold at head."""
        return self.base.layout.project_of(join(project.directory, "conftest.py"))

    def _registers_in_changed(self) -> bool:
        return any(b"addinivalue_line" in (self.base.programs.source(path) or b"") for path in self.changed if path in self.base.files)

    def _is_used_at_base(self, name: str) -> bool:
        """Tell whether a file of base uses a mark: then something registered it, or its tests failed already."""
        if not self.base.files.keys().isdisjoint(self.mentions.marks.get(name, frozenset()) - self.changed):
            return True
        if self._unread is None:
            self._unread = iter(sorted(path for path in self.changed if path in self.base.files and path.endswith(".py")))
        while name not in self._used and (path := next(self._unread, None)) is not None:
            self._used.update(marks_used(self.base.programs.source(path) or b""))
        return name in self._used

    def _marked(self, end: End, mark: str) -> list[RepoPath]:
        """Return the files of an end that may use a mark: those that the change left alone have at either end what they have at head."""
        alone = self.mentions.marks.get(mark, frozenset()) - self.changed
        return sorted(path for path in {*alone, *self.changed} if path in end.files and path.endswith(".py"))

    def _code(self, end: End, *, everywhere: bool = False) -> Registered:
        """Return what conftest.py files and changed ones register, or any file at all."""
        known = self._registered.get((end is self.base, everywhere))
        if known is None:
            known = self._registered[end is self.base, everywhere] = Registered()
            paths = self._marked(end, REGISTERS) if everywhere else sorted({*end.layout.conftests, *(self.changed & end.files.keys())})
            for path in paths:
                if b"addinivalue_line" in (end.programs.source(path) or b""):
                    _register(known, end.programs, path)
        return known


def _register(found: Registered, programs: Programs, path: RepoPath) -> None:
    for function in programs.functions(path).values():
        for statement in statements_of(body_of(function)):
            if not isinstance(statement, Call) or statement.path[-1] != "addinivalue_line":
                continue
            given = [*statement.arguments, *(value for _, value in statement.keywords)]
            if given[:1] == ["markers"] and len(given) == 2 and isinstance(given[1], str):
                found.names.add(marker_name(given[1]))
            elif not given or not isinstance(given[0], str) or given[0] == "markers":
                found.computed = True
