"""`impact comment`: a report as the one comment of a pull request."""

from __future__ import annotations

import json
import os
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from impact.cli.options import choose
from impact.cli.terminal import write
from impact.errors import ExitCode, ForgeError, UsageError
from impact.render.inert import clipped, visible

if TYPE_CHECKING:
    from impact.bot.sticky import Forge
    from impact.render.document import ReportDocument

# Nobody reads more, and a job that is not ours may have written it.
_LARGEST = 64 * 1024 * 1024
# One of them is told; a report may be wrong in a million places.
_MISTAKES = 100
_FORGES = ("github", "gitlab", "gitea", "bitbucket")
_WHEN_CLEAR = ("update", "minimize", "delete")


def comment(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="The report as JSON (impact diff --output-format json); - is stdin.")],
    forge: Annotated[str | None, typer.Option(metavar="FORGE", show_default=False, help=f"{', '.join(_FORGES)}. Default: as the job's variables say.")] = None,
    repository: Annotated[str | None, typer.Option(metavar="OWNER/NAME", show_default=False, help="Default: as the job's variables say.")] = None,
    number: Annotated[int | None, typer.Option(min=1, show_default=False, help="The pull request. Default: as the job's event says.")] = None,
    api_url: Annotated[str | None, typer.Option(metavar="URL", show_default=False, help="The API. Default: as the job's variables say.")] = None,
    key: Annotated[str, typer.Option(metavar="NAME", help="Tells several reports on one pull request apart.")] = "default",
    when_clear: Annotated[str, typer.Option(metavar="WHAT", help="When nothing breaks any more: update, minimize (GitHub), delete.")] = "update",
    check_run: Annotated[bool, typer.Option("--check-run", help="On GitHub, also a check run with remarks on the lines.")] = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="On GitHub and GitLab, also suggestions on the lines of the change that one edit mends.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 2 when posting fails. Without it a comment never fails a job.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the comment and post nothing.")] = False,
) -> int:
    """Post a report as the one comment of a pull request, or bring that up to date.

    The token comes from the environment: IMPACT_TOKEN, or GITHUB_TOKEN, GITLAB_TOKEN, GITEA_TOKEN, BITBUCKET_TOKEN. The report is held against
    its schema first: it may come from a job that is not trusted. Needs `pip install 'git-impact[comment]'`.
    """
    if forge is not None:
        choose("--forge", forge, _FORGES)
    choose("--when-clear", when_clear, _WHEN_CLEAR)
    _require_extra()

    from impact.bot.forges import Request, find_forge  # noqa: PLC0415
    from impact.bot.sticky import WhenClear, publish  # noqa: PLC0415
    from impact.render.markdown import render_comment  # noqa: PLC0415
    from impact.render.view import overview  # noqa: PLC0415

    document = read_report(report)
    if dry_run:
        write(render_comment(document), "-")
        return ExitCode.CLEAN
    try:
        target = find_forge(Request(forge, repository, number, api_url), os.environ)
        if target is None:
            _say("this job is about no pull request: nothing to comment on")
            return ExitCode.CLEAN
        text = render_comment(document, limit=target.limit, html=target.html)
        _say(f"comment: {publish(target, key, text, clear=overview(document).worst is None, when_clear=WhenClear(when_clear))}")
        suggested = _suggest(target, key, document) if suggest else frozenset()
        if check_run:
            _check(target, document, text, suggested)
    except ForgeError as error:
        if strict:
            raise
        _say(f"not posted: {error}")
        if error.hint:
            _say(f"hint: {error.hint}")
    return ExitCode.CLEAN


def read_report(name: str) -> ReportDocument:
    """Return the report in the file `name`; raises UsageError for what is no report of our schema."""
    import jsonschema  # noqa: PLC0415

    import impact  # noqa: PLC0415

    shown = "stdin" if name == "-" else name
    try:
        data = sys.stdin.buffer.read(_LARGEST + 1) if name == "-" else _read(Path(name))
    except OSError as error:
        raise UsageError(f"cannot read {shown}: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise UsageError(f"{shown} is larger than {_LARGEST // 1024 // 1024} MiB")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{shown} is not JSON") from error
    schema = json.loads((Path(impact.__file__).parent / "schema" / "report.schema.json").read_bytes())
    wrong = jsonschema.exceptions.best_match(islice(jsonschema.Draft202012Validator(schema).iter_errors(document), _MISTAKES))
    if wrong is not None:
        place = "/".join(map(str, wrong.absolute_path)) or "the whole"
        raise UsageError(f"{shown} is no report of impact: {clipped(visible(f'{place}: {wrong.message}'), 300)}")
    return cast("ReportDocument", document)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST + 1)


def _suggest(target: Forge, key: str, document: ReportDocument) -> frozenset[tuple[str, int]]:
    """Post suggestions, and return the places that have one."""
    from impact.bot.github import GitHub  # noqa: PLC0415
    from impact.bot.gitlab import GitLab  # noqa: PLC0415
    from impact.bot.suggesting import publish_suggestions  # noqa: PLC0415
    from impact.render.remarks import edits  # noqa: PLC0415
    from impact.render.view import overview  # noqa: PLC0415

    if not isinstance(target, GitHub | GitLab):
        raise UsageError("--suggest: only GitHub and GitLab have suggestions")
    done = publish_suggestions(target, key, edits(overview(document)))
    _say(f"suggestions: {done}")
    return done.places


def _check(target: Forge, document: ReportDocument, text: str, suggested: frozenset[tuple[str, int]]) -> None:
    from impact.bot.forges import read_event  # noqa: PLC0415
    from impact.bot.github import GitHub, head_in  # noqa: PLC0415
    from impact.render.checks import check_run  # noqa: PLC0415

    # What the event says comes first: of a report that a fork's job wrote, nobody knows which commit it is about.
    head = head_in(read_event(os.environ)) or document["head"]["commit"]
    if not isinstance(target, GitHub):
        raise UsageError("--check-run: only GitHub has check runs")
    if head is None:
        raise UsageError("--check-run: the head of this report is no commit")
    run = check_run(document, without=suggested)
    target.check(head, run.conclusion, run.title, text, run.annotations)
    _say(f"check run: {run.conclusion}")


def _require_extra() -> None:
    try:
        import httpx  # noqa: F401, PLC0415
        import jsonschema  # noqa: F401, PLC0415
    except ImportError as error:
        raise UsageError(f"impact comment needs {error.name}", hint="pip install 'git-impact[comment]'") from error


def _say(text: str) -> None:
    sys.stderr.write(f"impact: {visible(text)}\n")
