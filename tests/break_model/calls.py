"""Calls that a function or class takes no longer: keywords, arguments that became required, fields, abstract methods."""

from __future__ import annotations

import sys

from break_model.rows import KEPT, OK, Row, acme, collection_error, runtime_error, unclear

# Python 3.12 found other words.
_WITHOUT_MORE, _WITHOUT_BOTH = (
    ("without an implementation for abstract method 'more'", "without an implementation for abstract methods 'more', 'stay'")
    if sys.version_info >= (3, 12)
    else ("with abstract method more", "with abstract methods more, stay")
)

X = "tests/test_x.py"
Y = "tests/test_y.py"
B = "def test_b():\n    pass\n"
USE = f"from acme.a import kept\ndef test_a():\n    kept(x=1)\n{B}"
OLD = "def kept(x=0):\n    return x\n"
NO_X = "TypeError: kept() got an unexpected keyword argument 'x'"
METHOD = "class Kept:\n    def stay(self, x=0):\n        return x\n"


def row(name: str, test: str, a: str, now: str, *fates: str | None, **others: str) -> Row:
    """Return a row about `test_a` of one test file and one module; `fates` holds the exception line where it fails."""
    found = tuple(runtime_error(X, "test_a", exception=fate) for fate in fates)
    return Row(name, acme(test, a=a) | others, {"acme/a.py": now}, found)


