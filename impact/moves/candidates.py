"""The candidates for where a thing went that is gone, each with a certainty and its reasons: one finder per reason to believe it.

The change itself rewrites importers to a place; the file went there, as Git sees it; what is defined there has the same name, or the same body
(`definitions`); it stands where the other stood (`successions`). Which of them is believed is for `relocations` to say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from impact.breaks.inquiry import Inquiry
from impact.execution.values import ClassValue
from impact.moves.places import GAP, REWRITTEN, Place, named
from impact.moves.successions import find_written, imported_names
from impact.names import RepoPath, basename_of, directory_of, is_put_aside, parent_of
from impact.programs.blocks import defined_names
from impact.programs.definitions import Definition, likeness, successor
from impact.report import Certainty, Evidence
from impact.snapshots import Rename

# Fingerprints in percent. Under one name: known again, and surely known again; under another one the body has to speak for itself.
_ALIKE, SAME = 50, 80
_RENAMED, _SURELY_RENAMED = 65, 90
# Definitions that went from one file to another together, for a further one of the name to be surely one of them, whatever its body is now.
_COMPANY = 3
# What a file keeps of the names of one that Git takes it for, in percent, to be surely that one.
_KEPT = 60
# Changed files that are searched for a body under another name; beyond, the change is a reformatting or an import of a whole tree.
_SEARCHED = 60


@dataclass(frozen=True, slots=True)
class _Rewrites:
    """How often the change itself replaces one import by another: (module, name) → (module, name) → files. An empty name is the module."""

    votes: Mapping[tuple[str, str], Counter[tuple[str, str]]]

    def of(self, module: str, name: str) -> tuple[tuple[str, str], int] | None:
        """Return what an import is replaced by wherever it is replaced, and in how many files."""
        found = self.votes.get((module, name))
        if not found or len(found) > 1:
            return None
        return next(iter(found.items()))


class Candidates:
    """What may have taken the place of what a comparison lost. Everything is looked up when it is asked for."""

    def __init__(self, inquiry: Inquiry, renames: Iterable[Rename]) -> None:
        self._inquiry = inquiry
        self._renames: Mapping[RepoPath, Rename] = {rename.old: rename for rename in renames}
        self._companies: dict[tuple[RepoPath, RepoPath], int] = {}
        self._users: dict[str, list[tuple[RepoPath, RepoPath]]] = {}
        self._votes: _Rewrites | None = None
        self._index: dict[str, list[RepoPath]] | None = None

    def rewritten(self, path: RepoPath, name: str) -> Iterator[Place]:
        """Yield what the change itself makes of the imports of a name; of a module where `name` is empty."""
        inquiry = self._inquiry
        for module in inquiry.base.modules.names_of(inquiry.at_base(path) or path):
            found = self._rewrites().of(module, name)
            if found is None:
                continue
            (new_module, new_name), count = found
            where = self._resolve(new_module, new_name, path)
            if not isinstance(where, bool):
                files = "an importer" if count == 1 else f"{count} importers"
                reason = Evidence(REWRITTEN, f"the change itself rewrites {files} to it", where)
                yield Place(named(new_module, new_name), where, Certainty.CERTAIN, 100, (reason,))
            return

    def _resolve(self, module: str, name: str, importer: RepoPath) -> RepoPath | bool | None:
        """Return the file behind a module of head that has the name, None for one from outside the repository, False for what is not there."""
        modules = self._inquiry.head.modules
        if modules.top(module.partition(".")[0], importer) is None:
            return None
        path: RepoPath | None = getattr(modules.find(module, importer), "path", None)
        return path if path is not None and (not name or self.provides(path, module, name)) else False

    def provides(self, path: RepoPath, module: str, name: str) -> bool:
        """Tell whether the module at `path` of head binds a name, or may serve it in a way that cannot be followed."""
        inquiry = self._inquiry
        value = inquiry.after.import_file(path, module)
        if inquiry.after.is_uncertain(value, name):
            return True
        first, _, member = name.partition(".")
        found = inquiry.after.names(value).get(first)
        if found is None:
            location = inquiry.head.modules.find(module, path)
            return location is not None and inquiry.head.modules.child(location, first) is not None
        return not member or not isinstance(found, ClassValue) or inquiry.after.member(found, member) is not None

    def renamed(self, path: RepoPath) -> Iterator[Place]:
        """Yield the files that a module became, as Git sees it."""
        rename = self._renames.get(path)
        if rename is None or not rename.new.endswith(".py"):
            return
        inquiry = self._inquiry
        files = inquiry.head.snapshot.files
        word = "moved" if directory_of(path) != directory_of(rename.new) else "renamed"
        reason = Evidence("similarity", f"{word} from {basename_of(path)}, {rename.similarity}% the same", path, rename.new, rename.similarity)
        names = [name for name in self.definitions(path, at_head=False) if "." not in name]
        kept = sum(name in self.definitions(rename.new, at_head=True) for name in names)
        sure = rename.similarity == 100 or kept * 100 >= len(names) * _KEPT
        # A copy of the same content elsewhere is as good, unless only one of them kept the file's name.
        followed, blob = basename_of(rename.new) == basename_of(path), files[rename.new]
        twins = [
            other
            for other, content in files.items()
            if content == blob and other.endswith(".py") and other not in inquiry.base.snapshot.files and (basename_of(other) == basename_of(path)) == followed
        ]
        certainty = Certainty.CERTAIN if sure else Certainty.LIKELY
        for place in twins if names else [rename.new]:
            level = certainty if is_put_aside(place) <= is_put_aside(path) else Certainty.POSSIBLE
            yield Place(inquiry.head.modules.name_of(place), place, level, rename.similarity, (replace(reason, new_path=place),))

    def kept_aside(self, path: RepoPath) -> Rename | None:
        """Return the rename of a module to something that Python does not import."""
        rename = self._renames.get(path)
        return rename if rename is not None and not rename.new.endswith(".py") else None

    def namesakes(self, old: Definition, old_path: RepoPath, name: str) -> Iterator[Place]:
        """Yield the changed files that define the name at head and did not at base."""
        inquiry = self._inquiry
        followed = inquiry.new_path.get(old_path)
        for path in self._defining(name):
            if path == old_path:
                continue
            new = self.definitions(path, at_head=True).get(name)
            before = inquiry.at_base(path)
            if new is None or (before is not None and before != old_path and name in self.definitions(before, at_head=False)):
                continue
            module = inquiry.head.modules.name_of(path)
            score = likeness(old, new)
            alike = score >= _ALIKE or (not old.telling and old.kind == new.kind)
            certainty = Certainty.CERTAIN if alike or path == followed or self._company(old_path, path) >= _COMPANY else Certainty.LIKELY
            if is_aside(path) and not is_aside(old_path):
                certainty = Certainty.POSSIBLE  # a test has its own of that name now, or it was put aside
            detail = f"a new {module}:{name} has the same name, {_alike(score)}"
            kind = "definition" if score >= _ALIKE else "defined-elsewhere"
            yield Place(f"{module}:{name}", path, certainty, score + (path == followed), (Evidence(kind, detail, old_path, path, score),))

    def _company(self, old_path: RepoPath, path: RepoPath) -> int:
        """Return how many definitions went from one file to another in this change, under their names and surely known again."""
        key = old_path, path
        if key not in self._companies:
            before = self._inquiry.at_base(path)
            held = self.definitions(before, at_head=False) if before is not None else {}
            here = self.definitions(self._inquiry.new_path.get(old_path, old_path), at_head=True)
            after = self.definitions(path, at_head=True)
            self._companies[key] = sum(
                one.telling and likeness(one, after[name]) >= SAME
                for name, one in self.definitions(old_path, at_head=False).items()
                if name in after and name not in held and name not in here and "." not in name
            )
        return self._companies[key]

    def members(self, old: Definition, here: RepoPath, name: str) -> Iterator[Place]:
        """Yield the new members of the same class that have the same body."""
        owner, _, member = name.partition(".")
        module = self._inquiry.head.modules.name_of(here)
        before = self.definitions(self._inquiry.at_base(here) or here, at_head=False)
        for other, new in self.definitions(here, at_head=True).items() if old.telling else ():
            score = likeness(old, new)
            if other.startswith(f"{owner}.") and other not in before and score >= _RENAMED:
                certainty = Certainty.CERTAIN if score >= _SURELY_RENAMED else Certainty.LIKELY
                detail = f"{member} is called {other.rpartition('.')[2]} now, {score}% the same"
                yield Place(f"{module}:{other}", here, certainty, score, (Evidence("definition", detail, here, None, score),))

    def renamed_here(self, old: Definition, old_path: RepoPath, here: RepoPath, name: str) -> Iterator[Place]:
        """Yield what is defined at head under another name and was not at base, with the same body."""
        if not old.telling:
            return
        inquiry = self._inquiry
        others = (path for path in self._changed() if path != here and is_aside(path) <= is_aside(old_path))
        files = [here, *sorted(others, key=lambda path: -_shared(path, here))]
        for path in files[:_SEARCHED]:
            if path not in inquiry.head.snapshot.files:
                continue
            before_path = inquiry.at_base(path)
            if self._defined(path, at_head=True) <= (self._defined(before_path, at_head=False) if before_path is not None else set()):
                continue
            before = self.definitions(before_path, at_head=False) if before_path is not None else {}
            module = inquiry.head.modules.name_of(path)
            for other, new in self.definitions(path, at_head=True).items():
                if "." in other or other in before or other == name:
                    continue
                score = likeness(old, new)
                if score >= _RENAMED:
                    certainty = Certainty.CERTAIN if score >= _SURELY_RENAMED else Certainty.LIKELY
                    detail = f"{name} is called {other} now, {score}% the same"
                    yield Place(f"{module}:{other}", path, certainty, score + (path == here), (Evidence("definition", detail, old_path, path, score),))

    def in_place(self, old: Definition, old_path: RepoPath, here: RepoPath, name: str) -> Iterator[Place]:
        """Yield what took the place of a definition in its own module, or of a member in its class, however short."""
        before, after = self.definitions(old_path, at_head=False), self.definitions(here, at_head=True)
        owner, _, word = name.rpartition(".")
        fresh = {one.rpartition(".")[2]: one for one, new in after.items() if one.rpartition(".")[0] == owner and one not in before and new.kind == old.kind}
        neighbour = successor(before, after, name) if fresh else None
        module = self._inquiry.head.modules.name_of(here)
        written = find_written(self._inquiry, old_path, here, word, fresh, everywhere=bool(owner))
        for other, full in fresh.items():
            count, score, clear = written.lines[other], likeness(old, after[full]), written.is_clear(other)
            if not (clear and (count > 1 or full == neighbour)) and not (full == neighbour and score == 100 and old.size):
                continue
            agreed = full == neighbour if owner else written.importers.keys() == {other}
            certainty = Certainty.CERTAIN if clear and count > 1 and agreed else Certainty.LIKELY
            where = f"the change writes it instead in {count} line{'s' * (count > 1)}" if count else "it stands in its place"
            reason = Evidence("in-place", f"{word} is called {other} now, {where}, {score}% the same", here, None, score)
            yield Place(f"{module}:{full}", here, certainty, min(100, _RENAMED + 5 * count), (reason,))

    # What was there before

    def elsewhere(self, old: Definition, old_path: RepoPath, name: str) -> Iterator[Place]:
        """Yield the definitions of the same name that others import, or that a package around has: they were there at base already."""
        inquiry = self._inquiry
        module = inquiry.base.modules.name_of(old_path)
        packages = [getattr(inquiry.head.modules.find(parent, old_path), "path", None) for parent in _parents(module)]
        # A name that stands everywhere says little: those count that most others import, and of these the nearest.
        definers = sorted(self.definers(name, old_path).items(), key=lambda one: (-one[1], -_shared(one[0], old_path), one[0]))[:_SEARCHED]
        for path, users in {**{path: 0 for path in packages if path is not None}, **dict(definers)}.items():
            new = self.definitions(path, at_head=True).get(name) if name in inquiry.head.programs.looks(path) else None
            if new is not None and path != old_path:
                score = likeness(old, new)
                where = inquiry.head.modules.name_of(path)
                sure = Certainty.LIKELY if score >= SAME and old.telling and is_aside(path) <= is_aside(old_path) else Certainty.POSSIBLE
                detail = f"{where}:{name} has the same name, {_alike(score)}{imported_by(users)}"
                yield Place(f"{where}:{name}", path, sure, score + min(users, 2 * GAP), (Evidence("defined-elsewhere", detail, path, None, score),))

    def definers(self, name: str, besides: RepoPath) -> dict[RepoPath, int]:
        """Return the files of head that others import a name from, and how many do."""
        inquiry = self._inquiry
        found = self._users.get(name)
        if found is None:
            pairs = ((path, edge) for path in inquiry.mentions.mentioning(name) for edge in inquiry.mentions.edges(path))
            found = self._users[name] = [
                (path, edge.imported) for path, edge in pairs if edge.names is not None and name in edge.names and edge.imported in inquiry.head.snapshot.files
            ]
        return dict(sorted(Counter(imported for path, imported in found if path != besides).items()))

    def asked(self, path: RepoPath) -> tuple[str, ...]:
        """Return the names that the files of head import from a module that is gone, most asked first."""
        inquiry = self._inquiry
        words = {name.rpartition(".")[2] for name in inquiry.base.modules.names_of(path)}
        asked: Counter[str] = Counter()
        for user in sorted({user for word in words for user in inquiry.mentions.mentioning(word)}):
            for edge in inquiry.mentions.edges(user):
                if edge.imported == path and edge.names is not None:
                    asked.update(edge.names)
        return tuple(name for name, _ in sorted(asked.items(), key=lambda one: (-one[1], one[0])))

    # What is read once

    def definitions(self, path: RepoPath, *, at_head: bool) -> Mapping[str, Definition]:
        """Return what a file of one end defines; nothing where it is not there."""
        side = self._inquiry.head if at_head else self._inquiry.base
        return side.programs.definitions(path)

    def _defining(self, name: str) -> Iterable[RepoPath]:
        """Return the changed files that define a name at head."""
        if self._index is None:
            self._index = defaultdict(list)
            for path in self._changed():
                for one in self._defined(path, at_head=True):
                    self._index[one].append(path)
        return self._index.get(name, ())

    def _defined(self, path: RepoPath, *, at_head: bool) -> set[str]:
        """Return the names that a changed file defines: it was run already, so this costs no parse."""
        program = (self._inquiry.head if at_head else self._inquiry.base).programs.module(path)
        return defined_names(program.body) if program is not None else set()

    def _changed(self) -> list[RepoPath]:
        return sorted(path for path in self._inquiry.changed if path in self._inquiry.head.snapshot.files)

    def _rewrites(self) -> _Rewrites:
        if self._votes is None:
            inquiry = self._inquiry
            votes: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
            for path in self._changed():
                before = inquiry.at_base(path)
                if before is None:
                    continue
                old, new = imported_names(inquiry.base, before), imported_names(inquiry.head, path)
                for bound in old.keys() & new.keys():
                    gone, come = old[bound] - new[bound], new[bound] - old[bound]
                    if len(gone) == 1 and len(come) == 1:
                        votes[next(iter(gone))][next(iter(come))] += 1
            self._votes = _Rewrites(dict(votes))
        return self._votes


def imported_by(users: int) -> str:
    """Return in words, to be put behind a place, how many other files import from it."""
    return "" if not users else ", another file imports it from there" if users == 1 else f", {users} other files import it from there"


def _parents(module: str) -> Iterator[str]:
    while module := parent_of(module):
        yield module


def is_aside(path: str) -> bool:
    """Tell whether a file lies with the tests, or was put aside: what is there serves them alone, or nobody."""
    *directories, name = path.split("/")
    return is_put_aside(path) or name.startswith("test_") or name == "conftest.py" or any(part in ("test", "tests", "testing") for part in directories)


def _shared(one: str, other: str) -> int:
    return len(set(one.split("/")) & set(other.split("/")))


def _alike(score: int) -> str:
    """Return in words how much of two bodies is the same."""
    return f"{score}% the same" if score >= _ALIKE else f"but another body ({score}% the same)" if score else "but another body"
