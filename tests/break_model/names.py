"""Sources that do not parse, names that are not bound, and everything else that is evaluated while a module is imported."""

from __future__ import annotations

from break_model.rows import INI, KEPT, OK, Row, acme, collection_error, fallback

X = "tests/test_x.py"
Y = "tests/test_y.py"
NO_NAME = "ImportError: cannot import name 'gone' from 'acme.a'"
NO_ATTRIBUTE = "AttributeError: module 'acme.a' has no attribute 'gone'"
LOST = {"acme/a.py": KEPT}
SYNTAX = "SyntaxError: invalid syntax"
BAD = "def kept(:\n    return 1\n"
CLASS = "class Kept:\n    def stay(self):\n        return 1\n    def gone(self):\n        return 2\n    GONE = 3\n"
STAYED = "class Kept:\n    def stay(self):\n        return 1\n"

_SYNTAX = (
    Row("module-that-does-not-parse", acme(f"import acme.a\n{OK}"), {"acme/a.py": BAD}, (collection_error(X, SYNTAX),)),
    Row("test-that-does-not-parse", acme(OK), {X: f"def test_x(:\n{OK}"}, (collection_error(X, SYNTAX),)),
    Row("conflict-markers", acme(f"import acme.a\n{OK}"), {"acme/a.py": f"<<<<<<< HEAD\n{KEPT}=======\n{KEPT}>>>>>>> topic\n"}, (collection_error(X, SYNTAX),)),
    Row(
        "bad-indentation",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "def kept():\n    x = 1\n  return x\n"},
        (collection_error(X, "IndentationError: unindent does not match any outer indentation level"),),
    ),
    Row(
        "return-outside-of-a-function",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "return 1\n"},
        (collection_error(X, "SyntaxError: 'return' outside function"),),
    ),
    Row(
        "keyword-as-a-parameter-twice",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "def kept(x, x):\n    pass\n"},
        (collection_error(X, "SyntaxError: duplicate argument 'x' in function definition"),),
    ),
    Row(
        "break-outside-of-a-loop",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "def kept():\n    break\n"},
        (collection_error(X, "SyntaxError: 'break' outside loop"),),
    ),
    Row(
        "await-outside-of-a-coroutine",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "def kept():\n    await kept()\n"},
        (collection_error(X, "SyntaxError: 'await' outside async function"),),
    ),
    Row(
        "nonlocal-at-the-top",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "nonlocal kept\n"},
        (collection_error(X, "SyntaxError: nonlocal declaration not allowed at module level"),),
    ),
    Row(
        "future-import-below-others",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "import os\nfrom __future__ import annotations\n"},
        (collection_error(X, "SyntaxError: from __future__ imports must occur at the beginning of the file"),),
    ),
    Row(
        "keyword-given-twice",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "kept = dict(x=1, x=2)\n"},
        (collection_error(X, "SyntaxError: keyword argument repeated: x"),),
    ),
    Row(
        "star-import-in-a-function",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "def kept():\n    from os import *\n"},
        (collection_error(X, "SyntaxError: import * only allowed at module level"),),
    ),
    Row(
        "name-global-after-its-use",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "def kept():\n    kept = 1\n    global kept\n"},
        (collection_error(X, "SyntaxError: name 'kept' is assigned to before global declaration"),),
    ),
    Row("nothing-compiled-before-either", acme(OK) | {"acme/a.py": "return 1\n"}, {"acme/a.py": "return 2\n"}),
    Row(
        "parse-error-passes-except-import-error",
        acme(f"try:\n    import acme.a\nexcept ImportError:\n    pass\n{OK}"),
        {"acme/a.py": BAD},
        (collection_error(X, SYNTAX),),
    ),
    Row("parse-error-passes-importorskip", acme(f"import pytest\npytest.importorskip('acme.a')\n{OK}"), {"acme/a.py": BAD}, (collection_error(X, SYNTAX),)),
    Row("parse-error-caught-by-except-exception", acme(f"try:\n    import acme.a\nexcept Exception:\n    pass\n{OK}"), {"acme/a.py": BAD}, (fallback(X),)),
    Row(
        "parse-error-through-a-chain",
        {**acme(f"import acme.b\n{OK}"), "acme/b.py": "from acme.a import kept\n"},
        {"acme/a.py": BAD},
        (collection_error(X, SYNTAX),),
    ),
    Row("parse-error-in-the-package", acme(f"from acme import a\n{OK}"), {"acme/__init__.py": BAD}, (collection_error(X, SYNTAX),)),
    Row("parse-error-that-nobody-imports", {**acme(f"import acme.a\n{OK}"), "acme/b.py": ""}, {"acme/b.py": BAD}),
    Row("parse-error-before-and-after", acme(f"import acme.a\n{OK}", a=BAD), {"acme/a.py": "def other(:\n"}),
    Row("parse-error-mended", acme(f"import acme.a\n{OK}", a=BAD), LOST),
    Row("parse-error-mended-without-the-name", acme(f"from acme.a import gone\n{OK}", a=BAD), LOST),
)

