from __future__ import annotations

import pytest

from impact.config import merge, parse_settings
from impact.errors import ConfigError, UsageError
from impact.report import Verdict
from impact.settings import Settings

ALL = frozenset({Verdict.COLLECTION_ERROR, Verdict.RUNTIME_ERROR, Verdict.SILENCED, Verdict.AT_RISK})

READ = [
    ("", Settings()),
    ("fail-on = ['silenced']", Settings(fail_on=frozenset({Verdict.SILENCED}))),
    ("fail-on = 'silenced'", Settings(fail_on=frozenset({Verdict.SILENCED}))),
    ("fail-on = ['affected', 'at-risk']", Settings(fail_on=frozenset({Verdict.AFFECTED, Verdict.AT_RISK}))),
    ("fail-on = 'none'", Settings(fail_on=frozenset())),
    ("fail-on = []", Settings(fail_on=frozenset())),
    ("fail-on = ['all']", Settings(fail_on=ALL)),
    ("base = 'develop'", Settings(base="develop")),
    ("source-roots = ['./src/', '.', 'libs/core']", Settings(source_roots=("src", ".", "libs/core"))),
    ("exclude = ['build/', '*_pb2.py']", Settings(exclude=("build/", "*_pb2.py"))),
    ("python-version = '3.12'", Settings(python_version=(3, 12))),
    ("output-format = 'markdown'", Settings(output_format="markdown")),
]

REFUSED = [
    ("fail_on = []", "unknown key 'fail_on'", "did you mean 'fail-on'?"),
    ("sourceroots = []", "unknown key 'sourceroots'", "did you mean 'source-roots'?"),
    ("zzz = 1", "unknown key 'zzz'", "one of: fail-on, base, source-roots, exclude, python-version, output-format, accepted"),
    ("fail-on = ['runtime-eror']", "fail-on: unknown verdict 'runtime-eror'", "did you mean 'runtime-error'?"),
    ("fail-on = ['none', 'silenced']", "fail-on: 'none' stands alone", None),
    ("fail-on = true", "fail-on: must be a list of strings, not a boolean", None),
    ("base = 3", "base: must be a string, not a number", None),
    ("base = ''", "base: must be a string, not an empty string", None),
    ("exclude = 'build'", "exclude: must be a list of strings, not a string", None),
    ("exclude = [1]", "exclude: must be a list of strings, not a list", None),
    ("source-roots = ['/usr']", "source-roots: '/usr' must be a directory inside the repository, relative to its root", None),
    ("source-roots = ['a/../..']", "source-roots: 'a/../..' must be a directory inside the repository, relative to its root", None),
    ("python-version = 3.11", 'python-version: must be a string such as "3.11"', None),
    ("python-version = '2.7'", 'python-version: must be a string such as "3.11"', None),
    ("output-format = {}", "output-format: must be a string, not a table", None),
    ("base = 1979-05-27", "base: must be a string, not a date", None),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_the_file_is_read(text: str, expected: Settings) -> None:
    assert parse_settings(text, origin="impact.toml") == expected
    for origin in ("pyproject.toml", "pyproject.toml at main"):
        assert parse_settings(f"[project]\nname = 'x'\n[tool.impact]\n{text}", origin=origin) == expected


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_what_is_wrong_in_the_file_is_named_with_its_origin(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, origin="impact.toml")
    assert (str(caught.value), caught.value.hint) == (f"impact.toml: {message}", hint)


@pytest.mark.parametrize("text", ["", "[project]\nfail_on = 1", "[tool.other]\nfail_on = 1"])
def test_what_is_not_ours_in_pyproject_is_left_alone(text: str) -> None:
    assert parse_settings(text, origin="pyproject.toml") == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [("tool = 1", "'tool' must be a table"), ("tool.impact = 1", "'impact' must be a table"), ("[tool", "not valid TOML: Expected ']'")],
)
def test_a_pyproject_that_is_no_such_document(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, origin="pyproject.toml at main")
    assert str(caught.value).startswith(f"pyproject.toml at main: {message}")


@pytest.mark.parametrize(
    ("environment", "command_line", "expected"),
    [
        ({}, {}, "file"),
        ({"IMPACT_BASE": ""}, {"base": None}, "file"),
        ({"IMPACT_BASE": "environment"}, {"base": None}, "environment"),
        ({"IMPACT_BASE": "environment"}, {"base": "command"}, "command"),
    ],
)
def test_the_command_line_beats_the_environment_beats_the_file(environment: dict[str, str], command_line: dict[str, object], expected: str) -> None:
    assert merge(Settings(base="file"), environment, command_line).base == expected


@pytest.mark.parametrize(
    ("environment", "command_line", "expected"),
    [
        ({"IMPACT_FAIL_ON": "silenced, at-risk"}, {}, {Verdict.SILENCED, Verdict.AT_RISK}),
        ({"IMPACT_FAIL_ON": "all"}, {"fail-on": ["silenced"]}, {Verdict.SILENCED}),
        ({"IMPACT_FAIL_ON": "all"}, {"fail-on": []}, ALL),
        ({}, {"fail-on": ["silenced,at-risk", "runtime-error"]}, {Verdict.SILENCED, Verdict.AT_RISK, Verdict.RUNTIME_ERROR}),
        ({}, {"fail-on": ["none"]}, set()),
    ],
)
def test_lists_outside_of_the_file_are_separated_by_commas(environment: dict[str, str], command_line: dict[str, object], expected: frozenset[Verdict]) -> None:
    assert merge(Settings(), environment, command_line).fail_on == expected


def test_every_key_has_its_variable() -> None:
    environment = {
        "IMPACT_FAIL_ON": "none",
        "IMPACT_BASE": "develop",
        "IMPACT_SOURCE_ROOTS": "src,libs",
        "IMPACT_EXCLUDE": "build/",
        "IMPACT_PYTHON_VERSION": "3.13",
        "IMPACT_OUTPUT_FORMAT": "json",
        "IMPACT_SOMETHING_ELSE": "x",
    }
    assert merge(Settings(), environment, {}) == Settings(frozenset(), "develop", ("src", "libs"), ("build/",), (3, 13), "json")


def test_a_wrong_variable_and_a_wrong_option_are_named() -> None:
    with pytest.raises(ConfigError, match=r"^IMPACT_FAIL_ON: unknown verdict 'x'$"):
        merge(Settings(), {"IMPACT_FAIL_ON": "x"}, {})
    with pytest.raises(UsageError, match=r"^--fail-on: unknown verdict 'x'$"):
        merge(Settings(), {}, {"fail-on": ["x"]})
