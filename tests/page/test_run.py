"""A run shows all that its record holds, and only what is asked for."""

import re
from html import unescape

from proven.modes import Mode
from proven.page import figures
from proven.page.provenance import texts_of
from proven.page.run import show
from proven.record import CellRun, Error, FlowRun, Record, Step, TaskRun


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
        "exit status 1", "ValueError", "no &lt;rows&gt;", "cell load, line 7", "one\ntwo", "etl",
        "t-1", "Crashed", "why", "<td>3</td>", "<code>out.parquet</code>", "is a flow",
    ):  # fmt: skip
        assert text in result
    assert "ValueError" not in show(record, only=["console"])
    assert "exit status" not in show(record, only=["console"], head=False)
    assert "never shown" in show(record, harm="never shown")


def test_what_was_logged_is_folded_and_what_was_printed_is_not() -> None:
    console = [
        "early",
        "INFO    | Flow run 'x' - Beginning",
        "Traceback (most recent call last):",
        "ValueError: <no>",
        "ERROR   | Task run 't' - Finished",
        "late",
    ]
    record = Record("a.py", Mode.SCRIPT, console=console)
    html = show(record)
    opened, folded = html.split("<details", 1)
    assert "early\nlate</pre>" in opened and "ValueError" not in opened
    assert "6 lines" in folded
    text = re.sub("<[^>]+>", "", re.search(r"<pre.*?</pre>", folded, re.S)[0])  # type: ignore[index]
    assert unescape(text) == "\n".join(console) + "\n"
    assert '"logline logline--bad">ERROR' in folded and "logline--bad" not in opened
    for shown in re.findall(r"<pre[^>]*>(.*?)</pre>", html, re.S):
        assert unescape(re.sub("<[^>]+>", "", shown)) in texts_of(record)


def test_what_only_was_printed_and_what_a_shell_wrote_stands_open() -> None:
    assert "<details" not in show(Record("a.py", Mode.SCRIPT, console=["one", "two"]))
    shell = show(Record("a.sh", Mode.SHELL, console=["one", "INFO    | two"]))
    assert "<details" not in shell and "one\nINFO    | two" in shell


def test_a_cell_that_only_logged_says_so_in_the_log() -> None:
    cells = [
        CellRun("quiet", "ran", console=["INFO    | x"]),
        CellRun("loud", "ran", console=["y"]),
    ]
    html = show(Record("a.py", Mode.EDIT, steps=[Step("open", cells)]))
    opened, folded = html.split("<details", 1)
    assert "quiet" not in opened and "loud" in opened and "INFO" in folded


def test_figures_stand_in_the_order_of_their_places() -> None:
    assert list(figures.FIGURES) == ["flows", "error", "steps", "console", "found", "files"]
