"""Who may call a function that fails: files that import it, from its own or from who hands it on, and tests to which fixtures bring an instance."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from impact.breaks.inquiry import Inquiry
from impact.breaks.reach import MANY_HOLDERS, saying
from impact.names import RepoPath, directory_of, is_below
from impact.sources import Sources

_WORD = re.compile(rb"[A-Za-z_]\w*")
# Tests below a conftest.py that are looked through for who calls a method.
_MANY_BELOW = 2000


@dataclass
class Callers:
    """Finds callers, by the names that files say."""

    inquiry: Inquiry
    sources: Sources
    _texts: dict[RepoPath, frozenset[bytes]] = field(default_factory=dict)

    def mention(self, path: RepoPath, words: Iterable[str]) -> bool:
        """Tell whether the source of a file of head has one of some words as an identifier, or in a string."""
        return bool(among(words, self.identifiers(path)))

    def identifiers(self, path: RepoPath) -> frozenset[bytes]:
        """Return the identifiers in the source of a file of head."""
        found = self._texts.get(path)
        if found is None:
            data = self.sources.read(self.inquiry.head.snapshot.files[path])
            found = self._texts[path] = identifiers_in(data or b"")
        return found

    def of(self, path: RepoPath, names: frozenset[str], handing: Collection[str]) -> tuple[RepoPath, ...]:
        """Return the files that may call a function of a file by one of some names: those that import it, and tests that are handed an instance, by one
        of those that are `handing` one out.
        """
        importers = self._importers(path, names)
        return tuple(dict.fromkeys((*importers, *self._receivers(path, names, importers), *self.below(path, handing))))

    def below(self, path: RepoPath, names: Collection[str]) -> Iterator[RepoPath]:
        """Yield the tests below a conftest.py that may call what its fixtures of some names hand out."""
        layout = self.inquiry.head.layout
        calls = saying(names, after=rb"\(")
        tests = [test for test in sorted(layout.tests) if is_below(test, directory_of(path))] if names and path in layout.conftests else []
        for test in tests if len(tests) <= _MANY_BELOW else ():
            if calls.search(self.inquiry.head.programs.source(test) or b""):
                yield test

    def _receivers(self, path: RepoPath, names: frozenset[str], importers: Iterable[RepoPath]) -> Iterator[RepoPath]:
        """Yield the tests below a conftest.py that ask something for a method of a class that it defines, or imports: a fixture may bring an instance."""
        layout = self.inquiry.head.layout
        methods = {one.name for one in self.inquiry.head.programs.functions(path).values() if one.owner and one.name in names}
        makers = [directory_of(one) for one in (path, *importers) if one in layout.conftests]
        tests = [test for test in sorted(layout.tests) if any(is_below(test, one) for one in makers)] if methods and makers else []
        asks = saying(methods, before=rb"\.")
        for test in tests if len(tests) <= _MANY_BELOW else ():
            if asks.search(self.inquiry.head.programs.source(test) or b""):
                yield test

    def _importers(self, path: RepoPath, names: frozenset[str]) -> tuple[RepoPath, ...]:
        """Return the files that may call a function of a file by one of some names: who imports it, or from whoever hands it on."""
        inquiry, tests = self.inquiry, self.inquiry.head.layout.tests
        found: set[RepoPath] = set()
        known, waiting = {path: names}, [(path, names)]
        while waiting:
            holder, held = waiting.pop()
            words = {*held, *(name.rpartition(".")[2] for name in inquiry.head.modules.names_of(holder))}
            for one in {one for word in words for one in inquiry.mentions.mentioning(word)} - {holder}:
                for edge in inquiry.mentions.edges(one):
                    if edge.imported != holder or not (edge.names is None or not held.isdisjoint(edge.names)):
                        continue
                    found.add(one)
                    handed = held if edge.star else held & edge.names if edge.names is not None else frozenset[str]()
                    fresh = handed - known.get(one, frozenset())
                    if fresh and one not in tests:
                        known[one] = known.get(one, frozenset()) | fresh
                        waiting.append((one, fresh))
        for holder, held in known.items():
            found.update(self._through_the_module(holder, held))
        return tuple(sorted(found - {path}))

    def _through_the_module(self, path: RepoPath, names: frozenset[str]) -> Iterator[RepoPath]:
        """Yield the files that say one of some names of a module, and may have that module from a file which binds it."""
        inquiry = self.inquiry
        seen = set(inquiry.binders(path))
        waiting = [one for one in seen if one not in inquiry.head.layout.tests]
        while waiting and len(seen) <= MANY_HOLDERS:
            holder = waiting.pop()
            for one in inquiry.naming(holder):
                if one not in seen and any(edge.imported == holder for edge in inquiry.mentions.edges(one)):
                    seen.add(one)
                    if one not in inquiry.head.layout.tests:
                        waiting.append(one)
                    if self.mention(one, names):
                        yield one


def among(words: Iterable[str], found: frozenset[bytes]) -> frozenset[str]:
    """Return the words that a source may have, of which the identifiers are known as far as they are ASCII."""
    return frozenset(word for word in words if word.encode() in found or not word.isascii())


def identifiers_in(source: bytes) -> frozenset[bytes]:
    """Return the identifiers of a source, as far as they are ASCII, those in strings and comments included."""
    return frozenset(_WORD.findall(source))
