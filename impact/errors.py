"""What stops an analysis, and the exit codes.

    ImpactError                 cannot run: one clear line on stderr, exit 2
    ├── UsageError              the request itself is wrong (bad option value, unknown key, bad range)
    ├── ConfigError             `[tool.impact]` or `impact.toml` is wrong
    ├── RepositoryError         no repository here, or Git cannot read it
    ├── ForgeError              a forge refuses what is posted, or cannot be reached
    └── RevisionError           a revision that does not exist, is ambiguous or is not a commit
        └── ShallowError        the history that would hold the base was not fetched

A finding is never an error: what a change breaks is a value in the report. Anything else that escapes is a bug (exit 3).
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command (the convention of ruff and ty)."""

    CLEAN = 0
    FINDINGS = 1
    CANNOT_RUN = 2
    BUG = 3


class ImpactError(Exception):
    """The analysis cannot run. `str(error)` is one line, `hint` an optional second one that says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(ImpactError):
    """The request itself is wrong."""


class ConfigError(ImpactError):
    """The configuration cannot be used."""


class RepositoryError(ImpactError):
    """There is no repository here, or it cannot be read."""


class ForgeError(ImpactError):
    """The forge does not take what is posted, or cannot be reached; `status` is its answer's, where there was one."""

    def __init__(self, message: str, *, hint: str | None = None, status: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class RevisionError(ImpactError):
    """A revision that cannot be resolved to what the request needs."""


class ShallowError(RevisionError):
    """The clone is too shallow to hold the base."""
