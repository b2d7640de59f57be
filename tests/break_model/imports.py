"""Import statements, what they can ask for, and everything that passes an exception on: helpers, packages, production code."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Row, acme, collection_error, unclear

X = "tests/test_x.py"
Y = "tests/test_y.py"
NO_MODULE = "ModuleNotFoundError: No module named 'acme.a'"
NO_NAME = "ImportError: cannot import name 'gone' from 'acme.a'"
NO_ATTRIBUTE = "AttributeError: module 'acme.a' has no attribute 'gone'"

_MODULES = (
    Row("import-of-a-deleted-module", acme(f"import acme.a\n{OK}"), {"acme/a.py": None}, (collection_error(X, NO_MODULE),)),
    Row("import-as-of-a-deleted-module", acme(f"import acme.a as it\n{OK}"), {"acme/a.py": None}, (collection_error(X, NO_MODULE),)),
    Row("from-a-deleted-module", acme(f"from acme.a import kept\n{OK}"), {"acme/a.py": None}, (collection_error(X, NO_MODULE),)),
    Row("star-from-a-deleted-module", acme(f"from acme.a import *\n{OK}"), {"acme/a.py": None}, (collection_error(X, NO_MODULE),)),
    Row(
        "deleted-submodule-from-its-package",
        acme(f"from acme import a\n{OK}"),
        {"acme/a.py": None},
        (collection_error(X, "ImportError: cannot import name 'a' from 'acme'"),),
    ),
    Row(
        "deleted-package",
        {**acme(f"import acme.sub.deep\n{OK}"), "acme/sub/__init__.py": "", "acme/sub/deep.py": ""},
        {"acme/sub/__init__.py": None, "acme/sub/deep.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.sub'"),),
    ),
    Row(
        "deleted-module-that-leaves-its-stub",
        {**acme(f"import acme.a\n{OK}"), "acme/a.pyi": "kept: int\n"},
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "stub-without-a-source-at-either-end",
        {**acme(f"from acme import one\n{OK}", init="from ._built import one, two\n"), "acme/_built.pyi": "one: int\ntwo: int\n"},
        {"acme/__init__.py": "from ._built import one, two\nVALUE = 1\n", X: f"from acme import one, two\n{OK}"},
    ),
    Row(
        "deleted-top-level-module",
        {"single.py": "", X: f"import single\n{OK}"},
        {"single.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'single'"),),
    ),
    Row(
        "deleted-top-level-package",
        acme(f"from acme.a import kept\n{OK}"),
        {"acme/__init__.py": None, "acme/a.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme'"),),
    ),
    Row(
        "package-becomes-a-module",
        {"acme/__init__.py": "", "acme/sub/__init__.py": "", "acme/sub/deep.py": "", X: f"import acme.sub.deep\n{OK}"},
        {"acme/sub/__init__.py": None, "acme/sub/deep.py": None, "acme/sub.py": ""},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.sub.deep'; 'acme.sub' is not a package"),),
    ),
    Row(
        "package-becomes-a-module-with-the-same-names",
        {"acme/__init__.py": "", "acme/sub/__init__.py": "from acme.sub.deep import kept\n", "acme/sub/deep.py": KEPT, X: f"from acme.sub import kept\n{OK}"},
        {"acme/sub/__init__.py": None, "acme/sub/deep.py": None, "acme/sub.py": KEPT},
    ),
    Row(
        "module-becomes-a-package-with-the-same-names",
        acme(f"from acme.a import gone, kept\nimport acme.a\nacme.a.gone()\n{OK}"),
        {"acme/a.py": None, "acme/a/__init__.py": "from .one import kept\nfrom .two import gone\n", "acme/a/one.py": KEPT, "acme/a/two.py": "gone = str\n"},
    ),
    Row(
        "module-becomes-a-package-that-forgets-a-name",
        acme(f"from acme.a import gone, kept\n{OK}"),
        {"acme/a.py": None, "acme/a/__init__.py": "from .one import kept\n", "acme/a/one.py": KEPT, "acme/a/two.py": "gone = str\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "module-deleted-beside-a-package-of-the-same-name",
        {**acme(f"from acme.a import kept\n{OK}"), "acme/a/__init__.py": KEPT},
        {"acme/a.py": None},
    ),
    Row(
        "module-shadowed-by-a-new-package",
        acme(f"from acme.a import kept\n{OK}"),
        {"acme/a/__init__.py": ""},
        (collection_error(X, "ImportError: cannot import name 'kept' from 'acme.a'"),),
    ),
    Row("other-module-deleted", {**acme(f"from acme.a import gone\n{OK}"), "acme/b.py": ""}, {"acme/b.py": None}),
    Row("deleted-test-together-with-its-module", {**acme(f"import acme.a\n{OK}"), Y: OK}, {"acme/a.py": None, X: None}),
    Row("module-and-its-import-deleted", acme(f"import acme.a\n{OK}"), {"acme/a.py": None, X: OK}),
    Row("module-behind-a-name-of-the-standard-library", {"statistics.py": "mean = 1\n", X: f"from statistics import mean\n{OK}"}, {"statistics.py": None}),
)

_SYMBOLS = (
    Row("deleted-function", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": KEPT}, (collection_error(X, NO_NAME),)),
    Row(
        "deleted-function-of-several", acme(f"from acme.a import (\n    kept,\n    gone as it,\n)\n{OK}"), {"acme/a.py": KEPT}, (collection_error(X, NO_NAME),)
    ),
    Row("renamed-function", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": f"{KEPT}def fetch():\n    return 2\n"}, (collection_error(X, NO_NAME),)),
    Row("deleted-class", acme(f"from acme.a import gone\n{OK}", a="class gone:\n    pass\n"), {"acme/a.py": KEPT}, (collection_error(X, NO_NAME),)),
    Row(
        "deleted-async-function",
        acme(f"from acme.a import gone\n{OK}", a="async def gone():\n    pass\n"),
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row("deleted-assignment", acme(f"from acme.a import gone\n{OK}", a="gone = 1\n"), {"acme/a.py": "kept = 1\n"}, (collection_error(X, NO_NAME),)),
    Row(
        "deleted-unpacking",
        acme(f"from acme.a import gone\n{OK}", a="kept, (gone, *_) = 1, (2, 3)\n"),
        {"acme/a.py": "kept = 1\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "assignment-becomes-an-annotation",
        acme(f"from acme.a import gone\n{OK}", a="gone: int = 1\n"),
        {"acme/a.py": "gone: int\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row("deleted-import-binding", acme(f"from acme.a import gone\n{OK}", a="from os import sep as gone\n"), {"acme/a.py": ""}, (collection_error(X, NO_NAME),)),
    Row(
        "import-that-somebody-else-used",
        acme(f"from acme.a import json\n{OK}", a="import json\n"),
        {"acme/a.py": ""},
        (collection_error(X, "ImportError: cannot import name 'json' from 'acme.a'"),),
    ),
    Row(
        "deleted-conditional-binding",
        acme(f"from acme.a import gone\n{OK}", a="import os\nif os.name:\n    gone = 1\nelse:\n    gone = 2\n"),
        {"acme/a.py": "import os\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "deleted-loop-binding", acme(f"from acme.a import gone\n{OK}", a="for gone in (1, 2):\n    pass\n"), {"acme/a.py": ""}, (collection_error(X, NO_NAME),)
    ),
    Row(
        "deleted-with-binding",
        acme(f"from acme.a import gone\n{OK}", a="with open(__file__) as gone:\n    pass\n"),
        {"acme/a.py": ""},
        (collection_error(X, NO_NAME),),
    ),
    Row("deleted-walrus-binding", acme(f"from acme.a import gone\n{OK}", a="if (gone := 1):\n    pass\n"), {"acme/a.py": ""}, (collection_error(X, NO_NAME),)),
    Row(
        "deleted-try-binding",
        acme(f"from acme.a import gone\n{OK}", a="try:\n    gone = 1\nexcept ValueError:\n    gone = 2\n"),
        {"acme/a.py": ""},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "name-deleted-by-del",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": f"{KEPT}def gone():\n    return 2\ndel gone\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "name-moved-into-a-function",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": f"{KEPT}def other():\n    def gone():\n        return 2\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "name-moved-into-a-class",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": f"{KEPT}class Other:\n    def gone(self):\n        return 2\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "name-of-a-handler-is-no-binding",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "try:\n    int('x')\nexcept ValueError as gone:\n    pass\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "deleted-name-of-a-package",
        acme(f"from acme import gone\n{OK}", init="gone = 1\n"),
        {"acme/__init__.py": ""},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme'"),),
    ),
    Row("name-replaced-by-a-submodule", acme(f"from acme import gone\n{OK}", init="gone = 1\n"), {"acme/__init__.py": "", "acme/gone.py": ""}),
    Row("submodule-replaced-by-a-name", acme(f"from acme import a\n{OK}"), {"acme/__init__.py": "a = 1\n", "acme/a.py": None}),
    Row("function-becomes-a-class", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": "class gone:\n    pass\n"}),
    Row("function-becomes-an-assignment", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": f"{KEPT}gone = kept\n"}),
    Row("function-renamed-with-an-alias", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": "def fetch():\n    return 2\ngone = fetch\n"}),
    Row(
        "function-becomes-a-lambda-in-a-branch",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "import os\nif os.sep:\n    gone = lambda: 2\nelse:\n    gone = None\n"},
    ),
    Row("other-name-deleted", acme(f"from acme.a import kept\n{OK}"), {"acme/a.py": KEPT}),
    Row("name-and-its-import-deleted", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": KEPT, X: OK}),
    Row("name-bound-by-exec", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": "exec('gone = 1')\n"}, (unclear(X),)),
    Row(
        "name-bound-through-globals",
        acme(f"from acme.a import gone\n{OK}"),
        {"acme/a.py": "for name in ('kept', 'gone'):\n    globals()[name] = name\n"},
        (unclear(X),),
    ),
    Row("name-bound-by-a-global-statement", acme(f"from acme.a import gone\n{OK}"), {"acme/a.py": "def fill():\n    global gone\n    gone = 1\nfill()\n"}),
)

_ATTRIBUTES = (
    Row("attribute-of-an-alias", acme(f"import acme.a as it\nVALUE = it.gone()\n{OK}"), {"acme/a.py": KEPT}, (collection_error(X, NO_ATTRIBUTE),)),
    Row("attribute-of-a-dotted-module", acme(f"import acme.a\nVALUE = acme.a.gone\n{OK}"), {"acme/a.py": KEPT}, (collection_error(X, NO_ATTRIBUTE),)),
    Row("attribute-of-a-module-from-its-package", acme(f"from acme import a\nVALUE = a.gone\n{OK}"), {"acme/a.py": KEPT}, (collection_error(X, NO_ATTRIBUTE),)),
    Row(
        "submodule-that-the-package-no-longer-imports",
        acme(f"import acme\nVALUE = acme.a.kept\n{OK}", init="from . import a\n"),
        {"acme/__init__.py": ""},
        (collection_error(X, "AttributeError: module 'acme' has no attribute 'a'"),),
    ),
    Row(
        "submodule-that-another-import-still-brings",
        {**acme(f"import acme\nimport acme.b\nVALUE = acme.a.kept\n{OK}", init="from . import a\n"), "acme/b.py": "import acme.a\n"},
        {"acme/__init__.py": ""},
    ),
    Row("attribute-that-stays", acme(f"import acme.a as it\nVALUE = it.kept()\n{OK}"), {"acme/a.py": KEPT}),
    Row(
        "name-rebound-before-its-attribute-is-read",
        acme(f"import acme.a as it\nit = object\nVALUE = it.__name__\n{OK}"),
        {"acme/a.py": None, "acme/a/__init__.py": ""},
    ),
    Row("attribute-of-a-local-object-of-the-same-name", acme(f"from acme import a\nclass it:\n    gone = 1\nVALUE = it.gone\n{OK}"), {"acme/a.py": KEPT}),
    Row("attribute-that-the-test-file-sets-itself", acme(f"import acme.a\nacme.a.gone = 1\nVALUE = acme.a.gone\n{OK}"), {"acme/a.py": KEPT}),
)

_THROUGH_OTHERS = (
    Row(
        "attribute-of-a-module-that-a-helper-imports",
        {**acme(f"from helpers import a\nVALUE = a.gone\n{OK}"), "tests/helpers.py": "from acme import a\n"},
        {"acme/a.py": KEPT},
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "attribute-of-a-module-behind-a-helper",
        {**acme(f"import helpers\nVALUE = helpers.a.gone\n{OK}"), "tests/helpers.py": "from acme import a\n"},
        {"acme/a.py": KEPT},
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "member-of-a-class-that-the-package-re-exports",
        acme(f"from acme import Kept\nVALUE = Kept.gone\n{OK}", a="class Kept:\n    gone = 1\n", init="from .a import Kept\n"),
        {"acme/a.py": "class Kept:\n    pass\n"},
        (collection_error(X, "AttributeError: type object 'Kept' has no attribute 'gone'"),),
    ),
    Row(
        "loop-over-a-name",
        acme(f"import acme.a\nNAMES = ('x', 'y')\nfor name in NAMES:\n    acme.a.gone()\n{OK}"),
        {"acme/a.py": KEPT},
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "second-operand",
        acme(f"import os, acme.a\nVALUE = os.environ.get('PATH') or acme.a.gone()\n{OK}"),
        {"acme/a.py": KEPT},
        (unclear(X),),
    ),
)

_RELATIVE = (
    Row(
        "relative-import-of-a-deleted-name",
        {**acme(f"import acme.b\n{OK}"), "acme/b.py": "from .a import gone\n"},
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "relative-import-of-a-deleted-module",
        {**acme(f"import acme.b\n{OK}"), "acme/b.py": "from .a import gone\n"},
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "relative-import-of-a-deleted-submodule",
        {**acme(f"import acme.b\n{OK}"), "acme/b.py": "from . import a\n"},
        {"acme/a.py": None},
        (collection_error(X, "ImportError: cannot import name 'a' from 'acme'"),),
    ),
    Row(
        "relative-import-from-the-grandparent",
        {**acme(f"import acme.sub.b\n{OK}"), "acme/sub/__init__.py": "", "acme/sub/b.py": "from ..a import gone\n"},
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "package-imports-its-deleted-submodule",
        acme(f"import acme\n{OK}", init="from . import a\n"),
        {"acme/a.py": None},
        (collection_error(X, "ImportError: cannot import name 'a' from partially initialized module 'acme' (most likely due to a circular import)"),),
    ),
    Row(
        "package-imports-from-its-deleted-submodule",
        acme(f"import acme\n{OK}", init="from .a import kept\n"),
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "relative-import-between-tests-in-a-package",
        {"tests/__init__.py": "", "tests/helpers.py": KEPT, X: f"from .helpers import kept\n{OK}"},
        {"tests/helpers.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'tests.helpers'"),),
    ),
    Row(
        "relative-import-that-leaves-its-package",
        {"acme/__init__.py": "", "acme/sub/__init__.py": "", "acme/sub/b.py": "", X: f"import acme.sub.b\n{OK}"},
        {"acme/sub/b.py": "from ... import anything\n"},
        (collection_error(X, "ImportError: attempted relative import beyond top-level package"),),
    ),
    Row(
        "relative-import-in-a-module-that-lost-its-package",
        {"tests/__init__.py": "", "tests/helpers.py": KEPT, X: f"from .helpers import kept\n{OK}"},
        {"tests/__init__.py": None},
        (collection_error(X, "ImportError: attempted relative import with no known parent package"),),
    ),
    Row(
        "relative-import-of-two-levels-in-a-module-that-lost-its-package",
        {"tests/__init__.py": "", "tests/helpers.py": KEPT, "tests/unit/__init__.py": "", "tests/unit/test_x.py": f"from ..helpers import kept\n{OK}"},
        {"tests/__init__.py": None},
        (collection_error("tests/unit/test_x.py", "ImportError: attempted relative import beyond top-level package"),),
    ),
    Row(
        "relative-import-in-a-package-that-became-a-namespace",
        {**acme(f"import acme.b\n{OK}"), "acme/b.py": "from .a import kept\nfrom . import a\n"},
        {"acme/__init__.py": None},
    ),
    Row(
        "relative-import-in-a-package-of-tests-that-lost-the-one-above",
        {"tests/__init__.py": "", "tests/unit/__init__.py": "", "tests/unit/helpers.py": KEPT, "tests/unit/test_x.py": f"from .helpers import kept\n{OK}"},
        {"tests/__init__.py": None},
    ),
    Row("relative-import-of-what-stays", {**acme(f"import acme.b\n{OK}"), "acme/b.py": "from .a import kept\nfrom . import a\n"}, {"acme/a.py": KEPT}),
)

_CHAINS = (
    Row(
        "through-a-helper",
        {**acme(f"import helpers\n{OK}"), "tests/helpers.py": "from acme.a import gone\n"},
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "through-production-code",
        {
            **acme(f"from acme.d import it\n{OK}"),
            "acme/b.py": "from acme.a import gone\n",
            "acme/c.py": "import acme.b\n",
            "acme/d.py": "from acme import c as it\n",
        },
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "through-the-package-of-what-is-asked-for",
        {**acme(f"import acme.b\n{OK}", init="from acme.a import gone\n"), "acme/b.py": ""},
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "through-a-package-in-between",
        {**acme(f"import acme.sub.b\n{OK}"), "acme/sub/__init__.py": "import acme.a\n", "acme/sub/b.py": ""},
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE),),
    ),
    Row("through-the-package-of-the-tests", {**acme(OK), "tests/__init__.py": "import acme.a\n"}, {"acme/a.py": None}, (collection_error(X, NO_MODULE),)),
    Row(
        "through-another-test",
        {**acme(OK, path=Y), X: f"from test_y import test_ok\n{OK}", Y: f"import acme.a\n{OK}"},
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE), collection_error(Y, NO_MODULE)),
    ),
    Row(
        "only-those-who-import-it",
        {**acme(f"from acme.a import gone\n{OK}"), Y: f"from acme.a import kept\n{OK}"},
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "first-of-two-breaks-is-what-pytest-shows",
        {**acme(f"import acme.b\nfrom acme.a import gone\n{OK}"), "acme/b.py": ""},
        {"acme/a.py": KEPT, "acme/b.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.b'"),),
    ),
    Row(
        "import-in-the-body-of-a-class",
        acme("class TestX:\n    from acme.a import gone\n    def test_ok(self):\n        pass\n"),
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "import-in-a-block",
        acme(f"for _ in (1,):\n    with open(__file__):\n        while True:\n            from acme.a import gone\n            break\n{OK}"),
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "import-in-a-function-that-the-module-calls",
        acme(f"def load():\n    from acme.a import gone\n    return gone\nVALUE = load()\n{OK}"),
        {"acme/a.py": KEPT},
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "import-by-name-at-module-level",
        acme(f"import importlib\nit = importlib.import_module('acme.a')\n{OK}"),
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "import-by-relative-name-at-module-level",
        acme(f"from importlib import import_module\nit = import_module('.a', package='acme')\n{OK}"),
        {"acme/a.py": None},
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "import-in-a-function-that-nobody-calls",
        {**acme(f"import acme.b\n{OK}"), "acme/b.py": "def later():\n    from acme.a import gone\n"},
        {"acme/a.py": KEPT},
    ),
    Row(
        "chain-that-is-mended-in-between",
        {**acme(f"import acme.b\n{OK}"), "acme/b.py": "from acme.a import gone\n"},
        {"acme/a.py": KEPT, "acme/b.py": "gone = None\n"},
    ),
)

_WHOSE = (
    Row("born-broken-module", acme(OK), {X: f"import acme.never\n{OK}"}, (collection_error(X, "ModuleNotFoundError: No module named 'acme.never'"),)),
    Row("born-broken-name", acme(OK), {X: f"from acme.a import never\n{OK}"}, (collection_error(X, "ImportError: cannot import name 'never' from 'acme.a'"),)),
    Row(
        "born-broken-attribute",
        acme(f"import acme.a\n{OK}"),
        {X: f"import acme.a\nVALUE = acme.a.never\n{OK}"},
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'never'"),),
    ),
    Row("born-broken-test", acme(OK), {Y: f"from acme.b import it\n{OK}"}, (collection_error(Y, "ModuleNotFoundError: No module named 'acme.b'"),)),
    Row(
        "born-broken-production-code",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "from acme.b import it\n"},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.b'"),),
    ),
    Row("broken-before", acme(f"import acme.never\n{OK}"), {"acme/a.py": KEPT}),
    Row("broken-before-in-a-file-that-changes", acme(f"import acme.never\n{OK}"), {X: f"# a comment\nimport acme.never\n{OK}"}),
    Row("broken-before-and-mended", acme(f"import acme.b\n{OK}"), {"acme/b.py": ""}),
    Row(
        "masked-by-another-break-in-the-same-file",
        acme(f"import acme.never\nimport acme.a\n{OK}"),
        {"acme/a.py": None},
        masked={X: "ModuleNotFoundError: No module named 'acme.never'"},
    ),
    Row(
        "masked-by-a-break-further-down",
        acme(f"import acme.a\nimport acme.never\n{OK}"),
        {"acme/a.py": None},
        masked={X: "ModuleNotFoundError: No module named 'acme.never'"},
    ),
    Row(
        "masked-by-a-helper",
        {**acme(f"import acme.a\nimport helpers\n{OK}"), "tests/helpers.py": "import acme.never\n"},
        {"acme/a.py": None},
        masked={X: "ModuleNotFoundError: No module named 'acme.never'"},
    ),
)

ROWS = (*_MODULES, *_SYMBOLS, *_ATTRIBUTES, *_THROUGH_OTHERS, *_RELATIVE, *_CHAINS, *_WHOSE)
