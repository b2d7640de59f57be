"""What a fallback binds in place of what is gone: None, of which a test then asks what only the real thing has."""

from __future__ import annotations

from break_model.rows import KEPT, Row, acme, collection_error, fallback, runtime_error, silenced

X = "tests/test_x.py"
LOST = {"acme/a.py": KEPT}
DELETED = {"acme/a.py": None}
NOT_CALLABLE = "TypeError: 'NoneType' object is not callable"
NO_ATTRIBUTE = "AttributeError: 'NoneType' object has no attribute 'gone'"
TRY = "import pytest\ntry:\n    from acme.a import gone\nexcept ImportError:\n    gone = None\n"
MODULE = "import pytest\ntry:\n    import acme.a as a\nexcept ImportError:\n    a = None\n"
FIXTURE = "@pytest.fixture\ndef it():\n"
CALL = "def test_one():\n    gone()\n"


def _row(name: str, source: str, *nodes: str, exception: str = NOT_CALLABLE, deleted: bool = False) -> Row:
    """Return a row of a test file that falls back; `nodes` are the tests that fail."""
    fates = (runtime_error(X, *nodes, exception=exception), fallback(X)) if nodes else (fallback(X),)
    return Row(name, acme(source), DELETED if deleted else LOST, fates)


ROWS: tuple[Row, ...] = (
    _row("fallback-called", f"{TRY}{CALL}", "test_one"),
    _row("fallback-called-where-the-module-is-gone", f"{TRY}{CALL}", "test_one", deleted=True),
    _row("fallback-asked-for-an-attribute", f"{MODULE}def test_one():\n    a.gone()\n", "test_one", exception=NO_ATTRIBUTE, deleted=True),
    _row("fallback-called-in-a-class", f"{TRY}class TestIt:\n    def test_one(self):\n        assert gone() == 2\n", "TestIt::test_one"),
    _row("fallback-called-by-a-helper", f"{TRY}def make():\n    return gone()\ndef test_one():\n    make()\n", "test_one"),
    _row("fallback-called-by-a-fixture", f"{TRY}{FIXTURE}    return gone()\ndef test_one(it):\n    pass\n", "test_one"),
    _row(
        "fallback-called-in-a-test-with-marks",
        f"{TRY}@pytest.mark.parametrize('x', [1])\n@pytest.mark.usefixtures('tmp_path')\ndef test_one(x):\n    gone()\n",
        "test_one",
    ),
    _row(
        "fallback-within-a-function",
        "def test_one():\n    try:\n        from acme.a import gone\n    except ImportError:\n        gone = None\n    gone()\n",
        "test_one",
    ),
    Row(
        "fallback-called-while-collecting",
        acme(f"{TRY}VALUE = gone()\n{CALL}"),
        LOST,
        (collection_error(X, NOT_CALLABLE),),
    ),
    Row(
        "fallback-as-a-base-class",
        acme(
            "try:\n    from acme.a import Gone\nexcept ImportError:\n    Gone = None\nclass Heir(Gone):\n    pass\ndef test_one():\n    pass\n",
            a="class Gone:\n    pass\n",
        ),
        LOST,
        (collection_error(X, "TypeError: NoneType takes no arguments"),),
    ),
    Row(
        "fallback-of-production-code-called",
        {**acme("from acme.b import gone\ndef test_one():\n    gone()\n"), "acme/b.py": TRY.replace("import pytest\n", "")},
        LOST,
        (runtime_error(X, "test_one", exception=NOT_CALLABLE), fallback(X)),
    ),
    # What must not fire: None is as good, or nothing asks.
    _row("fallback-named", f"{TRY}def test_one():\n    assert gone is None or gone() == 2\n"),
    _row("fallback-compared", f"{TRY}def test_one():\n    if gone is not None:\n        gone()\n"),
    _row("fallback-tested-for-truth", f"{TRY}def test_one():\n    if gone:\n        gone()\n    value = gone() if gone else 1\n"),
    _row("fallback-that-returns-early", f"{TRY}def test_one():\n    if not gone:\n        return\n    gone()\n"),
    _row("fallback-with-dunder-of-none", f"{TRY}def test_one():\n    gone.__class__\n    gone.__doc__\n"),
    _row(
        "fallback-expected-to-fail",
        f"{TRY}def test_one():\n    with pytest.raises(TypeError):\n        gone()\n    try:\n        gone()\n    except TypeError:\n        pass\n",
    ),
    _row("fallback-called-by-a-wrapper-that-asks", f"{TRY}def careful(f):\n    return (lambda: None) if gone is None else f\n@careful\n{CALL}"),
    _row("fallback-bound-anew", f"{TRY}if gone is None:\n    def gone():\n        return 2\n{CALL}"),
    Row(
        "fallback-and-a-skip-in-the-test",
        acme(f"{TRY}def test_one():\n    if gone is None:\n        pytest.skip('not there')\n    gone()\n"),
        LOST,
        (silenced(X, "test_one"),),
    ),
    Row(
        "fallback-and-a-skip-that-asks-another-name",
        acme(f"{TRY}READY = gone is not None\ndef test_one():\n    if not READY:\n        pytest.skip('not there')\n    gone()\n"),
        LOST,
        (silenced(X, "test_one"),),
    ),
    Row("fallback-and-skipif", acme(f"{TRY}@pytest.mark.skipif(gone is None, reason='')\n{CALL}"), LOST, (silenced(X, "test_one"),)),
    Row(
        "fallback-and-a-skip-that-asks-another-name-that-is-bound-again",
        acme(f"{TRY}READY = gone is None\nREADY = False\ndef test_one():\n    if READY:\n        pytest.skip('not there')\n"),
        LOST,
        (fallback(X),),
    ),
    Row(
        "fallback-and-skipif-of-another-name",
        acme(f"{TRY}READY = gone is not None\n@pytest.mark.skipif(not READY, reason='')\n{CALL}"),
        LOST,
        (silenced(X, "test_one"),),
    ),
    Row(
        "fallback-and-a-mark-by-name-that-does-not-skip",
        acme(f"{TRY}needs = pytest.mark.skipif(gone is not None, reason='')\n@needs\ndef test_one():\n    pass\n"),
        LOST,
        (fallback(X),),
    ),
    Row("fallback-and-skipif-by-name", acme(f"{TRY}needs = pytest.mark.skipif(gone is None, reason='')\n@needs\n{CALL}"), LOST, (silenced(X, "test_one"),)),
    Row("fallback-and-pytestmark", acme(f"{TRY}pytestmark = pytest.mark.skipif(gone is None, reason='')\n{CALL}"), LOST, (silenced(X, "test_one"),)),
    Row(
        "fallback-and-a-fixture-that-skips",
        acme(f"{TRY}@pytest.fixture(autouse=True)\ndef needed():\n    if gone is None:\n        pytest.skip('not there')\n{CALL}"),
        LOST,
        (silenced(X, "test_one"),),
    ),
    Row(
        "fallback-and-setup-that-skips",
        acme(
            f"{TRY}import unittest\nclass TestIt(unittest.TestCase):\n    def setUp(self):\n        if gone is None:\n            self.skipTest('')\n"
            "    def test_one(self):\n        gone()\n"
        ),
        LOST,
        (silenced(X, "TestIt::test_one"),),
    ),
)
