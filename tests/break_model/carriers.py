"""Methods that fail, met by a name that is not their class's: an instance, what makes one, an heir, the head of a class."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Fate, Row, acme, collection_error, runtime_error

X = "tests/test_x.py"
_GONE = "AttributeError: module 'acme.a' has no attribute 'gone'"
_FAILS = (runtime_error(X, "test_a", exception=_GONE),)
_K = "import acme.a\nclass K:\n    def m(self):\n        acme.a.gone()\n    def n(self):\n        return 1\n"
_INIT = "import acme.a\nclass K:\n    def __init__(self):\n        acme.a.gone()\n"
_POST = "import acme.a\nimport dataclasses\n@dataclasses.dataclass\nclass K:\n    x: int = 1\n    def __post_init__(self):\n        acme.a.gone()\n"
_LATE = "def call():\n    from acme.a import gone as it\n    return it\nclass J:\n    def __init__(self):\n        call()\n"
_HOOK = "import acme.a\nclass K:\n    def __init_subclass__(cls):\n        acme.a.gone()\n"
_TAKES = "class K:\n    def __init_subclass__(cls, x=1, **more):\n        pass\n"
_TAKES_NONE = "class K:\n    def __init_subclass__(cls):\n        pass\n"
_INNER = "class I:\n    def gone(self):\n        return 1\n    def kept(self):\n        return 1\n"
_INNER_LESS = "class I:\n    def kept(self):\n        return 1\n"
_PROPERTY = "class K:\n    @property\n    def i(self):\n        return I()\n"
_GETTER = """\
class K:
    def __init__(self):
        self._i = I()
    def get(self):
        return self._i
    @property
    def i(self):
        return self._i
"""
_FAKE = "from acme.a import K\nclass Fake:\n    def gone(self):\n        pass\n"
_LACKS = "AttributeError: 'I' object has no attribute 'gone'"
_SELF = "class K:\n    def __init__(self):\n        self.gone()\n"

_TWO = "def f():\n    return g()\ndef g():\n    return 1\n"
_ALL = "from acme.sub import f\n"
_NO_G = "NameError: name 'g' is not defined"
_LATE_G = (runtime_error(X, "test_a", exception=_NO_G),)
_EARLY_G = (collection_error(X, _NO_G),)
_FIXTURE = "import pytest\n@pytest.fixture\ndef one():\n    acme.f()\n"
_GUARDED = "try:\n    import acme\nexcept ImportError:\n    acme = None\n"
_SERVED = "def __getattr__(name):\n    if name == 'f':\n        from acme.sub import f\n        return f\n    raise AttributeError(name)\n"
_TABLED = """\
import importlib
_PLACES = {'f': 'acme.sub'}
def __getattr__(name):
    if name in _PLACES:
        return getattr(importlib.import_module(_PLACES[name]), name)
    raise AttributeError(name)
