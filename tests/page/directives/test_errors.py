"""The directive `errors`: what each left-out line gave, and what it refuses."""

from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.project import Project
from proven.record import Error
from proven.testing import html, page, record, tiny
from proven.text.page import of_page

SCRIPT = "# Left out: `. the __pool__`, once. Nobody made it.\nexit 1\n"
PAGE = """``` errors x
of:
  left_out/pool.sh:
    error: 'no pool _named_ shop'
    mend: Make it, see [the page](deploy.md).
```"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = tiny(tmp_path, {"snippets/x/left_out/pool.sh": SCRIPT, "snippets/x/bare.sh": "exit 1\n"})
    broken = ["Error: no pool", "_named_ shop"]
    said = {"passed": False, "exit": 1, "error": Error("exit 1", "shop"), "console": broken}
    record(made, "x/left_out/pool.sh::shell", **said)
    record(made, "x/bare.sh::shell", **said)
    return made


def test_a_section_says_what_the_run_said_and_what_to_do(project: Project) -> None:
    made = html(project, PAGE)
    assert "<p>Left out: <code>. the __pool__</code>, once." in made
    assert "<h2>no pool _named_ shop</h2>" in made
    assert '<a href="deploy.md">the page</a>' in made
    folded = made.partition('<details class="fold fold--file fold--figure">')[2]
    assert "<b>exit 1</b>: shop" in folded.partition("</summary>")[0]
    assert 'data-snippet="x/left_out/pool.sh"' in folded


def test_it_is_told_to_agents_like_a_page_that_was_written(project: Project) -> None:
    told = of_page(PAGE.split("\n"), page(project), str)
    assert "## no pool \\_named\\_ shop" in told
    assert SCRIPT.strip() in told and "Error: no pool" in told
    assert "data-" not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PAGE.replace("no pool", "no queue"), "did not say 'no queue _named_ shop'"),
        (PAGE.replace("left_out/pool.sh", "bare.sh"), r"nothing is said of left_out/pool\.sh"),
        (
            PAGE.replace("```\n", "").replace(
                "\n```", "\n  bare.sh: {error: no pool, mend: m}\n```"
            ),
            "begins with no comment",
        ),
    ],
)
def test_what_no_run_shows_is_refused(project: Project, text: str, message: str) -> None:
    with pytest.raises(ProvenError, match=message):
        html(project, text)


def test_a_run_that_passes_is_refused(project: Project) -> None:
    record(project, "x/left_out/pool.sh::shell", console=["no pool _named_ shop"])
    with pytest.raises(ProvenError, match="has no recorded error"):
        html(project, PAGE)