_NAMES = (
    Row(
        "import-dropped-that-the-module-uses",
        acme(f"import acme.b\n{OK}") | {"acme/b.py": "from acme.a import kept\nVALUE = kept()\n"},
        {"acme/b.py": "VALUE = kept()\n"},
        (collection_error(X, "NameError: name 'kept' is not defined"),),
    ),
    Row(
        "import-dropped-that-the-test-uses",
        acme(f"from acme.a import kept\nVALUE = kept()\n{OK}"),
        {X: f"VALUE = kept()\n{OK}"},
        (collection_error(X, "NameError: name 'kept' is not defined"),),
    ),
    Row(
        "import-dropped-that-only-a-function-uses",
        acme("from acme.a import kept\ndef late():\n    return kept()\ndef test_ok():\n    pass\n"),
        {X: "def late():\n    return kept()\ndef test_ok():\n    pass\n"},
    ),
    Row(
        "definition-moved-below-its-use",
        acme(f"import acme.a\n{OK}", a=f"{KEPT}VALUE = kept()\n"),
        {"acme/a.py": f"VALUE = kept()\n{KEPT}"},
        (collection_error(X, "NameError: name 'kept' is not defined"),),
    ),
    Row(
        "branch-that-bound-the-name-is-gone",
        acme(f"import acme.a\n{OK}", a="import os\nif os.sep:\n    ROOT = 1\nelse:\n    ROOT = 2\nVALUE = ROOT\n"),
        {"acme/a.py": "import os\nVALUE = ROOT\n"},
        (collection_error(X, "NameError: name 'ROOT' is not defined"),),
    ),
    Row(
        "star-import-that-loses-a-used-name",
        acme(f"from acme.a import *\nVALUE = gone()\n{OK}"),
        LOST,
        (collection_error(X, "NameError: name 'gone' is not defined"),),
    ),
    Row("star-import-that-loses-an-unused-name", acme(f"from acme.a import *\nVALUE = kept()\n{OK}"), LOST),
    Row(
        "star-import-whose-name-comes-from-elsewhere",
        {**acme(f"from acme.a import *\nfrom acme.b import *\nVALUE = gone()\n{OK}"), "acme/b.py": "gone = int\n"},
        LOST,
    ),
    Row(
        "name-deleted-before-its-use",
        acme(f"import acme.a\n{OK}", a=f"{KEPT}VALUE = kept()\n"),
        {"acme/a.py": f"{KEPT}del kept\nVALUE = kept()\n"},
        (collection_error(X, "NameError: name 'kept' is not defined"),),
    ),
    Row("name-of-a-builtin", acme(f"import acme.a\n{OK}", a="from os import sep as sorted\nVALUE = sorted\n"), {"acme/a.py": "VALUE = sorted\n"}),
    Row(
        "name-in-an-unreached-branch",
        acme(f"import acme.a\n{OK}", a="from os import sep as it\nif False:\n    VALUE = it\n"),
        {"acme/a.py": "if False:\n    VALUE = it\n"},
    ),
    Row(
        "name-caught-as-such",
        acme(f"import acme.a\n{OK}", a="from os import sep as it\nVALUE = it\n"),
        {"acme/a.py": "try:\n    VALUE = it\nexcept NameError:\n    VALUE = 1\n"},
    ),
    Row(
        "class-variable-that-reads-a-lost-name",
        acme(f"import acme.a\n{OK}", a="from os import sep as it\nclass Kept:\n    VALUE = it\n"),
        {"acme/a.py": "class Kept:\n    VALUE = it\n"},
        (collection_error(X, "NameError: name 'it' is not defined"),),
    ),
    Row(
        "assertion-at-module-level",
        acme(f"import acme.a\n{OK}", a="it = 1\nassert it\n"),
        {"acme/a.py": "assert it\n"},
        (collection_error(X, "NameError: name 'it' is not defined"),),
    ),
)

