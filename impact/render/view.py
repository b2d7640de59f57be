"""What a reader of the report sees, before any format: the tests grouped by what is gone, and the words for it.

    Overview                one report
    └── Group               a change, and all that it breaks
        └── Outcome         a verdict and the exception that pytest will show
            └── Site        a line that breaks, with the tests of that file and those that reach it from other files

Nothing here is escaped or folded: that is for each format to do. Everything is sorted: worst verdict, most tests, name.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.render.suggestions import rewritten
from impact.report import Certainty, ChangeKind, Verdict
from impact.revisions import INDEX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from impact.render.document import (
        BreakDocument,
        ChangeDocument,
        EvidenceDocument,
        LinkDocument,
        MeetingDocument,
        PartyDocument,
        RemedyDocument,
        ReportDocument,
        TestDocument,
    )

_SHORT = 10
_PASTED = 3
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}")
_ID = re.compile(r"[0-9a-f]{40}")
_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}
_PHRASES = {
    Verdict.COLLECTION_ERROR: ("cannot be collected", "cannot be collected"),
    Verdict.RUNTIME_ERROR: ("fails at run time", "fail at run time"),
    Verdict.SILENCED: ("is silenced", "are silenced"),
    Verdict.AT_RISK: ("is at risk", "are at risk"),
    Verdict.AFFECTED: ("is affected", "are affected"),
}
_LABELS = {**{verdict: one for verdict, (one, _) in _PHRASES.items()}, Verdict.SILENCED: "passes without testing", Verdict.AT_RISK: "may break"}
_FATES = {
    ChangeKind.MODULE_DELETED: "module deleted",
    ChangeKind.MODULE_RENAMED: "module renamed",
    ChangeKind.MODULE_MOVED: "module moved",
    ChangeKind.MODULE_UNPARSABLE: "module no longer parses",
    ChangeKind.SYMBOL_DELETED: "deleted",
    ChangeKind.SYMBOL_RENAMED: "renamed",
    ChangeKind.SYMBOL_MOVED: "moved",
    ChangeKind.FIXTURE_DELETED: "fixture deleted",
    ChangeKind.MARKER_UNREGISTERED: "marker without registration",
    ChangeKind.SIGNATURE_CHANGED: "signature changed",
    ChangeKind.REFERENCE_ADDED: "does not exist, and this change names it",
}
_VERBS = {Certainty.CERTAIN: "use", Certainty.LIKELY: "perhaps use", Certainty.POSSIBLE: "possibly use"}


@dataclass(frozen=True, slots=True)
class Advice:
    """The edit that mends a break; `verb` says how sure we are."""

    verb: str
    replacement: str

    @property
    def sure(self) -> bool:
        """Whether nothing else can be meant."""
        return self.verb == _VERBS[Certainty.CERTAIN]


@dataclass(frozen=True, slots=True)
class Reach:
    """A test file that reaches a site in another file; `via` are the files between the two, each with the line that goes on."""

    path: str
    line: int
    via: tuple[tuple[str, int], ...]
    node_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A line that breaks. `own` is set where the file is itself a test, `node_ids` names its tests where not all of them break.

    `mended` is the line as it would be right, where that line is all it takes.
    """

    path: str
    line: int
    code: str
    mended: str | None
    remedy: Advice | None
    own: bool
    node_ids: tuple[str, ...]
    through: tuple[Reach, ...]

    @property
    def tests(self) -> frozenset[str]:
        """The test files that break here."""
        return frozenset(reach.path for reach in self.through) | ({self.path} if self.own else frozenset())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens at some sites, in the words of pytest."""

    verdict: Verdict
    exception: str
    sites: tuple[Site, ...]

    @property
    def tests(self) -> frozenset[str]:
        """The test files that this happens to."""
        return frozenset().union(*(site.tests for site in self.sites))

    @property
    def label(self) -> str:
        """What happens to such a test."""
        return _LABELS[self.verdict]


@dataclass(frozen=True, slots=True)
class Group:
    """What is gone, where it went and was seen last, and all that breaks by it. `remedy` is set where one edit mends every site.

    `meetings`: who of the two sides of a merge names the thing and who took it away, where neither breaks a test alone.
    """

    name: str
    fate: str
    new: str | None
    evidence: tuple[str, ...]
    last_seen: str
    meetings: tuple[str, ...]
    remedy: Advice | None
    outcomes: tuple[Outcome, ...]

    @property
    def tests(self) -> frozenset[str]:
        """The test files that break by this change."""
        return frozenset().union(*(outcome.tests for outcome in self.outcomes))


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole report, for a reader. `command` shows it again, `fix` prints the patch, `pytest` shows the worst of it; each is empty where
    no command would.
    """

    verdict: str
    command: str
    fix: str
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
        return min((outcome.verdict for group in self.groups for outcome in group.outcomes), key=_SEVERITY.__getitem__, default=None)

    @property
    def skip_reasons(self) -> str:
        """How many files were skipped for what, most first: `2 too large, 1 missing blob`."""
        counts = Counter(reason for _, reason in self.skipped)
        return ", ".join(f"{count:,} {reason}" for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5])


