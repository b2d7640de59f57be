"""From what fails to what happens to each test file: its conftests, the packages above it and the file itself, in pytest's order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from impact.breaks import Inquiry, Side
from impact.cycles import find_cyclic
from impact.deferred import Deferred
from impact.execution import Execution
from impact.graph import Graph
from impact.mismatches import find_mismatches
from impact.modules import File
from impact.names import RepoPath, basename_of, directory_of, is_below, join
from impact.nodes import Ask, Clash, Collector, Node
from impact.parametrization import find_misfits
from impact.report import BrokenTest, Link, Masked, ReferenceKind, Verdict
from impact.sessions import play_session
from impact.skips import fallback_names
from impact.values import ClassValue, Event, Fallback, ModuleValue, Raised, Status, Value
from impact.wiring import Missing, askers


class Everything(set[RepoPath]):
    """The set that holds every file: with it as suspects, nothing is taken on trust."""

    def __contains__(self, _: object) -> bool:
        return True


@dataclass
class Verdicts:
    """What happens to the tests, and the events that the verdicts rest on. `providers` are the files that served a fixture that is gone, by who asks for it."""

    tests: list[BrokenTest] = field(default_factory=list)
    masked: list[Masked] = field(default_factory=list)
    collected: set[RepoPath] = field(default_factory=set)
    causes: dict[tuple[RepoPath, Verdict], list[Event]] = field(default_factory=dict)
    providers: Mapping[tuple[RepoPath, str], RepoPath] = field(default_factory=dict)

    def add(self, test: BrokenTest, events: Iterable[Event] = ()) -> None:
        """Note a verdict and what it rests on. A test file has one entry a verdict: what is said twice becomes one, told as it was first.

        A file that may not be collected is at risk as a whole, whichever of its tests are besides.
        """
        key = RepoPath(test.path), test.verdict
        known = key in self.causes
        causes = self.causes.setdefault(key, [])
        causes += [event for event in events if event not in causes]
        for index, one in enumerate(self.tests if known else ()):
            if (one.path, one.verdict) == (test.path, test.verdict):
                whole = test.verdict is Verdict.AT_RISK and not (one.node_ids and test.node_ids)
                self.tests[index] = replace(one, node_ids=() if whole else tuple(sorted({*one.node_ids, *test.node_ids})))
                return
        self.tests.append(test)


def files_of(side: Side, test: RepoPath) -> tuple[RepoPath, ...]:
    """Return the files that collecting a test file runs, in order: the plugins of the settings, every conftest above it, outermost first, each behind
    its packages.
    """
    found: dict[RepoPath, None] = {}
    for path in (*plugins_of(side, test), *side.layout.conftests_for(test), test):
        found.update(dict.fromkeys(side.packages_above(path)))
        found[path] = None
    return tuple(found)


def plugins_of(side: Side, test: RepoPath) -> tuple[RepoPath, ...]:
    """Return the files of the plugins that the settings of a test file ask for (`-p`)."""
    project = side.layout.project_of(test)
    locations = (side.modules.find(name, test) for name in project.plugins if not name.startswith("no:"))
    return tuple(location.path for location in locations if isinstance(location, File))


def _gone_plugins(inquiry: Inquiry) -> dict[RepoPath, Raised]:
    """Return what pytest says of a plugin that its settings ask for, that was there at base and is not at head; by the directory of the settings."""
    found: dict[RepoPath, Raised] = {}
    for project in inquiry.head.layout.projects:
        for name in project.plugins:
            importer = project.ini_file or join(project.directory, "conftest.py")
            if name.startswith("no:") or inquiry.head.modules.find(name, importer) is not None or not inquiry.head_world.expects(name, importer):
                continue
            missing = next(
                part for end in range(name.count(".") + 1) if inquiry.head.modules.find(part := ".".join(name.split(".")[: end + 1]), importer) is None
            )
            text = f'ImportError: Error importing plugin "{name}": No module named {missing!r}'
            data = inquiry.head.programs.source(importer) or b""
            line = next((number for number, one in enumerate(data.splitlines(), 1) if name.encode() in one), 1)
            event = Event(importer, line, 0, ReferenceKind.STRING, missing, text, certain=True)
            found.setdefault(project.directory, Raised("UsageError", text, event, (Link(importer, importer, line),)))
    return found


def _gone_options(inquiry: Inquiry) -> dict[RepoPath, Raised]:
    """Return what pytest says of options in `addopts` that a conftest.py defined at base and nobody does at head; by the directory of the settings."""
    found: dict[RepoPath, Raised] = {}
    if any(name.startswith("pytest") for name in inquiry.head.layout.dependencies - inquiry.base.layout.dependencies):
        return found  # it may be the new plugin's
    for project in inquiry.head.layout.projects:
        gone = [option for option in project.options if _is_gone(inquiry, project.directory, option)]
        if gone and project.ini_file is not None:
            text = f"error: unrecognized arguments: {' '.join(gone)}"
            event = Event(project.ini_file, 1, 0, ReferenceKind.STRING, gone[0], text, certain=True)
            found[project.directory] = Raised("UsageError", text, event, (Link(project.ini_file, project.ini_file, 1),))
    return found


def _is_gone(inquiry: Inquiry, directory: RepoPath, option: str) -> bool:
    name = option.partition("=")[0].encode()
    base, head = inquiry.base, inquiry.head

    def defines(side: Side, path: RepoPath) -> bool:
        source = (side.programs.source(path) or b"") if path in side.snapshot.files else b""
        return b"addoption" in source and any(quote + name + quote in source for quote in (b'"', b"'"))

    # Only a conftest.py that pytest loads before it reads its options counts: that of the rootdir, or of a test directory there.
    first = (one for one in base.layout.conftests & inquiry.changed if directory_of(one) == directory or _is_entered(directory_of(one), directory))
    return any(defines(base, one) for one in first) and not any(defines(head, one) for one in (*inquiry.changed, *head.layout.conftests))


def _is_entered(path: RepoPath, directory: RepoPath) -> bool:
    """Tell whether pytest looks into a directory for a conftest.py at once, whatever it is asked to run (`_try_load_conftest`)."""
    return directory_of(path) == directory and basename_of(path).startswith("test")


def find_collection_errors(inquiry: Inquiry) -> Verdicts:
    """Return the tests that could be collected at base and cannot at head; those that could not at base either are masked."""
    verdicts = Verdicts()
    failing = inquiry.losses.failing
    candidates: list[tuple[RepoPath, RepoPath, Raised]] = []
    plugins = {**_gone_options(inquiry), **_gone_plugins(inquiry)}
    # Few files fail, if any, and what runs before a test is the same for all tests of a directory.
    telling = {path for path, value in inquiry.after.loaded.items() if value.failure is not None} | failing.keys()
    quiet: dict[RepoPath, bool] = {}
    for test in sorted(inquiry.head.layout.tests) if telling or plugins else ():
        directory = directory_of(test)
        if directory not in quiet:
            quiet[directory] = telling.isdisjoint(files_of(inquiry.head, test)[:-1])
        if quiet[directory] and test not in telling and not plugins:
            continue
        if plugins and (gone := plugins.get(inquiry.head.layout.project_of(test).directory)) is not None:
            candidates.append((test, RepoPath(gone.event.path), gone))
            continue
        for path in files_of(inquiry.head, test):
            value = inquiry.after.loaded.get(path)
            if path in failing:
                candidates.append((test, path, failing[path]))
                break
            if value is not None and value.failure is not None:
                # It failed at base already: what this change does to it besides is masked.
                if any(event.certain and not event.deferred and event.handled is None for event in inquiry.new_events(path)):
                    before = inquiry.before.loaded.get(inquiry.at_base(path))
                    earlier = before.failure if before is not None else None
                    if earlier is not None and earlier.certain:
                        verdicts.masked.append(Masked(test, earlier.text))
                break
    known = {test for test, _, _ in candidates}
    candidates += [(test, test, raised) for test, raised in find_mismatches(inquiry) if test not in known]
    known.update(test for test, _, _ in candidates)
    collectors = Collector(inquiry.before, inquiry.base), Collector(inquiry.after, inquiry.head)
    candidates += [(test, test, raised) for test, raised in find_misfits(inquiry, *collectors) if test not in known]
    cyclic = find_cyclic(inquiry, files_of)
    candidates = [(test, test, cyclic.pop(test)) if test in cyclic else (test, path, raised) for test, path, raised in candidates]
    candidates += [(test, test, raised) for test, raised in cyclic.items()]
    if not candidates:
        return verdicts
    full = Execution(inquiry.base_world, Everything())
    _prefetch(inquiry, {path for test, _, _ in candidates if (old := inquiry.at_base(test)) is not None for path in files_of(inquiry.base, old)})
    all_of_head = Execution(inquiry.head_world, Everything())
    graph, lines = _failing_graph(candidates)
    failing_now: list[tuple[RepoPath, RepoPath, Raised]] = []
    for test, path, raised in candidates:
        if _is_skipped(inquiry.base, full, inquiry.at_base(test)) and _is_skipped(inquiry.head, all_of_head, test):
            continue
        earlier = _failure_at_base(inquiry, full, test)
        if earlier is not None:
            verdicts.masked.append(Masked(test, earlier.text))
            continue
        failing_now.append((test, path, raised))
    survival = play_session(inquiry, [(test, raised) for test, path, raised in failing_now if path == test], files_of)
    for test, value in survival.certain.items():
        inquiry.after.loaded[test] = value
    inquiry.after.left = survival.left
    for test, path, alone in failing_now:
        if test in survival.certain:
            continue
        raised = survival.otherwise.get(test, alone)
        chain = _chain(inquiry.head, graph, lines, test, path, raised)
        verdict = Verdict.COLLECTION_ERROR if raised.certain and test not in survival.by_order else Verdict.AT_RISK
        verdicts.add(BrokenTest(test, verdict, raised.text, (), (), chain), [raised.event])
    return verdicts


def find_late_verdicts(inquiry: Inquiry, deferred: Deferred, verdicts: Verdicts) -> None:
    """Add the tests that are collected and then fail, no longer test, or may fail."""
    done = {RepoPath(test.path) for test in verdicts.tests} | {RepoPath(one.path) for one in verdicts.masked}
    collector = Collector(inquiry.after, inquiry.head)
    missing = Missing(inquiry, collector)
    missing.find()
    verdicts.providers = missing.providers
    notable = {path for path, key in deferred.outcomes if _fails(deferred, (path, key))}
    for test in sorted((_concerned(inquiry, deferred, collector) | missing.tests) - done):
        value = inquiry.after.loaded.get(test)
        if value is not None and value.status is Status.FAILED:
            continue
        if not _silenced(inquiry, verdicts, collector, test) and (test in missing.tests or _may_be_late(inquiry, test, notable)):
            _late(inquiry, deferred, verdicts, missing, test)
        _at_risk(inquiry, verdicts, test)
    _uncollected(inquiry, verdicts, collector, missing.before, done | {RepoPath(test.path) for test in verdicts.tests if test.verdict is Verdict.SILENCED})


def _concerned(inquiry: Inquiry, deferred: Deferred, collector: Collector) -> set[RepoPath]:
    """Return the test files that may meet something that fails late: they were run or played, or stand below a conftest.py whose fixture
    or hook fails.
    """
    tests = inquiry.head.layout.tests
    found = {path for path in (*inquiry.suspects, *deferred.played) if path in tests}
    for conftest in sorted(path for path in {*inquiry.suspects, *deferred.played} if path in inquiry.head.layout.conftests):
        below = directory_of(conftest)
        failing = [fixture for fixture in collector.fixtures(conftest).values() if _fails(deferred, fixture.key)]
        if any(_fails(deferred, hook) for hook in collector.run_hooks(conftest)):
            found.update(test for test in tests if is_below(test, below))
            continue
        if not failing:
            continue
        words = {fixture.name for fixture in failing}
        everybody = (*askers(inquiry, collector, below, words), *(below for fixture in failing if fixture.autouse))
        found.update(test for test in tests if is_below(test, below) and (any(is_below(test, one) for one in everybody) or deferred.mentions(test, words)))
    return found


def _may_be_late(inquiry: Inquiry, test: RepoPath, notable: set[RepoPath]) -> bool:
    """Tell whether a test file, a conftest.py above it or a file it names holds a function that fails."""
    return bool(notable) and (
        test in notable
        or not notable.isdisjoint(inquiry.head.layout.conftests_for(test))
        or any(edge.imported in notable for edge in inquiry.mentions.edges(test))
    )


def _fails(deferred: Deferred, key: tuple[RepoPath, str]) -> bool:
    outcome = deferred.outcomes.get(key)
    return outcome is not None and (outcome.raised is not None or outcome.skip is not None or bool(outcome.possible))


def _late(inquiry: Inquiry, deferred: Deferred, verdicts: Verdicts, missing: Missing, test: RepoPath) -> None:
    failing: dict[str, Raised] = {}
    skipping: dict[str, Raised] = {}
    possible: dict[str, list[Event]] = {}
    last = verdicts.tests[-1] if verdicts.tests else None
    skipped = last.node_ids if last is not None and last.path == test and last.verdict is Verdict.SILENCED else ()
    for node in missing.collector.nodes(test):
        if node.id in skipped:
            continue
        for step in node.steps:
            if isinstance(step, Ask | Clash):
                raised = missing.raised(test, node, step) if isinstance(step, Ask) else missing.clashing(test, node, step)
                if raised is not None and raised.certain:
                    failing[node.id] = raised
                    break
                if raised is not None:
                    possible.setdefault(node.id, []).append(raised.event)
                continue
            outcome = deferred.outcomes.get(step)
            if outcome is None:
                continue
            if outcome.raised is not None and _may_be_replaced(inquiry, test, outcome.raised):
                possible.setdefault(node.id, []).append(outcome.raised.event)
                continue
            raised = _met(inquiry, test, node, outcome.raised)
            if raised is not None:
                failing[node.id] = raised
                break
            if outcome.skip is not None and outcome.skip.cause is not None:
                skipping[node.id] = outcome.skip.cause
                break
            if outcome.possible:
                possible.setdefault(node.id, []).extend(outcome.possible)
    _add(verdicts, inquiry.head, test, Verdict.RUNTIME_ERROR, failing)
    _add(verdicts, inquiry.head, test, Verdict.SILENCED, skipping)
    if possible:
        events = list({id(event): event for found in possible.values() for event in found}.values())
        text = next((event.exception for event in events if event.exception), None)
        chain = (Link(test, inquiry.head.name_of(test), events[0].line),)
        verdicts.add(BrokenTest(test, Verdict.AT_RISK, text, tuple(sorted(possible)), (), chain), events)


def _met(inquiry: Inquiry, test: RepoPath, node: Node, raised: Raised | None) -> Raised | None:
    """Return what an exception of a method is in the class that a test is collected from, which may be an heir of the method's own."""
    if raised is None or raised.event.lacking is None:
        return raised
    names = inquiry.after.names(inquiry.after.loaded[test])
    owner: Value | None = None
    for name in node.id[len(test) + 2 :].split("::")[:-1]:
        owner = names.get(name)
        owner = inquiry.after.force(owner) if owner is not None else None
        names = owner.members if isinstance(owner, ClassValue) else {}
    return inquiry.after.met_by(raised, owner) if isinstance(owner, ClassValue) else raised


