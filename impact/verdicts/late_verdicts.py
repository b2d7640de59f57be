"""The tests that are collected and then fail, that no longer test, or that may fail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from impact.breaks.deferred import Deferred, Outcome
from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Key, Side, module_of
from impact.discovery.warning_filters import is_error
from impact.execution.calling import HARMLESS
from impact.execution.values import ClassValue, Event, Fallback, Instance, Raised, Status, Value
from impact.execution.warned import TOUCHES_WARNINGS
from impact.names import RepoPath, directory_of, is_below, join
from impact.programs.program import Call
from impact.programs.skips import fallback_names
from impact.report import BrokenTest, Link, Masked, ReferenceKind, Verdict
from impact.verdicts.cycles import importing
from impact.verdicts.nodes import Ask, Clash, Collector, Node
from impact.verdicts.tally import Verdicts, files_of, plugins_of
from impact.verdicts.uncollected import find_uncollected
from impact.verdicts.wiring import Missing, askers

# Hooks that pytest calls once, before any test runs: what one raises is an "INTERNALERROR", and the end.
_SESSION_HOOKS = frozenset({"pytest_collection_finish", "pytest_collection_modifyitems", "pytest_configure", "pytest_itemcollected", "pytest_sessionstart"})
_GENERATING = "pytest_generate_tests"
_PATCHES = re.compile(r"\b(?:setattr|patch|object|multiple)\b")
# Patches of what need not be there.
_MAKES = re.compile(r"\b(?:raising\s*=\s*False|create\s*=\s*True)\b")


def find_late_verdicts(inquiry: Inquiry, deferred: Deferred, verdicts: Verdicts) -> None:
    """Add the tests that are collected and then fail, no longer test, or may fail."""
    done = {RepoPath(test.path) for test in verdicts.tests} | {RepoPath(one.path) for one in verdicts.masked}
    collector = Collector(inquiry.after, inquiry.head)
    missing = Missing(inquiry, collector)
    missing.find()
    verdicts.providers = missing.providers
    dead = _ended_by_hooks(inquiry, deferred, collector)
    for test, raised in sorted(dead.items()):
        if test not in done:
            _add(verdicts, inquiry.head, test, Verdict.COLLECTION_ERROR, {test: raised})
            verdicts.tests[-1] = replace(verdicts.tests[-1], node_ids=())
    done |= dead.keys()
    notable = {path for path, key in deferred.outcomes if _fails(deferred, (path, key))}
    concerned, handing = _concerned(inquiry, deferred, collector)
    notable |= handing | deferred.reached
    doubtful = _doubtful(inquiry)
    for test in sorted((concerned | missing.tests | doubtful.keys()) - done):
        value = inquiry.after.loaded.get(test)
        if value is not None and value.status is Status.FAILED:
            continue
        if not _silenced(inquiry, verdicts, collector, test) and (test in missing.tests or _may_be_late(inquiry, collector, test, notable)):
            _late(inquiry, deferred, verdicts, missing, test)
        _at_risk(inquiry, verdicts, test, doubtful.get(test))
    find_uncollected(inquiry, verdicts, collector, missing.before, done)


def _ended_by_hooks(inquiry: Inquiry, deferred: Deferred, collector: Collector) -> dict[RepoPath, Raised]:
    """Return the tests that are never run, since a hook of a conftest.py or plugin fails: one of the session's ends that, `pytest_generate_tests` the
    collection of each file.
    """
    found: dict[RepoPath, Raised] = {}
    failing = [(path, key, outcome.raised) for (path, key), outcome in deferred.outcomes.items() if outcome.raised is not None]
    for path, key, raised in failing:
        function = inquiry.head.programs.functions(path)[key]
        if function.owner or function.name not in (*_SESSION_HOOKS, _GENERATING):
            continue
        for test in inquiry.head.layout.tests:
            reached = path in collector.places(test)
            everywhere = path in inquiry.head.layout.conftests and inquiry.head.layout.project_of(path) == inquiry.head.layout.project_of(test)
            if reached if function.name == _GENERATING else reached or everywhere:
                found.setdefault(test, raised if path == test else raised.through(Link(test, inquiry.head.name_of(test), 0)))
    return found


def _concerned(inquiry: Inquiry, deferred: Deferred, collector: Collector) -> tuple[set[RepoPath], set[RepoPath]]:
    """Return the test files that may meet something that fails late: they were run or played, or stand below a conftest.py whose fixture
    or hook fails, or that of a plugin which it names; and those conftest.py files and plugins, which may have it from elsewhere.
    """
    tests = inquiry.head.layout.tests
    met = {*inquiry.suspects, *deferred.played}
    found = met & tests
    handing: set[RepoPath] = set()
    for serving, below in sorted(_serving(inquiry, collector, met)):
        failing = [fixture for fixture in collector.fixtures(serving).values() if _fails(deferred, fixture.key)]
        hooked = any(_fails(deferred, hook) for hook in collector.run_hooks(serving))
        if not failing and not hooked:
            continue
        handing.add(serving)
        if hooked:
            found.update(test for test in tests if is_below(test, below))
            continue
        words = {fixture.name for fixture in failing}
        used = inquiry.head.layout.project_of(_inside(below)).usefixtures
        everybody = (*askers(inquiry, collector, below, words), *(below for fixture in failing if fixture.autouse or fixture.name in used))
        found.update(
            test for test in tests if is_below(test, below) and (any(is_below(test, one) for one in everybody) or deferred.callers.mention(test, words))
        )
    return found, handing


def _serving(inquiry: Inquiry, collector: Collector, among: AbstractSet[RepoPath]) -> set[tuple[RepoPath, RepoPath]]:
    """Return those of some files that bring fixtures and hooks to others: each conftest.py, and each plugin that one names or the settings of a project,
    with the directory below which they hold.
    """
    layout = inquiry.head.layout
    found = {(path, directory_of(path)) for path in among if path in layout.conftests}
    naming = [one for one in layout.conftests if b"pytest_plugins" in (inquiry.head.programs.source(one) or b"")]
    found.update((plugin, directory_of(one)) for one in naming for plugin in collector.plugins(one) if plugin in among)
    for project in layout.projects:
        found.update((plugin, project.directory) for plugin in plugins_of(inquiry.head, _inside(project.directory)) if plugin in among)
    return found


def _inside(directory: RepoPath) -> RepoPath:
    """Return the path of a file in a directory, for what is asked of a file."""
    return RepoPath(join(directory, "conftest.py"))


def _may_be_late(inquiry: Inquiry, collector: Collector, test: RepoPath, notable: set[RepoPath]) -> bool:
    """Tell whether a test file, a conftest.py above it, a plugin or a file it names holds a function that fails, or may have one."""
    return bool(notable) and (
        test in notable or not notable.isdisjoint(collector.places(test)) or any(edge.imported in notable for edge in inquiry.mentions.edges(test))
    )


def _fails(deferred: Deferred, key: tuple[RepoPath, str]) -> bool:
    outcome = deferred.outcomes.get(key)
    return outcome is not None and (outcome.raised is not None or outcome.skip is not None or outcome.masked is not None or bool(outcome.possible))


def _late(inquiry: Inquiry, deferred: Deferred, verdicts: Verdicts, missing: Missing, test: RepoPath) -> None:
    failing: dict[str, Raised] = {}
    skipping: dict[str, Raised] = {}
    possible: dict[str, list[Event]] = {}
    masked: dict[str, list[str]] = {}
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
            if outcome is None and step not in inquiry.after.dispatching:
                continue
            outcome = _met(inquiry, missing.collector, node, step, outcome or Outcome())
            if outcome.masked is not None and _is_error(missing.collector, test, node, outcome.masked):
                masked.setdefault(outcome.masked.text, []).append(node.id)
                break
            warned = _is_error(missing.collector, test, node, outcome.raised) if outcome.raised is not None else True
            if warned is False:
                continue
            if outcome.raised is not None and (
                warned is None or _may_be_replaced(inquiry, test, outcome.raised) or _is_replaced(missing.collector, node, outcome.raised)
            ):
                possible.setdefault(node.id, []).append(outcome.raised.event)
                continue
            if outcome.raised is not None:
                failing[node.id] = outcome.raised
                break
            if outcome.skip is not None and outcome.skip.cause is not None:
                skipping[node.id] = outcome.skip.cause
                break
            if outcome.possible:
                possible.setdefault(node.id, []).extend(outcome.possible)
    verdicts.masked += [Masked(test, text, tuple(sorted(nodes))) for text, nodes in masked.items()]
    _add(verdicts, inquiry.head, test, Verdict.RUNTIME_ERROR, failing)
    _add(verdicts, inquiry.head, test, Verdict.SILENCED, skipping)
    if possible:
        events = list({id(event): event for found in possible.values() for event in found}.values())
        text = next((event.exception for event in events if event.exception), None)
        chain = (Link(test, inquiry.head.name_of(test), events[0].line),)
        verdicts.add(BrokenTest(test, Verdict.AT_RISK, text, tuple(sorted(possible)), (), chain), events)


def _met(inquiry: Inquiry, collector: Collector, node: Node, step: Key, outcome: Outcome) -> Outcome:
    """Return what a function does in a test; a method, in the class that the test is collected from, which may be an heir of its own."""
    path, key = step
    function, owner = collector.side.programs.functions(path)[key], _class_of(inquiry, node)
    if owner is None or not function.owner:
        return outcome
    dispatches = inquiry.after.fails_for(step, owner)
    if (owner.path, owner.name) != (path, function.owner) and (outcome.raised is not None or outcome.possible or dispatches):
        news = {_name_of(event.target) for event in (*outcome.possible, *((outcome.raised.event,) if outcome.raised is not None else ()))}
        module = module_of(inquiry.after, inquiry.head, path)
        count = len(module.events)
        raised = inquiry.after.entered(module, function, collector.values_for(module, function), Instance(owner))
        events = module.events[count:]
        del module.events[count:]
        if raised is None or (raised.certain and (dispatches or _name_of(raised.event.target) in news)):
            possible = tuple(event for event in events if not event.certain and event.handled is None and _name_of(event.target) in news)
            outcome = replace(outcome, raised=raised, possible=possible)
    raised = inquiry.after.met_by(outcome.raised, owner) if outcome.raised is not None else None
    return replace(outcome, raised=raised)


def _name_of(target: str) -> str:
    return re.split(r"[.:]", target)[-1]


def _class_of(inquiry: Inquiry, node: Node) -> ClassValue | None:
    """Return the class that a test is collected from, None for a function."""
    test, *names = node.id.split("::")[:-1]
    held = inquiry.after.names(inquiry.after.loaded[RepoPath(test)])
    owner: Value | None = None
    for name in names:
        owner = held.get(name)
        owner = inquiry.after.force(owner) if owner is not None else None
        held = owner.members if isinstance(owner, ClassValue) else {}
    return owner if isinstance(owner, ClassValue) else None


def _is_error(collector: Collector, test: RepoPath, node: Node, raised: Raised) -> bool | None:
    """Tell whether an exception is one in a test. A warning may be none, by the test's marks, and None where its fixtures and hooks of pytest may say so."""
    if not raised.event.warns:
        return True
    module = module_of(collector.execution, collector.side, test)
    marked: list[str] = []
    for mark in reversed(node.marks):
        name = collector.named(mark, module)
        if name == "pytest.mark.filterwarnings" and isinstance(mark, Call):
            if not all(isinstance(one, str) for one in mark.arguments):
                return None
            marked += [one for one in mark.arguments if isinstance(one, str)]
        elif not name.startswith(HARMLESS):
            return None
    for path, key in (step for step in node.steps if not isinstance(step, Ask | Clash)):
        function = collector.side.programs.functions(path)[key]
        if "recwarn" in function.parameters or ((path, key) != node.key and TOUCHES_WARNINGS.search(function.text)):
            return None
    if any(b"filterwarnings" in (collector.side.programs.source(path) or b"") for path in collector.side.layout.conftests_for(test)):
        return None
    project = collector.side.layout.project_of(test)
    if not marked and project == collector.side.layout.project_of(raised.event.path):
        return True  # as it was found to be where it is given
    return is_error((*project.warning_filters, *marked), raised.event.warns, raised.text.partition(": ")[2] or None)


