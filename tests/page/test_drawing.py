"""A recorded flow run becomes a list that says in words what its shapes and lines show."""

import re

import pytest

from proven.errors import ProvenError
from proven.modes import Mode
from proven.page.drawing import drawings, gutter, roots
from proven.page.run import show
from proven.record import FlowRun, Record, TaskRun
from tests.here import ROOT

PARENT = FlowRun(
    "random-name",
    "nightly",
    "Completed",
    tasks=[
        TaskRun("extract-1", "extract", "Completed", attempts=3),
        TaskRun("extract-2", "extract", "Cached"),
        TaskRun("load-1", "load", "Failed", message="m <x>", after=["extract-1", "extract-2"]),
        TaskRun("report", "report", "Completed", subflow="report-of-may"),
    ],
)
CHILD = FlowRun("report-of-may", "report", "Failed", tasks=[TaskRun("<print>", "print", "Late")])
RETRY = (
    "INFO    | Task run 'extract-1' - Task run failed with exception: {}('x') - "
    "Retry {}/3 will start {} second(s) from now"
)


def drawn(*flows: FlowRun, **given: object) -> list[str]:
    return list(drawings(Record("a.py", Mode.SCRIPT, flows=[*flows], **given)))  # type: ignore[arg-type]


def flow(*tasks: TaskRun) -> FlowRun:
    return FlowRun("random-name", "f", "Completed", tasks=[*tasks])


def lines(html: str) -> dict[str, tuple[str, str]]:
    """The shape of each task run and what is said of it, by its name."""
    shape = r'class="icon icon--(\w+)"[^>]*>(?:(?!icon--).)*?'
    found = re.findall(rf'{shape}<span class="task-line">(.*?)</span></span>', html, re.S)
    said = [(kind, re.sub("<[^>]+>", "|", line)) for kind, line in found]
    return {line.split("|")[1]: (kind, line.split("|")[-1]) for kind, line in said}


@pytest.mark.parametrize(
    ("state", "shape", "word"),
    [
        ("Completed", "ok", "Completed"),
        ("Failed", "bad", "Failed, 1 attempt"),
        ("Crashed", "bad", "Crashed, 1 attempt"),
        ("Cancelled", "bad", "Cancelled, 1 attempt"),
        ("TimedOut", "bad", "TimedOut, 1 attempt"),
        ("Cached", "cached", "Cached"),
        ("NotReady", "quiet", "NotReady"),
        ("Anything else", "quiet", "Anything else"),
    ],
)
def test_a_state_is_a_shape_and_a_word(state: str, shape: str, word: str) -> None:
    (html,) = drawn(flow(TaskRun("t", "t", state)))
    assert lines(html) == {"t": (shape, word)}


@pytest.mark.parametrize(
    ("kind", "shape", "word"),
    [
        ("COMPLETED", "ok", "Skipped"),
        ("FAILED", "bad", "Skipped, 1 attempt"),
        ("PENDING", "quiet", "Skipped"),
    ],
)
def test_a_name_that_the_code_gave_has_the_shape_of_its_type(
    kind: str, shape: str, word: str
) -> None:
    (html,) = drawn(flow(TaskRun("t", "t", "Skipped", type=kind)))
    assert lines(html) == {"t": (shape, word)}


def test_the_head_counts() -> None:
    (html,) = drawn(PARENT)
    assert "<b>nightly</b>" in html and ">Completed</span>" in html
    assert "4 task runs · 6 attempts · 1 from cache" in html
    assert "no task run" in drawn(flow())[0]


def test_each_attempt_is_a_shape_with_the_delay_before_the_next() -> None:
    said = [RETRY.format("ConnectionError", 1, "0.1"), RETRY.format("OSError", 2, "…")]
    (html,) = drawn(PARENT, console=said)
    assert [s.split(" ")[-1] for s in re.findall(r'aria-label="attempt (.*?)"', html)] == [
        "failed,",
        "failed,",
        "completed",
    ]
    assert re.findall(r'class="gap">(.*?)<', html) == ["0.1 s", "varies"]
    assert "after ConnectionError and OSError" in html
    # Without the log nobody knows them; the log of another task run says nothing.
    (silent,) = drawn(PARENT, console=[said[0].replace("extract-1", "extract-9")])
    assert re.findall(r'class="gap">(.*?)<', silent) == ["", ""]


