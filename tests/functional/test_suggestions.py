"""`impact comment --suggest` against a forge that keeps state: an edit becomes a suggestion where the change shows the line, once, as long as it holds."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import cmarkgfm
import pytest

from impact.bot.forges import Request, find_forge
from impact.bot.github import GitHub
from impact.bot.gitlab import GitLab
from impact.bot.hunks import spots
from impact.bot.suggesting import publish_suggestions
from impact.errors import ForgeError
from impact.render.remarks import edits
from impact.render.view import overview
from impact.report import Break, BrokenTest, Certainty, Change, ChangeKind, ReferenceKind, Remedy, Report, Verdict
from support import reports
from support.commands import Said, impact_command
from support.forge import ME, StandIn, serve
from support.repositories import draw
from support.threads import Thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from impact.bot.suggesting import Suggested
    from impact.render.document import ReportDocument

TOKEN = "secret-token-0123456789"  # noqa: S105 - it opens nothing
BEFORE = "from acme.db import engine"
AFTER = "from acme.storage import engine"
# The change shows line 12 (its own) and 11 (around it) of one file, and line 3 of another.
FILES = {
    "tests/test_a.py": f"@@ -10,3 +10,4 @@ def test():\n import os\n     {BEFORE}\n+    {BEFORE}  # twice\n x = 1\n",
    "tests/test_b.py": f"@@ -0,0 +1,3 @@\n+import os\n+\n+{BEFORE}\n\\ No newline at end of file",
}


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    for stand_in in serve(StandIn(request.param)):
        stand_in.threads.files = dict(FILES)
        yield stand_in


def one_break(path: str, line: int, code: str, replacement: str = "acme.storage", certainty: Certainty = Certainty.CERTAIN) -> Break:
    exception = "ModuleNotFoundError: No module named 'acme.db'"
    return Break(path, line, 0, code, ReferenceKind.FROM_IMPORT, "acme.db", "module-renamed:acme.db", False, exception, Remedy(replacement, certainty))


def report(*breaks: Break) -> Report:
    gone = Change(ChangeKind.MODULE_RENAMED, "acme.db", "acme.storage", "acme/db.py", "acme/storage.py")
    tests = tuple(BrokenTest(one.path, Verdict.COLLECTION_ERROR, one.exception, (), (one.id,)) for one in breaks)
    return reports.report(changes=(gone,), breaks=breaks, tests=tests)


def suggest(stand_in: StandIn, *breaks: Break, key: str = "default") -> Suggested:
    found = find_forge(Request(stand_in.dialect, "acme/shop", 7, stand_in.url), {"IMPACT_TOKEN": TOKEN}, sleep=lambda _: None)
    assert isinstance(found, GitHub | GitLab)
    return publish_suggestions(found, key, edits(overview(cast("ReportDocument", report(*breaks).to_dict()))))


def there(stand_in: StandIn) -> list[tuple[str, int]]:
    return [(one.path, one.line) for one in stand_in.threads.all.values() if one.author == ME]


IN_A, IN_B = one_break("tests/test_a.py", 11, BEFORE), one_break("tests/test_b.py", 3, BEFORE)


def test_a_line_that_the_change_shows_gets_a_suggestion(forge: StandIn) -> None:
    done = suggest(forge, IN_A, IN_B, one_break("tests/test_c.py", 3, BEFORE))
    assert (str(done), there(forge)) == ("2 posted", [("tests/test_a.py", 11), ("tests/test_b.py", 3)])
    assert done.places == {("tests/test_a.py", 11), ("tests/test_b.py", 3)}
    info = "suggestion" if forge.dialect == "github" else "suggestion:-0+0"
    marker, _, text = forge.threads.all[100].body.partition("\n\n")
    assert re.fullmatch(r"<!-- impact-suggestion: default [0-9a-f]{16} -->", marker)
    assert text == (
        "1 test file cannot be collected. `acme.db module renamed to acme.storage`: `ModuleNotFoundError: No module named 'acme.db'`\n"
        f"\n```{info}\n    {AFTER}\n```\n"
    )


def test_each_is_posted_once_and_withdrawn_when_it_holds_no_more(forge: StandIn) -> None:
    suggest(forge, IN_A, IN_B)
    assert str(suggest(forge, IN_A, IN_B)) == "2 there already"
    forge.threads.files["tests/test_b.py"] = FILES["tests/test_b.py"].replace("+1,3", "+1,4").replace("+import os", "+import re\n+import os")
    assert str(suggest(forge, IN_A, replace(IN_B, line=4))) == "2 there already", "a line that moves is the same"
    assert str(suggest(forge, IN_A)) == "1 there already, 1 withdrawn"
    assert there(forge) == [("tests/test_a.py", 11)]
    assert str(suggest(forge)) == "1 withdrawn"
    assert str(suggest(forge)) == "none on a line of this change"
    assert there(forge) == []


def test_what_others_wrote_and_what_they_answered_stays(forge: StandIn) -> None:
    suggest(forge, IN_A)
    (number,) = forge.threads.all
    forge.threads.all[number].answers.append("why?")
    forge.threads.add(Thread("somebody", forge.threads.all[number].body, "tests/test_a.py", 11))
    forge.threads.add(Thread(ME, "a remark of ours of another kind", "tests/test_a.py", 11))
    assert str(suggest(forge)) == "none on a line of this change"
    assert len(forge.threads.all) == 3
    assert str(suggest(forge, IN_A)) == "1 there already"


def test_jobs_that_start_together_end_with_one(forge: StandIn) -> None:
    barrier = threading.Barrier(4)

    def job() -> None:
        barrier.wait()
        suggest(forge, IN_A)

    jobs = [threading.Thread(target=job) for _ in range(4)]
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()
    assert there(forge) == [("tests/test_a.py", 11)]


def test_an_attempt_that_seemed_to_fail_is_cleaned_up_after(forge: StandIn) -> None:
    forge.threads.fails_after = 1
    assert str(suggest(forge, IN_A)) == "1 posted, 1 withdrawn"
    assert there(forge) == [("tests/test_a.py", 11)]


def test_what_github_folded_away_is_said_again() -> None:
    for forge in serve(StandIn("github")):
        forge.threads.files = dict(FILES)
        suggest(forge, IN_A)
        forge.threads.all[100].shown = False
        assert str(suggest(forge, IN_A)) == "1 posted"
        assert str(suggest(forge)) == "1 withdrawn"
        assert list(forge.threads.all) == [100], "history, and GitHub shows it as such"


def test_reports_of_two_names_have_their_own(forge: StandIn) -> None:
    suggest(forge, IN_A, key="api")
    assert str(suggest(forge, IN_A, key="web")) == "1 posted"
    assert str(suggest(forge, key="web")) == "1 withdrawn"
    assert len(forge.threads.all) == 1


def test_over_pages(forge: StandIn) -> None:
    forge.threads.files = {f"part{number}.py": FILES["tests/test_b.py"] for number in range(230)} | FILES
    for number in range(130):
        forge.threads.add(Thread("somebody", "hello", "tests/test_a.py", 11 + number % 2))
    assert str(suggest(forge, IN_A)) == "1 posted"
    assert str(suggest(forge, IN_A)) == "1 there already"


@pytest.mark.parametrize(
    ("one", "place"),
    [
        # The report is about the merge, where the line stands elsewhere.
        (one_break("tests/test_b.py", 30, BEFORE), ("tests/test_b.py", 3)),
        (one_break("tests/test_a.py", 12, f"{BEFORE}  # twice"), ("tests/test_a.py", 12)),
        (one_break("tests/test_b.py", 3, BEFORE, certainty=Certainty.LIKELY), ("tests/test_b.py", 3)),
        (one_break("tests/test_b.py", 3, BEFORE, certainty=Certainty.POSSIBLE), None),
        # Another commit: the line reads otherwise.
        (one_break("tests/test_b.py", 3, "from acme.db import other"), None),
        # What takes more than one line is told in words.
        (one_break("tests/test_b.py", 3, "from acme.db import ("), None),
        (one_break("../tests/test_b.py", 3, BEFORE), None),
        # A report that somebody made up suggests a name and nothing else.
        (one_break("tests/test_b.py", 3, BEFORE, "acme.storage import engine; import os; os"), None),
        (one_break("tests/test_b.py", 3, BEFORE, "acme\n```\n@octocat"), None),
        (one_break("tests/test_b.py", 3, "import os; os.system('x')"), None),
    ],
)
def test_which_line(forge: StandIn, one: Break, place: tuple[str, int] | None) -> None:
    suggest(forge, one)
    assert there(forge) == ([place] if place else [])


@pytest.mark.parametrize("lines", [(3, 50), (50, 3), (50, 70), (2, 50)])
def test_no_line_has_two(forge: StandIn, lines: tuple[int, int]) -> None:
    """The file has the line twice, or more often, and the change shows one of them."""
    suggest(forge, *(one_break("tests/test_b.py", line, BEFORE) for line in lines))
    assert there(forge) == [("tests/test_b.py", 3)]


def test_a_hostile_line_and_hostile_names_are_inert(forge: StandIn) -> None:
    line = f"{BEFORE}  # ``` </details> @octocat <img src=x> `````"
    forge.threads.files = {"tests/test_b.py": f"@@ -1 +1 @@\n+\t{line}\r"}
    gone = Change(ChangeKind.MODULE_RENAMED, "acme.db", "`@octocat` <b>\n# x", "x", "x")
    hostile = replace(one_break("tests/test_b.py", 1, line), exception="`</code> @octocat\n# heading", change=gone.id)
    found = find_forge(Request(forge.dialect, "acme/shop", 7, forge.url), {"IMPACT_TOKEN": TOKEN})
    assert isinstance(found, GitHub | GitLab)
    made = reports.report(changes=(gone,), breaks=(hostile,), tests=(BrokenTest("tests/test_b.py", Verdict.COLLECTION_ERROR, "x", (), (hostile.id,)),))
    publish_suggestions(found, "default", edits(overview(cast("ReportDocument", made.to_dict()))))
    body = forge.threads.all[100].body.partition("\n\n")[2]
    shown = cmarkgfm.github_flavored_markdown_to_html(body)
    tags = re.findall(r"<(\w+)", re.sub(r"<code[^>]*>.*?</code>", "<code></code>", shown, flags=re.DOTALL))
    assert tags == ["p", "code", "code", "pre", "code"]
    assert f"\n\t{line.replace('db', 'storage')}\n``````\n" in body


@pytest.mark.parametrize("line", ['/merge "acme.db"', '\x0b"acme.db"', '\x1b[31m"acme.db"', '\u202e"acme.db"'])
def test_a_line_that_is_more_than_text_gets_no_suggestion(forge: StandIn, line: str) -> None:
    forge.threads.files = {"tests/test_b.py": f"@@ -1 +1 @@\n+{line}"}
    suggest(forge, replace(one_break("tests/test_b.py", 1, line.strip()), kind=ReferenceKind.STRING))
    assert there(forge) == []


@pytest.mark.parametrize("patch", ["", "@@ nonsense @@\n+x", "+x\n", "@@ -1 +1 @@", "\\ No newline at end of file"])
def test_hunks_that_show_nothing(patch: str) -> None:
    assert [one for one in spots("a", "a", patch) if one.line > 0] == []


def test_at_most_thirty_at_once(forge: StandIn) -> None:
    forge.threads.files = {f"tests/test_{number}.py": FILES["tests/test_b.py"] for number in range(40)}
    assert str(suggest(forge, *(one_break(f"tests/test_{number}.py", 3, BEFORE) for number in range(40)))) == "30 posted"


def run(forge: StandIn, at: Path, *arguments: str) -> Said:
    (at / "report.json").write_text(json.dumps(report(IN_A, IN_B, one_break("tests/test_c.py", 3, BEFORE)).to_dict()))
    where = ("--forge", forge.dialect, "--repository", "acme/shop", "--number", "7", "--api-url", forge.url)
    return impact_command("comment", "report.json", *where, *arguments, at=at, cache=at / "cache", environment={"IMPACT_TOKEN": TOKEN})


def test_the_command(forge: StandIn, tmp_path: Path) -> None:
    done = run(forge, tmp_path, "--suggest")
    assert (done.code, done.out, done.err) == (0, "", "impact: comment: created\nimpact: suggestions: 2 posted\n")
    again = run(forge, tmp_path, "--suggest")
    assert again.err == "impact: comment: unchanged\nimpact: suggestions: 2 there already\n"
    assert run(forge, tmp_path).err == "impact: comment: unchanged\n"


STORAGE = "import os\n\n\ndef engine(url):\n    kind, _, rest = url.partition(':')\n    return (kind, rest or os.sep)\n"


def test_of_a_real_change_the_lines_that_git_shows(forge: StandIn, tmp_path: Path) -> None:
    test = "import os\n\n\ndef test_engine():\n    from acme.db import engine\n\n    assert engine('x')\n"
    far = "from acme.db import engine\n" + "\n" * 9 + "def test_far():\n    assert engine('x')\n"
    base = {"acme/__init__.py": "", "acme/db.py": STORAGE, "tests/test_near.py": test, "tests/test_far.py": far, "tests/test_other.py": far}
    head = {
        "acme/__init__.py": "",
        "acme/storage.py": STORAGE,
        # One line away from the import, and too far away from it for the hunk.
        "tests/test_near.py": test.replace("assert engine('x')", "assert engine('y')"),
        "tests/test_far.py": far + "    assert engine('y')\n",
        "tests/test_other.py": far,
    }
    repository = draw(tmp_path / "repository", base=base, head=head)
    said = impact_command("diff", "base..head", "--output-format", "json", at=repository.path, cache=tmp_path / "cache")
    assert {test["path"] for test in said.report["tests"]} == {"tests/test_near.py", "tests/test_far.py", "tests/test_other.py"}
    patches = re.split(r"^diff --git .*\n", repository.git("diff", "--no-renames", "base", "head", "--", "tests"), flags=re.MULTILINE)[1:]
    forge.threads.files = {patch.partition("+++ b/")[2].partition("\n")[0]: patch[patch.index("@@") :] for patch in patches}
    assert set(forge.threads.files) == {"tests/test_near.py", "tests/test_far.py"}
    (tmp_path / "report.json").write_text(said.out)
    where = ("--forge", forge.dialect, "--repository", "acme/shop", "--number", "7", "--api-url", forge.url)
    done = impact_command("comment", "report.json", "--suggest", *where, at=tmp_path, cache=tmp_path / "cache", environment={"IMPACT_TOKEN": TOKEN})
    assert done.err == "impact: comment: created\nimpact: suggestions: 1 posted\n"
    (thread,) = forge.threads.all.values()
    assert (thread.path, thread.line) == ("tests/test_near.py", 5)
    assert "\n    from acme.storage import engine\n```" in thread.body


def test_what_has_a_suggestion_needs_no_annotation(tmp_path: Path) -> None:
    for forge in serve(StandIn("github")):
        forge.threads.files = dict(FILES)
        done = run(forge, tmp_path, "--suggest", "--check-run")
        assert done.err == "impact: comment: created\nimpact: suggestions: 2 posted\nimpact: check run: failure\n"
        assert [one["path"] for one in forge.asked[-1].body["output"]["annotations"]] == ["tests/test_c.py"]


def test_a_forge_without_suggestions(tmp_path: Path) -> None:
    for forge in serve(StandIn("gitea")):
        done = run(forge, tmp_path, "--suggest")
        assert (done.code, done.err) == (2, "impact: comment: created\nimpact: --suggest: only GitHub and GitLab have suggestions\n")


def test_a_line_that_the_forge_does_not_take_is_one_clear_line(forge: StandIn) -> None:
    forge.threads.files = {"tests/test_b.py": FILES["tests/test_b.py"]}
    found = find_forge(Request(forge.dialect, "acme/shop", 7, forge.url), {"IMPACT_TOKEN": TOKEN})
    assert isinstance(found, GitHub | GitLab)
    (spot, *_) = spots("tests/gone.py", "tests/gone.py", FILES["tests/test_b.py"])
    with pytest.raises(ForgeError, match=r"part of the diff|line_code can't be blank"):
        found.suggest([(spot, "text")])
