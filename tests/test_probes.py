"""Each probe is green on a record without the harm, and red on one that has it."""

import pytest

from proven.modes import Mode
from proven.probes import PROBES
from proven.project import Project
from proven.record import CellRun, FlowRun, Output, Record, Step, TaskRun


def record(
    *flows: FlowRun, steps: list[Step] | None = None, console: list[str] | None = None
) -> Record:
    return Record("a.py", Mode.EDIT, steps=steps or [], flows=list(flows), console=console or [])


def flow(*tasks: tuple[str, str], state: str = "Completed") -> FlowRun:
    runs = [TaskRun(f"{name}-{n}", name, s) for n, (name, s) in enumerate(tasks)]
    return FlowRun("random-name", "f", state, tasks=runs)


def step(do: str, html: str = "", saved: list[str] | None = None) -> Step:
    shown = Output("text/html", html) if html else None
    return Step(do, [CellRun("cell", "ran", output=shown)], saved)


WIDGET = (
    "<marimo-ui-element object-id='x'><marimo-button data-label='\"Go\"'></marimo-button>"
    "</marimo-ui-element>"
)
LABELLED = 'import marimo as mo\n\nmo.ui.button(label="Go")\n'

CALLS = [("a", "Completed"), ("a", "Cached"), ("a", "Completed")]

# The probe, a record that is whole, one with the harm, and what is said of it.
CASES = {
    "widgets_shown": (record(steps=[step("open", WIDGET)]), record(steps=[step("open")]), "Go"),
    "app_shows": (record(steps=[step("open", "<p>x</p>")]), record(steps=[step("open")]), "empty"),
    "changed_file_is_read": (
        record(flow(*CALLS, ("a", "Completed"))),
        record(flow(*CALLS, ("a", "Cached"))),
        "still says Cached",
    ),
    "another_argument_is_asked": (
        record(flow(*CALLS)),
        record(flow(*CALLS[:2], ("a", "Cached"))),
        "another argument was given",
    ),
    "no_task_answers_for_another": (
        record(flow(("a", "Completed"), ("a", "Cached"))),
        record(flow(("a", "Completed"), ("b", "Cached"))),
        "b is Cached, and it never ran",
    ),
    "survives_save": (
        record(steps=[step("save", saved=[])]),
        record(steps=[step("save", saved=["-@task"])]),
        "-@task",
    ),
    "makes_task_runs": (record(flow(("a", "Completed"))), record(flow()), "no task run in f"),
    "one_flow_run": (record(flow()), record(flow(), flow()), "2 flow runs"),
    "no_flow_run": (record(), record(flow()), "1 flow runs"),
    "press_shows": (
        record(steps=[step("press 'Go'", "<p>1</p>")]),
        record(steps=[step("press 'Go'")]),
        "nothing new after: press 'Go'",
    ),
    "failure_is_heard": (
        record(flow(("a", "Failed"), state="Failed")),
        record(flow(("a", "Failed"))),
        "a-0 is Failed, and the flow run is Completed",
    ),
    "prefect_logs_no_error": (
        record(console=["INFO    | x - fine"]),
        record(console=["ERROR   | x - lost"]),
        "lost",
    ),
    "prints_something": (record(console=["x"]), record(), "nothing was printed"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_probe_sees_the_harm_and_only_the_harm(tiny: Project, name: str) -> None:
    snippet = tiny.find("a.py")
    snippet.path.write_text(LABELLED)
    whole, harmed, said = CASES[name]
    assert PROBES[name](tiny.find("a.py"), whole) is None
    assert said in (PROBES[name](tiny.find("a.py"), harmed) or "")


def test_each_probe_has_its_case() -> None:
    assert CASES.keys() == PROBES.keys()


@pytest.mark.parametrize(
    "name",
    sorted(CASES.keys() - {"no_flow_run", "prefect_logs_no_error"}),
)
def test_a_run_in_which_nothing_happened_proves_nothing(tiny: Project, name: str) -> None:
    """Green on an empty record would be an empty pass."""
    assert PROBES[name](tiny.find("a.py"), record()) is not None
