"""A rule on a page has a proof, and each way to lose it is red."""

from collections.abc import Callable

import pytest

from proven.modes import Mode
from proven.page import rules
from proven.project import Project
from proven.record import Error, Record, save
from proven.testing import html

TEXT = "# Q?\n\nA run doubles its number.\n\nIt prints, and never waits.\n"
NOTE = "``` snippet a.py\nnotes:\n  x: Only here.\n```\n"
CLAIMS = """\
[[claim]]
claim = 'A run doubles its number.'
proof = ["a.py::check"]

[[claim]]
claim = 'It prints, and never waits.'
proof = ["tests/test_a.py::test_quick[1]"]
attacks = ["tests/test_a.py::test_slow"]
"""


@pytest.fixture
def proven(tiny: Project) -> Project:
    """A page with two rules, and what shows them."""
    (tiny.docs / "index.md").write_text(TEXT)
    (tiny.root / "tests").mkdir()
    (tiny.root / "tests" / "test_a.py").write_text(
        "def test_quick(): ...\n\n\nclass TestSlow:\n    def test_slow(self): ...\n"
    )
    tiny.rules.mkdir()
    (tiny.rules / "index.toml").write_text(CLAIMS)
    run = tiny.run("a.py::check")
    save(Record("a.py", Mode.CHECK, run.key, passed=True), run.path)
    return tiny


def problems(project: Project) -> list[str]:
    lines = (project.docs / "index.md").read_text().splitlines()
    return list(rules.problems(project, "docs/index.md", 1, lines))


def test_a_page_whose_rules_are_proven_is_fine(proven: Project) -> None:
    assert problems(proven) == []


def _edit(old: str, new: str) -> Callable[[Project], None]:
    def edit(project: Project) -> None:
        for path in (project.docs / "index.md", project.rules / "index.toml"):
            text = path.read_text()
            if old in text:
                path.write_text(text.replace(old, new))
                return
        raise AssertionError(old)

    return edit


def _fail_run(project: Project) -> None:
    run = project.run("a.py::check")
    save(Record("a.py", Mode.CHECK, run.key, error=Error("ValueError", "no")), run.path)


def _remove(name: str) -> Callable[[Project], None]:
    return lambda project: (project.root / name).unlink()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_edit("never waits.\n", "never waits.\n\nAny number is safe."), "docs/index.md:7: a rule"),
        (_edit("never waits.\n", "never waits.\n\nPut it first."), "docs/index.md:7: a rule"),
        (_edit("never waits.\n", f"never waits.\n\n{NOTE}"), "docs/index.md:7: a rule"),
        (_edit("A run doubles", "A run trebles"), "docs/index.md:3: a rule without a proof"),
        (_edit("A run doubles", "A run trebles"), "it says now: 'A run trebles its number.'"),
        (_edit('["a.py::check"]', "[]"), "has no proof; name a run"),
        (_edit("a.py::check", "aa.py::check"), "did you mean a.py"),
        (_edit("a.py::check", "a.py::chekc"), "has no mode 'chekc'"),
        (_edit("test_quick", "test_fast"), "has no test 'test_fast'"),
        (_edit("::test_slow", "::test_slower"), "has no test 'test_slower'"),
        (_remove("tests/test_a.py"), "there is no tests/test_a.py"),
        (_remove("records/a.py/check.json"), "was never run; run: uv run proven update"),
        (_fail_run, "no longer holds: snippets/a.py::check failed: ValueError: no"),
        (_remove("claims/index.toml"), "uv run proven claim docs/index.md"),
    ],
)
def test_each_way_to_lose_a_proof_is_named(
    proven: Project, change: Callable[[Project], None], said: str
) -> None:
    change(proven)
    assert said in "\n".join(problems(proven))


def test_an_entry_is_begun_for_each_rule_that_has_none(proven: Project) -> None:
    page = proven.docs / "index.md"
    assert rules.begin(proven, page, [])[0] == 0
    page.write_text(TEXT + '\nIt\'s `always` "so".\n')
    assert rules.begin(proven, page, ["a.py::check"])[0] == 1
    kept = rules.read(proven.rules / "index.toml")
    assert [claim.claim for claim in kept][2:] == ['It\'s `always` "so".']
    assert "proof = []  # it shows: a.py::check" in (proven.rules / "index.toml").read_text()
    assert any("has no proof" in problem for problem in problems(proven))


def test_a_mark_behind_each_rule_leads_to_its_proof(proven: Project) -> None:
    lines = TEXT.splitlines()
    assert rules.marked(proven, "docs/index.md", lines) == lines, "no page lists the proofs"
    (proven.docs / "proof.md").write_text("# Proof\n\n``` rules\n```\n")
    marked = rules.marked(proven, "docs/index.md", lines)
    first, second = (rules.id_of("index.md", lines[n]) for n in (2, 4))
    assert first.startswith("rule-index-")
    assert marked[2].startswith(f"A run doubles its number.[](proof.md#{first}){{.rule ")
    assert marked[4].startswith(f"It prints, and never waits.[](proof.md#{second}){{.rule ")
    assert marked[0::2][0] == "# Q?"


def test_the_rules_of_a_page_are_a_fold_that_the_search_leaves_out(proven: Project) -> None:
    (proven.docs / "index.md").write_text(TEXT.replace("# Q?", "# Is `x` <y>?"))
    made = html(proven, "``` rules\n```")
    assert '<details class="fold" data-search-exclude data-verdict="true"' in made
    assert "<span>Is <code>x</code> &lt;y&gt;?</span> <small>2 rules</small>" in made
    assert made.count("<tr>") == 3
