"""Whole processes, measured from outside: wall clock and peak memory, children included."""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.cli.judging import KIND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def forget_reports(cache: Path) -> None:
    """Take the reports out of a cache folder and leave what is known of files: the next run judges anew."""
    for file in cache.glob("*.sqlite"):
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("DELETE FROM kept WHERE kind = ?", (KIND,))


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one process. `megabytes` is the peak of the largest process among it and its children."""

    seconds: float
    megabytes: float
    code: int
    said: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A median and the range it was taken from."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:6.2f}  ({self.low:.2f} .. {self.high:.2f})"


def spread(values: Sequence[float]) -> Spread:
    """Return the median, the least and the greatest of `values`.

    >>> str(spread([3.0, 1.0, 2.0]))
    '  2.00  (1.00 .. 3.00)'
    """
    return Spread(statistics.median(values), min(values), max(values))


def surroundings() -> dict[str, str]:
    """Return the environment that what is measured runs in: ours, with bytecode kept, as whatever pip installs has it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], stdin: str = "") -> Run:
    """Start `command` and wait for it. Its output is thrown away, as a pipe's reader would share its cores; what it says on stderr is kept.

    NOTE: Linux counts the memory of the process that forks into the peak of the one it becomes, so this process must stay small.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as stderr:
        given.write(stdin.encode())
        given.seek(0)
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=dict(environment), stdin=given, stdout=subprocess.DEVNULL, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        # The child has been waited for behind its back.
        process.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        return Run(seconds, usage.ru_maxrss / 1024, process.returncode, stderr.read().decode(errors="replace"))
