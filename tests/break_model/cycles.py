"""Cycles of imports: what is not bound yet when another module asks for it."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Row, acme, collection_error

X = "tests/test_x.py"
FROM_PACKAGE = f"from acme import gone\n{OK}"
BOTH = f"{KEPT}def gone():\n    return 2\n"
_PARTIAL = "ImportError: cannot import name 'gone' from partially initialized module 'acme.a' (most likely due to a circular import)"
_SUPPRESSED = "from contextlib import suppress\nwith suppress(ImportError):\n    from acme.a import gone\n"

_NEVER = "ImportError: cannot import name 'never' from partially initialized module 'acme.a' (most likely due to a circular import)"
_STAR = {
    "acme/__init__.py": "import acme.b\n",
    "acme/a.py": "gone = 1\n",
    "acme/b.py": "from acme.a import *\n",
    "acme/sub/__init__.py": "from acme.b import *\n",
    "acme/sub/c.py": "",
    X: f"from acme.sub import gone\n{OK}",
}
_UNSTARRED = (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.sub'"),)
_OWN = {**_STAR, "acme/b.py": "gone = 1\n"}
_LISTED = {**_STAR, "acme/b.py": "__all__ = ['gone']\ngone = 1\n"}
_NOT_YET = "AttributeError: partially initialized module 'acme.b' has no attribute 'gone' (most likely due to a circular import)"
_DECO = "def deco(f):\n    return f\n"
_DECORATED = "@deco\ndef f():\n    pass\n"
_FILLING = "def deco(f):\n    globals()['never'] = f\n    return f\n"

ROWS = (
    Row(
        "cycle-through-a-star-ahead-of-what-the-test-misses-itself",
        {**_STAR, "acme/sub/__init__.py": "", "acme/sub/c.py": "from acme.b import *\nused = gone\n", X: f"import acme.b\n{OK}"},
        {"acme/a.py": "gone = 1\nimport acme.sub.c\n", X: f"import acme.b\nnever_bound\n{OK}"},
        (collection_error(X, "NameError: name 'gone' is not defined"),),
    ),
    Row("cycle-through-a-star-of-a-star", _STAR, {"acme/a.py": "gone = 1\nimport acme.sub.c\n"}, _UNSTARRED),
    Row("cycle-through-a-star-that-comes-first", _OWN, {"acme/b.py": "import acme.sub.c\ngone = 1\n"}, _UNSTARRED),
    Row("cycle-through-a-star-that-comes-last", _OWN, {"acme/b.py": "gone = 1\nimport acme.sub.c\n"}),
    Row("cycle-through-a-star-that-is-entered-elsewhere", {**_STAR, "acme/__init__.py": ""}, {"acme/a.py": "gone = 1\nimport acme.sub.c\n"}),
    Row("cycle-through-a-star-and-nobody-asks", {**_STAR, X: f"import acme.sub\n{OK}"}, {"acme/a.py": "gone = 1\nimport acme.sub.c\n"}),
    Row(
        "cycle-through-a-star-with-a-list",
        _LISTED,
        {"acme/b.py": "__all__ = ['gone']\nimport acme.sub.c\ngone = 1\n"},
        (collection_error(X, _NOT_YET),),
    ),
    Row(
        "cycle-that-stays-in-order",
        {**acme(f"import acme.a\n{OK}", a=f"{BOTH}import acme.b\n"), "acme/b.py": "from acme.a import gone\n"},
        {"acme/a.py": f"def gone():\n    return 2\nimport acme.b\n{KEPT}"},
    ),
    Row(
        "cycle-whose-import-moves-up",
        {**acme(f"import acme.a\n{OK}", a=f"{BOTH}import acme.b\n"), "acme/b.py": "from acme.a import gone\n"},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
        (collection_error(X, _PARTIAL),),
    ),
    Row(
        "cycle-made-by-a-new-import",
        {**acme(f"import acme.a\n{OK}"), "acme/b.py": "from acme.a import gone\n"},
        {"acme/a.py": f"from acme.b import *\n{BOTH}"},
        (collection_error(X, _PARTIAL),),
    ),
    Row(
        "cycle-entered-from-the-good-side",
        {**acme(f"import acme.b\n{OK}", a=f"{BOTH}import acme.b\n"), "acme/b.py": "from acme.a import gone\n"},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
    ),
    Row(
        "cycle-of-plain-imports",
        {**acme(f"import acme.a\n{OK}"), "acme/b.py": "import acme.a\ndef late():\n    return acme.a.gone()\n"},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
    ),
    Row(
        "cycle-met-by-the-first-test-only",
        {
            **acme(f"import acme.a\n{OK}", a=f"{BOTH}import acme.b\n", path="tests/test_a.py"),
            "acme/b.py": "from acme.a import gone\n",
            "tests/test_b.py": f"import acme.b\n{OK}",
            "tests/test_c.py": f"import acme.a\n{OK}",
        },
        {"acme/a.py": f"import acme.b\n{BOTH}"},
        (collection_error("tests/test_a.py", _PARTIAL),),
    ),
    Row(
        "cycle-entered-from-the-good-side-by-a-conftest",
        {**acme(f"import acme.a\n{OK}", a=f"{BOTH}import acme.b\n"), "acme/b.py": "from acme.a import gone\n", "tests/conftest.py": "import acme.b\n"},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
    ),
    Row(
        "cycle-entered-from-the-good-side-by-the-package",
        {**acme(f"import acme.a\n{OK}", init="import acme.b\n", a=f"{BOTH}import acme.b\n"), "acme/b.py": "from acme.a import gone\n"},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
    ),
    Row(
        "cycle-for-type-checking-only",
        {**acme(f"import acme.a\n{OK}"), "acme/b.py": "from acme.a import gone\n"},
        {"acme/a.py": f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from acme.b import Other\n{BOTH}"},
    ),
    Row(
        "cycle-that-the-importer-guards",
        {**acme(f"import acme.a\n{OK}"), "acme/b.py": "try:\n    from acme.a import gone\nexcept ImportError:\n    gone = None\n"},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
    ),
    Row(
        "cycle-whose-guard-leaves-a-name-unbound",
        {**acme(f"import acme.a\nfrom acme.b import gone\n{OK}"), "acme/b.py": _SUPPRESSED},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "cycle-whose-guard-leaves-a-name-unbound-for-the-tests-after-it",
        {
            **acme(f"import acme.a\n{OK}", path="tests/test_a.py"),
            "acme/b.py": _SUPPRESSED,
            "tests/test_b.py": f"from acme.b import gone\n{OK}",
            "tests/test_c.py": f"import acme.b\n{OK}",
        },
        {"acme/a.py": f"import acme.b\n{BOTH}"},
        (collection_error("tests/test_b.py", "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "cycle-whose-guard-is-entered-from-the-good-side",
        {
            **acme(f"import acme.b\n{OK}", path="tests/test_a.py"),
            "acme/b.py": _SUPPRESSED,
            "tests/test_b.py": f"from acme.b import gone\n{OK}",
        },
        {"acme/a.py": f"import acme.b\n{BOTH}"},
    ),
    Row(
        "cycle-whose-guarded-name-a-module-uses",
        {**acme(f"import acme.a\n{OK}"), "acme/b.py": f"{_SUPPRESSED}VALUE = gone\n"},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
        (collection_error(X, "NameError: name 'gone' is not defined"),),
    ),
    Row(
        "cycle-whose-guard-is-around-the-whole-module",
        {
            **acme(f"import acme.a\nfrom acme.c import b\n{OK}"),
            "acme/b.py": "from acme.a import gone\n",
            "acme/c.py": "try:\n    from acme import b\nexcept ImportError:\n    pass\n",
        },
        {"acme/a.py": f"import acme.c\n{BOTH}"},
        (collection_error(X, "ImportError: cannot import name 'b' from 'acme.c'"),),
    ),
    Row(
        "cycle-whose-guard-left-the-name-unbound-before",
        {**acme(f"import acme.a\nfrom acme.b import gone\n{OK}", a=f"import acme.b\n{BOTH}"), "acme/b.py": _SUPPRESSED},
        {"acme/a.py": f"import acme.b\nimport acme.c\n{BOTH}", "acme/c.py": "import acme.a\n"},
    ),
    Row(
        "cycle-broken-by-a-function",
        {**acme(f"import acme.a\n{OK}"), "acme/b.py": "def late():\n    from acme.a import gone\n"},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
    ),
    Row(
        "cycle-through-the-package",
        {**acme(FROM_PACKAGE, init="from acme.a import gone\nfrom acme.b import kept\n"), "acme/b.py": "from acme import gone\nfrom acme.a import kept\n"},
        {"acme/__init__.py": "from acme.b import kept\nfrom acme.a import gone\n"},
        (collection_error(X, "ImportError: cannot import name 'gone' from partially initialized module 'acme' (most likely due to a circular import)"),),
    ),
    Row(
        "cycle-that-reads-an-attribute",
        {**acme(f"import acme.a\n{OK}", a=f"{BOTH}import acme.b\n"), "acme/b.py": "from acme import a\nVALUE = a.gone\n"},
        {"acme/a.py": f"import acme.b\n{BOTH}"},
        (collection_error(X, "AttributeError: partially initialized module 'acme.a' has no attribute 'gone' (most likely due to a circular import)"),),
    ),
    Row(
        "cycle-with-a-deleted-name",
        {**acme(f"import acme.a\n{OK}", a=f"{BOTH}import acme.b\n"), "acme/b.py": "from acme.a import gone\n"},
        {"acme/a.py": f"{KEPT}import acme.b\n"},
        (collection_error(X, _PARTIAL),),
    ),
    Row(
        "cycle-in-which-the-package-binds-what-was-a-submodule",
        {"acme/__init__.py": "from acme.sub import a\n", "acme/a.py": "", "acme/sub/__init__.py": "from acme import a\n", X: f"import acme\n{OK}"},
        {"acme/a.py": None},
        (collection_error(X, "ImportError: cannot import name 'a' from partially initialized module 'acme' (most likely due to a circular import)"),),
    ),
    Row(
        "cycle-in-which-the-package-binds-a-submodule-that-stays",
        {"acme/__init__.py": "from acme.sub import a\n", "acme/a.py": "", "acme/sub/__init__.py": "from acme import a\n", X: f"import acme\n{OK}"},
        {"acme/a.py": "VALUE = 1\n"},
    ),
    Row(
        "cycle-in-which-the-package-is-half-way-for-a-module-below",
        {"acme/__init__.py": "import acme.sub\n", "acme/a.py": "", "acme/sub/__init__.py": "from acme import a\n", X: f"import acme\n{OK}"},
        {"acme/a.py": None},
        (collection_error(X, "ImportError: cannot import name 'a' from partially initialized module 'acme' (most likely due to a circular import)"),),
    ),
    Row(
        "package-that-is-imported-when-a-module-below-asks-it",
        {"acme/__init__.py": "", "acme/a.py": "", "acme/sub/__init__.py": "from acme import a\n", X: f"import acme.sub\n{OK}"},
        {"acme/a.py": None},
        (collection_error(X, "ImportError: cannot import name 'a' from 'acme'"),),
    ),
    Row(
        "attribute-that-a-module-below-asks-a-package-half-way",
        {"acme/__init__.py": "import acme.b\n", "acme/b.py": "import acme\n", X: f"from acme import b\n{OK}"},
        {"acme/b.py": "import acme\nacme.never\n"},
        (collection_error(X, "AttributeError: partially initialized module 'acme' has no attribute 'never' (most likely due to a circular import)"),),
    ),
    Row(
        "cycle-that-a-conftest-meets-for-all-tests",
        {
            "acme/__init__.py": "",
            "acme/b.py": BOTH,
            "acme/c.py": "from acme import b\nfrom acme.b import gone\n",
            "tests/conftest.py": "from acme import b\n",
            X: OK,
            "tests/test_y.py": OK,
        },
        {"acme/b.py": f"import acme.c\n{BOTH}"},
        tuple(collection_error(path, _PARTIAL.replace("acme.a", "acme.b")) for path in (X, "tests/test_y.py")),
    ),
    Row(
        "package-that-loses-a-module-after-another-below-it-fails-behind-a-guard",
        {
            "acme/__init__.py": "import acme.sub\nimport acme.b\n",
            "acme/sub/__init__.py": "try:\n    import acme.a\nexcept ImportError:\n    acme = None\n",
            "acme/a.py": "def f():\n    pass\nused = f\n",
            "acme/b.py": "",
            "tests/conftest.py": "import acme\n",
            X: OK,
        },
        {"acme/a.py": "used = f\n", "acme/b.py": None},
        (collection_error(X, "NameError: name 'f' is not defined"),),
    ),
    *(
        Row(
            f"module-that-asks-itself-for-what-never-was-{name}",
            {"acme/__init__.py": "", "acme/a.py": f"{_DECO}{_DECORATED}", X: f"import acme.a\n{OK}"},
            {"acme/a.py": asking},
            (collection_error(X, _NEVER),),
        )
        for name, asking in (("first", f"from acme.a import never\n{_DECO}{_DECORATED}"), ("after-a-call", f"{_DECO}{_DECORATED}from acme.a import never\n"))
    ),
    Row(
        "module-that-asks-itself-for-what-a-call-has-put-there",
        {"acme/__init__.py": "", "acme/a.py": f"{_FILLING}{_DECORATED}", X: f"import acme.a\n{OK}"},
        {"acme/a.py": f"{_FILLING}{_DECORATED}from acme.a import never\n"},
    ),
    Row(
        "package-that-a-moved-conftest-meets-before-the-module-that-fails",
        {
            "acme/__init__.py": "import acme.sub.c as c\ndef f():\n    pass\n",
            "acme/sub/c.py": "C = 1\n",
            "conftest.py": "",
            "tests/conftest.py": "",
            X: OK,
        },
        {"acme/sub/c.py": "C = 1\nimport acme.never\n", "conftest.py": "from acme import f\n", "tests/conftest.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.never'"),),
    ),
    Row(
        "package-with-a-list-of-names-that-is-asked-half-way",
        {"acme/__init__.py": "__all__ = []\n__all__.extend(['K'])\nK = 1\n", "acme/a.py": "", X: f"import acme.a\n{OK}"},
        {"acme/a.py": "import acme\nacme.never\n"},
        (collection_error(X, "AttributeError: module 'acme' has no attribute 'never'"),),
    ),
)
