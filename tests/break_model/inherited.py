"""Fixtures, hooks, base classes and tests that fail as a test runs, and that its file has from elsewhere: from plugins, through conftest.py files, through
modules that hand them on.
"""

from __future__ import annotations

from collections.abc import Mapping

from break_model.rows import INI, Fate, Row, runtime_error

X = "tests/test_x.py"
_GONE = "AttributeError: module 'acme' has no attribute 'gone'"
_FIXTURE = "import pytest\nimport acme\n@pytest.fixture\ndef it():\n    return acme.gone\n"
_AUTOUSE = _FIXTURE.replace("fixture\n", "fixture(autouse=True)\n")
_OVERRIDE = "import pytest\n@pytest.fixture\ndef it():\n    return 1\n"
_HOOK = "import acme\ndef pytest_runtest_setup(item):\n    acme.gone\n"
_USER = "def test_a(it):\n    pass\ndef test_b():\n    pass\n"
_GETTER = "def test_a(request):\n    request.getfixturevalue('it')\ndef test_b():\n    pass\n"
_PLUGGED = {"conftest.py": "pytest_plugins = ['acme.plugin']\n", "acme/plugin.py": _FIXTURE}
_CASE = "import acme\nimport unittest\nclass Base(unittest.TestCase):\n    def setUp(self):\n        acme.gone\n"
_BRINGS = "import acme\nimport pytest\nclass Base:\n    @pytest.fixture(autouse=True)\n    def it(self):\n        acme.gone\n"
_TESTS = "import acme\nclass Base:\n    def test_a(self):\n        acme.gone\n"
_HEIR = "class TestX(Base):\n    def test_a(self):\n        pass\n"
_EMPTY = "class TestX(Base):\n    pass\n"
_MIDDLE = "from impl import Base\nclass Middle(Base):\n    pass\n"
_A = runtime_error(X, "test_a", exception=_GONE)
_B = runtime_error(X, "test_b", exception=_GONE)
_IN_CLASS = runtime_error(X, "TestX::test_a", exception=_GONE)


def _row(name: str, tree: Mapping[str, str], *fates: Fate, change: Mapping[str, str | None] | None = None, ini: str = INI) -> Row:
    return Row(f"inherited-{name}", {"acme/__init__.py": "gone = 1\n", **tree}, change or {"acme/__init__.py": ""}, fates, ini=ini)


def _handed(name: str, impl: str, middle: str, test: str, *fates: Fate) -> Row:
    return _row(name, {"tests/impl.py": impl, "tests/middle.py": middle, X: test}, *fates)


