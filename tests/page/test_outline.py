"""The outline of a notebook: what each cell is and did, as records say."""

from pathlib import Path

import pytest

from proven.modes import Mode
from proven.page import outline
from proven.project import Project
from proven.record import CellRun, FlowRun, Output, Record, Step, TaskRun
from proven.testing import tiny
from tests.here import find, load

FOUND = {"double": "task", "half": "flow 'halves' (x)", "show": "Cell"}
FLOWS = [FlowRun("r", "halves", "Completed", tasks=[TaskRun("double-1", "double", "Completed")])]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny(tmp_path)


def record(mode: Mode, **fields: object) -> Record:
    return Record("a.py", mode, **fields)  # type: ignore[arg-type]


def test_a_cell_is_what_the_loader_found(project: Project) -> None:
    snippet = project.find("a.py")
    said = outline.parts(snippet, record(Mode.IMPORT, found=FOUND))
    assert [(part.kind, part.text) for part in said] == [
        ("task", "double(x)"),
        ("flow", "half(x)"),
        ("cell", "show"),
    ]
    assert [part.kind for part in outline.parts(snippet, None)] == ["function", "function", "cell"]


@pytest.mark.parametrize(
    ("run", "did"),
    [
        (record(Mode.IMPORT, found=FOUND), {"double": "task", "half": "flow"}),
        (record(Mode.SCRIPT, flows=FLOWS), {"double": "task run", "half": "flow run"}),
        (
            record(
                Mode.RUN,
                flows=FLOWS,
                steps=[
                    Step("open", [CellRun("show", "ran", Output("text/plain", "x"))]),
                    Step("run as a script"),
                ],
            ),
            {"show": "shows"},
        ),
        (record(Mode.EDIT, steps=[Step("open", [CellRun("show", "ran")])]), {}),
        (record(Mode.TEST, console=["a.py::test_it PASSED [100%]"]), {"test_it": "passed"}),
        (record(Mode.TEST, console=["a.py::test_it FAILED [100%]"]), {}),
        (
            record(Mode.EDIT, steps=[Step("open", [CellRun("t", "ran", console=["✓ a.py::t"])])]),
            {"t": "passed"},
        ),
    ],
)
def test_a_cell_did_what_the_run_says_and_no_more(run: Record, did: dict[str, str]) -> None:
    assert outline.did(run, record(Mode.IMPORT, found=FOUND)) == did


def test_the_template_does_in_each_mode_what_it_is_for() -> None:
    imported = load(find("template.py"), "import")
    runs = {mode: load(find("template.py"), mode) for mode in ("run", "worker", "test")}
    did = {mode: outline.did(run, imported) for mode, run in runs.items() if run}
    assert did["run"] == {"dashboard": "shows"}
    assert did["worker"] == {
        **dict.fromkeys(("extract", "transform", "load"), "task run"),
        "run_pipeline": "flow run",
    }
    assert did["test"] == {"test_transform_keeps_positive_values": "passed"}
