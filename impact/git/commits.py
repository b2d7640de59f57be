"""From the name of a revision to its commit, and what to say when there is none."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import pygit2
from pygit2.enums import SortMode

from impact.errors import RepositoryError, RevisionError, ShallowError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Tried in this order when neither the request nor refs/remotes/origin/HEAD says what the default branch is.
_USUAL_DEFAULTS = ("origin/main", "origin/master", "main", "master")

# The same, of any one remote.
_USUAL_BRANCHES = ("main", "master")

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The id of the tree without entries, which Git knows without having it (`git hash-object -t tree /dev/null`)."""

# How much deeper to fetch when nobody can know.
_DEEPER = 100
_FIRST_PARENTS = re.compile(r"([~^])(\d*)")

# Where a revision asks for the first parent of another one.
_FIRST_PARENT = re.compile(r"(.+?)(?:\^1?|~(\d*))")

# Best common ancestors that are looked for; more than two are a curiosity.
_MAX_BASES = 4

# Replacements of replacements that are followed, as Git does (replace-object.c, MAXREPLACEDEPTH).
_MAX_REPLACEMENTS = 5

# Names that are compared with a misspelt one. Beyond this, looking for the nearest takes longer than reading the message.
_MAX_NAMES = 5_000

# Where the ref name ends and the walk from it begins: `main~3`, `HEAD^2`, `main@{u}`, `HEAD:path`.
_SUFFIX = re.compile(r"[~^:]|@\{")


def head_commit(repository: pygit2.Repository) -> pygit2.Commit:
    """Return the commit of HEAD. Raises RevisionError when there is none yet."""
    if repository.head_is_unborn:
        raise RevisionError("HEAD names no commit yet: nothing was committed on this branch", hint="commit first, or name another revision")
    try:
        return replacement(repository, repository.head.peel(pygit2.Commit))
    except (pygit2.GitError, KeyError) as error:
        raise RepositoryError(f"the commit of HEAD cannot be read: {error}", hint="`git fsck` says what is damaged") from error


def find_commit(repository: pygit2.Repository, name: str) -> pygit2.Commit:
    """Return the commit that a revision names (gitrevisions(7)), tags peeled.

    Raises RevisionError: unknown (with the nearest names), ambiguous, not a commit; ShallowError where the clone ends before it.
    """
    try:
        found = repository.revparse_single(name)
    except pygit2.AmbiguousError as error:
        raise RevisionError(f"revision {name!r} is ambiguous: {_reason(error, name)}", hint="give more digits, or the full name of the ref") from error
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise _unknown(repository, name) from error
    kind = found.type_str
    try:
        return replacement(repository, found.peel(pygit2.Commit))
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise RevisionError(f"revision {name!r} is a {kind}, not a commit", hint="name a branch, a tag or a commit") from error


def replacement(repository: pygit2.Repository, commit: pygit2.Commit) -> pygit2.Commit:
    """Return what stands in for a commit (git-replace(1)), itself where nothing does. libgit2 takes no notice of refs/replace.

    NOTE: Only ends and merge bases are looked at: a commit replaced between them keeps its parents here, a replaced tree its entries.
    """
    for _ in range(_MAX_REPLACEMENTS):
        try:
            commit = repository.lookup_reference(f"refs/replace/{commit.id}").peel(pygit2.Commit)
        except (pygit2.GitError, KeyError, ValueError):
            break
    return commit


def is_before_root(repository: pygit2.Repository, name: str) -> bool:
    """Tell whether a revision asks for the parent of a commit that has none; in a shallow clone nobody can know."""
    match = _FIRST_PARENT.fullmatch(name)
    if match is None or repository.is_shallow:
        return False
    try:
        child = f"{match[1]}~{int(match[2] or 1) - 1}"
        return not repository.revparse_single(child).peel(pygit2.Commit).parent_ids
    except (pygit2.GitError, KeyError, ValueError):
        return False


def default_branch(repository: pygit2.Repository) -> str:
    """Return the name of the branch that work starts from.

    The remote's own HEAD, else the usual names, else `init.defaultBranch`; the first that exists. Raises RevisionError when none does.
    """
    try:
        return repository.lookup_reference("refs/remotes/origin/HEAD").resolve().shorthand
    except (pygit2.GitError, KeyError, ValueError):
        pass  # no remote, or a HEAD that points at a branch that is gone
    names = list(_USUAL_DEFAULTS)
    if "init.defaultBranch" in repository.config:
        names.append(str(repository.config["init.defaultBranch"]))
    for name in names:
        for ref in (f"refs/remotes/{name}", f"refs/heads/{name}"):
            if ref in repository.references:
                return name
    raise RevisionError("no default branch found: there is no origin/HEAD, main or master", hint="name the base: --base BRANCH, or a range A..B")


def remote_default(repository: pygit2.Repository, remote: str) -> str | None:
    """Return the remote-tracking branch that a remote calls its HEAD, else one with a usual name; None when neither is known."""
    try:
        shorthand: str = repository.lookup_reference(f"refs/remotes/{remote}/HEAD").resolve().shorthand
    except (pygit2.GitError, KeyError, ValueError):
        names = (f"{remote}/{branch}" for branch in _USUAL_BRANCHES)
        return next((name for name in names if _exists(repository, f"refs/remotes/{name}")), None)
    return shorthand


