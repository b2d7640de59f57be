"""What newly fails: both ends are run side by side, outward from what changed, for as long as something is lost.

A file is looked at only when it names something that is gone, fails itself, or lost a name. Its outcome at head is held against its
outcome at base: only the difference counts. So a large tree costs what the break costs, not what the tree weighs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from impact.breaks.assessment import Assessment, Losses
from impact.breaks.reach import MANY_HOLDERS, saying
from impact.execution.playing import Execution
from impact.mentions import RELATIVE
from impact.names import RepoPath, directory_of, is_below, join

_INIT = "__init__.py"
# From a class to who makes one, to who hands that on, to who asks it for a member.
_FARTHEST = 3
# Packages that fail anew, each for what the others did: so often, and no more.
_MANY_TIMES = 5


class Inquiry(Assessment):
    """The work list: from file to file, for as long as something is lost."""

    def run(self) -> Losses:
        """Assess what changed, then whatever names what was lost, until nothing more is lost."""
        queue = sorted(path for path in self.changed if path in self.head.snapshot.files)
        self.base.programs.prefetch(self.changed)
        deleted = sorted(path for path in self.changed if path not in self.head.snapshot.files)
        waiting = dict.fromkeys([*self._filling(), *queue, *self._shifted(), *self.markers.users(), *self.options.users(self.markers.head)])
        for path in deleted:
            if self.assess_deleted(path):
                waiting.update(dict.fromkeys(self.importers(path)))
        self._work(waiting)
        for _ in range(_MANY_TIMES):
            if not (packages := dict.fromkeys(self._met_half_way())):
                break
            self._work(packages)
        return self.losses

    def resume(self, paths: Iterable[RepoPath]) -> bool:
        """Run files anew that call what is known to fail by now, and whatever names what is lost by that; return whether anything is."""
        lost = [path for path in paths if self._loses_more(path)]
        self._work(dict.fromkeys(one for path in lost for one in self._followers(path)))
        return bool(lost)

    def _loses_more(self, path: RepoPath) -> bool:
        """Run a file anew at both ends; where that takes nothing more away, all is as it was."""
        old = self.at_base(path) or path
        was_suspect = path in self.suspects
        module_before, module_after = self.before.loaded.get(old), self.after.loaded.get(path)
        self.suspects.add(path)
        self.before.rerun(old)
        self.after.rerun(path)
        if self.assess(path) or self.after.loaded[path].skip is not None:
            return True
        if not was_suspect:
            self.suspects.discard(path)
        for execution, one, value in ((self.before, old, module_before), (self.after, path, module_after)):
            execution.rerun(one)
            if value is not None:
                execution.loaded[one] = value
        return False

    def _work(self, waiting: dict[RepoPath, None]) -> None:
        """Assess files, then whatever names what is lost in them, until nothing more is."""
        rounds = 0
        fetched: set[RepoPath] = set()
        while waiting:
            path = next(iter(waiting))
            if path not in fetched:
                self.head.programs.prefetch(waiting.keys() - fetched)
                fetched.update(waiting)
            del waiting[path]
            self.suspects.add(path)
            # What it was run against may have become a suspect since; both ends, or they would differ for that alone.
            # A module that failed under a package is met half-way through the import of that package, where it is the package that imports it.
            for one in (path, *(self._failing_below(path) if path.endswith("/" + _INIT) else ())):
                self.before.rerun(self.at_base(one) or one)
                self.after.rerun(one)
            rounds += 1
            if self.assess(path) and rounds < 200_000:
                if path in self.losses.narrowed:
                    waiting[path] = None  # its own calls
                waiting.update(dict.fromkeys(self._followers(path)))

    def _met_half_way(self) -> Iterator[RepoPath]:
        """Yield the packages that fail otherwise when they are imported with nothing below them known yet: what was found out of a module below depends on
        how its package failed then, and the package on that.
        """
        for package in sorted(path for path in self.losses.failing if path.endswith("/" + _INIT)):
            anew = Execution(self.head_world, self.suspects)
            ends = [anew.import_file(init, self.head.name_of(init)).failure for init in (*self.head.packages_above(package), package)]
            if ends[-1] is not None and ends[-1].text != self.losses.failing[package].text:
                for path in self.suspects.intersection(anew.loaded):
                    self.after.rerun(path)
                yield package

    def _followers(self, path: RepoPath) -> Iterator[RepoPath]:
        """Yield the files that what a file lost concerns."""
        yield from self.importers(path)
        for found in (self._onlookers(path), self._receivers(path)):
            yield from (one for one in found if one not in self.suspects)

    def _failing_below(self, package: RepoPath) -> tuple[RepoPath, ...]:
        return tuple(path for path in self.losses.failing if is_below(path, directory_of(package)) and path in self.suspects)

    def _filling(self) -> Iterable[RepoPath]:
        """Yield the conftest.py files that put modules into `sys.modules`: they run before the tests, changed or not."""
        for path in sorted(self.head.layout.conftests):
            if b"sys.modules" in (self.head.programs.source(path) or b""):
                yield path

    def _shifted(self) -> Iterable[RepoPath]:
        """Yield unchanged files whose imports are looked up elsewhere than before: a root went, a package was made or unmade, or a new module has the
        name of one that is further down the search path.
        """
        layouts = self.base.layout, self.head.layout
        words: set[str] = set()
        unmade: set[RepoPath] = set()
        for path in self.changed:
            if path.endswith("/" + _INIT) and (path in self.base.snapshot.files) != (path in self.head.snapshot.files):
                words.add(directory_of(path).rpartition("/")[2])
                if path not in self.head.snapshot.files:
                    unmade.add(directory_of(path))
            elif path not in self.base.snapshot.files and (name := self.head.modules.name_of(path)) and self.base.modules.top(name, path) is not None:
                words.add(name)
        candidates = {path for word in words for path in self.mentions.mentioning(word)}
        # What lies in a package that is none any more may import by dots no longer (PEP 328).
        dotted = {path for path in self.mentions.mentioning(RELATIVE) if any(is_below(path, one) for one in unmade)} if unmade else set()
        gone: dict[RepoPath, bool] = {}
        alike = (layouts[0].claims, layouts[0].packages) == (layouts[1].claims, layouts[1].packages)
        for path in self.head.snapshot.files if not alike else ():
            if path.endswith(".py") and path in self.base.snapshot.files and path not in self.changed:
                directory = directory_of(path)
                if directory not in gone:
                    before, after = (layout.search_path(path) for layout in layouts)
                    gone[directory] = before is not after and not set(before) <= set(after)
                if gone[directory]:
                    candidates.add(path)
        for path in sorted(candidates | dotted):
            if path in self.base.snapshot.files and path in self.head.snapshot.files and (path in dotted or self.mentions.shifts(path)):
                yield path

    def _onlookers(self, path: RepoPath) -> Iterator[RepoPath]:
        """Yield files that may reach a module that lost names through another one that binds it: `from helpers import a`, then `a.gone`; or through
        its package, which has it as an attribute whoever imported it.
        """
        words = tuple(name.rpartition(".")[2] for name in self.losses.lost.get(path, ()))
        if not words:
            return
        package = join(directory_of(path), _INIT)
        stem = path.rpartition("/")[2].removesuffix(".py").encode()
        if package != path and package in self.head.snapshot.files:
            for found in self.binders(package):
                source = self.head.programs.source(found) or b""
                if stem in source and any(word.encode() in source for word in words):
                    yield found
        holders, seen = [path], {path}
        while holders and len(seen) < MANY_HOLDERS:
            holder = holders.pop()
            # The module itself is bound, or something that may be the module which a holder of it has.
            for found in self.binders(path) if holder == path else self.naming(holder):
                for edge in self.mentions.edges(found):
                    if edge.imported == holder and found not in seen:
                        seen.add(found)
                        holders.append(found)
                        if holder != path and any(word.encode() in (self.head.programs.source(found) or b"") for word in words):
                            yield found

    def _receivers(self, path: RepoPath) -> Iterator[RepoPath]:
        """Yield files that ask something for a member that a class of this file lost, or that takes less, where it may be an instance that somebody else
        made: a function of another file, a fixture of a conftest.py above, or who calls a function of theirs with one.
        """
        gone = (*self.losses.lost.get(path, ()), *self.losses.narrowed.get(path, ()))
        words = {name.rpartition(".")[2] for name in gone if "." in name}
        if not words:
            return
        asks = saying(words, before=rb"\.")
        seen, makers = {path}, [path]
        for _ in range(_FARTHEST):
            makers, nearest = [], makers
            for maker in nearest:
                found = set(self._below(maker)) if maker in self.head.layout.conftests else set()
                found.update(one for one in self.naming(maker) if any(edge.imported == maker for edge in self.mentions.edges(one)))
                for one in sorted(found - seen):
                    seen.add(one)
                    if asks.search(self.head.programs.source(one) or b""):
                        yield one
                    if one not in self.head.layout.tests:
                        makers.append(one)
                if len(seen) > MANY_HOLDERS:
                    return
        self.holders[path] = frozenset(seen)
        yield from (one for one in sorted(self.called_by(seen)) if asks.search(self.head.programs.source(one) or b""))

    def called_by(self, paths: AbstractSet[RepoPath]) -> set[RepoPath]:
        """Return what some files import: what they hold may be handed to its functions. Nothing, where it is more than can be read."""
        called = {edge.imported for path in paths for edge in self.mentions.edges(path)} - paths
        return called if len(called) <= MANY_HOLDERS else set()

    def _below(self, conftest: RepoPath) -> Iterator[RepoPath]:
        directory = directory_of(conftest)
        return (test for test in self.head.layout.tests if is_below(test, directory))

    def importers(self, path: RepoPath) -> tuple[RepoPath, ...]:
        """Return the files of head that name what was lost in a file, as far as their scans tell; sorted."""
        old = self.at_base(path) or path
        targets = {path, old}
        found = {
            found
            for found in self.naming(path)
            if any(edge.imported in targets and self._concerned(edge.imported, edge.names, star=edge.star) for edge in self.mentions.edges(found))
        }
        return tuple(sorted((found | set(self._servers(path))) - targets))

    def _servers(self, path: RepoPath) -> Iterator[RepoPath]:
        """Yield the packages above a file that say its name without an import: in the table of a `__getattr__` (PEP 562), or in `__all__`."""
        stem = (directory_of(path) if path.endswith(_INIT) else path).rpartition("/")[2].removesuffix(".py").encode()
        for package in self.head.packages_above(path):
            source = self.head.programs.source(package) or b""
            if stem in source and (b"def __getattr__" in source or b"__all__" in source):
                yield package

    def _concerned(self, path: RepoPath, names: frozenset[str] | None, *, star: bool) -> bool:
        losses = self.losses
        if path in losses.missing or path in losses.failing or path in losses.risky:
            return True
        if path in losses.unexported and (star or names is None):
            return True  # who holds the module may ask it for its `__all__`
        lost = losses.lost.get(path, frozenset()) | losses.narrowed.get(path, frozenset())
        if not lost:
            return self.new_path.get(path, path) in losses.failing
        return names is None or any(name.partition(".")[0] in names for name in lost)