def overview(document: ReportDocument) -> Overview:
    """Return what a reader of `document` sees."""
    reached = {one for test in document["tests"] for one in test["breaks"]}
    named = {one["change"] for one in document["breaks"] if one["id"] in reached}
    return Overview(
        verdict=_verdict(document["tests"]),
        command=_command(document, "impact diff"),
        fix=_fix(document),
        pytest=_pytest(document),
        base=_end(document["base"]["revision"], document["base"]["commit"]),
        head=_end(document["head"]["revision"], document["head"]["commit"]),
        merged=document["head"]["merged"],
        meeting=_meeting(document.get("meetings", [])),
        notes=tuple(document.get("notes", [])),
        groups=_groups(document),
        affected=tuple(sorted(test["path"] for test in document["tests"] if test["verdict"] == Verdict.AFFECTED)),
        unreached=tuple(sorted((one for one in document["breaks"] if one["id"] not in reached), key=_place)),
        harmless=tuple(sorted((change for change in document["changes"] if change["id"] not in named), key=lambda change: (change["old"], change["id"]))),
        preexisting=tuple(sorted(document["preexisting"], key=_place)),
        masked=tuple(sorted((one["path"], one["exception"]) for one in document["masked"])),
        skipped=tuple(sorted((one["path"], one["reason"]) for one in document["skipped"])),
    )


