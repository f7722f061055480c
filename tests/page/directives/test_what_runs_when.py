"""The table of what runs when says what the records say, and nothing else."""

import re
from html import unescape
from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.modes import Mode
from proven.page.directives.what_runs_when import Seen, table
from proven.record import CellRun, Record, Step
from proven.snippet import Snippet

NOTEBOOK = """
with app.setup:
    saw("setup cell")

@app.cell
def plain():
    saw("plain cell")
"""


def column(mode: str = "script", **given: object) -> Seen:
    return Seen("a run", "run-x", Record(snippet="x.py", mode=Mode(mode), **given))  # type: ignore[arg-type, call-arg]


@pytest.fixture
def probe(tmp_path: Path) -> Snippet:
    (tmp_path / "x.py").write_text(NOTEBOOK)
    return Snippet("x.py", tmp_path)


def rows(html: str) -> dict[str, list[str]]:
    texts = [
        [unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", html)
    ]
    return {first: rest for first, *rest in texts}


SEEN = {"seen.txt": ["setup cell | None | .", "plain cell | script | ."]}


def test_what_ran_with_its_mode(probe: Snippet) -> None:
    found = rows(table(probe, [column(kept=SEEN)]))
    assert found["setup cell"] == ["runs, None"]
    assert found["plain cell"] == ["runs, script"]
    assert found["working directory"] == ["the notebook's folder"]


def test_what_did_not_run(probe: Snippet) -> None:
    kept = {"seen.txt": SEEN["seen.txt"][:1]}
    assert rows(table(probe, [column(kept=kept)]))["plain cell"] == ["–"]


@pytest.mark.parametrize(
    ("mode", "given", "place"),
    [
        ("script", {"console": ["printed by setup cell", "printed by plain cell"]}, "terminal"),
        ("script", {}, "nowhere"),
        ("worker", {"console": ["INFO    | x - printed by setup cell"]}, "nowhere of: plain cell"),
    ],
)
def test_where_prints_go(probe: Snippet, mode: str, given: dict[str, object], place: str) -> None:
    found = rows(table(probe, [column(mode, kept=SEEN, **given)]))["a print is seen"]
    assert place in found[0]


def test_a_print_below_its_cell(probe: Snippet) -> None:
    cells = [CellRun(name="plain", status="ran", console=["printed by plain cell"])]
    found = rows(table(probe, [column("edit", kept=SEEN, steps=[Step("open", cells)])]))
    assert "below the cell" in found["a print is seen"][0]


def test_a_run_that_says_nothing_is_refused(probe: Snippet) -> None:
    with pytest.raises(ProvenError, match=r"keeps no seen\.txt"):
        table(probe, [column()])


def test_an_unknown_thing_is_refused(probe: Snippet) -> None:
    with pytest.raises(ProvenError, match="names nothing like 'moon'"):
        table(probe, [column(kept={"seen.txt": ["moon | None | ."]})])


def test_each_cell_leads_to_its_run(probe: Snippet) -> None:
    html = table(probe, [column(kept=SEEN)])
    assert html.count('href="#run-x"') == html.count("<td>")
