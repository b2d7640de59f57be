"""A forge on this machine that keeps state: comments with their authors, pages, scripted failures. It speaks all four dialects by their paths."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from support.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Iterator

ME = "impact-bot"
_LIST = re.compile(r".*/(?:comments|notes)")
_ONE = re.compile(r".*/(?:comments|notes)/(\d+)")


@dataclass
class Answer:
    """What the forge says instead of what it would say; bytes are sent as they are."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: object = None


@dataclass
class Asked:
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


@dataclass
class StandIn:
    """`dialect` is github, gitlab, gitea or bitbucket. `script` is answered first, one for each request that is no look-up of who we are."""

    dialect: str
    comments: dict[int, tuple[str, str]] = field(default_factory=dict)
    script: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    who: Answer | None = None
    threads: Threads = field(default_factory=lambda: Threads(ME))
    url: str = ""
    _next: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, author: str, body: str) -> int:
        """Put a comment there, as if `author` had written it."""
        with self._lock:
            number, self._next = self._next, self._next + 1
            self.comments[number] = (author, body)
            return number

    @property
    def bodies(self) -> list[str]:
        """The comments of ours, the oldest first."""
        return [body for _, (author, body) in sorted(self.comments.items()) if author == ME]

    def answer(self, asked: Asked) -> Answer:
        """Return what the forge answers."""
        self.asked.append(asked)
        if asked.path.endswith("/user"):
            return self.who or Answer(200, body={"login": ME, "username": ME, "uuid": ME})
        if self.script:
            return self.script.pop(0)
        if asked.path.endswith("/api/v3/graphql"):
            return Answer(404, body={"message": "An Enterprise Server has no such thing"})
        if asked.path.endswith("/graphql"):
            return Answer(200, body={"data": {}})
        if self.dialect in {"github", "gitlab"}:
            on_lines = self.threads.github if self.dialect == "github" else self.threads.gitlab
            if (found := on_lines(asked.method, asked.path, asked.body)) is not None:
                return self._page(asked, Answer(found[0], body=found[1]))
        if asked.path.endswith("/pulls"):
            return Answer(200, body=self.pulls)
        if "/check-runs" in asked.path:
            return Answer(201, body={"id": 9})
        if match := _ONE.fullmatch(asked.path):
            return self._one(asked, int(match[1]))
        return self._list(asked) if _LIST.fullmatch(asked.path) else Answer(404, body={"message": "Not Found"})

    def _one(self, asked: Asked, number: int) -> Answer:
        with self._lock:
            if number not in self.comments:
                return Answer(404, body={"message": "Not Found"})
            if asked.method == "DELETE":
                del self.comments[number]
                return Answer(204)
            if self.dialect == "bitbucket" and self.comments[number][0] != ME:
                return Answer(403, body={"error": {"message": "You do not have permission to edit this comment"}})
            self.comments[number] = (self.comments[number][0], self._text(asked.body))
            return Answer(200, body=self._shown(number))

    def _list(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            return Answer(201, body=self._shown(self.add(ME, self._text(asked.body))))
        every = [self._shown(number) for number in sorted(self.comments)]
        return Answer(200, body=every) if self.dialect == "gitea" else self._page(asked, Answer(200, body=every))

    def _page(self, asked: Asked, whole: Answer) -> Answer:
        if not isinstance(whole.body, list):
            return whole
        size = int(asked.query["pagelen" if self.dialect == "bitbucket" else "per_page"][0])
        start = (int(asked.query["page"][0]) - 1) * size
        page = whole.body[start : start + size]
        return Answer(200, body={"values": page} if self.dialect == "bitbucket" else page)

    def _text(self, body: Any) -> str:
        return str(body["content"]["raw"] if self.dialect == "bitbucket" else body["body"])

    def _shown(self, number: int) -> dict[str, Any]:
        author, body = self.comments[number]
        user = {"login": author, "username": author, "uuid": author}
        return {"id": number, "node_id": f"node-{number}", "user": user, "author": user, "body": body, "content": {"raw": body}, "deleted": False}


def serve(stand_in: StandIn) -> Iterator[StandIn]:
    """Run the forge until the generator is closed."""

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            url = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = stand_in.answer(Asked(self.command, url.path, parse_qs(url.query), headers, json.loads(raw) if raw else None))
            data = said.body if isinstance(said.body, bytes) else b"" if said.body is None else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in {"content-length": str(len(data)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _handle  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield stand_in
    server.shutdown()
    server.server_close()
    thread.join()
