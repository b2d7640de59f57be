"""From events to the breaks of the report, and from there to each test's entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from impact.breaks.inquiry import Inquiry
from impact.execution.values import Event
from impact.moves.changes import Changes
from impact.names import RepoPath
from impact.programs.parsing import text_of
from impact.report import Break, BrokenTest, Change, ReferenceKind, Verdict
from impact.sources import Sources
from impact.verdicts.tally import Verdicts


@dataclass(frozen=True)
class Findings:
    """The broken references and the tests that stand on them, sorted."""

    breaks: tuple[Break, ...]
    tests: tuple[BrokenTest, ...]
    preexisting: tuple[Break, ...]


def find_breaks(inquiry: Inquiry, changes: Changes, verdicts: Verdicts, sources: Sources) -> Findings:
    """Return every reference that newly fails, and the tests with the ids of those they meet."""
    writer = _Writer(inquiry, changes, sources, verdicts.providers)
    breaks: dict[str, Break] = {}
    by_path: dict[RepoPath, list[tuple[Event, str]]] = {}
    for path in sorted(inquiry.suspects):
        for event in inquiry.new_events(path):
            if event.handled == "expected":
                continue
            found, others = writer.write(event), by_path.setdefault(path, [])
            known = breaks.get(found.id)
            if known is None or (known.deferred and not found.deferred):  # what a file runs as it is imported may be called by tests as well
                breaks[found.id] = found
            if not any(name == found.id for _, name in others):
                others.append((event, found.id))
    tests: list[BrokenTest] = []
    for test in verdicts.tests:
        causes: list[str] = []
        for event in verdicts.causes.get((RepoPath(test.path), test.verdict), ()):
            found = writer.write(event)
            breaks.setdefault(found.id, found)
            causes.append(found.id)
        events = by_path.get(RepoPath(test.path), ())
        own = [name for event, name in events if _bears_on(event, test.verdict)] or ([] if causes else [name for _, name in events])
        tests.append(replace(test, breaks=tuple(dict.fromkeys((*causes, *own)))))
    preexisting: dict[str, Break] = {}
    for path in sorted(inquiry.suspects):
        for event in inquiry.old_events(path):
            if event.handled is None and event.certain:
                found = writer.write(event, known=False)
                preexisting[found.id] = found
    order = list(Verdict)
    return Findings(
        tuple(sorted(breaks.values())),
        tuple(sorted(tests, key=lambda test: (order.index(test.verdict), test.path))),
        tuple(sorted(preexisting.values(), key=lambda one: one.id)),
    )


def _bears_on(event: Event, verdict: Verdict) -> bool:
    """Tell whether a reference of a test file says something of a verdict on that file, beside what led to it."""
    match verdict:
        case Verdict.COLLECTION_ERROR:
            return not event.deferred
        case Verdict.RUNTIME_ERROR:
            return event.deferred and event.handled is None
        case Verdict.SILENCED:
            return event.handled is not None
        case _:
            return not event.certain


class _Writer:
    """Turns events into breaks, with the source line each stands on."""

    def __init__(self, inquiry: Inquiry, changes: Changes, sources: Sources, providers: Mapping[tuple[RepoPath, str], RepoPath]) -> None:
        self._inquiry = inquiry
        self._changes = changes
        self._sources = sources
        self._providers = providers
        self._lines: dict[RepoPath, list[str]] = {}
        self._written: dict[int, Break] = {}

    def write(self, event: Event, *, known: bool = True) -> Break:
        """Return the break of an event; `known` false leaves out the change behind it."""
        found = self._written.get(id(event))
        if found is None:
            change = self._behind(event) if known else None
            found = self._written[id(event)] = Break(
                path=event.path,
                line=event.line,
                column=event.column,
                code=self._code(event),
                kind=event.kind,
                target=event.target,
                change=change.id if change is not None else None,
                deferred=event.deferred,
                exception=event.exception,
                remedy=self._changes.remedy(change, event) if change is not None else None,
                function=self._function(event) if event.deferred else None,
            )
        return found

    def _function(self, event: Event) -> str | None:
        """Return the innermost function around an event, its decorators included, as a node id has it."""
        around: list[tuple[int, str]] = []
        for function in self._inquiry.head.programs.functions(event.path).values():
            first = min([function.line, *(one.line for one in function.decorators)])
            if first <= event.line <= function.last:
                around.append((first, "::".join([*(part for part in function.owner.split(".") if part), function.name])))
        return max(around, default=(0, None))[1]

    def _behind(self, event: Event) -> Change:
        if event.kind is ReferenceKind.FIXTURE:
            return self._changes.fixture(self._providers[event.path, event.target], event.target)
        if event.kind is ReferenceKind.MARKER:
            return self._changes.marker(event.path, event.target)
        if event.kind is ReferenceKind.CALL:
            return self._changes.signature(event.path, event.target)
        return self._changes.behind(event.path, event.target)

    def _code(self, event: Event) -> str:
        """Return the source line of an event; of a statement over several lines, its first and the one that names the target."""
        lines = self._lines.get(event.path)
        if lines is None:
            blob = self._inquiry.head.snapshot.files.get(event.path)
            data = self._sources.read(blob) if blob is not None else None
            lines = self._lines[event.path] = text_of(data or b"")
        first = lines[event.line - 1].strip() if 0 < event.line <= len(lines) else ""
        name = event.target.rpartition(":")[2].rpartition(".")[2]
        if first.endswith(("(", "\\")) and name not in first:
            for line in lines[event.line : event.line + 200]:
                if name in _words(line):
                    return f"{first.rstrip(chr(92)).rstrip()} … {line.strip()}"
                if ")" in line:
                    break
        return first


def _words(line: str) -> Iterable[str]:
    return line.partition("#")[0].replace(",", " ").replace("(", " ").replace(")", " ").split()
