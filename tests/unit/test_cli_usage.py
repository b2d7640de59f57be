from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from impact.cli import run
from impact.cli.options import choose
from impact.cli.terminal import ProgressLine, wants_color, width, write
from impact.errors import ImpactError, UsageError
from impact.progress import silent
from impact.render import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Typer itself loads some of these, depending on its version: what we add to them is ours to answer for.
HEAVY = ("httpx", "importlib.metadata", "impact.git", "impact.render.text", "jinja2", "jsonschema", "pygit2", "rich")


def impact(*args: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "impact", *args, cwd=cwd, **environment)


def python(*args: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("IMPACT_", "GIT_"))}
    return subprocess.run([sys.executable, *args], cwd=cwd, env=inherited | environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("args", "stderr"),
    [
        (("dif",), "impact: No such command 'dif'. Did you mean 'diff'?\n"),
        (("diff", "--output-fromat", "json"), "impact: No such option: --output-fromat (Possible options: --output-file, --output-format)\n"),
        (("diff", "--output-format"), "impact: Option '--output-format' requires an argument.\n"),
        (
            ("diff", "--output-format", "jsn"),
            f"impact: --output-format: 'jsn' is not one of {', '.join(FORMATS)}\nhint: did you mean 'json'?\n",
        ),
        (("diff", "--fail-on", "runtime"), "impact: --fail-on: unknown verdict 'runtime'\nhint: did you mean 'runtime-error'?\n"),
        (("diff", "--fail-on", "none,all"), "impact: --fail-on: 'none' stands alone\n"),
        (("diff", "--color", "alwys"), "impact: --color: 'alwys' is not one of auto, always, never\nhint: did you mean 'always'?\n"),
        (("diff", "-C", "nowhere"), "impact: -C: no such directory: nowhere\n"),
        (("diff", "-C", "no\x1b[2Jwhere\n"), "impact: -C: no such directory: no\\x1b[2Jwhere \n"),
        (("diff", "--template", "no.j2"), "impact: --template: no such file: no.j2\n"),
        (("diff", "--template", "no.j2", "--output-format", "json"), "impact: --template: stands in place of --output-format\n"),
        (("diff", "--also", "json"), "impact: --also: 'json' is not FORMAT=FILE\n"),
        (("diff", "--also", "json=-"), "impact: --also: 'json=-' is not FORMAT=FILE\n"),
        (("diff", "--also", "sariff=x"), f"impact: --also: 'sariff' is not one of {', '.join(FORMATS)}\nhint: did you mean 'sarif'?\n"),
        (("diff", "a", "b"), "impact: Got unexpected extra argument(s) (b)\n"),
        (("doctor", "--output-format", "markdown"), "impact: --output-format: 'markdown' is not one of text, json\nhint: one of: text, json\n"),
    ],
)
def test_a_wrong_request_is_one_clear_line_and_exit_2(tmp_path: Path, args: tuple[str, ...], stderr: str) -> None:
    done = impact(*args, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", stderr)


def test_a_wrong_variable_is_exit_2(tmp_path: Path) -> None:
    done = impact("diff", cwd=tmp_path, IMPACT_FAIL_ON="runtime")
    assert (done.returncode, done.stderr) == (2, "impact: IMPACT_FAIL_ON: unknown verdict 'runtime'\nhint: did you mean 'runtime-error'?\n")


@pytest.mark.parametrize("args", [("--help",), ("diff", "--help"), ("doctor", "-h")])
def test_help_is_data(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = impact(*args, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: impact ")


def test_version(tmp_path: Path) -> None:
    done = impact("--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("impact")


def test_a_start_loads_nothing_heavy(tmp_path: Path) -> None:
    script = """
import json, sys
try:
    if sys.argv[1] == "typer":
        import typer
        def command(one: str = "", many: list[str] | None = None, flag: bool = False): ...
        app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command()(command)
        app(["--one", "x"], standalone_mode=False)
    else:
        sys.argv = ["impact", "diff", "--color", "alwys"]
        from impact.cli import main
        main()
finally:
    print("loaded", json.dumps([name for name in HEAVY if name in sys.modules]))
""".replace("HEAVY", repr(HEAVY))
    ours, theirs = (set(json.loads(python("-c", script, which, cwd=tmp_path).stdout.rpartition("loaded ")[2])) for which in ("impact", "typer"))
    assert ours - theirs == set()
    assert "rich" not in ours


def test_nobody_reads_the_rest(tmp_path: Path) -> None:
    script = "import sys; from impact.cli.terminal import write, flush_stdout; write('x' * 10_000_000, '-'); flush_stdout(); sys.exit(1)"
    process = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stderr
    process.stdout.read(10)
    process.stdout.close()
    assert (process.wait(), process.stderr.read()) == (1, "")
    process.stderr.close()


def raising(error: BaseException) -> Callable[[], object]:
    def command() -> object:
        raise error

    return command


@pytest.mark.parametrize(
    ("command", "code", "stderr"),
    [
        (lambda: 1, 1, ""),
        (lambda: None, 0, ""),
        (raising(ImpactError("no\nrepository", hint="go\x1b[0m there")), 2, "impact: no repository\nhint: go\\x1b[0m there\n"),
        (raising(typer.BadParameter("wrong")), 2, "impact: Invalid value: wrong\n"),
        (raising(KeyboardInterrupt()), 130, ""),
    ],
)
def test_exit_codes(capsys: pytest.CaptureFixture[str], command: Callable[[], object], code: int, stderr: str) -> None:
    assert run(command) == code
    assert capsys.readouterr() == ("", stderr)


def test_a_bug_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(raising(TypeError("odd\x1b[2J"))) == 3
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-2:] == ["impact: this is a bug: TypeError: odd\\x1b[2J", "hint: please report it with the lines above"]
    assert all(line.isprintable() for line in lines)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target, link = tmp_path / "report.json", tmp_path / "link.json"
    write("one\n", str(target))
    target.chmod(0o640)
    link.symlink_to(target)
    write("two\n", str(link))
    assert (target.read_text(), target.stat().st_mode & 0o777, link.is_symlink()) == ("two\n", 0o640, True)
    with pytest.raises(UnicodeEncodeError):
        write("\udc80", str(target))
    assert target.read_text() == "two\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "report.json"]
    write("nothing", os.devnull)


@pytest.mark.parametrize(("name", "reason"), [("missing/report", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_written(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(UsageError, match=rf"^--output-file: cannot write .*: {reason}$"):
        write("x", str(tmp_path / name))


def test_choices() -> None:
    assert choose("--color", "auto", ("auto", "always")) == "auto"


@pytest.fixture
def terminal() -> tuple[int, int]:
    return os.openpty()


@pytest.mark.parametrize(
    ("when", "environment", "on_terminal", "in_file"),
    [
        ("auto", {}, True, False),
        ("auto", {"NO_COLOR": ""}, True, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"TERM": "dumb"}, False, False),
        ("always", {"NO_COLOR": "1"}, True, True),
        ("never", {}, False, False),
    ],
)
def test_colour(tmp_path: Path, terminal: tuple[int, int], when: str, environment: dict[str, str], on_terminal: bool, in_file: bool) -> None:
    master, slave = terminal
    with os.fdopen(slave, "w") as screen, (tmp_path / "out").open("w") as file:
        assert wants_color(when, screen, environment) is on_terminal
        assert wants_color(when, file, environment) is in_file
        assert width(file) == width(None) == 100
        assert width(screen) >= 60
    os.close(master)


def test_progress_is_for_a_terminal_and_for_long_work_and_leaves_nothing(tmp_path: Path, terminal: tuple[int, int]) -> None:
    master, slave = terminal
    with os.fdopen(slave, "w") as screen, (tmp_path / "out").open("w") as file:
        with ProgressLine(file) as progress:
            assert progress is silent
        with ProgressLine(screen, wanted=False) as progress:
            assert progress is silent
        with ProgressLine(screen, patience=3600) as progress:
            progress("too early", 1, 10)
        with ProgressLine(screen, patience=0) as progress:
            progress("scan", 1200, 3000)
            progress("too soon", 1201, 3000)
        assert os.read(master, 1000) == b"\r\x1b[Kscan: 1,200 of 3,000\r\x1b[K"
    os.close(master)
