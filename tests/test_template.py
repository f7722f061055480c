"""The template does what its page says: rows, files, attempts, states, exit status."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from proven.modes import Mode
from proven.record import FlowRun, Record
from proven.run.ends import ended
from proven.run.job import Job
from proven.run.pool import Pool
from proven.run.process import Finished, finish
from tests.here import find, load, run_of

pytestmark = pytest.mark.slow

TEMPLATE = find("template.py")


def _script(pool: Pool, folder: Path, *args: str) -> tuple[Finished, Job]:
    """Run the template as a script on the shared API, with these arguments."""
    job = Job(run_of(TEMPLATE, "script"), folder / "run", pool.api(Mode.SCRIPT))
    command = [sys.executable, job.file.name, *args]
    done = finish(command, job.project, job.env, folder / "log", 90)
    job.look_up(job.pieces(done.text))
    return done, job


@pytest.fixture(scope="module")
def ran(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, Job]:
    """One run without arguments, in an empty folder."""
    return _script(pool, tmp_path_factory.mktemp("template"))


def test_only_positive_rows_come_through(ran: tuple[Finished, Job]) -> None:
    data = ran[1].project / "data"
    before = pl.read_parquet(data / "sample.parquet")
    after = pl.read_parquet(data / "output.parquet")
    assert before["value"].min() <= 0  # type: ignore[operator]
    assert after.equals(before.filter(pl.col("value") > 0))


def test_all_states_are_completed_and_each_task_ran_once(ran: tuple[Finished, Job]) -> None:
    (flow,) = ran[1].record.flows
    assert (flow.flow, flow.state) == ("etl-pipeline", "Completed")
    assert [(t.task, t.state, t.attempts) for t in flow.tasks] == [
        (task, "Completed", 1) for task in ("extract", "transform", "load")
    ]


def test_the_exit_status_is_0_and_the_result_is_printed(ran: tuple[Finished, Job]) -> None:
    assert ran[0].exit == 0
    assert "{'rows': 2}" in ran[0].text


def test_a_missing_source_is_tried_three_times_and_exits_1(pool: Pool, tmp_path: Path) -> None:
    done, job = _script(pool, tmp_path, "--source", "nowhere.parquet")
    (flow,) = job.record.flows
    assert done.exit == 1
    assert flow.state == "Failed"
    assert [(t.task, t.state, t.attempts) for t in flow.tasks] == [("extract", "Failed", 3)]
    error = ended(job, done.exit)
    assert error is not None
    assert (error.type, error.cell) == ("FileNotFoundError", "extract")
    assert "nowhere.parquet" in error.message


def test_a_source_that_comes_back_is_read_at_the_second_attempt(pool: Pool, tmp_path: Path) -> None:
    """The retry is what saves the run: the file appears while the task waits."""
    job = Job(run_of(TEMPLATE, "script"), tmp_path / "run", pool.api(Mode.SCRIPT))
    late, log = job.project / "late.parquet", tmp_path / "log"
    code = (
        "import threading, time, polars as pl\n"
        "from pathlib import Path\n"
        "import template\n"
        "def arrive():\n"
        f"    while 'Retry 1/2' not in Path({str(log)!r}).read_text():\n"
        "        time.sleep(0.1)\n"
        f"    pl.DataFrame({{'value': [1, -1]}}).write_parquet({late.name!r})\n"
        "threading.Thread(target=arrive, daemon=True).start()\n"
        f"print(template.run_pipeline({late.name!r}, 'out.parquet'))\n"
    )
    done = finish([sys.executable, "-c", code], job.project, job.env, log, 90)
    job.look_up(job.pieces(done.text))
    assert done.exit == 0, done.text
    extract = job.record.flows[0].tasks[0]
    assert (extract.state, extract.attempts) == ("Completed", 2)


def _kept(mode: str) -> Record:
    kept = load(TEMPLATE, mode)
    assert kept is not None
    return kept


def test_the_button_runs_the_pipeline_and_shows_the_result() -> None:
    """From the record, which the pool compares with a real kernel's run."""
    opened, pressed = _kept("edit").steps
    assert not any("Completed" in line for c in opened.cells for line in c.console)
    (result,) = pressed.cells
    assert result.output is not None
    assert "{'rows': 2}" in result.output.data
    assert [f.state for f in _kept("edit").flows] == ["Completed"]


def test_nothing_of_the_interactive_part_runs_in_production() -> None:
    """A script, a worker and an import make one flow run each at most, and no widget."""
    flows: list[FlowRun] = [*_kept("script").flows, *_kept("worker").flows]
    assert [f.state for f in flows] == ["Completed", "Completed"]
    assert _kept("import").flows == [] and _kept("import").files == []
    app = {c.name: c for c in _kept("run").steps[0].cells}
    assert app["controls"].output is None
    assert app["result"].status == "skipped"


def test_the_app_says_one_sentence_first_and_shows_the_rows_after_a_run() -> None:
    opened, _, reloaded = _kept("run").steps
    first = {c.name: c.output for c in opened.cells}["dashboard"]
    after = {c.name: c.output for c in reloaded.cells}["dashboard"]
    assert first is not None and "No output yet" in first.data
    assert after is not None and "2 rows" in after.data and "marimo-table" in after.data


def test_the_header_lets_a_copy_run_in_an_empty_folder_with_uv(pool: Pool, tmp_path: Path) -> None:
    """What the copy button gives, run as the page says; pytest of the header included."""
    (tmp_path / "template.py").write_text(TEMPLATE.text)
    env = pool.api(Mode.SCRIPT).env(tmp_path / "home")
    done = finish(["uv", "run", "template.py"], tmp_path, env, tmp_path / "log", 300)
    assert done.exit == 0, done.text
    assert (tmp_path / "data" / "output.parquet").is_file()


def test_a_run_leaves_the_reader_s_home_alone(pool: Pool, tmp_path: Path) -> None:
    """No `~/.prefect`, whatever the notebook does: every run has a home of its own."""
    home = tmp_path / "home"
    home.mkdir()
    job = Job(run_of(TEMPLATE, "script"), tmp_path / "run", pool.api(Mode.SCRIPT))
    env = job.env | {"HOME": str(home)}
    subprocess.run(
        [sys.executable, job.file.name], cwd=job.project, env=env, check=True, capture_output=True
    )
    assert not (home / ".prefect").exists()
