"""Requests to a forge: retries with patience, and errors that say what to do and never what the token is.

Addresses in an answer are never followed: the token would go wherever they point. Pages are asked for by number.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx

from impact.errors import ForgeError
from impact.render.inert import clipped, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# The most that each forge gives at once.
PAGE = 100
_PAGES = 200
_ATTEMPTS = 5
_TIMEOUT = 30.0
# The longest that a forge may ask us to wait, in seconds: a job should not stand still for its comment.
_LONGEST_WAIT = 60.0
_PASSING = frozenset({500, 502, 503, 504})
_LIMITING = frozenset({403, 429})


class Client:
    """A forge's API below `base`. `permission` is what the token needs, in the forge's own words."""

    def __init__(self, base: str, headers: Mapping[str, str], *, secret: str, permission: str, sleep: Callable[[float], None] = time.sleep) -> None:
        url = httpx.URL(base)
        if url.scheme != "https" and url.host not in {"localhost", "127.0.0.1", "::1"}:
            raise ForgeError(f"{visible(base)}: the token is sent over https alone")
        # A handful of requests: a connection for each leaves nothing to be closed.
        self.base = base.rstrip("/")
        self._http = httpx.Client(
            base_url=self.base + "/", headers={**headers, "user-agent": "impact", "connection": "close"}, timeout=_TIMEOUT, follow_redirects=False
        )
        self._secret = secret
        self._permission = permission
        self._sleep = sleep

    def ask(self, method: str, path: str, *, params: Mapping[str, str | int] | None = None, body: object = None, missing: bool = False) -> Any:
        """Return what the forge answers, as JSON; None for an empty answer, and for 404 and 410 where `missing` may be. Raises ForgeError."""
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                answer = self._http.request(method, path, params=params, json=body)
            except httpx.TransportError as error:
                if last:
                    raise ForgeError(f"{self._http.base_url.host} cannot be reached: {type(error).__name__}") from None
                self._sleep(2.0**attempt)
                continue
            wait = self._wait(answer, attempt)
            if wait is None or last:
                return self._read(answer, method, path, missing=missing)
            self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def pages(self, path: str, *, size: str = "per_page", params: Mapping[str, str | int] | None = None, inside: str = "") -> Iterator[dict[str, Any]]:
        """Yield the items of every page of a list; `inside` names the field that holds them, where a page is an object."""
        for number in range(1, _PAGES + 1):
            page = self.ask("GET", path, params={**(params or {}), size: PAGE, "page": number})
            items = page.get(inside, []) if inside else page
            yield from items
            if len(items) < PAGE:
                return

    def _wait(self, answer: httpx.Response, attempt: int) -> float | None:
        """Return for how many seconds to wait before the next attempt; None where another one is of no use."""
        asked = answer.headers.get("retry-after", "")
        if answer.status_code in _PASSING:
            return min(float(asked), _LONGEST_WAIT) if asked.isdigit() else 2.0**attempt
        limited = answer.status_code == 429 or asked or answer.headers.get("x-ratelimit-remaining") == "0" or "rate limit" in answer.text.lower()
        if answer.status_code not in _LIMITING or not limited:
            return None
        if not asked.isdigit():
            return 2.0**attempt
        return float(asked) if float(asked) <= _LONGEST_WAIT else None

    def _read(self, answer: httpx.Response, method: str, path: str, *, missing: bool) -> Any:
        status = answer.status_code
        if answer.is_success:
            try:
                return answer.json() if answer.content else None
            except ValueError:
                raise ForgeError(f"{method} {path}: the answer is not JSON") from None
        if missing and status in {404, 410}:
            return None
        where = f"{method} {path}: HTTP {status}"
        if status == 401:
            raise ForgeError("the token is not accepted (HTTP 401)", hint=self._permission, status=status)
        if status == 429 or "rate limit" in answer.text.lower():
            asked = answer.headers.get("retry-after", "")
            wait = f"{asked} s" if asked.isdigit() else self._clean(asked) or "a while"
            raise ForgeError(f"{where}: too many requests; it asks to wait {wait}", status=status)
        if status in {403, 404}:
            raise ForgeError(f"{where}: the token may not do this, or there is no such thing{self._said(answer)}", hint=self._permission, status=status)
        raise ForgeError(f"{where}{self._said(answer)}", status=status)

    def _said(self, answer: httpx.Response) -> str:
        try:
            value = answer.json()
        except ValueError:
            return ""
        message = value.get("message") or value.get("error") if isinstance(value, dict) else None
        # Bitbucket's message is one step down.
        if isinstance(message, dict):
            message = message.get("message")
        return f": {self._clean(str(message))}" if message else ""

    def _clean(self, text: str) -> str:
        return clipped(visible(text.replace(self._secret, "***") if self._secret else text), 200)
