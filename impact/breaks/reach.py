"""Who may reach what a file holds, at either end: by an import, by its dotted name, by the module itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cached_property

from impact.breaks.sides import Side
from impact.mentions import RELATIVE, Mentions
from impact.names import RepoPath, directory_of, is_below, join
from impact.snapshots import Rename

_INIT = "__init__.py"
# A module that everybody holds would make onlookers of everybody; reading their sources is what it costs.
MANY_HOLDERS = 600


def saying(words: Collection[str], before: bytes = rb"\b", after: bytes = rb"\b") -> re.Pattern[bytes]:
    """Return the pattern of sources that say one of some words, between two patterns; it matches nothing where there are none."""
    return re.compile(before + rb"(?:" + b"|".join(re.escape(word.encode()) for word in sorted(words)) + rb")" + after if words else rb"(?!)")


class Reach:
    """Finds the files that name a file, or hold its module."""

    def __init__(self, base: Side, head: Side, mentions: Mentions, renames: Iterable[Rename]) -> None:
        self.base, self.head, self.mentions = base, head, mentions
        self.new_path = {rename.old: rename.new for rename in renames}
        self.old_path = {rename.new: rename.old for rename in renames}

    def at_base(self, path: RepoPath) -> RepoPath | None:
        """Return where a file of head was at base, None for a new one."""
        return path if path in self.base.snapshot.files else self.old_path.get(path)

    def stems_of(self, path: RepoPath) -> set[str]:
        """Return the last parts of the names that the module of a file has at either end: who imports it mentions one of them."""
        old = self.at_base(path) or path
        return {name.rpartition(".")[2] for name in (*self.base.modules.names_of(old), *self.head.modules.names_of(path))}

    def asked_of(self, path: RepoPath, name: str) -> bool:
        """Tell whether a file asks a module for a name: in an import, in a dotted string, or as an attribute of the module's own name."""
        old = self.at_base(path) or path
        stems = self.stems_of(path)
        mentioning = {found for stem in stems for found in self.mentions.mentioning(stem)}
        candidates = mentioning & set(self.mentions.mentioning(name))
        if path.endswith(_INIT):
            candidates |= set(self.mentions.mentioning(RELATIVE)) & set(self.mentions.mentioning(name))
        for found in candidates:
            for edge in self.mentions.edges(found):
                if edge.imported in (path, old) and (name in edge.names if edge.names is not None else self._imports(found, stems, name)):
                    return True
        if not name.startswith("_") and any(edge.star and edge.imported in (path, old) for found in mentioning for edge in self.mentions.edges(found)):
            return True
        texts = tuple(f"{stem}.{name}".encode() for stem in stems)
        if any(text in (self.head.programs.source(found) or b"") for found in sorted({*mentioning, *self._holding_package(path)} - {path}) for text in texts):
            return True
        # Who binds the module itself may call it as he likes, and hand the name to `patch.object(module, "name")`, `patch.multiple(module, name=…)`, `getattr`.
        # `time.time` asks for no `time` of the project.
        asking = re.compile(rb"""(?<!\b%(name)b)\.%(name)b\b|(["'])%(name)b\1|\bmultiple\([^)]*\b%(name)b\s*=""" % {b"name": name.encode()})
        return any(asking.search(self.head.programs.source(found) or b"") for found in self.binders(path) if found != path)

    def _holding_package(self, path: RepoPath) -> tuple[RepoPath, ...]:
        """Return the files that may bind the package of a module, which has it as an attribute; none where they are very many."""
        package = join(directory_of(path), _INIT)
        if package == path or package not in self.head.snapshot.files:
            return ()
        found = self.binders(package)
        return found if len(found) <= MANY_HOLDERS else ()

    @cached_property
    def _bound_by(self) -> dict[RepoPath, tuple[RepoPath, ...]]:
        return {}

    def binders(self, path: RepoPath) -> tuple[RepoPath, ...]:
        """Return the files that may bind the module of a file itself, or all of its names, sorted."""
        found = self._bound_by.get(path)
        if found is None:
            candidates = {one for stem in self.stems_of(path) for one in self.mentions.binding(stem)}
            found = self._bound_by[path] = tuple(
                one for one in sorted(candidates) if any(edge.imported == path and edge.names is None for edge in self.mentions.edges(one))
            )
        return found

    def naming(self, path: RepoPath) -> tuple[RepoPath, ...]:
        """Return the files that mention one of a module's names, or are in its package and may mean it by dots alone; sorted."""
        found = {one for stem in self.stems_of(path) for one in self.mentions.mentioning(stem)}
        if path.endswith(_INIT):
            found.update(one for one in self.mentions.mentioning(RELATIVE) if is_below(one, directory_of(path)))
        return tuple(sorted(found))

    def _imports(self, path: RepoPath, stems: set[str], name: str) -> bool:
        """Tell whether a file, which binds a module itself, imports a name from it as well; `stems` are the last parts of the module's names."""
        for line in self.mentions.scans[path].splitlines():
            kind, _, rest = line.partition(" ")
            module, _, names = rest.partition(" ")
            if kind == "f" and name in names.split(",") and (module.rpartition(".")[2] in stems or not module.strip(".")):
                return True
        return False
