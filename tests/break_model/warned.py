"""Warnings that functions give where warnings are errors, and who catches them, lets them pass or expects them."""

from __future__ import annotations

from dataclasses import replace

from break_model.rows import INI, OK, Fate, Row, acme, collection_error, runtime_error, unclear

X = "tests/test_x.py"
B = "def test_b():\n    pass\n"
STRICT = INI + "filterwarnings = error\n"
QUIET = "def kept():\n    return 1\n"
WARN = "warnings.warn('old', DeprecationWarning, stacklevel=2)"
LINE = "DeprecationWarning: old"
USER = f"from acme.a import kept\ndef test_a():\n    kept()\n{B}"
QUIETLY = "    with warnings.catch_warnings():\n        warnings.simplefilter('ignore')\n        "
CONTEXT = f"import contextlib\nimport warnings\n@contextlib.contextmanager\ndef quiet():\n{QUIETLY}yield\n"
FAILS = (runtime_error(X, "test_a", exception=LINE),)
NO_ATTRIBUTE = (runtime_error(X, "test_a", exception="AttributeError: module 'acme.a' has no attribute 'kept'"),)
PASSES = "@pytest.mark.filterwarnings('ignore:old:DeprecationWarning')\n"


def warning(statement: str = WARN, before: str = "") -> dict[str, str | None]:
    """Return the change that makes `kept` warn."""
    return {"acme/a.py": f"import warnings\n{before}def kept():\n    {statement}\n    return 1\n"}


def row(
    name: str, test: str, fates: tuple[Fate, ...] = (), *, change: dict[str, str | None] | None = None, ini: str = STRICT, a: str = QUIET, **more: str
) -> Row:
    return Row(
        f"warned-{name}", acme(test, a=a) | {path.replace("__", "/") + ".py": source for path, source in more.items()}, change or warning(), fates, ini=ini
    )


def removed(name: str, test: str, fates: tuple[Fate, ...] = (), masked: dict[str, str] | None = None) -> Row:
    """Return a row in which what warned is gone."""
    gone = row(f"and-gone-{name}", test, fates, a=str(warning()["acme/a.py"]), change={"acme/a.py": "def other():\n    pass\n"})
    return replace(gone, masked=masked)


