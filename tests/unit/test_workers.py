"""The worker processes, and what becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.repositories import create

# Enough for workers to be started; then nothing, as where a run is busy elsewhere.
_BUSY = """
import sys, time
from pathlib import Path
from impact.git import open_repository
from impact.progress import silent
from impact.revisions.ranges import parse_range

repository = open_repository(Path(sys.argv[1]))
head = repository.resolve(parse_range("HEAD..HEAD")).head
repository.scan(sorted(set(head.files.values())), silent)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32" or os.cpu_count() == 1, reason="process groups are POSIX's, and one processor has no workers")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_the_process_that_started_them(tmp_path: Path, how: signal.Signals) -> None:
    repository = create(tmp_path / "repository", branch="main")
    repository.commit({f"module_{number}.py": f"VALUE = {number}\n" for number in range(700)}, "Many")
    process = subprocess.Popen([sys.executable, "-c", _BUSY, str(repository.path)], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(how)
        process.wait()
        assert _ends(process.pid)
    finally:
        process.stdout.close()
        if not _ends(process.pid, patience=0):
            os.killpg(process.pid, signal.SIGKILL)


def _ends(group: int, patience: float = 30) -> bool:
    """Tell whether the last process of a group ends."""
    until = time.monotonic() + patience
    while True:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
