"""What only the `conftest.py` files may do that pytest loads before it collects, and one that skips its whole directory."""

from __future__ import annotations

from break_model.rows import INI, OK, Row, collection_error

_LATE = "Failed: Defining 'pytest_plugins' in a non-top-level conftest is no longer supported:"
_PLUGINS = 'pytest_plugins = ["acme.plugin"]\n'
_ONE = "import pytest\n@pytest.fixture\ndef one():\n    return 1\n"
_USES = "def test_one(one):\n    pass\n"
_GONE = "ImportError: cannot import name 'gone' from 'acme.a'"
_CYCLE = {"acme/d.py": "from acme.c import two\none = 1\n"}
_CIRCULAR = "ImportError: cannot import name 'two' from partially initialized module 'acme.c' (most likely due to a circular import)"
_IMPORTS = f"from acme.a import gone\n{OK}"
_SKIPS = f'import pytest\npytest.skip("not here", allow_module_level=True)\n{_ONE}'


def _acme(**tests: str) -> dict[str, str]:
    return {"acme/__init__.py": "", "acme/plugin.py": "", **{path.replace("__", "/") + ".py": source for path, source in tests.items()}}


ROWS = (
    Row(
        "plugins-named-below-the-first-conftest",
        _acme(conftest=_PLUGINS, tests__unit__test_x=OK, tests__test_y=OK),
        {"conftest.py": None, "tests/unit/conftest.py": _PLUGINS},
        (collection_error("tests/unit/test_x.py", _LATE),),
    ),
    Row(
        "plugins-named-in-a-directory-of-tests",
        _acme(conftest=_PLUGINS, tests__unit__test_x=OK),
        {"conftest.py": None, "tests/conftest.py": _PLUGINS},
    ),
    Row(
        "plugins-named-in-a-directory-by-another-name",
        _acme(conftest=_PLUGINS, checks__test_x=OK),
        {"conftest.py": None, "checks/conftest.py": _PLUGINS},
        (collection_error("checks/test_x.py", _LATE),),
    ),
    Row(
        "plugins-named-where-the-settings-begin",
        _acme(conftest=_PLUGINS, checks__unit__test_x=OK),
        {"conftest.py": None, "checks/unit/conftest.py": _PLUGINS},
        ini=f"{INI}testpaths = checks/unit\n",
    ),
    Row(
        "plugins-named-below-where-the-settings-begin",
        _acme(conftest=_PLUGINS, checks__unit__test_x=OK),
        {"conftest.py": None, "checks/unit/conftest.py": _PLUGINS},
        (collection_error("checks/unit/test_x.py", _LATE),),
        ini=f"{INI}testpaths = checks\n",
    ),
    Row(
        "plugins-named-below-as-before",
        _acme(tests__unit__conftest=_PLUGINS, tests__unit__test_x=OK),
        {"tests/unit/conftest.py": f"import acme\n{_PLUGINS}"},
    ),
    Row(
        "plugins-named-late-above-a-test-that-fails-itself",
        _acme(conftest=_PLUGINS, acme__a="def gone():\n    pass\n", checks__test_x=_IMPORTS),
        {"conftest.py": None, "checks/conftest.py": _PLUGINS, "acme/a.py": ""},
        (collection_error("checks/test_x.py", _LATE),),
    ),
    Row(
        "plugins-named-late-in-a-file-that-fails-itself",
        _acme(conftest=_PLUGINS, acme__a="def gone():\n    pass\n", checks__test_x=OK),
        {"conftest.py": None, "checks/conftest.py": f"from acme.a import gone\n{_PLUGINS}", "acme/a.py": ""},
        (collection_error("checks/test_x.py", _GONE),),
    ),
    Row(
        "plugins-named-late-above-a-conftest-that-fails",
        _acme(conftest=_PLUGINS, acme__a="def gone():\n    pass\n", checks__unit__conftest=_IMPORTS, checks__unit__test_x=OK),
        {"conftest.py": None, "checks/conftest.py": _PLUGINS, "acme/a.py": ""},
        (collection_error("checks/unit/test_x.py", _LATE),),
    ),
    Row(
        "plugins-named-late-below-a-conftest-that-fails",
        _acme(conftest=_PLUGINS, acme__a="def gone():\n    pass\n", checks__conftest=_IMPORTS, checks__unit__test_x=OK),
        {"conftest.py": None, "checks/unit/conftest.py": _PLUGINS, "acme/a.py": ""},
        (collection_error("checks/unit/test_x.py", _GONE),),
    ),
    Row(
        "plugins-that-fail-after-the-file-that-names-them",
        _acme(conftest=_PLUGINS, tests__test_x=OK),
        {"conftest.py": f"{_PLUGINS}from acme import never\n", "acme/plugin.py": "from acme import nothing\n"},
        (collection_error("tests/test_x.py", "ImportError: cannot import name 'never' from 'acme'"),),
    ),
    Row(
        "plugins-named-late-above-a-test-that-fails-in-a-cycle",
        _acme(conftest=_PLUGINS, acme__c="from acme.d import one\ntwo = 2\n", acme__d="one = 1\n", checks__test_x=f"import acme.c\n{OK}"),
        {"conftest.py": None, "checks/conftest.py": _PLUGINS, **_CYCLE},
        (collection_error("checks/test_x.py", _LATE),),
    ),
    Row(
        "plugins-named-late-below-a-conftest-that-fails-in-a-cycle",
        _acme(conftest=_PLUGINS, acme__c="from acme.d import one\ntwo = 2\n", acme__d="one = 1\n", checks__conftest="import acme.c\n", checks__unit__test_x=OK),
        {"conftest.py": None, "checks/unit/conftest.py": _PLUGINS, **_CYCLE},
        (collection_error("checks/unit/test_x.py", _CIRCULAR),),
    ),
    Row(
        "plugins-named-late-that-fail-themselves",
        _acme(conftest=_PLUGINS, acme__a="def gone():\n    pass\n", checks__test_x=OK) | {"acme/plugin.py": "from acme.a import gone\n"},
        {"conftest.py": None, "checks/conftest.py": _PLUGINS, "acme/a.py": ""},
        (collection_error("checks/test_x.py", _LATE),),
    ),
    Row("conftest-that-skips-its-directory", _acme(tests__conftest=_ONE, tests__test_x=_USES), {"tests/conftest.py": _SKIPS}),
)
