"""One file in its modes: what stands beside the outline is what the records hold."""

from pathlib import Path

import pytest

from proven.page.site import Page
from proven.project import Project
from proven.record import CellRun, FlowRun, Output, Step, TaskRun
from proven.testing import html, page, record, tiny

FENCE = """``` one-file a.py
says:
  script: "`uv run a.py` A *shell* runs it."
  edit: You try it.
```"""
FLOW = FlowRun("r", "halves", "Failed", tasks=[TaskRun("double-1", "double", "Failed")])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = tiny(tmp_path)
    record(project, "a.py::script", console=["42 <ok>"], flows=[FLOW], passed=False)
    shown = CellRun("show", "ran", Output("text/plain", "twice"))
    record(project, "a.py::edit", steps=[Step("press 'Go'", [shown])])
    return project


def test_each_mode_has_a_button_a_sentence_and_its_run(project: Project) -> None:
    made = html(project, FENCE)
    assert made.count('type="radio"') == 2 and made.count(" checked") == 1
    assert "<p><code>uv run a.py</code> A <em>shell</em> runs it.</p>" in made
    assert "42 &lt;ok&gt;" in made and "halves" in made
    assert "After a press of Go, cell <code>show</code> shows" in made and "twice" in made
    assert made.count("data-run=") == 2


def test_the_outcome_of_each_mode_is_said_in_words(project: Project) -> None:
    made = html(project, FENCE)
    assert 'script</span><span class="one-hidden">, failed<' in made
    assert 'editor</span><span class="one-hidden">, passed<' in made


def test_a_mode_without_a_record_ends_the_build(project: Project) -> None:
    said: list[str] = []
    html(project, FENCE.replace("edit:", "worker:"), page(project, fail=said.append))
    (only,) = said
    assert "no record of a.py::worker; run: uv run proven update a.py" in only


def test_what_is_shown_is_vouched_for_and_what_is_not_is_found(project: Project) -> None:
    from proven.page.check import of_page

    one: Page = page(project)
    made = html(project, FENCE, one)
    assert list(of_page(one, made, [])) == []
    (problem,) = of_page(one, made.replace("42 &lt;ok&gt;", "43"), [])
    assert "43" in problem