def plural(count: int, noun: str) -> str:
    """Return `count` things.

    >>> plural(1841, "test file")
    '1,841 test files'
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def happens(verdict: Verdict, count: int) -> str:
    """Return what happens to so many test files.

    >>> happens(Verdict.COLLECTION_ERROR, 2)
    '2 test files cannot be collected'
    """
    return f"{plural(count, 'test file')} {_PHRASES[verdict][count != 1]}"


def sentence(view: Overview) -> str:
    """Return the verdict of the whole report as a sentence of its own. Revisions stand in it as they were given: not inert."""
    if view.worst:
        return f"{view.verdict}."
    between = f"between {view.base} and {'its merge with ' if view.merged else ''}{view.head}"
    if view.skipped:
        return f"No test breaks {between} in what could be read: {plural(len(view.skipped), 'file')} could not."
    return f"No test breaks {between}."


def dotted(name: str) -> str:
    """Return the name as one would search for it: `pkg.mod:Symbol` reads `pkg.mod.Symbol`."""
    return name.replace(":", ".")


def place(path: str, line: int) -> str:
    """Return `path:line`, or the path alone where no line stands for it (a test that runs a `conftest.py` writes no import)."""
    return f"{path}:{line}" if line else path


def _verdict(tests: Sequence[TestDocument]) -> str:
    counts = Counter(Verdict(test["verdict"]) for test in tests)
    parts: list[str] = []
    for verdict in Verdict:
        count = counts[verdict]
        if count and (parts or verdict is not Verdict.AFFECTED):
            subject = f"{count:,}" if parts else plural(count, "test file")
            parts.append(f"{subject} {_PHRASES[verdict][count != 1]}")
    return ", ".join(parts)


def _fix(document: ReportDocument) -> str:
    found = {one["remedy"]["certainty"] for one in document["breaks"] if one["remedy"]}
    enough = next((level for level in (Certainty.CERTAIN, Certainty.LIKELY) if level in found), None)
    asked = "" if enough is Certainty.CERTAIN else " --certainty likely"
    return _command(document, f"impact fix{asked}") if enough else ""


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


def _encounter(one: MeetingDocument) -> str:
    reference, change = one["reference"], one["change"]
    return f"{_party(reference)} names it, {_party(change)} took it away"


def _party(one: PartyDocument) -> str:
    where = [place(one["path"], one["line"])] if one["path"] else []
    who = [f"{one['commit'][:10]} {one['subject'] or ''}".strip()] if one["commit"] else []
    facts = ", ".join([*who, *where])
    name = one["revision"][:10] if _ID.fullmatch(one["revision"]) else one["revision"]
    return f"{name} ({facts})" if facts else name


def _end(revision: str, commit: str | None) -> str:
    if commit is None or commit.startswith(revision):
        return revision[:10] if revision == commit else revision
    return f"{revision} ({commit[:10]})"


def _groups(document: ReportDocument) -> tuple[Group, ...]:
    breaks = {one["id"]: one for one in document["breaks"]}
    changes = {one["id"]: one for one in document["changes"]}
    # By cause, then by outcome, then by site. A test that two changes break stands under both: mending one does not mend it.
    causes: dict[str, dict[tuple[Verdict, str], dict[str, list[TestDocument]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for test in document["tests"]:
        verdict = Verdict(test["verdict"])
        if verdict is Verdict.AFFECTED:
            continue
        known = [breaks[one] for one in test["breaks"] if one in breaks]
        for number, one in enumerate(known):
            # The exception of the test is that of the break which pytest meets first.
            exception = (test["exception"] if number == 0 else None) or one["exception"]
            causes[one["change"] or f":{one['target']}"][verdict, exception][one["id"]].append(test)
        if not known:
            causes[""][verdict, test["exception"] or ""][test["path"]].append(test)
    meetings: dict[str, list[str]] = defaultdict(list)
    for meeting in document.get("meetings", []):
        meetings[meeting["break_id"]].append(_encounter(meeting))
    groups = [_group(changes.get(cause), cause, outcomes, breaks, meetings) for cause, outcomes in causes.items()]
    return tuple(sorted(groups, key=lambda group: (*_weight(group.outcomes), group.name, group.fate)))


def _group(
    change: ChangeDocument | None,
    cause: str,
    outcomes: dict[tuple[Verdict, str], dict[str, list[TestDocument]]],
    breaks: dict[str, BreakDocument],
    meetings: Mapping[str, Sequence[str]],
) -> Group:
    name, fate, new = dotted(cause.removeprefix(":")), "is not there" if cause else "no single thing is known to be gone", None
    if change is not None:
        name, fate, new = dotted(change["old"]), _FATES[ChangeKind(change["kind"])], change["new"] and dotted(change["new"])
    remedies = {_remedy(breaks[one]["remedy"]) if one in breaks else None for sites in outcomes.values() for one in sites}
    shared = next(iter(remedies)) if len(remedies) == 1 else None
    rows = [Outcome(verdict, exception, _sites(sites, breaks, with_remedy=shared is None)) for (verdict, exception), sites in outcomes.items()]
    return Group(
        name=name,
        fate=fate,
        new=new,
        evidence=tuple(_evidence(one) for one in change["evidence"] if one["kind"] != "last-seen") if change else (),
        last_seen=next((_evidence(one) for one in change["evidence"] if one["kind"] == "last-seen"), "") if change else "",
        meetings=tuple(dict.fromkeys(meeting for sites in outcomes.values() for one in sites for meeting in meetings.get(one, ()))),
        remedy=shared,
        outcomes=tuple(sorted(rows, key=lambda row: (_SEVERITY[row.verdict], -len(row.tests), row.exception))),
    )


def _sites(sites: dict[str, list[TestDocument]], breaks: dict[str, BreakDocument], *, with_remedy: bool) -> tuple[Site, ...]:
    rows = [_site(breaks.get(one), tests, with_remedy=with_remedy) for one, tests in sites.items()]
    return tuple(sorted(rows, key=lambda site: (-len(site.tests), site.path, site.line, site.code)))


def _site(one: BreakDocument | None, tests: list[TestDocument], *, with_remedy: bool) -> Site:
    last = tests[0]["chain"][-1] if tests[0]["chain"] else None
    path = one["path"] if one else tests[0]["path"]
    line = one["line"] if one else (last["line"] if last and last["path"] == path else 0)
    own = [test for test in tests if test["path"] == path]
    return Site(
        path=path,
        line=line,
        code=one["code"].strip() if one else "",
        mended=rewritten(one) if one else None,
        remedy=_remedy(one["remedy"]) if one and with_remedy else None,
        own=bool(own),
        node_ids=tuple(sorted({_node(test["path"], node) for test in own for node in test["node_ids"]})),
        through=tuple(sorted((_reach(test, path) for test in tests if test["path"] != path), key=lambda reach: (len(reach.via), reach.path, reach.via))),
    )


def _reach(test: TestDocument, site: str) -> Reach:
    chain: Sequence[LinkDocument] = test["chain"]
    own = [link for link in chain if link["path"] == test["path"]]
    return Reach(
        path=test["path"],
        line=own[0]["line"] if own else 0,
        # The chain of a test leads to the break that it meets first; how it gets to the others is not told.
        via=tuple((link["path"], link["line"]) for link in chain if link["path"] not in (test["path"], site)) if chain and chain[-1]["path"] == site else (),
        node_ids=tuple(sorted(_node(test["path"], node) for node in test["node_ids"])),
    )


def _node(path: str, node_id: str) -> str:
    return node_id.removeprefix(f"{path}::")


def _remedy(remedy: RemedyDocument | None) -> Advice | None:
    if remedy is None:
        return None
    return Advice(_VERBS[Certainty(remedy["certainty"])], dotted(remedy["replacement"]))


def _evidence(one: EvidenceDocument) -> str:
    old, new, similarity = one.get("path"), one.get("new_path"), one.get("similarity")
    facts = [
        " -> ".join(path for path in (old, new) if path and path not in one["detail"]),
        f"{similarity} % similar" if similarity is not None and f"{similarity}" not in one["detail"] else "",
    ]
    added = ", ".join(fact for fact in facts if fact)
    return f"{one['detail']}: {added}" if added else one["detail"]


def _weight(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    rows = tuple(outcomes)
    return min(_SEVERITY[row.verdict] for row in rows), -len(frozenset().union(*(row.tests for row in rows)))


def _place(one: BreakDocument) -> tuple[str, int, int, str]:
    return one["path"], one["line"], one["column"], one["target"]