def _may_be_replaced(inquiry: Inquiry, test: RepoPath, raised: Raised) -> bool:
    """Tell whether a test may call something else than what refuses the call: a string in its file, or in a conftest.py above it, names that, as patches do."""
    if raised.event.kind is not ReferenceKind.CALL:
        return False
    name = raised.event.target.rpartition(":")[2].rpartition(".")[2].encode()
    quoted = re.compile(rb"""["'](?:[\w.]+[.:])?""" + re.escape(name) + rb"""["']""")
    return any(quoted.search(inquiry.head.programs.source(path) or b"") for path in (test, *inquiry.head.layout.conftests_for(test)))


def _add(verdicts: Verdicts, side: Side, test: RepoPath, verdict: Verdict, nodes: dict[str, Raised]) -> None:
    if not nodes:
        return
    events = list({id(raised.event): raised.event for raised in nodes.values()}.values())
    first = next(iter(nodes.values()))
    chain = first.trace if first.trace and first.trace[0].path == test else (Link(test, side.name_of(test), 1), *first.trace)
    verdicts.add(BrokenTest(test, verdict, first.text, tuple(sorted(nodes)), (), chain), events)


def _uncollected(inquiry: Inquiry, verdicts: Verdicts, now: Collector, before: Collector, done: set[RepoPath]) -> None:
    """Note the tests that are still written and that pytest no longer collects: their class has a constructor now, or their name another prefix.

    Source: pytest's "Conventions for Python test discovery".
    """
    for test in sorted(inquiry.changed & inquiry.head.layout.tests - done):
        old = inquiry.at_base(test)
        after = inquiry.after.loaded.get(test)
        if old is None or after is None or after.status is not Status.DONE or old not in inquiry.base.layout.tests:
            continue
        if not _lost_tests(inquiry.before.loaded.get(old), after):
            continue
        kept = {node.id[len(test) :] for node in now.nodes(test)}
        lost = [node for node in before.nodes(old) if node.id[len(old) :] not in kept]
        ids = {test + node.id[len(old) :] for node in lost if _is_left(inquiry, now, test, old, node)}
        if ids:
            verdicts.add(BrokenTest(test, Verdict.SILENCED, None, tuple(sorted(ids)), (), (Link(test, inquiry.head.name_of(test), 1),)))


