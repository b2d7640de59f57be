"""What pytest says: the fact that a prediction is held against.

`ask` runs the real pytest, in a process of its own (see `support.preloaded`), over a tree on disk. What it returns is taken from pytest's hooks by a plugin
(`support.witness`), not scraped from a screen. The analysed code is executed: only tests do this.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WITNESS = Path(__file__).with_name("witness.py")
_PRELOADED = Path(__file__).with_name("preloaded.py")
# pytest's own codes for "all passed", "some failed", "interrupted" (by errors at collection) and "nothing collected".
_UNDERSTOOD = (0, 1, 2, 5)
# "Internal error" and "usage error": a plugin that the settings ask for fails, or is not there. One line on stderr says so.
_NOT_STARTED = (3, 4)
# What the settings may ask for that ends a session at once, not asked for.
_PLAIN = ("-o", "addopts=", "-o", "filterwarnings=")
# Settings that cannot be read.
_UNREAD = re.compile(r"[\w.]+\.(?:toml|ini|cfg):")
_INTERNAL = re.compile(r"^INTERNALERROR> (\w[\w.]*Error: .+)$", re.MULTILINE)
_WARNING_FILTER = re.compile(r"^(\w+Error: .+)$", re.MULTILINE)
_LAST_WORDS = re.compile(r"^(?:E   |ERROR: |\S+: (?=error: ))(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one test file. Paths and node ids are relative to the tree.

    `collection_error` is the exception line with which the file, or a `conftest.py` above it, could not be imported.
    `failed` maps node ids to the exception line of the phase that failed; `skipped` holds the node ids that were skipped,
    the path itself when the whole module was; `xfailed` those that were expected to fail, whether they did or not.
    """

    collection_error: str | None = None
    failed: Mapping[str, str] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    xfailed: frozenset[str] = frozenset()

    @property
    def broken(self) -> bool:
        """Whether the file cannot be collected or one of its tests fails."""
        return self.collection_error is not None or bool(self.failed)


@dataclass(frozen=True, slots=True)
class Truth:
    """What pytest says of a tree: an outcome per test file."""

    files: Mapping[str, Outcome]

    @property
    def collection_errors(self) -> dict[str, str]:
        """The test files that cannot be collected, with the exception line."""
        return {path: outcome.collection_error for path, outcome in sorted(self.files.items()) if outcome.collection_error is not None}

    @property
    def broken(self) -> tuple[str, ...]:
        """The test files with a collection error or a failed test."""
        return tuple(path for path, outcome in sorted(self.files.items()) if outcome.broken)


@dataclass(frozen=True, slots=True)
class Python:
    """Another interpreter, with the pytest and the plugins that are installed there; `roots` are put on its path, relative to the tree."""

    executable: Path
    roots: tuple[str, ...] = ()
    seconds: float = 600


def ask(tree: Path, *arguments: str, python: Python | None = None) -> Truth:
    """Run pytest in `tree`, with the settings that the tree has and `arguments` on top, and return what happened to each test file.

    It is the pytest of this suite, without any plugin that is installed, unless `python` names another one.

    Where a `conftest.py` cannot be imported, every test file below its directory has that as its collection error. pytest itself goes on
    for nested ones and ends the whole session for those it loads first; the witness makes it go on there too, so that both count alike.
    """
    tree = tree.resolve()
    events = _run(tree, python, *arguments)
    files = _outcomes(events)
    dead: dict[str, str] = {}
    for event in events:
        if event["event"] == "conftest":
            # The first word counts: a second attempt finds half of the imports done and may say something else, or nothing.
            dead.setdefault(event["path"], event["exception"])
    if dead:
        # Without the options of the settings, too: a plugin that they ask for ends the session like a `conftest.py` of the root.
        unread = ("-c", os.devnull) if _UNREAD.match(dead.get("", "")) else ()
        listing = _run(tree, python, *arguments, "--noconftest", "--collect-only", *(_PLAIN if "" in dead else ()), *unread)
        for path in {event["path"] for event in listing if event["event"] in ("file", "error")}:
            above = [directory for directory in ("", *(one.as_posix() for one in reversed(PurePosixPath(path).parents))) if directory in dead]
            if above:  # the outermost runs first
                files[path] = Outcome(collection_error=dead[above[0]])
    return Truth(dict(sorted(files.items())))


