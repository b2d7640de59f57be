"""Marks and fixtures that no longer fit what they are put on."""

from __future__ import annotations

from break_model.rows import OK, Row, acme, collection_error, runtime_error

X = "tests/test_x.py"
P = "import pytest\n@pytest.mark.parametrize('x, y', [(1, 2)])\n"
DEF = "def test_a(x, y):\n    pass\n"

_PARAMETRIZE = (
    Row(
        "parameter-that-goes",
        acme(P + DEF + OK),
        {X: P + "def test_a(x):\n    pass\n" + OK},
        (collection_error(X, f"Failed: In {X}::test_a: function uses no argument 'y'"),),
    ),
    Row(
        "parametrized-name-that-is-misspelled",
        acme(P + DEF),
        {X: P.replace("x, y", "x,z") + DEF},
        (collection_error(X, f"Failed: In {X}::test_a: function uses no argument 'z'"),),
    ),
    Row(
        "parametrized-name-that-has-a-default",
        acme(P + DEF),
        {X: P + "def test_a(x, y=1):\n    pass\n"},
        (collection_error(X, f"Failed: In {X}::test_a: function already takes an argument 'y' with a default value"),),
    ),
    Row(
        "parametrized-method",
        acme("import pytest\nclass TestX:\n    @pytest.mark.parametrize('x', [1])\n    def test_a(self, x):\n        pass\n"),
        {X: "import pytest\nclass TestX:\n    @pytest.mark.parametrize('x', [1])\n    def test_a(self):\n        pass\n"},
        (collection_error(X, f"Failed: In {X}::TestX::test_a: function uses no argument 'x'"),),
    ),
    Row(
        "parametrized-fixture",
        acme(
            "import pytest\n@pytest.fixture\ndef it(request):\n    return request.param\n@pytest.mark.parametrize('it', [1], indirect=True)\n"
            "def test_a(it):\n    pass\n"
        ),
        {
            X: "import pytest\n@pytest.fixture\ndef it(request):\n    return request.param\n@pytest.mark.parametrize('it', [1], indirect=True)\n"
            "def test_a():\n    pass\n"
        },
        (collection_error(X, f"Failed: In {X}::test_a: function uses no fixture 'it'"),),
    ),
    Row(
        "parametrized-fixture-behind-another",
        acme(OK),
        {X: "import pytest\n@pytest.fixture\ndef it(x):\n    return x\n@pytest.mark.parametrize('x', [1])\ndef test_a(it):\n    assert it == 1\n"},
    ),
    Row(
        "parametrized-name-used-by-a-mark",
        acme(OK),
        {X: "import pytest\n@pytest.mark.parametrize('x', [1])\n@pytest.mark.usefixtures('x')\ndef test_a():\n    pass\n"},
    ),
    Row(
        "parametrized-twice",
        acme(P + DEF),
        {X: P + "@pytest.mark.parametrize('x', [3])\n" + DEF},
        (collection_error(X, f"{X}::test_a: duplicate parametrization of 'x'"),),
    ),
    Row("parametrized-twice-by-two-names", acme(OK), {X: "import pytest\n@pytest.mark.parametrize('x', [1])\n@pytest.mark.parametrize('y', [2])\n" + DEF}),
    Row("parameter-renamed-with-its-mark", acme(P + DEF), {X: (P + DEF).replace("y", "z").replace("pztest", "pytest")}),
    Row(
        "parametrized-behind-another-decorator",
        acme(OK),
        {
            X: "import pytest\ndef filled(function):\n    def test(y):\n        return function(1, y)\n    return test\n"
            "@pytest.mark.parametrize('y', [2])\n@filled\ndef test_a(x, z):\n    pass\n"
        },
    ),
    Row("parametrized-wrongly-before", acme(P + "def test_a(x):\n    pass\n" + OK), {X: P + "def test_a(x, z):\n    pass\n" + OK}),
)

WIDE = "import pytest\n@pytest.fixture(scope='session')\ndef it(other):\n    return other\n@pytest.fixture(scope='session')\ndef other():\n    return 1\n"
MISMATCH = "Failed: ScopeMismatch: You tried to access the {} scoped fixture {} with a {} scoped request object. Requesting fixture stack:"
USER = "def test_a(it):\n    pass\ndef test_b():\n    pass\n"

