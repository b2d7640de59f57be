"""What must not fire: references that are not reached, probed for, expected to fail, skipped, or answered by something else."""

from __future__ import annotations

from break_model.rows import KEPT, OK, Row, acme, fallback, unclear

X = "tests/test_x.py"
Y = "tests/test_y.py"
LOST = {"acme/a.py": KEPT}
DELETED = {"acme/a.py": None}
B = "def test_b():\n    pass\n"

ROWS = (
    Row(
        "name-behind-the-same-path",
        acme(f"from acme import gone\n{OK}", init="from .a import gone\n"),
        {"acme/__init__.py": "from .b import gone\n", "acme/a.py": KEPT, "acme/b.py": "def gone():\n    return 2\n"},
    ),
    Row("test-deleted-with-its-module", {**acme(OK), Y: "import acme.b\ndef test_y():\n    pass\n", "acme/b.py": ""}, {Y: None, "acme/b.py": None}),
    Row("reference-after-raise", acme(f"import acme.a as m\ndef test_a():\n    if m.kept() == 5:\n        raise ValueError\n        m.gone()\n{B}"), LOST),
    Row("reference-after-return", acme(f"import acme.a as m\ndef test_a():\n    return\n    m.gone()\n{B}"), LOST),
    Row("reference-under-if-false", acme(f"import acme.a as m\nif False:\n    m.gone()\nif 0:\n    from acme.a import gone\n{OK}"), LOST),
    Row("reference-under-while-false", acme(f"import acme.a as m\nwhile False:\n    m.gone()\n{OK}"), LOST),
    Row(
        "reference-in-an-old-branch",
        acme(f"import sys\nimport acme.a as m\nif sys.version_info < (3, 6):\n    from acme.a import gone\nif sys.version_info[0] == 2:\n    m.gone()\n{OK}"),
        LOST,
    ),
    Row("reference-on-another-platform", acme(f"import sys\nimport acme.a as m\nif sys.platform == 'cli':\n    m.gone()\n{OK}"), LOST, (unclear(X),)),
    Row("probe-by-hasattr", acme(f"import acme.a as m\nHAS = hasattr(m, 'gone')\nif hasattr(m, 'gone'):\n    m.gone()\n{OK}"), LOST),
    Row("probe-by-getattr", acme(f"import acme.a as m\nF = getattr(m, 'gone', None)\nG = getattr(m, 'gone', m.kept)\n{OK}"), LOST),
    Row("probe-by-try", acme(f"import acme.a as m\ntry:\n    F = m.gone\nexcept AttributeError:\n    F = None\n{OK}"), LOST, (fallback(X),)),
    Row(
        "suppressed-by-an-alias",
        acme(f"from contextlib import suppress as quiet\nwith quiet(ImportError):\n    from acme.a import gone\n{OK}"),
        LOST,
        (fallback(X),),
    ),
    Row(
        "suppressed-attribute",
        acme(f"import contextlib\nimport acme.a as m\nwith contextlib.suppress(AttributeError, ImportError):\n    m.gone()\n{OK}"),
        LOST,
        (fallback(X),),
    ),
    Row("xfail-for-the-whole-file", acme("import pytest\npytestmark = pytest.mark.xfail\ndef test_a():\n    from acme.a import gone\n"), LOST),
    Row(
        "xfail-in-a-list-for-the-file",
        acme("import pytest\npytestmark = [pytest.mark.slow, pytest.mark.xfail(reason='x')]\ndef test_a():\n    from acme.a import gone\n"),
        LOST,
    ),
    Row("skip-in-a-list-for-the-file", acme("import pytest\npytestmark = [pytest.mark.skip(reason='x')]\ndef test_a():\n    from acme.a import gone\n"), LOST),
    Row(
        "skip-for-the-class-by-pytestmark",
        acme(f"import pytest\nclass TestX:\n    pytestmark = pytest.mark.skip(reason='x')\n    def test_a(self):\n        from acme.a import gone\n{B}"),
        LOST,
    ),
    Row("skipif-that-holds", acme(f"import pytest\n@pytest.mark.skipif(True, reason='x')\ndef test_a():\n    from acme.a import gone\n{B}"), LOST),
    Row("skipif-by-a-text", acme(f"import pytest\n@pytest.mark.skipif('True', reason='x')\ndef test_a():\n    from acme.a import gone\n{B}"), LOST),
    Row(
        "skipif-by-version",
        acme(f"import sys, pytest\n@pytest.mark.skipif(sys.version_info > (3, 0), reason='x')\ndef test_a():\n    from acme.a import gone\n{B}"),
        LOST,
    ),
    Row("skip-of-the-module-before-the-import", acme(f"import pytest\npytest.skip('x', allow_module_level=True)\nfrom acme.a import gone\n{OK}"), LOST),
    Row(
        "skip-of-the-module-under-a-version",
        acme(f"import sys, pytest\nif sys.version_info > (3, 0):\n    pytest.skip('x', allow_module_level=True)\nfrom acme.a import gone\n{OK}"),
        LOST,
    ),
    Row(
        "mock-put-into-sys-modules-first",
        acme(f"import sys\nfrom unittest import mock\nsys.modules['acme.a'] = mock.Mock()\nfrom acme.a import gone\n{OK}"),
        DELETED,
    ),
    Row(
        "raises-import-error-around-an-import-module",
        acme(("import importlib, pytest\ndef test_a():\n    with pytest.raises(ModuleNotFoundError):\n        importlib.import_module('acme.a')\n"), a=KEPT),
        {},
    ),
    Row("raises-that-comes-true", acme(f"import pytest\ndef test_a():\n    with pytest.raises(ImportError):\n        from acme.a import gone\n{B}"), LOST),
    Row(
        "raises-with-a-tuple",
        acme(
            "import pytest\nimport acme.a as m\ndef test_a():\n"
            "    with pytest.raises((AttributeError, ValueError)):\n        m.gone()\n        raise ValueError\n"
            f"{B}"
        ),
        LOST,
    ),
    Row("raises-as-a-call", acme(f"import pytest\nimport acme.a as m\ndef test_a():\n    pytest.raises(AttributeError, lambda: m.gone)\n{B}"), {**LOST}),
    Row(
        "assert-raises-regex",
        acme(
            "import unittest\nimport acme.a as m\nclass TestX(unittest.TestCase):\n    def test_a(self):\n"
            "        with self.assertRaisesRegex(AttributeError, 'gone'):\n            m.gone\n"
        ),
        LOST,
    ),
    Row("name-in-a-docstring", acme("def test_a():\n    '''acme.a.gone, from acme.a import gone'''\n# from acme.a import gone\n"), LOST),
)
