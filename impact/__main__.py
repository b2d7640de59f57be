"""`python -m impact`."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    # `-m` puts the current directory first on the path, which may be the very repository that is looked at: nothing there is to be imported. These two
    # modules are loaded before that.
    if sys.path[:1] == [os.getcwd()]:  # noqa: PTH109
        del sys.path[0]
    from impact.cli import main

    main()
