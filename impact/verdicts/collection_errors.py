"""The tests that pytest can no longer collect: something fails in the files that collecting them runs, or in the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Side
from impact.execution.playing import Execution
from impact.execution.values import Raised
from impact.graph import Graph
from impact.names import RepoPath, basename_of, directory_of, is_below
from impact.report import BrokenTest, Link, Masked, Verdict
from impact.verdicts.cycles import find_cyclic
from impact.verdicts.demands import find_unmet
from impact.verdicts.entrances import find_late_plugins
from impact.verdicts.mismatches import find_mismatches, find_shared
from impact.verdicts.nodes import Collector
from impact.verdicts.parametrization import find_misfits
from impact.verdicts.sessions import play_session
from impact.verdicts.tally import Verdicts, files_of


class Everything(set[RepoPath]):
    """The set that holds every file: with it as suspects, nothing is taken on trust."""

    def __contains__(self, _: object) -> bool:
        return True


def find_collection_errors(inquiry: Inquiry) -> Verdicts:
    """Return the tests that could be collected at base and cannot at head; those that could not at base either are masked."""
    verdicts = Verdicts()
    failing = inquiry.losses.failing
    candidates: list[tuple[RepoPath, RepoPath, Raised]] = []
    plugins = find_unmet(inquiry)
    # Few files fail, if any, and what runs before a test is the same for all tests of a directory.
    telling = {path for path, value in inquiry.after.loaded.items() if value.failure is not None} | failing.keys()
    quiet: dict[RepoPath, bool] = {}
    collected = inquiry.head.layout.tests | _doctested(inquiry.head)
    for test in sorted(collected) if telling or plugins else ():
        directory = directory_of(test)
        if directory not in quiet:
            quiet[directory] = telling.isdisjoint(files_of(inquiry.head, test)[:-1])
        if quiet[directory] and test not in telling and not plugins:
            continue
        if plugins and (gone := _unmet_by(inquiry, test, plugins)) is not None:
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
    refused = dict(find_mismatches(inquiry))  # ahead of what they would do themselves
    candidates = [one for one in candidates if one[0] not in refused or one[0] != one[1]]
    known = {test for test, _, _ in candidates}
    candidates += [(test, test, raised) for found in (refused.items(), find_shared(inquiry)) for test, raised in found if test not in known]
    known.update(test for test, _, _ in candidates)
    collectors = Collector(inquiry.before, inquiry.base), Collector(inquiry.after, inquiry.head)
    candidates += [(test, test, raised) for test, raised in find_misfits(inquiry, *collectors) if test not in known]
    for conftest, raised in find_late_plugins(inquiry):
        below = {test for test in inquiry.head.layout.tests if is_below(test, directory_of(conftest))}
        # The plugins themselves would be imported when the file has been.
        first = {test for test, path, one in candidates if not _runs_after(inquiry.head, test, path, conftest) and one.trace[0] != raised.trace[0]}
        candidates = [one for one in candidates if one[0] in first or one[0] not in below]
        candidates += [(test, conftest, raised) for test in sorted(below - first)]
    cyclic = find_cyclic(inquiry, files_of)
    for index, (test, path, _) in enumerate(candidates):
        found = cyclic.pop(test, None)
        if found is not None and not _runs_after(inquiry.head, test, RepoPath(found.trace[0].path), path):
            candidates[index] = test, test, found
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
        certain = raised.certain and test not in survival.by_order and not _may_be_ignored(inquiry.head, test)
        verdict = Verdict.COLLECTION_ERROR if certain else Verdict.AT_RISK
        verdicts.add(BrokenTest(test, verdict, raised.text, (), (), chain), [raised.event])
    return verdicts


def _unmet_by(inquiry: Inquiry, test: RepoPath, unmet: Mapping[RepoPath, Raised]) -> Raised | None:
    """Return what pytest says of the settings of a test: of those that hold for it, or that did and cannot be read any more."""
    found = unmet.get(inquiry.head.layout.project_of(test).directory)
    old = inquiry.at_base(test)
    return found or (unmet.get(inquiry.base.layout.project_of(old).directory) if old is not None else None)


def _runs_after(side: Side, test: RepoPath, path: RepoPath, conftest: RepoPath) -> bool:
    """Tell whether a file is run for a test after a conftest.py was."""
    order = files_of(side, test)
    return path in order and conftest in order and order.index(path) > order.index(conftest)


def _may_be_ignored(side: Side, test: RepoPath) -> bool:
    """Tell whether a hook of a conftest.py above a test names its file: it may keep pytest from collecting it (`pytest_ignore_collect`)."""
    for conftest in side.layout.conftests_for(test):
        if b"pytest_ignore_collect" in (side.programs.source(conftest) or b""):
            hooks = [one for one in side.programs.functions(conftest).values() if one.name == "pytest_ignore_collect"]
            if any(basename_of(test).removesuffix(".py") in hook.text for hook in hooks):
                return True
    return False


def _doctested(side: Side) -> frozenset[RepoPath]:
    """Return the modules that are imported for their examples, where pytest minds that they cannot be."""
    return frozenset(path for path in side.layout.doctested if "--doctest-ignore-import-errors" not in side.layout.project_of(path).options)


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
            lines.setdefault((test, path), 0)  # pytest runs it for the test, which has no line for it
        for one, other in pairwise(raised.trace):
            lines.setdefault((RepoPath(one.path), RepoPath(other.path)), one.line)
    return Graph(sorted(lines)), lines


def _chain(side: Side, graph: Graph, lines: dict[tuple[RepoPath, RepoPath], int], test: RepoPath, path: RepoPath, raised: Raised) -> tuple[Link, ...]:
    last = raised.trace[-1]
    way = graph.chain(test, RepoPath(last.path))
    if not way:
        prefix = () if path == test else (Link(test, side.name_of(test), 0),)
        return (*prefix, *raised.trace)
    links = [Link(one, side.name_of(one), lines[one, other]) for one, other in pairwise(way)]
    return (*links, last)
