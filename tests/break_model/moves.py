"""Modules and packages that are renamed or moved, with and without something left in their place."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Row, acme, collection_error

X = "tests/test_x.py"
BOTH = f"{KEPT}def gone():\n    return 2\n"
NO_MODULE = "ModuleNotFoundError: No module named 'acme.a'"
USER = f"from acme.a import gone\n{OK}"
WARNING = "import warnings\nwarnings.warn('moved', DeprecationWarning, stacklevel=2)\nfrom acme.b import gone\n"
WARNED = (collection_error(X, "DeprecationWarning: moved"),)
STRICT = "[pytest]\npythonpath = .\nfilterwarnings = error\n"

ROWS = (
    Row("module-renamed", acme(USER), {"acme/a.py": None, "acme/b.py": BOTH}, (collection_error(X, NO_MODULE),)),
    Row("module-renamed-and-its-test-mended", acme(USER), {"acme/a.py": None, "acme/b.py": BOTH, X: f"from acme.b import gone\n{OK}"}),
    Row(
        "module-renamed-and-half-of-its-tests-mended",
        acme(USER) | {"tests/test_y.py": USER},
        {"acme/a.py": None, "acme/b.py": BOTH, X: f"from acme.b import gone\n{OK}"},
        (collection_error("tests/test_y.py", NO_MODULE),),
    ),
    Row(
        "module-renamed-by-case",
        acme(f"import acme.Model\n{OK}") | {"acme/Model.py": ""},
        {"acme/Model.py": None, "acme/model.py": ""},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.Model'"),),
    ),
    Row("module-moved-into-a-package", acme(USER), {"acme/a.py": None, "acme/core/__init__.py": "", "acme/core/a.py": BOTH}, (collection_error(X, NO_MODULE),)),
    Row(
        "module-moved-and-its-name-re-exported",
        acme(USER),
        {"acme/a.py": None, "acme/core/__init__.py": "", "acme/core/a.py": BOTH, "acme/__init__.py": "from acme.core import a\n"},
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "module-moved-and-read-through-the-package",
        acme(f"from acme import a\nVALUE = a.gone\n{OK}"),
        {"acme/a.py": None, "acme/core/__init__.py": "", "acme/core/a.py": BOTH, "acme/__init__.py": "from acme.core import a\n"},
    ),
    Row(
        "package-renamed",
        acme(USER),
        {"acme/__init__.py": None, "acme/a.py": None, "ajax/__init__.py": "", "ajax/a.py": BOTH},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme'"),),
    ),
    Row(
        "package-renamed-that-imports-itself",
        acme(f"import ajax\n{OK}") | {"ajax/__init__.py": "from ajax.a import kept\n", "ajax/a.py": KEPT},
        {"ajax/__init__.py": None, "ajax/a.py": None, "zeus/__init__.py": "from ajax.a import kept\n", "zeus/a.py": KEPT, X: f"import zeus\n{OK}"},
        (collection_error(X, "ModuleNotFoundError: No module named 'ajax'"),),
    ),
    Row(
        "package-moved-under-src",
        acme(USER),
        {"acme/__init__.py": None, "acme/a.py": None, "src/acme/__init__.py": "", "src/acme/a.py": BOTH, "pytest.ini": "[pytest]\npythonpath = src\n"},
    ),
    Row("shim-with-a-star", acme(USER), {"acme/a.py": "from acme.b import *\n", "acme/b.py": BOTH}),
    Row(
        "shim-with-a-star-that-hides-a-name",
        acme(f"from acme.a import _gone\n{OK}", a="_gone = 1\n"),
        {"acme/a.py": "from acme.b import *\n", "acme/b.py": "_gone = 1\n"},
        (collection_error(X, "ImportError: cannot import name '_gone' from 'acme.a'"),),
    ),
    Row(
        "shim-with-names-that-forgets-one",
        acme(USER),
        {"acme/a.py": "from acme.b import kept\n", "acme/b.py": BOTH},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "shim-that-warns",
        acme(USER),
        {"acme/a.py": "import warnings\nwarnings.warn('moved', DeprecationWarning, stacklevel=2)\nfrom acme.b import gone\n", "acme/b.py": BOTH},
    ),
    Row(
        "shim-that-warns-where-warnings-are-errors",
        acme(USER) | {"pytest.ini": "[pytest]\npythonpath = .\nfilterwarnings = error\n"},
        {"acme/a.py": "import warnings\nwarnings.warn('moved', DeprecationWarning, stacklevel=2)\nfrom acme.b import gone\n", "acme/b.py": BOTH},
        (collection_error(X, "DeprecationWarning: moved"),),
        ini=None,
    ),
    *(
        Row(
            f"shim-that-warns-where-{name}",
            acme(USER) | {"pytest.ini": f"[pytest]\npythonpath = .\n{ini}\n"},
            {"acme/a.py": WARNING, "acme/b.py": BOTH},
            fates,
            ini=None,
        )
        for name, ini, fates in (
            ("its-warnings-are-let-pass", "filterwarnings =\n    error\n    ignore::DeprecationWarning", ()),
            ("other-warnings-are-errors", "filterwarnings = error::UserWarning", ()),
            ("its-text-is-let-pass", "filterwarnings =\n    error\n    ignore:mov", ()),
            ("its-warnings-are-errors-after-all", "filterwarnings =\n    ignore\n    error::DeprecationWarning", WARNED),
            ("an-option-makes-errors", "addopts = -W error", WARNED),
            ("an-option-lets-pass", "filterwarnings = error\naddopts = -Wignore::DeprecationWarning", ()),
        )
    ),
    Row(
        "shim-that-warns-who-catches-that",
        acme(f"import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    from acme.a import gone\n{OK}")
        | {"pytest.ini": STRICT},
        {"acme/a.py": WARNING, "acme/b.py": BOTH},
        ini=None,
    ),
    Row(
        "function-that-warns-where-warnings-are-errors",
        acme(USER) | {"pytest.ini": STRICT},
        {"acme/a.py": f"import warnings\n{BOTH}def late():\n    warnings.warn('x')\n"},
        ini=None,
    ),
    Row(
        "shim-to-a-module-that-is-not-there",
        acme(USER),
        {"acme/a.py": "from acme.b import *\n"},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.b'"),),
    ),
    Row(
        "shim-that-forgets-what-it-moved",
        acme(USER),
        {"acme/a.py": "from acme.b import gone, kept\n", "acme/b.py": KEPT},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "function-moved-to-a-sibling",
        acme(USER) | {"acme/b.py": ""},
        {"acme/a.py": KEPT, "acme/b.py": "def gone():\n    return 2\n"},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "function-moved-and-imported-back",
        acme(USER) | {"acme/b.py": ""},
        {"acme/a.py": f"from acme.b import gone\n{KEPT}", "acme/b.py": "def gone():\n    return 2\n"},
    ),
    Row(
        "module-split-in-two",
        acme(f"from acme.a import gone, kept\n{OK}"),
        {"acme/a.py": None, "acme/a/__init__.py": "from acme.a.one import *\nfrom acme.a.two import *\n", "acme/a/one.py": KEPT, "acme/a/two.py": "gone = 1\n"},
    ),
    Row(
        "relative-imports-one-level-too-few-after-a-move",
        acme(f"import acme.b\n{OK}") | {"acme/b.py": "from .a import kept\n"},
        {X: f"import acme.core.b\n{OK}", "acme/b.py": None, "acme/core/__init__.py": "", "acme/core/b.py": "from .a import kept\n"},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.core.a'"),),
    ),
    Row(
        "test-helper-renamed",
        acme(f"import helpers\n{OK}") | {"tests/helpers.py": KEPT},
        {"tests/helpers.py": None, "tests/support.py": KEPT},
        (collection_error(X, "ModuleNotFoundError: No module named 'helpers'"),),
    ),
    Row(
        "test-renamed-with-its-break",
        acme(OK, path="tests/test_old.py"),
        {"tests/test_old.py": None, X: USER, "acme/a.py": KEPT},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
    Row(
        "test-renamed-that-imports-what-goes",
        acme(USER, path="tests/test_old.py"),
        {"tests/test_old.py": None, X: USER, "acme/a.py": KEPT},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.a'"),),
    ),
)