_TESTS = (
    row("function", USER, FAILS),
    row("function-where-warnings-are-shown", USER, ini=INI),
    row("function-where-others-are-errors", USER, ini=INI + "filterwarnings = error::UserWarning\n"),
    row("function-where-its-class-is-an-error", USER, FAILS, ini=INI + "filterwarnings = error::DeprecationWarning\n"),
    row("function-where-a-class-above-is-an-error", USER, FAILS, ini=INI + "filterwarnings = error::Warning\n"),
    row("function-where-its-text-is-let-pass", USER, ini=STRICT.replace("error", "\n    error\n    ignore:ol")),
    row("function-where-another-text-is-let-pass", USER, FAILS, ini=STRICT.replace("error", "\n    error\n    ignore:new:DeprecationWarning:tests")),
    row("function-where-another-distribution-is-let-pass", USER, FAILS, ini=STRICT.replace("error", "\n    error\n    ignore::DeprecationWarning:attr.*")),
    row("function-with-an-option", USER, FAILS, ini=INI + "addopts = -W error\n"),
    row("twice-nothing-new", USER, a=f"import warnings\ndef kept():\n    {WARN}\n", change=warning()),
    row(
        "with-pytest-warns",
        f"import pytest\nfrom acme.a import kept\ndef test_a():\n    with pytest.warns(DeprecationWarning):\n        kept()\n{B}",
        a=str(warning()["acme/a.py"]),
        change=warning("warnings.warn('older', DeprecationWarning)"),
    ),
    row(
        "within-catch-warnings",
        f"import warnings\nfrom acme.a import kept\ndef test_a():\n{QUIETLY}kept()\n{B}",
    ),
    row("after-a-filter", f"import warnings\nfrom acme.a import kept\ndef test_a():\n    warnings.simplefilter('ignore')\n    kept()\n{B}"),
    row("before-a-filter", f"import warnings\nfrom acme.a import kept\ndef test_a():\n    kept()\n    warnings.simplefilter('ignore')\n{B}", FAILS),
    row("expected", f"import pytest\nfrom acme.a import kept\ndef test_a():\n    try:\n        kept()\n    except DeprecationWarning:\n        pass\n{B}"),
    row("expected-as-a-warning", f"import pytest\nfrom acme.a import kept\ndef test_a():\n    try:\n        kept()\n    except Warning:\n        pass\n{B}"),
    row("expected-as-another", f"from acme.a import kept\ndef test_a():\n    try:\n        kept()\n    except UserWarning:\n        pass\n{B}", FAILS),
    row(
        "within-a-context-of-the-project",
        f"from acme.a import kept\n{CONTEXT}def test_a():\n    with quiet():\n        kept()\n{B}",
    ),
    row(
        "within-a-context-that-is-handed-in",
        f"import pytest\nfrom acme.a import kept\n{CONTEXT}@pytest.mark.parametrize('how', [quiet()])\ndef test_a(how):\n    with how:\n        kept()\n{B}",
    ),
    row("mark-lets-pass", f"import pytest\nfrom acme.a import kept\n@pytest.mark.filterwarnings('ignore::DeprecationWarning')\ndef test_a():\n    kept()\n{B}"),
    row(
        "mark-of-the-file-lets-pass",
        f"import pytest\nfrom acme.a import kept\npytestmark = pytest.mark.filterwarnings('ignore::DeprecationWarning')\ndef test_a():\n    kept()\n{B}",
    ),
    row(
        "mark-of-a-class-lets-pass",
        "import pytest\nfrom acme.a import kept\n@pytest.mark.filterwarnings('ignore')\nclass TestX:\n    def test_a(self):\n        kept()\n" + B,
    ),
    row(
        "mark-lets-others-pass",
        f"import pytest\nfrom acme.a import kept\n@pytest.mark.filterwarnings('ignore::UserWarning')\ndef test_a():\n    kept()\n{B}",
        FAILS,
    ),
    removed("mark-lets-pass", f"import pytest\nfrom acme import a\n{PASSES}def test_a():\n    a.kept()\n{B}", NO_ATTRIBUTE),
    removed("mark-of-the-file-lets-pass", f"import pytest\nfrom acme import a\npytestmark = {PASSES[1:]}def test_a():\n    a.kept()\n{B}", NO_ATTRIBUTE),
    removed("nobody-lets-pass", f"from acme import a\ndef test_a():\n    a.kept()\n{B}", masked={f"{X}::test_a": LINE}),
    removed(
        "mark-lets-others-pass",
        f"import pytest\nfrom acme import a\n{PASSES.replace('Deprecation', 'User')}def test_a():\n    a.kept()\n{B}",
        masked={f"{X}::test_a": LINE},
    ),
    removed(
        "warns", f"import pytest\nfrom acme import a\ndef test_a():\n    with pytest.deprecated_call():\n        a.kept()\n{B}", (runtime_error(X, "test_a"),)
    ),
    removed(
        "helper-in-between",
        f"import pytest\nfrom acme import a\ndef ask():\n    return a.kept()\n{PASSES}def test_a():\n    ask()\n{B}",
        NO_ATTRIBUTE,
    ),
    removed(
        "helper-in-between-and-nobody-lets-pass",
        f"from acme import a\ndef ask():\n    return a.kept()\ndef test_a():\n    ask()\n{B}",
        masked={f"{X}::test_a": LINE},
    ),
    row("recwarn", f"from acme.a import kept\ndef test_a(recwarn):\n    kept()\n{B}", (unclear(X),)),
    row(
        "fixture-that-filters",
        f"import warnings\nimport pytest\nfrom acme.a import kept\n@pytest.fixture\ndef quiet():\n{QUIETLY}yield\ndef test_a(quiet):\n    kept()\n{B}",
        (unclear(X),),
    ),
    row(
        "hook-that-filters",
        USER,
        (unclear(X),),
        conftest="def pytest_configure(config):\n    config.addinivalue_line('filterwarnings', 'ignore::DeprecationWarning')\n",
    ),
    row(
        "decorator-that-filters",
        f"import functools\nfrom acme.a import kept\n{CONTEXT}def calm(function):\n    @functools.wraps(function)\n    def inner():\n"
        f"        with quiet():\n            function()\n    return inner\n@calm\ndef test_a():\n    kept()\n{B}",
        (unclear(X),),
    ),
    row(
        "test-case",
        "import unittest\nfrom acme.a import kept\nclass TestX(unittest.TestCase):\n    def test_a(self):\n        kept()\n"
        "    def test_b(self):\n        with self.assertRaises(DeprecationWarning):\n            kept()\n",
        (runtime_error(X, "TestX::test_a", exception=LINE),),
        a="import warnings\ndef kept():\n    pass\n",
    ),
)

