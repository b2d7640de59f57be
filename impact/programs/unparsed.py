"""What a source imports that does not parse, as far as its shape shows."""

from __future__ import annotations

from collections.abc import Iterator

from impact.programs.program import FromImport, Import, Statement
from impact.scan import scan


def mentioned(source: bytes) -> Iterator[Statement]:
    """Yield the imports that the scan of a source finds, at its first line."""
    for mention in scan(source):
        kind, _, rest = mention.partition(" ")
        if kind == "i":
            yield Import(rest, None, 1, 0)
        elif kind == "f":
            module, _, names = rest.partition(" ")
            bare = module.lstrip(".")
            for name in names.split(","):
                yield FromImport(len(module) - len(bare), bare, name, None, 1, 0)
