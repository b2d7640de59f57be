"""How ordinary commits fare: some of a repository's last ones, evenly spread, each judged cold and warm beside `ruff analyze graph` on the tree at head."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Run, forget_reports, run, spread, surroundings
from support.repositories import git_environment

# How far back a sample goes, and what `make bench` holds a commit against: times ruff.
_COMMITS = 4000
COLD_LIMIT, WARM_LIMIT = 2.0, 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """A commit, how many Python files it changes, and what it took; `cold` and `warm` in times ruff."""

    commit: str
    files: int
    cold: float
    warm: float

    def __str__(self) -> str:
        return f"{self.commit[:10]:12}{self.files:6} files changed{self.cold:10.2f}{self.warm:10.2f}"


def find_commits(repository: Path, head: str, count: int) -> tuple[str, ...]:
    """Return commits with one parent that change Python files, evenly spread over the last ones, newest first."""
    found = _git(repository, "rev-list", "--no-merges", "--min-parents=1", f"--max-count={_COMMITS}", head, "--", "*.py").split()
    step = max(1, len(found) // count)
    return tuple(found[::step][:count])


def judge(repository: Path, tree: Path, commits: Sequence[str], scratch: Path) -> Iterator[Judged | str]:
    """Yield what each commit took; why, for one that could not be judged."""
    for number, commit in enumerate(commits):
        environment = surroundings() | {"IMPACT_CACHE_DIR": str(scratch / str(number))}
        command = ("impact", "diff", f"{commit}~1..{commit}", "--output-format", "json")
        runs: list[Run] = []
        ruff = run(("ruff", "analyze", "graph", "--isolated", "--quiet", "."), cwd=tree, environment=environment)
        for _ in range(2):
            (scratch / str(number)).mkdir(parents=True, exist_ok=True)
            forget_reports(scratch / str(number))
            runs.append(run(command, cwd=repository, environment=environment))
        if any(one.code not in (0, 1) for one in runs):
            yield f"{commit[:10]:12}   n/a: exit code {runs[0].code}: {(runs[0].said.strip().splitlines() or ['nothing on stderr'])[-1].strip()}"
            continue
        files = len(_git(repository, "diff-tree", "--no-commit-id", "-r", "--name-only", commit, "--", "*.py").splitlines())
        yield Judged(commit, files, *(one.seconds / ruff.seconds for one in runs))


def summary(judged: Sequence[Judged]) -> str:
    """Return medians, ranges, and how many keep within the limits."""
    lines = []
    for name, limit in (("cold", COLD_LIMIT), ("warm", WARM_LIMIT)):
        ratios = [getattr(one, name) for one in judged]
        lines.append(f"{name}: {spread(ratios)} x ruff, {sum(one <= limit for one in ratios)} of {len(ratios)} within {limit}")
    return "\n".join(lines)


def _git(repository: Path, *arguments: str) -> str:
    command = ("git", "-c", "safe.directory=*", "-C", str(repository), *arguments)
    return subprocess.run(command, capture_output=True, check=True, text=True, env=git_environment()).stdout