_FUNCTIONS = (
    row("call-by-the-module", f"import acme.a\ndef test_a():\n    acme.a.kept(x=1)\n{B}", OLD, KEPT, NO_X),
    row("call-by-an-alias", f"from acme.a import kept as it\ndef test_a():\n    it(x=1)\n{B}", OLD, KEPT, NO_X),
    row(
        "too-many-arguments",
        f"from acme.a import kept\ndef test_a():\n    kept(1, 2)\n{B}",
        "def kept(x, y=0):\n    return x\n",
        "def kept(x):\n    return x\n",
        "TypeError: kept() takes 1 positional argument but 2 were given",
    ),
    row(
        "keyword-only-now",
        f"from acme.a import kept\ndef test_a():\n    kept(1, 2)\n{B}",
        "def kept(x, y=0):\n    return x\n",
        "def kept(x, *, y=0):\n    return x\n",
        "TypeError: kept() takes 1 positional argument but 2 were given",
    ),
    row(
        "positional-only-now",
        f"from acme.a import kept\ndef test_a():\n    kept(x=1)\n{B}",
        OLD,
        "def kept(x=0, /):\n    return x\n",
        "TypeError: kept() got some positional-only arguments passed as keyword arguments: 'x'",
    ),
    row("keyword-renamed", USE, OLD, "def kept(y=0):\n    return y\n", NO_X),
    row(
        "keywords-that-became-required",
        f"from acme.a import kept\ndef test_a():\n    kept()\n{B}",
        "def kept(*, x=0, y=0, z=0):\n    return x\n",
        "def kept(*, x, y, z):\n    return x\n",
        "TypeError: kept() missing 3 required keyword-only arguments: 'x', 'y', and 'z'",
    ),
    row(
        "arguments-swapped",
        f"from acme.a import kept\ndef test_a():\n    kept(1, y=2)\n{B}",
        "def kept(x, y):\n    return x\n",
        "def kept(y, x):\n    return x\n",
        "TypeError: kept() got multiple values for argument 'y'",
    ),
    row(
        "arguments-swapped-and-all-by-keyword",
        f"from acme.a import kept\ndef test_a():\n    kept(x=1, y=2)\n{B}",
        "def kept(x, y):\n    return x\n",
        "def kept(y, x):\n    return x\n",
    ),
    row("signature-that-grew", USE, OLD, "def kept(x=0, y=1, **others):\n    return x\n"),
    row("keyword-that-goes-into-the-rest", USE, OLD, "def kept(**others):\n    return others\n"),
    row("argument-that-goes-into-the-rest", f"from acme.a import kept\ndef test_a():\n    kept(1)\n{B}", OLD, "def kept(*others):\n    return others\n"),
    row("call-with-stars", f"from acme.a import kept\nOPTIONS = {{}}\ndef test_a():\n    kept(**OPTIONS)\n{B}", OLD, KEPT),
    row("call-that-fits-still", f"from acme.a import kept\ndef test_a():\n    kept()\n{B}", OLD, KEPT),
    row(
        "call-that-is-expected-to-fail",
        f"import pytest\nfrom acme.a import kept\ndef test_a():\n    with pytest.raises(TypeError):\n        kept(x=kept)\n{B}",
        "def kept(x=0):\n    raise TypeError\n",
        KEPT,
    ),
    row(
        "call-whose-failure-is-caught",
        f"from acme.a import kept\ndef test_a():\n    try:\n        kept(x=1)\n    except TypeError:\n        kept()\n{B}",
        OLD,
        KEPT,
    ),
    row(
        "call-that-never-was-taken",
        f"import pytest\nfrom acme.a import kept\ndef test_a():\n    with pytest.raises(TypeError):\n        kept(x=1, y=2)\n{B}",
        OLD,
        KEPT,
    ),
    row("call-of-a-local-function-of-that-name", f"def test_a():\n    def kept(x):\n        return x\n    kept(x=1)\n{B}", OLD, KEPT),
    row("call-of-another-function-of-that-name", f"from acme.b import kept\ndef test_a():\n    kept(x=1)\n{B}", OLD, KEPT, **{"acme/b.py": OLD}),
    row(
        "call-through-a-known-decorator",
        USE,
        f"import functools\n@functools.lru_cache(maxsize=None)\n{OLD}",
        f"import functools\n@functools.lru_cache(maxsize=None)\n{KEPT}",
        NO_X,
    ),
    row(
        "call-of-a-context-manager",
        f"from acme.a import kept\ndef test_a():\n    with kept(x=1):\n        pass\n{B}",
        "import contextlib\n@contextlib.contextmanager\ndef kept(x=0):\n    yield x\n",
        "import contextlib\n@contextlib.contextmanager\ndef kept():\n    yield\n",
        NO_X,
    ),
    Row(
        "call-through-an-unknown-decorator",
        acme(USE, a=f"def lenient(function):\n    return lambda **_: function()\n@lenient\n{OLD}"),
        {"acme/a.py": f"def lenient(function):\n    return lambda **_: function()\n@lenient\n{KEPT}"},
        (unclear(X),),
    ),
    Row(
        "definition-under-a-condition",
        acme(USE, a="import os\nif os.sep:\n    def kept(x=0):\n        return x\nelse:\n    def kept(x=0):\n        return x\n"),
        {"acme/a.py": "import os\nif os.sep:\n    def kept(x=0):\n        return x\nelse:\n    def kept():\n        return 1\n"},
        (unclear(X),),
    ),
    Row("both-ends-of-a-call-change", acme(USE, a=OLD), {"acme/a.py": KEPT, X: USE.replace("x=1", "")}),
    Row(
        "call-by-a-re-export",
        acme(USE.replace("acme.a", "acme"), a=OLD, init="from acme.a import kept\n"),
        {"acme/a.py": KEPT},
        (runtime_error(X, "test_a", exception=NO_X),),
    ),
    Row(
        "call-in-production-code",
        acme(f"from acme.b import run\ndef test_a():\n    run()\n{B}", a=OLD) | {"acme/b.py": "from acme.a import kept\ndef run():\n    return kept(x=1)\n"},
        {"acme/a.py": KEPT},
        (runtime_error(X, "test_a", exception=NO_X),),
    ),
    Row(
        "call-in-a-fixture",
        acme(f"def test_a(it):\n    pass\n{B}", a=OLD)
        | {"tests/conftest.py": "import pytest\nfrom acme.a import kept\n@pytest.fixture\ndef it():\n    return kept(x=1)\n"},
        {"acme/a.py": KEPT},
        (runtime_error(X, "test_a", exception=NO_X),),
    ),
    Row(
        "call-of-a-helper-in-the-test-file",
        acme(f"def make(x=0):\n    return x\ndef test_a():\n    make(x=1)\n{B}"),
        {X: f"def make():\n    return 1\ndef test_a():\n    make(x=1)\n{B}"},
        (runtime_error(X, "test_a", exception="TypeError: make() got an unexpected keyword argument 'x'"),),
    ),
    Row(
        "call-as-a-decorator-at-import",
        acme(f"from acme.a import kept\n@kept(x=1)\ndef test_a():\n    pass\n{B}", a="def kept(x=0):\n    return lambda function: function\n"),
        {"acme/a.py": "def kept():\n    return lambda function: function\n"},
        (collection_error(X, NO_X),),
    ),
    Row(
        "call-under-a-condition",
        acme(f"import os\nfrom acme.a import kept\ndef test_a():\n    if os.environ.get('ACME_SURELY_UNSET'):\n        kept(x=1)\n{B}", a=OLD),
        {"acme/a.py": KEPT},
        (unclear(X),),
    ),
    Row(
        "module-moved-and-a-keyword-less",
        acme(USE, a=OLD) | {"acme/c.py": "VALUE = 1\n"},
        {"acme/a.py": None, "acme/b.py": KEPT, X: USE.replace("acme.a", "acme.b")},
        (runtime_error(X, "test_a", exception=NO_X),),
    ),
)