def _lost_tests(before: ModuleValue | None, after: ModuleValue) -> bool:
    """Tell whether a test module lost a name, or a class of it gained a constructor: whether it is worth collecting at both ends."""
    if before is None:
        return False
    constructed = (
        name for name, value in after.names.items() if isinstance(value, ClassValue) and not value.members.keys().isdisjoint(("__init__", "__new__"))
    )
    return not before.names.keys() <= after.names.keys() or any(
        isinstance(value := before.names.get(name), ClassValue) and value.members.keys().isdisjoint(("__init__", "__new__")) for name in constructed
    )


def _is_left(inquiry: Inquiry, now: Collector, test: RepoPath, old: RepoPath, node: Node) -> bool:
    """Tell whether a test of base that is collected no longer is still there: in a class that is no test class any more, or under a new name."""
    owner, _, name = node.id[len(old) + 2 :].rpartition("::")
    if owner:
        value = inquiry.after.loaded[test].names.get(owner)
        return isinstance(value, ClassValue) and name in value.members and now.is_constructed(value)
    function = inquiry.base.programs.functions(old).get(node.key[1]) if node.key[0] == old else None
    known = {one.name for one in inquiry.base.programs.functions(old).values()}
    same = [
        one
        for one in inquiry.head.programs.functions(test).values()
        if function is not None and not one.owner and one.name not in known and (one.text, one.parameters) == (function.text, function.parameters)
    ]
    # A body says little where it is short: the rest of the name has to be the same then, whatever was put in front.
    stem = name.removeprefix("test").lstrip("_")
    return len(same) == 1 and not same[0].decorators and same[0].name.endswith(stem) and not now.is_test_name(same[0].name, test)


