"""Names that a module binds or loses in every way Python has, conftest.py files that move, and what pytest collects of it all."""

from __future__ import annotations

from break_model.rows import INI, KEPT, OK, Fate, Row, acme, at_risk, collection_error, runtime_error, silenced, unclear

X = "tests/test_x.py"
Y = "tests/test_y.py"
LOST = {"acme/a.py": KEPT}
B = "def test_b():\n    pass\n"
FIXTURE = "import pytest\n@pytest.fixture\ndef it():\n    return 1\n"
USER = "def test_a(it):\n    pass\ndef test_b():\n    pass\n"
ASKS = f"from acme.a import gone\n{OK}"
BOTH = f"{KEPT}def gone():\n    return 2\n"


NO_MEMBER = (runtime_error(X, "test_a", exception="AttributeError: 'M' object has no attribute 'gone'"),)


def a(source: str) -> dict[str, str]:
    return {"acme/a.py": source}


def _instance(name: str, test: str, member: str, fates: tuple[Fate, ...] = (), then: str = "pass") -> Row:
    """Return a row in which a module puts an instance in its own place, whose class loses a member."""
    source = "import sys\nclass M:\n    kept = 2\n    {}\nsys.modules[__name__] = M()\n"
    return Row(f"instance-as-a-module-{name}", acme(f"from acme import a\n{test}{B}", a=source.format(member)), a(source.format(then)), fates)


_ONE = "import sys\nkept = 1\nif sys.platform == 'nope':\n    gone = 1\n"
_BOTH_WAYS = f"{_ONE}else:\n    gone = 2\n"
_NO_GONE = "ImportError: cannot import name 'gone' from 'acme.a'"


def _platform(name: str, test: str, *fates: Fate, before: str = _BOTH_WAYS, after: str = _ONE) -> Row:
    return Row(f"platform-{name}", acme(f"from unittest import mock\n{test}def test_b():\n    pass\n", a=before), {"acme/a.py": after}, fates)


_OTHER_WAY = _ONE.replace("==", "!=")
_ON_A_PLATFORM = (
    _platform("that-alone-has-it", "from acme.a import gone\n", at_risk(X, exception=_NO_GONE)),
    _platform("that-alone-has-it-and-this-is-it", "from acme.a import gone\n", unclear(X), after=_OTHER_WAY),
    _platform("that-alone-has-what-all-had", "from acme.a import gone\n", at_risk(X, exception=_NO_GONE), before="kept = 1\ndef gone():\n    pass\n"),
    _platform("that-alone-had-it-before", "from acme.a import gone\n", before=_OTHER_WAY, after=f"{_OTHER_WAY}more = 1\n"),
    _platform("that-alone-has-it-and-nobody-asks", "from acme.a import kept\n"),
    _platform("that-alone-has-it-in-a-test", "def test_a():\n    from acme.a import gone\n", at_risk(X, "test_a", exception=_NO_GONE)),
    _platform(
        "that-alone-has-the-attribute",
        "from acme import a\ndef test_a():\n    a.gone\n",
        at_risk(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),
    ),
    _platform(
        "that-alone-has-what-is-patched",
        "def test_a():\n    with mock.patch('acme.a.gone'):\n        pass\n",
        at_risk(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),
    ),
    _platform(
        "where-the-other-refuses",
        "from acme.a import gone\n",
        after="import sys\nkept = 1\nif sys.platform == 'nope':\n    raise ImportError\nelse:\n    gone = 1\n",
    ),
    _platform("for-which-it-is-bound-before", "from acme.a import gone\n", after=f"gone = 3\n{_ONE}"),
    _platform("for-which-it-is-bound-after", "from acme.a import gone\n", after=f"{_ONE}gone = 3\n"),
    _platform(
        "matched-or-not",
        "from acme.a import gone\n",
        after="import sys\nkept = 1\nmatch sys.platform:\n    case 'nope':\n        gone = 1\n    case _:\n        gone = 2\n",
    ),
)

