"""Things named by a string: patches of every kind, imports by name, and strings that name nothing."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Row, acme, collection_error, runtime_error, silenced

X = "tests/test_x.py"
NO_MODULE = "ModuleNotFoundError: No module named 'acme.a'"
NO_NAME = "ImportError: cannot import name 'gone' from 'acme.a'"
NO_ATTRIBUTE = "AttributeError: module 'acme.a' has no attribute 'gone'"
LOST = {"acme/a.py": KEPT}
DELETED = {"acme/a.py": None}
B = "def test_b():\n    pass\n"
CLASS = "class Kept:\n    GONE = 3\n    def stay(self):\n        return 1\n    def gone(self):\n        return 2\n"
STAYED = "class Kept:\n    def stay(self):\n        return 1\n"
MOCKER = "import pytest\nfrom unittest import mock\n@pytest.fixture\ndef mocker():\n    class M:\n        patch = mock.patch\n    return M\n"
_PATCH = "from unittest import mock\ndef test_a():\n    NAME = 'acme'\n    with mock.patch({}):\n        pass\n"
_OF_TOP = "AttributeError: <module 'acme'> does not have the attribute 'gone'"
MP = "def test_a(monkeypatch):\n    "


def _top(name: str, test: str, exception: str | None = _OF_TOP) -> Row:
    """A name that the package itself lost, which is one word to whoever says it."""
    before = {"acme/__init__.py": "gone = 1\n", X: test + B}
    return Row(f"top-{name}", before, {"acme/__init__.py": ""}, (runtime_error(X, "test_a", exception=exception),) if exception else ())


ROWS = (
    _top("by-a-prefix", _PATCH.format("f'{NAME}.gone'")),
    _top("by-a-sum", _PATCH.format("NAME + '.gone'")),
    _top("by-format", _PATCH.format("'{}.gone'.format('acme')")),
    _top("by-a-prefix-of-the-module", "from unittest import mock\nNAME = 'acme'\n@mock.patch(f'{NAME}.gone')\ndef test_a(one):\n    pass\n"),
    _top("by-setattr", MP + "name = 'acme'\n    monkeypatch.setattr(f'{name}.gone', 1)\n", "AttributeError: 'module' object at acme has no attribute 'gone'"),
    _top("by-resolve-name", "import pkgutil\ndef test_a():\n    pkgutil.resolve_name('acme:gone')\n", "AttributeError: module 'acme' has no attribute 'gone'"),
    _top("by-a-prefix-of-something-else", _PATCH.format("f'{NAME}.gone', create=True"), None),
    Row(
        "patch-by-name-of-its-own-module",
        acme(
            "from unittest.mock import patch\ndef helper():\n    pass\n@patch(__name__ + '.helper')\n"
            "def test_a(x):\n    pass\n@patch(f'{__name__}.gone')\ndef test_b(x):\n    pass\n"
        )
        | {"tests/conftest.py": ""},
        {
            X: (
                "from unittest.mock import patch\n@patch(__name__ + '.helper')\ndef test_a(x):\n    pass\n"
                "@patch(f'{__name__}.gone')\ndef test_b(x):\n    pass\n"
            )
        },
        (runtime_error(X, "test_a", exception="AttributeError: <module 'test_x'> does not have the attribute 'helper'"),),
    ),
    Row(
        "patch-by-format",
        acme(f"from unittest.mock import patch\nM = 'acme.a'\n@patch('{{}}.gone'.format(M))\ndef test_a(x):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-by-a-computed-name",
        acme(f"from unittest.mock import patch\nM = ''.join(['acme', '.a'])\n@patch(f'{{M}}.kept')\ndef test_a(x):\n    pass\n{B}"),
        LOST,
    ),
    Row(
        "message-with-the-name-of-the-module",
        acme(f"import pytest\nimport acme.b\n{OK}")
        | {"acme/b.py": ("try:\n    from acme.a import gone\nexcept ImportError:\n    raise RuntimeError(f'{__name__} needs more')\n")},
        LOST,
        (collection_error(X, "RuntimeError: acme.b needs more"),),
    ),
    Row(
        "patch-dict-on-a-nested-attribute",
        acme(f"from unittest import mock\n@mock.patch.dict('acme.a.gone', {{'x': 1}})\ndef test_a():\n    pass\n{B}", a=f"{KEPT}gone = {{}}\n"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "patch-dict-of-a-deleted-module",
        acme((f"from unittest import mock\ndef test_a():\n    with mock.patch.dict('acme.a.gone', x=1):\n        pass\n{B}"), a=f"{KEPT}gone = {{}}\n"),
        DELETED,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme' has no attribute 'a'"),),
    ),
    Row(
        "patch-dict-of-the-environment",
        acme(
            "import os\nfrom unittest import mock\ndef test_a():\n"
            f"    with mock.patch.dict(os.environ, gone='1'), mock.patch.dict('os.environ', {{'gone': '1'}}):\n"
            f"        pass\n{B}"
        ),
        LOST,
    ),
    Row(
        "patch-multiple-by-name",
        acme(f"from unittest.mock import patch, DEFAULT\n@patch.multiple('acme.a', kept=DEFAULT, gone=DEFAULT)\ndef test_a(**mocks):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-multiple-on-a-module",
        acme(f"import acme.a\nfrom unittest.mock import patch\ndef test_a():\n    with patch.multiple(acme.a, gone=1):\n        pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-multiple-of-what-stays",
        acme(f"import acme.a\nfrom unittest.mock import patch\ndef test_a():\n    with patch.multiple(acme.a, kept=1):\n        pass\n{B}"),
        LOST,
    ),
    Row(
        "patch-multiple-that-creates",
        acme(f"import acme.a\nfrom unittest.mock import patch\ndef test_a():\n    with patch.multiple(acme.a, create=True, gone=1):\n        pass\n{B}"),
        LOST,
    ),
    Row("patch-that-creates-by-string", acme(f"from unittest.mock import patch\n@patch('acme.a.gone', create=True)\ndef test_a(x):\n    pass\n{B}"), LOST),
    Row(
        "patch-object-class-member",
        acme((f"from unittest.mock import patch\nfrom acme.a import Kept\n@patch.object(Kept, 'gone')\ndef test_a(x):\n    pass\n{B}"), a=CLASS),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: <class 'acme.a.Kept'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-object-through-module",
        acme((f"from unittest.mock import patch\nimport acme.a as m\n@patch.object(m.Kept, attribute='gone')\ndef test_a(x):\n    pass\n{B}"), a=CLASS),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: <class 'acme.a.Kept'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-object-of-a-member-that-stays",
        acme((f"from unittest.mock import patch\nimport acme.a as m\n@patch.object(m.Kept, 'stay')\ndef test_a(x):\n    pass\n{B}"), a=CLASS),
        {"acme/a.py": STAYED},
    ),
    Row(
        "patch-object-of-an-instance",
        acme(
            (
                "from unittest.mock import patch\nfrom acme.a import Kept\ndef test_a():\n    one = Kept()\n"
                f"    with patch.object(one, 'gone'):\n        pass\n{B}"
            ),
            a=CLASS,
        ),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: <acme.a.Kept object at 0x0> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-target-keyword",
        acme(f"from unittest.mock import patch\n@patch(target='acme.a.gone')\ndef test_a(x):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-by-percent-format",
        acme(f"from unittest.mock import patch\nM = 'acme.a'\n@patch('%s.gone' % M)\ndef test_a(x):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-by-plus",
        acme(f"from unittest.mock import patch\nM = 'acme.a'\n@patch(M + '.gone')\ndef test_a(x):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-by-name-of-a-module",
        acme(f"import acme.a\nfrom unittest.mock import patch\n@patch(f'{{acme.a.__name__}}.gone')\ndef test_a(x):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-with-start",
        acme(f"from unittest.mock import patch\ndef test_a():\n    p = patch('acme.a.gone')\n    p.start()\n    p.stop()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-in-setup",
        acme(
            "import unittest\nfrom unittest.mock import patch\nclass TestX(unittest.TestCase):\n"
            "    def setUp(self):\n        p = patch('acme.a.gone')\n        self.m = p.start()\n"
            "        self.addCleanup(p.stop)\n    def test_a(self):\n        pass\n"
        ),
        LOST,
        (runtime_error(X, "TestX::test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-in-an-exit-stack",
        acme(
            "from contextlib import ExitStack\nfrom unittest.mock import patch\ndef test_a():\n"
            f"    with ExitStack() as stack:\n        stack.enter_context(patch('acme.a.gone'))\n{B}"
        ),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "mocker-patch",
        acme(f"def test_a(mocker):\n    with mocker.patch('acme.a.gone'):\n        pass\n{B}") | {"tests/conftest.py": MOCKER},
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "mocker-patch-object",
        acme(f"import acme.a\ndef test_a(mocker):\n    with mocker.patch.object(acme.a, 'gone'):\n        pass\n{B}") | {"tests/conftest.py": MOCKER},
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "mocker-patch-dict",
        acme(f"def test_a(mocker):\n    with mocker.patch.dict('acme.a.gone', {{}}):\n        pass\n{B}", a=f"{KEPT}gone = {{}}\n")
        | {"tests/conftest.py": MOCKER},
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row("setattr-raising-false", acme(MP + f"monkeypatch.setattr('acme.a.gone', 1, raising=False)\n{B}"), LOST),
    Row(
        "setattr-raising-false-of-a-deleted-module",
        acme(MP + f"monkeypatch.setattr('acme.a.gone', 1, raising=False)\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception="ImportError: import error in acme.a: No module named 'acme.a'"),),
    ),
    Row(
        "setattr-in-a-package-that-became-a-module",
        acme(MP + f"monkeypatch.setattr('acme.sub.c.gone', 1)\n{B}") | {"acme/sub/__init__.py": "", "acme/sub/c.py": "gone = 1\n"},
        {"acme/sub/__init__.py": None, "acme/sub/c.py": None, "acme/sub.py": "gone = 1\n"},
        (runtime_error(X, "test_a", exception="ImportError: import error in acme.sub.c: No module named 'acme.sub.c'; 'acme.sub' is not a package"),),
    ),
    Row("setattr-object-raising-false", acme(f"import acme.a\n{MP}monkeypatch.setattr(acme.a, 'gone', 1, raising=False)\n{B}"), LOST),
    Row(
        "delattr-by-name-by-string",
        acme(MP + f"monkeypatch.delattr('acme.a.gone')\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: 'module' object at acme.a has no attribute 'gone'"),),
    ),
    Row(
        "delattr-on-a-module",
        acme(f"import acme.a\n{MP}monkeypatch.delattr(acme.a, 'gone')\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: gone"),),
    ),
    Row(
        "delattr-raising-false",
        acme(f"import acme.a\n{MP}monkeypatch.delattr(acme.a, 'gone', raising=False)\n    monkeypatch.delattr('acme.a.gone', raising=False)\n{B}"),
        LOST,
    ),
    Row(
        "delitem-on-a-module-attribute",
        acme(f"import acme.a\n{MP}monkeypatch.delitem(acme.a.gone, 'x')\n{B}", a=f"{KEPT}gone = {{'x': 1}}\n"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row("setitem-of-sys-modules", acme(f"import sys\n{MP}monkeypatch.setitem(sys.modules, 'acme.a', object())\n    import acme.a\n{B}"), DELETED),
    Row(
        "setattr-in-a-context",
        acme(f"import pytest\ndef test_a():\n    with pytest.MonkeyPatch.context() as mp:\n        mp.setattr('acme.a.gone', 1)\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: 'module' object at acme.a has no attribute 'gone'"),),
    ),
    Row(
        "setattr-by-a-constant",
        acme(f"TARGET = 'acme.a.gone'\n{MP}monkeypatch.setattr(TARGET, 1)\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: 'module' object at acme.a has no attribute 'gone'"),),
    ),
    Row(
        "setattr-by-an-f-string",
        acme(f"M = 'acme.a'\n{MP}monkeypatch.setattr(f'{{M}}.gone', 1)\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: 'module' object at acme.a has no attribute 'gone'"),),
    ),
    Row(
        "setattr-on-what-import-module-returns",
        acme(f"import importlib\n{MP}m = importlib.import_module('acme.a')\n    monkeypatch.setattr(m, 'gone', 1)\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> has no attribute 'gone'"),),
    ),
    Row(
        "attribute-of-what-import-module-returns",
        acme(f"import importlib\ndef test_a():\n    m = importlib.import_module('acme.a')\n    m.gone()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "attribute-chained-to-import-module",
        acme(f"import importlib\ndef test_a():\n    importlib.import_module('acme.a').gone()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "attribute-of-what-importorskip-returns",
        acme(f"import pytest\nm = pytest.importorskip('acme.a')\ndef test_a():\n    m.gone()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "importorskip-with-a-reason",
        acme("import pytest\nm = pytest.importorskip('acme.a', reason='needs a')\ndef test_a():\n    pass\n"),
        DELETED,
        (silenced(X),),
    ),
    Row(
        "importorskip-with-a-version",
        acme("import pytest\nm = pytest.importorskip('acme.a', minversion='1.0')\ndef test_a():\n    pass\n", a=f"{KEPT}__version__ = '1.2'\n"),
        DELETED,
        (silenced(X),),
    ),
    Row(
        "importorskip-version-gone",
        acme("import pytest\nm = pytest.importorskip('acme.a', minversion='1.0')\ndef test_a():\n    pass\n", a=f"{KEPT}__version__ = '1.2'\n"),
        LOST,
        (silenced(X),),
    ),
    Row(
        "importorskip-of-what-fails",
        acme("import pytest\nm = pytest.importorskip('acme.b')\ndef test_a():\n    pass\n") | {"acme/b.py": "from acme.a import gone\n"},
        LOST,
        (collection_error(X, NO_NAME),),
    ),
    Row(
        "importorskip-exc-type",
        acme("import pytest\nm = pytest.importorskip('acme.b', exc_type=ImportError)\ndef test_a():\n    pass\n") | {"acme/b.py": "from acme.a import gone\n"},
        LOST,
        (silenced(X),),
    ),
    Row(
        "resolve-name-with-a-colon",
        acme(f"import pkgutil\ndef test_a():\n    pkgutil.resolve_name('acme.a:gone')\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "resolve-name-with-dots",
        acme(f"import pkgutil\ndef test_a():\n    pkgutil.resolve_name('acme.a.gone')\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "resolve-name-of-a-deleted-module",
        acme(f"from pkgutil import resolve_name\ndef test_a():\n    resolve_name('acme.a:gone')\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "resolve-name-of-a-member",
        acme(f"from pkgutil import resolve_name\ndef test_a():\n    resolve_name('acme.a:Kept.gone')\n{B}", a=CLASS),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: type object 'Kept' has no attribute 'gone'"),),
    ),
    Row("dunder-import", acme(f"def test_a():\n    __import__('acme.a')\n{B}"), DELETED, (runtime_error(X, "test_a", exception=NO_MODULE),)),
    Row("dunder-import-at-the-top", acme(f"__import__('acme.a')\n{OK}"), DELETED, (collection_error(X, NO_MODULE),)),
    Row(
        "dunder-import-with-fromlist",
        acme(f"def test_a():\n    m = __import__('acme.a', fromlist=['gone'])\n    m.gone\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "import-module-relative-with-package",
        acme(f"import importlib\ndef test_a():\n    importlib.import_module('.a', package='acme')\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "import-module-in-a-list",
        acme(f"import importlib, pytest\n@pytest.mark.parametrize('name', ['acme.a', 'acme'])\ndef test_a(name):\n    importlib.import_module(name)\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "import-module-in-a-loop",
        acme(f"import importlib\ndef test_a():\n    for name in ('acme', 'acme.a'):\n        importlib.import_module(name)\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "import-module-of-a-constant-list",
        acme(f"import importlib\nALL = ['acme', 'acme.a']\ndef test_a():\n    for name in ALL:\n        importlib.import_module(name)\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "find-spec-that-is-none",
        acme(f"import importlib.util\ndef test_a():\n    if importlib.util.find_spec('acme.a') is None:\n        return\n    import acme.a\n{B}"),
        DELETED,
    ),
    Row(
        "names-of-loggers",
        acme(f"import logging\ndef test_a(caplog):\n    caplog.set_level(logging.INFO, logger='acme.a')\n    logging.getLogger('acme.a.gone').info('x')\n{B}"),
        DELETED,
    ),
    Row("string-in-a-dict", acme(f"TABLE = {{'acme.a.gone': 1}}\ndef test_a():\n    assert TABLE['acme.a.gone']\n{B}"), LOST),
    Row("patch-in-a-docstring", acme(f'def test_a():\n    """patch(\'acme.a.gone\')"""\n    # mock.patch(\'acme.a.gone\')\n{B}'), LOST),
    Row(
        "patch-through-alias-of-the-patch",
        acme(f"from unittest import mock\nP = mock.patch\n@P('acme.a.gone')\ndef test_a(x):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-from-a-helper",
        acme(f"from helpers import patch\n@patch('acme.a.gone')\ndef test_a(x):\n    pass\n{B}") | {"tests/helpers.py": "from unittest.mock import patch\n"},
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-in-a-loop-of-targets",
        acme(f"from unittest.mock import patch\ndef test_a():\n    for t in ('acme.a.kept', 'acme.a.gone'):\n        with patch(t):\n            pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-parametrized-target",
        acme(
            "import pytest\nfrom unittest.mock import patch\n"
            "@pytest.mark.parametrize('t', ['acme.a.kept', 'acme.a.gone'])\ndef test_a(t):\n    with patch(t):\n"
            f"        pass\n{B}"
        ),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-of-an-imported-name-in-a-user",
        acme(f"from unittest.mock import patch\n@patch('acme.b.gone')\ndef test_a(x):\n    pass\n{B}") | {"acme/b.py": "from acme.a import gone\n"},
        {**LOST, "acme/b.py": "from acme.a import kept\n"},
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.b'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-of-a-submodule-through-the-package",
        acme(f"import acme.a\nfrom unittest.mock import patch\n@patch('acme.a')\ndef test_a(x):\n    pass\n{B}"),
        {**DELETED, X: f"from unittest.mock import patch\n@patch('acme.a')\ndef test_a(x):\n    pass\n{B}"},
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme'> does not have the attribute 'a'"),),
    ),
    Row(
        "seal-autospec",
        acme(f"from unittest.mock import create_autospec\nimport acme.a\ndef test_a():\n    m = create_autospec(acme.a.gone)\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
)
