"""What the gate at a push and the judging of a merge cost, beside the plain command: two at a time, warm, judged anew, in turns."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Run, Spread, forget_reports, run, spread, surroundings
from support.repositories import git_environment

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Duel:
    """Two commands and what their ratio may be."""

    name: str
    command: tuple[str, ...]
    against: str
    other: tuple[str, ...]
    bound: float
    stdin: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The seconds of both, and their ratio within each round."""

    duel: Duel
    one: Spread
    other: Spread
    ratio: Spread

    def __str__(self) -> str:
        verdict = "" if self.ratio.median <= self.duel.bound else f"  MORE THAN {self.duel.bound}"
        return f"{self.duel.name:26}{self.one!s:>26}{self.ratio!s:>26} x {self.duel.against}{verdict}"


def find_duels(repository: Path, revisions: str, sides: str | None) -> Iterator[Duel]:
    """Yield the duels that a range allows: a push of its head onto its base; the merge of `sides`, where there are two that diverged."""
    base, dots, head = revisions.partition("..")
    ids = [_commit(repository, name) for name in (base, head.removeprefix("."))] if dots else [None]
    if None not in ids:
        line = f"refs/heads/pushed {ids[1]} refs/heads/pushed {ids[0]}\n"
        plain = ("impact", "diff", f"{ids[0]}..{ids[1]}")
        yield Duel("pre-push, warm", ("impact", "hook", "run", "pre-push", "origin"), "impact diff, warm", plain, 1.1, line)
    if sides is not None:
        yield Duel("judging a merge, warm", ("impact", "diff", sides), "its two ends", ("impact", "diff", sides, "--no-merge"), 1.2)


def fight(duel: Duel, repository: Path, rounds: int, scratch: Path) -> Outcome | str:
    """Run both `rounds` times, the one in front and the other in turns, after a round that fills the cache; return why where one cannot run."""
    environment = surroundings() | {"IMPACT_CACHE_DIR": str(scratch)}
    pairs: list[tuple[Run, Run]] = []
    for number in range(rounds + 1):
        sequence = ((duel.command, duel.stdin), (duel.other, ""))[:: 1 if number % 2 else -1]
        done: dict[tuple[str, ...], Run] = {}
        for command, stdin in sequence:
            forget_reports(scratch)
            done[command] = run(command, cwd=repository, environment=environment, stdin=stdin)
        failed = next((one for one in done.values() if one.code not in (0, 1)), None)
        if failed is not None:
            return f"{duel.name:26}   n/a: exit code {failed.code}: {(failed.said.strip().splitlines() or ['nothing on stderr'])[-1].strip()}"
        if number > 0:
            pairs.append((done[duel.command], done[duel.other]))
    ratio = spread([one.seconds / other.seconds for one, other in pairs])
    return Outcome(duel, spread([one.seconds for one, _ in pairs]), spread([other.seconds for _, other in pairs]), ratio)


def _commit(repository: Path, name: str) -> str | None:
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(repository), "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"],
        capture_output=True, check=False, env=git_environment(),
    )  # fmt: skip
    return done.stdout.decode().strip() or None
