"""Where to post, from the environment of the job: each service says in its own variables who it is and which pull request runs.

The token is read from the environment alone. An argument of a command can be seen by every process of the machine.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from impact.bot.bitbucket import Bitbucket
from impact.bot.client import Client
from impact.bot.gitea import Gitea
from impact.bot.github import GitHub, number_in
from impact.bot.gitlab import GitLab
from impact.errors import ForgeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from impact.bot.sticky import Forge


class Connected(Protocol):
    """The class of a forge: how it knows a token, what that has to allow for, in the forge's own words, and what is made for one pull request."""

    permission: str

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what a request carries so that the forge knows whose it is."""

    def __call__(self, client: Client, repository: str, number: int) -> Forge:
        """Return the pull request `number` of `repository`."""


@dataclass(frozen=True, slots=True)
class Service:
    """A forge, and the variables that its jobs set. The first variable of each tuple that is set counts.

    `signs` are set where its jobs run; `api` is where its API is when no variable says so (empty: it has to be said). Where no variable has the
    `number` of the pull request, the event of GitHub's kind does.
    """

    forge: Connected
    signs: tuple[str, ...]
    tokens: tuple[str, ...]
    repository: str
    number: str = ""
    api: str = ""
    api_variable: str = ""


# In the order in which they are recognised: a job of Gitea or Forgejo sets GitHub's variables as well.
SERVICES: Mapping[str, Service] = {
    "gitlab": Service(
        GitLab,
        ("GITLAB_CI",),
        ("GITLAB_TOKEN",),
        repository="CI_PROJECT_ID",
        number="CI_MERGE_REQUEST_IID",
        api="https://gitlab.com/api/v4",
        api_variable="CI_API_V4_URL",
    ),
    "bitbucket": Service(
        Bitbucket,
        ("BITBUCKET_BUILD_NUMBER",),
        ("BITBUCKET_TOKEN",),
        repository="BITBUCKET_REPO_FULL_NAME",
        number="BITBUCKET_PR_ID",
        api="https://api.bitbucket.org/2.0",
    ),
    "gitea": Service(
        Gitea, ("GITEA_ACTIONS", "FORGEJO_ACTIONS"), ("GITEA_TOKEN", "FORGEJO_TOKEN", "GITHUB_TOKEN"), "GITHUB_REPOSITORY", api_variable="GITHUB_API_URL"
    ),
    "github": Service(
        GitHub, ("GITHUB_ACTIONS",), ("GITHUB_TOKEN", "GH_TOKEN"), "GITHUB_REPOSITORY", api="https://api.github.com", api_variable="GITHUB_API_URL"
    ),
}
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*")


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line says; None where the environment is to be asked."""

    forge: str | None = None
    repository: str | None = None
    number: int | None = None
    api: str | None = None


def find_forge(request: Request, environment: Mapping[str, str], **options: Any) -> Forge | None:
    """Return the pull request to comment on; None where the job is about none. `options` go to the client. Raises UsageError and ForgeError."""
    name = request.forge or next((name for name, one in SERVICES.items() if any(environment.get(sign) for sign in one.signs)), None)
    if name is None:
        raise UsageError("--forge: no service is recognised by its variables", hint=f"one of: {', '.join(SERVICES)}")
    service = SERVICES[name]
    token = _first(environment, ("IMPACT_TOKEN", *service.tokens))
    if not token:
        # A job of a fork is given none: that is no mistake of whoever wrote the pipeline.
        raise ForgeError("no token in the environment", hint=f"set {' or '.join(('IMPACT_TOKEN', *service.tokens))}")
    api = request.api or environment.get(service.api_variable) or service.api
    if not api:
        raise UsageError(f"--api-url: where is the API of {name}?")
    repository = request.repository or environment.get(service.repository, "")
    if not _REPOSITORY.fullmatch(repository):
        raise UsageError(f"--repository: '{repository}' is no repository of {name}")
    client = connect(service.forge, api, token, **options)
    number = request.number if request.number is not None else _number(service, environment, repository, client)
    return None if number is None else service.forge(client, repository, number)


def connect(forge: Connected, api: str, token: str, **options: Any) -> Client:
    """Return the client for the API of a forge at `api`."""
    return Client(api, forge.headers(token), secret=token, permission=forge.permission, **options)


def _number(service: Service, environment: Mapping[str, str], repository: str, client: Client) -> int | None:
    if service.number:
        text = environment.get(service.number, "")
        return int(text) if text.isascii() and text.isdigit() else None
    return number_in(read_event(environment), repository, client)


def read_event(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return GitHub's event, empty where no variable names one; raises UsageError for one that cannot be read."""
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        event = json.loads(Path(path).read_bytes()) if path else {}
    except (OSError, ValueError) as error:
        raise UsageError(f"GITHUB_EVENT_PATH: cannot read {path}") from error
    return event if isinstance(event, dict) else {}


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := environment.get(name, "").strip())), "")
