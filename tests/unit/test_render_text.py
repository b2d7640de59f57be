from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from impact.render import FORMATS, Style
from impact.report import BrokenTest, Skipped, Verdict
from support import reports

if TYPE_CHECKING:
    from impact.render.document import ReportDocument
    from impact.report import Report


def text(report: Report, *, width: int = 100, color: bool = False, verbosity: int = 0) -> str:
    return FORMATS["text"](cast("ReportDocument", report.to_dict()), Style(width=width, color=color, verbosity=verbosity))


def test_the_story() -> None:
    assert (
        text(reports.story())
        == """\
3 test files cannot be collected, 1 fails at run time, 1 is silenced
between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f)

acme.factory  module deleted  (3 test files)
  deleted in 1f2c3d4 'Drop the old factory' (Ada, 2 days ago): acme/factory.py
  cannot be collected: ModuleNotFoundError: No module named 'acme.factory'
    tests/support.py:12     from acme.factory import make_order
      1 test file through this line:
        tests/api/test_basket.py:5  via tests/api/client.py:8
    tests/test_orders.py:3  from acme.factory import make_order
  passes without testing: Skipped: ModuleNotFoundError: No module named 'acme.factory'
    tests/test_speed.py:4  pytest.importorskip("acme.factory")

tests.helpers.login  deleted  (1 test file)
  no longer bound in tests/helpers.py
  cannot be collected: ImportError: cannot import name 'login' from 'tests.helpers'
    tests/test_login.py:2  from tests.helpers import login, logout

acme.orders.total  moved to acme.billing.total  (1 test file)
  the same body stands there: acme/orders.py -> acme/billing.py, 97 % similar
  -> use acme.billing.total
  fails at run time: AttributeError: <module 'acme.orders'> does not have the attribute 'total'
    tests/test_invoice.py:21  @mock.patch("acme.orders.total", return_value=3)
      in TestCredit::test_refund, test_due

1 reference was broken before this change: not counted
1 test file failed before this change for another reason, and would break now: not counted
1 file could not be read in full, so breaks may be missing: larger than 8 MB
-v lists them all
the patch: impact fix e0ea8b1c5d..1f2c3d4e5f
to bring back what has no other place: impact fix --restore e0ea8b1c5d..1f2c3d4e5f
"""
    )


def test_a_crowd_is_folded() -> None:
    assert (
        text(reports.crowd())
        == """\
2,000 test files cannot be collected
between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f)

acme.db  module renamed to acme.storage  (2,000 test files)
  renamed: acme/db.py -> acme/storage.py, 96 % similar
  -> use acme.storage
  cannot be collected: ModuleNotFoundError: No module named 'acme.db'
    tests/conftest.py:12  from acme.db import engine
      2,000 test files through this line:
        tests/part00/test_0000.py
        tests/part00/test_0001.py
        tests/part00/test_0002.py
        tests/part00/test_0003.py
        tests/part00/test_0004.py
        … 1,995 more test files (-v shows them)

the patch: impact fix e0ea8b1c5d..1f2c3d4e5f
"""
    )


def test_verbose_unfolds_everything() -> None:
    shown = text(reports.crowd(), verbosity=1)
    assert all(test.path in shown for test in reports.crowd().tests)
    assert "more" not in shown
    assert text(reports.story(), verbosity=1).endswith(
        """\
1 reference was broken before this change: not counted
  tests/test_old.py:1  import acme.gone  ModuleNotFoundError: No module named 'acme.gone'
1 test file failed before this change for another reason, and would break now: not counted
  tests/test_db.py  ModuleNotFoundError: No module named 'psycopg'
1 file could not be read in full, so breaks may be missing: larger than 8 MB
  acme/generated.py  larger than 8 MB
the patch: impact fix e0ea8b1c5d..1f2c3d4e5f
to bring back what has no other place: impact fix --restore e0ea8b1c5d..1f2c3d4e5f
"""
    )


def test_quiet_is_the_verdict_alone() -> None:
    assert text(reports.story(), verbosity=-1) == "3 test files cannot be collected, 1 fails at run time, 1 is silenced\n"


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (reports.report(), "No test breaks between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f).\n"),
        (reports.report(merged=True), "No test breaks between main (e0ea8b1c5d) and its merge with HEAD (1f2c3d4e5f).\n"),
        (
            reports.report(skipped=reports.story().skipped),
            """\
No test breaks between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f) in what could be read: 1 file could
  not.

1 file could not be read in full, so breaks may be missing: larger than 8 MB
-v lists them all
""",
        ),
        (
            reports.report(
                skipped=tuple(Skipped(f"{name}.py", reason) for name, reason in (("a", "no, it parses not: line 3"), ("b", "too large"), ("c", "too large")))
            ),
            """\
No test breaks between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f) in what could be read: 3 files could
  not.

3 files could not be read in full, so breaks may be missing: too large (2 files); no, it parses not:
  line 3
-v lists them all
""",
        ),
        (
            reports.report(changes=reports.story().changes[:1], tests=tuple(BrokenTest(f"tests/test_{n}.py", Verdict.AFFECTED, None) for n in range(7))),
            """\
No test breaks between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f).

7 test files depend on changed code
  tests/test_0.py
  tests/test_1.py
  tests/test_2.py
  tests/test_3.py
  tests/test_4.py
1 other thing moved or went, and nothing that a test reaches names it
-v lists them all
""",
        ),
        (
            reports.report(changes=reports.story().changes[:1], breaks=reports.story().breaks[:1]),
            """\
No test breaks between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f).

1 reference breaks in code that no test reaches
  tests/support.py:12  from acme.factory import make_order  ModuleNotFoundError: No module named
    'acme.factory'
1 other thing moved or went, and nothing that a test reaches names it
-v lists them all
""",
        ),
    ],
)
def test_nothing_breaks(report: Report, expected: str) -> None:
    assert text(report) == expected


