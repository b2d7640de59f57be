"""Files that are not known as they are at both ends, and what hangs on them: at risk, and no more than that.

Of a file in conflict the merge shows one side alone. A file of the working tree under a filter that is not run (gitattributes(5)) is not what Git would
store. And content may be missing (a partial clone, damage) or too large to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from impact.breaks.inquiry import Inquiry
from impact.names import RepoPath, directory_of, is_below
from impact.report import AFFECTING, Break, BrokenTest, Change, ChangeKind, Verdict
from impact.reporting.selection import find_dependents
from impact.snapshots import Comparison
from impact.sources import Sources


@dataclass(frozen=True)
class Doubts:
    """`unsettled`: files that may turn out otherwise than they are at an end. `unread`: the changed files of head of which one end could not be read.
    `added`: new ones, where a file that is gone could not be read and may be what they were. `below`: where settings could not be read at one end.
    """

    unsettled: frozenset[str] = frozenset()
    unread: frozenset[RepoPath] = frozenset()
    added: frozenset[RepoPath] = frozenset()
    below: frozenset[RepoPath] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether anything is in doubt."""
        return bool(self.unsettled or self.unread or self.added or self.below)


def find_doubts(comparison: Comparison, sources: Sources) -> Doubts:
    """Return what of a comparison is not known for certain, as far as it was asked for."""
    base, head = comparison.base, comparison.head
    conflicts = comparison.sides.conflicts if comparison.sides is not None else ()
    unsettled = frozenset((*conflicts, *base.filtered, *head.filtered))
    if not sources.unreadable:
        return Doubts(unsettled)
    changed = {path for path, _ in base.files.items() ^ head.files.items()}
    lacking = {path for path in changed if {base.files.get(path), head.files.get(path)} & sources.unreadable}
    unread = {path for path in lacking if path in head.files}
    lost_track = any(path.endswith(".py") for path in lacking - unread)
    return Doubts(
        unsettled,
        unread=frozenset(path for path in unread if path.endswith(".py")),
        added=frozenset(path for path in changed if path not in base.files) if lost_track else frozenset(),
        below=frozenset(directory_of(path) for path in lacking if not path.endswith(".py")),
    )


def weigh(tests: Iterable[BrokenTest], breaks: Iterable[Break], changes: Iterable[Change], inquiry: Inquiry, doubts: Doubts) -> tuple[BrokenTest, ...]:
    """Return the tests, worst first: those at risk only that break by nothing but what is in doubt, and with them those that depend on what is unread.

    A thing that a file took away is in doubt with that file. A reference that nothing ever answered (born broken) is in doubt with each file that
    leads to it: it may have been there before. What is known to be gone is missed, whoever asks.
    """
    if not doubts:
        return tuple(tests)
    known = {one.id: one for one in breaks}
    unread = doubts.unread | doubts.added
    changed = {one.id: one for one in changes}

    def doubtful(test: BrokenTest, one: Break) -> bool:
        change = changed.get(one.change or "")
        places = {one.path, change.path if change is not None else one.path}
        if places & doubts.unsettled or any(is_below(place, directory) for place in places for directory in doubts.below):
            return True
        if change is not None and change.kind is not ChangeKind.REFERENCE_ADDED:
            return change.path in unread
        return bool({one.path, *(link.path for link in test.chain)} & unread)

    held = [
        replace(test, verdict=Verdict.AT_RISK) if test.verdict in AFFECTING and test.breaks and all(doubtful(test, known[one]) for one in test.breaks) else test
        for test in tests
    ]
    order = list(Verdict)
    return tuple(sorted((*held, *_exposed(inquiry, held, doubts)), key=lambda test: (order.index(test.verdict), test.path)))


def _exposed(inquiry: Inquiry, tests: Iterable[BrokenTest], doubts: Doubts) -> Iterator[BrokenTest]:
    """Yield the test files without a verdict that depend on a file which could not be read at one end: they may miss what it held, or holds."""
    for path, chain in find_dependents(inquiry, doubts.unread, {test.path for test in tests}):
        yield BrokenTest(path, Verdict.AT_RISK, f"{chain[-1].path} changed, and could not be read at both ends", chain=chain)
