"""Where everything is, and what a run is called."""

from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.modes import Mode
from proven.project import Project, Snapshot
from proven.record import Record, save


def test_a_project_is_found_from_inside(tiny: Project) -> None:
    assert Project.around(tiny.snippets / "a.py").root == tiny.root.resolve()
    assert Project.around(tiny.docs).root == tiny.root.resolve()


def test_no_project_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(ProvenError, match="no folder `snippets` in"):
        Project.around(tmp_path)


def test_a_run_is_written_and_read_in_one_form(tiny: Project) -> None:
    run = tiny.run("a.py::edit")
    assert (run.snippet.name, run.mode) == ("a.py", Mode.EDIT)
    assert str(run) == "a.py::edit"
    assert run.path == tiny.root / "records/a.py/edit.json"
    assert "proven update a.py" in run.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.py::edti", r"a.py has no mode 'edti'; it has: check, script"),
        ("a.py", r"has no mode ''"),
        ("aa.py::edit", r"no snippet 'aa.py' below snippets/; did you mean a.py"),
        ("../mkdocs.yml::edit", r"no snippet"),
        ("/etc/hosts::edit", r"no snippet"),
    ],
)
def test_a_name_that_matches_nothing_is_an_error(tiny: Project, text: str, message: str) -> None:
    with pytest.raises(ProvenError, match=message):
        tiny.run(text)


def test_the_ledger_is_read_anew_when_it_is_saved(tiny: Project) -> None:
    run = tiny.run("a.py::worker")
    assert run.left_out is None
    tiny.ledger.write_text('[[mode]]\nwhat = "*::worker"\nreason = "no flow"\ncheck = "no-flow"\n')
    assert run.left_out is not None and run.left_out.reason == "no flow"
    assert "a.py::worker" not in map(str, tiny.runs())
    tiny.ledger.write_text("")
    assert "a.py::worker" in map(str, tiny.runs())


def test_a_record_is_fresh_until_what_made_it_is_changed(tiny: Project) -> None:
    run = tiny.run("a.py::check")
    assert not run.fresh
    save(Record("a.py", Mode.CHECK, key=run.key), run.path)
    assert run.fresh
    run.snippet.path.write_text(run.snippet.text + "\n")
    assert not tiny.run("a.py::check").fresh


def test_a_change_of_a_pin_that_runs_use_makes_records_stale(tiny: Project) -> None:
    pyproject = tiny.root / "pyproject.toml"

    def key(pins: str) -> str:
        pyproject.write_text(f"[project]\ndependencies = [{pins}]\n")
        return tiny.run("a.py::check").key

    first = key('"marimo>=1", "mkdocs>=1"')
    assert key('"marimo>=1", "mkdocs>=2"') == first
    assert key('"marimo>=2", "mkdocs>=2"') != first


def test_a_snapshot_reads_once_and_a_project_each_time(tiny: Project) -> None:
    now = Snapshot(tiny.root)
    path = tiny.snippets / "a.py"
    text = path.read_text()
    assert now.find("a.py").text == text and now.run("a.py::check").record is None
    path.write_text(text + "# later\n")
    save(Record("a.py", Mode.CHECK), tiny.run("a.py::check").path)
    assert now.find("a.py").text == text and now.run("a.py::check").record is None
    assert tiny.find("a.py").text != text and tiny.run("a.py::check").record is not None
    assert Snapshot(tiny.root).find("a.py").text != text


def test_what_a_snapshot_makes_it_makes_once(tiny: Project) -> None:
    made: list[Project] = []

    def make(project: Project) -> int:
        made.append(project)
        return len(made)

    now = Snapshot(tiny.root)
    assert [now.once(make), now.once(make), tiny.once(make), tiny.once(make)] == [1, 1, 2, 3]
    with pytest.raises(ProvenError, match="no snippet"):
        now.find("gone.py")
