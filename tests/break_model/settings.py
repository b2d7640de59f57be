"""What the settings of pytest ask for: options, plugins, filters of warnings, fixtures, examples; and the hooks of a session."""

from __future__ import annotations

from break_model.rows import INI, KEPT, OK, Row, acme, collection_error, runtime_error, silenced

X = "tests/test_x.py"
NO_MODULE = "ModuleNotFoundError: No module named 'acme.a'"
LOST = {"acme/a.py": KEPT}
DELETED = {"acme/a.py": None}
B = "def test_b():\n    pass\n"
FIXTURE = "import pytest\n@pytest.fixture\ndef it():\n    return 1\n"
USER = "def test_a(it):\n    pass\ndef test_b():\n    pass\n"
ADDINI = "def pytest_addoption(parser):\n    parser.addini('level', 'how deep', default='1')\n"
ADDOPT = "def pytest_addoption(parser):\n    parser.addoption('--level', default='1')\n"
ADDOPTD = "def pytest_addoption(parser):\n    parser.addoption('--run-slow', action='store_true', dest='slow')\n"


def conf(test: str, source: str) -> dict[str, str]:
    return acme(test) | {"conftest.py": source}


_TOML = "[tool.pytest.ini_options]\npythonpath = ['.']\n"
_INI = "[pytest]\npythonpath = .\n"
_CONFLICT = "<<<<<<< HEAD\n"


def _unreadable(name: str, file: str, before: str, after: str, *texts: str, **more: str) -> Row:
    """A file of settings that pytest cannot read any more: no test is collected."""
    tests = {"tests/test_x.py": f"from acme.a import x\n{OK}", "tests/unit/test_y.py": OK}
    tree = {"acme/__init__.py": "", "acme/a.py": "x = 1\n", **tests, file: before, **{path.replace("_", "."): text for path, text in more.items()}}
    return Row(f"settings-{name}", tree, {file: after}, tuple(collection_error(path, text) for text in texts for path in tests), ini=None)


