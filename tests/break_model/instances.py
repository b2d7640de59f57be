"""Members of instances and classes: whose class is evident in the function, by a fixture, a factory, a context, an annotation or an attribute."""

from __future__ import annotations

from break_model.rows import Row, acme, runtime_error

X = "tests/test_x.py"
B = "def test_b():\n    pass\n"
CLASS = "class Kept:\n    GONE = 3\n    def stay(self):\n        return 1\n    def gone(self):\n        return 2\n"
STAYED = "class Kept:\n    def stay(self):\n        return 1\n"
LESS = {"acme/a.py": STAYED}
ENUM = "import enum\nclass Color(enum.Enum):\n    RED = 1\n    BLUE = 2\n"
RED = {"acme/a.py": "import enum\nclass Color(enum.Enum):\n    RED = 1\n"}

_NO_GONE = "AttributeError: {} has no attribute 'gone'"
_BASE = "class Base(Kept):\n    def test_a(self):\n        type(self).gone\n"


def c(body: str, base: str = CLASS) -> dict[str, str]:
    return acme(body + B, a=base)


ROWS = (
    Row(
        "instance-by-walrus-at-once",
        c("from acme.a import Kept\ndef test_a():\n    (one := Kept()).gone()\n    one.gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-by-a-patched-factory",
        acme(
            ("from unittest import mock\nimport acme.a\n@mock.patch('acme.a.make')\ndef test_a(make):\n    acme.a.make().gone()\n") + B,
            a=CLASS + "def make():\n    return Kept()\n",
        ),
        {"acme/a.py": STAYED + "def make():\n    return Kept()\n"},
    ),
    Row(
        "instance-by-a-factory-of-two-classes",
        acme(
            "from acme.a import make\ndef test_a():\n    make(1).gone()\n" + B,
            a=CLASS + ("class Other:\n    def gone(self):\n        pass\ndef make(x):\n    if x:\n        return Other()\n    return Kept()\n"),
        ),
        {"acme/a.py": STAYED + ("class Other:\n    def gone(self):\n        pass\ndef make(x):\n    if x:\n        return Other()\n    return Kept()\n")},
    ),
    Row(
        "instance-by-a-context-manager",
        c(
            "import contextlib\nfrom acme.a import Kept\n@contextlib.contextmanager\ndef opened():\n"
            "    yield Kept()\ndef test_a():\n    with opened() as one:\n        one.gone()\n"
        ),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-by-a-factory-in-a-stable-module",
        c("from acme.b import make\ndef test_a():\n    make().gone()\n")
        | {"acme/b.py": "from acme.a import Kept\ndef make():\n    one = Kept()\n    return one\n"},
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-by-a-factory-method",
        c("from acme.b import Factory\ndef test_a():\n    one = Factory().create()\n    one.gone()\n")
        | {
            "acme/b.py": (
                "from acme.a import Kept\nclass Factory:\n    def create(self) -> Kept:\n"
                "        return self._make()\n    def _make(self):\n        return Kept()\n"
            )
        },
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "fixture-of-a-fixture",
        c(
            "import pytest\nfrom acme.a import Kept\n@pytest.fixture\ndef one():\n    return Kept()\n"
            "@pytest.fixture\ndef two(one):\n    one.gone()\n    return 2\ndef test_a(two):\n    pass\n"
        ),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "fixture-overridden-in-the-test-file",
        c("import pytest\nclass Fake:\n    def gone(self):\n        pass\n@pytest.fixture\ndef one():\n    return Fake()\ndef test_a(one):\n    one.gone()\n")
        | {"tests/conftest.py": "import pytest\nfrom acme.a import Kept\n@pytest.fixture\ndef one():\n    return Kept()\n"},
        LESS,
    ),
    Row(
        "fixture-overridden-in-the-class",
        c(
            "import pytest\nfrom acme.a import Kept\nclass Fake:\n    def gone(self):\n        pass\n"
            "@pytest.fixture\ndef one():\n    return Kept()\nclass TestX:\n    @pytest.fixture\n"
            "    def one(self):\n        return Fake()\n    def test_a(self, one):\n        one.gone()\n"
        ),
        LESS,
    ),
    Row(
        "fixture-overridden-by-a-parameter",
        c(
            "import pytest\nfrom acme.a import Kept\nclass Fake:\n    def gone(self):\n        pass\n"
            "@pytest.fixture\ndef one():\n    return Kept()\n@pytest.mark.parametrize('one', [Fake()])\n"
            "def test_a(one):\n    one.gone()\n"
        ),
        LESS,
    ),
    Row(
        "fixture-overridden-by-names-in-a-list",
        c(
            "import pytest\nfrom acme.a import Kept\nclass Fake:\n    def gone(self):\n        pass\n"
            "@pytest.fixture\ndef one():\n    return Kept()\n"
            "@pytest.mark.parametrize(['one', 'two'], [(Fake(), 1)])\ndef test_a(one, two):\n    one.gone()\n"
        ),
        LESS,
    ),
    Row(
        "fixture-that-mocks-what-it-makes",
        c(
            "import pytest\nfrom unittest import mock\nfrom acme.a import Kept\n@pytest.fixture\ndef one():\n"
            "    k = Kept()\n    k.gone = mock.Mock()\n    return k\ndef test_a(one):\n    one.gone()\n"
        ),
        LESS,
    ),
    Row(
        "fixture-that-mocks-in-the-conftest",
        c("def test_a(one):\n    one.gone()\n")
        | {
            "tests/conftest.py": (
                "import pytest\nfrom unittest import mock\nfrom acme.a import Kept\n@pytest.fixture\ndef one():\n"
                "    k = Kept()\n    k.gone = mock.Mock()\n    return k\n"
            )
        },
        LESS,
    ),
    Row(
        "instance-attribute-set-from-outside",
        c(
            "from acme.a import P\ndef test_a():\n    p = P()\n    p.gone = 2\n    assert p.gone\n",
            "class P:\n    def __init__(self):\n        self.gone = 1\n",
        ),
        {"acme/a.py": "class P:\n    def __init__(self):\n        self.other = 1\n"},
    ),
    Row(
        "instance-attribute-set-by-a-factory",
        acme(
            "from acme.a import make\ndef test_a():\n    assert make().gone\n" + B,
            a="class P:\n    def __init__(self):\n        self.gone = 1\ndef make():\n    return P()\n",
        ),
        {"acme/a.py": "class P:\n    pass\ndef make():\n    p = P()\n    p.gone = 1\n    return p\n"},
    ),
    Row(
        "instance-attribute-becomes-a-property",
        c("from acme.a import P\ndef test_a():\n    assert P().gone\n", "class P:\n    def __init__(self):\n        self.gone = 1\n"),
        {"acme/a.py": "class P:\n    @property\n    def gone(self):\n        return 1\n"},
    ),
    Row(
        "instance-attribute-moves-to-a-base",
        c("from acme.a import P\ndef test_a():\n    assert P().gone\n", "class P:\n    def __init__(self):\n        self.gone = 1\n"),
        {"acme/a.py": "class Base:\n    def __init__(self):\n        self.gone = 1\nclass P(Base):\n    pass\n"},
    ),
    Row(
        "instance-attribute-set-by-a-loop",
        c("from acme.a import P\ndef test_a():\n    assert P().gone\n", "class P:\n    def __init__(self):\n        self.gone = 1\n"),
        {"acme/a.py": ("class P:\n    def __init__(self):\n        for name in ('gone',):\n            setattr(self, name, 1)\n")},
    ),
    Row(
        "instance-attribute-set-by-another-helper",
        c("from acme.a import P\ndef test_a():\n    assert P().gone\n", "class P:\n    def __init__(self):\n        self.gone = 1\n"),
        {"acme/a.py": "class P:\n    def __init__(self):\n        fill(self)\ndef fill(p):\n    p.gone = 1\n"},
    ),
    Row(
        "instance-attribute-in-a-tuple",
        c("from acme.a import P\ndef test_a():\n    assert P().gone\n", "class P:\n    def __init__(self):\n        self.gone = 1\n"),
        {"acme/a.py": "class P:\n    def __init__(self):\n        self.other, self.gone = 1, 2\n"},
    ),
    Row(
        "instance-attribute-lost-and-read-by-a-method",
        c(
            "from acme.a import P\ndef test_a():\n    P().run()\n",
            ("class P:\n    def __init__(self):\n        self.gone = 1\n    def run(self):\n        return self.gone\n"),
        ),
        {"acme/a.py": ("class P:\n    def __init__(self):\n        self.other = 1\n    def run(self):\n        return self.gone\n")},
        (runtime_error(X, "test_a", exception="AttributeError: 'P' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-with-getattr",
        c("from acme.a import P\ndef test_a():\n    assert P().gone\n", "class P:\n    def __init__(self):\n        self.gone = 1\n"),
        {"acme/a.py": "class P:\n    def __getattr__(self, name):\n        return 1\n"},
    ),
    Row(
        "instance-of-a-class-from-outside",
        c(
            "from acme.a import P\ndef test_a():\n    P().format_help()\n",
            "import argparse\nclass P(argparse.ArgumentParser):\n    def format_help(self):\n        pass\n",
        ),
        {"acme/a.py": "import argparse\nclass P(argparse.ArgumentParser):\n    pass\n"},
    ),
    Row(
        "exception-attribute",
        c("from acme.a import E\ndef test_a():\n    assert E().gone\n    E().args\n", "class E(Exception):\n    gone = 1\n"),
        {"acme/a.py": "class E(Exception):\n    pass\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'E' object has no attribute 'gone'"),),
    ),
    Row(
        "dict-heir-keeps-the-methods-of-dict",
        c("from acme.a import E\ndef test_a():\n    E().items()\n", "class E(dict):\n    def items(self):\n        return []\n"),
        {"acme/a.py": "class E(dict):\n    pass\n"},
    ),
    Row(
        "probe-of-an-instance",
        c(
            "from acme.a import Kept\ndef test_a():\n    k = Kept()\n"
            "    assert hasattr(k, 'stay') and not getattr(k, 'gone', None) or k\n    if hasattr(k, 'gone'):\n"
            "        k.gone()\n"
        ),
        LESS,
    ),
    Row(
        "async-fixture-and-test",
        c(
            "import asyncio\nfrom acme.a import Kept\nasync def make():\n    return Kept()\ndef test_a():\n"
            "    async def run():\n        one = await make()\n        one.gone()\n    asyncio.run(run())\n"
        ),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "annotated-fixture",
        c("import pytest\nfrom acme.a import Kept\n@pytest.fixture\ndef one() -> Kept:\n    return Kept()\ndef test_a(one: Kept):\n    one.gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "annotated-test-parameter-of-a-conftest-fixture",
        c("from acme.a import Kept\ndef test_a(one: Kept):\n    one.gone()\n")
        | {"tests/conftest.py": "import pytest\nfrom acme.a import Kept\n@pytest.fixture\ndef one():\n    return Kept()\n"},
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "fixture-whose-value-is-evident",
        c("import pytest\nfrom acme.a import Kept\n@pytest.fixture\ndef one():\n    return Kept()\ndef test_a(one):\n    one.gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "fixture-that-yields-an-instance",
        c("import pytest\nfrom acme.a import Kept\n@pytest.fixture\ndef one():\n    k = Kept()\n    yield k\ndef test_a(one):\n    one.gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "fixture-that-returns-the-class",
        c("import pytest\nfrom acme.a import Kept\n@pytest.fixture\ndef cls():\n    return Kept\ndef test_a(cls):\n    cls().gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "annotated-parameter-that-may-be-another",
        c(
            "import pytest\nfrom acme.a import Kept\nclass Fake:\n    def gone(self):\n        pass\n"
            "@pytest.fixture\ndef one():\n    return Fake()\ndef test_a(one: Kept):\n    one.gone()\n"
        ),
        LESS,
    ),
    Row(
        "annotated-parameter-optional",
        c("import pytest\nfrom acme.a import Kept\n@pytest.fixture\ndef one():\n    return Kept()\ndef test_a(one: 'Kept | None'):\n    one.gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "annotated-variable",
        c("from acme.a import Kept\ndef test_a():\n    one: Kept = Kept()\n    one.gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-at-module-level",
        c("from acme.a import Kept\nONE = Kept()\ndef test_a():\n    ONE.gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-from-with",
        acme(
            "from acme.a import Kept\ndef test_a():\n    with Kept() as one:\n        one.gone()\n" + B,
            a=("class Kept:\n    def __enter__(self):\n        return self\n    def __exit__(self, *_):\n        pass\n    def gone(self):\n        pass\n"),
        ),
        {"acme/a.py": ("class Kept:\n    def __enter__(self):\n        return self\n    def __exit__(self, *_):\n        pass\n")},
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-by-a-class-method",
        acme(
            "from acme.a import Kept\ndef test_a():\n    one = Kept.make()\n    one.gone()\n" + B,
            a=("class Kept:\n    @classmethod\n    def make(cls):\n        return cls()\n    def gone(self):\n        pass\n"),
        ),
        {"acme/a.py": "class Kept:\n    @classmethod\n    def make(cls):\n        return cls()\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-by-a-factory",
        acme("from acme.a import make\ndef test_a():\n    make().gone()\n" + B, a=CLASS + "def make():\n    return Kept()\n"),
        {"acme/a.py": STAYED + "def make():\n    return Kept()\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-by-an-annotated-factory",
        acme("from acme.a import make\ndef test_a():\n    one = make()\n    one.gone()\n" + B, a=CLASS + "def make() -> Kept:\n    return Kept()\n"),
        {"acme/a.py": STAYED + "def make() -> Kept:\n    return Kept()\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-in-self-of-a-test-class",
        c("from acme.a import Kept\nclass TestX:\n    def setup_method(self):\n        self.one = Kept()\n    def test_a(self):\n        self.one.gone()\n"),
        LESS,
        (runtime_error(X, "TestX::test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "instance-in-self-of-a-unittest",
        c(
            "import unittest\nfrom acme.a import Kept\nclass TestX(unittest.TestCase):\n    def setUp(self):\n"
            "        self.one = Kept()\n    def test_a(self):\n        self.one.gone()\n"
        ),
        LESS,
        (runtime_error(X, "TestX::test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "inherited-through-three-modules",
        acme("from acme.c import Low\ndef test_a():\n    Low().gone()\n" + B, a=CLASS)
        | {"acme/b.py": "from acme.a import Kept\nclass Mid(Kept):\n    pass\n", "acme/c.py": "from acme import b\nclass Low(b.Mid):\n    pass\n"},
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Low' object has no attribute 'gone'"),),
    ),
    Row(
        "inherited-class-attribute-through-three-modules",
        acme("from acme.c import Low\ndef test_a():\n    assert Low.GONE\n" + B, a=CLASS)
        | {"acme/b.py": "from acme.a import Kept\nclass Mid(Kept):\n    pass\n", "acme/c.py": "from acme import b\nclass Low(b.Mid):\n    pass\n"},
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: type object 'Low' has no attribute 'GONE'"),),
    ),
    Row(
        "inherited-and-provided-in-between",
        acme("from acme.c import Low\ndef test_a():\n    Low().gone()\n" + B, a=CLASS)
        | {
            "acme/b.py": "from acme.a import Kept\nclass Mid(Kept):\n    def gone(self):\n        pass\n",
            "acme/c.py": "from acme import b\nclass Low(b.Mid):\n    pass\n",
        },
        LESS,
    ),
    Row(
        "base-that-goes",
        acme("from acme.a import Low\ndef test_a():\n    Low().gone()\n" + B, a=CLASS + "class Low(Kept):\n    pass\n"),
        {"acme/a.py": CLASS + "class Low:\n    pass\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'Low' object has no attribute 'gone'"),),
    ),
    Row(
        "super-call",
        c("from acme.a import Kept\nclass Mine(Kept):\n    def gone(self):\n        return super().gone()\ndef test_a():\n    Mine().gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'super' object has no attribute 'gone'"),),
    ),
    Row(
        "super-call-in-a-test-class",
        acme(
            "from acme.a import Base\nclass TestX(Base):\n    def test_a(self):\n        super().gone()\n" + B,
            a="class Base:\n    def gone(self):\n        pass\n",
        ),
        {"acme/a.py": "class Base:\n    pass\n"},
        (runtime_error(X, "TestX::test_a", exception="AttributeError: 'super' object has no attribute 'gone'"),),
    ),
    Row(
        "super-setup",
        acme(
            (
                "import unittest\nfrom acme.a import Base\nclass TestX(Base):\n    def setUp(self):\n"
                "        super().setUp()\n        self.prepare()\n    def test_a(self):\n        pass\n"
            )
            + B,
            a="import unittest\nclass Base(unittest.TestCase):\n    def prepare(self):\n        pass\n",
        ),
        {"acme/a.py": "import unittest\nclass Base(unittest.TestCase):\n    pass\n"},
        (runtime_error(X, "TestX::test_a", exception="AttributeError: 'TestX' object has no attribute 'prepare'"),),
    ),
    Row(
        "enum-member",
        c("from acme.a import Color\ndef test_a():\n    assert Color.BLUE\n", ENUM),
        RED,
        (runtime_error(X, "test_a"),),
    ),
    Row(
        "enum-member-by-name",
        c("from acme.a import Color\ndef test_a():\n    assert Color['BLUE']\n", ENUM),
        RED,
        (runtime_error(X, "test_a", exception="KeyError: 'BLUE'"),),
    ),
    Row("enum-member-by-name-that-stays", c("from acme.a import Color\ndef test_a():\n    assert Color['RED']\n", ENUM), RED),
    Row("enum-member-value-attribute", c("from acme.a import Color\ndef test_a():\n    assert Color.RED.value == 1 and Color.RED.name\n", ENUM), RED),
    Row("enum-auto-and-iteration", acme("from acme.a import Color\ndef test_a():\n    assert [c.name for c in Color]\n", a=ENUM), RED),
    Row(
        "enum-becomes-strenum",
        acme("from acme.a import Color\ndef test_a():\n    assert Color.RED.value\n", a="import enum\nclass Color(enum.Enum):\n    RED = 'r'\n"),
        {"acme/a.py": "import enum\nclass Color(str, enum.Enum):\n    RED = 'r'\n"},
    ),
    Row(
        "dataclass-field-by-instance",
        c(
            "from acme.a import D\ndef test_a():\n    assert D().y == 2\n",
            "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int = 1\n    y: int = 2\n",
        ),
        {"acme/a.py": "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int = 1\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'D' object has no attribute 'y'"),),
    ),
    Row(
        "dataclass-field-by-keyword",
        c("from acme.a import D\ndef test_a():\n    D(y=2)\n", "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int = 1\n    y: int = 2\n"),
        {"acme/a.py": "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int = 1\n"},
        (runtime_error(X, "test_a", exception="TypeError: D.__init__() got an unexpected keyword argument 'y'"),),
    ),
    Row(
        "dataclass-required-field-attr",
        c("from acme.a import D\ndef test_a():\n    assert D(1, 2).y\n", "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int\n    y: int\n"),
        {"acme/a.py": "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int\n    z: int\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'D' object has no attribute 'y'"),),
    ),
    Row(
        "named-tuple-field",
        c("from acme.a import N\ndef test_a():\n    assert N(1, 2).y\n", "from typing import NamedTuple\nclass N(NamedTuple):\n    x: int\n    y: int = 2\n"),
        {"acme/a.py": "from typing import NamedTuple\nclass N(NamedTuple):\n    x: int\n    z: int = 2\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'N' object has no attribute 'y'"),),
    ),
    Row(
        "named-tuple-keyword",
        c("from acme.a import N\ndef test_a():\n    N(x=1, y=2)\n", "from typing import NamedTuple\nclass N(NamedTuple):\n    x: int\n    y: int = 2\n"),
        {"acme/a.py": "from typing import NamedTuple\nclass N(NamedTuple):\n    x: int\n"},
        (runtime_error(X, "test_a", exception="TypeError: N.__new__() got an unexpected keyword argument 'y'"),),
    ),
    Row(
        "named-tuple-own-methods",
        c(
            "from acme.a import N\ndef test_a():\n    N(1)._asdict()\n    N(1)._replace(x=2)\n    N._fields\n",
            "from typing import NamedTuple\nclass N(NamedTuple):\n    x: int\n    y: int = 2\n",
        ),
        {"acme/a.py": "from typing import NamedTuple\nclass N(NamedTuple):\n    x: int\n"},
    ),
    Row(
        "nested-class-twice",
        c("from acme.a import Out\ndef test_a():\n    Out.In.Deep()\n", "class Out:\n    class In:\n        class Deep:\n            pass\n"),
        {"acme/a.py": "class Out:\n    class In:\n        pass\n"},
        (runtime_error(X, "test_a", exception="AttributeError: type object 'In' has no attribute 'Deep'"),),
    ),
    Row(
        "nested-class-member",
        c("from acme.a import Out\ndef test_a():\n    Out.In().gone()\n", "class Out:\n    class In:\n        def gone(self):\n            pass\n"),
        {"acme/a.py": "class Out:\n    class In:\n        pass\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'In' object has no attribute 'gone'"),),
    ),
    Row(
        "property-that-goes",
        c("from acme.a import P\ndef test_a():\n    assert P().gone\n", "class P:\n    @property\n    def gone(self):\n        return 1\n"),
        {"acme/a.py": "class P:\n    pass\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'P' object has no attribute 'gone'"),),
    ),
    Row(
        "property-becomes-an-instance-attribute",
        c("from acme.a import P\ndef test_a():\n    assert P().gone\n", "class P:\n    @property\n    def gone(self):\n        return 1\n"),
        {"acme/a.py": "class P:\n    def __init__(self):\n        self.gone = 1\n"},
    ),
    Row(
        "class-attribute-becomes-an-instance-attribute",
        c("from acme.a import P\ndef test_a():\n    assert P.gone\n", "class P:\n    gone = 1\n"),
        {"acme/a.py": "class P:\n    def __init__(self):\n        self.gone = 1\n"},
        (runtime_error(X, "test_a", exception="AttributeError: type object 'P' has no attribute 'gone'"),),
    ),
    Row(
        "instance-attribute-that-goes",
        c("from acme.a import P\ndef test_a():\n    assert P().gone\n", "class P:\n    def __init__(self):\n        self.gone = 1\n"),
        {"acme/a.py": "class P:\n    def __init__(self):\n        self.other = 1\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'P' object has no attribute 'gone'"),),
    ),
    Row(
        "slots-of-a-class",
        c(
            "from acme.a import P\ndef test_a():\n    assert P().gone\n",
            "class P:\n    __slots__ = ('gone',)\n    def __init__(self):\n        self.gone = 1\n",
        ),
        {"acme/a.py": "class P:\n    __slots__ = ('other',)\n    def __init__(self):\n        self.other = 1\n"},
        (runtime_error(X, "test_a", exception="AttributeError: 'P' object has no attribute 'gone'"),),
    ),
    *(
        Row(
            f"class-of-an-instance-{name}",
            c(f"from acme.a import Kept\n{test}"),
            LESS,
            (runtime_error(X, broken, exception=_NO_GONE.format(kind)),) if broken else (),
        )
        for name, test, broken, kind in (
            ("by-type", "def test_a():\n    one = Kept()\n    type(one).gone\n", "test_a", "type object 'Kept'"),
            ("by-attribute", "def test_a():\n    one = Kept()\n    one.__class__.gone\n", "test_a", "type object 'Kept'"),
            ("by-type-and-made", "def test_a():\n    one = Kept()\n    type(one)().gone()\n", "test_a", "'Kept' object"),
            ("by-type-and-getattr", "def test_a():\n    getattr(type(Kept()), 'gone')\n", "test_a", "type object 'Kept'"),
            ("of-the-test", "class TestX(Kept):\n    def test_a(self):\n        type(self).gone\n", "TestX::test_a", "type object 'TestX'"),
            ("and-asked-for-the-rest", "def test_a():\n    one = Kept()\n    type(one).stay\n    one.__class__.stay\n", "", ""),
            ("of-an-heir-that-has-it", "class Own(Kept):\n    def gone(self):\n        pass\ndef test_a():\n    type(Own()).gone\n", "", ""),
            ("of-a-test-whose-heir-has-it", f"{_BASE}class TestX(Base):\n    def gone(self):\n        pass\n", "", ""),
            ("that-is-made-of-it", "def test_a():\n    Own = type('Own', (Kept,), {})\n    Own().stay()\n", "", ""),
        )
    ),
)
