"""What a hook is asked to judge: the lines that Git gives a pre-push hook, as ranges; and the script that brings them here. Pure text."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from impact.errors import UsageError
from impact.revisions.ranges import INDEX, WORKTREE, Range

HOOKS = ("pre-push", "pre-commit")

# A push of more is a mirror or a mass rename: judging each would hold it up for minutes.
MAX_RANGES = 8

MARK = "# A hook of impact, version 1."
"""By this line a script is known as one that `impact hook install` wrote."""

BEFORE = ".before-impact"
"""What is added to the name of the directory of the hooks: there is kept, under its own name, a hook that was there first."""

MADE = "# Its directory was made for it."
"""By this line a script is known to lie where there was no directory before."""

_ZERO = re.compile(r"0+")
_LINE = re.compile(r"(\S+) ([0-9a-f]{40,64}) (\S+) ([0-9a-f]{40,64})")


@dataclass(frozen=True, slots=True)
class PushedRef:
    """One line of a pre-push hook's input (githooks(5)): what goes where. An id of zeros: not there (`None` here)."""

    local_ref: str
    local_id: str | None
    remote_ref: str
    remote_id: str | None

    @property
    def name(self) -> str:
        """The remote's ref as a person calls it."""
        return re.sub(r"^refs/(heads|tags)/", "", self.remote_ref)

    @property
    def is_tag(self) -> bool:
        """Whether a tag is pushed."""
        return self.remote_ref.startswith("refs/tags/")


