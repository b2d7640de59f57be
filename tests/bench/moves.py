"""How right `impact` is about where a thing went, on a real history: `python -m bench.moves REPOSITORY [--commits N]`.

For every commit that takes something away, the changes to its test files are left out, as if the author had forgotten them; what those changes
turned each import into is the truth. A prediction is right when it names that, or the same object by another name.

With `--renames` the truth is what those changes wrote, in lines that are the same otherwise, instead of a function, class or member that the commit
took out of its module or class.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from impact.analysis import Investigation, investigate
from impact.breaks.preparation import deep_stack
from impact.cache import open_cache
from impact.execution.values import ClassValue, Data, FunctionValue, ModuleValue, Value
from impact.git import open_repository
from impact.git.repository import Repository
from impact.moves.places import Place, settled
from impact.moves.successions import Written, find_substitutes
from impact.names import RepoPath
from impact.programs.definitions import find_definitions
from impact.programs.parsing import read_tree
from impact.progress import silent
from impact.report import Certainty
from impact.revisions.ranges import Range
from impact.settings import Settings
from impact.snapshots import Comparison


@dataclass(frozen=True, slots=True)
class Move:
    """What a commit made of one import of a test file, and what was predicted; `certainty` None: nothing was."""

    commit: str
    path: str
    old: str
    new: str
    predicted: str | None
    certainty: Certainty | None
    reason: str | None
    right: bool


def find_moves(repository: Repository, commit: str) -> Iterator[Move]:
    """Yield the imports that a commit rewrote in its test files, each with what impact says without seeing that."""
    comparison = repository.resolve(Range(f"{commit}^", commit))
    base, head = comparison.base.files, comparison.head.files
    tests = [path for path in head if path.endswith(".py") and is_test(path) and path in base and base[path] != head[path]]
    truth = [(path, old, new) for path in sorted(tests) for old, new in _rewritten(repository.read(base[path]), repository.read(head[path]))]
    if not truth:
        return
    files = {path: base[path] if path in base and path.endswith(".py") and is_test(path) else blob for path, blob in head.items()}
    forgotten = Comparison(comparison.base, replace(comparison.head, files=files))
    with open_cache(enabled=False) as cache, deep_stack():
        found = investigate(repository, forgotten, Settings(), cache, silent)
        for path, (module, name), (new_module, new_name) in truth:
            places = found.relocations.find(module, name, path)
            if places is None or found.inquiry.head.modules.top(module.partition(".")[0], path) is None:
                continue  # it is there still, and the author liked another place better; or never was the project's
            place = settled(places)
            written = found.relocations.name_for(place, module, path) if place is not None else None
            new = f"{new_module}:{new_name}" if new_name else new_module
            right = written is not None and (written.replace(":", ".") == new.replace(":", ".") or _same(found, path, written, new))
            old = f"{module}:{name}" if name else module
            yield Move(commit[:10], path, old, new, written, *_told(place), right)


def find_renames(repository: Repository, commit: str) -> Iterator[Move]:
    """Yield the names that a commit's tests write instead of one that is gone from where it was defined, each with what impact says."""
    comparison = repository.resolve(Range(f"{commit}^", commit))
    base, head = comparison.base.files, comparison.head.files
    changed = [path for path in sorted(head) if path.endswith(".py") and path in base and base[path] != head[path]]
    tests = [(repository.read(base[path]) or b"", repository.read(head[path]) or b"") for path in changed if is_test(path)]
    if not tests or len(tests) == len(changed):
        return
    questions: list[tuple[RepoPath, str, str]] = []
    for path in changed:
        before, after = (find_definitions(repository.read(files[path]) or b"") if not is_test(path) else {} for files in (base, head))
        for name in before.keys() - after.keys():
            owner, _, word = name.rpartition(".")
            fresh = [one.rpartition(".")[2] for one in after.keys() - before.keys() if one.rpartition(".")[0] == owner]
            lines = Counter[str]()
            for old, new in tests:
                lines.update(find_substitutes(old, new, word, fresh))
            best = Written(lines)
            clear = [one for one in lines if best.is_clear(one)]
            if len(clear) == 1 and not (owner and owner not in after):
                questions.append((path, name, f"{owner}.{clear[0]}" if owner else clear[0]))
    if not questions:
        return
    files = {path: base[path] if path in base and path.endswith(".py") and is_test(path) else blob for path, blob in head.items()}
    forgotten = Comparison(comparison.base, replace(comparison.head, files=files))
    with open_cache(enabled=False) as cache, deep_stack():
        found = investigate(repository, forgotten, Settings(), cache, silent)
        for path, name, truth in sorted(questions):
            place = settled(found.relocations.symbol(path, name))
            predicted = place.name.partition(":")[2] if place is not None else None
            yield Move(commit[:10], path, name, truth, predicted, *_told(place), predicted == truth)


