"""How right `impact` is about what breaks, on a real history: `python -m bench.truth REPOSITORY --python VENV/bin/python [--commits N]`.

For every commit that takes something away and had to change its tests for it, the changes to the test files are left out, as if the author had forgotten
them; pytest is run on both ends, and held against what is predicted. `--whole` takes every commit as it is instead: what is predicted there is a
false alarm, unless pytest says so too. `--mend` goes on, and asks about what `impact fix --certainty likely --restore` makes of it
as well. The interpreter has to have what the project needs, and not the project itself: that comes out of the tree.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.moves import is_test
from break_model.rows import function_of, said
from impact.analysis import analyze
from impact.cache import open_cache
from impact.git import open_repository
from impact.git.repository import Repository
from impact.mending import mend
from impact.names import RepoPath
from impact.progress import silent
from impact.report import Certainty, Report, Verdict
from impact.revisions.ranges import Range
from impact.rewriting import rewrite
from impact.settings import Settings
from impact.snapshots import Comparison
from support.repositories import git_environment
from support.truth import Outcome, Python, Truth, ask

# What binds names: definitions, with the parameters on their line, imports, assignments at the top level.
_DEFINING = re.compile(r"\s*(?:async def|def|class)\s|(?:from|import)\s|\w+\s*[:=]")
# What a test says that misses something by its name, where the commit took a line with that name away; or whose call does not fit any more, where
# it touched the callee. Any other failure is of what the code does, which nobody predicts.
_MISSING = re.compile(r"(?:ModuleNotFoundError|ImportError|AttributeError|NameError|UnboundLocalError|fixture '|.*does not have the attribute)")
_UNFIT = re.compile(
    r"TypeError: [\w.<>]+\(\) .*(?:unexpected keyword argument|required (?:positional|keyword-only) argument|positional arguments? but|takes no arguments)"
)
_BUILTIN = re.compile(r"AttributeError: '(?:str|bytes|int|float|bool|list|tuple|dict|set|NoneType|function|method|generator)' object has no attribute")
_QUOTED = re.compile(r"'(?:[\w.]*\.)?(\w+)'")
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass
class Case:
    """What was predicted of one commit, and what came. Files by path, test functions by node id without parameters; values are exception lines."""

    commit: str
    subject: str
    passed: int = 0
    """How many test functions passed before: what the rest is worth."""
    collected: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Test files with a collection error: what was predicted, what came."""
    ran: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Test functions that fail for what they miss: the same."""
    risky: list[str] = field(default_factory=list)
    """The files that are at risk."""
    other: dict[str, str] = field(default_factory=dict)
    """Test functions that fail for what the code does."""
    mended: dict[str, str | None] = field(default_factory=dict)
    """What was broken as predicted, files and functions: what it says after that, None where it is well."""

    def count(self) -> Counter[str]:
        """Return how many were right, missed and false, and how many of the right ones have the very line."""
        counts: Counter[str] = Counter({"commits": 1, "functions passed": self.passed})
        for kind, pairs in (("files", self.collected), ("functions", self.ran)):
            for predicted, came in pairs.values():
                if came is None or predicted is None:
                    counts[f"{kind} false" if came is None else f"{kind} missed"] += 1
                else:
                    counts[f"{kind} right"] += 1
                    counts[f"{kind} exact"] += said(predicted) == said(came)
        for name, line in self.mended.items():
            counts[f"{'functions' if '::' in name else 'files'} {'mended' if line is None else 'not mended'}"] += 1
        if self.mended:
            counts["commits mended" if not any(self.mended.values()) else "commits not mended"] += 1
        return counts


def find_cases(place: Path, python: Python, commits: list[str], *, whole: bool, mending: bool = False) -> Iterator[Case | str]:
    """Yield what was predicted and what came, for each of the commits; a line where pytest could not be asked."""
    repository = open_repository(place)
    for commit in commits:
        try:
            case = _case(repository, place, python, commit, whole=whole, mending=mending)
        except (AssertionError, subprocess.SubprocessError, OSError) as error:
            yield f"{commit[:10]}: {type(error).__name__}: {str(error)[-400:]}"
            continue
        if case is not None:
            yield case


def _case(repository: Repository, place: Path, python: Python, commit: str, *, whole: bool, mending: bool) -> Case | None:
    comparison = repository.resolve(Range(f"{commit}^", commit))
    kept = [] if whole else _tests_changed(comparison)
    comparison = _forgotten(comparison, kept)
    with open_cache(enabled=False) as cache:
        report = analyze(repository, comparison, Settings(), cache, silent)
    if whole and not any(test.verdict in (Verdict.COLLECTION_ERROR, Verdict.RUNTIME_ERROR) for test in report.tests):
        return Case(commit[:10], _git(place, "log", "-1", "--format=%s", commit))
    touched = _words(_git(place, "diff-tree", "-p", "-U0", "--no-renames", f"{commit}^", commit, "--", "*.py", *(f":(exclude,literal){path}" for path in kept)))
    with TemporaryDirectory(prefix="truth-tree-") as directory:
        trees = _export(place, f"{commit}^", Path(directory, "before")), _export(place, commit, Path(directory, "after"), (f"{commit}^", kept))
        suspects = {*kept, *(test.path for test in report.tests)}
        before, after = (_ask(tree, python, suspects) for tree in trees)
        case = _hold(Case(commit[:10], _git(place, "log", "-1", "--format=%s", commit)), report, before, after, touched)
        if mending and (broken := [name for pairs in (case.collected, case.ran) for name, (predicted, came) in pairs.items() if predicted and came]):
            with open_cache(enabled=False) as cache:
                found = mend(repository, comparison, Settings(), cache, silent, rewrite=rewrite, enough=Certainty.LIKELY, restore=True)
            for path, (_, content) in found.files.items():
                (trees[1] / path).parent.mkdir(parents=True, exist_ok=True)
                (trees[1] / path).write_bytes(content)
            again = _ask(trees[1], python, suspects)
            case.mended = {name: _said_of(name, again) for name in broken}
    return case


def _said_of(name: str, truth: Truth) -> str | None:
    """Return what a test file, or a function of one, fails with; None where it does not."""
    outcome = truth.files.get(name.partition("::")[0], Outcome(collection_error="not collected"))
    if "::" not in name or outcome.collection_error is not None:
        return outcome.collection_error
    return next((line for node, line in sorted(outcome.failed.items()) if function_of(node) == name), None)


def _ask(tree: Path, python: Python, suspects: set[str]) -> Truth:
    """Collect everything, and run the suspects: what the author changed, and what is predicted. Where a helper is among them, any test may be one."""
    collected = ask(tree, "--collect-only", python=python)
    named = {path for path in suspects if (tree / path).exists()}
    files = sorted(path for path in (named if named <= collected.files.keys() else collected.files) if collected.files[path].collection_error is None)
    return Truth({**collected.files, **ask(tree, *files, python=python).files}) if files else collected


def _hold(case: Case, report: Report, before: Truth, after: Truth, touched: tuple[frozenset[str], frozenset[str]]) -> Case:
    """Put prediction and fact beside each other."""
    early = {test.path: test.exception or "" for test in report.tests if test.verdict is Verdict.COLLECTION_ERROR}
    late = {node: test.exception or "" for test in report.tests if test.verdict is Verdict.RUNTIME_ERROR for node in map(function_of, test.node_ids)}
    several = {test.path for test in report.tests if test.verdict is Verdict.RUNTIME_ERROR and len(test.node_ids) > 1}
    case.risky = sorted({test.path for test in report.tests if test.verdict is Verdict.AT_RISK})
    for path in sorted(before.files.keys() | after.files.keys()):
        old, new = before.files.get(path, Outcome()), after.files.get(path, Outcome())
        if old.collection_error is not None:
            continue
        case.passed += len({function_of(node) for node in old.passed})
        came = new.collection_error
        if came is not None or path in early:
            case.collected[path] = (early.get(path), came)
        if came is not None:
            continue
        passed = {function_of(node) for node in old.passed} - {function_of(node) for node in old.failed}
        failed = {function_of(node): line for node, line in sorted(new.failed.items()) if function_of(node) in passed}
        for node in sorted(passed & (failed.keys() | late.keys())):
            line = failed.get(node)
            if line is not None and (node in late or _misses(line, *touched)):
                # Several functions share one entry, which shows one line.
                case.ran[node] = (line if path in several and node in late else late.get(node), line)
            elif line is not None:
                case.other[node] = line
            else:
                case.ran[node] = (late[node], None)
    return case


def _misses(line: str, gone: frozenset[str], come: frozenset[str]) -> bool:
    """Tell whether a test fails for a name that the commit took away, or for a signature that it changed."""
    if _UNFIT.match(line):
        return not (gone | come).isdisjoint(_WORD.findall(line.partition("(")[0]))
    if _MISSING.match(line) and not _BUILTIN.match(line):
        return not gone.isdisjoint(_QUOTED.findall(line))
    return line.startswith(("SyntaxError", "IndentationError"))


def _words(diff: str, lines: re.Pattern[str] = re.compile(".")) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of the lines that a diff takes away and that it writes, as far as `lines` matches them; the name of a file that is deleted is
    among the first.
    """
    gone: set[str] = set()
    come: set[str] = set()
    header = ""
    for line in diff.splitlines():
        if line.startswith("--- "):
            header = line
        elif line == "+++ /dev/null":
            gone.update(_WORD.findall(header.rpartition("/")[2].removesuffix(".py")))
        elif line.startswith("-") and lines.match(line[1:]):
            gone.update(_WORD.findall(line))
        elif line.startswith("+") and not line.startswith("+++") and lines.match(line[1:]):
            come.update(_WORD.findall(line))
    return frozenset(gone), frozenset(come)


