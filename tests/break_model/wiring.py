"""What pytest runs without an import being written: conftest.py files, plugins, fixtures."""

from __future__ import annotations

from break_model.rows import INI, KEPT, OK, Row, acme, collection_error, runtime_error

X = "tests/test_x.py"
Y = "tests/test_y.py"
NO_MODULE = "ModuleNotFoundError: No module named 'acme.a'"
NO_NAME = "ImportError: cannot import name 'gone' from 'acme.a'"
LOST = {"acme/a.py": KEPT}
DELETED = {"acme/a.py": None}
DEEP = "tests/deep/test_z.py"
FIXTURE = "import pytest\n@pytest.fixture\ndef it():\n    return 1\n"
USER = "def test_a(it):\n    pass\ndef test_b():\n    pass\n"

_CONFTESTS = (
    Row(
        "conftest-of-the-root",
        acme(OK) | {"conftest.py": "from acme.a import gone\n", "acme/test_y.py": OK},
        LOST,
        (collection_error(X, NO_NAME), collection_error("acme/test_y.py", NO_NAME)),
    ),
    Row("conftest-of-the-tests", acme(OK) | {"tests/conftest.py": "import acme.a\n", "acme/test_y.py": OK}, DELETED, (collection_error(X, NO_MODULE),)),
    Row("conftest-of-a-folder", acme(OK) | {"tests/deep/conftest.py": "import acme.a\n", DEEP: OK}, DELETED, (collection_error(DEEP, NO_MODULE),)),
    Row(
        "conftest-two-folders-up",
        acme(OK) | {"tests/conftest.py": "import acme.a\n", "tests/deep/er/test_z.py": OK},
        DELETED,
        (collection_error(X, NO_MODULE), collection_error("tests/deep/er/test_z.py", NO_MODULE)),
    ),
    Row(
        "conftest-before-the-test-itself",
        acme("import acme.a\n" + OK) | {"acme/b.py": "", "tests/conftest.py": "import acme.b\n"},
        {**DELETED, "acme/b.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.b'"),),
    ),
    Row(
        "outer-conftest-before-the-inner",
        acme(OK) | {"acme/b.py": "", "tests/conftest.py": "import acme.b\n", "tests/deep/conftest.py": "import acme.a\n", DEEP: OK},
        {**DELETED, "acme/b.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.b'"), collection_error(DEEP, "ModuleNotFoundError: No module named 'acme.b'")),
    ),
    Row(
        "conftest-through-a-helper",
        acme(OK) | {"tests/conftest.py": "import helpers\n", "tests/helpers.py": "from acme.a import gone\n"},
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "conftest-whose-helper-is-deleted",
        acme(OK) | {"tests/conftest.py": "from helpers import kept\n", "tests/helpers.py": KEPT},
        {"tests/helpers.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'helpers'"),),
    ),
    Row(
        "conftest-in-a-package",
        acme(OK) | {"tests/__init__.py": "", "tests/conftest.py": "from .helpers import kept\n", "tests/helpers.py": KEPT},
        {"tests/helpers.py": "other = 1\n"},
        (collection_error(X, "ImportError: cannot import name 'kept' from 'tests.helpers'"),),
    ),
    Row(
        "conftest-that-does-not-parse",
        acme(OK) | {"tests/conftest.py": ""},
        {"tests/conftest.py": "def fixture(:\n"},
        (collection_error(X, "SyntaxError: invalid syntax"),),
    ),
    Row(
        "conftest-star-of-a-fixture-module",
        acme(OK) | {"tests/conftest.py": "from fixtures import *\n", "tests/fixtures.py": FIXTURE},
        {"tests/fixtures.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'fixtures'"),),
    ),
    Row("conftest-of-a-sibling", acme(OK) | {"tests/deep/conftest.py": "import acme.a\n"}, DELETED),
    Row("conftest-deleted-with-what-it-imports", acme(OK) | {"tests/conftest.py": "import acme.a\n"}, {**DELETED, "tests/conftest.py": None}),
    Row(
        "conftest-that-imports-in-a-fixture", acme(OK) | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it():\n    from acme.a import gone\n"}, LOST
    ),
    Row("conftest-guarded", acme(OK) | {"tests/conftest.py": "try:\n    import acme.a\nexcept ImportError:\n    acme = None\n"}, {"acme/a.py": KEPT}),
    Row(
        "import-of-a-conftest",
        acme("from conftest import kept\n" + OK) | {"tests/conftest.py": KEPT},
        {"tests/conftest.py": "other = 1\n"},
        (collection_error(X, "ImportError: cannot import name 'kept' from 'conftest'"),),
    ),
    Row(
        "import-of-a-deleted-conftest",
        acme("from tests.conftest import kept\n" + OK) | {"tests/__init__.py": "", "tests/conftest.py": KEPT},
        {"tests/conftest.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'tests.conftest'"),),
    ),
)

