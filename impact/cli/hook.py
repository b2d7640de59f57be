"""`impact hook`: the gate at the moment of a push or a commit.

`install` and `uninstall` write and take away the script; `run` is what the script calls. All that a hook says goes to stderr.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from impact.cli.judging import count, judge
from impact.cli.options import Directory, NoCache, choose, directory
from impact.cli.session import settle
from impact.cli.terminal import wants_color, width
from impact.errors import ExitCode, ImpactError, UsageError
from impact.render.inert import visible
from impact.revisions.hooks import HOOKS, parse_push, plan_commit, plan_framework, plan_push, script

if TYPE_CHECKING:
    from impact.git import Repository
    from impact.revisions.hooks import Judged, Plan

# What one push may show: a screen, shared by the ranges that break.
_LINES = 20
_FEWEST = 6

app = typer.Typer(help="Judge what is pushed or committed, at that moment.", no_args_is_help=True, rich_markup_mode=None)

PrePush = Annotated[bool, typer.Option("--pre-push", help="The hook of `git push`. The default.")]
PreCommit = Annotated[bool, typer.Option("--pre-commit", help="The hook of `git commit`.")]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse also what could not be judged.")]


@app.command()
def install(pre_push: PrePush = False, pre_commit: PreCommit = False, strict: Strict = False, start: Directory = ".") -> int:
    """Install the hook where Git looks for it (core.hooksPath). A hook that is there keeps running, before this one."""
    from impact.cli.installation import install as put  # noqa: PLC0415

    for place in _places(start, pre_push=pre_push, pre_commit=pre_commit):
        typer.echo(visible(put(place, script(place.name, sys.executable, strict=strict))))
    return ExitCode.CLEAN


@app.command()
def uninstall(pre_push: PrePush = False, pre_commit: PreCommit = False, start: Directory = ".") -> int:
    """Take the hook away and put back what was there before. Without an option: all that was installed."""
    from impact.cli.installation import uninstall as take  # noqa: PLC0415

    everything = not pre_push and not pre_commit
    for place in _places(start, pre_push=pre_push or everything, pre_commit=pre_commit or everything):
        typer.echo(visible(take(place)))
    return ExitCode.CLEAN


@app.command(context_settings={"ignore_unknown_options": True})
def run(
    hook: Annotated[str, typer.Argument(metavar="HOOK", help="pre-push or pre-commit.")],
    arguments: Annotated[list[str] | None, typer.Argument(metavar="[REMOTE URL]", show_default=False, help="As Git gives them.")] = None,
    strict: Strict = False,
    no_cache: NoCache = False,
    start: Directory = ".",
) -> int:
    """Judge what Git is about to push or commit: the hook script, and the pre-commit framework, call this.

    Exit code: 0 go on, 1 a test breaks. What cannot be judged is said and does not block, unless --strict.
    """
    choose("HOOK", hook, HOOKS)
    # Git points a hook at the repository it works on. What is found by walking up is the same, and what we start must not be misled.
    surroundings = {name: os.environ.pop(name) for name in sorted(os.environ) if name.startswith("GIT_")}
    try:
        return _Run(start, strict, no_cache).everything(hook, arguments or [], surroundings.get("GIT_INDEX_FILE"))
    except ImpactError as error:
        return _unjudged(str(error), error.hint, ExitCode.CANNOT_RUN, strict=strict)
    except Exception as error:  # noqa: BLE001 - a bug of ours is no reason to hold up a push
        return _unjudged(f"this is a bug: {type(error).__name__}: {error}", "please report it", ExitCode.BUG, strict=strict)


class _Run:
    """One run of a hook."""

    def __init__(self, start: str, strict: bool, no_cache: bool) -> None:
        self._start = start
        self._strict = strict
        self._no_cache = no_cache
        self._code: int = ExitCode.CLEAN

    def everything(self, hook: str, arguments: list[str], index_file: str | None) -> int:
        from impact.git import open_repository  # noqa: PLC0415

        # Git commits `-a` and `commit PATH` from an index of their own.
        repository = open_repository(directory(self._start), Path(index_file).absolute() if index_file and hook == "pre-commit" else None)
        plan = self._plan(hook, arguments, repository)
        for line in plan.passed_over:
            _say(line)
        broken: list[tuple[Judged, str, str]] = []
        for judged in plan.judged:
            try:
                verdict, page, fails = self._judge(judged, repository)
            except ImpactError as error:
                self._code = max(self._code, _unjudged(f"{judged.name}: {error}", error.hint, ExitCode.CANNOT_RUN, strict=self._strict))
                continue
            if fails:
                broken.append((judged, verdict, page))
            else:
                _say(f"{judged.name}: {verdict}")
        self._show(broken, "git push --no-verify" if hook == "pre-push" else "git commit --no-verify")
        return ExitCode.FINDINGS if broken else self._code

    def _plan(self, hook: str, arguments: list[str], repository: Repository) -> Plan:
        framework = plan_framework(os.environ, hook, repository)
        if framework is not None:
            return framework
        if hook == "pre-commit":
            return plan_commit()
        if sys.stdin.isatty():
            raise UsageError("a pre-push hook is given lines by Git, and there are none", hint="to judge a range: impact diff A..B")
        return plan_push(parse_push(sys.stdin.buffer.read().decode("utf-8", "surrogateescape")), arguments[0] if arguments else "origin", repository)

    def _judge(self, judged: Judged, repository: Repository) -> tuple[str, str, bool]:
        """Return the verdict in one line, the page that explains it, and whether it fails the gate."""
        comparison, settings = settle(repository, judged.request, {}, merge_ends=judged.merge)
        document = judge(repository, comparison, settings, no_cache=self._no_cache)

        from impact.render import FORMATS, Style  # noqa: PLC0415

        page = FORMATS["text"](document, Style(width(sys.stderr), wants_color("auto", sys.stderr, os.environ)))
        verdict = FORMATS["text"](document, Style(verbosity=-1))
        return verdict.strip(), page, any(count(document, one) for one in settings.fail_on)

    def _show(self, broken: list[tuple[Judged, str, str]], anyway: str) -> None:
        room = max(_FEWEST, _LINES // max(1, len(broken)))
        for judged, _, page in broken:
            _say(f"{judged.name} breaks tests ({judged.why})")
            lines = page.rstrip("\n").split("\n")
            shown = lines if len(lines) <= room + 1 else [*lines[:room], f"… {len(lines) - room} more lines"]
            sys.stderr.write("".join(f"  {line}\n" if line else "\n" for line in shown))
            ends = "" if judged.merge else " --no-merge"
            sys.stderr.write(f"look closer:  impact diff {_short(judged)}{ends}\n")
        if broken:
            sys.stderr.write(f"go on anyway: {anyway}\n")


def _short(judged: Judged) -> str:
    """Return the range as one would type it: ids cut as Git cuts them, the index by its option."""
    request = judged.request
    if request.head == "INDEX":
        return "--staged"
    if request.base is None:
        return ""
    base, head = (name[:10] if len(name) >= 40 and set(name) <= set("0123456789abcdef") else name for name in (request.base, request.head))
    return visible(f"{base}..{head}")


def _unjudged(message: str, hint: str | None, code: ExitCode, *, strict: bool) -> int:
    _say(f"NOT JUDGED: {message}")
    if hint:
        _say(f"hint: {hint}")
    if strict:
        return code
    _say("going on without a verdict (--strict would refuse)")
    return ExitCode.CLEAN


def _say(text: str) -> None:
    sys.stderr.write(f"impact: {visible(text)}\n")


def _places(start: str, *, pre_push: bool, pre_commit: bool) -> list[Path]:
    from impact.git import open_repository  # noqa: PLC0415

    folder = open_repository(directory(start)).hooks_directory
    wanted: dict[str, bool] = {"pre-push": pre_push or not pre_commit, "pre-commit": pre_commit}
    return [folder / name for name in HOOKS if wanted[name]]
