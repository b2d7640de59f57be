"""Roots that a change takes away: a directory that the settings or a conftest.py put on `sys.path`, and no longer do.

That code is importable from the repository root, or from `src`, is a fair guess where nothing says so: it is installed, or tests are run by
`python -m pytest`. It is none where the project was seen to arrange its own path, has nothing that could be installed, and no file of the
repository says how else it is brought there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from impact.discovery.layout import Layout, Origin, merge
from impact.names import RepoPath, basename_of

_ARRANGED = frozenset({Origin.INSERTED, Origin.BASE, Origin.PYTHONPATH, Origin.CONFIGURED, Origin.APPENDED})
_TELLING = frozenset({"tox.ini", "noxfile.py", "Makefile", "justfile", "Dockerfile", ".gitlab-ci.yml", ".travis.yml", "azure-pipelines.yml", ".envrc"})
# Ways by which code gets onto the path outside of pytest's settings.
_BROUGHT = re.compile(rb"-m\s+pytest|PYTHONPATH|\bpip3?\s+install|\bsetup\.py\b|\busedevelop\b|\b(?:uv|poetry|pdm|hatch|pipenv|conda)\s+\w")


def without_lost_roots(base: Layout, head: Layout, paths: Iterable[RepoPath], read: Callable[[RepoPath], bytes | None]) -> Layout:
    """Return the layout of head without the guesses at roots that base did not need to guess; `paths` are the files of head, which `read` reads."""
    if head.installable:
        return head
    before, now = _arranged(base), _arranged(head)
    known = {claim.path for claim in base.claims}
    lost = {claim.path for claim in head.claims if claim.path not in now and (claim.path in before or (before and claim.path not in known))}
    lost &= {claim.path for claim in head.claims if claim.origin is Origin.PROJECT}
    if not lost or any(_BROUGHT.search(read(path) or b"") for path in paths if _tells(path)):
        return head
    claims = tuple(claim for claim in head.claims if claim.path not in lost)
    return replace(head, claims=claims, roots=merge(claims))


def _arranged(layout: Layout) -> frozenset[RepoPath]:
    """Return the directories that something puts on the path for certain."""
    return frozenset(claim.path for claim in layout.claims if claim.origin in _ARRANGED)


def _tells(path: str) -> bool:
    name = basename_of(path)
    return path.count("/") < 3 and (
        name in _TELLING or path.startswith((".github/workflows/", ".circleci/")) or name.endswith(".sh") or name.lower().startswith(("readme", "contributing"))
    )
