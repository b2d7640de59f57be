"""Starts many pytests fast: this process has imported pytest and does nothing with it but fork, once per run.

It runs as a script, by `support.truth`, and imports nothing of this suite. A child starts from what `import pytest` leaves, as a fresh
`pytest` does: the runs are as far apart as processes are. Requests and answers are JSON, one per line:

    {"arguments": […], "cwd": …, "environment": {…}, "path": …, "output": …, "error": …}  →  the exit code

`path` goes first on `sys.path`, in the place of PYTHONPATH; `output` and `error` name the files for stdout and stderr.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import traceback
from typing import NoReturn

import pytest
from _pytest.config import default_plugins


def _run(request: dict[str, object]) -> NoReturn:
    """Be the pytest that a request asks for."""
    code = 3
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, name in ((0, os.devnull), (1, str(request["output"])), (2, str(request["error"]))):
            opened = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            os.dup2(opened, number)
            os.close(opened)
        environment = request["environment"]
        assert isinstance(environment, dict)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(str(request["cwd"]))
        sys.path.insert(0, str(request["path"]))
        sys.dont_write_bytecode = True
        arguments = request["arguments"]
        assert isinstance(arguments, list)
        code = int(pytest.main(arguments))
    except BaseException:  # noqa: BLE001 - whatever it is, this process must not come back to the loop of its parent
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Serve requests until stdin ends."""
    # The `pytest` script does not put its directory, nor the current one, on the path.
    del sys.path[0]
    for name in default_plugins:
        importlib.import_module(f"_pytest.{name}")
    gc.freeze()  # what is here stays: a collection in a child, and pytest asks for several, need not look at it, nor copy its pages
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _run(request)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
