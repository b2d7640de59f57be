"""The command line: parse, call, write, exit. One file per command; what a command needs is imported when it runs.

Typer brings rich along and would load it for help and errors; `rich_markup_mode=None` keeps it out.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import PurePath
from typing import Annotated

import typer

from impact.cli.check import check
from impact.cli.comment import comment
from impact.cli.diff import diff
from impact.cli.doctor import doctor
from impact.cli.fix import fix
from impact.cli.history import history
from impact.cli.hook import app as hook
from impact.cli.stale import stale
from impact.cli.terminal import flush_stdout
from impact.errors import ExitCode, ImpactError
from impact.render.inert import visible
from impact.version import VERSION

_NAMES = ("impact", "git-impact")

app = typer.Typer(
    help="Which tests does this change break, why, and what is the fix: before it merges.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(diff)
app.command()(comment)
app.command()(check)
app.command()(doctor)
app.command()(fix)
app.command()(history)
app.command()(stale)
app.add_typer(hook, name="hook")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"impact {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)] = False,
) -> None:
    """Take the options that stand before the command."""


def main() -> None:
    """Run the command that the process was given, and exit."""
    # Syntax trees are many objects and no cycles: collecting them costs half of a parse and finds nothing.
    gc.disable()
    name = PurePath(sys.argv[0]).name
    command = typer.main.get_command(app)
    code = run(lambda: command.main(sys.argv[1:], prog_name=name if name in _NAMES else _NAMES[0], standalone_mode=False))
    flush_stdout()
    sys.exit(code)


def run(command: Callable[[], object]) -> int:
    """Call `command` and return the exit code: what it returns, or what the exception that escapes from it stands for.

    An error is one line on stderr and perhaps a hint; anything that is none of ours is a bug and shows its traceback.
    """
    try:
        code = command()
    except ImpactError as error:
        _complain(str(error), error.hint)
        return ExitCode.CANNOT_RUN
    except typer.TyperException as error:
        _complain(error.format_message())
        return ExitCode.CANNOT_RUN
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except Exception as error:  # noqa: BLE001 - the last resort
        import traceback  # noqa: PLC0415

        sys.stderr.write("".join(f"{visible(line)}\n" for line in traceback.format_exc().splitlines()))
        _complain(f"this is a bug: {type(error).__name__}: {error}", "please report it with the lines above")
        return ExitCode.BUG
    return code if isinstance(code, int) else ExitCode.CLEAN


def _complain(message: str, hint: str | None = None) -> None:
    # The message may quote a file or a revision: what is not printable must not reach the terminal.
    lines = [f"impact: {_one_line(message)}", *([f"hint: {_one_line(hint)}"] if hint else [])]
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def _one_line(text: str) -> str:
    return visible(" ".join(text.split("\n")))
