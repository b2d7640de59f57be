"""The story: a clean-up removes a factory, moves a function and drops a helper, and every import of them that still exists is in a test.

`main` is green. `cleanup` is three commits of a plausible pull request, each of them right where it looks: no production module is
broken by it. What breaks is in the tests: imports at their top, imports in a body, a name in a string, a helper and a `conftest.py` on the
way, and one test that says nothing any more because it skips itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.repositories import Content, Repository, create

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MAIN: dict[str, Content] = {
    "pyproject.toml": """\
[project]
name = "acme"
version = "1.0"

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
addopts = ["--strict-markers"]
""",
    "acme/__init__.py": '"""A small chat server."""\n',
    "acme/dependencies.py": '''\
"""What a request needs."""

from acme.websocket_core.websocket_manager import WebSocketManager

_manager = WebSocketManager()


def get_websocket_manager():
    """Return the manager of this process."""
    return _manager
''',
    "acme/services/__init__.py": "",
    "acme/services/user_execution_context.py": '''\
"""Who runs a request, and in which thread of a conversation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserExecutionContext:
    """The identity behind one run."""

    user_id: str
    thread_id: str
    run_id: str


def create_user_execution_context(user_id, thread_id, run_id=None):
    """Return the context of one run; a run without a name is named after its thread."""
    return UserExecutionContext(user_id, thread_id, run_id or f"run-{thread_id}")
''',
    "acme/services/messages.py": '''\
"""Messages to users."""

from acme.dependencies import get_websocket_manager


def announce(user_id, text):
    """Send `text` to `user_id` and return what was sent."""
    return get_websocket_manager().send(user_id, {"type": "announcement", "text": text})
''',
    "acme/websocket_core/__init__.py": "",
    "acme/websocket_core/websocket_manager.py": '''\
"""The one manager of all connections."""


class WebSocketManager:
    """Keeps the connections of every user apart."""

    def __init__(self):
        self.sent = []

    def send(self, user_id, event):
        """Queue `event` for `user_id` and return it."""
        self.sent.append((user_id, event))
        return event
''',
    "acme/websocket_core/websocket_manager_factory.py": '''\
"""One manager per user: superseded by the manager itself."""

from acme.websocket_core.websocket_manager import WebSocketManager


class WebSocketManagerFactory:
    """Makes managers and remembers whose they are."""

    def __init__(self):
        self._managers = {}

    def create(self, user_id):
        """Return the manager of `user_id`, made when it is first asked for."""
        return self._managers.setdefault(user_id, WebSocketManager())


_factory = WebSocketManagerFactory()


def get_websocket_manager_factory():
    """Return the factory of this process."""
    return _factory


def create_websocket_manager(user_id):
    """Return the manager of `user_id`."""
    return _factory.create(user_id)
''',
    "test_framework/__init__.py": "",
    "test_framework/port_conflict_fix.py": '''\
"""Ports for services that are started in tests."""

import socket


def find_free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
''',
    "test_framework/sessions.py": '''\
"""Ready-made users for tests."""

from acme.services.user_execution_context import create_user_execution_context


def session_of(user_id):
    """Return a context for `user_id` in a thread of its own."""
    return create_user_execution_context(user_id, thread_id=f"thread-of-{user_id}")
