"""What a reader of the report sees, before any format: the verdict, the tests grouped by what is gone, what does not count, and what to type next.

Nothing here is escaped or folded: that is for each format to do.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.render.groups import find_groups
from impact.render.words import PHRASES, SEVERITY, plural
from impact.report import Certainty, ChangeKind, Verdict
from impact.revisions.ranges import INDEX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from impact.render.document import BreakDocument, ChangeDocument, MeetingDocument, ReportDocument, TestDocument
    from impact.render.groups import Group

_SHORT = 10
_PASTED = 3
_GONE = frozenset({ChangeKind.MODULE_DELETED, ChangeKind.SYMBOL_DELETED, ChangeKind.FIXTURE_DELETED})
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}")


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole report, for a reader. `command` shows it again, `fix` prints the patch, `restore` one that brings back what has no other
    place, `pytest` shows the worst of it; each is empty where no command would.
    """

    verdict: str
    command: str
    fix: str
    restore: str
    pytest: str
    base: str
    head: str
    merged: bool
    meeting: str
    notes: tuple[str, ...]
    groups: tuple[Group, ...]
    affected: tuple[str, ...]
    unreached: tuple[BreakDocument, ...]
    harmless: tuple[ChangeDocument, ...]
    preexisting: tuple[BreakDocument, ...]
    masked: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def worst(self) -> Verdict | None:
        """The worst verdict of a test; None where no test is worse than affected."""
        return min((outcome.verdict for group in self.groups for outcome in group.outcomes), key=SEVERITY.__getitem__, default=None)

    @property
    def skip_reasons(self) -> str:
        """For what files were skipped, and how many of them where it is more than one, most first: `too large (2 files); does not parse`."""
        counts = Counter(reason for _, reason in self.skipped)
        return "; ".join(
            f"{reason} ({count:,} files)" if count > 1 else reason for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]
        )


def overview(document: ReportDocument) -> Overview:
    """Return what a reader of `document` sees."""
    reached = {one for test in document["tests"] for one in test["breaks"]}
    named = {one["change"] for one in document["breaks"] if one["id"] in reached}
    return Overview(
        verdict=_verdict(document["tests"]),
        command=_command(document, "impact diff"),
        fix=_fix(document),
        restore=_restore(document, reached),
        pytest=_pytest(document),
        base=_end(document["base"]["revision"], document["base"]["commit"]),
        head=_end(document["head"]["revision"], document["head"]["commit"]),
        merged=document["head"]["merged"],
        meeting=_meeting(document.get("meetings", [])),
        notes=tuple(document.get("notes", [])),
        groups=find_groups(document),
        affected=tuple(sorted(test["path"] for test in document["tests"] if test["verdict"] == Verdict.AFFECTED)),
        unreached=tuple(sorted((one for one in document["breaks"] if one["id"] not in reached), key=_place)),
        harmless=tuple(sorted((change for change in document["changes"] if change["id"] not in named), key=lambda change: (change["old"], change["id"]))),
        preexisting=tuple(sorted(document["preexisting"], key=_place)),
        masked=tuple(sorted((one["path"], one["exception"]) for one in document["masked"])),
        skipped=tuple(sorted((one["path"], one["reason"]) for one in document["skipped"])),
    )


def sentence(view: Overview) -> str:
    """Return the verdict of the whole report as a sentence of its own. Revisions stand in it as they were given: not inert."""
    if view.worst:
        return f"{view.verdict}."
    between = f"between {view.base} and {'its merge with ' if view.merged else ''}{view.head}"
    if view.skipped:
        return f"No test breaks {between} in what could be read: {plural(len(view.skipped), 'file')} could not."
    return f"No test breaks {between}."


def _verdict(tests: Sequence[TestDocument]) -> str:
    counts = Counter(Verdict(test["verdict"]) for test in tests)
    parts: list[str] = []
    for verdict in Verdict:
        count = counts[verdict]
        if count and (parts or verdict is not Verdict.AFFECTED):
            subject = f"{count:,}" if parts else plural(count, "test file")
            parts.append(f"{subject} {PHRASES[verdict][count != 1]}")
    return ", ".join(parts)


def _fix(document: ReportDocument) -> str:
    found = {one["remedy"]["certainty"] for one in document["breaks"] if one["remedy"]}
    enough = next((level for level in (Certainty.CERTAIN, Certainty.LIKELY) if level in found), None)
    asked = "" if enough is Certainty.CERTAIN else " --certainty likely"
    return _command(document, f"impact fix{asked}") if enough else ""


def _restore(document: ReportDocument, reached: AbstractSet[str]) -> str:
    gone = {change["id"] for change in document["changes"] if change["kind"] in _GONE}
    breaks = (one for one in document["breaks"] if one["id"] in reached and one["change"] in gone)
    lost = any(one["remedy"] is None or one["remedy"]["certainty"] == Certainty.POSSIBLE for one in breaks)
    return _command(document, "impact fix --restore") if lost else ""


def _command(document: ReportDocument, command: str) -> str:
    base, head = document["base"]["commit"], document["head"]["commit"]
    if base is None:
        return ""
    # Ids, not names: a branch moves on, and what it is called is for whoever pushed it to say.
    if head is None:
        return f"{command} {base[:_SHORT]}{' --staged' if document['head']['revision'] == INDEX else ''}"
    return f"{command} {base[:_SHORT]}..{head[:_SHORT]}"


def _pytest(document: ReportDocument) -> str:
    for verdict, options in ((Verdict.COLLECTION_ERROR, " --collect-only"), (Verdict.RUNTIME_ERROR, "")):
        paths = sorted({test["path"] for test in document["tests"] if test["verdict"] == verdict})
        # A line to be pasted into a shell: a path stands in it only where it means nothing there.
        plain = [path for path in paths if _PLAIN_PATH.fullmatch(path)][:_PASTED]
        if plain:
            return f"python -m pytest{options} {' '.join(plain)}"
    return ""


def _meeting(meetings: Sequence[MeetingDocument]) -> str:
    tests = {test for one in meetings for test in one["tests"]}
    verb = "breaks" if len(tests) == 1 else "break"
    return f"{plural(len(tests), 'test file')} {verb} by the meeting of the two: each side is sound alone" if tests else ""


def _end(revision: str, commit: str | None) -> str:
    if commit is None or commit.startswith(revision):
        return revision[:10] if revision == commit else revision
    return f"{revision} ({commit[:10]})"


def _place(one: BreakDocument) -> tuple[str, int, int, str]:
    return one["path"], one["line"], one["column"], one["target"]
