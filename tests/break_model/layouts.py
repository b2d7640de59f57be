"""Where imports are found: roots, import modes, packages of tests, namespace packages, settings."""

from __future__ import annotations

from break_model.rows import INI, KEPT, OK, Row, acme, collection_error

X = "tests/test_x.py"
NO_ACME = "ModuleNotFoundError: No module named 'acme'"
NO_HELPERS = "ModuleNotFoundError: No module named 'helpers'"
NO_NAME = "ImportError: cannot import name 'gone' from 'acme.a'"
LOST = {"acme/a.py": KEPT}
USER = f"from acme.a import gone\n{OK}"
HELPED = f"from helpers import kept\n{OK}"
SRC = {"src/acme/__init__.py": "", "src/acme/a.py": f"{KEPT}def gone():\n    return 2\n"}
MODE = "addopts = --import-mode=importlib\n"

_ROOTS = (
    Row(
        "src-with-pythonpath",
        {**SRC, X: USER, "pytest.ini": "[pytest]\npythonpath = src\n"},
        {"src/acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
        ini=None,
    ),
    Row(
        "src-with-pyproject",
        {**SRC, X: USER, "pyproject.toml": "[project]\nname = 'acme'\n[tool.pytest.ini_options]\npythonpath = ['src']\n"},
        {"src/acme/a.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.a'"),),
        ini=None,
    ),
    Row(
        "src-with-a-conftest-that-inserts-it",
        {**SRC, X: USER, "conftest.py": "import sys, os\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'src'))\n"},
        {"src/acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
        ini=None,
    ),
    Row(
        "src-with-a-conftest-and-pathlib",
        {**SRC, X: USER, "tests/conftest.py": "import sys\nfrom pathlib import Path\nsys.path.append(str(Path(__file__).resolve().parent.parent / 'src'))\n"},
        {"src/acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
        ini=None,
    ),
    Row(
        "insertion-dropped",
        {**SRC, X: USER, "conftest.py": "import sys, os\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'src'))\n"},
        {"conftest.py": ""},
        (collection_error(X, NO_ACME),),
        ini=None,
    ),
    Row("pythonpath-dropped", acme(USER), {"pytest.ini": "[pytest]\n"}, (collection_error(X, NO_ACME),)),
    Row(
        "pythonpath-pointed-elsewhere",
        {**SRC, X: USER, "lib/__init__.py": "", "pytest.ini": "[pytest]\npythonpath = src\n"},
        {"pytest.ini": "[pytest]\npythonpath = lib\n"},
        (collection_error(X, NO_ACME),),
        ini=None,
    ),
    Row("source-moved-with-its-pythonpath", acme(USER), {**SRC, "acme/__init__.py": None, "acme/a.py": None, "pytest.ini": "[pytest]\npythonpath = src\n"}),
    Row("source-moved-without-its-pythonpath", acme(USER), {**SRC, "acme/__init__.py": None, "acme/a.py": None}, (collection_error(X, NO_ACME),)),
    Row("settings-moved-to-pyproject", acme(USER), {"pytest.ini": None, "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n"}),
    Row(
        "settings-replaced-by-settings-that-win",
        {**acme(USER), "tox.ini": "[pytest]\npythonpath = .\n"},
        {"pytest.ini": "[pytest]\n"},
        (collection_error(X, NO_ACME),),
        ini=None,
    ),
    Row("root-conftest-makes-the-root-importable", {**acme(USER), "conftest.py": ""}, LOST, (collection_error(X, NO_NAME),), ini=None),
    Row("root-conftest-deleted", {**acme(USER), "conftest.py": ""}, {"conftest.py": None}, (collection_error(X, NO_ACME),), ini=None),
    Row(
        "root-conftest-deleted-where-tests-are-run-as-a-module",
        {
            **acme(OK),
            "conftest.py": "",
            "Makefile": "test:\n\tpython -m pytest\n",
            "tests/test_y.py": f"try:\n    import acme\nexcept ImportError:\n    acme = None\n{OK}",
        },
        {"conftest.py": None},
        ini=None,
    ),
    Row(
        "root-conftest-deleted-and-the-project-is-installable",
        {
            **acme(OK),
            "conftest.py": "",
            "pyproject.toml": "[project]\nname = 'acme'\n",
            "tests/test_y.py": f"try:\n    import acme\nexcept ImportError:\n    acme = None\n{OK}",
        },
        {"conftest.py": None},
        ini=None,
    ),
    Row("root-conftest-appears", acme(USER), {"conftest.py": ""}, ini=None),
    Row(
        "two-roots",
        {**SRC, "lib/other/__init__.py": "from acme.a import gone\n", X: f"import other\n{OK}", "pytest.ini": "[pytest]\npythonpath = src lib\n"},
        {"src/acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
        ini=None,
    ),
    Row(
        "two-projects",
        {
            "one/conftest.py": "",
            "one/first/__init__.py": "gone = 1\n",
            "one/tests/test_one.py": f"from first import gone\n{OK}",
            "two/conftest.py": "",
            "two/second/__init__.py": "gone = 1\n",
            "two/tests/test_two.py": f"from second import gone\n{OK}",
        },
        {"one/first/__init__.py": ""},
        (collection_error("one/tests/test_one.py", "ImportError: cannot import name 'gone' from 'first'"),),
        ini=None,
    ),
    Row(
        "two-projects-one-through-the-other",
        {
            "one/conftest.py": "",
            "one/first/__init__.py": "gone = 1\n",
            "one/tests/test_one.py": OK,
            "two/conftest.py": "",
            "two/second/__init__.py": "from first import gone\n",
            "two/tests/test_two.py": f"from second import gone\n{OK}",
            "pytest.ini": "[pytest]\npythonpath = one\n",
        },
        {"one/first/__init__.py": ""},
        (collection_error("two/tests/test_two.py", "ImportError: cannot import name 'gone' from 'first'"),),
        ini=None,
    ),
    Row(
        "tests-beside-the-code",
        {"acme/__init__.py": "", "acme/a.py": f"{KEPT}gone = 1\n", "acme/test_a.py": f"from .a import gone\n{OK}"},
        LOST,
        (collection_error("acme/test_a.py", NO_NAME),),
        ini=None,
    ),
    Row(
        "tests-inside-the-package",
        {"acme/__init__.py": "", "acme/a.py": f"{KEPT}gone = 1\n", "acme/tests/__init__.py": "", "acme/tests/test_a.py": f"from acme.a import gone\n{OK}"},
        LOST,
        (collection_error("acme/tests/test_a.py", NO_NAME),),
        ini=None,
    ),
)

_TESTS = (
    Row("helper-beside-a-test", {X: HELPED, "tests/helpers.py": KEPT}, {"tests/helpers.py": None}, (collection_error(X, NO_HELPERS),), ini=None),
    Row(
        "helper-beside-a-test-of-another-folder",
        {"tests/one/test_x.py": HELPED, "tests/one/helpers.py": KEPT, "tests/two/test_y.py": OK},
        {"tests/one/helpers.py": None},
        (collection_error("tests/one/test_x.py", NO_HELPERS),),
        ini=None,
    ),
    Row(
        "helper-moved-up",
        {"tests/deep/test_x.py": HELPED, "tests/deep/helpers.py": KEPT},
        {"tests/deep/helpers.py": None, "tests/helpers.py": KEPT},
        (collection_error("tests/deep/test_x.py", NO_HELPERS),),
        ini=None,
    ),
    Row(
        "helper-moved-up-beside-a-conftest",
        {"tests/deep/test_x.py": HELPED, "tests/deep/helpers.py": KEPT, "tests/conftest.py": ""},
        {"tests/deep/helpers.py": None, "tests/helpers.py": KEPT},
        ini=None,
    ),
    Row(
        "test-moved-away-from-its-helper",
        {X: HELPED, "tests/helpers.py": KEPT},
        {X: None, "tests/deep/test_x.py": HELPED},
        (collection_error("tests/deep/test_x.py", NO_HELPERS),),
        ini=None,
    ),
    Row("importlib-mode-turned-on", {**acme(HELPED), "tests/helpers.py": KEPT}, {"pytest.ini": f"{INI}{MODE}"}, (collection_error(X, NO_HELPERS),)),
    Row("importlib-mode-never-had-the-helper", {**acme(HELPED), "tests/helpers.py": KEPT, "pytest.ini": f"{INI}{MODE}"}, {"tests/helpers.py": None}, ini=None),
    Row("importlib-mode-and-production-code", {**acme(USER), "pytest.ini": f"{INI}{MODE}"}, LOST, (collection_error(X, NO_NAME),), ini=None),
    Row(
        "importlib-mode-with-a-helper-on-the-path",
        {X: HELPED, "tests/helpers.py": KEPT, "pytest.ini": f"[pytest]\npythonpath = tests\n{MODE}"},
        {"tests/helpers.py": "other = 1\n"},
        (collection_error(X, "ImportError: cannot import name 'kept' from 'helpers'"),),
        ini=None,
    ),
    Row(
        "importlib-mode-in-a-package",
        {"tests/__init__.py": "", X: f"from .helpers import kept\n{OK}", "tests/helpers.py": KEPT, "pytest.ini": f"[pytest]\n{MODE}"},
        {"tests/helpers.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'tests.helpers'"),),
        ini=None,
    ),
    Row("package-of-tests-appears", {X: HELPED, "tests/helpers.py": KEPT}, {"tests/__init__.py": ""}, (collection_error(X, NO_HELPERS),), ini=None),
    Row(
        "package-of-tests-appears-with-what-it-needs",
        {X: HELPED, "tests/helpers.py": KEPT},
        {"tests/__init__.py": "", X: f"from tests.helpers import kept\n{OK}"},
        ini=None,
    ),
    Row(
        "package-of-tests-goes",
        {"checks/__init__.py": "", "checks/test_x.py": f"from checks.helpers import kept\n{OK}", "checks/helpers.py": KEPT},
        {"checks/__init__.py": None},
        (collection_error("checks/test_x.py", "ModuleNotFoundError: No module named 'checks'"),),
        ini=None,
    ),
    Row(
        "package-of-tests-goes-and-the-root-is-there",
        {"tests/__init__.py": "", X: f"from tests.helpers import kept\n{OK}", "tests/helpers.py": KEPT},
        {"tests/__init__.py": None},
    ),
    Row("package-of-tests-brought-the-root", {**acme(USER), "tests/__init__.py": ""}, {"tests/__init__.py": None}, (collection_error(X, NO_ACME),), ini=None),
    Row(
        "package-of-tests-shadows-production-code",
        acme(USER),
        {"tests/acme/__init__.py": ""},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.a'"),),
    ),
    Row("folder-of-tests-named-as-production-code", acme(USER), {"tests/acme/test_y.py": OK}),
    Row(
        "module-of-tests-shadows-production-code",
        acme(USER),
        {"tests/acme.py": ""},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.a'; 'acme' is not a package"),),
    ),
    Row("module-of-tests-named-as-a-part-of-production-code", acme(USER), {"tests/a.py": ""}),
    Row("module-of-tests-named-as-production-code-that-comes-last", acme(USER), {"tests/acme.py": ""}, ini=f"{INI}addopts = --import-mode=append\n"),
    Row("module-of-tests-named-as-production-code-in-a-package", {**acme(USER), "tests/__init__.py": ""}, {"tests/acme.py": ""}),
    Row(
        "same-basename-twice",
        {"tests/one/test_x.py": OK},
        {"tests/two/test_x.py": OK},
        (collection_error("tests/two/test_x.py", "import file mismatch"),),
        ini=None,
    ),
    Row(
        "same-basename-in-packages",
        {"tests/__init__.py": "", "tests/one/__init__.py": "", "tests/one/test_x.py": OK},
        {"tests/two/__init__.py": "", "tests/two/test_x.py": OK},
        ini=None,
    ),
    Row(
        "same-basename-once-the-packages-go",
        {"tests/__init__.py": "", "tests/one/__init__.py": "", "tests/one/test_x.py": OK, "tests/two/__init__.py": "", "tests/two/test_x.py": OK},
        {"tests/one/__init__.py": None, "tests/two/__init__.py": None},
        (collection_error("tests/two/test_x.py", "import file mismatch"),),
        ini=None,
    ),
    Row("same-basename-under-importlib", {"tests/one/test_x.py": OK, "pytest.ini": f"[pytest]\n{MODE}"}, {"tests/two/test_x.py": OK}, ini=None),
    Row(
        "same-helper-twice",
        {"tests/two/test_y.py": HELPED, "tests/two/helpers.py": KEPT, "tests/one/test_x.py": OK},
        {"tests/one/test_x.py": f"from helpers import other\n{OK}", "tests/one/helpers.py": "other = 1\n"},
        (collection_error("tests/two/test_y.py", "ImportError: cannot import name 'kept' from 'helpers'"),),
        ini=None,
    ),
    Row(
        "project-of-demonstration-named-as-a-dependency",
        {
            "pyproject.toml": "[project]\nname = 'acme'\ndependencies = ['pluggy']\n",
            "tests/demo/pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'pluggy'\nbackend-path = ['.']\n",
            "tests/demo/pluggy.py": "def build_wheel():\n    pass\nHookspecMarker = 1\n",
            X: "from pluggy import HookspecMarker\ndef test_a():\n    from pluggy._manager import PluginManager\n",
        },
        {
            "tests/demo/pluggy.py": "def build_wheel():\n    pass\n",
            X: "from pluggy import HookspecMarker\ndef test_a():\n    from pluggy._hooks import HookCaller\n",
        },
        ini=None,
    ),
    Row("test-that-is-not-collected", {**acme(OK), "tests/check_y.py": USER, "scripts/run.py": "from acme.a import gone\n"}, LOST),
    Row(
        "test-outside-of-testpaths",  # it counts: who runs it names its path
        {**acme(OK), "other/test_y.py": USER, "pytest.ini": f"{INI}testpaths = tests\n"},
        LOST,
        (collection_error("other/test_y.py", NO_NAME),),
        ini=None,
        asked=("tests", "other"),
    ),
    Row(
        "test-by-its-own-pattern",
        {**acme(OK), "tests/check_y.py": USER, "pytest.ini": f"{INI}python_files = check_*.py\n"},
        LOST,
        (collection_error("tests/check_y.py", NO_NAME),),
        ini=None,
    ),
    Row("test-in-an-ignored-folder", {**acme(OK), "build/test_y.py": USER, "tests/node_modules/test_z.py": USER}, LOST),
    Row("test-ignored-by-its-conftest", {**acme(OK), "tests/conftest.py": "collect_ignore = ['test_y.py']\n", "tests/test_y.py": USER}, LOST),
    Row("test-ignored-by-the-settings", {**acme(OK), "tests/test_y.py": USER, "pytest.ini": f"{INI}addopts = --ignore=tests/test_y.py\n"}, LOST, ini=None),
)

_NAMESPACES = (
    Row(
        "namespace-package-loses-a-module",
        {"acme/a.py": "", "acme/b.py": "", X: f"import acme.a\n{OK}"},
        {"acme/a.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.a'"),),
    ),
    Row(
        "namespace-package-loses-a-name",
        {"acme/a.py": "", "acme/b.py": "", X: f"from acme import a\n{OK}"},
        {"acme/a.py": None},
        (collection_error(X, "ImportError: cannot import name 'a' from 'acme'"),),
    ),
    Row("namespace-package-loses-its-last-module", {"acme/a.py": "", X: f"import acme.a\n{OK}"}, {"acme/a.py": None}, (collection_error(X, NO_ACME),)),
    Row("namespace-package-that-stays", {"acme/sub/a.py": "", "acme/b.py": "", X: f"import acme.sub.a\n{OK}"}, {"acme/b.py": None}),
    Row("regular-package-becomes-a-namespace", acme(USER), {"acme/__init__.py": None}),
    Row(
        "regular-package-becomes-a-namespace-and-loses-a-name",
        acme(f"from acme import kept\n{OK}", init="from acme.a import kept\n"),
        {"acme/__init__.py": None},
        (collection_error(X, "ImportError: cannot import name 'kept' from 'acme'"),),
    ),
    Row("namespace-becomes-a-regular-package", {"acme/a.py": "", X: f"import acme.a\n{OK}"}, {"acme/__init__.py": ""}),
    Row(
        "namespace-over-two-roots",
        {"one/acme/a.py": "", "two/acme/b.py": "", X: f"import acme.a, acme.b\n{OK}", "pytest.ini": "[pytest]\npythonpath = one two\n"},
        {"two/acme/b.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.b'"),),
        ini=None,
    ),
    Row(
        "namespace-over-two-roots-shadowed",
        {"one/acme/a.py": "", "two/acme/b.py": "", X: f"import acme.a, acme.b\n{OK}", "pytest.ini": "[pytest]\npythonpath = one two\n"},
        {"one/acme/__init__.py": ""},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.b'"),),
        ini=None,
    ),
    Row(
        "folder-of-data-in-place-of-a-module",
        {"acme/__init__.py": "", "acme/a.py": "", "acme/a/data.json": "{}", X: f"import acme.a\n{OK}"},
        {"acme/a.py": None},
    ),
    Row(
        "folder-of-data-in-place-of-a-module-with-a-name",
        {"acme/__init__.py": "", "acme/a.py": KEPT, "acme/a/data.json": "{}", X: f"from acme.a import kept\n{OK}"},
        {"acme/a.py": None},
        (collection_error(X, "ImportError: cannot import name 'kept' from 'acme.a'"),),
    ),
)

