"""The repository as the analysis sees it: ranges resolved to comparisons, blobs, renames, the settings at base."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pygit2

from impact.errors import ConfigError, RepositoryError, RevisionError
from impact.git.commits import EMPTY_TREE, default_branch, find_commit, head_commit, is_before_root, merge_base, merge_bases, remote_default, replacement
from impact.git.graph import CommitGraph
from impact.git.hooks import hooks_directory
from impact.git.listing import Listing, follow_links
from impact.git.merges import Merge, merge_listings
from impact.git.missing import missing_hint, promisor_hint
from impact.git.scanning import Workers
from impact.git.trees import MISSING_TREE, TreeReader
from impact.git.worktree import Overlay, Unread, list_index, list_worktree
from impact.history.similarity import find_renames
from impact.names import BlobId, RepoPath
from impact.progress import Progress
from impact.report import End
from impact.revisions.ranges import INDEX, WORKTREE, Range
from impact.snapshots import Comparison, Rename, Sides, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Conflicting files that a note names; it counts the others.
_NAMED = 10

# Where settings are looked for, at the root of the base side; the first that exists.
_SETTINGS = (RepoPath("impact.toml"), RepoPath("pyproject.toml"))


def open_repository(start: Path, index_file: Path | None = None) -> Repository:
    """Find the repository that holds a folder or file: its root, any folder below, a bare repository, a linked worktree.

    The environment (GIT_DIR and the like) is not consulted; `index_file` is what INDEX means where Git keeps it elsewhere. Raises
    RepositoryError when there is none, when it belongs to another user (safe.directory), and when libgit2 cannot read its format.
    """
    if not start.exists():
        raise RepositoryError(f"no such folder: {start}")
    place = start if start.is_dir() else start.parent
    found: str | None = None
    try:
        found = pygit2.discover_repository(str(place))
        if found is not None:
            return Repository(pygit2.Repository(found), index_file)
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise _refused(found or str(place), error) from error
    raise RepositoryError(f"not a Git repository, nor below one: {start}", hint="run it inside a repository")


def _refused(found: str, error: Exception) -> RepositoryError:
    reason = str(error)
    if "not owned by" in reason:
        root = Path(found).resolve()
        root = root.parent if root.name == ".git" else root
        return RepositoryError(f"the repository {root} belongs to another user", hint=f"if you trust it: git config --global --add safe.directory {root}")
    if "object format 'sha256'" in reason:
        hint = "a copy with SHA-1 ids can be judged: `git fast-export --all | git -C COPY fast-import`"
        return RepositoryError("the repository uses SHA-256 object ids, which are not supported", hint=hint)
    return RepositoryError(f"the repository cannot be read: {reason.removeprefix(f'{found}: ')}")


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a range. `commit` is None for the working tree, the index and a merge; `tips` are the commits that a side stands on."""

    name: str
    commit: pygit2.Commit | None
    listing: Listing
    tips: tuple[pygit2.Oid, ...] = ()

    @property
    def called(self) -> str:
        """The name for a person: a full id is cut as Git cuts it."""
        return self.name[:10] if self.commit is not None and self.name == str(self.commit.id) else self.name