def _may_be_replaced(inquiry: Inquiry, test: RepoPath, raised: Raised) -> bool:
    """Tell whether a test may call something else than what refuses the call, or than what hands out the instance that lacks a name: a string in its file,
    or in a conftest.py above it, names that, as patches do.
    """
    if raised.event.kind is not ReferenceKind.CALL and not raised.event.by:
        return False
    name = (raised.event.by or raised.event.target.rpartition(":")[2].rpartition(".")[2]).encode()
    quoted = re.compile(rb"""["'](?:[\w.]+[.:])?""" + re.escape(name) + rb"""["']""")
    return any(quoted.search(inquiry.head.programs.source(path) or b"") for path in (test, *inquiry.head.layout.conftests_for(test)))


def _is_replaced(collector: Collector, node: Node, raised: Raised) -> bool:
    """Tell whether what runs before a test names a function which its exception comes through, as patches do; or it, or the test, makes what is gone anew."""
    name = _name_of(raised.event.target)
    called = "|".join(map(re.escape, sorted(raised.called))) or "(?!)"
    for step in node.steps:
        function = collector.side.programs.functions(step[0]).get(step[1]) if isinstance(step, tuple) else None
        if function is None or not _PATCHES.search(function.text):
            continue
        if step != node.key and re.search(rf"""["'](?:[\w.]+[.:])?(?:{called})["']""", function.text):
            return True
        if len(raised.trace) > 1 and _MAKES.search(function.text) and re.search(rf"""["'](?:[\w.]+[.:])?{re.escape(name)}["']""", function.text):
            return True
    return False


