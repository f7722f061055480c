"""One sentence says what came of a run, and each part of it is in the record."""

import re
from html import unescape
from pathlib import Path

import pytest

from proven.html import Html
from proven.modes import Mode
from proven.page.outcome import sentence
from proven.record import CellRun, Error, FlowRun, Output, Record, Step, TaskRun
from proven.testing import NOTEBOOK, html, record, tiny, write


def text(made: Html) -> str:
    return unescape(re.sub("<[^>]+>", "", made))


def flows(*tasks: TaskRun) -> list[FlowRun]:
    return [FlowRun("random-name", "f", "Completed", tasks=[*tasks])]


def step(saved: list[str] | None = None, **cell: object) -> Step:
    return Step("open", [CellRun("show", "ran", **cell)], saved)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mode", "given", "said"),
    [
        ("script", {"error": Error("NameError", "name <app>\nmore")}, "NameError: name <app>"),
        ("edit", {"steps": [step(error=Error("ValueError", ""))]}, "ValueError"),
        ("check", {}, "finds nothing"),
        ("import", {"found": {"double": "task", "f": "flow"}}, "double is a task, f is a flow"),
        ("script", {"flows": flows(TaskRun("t-1", "t", "Completed"))}, "t-1 Completed"),
        (
            "script",
            {"flows": flows(*(TaskRun(f"t-{n}", "t", "Completed") for n in range(3)))},
            "3 task runs Completed",
        ),
        (
            "script",
            {"flows": flows(TaskRun("a", "t", "Completed"), TaskRun("b", "t", "Failed"))},
            "b Failed",
        ),
        ("script", {"flows": flows()}, "1 flow run, no task run"),
        ("script", {"console": ["one", "two"]}, "prints two"),
        ("edit", {"steps": [step()]}, "shows nothing"),
        ("edit", {"steps": [step(output=Output("text/plain", "x"))]}, "shows something in 1 cell"),
        ("edit", {"steps": [step([])]}, "shows nothing; a save changes nothing"),
        ("edit", {"steps": [step(["-@task"])]}, "shows nothing; a save changes -@task"),
        ("edit", {"steps": [step(["-a", "+b"])]}, "shows nothing; a save changes 2 lines"),
    ],
)
def test_what_a_line_says(mode: str, given: dict[str, object], said: str) -> None:
    assert text(sentence(Record("a.py", Mode(mode), **given))) == said  # type: ignore[arg-type, call-arg]


def test_what_a_probe_saw_stands_first() -> None:
    seen = Record("a.py", Mode.SCRIPT, error=Error("E", "m"))
    assert text(sentence(seen, "never <shown>")) == "never <shown>"


def test_each_mode_is_a_line_whose_shape_and_word_say_what_came_of_it(tmp_path: Path) -> None:
    project = tiny(tmp_path)
    write(project.snippets / "b.py", NOTEBOOK.replace("x * 2", "x * 3"))
    declared = '[wrong.script]\nkind = "fails"\ntype = "E"\nmessage = "m"\n'
    write(project.snippets / "b.toml", declared)
    record(project, "b.py::script", passed=False, error=Error("E", "m"))
    for name in ("a.py", "b.py"):
        record(project, f"{name}::check")
    made = html(project, "``` wrong b.py\nright: a.py\nmodes: script, check\nshow: double\n```")
    lines = re.findall(r'class="fold outcome outcome--(\w+)" id="(.*?)".*?sr">: (.*?)\. <', made)
    assert lines == [
        ("bad", "run-b-py-script", "fails"),
        ("ok", "run-b-py-check", "works"),
        ("ok", "run-a-py-script", "works"),
        ("ok", "run-a-py-check", "works"),
    ]
