"""The ends of a comparison, ready to be looked into: their layout, the names of their modules, and what is not in Git and there all the same."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache as once

from impact.breaks.sides import Side
from impact.discovery.documents import FAULT
from impact.discovery.roots import without_lost_roots
from impact.discovery.understanding import Layout, discover
from impact.modules import Modules
from impact.names import RepoPath, basename_of
from impact.progress import Progress
from impact.settings import Settings
from impact.snapshots import Comparison, Snapshot
from impact.sources import SnapshotPrograms, Sources

_STACK = 12_000
_BUILT = re.compile(rb"([\w*?\[\]]+)\.(?:py|pyx|pyd|so|c|cpp|rs)\b")
_BUILD_FILES = frozenset({".gitignore", "pyproject.toml", "setup.py", "setup.cfg", "MANIFEST.in", "Makefile", "meson.build", "CMakeLists.txt"})


@contextmanager
def deep_stack() -> Iterator[None]:
    """Allow for chains of imports: they are played on our own stack, a dozen frames each."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _STACK))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def prepare(snapshot: Snapshot, sources: Sources, settings: Settings, progress: Progress) -> Side:
    """Return a snapshot with all that is needed to look into it."""
    layout = _lay_out(snapshot, _Reader(snapshot, sources), settings)
    return _side(snapshot, layout, _modules(snapshot, layout), sources, progress)


def prepare_both(comparison: Comparison, sources: Sources, settings: Settings, progress: Progress) -> tuple[Side, Side]:
    """Return the two ends of a comparison. Where they have the same files, and the same in those that settle the layout, it is found once for both."""
    base, head = comparison.base, comparison.head
    at_base, at_head = (_Reader(snapshot, sources) for snapshot in (base, head))
    before = _lay_out(base, at_base, settings)
    names = _modules(base, before)
    listed_alike = (base.files.keys(), base.skipped, base.linked) == (head.files.keys(), head.skipped, head.linked)
    if listed_alike and all(base.files.get(path) == head.files.get(path) for path in at_base.asked):
        return _side(base, before, names, sources, progress), _side(head, before, names, sources, progress)
    after = _lay_out(head, at_head, settings)
    if unreadable := {one.path for one in after.skipped if FAULT.fullmatch(one.reason)} - {one.path for one in before.skipped}:
        # Nothing runs on them. What they said is taken to hold, or all that hangs on it would seem to be gone.
        as_before = _lay_out(head, lambda path: (at_base if path in unreadable else at_head)(path), settings)
        after = replace(as_before, skipped=after.skipped)
    after = without_lost_roots(before, after, head.files, at_head)
    return _side(base, before, names, sources, progress), _side(head, after, _modules(head, after), sources, progress)


@dataclass(frozen=True)
class _Reader:
    """Reads files of a snapshot, and knows which ones it was asked for."""

    snapshot: Snapshot
    sources: Sources
    asked: set[RepoPath] = field(default_factory=set)

    def __call__(self, path: RepoPath) -> bytes | None:
        self.asked.add(path)
        blob = self.snapshot.files.get(path)
        return self.sources.read(blob) if blob is not None else None


def _lay_out(snapshot: Snapshot, read: Callable[[RepoPath], bytes | None], settings: Settings) -> Layout:
    return discover(snapshot, read, extra_roots=settings.source_roots, exclude=settings.exclude)


def _modules(snapshot: Snapshot, layout: Layout) -> Modules:
    return Modules(snapshot, layout.search_path, layout.weak_roots, layout.installed_roots, layout.is_distributed)


def _side(snapshot: Snapshot, layout: Layout, modules: Modules, sources: Sources, progress: Progress) -> Side:
    return Side(snapshot, layout, modules, SnapshotPrograms(snapshot, sources, progress))


def judging_python(layout: Layout, settings: Settings) -> tuple[int, int]:
    """Return the Python that version tests are judged by: the configured one, else ours where the project allows it, else its oldest."""
    if settings.python_version is not None:
        return settings.python_version
    ours = (sys.version_info.major, sys.version_info.minor)
    requirement = layout.requirements.get(RepoPath(""))
    oldest = requirement.lower_bound if requirement is not None else None
    return max(ours, oldest) if oldest is not None else ours


def find_generated(comparison: Comparison, sources: Sources) -> Callable[[str, bool], bool]:
    """Return a test for modules that Git does not hold and that may be there all the same: a build or ignore file names them, or a stub without a
    source stands for them. One that Git held at base counts where such a line is new: from now on it is built.
    """
    lines = naming_lines(comparison.head, sources)
    all_of_head = built_by(lines)
    stubs = lone_stubs(comparison.base) | lone_stubs(comparison.head)
    news = once(lambda: built_by(lines - naming_lines(comparison.base, sources)))
    return lambda name, held: (name in stubs and not held) or (all_of_head(name) and (not held or news()(name)))


def naming_lines(snapshot: Snapshot, sources: Sources) -> set[bytes]:
    """Return the lines of build and ignore files that name a source file."""
    lines: set[bytes] = set()
    for path, blob in snapshot.files.items():
        if basename_of(path) in _BUILD_FILES and path.count("/") < 4 and (data := sources.read(blob)) is not None and _BUILT.search(data):
            lines.update(line for line in data.splitlines() if b"." in line)
    return lines


def lone_stubs(snapshot: Snapshot) -> frozenset[str]:
    """Return the names of stubs beside which there is no source (PEP 484): what they describe is compiled, as a rule."""
    stems = (path.removesuffix(".pyi") for path in snapshot.files if path.endswith(".pyi"))
    return frozenset(basename_of(stem) for stem in stems if f"{stem}.py" not in snapshot.files) - {"__init__"}


def built_by(lines: set[bytes]) -> Callable[[str], bool]:
    """Return a test for the names of modules that some lines of build and ignore files name."""
    patterns = {found.decode("ascii", "replace") for line in lines for found in _BUILT.findall(line)} - {"*", "setup", "**"}
    globs = tuple(pattern for pattern in sorted(patterns) if not pattern.isidentifier())
    return lambda name: name in patterns or any(fnmatchcase(name, glob) for glob in globs)
