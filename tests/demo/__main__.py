"""`make demo`: build the story and show what impact says about it, on the screen, as Markdown and as a page."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from demo.story import tell

_FINDINGS = 1


def _impact(repository: Path, *arguments: str) -> None:
    """Run impact in `repository`. A story with breaks must be found broken: every other exit code is a failure of the demonstration."""
    print(f"$ impact {' '.join(arguments)}", flush=True)
    code = subprocess.run(["impact", *arguments], cwd=repository, check=False).returncode
    if code != _FINDINGS:
        sys.exit(f"impact ended with exit code {code}, expected {_FINDINGS}: findings")


def main(directory: Path) -> None:
    """Tell the story in `directory`, which is replaced."""
    shutil.rmtree(directory, ignore_errors=True)
    repository = tell(directory / "repository").path
    report, html = directory.resolve() / "report.md", directory / "report.html"

    print("A clean-up, three commits:\n", flush=True)
    subprocess.run(["git", "--no-pager", "log", "--oneline", "--stat", "--format=%h %s", "main..cleanup"], cwd=repository, check=True)
    print(flush=True)
    _impact(repository, "diff", "main..cleanup")
    print("\nThe same as Markdown, for a pull request:\n", flush=True)
    _impact(repository, "diff", "main..cleanup", "--output-format", "markdown", "--output-file", f"../{report.name}", "--also", f"html=../{html.name}")
    print(f"\n{report.read_text(encoding='utf-8')}\n({directory / report.name}; the repository is {directory / repository.name})")
    print(f"To walk through in a browser: {html}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
