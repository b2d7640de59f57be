"""The one Jinja2 environment: where the templates are, and what becomes of a value in each kind of document.

Whatever comes out of the repository is foreign, so a value is made inert by default and our own words have to say that they are ours:
`{{ value }}` stands in Markdown as a code span, in HTML and XML escaped, in other text with every character visible.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

import impact
from impact.errors import UsageError
from impact.render.inert import clipped, visible
from impact.render.view import overview
from impact.render.words import dotted, place, plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from impact.render.document import ReportDocument

_NAME = 300
_MARKUP = frozenset({".html", ".htm", ".xhtml", ".xml", ".svg"})
_MARKDOWN = frozenset({".md", ".markdown"})


class Inert(str):
    """Text that is Markdown already: our own words, or what a filter made harmless."""

    __slots__ = ()


def span(value: object) -> str:
    """Return `value` as a code span, where Markdown, mentions and links mean nothing.

    >>> span("a `b` c")
    '`` a `b` c ``'
    """
    text = clipped(visible(str(value)), _NAME)
    if not text.strip():
        return Inert("`?`")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    # Padding keeps a tick or a space at the end of the text from being taken for the fence's own.
    pad = " " if len(fence) > 1 or (text[0] == " " == text[-1]) else ""
    return Inert(f"{fence}{pad}{text}{pad}{fence}")


def cell(value: object) -> str:
    r"""Return `value` as a code span that cannot end a table's cell. `\|` would do, had not each parser its own idea of `\\|`."""
    return Inert(span(str(value).replace("|", "\\x7c")))


def inline_html(value: object) -> str:
    """Return `value` for a line of HTML, where Markdown is not read."""
    return Inert(f"<code>{html.escape(clipped(visible(str(value)), _NAME))}</code>")


def environment(suffix: str, *, user: Path | None = None) -> jinja2.Environment:
    """Return the environment for documents that end in `suffix`: of our own templates, or sandboxed and beside them those in the directory `user`."""
    kind = ImmutableSandboxedEnvironment if user else jinja2.Environment
    ours = jinja2.FileSystemLoader(directory())
    made = kind(
        loader=jinja2.ChoiceLoader([_Within(user), ours]) if user else ours,
        autoescape=suffix in _MARKUP,
        finalize=_finalize(suffix),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    inert = Markup if suffix in _MARKUP else Inert
    made.filters.update(
        span=span,
        cell=cell,
        html=inline_html,
        visible=visible,
        clipped=clipped,
        dotted=dotted,
        ours=inert,
        plural=lambda count, noun: inert(plural(count, noun)),
    )
    made.globals.update(place=place)
    return made


class _Within(jinja2.FileSystemLoader):
    """The templates of one directory. What a symbolic link there leads to elsewhere is none: it may be any file of the machine."""

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source = super().get_source(environment, template)
        if not Path(source[1]).resolve().is_relative_to(Path(self.searchpath[0]).resolve()):
            raise jinja2.TemplateNotFound(template)
        return source


def render_user_template(path: Path, document: ReportDocument) -> str:
    """Return what the user's template makes of the report: `report` is the JSON document, `view` what `impact.render.view` makes of it.

    The sandbox keeps a template that came with a change from reaching beyond the report, and from changing it for the formats that are written
    beside. Raises UsageError that names file and line.
    """
    path, named = path.resolve(), path
    try:
        template = environment(_suffix(named), user=path.parent).get_template(path.name)
        return template.render(report=document, view=overview(document))
    except jinja2.TemplateNotFound as error:
        message = f"cannot read {named}" if error.name == path.name else f"{named}: no template {error.name} beside it"
        raise UsageError(f"--template: {message}") from error
    except jinja2.TemplateSyntaxError as error:
        raise UsageError(f"--template: {named.with_name(error.name or named.name)}:{error.lineno}: {error.message}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--template: {named}: not UTF-8") from error
    # What a template does with the report is its author's: a wrong type or a division by zero in it is no bug of ours.
    except Exception as error:
        raise UsageError(f"--template: {named}{_line(error, path)}: {type(error).__name__}: {error}") from error


def directory() -> Path:
    """Return where our templates are: inside an installed package, or at the top of the source tree."""
    package = Path(impact.__file__).parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def _suffix(path: Path) -> str:
    """Return the suffix of what a template makes: `.md` for `comment.md.j2`."""
    return Path(path.stem).suffix.lower() if path.suffix in {".j2", ".jinja", ".jinja2"} else path.suffix.lower()


def _line(error: BaseException, path: Path) -> str:
    """Return `:LINE` of the template where `error` came up; Jinja2 writes it into the traceback."""
    numbers, trace = [0], error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).name == path.name:
            numbers.append(trace.tb_lineno)
        trace = trace.tb_next
    return f":{numbers[-1]}" if numbers[-1] else ""


def _finalize(suffix: str) -> Callable[[object], object]:
    def finalize(value: object) -> object:
        if isinstance(value, Inert | Markup | int | float):
            return value
        return span(value) if suffix in _MARKDOWN else visible(str(value))

    return finalize
