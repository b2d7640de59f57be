"""Commits as a graph: what the core asks of history, and how it walks there. Trees are compared, nothing is checked out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from impact.names import BlobId, CommitId, RepoPath

_Key = TypeVar("_Key", bound=Hashable)

# How forges name the pull request in the subject of a squash and of a merge, and GitLab in the last lines of a merge's message.
_SQUASHED = re.compile(r"\(#(\d{1,9})\)\s*$")
_PULL_REQUEST = re.compile(r"^Merge pull request #(\d{1,9})\b|^Merged in .* \(pull request #(\d{1,9})\)")
_MERGE_REQUEST = re.compile(r"^See merge request \S*!(\d{1,9})\s*$", re.MULTILINE)
# A subject is a line; one without an end is somebody's accident.
_SUBJECT = 300


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit says of itself: untrusted text. `date` is the author's, in ISO 8601; `number` names the pull request, `#12` or `!12`."""

    id: CommitId
    date: str
    author: str
    subject: str
    number: str | None

    def to_dict(self) -> dict[str, object]:
        """Return the JSON object."""
        return {"id": self.id, "date": self.date, "author": self.author, "subject": self.subject, "number": self.number}


@dataclass(frozen=True, slots=True)
class Delta:
    """The files that a commit has otherwise than its first parent, by path → (blob before, blob after); None where there was or is none."""

    files: Mapping[RepoPath, tuple[BlobId | None, BlobId | None]]

    @property
    def removed(self) -> dict[RepoPath, BlobId]:
        """The files that went."""
        return {path: old for path, (old, new) in self.files.items() if old is not None and new is None}

    @property
    def added(self) -> dict[RepoPath, BlobId]:
        """The files that came."""
        return {path: new for path, (old, new) in self.files.items() if old is None and new is not None}


class History(Protocol):
    """Commits, children before parents, and what their trees hold. Nothing raises: what the object store lacks counts as unchanged."""

    @property
    def order(self) -> Sequence[CommitId]:
        """The commits, newest first."""

    @property
    def tips(self) -> Sequence[CommitId]:
        """The commits that the walk starts from."""

    @property
    def whole(self) -> bool:
        """Whether the walk came to the beginning: not so in a shallow clone, or where a commit is missing."""

    def parents(self, commit: CommitId) -> tuple[CommitId, ...]:
        """Return the parents of a commit, the first parent first."""

    def watch(self, paths: Iterable[RepoPath]) -> Watch:
        """Return what tells, of some files, which of them two commits have otherwise."""

    def describe(self, commit: CommitId) -> Commit:
        """Return what a commit says of itself."""

    def delta(self, commit: CommitId) -> Delta:
        """Return what a commit did to the files of its first parent; all of its files where it has none."""


class Watch(Protocol):
    """Some files, in all commits: a subtree that two commits share is not looked into."""

    def blobs(self, commit: CommitId) -> Mapping[RepoPath, BlobId]:
        """Return the watched files that a commit holds."""

    def differing(self, commit: CommitId, other: CommitId) -> Mapping[RepoPath, BlobId | None]:
        """Return the watched files that `other` has otherwise than `commit`, as `other` has them; None where it has none."""


def pull_request(message: str) -> str | None:
    r"""Return the pull request that a commit message names, as its forge writes it.

    >>> pull_request("Drop the factory (#12)"), pull_request("Merge pull request #7 from me/topic"), pull_request("Fix #3 (see #4) at last")
    ('#12', '#7', None)
    >>> pull_request("Merge branch 'topic' into 'main'\n\nDrop it\n\nSee merge request group/project!45")
    '!45'
    """
    subject = subject_of(message)
    for pattern in (_SQUASHED, _PULL_REQUEST):
        if (found := pattern.search(subject)) is not None:
            return f"#{next(digits for digits in found.groups() if digits)}"
    merged = _MERGE_REQUEST.search(message) if subject.startswith("Merge ") else None
    return f"!{merged[1]}" if merged is not None else None