def _silenced(inquiry: Inquiry, verdicts: Verdicts, collector: Collector, test: RepoPath) -> bool:
    """Note a test module that no longer tests, as a whole: it is skipped, or goes on without what it imported. Tell whether it is skipped."""
    for path in (*inquiry.head.layout.conftests_for(test), test):
        value = inquiry.after.loaded.get(path)
        if value is None:
            continue
        old = inquiry.at_base(path)
        before = inquiry.before.loaded.get(old) if old is not None else None
        if value.skip is not None and value.skip.cause is not None and (before is None or before.skip is None):
            _add(verdicts, inquiry.head, test, Verdict.SILENCED, {"": value.skip.cause})
            break
        known = {(one.raised.event.kind, one.raised.event.target) for one in before.fallbacks} if before is not None else set()
        fresh = [one for one in value.fallbacks if (one.raised.event.kind, one.raised.event.target) not in known and _imports(one)]
        if fresh:
            skipped = _skipped_by(collector, test, fresh) if path == test else ()
            _add(verdicts, inquiry.head, test, Verdict.SILENCED, dict.fromkeys(skipped or ("",), fresh[0].raised))
            if skipped:
                return False
            break
    else:
        return False
    verdicts.tests[-1] = replace(verdicts.tests[-1], node_ids=())
    return value.skip is not None


