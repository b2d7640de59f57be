from __future__ import annotations

import pytest

from impact.render.suggestions import rewritten
from support import reports


@pytest.mark.parametrize(
    ("kind", "code", "target", "replacement", "expected"),
    [
        ("from-import", "from acme.db import engine", "acme.db", "acme.storage", "from acme.storage import engine"),
        ("from-import", "    from acme.db import engine, pool  # both", "acme.db", "acme.storage", "from acme.storage import engine, pool  # both"),
        ("from-import", "from acme.orders import total", "acme.orders:total", "acme.billing:total", "from acme.billing import total"),
        ("from-import", "from acme.orders import total", "acme.orders:total", "acme.orders:amount", "from acme.orders import amount as total"),
        ("from-import", "from acme.orders import total as t  # x", "acme.orders:total", "acme.billing:sum", "from acme.billing import sum as t  # x"),
        ("from-import", "from acme import db", "acme.db", "acme.storage", "from acme import storage as db"),
        ("star", "from acme.db import *", "acme.db", "acme.storage", "from acme.storage import *"),
        ("import", "import acme.db as db", "acme.db", "acme.storage", "import acme.storage as db"),
        ("string", '@mock.patch("acme.db.engine")', "acme.db", "acme.storage", '@mock.patch("acme.storage.engine")'),
        ("string", '@mock.patch("acme.orders.total", 3)', "acme.orders:total", "acme.billing:total", '@mock.patch("acme.billing.total", 3)'),
        # What is bound for the rest of the file would change its name, or the line is only a part of the statement.
        ("import", "import acme.db", "acme.db", "acme.storage", None),
        ("from-import", "from acme.orders import total, tax", "acme.orders:total", "acme.billing:total", None),
        ("from-import", "from acme.db import (", "acme.db", "acme.storage", None),
        ("from-import", "from acme.db import engine, \\", "acme.db", "acme.storage", None),
        ("from-import", "from .db import engine", "acme.db", "acme.storage", None),
        ("from-import", "from acme.db import engine", "acme.database", "acme.storage", None),
        ("from-import", "from acme import db", "acme.db", "storage", None),
        ("attribute", "acme.db.engine()", "acme.db", "acme.storage", None),
        # A name within a longer one.
        ("string", '"acme.database"', "acme.db", "acme.storage", None),
        ("string", '"my.acme.db"', "acme.db", "acme.storage", None),
        ("string", '"acme.db"', "acme.db", "x; y", None),
        ("from-import", "from acme.db import engine", "acme.db", "a\nb", None),
    ],
)
def test_one_line(kind: str, code: str, target: str, replacement: str, expected: str | None) -> None:
    one = reports.story().breaks[0].to_dict() | {"kind": kind, "code": code, "target": target}
    assert rewritten({**one, "remedy": {"replacement": replacement, "certainty": "likely"}}) == expected  # type: ignore[typeddict-item]
    assert rewritten({**one, "remedy": None}) is None  # type: ignore[typeddict-item]
    assert rewritten({**one, "remedy": {"replacement": replacement, "certainty": "possible"}}) is None  # type: ignore[typeddict-item]