ROWS = (
    Row("defined-for-newer-pythons", acme(ASKS), a(f"import sys\n{KEPT}if sys.version_info >= (3, 8):\n    def gone():\n        pass\n")),
    Row(
        "defined-for-older-pythons",
        acme(ASKS),
        a(f"import sys\n{KEPT}if sys.version_info < (3, 8):\n    def gone():\n        pass\n"),
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row("defined-for-older-pythons-else", acme(ASKS), a(f"import sys\n{KEPT}if sys.version_info < (3, 8):\n    pass\nelse:\n    def gone():\n        pass\n")),
    Row(
        "defined-on-one-platform",
        acme(ASKS),
        a(f"import sys\n{KEPT}if sys.platform.startswith('linux') or sys.platform == 'darwin' or sys.platform == 'win32':\n    def gone():\n        pass\n"),
        (unclear(X),),
    ),
    *_ON_A_PLATFORM,
    Row("defined-by-os-name", acme(ASKS), a(f"import os\n{KEPT}if os.name in ('posix', 'nt'):\n    def gone():\n        pass\n")),
    Row("defined-by-try-else", acme(ASKS), a(f"{KEPT}try:\n    import json\nexcept ImportError:\n    pass\nelse:\n    gone = 1\n")),
    Row("defined-by-finally", acme(ASKS), a(f"{KEPT}try:\n    import json\nfinally:\n    gone = 1\n")),
    Row("defined-by-walrus", acme(ASKS), a(f"{KEPT}print(gone := 1)\n")),
    Row("defined-by-walrus-in-a-comprehension", acme(ASKS), a(f"{KEPT}[gone := one for one in (1, 2)]\n")),
    Row(
        "comprehension-variable-is-no-binding",
        acme(ASKS, a=f"{KEPT}gone = 1\n"),
        a(f"{KEPT}[gone for gone in (1, 2)]\n"),
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row("defined-by-for", acme(ASKS), a(f"{KEPT}for gone in (1, 2):\n    pass\n")),
    Row("defined-by-with-as", acme(ASKS), a(f"import contextlib\n{KEPT}with contextlib.nullcontext(1) as gone:\n    pass\n")),
    Row(
        "defined-by-except-as",
        acme(ASKS),
        a(f"{KEPT}try:\n    raise ValueError\nexcept ValueError as gone:\n    pass\n"),
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row("defined-by-match", acme(ASKS), a(f"{KEPT}match 1:\n    case gone:\n        pass\n")),
    Row("defined-by-globals-item", acme(ASKS), a(f"{KEPT}globals()['gone'] = 1\n")),
    Row("defined-by-globals-update", acme(ASKS), a(f"{KEPT}globals().update(gone=1)\n")),
    Row("defined-by-a-loop-over-globals", acme(ASKS), a(f"{KEPT}for name in ('gone', 'x'):\n    globals()[name] = 1\n")),
    Row("defined-by-setattr-on-itself", acme(ASKS), a(f"import sys\n{KEPT}setattr(sys.modules[__name__], 'gone', 1)\n")),
    Row("defined-by-vars", acme(ASKS), a(f"{KEPT}vars()['gone'] = 1\n")),
    Row("defined-by-exec", acme(ASKS), a(f"{KEPT}exec('gone = 1')\n"), (unclear(X),)),
    Row("deleted-by-del", acme(ASKS), a(f"{BOTH}del gone\n"), (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),)),
    Row(
        "deleted-by-del-of-globals",
        acme(ASKS),
        a(f"{BOTH}del globals()['gone']\n"),
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "only-for-type-checking-now",
        acme(ASKS),
        a(f"from typing import TYPE_CHECKING\n{KEPT}if TYPE_CHECKING:\n    gone: int\n"),
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "only-an-overload",
        acme(ASKS),
        a(f"from typing import overload\n{KEPT}@overload\ndef gone(x: int) -> int: ...\n@overload\ndef gone(x: str) -> str: ...\ndef gone(x):\n    return x\n"),
    ),
    Row(
        "re-export-with-as",
        acme(f"from acme import gone\n{OK}", init="from .a import gone as gone\n"),
        {"acme/__init__.py": "from .a import kept as kept\n"},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme'"),),
    ),
    Row(
        "all-by-plus-equal-loses-it",
        acme(f"from acme.a import *\ngone()\n{OK}", a=f"__all__ = ['kept']\n__all__ += ['gone']\n{BOTH}"),
        a(f"__all__ = ['kept']\n__all__ += ['kept']\n{BOTH}"),
        (collection_error(X, "NameError: name 'gone' is not defined"),),
    ),
    Row(
        "all-by-extend-loses-it",
        acme(f"from acme.a import *\ngone()\n{OK}", a=f"__all__ = ['kept']\n__all__.extend(['gone'])\n{BOTH}"),
        a(f"__all__ = ['kept']\n{BOTH}"),
        (collection_error(X, "NameError: name 'gone' is not defined"),),
    ),
    Row(
        "all-of-two-modules",
        acme(
            f"from acme import *\ngone()\n{OK}",
            init="from . import a, b\nfrom .a import *\nfrom .b import *\n__all__ = a.__all__ + b.__all__\n",
            a=f"__all__ = ['kept', 'gone']\n{BOTH}",
        )
        | {"acme/b.py": "__all__ = ['other']\nother = 1\n"},
        a(f"__all__ = ['kept']\n{BOTH}"),
        (collection_error(X, "NameError: name 'gone' is not defined"),),
    ),
    Row(
        "getattr-table-by-a-dict",
        acme(
            f"from acme import gone\n{OK}",
            init=(
                "import importlib\n_TABLE = {'gone': '.a', 'kept': '.a'}\ndef __getattr__(name):\n"
                "    if name in _TABLE:\n"
                "        return getattr(importlib.import_module(_TABLE[name], __name__), name)\n"
                "    raise AttributeError(name)\n"
            ),
        ),
        LOST,
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme'"),),
    ),
    Row(
        "getattr-with-if-chain",
        acme(
            f"import acme\nacme.gone\n{OK}",
            init=(
                "def __getattr__(name):\n    if name == 'gone':\n        from .a import gone\n        return gone\n"
                "    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')\n"
            ),
        ),
        {
            "acme/__init__.py": (
                "def __getattr__(name):\n    if name == 'kept':\n        from .a import kept\n        return kept\n"
                "    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')\n"
            )
        },
        (collection_error(X, "AttributeError: module 'acme' has no attribute 'gone'"),),
    ),
    Row(
        "getattr-that-warns",
        acme(f"from acme.a import gone\n{OK}"),
        a(
            f"import warnings\n{KEPT}def __getattr__(name):\n    if name == 'gone':\n"
            "        warnings.warn('old', DeprecationWarning)\n        return kept\n"
            "    raise AttributeError(name)\n"
        ),
    ),
    Row(
        "getattr-that-never-serves-it",
        acme(f"from acme.a import gone\n{OK}"),
        a(f"{KEPT}def __getattr__(name):\n    raise AttributeError(name)\n"),
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    _instance("of-an-attribute", "def test_a():\n    a.gone\n", "gone = 1", NO_MEMBER),
    _instance("of-a-method", "def test_a():\n    a.gone()\n", "def gone(self):\n        pass", NO_MEMBER),
    _instance("that-serves-any-name", "def test_a():\n    a.gone\n", "gone = 1", (), "def __getattr__(self, name):\n        return 1"),
    _instance("and-kept", "def test_a():\n    a.kept\n", "gone = 1"),
    Row("module-becomes-an-instance", acme(f"import acme.a\n{OK}"), a("import sys\nclass M:\n    gone = 1\nsys.modules[__name__] = M()\n")),
    Row(
        "cycle-that-asks-half-way",
        acme(f"import acme.a\n{OK}", a="from acme import b\nname = 1\n") | {"acme/b.py": "other = 1\n"},
        {"acme/b.py": "from acme.a import name\nother = 1\n"},
        (collection_error(X, "ImportError: cannot import name 'name' from partially initialized module 'acme.a' (most likely due to a circular import)"),),
    ),
    Row(
        "cycle-of-a-package-half-way",
        acme(f"import acme\n{OK}", init="from acme.a import kept\nlate = 1\n"),
        a(f"from acme import late\n{KEPT}"),
        (collection_error(X, "ImportError: cannot import name 'late' from partially initialized module 'acme' (most likely due to a circular import)"),),
    ),
    Row(
        "cycle-attribute-half-way",
        acme(f"import acme\n{OK}", init="from acme.a import kept\nlate = 1\n"),
        a(f"import acme\nacme.late\n{KEPT}"),
        (collection_error(X, "AttributeError: partially initialized module 'acme' has no attribute 'late' (most likely due to a circular import)"),),
    ),
    Row(
        "cycle-of-a-package-half-way-in-a-function",
        acme(f"import acme\n{OK}", init="from acme.a import kept\nlate = 1\n"),
        a("import acme\ndef kept():\n    return acme.late\n"),
    ),
    Row(
        "conftest-moved-up",
        {**acme("x = 1\n"), "tests/deep/conftest.py": FIXTURE, "tests/deep/test_z.py": USER},
        {"tests/deep/conftest.py": None, "tests/conftest.py": FIXTURE},
    ),
    Row(
        "conftest-moved-to-a-sibling",
        {**acme("x = 1\n"), "tests/deep/conftest.py": FIXTURE, "tests/deep/test_z.py": USER, "tests/side/test_w.py": OK},
        {"tests/deep/conftest.py": None, "tests/side/conftest.py": FIXTURE},
        (runtime_error("tests/deep/test_z.py", "test_a", exception="fixture 'it' not found"),),
    ),
    Row(
        "conftest-renamed",
        {**acme(USER), "tests/conftest.py": FIXTURE},
        {"tests/conftest.py": None, "tests/conftests.py": FIXTURE},
        (runtime_error(X, "test_a", exception="fixture 'it' not found"),),
    ),
    Row(
        "test-moved-away-from-its-conftest",
        {**acme("x = 1\n"), "tests/deep/conftest.py": FIXTURE, "tests/deep/test_z.py": USER},
        {"tests/deep/test_z.py": None, "tests/side/test_z.py": USER},
        (runtime_error("tests/side/test_z.py", "test_a", exception="fixture 'it' not found"),),
    ),
    Row(
        "collect-ignore-glob",
        {**acme(OK), "conftest.py": "collect_ignore_glob = ['tests/old_*']\n", "tests/old_test.py": ASKS},
        LOST,
        ini="[pytest]\npythonpath = .\npython_files = *test*.py\n",
    ),
    Row(
        "collect-ignore-is-dropped",
        {**acme(OK), "tests/conftest.py": "collect_ignore = ['test_y.py']\n", Y: ASKS},
        {**LOST, "tests/conftest.py": ""},
        (collection_error(Y, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "ignore-collect-hook",
        {
            **acme(OK),
            "tests/conftest.py": ("def pytest_ignore_collect(collection_path):\n    return True if collection_path.name == 'test_y.py' else None\n"),
            Y: ASKS,
        },
        LOST,
        (unclear(Y),),
    ),
    Row("ignore-glob-in-addopts", {**acme(OK), Y: ASKS, "pytest.ini": INI + "addopts = --ignore-glob=*_y.py\n"}, LOST, ini=None),
    Row(
        "deselected-test",
        {**acme(f"def test_a():\n    from acme.a import gone\n{B}"), "pytest.ini": INI + "addopts = --deselect tests/test_x.py::test_a\n"},
        LOST,
        ini=None,
    ),
    Row(
        "classes-by-their-own-pattern",
        {**acme(f"class CheckIt:\n    def test_a(self):\n        from acme.a import gone\n{B}"), "pytest.ini": INI + "python_classes = Check\n"},
        LOST,
        (runtime_error(X, "CheckIt::test_a", exception="ImportError: cannot import name 'gone' from 'acme.a'"),),
        ini=None,
    ),
    Row(
        "functions-by-their-own-pattern",
        {**acme(f"def check_a():\n    from acme.a import gone\n{B}"), "pytest.ini": INI + "python_functions = check_*\n"},
        LOST,
        (runtime_error(X, "check_a", exception="ImportError: cannot import name 'gone' from 'acme.a'"),),
        ini=None,
    ),
    Row("test-class-that-says-it-is-none", acme(f"class TestX:\n    __test__ = False\n    def test_a(self):\n        from acme.a import gone\n{B}"), LOST),
    Row(
        "test-class-that-starts-to-say-it-is-none",
        acme(f"class TestX:\n    def test_a(self):\n        pass\n{B}"),
        {X: f"class TestX:\n    __test__ = False\n    def test_a(self):\n        pass\n{B}"},
        (silenced(X, "TestX::test_a"),),
    ),
    Row("async-test", acme(f"import pytest\n@pytest.mark.skip(reason='no plugin')\nasync def test_a():\n    from acme.a import gone\n{B}"), LOST),
    Row(
        "unittest-subclass-in-another-file",
        acme("from test_y import Base\nclass TestX(Base):\n    def test_a(self):\n        pass\n")
        | {Y: ("import unittest\nclass Base(unittest.TestCase):\n    def setUp(self):\n        from acme.a import gone\n")},
        LOST,
        (runtime_error(X, "TestX::test_a", exception="ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "unittest-async",
        acme(
            "import unittest\nclass TestX(unittest.IsolatedAsyncioTestCase):\n    async def test_a(self):\n"
            "        from acme.a import gone\n    async def test_b(self):\n        pass\n"
        ),
        LOST,
        (runtime_error(X, "TestX::test_a", exception="ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "unittest-async-set-up",
        acme(
            "import unittest\nclass TestX(unittest.IsolatedAsyncioTestCase):\n    async def asyncSetUp(self):\n"
            "        from acme.a import gone\n    async def test_b(self):\n        pass\n"
        ),
        LOST,
        (runtime_error(X, "TestX::test_b", exception="ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "unittest-subtest",
        acme(
            "import unittest\nclass TestX(unittest.TestCase):\n    def test_a(self):\n"
            "        with self.subTest('x'):\n            from acme.a import gone\n    def test_b(self):\n"
            "        pass\n"
        ),
        LOST,
        (runtime_error(X, "TestX::test_a", exception="ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "autouse-fixture-in-a-class",
        acme(
            "import pytest\nclass TestX:\n    @pytest.fixture(autouse=True)\n    def prepare(self):\n"
            f"        from acme.a import gone\n    def test_a(self):\n        pass\n{B}"
        ),
        LOST,
        (runtime_error(X, "TestX::test_a", exception="ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "indirect-parametrization",
        acme(
            "import pytest\n@pytest.fixture\ndef it(request):\n    from acme.a import gone\n"
            "    return request.param\n@pytest.mark.parametrize('it', [1, 2], indirect=True)\ndef test_a(it):\n"
            f"    pass\n{B}"
        ),
        LOST,
        (runtime_error(X, "test_a", exception="ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "indirect-parametrization-of-one",
        acme(
            "import pytest\n@pytest.fixture\ndef it(request):\n    from acme.a import gone\n"
            "    return request.param\n@pytest.mark.parametrize('it, n', [(1, 2)], indirect=['it'])\n"
            f"def test_a(it, n):\n    pass\n{B}"
        ),
        LOST,
        (runtime_error(X, "test_a", exception="ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "direct-parametrization-overrides-the-fixture",
        acme(f"import pytest\n@pytest.fixture\ndef it():\n    from acme.a import gone\n@pytest.mark.parametrize('it', [1])\ndef test_a(it):\n    pass\n{B}"),
        LOST,
    ),
    Row(
        "indirect-to-a-fixture-that-goes",
        acme(f"import pytest\n@pytest.mark.parametrize('it', [1], indirect=True)\ndef test_a(it):\n    pass\n{B}")
        | {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef it(request):\n    return request.param\n"},
        {"tests/conftest.py": ""},
        (runtime_error(X, "test_a", exception="fixture 'it' not found"),),
    ),
    Row(
        "parametrized-fixture-of-what-is-gone",
        acme(f"import pytest\nimport acme.a\n@pytest.fixture(params=[acme.a.kept, acme.a.gone])\ndef it(request):\n    return request.param\n{USER}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "pytest-param-with-a-mark",
        acme(
            "import pytest\nimport acme.a\n"
            "@pytest.mark.parametrize('f', [pytest.param(acme.a.gone, id='x', marks=pytest.mark.skip)])\n"
            "def test_a(f):\n    pass\n"
        ),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "pytest-param-in-a-constant",
        acme("import pytest\nimport acme.a\nCASES = [pytest.param(acme.a.gone, id='x')]\n@pytest.mark.parametrize('f', CASES)\ndef test_a(f):\n    pass\n"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "getfixturevalue-in-a-fixture",
        acme(f"import pytest\n@pytest.fixture\ndef top(request):\n    return request.getfixturevalue('it')\ndef test_a(top):\n    pass\n{B}")
        | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
        (runtime_error(X, "test_a", exception="fixture 'it' not found"),),
    ),
    Row(
        "getfixturevalue-under-a-condition",
        acme(f"def test_a(request):\n    if request.node.name == 'never':\n        request.getfixturevalue('it')\n{B}") | {"tests/conftest.py": FIXTURE},
        {"tests/conftest.py": ""},
    ),
    Row(
        "fixture-of-a-plugin-over-the-conftest",
        acme(USER) | {"conftest.py": "pytest_plugins = ['acme.plugin']\n" + FIXTURE, "acme/plugin.py": FIXTURE},
        {"conftest.py": "pytest_plugins = ['acme.plugin']\n"},
    ),
    Row(
        "fixture-in-a-nested-class",
        acme(
            "import pytest\nclass TestX:\n    @pytest.fixture\n    def it(self):\n        pass\n"
            f"    class TestY:\n        def test_a(self, it):\n            pass\n{B}"
        ),
        {X: f"import pytest\nclass TestX:\n    class TestY:\n        def test_a(self, it):\n            pass\n{B}"},
        (runtime_error(X, "TestX::TestY::test_a", exception="fixture 'it' not found"),),
    ),
    Row(
        "fixture-becomes-one-of-a-class-alone",
        acme(f"import pytest\n{FIXTURE}class TestX:\n    def test_a(self, it):\n        pass\ndef test_c(it):\n    pass\n"),
        {
            X: (
                "import pytest\nclass TestX:\n    @pytest.fixture\n    def it(self):\n        pass\n"
                "    def test_a(self, it):\n        pass\ndef test_c(it):\n    pass\n"
            )
        },
        (runtime_error(X, "test_c", exception="fixture 'it' not found"),),
    ),
    Row(
        "fixture-imported-under-another-name",
        acme(f"from helpers import other as it\n{USER}") | {"tests/helpers.py": FIXTURE.replace("it()", "other()")},
        {X: f"from helpers import other\n{USER}"},
        (runtime_error(X, "test_a", exception="fixture 'it' not found"),),
    ),
)