def _skipped_by(collector: Collector, test: RepoPath, fallbacks: Iterable[Fallback]) -> tuple[str, ...]:
    """Return the tests of a file that are skipped on a condition that what its fallbacks bind makes true, and that was false before."""
    source = collector.side.programs.source(test) or b""
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for fallback in fallbacks:
        done, failed = fallback_names(source, fallback.line)
        before.update(done)
        after.update(failed)
    keys = collector.skipped_here(test, after) - collector.skipped_here(test, before) if after else frozenset()
    return tuple(node.id for node in collector.nodes(test) if node.key[0] == test and node.key[1] in keys)


def _imports(fallback: Fallback) -> bool:
    return fallback.raised.kind in ("ImportError", "ModuleNotFoundError") and not fallback.deferred


def _at_risk(inquiry: Inquiry, verdicts: Verdicts, test: RepoPath) -> None:
    """Note a test module that may not be collected: it, a conftest.py or a package above it names something that may be gone."""
    for path in files_of(inquiry.head, test):
        events = [event for event in inquiry.new_events(path) if not event.certain and not event.deferred and event.handled is None]
        if events:
            link = Link(path, inquiry.head.name_of(path), events[0].line)
            chain = (link,) if path == test else (Link(test, inquiry.head.name_of(test), 1), link)
            verdicts.add(BrokenTest(test, Verdict.AT_RISK, events[0].exception or None, (), (), chain), events)
            return