def _forgotten(comparison: Comparison, kept: list[RepoPath]) -> Comparison:
    """Return a comparison whose head has some files as base has them."""
    base, head = comparison.base.files, dict(comparison.head.files)
    for path in kept:
        if path in base:
            head[path] = base[path]
        else:
            del head[path]
    return replace(comparison, head=replace(comparison.head, files=head))


def _tests_changed(comparison: Comparison) -> list[RepoPath]:
    base, head = comparison.base.files, comparison.head.files
    return sorted(path for path in base.keys() | head.keys() if path.endswith(".py") and is_test(path) and base.get(path) != head.get(path))


def _export(place: Path, commit: str, directory: Path, kept: tuple[str, Sequence[str]] = ("", ())) -> Path:
    """Write the tree of a commit, with some paths as another commit has them."""
    directory.mkdir()
    index = {"GIT_INDEX_FILE": f"{directory}.index"}
    _git(place, "read-tree", commit, environment=index)
    other, paths = kept
    if paths:
        there = _git(place, "ls-tree", "-r", "-z", "--full-tree", other, "--", *paths)
        gone = "".join(f"0 {'0' * 40}\t{path}\0" for path in paths)
        _git(place, "update-index", "-z", "--index-info", environment=index, stdin=gone + there + "\0" * bool(there))
    _git(place, f"--work-tree={directory}", "checkout-index", "--all", environment=index)
    return directory


