"""The table of what runs wrote says what their records keep."""

import pytest

from proven.errors import ProvenError
from proven.page.columns import Column
from proven.page.directives.table import table
from tests.page.directives.test_what_runs_when import column, rows


def wrote(heading: str = "a run", **files: list[str]) -> Column:
    kept = {f"{name}.txt": lines for name, lines in files.items()}
    return Column(*column(kept=kept))._replace(heading=heading)


def test_a_kept_file_is_shown_as_it_is() -> None:
    first = wrote(said=["load in a cell | value", "load in a task | value"])
    html = table("x.py", [first, wrote(said=["load in a cell | coroutine"])], "said.txt")
    assert rows(html) == {
        "What": ["a run", "a run"],
        "load in a cell": ["value", "coroutine"],
        "load in a task": ["value", "–"],
    }
    assert html.count('href="#run-x"') == html.count("<td>") == 4


def test_a_file_with_headings_of_its_own() -> None:
    one = wrote("", t=["change | narrow | wide", "a helper | old | new"])
    assert rows(table("x.py", [one], "t.txt")) == {
        "What": ["narrow", "wide"],
        "a helper": ["old", "new"],
    }


def test_a_run_that_keeps_no_such_file_is_refused() -> None:
    with pytest.raises(ProvenError, match=r"x\.py::script keeps no said\.txt"):
        table("x.py", [wrote(other=["a | b"])], "said.txt")
