"""The settings: `[tool.impact]` of a `pyproject.toml`, or an `impact.toml`.

The command line beats the environment (`IMPACT_FAIL_ON`, ...), which beats the file. A key is one row of `_READERS`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from impact.errors import ConfigError, UsageError
from impact.report import Verdict
from impact.settings import Acceptance, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from impact.errors import ImpactError

# Every verdict that says something is wrong. `affected` only informs, so the word `all` leaves it out.
_ALL = frozenset(Verdict) - {Verdict.AFFECTED}


class _InvalidError(Exception):
    """A value that cannot be read; the caller knows where it stands."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def parse_settings(text: str, *, origin: str) -> Settings:
    """Return the settings that `text` holds: those of `[tool.impact]` in a `pyproject.toml`, else of the top level. `origin` says where it is from:
    the file, and behind ` at ` the revision.

    Raises ConfigError for what is not TOML, for an unknown key and for a value of a wrong type; the message names `origin`.
    """
    try:
        table: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{origin}: not valid TOML: {error}") from error
    if origin.partition(" at ")[0].endswith("pyproject.toml"):
        tool = _subtable(table, "tool", origin=origin)
        table = _subtable(tool, "impact", origin=origin)
    assert isinstance(table, dict)
    return _apply(Settings(), table, ConfigError, origin=origin)


def merge(file: Settings, environment: Mapping[str, str], command_line: Mapping[str, object]) -> Settings:
    """Return `file` overridden by the `IMPACT_...` variables, and these by the command line.

    `command_line` maps keys as a file writes them (`fail-on`) to what was given; None and an empty list mean not given.
    Raises ConfigError (a variable) or UsageError (an option) that names the culprit.
    """
    settings = file
    for key, value in _environment_values(environment).items():
        settings = _apply(settings, {key: value}, ConfigError, origin=_variable(key))
    for key, given in command_line.items():
        if given is not None and given != []:
            settings = _apply(settings, {key: _words(given) if key in _LISTS else given}, UsageError, origin=f"--{key}")
    return settings


def _environment_values(environment: Mapping[str, str]) -> dict[str, object]:
    """Return what the `IMPACT_...` variables say, by key. An empty variable says nothing; lists are separated by commas."""
    given = {key: environment.get(_variable(key), "").strip() for key in _READERS}
    return {key: _words(text) if key in _LISTS else text for key, text in given.items() if text}


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that `word` was probably meant to be.

    >>> nearest("fail_on", ["fail-on", "base"])
    'fail-on'
    """
    return next(iter(difflib.get_close_matches(word, sorted(choices), n=1, cutoff=0.5)), None)


def suggestion(word: str, choices: Iterable[str]) -> str:
    """Return the hint for a `word` that is none of `choices`: the nearest one, or all."""
    choices = list(choices)
    meant = nearest(word, choices)
    return f"did you mean '{meant}'?" if meant else f"one of: {', '.join(choices)}"


def _apply(settings: Settings, table: Mapping[str, object], error: type[ImpactError], *, origin: str) -> Settings:
    values: dict[str, object] = {}
    for key, value in table.items():
        reader = _READERS.get(key)
        if reader is None:
            raise error(f"{origin}: unknown key '{key}'", hint=suggestion(key, _READERS))
        try:
            values[key.replace("-", "_")] = reader(value)
        except _InvalidError as invalid:
            named = origin if error is UsageError or origin.startswith("IMPACT_") else f"{origin}: {key}"
            raise error(f"{named}: {invalid}", hint=invalid.hint) from None
    # The readers are the types: each row of `_READERS` returns what its field holds.
    return replace(settings, **values)  # type: ignore[arg-type]


def _subtable(table: object, key: str, *, origin: str) -> dict[str, object]:
    value = table.get(key, {}) if isinstance(table, dict) else {}
    if not isinstance(value, dict):
        raise ConfigError(f"{origin}: '{key}' must be a table")
    return value


def _variable(key: str) -> str:
    return "IMPACT_" + key.upper().replace("-", "_")


def _words(given: object) -> list[str]:
    lines = [given] if isinstance(given, str) else given
    assert isinstance(lines, list)
    return [word.strip() for line in lines for word in line.split(",") if word.strip()]


def _string(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _InvalidError(f"must be a string, not {_kind(value)}")
    return value


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _InvalidError(f"must be a list of strings, not {_kind(value)}")
    return tuple(value)


def _verdicts(value: object) -> frozenset[Verdict]:
    words = _strings([value] if isinstance(value, str) else value)
    if words in (("none",), ()):
        return frozenset()
    if words == ("all",):
        return _ALL
    for word in words:
        if word in {"none", "all"}:
            raise _InvalidError(f"'{word}' stands alone")
        if word not in list(Verdict):
            raise _InvalidError(f"unknown verdict '{word}'", hint=suggestion(word, [*Verdict, "none", "all"]))
    return frozenset(Verdict(word) for word in words)


def _directories(value: object) -> tuple[str, ...]:
    paths = [PurePosixPath(one) for one in _strings(value)]
    for path in paths:
        if path.is_absolute() or ".." in path.parts:
            raise _InvalidError(f"'{path}' must be a directory inside the repository, relative to its root")
    return tuple(path.as_posix() for path in paths)


def _python_version(value: object) -> tuple[int, int]:
    match = re.fullmatch(r"(3)\.(\d{1,3})", value) if isinstance(value, str) else None
    if match is None:
        raise _InvalidError('must be a string such as "3.11"')
    return int(match[1]), int(match[2])


def _accepted(value: object) -> tuple[Acceptance, ...]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _InvalidError(f'must be a list of tables {{ target = "pkg.mod:Name", reason = "why", until = 2026-01-31 }}, not {_kind(value)}')
    return tuple(map(_acceptance, value))


def _acceptance(table: Mapping[str, object]) -> Acceptance:
    for key in table:
        if key not in _ACCEPTANCE:
            raise _InvalidError(f"unknown key '{key}'", hint=suggestion(key, _ACCEPTANCE))
    target, reason, until = (table.get(key) for key in _ACCEPTANCE)
    if not isinstance(target, str) or not target.strip():
        raise _InvalidError("an entry has no target, the name of what is missing: `pkg.mod` or `pkg.mod:Name`")
    if not isinstance(reason, str) or not reason.strip():
        raise _InvalidError(f"'{target}' has no reason")
    if until is not None and not isinstance(until, dt.date):
        raise _InvalidError(f"'{target}': until must be a date such as 2026-01-31, without quotes")
    return Acceptance(target.strip(), reason.strip(), until.isoformat()[:10] if until is not None else None)


def _kind(value: object) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", dict: "a table", list: "a list"}
    return "an empty string" if value == "" else names.get(type(value), "a string" if isinstance(value, str) else "a date")


_READERS: Mapping[str, Callable[[object], object]] = {
    "fail-on": _verdicts,
    "base": _string,
    "source-roots": _directories,
    "exclude": _strings,
    "python-version": _python_version,
    "output-format": _string,
    "accepted": _accepted,
}
_ACCEPTANCE = ("target", "reason", "until")
_LISTS = frozenset({"fail-on", "source-roots", "exclude"})
