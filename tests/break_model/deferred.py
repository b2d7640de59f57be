"""References that fail when a test runs: in its body, in strings, in what it calls, in the fixtures beside it."""

from __future__ import annotations

from break_model.rows import KEPT, Row, acme, collection_error, runtime_error, silenced

X = "tests/test_x.py"
Y = "tests/test_y.py"
NO_MODULE = "ModuleNotFoundError: No module named 'acme.a'"
NO_NAME = "ImportError: cannot import name 'gone' from 'acme.a'"
NO_ATTRIBUTE = "AttributeError: module 'acme.a' has no attribute 'gone'"
NOT_THERE = "AttributeError: <module 'acme.a' from '/acme/a.py'> does not have the attribute 'gone'"
LOST = {"acme/a.py": KEPT}
DELETED = {"acme/a.py": None}
B = "def test_b():\n    pass\n"
CLASS = "class Kept:\n    GONE = 3\n    def stay(self):\n        return 1\n    def gone(self):\n        return 2\n"
STAYED = "class Kept:\n    def stay(self):\n        return 1\n"

_ANNOUNCED = "class Kept:\n    gone: int\n    @classmethod\n    def start(cls):\n        cls.gone = 1\nclass Low(Kept):\n    pass\n"

_BODIES = (
    Row("import-in-a-test", acme(f"def test_a():\n    import acme.a\n{B}"), DELETED, (runtime_error(X, "test_a", exception=NO_MODULE),)),
    Row("from-import-in-a-test", acme(f"def test_a():\n    from acme.a import gone\n{B}"), LOST, (runtime_error(X, "test_a", exception=NO_NAME),)),
    Row(
        "from-import-in-several-tests",
        acme(f"def test_a():\n    from acme.a import gone\ndef test_c():\n    from acme.a import gone\n    assert gone\n{B}"),
        LOST,
        (runtime_error(X, "test_a", "test_c", exception=NO_NAME),),
    ),
    Row(
        "import-in-a-method",
        acme("class TestX:\n    def test_a(self):\n        from acme.a import gone\n    def test_b(self):\n        pass\n"),
        LOST,
        (runtime_error(X, "TestX::test_a", exception=NO_NAME),),
    ),
    Row(
        "import-in-a-nested-class",
        acme("class TestX:\n    class TestY:\n        def test_a(self):\n            from acme.a import gone\n"),
        LOST,
        (runtime_error(X, "TestX::TestY::test_a", exception=NO_NAME),),
    ),
    Row(
        "import-in-a-parametrized-test",
        acme(f"import pytest\n@pytest.mark.parametrize('n', [1, 2])\ndef test_a(n):\n    from acme.a import gone\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "relative-import-in-a-test",
        acme(f"def test_a():\n    from . import helpers\n{B}") | {"tests/__init__.py": "", "tests/helpers.py": ""},
        {"tests/helpers.py": None},
        (runtime_error(X, "test_a", exception="ImportError: cannot import name 'helpers' from 'tests'"),),
    ),
    Row(
        "import-in-a-test-of-production-code-that-fails",
        acme(f"def test_a():\n    import acme.b\n{B}") | {"acme/b.py": "from acme.a import gone\n"},
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "attribute-in-a-test", acme(f"import acme.a\ndef test_a():\n    assert acme.a.gone()\n{B}"), LOST, (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),)
    ),
    Row(
        "attribute-of-an-alias-in-a-test",
        acme(f"from acme import a as it\ndef test_a():\n    assert it.gone() == 2\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "attribute-of-a-local-import",
        acme(f"def test_a():\n    import acme.a as it\n    it.gone()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "attribute-of-a-package",
        acme(f"import acme\ndef test_a():\n    acme.gone()\n{B}", init="from acme.a import gone\n"),
        {"acme/__init__.py": ""},
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme' has no attribute 'gone'"),),
    ),
    Row(
        "attribute-in-a-lambda-that-is-called",
        acme(f"import acme.a\ndef test_a():\n    assert (lambda: acme.a.gone())()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "attribute-in-an-assertion-of-raises",
        acme(
            f"import pytest\nfrom acme import a\ndef test_a():\n    with pytest.raises(a.gone):\n        raise a.gone\n{B}",
            a="class gone(Exception):\n    pass\n",
        ),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "name-that-the-test-file-no-longer-imports",
        acme(f"from acme.a import kept\ndef test_a():\n    kept()\n{B}"),
        {X: f"def test_a():\n    kept()\n{B}"},
        (runtime_error(X, "test_a", exception="NameError: name 'kept' is not defined"),),
    ),
    Row(
        "name-from-a-star-in-a-test",
        acme(f"from acme.a import *\ndef test_a():\n    gone()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="NameError: name 'gone' is not defined"),),
    ),
    Row(
        "member-of-a-class-in-a-test",
        acme(f"from acme.a import Kept\ndef test_a():\n    assert Kept.GONE == 3\n{B}", a=CLASS),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: type object 'Kept' has no attribute 'GONE'"),),
    ),
    Row(
        "method-of-an-instance-in-a-test",
        acme(f"from acme.a import Kept\ndef test_a():\n    it = Kept()\n    assert it.gone() == 2\n{B}", a=CLASS),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "method-of-a-fresh-instance-in-a-test",
        acme(f"from acme.a import Kept\ndef test_a():\n    assert Kept().gone() == 2\n{B}", a=CLASS),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "member-of-an-enumeration",
        acme(f"from acme.a import Color\ndef test_a():\n    assert Color.GONE\n{B}", a="import enum\nclass Color(enum.Enum):\n    KEPT = 1\n    GONE = 2\n"),
        {"acme/a.py": "import enum\nclass Color(enum.Enum):\n    KEPT = 1\n"},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "field-of-a-dataclass",
        acme(
            f"from acme.a import Kept\ndef test_a():\n    Kept(x=1, gone=2)\n{B}",
            a="import dataclasses\n@dataclasses.dataclass\nclass Kept:\n    x: int\n    gone: int = 0\n",
        ),
        {"acme/a.py": "import dataclasses\n@dataclasses.dataclass\nclass Kept:\n    x: int\n"},
        (runtime_error(X, "test_a", exception="TypeError: Kept.__init__() got an unexpected keyword argument 'gone'"),),
    ),
    Row(
        "keyword-of-a-function",
        acme(f"from acme.a import kept\ndef test_a():\n    kept(x=1)\n{B}", a="def kept(x=0):\n    return x\n"),
        LOST,
        (runtime_error(X, "test_a", exception="TypeError: kept() got an unexpected keyword argument 'x'"),),
    ),
    Row(
        "argument-of-a-function-that-became-required",
        acme(f"from acme.a import kept\ndef test_a():\n    kept()\n{B}", a="def kept(x=0):\n    return x\n"),
        {"acme/a.py": "def kept(x):\n    return x\n"},
        (runtime_error(X, "test_a", exception="TypeError: kept() missing 1 required positional argument: 'x'"),),
    ),
    Row(
        "member-of-a-base-of-the-test-class",
        acme("from bases import Base\nclass TestX(Base):\n    def test_a(self):\n        self.gone()\n    def test_b(self):\n        self.stay()\n")
        | {"tests/bases.py": "class Base:\n    def stay(self):\n        pass\n    def gone(self):\n        pass\n"},
        {"tests/bases.py": "class Base:\n    def stay(self):\n        pass\n"},
        (runtime_error(X, "TestX::test_a", exception="AttributeError: 'TestX' object has no attribute 'gone'"),),
    ),
    Row(
        "test-inherited-from-a-base-that-fails",
        acme("from bases import Base\nclass TestX(Base):\n    def test_b(self):\n        pass\n")
        | {"tests/bases.py": "class Base:\n    def test_a(self):\n        from acme.a import gone\n"},
        LOST,
        (runtime_error(X, "TestX::test_a", exception=NO_NAME),),
    ),
    Row(
        "test-imported-from-another-file",
        acme("from shared import *\n" + B) | {"tests/shared.py": "def test_a():\n    from acme.a import gone\n"},
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "born-broken-in-a-test",
        acme(B),
        {X: f"def test_a():\n    from acme.a import never\n{B}"},
        (runtime_error(X, "test_a", exception="ImportError: cannot import name 'never' from 'acme.a'"),),
    ),
)

_CALLS = (
    Row(
        "helper-of-the-same-file",
        acme(f"def _load():\n    from acme.a import gone\n    return gone\ndef test_a():\n    _load()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "helper-behind-a-helper",
        acme(f"import acme.a\ndef _load():\n    return acme.a.gone()\ndef _more():\n    return [_load()]\ndef test_a():\n    assert _more()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "helper-of-another-file",
        acme(f"import helpers\ndef test_a():\n    helpers.load()\n{B}") | {"tests/helpers.py": "def load():\n    from acme.a import gone\n    return gone\n"},
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "helper-method-of-the-same-class",
        acme(
            "class TestX:\n    def _load(self):\n        from acme.a import gone\n    def test_a(self):\n"
            "        self._load()\n    def test_b(self):\n        pass\n"
        ),
        LOST,
        (runtime_error(X, "TestX::test_a", exception=NO_NAME),),
    ),
    Row(
        "production-function-that-imports-late",
        acme(f"from acme.b import load\ndef test_a():\n    load()\n{B}") | {"acme/b.py": "def load():\n    from acme.a import gone\n    return gone()\n"},
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "production-function-that-reads-an-attribute",
        acme(f"from acme.b import load\ndef test_a():\n    assert load() == 2\n{B}") | {"acme/b.py": "from acme import a\ndef load():\n    return a.gone()\n"},
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "production-function-behind-another",
        acme(f"from acme.c import run\ndef test_a():\n    run()\n{B}")
        | {"acme/b.py": "def load():\n    from acme.a import gone\n", "acme/c.py": "from acme import b\ndef run():\n    return b.load()\n"},
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "production-method",
        acme(f"from acme.b import Kept\ndef test_a():\n    Kept().load()\n{B}")
        | {"acme/b.py": "class Kept:\n    def load(self):\n        from acme.a import gone\n"},
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "production-constructor",
        acme(f"from acme.b import Kept\ndef test_a():\n    Kept()\n{B}")
        | {"acme/b.py": "class Kept:\n    def __init__(self):\n        from acme.a import gone\n"},
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "fixture-of-the-same-file",
        acme(f"import pytest\n@pytest.fixture\ndef it():\n    from acme.a import gone\n    return gone\ndef test_a(it):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "fixture-of-a-class",
        acme(
            "import pytest\nclass TestX:\n    @pytest.fixture\n    def it(self):\n        import acme.a\n"
            "    def test_a(self, it):\n        pass\n    def test_b(self):\n        pass\n"
        ),
        DELETED,
        (runtime_error(X, "TestX::test_a", exception=NO_MODULE),),
    ),
    Row(
        "fixture-by-usefixtures-that-fails",
        acme(f"import pytest\n@pytest.fixture\ndef it():\n    import acme.a\n@pytest.mark.usefixtures('it')\ndef test_a():\n    pass\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "setup-method",
        acme("class TestX:\n    def setup_method(self):\n        from acme.a import gone\n    def test_a(self):\n        pass\ndef test_b():\n    pass\n"),
        LOST,
        (runtime_error(X, "TestX::test_a", exception=NO_NAME),),
    ),
    Row(
        "setup-module",
        acme(f"def setup_module():\n    from acme.a import gone\ndef test_a():\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", "test_b", exception=NO_NAME),),
    ),
    Row(
        "unittest-method",
        acme("import unittest\nclass Case(unittest.TestCase):\n    def test_a(self):\n        from acme.a import gone\n    def test_b(self):\n        pass\n"),
        LOST,
        (runtime_error(X, "Case::test_a", exception=NO_NAME),),
    ),
    Row(
        "unittest-set-up",
        acme(
            "import unittest\nclass Case(unittest.TestCase):\n    def setUp(self):\n        from acme.a import gone\n"
            "    def test_a(self):\n        pass\n    def test_b(self):\n        pass\n"
        ),
        LOST,
        (runtime_error(X, "Case::test_a", "Case::test_b", exception=NO_NAME),),
    ),
    Row(
        "unittest-set-up-class",
        acme(
            "import unittest\nclass Case(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls):\n"
            "        import acme.a\n    def test_a(self):\n        pass\n"
        ),
        DELETED,
        (runtime_error(X, "Case::test_a", exception=NO_MODULE),),
    ),
    Row(
        "unittest-base-with-the-set-up",
        acme("from bases import Base\nclass Case(Base):\n    def test_a(self):\n        pass\n")
        | {"tests/bases.py": "import unittest\nclass Base(unittest.TestCase):\n    def setUp(self):\n        from acme.a import gone\n"},
        LOST,
        (runtime_error(X, "Case::test_a", exception=NO_NAME),),
    ),
    Row(
        "import-by-name-in-a-test",
        acme(f"import importlib\ndef test_a():\n    importlib.import_module('acme.a')\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "import-by-relative-name-in-a-test",
        acme(f"from importlib import import_module\ndef test_a():\n    import_module('.a', package='acme')\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row("import-by-dunder-in-a-test", acme(f"def test_a():\n    __import__('acme.a')\n{B}"), DELETED, (runtime_error(X, "test_a", exception=NO_MODULE),)),
    Row(
        "import-by-a-constant-in-a-test",
        acme(f"import importlib\nNAME = 'acme.a'\ndef test_a():\n    importlib.import_module(NAME)\n{B}"),
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "import-by-parametrized-names",
        acme("import importlib, pytest\n@pytest.mark.parametrize('name', ['acme.a', 'acme.b'])\ndef test_a(name):\n    importlib.import_module(name)\n")
        | {"acme/b.py": ""},
        DELETED,
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "resolve-name-of-a-module-that-is-gone-with-a-colon",
        acme(f"import pkgutil\ndef test_a():\n    pkgutil.resolve_name('acme.a:gone')\n{B}"),
        {"acme/a.py": None},
        (runtime_error(X, "test_a", exception=NO_MODULE),),
    ),
    Row(
        "resolve-name-of-a-module-that-is-gone-by-dots",
        acme(f"import pkgutil\ndef test_a():\n    pkgutil.resolve_name('acme.a.gone')\n{B}"),
        {"acme/a.py": None},
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme' has no attribute 'a'"),),
    ),
    Row(
        "resolve-name-in-a-test",
        acme(f"import pkgutil\ndef test_a():\n    pkgutil.resolve_name('acme.a:gone')\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
)

_STRINGS = (
    Row(
        "patch-as-a-decorator",
        acme(f"from unittest import mock\n@mock.patch('acme.a.gone')\ndef test_a(it):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NOT_THERE),),
    ),
    Row(
        "patch-by-its-own-name",
        acme(f"from unittest.mock import patch\n@patch('acme.a.gone', return_value=1)\ndef test_a(it):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NOT_THERE),),
    ),
    Row(
        "patch-through-an-alias",
        acme(f"import unittest.mock as m\ndef test_a():\n    with m.patch('acme.a.gone'):\n        pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NOT_THERE),),
    ),
    Row(
        "patch-as-a-context-manager",
        acme(f"from unittest.mock import patch\ndef test_a():\n    with patch('acme.a.gone') as it, patch('acme.a.kept'):\n        pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NOT_THERE),),
    ),
    Row(
        "patch-as-a-call",
        acme(f"from unittest import mock\ndef test_a():\n    patcher = mock.patch('acme.a.gone')\n    patcher.start()\n    patcher.stop()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NOT_THERE),),
    ),
    Row(
        "patch-of-a-deleted-module",
        acme(f"from unittest import mock\n@mock.patch('acme.a.gone')\ndef test_a(it):\n    pass\n{B}"),
        DELETED,
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "patch-of-a-re-export-that-moved",
        acme(f"from unittest import mock\n@mock.patch('acme.b.gone')\ndef test_a(it):\n    pass\n{B}") | {"acme/b.py": "from acme.a import gone\n"},
        {"acme/b.py": "from acme import a\n"},
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.b' from '/acme/b.py'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-on-a-class",
        acme(
            "from unittest import mock\n@mock.patch('acme.a.gone')\nclass TestX:\n    def test_a(self, it):\n        pass\n"
            "    def test_c(self, it):\n        pass\ndef test_b():\n    pass\n"
        ),
        LOST,
        (runtime_error(X, "TestX::test_a", "TestX::test_c", exception=NOT_THERE),),
    ),
    Row(
        "patch-on-a-unittest-class",
        acme(
            "import unittest\nfrom unittest import mock\n@mock.patch('acme.a.gone')\nclass Case(unittest.TestCase):\n    def test_a(self, it):\n        pass\n"
        ),
        LOST,
        (runtime_error(X, "Case::test_a", exception=NOT_THERE),),
    ),
    Row(
        "patch-of-a-member",
        acme(f"from unittest import mock\n@mock.patch('acme.a.Kept.gone')\ndef test_a(it):\n    pass\n{B}", a=CLASS),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: <class 'acme.a.Kept'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-of-a-member-of-a-lost-class",
        acme(f"from unittest import mock\n@mock.patch('acme.a.Kept.gone')\ndef test_a(it):\n    pass\n{B}", a=CLASS),
        {"acme/a.py": ""},
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "patch-with-a-prefix-of-the-file",
        acme(
            f"from unittest import mock\nMODULE = 'acme.a'\n@mock.patch(f'{{MODULE}}.gone')\ndef test_a(it):\n    pass\n"
            f"@mock.patch(MODULE + '.gone')\ndef test_c(it):\n    pass\n{B}"
        ),
        LOST,
        (runtime_error(X, "test_a", "test_c", exception=NOT_THERE),),
    ),
    Row(
        "patch-object",
        acme(f"from unittest import mock\nimport acme.a\n@mock.patch.object(acme.a, 'gone')\ndef test_a(it):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NOT_THERE),),
    ),
    Row(
        "patch-object-in-a-test",
        acme(f"from unittest.mock import patch\nfrom acme.a import Kept\ndef test_a():\n    with patch.object(Kept, 'gone'):\n        pass\n{B}", a=CLASS),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: <class 'acme.a.Kept'> does not have the attribute 'gone'"),),
    ),
    Row(
        "patch-object-whose-target-is-gone",
        acme(
            f"from unittest.mock import patch\nimport acme.a\n@patch.object(acme.a.gone, '__call__')\ndef test_a(it):\n    pass\n{B}",
            a=CLASS.replace("Kept", "gone") + "    __call__ = None\n",
        ),
        LOST,
        (collection_error(X, NO_ATTRIBUTE),),
    ),
    Row(
        "patch-dict-on-a-dotted-name",
        acme(f"from unittest import mock\n@mock.patch.dict('acme.a.TABLE', {{'x': 1}})\ndef test_a():\n    pass\n{B}", a="TABLE = {}\n"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'TABLE'"),),
    ),
    Row(
        "patch-multiple",
        acme(f"from unittest import mock\n@mock.patch.multiple('acme.a', gone=1, kept=2)\ndef test_a():\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NOT_THERE),),
    ),
    Row("patch-that-creates", acme(f"from unittest import mock\n@mock.patch('acme.a.gone', create=True)\ndef test_a(it):\n    pass\n{B}"), LOST),
    Row("patch-of-what-stays", acme(f"from unittest import mock\n@mock.patch('acme.a.kept')\ndef test_a(it):\n    pass\n{B}"), LOST),
    Row("patch-of-a-builtin-in-a-module", acme(f"from unittest import mock\n@mock.patch('acme.a.open')\ndef test_a(it):\n    pass\n{B}"), LOST),
    Row(
        "patch-of-a-builtin-that-the-module-had-of-its-own",
        acme(
            f"from unittest import mock\nimport acme.a\ndef test_a():\n    mock.patch('acme.a.open').start()\n    mock.patch.object(acme.a, 'open')\n{B}",
            a="from io import open\n",
        ),
        {"acme/a.py": "x = 1\n"},
    ),
    Row(
        "patch-of-a-builtin-name-in-a-class",
        acme(f"from unittest import mock\n@mock.patch('acme.a.Kept.open')\ndef test_a(it):\n    pass\n{B}", a="class Kept:\n    def open(self): ...\n"),
        {"acme/a.py": "class Kept: ...\n"},
        (runtime_error(X, "test_a", exception="AttributeError: <class 'acme.a.Kept'> does not have the attribute 'open'"),),
    ),
    Row(
        "monkeypatch-of-a-builtin-that-the-module-had-of-its-own",
        acme(f"def test_a(monkeypatch):\n    monkeypatch.setattr('acme.a.open', 1)\n{B}", a="from io import open\n"),
        {"acme/a.py": "x = 1\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'module' object at acme.a has no attribute 'open'"),),
    ),
    Row(
        "patch-of-a-name-that-another-patch-creates",
        acme(
            "from unittest import mock\ndef test_a():\n    with mock.patch('acme.a.gone', create=True):\n"
            f"        with mock.patch('acme.a.gone'):\n            pass\n{B}"
        ),
        LOST,
    ),
    Row(
        "setattr-by-name",
        acme(f"def test_a(monkeypatch):\n    monkeypatch.setattr('acme.a.gone', None)\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: 'module' object at acme.a has no attribute 'gone'"),),
    ),
    Row(
        "setattr-by-the-name-of-a-deleted-module",
        acme(f"def test_a(monkeypatch):\n    monkeypatch.setattr('acme.a.gone', None)\n{B}"),
        DELETED,
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "setattr-on-a-module",
        acme(f"import acme.a\ndef test_a(monkeypatch):\n    monkeypatch.setattr(acme.a, 'gone', None)\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: <module 'acme.a' from '/acme/a.py'> has no attribute 'gone'"),),
    ),
    Row(
        "setattr-on-a-class",
        acme(f"from acme.a import Kept\ndef test_a(monkeypatch):\n    monkeypatch.setattr(Kept, 'gone', None)\n{B}", a=CLASS),
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", exception="AttributeError: <class 'acme.a.Kept'> has no attribute 'gone'"),),
    ),
    Row("setattr-that-does-not-insist", acme(f"def test_a(monkeypatch):\n    monkeypatch.setattr('acme.a.gone', None, raising=False)\n{B}"), LOST),
    Row(
        "setattr-in-a-fixture",
        acme(f"import pytest\n@pytest.fixture\ndef it(monkeypatch):\n    monkeypatch.setattr('acme.a.gone', None)\ndef test_a(it):\n    pass\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: 'module' object at acme.a has no attribute 'gone'"),),
    ),
    Row("delattr-by-name", acme(f"def test_a(monkeypatch):\n    monkeypatch.delattr('acme.a.gone')\n{B}"), LOST, (runtime_error(X, "test_a"),)),
    Row(
        "setitem-on-a-module-attribute",
        acme(f"import acme.a\ndef test_a(monkeypatch):\n    monkeypatch.setitem(acme.a.TABLE, 'x', 1)\n{B}", a="TABLE = {}\n"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'TABLE'"),),
    ),
    Row(
        "string-that-is-no-reference",
        acme(
            "import logging\ndef test_a(caplog):\n    caplog.set_level(logging.INFO, logger='acme.a')\n"
            f"    logging.getLogger('acme.a.gone').info('x')\n    assert 'acme.a.gone' in caplog.text or True\n{B}"
        ),
        DELETED,
    ),
)

_QUIET = (
    Row("import-in-a-helper-that-nobody-calls", acme(f"def _load():\n    from acme.a import gone\n{B}"), LOST),
    Row("import-after-return", acme("def test_a():\n    return\n    from acme.a import gone\n"), LOST),
    Row("import-after-skip", acme("import pytest\ndef test_a():\n    pytest.skip('later')\n    from acme.a import gone\n"), LOST),
    Row("import-in-a-skipped-test", acme("import pytest\n@pytest.mark.skip\ndef test_a():\n    from acme.a import gone\n"), LOST),
    Row(
        "import-in-a-test-that-is-skipped-here",
        acme("import pytest, sys\n@pytest.mark.skipif(sys.version_info >= (3, 8), reason='old')\ndef test_a():\n    from acme.a import gone\n"),
        LOST,
    ),
    Row(
        "import-in-a-unittest-skip",
        acme("import unittest\nclass Case(unittest.TestCase):\n    @unittest.skip('later')\n    def test_a(self):\n        from acme.a import gone\n"),
        LOST,
    ),
    Row("import-in-a-file-that-is-skipped", acme("import pytest\npytestmark = pytest.mark.skip\ndef test_a():\n    from acme.a import gone\n"), LOST),
    Row(
        "import-in-a-class-that-is-skipped",
        acme("import pytest\n@pytest.mark.skip(reason='later')\nclass TestX:\n    def test_a(self):\n        from acme.a import gone\n"),
        LOST,
    ),
    Row(
        "import-in-a-test-that-fails-as-expected",
        acme("import pytest\n@pytest.mark.xfail\ndef test_a():\n    from acme.a import gone\n    assert gone() == 1\n"),
        LOST,
    ),
    Row(
        "import-in-a-strict-xfail",
        acme("import pytest\n@pytest.mark.xfail(strict=True, raises=AssertionError)\ndef test_a():\n    from acme.a import gone\n    assert gone() == 1\n"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row("import-guarded-in-a-test", acme("def test_a():\n    try:\n        from acme.a import gone\n    except ImportError:\n        gone = None\n"), LOST),
    Row(
        "import-guarded-by-a-skip",
        acme("import pytest\ndef test_a():\n    try:\n        from acme.a import gone\n    except ImportError:\n        pytest.skip('no acme')\n"),
        LOST,
        (silenced(X, "test_a"),),
    ),
    Row(
        "import-guarded-by-a-failure",
        acme(f"import pytest\ndef test_a():\n    try:\n        from acme.a import gone\n    except ImportError:\n        pytest.fail('no acme')\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="Failed: no acme"),),
    ),
    Row(
        "raises-around-a-call",
        acme("import pytest\ndef _load():\n    from acme.a import gone\ndef test_a():\n    with pytest.raises(ImportError):\n        _load()\n"),
        LOST,
    ),
    Row(
        "raises-an-attribute-error",
        acme("def test_b():\n    pass\n"),
        {
            **LOST,
            X: "import pytest, acme.a\ndef test_a():\n    with pytest.raises(AttributeError):\n        acme.a.gone\n    assert not hasattr(acme.a, 'gone')\n",
        },
    ),
    Row(
        "assert-raises-of-unittest",
        acme("def test_b():\n    pass\n"),
        {
            **DELETED,
            X: (
                "import unittest\nclass Case(unittest.TestCase):\n    def test_a(self):\n"
                "        with self.assertRaises(ImportError):\n            import acme.a\n"
            ),
        },
    ),
    Row(
        "module-put-into-sys-modules-by-the-test",
        acme("import sys, types\ndef test_a(monkeypatch):\n    monkeypatch.setitem(sys.modules, 'acme.a', types.ModuleType('acme.a'))\n    import acme.a\n"),
        DELETED,
    ),
    Row(
        "module-put-into-sys-modules-by-a-patch",
        acme("from unittest import mock\n@mock.patch.dict('sys.modules', {'acme.a': mock.MagicMock()})\ndef test_a():\n    from acme.a import gone\n"),
        DELETED,
    ),
    Row(
        "attribute-of-a-parameter-of-the-same-name",
        acme(
            "from acme import a\nimport pytest\n@pytest.fixture(name='a')\ndef _a():\n    class It:\n        gone = 1\n"
            "    return It\ndef test_a(a):\n    assert a.gone\n"
        ),
        LOST,
    ),
    Row("attribute-of-a-local-of-the-same-name", acme("from acme import a\ndef test_a():\n    class a:\n        gone = 1\n    assert a.gone\n"), LOST),
    Row(
        "attribute-of-a-mock",
        acme(
            "from unittest import mock\nimport acme\ndef test_a():\n    with mock.patch('acme.a') as a:\n        a.gone()\n        acme.a.gone()\n",
            init="from . import a\n",
        ),
        LOST,
    ),
    Row(
        "attribute-that-a-patch-creates",
        acme("from unittest import mock\nimport acme.a\n@mock.patch('acme.a.gone', create=True)\ndef test_a(it):\n    acme.a.gone()\n"),
        LOST,
    ),
    Row(
        "attribute-of-a-module-that-others-imported",
        {
            **acme("import acme\ndef test_a():\n    assert acme.a.gone()\ndef test_b():\n    assert acme.a.kept()\n", init="from .b import other\n"),
            "acme/b.py": "from .a import kept\nother = kept\n",
        },
        LOST,
        (runtime_error(X, "test_a", exception=NO_ATTRIBUTE),),
    ),
    Row(
        "member-of-a-base-lost-for-its-heirs",
        {
            **acme(
                "from acme.b import Low\ndef test_a():\n    assert Low().gone()\ndef test_c():\n    assert Low.GONE\ndef test_b():\n    assert Low().stay()\n",
                a=CLASS,
            ),
            "acme/b.py": "from acme.a import Kept\nclass Low(Kept):\n    pass\n",
        },
        {"acme/a.py": STAYED},
        (runtime_error(X, "test_a", "test_c"),),
    ),
    Row(
        "member-of-a-base-lost-for-a-test-class",
        {
            "tests/base.py": "class Base:\n    def gone(self):\n        return 1\n    def stay(self):\n        return 1\n",
            X: (
                "from base import Base\nclass TestX(Base):\n    def test_a(self):\n        assert self.gone()\n"
                "    def test_b(self):\n        assert self.stay()\n"
            ),
        },
        {"tests/base.py": "class Base:\n    def stay(self):\n        return 1\n"},
        (runtime_error(X, "TestX::test_a", exception="AttributeError: 'TestX' object has no attribute 'gone'"),),
    ),
    Row(
        "member-of-a-base-that-the-test-class-provides",
        {
            "tests/base.py": "class Base:\n    def gone(self):\n        return 1\n    def test_a(self):\n        assert self.gone()\n",
            X: "from base import Base\nclass TestX(Base):\n    def gone(self):\n        return 2\n",
            Y: "from base import Base\nclass TestY(Base):\n    pass\n",
        },
        {"tests/base.py": "class Base:\n    def test_a(self):\n        assert self.gone()\n"},
        (runtime_error(Y, "TestY::test_a", exception="AttributeError: 'TestY' object has no attribute 'gone'"),),
    ),
    Row(
        "method-of-a-base-that-heirs-inherit-broken",
        {
            **acme(
                "from acme.b import Low, High\ndef test_a():\n    assert Low().run()\ndef test_b():\n    assert High().run() == 3\n",
                a="class Kept:\n    def gone(self):\n        return 1\n    def run(self):\n        return self.gone()\n",
            ),
            "acme/b.py": "from acme.a import Kept\nclass Low(Kept):\n    pass\nclass High(Kept):\n    def gone(self):\n        return 3\n",
        },
        {"acme/a.py": "class Kept:\n    def run(self):\n        return self.gone()\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'Low' object has no attribute 'gone'"),),
    ),
    Row(
        "mixin-that-asks-for-what-heirs-bring",
        acme(
            "from acme.a import Low\ndef test_a():\n    assert Low().run() == 2\n",
            a="class Mixin:\n    def run(self):\n        return 2\nclass Low(Mixin):\n    def gone(self):\n        return 2\ndef gone():\n    pass\n",
        ),
        {"acme/a.py": "class Mixin:\n    def run(self):\n        return self.gone()\nclass Low(Mixin):\n    def gone(self):\n        return 2\n"},
    ),
    Row(
        "method-that-a-subclass-has",
        acme("from acme.a import Kept\nclass Low(Kept):\n    def gone(self):\n        return 1\ndef test_a():\n    assert Low().gone()\n", a=CLASS),
        {"acme/a.py": STAYED},
    ),
    Row(
        "instance-that-answers-to-everything",
        acme("from acme.a import Kept\ndef test_a():\n    assert Kept().gone\n", a=CLASS),
        {"acme/a.py": "class Kept:\n    def __getattr__(self, name):\n        return 1\n"},
    ),
    Row(
        "instance-attribute-set-in-the-constructor",
        acme("from acme.a import Kept\ndef test_a():\n    assert Kept().gone\n", a=CLASS),
        {"acme/a.py": "class Kept:\n    def __init__(self):\n        self.gone = 1\n"},
    ),
    Row(
        "class-attribute-that-a-class-method-sets",
        acme(
            "from acme.a import Low\ndef test_a():\n    Low.start()\n    assert Low.gone == 1\n",
            a=f"{_ANNOUNCED}class Other:\n    gone = 2\n",
        ),
        {"acme/a.py": f"{_ANNOUNCED}class Other:\n    pass\n"},
    ),
    Row(
        "class-attribute-that-a-method-of-a-local-class-sets",
        acme(
            "from acme.a import Kept\ndef decorate(cls):\n    return cls\ndef test_a():\n    @decorate\n    class Mine:\n        def start(self):\n"
            "            Mine.gone = 1\n    Mine().start()\n    assert Mine.gone\n",
            a="class Kept:\n    gone = 2\n",
        ),
        {
            "acme/a.py": "class Kept:\n    pass\n",
            X: (
                "from acme.a import Kept\ndef test_a():\n    class Mine:\n        def start(self):\n            Mine.gone = 1\n"
                "    Mine().start()\n    assert Mine.gone\n"
            ),
        },
    ),
    Row(
        "attribute-that-a-getattr-may-serve-within-raises",
        acme(
            "import pytest\nfrom acme import a\ndef test_a():\n    with pytest.raises(AttributeError):\n        a.never\n    try:\n        a.nowhere\n"
            "    except AttributeError:\n        pass\n",
            a="",
        ),
        {
            "acme/a.py": "def __getattr__(name):\n    raise AttributeError(name)\n",
            X: (
                "import pytest\nfrom acme import a\ndef test_a():\n    with pytest.raises(AttributeError):\n        a.ever\n    try:\n        a.somewhere\n"
                "    except AttributeError:\n        pass\n"
            ),
        },
    ),
    Row(
        "class-attribute-that-is-only-announced-now",
        acme("from acme.a import Kept\ndef test_a():\n    assert Kept.gone == 1\n", a="class Kept:\n    gone: int = 1\n"),
        {"acme/a.py": "class Kept:\n    gone: int\n"},
        (runtime_error(X, "test_a", exception="AttributeError: type object 'Kept' has no attribute 'gone'"),),
    ),
    Row(
        "member-that-heirs-provide",
        acme(
            "from acme.a import Low\ndef test_a():\n    assert Low().run() == 2\n    assert Low.make() == 2\n",
            a="class Base:\n    def gone(self):\n        return 1\n    limit = 1\n    def run(self):\n        return self.gone()\n"
            "    @classmethod\n    def make(cls):\n        return cls.limit\nclass Low(Base):\n    limit = 2\n    def gone(self):\n        return 2\n",
        ),
        {
            "acme/a.py": "class Base:\n    def run(self):\n        return self.gone()\n    @classmethod\n    def make(cls):\n        return cls.limit\n"
            "class Low(Base):\n    limit = 2\n    def gone(self):\n        return 2\n"
        },
    ),
    Row(
        "member-that-another-mixin-provides",
        acme(
            "from acme.a import Low\ndef test_a():\n    assert Low().run() == 2\n",
            a="class One:\n    def gone(self):\n        return 1\n    def run(self):\n        return self.gone()\n"
            "class Two:\n    def gone(self):\n        return 2\nclass Low(Two, One):\n    pass\n",
        ),
        {
            "acme/a.py": (
                "class One:\n    def run(self):\n        return self.gone()\nclass Two:\n    def gone(self):\n        return 2\n"
                "class Low(Two, One):\n    pass\n"
            )
        },
    ),
    Row(
        "hasattr-in-a-test",
        acme("import acme.a\ndef test_a():\n    if hasattr(acme.a, 'gone'):\n        acme.a.gone()\n    getattr(acme.a, 'gone', None)\n"),
        LOST,
    ),
    Row("deleted-test-of-a-deleted-function", acme(f"import acme.a\ndef test_a():\n    acme.a.gone()\n{B}"), {**LOST, X: f"import acme.a\n{B}"}),
    Row("failing-before-and-after", acme("def test_a():\n    from acme.a import never\n"), LOST),
    Row(
        "failing-before-in-a-test-that-changes",
        acme("def test_a():\n    from acme.a import never\n"),
        {X: "def test_a():\n    from acme.a import never  # noqa: PLC0415\n", **LOST},
    ),
    Row(
        "failing-before-for-another-reason",
        acme("def test_a():\n    assert False\n    from acme.a import gone\n"),
        LOST,
        masked={f"{X}::test_a": "AssertionError: assert False"},
    ),
    Row(
        "failing-before-beside-a-test-that-did-not",
        acme("def test_a():\n    assert 0\n    from acme.a import gone\ndef test_b():\n    from acme.a import gone\n    assert False\n"),
        LOST,
        masked={f"{X}::test_a": "AssertionError: assert 0", f"{X}::test_b": "AssertionError: assert False"},
    ),
    Row("failing-before-and-nothing-else", acme(f"import acme.a\ndef test_a():\n    assert False\n{B}"), LOST),
    Row(
        "failing-where-it-is-expected",
        acme(f"import pytest\ndef test_a():\n    with pytest.raises(AssertionError):\n        assert False\n    from acme.a import gone\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception=NO_NAME),),
    ),
    Row(
        "test-class-that-is-not-collected",
        acme(f"class TestX:\n    def __init__(self):\n        pass\n    def test_a(self):\n        from acme.a import gone\n{B}"),
        LOST,
    ),
    Row("function-that-is-no-test", acme(f"def check_a():\n    from acme.a import gone\n{B}"), LOST),
    Row(
        "collection-fails-first",
        acme("import acme.b\ndef test_a():\n    from acme.a import gone\n") | {"acme/b.py": ""},
        {**LOST, "acme/b.py": None},
        (collection_error(X, "ModuleNotFoundError: No module named 'acme.b'"),),
    ),
)

_UNCOLLECTED = (
    Row(
        "test-class-that-gains-a-constructor",
        acme(f"class TestX:\n    def test_a(self):\n        pass\n{B}"),
        {X: f"class TestX:\n    def __init__(self):\n        pass\n    def test_a(self):\n        pass\n{B}"},
        (silenced(X, "TestX::test_a"),),
    ),
    Row("test-function-that-loses-its-prefix", acme(f"def test_a():\n    pass\n{B}"), {X: f"def check_a():\n    pass\n{B}"}, (silenced(X, "test_a"),)),
    Row(
        "module-that-fails-at-both-ends-and-asks-for-what-is-lost",
        {
            **acme(
                f"from acme.a import Kept\ndef test_a():\n    from acme.engine import use\n    use(Kept().gone)\n{B}",
                a="class Kept:\n    def __init__(self):\n        self.gone = 1\n",
            ),
            "acme/engine.py": "from acme.a import Kept\nfrom acme.never import thing\ndef use(kept):\n    return kept.gone\n",
        },
        {"acme/a.py": "class Kept:\n    def __init__(self):\n        pass\n"},
        masked={f"{X}::test_a": "ModuleNotFoundError: No module named 'acme.never'"},
    ),
    Row(
        "name-that-never-was-in-a-module-that-only-head-looks-into",
        {
            **acme(f"import acme.a\ndef test_a():\n    from acme.b import never\n    print('gone')\n{B}", a=f"{KEPT}def gone():\n    return 1\n"),
            "acme/b.py": "other = 1\n",
        },
        {"acme/a.py": f"from acme import b\nVALUE = b.other\n{KEPT}"},
    ),
    Row(
        "test-function-shadowed-by-another",
        acme(f"def test_a():\n    assert True\n{B}"),
        {X: f"def test_a():\n    assert True\ndef test_a(x=1):\n    assert 1\n{B}"},
    ),
)

ROWS = (*_BODIES, *_CALLS, *_STRINGS, *_QUIET, *_UNCOLLECTED)