@dataclass(frozen=True, slots=True)
class Judged:
    """A range to judge, for whom, and why it is this one. `merge`: diverged ends are judged as their merge."""

    name: str
    request: Range
    why: str
    merge: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What to judge, and a line for each thing that is not, and why."""

    judged: tuple[Judged, ...] = ()
    passed_over: tuple[str, ...] = ()


class Remote(Protocol):
    """What a plan needs to know of the repository that is pushed from, and of the remote as it was last seen."""

    def commit_of(self, name: str) -> str | None:
        """Return the id of the commit that a revision or an object id names; None when it is not here or is no commit."""

    def contains(self, commit: str, ancestor: str) -> bool:
        """Tell whether a commit is another one or descends from it."""

    def default_branch(self, remote: str) -> str | None:
        """Return the remote-tracking branch that work on a remote starts from; None when none is known."""


def parse_push(text: str) -> tuple[PushedRef, ...]:
    """Read what Git writes to a pre-push hook. Raises UsageError for a line that Git would not write."""
    found: list[PushedRef] = []
    for line in filter(None, text.splitlines()):
        match = _LINE.fullmatch(line)
        if match is None:
            raise UsageError(f"no line of a pre-push hook: {line[:80]!r}", hint="Git writes: LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID")
        local_ref, local_id, remote_ref, remote_id = match.groups()
        found.append(PushedRef(local_ref, _id(local_id), remote_ref, _id(remote_id)))
    return tuple(found)


def plan_push(refs: Iterable[PushedRef], remote_name: str, remote: Remote) -> Plan:
    """Return what a push asks to be judged.

    A branch that goes on: what the push adds. A new or a rewritten branch: would the remote's default branch still work with it merged?
    The default branch rewritten: the old and the new state. A tag: as a new branch, unless the remote has its commit already. The id that is
    pushed is judged, never HEAD or a branch by its name. Deletions, and more than MAX_RANGES ranges, are passed over.
    """
    judged: list[Judged] = []
    passed_over: list[str] = []
    for ref in refs:
        found = _judge(ref, remote_name, remote)
        if isinstance(found, str):
            passed_over.append(f"{ref.name}: not judged: {found}")
        elif found.request not in {one.request for one in judged}:
            judged.append(found)
    if len(judged) > MAX_RANGES:
        names = [one.name for one in judged[MAX_RANGES:]]
        left = ", ".join(names[:MAX_RANGES]) + (", …" if len(names) > MAX_RANGES else "")
        passed_over.append(f"not judged: {len(names)} more, since {MAX_RANGES} is all that one push gets ({left})")
    return Plan(tuple(judged[:MAX_RANGES]), tuple(passed_over))


def _judge(ref: PushedRef, remote_name: str, remote: Remote) -> Judged | str:
    if ref.local_id is None:
        return "it is deleted"
    pushed = remote.commit_of(ref.local_id)
    if pushed is None:
        return "it is no commit"
    default = remote.default_branch(remote_name)
    known = remote.commit_of(ref.remote_id) if ref.remote_id is not None else None
    if known is not None and not ref.is_tag:
        if remote.contains(known, pushed) and known != pushed:
            return "it goes back to an older commit"
        if remote.contains(pushed, known):
            return Judged(ref.name, Range(known, pushed), "what the push adds")
        if default is not None and default.endswith(f"/{ref.name}"):
            return Judged(ref.name, Range(known, pushed), "rewritten: the old against the new", merge=False)
    if default is None:
        return f"no default branch of {remote_name} is known to compare with (`git fetch {remote_name}`, `git remote set-head {remote_name} --auto`)"
    start = remote.commit_of(default)
    if start is not None and remote.contains(start, pushed):
        return f"{default} has it already"
    state = "a tag" if ref.is_tag else "new" if ref.remote_id is None else "rewritten"
    return Judged(ref.name, Range(default, pushed), f"{state}: as merged into {default}")


def plan_framework(environment: Mapping[str, str], hook: str, remote: Remote) -> Plan | None:
    """Return what the pre-commit framework asks to be judged (pre-commit.com, "Git hooks"); None when it does not run us.

    It has read Git's lines itself, and says in PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF what it made of them; with PRE_COMMIT_REMOTE_BRANCH
    it is a push. Without a pair, as in `pre-commit run --hook-stage manual`: what the working tree adds to the default branch.
    """
    if environment.get("PRE_COMMIT") != "1":
        return None
    old, new = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    if not old or not new:
        return plan_commit() if hook == "pre-commit" else Plan((Judged(WORKTREE, Range(None, WORKTREE), "what the working tree adds"),))
    branch, name = environment.get("PRE_COMMIT_REMOTE_BRANCH"), environment.get("PRE_COMMIT_REMOTE_NAME") or "origin"
    ids = remote.commit_of(old), remote.commit_of(new)
    if branch and None not in ids:
        return plan_push([PushedRef(environment.get("PRE_COMMIT_LOCAL_BRANCH") or new, ids[1], branch, ids[0])], name, remote)
    return Plan((Judged(new, Range(old, new), "PRE_COMMIT_FROM_REF..PRE_COMMIT_TO_REF"),))


def plan_commit() -> Plan:
    """Return what a commit asks to be judged: what is staged."""
    return Plan((Judged("the commit", Range("HEAD", INDEX), "what is staged"),))


def script(hook: str, python: str, *, strict: bool) -> str:
    """Return the hook script. What was there first runs first, with the same arguments and input, and what it refuses stays refused.

    A pre-commit hook has no input, so that one does not wait for any. `-P` keeps a module of the repository from being taken for ours.
    """
    first = '"$first"'
    run = f'"$python" -P -m impact hook run{" --strict" if strict else ""} {hook} "$@"'
    feed = "" if hook == "pre-commit" else 'printf %s "$input" | '
    lines = [
        "#!/bin/sh",
        MARK,
        "# `impact hook install` wrote it; `impact hook uninstall` puts back what was here before.",
        *([] if hook == "pre-commit" else ["input=$(cat; echo .)", "input=${input%.}"]),
        f'first=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P){BEFORE}/{hook}',
        f"if [ -x {first} ]; then",
        f'    {feed}{first} "$@" || exit $?',
        "fi",
        f"python={shlex.quote(python)}",
        'if [ ! -x "$python" ]; then',
        '    echo "impact: NOT JUDGED: $python is gone; \\`impact hook install\\` writes this hook anew" >&2',
        f"    exit {2 if strict else 0}",
        "fi",
        f"{feed}{run}",
    ]
    return "\n".join(lines) + "\n"


def _id(text: str) -> str | None:
    return None if _ZERO.fullmatch(text) else text