def test_why_it_failed_is_said_in_full_and_escaped() -> None:
    (html,) = drawn(PARENT)
    assert '<span class="why">m &lt;x&gt;</span>' in html
    long = "Task run encountered an exception ValueError: " + "x" * 300
    (html,) = drawn(flow(TaskRun("t", "t", "Failed", long)))
    assert f'"why">ValueError: {"x" * 300}<' in html


def test_words_say_what_the_lines_show() -> None:
    (html,) = drawn(PARENT)
    assert " after extract-1 and extract-2: </span>" in html
    assert html.count('class="lanes" aria-hidden="true"') == 4


def test_a_subflow_is_a_list_inside_the_line_that_called_it() -> None:
    assert roots([PARENT, CHILD]) == [PARENT]
    (html,) = drawn(PARENT, CHILD)
    assert html.count("<ol") == 2 and "&lt;print&gt;" in html
    assert html.index("Task runs of report") > html.index(">report</span>")
    assert drawn(PARENT)[0].count("<ol") == 1


def test_task_runs_without_a_flow_are_drawn_too() -> None:
    (html,) = drawn(tasks=[TaskRun("alone", "t", "Completed")])
    assert lines(html) == {"alone": ("ok", "Completed")}


@pytest.mark.parametrize(
    ("sources", "rows"),
    [
        ([[], []], ["node", "node"]),
        ([[], [0], [1]], ["down node", "down node up", "node up"]),
        # Two results in one.
        ([[], [], [0, 1]], ["down node|", "down up|down node", "node right up|left up"]),
        # Two that take one result are no chain: the line passes the first of them.
        ([[], [0], [0]], ["down node|", "down right up|left node", "node up|"]),
    ],
)
def test_lines_lead_from_a_result_to_what_took_it(
    sources: list[list[int]], rows: list[str]
) -> None:
    assert ["|".join(row) for row in gutter(sources)] == rows


def test_what_waited_stands_below_what_it_waited_for() -> None:
    tasks = [
        TaskRun("add", "t", "Completed", after=["east", "west"]),
        TaskRun("east", "t", "Completed"),
        TaskRun("west", "t", "Completed"),
    ]
    assert list(lines(drawn(flow(*tasks))[0])) == ["east", "west", "add"]


def test_a_name_that_repeats_leads_from_the_last_before_it() -> None:
    tasks = [
        TaskRun("same", "t", "Completed"),
        TaskRun("same", "t", "Completed", after=["same"]),
        TaskRun("end", "t", "Completed", after=["same"]),
    ]
    (html,) = drawn(flow(*tasks))
    assert re.findall(r'<i class="([^"]*node[^"]*)"', html) == [
        "down node",
        "down node up",
        "node up",
    ]


def test_task_runs_that_wait_for_each_other_are_no_real_record() -> None:
    tasks = [TaskRun("a", "t", "Completed", after=["b"]), TaskRun("b", "t", "Late", after=["a"])]
    with pytest.raises(ProvenError, match="task runs of f wait for each other: a → b → a"):
        drawn(flow(*tasks))


def test_the_table_is_a_press_away() -> None:
    html = show(Record("a.py", Mode.SCRIPT, flows=[PARENT, CHILD]), only=["flows"])
    assert html.count("<ol") == 2
    folded = html[html.index("<details") :]
    assert (
        "<summary" in folded and folded.count("<tr>") == 8 and "<table" not in html[: -len(folded)]
    )


def test_many_runs_scroll_inside_and_a_few_do_not() -> None:
    tasks = [TaskRun(f"x-{n}", "x", "Completed") for n in range(30)]
    many = show(Record("a.py", Mode.SCRIPT, flows=[flow(*tasks)]), only=["flows"])
    assert '<div class="drawings" tabindex="0"' in many and many.count('class="task-name"') == 30
    few = show(Record("a.py", Mode.SCRIPT, flows=[flow(*tasks[:29])]), only=["flows"])
    assert "drawings" not in few


def test_all_records_can_be_drawn() -> None:
    """A line for each task run, whatever the record."""
    from proven.record import load

    paths = list((ROOT / "records").rglob("*.json"))
    assert len(paths) > 100
    for path in paths:
        record = load(path)
        assert record is not None
        html = "".join(drawings(record))
        shown = sum(len(f.tasks) for f in record.flows) + len(record.tasks)
        assert html.count('class="task task--') == shown, path
