"""The breaks as remarks on lines of code, for the formats that say something about a line: GitHub, GitLab, SARIF.

One remark for a line and a verdict, however many tests break by it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from impact.render.inert import clipped, visible
from impact.render.words import happens

if TYPE_CHECKING:
    from impact.render.groups import Advice, Group, Outcome, Site
    from impact.render.view import Overview
    from impact.report import Verdict

_TESTS = 5
_NAME = 300


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark. `fingerprint` stays the same where the line moves: it is made of the verdict, the file, what is gone, and the code.

    `rank` is the place among the remarks on the same group, from 0: the heaviest first.
    """

    verdict: Verdict
    path: str
    line: int
    group: Group
    site: Site
    exception: str
    rank: int
    fingerprint: str

    @property
    def title(self) -> str:
        """What is gone, on one line of printable characters."""
        gone = " ".join(part for part in (self.group.name, self.group.fate) if part)
        return visible(clipped(f"{gone} to {self.group.new}" if self.group.new else gone, _NAME))

    @property
    def remedy(self) -> Advice | None:
        """What to write instead, where that is known."""
        return self.site.remedy or self.group.remedy

    @property
    def message(self) -> str:
        """What pytest shows, which tests, and what to write instead: up to three lines of printable characters."""
        tests = sorted(self.site.tests)
        names = ", ".join(visible(clipped(test, _NAME)) for test in tests[:_TESTS])
        more = f" and {len(tests) - _TESTS:,} more" if len(tests) > _TESTS else ""
        lines = [
            visible(clipped(self.exception, 4 * _NAME)),
            f"{happens(self.verdict, len(tests))}: {names}{more}",
            visible(clipped(f"{self.remedy.verb} {self.remedy.replacement}", _NAME)).capitalize() if self.remedy else "",
        ]
        return "\n".join(line for line in lines if line)


def remarks(view: Overview) -> tuple[Remark, ...]:
    """Return the remarks of `view`, in its order: worst first."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: list[Remark] = []
    for group in view.groups:
        sites = [(outcome, site) for outcome in group.outcomes for site in outcome.sites]
        found += [_remark(group, outcome, site, rank, seen) for rank, (outcome, site) in enumerate(sites)]
    return tuple(found)


def edits(view: Overview) -> tuple[Remark, ...]:
    """Return the remarks on lines that one edit mends (`site.mended`), the heaviest for each line."""
    found: dict[tuple[str, int], Remark] = {}
    for one in remarks(view):
        if one.remedy is not None and one.site.mended is not None:
            found.setdefault((one.path, one.line), one)
    return tuple(found.values())


def _remark(group: Group, outcome: Outcome, site: Site, rank: int, seen: Counter[tuple[str, ...]]) -> Remark:
    identity = (outcome.verdict, site.path, group.name, group.fate, site.code)
    # The same code may stand in a file more than once.
    number = seen[identity]
    seen[identity] += 1
    text = "\0".join((*identity, str(number)))
    fingerprint = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Remark(outcome.verdict, site.path, site.line, group, site, outcome.exception, rank, fingerprint)
