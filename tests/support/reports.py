"""Reports built by hand, for the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impact.report import (
    Break,
    BrokenTest,
    Certainty,
    Change,
    ChangeKind,
    End,
    Evidence,
    Excerpt,
    Link,
    Masked,
    Meeting,
    Party,
    ReferenceKind,
    Remedy,
    Report,
    Skipped,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

BASE = End("main", "e0ea8b1c5d7a90b1f2c3d4e5f60718293a4b5c6d")
HEAD = End("HEAD", "1f2c3d4e5f60718293a4b5c6de0ea8b1c5d7a90b")


def report(
    *,
    changes: tuple[Change, ...] = (),
    breaks: tuple[Break, ...] = (),
    tests: tuple[BrokenTest, ...] = (),
    preexisting: tuple[Break, ...] = (),
    masked: tuple[Masked, ...] = (),
    skipped: tuple[Skipped, ...] = (),
    head: End = HEAD,
    merged: bool = False,
    meetings: tuple[Meeting, ...] = (),
    conflicts: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    excerpts: tuple[Excerpt, ...] = (),
) -> Report:
    return Report("0.1.0", BASE, head, merged, changes, breaks, tests, preexisting, masked, skipped, meetings, conflicts, notes, excerpts)


def story() -> Report:
    """A factory module is deleted, a function moved, a helper lost; one test patches by string, one skips silently."""
    factory = Change(
        ChangeKind.MODULE_DELETED,
        "acme.factory",
        None,
        "acme/factory.py",
        None,
        (Evidence("commit", "deleted in 1f2c3d4 'Drop the old factory' (Ada, 2 days ago)", path="acme/factory.py"),),
    )
    total = Change(
        ChangeKind.SYMBOL_MOVED,
        "acme.orders:total",
        "acme.billing:total",
        "acme/orders.py",
        "acme/billing.py",
        (Evidence("same-body", "the same body stands there", path="acme/orders.py", new_path="acme/billing.py", similarity=97),),
    )
    login = Change(ChangeKind.SYMBOL_DELETED, "tests.helpers:login", None, "tests/helpers.py", None, (Evidence("diff", "no longer bound in tests/helpers.py"),))
    moved = Remedy("acme.billing:total", Certainty.CERTAIN)
    missing = "ModuleNotFoundError: No module named 'acme.factory'"
    in_support = Break("tests/support.py", 12, 0, "from acme.factory import make_order", ReferenceKind.FROM_IMPORT, "acme.factory", factory.id, False, missing)
    in_test = Break("tests/test_orders.py", 3, 0, "from acme.factory import make_order", ReferenceKind.FROM_IMPORT, "acme.factory", factory.id, False, missing)
    skipping = Break(
        "tests/test_speed.py", 4, 0, 'pytest.importorskip("acme.factory")', ReferenceKind.STRING, "acme.factory", factory.id, False, f"Skipped: {missing}"
    )
    patched = Break(
        "tests/test_invoice.py",
        21,
        4,
        '@mock.patch("acme.orders.total", return_value=3)',
        ReferenceKind.STRING,
        "acme.orders:total",
        total.id,
        True,
        "AttributeError: <module 'acme.orders'> does not have the attribute 'total'",
        moved,
    )
    helper = Break(
        "tests/test_login.py",
        2,
        0,
        "from tests.helpers import login, logout",
        ReferenceKind.FROM_IMPORT,
        "tests.helpers:login",
        login.id,
        False,
        "ImportError: cannot import name 'login' from 'tests.helpers'",
    )
    return report(
        changes=(factory, total, login),
        breaks=(in_support, in_test, patched, helper, skipping),
        tests=(
            BrokenTest("tests/test_orders.py", Verdict.COLLECTION_ERROR, missing, (), (in_test.id,), (Link("tests/test_orders.py", "tests.test_orders", 3),)),
            BrokenTest(
                "tests/api/test_basket.py",
                Verdict.COLLECTION_ERROR,
                missing,
                (),
                (in_support.id,),
                (
                    Link("tests/api/test_basket.py", "tests.api.test_basket", 5),
                    Link("tests/api/client.py", "tests.api.client", 8),
                    Link("tests/support.py", "tests.support", 12),
                ),
            ),
            BrokenTest(
                "tests/test_login.py", Verdict.COLLECTION_ERROR, helper.exception, (), (helper.id,), (Link("tests/test_login.py", "tests.test_login", 2),)
            ),
            BrokenTest(
                "tests/test_invoice.py",
                Verdict.RUNTIME_ERROR,
                patched.exception,
                ("tests/test_invoice.py::test_due", "tests/test_invoice.py::TestCredit::test_refund"),
                (patched.id,),
                (Link("tests/test_invoice.py", "tests.test_invoice", 21),),
            ),
            BrokenTest("tests/test_speed.py", Verdict.SILENCED, skipping.exception, (), (skipping.id,), (Link("tests/test_speed.py", "tests.test_speed", 4),)),
        ),
        preexisting=(
            Break(
                "tests/test_old.py",
                1,
                0,
                "import acme.gone",
                ReferenceKind.IMPORT,
                "acme.gone",
                None,
                False,
                "ModuleNotFoundError: No module named 'acme.gone'",
            ),
        ),
        masked=(Masked("tests/test_db.py", "ModuleNotFoundError: No module named 'psycopg'"),),
        skipped=(Skipped("acme/generated.py", "larger than 8 MB"),),
        excerpts=(
            Excerpt("tests/api/client.py", 8, 8, ("from tests.support import order",)),
            Excerpt("tests/support.py", 12, 10, ("import json", "", "from acme.factory import make_order", "", "", "def order():")),
            Excerpt(
                "tests/test_invoice.py",
                21,
                19,
                ("", "class TestCredit:", '    @mock.patch("acme.orders.total", return_value=3)', "    def test_refund():"),
            ),
        ),
    )


STORY_CHART = """\
flowchart LR
  n0["acme.factory module deleted"]:::gone
  n1["tests/support.py#58;12"]
  n2(["tests/api/test_basket.py#58;5"]):::test
  n3["tests/api/client.py#58;8"]
  n4(["tests/test_orders.py#58;3"]):::test
  n5(["tests/test_speed.py#58;4"]):::test
  n6["tests.helpers.login deleted"]:::gone
  n7(["tests/test_login.py#58;2"]):::test
  n8["acme.orders.total moved to acme.billing.total"]:::gone
  n9(["tests/test_invoice.py#58;21"]):::test
  n1 --> n0
  n2 --> n3
  n3 --> n1
  n4 --> n0
  n5 -.-> n0
  n7 --> n6
  n9 -.-> n8
  classDef gone fill:#ffd7d5,stroke:#cf222e,color:#82071e,stroke-dasharray:4 3
  classDef test fill:#ddf4ff,stroke:#0969da,color:#0a3069
  classDef more fill:#f6f8fa,stroke:#8c959f,color:#57606a