_FAST = "def pytest_addoption(parser):\n    parser.addoption('--fast', action='store_true')\n"
_WITH_FAST = "[pytest]\npythonpath = .\naddopts = --fast\n"

_OPTIONS = (
    Row(
        "option-of-the-settings-that-a-conftest-no-longer-has",
        acme(OK) | {"conftest.py": _FAST, "pytest.ini": _WITH_FAST},
        {"conftest.py": ""},
        (collection_error(X, "error: unrecognized arguments: --fast"),),
        ini=None,
    ),
    Row(
        "option-of-the-settings-whose-conftest-is-deleted",
        acme(OK) | {"tests/conftest.py": _FAST, "pytest.ini": _WITH_FAST},
        {"tests/conftest.py": None},
        (collection_error(X, "error: unrecognized arguments: --fast"),),
        ini=None,
    ),
    Row(
        "option-that-moved-to-another-conftest",
        acme(OK) | {"conftest.py": _FAST, "pytest.ini": _WITH_FAST},
        {"conftest.py": "", "tests/conftest.py": _FAST},
        ini=None,
    ),
    Row("option-that-goes-with-its-use", acme(OK) | {"conftest.py": _FAST, "pytest.ini": _WITH_FAST}, {"conftest.py": "", "pytest.ini": INI}, ini=None),
    Row("option-that-nobody-uses", acme(OK) | {"conftest.py": _FAST}, {"conftest.py": ""}),
)

_PLUGINS = (
    Row(
        "plugin-of-the-root-conftest",
        acme(OK) | {"conftest.py": "pytest_plugins = ['acme.plugin']\n", "acme/plugin.py": ""},
        {"acme/plugin.py": None},
        (collection_error(X, "Error importing plugin \"acme.plugin\": No module named 'acme.plugin'"),),
    ),
    *(
        Row(
            f"plugins-{name}",
            acme(OK) | {"conftest.py": source, "acme/plugin.py": "", "acme/other.py": ""},
            {"acme/plugin.py": None},
            (collection_error(X, "Error importing plugin \"acme.plugin\": No module named 'acme.plugin'"),),
        )
        for name, source in (
            ("by-a-name", "ONES = ['acme.other', 'acme.plugin']\npytest_plugins = ONES\n"),
            ("added-up", "ONES = ['acme.plugin']\npytest_plugins = ONES + ['acme.other']\n"),
            ("added-up-the-other-way", "ONES = ['acme.plugin']\npytest_plugins = ['acme.other'] + ONES\n"),
            ("unpacked", "ONES = ('acme.plugin',)\npytest_plugins = ['acme.other', *ONES]\n"),
        )
    ),
    Row(
        "plugin-as-a-plain-string",
        acme(OK) | {"conftest.py": "pytest_plugins = 'acme.plugin'\n", "acme/plugin.py": ""},
        {"acme/plugin.py": None},
        (collection_error(X, "Error importing plugin \"acme.plugin\": No module named 'acme.plugin'"),),
    ),
    Row(
        "plugin-of-a-test-module",
        acme("pytest_plugins = ('acme.plugin',)\n" + OK) | {"acme/plugin.py": "", Y: OK},
        {"acme/plugin.py": None},
        (collection_error(X, "Error importing plugin \"acme.plugin\": No module named 'acme.plugin'"),),
    ),
    Row(
        "plugin-that-imports-what-is-gone",
        acme(OK) | {"conftest.py": "pytest_plugins = ['acme.plugin']\n", "acme/plugin.py": "from acme.a import gone\n"},
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "plugin-of-a-plugin",
        acme(OK) | {"conftest.py": "pytest_plugins = ['acme.plugin']\n", "acme/plugin.py": "pytest_plugins = ['acme.other']\n", "acme/other.py": ""},
        {"acme/other.py": None},
        (collection_error(X, "Error importing plugin \"acme.other\": No module named 'acme.other'"),),
    ),
    Row("plugin-that-stays", acme(OK) | {"conftest.py": "pytest_plugins = ['acme.plugin']\n", "acme/plugin.py": "from acme.a import kept\n"}, LOST),
    Row(
        "plugin-no-longer-asked-for",
        acme(OK) | {"conftest.py": "pytest_plugins = ['acme.plugin']\n", "acme/plugin.py": ""},
        {"acme/plugin.py": None, "conftest.py": "pytest_plugins = []\n"},
    ),
    Row(
        "plugin-with-the-fixture",
        acme(USER) | {"conftest.py": "pytest_plugins = ['acme.plugin']\n", "acme/plugin.py": FIXTURE},
        {"conftest.py": ""},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "plugin-of-the-settings",
        acme(OK) | {"pytest.ini": f"{INI}addopts = -p acme.plugin\n", "acme/plugin.py": ""},
        {"acme/plugin.py": None},
        (collection_error(X, "Error importing plugin \"acme.plugin\": No module named 'acme.plugin'"),),
        ini=None,
    ),
    Row(
        "plugin-of-the-settings-that-fails",
        acme(OK) | {"pytest.ini": f"{INI}addopts = -p acme.plugin\n", "acme/plugin.py": "import acme.a\n"},
        DELETED,
        (collection_error(X, NO_MODULE),),
        ini=None,
    ),
    Row(
        "plugin-of-the-settings-that-is-forbidden",
        acme(OK) | {"pytest.ini": f"{INI}addopts = -p no:acme.plugin\n", "acme/plugin.py": ""},
        {"acme/plugin.py": None},
        ini=None,
    ),
    Row(
        "plugin-in-a-conftest-by-a-plain-import",
        acme(USER) | {"conftest.py": "from acme.plugin import it\n", "acme/plugin.py": FIXTURE},
        {"acme/plugin.py": "import pytest\n"},
        (collection_error(X, "ImportError: cannot import name 'it' from 'acme.plugin'"),),
    ),
)

