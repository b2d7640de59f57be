"""`make bench`: `impact diff` beside `ruff analyze graph` and `grimp.build_graph` on the same tree, in the same minutes.

Cold knows nothing; warm knows the files and judges the range anew; again knows the range. Every round runs each of them once, in an order that
turns from round to round, so that a busy moment of the machine does not fall on one of them alone; ratios are taken within a round. Whole
processes: what an interpreter needs to start is part of the price.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bench.duels import fight, find_duels
from bench.export import Tree, export
from bench.generate import generate
from bench.measure import Run, forget_reports, run, spread, surroundings
from bench.sample import Judged, find_commits, judge, summary

RUFF, COLD, WARM, AGAIN, GRIMP = "ruff analyze graph", "impact diff, cold", "impact diff, warm", "impact diff, again", "grimp.build_graph"


@dataclass(frozen=True, slots=True)
class Contest:
    """What is compared: a range of a repository, and the tree at its head."""

    repository: Path
    revisions: str
    tree: Tree


@dataclass(slots=True)
class Results:
    """The runs of each contender, one per round; `absent` says why one of them takes no part."""

    runs: dict[str, list[Run]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)


def contest(what: Contest, rounds: int, scratch: Path) -> Results:
    """Run everything `rounds` times, after one round that warms the file cache and is not counted."""
    results = Results()
    environment = surroundings()
    for number in range(rounds + 1):
        cache = scratch / f"cache-{number}"
        cache.mkdir()
        impact = ("impact", "diff", what.revisions, "--output-format", "json")
        own = environment | {"IMPACT_CACHE_DIR": str(cache)}
        # Warm follows cold in every order: it is the same command on the cache that cold has filled.
        heats: list[list[tuple[str, tuple[str, ...], Path, dict[str, str]]]] = [
            [(RUFF, ("ruff", "analyze", "graph", "--isolated", "--quiet", "."), what.tree.path, environment)],
            [(COLD, impact, what.repository, own), (WARM, impact, what.repository, own), (AGAIN, impact, what.repository, own)],
            [(GRIMP, (sys.executable, str(Path(__file__).with_name("graph_with_grimp.py")), "."), what.tree.path, environment)],
        ]
        turn = number % len(heats)
        for name, command, cwd, variables in [entry for heat in heats[turn:] + heats[:turn] for entry in heat]:
            if name in results.absent:
                continue
            if name == WARM:
                forget_reports(cache)
            done = run(command, cwd=cwd, environment=variables)
            fine = done.code == 0 or (name in (COLD, WARM, AGAIN) and done.code == 1)
            if not fine:
                results.absent[name] = f"exit code {done.code}: {(done.said.strip().splitlines() or ['nothing on stderr'])[-1].strip()}"
                results.runs.pop(name, None)
            elif number > 0:
                results.runs.setdefault(name, []).append(done)
    return results


def table(results: Results) -> str:
    """Show the results: seconds, ratios to ruff within each round, peak memory; each a median with its range."""
    lines = [f"{'':20}{'seconds':>26}{'x ruff':>26}{'peak MB':>10}"]
    for name in (RUFF, COLD, WARM, AGAIN, GRIMP):
        runs = results.runs.get(name)
        if runs is None:
            lines.append(f"{name:20}   n/a: {results.absent[name]}")
            continue
        seconds = spread([one.seconds for one in runs])
        ruff = results.runs.get(RUFF)
        ratio = str(spread([one.seconds / other.seconds for one, other in zip(runs, ruff, strict=True)])) if ruff else "n/a"
        lines.append(f"{name:20}{seconds!s:>26}{ratio:>26}{max(one.megabytes for one in runs):10.0f}")
    return "\n".join(lines)


def main() -> int:
    """Parse, build or take the repository, run, print. Fails when impact could not run."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--repository", type=Path, help="a repository on disk (default: a generated one)")
    parser.add_argument("--range", default=None, help="the range to analyse (default: HEAD~1..HEAD, base..head of the generated one)")
    parser.add_argument("--sides", default=None, help="two branches that diverged, A..B, for what a merge costs (default: those of the generated one)")
    parser.add_argument("--duels", action="store_true", help="only a push and a merge beside a diff")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--modules", type=int, default=10_000, help="the size of the generated repository")
    parser.add_argument("--sample", type=int, default=0, help="judge so many of the commits before the range's head as well")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="impact-bench-") as directory:
        scratch = Path(directory)
        if given.repository is None:
            repository, revisions = generate(scratch / "repository", modules=given.modules).path, given.range or "base..head"
        else:
            repository, revisions = given.repository.resolve(), given.range or "HEAD~1..HEAD"
        head = revisions.rpartition("..")[2] or "HEAD"
        tree = export(repository, head, scratch / "tree")
        versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("git-impact", "ruff", "grimp"))
        print(f"{repository.name if given.repository else 'generated'} {revisions}: {tree.files:,} Python files, {tree.size / 1e6:.1f} MB", end="")
        print(f", {tree.missing} blobs missing" if tree.missing else "")
        print(f"{versions}; Python {platform.python_version()}, {os.cpu_count()} cores, {given.rounds} rounds\n", flush=True)
        results = Results()
        if not given.duels:
            results = contest(Contest(repository, revisions, tree), given.rounds, scratch)
            print(table(results))
        print(f"\n{'':26}{'seconds':>26}{'ratio within a round':>26}")
        sides = given.sides or ("other..head" if given.repository is None else None)
        for number, duel in enumerate(find_duels(repository, revisions, sides)):
            print(fight(duel, repository, given.rounds, scratch / f"duel-{number}"), flush=True)
        if given.sample:
            print(f"\n{'commit':12}{'':19}{'x ruff, cold':>10}{'warm':>8}")
            judged: list[Judged] = []
            for one in judge(repository, tree.path, find_commits(repository, head, given.sample), scratch / "sample"):
                print(one, flush=True)
                judged += [one] if isinstance(one, Judged) else []
            print(summary(judged) if judged else "")
    return 1 if {COLD, WARM, AGAIN} & results.absent.keys() else 0


if __name__ == "__main__":
    sys.exit(main())