def _run(tree: Path, python: Python | None, *arguments: str) -> list[dict[str, str]]:
    """Run pytest once and return the events that the witness noted."""
    with tempfile.TemporaryDirectory(prefix="truth-") as directory:
        protocol = Path(directory, "protocol.jsonl")
        protocol.touch()
        # The plugin is copied: its directory becomes importable for the tree, and nothing else of this suite must.
        Path(directory, "truth_witness.py").write_bytes(_WITNESS.read_bytes())
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "GIT_", "PYTHON", "COV_"))}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "TRUTH_PROTOCOL": str(protocol), "TRUTH_TREE": str(tree)}
        if python is None:
            environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        output, error = Path(directory, "output"), Path(directory, "error")
        request: dict[str, object] = {
            # The shortest of tracebacks to write: nobody reads it. A root directory without settings is pinned, or pytest would look for them above the tree.
            "arguments": [
                "-p",
                "truth_witness",
                "-p",
                "no:cacheprovider",
                "--continue-on-collection-errors",
                "-q",
                "--tb=native",
                f"--rootdir={tree}",
                *arguments,
            ],
            "cwd": str(tree),
            "environment": environment,
            "path": directory,
            "output": str(output),
            "error": str(error),
        }
        code = _preloaded(request) if python is None else _started(request, python)
        stdout, stderr = output.read_text(errors="replace"), error.read_text(errors="replace")
        filtered = _WARNING_FILTER.findall(stderr) if "while parsing the following warning configuration" in stderr else []
        said = _INTERNAL.findall(stdout + stderr) or filtered or _LAST_WORDS.findall(stderr)
        if code in _NOT_STARTED and said:
            return [{"event": "conftest", "path": "", "node": "", "exception": said[-1].removeprefix(f"{tree}{os.sep}")}]
        assert code in _UNDERSTOOD, f"pytest ended with {code}\n{stdout}\n{stderr}"
        return [json.loads(line) for line in protocol.read_text(encoding="utf-8").splitlines()]


def _preloaded(request: Mapping[str, object]) -> int:
    """Hand a run to the process that has pytest imported already, and return the exit code."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    answer = server.stdout.readline()
    assert answer, "the process that runs pytest has ended"
    return int(answer)


def _started(request: Mapping[str, object], python: Python) -> int:
    """Run it in a process of its own, and return the exit code. Raises `TimeoutExpired`."""
    arguments, environment, cwd = request["arguments"], request["environment"], request["cwd"]
    assert isinstance(arguments, list)
    assert isinstance(environment, dict)
    path = os.pathsep.join((str(request["path"]), *(str(Path(str(cwd), root)) for root in python.roots)))
    with Path(str(request["output"])).open("wb") as output, Path(str(request["error"])).open("wb") as error:
        done = subprocess.run(
            [python.executable, "-P", "-m", "pytest", *arguments],
            cwd=str(cwd),
            env=environment | {"PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=error,
            check=False,
            timeout=python.seconds,
        )
    return done.returncode


@cache
def _server() -> subprocess.Popen[str]:
    """Start that process, once; it ends with its stdin, that is with us."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "GIT_", "PYTHON", "COV_"))}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    server = subprocess.Popen([sys.executable, _PRELOADED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=os.sep, env=environment)
    atexit.register(_end, server)
    return server


def _end(server: subprocess.Popen[str]) -> None:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.close()
    server.wait()
    server.stdout.close()


def _outcomes(events: list[dict[str, str]]) -> dict[str, Outcome]:
    """Fold the events into one outcome per file."""
    errors: dict[str, str] = {}
    failed: dict[str, dict[str, str]] = {}
    skipped: dict[str, set[str]] = {}
    passed: dict[str, set[str]] = {}
    xfailed: dict[str, set[str]] = {}
    files: set[str] = set()
    for event in events:
        path, node = event["path"], event["node"]
        if event["event"] == "conftest":
            continue
        files.add(path)
        match event["event"]:
            case "error":
                errors.setdefault(path, event["exception"])
            case "failed":
                failed.setdefault(path, {}).setdefault(node, event["exception"])
            case "skipped":
                skipped.setdefault(path, set()).add(node)
            case "xfailed":
                xfailed.setdefault(path, set()).add(node)
            case "passed":
                passed.setdefault(path, set()).add(node)
    return {
        path: Outcome(
            collection_error=errors.get(path),
            failed=failed.get(path, {}),
            skipped=frozenset(skipped.get(path, ())),
            # A test whose call passed and whose teardown failed has failed.
            passed=frozenset(passed.get(path, set()) - failed.get(path, {}).keys()),
            xfailed=frozenset(xfailed.get(path, ())),
        )
        for path in sorted(files)
    }
