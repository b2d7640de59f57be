"""The tests grouped by what is gone: from the report's flat lists to a tree that every format walks.

    Group               a change, and all that it breaks
    └── Outcome         a verdict and the exception that pytest will show
        └── Site        a line that breaks, with the tests of that file and those that reach it from other files

Everything is sorted: worst verdict, most tests, name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.render.suggestions import rewritten
from impact.render.words import FATES, LABELS, SEVERITY, VERBS, dotted, place
from impact.report import Certainty, ChangeKind, Verdict

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

_ID = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Advice:
    """The edit that mends a break; `verb` says how sure we are."""

    verb: str
    replacement: str

    @property
    def sure(self) -> bool:
        """Whether nothing else can be meant."""
        return self.verb == VERBS[Certainty.CERTAIN]


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
        return LABELS[self.verdict]


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

    @property
    def advised(self) -> str:
        """Whether lines are mended by an edit of their own: `sure` where one of them is certain, `unsure` where none is; empty where there is none."""
        sure = {site.remedy.sure for outcome in self.outcomes for site in outcome.sites if site.remedy}
        return "sure" if True in sure else "unsure" if sure else ""


def find_groups(document: ReportDocument) -> tuple[Group, ...]:
    """Return what is gone and breaks a test, worst first."""
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
        name, fate, new = dotted(change["old"]), FATES[ChangeKind(change["kind"])], change["new"] and dotted(change["new"])
        if change["old"] == change["path"]:
            name, fate = change["old"], fate.removeprefix("module ")  # a file of settings, no module
    remedies = {_remedy(breaks[one]["remedy"]) if one in breaks else None for sites in outcomes.values() for one in sites}
    shared = next(iter(remedies)) if len(remedies) == 1 else None
    rows = [Outcome(verdict, exception, _sites(sites, breaks, with_remedy=shared is None)) for (verdict, exception), sites in outcomes.items()]
    return Group(
        name=name,
        fate=fate,
        new=new,
        evidence=_reasons(change["evidence"]) if change else (),
        last_seen=next((_evidence(one) for one in change["evidence"] if one["kind"] == "last-seen"), "") if change else "",
        meetings=tuple(dict.fromkeys(meeting for sites in outcomes.values() for one in sites for meeting in meetings.get(one, ()))),
        remedy=shared,
        outcomes=tuple(sorted(rows, key=lambda row: (SEVERITY[row.verdict], -len(row.tests), row.exception))),
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
        node_ids=_nodes_at(one, own),
        through=tuple(sorted((_reach(test, path) for test in tests if test["path"] != path), key=lambda reach: (len(reach.via), reach.path, reach.via))),
    )


def _nodes_at(one: BreakDocument | None, own: list[TestDocument]) -> tuple[str, ...]:
    """Return the tests of a file that a line breaks: the one that it stands in, or those that heirs of its class have from it; all that break there where
    it stands in none.
    """
    nodes = sorted({_node(test["path"], node) for test in own for node in test["node_ids"]})
    function = (one.get("function") if one is not None else None) or ""
    owner, _, name = function.rpartition("::")
    exact = [node for node in nodes if node.partition("[")[0] == function]
    inherited = [node for node in nodes if owner and node.partition("[")[0].rpartition("::")[2] == name]
    return tuple(exact or inherited or nodes)


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
    return Advice(VERBS[Certainty(remedy["certainty"])], dotted(remedy["replacement"]))


def _reasons(evidence: Sequence[EvidenceDocument]) -> tuple[str, ...]:
    """Return why a thing is gone and where it went; that something else has its name says least, and comes last."""
    told = [one for one in evidence if one["kind"] != "last-seen"]
    return tuple(_evidence(one) for one in sorted(told, key=lambda one: one["kind"] == "defined-elsewhere"))


def _evidence(one: EvidenceDocument) -> str:
    old, new, similarity = one.get("path"), one.get("new_path"), one.get("similarity")
    facts = [
        " -> ".join(path for path in (old, new) if path and path not in one["detail"]),
        f"{similarity} % similar" if similarity and f"{similarity}" not in one["detail"] else "",
    ]
    added = ", ".join(fact for fact in facts if fact)
    return f"{one['detail']}: {added}" if added else one["detail"]


def _weight(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    rows = tuple(outcomes)
    return min(SEVERITY[row.verdict] for row in rows), -len(frozenset().union(*(row.tests for row in rows)))


def _encounter(one: MeetingDocument) -> str:
    reference, change = one["reference"], one["change"]
    return f"{_party(reference)} names it, {_party(change)} took it away"


def _party(one: PartyDocument) -> str:
    where = [place(one["path"], one["line"])] if one["path"] else []
    who = [f"{one['commit'][:10]} {one['subject'] or ''}".strip()] if one["commit"] else []
    facts = ", ".join([*who, *where])
    name = one["revision"][:10] if _ID.fullmatch(one["revision"]) else one["revision"]
    return f"{name} ({facts})" if facts else name