_EVALUATED = (
    Row(
        "base-class",
        acme("import acme.a\nclass TestX(acme.a.gone):\n    def test_ok(self):\n        pass\n", a="class gone:\n    pass\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "base-class-of-production-code",
        {**acme(f"import acme.b\n{OK}", a="class gone:\n    pass\n"), "acme/b.py": "from acme import a\nclass Low(a.gone):\n    pass\n"},
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "metaclass",
        acme(f"import acme.a\nclass Kept(metaclass=acme.a.gone):\n    pass\n{OK}", a="class gone(type):\n    pass\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "decorator",
        acme(f"import acme.a\n@acme.a.gone\ndef late():\n    pass\n{OK}", a="def gone(f):\n    return f\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "decorator-with-arguments",
        acme(f"import acme.a\n@acme.a.gone(1)\nclass Kept:\n    pass\n{OK}", a="def gone(n):\n    return lambda f: f\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "decorator-of-a-method",
        acme("import acme.a\nclass TestX:\n    @acme.a.gone\n    def test_ok(self):\n        pass\n", a="def gone(f):\n    return f\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row("default-argument", acme(f"import acme.a\ndef late(x=acme.a.gone):\n    pass\n{OK}"), LOST, (collection_error(X, NO_ATTRIBUTE),)),
    Row("default-of-a-keyword-argument", acme(f"import acme.a\ndef late(*, x=acme.a.gone()):\n    pass\n{OK}"), LOST, (collection_error(X, NO_ATTRIBUTE),)),
    Row("default-argument-of-a-lambda", acme(f"import acme.a\nlate = lambda x=acme.a.gone: x\n{OK}"), LOST, (collection_error(X, NO_ATTRIBUTE),)),
    Row("annotation-in-quotes", acme(f"import acme.a\ndef late(x: 'acme.a.gone') -> 'acme.a.gone':\n    pass\n{OK}"), LOST),
    Row(
        "annotation-under-the-future",
        acme(f"from __future__ import annotations\nimport acme.a\nVALUE: acme.a.gone = 1\ndef late(x: acme.a.gone) -> acme.a.gone:\n    pass\n{OK}"),
        LOST,
    ),
    Row("annotation-of-a-local-variable", acme("import acme.a\ndef test_a():\n    x: acme.a.gone = 1\n"), LOST),
    Row(
        "parametrize-values",
        acme("import pytest, acme.a\n@pytest.mark.parametrize('x', [acme.a.kept(), acme.a.gone()])\ndef test_a(x):\n    pass\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "parametrize-param",
        acme("import pytest\nfrom acme import a\n@pytest.mark.parametrize('x', [pytest.param(a.gone, id='g')])\ndef test_a(x):\n    pass\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "condition-of-a-mark",
        acme("import pytest\nfrom acme import a\n@pytest.mark.skipif(a.gone(), reason='')\ndef test_a():\n    pass\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "fixture-parameters",
        acme("import pytest\nfrom acme import a\n@pytest.fixture(params=[a.gone])\ndef it(request):\n    pass\ndef test_a(it):\n    pass\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row("f-string", acme(f"from acme import a\nTEXT = f'{{a.gone}}'\n{OK}"), LOST, (collection_error(X, NO_ATTRIBUTE),)),
    Row("dictionary-value", acme(f"from acme import a\nTABLE = {{'gone': a.gone, **{{}}}}\n{OK}"), LOST, (collection_error(X, NO_ATTRIBUTE),)),
    Row("starred-argument", acme(f"from acme import a\nprint(*a.gone)\n{OK}", a="gone = ()\n"), LOST, (collection_error(X, NO_ATTRIBUTE),)),
    Row("subscript", acme(f"from acme import a\nVALUE = a.gone['x']\n{OK}", a="gone = {'x': 1}\n"), LOST, (collection_error(X, NO_ATTRIBUTE),)),
    Row(
        "context-manager",
        acme(f"from acme import a\nwith a.gone():\n    pass\n{OK}", a="import contextlib\ngone = contextlib.nullcontext\n"),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row("loop-over-what-is-gone", acme(f"from acme import a\nfor one in a.gone:\n    pass\n{OK}", a="gone = ()\n"), LOST, (collection_error(X, NO_ATTRIBUTE),)),
    Row(
        "augmented-assignment",
        acme(f"import acme.a\n{OK}", a="VALUE = 1\nVALUE += 1\n"),
        {"acme/a.py": "VALUE += 1\n"},
        (collection_error(X, "NameError: name 'VALUE' is not defined"),),
    ),
    Row(
        "member-of-a-class",
        acme(f"from acme.a import Kept\nVALUE = Kept.gone\n{OK}", a=CLASS),
        {"acme/a.py": STAYED},
        (collection_error(X, "AttributeError: type object 'Kept' has no attribute 'gone'"),),
    ),
    Row(
        "member-of-a-class-through-its-module",
        acme(f"import acme.a\nVALUE = [acme.a.Kept.GONE]\n{OK}", a=CLASS),
        {"acme/a.py": STAYED},
        (collection_error(X, "AttributeError: type object 'Kept' has no attribute 'GONE'"),),
    ),
    Row(
        "member-inherited-from-a-base",
        acme(f"from acme.b import Low\nVALUE = Low.gone\n{OK}", a=CLASS) | {"acme/b.py": "from acme.a import Kept\nclass Low(Kept):\n    pass\n"},
        {"acme/a.py": STAYED},
        (collection_error(X, "AttributeError: type object 'Low' has no attribute 'gone'"),),
    ),
    Row(
        "member-moved-to-a-base",
        acme(f"from acme.a import Kept\nVALUE = Kept.gone\n{OK}", a=CLASS),
        {"acme/a.py": "from acme.b import High\nclass Kept(High):\n    pass\n", "acme/b.py": "class High:\n    gone = 1\n"},
    ),
    Row(
        "member-set-by-a-decorator",
        acme(f"from acme.a import Kept\nVALUE = Kept.gone\n{OK}", a=CLASS),
        {"acme/a.py": "def fill(cls):\n    cls.gone = 1\n    return cls\n@fill\nclass Kept:\n    pass\n"},
    ),
    Row("member-set-after-the-class", acme(f"from acme.a import Kept\nVALUE = Kept.gone\n{OK}", a=CLASS), {"acme/a.py": f"{STAYED}Kept.gone = 1\n"}),
    Row(
        "member-set-by-setattr",
        acme(f"from acme.a import Kept\nVALUE = Kept.gone\n{OK}", a=CLASS),
        {"acme/a.py": f"{STAYED}for name in ('gone',):\n    setattr(Kept, name, 1)\n"},
    ),
    Row(
        "member-answered-by-a-metaclass",
        acme(f"from acme.a import Kept\nVALUE = Kept.gone\n{OK}", a=CLASS),
        {"acme/a.py": "class Meta(type):\n    def __getattr__(cls, name):\n        return 1\nclass Kept(metaclass=Meta):\n    pass\n"},
    ),
    Row(
        "attribute-of-an-instance-with-getattr",
        acme(f"from acme.a import it\nVALUE = it.gone\n{OK}", a="class Kept:\n    gone = 1\nit = Kept()\n"),
        {"acme/a.py": "class Kept:\n    def __getattr__(self, name):\n        return 1\nit = Kept()\n"},
    ),
    Row(
        "attribute-of-an-instance",
        acme(f"from acme.a import it\nVALUE = it.gone\n{OK}", a="class Kept:\n    gone = 1\nit = Kept()\n"),
        {"acme/a.py": "class Kept:\n    pass\nit = Kept()\n"},
        (collection_error(X, "AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "nested-class",
        acme(f"from acme.a import Kept\nVALUE = Kept.Gone.x\n{OK}", a="class Kept:\n    class Gone:\n        x = 1\n"),
        {"acme/a.py": "class Kept:\n    pass\n"},
        (collection_error(X, "AttributeError: type object 'Kept' has no attribute 'Gone'"),),
    ),
    Row(
        "keyword-that-is-no-longer-accepted",
        acme(f"from acme.a import kept\nVALUE = kept(x=1)\n{OK}", a="def kept(x=0):\n    return x\n"),
        LOST,
        (collection_error(X, "TypeError: kept() got an unexpected keyword argument 'x'"),),
    ),
    Row(
        "argument-that-became-required",
        acme(f"from acme.a import kept\nVALUE = kept()\n{OK}", a="def kept(x=0):\n    return x\n"),
        {"acme/a.py": "def kept(x):\n    return x\n"},
        (collection_error(X, "TypeError: kept() missing 1 required positional argument: 'x'"),),
    ),
    Row("module-that-raises", acme(f"import acme.a\n{OK}"), {"acme/a.py": "raise RuntimeError('retired')\n"}, (collection_error(X, "RuntimeError: retired"),)),
    Row(
        "module-that-raises-an-import-error",
        acme(f"import acme.a\n{OK}"),
        {"acme/a.py": "raise ImportError('acme.a is retired: use acme.b')\n"},
        (collection_error(X, "ImportError: acme.a is retired: use acme.b"),),
    ),
    Row("module-that-exits", acme(f"import acme.a\n{OK}"), {"acme/a.py": "def other():\n    raise SystemExit(1)\n"}),
)

_MARKS = (
    Row(
        "marker-unregistered-under-strict-markers",
        acme("import pytest\n@pytest.mark.slow\ndef test_a():\n    pass\n")
        | {"pytest.ini": f"{INI}addopts = --strict-markers\nmarkers =\n    slow: takes long\n"},
        {"pytest.ini": f"{INI}addopts = --strict-markers\n"},
        (collection_error(X, "Failed: 'slow' not found in `markers` configuration option"),),
        ini=None,
    ),
    Row(
        "marker-unregistered-and-nobody-strict",
        acme("import pytest\n@pytest.mark.slow\ndef test_a():\n    pass\n") | {"pytest.ini": f"{INI}markers =\n    slow: takes long\n"},
        {"pytest.ini": INI},
        ini=None,
    ),
    Row(
        "strict-markers-turned-on",
        acme("import pytest\n@pytest.mark.slow\ndef test_a():\n    pass\n"),
        {"pytest.ini": f"{INI}addopts = --strict-markers\n"},
        (collection_error(X, "Failed: 'slow' not found in `markers` configuration option"),),
    ),
    Row(
        "marker-registered-by-the-conftest",
        acme("import pytest\n@pytest.mark.slow\ndef test_a():\n    pass\n")
        | {"pytest.ini": f"{INI}addopts = --strict-markers\nmarkers =\n    slow: takes long\n"},
        {
            "pytest.ini": f"{INI}addopts = --strict-markers\n",
            "conftest.py": "def pytest_configure(config):\n    config.addinivalue_line('markers', 'slow: takes long')\n",
        },
        ini=None,
    ),
    Row(
        "marker-of-pytest-itself",
        acme(
            "import pytest\n@pytest.mark.usefixtures('tmp_path')\n@pytest.mark.skipif(False, reason='')\n"
            "@pytest.mark.parametrize('x', [1])\ndef test_a(x):\n    pass\n"
        ),
        {"pytest.ini": f"{INI}addopts = --strict-markers\n"},
    ),
    Row(
        "marker-as-pytestmark",
        acme("import pytest\npytestmark = [pytest.mark.slow]\ndef test_a():\n    pass\n")
        | {"pytest.ini": f"{INI}addopts = --strict-markers\nmarkers =\n    slow: takes long\n"},
        {"pytest.ini": f"{INI}addopts = --strict-markers\n"},
        (collection_error(X, "Failed: 'slow' not found in `markers` configuration option"),),
        ini=None,
    ),
    Row(
        "new-marker-that-is-not-registered",
        acme(OK) | {"pytest.ini": f"{INI}addopts = --strict-markers\n"},
        {X: "import pytest\n@pytest.mark.brandnew\ndef test_a():\n    pass\n"},
        (collection_error(X, "Failed: 'brandnew' not found in `markers` configuration option"),),
        ini=None,
    ),
)

_CONDITIONS = tuple(
    Row(
        f"name-of-a-condition-{name}",
        acme(f"import acme.a\n{OK}", a=f"{imports}\n{asking}"),
        {"acme/a.py": f"{left}\n{asking}"},
        (collection_error(X, f"NameError: name '{lost}' is not defined"),) if lost else (),
    )
    for name, imports, left, asking, lost in (
        ("by-version", "import sys", "", "if sys.version_info >= (3, 8):\n    x = 1\n", "sys"),
        ("by-version-that-is-not-taken", "import sys", "", "if sys.version_info < (3, 8):\n    x = 1\n", "sys"),
        ("by-version-within-a-value", "import sys", "", "x = 1 if sys.version_info >= (3, 8) else 2\n", "sys"),
        ("for-type-checkers", "from typing import TYPE_CHECKING", "", "if TYPE_CHECKING:\n    import os\n", "TYPE_CHECKING"),
        ("for-type-checkers-in-a-comprehension", "from typing import TYPE_CHECKING", "", "x = [y for y in [1] if TYPE_CHECKING]\n", "TYPE_CHECKING"),
        ("for-type-checkers-in-a-comprehension-of-nothing", "from typing import TYPE_CHECKING", "", "x = [y for y in [] if TYPE_CHECKING]\n", ""),
        ("for-type-checkers-by-module", "import typing", "", "if typing.TYPE_CHECKING:\n    import os\n", "typing"),
        ("for-type-checkers-not", "from typing import TYPE_CHECKING", "", "if not TYPE_CHECKING:\n    x = 1\n", "TYPE_CHECKING"),
        ("by-a-constant", "DEBUG = False", "", "if DEBUG:\n    x = 1\n", "DEBUG"),
        ("by-what-a-module-has", "import os", "", "if hasattr(os, 'fork'):\n    x = 1\n", "os"),
        ("by-what-is-installed", "import importlib.util", "", "if importlib.util.find_spec('os'):\n    x = 1\n", "importlib"),
        ("whose-second-half-is-not-reached", "import os, sys", "import sys", "if sys.version_info >= (3, 8) or os.name:\n    x = 1\n", ""),
        (
            "that-comes-from-elsewhere",
            "from sys import *\nfrom sys import version_info",
            "from sys import version_info",
            "if version_info >= (3, 8):\n    x = 1\n",
            "",
        ),
    )
)

ROWS = (*_SYNTAX, *_NAMES, *_EVALUATED, *_MARKS, *_CONDITIONS)