_PATCHED = (
    row(
        "call-of-what-is-patched",
        f"from unittest import mock\nimport acme.a\ndef test_a():\n    with mock.patch('acme.a.kept'):\n        acme.a.kept(x=1)\n{B}",
        OLD,
        KEPT,
    ),
    row(
        "call-of-what-a-decorator-patches",
        f"from unittest import mock\nimport acme.a\n@mock.patch('acme.a.kept')\ndef test_a(kept):\n    acme.a.kept(x=1)\n{B}",
        OLD,
        KEPT,
    ),
    row(
        "call-of-what-monkeypatch-replaces",
        f"import acme.a\ndef test_a(monkeypatch):\n    monkeypatch.setattr(acme.a, 'kept', lambda x: x)\n    acme.a.kept(x=1)\n{B}",
        OLD,
        KEPT,
    ),
    Row(
        "call-of-what-a-fixture-replaces",
        acme(
            f"import pytest, acme.a\n@pytest.fixture(autouse=True)\ndef it(monkeypatch):\n    monkeypatch.setattr('acme.a.kept', lambda x: x)\n"
            f"def test_a():\n    acme.a.kept(x=1)\n{B}",
            a=OLD,
        ),
        {"acme/a.py": KEPT},
        (unclear(X),),
    ),
    Row(
        "call-in-production-code-of-what-is-patched",
        acme(f"from unittest import mock\nimport acme.b\ndef test_a():\n    with mock.patch('acme.b.kept'):\n        acme.b.run()\n{B}", a=OLD)
        | {"acme/b.py": "from acme.a import kept\ndef run():\n    return kept(x=1)\n"},
        {"acme/a.py": KEPT},
        (unclear(X),),
    ),
)

