"""What Git leaves to a person in a merge, and libgit2 does not: a file in the way of a directory, an addition to a directory that the other side renamed.

Both are put as Git puts them, and named as conflicts (git-merge-tree(1); "Directory rename detection" in Git's Documentation/technical).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping

from impact.git.listing import Listing, Read
from impact.history.similarity import find_renames
from impact.names import BlobId, RepoPath, ancestors_of, basename_of, directory_of, is_below, join


def clear_the_way(merged: Listing, theirs: Listing, paths: Collection[RepoPath]) -> set[RepoPath]:
    """Keep of a file and a directory of one name what theirs has, and return these names. `paths`: where the sides differ, the only places for that."""
    there = {path for path in paths if path in merged}
    blocked = {directory for path in there for directory in ancestors_of(path) if directory in there}
    for path in sorted(blocked):
        below = [one for one in there if one != path and is_below(one, path)]
        for one in below if path in theirs else [path]:
            merged.drop(one)
    return blocked


def follow_directories(merged: Listing, fork: Listing, ours: Listing, theirs: Listing, paths: Collection[RepoPath], read: Read) -> set[RepoPath]:
    """Move what one side added to a directory that the other renamed as a whole, and return where it is now: Git asks whether that is right."""
    asked: set[RepoPath] = set()
    for mover, adder in ((ours, theirs), (theirs, ours)):
        gone = {path for path in paths if path in fork.files and path not in mover}
        left = {directory for path in gone for directory in ancestors_of(path) if directory}
        # What is in a directory that is new itself stays with it, in Git's merge too.
        added = [path for path in paths if path in adder.files and path not in fork and directory_of(path) in left]
        if not any(path.endswith(".py") for path in added):
            continue
        new = {path: blob for path in paths if (blob := mover.files.get(path)) is not None and path not in fork}
        moves = _directory_moves({path: fork.files[path] for path in gone}, new, read)
        vanished = {directory for directory in left & moves.keys() if not any(is_below(path, directory) for path in mover.files)}
        for path in sorted(added):
            directory = next((one for one in reversed(ancestors_of(path)) if one in vanished), None)
            if directory is not None and path in merged.files:
                asked.add(_moved(merged, path, directory, moves[directory]))
    return asked


def _moved(merged: Listing, path: RepoPath, directory: RepoPath, places: Counter[RepoPath]) -> RepoPath:
    """Put a file where most of its directory went, and return where it is: in its place where nobody can tell, or where that is taken."""
    (best, count), *others = places.most_common(2)
    target = join(best, path[len(directory) + 1 :])
    if (others and others[0][1] == count) or target in merged:
        return path
    merged.files[target] = merged.files.pop(path)
    return target


def _directory_moves(gone: Mapping[RepoPath, BlobId], new: Mapping[RepoPath, BlobId], read: Read) -> Mapping[RepoPath, Counter[RepoPath]]:
    """Return for each directory how many of its Python files went to which: the files of directories in it count where these moved with it."""
    moves: dict[RepoPath, Counter[RepoPath]] = defaultdict(Counter)
    for rename in find_renames(gone, new, read):
        for old, place in _steps(directory_of(rename.old), directory_of(rename.new)):
            moves[old][place] += 1
    return moves


def _steps(old: RepoPath, new: RepoPath) -> Iterator[tuple[RepoPath, RepoPath]]:
    """Yield a move of a directory, and those of the ones above that explain it: `a/b` to `x/b` is `a` to `x`."""
    while old != new and old:
        yield old, new
        if basename_of(old) != basename_of(new):
            return
        old, new = directory_of(old), directory_of(new)