_CODE = (
    row(
        "behind-another-function",
        f"from acme.b import load\ndef test_a():\n    load()\n{B}",
        FAILS,
        acme__b="from acme.a import kept\ndef load():\n    return kept()\n",
    ),
    row(
        "behind-another-function-that-catches",
        f"from acme.b import load\ndef test_a():\n    load()\n{B}",
        acme__b=f"import warnings\nfrom acme.a import kept\ndef load():\n{QUIETLY}return kept()\n",
    ),
    row(
        "method",
        f"from acme.a import Kept\ndef test_a():\n    Kept().load()\n{B}",
        FAILS,
        a="class Kept:\n    def load(self):\n        return 1\n",
        change={"acme/a.py": f"import warnings\nclass Kept:\n    def load(self):\n        {WARN}\n        return 1\n"},
    ),
    row(
        "constructor",
        f"from acme.a import Kept\ndef test_a():\n    Kept()\n{B}",
        FAILS,
        a="class Kept:\n    def __init__(self):\n        self.x = 1\n",
        change={"acme/a.py": f"import warnings\nclass Kept:\n    def __init__(self):\n        {WARN}\n        self.x = 1\n"},
    ),
    row(
        "constructor-that-is-new",
        f"from acme.a import Kept\ndef test_a():\n    Kept()\n{B}",
        FAILS,
        a="class Kept:\n    pass\n",
        change={"acme/a.py": f"import warnings\nclass Kept:\n    def __init__(self):\n        {WARN}\n"},
    ),
    row("fixture", f"import pytest\nfrom acme.a import kept\n@pytest.fixture\ndef it():\n    return kept()\ndef test_a(it):\n    pass\n{B}", FAILS),
    row(
        "under-a-condition",
        USER.replace("kept()", "kept(1)"),
        a="def kept(x):\n    return x\n",
        change={"acme/a.py": f"import warnings\ndef kept(x):\n    if x is None:\n        {WARN}\n    return x\n"},
    ),
    row("first-filtered", USER, change=warning(f"warnings.simplefilter('ignore')\n    {WARN}")),
    row("caught-where-it-is-given", USER, change=warning(f"with warnings.catch_warnings():\n        warnings.simplefilter('ignore')\n        {WARN}")),
    row("user-warning-by-default", USER, (runtime_error(X, "test_a", exception="UserWarning: old"),), change=warning("warnings.warn('old')")),
    row("by-keywords", USER, FAILS, change=warning("warnings.warn(message='old', category=DeprecationWarning)")),
    row("instance", USER, FAILS, change=warning("warnings.warn(DeprecationWarning('old'), stacklevel=2)")),
    row("text-that-is-made", USER, (runtime_error(X, "test_a"),), change=warning("warnings.warn(f'old {kept}', DeprecationWarning)")),
    row(
        "text-that-is-made-where-texts-are-let-pass",
        USER,
        (unclear(X),),
        change=warning("warnings.warn(f'old {kept}', DeprecationWarning)"),
        ini=STRICT.replace("error", "\n    error\n    ignore:old"),
    ),
    row(
        "class-of-the-project",
        USER,
        (runtime_error(X, "test_a", exception="acme.a.Old: old"),),
        change=warning("warnings.warn('old', Old)", "class Old(DeprecationWarning): pass\n"),
    ),
    row(
        "class-of-the-project-let-pass",
        USER,
        change=warning("warnings.warn('old', Old)", "class Old(DeprecationWarning): pass\n"),
        ini=STRICT.replace("error", "\n    error\n    ignore::DeprecationWarning"),
    ),
    row("logger", USER, change=warning("logging.getLogger().warn('old')", "import logging\n"), ini=INI + "filterwarnings = error::UserWarning\n"),
    row("imported-by-name", USER, FAILS, change={"acme/a.py": "from warnings import warn\ndef kept():\n    warn('old', DeprecationWarning)\n"}),
    row("and-nobody-calls", f"import acme.a\ndef test_a():\n    assert acme.a.kept\n{B}"),
    row(
        "module-let-pass",
        USER,
        change=warning("warnings.warn('old', DeprecationWarning)"),
        ini=STRICT.replace("error", "\n    error\n    ignore::DeprecationWarning:acme.*"),
    ),
    row("caller-let-pass", USER, (unclear(X),), ini=STRICT.replace("error", "\n    error\n    ignore::DeprecationWarning:test_.*")),
)