_NEVER = "ImportError: cannot import name 'never' from 'acme'"
_BARE = tuple(
    Row(f"package-that-is-bare-now-{name}", {"acme/__init__.py": "K = 1\n", "acme/a.py": "", X: test}, {"acme/__init__.py": None, **change}, fates)
    for name, test, change, fates in (
        ("and-asked-for-what-never-was", f"import acme.a\n{OK}", {"acme/a.py": "from acme import never\n"}, (collection_error(X, _NEVER),)),
        ("and-asked-by-a-test", f"import acme.a\n{OK}", {X: f"from acme import never\n{OK}"}, (collection_error(X, _NEVER),)),
        ("and-asked-for-what-it-had", f"from acme import K\n{OK}", {}, (collection_error(X, _NEVER.replace("never", "K")),)),
        ("and-asked-for-what-it-has", f"from acme import a\n{OK}", {}, ()),
    )
)

_ASKS = f"from acme import b\n{OK}"
_NO_A = "ImportError: cannot import name 'a' from 'acme'"
_MISMATCH = collection_error("tests/unit/test_x.py", "import file mismatch")
_TWINS = tuple(
    Row(f"twin-of-a-test-{name}", {"acme/__init__.py": "", "acme/a.py": "", "acme/b.py": "from acme import a\n", X: _ASKS}, change, fates)
    for name, change, fates in (
        ("that-can-be-imported", {"tests/unit/test_x.py": _ASKS}, (_MISMATCH,)),
        ("that-would-fail-itself", {"tests/unit/test_x.py": f"import acme.never\n{OK}"}, (_MISMATCH,)),
        ("that-cannot-be-imported", {"acme/a.py": None, "tests/unit/test_x.py": OK}, (collection_error(X, _NO_A),)),
        (
            "that-cannot-be-imported-and-fails-itself",
            {"acme/a.py": None, "tests/unit/test_x.py": _ASKS},
            (collection_error(X, _NO_A), collection_error("tests/unit/test_x.py", _NO_A)),
        ),
    )
)

ROWS = (*_ROOTS, *_TESTS, *_NAMESPACES, *_BARE, *_TWINS)
