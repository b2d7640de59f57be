"""Marks: which of them are registered, who registers them, and when pytest insists on it."""

from __future__ import annotations

from break_model.rows import INI, OK, Row, acme, collection_error, unclear

X = "tests/test_x.py"
Y = "tests/test_y.py"
MARKED = "import pytest\n@pytest.mark.slow\ndef test_a():\n    pass\n"
STRICT = f"{INI}addopts = --strict-markers\n"
REGISTERED = f"{STRICT}markers =\n    slow: takes long\n"
NOT_FOUND = "Failed: 'slow' not found in `markers` configuration option"
HOOK = "def pytest_configure(config):\n    config.addinivalue_line('markers', 'slow: takes long')\n"

_GONE = (
    Row(
        "marker-of-a-class",
        acme("import pytest\n@pytest.mark.slow\nclass TestX:\n    def test_a(self):\n        pass\n") | {"pytest.ini": REGISTERED},
        {"pytest.ini": STRICT},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-of-a-method",
        acme("import pytest\nclass TestX:\n    @pytest.mark.slow(reason='x')\n    def test_a(self):\n        pass\n") | {"pytest.ini": REGISTERED},
        {"pytest.ini": STRICT},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-as-pytestmark-of-a-class",
        acme("import pytest\nclass TestX:\n    pytestmark = pytest.mark.slow\n    def test_a(self):\n        pass\n") | {"pytest.ini": REGISTERED},
        {"pytest.ini": STRICT},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-of-a-parameter",
        acme("import pytest\n@pytest.mark.parametrize('x', [1, pytest.param(2, marks=pytest.mark.slow)])\ndef test_a(x):\n    pass\n")
        | {"pytest.ini": REGISTERED},
        {"pytest.ini": STRICT},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-by-the-imported-mark",
        acme("from pytest import mark\nslow = mark.slow\n@slow\ndef test_a():\n    pass\n") | {"pytest.ini": REGISTERED},
        {"pytest.ini": STRICT},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-in-a-helper",
        acme("from marks import slow\n@slow\ndef test_a():\n    pass\n", path=X)
        | {"tests/marks.py": "import pytest\nslow = pytest.mark.slow\n", "pytest.ini": REGISTERED, Y: OK},
        {"pytest.ini": STRICT},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-in-a-helper-that-the-conftest-imports-first",
        acme("from marks import slow\n@slow\ndef test_a():\n    pass\n", path=X)
        | {
            "tests/marks.py": "import pytest\nslow = pytest.mark.slow\n",
            "pytest.ini": f"{REGISTERED}testpaths = tests\n",
            "tests/conftest.py": "import marks\n",
        },
        {"pytest.ini": f"{STRICT}testpaths = tests\n"},
        ini=None,
    ),
    Row(
        "marker-renamed-in-the-settings-alone",
        acme(MARKED) | {"pytest.ini": REGISTERED, Y: OK},
        {"pytest.ini": f"{STRICT}markers =\n    sluggish: takes long\n"},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-renamed-everywhere",
        acme(MARKED) | {"pytest.ini": REGISTERED},
        {"pytest.ini": f"{STRICT}markers =\n    sluggish: takes long\n", X: MARKED.replace("slow", "sluggish")},
        ini=None,
    ),
    Row(
        "marker-that-the-conftest-registers-no-longer",
        acme(MARKED) | {"pytest.ini": STRICT, "conftest.py": HOOK},
        {"conftest.py": "def pytest_configure(config):\n    pass\n"},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-whose-conftest-is-deleted",
        acme(MARKED) | {"pytest.ini": STRICT, "conftest.py": HOOK},
        {"conftest.py": None},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-registration-moved-to-the-settings",
        acme(MARKED) | {"pytest.ini": STRICT, "conftest.py": HOOK},
        {"conftest.py": None, "pytest.ini": REGISTERED},
        ini=None,
    ),
    Row(
        "marker-registration-moved-to-a-plugin",
        acme(MARKED) | {"pytest.ini": REGISTERED, "acme/plugin.py": HOOK},
        {"pytest.ini": f"{INI}addopts = --strict-markers -p acme.plugin\n"},
        ini=None,
    ),
    Row(
        "marker-registered-by-a-computed-name",
        acme(MARKED) | {"pytest.ini": REGISTERED},
        {
            "pytest.ini": STRICT,
            "conftest.py": "NAMES = ['slow']\ndef pytest_configure(config):\n    for name in NAMES:\n        config.addinivalue_line('markers', name)\n",
        },
        (unclear(X),),
        ini=None,
    ),
    Row(
        "marker-in-a-function-that-nobody-calls",
        acme("import pytest\ndef later():\n    return pytest.mark.slow\ndef test_a():\n    pass\n") | {"pytest.ini": REGISTERED},
        {"pytest.ini": STRICT},
        ini=None,
    ),
    Row(
        "marker-behind-a-guard-of-exceptions",
        acme("import pytest\ntry:\n    slow = pytest.mark.slow\nexcept Exception:\n    slow = None\ndef test_a():\n    pass\n") | {"pytest.ini": REGISTERED},
        {"pytest.ini": STRICT},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
)

_STRICTNESS = (
    Row("strict-markers-as-a-setting", acme(MARKED) | {Y: OK}, {"pytest.ini": f"{INI}strict_markers = true\n"}, (collection_error(X, NOT_FOUND),)),
    Row("strict-as-a-setting", acme(MARKED), {"pytest.ini": f"{INI}strict = true\n"}, (collection_error(X, NOT_FOUND),)),
    Row(
        "mark-that-was-made-before",
        acme(OK) | {"pytest.ini": STRICT},
        {X: "import pytest\nskipped = pytest.mark.skipif(False, reason='')\n@skipped\ndef test_a():\n    pass\n"},
        ini=None,
    ),
    Row("strict-but-not-for-markers", acme(MARKED), {"pytest.ini": f"{INI}strict = true\nstrict_markers = false\n"}),
    Row(
        "strict-turned-on-for-what-is-registered",
        acme(MARKED) | {"pytest.ini": f"{INI}markers =\n    slow: takes long\n"},
        {"pytest.ini": REGISTERED},
        ini=None,
    ),
    Row(
        "strict-turned-on-for-what-the-conftest-registers",
        acme(MARKED) | {"conftest.py": HOOK},
        {"pytest.ini": STRICT},
    ),
    Row(
        "strict-markers-in-the-pyproject",
        acme(MARKED) | {"pyproject.toml": "[tool.pytest.ini_options]\nmarkers = ['slow: takes long']\naddopts = '--strict-markers'\npythonpath = ['.']\n"},
        {"pyproject.toml": "[tool.pytest.ini_options]\nmarkers = []\naddopts = '--strict-markers'\npythonpath = ['.']\n"},
        (collection_error(X, NOT_FOUND),),
        ini=None,
    ),
)

_NEW = (
    Row(
        "marker-that-is-new-and-registered",
        acme(OK) | {"pytest.ini": STRICT},
        {X: MARKED, "pytest.ini": REGISTERED},
        ini=None,
    ),
    Row(
        "marker-that-was-misspelled",
        acme("import pytest\n@pytest.mark.parametrize('x', [1])\ndef test_a(x):\n    pass\n"),
        {X: "import pytest\n@pytest.mark.parameterize('x', [1])\ndef test_a(x):\n    pass\n"},
        (collection_error(X, "Failed: Unknown 'parameterize' mark, did you mean 'parametrize'?"),),
    ),
    Row("marker-that-is-new-and-nobody-strict", acme(OK), {X: MARKED}),
    Row(
        "new-test-with-an-unregistered-marker",
        acme(OK) | {"pytest.ini": STRICT},
        {Y: MARKED},
        (collection_error(Y, NOT_FOUND),),
        ini=None,
    ),
    Row(
        "marker-that-failed-before",
        acme("import pytest\n@pytest.mark.slow\n@pytest.mark.parameterize('x', [1])\ndef test_a(x):\n    pass\n") | {"pytest.ini": STRICT},
        {"tests/test_y.py": OK},
        ini=None,
    ),
)

ROWS = (*_GONE, *_STRICTNESS, *_NEW)