_DEPRECATED = "try:\n    from warnings import deprecated\nexcept ImportError:\n    from typing_extensions import deprecated\n"
_OLD = "import warnings\ndef _old():\n    warnings.warn('old', DeprecationWarning)\n"
_PROPERTY = "class Kept:\n    @property\n    def it(self):\n        {}return 1\n"

_WAYS = (
    row("by-a-decorator", USER, FAILS, change={"acme/a.py": f"{_DEPRECATED}@deprecated('old')\n{QUIET}"}),
    row("by-a-decorator-that-is-silent", USER, change={"acme/a.py": f"{_DEPRECATED}@deprecated('old', category=None)\n{QUIET}"}),
    row("by-a-helper-that-did-before", USER, FAILS, a=_OLD + QUIET, change={"acme/a.py": f"{_OLD}def kept():\n    _old()\n    return 1\n"}),
    row("by-a-helper-that-others-call", USER, a=_OLD + QUIET, change={"acme/a.py": f"{_OLD}{QUIET}def other():\n    _old()\n"}),
    row(
        "property",
        f"from acme.a import Kept\ndef test_a():\n    Kept().it\ndef test_c():\n    Kept.it\n{B}",
        FAILS,
        a=_PROPERTY.format(""),
        change={"acme/a.py": "import warnings\n" + _PROPERTY.format(f"{WARN}\n        ")},
    ),
)


def served(name: str, test: str, fates: tuple[Fate, ...] = (), *, ini: str = STRICT, table: str = "if name == 'gone'", warn: str = WARN) -> Row:
    head = (
        f"import warnings\nOLD = {{'gone': 1}}\n{QUIET}def __getattr__(name):\n    {table}:\n        {warn}\n        return 2\n    raise AttributeError(name)\n"
    )
    return Row(f"warned-name-{name}", acme(test, a=f"{QUIET}gone = 2\nother = 3\n"), {"acme/a.py": f"{head}other = 3\n"}, fates, ini=ini)


_IMPORT = f"from acme.a import gone\n{OK}"
_NOT_COLLECTED = (collection_error(X, LINE),)
_SERVED = (
    served("that-is-imported", _IMPORT, _NOT_COLLECTED),
    served("that-is-imported-where-warnings-are-shown", _IMPORT, ini=INI),
    served("that-is-imported-late", f"def test_a():\n    from acme.a import gone\n{B}", FAILS),
    served("that-is-read", f"import acme.a\nacme.a.gone\n{OK}", _NOT_COLLECTED),
    served("that-is-read-late", f"import acme.a\ndef test_a():\n    acme.a.gone\n{B}", FAILS),
    served("whose-import-is-let-pass", "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    " + _IMPORT),
    served("whose-import-is-guarded", f"try:\n    from acme.a import gone\nexcept Warning:\n    pass\n{OK}"),
    served("of-a-table", _IMPORT, _NOT_COLLECTED, table="if name in OLD"),
    served("of-a-table-that-stands-there", _IMPORT, _NOT_COLLECTED, table="if name in ('gone', 'older')"),
    served(
        "with-its-name-in-the-text",
        _IMPORT,
        (collection_error(X, "UserWarning: 'gone' of gone"),),
        table="if name in OLD",
        warn="warnings.warn(f'{name!r} of {name}')",
    ),
    served("that-is-another", f"from acme.a import other, kept\n{OK}"),
    served("that-a-star-does-not-bring", f"from acme.a import *\n{OK}"),
)

ROWS = (*_TESTS, *_CODE, *_WAYS, *_SERVED)