def _git(place: Path, *arguments: str, environment: dict[str, str] | None = None, stdin: str = "") -> str:
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(place), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=True,
        env=git_environment() | (environment or {}),
    )
    return done.stdout.rstrip("\n\0")


def find_commits(place: Path, revision: str, count: int, skip: int, *, whole: bool) -> list[str]:
    """Return the newest commits to ask about: all that change Python, or those after which no source has a word that they took out of a test, too."""
    listed = _git(place, "log", "--no-merges", "--format=%H", revision, "--", "*.py").splitlines()
    found = (commit for commit in listed if whole or _forgettable(place, commit))
    return [commit for number, commit in zip(range(skip + count), found, strict=False) if number >= skip]


def _forgettable(place: Path, commit: str) -> bool:
    paths = _git(place, "diff-tree", "-r", "--no-commit-id", "--name-only", "--root", commit, "--", "*.py").splitlines()
    tests = [path for path in paths if is_test(path)]
    if not tests or len(tests) == len(paths):
        return False
    gone, come = _words(_git(place, "diff-tree", "-p", "-U0", "--no-renames", commit, "--", *(path for path in paths if path not in tests)), _DEFINING)
    dropped, written = _words(_git(place, "diff-tree", "-p", "-U0", "--no-renames", commit, "--", *tests))
    return not (dropped - written).isdisjoint(gone - come)


def main() -> None:
    """Print the figures for one history, and every disagreement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="the interpreter that runs pytest")
    parser.add_argument("--root", action="append", default=[], help="what goes on its path, relative to the tree (default: src and the tree itself)")
    parser.add_argument("--revision", default="HEAD")
    parser.add_argument("--commits", type=int, default=50, help="at most so many, newest first")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many of the newest first")
    parser.add_argument("--whole", action="store_true", help="take commits as they are")
    parser.add_argument("--mend", action="store_true", help="mend what breaks, and ask again")
    parser.add_argument("--commit", action="append", default=[], help="ask about this one, instead of looking for some")
    parser.add_argument("--cases", type=Path, help="write every case there, a line of JSON each")
    options = parser.parse_args()
    commits = options.commit or find_commits(options.repository, options.revision, options.commits, options.skip, whole=options.whole)
    python = Python(options.python.absolute(), tuple(options.root or ("src", "")))
    counts: Counter[str] = Counter()
    written = options.cases.open("w") if options.cases else None
    for case in find_cases(options.repository, python, commits, whole=options.whole, mending=options.mend):
        if isinstance(case, str):
            counts["failed"] += 1
            print(case, file=sys.stderr)
            continue
        counts += case.count()
        for name, (predicted, came) in sorted({**case.collected, **case.ran}.items()):
            if predicted is None or came is None or said(predicted) != said(came):
                risk = " (at risk)" if name.partition("::")[0] in case.risky else ""
                print(f"{case.commit} {name}{risk}\n    predicted {predicted}\n    came      {came}", flush=True)
        for name, line in sorted(case.mended.items()):
            if line is not None:
                print(f"{case.commit} {name}\n    not mended {line}", flush=True)
        if written is not None:
            written.write(json.dumps(asdict(case)) + "\n")
            written.flush()
    print(*(f"{name:16}{count:6}" for name, count in sorted(counts.items())), sep=os.linesep)


if __name__ == "__main__":
    main()