ROWS = (
    _unreadable("with-a-conflict-in-toml", "pyproject.toml", _TOML, _CONFLICT + _TOML, "pyproject.toml: Invalid statement (at line 1, column 1)"),
    _unreadable("with-a-conflict-in-ini", "pytest.ini", _INI, f"[pytest]\n{_CONFLICT}", "pytest.ini:2: unexpected line: '<<<<<<< HEAD'"),
    _unreadable("without-a-header", "pytest.ini", _INI, "pythonpath = .\n", "pytest.ini:1: no section header defined"),
    _unreadable("with-half-a-header", "pytest.ini", _INI, "[pytest\npythonpath = .\n", "pytest.ini:1: unexpected value continuation"),
    _unreadable("with-a-name-twice", "pytest.ini", _INI, f"{_INI}pythonpath = .\n", "pytest.ini:3: duplicate name 'pythonpath'"),
    _unreadable("with-a-section-twice", "pytest.ini", _INI, f"{_INI}[pytest]\n", "pytest.ini:3: duplicate section 'pytest'"),
    _unreadable(
        "with-a-conflict-in-setup-cfg",
        "setup.cfg",
        "[tool:pytest]\npythonpath = .\n",
        f"{_CONFLICT}[tool:pytest]\n",
        "setup.cfg:1: unexpected line: '<<<<<<< HEAD'",
    ),
    _unreadable(
        "behind-a-file-that-cannot-be-read",
        "pyproject.toml",
        "[tool.acme]\n",
        _CONFLICT,
        "pyproject.toml: Invalid statement (at line 1, column 1)",
        tox_ini=_INI,
    ),
    _unreadable("with-a-comment-more", "pytest.ini", _INI, f"# {_CONFLICT}{_INI}"),
    _unreadable("of-something-else", "setup.cfg", "[metadata]\n", "[metadata]\nname = acme\n", pytest_ini=_INI),
    Row(
        "option-asked-for-when-the-session-starts",
        conf(OK, ADDOPTD + "def pytest_configure(config):\n    config.getoption('--run-slow')\n"),
        {"conftest.py": "def pytest_configure(config):\n    config.getoption('--run-slow')\n"},
        (collection_error(X, "ValueError: no option named '--run-slow'"),),
    ),
    Row(
        "hook-of-the-session-that-imports-what-is-gone",
        conf(OK, "def pytest_configure(config):\n    from acme.a import gone\n"),
        LOST,
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "hook-of-the-collection-that-imports-what-is-gone",
        acme(OK) | {"tests/conftest.py": "def pytest_collection_modifyitems(items):\n    import acme.a\n", "acme/test_y.py": OK},
        DELETED,
        (collection_error("acme/test_y.py", NO_MODULE), collection_error(X, NO_MODULE)),
    ),
    Row(
        "hook-that-generates-tests-and-imports-what-is-gone",
        acme(OK) | {"tests/deep/conftest.py": "def pytest_generate_tests(metafunc):\n    import acme.a\n", "tests/deep/test_z.py": OK},
        DELETED,
        (collection_error("tests/deep/test_z.py", NO_MODULE),),
    ),
    Row("generate-tests-in-the-test-file", acme(f"def pytest_generate_tests(metafunc):\n    import acme.a\n{OK}"), DELETED, (collection_error(X, NO_MODULE),)),
    Row(
        "hook-that-is-guarded",
        conf(OK, ("def pytest_configure(config):\n    try:\n        from acme.a import gone\n    except ImportError:\n        pass\n")),
        LOST,
    ),
    Row("hook-at-the-end-of-the-session", conf(OK, "def pytest_unconfigure(config):\n    gone = 1\n"), LOST),
    Row(
        "doctest-module-that-is-ignored",
        {
            "acme/__init__.py": "",
            "acme/a.py": f"{KEPT}gone = 1\n",
            "acme/b.py": "from acme.a import gone\n",
            "pytest.ini": INI + "addopts = --doctest-modules --ignore=acme/b.py\n",
            X: OK,
        },
        LOST,
        ini=None,
    ),
    Row(
        "doctest-module-that-is-the-entry-point",
        {
            "acme/__init__.py": "",
            "acme/a.py": f"{KEPT}gone = 1\n",
            "acme/__main__.py": "from acme.a import gone\n",
            "pytest.ini": INI + "addopts = --doctest-modules\n",
            X: OK,
        },
        LOST,
        ini=None,
    ),
    Row(
        "doctest-module-and-a-test-that-imports-it",
        {
            "acme/__init__.py": "",
            "acme/a.py": f"{KEPT}gone = 1\n",
            "acme/b.py": "from acme.a import gone\n",
            "pytest.ini": INI + "addopts = --doctest-modules\n",
            X: f"import acme.b\n{OK}",
        },
        LOST,
        (
            collection_error("acme/b.py", "ImportError: cannot import name 'gone' from 'acme.a'"),
            collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),
        ),
        ini=None,
    ),
    Row(
        "ini-option-of-a-conftest-asked-for-in-a-test",
        conf(f"def test_a(pytestconfig):\n    assert pytestconfig.getini('level')\n{B}", ADDINI),
        {"conftest.py": ""},
        (runtime_error(X, "test_a", exception="ValueError: unknown configuration value: 'level'"),),
    ),
    Row(
        "ini-option-asked-for-through-request",
        conf(f"def test_a(request):\n    assert request.config.getini('level')\n{B}", ADDINI),
        {"conftest.py": ""},
        (runtime_error(X, "test_a", exception="ValueError: unknown configuration value: 'level'"),),
    ),
    Row(
        "ini-option-asked-for-in-a-fixture",
        conf(f"def test_a(it):\n    pass\n{B}", ADDINI)
        | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it(request):\n    return request.config.getini('level')\n"},
        {"conftest.py": ""},
        (runtime_error(X, "test_a", exception="ValueError: unknown configuration value: 'level'"),),
    ),
    Row(
        "ini-option-asked-for-in-a-hook",
        conf(OK, ADDINI) | {"tests/conftest.py": "def pytest_runtest_setup(item):\n    item.config.getini('level')\n"},
        {"conftest.py": ""},
        (runtime_error(X, "test_ok", exception="ValueError: unknown configuration value: 'level'"),),
    ),
    Row(
        "ini-option-asked-for-in-configure",
        conf(OK, ADDINI + "def pytest_configure(config):\n    config.getini('level')\n"),
        {"conftest.py": "def pytest_configure(config):\n    config.getini('level')\n"},
        (collection_error(X, "ValueError: unknown configuration value: 'level'"),),
    ),
    Row(
        "ini-option-renamed",
        conf(f"def test_a(pytestconfig):\n    assert pytestconfig.getini('level')\n{B}", ADDINI),
        {"conftest.py": ADDINI.replace("level", "depth")},
        (runtime_error(X, "test_a", exception="ValueError: unknown configuration value: 'level'"),),
    ),
    Row(
        "ini-option-moved-to-a-plugin",
        conf(f"def test_a(pytestconfig):\n    assert pytestconfig.getini('level')\n{B}", ADDINI) | {"acme/plugin.py": ""},
        {"conftest.py": "pytest_plugins = ['acme.plugin']\n", "acme/plugin.py": ADDINI},
    ),
    Row("ini-option-of-pytest-itself", conf(f"def test_a(pytestconfig):\n    assert pytestconfig.getini('python_files')\n{B}", ADDINI), {"conftest.py": ""}),
    Row("ini-option-that-never-was", conf(f"def test_a(pytestconfig):\n    assert pytestconfig.getini('never')\n{B}", ADDINI), {"conftest.py": ""}),
    Row(
        "ini-option-that-goes-with-its-use",
        conf(f"def test_a(pytestconfig):\n    assert pytestconfig.getini('level')\n{B}", ADDINI),
        {"conftest.py": "", X: OK},
    ),
    Row("ini-option-given-in-the-settings", conf(OK, ADDINI) | {"pytest.ini": INI + "level = 3\n"}, {"conftest.py": ""}, ini=None),
    Row(
        "ini-option-given-under-strict-config",
        conf(OK, ADDINI) | {"pytest.ini": INI + "level = 3\naddopts = --strict-config\n"},
        {"conftest.py": ""},
        (collection_error(X, "Unknown config option: level"),),
        ini=None,
    ),
    Row(
        "ini-option-given-under-strict-that-stays",
        conf(OK, ADDINI) | {"pytest.ini": INI + "level = 3\naddopts = --strict-config\n"},
        {"conftest.py": ADDINI + "x = 1\n"},
        ini=None,
    ),
    Row(
        "option-asked-for-in-a-test",
        conf(f"def test_a(pytestconfig):\n    assert pytestconfig.getoption('--level')\n{B}", ADDOPT),
        {"conftest.py": ""},
        (runtime_error(X, "test_a", exception="ValueError: no option named '--level'"),),
    ),
    Row(
        "option-asked-for-by-its-dest",
        conf(f"def test_a(request):\n    assert request.config.getoption('slow') is False\n{B}", ADDOPTD),
        {"conftest.py": ""},
        (runtime_error(X, "test_a", exception="ValueError: no option named 'slow'"),),
    ),
    Row(
        "option-asked-for-with-a-default",
        conf(
            (f"def test_a(request):\n    assert request.config.getoption('--level', default=3)\n    assert request.config.getoption('level', 3)\n{B}"), ADDOPT
        ),
        {"conftest.py": ""},
    ),
    Row(
        "option-asked-for-with-a-skip",
        conf(f"def test_a(request):\n    assert request.config.getoption('--level', skip=True)\n{B}", ADDOPT),
        {"conftest.py": ""},
        (silenced(X, "test_a"),),
    ),
    Row(
        "option-asked-for-as-an-attribute",
        conf(f"def test_a(request):\n    assert request.config.option.level\n{B}", ADDOPT),
        {"conftest.py": ""},
        (runtime_error(X, "test_a", exception="AttributeError: 'Namespace' object has no attribute 'level'"),),
    ),
    Row(
        "option-asked-for-by-getvalue",
        conf(f"def test_a(request):\n    assert request.config.getvalue('level')\n{B}", ADDOPT),
        {"conftest.py": ""},
        (runtime_error(X, "test_a", exception="ValueError: no option named 'level'"),),
    ),
    Row(
        "option-asked-for-in-collection-modifyitems",
        conf(OK, ADDOPT) | {"tests/conftest.py": "def pytest_collection_modifyitems(config, items):\n    config.getoption('--level')\n"},
        {"conftest.py": ""},
        (collection_error(X, "ValueError: no option named '--level'"),),
    ),
    Row(
        "option-asked-for-in-the-same-conftest",
        conf(OK, ADDOPTD + "def pytest_collection_modifyitems(config, items):\n    config.getoption('--run-slow')\n"),
        {"conftest.py": "def pytest_collection_modifyitems(config, items):\n    config.getoption('--run-slow')\n"},
        (collection_error(X, "ValueError: no option named '--run-slow'"),),
    ),
    Row(
        "option-asked-for-in-generate-tests",
        conf("def test_a(n):\n    pass\n", ADDOPT)
        | {"tests/conftest.py": ("def pytest_generate_tests(metafunc):\n    metafunc.parametrize('n', [metafunc.config.getoption('level')])\n")},
        {"conftest.py": ""},
        (collection_error(X, "ValueError: no option named 'level'"),),
    ),
    Row(
        "option-renamed-and-still-asked-for",
        conf(f"def test_a(request):\n    assert request.config.getoption('--run-slow') is False\n{B}", ADDOPTD),
        {"conftest.py": ADDOPTD.replace("--run-slow", "--slow")},
        (runtime_error(X, "test_a", exception="ValueError: no option named '--run-slow'"),),
    ),
    Row(
        "option-of-pytest-itself",
        conf((f"def test_a(request):\n    request.config.getoption('verbose')\n    request.config.getoption('--maxfail')\n{B}"), ADDOPT),
        {"conftest.py": ""},
    ),
    Row("required-plugins-missing", acme(OK), {"pytest.ini": INI + "required_plugins = pytest-never-there\n"}),
    Row(
        "plugin-of-addopts-in-pyproject",
        acme(OK) | {"pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\naddopts = ['-p', 'acme.plugin']\n", "acme/plugin.py": ""},
        {"acme/plugin.py": None},
        (collection_error(X, "Error importing plugin \"acme.plugin\": No module named 'acme.plugin'"),),
        ini=None,
    ),
    Row(
        "plugin-of-addopts-glued",
        acme(OK) | {"pytest.ini": INI + "addopts = -pacme.plugin\n", "acme/plugin.py": ""},
        {"acme/plugin.py": None},
        (collection_error(X, "Error importing plugin \"acme.plugin\": No module named 'acme.plugin'"),),
        ini=None,
    ),
    Row(
        "plugin-of-addopts-renamed",
        acme(OK) | {"pytest.ini": INI + "addopts = -p acme.plugin\n", "acme/plugin.py": FIXTURE},
        {"acme/plugin.py": None, "acme/plug.py": FIXTURE, "pytest.ini": INI + "addopts = -p acme.plug\n"},
        ini=None,
    ),
    Row(
        "plugin-of-addopts-loses-a-fixture",
        acme(USER) | {"pytest.ini": INI + "addopts = -p acme.plugin\n", "acme/plugin.py": FIXTURE},
        {"acme/plugin.py": ""},
        (runtime_error(X, "test_a", exception="fixture 'it' not found"),),
        ini=None,
    ),
    Row(
        "plugin-of-addopts-that-does-not-parse",
        acme(OK) | {"pytest.ini": INI + "addopts = -p acme.plugin\n", "acme/plugin.py": ""},
        {"acme/plugin.py": "def x(:\n"},
        (collection_error(X, "SyntaxError: invalid syntax"),),
        ini=None,
    ),
    Row(
        "plugin-of-addopts-dropped",
        acme(USER) | {"pytest.ini": INI + "addopts = -p acme.plugin\n", "acme/plugin.py": FIXTURE},
        {"pytest.ini": INI},
        (runtime_error(X, "test_a", exception="fixture 'it' not found"),),
        ini=None,
    ),
    Row(
        "filterwarnings-names-a-class-that-goes",
        acme(OK, a=f"{KEPT}class Old(Warning): pass\n") | {"pytest.ini": INI + "filterwarnings = ignore::acme.a.Old\n"},
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'Old'"),),
        ini=None,
    ),
    Row(
        "filterwarnings-names-a-module-that-goes",
        acme(OK, a=f"{KEPT}class Old(Warning): pass\n") | {"pytest.ini": INI + "filterwarnings = ignore::acme.a.Old\n"},
        DELETED,
        ini=None,
    ),
    Row(
        "filterwarnings-names-what-stays",
        acme(OK, a=f"{KEPT}gone = 1\nclass Old(Warning): pass\n") | {"pytest.ini": INI + "filterwarnings = ignore::acme.a.Old\n"},
        {"acme/a.py": f"{KEPT}class Old(Warning): pass\n"},
        ini=None,
    ),
    Row(
        "filterwarnings-class-and-module-field",
        acme(OK, a=f"{KEPT}class Old(Warning): pass\n") | {"pytest.ini": INI + "filterwarnings =\n    error\n    ignore:some text:acme.a.Old:acme\\.b\n"},
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'Old'"),),
        ini=None,
    ),
    Row(
        "pythonwarnings-option-in-addopts",
        acme(OK, a=f"{KEPT}class Old(Warning): pass\n") | {"pytest.ini": INI + "addopts = -W ignore::acme.a.Old\n"},
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'Old'"),),
        ini=None,
    ),
    Row(
        "usefixtures-in-the-settings",
        acme(OK) | {"pytest.ini": INI + "usefixtures = it\n", "tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
        (runtime_error(X, "test_ok", exception="fixture 'it' not found"),),
        ini=None,
    ),
    Row(
        "usefixtures-in-the-settings-that-fails",
        acme(OK) | {"pytest.ini": INI + "usefixtures = it\n", "tests/conftest.py": "import pytest\n@pytest.fixture\ndef it():\n    import acme.a\n"},
        DELETED,
        (runtime_error(X, "test_ok", exception=NO_MODULE),),
        ini=None,
    ),
    Row(
        "marker-of-the-settings-under-strict",
        acme(f"import pytest\n@pytest.mark.slow\ndef test_a():\n    pass\n{B}") | {"pytest.ini": INI + "addopts = --strict-markers\nmarkers =\n    slow: x\n"},
        {"pytest.ini": INI + "addopts = --strict-markers\n"},
        (collection_error(X, "Failed: 'slow' not found in `markers` configuration option"),),
        ini=None,
    ),
    Row(
        "doctest-modules-import-production",
        {
            "acme/__init__.py": "",
            "acme/a.py": f"{KEPT}gone = 1\n",
            "acme/b.py": 'from acme.a import gone\ndef f():\n    """\n    >>> 1\n    1\n    """\n',
            "pytest.ini": INI + "addopts = --doctest-modules\n",
            X: OK,
        },
        LOST,
        (collection_error("acme/b.py", "ImportError: cannot import name 'gone' from 'acme.a'"),),
        ini=None,
    ),
    Row(
        "doctest-modules-import-without-doctests",
        {
            "acme/__init__.py": "",
            "acme/a.py": f"{KEPT}gone = 1\n",
            "acme/b.py": "from acme.a import gone\n",
            "pytest.ini": INI + "addopts = --doctest-modules\n",
            X: OK,
        },
        LOST,
        (collection_error("acme/b.py", "ImportError: cannot import name 'gone' from 'acme.a'"),),
        ini=None,
    ),
    Row(
        "doctest-modules-in-testpaths",
        {
            "acme/__init__.py": "",
            "acme/a.py": f"{KEPT}gone = 1\n",
            "acme/b.py": 'from acme.a import gone\ndef f():\n    """\n    >>> 1\n    1\n    """\n',
            "pytest.ini": INI + "testpaths = tests\naddopts = --doctest-modules\n",
            X: OK,
        },
        LOST,
        ini=None,
    ),
)