"""
"""The story as Mermaid draws it."""


def crowd(count: int = 2000) -> Report:
    """Very many tests break through one `conftest.py`."""
    gone = Change(
        ChangeKind.MODULE_RENAMED,
        "acme.db",
        "acme.storage",
        "acme/db.py",
        "acme/storage.py",
        (Evidence("git", "renamed", "acme/db.py", "acme/storage.py", 96),),
    )
    one = Break(
        "tests/conftest.py",
        12,
        0,
        "from acme.db import engine",
        ReferenceKind.FROM_IMPORT,
        "acme.db",
        gone.id,
        False,
        "ModuleNotFoundError: No module named 'acme.db'",
        Remedy("acme.storage", Certainty.CERTAIN),
    )
    tests = tuple(
        BrokenTest(
            f"tests/part{number // 100:02}/test_{number:04}.py",
            Verdict.COLLECTION_ERROR,
            one.exception,
            (),
            (one.id,),
            (Link(f"tests/part{number // 100:02}/test_{number:04}.py", f"test_{number:04}", 0), Link("tests/conftest.py", "tests.conftest", 12)),
        )
        for number in range(count)
    )
    return report(changes=(gone,), breaks=(one,), tests=tests)


HOSTILE = (
    "`code` ``more`` ```",
    "a|b\\|c",
    "<script>alert(1)</script><img src=x onerror=y></details>",
    "@octocat and a@b.example",
    "![x](https://evil.example/x.png) [y](javascript:z) https://evil.example www.evil.example",
    "line\nbreak\r\n\n# heading\u2028\u2029\x0b\x0c\x85",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "\x1b[31m\x1b]8;;https://evil.example\x07link\x07\x9b2J\x00",
    "[bold red]rich[/bold red] [link=https://evil.example]x[/link] :smile:",
    "n" * 10_000,
    "\udc80\udcff",
    "#1 GH-1 <!-- --> &lt; &#64;octocat {{ 7 * 7 }} {% raw %}",
    "`",
    " ` ",
    "\\",
    "",
)


def hostile() -> Report:
    """Every place that a repository can fill, filled with what tries to be more than text."""
    return filled(HOSTILE)


def filled(texts: Sequence[str]) -> Report:
    """Every place that a repository can fill, filled with each of `texts`; the first reaches a test through another file as well."""
    changes = tuple(Change(ChangeKind.MODULE_RENAMED, text or "empty", text, text, text, (Evidence("commit", text, text, text, 50),)) for text in texts)
    breaks = tuple(
        Break(
            text or "empty", number, 0, text, ReferenceKind.IMPORT, text, change.id, False, f"ImportError: {text}", Remedy(f"{number}{text}", Certainty.LIKELY)
        )
        for number, (text, change) in enumerate(zip(texts, changes, strict=True), 1)
    )
    helper = Break("helper.py", 1, 0, "import x", ReferenceKind.IMPORT, "x", changes[0].id, False, "ImportError: x")
    tests = tuple(
        BrokenTest(
            one.path, Verdict.COLLECTION_ERROR, one.exception, (one.code,), (one.id, helper.id), (Link(one.path, one.path, 1), Link(one.code, one.code, 2))
        )
        for one in breaks
    )
    return report(
        changes=changes,
        breaks=(*breaks, helper),
        tests=tests,
        preexisting=breaks,
        masked=tuple(Masked(text, text) for text in texts),
        skipped=tuple(Skipped(text, text) for text in texts),
        meetings=tuple(
            Meeting(one.id, Party(one.code, None, None, None, 0), Party(one.code, BASE.commit, one.code, one.path, 3), (one.path,)) for one in breaks
        ),
        conflicts=tuple(texts),
        notes=tuple(texts),
        excerpts=tuple(Excerpt(one.path, one.line, max(1, one.line - 1), (one.code, one.code)) for one in breaks),
        merged=True,
        head=End(texts[-1] + texts[0], None),
    )


def flood(count: int = 400) -> Report:
    """Very many changes, each with many breaks, each with many tests: no comment holds them."""
    changes = tuple(Change(ChangeKind.MODULE_DELETED, f"acme.part{number:04}", None, f"acme/part{number:04}.py", None) for number in range(count))
    breaks = tuple(
        Break(
            f"tests/part{number:04}/test_{line}.py",
            line,
            0,
            f"import acme.part{number:04}",
            ReferenceKind.IMPORT,
            changes[number].old,
            changes[number].id,
            False,
            f"ModuleNotFoundError: No module named '{changes[number].old}'",
        )
        for number in range(count)
        for line in range(1, 31)
    )
    tests = tuple(BrokenTest(one.path, Verdict.COLLECTION_ERROR, one.exception, (), (one.id,), (Link(one.path, "x", one.line),)) for one in breaks)
    return report(changes=changes, breaks=breaks, tests=tests)