_SCOPES = (
    Row(
        "scope-that-became-too-narrow",
        acme(USER) | {"tests/conftest.py": WIDE},
        {"tests/conftest.py": WIDE.replace("(scope='session')\ndef other", "\ndef other")},
        (runtime_error(X, "test_a", exception=MISMATCH.format("function", "other", "session")),),
    ),
    Row(
        "scope-that-became-too-wide",
        acme(USER) | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it(tmp_path):\n    return tmp_path\n"},
        {"tests/conftest.py": "import pytest\n@pytest.fixture(scope='module')\ndef it(tmp_path):\n    return tmp_path\n"},
        (runtime_error(X, "test_a", exception=MISMATCH.format("function", "tmp_path", "module")),),
    ),
    Row(
        "request-of-a-narrower-scope",
        acme(f"{WIDE}{USER}"),
        {X: f"{WIDE}{USER}".replace("def it(other)", "def it(other, monkeypatch)")},
        (runtime_error(X, "test_a", exception=MISMATCH.format("function", "monkeypatch", "session")),),
    ),
    Row(
        "scope-narrowed-on-both-sides",
        acme(USER) | {"tests/conftest.py": WIDE},
        {"tests/conftest.py": WIDE.replace("session", "module")},
    ),
    Row(
        "scope-that-is-wide-and-nobody-minds",
        acme(USER) | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it(tmp_path_factory):\n    pass\n"},
        {"tests/conftest.py": "import pytest\n@pytest.fixture(scope='session')\ndef it(tmp_path_factory):\n    pass\n"},
    ),
    Row(
        "scope-of-a-fixture-that-is-overridden",
        acme("import pytest\n@pytest.fixture\ndef it():\n    pass\n" + USER) | {"tests/conftest.py": WIDE},
        {"tests/conftest.py": WIDE.replace("(scope='session')\ndef other", "\ndef other")},
    ),
    Row(
        "scope-that-was-too-wide-before",
        acme(USER) | {"tests/conftest.py": WIDE.replace("def it(other)", "def it(other, tmp_path)")},
        {"tests/conftest.py": WIDE.replace("def it(other)", "def it(other, tmp_path, request)")},
    ),
)

_CALLED = (
    Row(
        "function-that-became-a-fixture",
        acme("from helpers import make\ndef test_a():\n    make()\ndef test_b():\n    pass\n") | {"tests/helpers.py": "def make():\n    return 1\n"},
        {"tests/helpers.py": "import pytest\n@pytest.fixture\ndef make():\n    return 1\n"},
        (runtime_error(X, "test_a", exception='Failed: Fixture "make" called directly. Fixtures are not meant to be called directly,'),),
    ),
    Row(
        "function-that-became-a-fixture-and-is-asked-for",
        acme("from helpers import make\ndef test_a():\n    make()\n") | {"tests/helpers.py": "def make():\n    return 1\n"},
        {
            "tests/helpers.py": "import pytest\n@pytest.fixture\ndef make():\n    return 1\n",
            X: "from helpers import make\ndef test_a(make):\n    assert make == 1\n",
        },
    ),
    Row(
        "parametrized-fixture-that-a-hook-adds",
        {
            "conftest.py": (
                "import pytest\n@pytest.fixture\ndef extra():\n    pass\ndef pytest_pycollect_makeitem(collector, name, obj):\n"
                "    if any(mark.name == 'special' for mark in getattr(obj, 'pytestmark', ())):\n        pytest.mark.usefixtures('extra')(obj)\n"
            ),
            X: "import pytest\n@pytest.mark.special\ndef test_a():\n    pass\n",
        },
        {X: "import pytest\n@pytest.mark.special\n@pytest.mark.parametrize('extra', [1, 2])\ndef test_a():\n    pass\n"},
    ),
    Row(
        "parameter-of-the-name-of-a-fixture",
        acme("from helpers import make\ndef run(make):\n    return make()\ndef test_a():\n    run(int)\n")
        | {"tests/helpers.py": "def make():\n    return 1\n"},
        {"tests/helpers.py": "import pytest\n@pytest.fixture\ndef make():\n    return 1\n"},
    ),
)

ROWS = (*_PARAMETRIZE, *_SCOPES, *_CALLED)