def _add(verdicts: Verdicts, side: Side, test: RepoPath, verdict: Verdict, nodes: dict[str, Raised]) -> None:
    if not nodes:
        return
    events = list({id(raised.event): raised.event for raised in nodes.values()}.values())
    first = next(iter(nodes.values()))
    chain = first.trace if first.trace and first.trace[0].path == test else (Link(test, side.name_of(test), 0), *first.trace)
    verdicts.add(BrokenTest(test, verdict, first.text, tuple(sorted(nodes)), (), chain), events)


def _silenced(inquiry: Inquiry, verdicts: Verdicts, collector: Collector, test: RepoPath) -> bool:
    """Note a test module that no longer tests, as a whole: it is skipped, or goes on without what it imported. Tell whether it is skipped."""
    for path in (*inquiry.head.layout.conftests_for(test), test):
        value = inquiry.after.loaded.get(path)
        if value is None:
            continue
        old = inquiry.at_base(path)
        before = inquiry.before.loaded.get(old) if old is not None else None
        if value.skip is not None and value.skip.cause is None and path != test:
            return True  # a directory that is skipped on purpose
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


def _doubtful(inquiry: Inquiry) -> dict[RepoPath, RepoPath]:
    """Return the tests that import, on whatever way, a file which may fail as it is imported for something that is gone, each with the first such file.

    What was never there, and may be made by means that cannot be followed, puts only the files at risk that name it.
    """
    found: dict[RepoPath, RepoPath] = {}
    for path in sorted(path for path in inquiry.after.loaded if isinstance(path, str) and path not in inquiry.head.layout.tests):
        if any(_name_of(event.target) in inquiry.words or event.exception.startswith("NameError") for event in _possible(inquiry, RepoPath(path))):
            for test in importing(inquiry, {RepoPath(path)})[1]:
                found.setdefault(test, RepoPath(path))
    return found


def _possible(inquiry: Inquiry, path: RepoPath) -> list[Event]:
    """Return the references of a file that may newly fail as it is imported."""
    return [event for event in inquiry.new_events(path) if not event.certain and not event.deferred and event.handled is None]


def _at_risk(inquiry: Inquiry, verdicts: Verdicts, test: RepoPath, doubtful: RepoPath | None) -> None:
    """Note a test module that may not be collected: it, a conftest.py or a package above it names something that may be gone, or a `doubtful` file that it
    imports does.
    """
    for path in (*files_of(inquiry.head, test), *((doubtful,) if doubtful is not None else ())):
        events = _possible(inquiry, path)
        if events:
            link = Link(path, inquiry.head.name_of(path), events[0].line)
            chain = (link,) if path == test else (Link(test, inquiry.head.name_of(test), 0), link)
            verdicts.add(BrokenTest(test, Verdict.AT_RISK, events[0].exception or None, (), (), chain), events)
            return
