"""What a change writes in the place of a name: the lines that went with the one and came with the other, and are the same otherwise."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Side
from impact.names import RepoPath, parent_of
from impact.programs.blocks import statements_of
from impact.programs.program import FromImport, Import

# A name that is written in so many times as many lines as any other, where a lost one was, is what that is called now.
_CLEARLY = 3
# Changed files that are searched for the uses of a member; where more changed, only those that name its module.
_MANY = 400


@dataclass(frozen=True)
class Written:
    """In how many lines a change writes each of some names instead of a lost one, and in the imports of how many files."""

    lines: Counter[str] = field(default_factory=Counter)
    importers: Counter[str] = field(default_factory=Counter)

    def is_clear(self, name: str) -> bool:
        """Tell whether hardly another one is written: a few lines may have come to mean something else."""
        return self.lines[name] > 0 and all(self.lines[name] >= _CLEARLY * count for other, count in self.lines.items() if other != name)


def find_written(inquiry: Inquiry, old_path: RepoPath, path: RepoPath, name: str, others: Collection[str], *, everywhere: bool = False) -> Written:
    """Return what a change writes instead of a name of a module (`old_path` at base, `path` at head), there and in the files that import from it.

    `everywhere`: in any changed file; who has an instance of a class need not import it.
    """
    written = Written()
    names = inquiry.base.modules.names_of(old_path), inquiry.head.modules.names_of(path)
    users = inquiry.changed if everywhere and len(inquiry.changed) <= _MANY else {path, *inquiry.naming(path)} & inquiry.changed
    for user in sorted(users) if others else ():
        before = inquiry.at_base(user)
        if before is None or user not in inquiry.head.snapshot.files:
            continue
        written.lines.update(find_substitutes(inquiry.base.programs.source(before) or b"", inquiry.head.programs.source(user) or b"", name, others))
        old, new = (
            {symbol for brought in imported_names(side, one).values() for module, symbol in brought if module in known}
            for side, one, known in ((inquiry.base, before, names[0]), (inquiry.head, user, names[1]))
        )
        if name in old - new:
            written.importers.update((new - old) & set(others))
    return written


def find_substitutes(old: bytes, new: bytes, word: str, others: Collection[str]) -> Counter[str]:
    r"""Return in how many lines of a file each of some words stands where a word stood; layout does not count, nor do lines that define it.

    >>> dict(find_substitutes(b"from a import f, g\nf(g)\n  f()\ndef f():", b"from a import h\nh(g)\nif x:\n    h()\ndef h():", "f", ["h", "k"]))
    {'h': 2}
    """
    name = word.encode()
    found: Counter[str] = Counter()
    if name not in old:
        return found
    before, after = _lines(old), _lines(new)
    pattern = re.compile(rb"(?<![\w\x80-\xff])" + re.escape(name) + rb"(?![\w\x80-\xff])")
    defining = re.compile(rb"(?:(?:async )?def|class) " + re.escape(name) + rb"\b|" + re.escape(name) + rb" ?(?::|=(?!=))")
    gone = [(line, count) for line, count in (before - after).items() if pattern.search(line) and not defining.match(line)]
    come = after - before
    for other in others:
        text = other.encode()
        if text in new:
            count = sum(min(count, come[pattern.sub(text, line)]) for line, count in gone)
            if count:
                found[other] = count
    return found


def _lines(source: bytes) -> Counter[bytes]:
    return Counter(b" ".join(line.split()) for line in source.splitlines())


def imported_names(side: Side, path: RepoPath) -> dict[str, set[tuple[str, str]]]:
    """Return what the imports at the top level of a file bring, by the name they bind: (module, name), the name empty for a module."""
    program = side.programs.module(path)
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for statement in statements_of(program.body) if program is not None else ():
        if isinstance(statement, Import):
            found[statement.alias or statement.module].add((statement.module, ""))
        elif isinstance(statement, FromImport) and statement.name != "*":
            module = statement.module
            if statement.level:
                package = side.name_of(path) if path.endswith("/__init__.py") else parent_of(side.name_of(path))
                for _ in range(statement.level - 1):
                    package = parent_of(package)
                module = f"{package}.{module}" if module and package else module or package
            found[statement.alias or statement.name].add((module, statement.name))
    return found
