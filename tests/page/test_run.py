"""A run shows all that its record holds, and only what is asked for."""

from html import escape

import pytest

from proven.modes import Mode
from proven.page import figures
from proven.page.run import show
from proven.record import Error, FlowRun, Record, TaskRun


def test_a_run_shows_all_that_its_record_holds() -> None:
    record = Record(
        "a.py",
        Mode.SCRIPT,
        exit=1,
        error=Error("ValueError", "no <rows>", cell="load", line=7),
        console=["one", "two"],
        flows=[
            FlowRun("n", "etl", "Failed", "m", tasks=[TaskRun("t-1", "t", "Crashed", "why", 3)])
        ],
        found={"etl": "flow"},
        files=["out.parquet"],
    )
    result = show(record)
    for text in (
        "failed", "exit status 1", "ValueError", "no &lt;rows&gt;", "cell load, line 7", "one\ntwo",
        "etl", "t-1", "Crashed", "why", "<td>3</td>", "<code>out.parquet</code>", "is a flow",
    ):  # fmt: skip
        assert text in result
    assert "ValueError" not in show(record, only=["console"])
    assert "exit status" not in show(record, only=["console"], head=False)
    assert "never shown" in show(record, harm="never shown")


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_says_what_it_did(mode: Mode) -> None:
    assert f"passed</span> {escape(mode.did)}" in show(Record("a.py", mode, passed=True))


def test_figures_stand_in_the_order_of_their_places() -> None:
    assert list(figures.FIGURES) == ["steps", "error", "console", "flows", "found", "files"]
