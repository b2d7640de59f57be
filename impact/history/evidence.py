"""Which commit took a thing away, where it can still be read, and where its name is defined now: evidence added to the changes of a report.

It costs a walk over the commits between the two ends, and only where something is lost. Trees and blobs are compared, nothing is checked out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from impact.breaks.inquiry import Inquiry
from impact.commits import Commit, History, Question, brought_by, find_turns
from impact.compiled import Compiled
from impact.names import BlobId, CommitId, RepoPath, basename_of, directory_of
from impact.programs.blocks import bound_names, statements_of
from impact.programs.program import Block, ClassDef
from impact.report import Change, ChangeKind, Evidence
from impact.revisions.ranges import WORKTREE
from impact.snapshots import Comparison, Repository
from impact.sources import Sources

# Of more changes than this, the first are told about: a change that takes away more is no matter of single commits.
_MANY = 500
# Definitions of the same name elsewhere. More of them say that the name is a common one, and point nowhere.
_ELSEWHERE = 5
_SUBJECT = 80
_MODULES = frozenset({ChangeKind.MODULE_DELETED, ChangeKind.MODULE_RENAMED, ChangeKind.MODULE_MOVED})
_SYMBOLS = frozenset({ChangeKind.SYMBOL_DELETED, ChangeKind.SYMBOL_RENAMED, ChangeKind.SYMBOL_MOVED, ChangeKind.FIXTURE_DELETED})

Holds = Callable[[Mapping[RepoPath, BlobId]], bool]


FindCompiled = Callable[[], tuple[Compiled, ...]]
"""Finds the compiled files of the working tree whose source is gone."""


def nothing_compiled() -> tuple[Compiled, ...]:
    """Know of no compiled file."""
    return ()


def add_evidence(
    changes: tuple[Change, ...],
    inquiry: Inquiry,
    comparison: Comparison,
    repository: Repository,
    sources: Sources,
    find_compiled: FindCompiled = nothing_compiled,
) -> tuple[Change, ...]:
    """Return the changes with the commit behind each, the last place where it lived, other places where its name is defined now, and bytecode."""
    if not changes:
        return changes
    left = _Left(inquiry, find_compiled() if comparison.head.end.revision == WORKTREE else ())
    commits = _Commits(inquiry, comparison, repository, sources).find(changes[:_MANY])
    elsewhere = _Elsewhere(inquiry, sources)
    supported = (
        replace(change, evidence=(*change.evidence, *commits.get(change.id, ()), *left.find(change), *elsewhere.find(change))) for change in changes[:_MANY]
    )
    return (*supported, *changes[_MANY:])


def left_behind(compiled: Compiled) -> str:
    """Return one line on a compiled file without source, for a person."""
    python = f"Python {compiled.stamp.python}" if compiled.stamp.python else "Python"
    imported = compiled.legacy and not compiled.shadowed
    return f"{compiled.path}: {f'{python} imports it here, and nowhere else' if imported else f'left by {python}, which does not import it'}"


def told(commit: Commit, verb: str) -> str:
    """Return one line on a commit, for a person: `deleted in 1f2c3d4e5f, 2025-09-14, by Ada (#12): Drop the factory`."""
    subject = commit.subject if len(commit.subject) <= _SUBJECT else f"{commit.subject[: _SUBJECT - 1]}…"
    facts = [f"{verb} in {commit.id[:10]}", commit.date[:10], f"by {commit.author}" if commit.author else ""]
    number = f" ({commit.number})" if commit.number and commit.number not in commit.subject else ""
    return f"{', '.join(fact for fact in facts if fact)}{number}" + (f": {subject}" if subject else "")


def holds_symbol(sources: Sources, blob: BlobId, name: str) -> bool:
    """Tell whether a source binds a name at its top level (`name`, or `Class.member` in the body of a class); in doubt it does."""
    first, _, rest = name.partition(".")
    data = sources.read(blob)
    if data is None:
        return True
    word = first.encode()
    if word not in data:
        return False
    # What stands at the start of a line is seen without a parse: history asks of a thousand blobs.
    if not rest and re.search(
        rb"^(?:(?:async[ \t]+)?def|class)[ \t]+%b\b|^%b[ \t]*(?::[^=\n]+)?=(?!=)" % (re.escape(word), re.escape(word)), data, re.MULTILINE
    ):
        return True
    program = sources.program(blob)
    if program is None or program.problem is not None:
        return True
    return _binds(program.body, first, rest)


def _binds(block: Block, first: str, rest: str) -> bool:
    if first not in bound_names(block):
        return False
    if not rest:
        return True
    following, _, further = rest.partition(".")
    classes = [one for one in statements_of(block) if isinstance(one, ClassDef) and one.name == first]
    return any(_binds(one.body, following, further) for one in classes) if classes else True


def line_of(data: bytes, name: str) -> int | None:
    r"""Return the line that defines a name, by the looks of it.

    >>> line_of(b"import os\n\n\ndef total(): ...\n", "total")
    4
    """
    word = re.escape(name.rpartition(".")[2]).encode()
    pattern = rb"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+%b\b|^[ \t]*%b[ \t]*[:=]" % (word, word)
    found = re.search(pattern, data, re.MULTILINE)
    return data.count(b"\n", 0, found.start()) + 1 if found is not None else None


class _Commits:
    """The commits behind the changes of one comparison."""

    def __init__(self, inquiry: Inquiry, comparison: Comparison, repository: Repository, sources: Sources) -> None:
        self._inquiry = inquiry
        self._comparison = comparison
        self._repository = repository
        self._sources = sources
        self._paths: set[RepoPath] = set()

    def find(self, changes: Iterable[Change]) -> dict[str, tuple[Evidence, ...]]:
        """Return what commits say, by the id of the change."""
        base, head = self._comparison.base.end, self._comparison.head.end
        if base.commit is None:
            return {}
        questions = {change.id: question for change in changes if (question := self._question(change)) is not None}
        history = self._repository.history([head.commit or "HEAD"], without=base.commit)
        turns = find_turns(history, questions)
        merges = brought_by(history, {commit for commit, _ in turns.values()})
        found: dict[str, tuple[Evidence, ...]] = {}
        for change in changes:
            if change.id in turns:
                found[change.id] = tuple(self._tell(history, change, *turns[change.id], merges))
            elif change.id in questions and head.commit is None and self._is_pending(history, questions[change.id]):
                where = "in the index" if head.revision == "INDEX" else "in the working tree"
                verb = "named" if change.kind is ChangeKind.REFERENCE_ADDED else "gone"
                found[change.id] = (Evidence("uncommitted", f"{verb} {where}, in no commit yet"),)
        return found

    def _is_pending(self, history: History, question: Question) -> bool:
        return not history.tips or question.holds(history.watch(self._paths).blobs(history.tips[0]))

    def _question(self, change: Change) -> Question | None:
        """Return what to ask of every commit: whether things are still as they were."""
        path = RepoPath(change.path)
        old, new = self._inquiry.at_base(path), self._inquiry.new_path.get(path)
        paths = tuple(dict.fromkeys(one for one in (path, old, new) if one is not None))
        name = change.old.partition(":")[2]
        sources = self._sources
        question: Holds | None = None
        if change.kind in _MODULES:
            question = lambda blobs: path in blobs  # noqa: E731
        elif change.kind in _SYMBOLS:
            question = lambda blobs: any(one in blobs and holds_symbol(sources, blobs[one], name) for one in paths)  # noqa: E731
        elif change.kind is ChangeKind.REFERENCE_ADDED:
            words = [part.rpartition(".")[2].encode() for part in change.old.split(":")]
            question = lambda blobs: not any(one in blobs and all(word in (sources.read(blobs[one]) or b"") for word in words) for one in paths)  # noqa: E731
        elif change.kind is ChangeKind.SIGNATURE_CHANGED:
            now = self._comparison.head.files.get(path)
            taken = self._signature(now, name)
            question = lambda blobs: all(self._signature(blobs.get(one), name) != taken for one in paths)  # noqa: E731
        elif change.kind is ChangeKind.MODULE_UNPARSABLE:
            question = lambda blobs: all(one not in blobs or self._parses(blobs[one]) for one in paths)  # noqa: E731
        elif change.kind is ChangeKind.MARKER_UNREGISTERED:
            mark = change.old.rpartition(".")[2].encode()
            question = lambda blobs: any(one in blobs and mark in (sources.read(blobs[one]) or b"") for one in paths)  # noqa: E731
        if question is None:
            return None
        self._paths.update(paths)
        return Question(frozenset(paths), question)

    def _signature(self, blob: BlobId | None, name: str) -> tuple[str, ...]:
        if blob is None:
            return ()
        owner, _, last = name.rpartition(".")
        functions = self._sources.functions(blob).values()
        wanted = {(owner, last), (name, "__init__"), (name, "__new__")}
        return tuple(one.signature for one in functions if (one.owner, one.name) in wanted)

    def _parses(self, blob: BlobId) -> bool:
        program = self._sources.program(blob)
        return program is None or (program.problem is None and self._sources.refusal(blob) is None)

    def _tell(self, history: History, change: Change, turn: CommitId, parent: CommitId, merges: Mapping[CommitId, CommitId]) -> Iterator[Evidence]:
        commit = history.describe(turn)
        if commit.number is None and turn in merges:
            commit = replace(commit, number=history.describe(merges[turn]).number)
        verb = _VERBS.get(change.kind, "gone")
        yield Evidence(
            "commit",
            told(commit, verb),
            commit=turn,
            date=commit.date or None,
            author=commit.author or None,
            subject=commit.subject or None,
            number=commit.number,
        )
        if change.kind in _MODULES | _SYMBOLS:
            held = history.watch(self._paths).blobs(parent)
            name = change.old.partition(":")[2]
            for path in dict.fromkeys((RepoPath(change.path), self._inquiry.at_base(RepoPath(change.path)))):
                if path is not None and path in held:
                    line = line_of(self._sources.read(held[path]) or b"", name) if name else None
                    yield Evidence("last-seen", f"last in {parent[:10]}:{path}", path, line=line, commit=parent)
                    return


_VERBS = {
    ChangeKind.MODULE_DELETED: "deleted",
    ChangeKind.MODULE_RENAMED: "renamed",
    ChangeKind.MODULE_MOVED: "moved",
    ChangeKind.SYMBOL_DELETED: "deleted",
    ChangeKind.SYMBOL_RENAMED: "renamed",
    ChangeKind.SYMBOL_MOVED: "moved",
    ChangeKind.FIXTURE_DELETED: "deleted",
    ChangeKind.SIGNATURE_CHANGED: "changed",
    ChangeKind.REFERENCE_ADDED: "named",
    ChangeKind.MODULE_UNPARSABLE: "broken",
}


class _Elsewhere:
    """Where else a name that went is defined at head: modules of the same file name, and modules that others have the symbol from."""

    def __init__(self, inquiry: Inquiry, sources: Sources) -> None:
        self._inquiry = inquiry
        self._sources = sources
        self._named: dict[str, list[RepoPath]] | None = None

    def find(self, change: Change) -> Iterator[Evidence]:
        """Yield the places that the evidence of a change does not name yet."""
        known = {one.path for one in change.evidence} | {one.new_path for one in change.evidence} | {change.path, change.new_path}
        if change.kind in _MODULES:
            places = [path for path in self._of_name(change.path) if path not in known]
            names = [str(self._inquiry.head.modules.name_of(path)) for path in places]
        elif change.kind in _SYMBOLS or change.kind is ChangeKind.REFERENCE_ADDED:
            name = change.old.partition(":")[2]
            places = [path for path in self._binding(name) if path not in known] if name and "." not in name else []
            names = [f"{self._inquiry.head.modules.name_of(path)}:{name}" for path in places]
        else:
            return
        if len(places) <= _ELSEWHERE:
            for path, shown in zip(places, names, strict=True):
                yield Evidence("defined-elsewhere", f"{shown} has the same name", path)

    def _of_name(self, path: str) -> list[RepoPath]:
        if self._named is None:
            named: dict[str, list[RepoPath]] = defaultdict(list)
            for one in sorted(self._inquiry.head.snapshot.files):
                if one.endswith(".py") and one not in self._inquiry.head.layout.tests:
                    named[_stem(one)].append(one)
            self._named = dict(named)
        return self._named.get(_stem(path), [])

    def _binding(self, name: str) -> list[RepoPath]:
        """Return the files that others import a name from, and that define it themselves."""
        inquiry = self._inquiry
        candidates = {
            edge.imported
            for path in inquiry.mentions.mentioning(name)
            for edge in inquiry.mentions.edges(path)
            if edge.names is not None and name in edge.names and edge.imported in inquiry.head.snapshot.files
        }
        return [path for path in sorted(candidates) if self._defines(path, name)] if len(candidates) <= 10 * _ELSEWHERE else []

    def _defines(self, path: RepoPath, name: str) -> bool:
        data = self._sources.read(self._inquiry.head.snapshot.files[path]) or b""
        line = line_of(data, name)
        return line is not None and holds_symbol(self._sources, self._inquiry.head.snapshot.files[path], name)


class _Left:
    """The compiled files that modules left behind, for those that are gone and those that never were committed."""

    def __init__(self, inquiry: Inquiry, compiled: Iterable[Compiled]) -> None:
        self._inquiry = inquiry
        self._compiled = tuple(compiled)

    def find(self, change: Change) -> Iterator[Evidence]:
        """Yield a piece of evidence for each compiled file of the module of a change."""
        module = change.old.partition(":")[0]
        for one in self._compiled:
            if one.source == change.path if change.kind in _MODULES else module in self._inquiry.head.modules.names_of(one.source):
                yield Evidence("bytecode", left_behind(one), one.path)


def _stem(path: str) -> str:
    """Return the last part of the module name of a file: of an `__init__.py`, that of its package."""
    name = basename_of(path)
    return basename_of(directory_of(path)) if name == "__init__.py" else name.removesuffix(".py")
