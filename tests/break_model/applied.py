"""What is handed to a call that calls it: at once where that is known (`pytest.raises(ValueError, make)`), and at risk where it is not (`map(make, items)`)."""

from __future__ import annotations

from break_model.rows import Fate, Row, acme, at_risk, runtime_error, unclear

X = "tests/test_x.py"
IMPORTS = "import unittest\nimport pytest\nfrom acme.a import make\n"
B = "def test_b():\n    pass\n"
CASE = "class TestX(unittest.TestCase):\n    def test_a(self):\n        "
UNEXPECTED = "TypeError: make() got an unexpected keyword argument 'y'"
FAILS = (runtime_error(X, "test_a", exception=UNEXPECTED),)
CASE_FAILS = (runtime_error(X, "TestX::test_a", exception=UNEXPECTED),)
GONE = "AttributeError: module 'acme.b' has no attribute 'gone'"
GONE_FAILS = (runtime_error(X, "test_a", exception=GONE),)
RISKS = (at_risk(X, "test_a", exception=GONE),)


def taking(name: str, test: str, fates: tuple[Fate, ...] = (), before: str = "raise ValueError(x)") -> Row:
    """Return a row in which `make` loses its keyword `y`."""
    head = "def make(x=1{}):\n    " + before + "\n"
    return Row(f"applied-{name}", acme(IMPORTS + test + B, a=head.format(", y=2")), {"acme/a.py": head.format("")}, fates)


def failing(name: str, test: str, fates: tuple[Fate, ...] = (), after: str = "return x") -> Row:
    """Return a row in which `make` asks for something that is gone."""
    return Row(
        f"applied-{name}",
        {**acme(IMPORTS + test + B, a=f"import acme.b\ndef make(x=1):\n    acme.b.gone\n    {after}\n"), "acme/b.py": "gone = 1\n"},
        {"acme/b.py": "other = 1\n"},
        fates,
    )


ROWS = (
    taking("raises", "def test_a():\n    pytest.raises(ValueError, make, y=1)\n", FAILS),
    taking("raises-one-of-several", "def test_a():\n    pytest.raises((KeyError, ValueError), make, y=1)\n", FAILS),
    taking("raises-a-lambda", "def test_a():\n    pytest.raises(ValueError, lambda: make(y=1))\n", FAILS),
    taking("raises-by-position", "def test_a():\n    pytest.raises(ValueError, make, 1)\n"),
    taking("raises-what-comes", "def test_a():\n    pytest.raises((TypeError, ValueError), make, y=1)\n"),
    taking("assertraises", CASE + "self.assertRaises(ValueError, make, y=1)\n", CASE_FAILS),
    taking("assertraises-a-lambda", CASE + "self.assertRaises(ValueError, lambda: make(y=1))\n", CASE_FAILS),
    taking("assertraises-a-text", CASE + "self.assertRaisesRegex(ValueError, '1', make, y=1)\n", CASE_FAILS),
    taking(
        "warns",
        "import warnings\ndef test_a():\n    pytest.warns(UserWarning, make, y=1)\n",
        (runtime_error(X, "test_a"),),
        "__import__('warnings').warn('old')",
    ),
    taking("within-a-with", "def test_a():\n    with pytest.raises(ValueError, match='1'):\n        make(1)\n"),
    failing("raises-and-fails", "def test_a():\n    pytest.raises(ValueError, make)\n", GONE_FAILS, "raise ValueError"),
    failing("raises-a-lambda-that-fails", "def test_a():\n    pytest.raises(ValueError, lambda: make())\n", GONE_FAILS, "raise ValueError"),
    failing("raises-anything", "def test_a():\n    pytest.raises(Exception, make)\n", after="raise ValueError"),
    failing("map", "def test_a():\n    list(map(make, [1]))\n", RISKS),
    failing("key", "def test_a():\n    sorted([2, 1], key=make)\n", RISKS),
    failing("partial", "import functools\ndef test_a():\n    functools.partial(make, 1)()\n", RISKS),
    failing("a-helper", "def run(function):\n    return function()\ndef test_a():\n    run(make)\n", RISKS),
    failing("a-cleanup", CASE + "self.addCleanup(make)\n", (at_risk(X, "TestX::test_a", exception=GONE),)),
    failing(
        "a-pool",
        "from concurrent.futures import ThreadPoolExecutor\ndef test_a():\n    with ThreadPoolExecutor() as pool:\n        pool.submit(make).result()\n",
        RISKS,
    ),
    failing("map-that-nobody-asks", "def test_a():\n    map(make, [1])\n", (unclear(X),)),
    failing("map-within-a-guard", "def test_a():\n    try:\n        list(map(make, [1]))\n    except AttributeError:\n        pass\n"),
    failing("callable", "def test_a():\n    assert callable(make)\n"),
    failing("put-in-place", "import acme.a\ndef test_a(monkeypatch):\n    monkeypatch.setattr(acme.a, 'other', make, raising=False)\n"),
    failing("wrapped-by-a-mock", "from unittest import mock\ndef test_a():\n    mock.Mock(wraps=make)\n"),
)
