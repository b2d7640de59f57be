"""Options of pytest that a project defines itself and no longer does: `addini` and `addoption` in a conftest.py or plugin, and who asks for them.

What an installed plugin defines is not seen; so only what the change takes away counts. Sources: `_pytest.config.Config.getini`, `getoption`
and `_pytest.config.argparsing.Parser`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from impact.breaks.markers import End
from impact.names import RepoPath

_INI = re.compile(rb"""\baddini\(\s*(?:name\s*=\s*)?["']([\w.-]+)["']""")
_OPTION = re.compile(rb"""\b_?addoption\(\s*((?:["']--?[\w-]+["']\s*,?\s*)+)([^()]*)""")
_NAME = re.compile(rb"""["'](--?[\w-]+)["']""")
_DEST = re.compile(rb"""\bdest\s*=\s*["'](\w+)["']""")
_ASKING = (b"getini", b"getoption", b"getvalue", b"option.")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Options:
    """Options by the names under which they are asked for: `inis` those of the settings, `given` those of the command line."""

    inis: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()

    def words(self) -> Iterator[str]:
        """Yield the words that name one in a source."""
        for name in self.inis | self.given:
            yield from _WORD.findall(name)[-1:]

    def users(self, head: End) -> Iterator[RepoPath]:
        """Yield the tests and conftest.py files that ask for one of them."""
        names = [name.encode() for name in sorted(self.inis | self.given)]
        for path in sorted(head.layout.tests | head.layout.conftests) if names else ():
            source = head.programs.source(path) or b""
            if any(word in source for word in _ASKING) and any(name in source for name in names):
                yield path


def find_lost(base: End, head: End, changed: Iterable[RepoPath]) -> Options:
    """Return the options that changed files defined at base and that nobody of the project defines at head."""
    before = _defined(base, (path for path in changed if path in base.files))
    if not before.inis and not before.given:
        return before
    if any(name.startswith("pytest") for name in head.layout.dependencies - base.layout.dependencies):
        return Options()  # they may be the new plugin's
    after = _defined(head, {*(path for path in changed if path in head.files), *head.layout.conftests})
    return Options(before.inis - after.inis, before.given - after.given)


def _defined(end: End, paths: Iterable[RepoPath]) -> Options:
    inis: set[str] = set()
    given: set[str] = set()
    for path in paths:
        source = end.programs.source(path) or b""
        if b"addini" in source:
            inis.update(name.decode() for name in _INI.findall(source))
        for names, rest in _OPTION.findall(source) if b"addoption" in source else ():
            written = [name.decode() for name in _NAME.findall(names)]
            dest = _DEST.search(rest)
            long = next((name for name in written if name.startswith("--")), written[0])
            given.update((*written, dest[1].decode() if dest else long.lstrip("-").replace("-", "_")))
    return Options(frozenset(inis), frozenset(given))