def _prefetch(inquiry: Inquiry, paths: set[RepoPath]) -> None:
    """Have everything parsed that importing some files of base runs, wave by wave; from the first wave on that the cache holds, it is taken from there."""
    side, seen, wave = inquiry.base, set(paths), paths
    while wave and side.programs.prefetch(wave):
        found = {one for path in wave if (program := side.programs.module(path)) is not None for one in inquiry.mentions.imports(program, path, side.modules)}
        wave = found - seen
        seen |= wave


def _is_skipped(side: Side, full: Execution, test: RepoPath | None) -> bool:
    """Tell whether a test file ends by a skip of the whole module, be it in a file that does not change."""
    if test is None:
        return False
    values = (full.import_file(path, side.name_of(path)) for path in files_of(side, test))
    return next((value.skip is not None for value in values if value.skip is not None or value.failure is not None), False)


def _failure_at_base(inquiry: Inquiry, full: Execution, test: RepoPath) -> Raised | None:
    old = inquiry.at_base(test)
    if old is None:
        return None
    for path in files_of(inquiry.base, old):
        value = full.import_file(path, inquiry.base.name_of(path))
        if value.failure is not None:
            return value.failure if value.failure.certain else None
    return None


def _failing_graph(candidates: Iterable[tuple[RepoPath, RepoPath, Raised]]) -> tuple[Graph, dict[tuple[RepoPath, RepoPath], int]]:
    """Return the edges along which exceptions travelled, and the line of each."""
    lines: dict[tuple[RepoPath, RepoPath], int] = {}
    for test, path, raised in candidates:
        if path != test:
            lines.setdefault((test, path), 1)
        for one, other in pairwise(raised.trace):
            lines.setdefault((RepoPath(one.path), RepoPath(other.path)), one.line)
    return Graph(sorted(lines)), lines


def _chain(side: Side, graph: Graph, lines: dict[tuple[RepoPath, RepoPath], int], test: RepoPath, path: RepoPath, raised: Raised) -> tuple[Link, ...]:
    last = raised.trace[-1]
    way = graph.chain(test, RepoPath(last.path))
    if not way:
        prefix = () if path == test else (Link(test, side.name_of(test), 1),)
        return (*prefix, *raised.trace)
    links = [Link(one, side.name_of(one), lines[one, other]) for one, other in pairwise(way)]
    return (*links, last)