ROWS = (
    _row("fixture-of-a-plugin", _PLUGGED | {X: _USER}, _A),
    _row("fixture-of-a-plugin-that-nobody-asks-for", _PLUGGED | {X: "def test_b():\n    pass\n"}),
    _row("fixture-of-a-plugin-by-its-name", _PLUGGED | {X: _GETTER}, _A),
    _row("fixture-of-a-plugin-by-a-mark", _PLUGGED | {X: f"import pytest\n@pytest.mark.usefixtures('it')\n{_USER.replace('it', '')}"}, _A),
    _row("fixture-of-a-plugin-by-another", _PLUGGED | {X: f"{_OVERRIDE.replace('it()', 'one(it)')}{_USER.replace('it', 'one')}"}, _A),
    _row("fixture-of-a-plugin-for-all", _PLUGGED | {"acme/plugin.py": _AUTOUSE, X: "def test_b():\n    pass\n"}, _B),
    _row("fixture-of-a-plugin-that-is-overridden", _PLUGGED | {"tests/conftest.py": _OVERRIDE, X: _USER}),
    _row("fixture-of-a-plugin-that-is-overridden-and-asked", _PLUGGED | {"tests/conftest.py": _OVERRIDE.replace("it()", "it(it)"), X: _USER}, _A),
    _row("fixture-of-a-plugin-by-the-settings", {"acme/plugin.py": _FIXTURE, X: _USER}, _A, ini=f"{INI}addopts = -p acme.plugin\n"),
    _row("fixture-of-a-plugin-of-the-file", {"acme/plugin.py": _FIXTURE, X: f"pytest_plugins = ['acme.plugin']\n{_USER}"}, _A),
    _row(
        "fixture-of-a-plugin-of-a-plugin",
        _PLUGGED | {"acme/plugin.py": "pytest_plugins = ['acme.inner']\n", "acme/inner.py": _FIXTURE, X: _USER},
        _A,
    ),
    _row(
        "fixture-of-a-plugin-whose-import-goes",
        _PLUGGED | {X: _USER},
        runtime_error(X, "test_a", exception="NameError: name 'acme' is not defined"),
        change={"acme/plugin.py": _FIXTURE.replace("import acme\n", "")},
    ),
    _row("hook-of-a-plugin", _PLUGGED | {"acme/plugin.py": _HOOK, X: "def test_b():\n    pass\n"}, _B),
    _row("fixture-through-a-conftest", {"conftest.py": "from acme.more import it\n", "acme/more.py": _FIXTURE, X: _USER}, _A),
    _row("fixture-through-the-star-of-a-conftest", {"tests/conftest.py": "from acme.more import *\n", "acme/more.py": _FIXTURE, X: _USER}, _A),
    _row(
        "fixture-through-the-star-of-a-star",
        {"tests/conftest.py": "from more import *\n", "tests/more/__init__.py": "from .db import *\n", "tests/more/db.py": _FIXTURE, X: _USER},
        _A,
    ),
    _row(
        "fixture-through-a-package",
        {"tests/conftest.py": "from more import it\n", "tests/more/__init__.py": "from .db import it\n", "tests/more/db.py": _FIXTURE, X: _USER},
        _A,
    ),
    _row(
        "fixture-through-a-package-that-is-overridden-further-down",
        {
            "tests/conftest.py": "from acme.more import *\n",
            "acme/more.py": _FIXTURE,
            X: _USER,
            "tests/deep/conftest.py": _OVERRIDE,
            "tests/deep/test_z.py": _USER,
        },
        _A,
    ),
    _row(
        "fixture-that-the-test-imports-from-a-package",
        {"acme/more.py": "from acme.db import it\n", "acme/db.py": _FIXTURE, X: f"from acme.more import it\n{_USER}"},
        _A,
    ),
    _handed("base", _CASE, "", f"from impl import Base\n{_HEIR}", _IN_CLASS),
    _handed("base-that-is-handed-on", _CASE, "from impl import Base\n", f"from middle import Base\n{_HEIR}", _IN_CLASS),
    _handed("base-of-a-base", _CASE, _MIDDLE, f"from middle import Middle as Base\n{_HEIR}", _IN_CLASS),
    _handed(
        "base-of-a-base-that-has-its-own",
        _CASE,
        f"{_MIDDLE.replace('pass', '')}def setUp(self):\n        pass\n",
        f"from middle import Middle as Base\n{_HEIR}",
    ),
    _handed("fixture-of-a-base-of-a-base", _BRINGS, _MIDDLE, f"from middle import Middle as Base\n{_HEIR}", _IN_CLASS),
    _handed("tests-of-a-base-of-a-base", _TESTS, _MIDDLE, f"from middle import Middle as Base\n{_EMPTY}", _IN_CLASS),
    _handed("tests-of-a-base-that-the-heir-has-anew", _TESTS, _MIDDLE, f"from middle import Middle as Base\n{_HEIR}"),
    _handed("test-that-is-handed-on", "import acme\ndef test_a():\n    acme.gone\n", "from impl import *\n", "from middle import *\n", _A),
    _handed("hook-of-a-module", "import acme\ndef setup_module():\n    acme.gone\n", "", "from impl import setup_module\ndef test_a():\n    pass\n", _A),
)
