"""Where to post, from the environment of the job: each service says in its own variables who it is and which pull request runs.

The token is read from the environment alone. An argument of a command can be seen by every process of the machine.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impact.bot import bitbucket, gitea, github, gitlab
from impact.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from impact.bot.client import Client
    from impact.bot.sticky import Forge


@dataclass(frozen=True, slots=True)
class Service:
    """A forge: how to talk to it, and the variables that its jobs set. The first variable of each tuple that is set counts.

    `signs` are set where its jobs run; `api` is where its API is when no variable says so (empty: it has to be said).
    """

    connect: Callable[..., Client]
    at: Callable[[Client, str, int], Forge]
    signs: tuple[str, ...]
    tokens: tuple[str, ...]
    api_variables: tuple[str, ...]
    api: str
    repository: tuple[str, ...]
    number: str


# In the order in which they are recognised: a job of Gitea or Forgejo sets GitHub's variables as well.
SERVICES: Mapping[str, Service] = {
    "gitlab": Service(
        gitlab.connect,
        gitlab.GitLab,
        signs=("GITLAB_CI",),
        tokens=("GITLAB_TOKEN",),
        api_variables=("CI_API_V4_URL",),
        api="https://gitlab.com/api/v4",
        repository=("CI_PROJECT_ID",),
        number="CI_MERGE_REQUEST_IID",
    ),
    "bitbucket": Service(
        bitbucket.connect,
        bitbucket.Bitbucket,
        signs=("BITBUCKET_BUILD_NUMBER",),
        tokens=("BITBUCKET_TOKEN",),
        api_variables=(),
        api="https://api.bitbucket.org/2.0",
        repository=("BITBUCKET_REPO_FULL_NAME",),
        number="BITBUCKET_PR_ID",
    ),
    "gitea": Service(
        gitea.connect,
        gitea.Gitea,
        signs=("GITEA_ACTIONS", "FORGEJO_ACTIONS"),
        tokens=("GITEA_TOKEN", "FORGEJO_TOKEN", "GITHUB_TOKEN"),
        api_variables=("GITHUB_API_URL",),
        api="",
        repository=("GITHUB_REPOSITORY",),
        number="",
    ),
    "github": Service(
        github.connect,
        github.GitHub,
        signs=("GITHUB_ACTIONS",),
        tokens=("GITHUB_TOKEN", "GH_TOKEN"),
        api_variables=("GITHUB_API_URL",),
        api="https://api.github.com",
        repository=("GITHUB_REPOSITORY",),
        number="",
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
        raise UsageError(f"no token in the environment: set {' or '.join(('IMPACT_TOKEN', *service.tokens))}")
    api = request.api or _first(environment, service.api_variables) or service.api
    if not api:
        raise UsageError(f"--api-url: where is the API of {name}?")
    repository = request.repository or _first(environment, service.repository)
    if not _REPOSITORY.fullmatch(repository):
        raise UsageError(f"--repository: '{repository}' is no repository of {name}")
    client = service.connect(api, token, **options)
    number = request.number if request.number is not None else _number(service, environment, repository, client)
    return None if number is None else service.at(client, repository, number)


def _number(service: Service, environment: Mapping[str, str], repository: str, client: Client) -> int | None:
    if service.number:
        text = environment.get(service.number, "")
        return int(text) if text.isascii() and text.isdigit() else None
    return github.number_in(read_event(environment), repository, client)


def read_event(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return GitHub's event, empty where no variable names one; raises UsageError for one that cannot be read."""
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        event = json.loads(Path(path).read_bytes()) if path else {}
    except (OSError, ValueError) as error:
        raise UsageError(f"GITHUB_EVENT_PATH: cannot read {path}") from error
    return event if isinstance(event, dict) else {}


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")
