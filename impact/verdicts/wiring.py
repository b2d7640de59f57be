"""Fixtures that are gone: tests that ask, themselves or through another fixture, for one that they had at base and have no longer.

A name counts only if it was a fixture of the project's own where the test stood at base: so what pytest, a plugin, `parametrize` or a
patch hands over is never missed. Only tests below a file that no longer serves a fixture are looked at, and of those only the ones that
name it (`_pytest.fixtures.FixtureManager.getfixtureclosure`, `FixtureLookupError`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from impact.breaks.fixtures import BUILT_IN, Fixture, fetched
from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Key
from impact.execution.values import Event, Raised
from impact.modules import File
from impact.names import RepoPath, directory_of, is_below, join
from impact.programs.program import Call, Load
from impact.report import Link, ReferenceKind
from impact.verdicts.nodes import Ask, Clash, Collector, Node

# What widely used plugins bring: a project that drops its own of that name may well have started to use theirs.
_OF_PLUGINS = frozenset({
    "admin_client", "admin_user", "aiohttp_client", "aiohttp_server", "anyio_backend", "benchmark", "class_mocker", "django_db_setup",
    "django_user_model", "event_loop", "event_loop_policy", "faker", "freezer", "httpserver", "httpx_mock", "live_server", "mailoutbox", "mocker",
    "module_mocker", "qapp", "qtbot", "requests_mock", "respx_mock", "session_mocker", "testrun_uid", "transactional_db", "unused_tcp_port",
    "worker_id",
})  # fmt: skip
# The same for names that many projects give their own: only where the plugin is declared.
_OF_DECLARED = {
    "browser": "pytest-playwright", "client": "pytest-django", "db": "pytest-django", "loop": "pytest-aiohttp", "page": "pytest-playwright",
    "rf": "pytest-django", "settings": "pytest-django", "snapshot": "syrupy",
}  # fmt: skip


@dataclass
class Missing:
    """The requests that newly fail at head, by test file and request; `providers` says which file served each at base."""

    inquiry: Inquiry
    collector: Collector
    tests: set[RepoPath] = field(default_factory=set)
    providers: dict[tuple[RepoPath, str], RepoPath] = field(default_factory=dict)
    before: Collector = field(init=False)
    _words: set[str] = field(default_factory=set)
    _raised: dict[tuple[Key, str, bool], Raised] = field(default_factory=dict)
    _bases: dict[RepoPath, dict[str, Node]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = Collector(self.inquiry.before, self.inquiry.base)

    # Which tests can be concerned

    def find(self) -> None:
        """Find the test files that may miss a fixture."""
        inquiry = self.inquiry
        lost = self._lost()
        for path, names in self._rescoped().items():
            lost[path] = lost.get(path, set()) | names
        below: dict[RepoPath, set[str]] = {}
        for path, names in lost.items():
            self._words |= names
            for place in self._reached(path):
                if place in inquiry.head.layout.tests or place in inquiry.base.layout.tests:
                    self.tests.add(place)
                if place.endswith("conftest.py") or place not in inquiry.head.layout.tests:
                    below.setdefault(directory_of(place) if place.endswith("conftest.py") else RepoPath(""), set()).update(names)
        for directory, plugin in self._dropped():
            names = set(self.before.fixtures(plugin))
            self._words |= names
            below.setdefault(directory, set()).update(names)
        for directory, names in below.items():
            self._below(directory, set(names))
        self.tests.update(new for old, new in inquiry.new_path.items() if directory_of(old) != directory_of(new))
        self.tests &= inquiry.head.layout.tests

    def _dropped(self) -> Iterator[tuple[RepoPath, RepoPath]]:
        """Yield the plugins that settings ask for no longer (`-p`), with the directory that these hold for."""
        for project in self.inquiry.base.layout.projects:
            importer = project.ini_file or join(project.directory, "conftest.py")
            for name in sorted(set(project.plugins) - set(self.inquiry.head.layout.project_of(importer).plugins)):
                location = self.inquiry.base.modules.find(name, importer)
                if isinstance(location, File):
                    yield project.directory, location.path

    def _lost(self) -> dict[RepoPath, set[str]]:
        """Return the fixtures that changed files held at base and do not at head, by path at base."""
        inquiry = self.inquiry
        found: dict[RepoPath, set[str]] = {}
        for path in sorted({*inquiry.changed, *inquiry.losses.lost}):
            if path not in inquiry.base.snapshot.files:
                continue
            before = self._served(path, inquiry.base.layout.conftests, self.before)
            gone = {name.rpartition(".")[2] for name in before - self._served(path, inquiry.head.layout.conftests, self.collector)} if before else before
            if gone:
                found[path] = gone
        return found

    def _rescoped(self) -> dict[RepoPath, set[str]]:
        """Return the fixtures of changed files whose scope or requests changed: a scope may be too wide for what it asks, or too narrow for who asks."""
        found: dict[RepoPath, set[str]] = {}
        for path in sorted(self.inquiry.changed & self.inquiry.base.snapshot.files.keys() & self.inquiry.head.snapshot.files.keys()):
            if any(b"scope" in (side.programs.source(path) or b"") for side in (self.inquiry.base, self.inquiry.head)):
                before, after = self.before.fixtures(path), self.collector.fixtures(path)
                names = {
                    name for name in before.keys() & after.keys() if (before[name].scope, before[name].requests) != (after[name].scope, after[name].requests)
                }
                if names:
                    found[path] = names
        return found

    def _served(self, path: RepoPath, conftests: Iterable[RepoPath], collector: Collector) -> set[str]:
        """Return the fixtures that a file defines anywhere, those of a class as `Class.name`; for a conftest.py and what imports fixtures by name, also what
        it took from others.
        """
        source = collector.side.programs.source(path) or b""
        if b"fixture" not in source and path not in conftests and path not in self.inquiry.losses.lost:
            return set()
        names = set(collector.fixtures(path))
        if b"pytest_plugins" in source:
            names.update(name for plugin in collector.plugins(path) for name in collector.fixtures(plugin))
        for function in collector.side.programs.functions(path).values() if b"fixture" in source else ():
            for decorator in function.decorators if function.owner else ():
                if decorator.path[-1] == "fixture":
                    given = dict(decorator.keywords).get("name") if isinstance(decorator, Call) else None
                    names.add(f"{function.owner}.{given if isinstance(given, str) else function.name}")
        return names

    def _reached(self, path: RepoPath) -> tuple[RepoPath, ...]:
        """Return the tests, conftest.py files and plugins through which a file serves its fixtures: itself, or those that import it."""
        inquiry = self.inquiry
        ends = inquiry.base.layout, inquiry.head.layout
        found: dict[RepoPath, None] = {path: None}
        queue = [path] if not any(path in layout.tests or path in layout.conftests for layout in ends) else []
        while queue and len(found) < 1000:
            place = queue.pop()
            stems = {name.rpartition(".")[2] for side in (inquiry.base, inquiry.head) for name in side.modules.names_of(place)}
            for importer in sorted({one for stem in stems for one in inquiry.mentions.mentioning(stem)}):
                if importer not in found and any(edge.imported == place for edge in inquiry.mentions.edges(importer)):
                    found[importer] = None
                    if not any(importer in layout.tests or importer in layout.conftests for layout in ends):
                        queue.append(importer)
        return tuple(found)

    def _below(self, directory: RepoPath, words: set[str]) -> None:
        """Note the tests below a directory that name a fixture, or one that asks for it."""
        everybody = askers(self.inquiry, self.collector, directory, words)
        everybody += tuple(project.directory for project in self.inquiry.head.layout.projects if not words.isdisjoint(project.usefixtures))
        for test in self.inquiry.head.layout.tests:
            if is_below(test, directory) and (any(is_below(test, one) for one in everybody) or names_one(self.inquiry, test, words)):
                self.tests.add(test)

    # What one of them misses

    def raised(self, test: RepoPath, node: Node, ask: Ask) -> Raised | None:
        """Return what a request of a test ends in, None where that is no news; possible, not certain, where something unseen may serve it."""
        if test not in self.tests or ask.name in BUILT_IN:
            return None
        before = self._at_base(test, node, ask.name)
        if before is None or self._served_unseen(test, ask, node):
            return None
        certain = not self._doubtful(test, ask, before)
        known = self._raised.get((ask.asker, ask.name, certain))
        if known is None:
            known = self._raised[ask.asker, ask.name, certain] = self._fails(test, ask, before, certain)
        self.providers[RepoPath(known.event.path), known.event.target] = before.key[0]
        return known

    def clashing(self, test: RepoPath, node: Node, clash: Clash) -> Raised | None:
        """Return what a request ends in that reaches for a narrower scope, None where that is no news."""
        if test not in self.tests:
            return None
        before = self._node_at_base(test, node)
        if before is None or any(isinstance(step, Clash) and step.name == clash.name for step in before.steps):
            return None
        path, key = clash.asker
        function = self.inquiry.head.programs.functions(path)[key]
        text = (
            f"Failed: ScopeMismatch: You tried to access the {clash.scope} scoped fixture {clash.name} with a {clash.wider} scoped request object. "
            "Requesting fixture stack:"
        )
        module = self.inquiry.head.name_of(path)
        event = Event(path, function.line, 0, ReferenceKind.NAME, f"{module}:{function.name}", text, certain=True, deferred=True)
        return Raised("Failed", text, event, (Link(path, module, function.line),))

    def _node_at_base(self, test: RepoPath, node: Node) -> Node | None:
        old = self.inquiry.at_base(test) or test
        nodes = self._bases.get(old)
        if nodes is None:
            known = self.before.nodes(old) if old in self.inquiry.base.snapshot.files else ()
            nodes = self._bases[old] = {one.id[len(old) :]: one for one in known}
        return nodes.get(node.id[len(test) :])

    def _at_base(self, test: RepoPath, node: Node, name: str) -> Fixture | None:
        """Return the fixture of a name that a test could ask for at base, wherever it stood; for a new test, what its place had."""
        old = self.inquiry.at_base(test) or test
        before = self._node_at_base(test, node)
        if before is not None:
            # A name that could not be had at base either failed there.
            return None if any(ask.name == name for ask in before.asks) else before.fixtures.get(name)
        return self.before.available(old).get(name)

    def _fails(self, test: RepoPath, ask: Ask, before: Fixture, certain: bool) -> Raised:
        inquiry = self.inquiry
        path, key = ask.asker
        function = inquiry.head.programs.functions(path).get(key)
        line = function.line if function is not None else 1
        text = f"recursive dependency involving fixture {ask.name!r} detected" if ask.recursive else f"fixture {ask.name!r} not found"
        target = f"{inquiry.base.name_of(before.key[0])}:{ask.name}"
        event = Event(path, line, 0, ReferenceKind.FIXTURE, target, text, certain, deferred=True)
        name = inquiry.head.name_of(path) if path == test or path.endswith("conftest.py") else inquiry.after.module_name(path)
        return Raised("FixtureLookupError", text, event, (Link(path, name, line),), certain=certain)

    def _served_unseen(self, test: RepoPath, ask: Ask, node: Node) -> bool:
        """Tell whether a file that the test sees binds the name to something that may be a fixture, or a `parametrize` may fill it."""
        # A fixture that asks for its own name does not ask the file that it stands in.
        own = ask.asker[0] if ask.recursive else None
        if any(self.collector.may_provide(place, ask.name) for place in self.collector.places(test) if place != own):
            return True
        path, key = node.key
        function = self.inquiry.head.programs.functions(path).get(key)
        lines = [mark.line for mark in function.decorators if mark.path[-1] == "parametrize" and not _named(mark)] if function is not None else []
        if function is None or not lines:
            return False
        # The names may be a list, which a program does not keep: the source says them between the mark and the function.
        text = b"\n".join((self.inquiry.head.programs.source(path) or b"").splitlines()[min(lines) - 1 : function.line])
        return any(quote + ask.name.encode() + quote in text for quote in (b'"', b"'"))

    def _doubtful(self, test: RepoPath, ask: Ask, before: Fixture) -> bool:
        """Tell whether something that cannot be followed may serve a name after all."""
        inquiry, collector = self.inquiry, self.collector
        if ask.name in _OF_PLUGINS or _OF_DECLARED.get(ask.name) in inquiry.head.layout.dependencies:
            return True
        if any(name.startswith("pytest-") for name in inquiry.head.layout.dependencies - inquiry.base.layout.dependencies):
            return True
        for place in collector.places(test):
            module = inquiry.after.loaded.get(place)
            if module is not None and (module.open or "pytest_generate_tests" in module.names):
                return True
        # A module that defines it and that nobody is seen to load may be a plugin by its entry point.
        for path in inquiry.changed:
            if path == before.key[0] or path not in inquiry.head.snapshot.files or path in inquiry.head.layout.tests or path in inquiry.head.layout.conftests:
                continue
            packaged = directory_of(path) in inquiry.head.layout.packages or directory_of(path) in inquiry.head.layout.installable
            if packaged and ask.name in collector.fixtures(path) and path not in collector.places(test):
                return True
        return False


def _named(mark: Call | Load) -> bool:
    """Tell whether the names that `parametrize` fills are known."""
    return isinstance(mark, Call) and bool(mark.arguments) and isinstance(mark.arguments[0], str)


def askers(inquiry: Inquiry, collector: Collector, directory: RepoPath, words: set[str]) -> tuple[RepoPath, ...]:
    """Add the fixtures of conftest.py files that ask for one of `words`, directly or not; return the directories where one of them runs for every test."""
    everybody: dict[RepoPath, None] = {}
    conftests = [
        one for one in sorted(inquiry.head.layout.conftests) if is_below(one, directory) or is_below(directory, directory_of(one)) or not directory_of(one)
    ]
    grown = True
    while grown:
        grown = False
        for conftest in conftests:
            if not names_one(inquiry, conftest, words):
                continue
            for fixture in collector.fixtures(conftest).values():
                function = inquiry.head.programs.functions(fixture.key[0]).get(fixture.key[1])
                if words.isdisjoint(fixture.requests) and (function is None or words.isdisjoint(fetched(function))):
                    continue
                if fixture.autouse:
                    everybody[directory_of(conftest)] = None
                if fixture.name not in words:
                    words.add(fixture.name)
                    grown = True
    return tuple(everybody)


def names_one(inquiry: Inquiry, path: RepoPath, words: Iterable[str]) -> bool:
    """Tell whether the source of a file of head has one of some words; may say yes to a part of another."""
    source = inquiry.head.programs.source(path) or b""
    return any(word.encode() in source for word in words)
