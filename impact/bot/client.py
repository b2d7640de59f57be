"""Requests to a forge: retries with patience, and errors that say what to do and never what the token is.

Addresses in an answer are never followed: the token would go wherever they point. Pages are asked for by number. An answer may be anything (a proxy's
page, half of a list, ten gigabytes): what is wanted of it is taken in here, and what does not hold it is an error of the forge, not ours.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from impact.errors import ForgeError
from impact.render.inert import clipped, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Found = TypeVar("Found")

# The most that each forge gives at once.
PAGE = 100
_PAGES = 200
_ATTEMPTS = 5
_TIMEOUT = 30.0
# An answer that is still coming in after so many seconds, or is larger than that, is given up.
_LONGEST_ANSWER = 120.0
_LARGEST_ANSWER = 64 * 1024 * 1024
# The longest that a forge may ask us to wait, in seconds: a job should not stand still for its comment.
_LONGEST_WAIT = 60.0
_PASSING = frozenset({500, 502, 503, 504})
_LIMITING = frozenset({403, 429})
_MISSING = frozenset({404, 410})
_SAID = 200


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def limited(self) -> bool:
        """Whether it speaks of a limit of requests in its text."""
        return b"rate limit" in self.data.lower()

    def json(self) -> Any:
        """Return the value in it, None where it is empty; raises ValueError and RecursionError."""
        return json.loads(self.data) if self.data else None


class Client:
    """A forge's API below `base`. `permission` is what the token needs, in the forge's own words."""

    def __init__(self, base: str, headers: Mapping[str, str], *, secret: str, permission: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self.base = base.rstrip("/")
        try:
            url = httpx.URL(base)
            # A handful of requests: a connection for each leaves nothing to be closed.
            self._http = httpx.Client(
                base_url=self.base + "/", headers={**headers, "user-agent": "impact", "connection": "close"}, timeout=_TIMEOUT, follow_redirects=False
            )
        except UnicodeEncodeError:
            raise ForgeError("the token holds a character that no token has") from None
        # An address that is none, a proxy or a file of certificates in the environment that cannot be used.
        except (httpx.InvalidURL, ValueError, OSError) as error:
            raise ForgeError(f"{clipped(visible(base), _SAID)}: {clipped(visible(str(error)), _SAID)}") from None
        if url.scheme != "https" and url.host not in {"localhost", "127.0.0.1", "::1"}:
            raise ForgeError(f"{visible(base)}: the token is sent over https alone")
        self._secret = secret
        self._permission = permission
        self._sleep = sleep

    def tell(self, method: str, path: str, body: object = None, *, missing: bool = False) -> None:
        """Make a request that changes something. With `missing`, what is not there any more is no error. Raises ForgeError."""
        self._value(method, path, body=body, missing=missing)

    def ask(self, method: str, path: str, take: Callable[[Any], Found], *, params: Mapping[str, str | int] | None = None, body: object = None) -> Found:
        """Return what `take` makes of the forge's answer, which is JSON. Raises ForgeError, also where `take` does not find what it looks for."""
        return _taken(method, path, take, self._value(method, path, params=params, body=body))

    def pages(
        self, path: str, take: Callable[[Any], Found], *, size: str = "per_page", params: Mapping[str, str | int] | None = None, inside: str = ""
    ) -> Iterator[Found]:
        """Yield what `take` makes of each item of every page of a list; `inside` names the field that holds them, where a page is an object."""

        def items(page: Any) -> tuple[list[Found], bool]:
            # A page that says itself that there is a next one may be shorter than we asked for.
            listed = page[inside] if inside else page
            if not isinstance(listed, list):
                raise TypeError
            return [take(one) for one in listed], len(listed) >= PAGE or bool(inside and page.get("next"))

        for number in range(1, _PAGES + 1):
            found, more = self.ask("GET", path, items, params={**(params or {}), size: PAGE, "page": number})
            yield from found
            if not more:
                return

    def _value(self, method: str, path: str, *, params: Mapping[str, str | int] | None = None, body: object = None, missing: bool = False) -> Any:
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                answer = self._send(method, path, params, body)
            except httpx.LocalProtocolError:
                raise ForgeError("the token holds a character that no token has") from None
            except httpx.RequestError as error:
                if last:
                    raise ForgeError(f"{self._http.base_url.host} cannot be reached: {type(error).__name__}") from None
                self._sleep(2.0**attempt)
                continue
            wait = self._wait(answer, attempt)
            if wait is None or last:
                return self._read(answer, method, path, missing=missing)
            self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _send(self, method: str, path: str, params: Mapping[str, str | int] | None, body: object) -> _Answer:
        until = time.monotonic() + _LONGEST_ANSWER
        data = bytearray()
        with self._http.stream(method, path, params=params, json=body) as answer:
            for part in answer.iter_bytes():
                data += part
                if len(data) > _LARGEST_ANSWER or time.monotonic() > until:
                    raise ForgeError(f"{method} {path}: the answer has no end")
        return _Answer(answer.status_code, answer.headers, bytes(data))

    def _wait(self, answer: _Answer, attempt: int) -> float | None:
        """Return for how many seconds to wait before the next attempt; None where another one is of no use."""
        asked = answer.headers.get("retry-after", "")
        seconds = float(asked) if asked.isascii() and asked.isdigit() else None
        if answer.status in _PASSING:
            return 2.0**attempt if seconds is None else min(seconds, _LONGEST_WAIT)
        limited = answer.status == 429 or asked or answer.headers.get("x-ratelimit-remaining") == "0" or answer.limited
        if answer.status not in _LIMITING or not limited:
            return None
        if seconds is None:
            return 2.0**attempt
        return seconds if seconds <= _LONGEST_WAIT else None

    def _read(self, answer: _Answer, method: str, path: str, *, missing: bool) -> Any:
        status = answer.status
        if 200 <= status < 300:
            try:
                return answer.json()
            except (ValueError, RecursionError):
                raise ForgeError(f"{method} {path}: the answer is not JSON") from None
        if missing and status in _MISSING:
            return None
        where = f"{method} {path}: HTTP {status}"
        if status == 401:
            raise ForgeError("the token is not accepted (HTTP 401)", hint=self._permission, status=status)
        if status == 429 or answer.limited:
            asked = self._clean(answer.headers.get("retry-after", ""))
            wait = f"{asked} s" if asked.isdigit() else asked or "a while"
            raise ForgeError(f"{where}: too many requests; it asks to wait {wait}", status=status)
        if there := self._clean(answer.headers.get("location", "")):
            raise ForgeError(f"{where}: it points to {there}, where no token is sent", hint="--api-url says where the API is", status=status)
        if status in {403, 404}:
            raise ForgeError(f"{where}: the token may not do this, or there is no such thing{self._said(answer)}", hint=self._permission, status=status)
        raise ForgeError(f"{where}{self._said(answer)}", status=status)

    def _said(self, answer: _Answer) -> str:
        try:
            value = answer.json()
        except (ValueError, RecursionError):
            return ""
        message = value.get("message") or value.get("error") if isinstance(value, dict) else None
        # Bitbucket's message is one step down.
        if isinstance(message, dict):
            message = message.get("message")
        return f": {self._clean(str(message))}" if message else ""

    def _clean(self, text: str) -> str:
        return clipped(visible(text.replace(self._secret, "***") if self._secret else text), _SAID)


def _taken(method: str, path: str, take: Callable[[Any], Found], value: Any) -> Found:
    try:
        return take(value)
    except (AttributeError, LookupError, TypeError, ValueError):
        raise ForgeError(f"{method} {path}: the answer is not what was asked for") from None
