"""Names reached through aliases, stars and expressions of every kind, and the names that only look like them."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Row, acme, collection_error, runtime_error

X = "tests/test_x.py"
LOST = {"acme/a.py": KEPT}
B = "def test_b():\n    pass\n"
CLASS = "class Kept:\n    GONE = 3\n    def stay(self):\n        return 1\n    def gone(self):\n        return 2\n"
STAYED = "class Kept:\n    def stay(self):\n        return 1\n"
LESS = {"acme/a.py": STAYED}


def c(body: str, base: str = CLASS) -> dict[str, str]:
    return acme(body + B, a=base)


ROWS = (
    Row(
        "alias-of-an-alias",
        acme(f"import acme.a as m\nn = m\ndef test_a():\n    o = n\n    o.gone()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "alias-of-an-alias-at-the-top",
        acme(f"import acme.a as m\nn = m\nn.gone\n{OK}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "alias-of-the-package",
        acme(f"import acme.a\np = acme\ndef test_a():\n    p.a.gone()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "alias-of-a-class",
        c("from acme.a import Kept\nK = Kept\ndef test_a():\n    K().gone()\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "alias-of-a-class-in-another-module",
        c("from acme.b import K\ndef test_a():\n    K().gone()\n") | {"acme/b.py": "from acme import a\nK = a.Kept\n"},
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "alias-of-a-method",
        c("from acme.a import Kept\ndef test_a():\n    m = Kept.gone\n    m(Kept())\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: type object 'Kept' has no attribute 'gone'"),),
    ),
    Row(
        "partial-of-a-function",
        acme(f"import functools\nimport acme.a as m\nf = functools.partial(m.gone)\n{OK}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "partial-of-a-function-in-a-test",
        acme(f"from functools import partial\nimport acme.a as m\ndef test_a():\n    partial(m.gone)()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "isinstance-of-a-member",
        c("import acme.a\ndef test_a():\n    assert isinstance(1, (int, acme.a.Kept.GONE.__class__))\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: type object 'Kept' has no attribute 'GONE'"),),
    ),
    Row(
        "match-on-a-class",
        c("import acme.a\ndef test_a():\n    match 1:\n        case acme.a.Kept():\n            pass\n        case _:\n            pass\n"),
        {"acme/a.py": KEPT},
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'Kept'"),),
    ),
    Row(
        "match-on-a-value",
        c("from acme.a import Kept\ndef test_a():\n    match 1:\n        case Kept.GONE:\n            pass\n"),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: type object 'Kept' has no attribute 'GONE'"),),
    ),
    Row(
        "star-name-used-as-a-class",
        acme("from acme.a import *\ndef test_a():\n    Kept().gone()\n" + B, a=CLASS),
        LESS,
        (runtime_error(X, "test_a", exception="AttributeError: 'Kept' object has no attribute 'gone'"),),
    ),
    Row(
        "star-names-through-two-modules",
        acme(f"from acme.b import *\ndef test_a():\n    gone()\n{B}") | {"acme/b.py": "from acme.a import *\n"},
        LOST,
        (runtime_error(X, "test_a", exception="NameError: name 'gone' is not defined"),),
    ),
    Row(
        "star-name-at-the-top",
        acme(f"from acme.b import *\ngone()\n{OK}") | {"acme/b.py": "from acme.a import *\n"},
        LOST,
        (collection_error(X, "NameError: name 'gone' is not defined"),),
    ),
    Row(
        "package-module-name",
        acme(f"import acme\ndef test_a():\n    acme.a.gone()\n{B}", init="from . import a\n"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "from-package-import-module-then-name",
        acme(f"from acme import a\ndef test_a():\n    a.gone()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row("attribute-assigned-by-the-test", acme(f"import acme.a\ndef test_a():\n    acme.a.gone = lambda: 1\n    acme.a.gone()\n{B}"), LOST),
    Row(
        "attribute-under-a-local-name-that-is-rebound", acme(f"import acme.a as m\ndef test_a():\n    m = type('M', (), {{'gone': 1}})\n    m.gone\n{B}"), LOST
    ),
    Row(
        "shadowed-by-a-comprehension-variable", acme(f"import acme.a as m\nclass C:\n    gone = 1\ndef test_a():\n    assert [m.gone for m in [C]]\n{B}"), LOST
    ),
    Row("shadowed-by-a-lambda", acme(f"import acme.a as m\nclass C:\n    gone = 1\ndef test_a():\n    assert (lambda m: m.gone)(C)\n{B}"), LOST),
    Row(
        "shadowed-by-except-as",
        acme(f"import acme.a as m\ndef test_a():\n    try:\n        raise ValueError\n    except ValueError as m:\n        assert not hasattr(m, 'gone')\n{B}"),
        LOST,
    ),
    Row(
        "in-a-dict-of-functions",
        acme(f"import acme.a as m\nT = {{'x': m.gone}}\n{OK}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "f-string-elsewhere",
        acme(f"import acme.a as m\ndef test_a():\n    f'{{m.gone()}}'\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "default-argument-of-a-test-helper",
        acme(f"import acme.a as m\ndef helper(x=m.gone):\n    pass\n{OK}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "default-of-a-lambda",
        acme(f"import acme.a as m\nf = lambda x=m.gone: x\n{OK}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "annotation-at-definition",
        acme(f"import acme.a as m\ndef helper(x: m.gone):\n    pass\n{OK}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row("annotation-as-a-string", acme(f"import acme.a as m\ndef helper(x: 'm.gone') -> 'm.gone':\n    pass\n{OK}"), LOST),
    Row("annotation-of-a-local", acme("import acme.a as m\ndef test_a():\n    x: m.gone = 1\n"), LOST),
    Row(
        "annotation-of-a-class-variable",
        acme(f"import acme.a as m\nclass C:\n    x: m.gone = 1\n{OK}"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "generic-base",
        acme(f"from typing import Generic, TypeVar\nimport acme.a as m\nclass C(m.gone):\n    pass\n{OK}", a=f"{KEPT}class gone: pass\n"),
        LOST,
        (collection_error(X, "AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row(
        "global-statement",
        acme(f"import acme.a as m\ndef test_a():\n    global m\n    m.gone()\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row("inner-function-that-nobody-calls", acme(f"import acme.a as m\ndef test_a():\n    def inner():\n        return m.gone()\n{B}"), LOST),
    Row(
        "generator-that-is-consumed",
        acme(f"import acme.a as m\ndef test_a():\n    def inner():\n        yield m.gone()\n    list(inner())\n{B}"),
        LOST,
        (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'gone'"),),
    ),
    Row("conditional-expression-decided", acme(f"import sys\nimport acme.a as m\ndef test_a():\n    x = m.gone if sys.version_info < (3,) else 1\n{B}"), LOST),
    Row("short-circuit-elsewhere", acme(f"import acme.a as m\ndef test_a():\n    x = False and m.gone()\n    y = True or m.gone()\n{B}"), LOST),
)
