"""What happens to each test file, and what of a snapshot runs before it: its plugins, conftests, the packages above it, in pytest's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from impact.breaks.sides import Side
from impact.execution.values import Event
from impact.modules import File
from impact.names import RepoPath
from impact.report import BrokenTest, Masked, Verdict


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