_CLASSES = (
    row(
        "constructor",
        f"from acme.a import Kept\ndef test_a():\n    Kept(x=1)\n{B}",
        "class Kept:\n    def __init__(self, x=0):\n        self.x = x\n",
        "class Kept:\n    def __init__(self):\n        self.x = 1\n",
        "TypeError: Kept.__init__() got an unexpected keyword argument 'x'",
    ),
    row(
        "constructor-that-goes",
        f"from acme.a import Kept\ndef test_a():\n    Kept(1)\n{B}",
        "class Kept:\n    def __init__(self, x=0):\n        self.x = x\n",
        "class Kept:\n    pass\n",
        "TypeError: Kept() takes no arguments",
    ),
    row(
        "constructor-by-new",
        f"from acme.a import Kept\ndef test_a():\n    Kept(x=1)\n{B}",
        "class Kept:\n    def __new__(cls, x=0):\n        return object.__new__(cls)\n",
        "class Kept:\n    def __new__(cls):\n        return object.__new__(cls)\n",
        "TypeError: Kept.__new__() got an unexpected keyword argument 'x'",
    ),
    row(
        "constructor-that-is-inherited",
        f"from acme.a import Sub\ndef test_a():\n    Sub(x=1)\n{B}",
        "class Kept:\n    def __init__(self, x=0):\n        self.x = x\nclass Sub(Kept):\n    pass\n",
        "class Kept:\n    def __init__(self):\n        self.x = 1\nclass Sub(Kept):\n    pass\n",
        "TypeError: Kept.__init__() got an unexpected keyword argument 'x'",
    ),
    row(
        "constructor-inherited-in-another-module",
        f"from acme.b import Sub\ndef test_a():\n    Sub(x=1)\n{B}",
        "class Kept:\n    def __init__(self, x=0):\n        self.x = x\n",
        "class Kept:\n    def __init__(self):\n        self.x = 1\n",
        "TypeError: Kept.__init__() got an unexpected keyword argument 'x'",
        **{"acme/b.py": "from acme.a import Kept\nclass Sub(Kept):\n    pass\n"},
    ),
    row(
        "constructor-that-a-class-below-replaces",
        f"from acme.b import Sub\ndef test_a():\n    Sub(x=1)\n{B}",
        "class Kept:\n    def __init__(self, x=0):\n        self.x = x\n",
        "class Kept:\n    def __init__(self):\n        self.x = 1\n",
        **{"acme/b.py": "from acme.a import Kept\nclass Sub(Kept):\n    def __init__(self, x):\n        pass\n"},
    ),
    row(
        "exception-with-a-constructor",
        f"from acme.a import Kept\ndef test_a():\n    Kept('x', code=1)\n{B}",
        "class Kept(ValueError):\n    def __init__(self, text, code=0):\n        super().__init__(text)\n",
        "class Kept(ValueError):\n    def __init__(self, text):\n        super().__init__(text)\n",
        "TypeError: Kept.__init__() got an unexpected keyword argument 'code'",
    ),
    row(
        "exception-whose-constructor-goes",
        f"from acme.a import Kept\ndef test_a():\n    Kept('x', 1)\n{B}",
        "class Kept(ValueError):\n    def __init__(self, text, code=0):\n        super().__init__(text)\n",
        "class Kept(ValueError):\n    pass\n",
    ),
    row(
        "method-of-an-instance",
        f"from acme.a import Kept\ndef test_a():\n    it = Kept()\n    it.stay(x=1)\n{B}",
        METHOD,
        "class Kept:\n    def stay(self):\n        return 1\n",
        "TypeError: Kept.stay() got an unexpected keyword argument 'x'",
    ),
    row(
        "method-of-what-a-call-returned",
        f"from acme.a import Kept\ndef test_a():\n    Kept().stay(1)\n{B}",
        METHOD,
        "class Kept:\n    def stay(self):\n        return 1\n",
        "TypeError: Kept.stay() takes 1 positional argument but 2 were given",
    ),
    row(
        "method-by-its-class",
        f"from acme.a import Kept\ndef test_a():\n    Kept.stay(Kept(), 1)\n{B}",
        METHOD,
        "class Kept:\n    def stay(self):\n        return 1\n",
        "TypeError: Kept.stay() takes 1 positional argument but 2 were given",
    ),
    row(
        "class-method",
        f"from acme.a import Kept\ndef test_a():\n    Kept.stay(1)\n{B}",
        "class Kept:\n    @classmethod\n    def stay(cls, x=0):\n        return x\n",
        "class Kept:\n    @classmethod\n    def stay(cls):\n        return 1\n",
        "TypeError: Kept.stay() takes 1 positional argument but 2 were given",
    ),
    row(
        "static-method",
        f"from acme.a import Kept\ndef test_a():\n    Kept.stay(1)\n{B}",
        "class Kept:\n    @staticmethod\n    def stay(x=0):\n        return x\n",
        "class Kept:\n    @staticmethod\n    def stay():\n        return 1\n",
        "TypeError: Kept.stay() takes 0 positional arguments but 1 was given",
    ),
    row(
        "static-method-that-is-bound-now",
        f"from acme.a import Kept\ndef test_a():\n    Kept.stay(1)\n{B}",
        "class Kept:\n    @staticmethod\n    def stay(x=0):\n        return x\n",
        "class Kept:\n    def stay(self, x):\n        return x\n",
        "TypeError: Kept.stay() missing 1 required positional argument: 'x'",
    ),
    row(
        "class-with-a-metaclass",
        f"from acme.a import Kept\ndef test_a():\n    Kept(x=1)\n{B}",
        "class Meta(type):\n    def __call__(cls, **_):\n        return 1\nclass Kept(metaclass=Meta):\n    def __init__(self, x=0):\n        self.x = x\n",
        "class Meta(type):\n    def __call__(cls, **_):\n        return 1\nclass Kept(metaclass=Meta):\n    def __init__(self):\n        self.x = 1\n",
    ),
    Row(
        "method-of-the-test-class",
        acme(f"class TestX:\n    def make(self, x=0):\n        return x\n    def test_a(self):\n        self.make(x=1)\n{B}"),
        {X: f"class TestX:\n    def make(self):\n        return 1\n    def test_a(self):\n        self.make(x=1)\n{B}"},
        (runtime_error(X, "TestX::test_a", exception="TypeError: TestX.make() got an unexpected keyword argument 'x'"),),
    ),
    row(
        "abstract-method-that-is-new",
        f"from acme.b import Sub\ndef test_a():\n    Sub()\n{B}",
        "import abc\nclass Kept(abc.ABC):\n    @abc.abstractmethod\n    def stay(self): ...\n",
        "import abc\nclass Kept(abc.ABC):\n    @abc.abstractmethod\n    def stay(self): ...\n    @abc.abstractmethod\n    def more(self): ...\n",
        f"TypeError: Can't instantiate abstract class Sub {_WITHOUT_MORE}",
        **{"acme/b.py": "from acme.a import Kept\nclass Sub(Kept):\n    def stay(self):\n        return 1\n"},
    ),
    row(
        "abstract-method-and-a-metaclass",
        f"from acme.a import Kept\ndef test_a():\n    Kept()\n{B}",
        "import abc\nclass Kept(metaclass=abc.ABCMeta):\n    def stay(self): ...\n    def more(self): ...\n",
        "import abc\nclass Kept(metaclass=abc.ABCMeta):\n    @abc.abstractmethod\n    def stay(self): ...\n"
        "    @property\n    @abc.abstractmethod\n    def more(self): ...\n",
        f"TypeError: Can't instantiate abstract class Kept {_WITHOUT_BOTH}",
    ),
    row(
        "abstract-method-and-nobody-minds",
        f"from acme.a import Kept\ndef test_a():\n    Kept()\n{B}",
        "import abc\nclass Kept:\n    def stay(self): ...\n",
        "import abc\nclass Kept:\n    @abc.abstractmethod\n    def stay(self): ...\n",
    ),
    row(
        "abstract-method-that-is-there",
        f"from acme.b import Sub\ndef test_a():\n    Sub()\n{B}",
        "import abc\nclass Kept(abc.ABC):\n    def stay(self): ...\n",
        "import abc\nclass Kept(abc.ABC):\n    @abc.abstractmethod\n    def stay(self): ...\n",
        **{"acme/b.py": "from acme.a import Kept\nclass Sub(Kept):\n    def stay(self):\n        return 1\n"},
    ),
)


