"""Where output goes: the terminal's width and colours, the line of progress, the file that is written whole or not at all."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from impact.errors import UsageError
from impact.progress import silent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from impact.progress import Progress

_WIDTH = 100
_NARROWEST = 60
_PATIENCE = 0.7
_PAUSE = 0.1


def wants_color(when: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether to colour what goes to `stream`: `always`, `never`, or `auto`: a terminal, and neither NO_COLOR nor a dumb one."""
    if when != "auto":
        return when == "always"
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def width(stream: TextIO | None) -> int:
    """Return the columns of the terminal that `stream` is; 100 where it is none, so that what is piped does not depend on a window."""
    return max(_NARROWEST, shutil.get_terminal_size((_WIDTH, 24)).columns) if stream and stream.isatty() else _WIDTH


class ProgressLine:
    """One line on a terminal, rewritten as the work goes on and gone at the end. It stays away from work that is over in `patience` seconds."""

    def __init__(self, stream: TextIO, *, wanted: bool = True, patience: float = _PATIENCE) -> None:
        self._stream = stream
        self._wanted = wanted and stream.isatty()
        self._due = time.monotonic() + patience
        self._drawn = False

    def __enter__(self) -> Progress:
        return self if self._wanted else silent

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Draw, unless it is too early or was done a moment ago."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + _PAUSE
        self._drawn = True
        count = f"{done:,} of {total:,}" if total else f"{done:,}"
        self._stream.write(f"\r\x1b[K{stage}: {count}"[: shutil.get_terminal_size().columns + 3])
        self._stream.flush()


def write(text: str, target: str) -> None:
    """Write `text` to the file `target` (`-`: stdout). A regular file is replaced as a whole, or left as it was. Raises UsageError."""
    if target == "-":
        _write_stdout(text)
        return
    path = Path(target)
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        raise UsageError(f"--output-file: cannot write {target}: {error.strerror}") from error


def write_bytes(content: bytes) -> None:
    """Write `content` to stdout as it is."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _abandon_stdout()


def _write_stdout(text: str) -> None:
    # A terminal whose encoding lacks a character gets its escape: better than no report.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        _abandon_stdout()
    flush_stdout()


def flush_stdout() -> None:
    """Flush stdout. Whoever stopped reading it (`| head`) has what they wanted: that is no error, and changes no exit code."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_stdout()


def _abandon_stdout() -> None:
    # What is still buffered goes nowhere: the interpreter flushes once more as it exits, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