_FIXTURES = (
    Row(
        "fixture-deleted-from-the-conftest",
        acme(USER) | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": "import pytest\n"},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "fixture-renamed", acme(USER) | {"tests/conftest.py": FIXTURE}, {"tests/conftest.py": FIXTURE.replace("it()", "other()")}, (runtime_error(X, "test_a"),)
    ),
    Row(
        "fixture-that-is-a-fixture-no-more",
        acme(USER) | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": "def it():\n    return 1\n"},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "fixture-by-name",
        acme(USER) | {"tests/conftest.py": "import pytest\n@pytest.fixture(name='it')\ndef _it():\n    pass\n"},
        {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef _it():\n    pass\n"},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "fixture-behind-another-name-now",
        acme(USER) | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": "import pytest\n@pytest.fixture(name='it')\ndef _it():\n    pass\n"},
    ),
    Row("fixture-deleted-from-the-test-file", acme(FIXTURE + USER), {X: "import pytest\n" + USER}, (runtime_error(X, "test_a"),)),
    Row("fixture-moved-to-the-conftest", acme(FIXTURE + USER), {X: "import pytest\n" + USER, "conftest.py": FIXTURE}),
    Row(
        "fixture-moved-to-a-conftest-that-does-not-reach",
        acme(USER) | {"tests/conftest.py": FIXTURE, DEEP: USER},
        {"tests/conftest.py": "", "tests/deep/conftest.py": FIXTURE},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "conftest-moved-down",
        acme(USER) | {"tests/conftest.py": FIXTURE, DEEP: USER},
        {"tests/conftest.py": None, "tests/deep/conftest.py": FIXTURE},
        (runtime_error(X, "test_a"),),
    ),
    Row("conftest-deleted", acme(USER) | {"tests/conftest.py": FIXTURE, DEEP: OK}, {"tests/conftest.py": None}, (runtime_error(X, "test_a"),)),
    Row("fixture-still-served-by-an-outer-conftest", acme(USER) | {"conftest.py": FIXTURE, "tests/conftest.py": FIXTURE}, {"tests/conftest.py": ""}),
    Row(
        "fixture-asked-for-by-a-fixture",
        acme("import pytest\n@pytest.fixture\ndef top(it):\n    pass\ndef test_a(top):\n    pass\ndef test_b():\n    pass\n") | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "fixture-that-everybody-uses",
        acme("import pytest\n@pytest.fixture(autouse=True)\ndef top(it):\n    pass\n" + OK) | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
        (runtime_error(X, "test_ok"),),
    ),
    Row(
        "usefixtures",
        acme("import pytest\n@pytest.mark.usefixtures('it')\ndef test_a():\n    pass\ndef test_b():\n    pass\n") | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "usefixtures-on-a-class",
        acme("import pytest\n@pytest.mark.usefixtures('it')\nclass TestX:\n    def test_a(self):\n        pass\ndef test_b():\n    pass\n")
        | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
        (runtime_error(X, "TestX::test_a"),),
    ),
    Row(
        "usefixtures-for-the-file",
        acme("import pytest\npytestmark = pytest.mark.usefixtures('it')\ndef test_a():\n    pass\n") | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "getfixturevalue",
        acme("def test_a(request):\n    request.getfixturevalue('it')\ndef test_b():\n    pass\n") | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "fixture-through-a-star-import",
        acme("from fixtures import *\n" + USER) | {"tests/fixtures.py": FIXTURE},
        {"tests/fixtures.py": "import pytest\n"},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "fixture-of-a-class-base",
        acme("from bases import Base\nclass TestX(Base):\n    def test_a(self, it):\n        pass\n    def test_b(self):\n        pass\n")
        | {"tests/bases.py": "import pytest\nclass Base:\n    @pytest.fixture\n    def it(self):\n        pass\n"},
        {"tests/bases.py": "class Base:\n    pass\n"},
        (runtime_error(X, "TestX::test_a"),),
    ),
    Row(
        "fixture-that-fails-in-the-conftest",
        acme(USER) | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it():\n    from acme.a import gone\n    return gone\n"},
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "fixture-that-fails-behind-another",
        acme("def test_a(top):\n    pass\ndef test_b():\n    pass\n")
        | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it():\n    import acme.a\n@pytest.fixture\ndef top(it):\n    pass\n"},
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "fixture-that-fails-for-everybody",
        acme(OK) | {"tests/conftest.py": "import pytest\n@pytest.fixture(autouse=True)\ndef it():\n    import acme.a\n", DEEP: OK},
        DELETED,
        (runtime_error(X, "test_ok", exception=NO_MODULE), runtime_error(DEEP, "test_ok", exception=NO_MODULE)),
    ),
    Row(
        "fixture-that-fails-for-the-session",
        acme(OK) | {"tests/conftest.py": "import pytest\n@pytest.fixture(scope='session', autouse=True)\ndef it():\n    import acme.a\n    yield\n"},
        DELETED,
        (runtime_error(X, "test_ok", exception=NO_MODULE),),
    ),
    Row(
        "fixture-that-fails-and-is-overridden",
        acme(FIXTURE + USER) | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it():\n    import acme.a\n"},
        DELETED,
    ),
    Row(
        "fixture-that-fails-and-nobody-asks",
        acme("def test_b():\n    pass\n") | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it():\n    import acme.a\n"},
        DELETED,
    ),
    Row(
        "fixture-that-fails-on-its-way-out",
        acme(USER) | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it():\n    yield 1\n    import acme.a\n"},
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row("fixture-with-a-default-parameter-beside", acme("def test_a(it=1):\n    pass\n") | {"tests/conftest.py": FIXTURE}, {"tests/conftest.py": ""}),
    Row(
        "parameter-that-parametrize-fills",
        acme("import pytest\n@pytest.mark.parametrize('it', [1])\ndef test_a(it):\n    pass\n") | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
    ),
    Row(
        "parameter-that-mock-fills",
        acme("from unittest import mock\n@mock.patch('acme.a.kept')\ndef test_a(it):\n    pass\n") | {"tests/conftest.py": ""},
        {"tests/conftest.py": FIXTURE},
    ),
    Row(
        "hook-of-the-nearest-conftest-comes-first",
        acme(OK, path="tests/unit/test_x.py")
        | {
            "tests/conftest.py": "def pytest_runtest_setup(item):\n    from acme.a import gone\n",
            "tests/unit/conftest.py": "def pytest_runtest_setup(item):\n    import acme.b\n",
            "acme/b.py": "",
        },
        {"acme/a.py": KEPT, "acme/b.py": None},
        (runtime_error("tests/unit/test_x.py", "test_ok", exception="ModuleNotFoundError: No module named 'acme.b'"),),
    ),
    Row(
        "hook-that-imports-what-is-gone",
        acme(OK) | {"tests/conftest.py": "def pytest_runtest_setup(item):\n    import acme.a\n"},
        DELETED,
        (runtime_error(X, "test_ok", exception=NO_MODULE),),
    ),
)

ROWS = (*_CONFTESTS, *_OPTIONS, *_PLUGINS, *_FIXTURES)