def test_a_test_at_risk_for_no_single_cause() -> None:
    assert (
        text(reports.report(tests=(BrokenTest("tests/test_dynamic.py", Verdict.AT_RISK, None),)))
        == """\
1 test file is at risk
between main (e0ea8b1c5d) and HEAD (1f2c3d4e5f)

no single thing is known to be gone  (1 test file)
  may break
    tests/test_dynamic.py
"""
    )


def test_many_changes_and_lines_are_folded_with_their_weight() -> None:
    shown = text(reports.flood())
    assert "    … 25 more lines with 25 test files the same way (-v shows them)\n" in shown
    assert shown.endswith(
        "\n… 380 more changes with 11,400 test files (-v shows them)\n\nto bring back what has no other place: impact fix --restore e0ea8b1c5d..1f2c3d4e5f\n"
    )


def test_the_order_does_not_depend_on_that_of_the_report() -> None:
    story = reports.story()
    turned = replace(story, changes=story.changes[::-1], breaks=story.breaks[::-1], tests=story.tests[::-1])
    assert text(turned) == text(story)


def test_code_that_does_not_fit_beside_its_place_stands_below() -> None:
    story = reports.story()
    one = replace(story.breaks[1], code="from acme.factory import make_order, make_basket, make_invoice")
    shown = text(replace(story, breaks=(one,)), width=80)
    assert "    tests/test_orders.py:3\n      from acme.factory import make_order, make_basket, make_invoice\n" in shown


@pytest.mark.parametrize("verbosity", [0, 1])
def test_paths_and_exceptions_are_never_cut(verbosity: int) -> None:
    path = f"tests/{'deep/' * 40}test_it.py"
    story = reports.story()
    one = replace(story.breaks[1], path=path, exception="ModuleNotFoundError: " + "x" * 300, code="import " + "y" * 300)
    report = replace(story, breaks=(one,), tests=(BrokenTest(path, Verdict.COLLECTION_ERROR, one.exception, (), (one.id,)),))
    shown = text(report, width=60, verbosity=verbosity)
    assert path in shown
    assert one.exception in shown
    assert (one.code in " ".join(shown.split())) is (verbosity == 1)


@pytest.mark.parametrize(
    ("width", "line", "expected"),
    [
        (20, "  one two three four", "  one two three four\n"),
        (19, "  one two three four", "  one two three\n    four\n"),
        (19, "  three four in five_five", "  three four\n    in five_five\n"),
        (12, "    in a_name_of_its_own, other", "    in a_name_of_its_own,\n      other\n"),
        (16, "  one -> a_name_of_its_own", "  one\n    -> a_name_of_its_own\n"),
        (16, "  path:1  in two  via three", "  path:1  in two\n    via three\n"),
        (12, "漢字漢字 漢字漢字 漢字", "漢字漢字\n  漢字漢字\n  漢字\n"),
    ],
)
def test_a_line_that_is_too_wide_goes_on_below_between_two_words(width: int, line: str, expected: str) -> None:
    shown = text(reports.report(notes=(line,)), width=width)
    assert shown.endswith(f"\n{expected}")


def test_colour_is_there_when_asked_for_and_changes_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    coloured = text(reports.story(), color=True)
    assert coloured.startswith("\x1b[1;31m3 test files")
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text(reports.story())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in text(reports.story())


@pytest.mark.parametrize("verbosity", [0, 1])
def test_hostile_names_are_nothing_but_text(verbosity: int) -> None:
    shown = text(reports.hostile(), verbosity=verbosity)
    assert all(character == "\n" or character.isprintable() for character in shown)
    assert r"\x1b[31m\x1b]8;;https://evil.example\x07link" in shown
    assert "[bold red]rich[/bold red] [link=https://evil.example]x[/link] :smile:" in shown
    assert r"line\nbreak\r\n" in shown


def test_bodies_that_share_nothing_are_not_counted_in_percent() -> None:
    story = reports.story()
    (moved,) = (change for change in story.changes if any(one.similarity == 97 for one in change.evidence))
    strange = replace(moved, evidence=(replace(moved.evidence[0], detail="it has the same name, but another body", similarity=0),))
    told = text(replace(story, changes=tuple(strange if change is moved else change for change in story.changes)))
    assert "97 % similar" in text(story)
    assert "but another body" in told
    assert "% similar" not in told[told.index("but another body") :].partition("\n\n")[0]