def subject_of(message: str) -> str:
    r"""Return the first paragraph of a commit message as one line, as Git shows it, at most 300 characters.

    >>> subject_of("\nDrop the\nfactory\n\nNobody needs it.\n")
    'Drop the factory'
    """
    subject = " ".join(re.split(r"\n[ \t\r]*\n", message.strip(), maxsplit=1)[0].split())
    return subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 1]}…"


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask of every commit: a function of the blobs of some files."""

    paths: frozenset[RepoPath]
    holds: Callable[[Mapping[RepoPath, BlobId]], bool]


def find_turns(history: History, questions: Mapping[_Key, Question]) -> dict[_Key, tuple[CommitId, CommitId]]:
    """Return, for each question that is answered no at the tip and was answered yes, the commit that turned it, and its first parent.

    From the tip back along the commits that answer no, to one whose parents all answer yes: a merge of a side that had turned before is
    passed through, and what went and came back before it went for good does not count. Of several, the newest. Where the walk ends
    without such a commit, there is no answer. However many the questions are, it is one walk.
    """
    concerned: defaultdict[RepoPath, set[_Key]] = defaultdict(set)
    for key, question in questions.items():
        for path in question.paths:
            concerned[path].add(key)
    watch = history.watch(concerned)
    # With each commit that is still to be looked at, the questions that are answered no there, and the watched files that it holds.
    pending: dict[CommitId, tuple[frozenset[_Key], Mapping[RepoPath, BlobId]]] = {}
    for tip in history.tips:
        blobs = watch.blobs(tip)
        pending[tip] = frozenset(key for key, question in questions.items() if not question.holds(blobs)), blobs
    found: dict[_Key, tuple[CommitId, CommitId]] = {}
    for commit in history.order:
        asked, blobs = pending.pop(commit, (frozenset[_Key](), {}))
        if not asked.isdisjoint(found):
            asked = asked.difference(found)
        parents = history.parents(commit)
        if not asked or not parents:
            continue
        turned = asked
        for parent in parents:
            differing = watch.differing(commit, parent)
            before = {path: blob for path, blob in {**blobs, **differing}.items() if blob is not None} if differing else blobs
            touched = {key for path in differing for key in concerned[path]} & asked
            held = frozenset(key for key in touched if questions[key].holds(before))
            turned &= held
            still = asked - held if held else asked
            if still:
                known = pending.get(parent)
                pending[parent] = (still | known[0] if known is not None else still), before
        found.update(dict.fromkeys(turned, (commit, parents[0])))
    return found


def ever_held(history: History, paths: Iterable[RepoPath]) -> set[RepoPath]:
    """Return those of some paths that any commit holds."""
    return set(contents(history, paths))


def contents(history: History, paths: Iterable[RepoPath]) -> dict[RepoPath, set[BlobId]]:
    """Return the blobs that any commit holds under some paths; nothing for a path that none holds."""
    watch, found = history.watch(paths), defaultdict[RepoPath, set[BlobId]](set)
    for tip in history.tips:
        for path, blob in watch.blobs(tip).items():
            found[path].add(blob)
    for commit in history.order:
        for parent in history.parents(commit):
            for path, before in watch.differing(commit, parent).items():
                if before is not None:
                    found[path].add(before)
    return dict(found)


def brought_by(history: History, commits: Iterable[CommitId]) -> dict[CommitId, CommitId]:
    """Return the merge on the main line (first parents, from the tip) by which each commit came; nothing for one that is on that line."""
    wanted = set(commits)
    known = set(history.order)
    line: list[CommitId] = []
    here = history.tips[0] if history.tips else None
    while here in known:
        assert here is not None
        line.append(here)
        parents = history.parents(here)
        here = parents[0] if parents else None
    seen = set(line)
    wanted -= seen
    found: dict[CommitId, CommitId] = {}
    for merge in reversed(line):
        if not wanted:
            break
        stack = [parent for parent in history.parents(merge)[1:] if parent in known and parent not in seen]
        while stack:
            commit = stack.pop()
            if commit in seen:
                continue
            seen.add(commit)
            if commit in wanted:
                found[commit] = merge
                wanted.discard(commit)
            stack.extend(parent for parent in history.parents(commit) if parent in known and parent not in seen)
    return found