''',
    "tests/unit/test_websocket_manager_factory.py": """\
from acme.websocket_core.websocket_manager_factory import WebSocketManagerFactory


def test_a_user_keeps_the_manager():
    factory = WebSocketManagerFactory()
    assert factory.create("ada") is factory.create("ada")


def test_users_do_not_share_a_manager():
    factory = WebSocketManagerFactory()
    assert factory.create("ada") is not factory.create("bob")
""",
    "tests/unit/test_user_execution_context.py": """\
from acme.services.user_execution_context import UserExecutionContext, create_user_execution_context


def test_a_run_is_named_after_its_thread():
    context = create_user_execution_context("ada", "t1")
    assert context == UserExecutionContext("ada", "t1", "run-t1")
""",
    "tests/unit/test_sessions.py": """\
from test_framework.sessions import session_of


def test_every_user_has_a_thread():
    assert session_of("ada").thread_id == "thread-of-ada"
""",
    "tests/unit/test_announcements.py": """\
from unittest import mock

from acme.services import messages


@mock.patch("acme.websocket_core.websocket_manager_factory.create_websocket_manager")
def test_no_manager_is_made_for_an_announcement(create):
    messages.announce("ada", "hello")
    create.assert_not_called()


def test_an_announcement_is_returned():
    assert messages.announce("ada", "hello")["text"] == "hello"
""",
    "tests/unit/test_reconnect.py": """\
from acme.dependencies import get_websocket_manager


def test_the_manager_outlives_a_connection():
    assert get_websocket_manager() is get_websocket_manager()


def test_the_factory_outlives_a_connection():
    from acme.websocket_core.websocket_manager_factory import get_websocket_manager_factory

    assert get_websocket_manager_factory() is get_websocket_manager_factory()
""",
    "tests/unit/test_factory_isolation.py": """\
import pytest

factory = pytest.importorskip("acme.websocket_core.websocket_manager_factory")


def test_two_users_two_managers():
    assert factory.create_websocket_manager("ada") is not factory.create_websocket_manager("bob")
""",
    "tests/unit/test_messages.py": """\
from __future__ import annotations

from typing import TYPE_CHECKING

from acme.services.messages import announce

if TYPE_CHECKING:
    from acme.websocket_core.websocket_manager_factory import WebSocketManagerFactory


def text_of(user_id, factory: WebSocketManagerFactory | None = None):
    return announce(user_id, "hello")["text"]


def test_the_text_arrives():
    assert text_of("ada") == "hello"
""",
    "tests/unit/test_websocket_manager.py": """\
from acme.websocket_core.websocket_manager import WebSocketManager


def test_what_is_sent_is_kept():
    manager = WebSocketManager()
    manager.send("ada", {"type": "ping"})
    assert manager.sent == [("ada", {"type": "ping"})]
""",
    "tests/integration/conftest.py": """\
import pytest

from test_framework.port_conflict_fix import find_free_port


@pytest.fixture
def port():
    return find_free_port()
""",
    "tests/integration/test_server.py": """\
def test_there_is_a_port(port):
    assert 0 < port < 65536
""",
    "tests/integration/test_shutdown.py": """\
from acme.dependencies import get_websocket_manager


def test_nothing_is_sent_after_the_end():
    assert ("eve", "late") not in get_websocket_manager().sent
""",
}

COLLECTION_ERRORS = {
    "tests/integration/test_server.py": "ModuleNotFoundError: No module named 'test_framework.port_conflict_fix'",
    "tests/integration/test_shutdown.py": "ModuleNotFoundError: No module named 'test_framework.port_conflict_fix'",
    "tests/unit/test_sessions.py": "ImportError: cannot import name 'create_user_execution_context' from 'acme.services.user_execution_context'",
    "tests/unit/test_user_execution_context.py": (
        "ImportError: cannot import name 'create_user_execution_context' from 'acme.services.user_execution_context'"
    ),
    "tests/unit/test_websocket_manager_factory.py": "ModuleNotFoundError: No module named 'acme.websocket_core.websocket_manager_factory'",
}
"""The test files of `cleanup` that cannot be collected, with the line that pytest prints."""

RUNTIME_ERRORS = {
    "tests/unit/test_announcements.py": ("tests/unit/test_announcements.py::test_no_manager_is_made_for_an_announcement",),
    "tests/unit/test_reconnect.py": ("tests/unit/test_reconnect.py::test_the_factory_outlives_a_connection",),
}
"""The test files of `cleanup` that are collected and then fail, with the tests that do."""

SILENCED = ("tests/unit/test_factory_isolation.py",)
"""The test files of `cleanup` that no longer test anything, and say so to nobody."""


def tell(directory: Path) -> Repository:
    """Build the story in `directory`, on the branches `main` and `cleanup` (checked out), and return the repository."""
    repository = create(directory)
    begun = {path: content for path, content in _MAIN.items() if not path.startswith(("test_framework/", "tests/integration/", "tests/unit/test_sessions"))}
    repository.commit(begun, "A chat server")
    repository.commit(_MAIN, "Integration tests, and helpers for them")

    files = dict(_MAIN)
    del files["acme/websocket_core/websocket_manager_factory.py"]
    repository.commit(files, "Remove the WebSocket manager factory: nothing in acme uses it", branch="cleanup")
    files |= _moved()
    repository.commit(files, "Create execution contexts where the other dependencies are")
    del files["test_framework/port_conflict_fix.py"]
    repository.commit(files, "Tidy up test_framework")
    return repository


def _moved() -> Mapping[str, str]:
    """The two files between which `create_user_execution_context` moves, as they are after it."""
    context, dependencies = str(_MAIN["acme/services/user_execution_context.py"]), str(_MAIN["acme/dependencies.py"])
    head, function = context.split("\n\n\ndef create_user_execution_context")
    imports = "from acme.websocket_core.websocket_manager import WebSocketManager\n"
    return {
        "acme/services/user_execution_context.py": head + "\n",
        "acme/dependencies.py": dependencies.replace(imports, "from acme.services.user_execution_context import UserExecutionContext\n" + imports)
        + "\n\ndef create_user_execution_context"
        + function,
    }
