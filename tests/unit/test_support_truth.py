"""The truth about small trees: that the witness notes what pytest does, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.repositories import draw
from support.truth import Outcome, Truth, ask

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.repositories import Content

pytestmark = pytest.mark.slow

FLAT = {"pytest.ini": "[pytest]\npythonpath = .\n", "acme/__init__.py": "", "acme/a.py": "def one():\n    return 1\n"}


def _ask(tmp_path: Path, files: Mapping[str, Content]) -> Truth:
    repository = draw(tmp_path, base={}, head={**FLAT, **files})
    return ask(repository.export("head", tmp_path / "tree"))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import acme.gone\n", "ModuleNotFoundError: No module named 'acme.gone'"),
        ("from acme.a import two\n", "ImportError: cannot import name 'two' from 'acme.a'"),
        ("from acme import a\na.two\n", "AttributeError: module 'acme.a' has no attribute 'two'"),
        ("two()\n", "NameError: name 'two' is not defined"),
        ("def test_x(:\n", "SyntaxError: invalid syntax"),
        ("raise ValueError('first\\nsecond')\n", "ValueError: first"),
    ],
)
def test_the_line_of_a_collection_error(tmp_path: Path, source: str, line: str) -> None:
    truth = _ask(tmp_path, {"tests/test_x.py": source, "tests/test_fine.py": "def test_ok():\n    pass\n"})
    assert truth.collection_errors == {"tests/test_x.py": line}
    assert truth.broken == ("tests/test_x.py",)
    assert truth.files["tests/test_fine.py"] == Outcome(passed=frozenset({"tests/test_fine.py::test_ok"}))


def test_failed_skipped_and_passed_tests_are_told_apart(tmp_path: Path) -> None:
    source = """
import pytest
from unittest import mock

def test_local():
    from acme.a import two

@mock.patch("acme.a.two")
def test_patch(two):
    pass

@pytest.fixture
def broken():
    import acme.gone

class TestX:
    def test_fixture(self, broken):
        pass

    @pytest.mark.parametrize("n", [1, 2])
    def test_ok(self, n):
        pass

def test_skipped():
    pytest.importorskip("acme.gone")
"""
    outcome = _ask(tmp_path, {"tests/test_x.py": source}).files["tests/test_x.py"]
    name = "tests/test_x.py::"
    assert outcome.failed == {
        f"{name}test_local": "ImportError: cannot import name 'two' from 'acme.a'",
        f"{name}TestX::test_fixture": "ModuleNotFoundError: No module named 'acme.gone'",
        f"{name}test_patch": outcome.failed[f"{name}test_patch"],
    }
    assert outcome.failed[f"{name}test_patch"].startswith("AttributeError: <module 'acme.a' from ")
    assert outcome.skipped == {f"{name}test_skipped"}
    assert outcome.passed == {f"{name}TestX::test_ok[1]", f"{name}TestX::test_ok[2]"}


def test_a_module_that_skips_itself(tmp_path: Path) -> None:
    truth = _ask(tmp_path, {"tests/test_x.py": "import pytest\npytest.importorskip('acme.gone')\ndef test_a():\n    pass\n"})
    assert truth.files == {"tests/test_x.py": Outcome(skipped=frozenset({"tests/test_x.py"}))}


@pytest.mark.parametrize("conftest", ["tests/low/conftest.py", "tests/low/deep/conftest.py"])
def test_the_tests_below_a_conftest_that_cannot_be_imported(tmp_path: Path, conftest: str) -> None:
    healthy = "def test_ok():\n    pass\n"
    files = {conftest: "import acme.gone\n", "tests/test_high.py": healthy, "tests/low/test_low.py": healthy, "tests/low/deep/test_deep.py": healthy}
    truth = _ask(tmp_path, files)
    below = [path for path in ("tests/low/deep/test_deep.py", "tests/low/test_low.py") if path.startswith(conftest.removesuffix("conftest.py"))]
    assert truth.collection_errors == dict.fromkeys(below, "ModuleNotFoundError: No module named 'acme.gone'")
    assert truth.files["tests/test_high.py"].passed == {"tests/test_high.py::test_ok"}


def test_a_conftest_that_ends_the_session_counts_for_its_directory_only(tmp_path: Path) -> None:
    healthy = "def test_ok():\n    pass\n"
    truth = _ask(tmp_path, {"tests/conftest.py": "from acme.a import two\n", "tests/test_x.py": healthy, "acme/test_y.py": healthy})
    assert truth.collection_errors == {"tests/test_x.py": "ImportError: cannot import name 'two' from 'acme.a'"}
    assert truth.files["acme/test_y.py"].passed == {"acme/test_y.py::test_ok"}


def test_a_root_conftest_takes_everything_along(tmp_path: Path) -> None:
    healthy = "def test_ok():\n    pass\n"
    truth = _ask(tmp_path, {"conftest.py": "import acme.gone\n", "tests/test_x.py": healthy, "acme/test_y.py": "import acme.gone2\n"})
    assert truth.collection_errors == dict.fromkeys(("acme/test_y.py", "tests/test_x.py"), "ModuleNotFoundError: No module named 'acme.gone'")


def test_a_plugin_that_a_conftest_asks_for_and_does_not_get(tmp_path: Path) -> None:
    truth = _ask(tmp_path, {"conftest.py": "pytest_plugins = ['acme.gone']\n", "tests/test_x.py": "def test_ok():\n    pass\n"})
    assert list(truth.collection_errors) == ["tests/test_x.py"]
    assert "No module named 'acme.gone'" in truth.collection_errors["tests/test_x.py"]


def test_the_tree_is_left_as_it_was(tmp_path: Path) -> None:
    _ask(tmp_path, {"tests/test_x.py": "import acme.a\ndef test_ok():\n    pass\n"})
    tree = tmp_path / "tree"
    assert sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()) == sorted([*FLAT, "tests/test_x.py"])