"""


def _carried(name: str, test: str, *fates: Fate, b: str = _K, **more: str) -> Row:
    others = {path.replace("__", "/") + ".py": source for path, source in more.items()}
    return Row(name, {**acme(test + OK), "acme/b.py": b, **others}, {"acme/a.py": KEPT}, fates)


def _headed(name: str, head: str, *fates: str, before: str = _TAKES, after: str = _TAKES_NONE) -> Row:
    """A class statement whose keywords go to the `__init_subclass__` of its base."""
    use = f"from acme.a import K\n{head}    pass\n"
    return Row(name, {**acme(f"import acme.c\n{OK}", a=before), "acme/c.py": use}, {"acme/a.py": after}, tuple(collection_error(X, fate) for fate in fates))


def _held(name: str, owner: str, test: str, *fates: Fate) -> Row:
    """What a property or a method of one class gives is asked for a name that another class lost."""
    return Row(f"held-by-{name}", acme(test + OK, a=_INNER + owner), {"acme/a.py": _INNER_LESS + owner}, fates)


_HELD = (runtime_error(X, "test_a", exception=_LACKS),)

ROWS = (
    _held("a-property", _PROPERTY, "from acme.a import K\ndef test_a():\n    K().i.gone()\n", *_HELD),
    _held("a-property-of-a-name", _PROPERTY, "from acme.a import K\ndef test_a():\n    k = K()\n    k.i.gone()\n", *_HELD),
    _held(
        "a-cached-property",
        "import functools\n" + _PROPERTY.replace("@property", "@functools.cached_property"),
        "from acme.a import K\ndef test_a():\n    K().i.gone()\n",
        *_HELD,
    ),
    _held(
        "a-property-of-a-fixture",
        _PROPERTY,
        "import pytest\nfrom acme.a import K\n@pytest.fixture\ndef k():\n    return K()\ndef test_a(k):\n    k.i.gone()\n",
        *_HELD,
    ),
    _held("a-property-at-import", _PROPERTY, "from acme.a import K\nx = K().i.gone()\n", collection_error(X, _LACKS)),
    _held("a-property-of-an-attribute", _GETTER, "from acme.a import K\ndef test_a():\n    K().i.gone()\n", *_HELD),
    _held("a-method-that-gives-an-attribute", _GETTER, "from acme.a import K\ndef test_a():\n    K().get().gone()\n", *_HELD),
    _held("a-property-that-is-asked-for-what-is-there", _PROPERTY, "from acme.a import K\ndef test_a():\n    K().i.kept()\n"),
    _held("a-method-that-is-not-called", _GETTER, "from acme.a import K\ndef test_a():\n    K().get\n"),
    _held(
        "a-property-that-a-test-patches",
        _PROPERTY,
        "from unittest import mock\nfrom acme.a import K\ndef test_a():\n    with mock.patch.object(K, 'i', mock.MagicMock()):\n        K().i.gone()\n",
    ),
    _held("a-property-that-an-heir-has", _PROPERTY, f"{_FAKE}class L(K):\n    i = Fake()\ndef test_a():\n    L().i.gone()\n"),
    _held("an-attribute-that-a-test-puts-there", _GETTER, f"{_FAKE}def test_a():\n    k = K()\n    k._i = Fake()\n    k.i.gone()\n"),
    _held(
        "an-attribute-that-is-handed-in",
        _GETTER.replace("(self):\n        self._i = I()", "(self, i):\n        self._i = i"),
        f"{_FAKE}def test_a():\n    K(Fake()).get().gone()\n",
    ),
    _held(
        "an-attribute-that-another-method-sets",
        _GETTER + "    def put(self, i):\n        self._i = i\n",
        f"{_FAKE}def test_a():\n    k = K()\n    k.put(Fake())\n    k.get().gone()\n",
    ),
    _carried("method-of-an-imported-instance", "from acme.b import k\ndef test_a():\n    k.m()\n", *_FAILS, b=f"{_K}k = K()\n"),
    _carried("method-of-an-instance-from-elsewhere", "from acme.c import k\ndef test_a():\n    k.m()\n", *_FAILS, acme__c="from acme.b import K\nk = K()\n"),
    _carried("other-method-of-an-instance-from-elsewhere", "from acme.c import k\ndef test_a():\n    k.n()\n", acme__c="from acme.b import K\nk = K()\n"),
    _carried(
        "property-of-an-imported-instance",
        "from acme.b import k\ndef test_a():\n    k.m\n",
        *_FAILS,
        b=_K.replace("    def m", "    @property\n    def m") + "k = K()\n",
    ),
    _carried("method-of-what-a-function-made", "from acme.b import get\ndef test_a():\n    get().m()\n", *_FAILS, b=f"{_K}def get():\n    return K()\n"),
    _carried(
        "method-of-what-a-function-made-by-name",
        "from acme.b import get\ndef test_a():\n    x = get()\n    x.m()\n",
        *_FAILS,
        b=f"{_K}def get():\n    return K()\n",
    ),
    _carried(
        "method-of-what-a-function-made-of-another-class",
        "from acme.b import get\ndef test_a():\n    get().m()\n",
        b=f"{_K}class J:\n    def m(self):\n        return 1\ndef get():\n    K\n    return J()\n",
    ),
    _carried(
        "method-of-what-a-function-may-have-made",
        "from acme.b import get\ndef test_a():\n    get(1).m()\n",
        b=f"{_K}class J:\n    def m(self):\n        return 1\ndef get(n):\n    if n:\n        return J()\n    return K()\n",
    ),
    _carried("constructor-of-an-heir", "from acme.b import K\nclass L(K):\n    pass\ndef test_a():\n    L()\n", *_FAILS, b=_INIT),
    _carried(
        "constructor-of-an-heir-of-an-heir",
        "from acme.c import M\ndef test_a():\n    M()\n",
        *_FAILS,
        b=_INIT,
        acme__c="from acme.b import K\nclass L(K):\n    pass\nclass M(L):\n    pass\n",
    ),
    _carried(
        "constructor-that-an-heir-has-of-its-own", "from acme.b import K\nclass L(K):\n    def __init__(self):\n        pass\ndef test_a():\n    L()\n", b=_INIT
    ),
    _carried(
        "constructor-that-a-dataclass-has-of-its-own",
        "import dataclasses\nfrom acme.b import K\n@dataclasses.dataclass\nclass L(K):\n    x: int = 1\ndef test_a():\n    L()\n",
        b=_INIT,
    ),
    _carried("post-init", "from acme.b import K\ndef test_a():\n    K()\n", *_FAILS, b=_POST),
    _carried(
        "post-init-inherited",
        "import dataclasses\nfrom acme.b import K\n@dataclasses.dataclass\nclass L(K):\n    y: int = 1\ndef test_a():\n    L()\n",
        *_FAILS,
        b=_POST,
    ),
    _carried(
        "post-init-overridden",
        "import dataclasses\nfrom acme.b import K\n@dataclasses.dataclass\nclass L(K):\n    def __post_init__(self):\n        pass\ndef test_a():\n    L()\n",
        b=_POST,
    ),
    _carried("post-init-of-no-dataclass", "from acme.b import K\ndef test_a():\n    K()\n", b=_POST.replace("@dataclasses.dataclass\n", "")),
    Row(
        "constructor-that-lacks-what-an-heir-has",
        acme(
            f"from acme.a import K\nclass L(K):\n    def gone(self):\n        pass\ndef test_a():\n    L()\n{OK}",
            a=f"{_SELF}    def gone(self):\n        pass\n",
        ),
        {"acme/a.py": _SELF},
    ),
    Row(
        "constructor-that-lacks-what-an-heir-lacks",
        acme(f"from acme.a import K\nclass L(K):\n    pass\ndef test_a():\n    L()\n{OK}", a=f"{_SELF}    def gone(self):\n        pass\n"),
        {"acme/a.py": _SELF},
        (runtime_error(X, "test_a", exception="AttributeError: 'L' object has no attribute 'gone'"),),
    ),
    _carried("init-subclass-fails", "from acme.b import K\nclass L(K):\n    pass\n", collection_error(X, _GONE), b=_HOOK),
    _carried(
        "init-subclass-fails-in-another-file", "import acme.c\n", collection_error(X, _GONE), b=_HOOK, acme__c="from acme.b import K\nclass L(K):\n    pass\n"
    ),
    _carried("init-subclass-fails-in-a-test", "from acme.b import K\ndef test_a():\n    class L(K):\n        pass\n", *_FAILS, b=_HOOK),
    _carried(
        "init-subclass-is-overridden", "from acme.b import J\nclass L(J):\n    pass\n", b=f"{_HOOK}class J:\n    def __init_subclass__(cls):\n        pass\n"
    ),
    _carried("init-subclass-of-no-heir", "from acme.b import K\nk = K()\n", b=_HOOK),
    *(
        _carried(f"by-another-name-{name}", test, runtime_error(X, "test_a", exception="ImportError: cannot import name 'gone' from 'acme.a'"), b=_LATE)
        for name, test in {
            "of-a-function": "from acme.b import call as mine\ndef test_a():\n    mine()\n",
            "that-is-assigned": "from acme.b import call\nmine = call\ndef test_a():\n    mine()\n",
            "of-a-class": "from acme.b import J as Mine\ndef test_a():\n    Mine()\n",
            "in-a-test": "def test_a():\n    from acme.b import call as mine\n    mine()\n",
            "of-the-module": "import acme.b as mine\ndef test_a():\n    mine.call()\n",
        }.items()
    ),
    _carried("by-another-name-and-not-called", "from acme.b import call as mine\ndef test_a():\n    assert mine\n", b=_LATE),
    _headed("class-keyword-gone", "class L(K, x=2):\n", "TypeError: K.__init_subclass__() got an unexpected keyword argument 'x'"),
    _headed(
        "class-keyword-gone-for-a-grandchild",
        "class L(K):\n    pass\nclass M(L, x=2):\n",
        "TypeError: K.__init_subclass__() got an unexpected keyword argument 'x'",
    ),
    _headed(
        "class-keyword-gone-of-a-class-method",
        "class L(K, x=2):\n",
        "TypeError: K.__init_subclass__() got an unexpected keyword argument 'x'",
        before=_TAKES.replace("    def", "    @classmethod\n    def"),
        after=_TAKES_NONE.replace("    def", "    @classmethod\n    def"),
    ),
    _headed(
        "class-keyword-required",
        "class L(K):\n",
        "TypeError: K.__init_subclass__() missing 1 required positional argument: 'x'",
        after="class K:\n    def __init_subclass__(cls, x):\n        pass\n",
    ),
    _headed("class-keyword-kept", "class L(K, x=2):\n", after="class K:\n    def __init_subclass__(cls, x=1):\n        pass\n"),
    _headed("class-keyword-unused", "class L(K):\n"),
    _headed("class-keywords-hidden-by-stars", "class L(K, **{}):\n"),
    _headed("class-keyword-of-the-metaclass", "import abc\nclass L(K, metaclass=abc.ABCMeta):\n"),
    *(
        Row(
            f"failing-function-handed-on-{name}",
            {"acme/__init__.py": init, "acme/sub/__init__.py": _TWO, X: f"{test}def test_b():\n    pass\n", **files},
            {"acme/sub/__init__.py": "def f():\n    return g()\n"},
            fates,
        )
        for name, init, test, files, fates in (
            ("by-its-package", _ALL, "from acme import f\ndef test_a():\n    f()\n", {}, _LATE_G),
            ("by-its-package-as-an-attribute", _ALL, "import acme\ndef test_a():\n    acme.f()\n", {}, _LATE_G),
            ("by-a-star", "from acme.sub import *\n", "def test_a():\n    import acme\n    acme.f()\n", {}, _LATE_G),
            ("under-another-name", "from acme.sub import f as h\n", "from acme import h\ndef test_a():\n    h()\n", {}, _LATE_G),
            ("twice", _ALL, "from acme.c import f\ndef test_a():\n    f()\n", {"acme/c.py": "from acme import f\n"}, _LATE_G),
            ("to-who-calls-it", _ALL, "from acme.c import h\ndef test_a():\n    h()\n", {"acme/c.py": "from acme import f\ndef h():\n    f()\n"}, _LATE_G),
            ("to-who-calls-it-at-import", _ALL, "import acme.c\n", {"acme/c.py": "from acme import f\nf()\n"}, _EARLY_G),
            ("to-a-fixture", _ALL, "def test_a(one):\n    pass\n", {"tests/conftest.py": f"import acme\n{_FIXTURE}"}, _LATE_G),
            ("to-a-fixture-by-a-guard", _ALL, "def test_a(one):\n    pass\n", {"tests/conftest.py": f"{_GUARDED}{_FIXTURE}"}, _LATE_G),
            ("by-a-function", _SERVED, "from acme import f\ndef test_a():\n    f()\n", {}, _LATE_G),
            ("by-a-table", _TABLED, "from acme import f\ndef test_a():\n    f()\n", {}, _LATE_G),
            ("within-its-module", "import acme.sub as s\n", "from acme import s\ndef test_a():\n    s.f()\n", {}, _LATE_G),
            ("within-its-module-by-another", "", "from acme.c import s\ndef test_a():\n    s.f()\n", {"acme/c.py": "from acme import sub as s\n"}, _LATE_G),
            ("and-not-called", _ALL, "from acme import f\ndef test_a():\n    f\n", {}, ()),
            ("and-replaced", f"{_ALL}f = len\n", "from acme import f\ndef test_a():\n    f('')\n", {}, ()),
            ("and-patched", _ALL, "import acme\ndef test_a(monkeypatch):\n    monkeypatch.setattr(acme, 'f', len)\n    acme.f('')\n", {}, ()),
        )
    ),
)
