"""The half of the stand-in that holds comments on lines: what a pull request shows of its change, and the threads that stand on it."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

from impact.bot.hunks import spots

_REFS = {"base_sha": "b" * 40, "start_sha": "b" * 40, "head_sha": "a" * 40}


@dataclass
class Thread:
    """A comment on a line; `shown` as long as the line is as it was, `answers` are of people."""

    author: str
    body: str
    path: str
    line: int
    shown: bool = True
    answers: list[str] = field(default_factory=list)


@dataclass
class Threads:
    """`files` are the hunks of each file of the change. A comment on a line that they do not show is refused, as the forges do.

    The first `fails_after` requests that post do so, and answer that they failed.
    """

    me: str
    files: dict[str, str] = field(default_factory=dict)
    fails_after: int = 0
    all: dict[int, Thread] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, thread: Thread) -> int:
        """Put a thread there."""
        with self._lock:
            number = max(self.all, default=99) + 1
            self.all[number] = thread
            return number

    def github(self, method: str, path: str, body: Any) -> tuple[int, Any] | None:
        """Answer as GitHub does; None for what is no business of ours."""
        if path.endswith("/files"):
            return 200, [{"filename": name, "patch": patch} for name, patch in self.files.items()] + [{"filename": "image.png"}]
        if path.endswith("/reviews"):
            asked = [Thread(self.me, one["body"], one["path"], one["line"]) for one in body["comments"] if one["side"] == "RIGHT"]
            return self._post(asked) if body["event"] == "COMMENT" and body["body"] else (422, {"message": "Validation Failed"})
        if match := re.fullmatch(r".*/pulls/comments/(\d+)", path):
            return self._delete(int(match[1])) if method == "DELETE" else (405, None)
        if re.fullmatch(r".*/pulls/\d+/comments", path):
            return 200, [one for number, thread in list(self.all.items()) for one in self._as_github(number, thread)]
        return None

    def gitlab(self, method: str, path: str, body: Any) -> tuple[int, Any] | None:
        """Answer as GitLab does; None for what is no business of ours."""
        if re.fullmatch(r".*/merge_requests/\d+", path):
            return 200, {"diff_refs": _REFS}
        if path.endswith("/diffs"):
            return 200, [{"new_path": name, "old_path": name, "diff": patch} for name, patch in self.files.items()]
        if match := re.fullmatch(r".*/discussions/t(\d+)/notes/\d+", path):
            return self._delete(int(match[1])) if method == "DELETE" else (405, None)
        if path.endswith("/discussions") and method == "POST":
            at = body["position"]
            shown = next((one for one in spots(at["new_path"], at["old_path"], self.files.get(at["new_path"], "")) if one.line == at["new_line"]), None)
            if {key: at.get(key) for key in _REFS} != _REFS or shown is None or at.get("old_line") != shown.old_line:
                return 400, {"message": "400 Bad request - Note line_code can't be blank"}
            return self._post([Thread(self.me, body["body"], at["new_path"], at["new_line"])])
        if path.endswith("/discussions"):
            return 200, [{"id": "note", "notes": [{"id": 1, "author": {"username": self.me}, "body": "no line"}]}] + [
                self._as_gitlab(number, thread) for number, thread in list(self.all.items())
            ]
        return None

    def _post(self, asked: list[Thread]) -> tuple[int, Any]:
        if any(one.line not in {spot.line for spot in spots(one.path, one.path, self.files.get(one.path, ""))} for one in asked):
            return 422, {"message": "Pull request review thread line must be part of the diff"}
        for one in asked:
            self.add(one)
        self.fails_after -= 1
        return (502, None) if self.fails_after >= 0 else (201, {"id": 1})

    def _delete(self, number: int) -> tuple[int, Any]:
        with self._lock:
            return (204, None) if self.all.pop(number, None) else (404, {"message": "Not Found"})

    def _as_github(self, number: int, thread: Thread) -> list[dict[str, Any]]:
        line = thread.line if thread.shown else None
        first = {"id": number, "user": {"login": thread.author}, "body": thread.body, "path": thread.path, "line": line}
        return [first, *({**first, "id": number * 1000, "user": None, "body": answer, "in_reply_to_id": number} for answer in thread.answers)]

    def _as_gitlab(self, number: int, thread: Thread) -> dict[str, Any]:
        position = {"new_path": thread.path, "new_line": thread.line}
        notes = [{"id": number, "author": {"username": thread.author}, "body": thread.body, "position": position}]
        return {"id": f"t{number}", "notes": notes + [{"id": 9, "author": {"username": "somebody"}, "body": answer} for answer in thread.answers]}
