"""Guards: code that expects that a thing may be missing, or that is not run at all."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Fate, Row, acme, at_risk, collection_error, fallback, runtime_error, silenced, unclear

X = "tests/test_x.py"
NO_MODULE = "ModuleNotFoundError: No module named 'acme.a'"
NO_NAME = "ImportError: cannot import name 'gone' from 'acme.a'"
LOST = {"acme/a.py": KEPT}
DELETED = {"acme/a.py": None}
BOTH = "def kept():\n    return 1\ndef gone():\n    return 2\n"
HALF = {**acme(OK, init="from acme.b import kept\nimport acme.a\n"), "acme/b.py": KEPT}
GUARDED = "try:\n    import acme\nexcept ImportError:\n    pass\n"


def _try(handler: str, body: str = "from acme.a import gone", fallen: str = "gone = None") -> dict[str, str]:
    return acme(f"try:\n    {body}\n{handler}\n    {fallen}\n{OK}")


_HANDLERS = (
    Row("except-import-error", _try("except ImportError:"), LOST, (fallback(X),)),
    Row("except-import-error-of-a-module", _try("except ImportError:"), DELETED, (fallback(X),)),
    Row("except-module-not-found", _try("except ModuleNotFoundError:"), DELETED, (fallback(X),)),
    Row("except-module-not-found-lets-a-lost-name-pass", _try("except ModuleNotFoundError:"), LOST, (collection_error(X, NO_NAME),)),
    Row("except-exception", _try("except Exception as error:"), LOST, (fallback(X),)),
    Row("except-everything", _try("except:"), LOST, (fallback(X),)),
    Row("except-one-of-several", _try("except (ValueError, ImportError):"), LOST, (fallback(X),)),
    Row("except-something-else", _try("except AttributeError:"), LOST, (collection_error(X, NO_NAME),)),
    Row(
        "except-a-tuple-with-a-name",
        acme(f"ERRORS = (ImportError, OSError)\ntry:\n    from acme.a import gone\nexcept ERRORS:\n    gone = None\n{OK}"),
        LOST,
        (fallback(X),),
    ),
    Row("except-attribute-error", _try("except AttributeError:", "import acme.a\n    acme.a.gone()"), LOST, (fallback(X),)),
    Row(
        "except-import-error-lets-an-attribute-pass",
        _try("except ImportError:", "import acme.a\n    acme.a.gone()"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row("except-and-raise-again", _try("except ImportError:", fallen="raise"), LOST, (collection_error(X, NO_NAME),)),
    Row("except-and-raise-by-name", _try("except ImportError as error:", fallen="raise error"), LOST, (collection_error(X, NO_NAME),)),
    Row(
        "except-and-raise-another",
        _try("except ImportError as error:", fallen="raise RuntimeError('acme is too old') from error"),
        LOST,
        (collection_error(X, "RuntimeError: acme is too old"),),
    ),
    Row(
        "fallback-that-is-gone-too",
        {**_try("except ImportError:", fallen="from acme.b import gone"), "acme/b.py": "gone = 1\n"},
        {**LOST, "acme/b.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.b'"),),
    ),
    Row(
        "fallback-that-is-gone-and-not-needed",
        {**_try("except ImportError:", fallen="from acme.b import gone"), "acme/b.py": "gone = 1\n"},
        {"acme/b.py": None},
    ),
    Row(
        "fallback-to-the-new-place",
        {**_try("except ImportError:", fallen="from acme.b import gone"), "acme/b.py": ""},
        {**LOST, "acme/b.py": "gone = 1\n"},
        (fallback(X),),
    ),
    Row(
        "fallback-whose-attribute-is-read",
        acme(
            f"try:\n    from acme.a import gone\nexcept ImportError:\n    gone = None\nVALUE = gone.__wrapped__\n{OK}",
            a="def gone():\n    pass\ngone.__wrapped__ = 1\n",
        ),
        {"acme/a.py": ""},
        (collection_error(X, "AttributeError: 'NoneType' object has no attribute '__wrapped__'"),),
    ),
    Row(
        "fallback-that-binds-nothing",
        acme(f"try:\n    from acme.a import gone\nexcept ImportError:\n    pass\nVALUE = gone\n{OK}"),
        LOST,
        (collection_error(X, "NameError: name 'gone' is not defined"),),
    ),
    Row(
        "fallback-in-production-code",
        {**acme(f"import acme.b\n{OK}"), "acme/b.py": "try:\n    from acme.a import gone\nexcept ImportError:\n    gone = None\n"},
        LOST,
        (fallback(X),),
    ),
    Row("guard-around-a-chain", {**_try("except ImportError:", "import acme.b"), "acme/b.py": "from acme.a import gone\n"}, LOST, (fallback(X),)),
    Row(
        "guard-further-up-the-chain",
        {**acme(f"import acme.c\n{OK}"), "acme/b.py": "import acme.a\n", "acme/c.py": "try:\n    import acme.b\nexcept ImportError:\n    pass\n"},
        DELETED,
        (fallback(X),),
    ),
    Row(
        "guard-inside-a-guard-that-does-not-match",
        acme(f"try:\n    try:\n        from acme.a import gone\n    except KeyError:\n        gone = None\nexcept ImportError:\n    gone = None\n{OK}"),
        LOST,
        (fallback(X),),
    ),
    Row("try-finally-guards-nothing", acme(f"try:\n    from acme.a import gone\nfinally:\n    pass\n{OK}"), LOST, (collection_error(X, NO_NAME),)),
    Row(
        "else-of-a-guard-is-not-guarded",
        acme(f"try:\n    import json\nexcept ImportError:\n    pass\nelse:\n    from acme.a import gone\n{OK}"),
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row("handler-that-is-not-entered", acme(f"try:\n    import json\nexcept ImportError:\n    from acme.a import gone\n{OK}"), LOST),
    Row("clause-that-is-not-evaluated", acme(f"import acme.a\ntry:\n    VALUE = 1\nexcept acme.a.gone:\n    pass\n{OK}"), LOST),
    Row(
        "rest-of-a-guarded-block-is-not-run",
        acme(f"try:\n    import acme.a\n    READY = True\nexcept ImportError:\n    pass\nVALUE = READY\n{OK}"),
        DELETED,
        (collection_error(X, "NameError: name 'READY' is not defined"),),
    ),
    Row("suppress", acme(f"import contextlib\nwith contextlib.suppress(ImportError):\n    from acme.a import gone\n{OK}"), LOST, (fallback(X),)),
    Row(
        "suppress-by-its-own-name",
        acme(f"from contextlib import suppress as ignoring\nwith ignoring(ValueError, ImportError):\n    from acme.a import gone\n{OK}"),
        LOST,
        (fallback(X),),
    ),
    Row(
        "suppress-something-else",
        acme(f"from contextlib import suppress\nwith suppress(KeyError):\n    from acme.a import gone\n{OK}"),
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row("raises-at-module-level", acme(OK), {**LOST, X: f"import pytest\nwith pytest.raises(ImportError):\n    from acme.a import gone\n{OK}"}),
    Row(
        "raises-in-a-test",
        acme(OK),
        {**DELETED, X: "import pytest\ndef test_it_is_gone():\n    with pytest.raises(ModuleNotFoundError):\n        import acme.a\n"},
    ),
    Row(
        "raises-something-else",
        acme(OK),
        {**LOST, X: f"import pytest\nwith pytest.raises(AttributeError):\n    from acme.a import gone\n{OK}"},
        (collection_error(X, NO_NAME),),
    ),
)

_SKIPS = (
    Row(
        "skip-in-the-handler",
        acme(f"import pytest\ntry:\n    from acme.a import gone\nexcept ImportError:\n    pytest.skip('no acme', allow_module_level=True)\n{OK}"),
        LOST,
        (silenced(X),),
    ),
    Row(
        "skip-test-in-the-handler",
        acme(f"import unittest\ntry:\n    from acme.a import gone\nexcept ImportError:\n    raise unittest.SkipTest('no acme')\n{OK}"),
        LOST,
        (silenced(X),),
    ),
    Row(
        "skip-mark-after-the-handler",
        acme(
            "import pytest\ntry:\n    from acme.a import gone\nexcept ImportError:\n    gone = None\n"
            "pytestmark = pytest.mark.skipif(gone is None, reason='no acme')\ndef test_a():\n    gone()\n"
        ),
        LOST,
        (silenced(X, "test_a"),),
    ),
    Row(
        "skip-mark-on-one-test",
        acme(
            "import pytest\ntry:\n    import acme.a\n    HAS = True\nexcept ImportError:\n    HAS = False\n"
            "@pytest.mark.skipif(not HAS, reason='no acme')\ndef test_a():\n    pass\ndef test_b():\n    pass\n"
        ),
        DELETED,
        (silenced(X, "test_a"),),
    ),
    Row("importorskip-of-a-deleted-module", acme(f"import pytest\nit = pytest.importorskip('acme.a')\n{OK}"), DELETED, (silenced(X),)),
    Row("importorskip-by-its-own-name", acme(f"from pytest import importorskip\nit = importorskip('acme.a')\n{OK}"), DELETED, (silenced(X),)),
    Row(
        "importorskip-then-a-lost-name",
        acme(f"import pytest\npytest.importorskip('acme.a')\nfrom acme.a import gone\n{OK}"),
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "importorskip-in-a-test",
        acme("import pytest\ndef test_a():\n    pytest.importorskip('acme.a')\ndef test_b():\n    pass\n"),
        DELETED,
        (silenced(X, "test_a"),),
    ),
    Row("skip-before-the-import", acme(f"import pytest\npytest.skip('later', allow_module_level=True)\nfrom acme.a import gone\n{OK}"), LOST),
    Row("skip-exception-before-the-import", acme(f"import unittest\nraise unittest.SkipTest('later')\nfrom acme.a import gone\n{OK}"), LOST),
    Row(
        "skip-after-the-import",
        acme(f"import pytest\nfrom acme.a import gone\npytest.skip('later', allow_module_level=True)\n{OK}"),
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "skip-on-another-platform",
        acme(f"import pytest, sys\nif sys.platform == 'win32':\n    pytest.skip('no', allow_module_level=True)\nfrom acme.a import gone\n{OK}"),
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "skip-mark-does-not-guard-the-import",
        acme(f"import pytest\nfrom acme.a import gone\npytestmark = pytest.mark.skip\n{OK}"),
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "skip-in-a-helper",
        {**acme(f"import helpers\nfrom acme.a import gone\n{OK}"), "tests/helpers.py": "import pytest\npytest.skip('later', allow_module_level=True)\n"},
        LOST,
    ),
)

_UNREACHED = (
    Row("type-checking", acme(f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from acme.a import gone\n{OK}"), LOST),
    Row("type-checking-of-a-deleted-module", acme(f"import typing as t\nif t.TYPE_CHECKING:\n    import acme.a\n{OK}"), DELETED),
    Row(
        "type-checking-in-production-code",
        {
            **acme(f"import acme.b\n{OK}"),
            "acme/b.py": (
                "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
                "    from acme.a import gone\ndef f(x: gone) -> gone: ...\n"
            ),
        },
        LOST,
    ),
    Row(
        "not-type-checking",
        acme(f"from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n    from acme.a import gone\n{OK}"),
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "else-of-type-checking",
        acme(f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    from acme.a import gone\n{OK}"),
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "name-that-became-type-checking-only",
        acme(f"from acme.a import gone\n{OK}", a="from os import sep as gone\n"),
        {"acme/a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from os import sep as gone\n"},
        (collection_error(X, NO_NAME),),
    ),
    Row("if-false", acme(f"if False:\n    from acme.a import gone\n{OK}"), LOST),
    Row("if-zero", acme(f"if 0:\n    import acme.a\n{OK}"), DELETED),
    Row("while-false", acme(f"while False:\n    import acme.a\n{OK}"), DELETED),
    Row("if-true", acme(f"if True:\n    import acme.a\n{OK}"), DELETED, (collection_error(X, NO_MODULE),)),
    Row("constant-of-the-file", acme(f"OLD = False\nif OLD:\n    import acme.a\n{OK}"), DELETED),
    Row("if-main", acme(f"{OK}if __name__ == '__main__':\n    import acme.a\n"), DELETED),
    Row("version-not-reached", acme(f"import sys\nif sys.version_info >= (4,):\n    import acme.a\n{OK}"), DELETED),
    Row("version-left-behind", acme(f"import sys\nif sys.version_info < (3, 8):\n    import acme.a\nelse:\n    VALUE = 1\n{OK}"), DELETED),
    Row("version-that-is-run", acme(f"import sys\nif sys.version_info >= (3, 8):\n    import acme.a\n{OK}"), DELETED, (collection_error(X, NO_MODULE),)),
    Row("version-by-its-number", acme(f"import sys\nif sys.version_info[0] == 2:\n    import acme.a\n{OK}"), DELETED),
    Row("other-platform", acme(f"import sys\nif sys.platform == 'win32':\n    import acme.a\n{OK}"), DELETED, (unclear(X),)),
    Row("this-or-another-platform", acme(f"import os\nif os.name in ('posix', 'nt'):\n    import acme.a\n{OK}"), DELETED, (collection_error(X, NO_MODULE),)),
    Row("environment-that-is-not-set", acme(f"import os\nif os.environ.get('ACME_SURELY_UNSET'):\n    import acme.a\n{OK}"), DELETED, (unclear(X),)),
    Row("docstring-and-comment", acme(f'"""\nimport acme.a\nfrom acme.a import gone\n"""\n# import acme.a\nTEXT = "acme.a"\n{OK}'), DELETED),
    Row("after-raise-in-a-function", acme("def late():\n    return 1\n    import acme.a\ndef test_a():\n    late()\n"), DELETED),
    Row("hasattr-probe", acme(f"import acme.a\nif hasattr(acme.a, 'gone'):\n    VALUE = acme.a.gone()\n{OK}"), LOST),
    Row("getattr-with-a-default", acme(f"import acme.a\nVALUE = getattr(acme.a, 'gone', None)\n{OK}"), LOST),
    Row(
        "getattr-without-a-default",
        acme(f"import acme.a\nVALUE = getattr(acme.a, 'gone')\n{OK}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "find-spec-probe", acme(f"from importlib.util import find_spec\nif find_spec('acme.a') is not None:\n    import acme.a\n{OK}"), DELETED, (fallback(X),)
    ),
    Row("short-circuit", acme(f"import acme.a\nVALUE = False and acme.a.gone\nOTHER = 1 or acme.a.gone\n{OK}"), LOST),
    Row("conditional-expression-not-taken", acme(f"import acme.a\nVALUE = acme.a.gone if False else 1\n{OK}"), LOST),
    Row("lambda-that-nobody-calls", acme(f"import acme.a\nVALUE = lambda: acme.a.gone()\n{OK}"), LOST),
    Row("generator-that-nobody-asks", acme(f"import acme.a\nVALUE = (acme.a.gone() for _ in range(3))\n{OK}"), LOST),
    Row(
        "comprehension",
        acme(f"import acme.a\nVALUE = [acme.a.gone() for _ in range(3)]\n{OK}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row("comprehension-over-nothing", acme(f"import acme.a\nVALUE = [acme.a.gone() for _ in ()]\n{OK}"), LOST),
)

_PROVIDED = (
    Row("module-put-into-sys-modules-first", acme(f"import sys, types\nsys.modules['acme.a'] = types.ModuleType('acme.a')\nimport acme.a\n{OK}"), DELETED),
    Row(
        "module-put-there-with-setdefault",
        acme(f"import sys, types\nsys.modules.setdefault('acme.a', types.ModuleType('acme.a'))\nimport acme.a\n{OK}"),
        DELETED,
    ),
    Row(
        "module-put-there-by-update",
        acme(f"import sys\nfrom unittest import mock\nsys.modules.update({{'acme.a': mock.MagicMock()}})\nfrom acme.a import gone\n{OK}"),
        DELETED,
    ),
    Row(
        "module-put-there-by-a-loop",
        acme(
            f"import sys\nfrom unittest import mock\nfor name in ('acme.a', 'acme.b'):\n    sys.modules[name] = mock.MagicMock()\nfrom acme.a import gone\n{OK}"
        ),
        DELETED,
    ),
    Row(
        "module-put-there-by-the-conftest",
        {**acme(f"from acme.a import gone\n{OK}"), "tests/conftest.py": "import sys\nfrom unittest import mock\nsys.modules['acme.a'] = mock.MagicMock()\n"},
        DELETED,
    ),
    Row(
        "module-put-there-after-the-import",
        acme(f"import acme.a\nimport sys, types\nsys.modules['acme.a'] = types.ModuleType('acme.a')\n{OK}"),
        DELETED,
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "module-put-there-by-patch-dict",
        acme(f"from unittest import mock\nwith mock.patch.dict('sys.modules', {{'acme.a': mock.MagicMock()}}):\n    from acme.a import gone\n{OK}"),
        DELETED,
    ),
    Row(
        "half-imported-package",
        {
            **acme(f"try:\n    import acme\nexcept ImportError:\n    pass\nfrom acme.b import kept\n{OK}", init="from acme.b import kept\nimport acme.a\n"),
            "acme/b.py": KEPT,
        },
        DELETED,
        (fallback(X),),
    ),
    Row(
        "half-imported-package-that-is-imported-by-name",
        {
            **HALF,
            "tests/conftest.py": GUARDED,
            X: f"from acme.b import kept\n{OK}",
            "tests/test_y.py": f"import acme.b\n{OK}",
            "tests/test_z.py": f"from acme import b\n{OK}",
        },
        DELETED,
        (collection_error("tests/test_y.py", NO_MODULE), collection_error("tests/test_z.py", NO_MODULE), fallback(X)),
    ),
    Row(
        "half-imported-package-and-a-name-that-a-module-it-left-lacks",
        {**HALF, "acme/b.py": BOTH, "tests/conftest.py": GUARDED, X: f"from acme.b import gone\n{OK}"},
        {**DELETED, "acme/b.py": KEPT},
        (collection_error(X, "ImportError: cannot import name 'gone' from 'acme.b'"),),
    ),
    Row(
        "half-imported-package-and-what-a-conftest-below-cannot-leave",
        {**HALF, "tests/one/conftest.py": "import os\n", "tests/one/test_x.py": f"from acme.b import kept\n{OK}"},
        DELETED,
        (collection_error("tests/one/test_x.py", NO_MODULE),),
    ),
    Row(
        "half-imported-package-that-an-earlier-test-asked-for",
        {**HALF, X: f"from acme.b import kept\n{OK}", "tests/test_y.py": "from acme.b import kept\ndef test_one():\n    assert kept() == 1\n"},
        DELETED,
        (collection_error(X, NO_MODULE), unclear("tests/test_y.py")),
    ),
    Row(
        "half-imported-package-that-fails-before-the-module",
        {**HALF, "acme/__init__.py": "import acme.a\nfrom acme.b import kept\n", "tests/conftest.py": GUARDED, X: f"from acme.b import kept\n{OK}"},
        DELETED,
        (collection_error(X, NO_MODULE),),
    ),
    Row(
        "half-imported-package-through-a-helper",
        {
            **HALF,
            "tests/conftest.py": GUARDED,
            "tests/helpers.py": "from acme.b import kept\nfrom acme.c import deep\n",
            "acme/b.py": "from .c import deep\ndef kept():\n    return 1\n",
            "acme/c.py": "deep = 1\n",
            X: f"from helpers import kept, deep\n{OK}",
        },
        DELETED,
        (fallback(X),),
    ),
    Row(
        "half-imported-package-and-a-test-that-fails-late",
        {
            **HALF,
            "tests/conftest.py": GUARDED,
            X: "from acme.b import kept\nfrom acme.d import gone as other\ndef test_one():\n    from acme.a import gone\n",
            "acme/d.py": BOTH,
            "acme/__init__.py": "from acme.b import kept\nimport acme.d\nimport acme.a\n",
        },
        DELETED,
        (runtime_error(X, "test_one", exception=NO_MODULE), fallback(X)),
    ),
    Row(
        "half-imported-package-below-another-that-fails-in-its-own-module",
        {
            **acme(f"import acme.sub\n{OK}"),
            "acme/sub/__init__.py": "from acme.sub.c import *\ndef kept():\n    return 1\n",
            "acme/sub/c.py": "import acme.a\n",
            "tests/test_y.py": f"from acme.sub import kept\n{OK}",
        },
        DELETED,
        (collection_error(X, NO_MODULE), collection_error("tests/test_y.py", NO_MODULE)),
    ),
    Row(
        "half-imported-package-that-a-function-asks-for",
        {**HALF, X: f"import acme\n{OK}", "tests/test_y.py": "def test_one():\n    from acme.b import kept\n"},
        DELETED,
        (collection_error(X, NO_MODULE), unclear("tests/test_y.py")),
    ),
    Row(
        "half-imported-package-asked-for-the-rest",
        {
            **acme(f"try:\n    import acme\nexcept ImportError:\n    pass\nfrom acme.c import kept\n{OK}", init="from acme.b import kept\nimport acme.a\n"),
            "acme/b.py": KEPT,
            "acme/c.py": KEPT,
        },
        DELETED,
        (collection_error(X, NO_MODULE),),
    ),
)

HALF = {**acme(OK, init="from acme.b import kept\nimport acme.a\n"), "acme/b.py": KEPT}
GUARDED = "try:\n    import acme\nexcept ImportError:\n    pass\n"

_MISSING = "if sys.platform != 'nonesuch':\n    class C(Missing):\n        pass\n"


def _perhaps(name: str, how: str, *fates: Fate, between: str = "import acme.b\n", test: str = "import acme.c\n", change: str = "") -> Row:
    tree = {**acme(f"{test}{OK}"), "acme/b.py": f"import os\nimport sys\n{how}", "acme/c.py": between}
    return Row(f"perhaps-on-import-{name}", tree, {"acme/b.py": change} if change else LOST, fates)


_NO_MISSING = at_risk(X, exception="NameError: name 'Missing' is not defined")
_PERHAPS = (
    _perhaps("by-the-environment", "if os.environ.get('PATH'):\n    from acme.a import gone\n", at_risk(X, exception=NO_NAME)),
    _perhaps("by-the-environment-that-is-not-so", "if os.environ.get('NEVER'):\n    from acme.a import gone\n", unclear(X)),
    _perhaps("for-want-of-another", "try:\n    import nonesuch\nexcept ImportError:\n    from acme.a import gone\n", at_risk(X, exception=NO_NAME)),
    _perhaps("and-guarded", "try:\n    if os.environ.get('PATH'):\n        from acme.a import gone\nexcept ImportError:\n    pass\n"),
    _perhaps("of-a-file-that-the-test-does-not-import", "if os.environ.get('PATH'):\n    from acme.a import gone\n", between=""),
    _perhaps("for-a-name", "x = 1\n", _NO_MISSING, change=f"import sys\n{_MISSING}"),
    _perhaps(
        "for-a-name-and-the-importer-guards-an-import",
        "x = 1\n",
        _NO_MISSING,
        test="try:\n    import acme.c\nexcept ImportError:\n    pass\n",
        change=f"import sys\n{_MISSING}",
    ),
    _perhaps("for-a-name-that-was-never-there", _MISSING.replace("!=", "=="), change=f"import sys\ny = 1\n{_MISSING.replace('!=', '==')}"),
)

ROWS = (*_PERHAPS, *_HANDLERS, *_SKIPS, *_UNREACHED, *_PROVIDED)
