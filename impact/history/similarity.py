"""Renames by content, as Git finds them (gitdiffcore(7)), over two maps of path → blob id: one way for commits, index and disk."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from impact.names import BlobId, RepoPath, basename_of, directory_of
from impact.snapshots import MAX_SOURCE_BYTES, Rename

Read = Callable[[BlobId], bytes | None]

# Git's default (diff.c, DEFAULT_RENAME_SCORE): half of the larger file is shared.
_THRESHOLD = 50

# Files on either side that are compared by content (Git's diff.renameLimit is 1,000). Beyond it only equal contents are followed.
_LIMIT = 3_000
# Files of one content that are ranked against each other on either side: more of them are templates, and any pairing is a guess.
_RANKED = 200
# A chunk in more new files than this tells nothing (blank lines, licence headers): it finds no candidates, it still counts in the score.
_COMMON = 50
# New files that are compared with one old file: the ones that share most, and the ones of the same name.
_CANDIDATES = 12

# Git's unit of similarity: a line, cut at 64 bytes (diffcore-delta.c, hash_chars).
_CHUNK = re.compile(rb"[^\n]{0,63}\n|[^\n]{1,64}")

_EMPTY = BlobId(bytes.fromhex("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"))


def find_renames(base: Mapping[RepoPath, BlobId], head: Mapping[RepoPath, BlobId], read: Read) -> tuple[Rename, ...]:
    """Return where the Python files went that are at base and not at head, sorted by old path; each file is used once.

    Equal contents first, those of the same name and nearest place before others; then by the share of common lines, best first, from
    50 % on. An empty file equals every other, so it only goes where the files beside it went. New files may have any ending when the
    content is equal; otherwise their name must hold `.py` (`x.py.backup`) or be the old one under another ending.

    Bounds: with more than 3,000 files left on a side after the equal ones, no contents are compared; an old file is held against
    12 new ones that share most of its uncommon lines and 12 of the same name. A missing content or one above MAX_SOURCE_BYTES
    is followed only where it is equal.
    """
    gone = {path: blob for path, blob in base.items() if path.endswith(".py") and path not in head}
    if not gone:
        return ()
    new = {path: blob for path, blob in head.items() if path not in base}
    found = _equal(gone, new)
    taken = {rename.new for rename in found}
    done = {rename.old for rename in found}
    stems = {basename_of(path).removesuffix(".py") for path in gone}
    left = {path: blob for path, blob in gone.items() if path not in done and blob != _EMPTY}
    right = {path: blob for path, blob in new.items() if path not in taken and blob != _EMPTY and _may_be_python(path, stems)}
    if len(left) <= _LIMIT and len(right) <= _LIMIT:
        found += _similar(left, right, read)
    found += _empty(gone, new, found)
    return tuple(sorted(found, key=lambda rename: rename.old))


class _Chunks:
    """A content as Git compares it: how often each chunk occurs, and how many bytes they are together."""

    __slots__ = ("counts", "size")

    def __init__(self, content: bytes) -> None:
        content = content.replace(b"\r\n", b"\n")
        self.counts = Counter(_CHUNK.findall(content))
        self.size = len(content)


def _equal(gone: Mapping[RepoPath, BlobId], new: Mapping[RepoPath, BlobId]) -> list[Rename]:
    olds, news = defaultdict(list), defaultdict(list)
    for path, blob in gone.items():
        olds[blob].append(path)
    for path, blob in new.items():
        if blob in olds:
            news[blob].append(path)
    found: list[Rename] = []
    for blob, targets in news.items():
        if blob != _EMPTY:
            pairs = ((old, target, 100) for old in sorted(olds[blob])[:_RANKED] for target in sorted(targets)[:_RANKED])
            found += _best_first(pairs)
    return found


def _similar(left: Mapping[RepoPath, BlobId], right: Mapping[RepoPath, BlobId], read: Read) -> list[Rename]:
    new = _read_chunks(right, read)
    where: dict[bytes, list[RepoPath]] = defaultdict(list)
    names: dict[str, list[RepoPath]] = defaultdict(list)
    for path, chunks in sorted(new.items()):
        names[basename_of(path).partition(".")[0]].append(path)
        for chunk in chunks.counts:
            where[chunk].append(path)
    scored: list[tuple[RepoPath, RepoPath, int]] = []
    for old, chunks in _read_chunks(left, read).items():
        shared: Counter[RepoPath] = Counter()
        for chunk in chunks.counts:
            holders = where.get(chunk, ())
            if len(holders) <= _COMMON:
                for path in holders:
                    shared[path] += len(chunk)
        likely = [path for path, _ in shared.most_common(_CANDIDATES)]
        named = sorted(names[basename_of(old).partition(".")[0]], key=lambda path: -_nearness(old, path))
        for path in dict.fromkeys([*likely, *islice(named, _CANDIDATES)]):
            score = _score(chunks, new[path])
            if score >= _THRESHOLD:
                scored.append((old, path, min(score, 99)))
    return _best_first(scored)


def _empty(gone: Mapping[RepoPath, BlobId], new: Mapping[RepoPath, BlobId], found: Iterable[Rename]) -> list[Rename]:
    """Follow the empty files whose neighbours all went to one directory."""
    moves: dict[RepoPath, set[RepoPath]] = defaultdict(set)
    for rename in found:
        moves[directory_of(rename.old)].add(directory_of(rename.new))
    empty: list[Rename] = []
    for old, blob in gone.items():
        targets = moves.get(directory_of(old), set())
        if blob == _EMPTY and len(targets) == 1:
            directory = next(iter(targets))
            path = RepoPath(f"{directory}/{basename_of(old)}" if directory else basename_of(old))
            if new.get(path) == _EMPTY:
                empty.append(Rename(old, path, 100))
    return empty


def _best_first(pairs: Iterable[tuple[RepoPath, RepoPath, int]]) -> list[Rename]:
    """Return pairs, the most similar first, then the nearest, no path used twice."""
    found: list[Rename] = []
    used_old: set[RepoPath] = set()
    used_new: set[RepoPath] = set()
    for old, new, score in sorted(pairs, key=lambda pair: (-pair[2], -_nearness(pair[0], pair[1]), pair[0], pair[1])):
        if old not in used_old and new not in used_new:
            used_old.add(old)
            used_new.add(new)
            found.append(Rename(old, new, score))
    return found


def _nearness(old: str, new: str) -> int:
    """Return how close two paths are: the same name outweighs any number of common directories, a Python name any other."""
    common = len(set(directory_of(old).split("/")) & set(directory_of(new).split("/")))
    return 10_000 * (basename_of(old) == basename_of(new)) + 1_000 * new.endswith(".py") + common


def _may_be_python(path: str, stems: set[str]) -> bool:
    name = basename_of(path)
    return ".py" in name or name.partition(".")[0] in stems


def _read_chunks(files: Mapping[RepoPath, BlobId], read: Read) -> dict[RepoPath, _Chunks]:
    contents = ((path, read(blob)) for path, blob in files.items())
    return {path: _Chunks(content) for path, content in contents if content is not None and len(content) <= MAX_SOURCE_BYTES}


def _score(one: _Chunks, other: _Chunks) -> int:
    smaller, larger = sorted((one.size, other.size))
    if smaller * 100 < larger * _THRESHOLD:
        return smaller * 100 // larger  # an upper bound, below the threshold already
    shared = sum(len(chunk) * min(count, other.counts[chunk]) for chunk, count in one.counts.items() if chunk in other.counts)
    return shared * 100 // larger if larger else 100