class Repository:
    """One repository, read-only. It keeps the contents of the sides that no object database holds."""

    def __init__(self, repository: pygit2.Repository, index_file: Path | None = None) -> None:
        self._repository = repository
        self._index_file = index_file
        self._odb = repository.odb
        self._trees = TreeReader(repository)
        self._overlay: Overlay = {}
        self._workers = Workers(repository.path, self.read)

    @property
    def root(self) -> Path | None:
        """The top of the working tree; None in a bare repository."""
        workdir: str | None = self._repository.workdir
        return None if workdir is None else Path(workdir)

    @property
    def hooks_directory(self) -> Path:
        """Where Git looks for hooks (githooks(5)): `core.hooksPath`, from the directory that hooks run in, else `hooks` of the repository."""
        return hooks_directory(self._repository)

    def commit_of(self, name: str) -> str | None:
        """Return the id of the commit that a revision or an object id names; None when it is not here or is no commit."""
        try:
            return str(find_commit(self._repository, name).id)
        except RevisionError:
            return None

    def contains(self, commit: str, ancestor: str) -> bool:
        """Tell whether a commit is another one or descends from it, as far as the history here goes."""
        one, other = pygit2.Oid(hex=commit), pygit2.Oid(hex=ancestor)
        try:
            return one == other or bool(self._repository.descendant_of(one, other))
        except (pygit2.GitError, KeyError):
            return False

    def base_branch(self) -> str:
        """Return the branch that work starts from. Raises RevisionError when there is none."""
        return default_branch(self._repository)

    def default_branch(self, remote: str) -> str | None:
        """Return the remote-tracking branch that work on a remote starts from, else that of `origin`; None when none is known."""
        return remote_default(self._repository, remote) or remote_default(self._repository, "origin")

    def resolve(self, request: Range, base: str | None = None, *, merge: bool = True) -> Comparison:
        """Return the two snapshots that a range names. `base` is the default branch, where the range leaves the base open.

        `A...B`, and a range without a base, start from the merge base. `A..B` where neither contains the other is judged as the merge
        of B into A: the base is A, the head the merge, made in memory. The working tree and the index count as a commit on top of HEAD.
        Without `merge` the two ends are compared as they are.
        What was not as asked is said in the notes: conflicting files (taken from B), no merge base (the two ends are compared).

        Raises RevisionError (unknown, ambiguous, not a commit, no default branch, no commit yet, no working tree) and its ShallowError.
        """
        notes: list[str] = []
        if request.base is None:
            head_commit(self._repository)  # without one, that no default branch exists is not the news
            start = self._fork(base or default_branch(self._repository), request.head)
            return self._compare(start, self._side(request.head, notes), notes)
        if request.symmetric:
            start = self._fork(request.base, request.head)
            return self._compare(start, self._side(request.head, notes), notes)
        left = self._before_the_first(request) or self._side(request.base, notes)
        right = self._side(request.head, notes)
        return (self._merge(left, right, notes) if merge else None) or self._compare(left, right, notes)

    def resolve_candidate(self, base: str, before: Sequence[str], candidate: str) -> Comparison:
        """Return the comparison that a merge queue makes: `base` with those `before` merged into it, in order, and with `candidate` on top.

        Raises RevisionError: no such commit, or one that has none in common with the others.
        """
        top = self._side(base, [])
        for number, name in enumerate(before, 1):
            side = self._on_top(top, self._side(name, []))
            top = _Side(f"{base} with {', '.join(before[:number])}", None, side.listing, (*top.tips, *side.tips))
        notes: list[str] = []
        right = self._side(candidate, notes)
        return self._merge(top, right, notes) or self._compare(top, self._on_top(top, right), notes)

    def read(self, blob: BlobId) -> bytes | None:
        """Return the content of a blob, or None when the object store lacks it (partial clone, damage) or the file on disk has gone."""
        held = self._overlay.get(blob)
        if isinstance(held, bytes):
            return held
        try:
            return held.place.read_bytes() if isinstance(held, Unread) else self._odb.read(pygit2.Oid(raw=blob))[1]
        except (pygit2.GitError, KeyError, ValueError, OSError):
            return None

    def read_many(self, blobs: Iterable[BlobId]) -> Mapping[BlobId, bytes | None]:
        """Return the contents of several blobs."""
        return {blob: self.read(blob) for blob in blobs}

    def scan(self, blobs: Sequence[BlobId], progress: Progress) -> Mapping[BlobId, str | None]:
        """Return the scan of each blob as lines, None for one that cannot be read; on all processors where that pays."""
        return self._workers.scan(blobs, progress)

    def parse(self, blobs: Sequence[BlobId], progress: Progress) -> Mapping[BlobId, tuple[str, str] | None]:
        """Return the program and the outline of each blob as text, None for one that cannot be read; on all processors where that pays."""
        return self._workers.parse(blobs, progress)

    def renames(self, comparison: Comparison) -> tuple[Rename, ...]:
        """Return the Python files that went on under another path, sorted by old path; see `impact.history.similarity`."""
        return find_renames(comparison.base.files, comparison.head.files, self.read)

    def history(self, tips: Sequence[str], *, without: str | None = None) -> CommitGraph:
        """Return the commits that revisions reach (WORKTREE and INDEX: HEAD, if that is born), those left out that `without` reaches."""
        hidden = self._commit(without).id if without is not None else None
        born = [tip for tip in tips if tip not in (WORKTREE, INDEX, "HEAD") or not self._repository.head_is_unborn]
        return CommitGraph(self._repository, [self._commit(tip).id for tip in born], hidden)

    def edited(self, snapshot: Snapshot, contents: Mapping[RepoPath, bytes]) -> Snapshot:
        """Return a snapshot with some files changed or added. Nothing is written: the contents are held here."""
        files = dict(snapshot.files)
        for path, content in contents.items():
            files[path] = blob = BlobId(pygit2.hash(content).raw)
            self._overlay.setdefault(blob, content)
        return replace(snapshot, files=files)

    def uncommitted(self) -> frozenset[RepoPath]:
        """Return the paths of the working tree that differ from what is checked out, untracked ones included. Raises RepositoryError."""
        before = self._list(head_commit(self._repository)).files if not self._repository.head_is_unborn else {}
        return frozenset(path for path, _ in set(before.items()) ^ set(list_worktree(self._repository, self._overlay).files.items()))

    def tips(self) -> tuple[str, ...]:
        """Return the full names of all branches and tags that lead to a commit, sorted."""
        names = (name.decode("utf-8", "replace") for name in self._repository.raw_listall_references())
        return tuple(name for name in sorted(names) if name.startswith(("refs/heads/", "refs/remotes/", "refs/tags/")) and self.commit_of(name) is not None)

    def settings_text(self, comparison: Comparison) -> tuple[str, str] | None:
        """Return the text of `impact.toml`, else `pyproject.toml`, at the root of the base side, and where it is from.

        Raises ConfigError when it is there and cannot be read, so that a gate never runs without its settings unnoticed.
        """
        for path in _SETTINGS:
            blob = comparison.base.files.get(path)
            if blob is None:
                continue
            origin = f"{path} at {comparison.base.end.revision}"
            content = self.read(blob)
            if content is None:
                raise ConfigError(f"{origin}: its content is missing from the object store", hint=missing_hint(self._repository))
            try:
                return content.decode("utf-8-sig"), origin
            except UnicodeDecodeError as error:
                raise ConfigError(f"{origin}: not UTF-8 (byte {error.start})", hint="TOML files are UTF-8") from error
        return None

    def _side(self, name: str, notes: list[str]) -> _Side:
        if name == WORKTREE:
            self._need_worktree(name)
            return _Side(name, None, list_worktree(self._repository, self._overlay))
        if name == INDEX:
            self._need_worktree(name)
            listing, unmerged = list_index(self._repository, self._index_file)
            if unmerged:
                notes.append(f"the index holds {_count(unmerged, 'unmerged file')}, taken from our side of the merge")
            return _Side(name, None, listing)
        commit = self._commit(name)
        return _Side(name, commit, self._list(commit), (commit.id,))

    def _before_the_first(self, request: Range) -> _Side | None:
        """Return the empty tree as a side where a range starts before the first commit: its id, the parent of a root, HEAD when there is none yet."""
        name = request.base or ""
        unborn = name in ("HEAD", "@") and request.head == INDEX and self._repository.head_is_unborn
        if unborn or name == EMPTY_TREE or is_before_root(self._repository, name):
            return _Side(name if name != "HEAD" else "the empty tree", None, Listing())
        return None

    def _need_worktree(self, name: str) -> None:
        if self._repository.is_bare:
            raise RevisionError(f"{name}: a bare repository has none", hint="name two commits: A..B")

    def _commit(self, name: str) -> pygit2.Commit:
        if name in (WORKTREE, INDEX, "HEAD"):
            return head_commit(self._repository)
        return find_commit(self._repository, name)

    def _list(self, commit: pygit2.Commit) -> Listing:
        return self._trees.read(commit.tree_id)

    def _fork(self, base: str, head: str) -> _Side:
        """Return the merge base of two sides as a side."""
        left, right = self._commit(base), self._commit(head)
        found = merge_base(self._repository, left.id, right.id)
        if found is None:
            raise RevisionError(f"{base} and {head} have no commit in common", hint=f"compare the two ends: {base}..{head}")
        commit = self._repository[found].peel(pygit2.Commit)
        return _Side(f"merge base of {base} and {head}", commit, self._list(commit), (found,))

    def _compare(self, base: _Side, head: _Side, notes: list[str]) -> Comparison:
        return self._comparison(base, head, None, notes)

    def _comparison(self, base: _Side, head: _Side, sides: Sides | None, notes: list[str]) -> Comparison:
        """Return two sides as a comparison. Raises RepositoryError where a directory cannot be listed at one of them: all below it would seem gone."""
        unlisted = {one for side in (base, head) for one in side.listing.skipped if one.reason == MISSING_TREE}
        for one in sorted(unlisted):
            if one.path == "." or not (one in base.listing.skipped and one in head.listing.skipped):
                raise RepositoryError(f"what {one.path} holds is missing from the object store", hint=missing_hint(self._repository))
        if hint := promisor_hint(self._repository):
            paths = (path for path, blob in base.listing.files.items() ^ head.listing.files.items() if path.endswith(".py") and not self._is_here(blob))
            if count := len(set(paths)):
                notes.append(f"{_count(count, 'changed file')} cannot be read: {hint}")
        return Comparison(self._snapshot(base), self._snapshot(head), sides, tuple(notes))

    def _is_here(self, blob: BlobId) -> bool:
        return blob in self._overlay or pygit2.Oid(raw=blob) in self._odb

    def _merge(self, left: _Side, right: _Side, notes: list[str]) -> Comparison | None:
        """Return the comparison of `left` with the merge of `right` into it; None when there is nothing to merge."""
        if not left.tips or (right.commit is None and self._repository.head_is_unborn):
            return None
        anchor = right.commit or head_commit(self._repository)
        bases = merge_bases(self._repository, anchor.id, left.tips)
        if not bases:
            notes.append(f"{left.called} and {right.called} have no commit in common: the two ends are compared")
            return None
        if left.tips == (bases[0],):
            return None
        before = self._list(anchor)
        if bases[0] == anchor.id and (right.listing.files, right.listing.links) == (before.files, before.links):
            if right.tips != left.tips:
                notes.append(f"{left.called} holds all of {right.called}: judged is the way back")
            return None
        if len(bases) > 1:
            notes.append(f"{left.called} and {right.called} have {len(bases)} merge bases, which are merged first")
        try:
            merge = self._merged(self._ancestor(bases), left.listing, right.listing)
        except (pygit2.GitError, KeyError) as error:
            notes.append(f"the merge of {right.called} into {left.called} could not be made ({error}): the two ends are compared")
            return None
        if merge.conflicts:
            notes.append(_conflicts(merge.conflicts, right.called))
        merged = _Side(right.name, right.commit, merge.listing)
        sides = Sides(str(bases[0]), tuple(map(str, left.tips)), (str(anchor.id),), self._snapshot(right), merge.conflicts)
        return self._comparison(left, merged, sides, notes)

    def _on_top(self, top: _Side, right: _Side) -> _Side:
        """Return a commit as merged into `top`, under its own name. Raises RevisionError where they have nothing in common."""
        bases = merge_bases(self._repository, right.tips[0], top.tips)
        if not bases:
            raise RevisionError(f"{top.name} and {right.name} have no commit in common", hint="a queue merges branches of one history")
        there = bases[0] == right.tips[0]
        listing = top.listing if there else self._merged(self._ancestor(bases), top.listing, right.listing).listing
        return _Side(right.name, right.commit, listing, right.tips)

    def _merged(self, fork: Listing, ours: Listing, theirs: Listing) -> Merge:
        merge = merge_listings(self._repository, fork, ours, theirs, self._overlay)
        for blob, content in merge.contents.items():
            self._overlay.setdefault(blob, content)  # a file on disk that was not read yet stays so
        return merge

    def _ancestor(self, bases: Sequence[pygit2.Oid]) -> Listing:
        """Return what two sides have in common: their merge base; of several, the merge (as Git's recursive strategy has it)."""
        first, *others = bases
        listing = self._list(replacement(self._repository, self._repository[first].peel(pygit2.Commit)))
        for other in others:
            theirs = self._list(self._repository[other].peel(pygit2.Commit))
            common = merge_base(self._repository, first, other)
            fork = self._list(self._repository[common].peel(pygit2.Commit)) if common is not None else Listing()
            listing = self._merged(fork, listing, theirs).listing
        return listing

    def _snapshot(self, side: _Side) -> Snapshot:
        files, skipped = follow_links(side.listing, self.read)
        end = End(side.name, None if side.commit is None else str(side.commit.id))
        linked = frozenset(files.keys() - side.listing.files.keys()) if side.listing.links else frozenset()
        return Snapshot(end, files, skipped, linked, frozenset(side.listing.links))


def _conflicts(paths: tuple[str, ...], source: str) -> str:
    named = ", ".join(paths[:_NAMED]) + (f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else "")
    return f"{_count(len(paths), 'file')} in conflict, taken from {source}: {named}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