def fields(
    name: str,
    test: str,
    now: str,
    *fates: str,
    head: str = "import dataclasses\n@dataclasses.dataclass\nclass Kept:\n",
    old: str = "    x: int\n    y: int = 0\n",
) -> Row:
    """Return a row about a class made of fields."""
    return row(name, f"from acme.a import Kept\ndef test_a():\n    {test}\n{B}", head + old, head + now, *fates)


ATTRS = "import attrs\n@attrs.define\nclass Kept:\n"
TUPLE = "from typing import NamedTuple\nclass Kept(NamedTuple):\n"

_FIELDS = (
    fields("field-that-became-required", "Kept(1)", "    x: int\n    y: int\n", "TypeError: Kept.__init__() missing 1 required positional argument: 'y'"),
    fields(
        "field-that-is-new-and-required",
        "Kept(1, 2)",
        "    x: int\n    y: int\n    z: int\n",
        "TypeError: Kept.__init__() missing 1 required positional argument: 'z'",
    ),
    fields("field-with-a-factory", "Kept(1)", "    x: int\n    y: list = dataclasses.field(default_factory=list)\n"),
    fields(
        "field-without-a-default-in-its-options",
        "Kept(1)",
        "    x: int\n    y: int = dataclasses.field(repr=False)\n",
        "TypeError: Kept.__init__() missing 1 required positional argument: 'y'",
    ),
    fields(
        "field-that-is-not-initialised",
        "Kept(1, y=2)",
        "    x: int\n    y: int = dataclasses.field(init=False, default=0)\n",
        "TypeError: Kept.__init__() got an unexpected keyword argument 'y'",
    ),
    fields(
        "field-of-the-class-now",
        "Kept(1, y=2)",
        "    x: int\n    y: 'typing.ClassVar[int]' = 0\n",
        "TypeError: Kept.__init__() got an unexpected keyword argument 'y'",
        head="import dataclasses, typing\n@dataclasses.dataclass\nclass Kept:\n",
    ),
    fields(
        "field-by-keyword-only",
        "Kept(1, 2)",
        "    x: int\n    _: dataclasses.KW_ONLY\n    y: int = 0\n",
        "TypeError: Kept.__init__() takes 2 positional arguments but 3 were given",
    ),
    fields("field-of-a-named-tuple", "Kept(1, y=2)", "    x: int\n", "TypeError: Kept.__new__() got an unexpected keyword argument 'y'", head=TUPLE),
    fields("field-of-an-attrs-class", "Kept(1, y=2)", "    x: int\n", "TypeError: Kept.__init__() got an unexpected keyword argument 'y'", head=ATTRS),
    fields("private-field-of-an-attrs-class", "Kept(1, y=2)", "    x: int\n    _y: int = 0\n", head=ATTRS),
    fields("dataclass-with-a-constructor-of-its-own", "Kept(1, y=2)", "    x: int\n    def __init__(self, x, y=0):\n        self.x = x\n"),
    fields("dataclass-no-longer", "Kept(1)", "    x: int\n", old="    x: int\n", head="import dataclasses\n@dataclasses.dataclass\nclass Kept:\n"),
    Row(
        "dataclass-decorator-that-goes",
        acme(f"from acme.a import Kept\ndef test_a():\n    Kept(1)\n{B}", a="import dataclasses\n@dataclasses.dataclass\nclass Kept:\n    x: int\n"),
        {"acme/a.py": "class Kept:\n    x: int\n"},
        (runtime_error(X, "test_a", exception="TypeError: Kept() takes no arguments"),),
    ),
    Row(
        "field-of-a-base",
        acme(
            f"from acme.a import Sub\ndef test_a():\n    Sub(1, z=2)\n{B}",
            a="import dataclasses\n@dataclasses.dataclass\nclass Kept:\n    x: int\n@dataclasses.dataclass\nclass Sub(Kept):\n    z: int = 0\n",
        ),
        {
            "acme/a.py": "import dataclasses\n@dataclasses.dataclass\nclass Kept:\n    x: int\n    y: int\n"
            "@dataclasses.dataclass(kw_only=True)\nclass Sub(Kept):\n    z: int = 0\n"
        },
        (runtime_error(X, "test_a", exception="TypeError: Sub.__init__() missing 1 required positional argument: 'y'"),),
    ),
)

_BELOW = (
    Row(
        "attribute-that-the-classes-below-have",
        acme(OK),
        {
            X: "class Base:\n    @classmethod\n    def setup_class(cls):\n        cls.there\n"
            "class TestX(Base):\n    there = 1\n    def test_a(self):\n        pass\n"
        },
    ),
    Row(
        "attribute-that-is-announced",
        acme(OK),
        {X: "class Base:\n    there: int\ndef test_a():\n    Base.there = 1\n    check()\ndef check():\n    assert Base.there\n"},
    ),
)

ROWS = (*_FUNCTIONS, *_PATCHED, *_CLASSES, *_FIELDS, *_BELOW)
