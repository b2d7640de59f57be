"""Names that come through other modules: re-exports, star imports, `__all__`, lazy modules."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Row, acme, collection_error, runtime_error, unclear

X = "tests/test_x.py"
Y = "tests/test_y.py"
NO_MODULE = "ModuleNotFoundError: No module named 'acme.a'"
NO_NAME = "ImportError: cannot import name 'gone' from 'acme.a'"
NOT_HERE = "ImportError: cannot import name 'gone' from 'acme'"
LOST = {"acme/a.py": KEPT}
FROM_PACKAGE = f"from acme import gone\n{OK}"
BOTH = f"{KEPT}def gone():\n    return 2\n"

_PLAIN = (
    Row("re-export-dropped", acme(FROM_PACKAGE, init="from acme.a import gone\n"), {"acme/__init__.py": ""}, (collection_error(X, NOT_HERE),)),
    Row(
        "re-export-as-itself-dropped",
        acme(FROM_PACKAGE, init="from .a import gone as gone, kept as kept\n"),
        {"acme/__init__.py": "from .a import kept as kept\n"},
        (collection_error(X, NOT_HERE),),
    ),
    Row(
        "star-of-stars-of-a-deleted-submodule",
        {**acme(f"import acme\n{OK}", init="from acme.b import *\nimport acme.a\n"), "acme/b.py": "from acme.a import *\n"},
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE),),
    ),
    Row("re-export-of-a-deleted-name", acme(FROM_PACKAGE, init="from acme.a import gone\n"), LOST, (collection_error(X, NO_NAME),)),
    Row(
        "re-export-under-another-name",
        acme(FROM_PACKAGE, init="from acme.a import kept as gone\n"),
        {"acme/a.py": "gone = 1\n"},
        (collection_error(X, "ImportError: cannot import name 'kept' from 'acme.a'"),),
    ),
    Row(
        "re-export-by-assignment",
        acme(FROM_PACKAGE, init="from acme import a\ngone = a.gone\n"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "moved-behind-the-same-public-name",
        acme(FROM_PACKAGE, init="from acme.a import gone\n"),
        {"acme/__init__.py": "from acme.b import gone\n", "acme/a.py": KEPT, "acme/b.py": "gone = 1\n"},
    ),
    Row("moved-behind-the-same-module", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": f"from acme.b import gone\n{KEPT}", "acme/b.py": "gone = 1\n"}),
    Row(
        "moved-behind-a-chain",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "from acme.b import gone, kept\n", "acme/b.py": "from acme.c import *\n", "acme/c.py": BOTH},
    ),
    Row(
        "accidental-re-export-dropped",
        {**acme(f"from acme.b import gone\n{OK}"), "acme/b.py": "from acme.a import gone\ndef f():\n    return gone\n"},
        {"acme/b.py": "def f():\n    from acme.a import gone\n    return gone\n"},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "chain-of-three",
        {
            **acme(f"from acme.d import gone\n{OK}"),
            "acme/b.py": "from acme.a import gone\n",
            "acme/c.py": "from acme.b import gone\n",
            "acme/d.py": "from acme.c import gone\n",
        },
        {"acme/b.py": ""},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "attribute-through-a-re-exported-module",
        acme(f"from acme import it\nVALUE = it.gone\n{OK}", init="from acme import a as it\n"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "conditional-definition-that-stays",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "import sys\nif sys.version_info >= (3, 8):\n    def gone(): ...\nelse:\n    gone = None\n"},
    ),
    Row(
        "conditional-definition-for-an-old-version",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "import sys\nif sys.version_info < (3, 8):\n    def gone(): ...\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "definition-by-try",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "try:\n    from surely_nobody_has_this import gone\nexcept ImportError:\n    gone = None\n"},
    ),
    Row(
        "name-deleted-after-its-re-export",
        acme(FROM_PACKAGE, init="from acme.a import gone\n"),
        {"acme/__init__.py": "from acme.a import gone\ndel gone\n"},
        (collection_error(X, NOT_HERE),),
    ),
)

_STARS = (
    Row(
        "star-of-a-deleted-name",
        {**acme(f"from acme.b import gone\n{OK}"), "acme/b.py": "from acme.a import *\n"},
        LOST,
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    # The package runs in the middle of the module that it is a star of.
    Row(
        "submodule-of-a-package-that-is-a-star-of-stars",
        acme(f"from acme import a\n{OK}", init="from acme.sub import *\nfrom acme.b import call\n")
        | {
            "acme/b.py": "import contextlib\nwith contextlib.suppress(ImportError):\n    from acme.a import kept as mine\ndef call():\n    return 1\n",
            "acme/sub/__init__.py": "from acme.b import *\n__all__ = ['call']\n",
        },
        {"acme/a.py": None},
        (collection_error(X, "ImportError: cannot import name 'a' from 'acme'"),),
    ),
    Row(
        "star-of-a-star",
        {**acme(f"from acme.c import gone\n{OK}"), "acme/b.py": "from acme.a import *\n", "acme/c.py": "from .b import *\n"},
        LOST,
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.c'"),),
    ),
    Row("star-in-a-package", acme(FROM_PACKAGE, init="from .a import *\n"), LOST, (collection_error(X, NOT_HERE),)),
    Row("star-dropped", acme(FROM_PACKAGE, init="from .a import *\n"), {"acme/__init__.py": ""}, (collection_error(X, NOT_HERE),)),
    Row(
        "star-of-a-name-that-got-an-underscore",
        acme(f"from acme.b import _gone\n{OK}") | {"acme/a.py": "_gone = 1\n", "acme/b.py": "from acme.a import _gone\n"},
        {"acme/b.py": "from acme.a import *\n"},
        (collection_error(X, "ImportError: cannot import name '_gone' from 'acme.b'"),),
    ),
    Row(
        "star-of-an-underscore-name-in-all",
        acme(f"from acme.b import _gone\n{OK}") | {"acme/a.py": "__all__ = ['_gone']\n_gone = 1\n", "acme/b.py": "from acme.a import _gone\n"},
        {"acme/b.py": "from acme.a import *\n"},
    ),
    Row(
        "star-that-brings-what-an-import-brought",
        acme(f"from acme.b import json\n{OK}") | {"acme/a.py": "import json\n", "acme/b.py": "from acme.a import *\n"},
        {"acme/a.py": ""},
        (collection_error(X, "ImportError: cannot import name 'json' from 'acme.b'"),),
    ),
    Row(
        "star-replaced-by-names",
        {**acme(f"from acme.b import gone\n{OK}"), "acme/b.py": "from acme.a import *\n"},
        {"acme/b.py": "from acme.a import kept\n"},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "star-replaced-by-all-names",
        {**acme(f"from acme.b import gone\n{OK}"), "acme/b.py": "from acme.a import *\n"},
        {"acme/b.py": "from acme.a import gone, kept\n"},
    ),
    Row(
        "star-in-a-test-whose-tests-come-from-elsewhere",
        {**acme("from tests_of_acme import *\n"), "tests_of_acme.py": "from acme.a import gone\ndef test_a():\n    gone()\n"},
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "star-from-two-sources",
        {**acme(f"from acme.c import gone\n{OK}"), "acme/b.py": "gone = 1\n", "acme/c.py": "from acme.a import *\nfrom acme.b import *\n"},
        LOST,
    ),
    Row("star-of-a-foreign-module", acme(f"from acme.a import join\n{OK}", a="from os.path import *\n"), {"acme/a.py": "from posixpath import *\n"}),
)

_EXPORTS = (
    Row(
        "name-left-out-of-all",
        {**acme(f"from acme.b import gone\n{OK}", a=f"__all__ = ['kept', 'gone']\n{BOTH}"), "acme/b.py": "from acme.a import *\n"},
        {"acme/a.py": f"__all__ = ['kept']\n{BOTH}"},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "name-left-out-of-all-and-asked-for-directly",
        acme(f"from acme.a import gone\n{OK}", a=f"__all__ = ['kept', 'gone']\n{BOTH}"),
        {"acme/a.py": f"__all__ = ['kept']\n{BOTH}"},
    ),
    Row(
        "all-appears",
        {**acme(f"from acme.b import gone\n{OK}"), "acme/b.py": "from acme.a import *\n"},
        {"acme/a.py": f"__all__ = ('kept',)\n{BOTH}"},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "all-names-what-is-gone",
        acme(f"from acme.a import *\n{OK}", a=f"__all__ = ['kept', 'gone']\n{BOTH}"),
        {"acme/a.py": f"__all__ = ['kept', 'gone']\n{KEPT}"},
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "all-names-what-is-gone-and-nobody-asks",
        acme(f"from acme.a import kept\n{OK}", a=f"__all__ = ['kept', 'gone']\n{BOTH}"),
        {"acme/a.py": f"__all__ = ['kept', 'gone']\n{KEPT}"},
    ),
    Row("all-names-a-submodule", acme(f"from acme import *\nVALUE = a.kept\n{OK}", init="__all__ = ['a']\n"), LOST),
    Row(
        "all-names-a-deleted-submodule",
        acme(f"from acme import *\n{OK}", init="__all__ = ['a']\n"),
        {"acme/a.py": None},
        (collection_error(X, "AttributeError: module 'acme' has no attribute 'a'"),),
    ),
    Row("all-names-a-deleted-submodule-and-nobody-takes-all", acme(f"import acme\n{OK}", init="__all__ = ['a']\n"), {"acme/a.py": None}),
    Row(
        "all-built-by-adding",
        {**acme(f"from acme.b import gone\n{OK}", a=f"__all__ = ['kept']\n{BOTH}__all__ += ['gone']\n"), "acme/b.py": "from acme.a import *\n"},
        {"acme/a.py": f"__all__ = ['kept']\n{BOTH}"},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "all-built-by-extend-and-append",
        {**acme(f"from acme.b import gone, kept\n{OK}"), "acme/b.py": "from acme.a import *\n"},
        {"acme/a.py": f"__all__ = []\n{BOTH}__all__.extend(['kept'])\n__all__.append('gone')\n"},
    ),
    Row(
        "all-built-from-another",
        {
            **acme(
                f"from acme import gone\n{OK}",
                a=f"__all__ = ['gone', 'kept']\n{BOTH}",
                init="from acme import a\nfrom acme.a import *\n__all__ = a.__all__ + ['a']\n",
            )
        },
        {"acme/a.py": f"__all__ = ['kept']\n{BOTH}"},
        (collection_error(X, NOT_HERE),),
    ),
    Row(
        "all-computed",
        {**acme(f"from acme.b import gone\n{OK}"), "acme/b.py": "from acme.a import *\n"},
        {"acme/a.py": f"{BOTH}__all__ = [name for name in dir() if not name.startswith('_')]\n"},
    ),
    Row(
        "all-with-a-name-nobody-binds",
        acme(f"from acme.a import *\n{OK}"),
        {"acme/a.py": f"__all__ = ['kept', 'typo']\n{BOTH}"},
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'typo'"),),
    ),
)

_TABLE = (
    "import importlib\n_TABLE = {{{table}}}\ndef __getattr__(name):\n    if name in _TABLE:\n"
    "        return getattr(importlib.import_module(_TABLE[name]), name)\n"
    "    raise AttributeError(f'module {{__name__!r}} has no attribute {{name!r}}')\n"
)
_RELATIVE = (
    "from importlib import import_module\n_TABLE = {'gone': '.a'}\ndef __getattr__(name):\n    if name not in _TABLE:\n"
    "        raise AttributeError(name)\n    module = import_module(_TABLE[name], __name__)\n    value = getattr(module, name)\n"
    "    globals()[name] = value\n    return value\n"
)
_PAIRS = (
    "import importlib\n_TABLE = {'other': ('a', 'gone')}\ndef __getattr__(name):\n    if name in _TABLE:\n        module, attribute = _TABLE[name]\n"
    "        return getattr(importlib.import_module(f'{__name__}.{module}'), attribute)\n    raise AttributeError(name)\n"
)
_TRIED = (
    "import importlib\n_TABLE = {'gone': 'acme.a'}\ndef __getattr__(name):\n    if name in _TABLE:\n        try:\n"
    "            return getattr(importlib.import_module(_TABLE[name]), name)\n"
    "        except ImportError:\n            return None\n    raise AttributeError(name)\n"
)
_BY_IMPORT = "def __getattr__(name):\n    if name == 'gone':\n        from acme.a import gone\n        return gone\n    raise AttributeError(name)\n"
_LAZY_KEPT = _TABLE.format(table="'kept': 'acme.a'")
_MADE_OF_LIST = "def __getattr__(name):\n    if name in __all__:\n        return 1\n    raise AttributeError(name)\n"
_GETTER = (
    "def __getattr__(name):\n    table = {'old': 1}\n    found = table.get(name)\n"
    "    if found is not None:\n        return found\n    raise AttributeError(name)\n"
)
_LAZY = _TABLE.format(table="'gone': 'acme.a', 'kept': 'acme.a'")

_DYNAMIC = (
    *(
        Row(f"lazy-table-asked-by-get-{name}", {**acme(test, init=getter), "acme/c.py": KEPT}, {"acme/c.py": None}, fates)
        for name, getter, test, fates in (
            ("for-a-module", _GETTER, f"from acme import c\n{OK}", (collection_error(X, "ImportError: cannot import name 'c' from 'acme'"),)),
            ("for-its-own", _GETTER, f"from acme import old\n{OK}", ()),
            ("with-a-default", _GETTER.replace("get(name)", "get(name, 1)"), f"from acme import c\n{OK}", (unclear(X),)),
        )
    ),
    Row(
        "lazy-table-beside-a-list-that-keeps-the-name",
        acme(FROM_PACKAGE, init=f"gone = 1\n__all__ = ['gone']\n{_LAZY_KEPT}"),
        {"acme/__init__.py": f"__all__ = ['gone']\n{_LAZY_KEPT}"},
        (collection_error(X, NOT_HERE),),
    ),
    Row(
        "lazy-table-beside-a-list-that-it-is-made-of",
        acme(FROM_PACKAGE, init=f"gone = 1\n__all__ = ['gone']\n{_MADE_OF_LIST}"),
        {"acme/__init__.py": f"__all__ = ['gone']\n{_MADE_OF_LIST}"},
    ),
    Row("lazy-table-serves-the-name", acme(FROM_PACKAGE, init="from acme.a import gone\n"), {"acme/__init__.py": _LAZY}),
    Row(
        "lazy-table-loses-the-name",
        acme(FROM_PACKAGE, init=_LAZY),
        {"acme/__init__.py": _TABLE.format(table="'kept': 'acme.a'")},
        (collection_error(X, NOT_HERE),),
    ),
    Row(
        "lazy-table-loses-the-attribute",
        acme(f"import acme\nVALUE = acme.gone\n{OK}", init=_LAZY),
        {"acme/__init__.py": _TABLE.format(table="'kept': 'acme.a'")},
        (collection_error(X, "AttributeError: module 'acme' has no attribute 'gone'"),),
    ),
    Row(
        "table-handed-to-a-function-that-serves-it",
        {
            **acme(f"import acme\nVALUE = acme.gone\n{OK}", init="from acme.a import gone as gone\n"),
            "acme/lazily.py": (
                "import sys\ndef serve(module, table):\n    def __getattr__(name):\n        if name in table:\n            return table[name]\n"
                "        raise AttributeError(name)\n    sys.modules[module].__getattr__ = __getattr__\n"
            ),
        },
        {"acme/__init__.py": "from acme import lazily\nfrom acme.a import gone as _gone\nlazily.serve(__name__, {'gone': _gone})\n"},
    ),
    Row(
        "table-handed-to-a-function-that-finds-its-caller",
        {
            **acme(f"import acme\nVALUE = acme.gone\n{OK}", init="from acme.a import gone as gone\n"),
            "acme/lazily.py": (
                "import sys\ndef serve(table):\n    def __getattr__(name):\n        if name in table:\n            return table[name]\n"
                "        raise AttributeError(name)\n    sys.modules[sys._getframe(1).f_globals['__name__']].__getattr__ = __getattr__\n"
            ),
        },
        {"acme/__init__.py": "from acme import lazily\nfrom acme.a import gone as _gone\nif _gone:\n    lazily.serve({'gone': _gone})\n"},
    ),
    Row(
        "re-export-dropped-from-a-package-that-hands-on-its-namespace",
        {**acme(FROM_PACKAGE, init="from .a import gone as gone\nfrom .b import fix\nfix(globals())\n"), "acme/b.py": "def fix(names):\n    pass\n"},
        {"acme/__init__.py": "from .b import fix\nfix(globals())\n"},
        (collection_error(X, NOT_HERE),),
    ),
    Row(
        "name-that-moved-into-what-fills-the-namespace",
        acme(FROM_PACKAGE, init="gone = 1\nglobals().update({'kept': 1})\n"),
        {"acme/__init__.py": "globals().update({'kept': 1, 'gone': 1})\n"},
        (unclear(X),),
    ),
    Row(
        "lazy-name-beside-one-that-is-gone",
        acme(f"from acme.a import gone\n{OK}", a=f"{KEPT}gone = 1\n"),
        {"acme/a.py": f"{KEPT}def __getattr__(name):\n    import warnings\n    if name == 'old':\n        return kept\n    raise AttributeError(name)\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "lazy-names-of-a-table-beside-one-that-is-gone",
        acme(f"from acme.a import gone\n{OK}", a=f"{KEPT}gone = 1\n"),
        {
            "acme/a.py": (
                f"{KEPT}_OLD = {{'old': 'acme.b'}}\ndef __getattr__(name):\n    if name in _OLD:\n        import importlib\n"
                "        return importlib.import_module(_OLD[name])\n    raise AttributeError(name)\n"
            )
        },
        (collection_error(X, NO_NAME),),
    ),
    Row("lazy-table-whose-module-is-deleted", acme(FROM_PACKAGE, init=_LAZY), {"acme/a.py": None}, (collection_error(X, NO_MODULE),)),
    Row("lazy-table-whose-name-is-deleted", acme(FROM_PACKAGE, init=_LAZY), LOST, (collection_error(X, NOT_HERE),)),
    Row(
        "lazy-table-whose-module-is-deleted-for-who-binds-the-package-too",
        acme(f"import pytest\n{FROM_PACKAGE}pytest.importorskip('acme')\n", init=_LAZY),
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "lazy-table-whose-module-is-deleted-and-an-attribute",
        acme("import acme\ndef test_one():\n    acme.gone()\n", init=_LAZY),
        {"acme/a.py": None},
        (runtime_error(X, "test_one", exception=NO_MODULE),),
    ),
    Row(
        "lazy-table-whose-name-is-deleted-and-an-attribute",
        acme(f"import acme\nVALUE = acme.gone\n{OK}", init=_LAZY),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row("lazy-table-whose-other-name-is-deleted", acme(f"from acme import kept\n{OK}", init=_LAZY), LOST),
    Row("lazy-table-whose-name-is-deleted-and-nobody-asks", acme(f"import acme\n{OK}", init=_LAZY), LOST),
    Row(
        "lazy-table-of-relative-modules",
        acme(FROM_PACKAGE, init=_RELATIVE),
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "lazy-table-of-pairs",
        acme(f"from acme import other\n{OK}", init=_PAIRS),
        LOST,
        (collection_error(X, "ImportError: cannot import name 'other' from 'acme'"),),
    ),
    Row(
        "lazy-table-that-serves-the-module-of-now",
        acme(FROM_PACKAGE, init=_LAZY),
        {"acme/__init__.py": _LAZY.replace("acme.a", "acme.b"), "acme/b.py": BOTH, "acme/a.py": None},
    ),
    Row("lazy-table-whose-module-is-tried-first", acme(FROM_PACKAGE, init=_TRIED), {"acme/a.py": None}),
    Row("lazy-import-whose-module-is-deleted", acme(FROM_PACKAGE, init=_BY_IMPORT), {"acme/a.py": None}, (collection_error(X, NO_MODULE),)),
    Row("lazy-import-whose-name-is-deleted", acme(FROM_PACKAGE, init=_BY_IMPORT), LOST, (collection_error(X, NO_NAME),)),
    Row("lazy-import-of-a-name-that-is-kept", acme(f"from acme import kept\n{OK}", init=_BY_IMPORT.replace("gone", "kept")), LOST),
    Row("lazy-table-deleted", acme(FROM_PACKAGE, init=_LAZY), {"acme/__init__.py": ""}, (collection_error(X, NOT_HERE),)),
    Row(
        "lazy-function-that-imports-one-name",
        acme(FROM_PACKAGE, init="from acme.a import gone\n"),
        {
            "acme/__init__.py": (
                "def __getattr__(name):\n    if name == 'gone':\n        from acme.a import gone\n        return gone\n    raise AttributeError(name)\n"
            )
        },
    ),
    Row(
        "lazy-function-for-every-name",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "def __getattr__(name):\n    return name.upper()\n"},
        (unclear(X),),
    ),
    Row(
        "lazy-function-that-hands-on-a-name-which-is-new-here",
        acme(OK, a="import threading\ndef __getattr__(name):\n    return getattr(threading, name)\n"),
        {"tests/test_x.py": f"import acme.a\nfrom acme.a import Lock\nVALUE = acme.a.current_thread\n{OK}"},
    ),
    Row(
        "lazy-function-in-a-new-module",
        acme(OK),
        {
            "acme/c.py": "import threading\ndef __getattr__(name):\n    return getattr(threading, name)\n",
            "tests/test_x.py": "from acme import c\ndef test_one():\n    assert c.current_thread\n",
        },
    ),
    Row(
        "module-that-replaces-itself",
        acme(f"import acme.a\nVALUE = acme.a.gone\n{OK}"),
        {"acme/a.py": "import sys\nclass _Lazy:\n    def __getattr__(self, name):\n        return 1\nsys.modules[__name__] = _Lazy()\n"},
        (unclear(X),),
    ),
    Row(
        "module-that-stands-for-another",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "import sys\nfrom acme import b\nsys.modules[__name__] = b\n", "acme/b.py": BOTH},
        (unclear(X),),
    ),
    Row("names-by-update-of-globals", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": "globals().update({'gone': 1, 'kept': 2})\n"}, (unclear(X),)),
    Row(
        "names-by-setattr-on-the-module",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "import sys\nfor name in ('gone', 'kept'):\n    setattr(sys.modules[__name__], name, 1)\n"},
        (unclear(X),),
    ),
    Row(
        "names-set-from-another-module",
        acme(f"import acme.b\nfrom acme.a import gone\n{OK}") | {"acme/b.py": ""},
        {"acme/a.py": KEPT, "acme/b.py": "import acme.a\nacme.a.gone = 1\n"},
    ),
)

ROWS = (*_PLAIN, *_STARS, *_EXPORTS, *_DYNAMIC)
