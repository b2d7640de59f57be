"""Methods that fail behind others, of an instance that a fixture brings."""

from __future__ import annotations

from break_model.rows import Row, runtime_error

X = "tests/test_x.py"
_NOT_THERE = "AttributeError: module 'acme' has no attribute 'helpers'"
_RUNNER = (
    "import acme\nimport contextlib\nclass Runner:\n    @contextlib.contextmanager\n"
    "    def isolated(self):\n        kept = acme.helpers.gone\n        yield kept\n"
    "    def invoke(self):\n        with self.isolated():\n            pass\n    def harmless(self):\n        return 1\n"
)
_FIXTURE = "import pytest\n@pytest.fixture\ndef runner():\n    return Runner()\n"
_TESTS = "def test_a(runner):\n    runner.invoke()\ndef test_b(runner):\n    runner.harmless()\n"
_OTHER = "class Other:\n    def invoke(self):\n        pass\ndef test_c():\n    Other().invoke()\n"
_ACME = {"acme/__init__.py": "from acme.helpers import kept\n", "acme/helpers.py": "def gone():\n    pass\ndef kept():\n    pass\n"}
_MOVED = {"acme/__init__.py": "from acme.terms import kept\n", "acme/helpers.py": None, "acme/terms.py": _ACME["acme/helpers.py"]}

ROWS = (
    Row(
        "method-behind-a-method-of-what-a-fixture-brings",
        {**_ACME, "tests/conftest.py": _RUNNER + _FIXTURE, X: _TESTS + _OTHER},
        _MOVED,
        (runtime_error(X, "test_a", exception=_NOT_THERE),),
    ),
    Row(
        "method-of-production-code-behind-a-method-of-what-a-fixture-brings",
        {**_ACME, "acme/runner.py": _RUNNER, "tests/conftest.py": f"from acme.runner import Runner\n{_FIXTURE}", X: _TESTS + _OTHER},
        _MOVED,
        (runtime_error(X, "test_a", exception=_NOT_THERE),),
    ),
    Row(
        "method-that-fails-and-no-test-asks-for",
        {**_ACME, "tests/conftest.py": _RUNNER + _FIXTURE, X: f"def test_b(runner):\n    runner.harmless()\n{_OTHER}"},
        _MOVED,
    ),
)