def _told(place: Place | None) -> tuple[Certainty | None, str | None]:
    """Return how sure a place is, and by which kind of evidence."""
    return (place.certainty, place.reasons[0].kind) if place is not None else (None, None)


def is_test(path: str) -> bool:
    """Tell whether a path is a test, or what tests lean on, by the names of the trade."""
    parts = path.split("/")
    return parts[-1].startswith("test_") or parts[-1] in ("conftest.py", "tests.py") or any(part in ("tests", "test", "testing") for part in parts[:-1])


def _rewritten(old: bytes | None, new: bytes | None) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield the imports of a file that became another one for the same local name, in every place where that name is bound."""
    before, after = _imports(old), _imports(new)
    for bound in sorted(before.keys() & after.keys()):
        gone, come = before[bound] - after[bound], after[bound] - before[bound]
        if len(gone) == 1 and len(come) == 1:
            yield next(iter(gone)), next(iter(come))


def _imports(source: bytes | None) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    tree = read_tree(source or b"")
    for node in ast.walk(tree) if isinstance(tree, ast.Module) else ():
        if isinstance(node, ast.Import):
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, set()).add((alias.name, ""))
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            for alias in node.names:
                if alias.name != "*":
                    found.setdefault(alias.asname or alias.name, set()).add((node.module, alias.name))
    return found


def _same(found: Investigation, path: RepoPath, one: str, other: str) -> bool:
    """Tell whether two names stand for one object at head."""
    first, second = _value(found, path, one), _value(found, path, other)
    return first is not None and second is not None and _place(first) == _place(second)


def _place(value: Value) -> object:
    if isinstance(value, ModuleValue):
        return value.path
    return (value.path, value.name) if isinstance(value, ClassValue | FunctionValue | Data) else value


def _value(found: Investigation, path: RepoPath, name: str) -> Value | None:
    module, _, symbol = name.partition(":")
    after = found.inquiry.after
    location = found.inquiry.head.modules.find(module, path)
    if location is None:
        return None
    value: Value | None = after.provide(location, module)
    if symbol and value is not None:
        held = after.import_file(value.path, module)  # type: ignore[union-attr]  # `provide` returns modules
        value = after.attribute(held, symbol)
    return after.force(value) if value is not None else None


def main() -> None:
    """Print the figures for one history."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=200, help="at most so many, newest first")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many of the newest first")
    parser.add_argument("--moves", type=Path, help="write every move there, a line of JSON each")
    parser.add_argument("--renames", action="store_true", help="ask for names that went out of a module or class, not for imports")
    options = parser.parse_args()
    find = find_renames if options.renames else find_moves
    # Commits that take lines with an import away from a test: the others hold no truth.
    listed = subprocess.run(
        [
            "git",
            "-C",
            str(options.repository),
            "log",
            "--first-parent",
            "--diff-merges=first-parent",
            "--no-patch",
            "--format=%H",
            *([] if options.renames else ["-G", r"^\s*(from|import) "]),
            "--",
            "*test*.py",
            "*tests/*.py",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    repository = open_repository(options.repository)
    counts: Counter[str] = Counter()
    written = options.moves.open("w") if options.moves else None
    for commit in listed[options.skip : options.skip + options.commits]:
        try:
            moves = list(find(repository, commit))
        except Exception as error:  # noqa: BLE001  # a figure over hundreds of commits names those it leaves out
            print(f"{commit[:10]}: {type(error).__name__}: {error}", file=sys.stderr)
            counts["failed"] += 1
            continue
        for move in moves:
            counts["all"] += 1
            counts[f"{move.certainty or 'none'} {'right' if move.right else 'wrong'}"] += 1
            if options.renames and move.reason is not None:
                counts[f"{move.reason}, {move.certainty} {'right' if move.right else 'wrong'}"] += 1
            if written is not None:
                written.write(json.dumps(asdict(move)) + "\n")
                written.flush()
    print(options.repository.parent.name, dict(sorted(counts.items())))


if __name__ == "__main__":
    main()