def merge_base(repository: pygit2.Repository, one: pygit2.Oid, other: pygit2.Oid) -> pygit2.Oid | None:
    """Return the best common ancestor of two commits; None when their histories are unrelated.

    Raises ShallowError when there is none in a shallow clone: the history that would hold it was not fetched.
    """
    try:
        found: pygit2.Oid | None = repository.merge_base(one, other)
    except (pygit2.GitError, KeyError) as error:
        raise RepositoryError(f"the history cannot be read: {error}", hint="`git fsck` says what is damaged") from error
    if found is None and repository.is_shallow:
        raise ShallowError(
            f"the clone is shallow and does not hold the merge base of {str(one)[:10]} and {str(other)[:10]}",
            hint=f"fetch more history: `git fetch --deepen={_DEEPER}`, or all of it: `git fetch --unshallow`",
        )
    return found


def merge_bases(repository: pygit2.Repository, one: pygit2.Oid, others: Sequence[pygit2.Oid]) -> tuple[pygit2.Oid, ...]:
    """Return the best common ancestors of a commit and the merge of some others, at most _MAX_BASES; more than one where histories cross.

    Raises ShallowError as `merge_base` does.
    """
    first = merge_base(repository, one, others[0]) if len(others) == 1 else repository.merge_base_many([one, *others])
    if first is None or first == one or first in others:
        return () if first is None else (first,)
    bases = [first]
    while len(bases) < _MAX_BASES:
        reached = {commit.id for commit in _above(repository, others, bases)}
        # In topological order, what both reach first is an ancestor of nothing else that both reach.
        further = next((commit.id for commit in _above(repository, [one], bases) if commit.id in reached), None)
        if further is None:
            break
        bases.append(further)
    return tuple(bases)


def _above(repository: pygit2.Repository, tips: Sequence[pygit2.Oid], bases: Sequence[pygit2.Oid]) -> Iterator[pygit2.Commit]:
    """Yield the commits that lead from some tips back to some bases, descendants first."""
    walker = repository.walk(None, SortMode.TOPOLOGICAL)
    for tip in tips:
        walker.push(tip)
    for base in bases:
        walker.hide(base)
    yield from walker


def _unknown(repository: pygit2.Repository, name: str) -> RevisionError:
    stem = _SUFFIX.split(name)[0] or "HEAD"
    if repository.head_is_unborn and not repository.raw_listall_references():
        return RevisionError(f"unknown revision {name!r}: the repository has no commits yet")
    if stem != name and _exists(repository, stem):
        if "@{u" in name:
            return RevisionError(f"revision {name!r}: the branch has no upstream", hint="set one: `git branch --set-upstream-to=REMOTE/BRANCH`")
        if repository.is_shallow:
            return ShallowError(
                f"revision {name!r} lies beyond what this shallow clone holds",
                hint=f"fetch more history: `git fetch --deepen={_missing(repository, stem, name)}`, or all of it: `git fetch --unshallow`",
            )
        return RevisionError(f"unknown revision {name!r}: {stem!r} exists, what follows it does not")
    near = _nearest(stem, _ref_names(repository))
    if near:
        return RevisionError(f"unknown revision {name!r}", hint=f"did you mean {', '.join(near)}?")
    return RevisionError(f"unknown revision {name!r}", hint="was it fetched? `git fetch origin` brings the branches and tags of the remote")


def _missing(repository: pygit2.Repository, stem: str, name: str) -> int:
    """Return how many commits a shallow clone lacks between where it ends and a first-parent ancestor of `stem`; a hundred for other walks."""
    steps = _FIRST_PARENTS.findall(name[len(stem) :])
    if "".join(sign + count for sign, count in steps) != name[len(stem) :] or any(sign == "^" and count not in ("", "1") for sign, count in steps):
        return _DEEPER
    wanted = sum(int(count or 1) for _, count in steps)
    commit = repository.revparse_single(stem).peel(pygit2.Commit)
    while wanted and commit.parent_ids and commit.parent_ids[0] in repository:
        commit, wanted = repository[commit.parent_ids[0]].peel(pygit2.Commit), wanted - 1
    return wanted


def _exists(repository: pygit2.Repository, name: str) -> bool:
    try:
        repository.revparse_single(name)
    except (pygit2.GitError, KeyError, ValueError):
        return False
    return True


def _reason(error: Exception, name: str) -> str:
    """Return libgit2's reason without the name that it puts in front."""
    return str(error).removeprefix(f"{name}: ").partition(" - ")[2] or str(error)


def _ref_names(repository: pygit2.Repository) -> Iterator[str]:
    """Yield the short names of branches, tags and remote branches."""
    for raw in repository.raw_listall_references()[:_MAX_NAMES]:
        for prefix in (b"refs/heads/", b"refs/tags/", b"refs/remotes/"):
            if raw.startswith(prefix):
                yield raw.removeprefix(prefix).decode("utf-8", "replace")


def _nearest(name: str, known: Iterator[str]) -> list[str]:
    """Return up to three names that look like `name`, nearest first; a name whose last part it is counts as near (`login`, `feature/login`)."""
    names = sorted(set(known))
    ends = [one for one in names if one.endswith("/" + name)]
    return list(dict.fromkeys([*ends, *difflib.get_close_matches(name, names, n=3)]))[:3]
