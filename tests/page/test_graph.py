"""A recorded flow run becomes a picture that says the same in words."""

import re
import xml.etree.ElementTree as ET

import pytest

from proven.errors import ProvenError
from proven.modes import Mode
from proven.page import graph
from proven.page.run import show
from proven.record import FlowRun, Record, TaskRun

SVG = "{http://www.w3.org/2000/svg}"

PARENT = FlowRun(
    "random-name",
    "nightly",
    "Completed",
    tasks=[
        TaskRun("extract-1", "extract", "Completed", attempts=3),
        TaskRun("extract-2", "extract", "Cached"),
        TaskRun("load-1", "load", "Failed", after=["extract-1", "extract-2"]),
        TaskRun("report", "report", "Completed", subflow="report-of-may"),
    ],
)
CHILD = FlowRun("report-of-may", "report", "Failed", tasks=[TaskRun("<print>", "print", "Late")])


def parsed(flow: FlowRun, *others: FlowRun) -> ET.Element:
    return ET.fromstring(graph.svg(flow, [flow, *others]))


def boxes(svg: ET.Element) -> dict[str, tuple[str, int, int]]:
    """The class and the place of each task run's box, by its name."""
    found = {}
    for group in svg.iter("g"):
        for task in group.findall("g"):
            text = task.find("text")
            if "graph-task" in task.get("class", "") and text is not None:
                at = re.fullmatch(r"translate\((\d+) (\d+)\)", group.get("transform", ""))
                assert at is not None
                found[text.text or ""] = (task.get("class", ""), int(at[1]), int(at[2]))
    return found


def test_every_task_run_is_drawn_with_its_state() -> None:
    drawn = boxes(parsed(PARENT))
    assert [name for name in drawn] == ["extract-1", "extract-2", "load-1", "report"]
    assert "graph--ok" in drawn["extract-1"][0]
    assert "graph--cached" in drawn["extract-2"][0]
    assert "graph--bad" in drawn["load-1"][0]
    assert "Completed, attempt 3" in graph.svg(PARENT)


def test_what_waits_stands_to_the_right_and_a_line_leads_to_it() -> None:
    drawn = boxes(parsed(PARENT))
    assert drawn["load-1"][1] > drawn["extract-1"][1] == drawn["extract-2"][1]
    assert drawn["extract-2"][2] > drawn["extract-1"][2]
    assert graph.svg(PARENT).count('class="graph-line"') == 2


def test_a_subflow_is_drawn_inside_the_run_that_called_it() -> None:
    assert graph.roots([PARENT, CHILD]) == [PARENT]
    with_child = graph.svg(PARENT, [PARENT, CHILD])
    assert "report · report-of-may" in with_child
    assert "&lt;print&gt;" in with_child
    assert "report-of-may" not in graph.svg(PARENT)


def test_the_words_say_what_the_picture_shows() -> None:
    svg = parsed(PARENT, CHILD)
    assert svg.get("role") == "img"
    assert svg.findtext("title") == "Flow run of nightly: Completed, 4 task runs"
    assert (svg.findtext("desc") or "").endswith(
        "3. load-1: Failed, after extract-1 and extract-2. 4. report: Completed. It is a subflow. "
        "Flow run of report · report-of-may: Failed, 1 task run. 1. <print>: Late."
    )


def test_the_same_record_gives_the_same_bytes() -> None:
    assert graph.svg(PARENT, [PARENT, CHILD]) == graph.svg(PARENT, [PARENT, CHILD])


@pytest.mark.parametrize("flow", [PARENT, CHILD, FlowRun("random-name", "empty", "Completed")])
def test_everything_is_inside_the_frame(flow: FlowRun) -> None:
    svg = parsed(flow)
    width, height = int(svg.get("width", "0")), int(svg.get("height", "0"))
    for group in svg.iter("g"):
        at = re.fullmatch(r"translate\((\d+) (\d+)\)", group.get("transform", ""))
        box = next(iter(group.iter("rect")), None)
        if at and box is not None:
            assert int(at[1]) + int(box.get("width", "0")) < width
            assert int(at[2]) + int(box.get("height", "0")) < height


def test_a_name_that_repeats_leads_from_the_last_before_it() -> None:
    tasks = [
        TaskRun("same", "t", "Completed"),
        TaskRun("same", "t", "Completed", after=["same"]),
        TaskRun("end", "t", "Completed", after=["same"]),
    ]
    drawn = graph.svg(FlowRun("random-name", "f", "Completed", tasks=tasks))
    assert drawn.count('class="graph-line"') == 2


def test_a_record_shows_the_picture_above_the_states() -> None:
    html = show(Record("a.py", Mode.SCRIPT, flows=[PARENT, CHILD]), only=["flows"])
    assert html.count("<svg") == 1
    assert html.index("<svg") < html.index("<table")


def test_task_runs_that_wait_for_each_other_are_no_real_record() -> None:
    tasks = [TaskRun("a", "t", "Completed", after=["b"]), TaskRun("b", "t", "Late", after=["a"])]
    with pytest.raises(ProvenError, match="task runs of f wait for each other: a → b → a"):
        graph.svg(FlowRun("random-name", "f", "Completed", tasks=tasks))
