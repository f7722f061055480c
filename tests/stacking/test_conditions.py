"""Conditions that pages state, each tried on a notebook that has just that in it."""

import shutil
import sys
from pathlib import Path

import pytest
from prefect import Task, task_runners
from prefect.tasks import exponential_backoff

from proven.modes import Mode
from proven.run.job import Job
from proven.run.pool import Pool
from proven.run.process import clean_env, finish
from proven.snippet import Snippet
from tests.here import find, run_of
from tests.stacking.test_editor import cell, opened

pytestmark = pytest.mark.slow

HEAD = """
import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    import marimo as mo
    from prefect import flow, get_run_logger, task

"""


def test_a_test_cell_runs_with_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "cells.py").write_text(
        HEAD
        + """
@app.cell
def made():
    print("the cell that makes it ran")
    value = 1
    return (value,)


@app.cell
def other():
    print("another cell ran")
    return


@app.cell
def test_value(value):
    assert value == 1
    return
"""
    )
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "cells.py"]
    done = finish(command, tmp_path, clean_env(), tmp_path / "log", 120)
    assert done.exit == 0, done.text
    assert "the cell that makes it ran" in done.text
    assert "another cell ran" not in done.text


CALLS = """
from prefect import flow, get_run_logger, task

@task
def plain(): return 1

@task
def logs(): get_run_logger().info("x")

@flow
def submits(): return plain.submit().result()

assert plain.fn() == 1
for call in (logs, submits):
    try:
        call.fn()
    except Exception as e:
        print(call.name, type(e).__name__)
"""


def test_fn_needs_what_its_body_asks_for(tmp_path: Path) -> None:
    env = clean_env() | {"PREFECT_API_URL": "http://127.0.0.1:1/api"}
    done = finish([sys.executable, "-c", CALLS], tmp_path, env, tmp_path / "log", 60)
    assert "logs MissingContextError" in done.text
    assert "submits RuntimeError" in done.text


GUARDED = """
import marimo
app = marimo.App()

with app.setup:
    import marimo as mo

@app.cell
def controls():
    mo.stop(mo.app_meta().mode != "edit")
    slider = mo.ui.slider(0, 10)
    return (slider,)

@app.cell
def needs(slider):
    print("needs ran with", slider)
    return

app.run()
app.run(defs={"slider": "given"})
"""


def test_a_guarded_widget_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "guarded.py").write_text(GUARDED)
    done = finish([sys.executable, "guarded.py"], tmp_path, clean_env(), tmp_path / "log", 120)
    assert done.text.splitlines() == ["needs ran with given"]


PRIVATE = """
import marimo
app = marimo.App()

@app.cell
def one():
    _rows = 1
    return

@app.cell
def two():
    _rows = 2
    print("its own:", _rows)
    return

@app.cell
def three():
    print(_rows)
    return

app.run()
"""


def test_a_private_name_is_of_its_cell(tmp_path: Path) -> None:
    (tmp_path / "private.py").write_text(PRIVATE)
    done = finish([sys.executable, "private.py"], tmp_path, clean_env(), tmp_path / "log", 120)
    assert "its own: 2" in done.text
    assert "NameError: name '_rows' is not defined" in done.text


QUIET = """
from prefect import get_run_logger, task
from prefect.logging import disable_run_logger

@task
def logs(): get_run_logger().info("x"); return 1

with disable_run_logger():
    print(logs.fn())
logs.fn()
"""


def test_a_task_that_logs_is_called_without_its_run(tmp_path: Path) -> None:
    env = clean_env() | {"PREFECT_API_URL": "http://127.0.0.1:1/api"}
    done = finish([sys.executable, "-c", QUIET], tmp_path, env, tmp_path / "log", 60)
    assert done.text.startswith("1\n")
    assert "MissingContextError: There is no active flow or task run context" in done.text


def test_the_old_name_of_the_thread_pool() -> None:
    assert task_runners.ConcurrentTaskRunner is task_runners.ThreadPoolTaskRunner


RETRIED = """
from prefect import flow, task

ran = []

@task(persist_result=True)
def kept(): ran.append("kept")

@task
def plain(): ran.append("plain")

@flow(retries=2)
def failing():
    kept(), plain()
    if ran.count("plain") < 3:
        raise ConnectionError

failing()
print(ran.count("kept"), ran.count("plain"))
"""


def test_a_flow_that_is_retried_runs_its_tasks_again_but_for_kept_results(
    pool: Pool, tmp_path: Path
) -> None:
    (tmp_path / "retried.py").write_text(RETRIED)
    env = pool.api(Mode.SCRIPT).env(tmp_path / "prefect")
    done = finish([sys.executable, "retried.py"], tmp_path, env, tmp_path / "log", 90)
    assert done.text.splitlines()[-1] == "1 3"


def test_a_run_that_uses_no_kept_result(pool: Pool, tmp_path: Path) -> None:
    shutil.copy(find("stacking/refresh.py").path, tmp_path)
    env = pool.api(Mode.SCRIPT).env(tmp_path / "prefect")

    def rates(**settings: str) -> str:
        done = finish(
            [sys.executable, "refresh.py"], tmp_path, env | settings, tmp_path / "log", 90
        )
        return done.text.splitlines()[-1]

    # Nothing is kept: the run after it finds no result for its first call.
    assert rates(PREFECT_TASKS_DISABLE_CACHING="true") == "Rates: [1.1, 1.2, 1.2, 1.2]"
    assert rates() == "Rates: [1.1, 1.1, 1.2, 1.2]"
    # A result is kept by now, and again after this.
    assert rates(PREFECT_TASKS_REFRESH_CACHE="true") == "Rates: [1.1, 1.2, 1.2, 1.2]"
    assert rates() == "Rates: [1.2, 1.2, 1.2, 1.2]"
    # A task's own word counts for more than the setting.
    text = find("stacking/refresh.py").text
    own = text.replace("@task(", "@task(refresh_cache=False, ", 1)
    assert own != text
    (tmp_path / "refresh.py").write_text(own.replace('"1.1"', '"3"').replace('"1.2"', '"4"'))
    assert rates() == "Rates: [3.0, 3.0, 4.0, 4.0]"  # another text, so another key
    assert rates(PREFECT_TASKS_REFRESH_CACHE="true") == "Rates: [4.0, 4.0, 4.0, 4.0]"
    assert rates(PREFECT_TASKS_DISABLE_CACHING="true") == "Rates: [3.0, 4.0, 4.0, 4.0]"


def test_a_printed_list_of_states(pool: Pool, tmp_path: Path) -> None:
    text = find("stacking/mapping_wrong.py").text
    shown = 'print(sum(r["rows"] for r in counted), "rows in", len(counted), "files")'
    (tmp_path / "states.py").write_text(text.replace(shown, "print(counted)"))
    env = pool.api(Mode.SCRIPT).env(tmp_path / "prefect")
    done = finish([sys.executable, "states.py"], tmp_path, env, tmp_path / "log", 90)
    begins = "[Completed(message=None, type=COMPLETED, result=ResultRecord(metadata="
    assert f"{begins}ResultRecordMetadata(storage_key=" in done.text


def make_nothing() -> None:
    """What a task is made of here."""


def test_delays_that_double() -> None:
    doubling = Task(make_nothing, retries=3, retry_delay_seconds=exponential_backoff(10))
    assert doubling.retry_delay_seconds == [10, 20, 40]


NAMED = (
    HEAD
    + """
@app.cell
def slider():
    threshold = mo.ui.slider(1, 9, value=5, label="Threshold")
    threshold
    return (threshold,)


@app.cell
def layout(threshold):
    mo.hstack([threshold])
    return


@app.cell
def other():
    print("neither")
    return
"""
)


def test_a_cell_that_only_names_a_widget_runs_again(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "named.py").write_text(NAMED)
    with opened(Snippet("named.py", tmp_path), pool, tmp_path) as session:
        session.take()
        output = cell(session, "mo.ui.slider").output
        assert output is not None
        session.set(str(output["data"]).partition("object-id='")[2].partition("'")[0], 7)
        assert [c.name for c in session.take()] == ["layout"]


LISTED = (
    HEAD
    + """
@app.cell
def sliders():
    listed = [mo.ui.slider(1, 9, label="Listed")]
    listed[0]
    return (listed,)


@app.cell
def reader(listed):
    print(listed[0].value)
    return
"""
)


@pytest.mark.parametrize("array", [False, True])
def test_a_widget_in_a_plain_list_runs_no_cell(array: bool, pool: Pool, tmp_path: Path) -> None:
    made = '[mo.ui.slider(1, 9, label="Listed")]'
    text = LISTED.replace(made, f"mo.ui.array({made})") if array else LISTED
    (tmp_path / "listed.py").write_text(text)
    with opened(Snippet("listed.py", tmp_path), pool, tmp_path) as session:
        session.take()
        output = cell(session, "mo.ui.slider").output
        assert output is not None
        session.set(str(output["data"]).partition("object-id='")[2].partition("'")[0], 7)
        assert [c.name for c in session.take()] == ["reader"] * array


@pytest.mark.parametrize(("python", "read"), [([], True), (["python"], False)])
def test_uv_reads_the_header_of_a_file_that_it_is_given(
    python: list[str], read: bool, tmp_path: Path
) -> None:
    text = '# /// script\n# dependencies = ["no-such-package-of-anyone"]\n# ///\nprint("ran")\n'
    (tmp_path / "header.py").write_text(text)
    command = ["uv", "run", "--no-project", "--offline", *python, "header.py"]
    done = finish(command, tmp_path, clean_env(), tmp_path / "log", 60)
    assert ("no-such-package-of-anyone" in done.text) is read
    assert ("ran" in done.text.splitlines()) is not read


PROJECT = """
[project]
name = "locked"
version = "0"
requires-python = ">=3.12"
dependencies = ["iniconfig"]
"""
HEADER = '# /// script\n# dependencies = ["iniconfig"]\n# ///\n'


def test_uv_reads_no_lock_but_the_scripts(tmp_path: Path) -> None:
    """The project is locked to an old version, and so is, at last, the script."""
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    code = 'from importlib.metadata import version\n\nprint("It is", version("iniconfig"))\n'
    (tmp_path / "book.py").write_text(HEADER + code)

    def uv(*arguments: str) -> bool:
        command = ["uv", arguments[0], "--python", sys.executable, *arguments[1:]]
        done = finish(command, tmp_path, clean_env(), tmp_path / "log", 120)
        assert done.exit == 0, done.text
        return "It is 2.0.0" in done.text

    uv("lock", "--upgrade-package", "iniconfig==2.0.0")
    assert uv("run", "python", "book.py")
    assert not uv("run", "book.py")
    uv("lock", "--script", "book.py", "--upgrade-package", "iniconfig==2.0.0")
    assert uv("run", "book.py")


ASKED = """
import marimo

app = marimo.App()

with app.setup:
    import marimo as mo

    MODE = mo.app_meta().mode


@app.cell
def asks_for_the_script():
    mo.stop(MODE != "script")
    print("held back")
    return


@app.cell
def asks_for_the_editor():
    mo.stop(MODE == "edit")
    print("let through")
    return


if __name__ == "__main__":
    app.run()
"""


def test_a_guard_of_the_setup_cell_that_asks_for_the_script_ends_its_cell(tmp_path: Path) -> None:
    (tmp_path / "asked.py").write_text(ASKED)
    done = finish([sys.executable, "asked.py"], tmp_path, clean_env(), tmp_path / "log", 60)
    assert done.text.split() == ["let", "through"]


def test_an_export_runs_what_is_guarded_for_the_editor(pool: Pool, tmp_path: Path) -> None:
    snippet = find("antipatterns/missing_guards_right.py")
    job = Job(run_of(snippet, "script"), tmp_path, pool.api(Mode.SCRIPT))
    command = [sys.executable, "-m", "marimo", "export", "html", job.file.name, "-o", "x.html"]
    done = finish(command, job.project, job.env, tmp_path / "log", 120)
    job.look_up(job.pieces(done.text))
    assert [flow.state for flow in job.record.flows] == ["Completed"]


@pytest.mark.parametrize(("name", "found"), [("LIMIT", True), ("_LIMIT", False)])
def test_a_constant_with_an_underscore_stays_in_the_setup_cell(
    name: str, found: bool, tmp_path: Path
) -> None:
    setup = HEAD.replace(
        "    from prefect import flow, get_run_logger, task\n", f"    {name} = 3\n"
    )
    text = f"{setup}\n@app.cell\ndef shown():\n    print({name})\n    return\n"
    (tmp_path / "constant.py").write_text(text + "\nif __name__ == '__main__':\n    app.run()\n")
    command = [sys.executable, "constant.py"]
    done = finish(command, tmp_path, clean_env(), tmp_path / "log", 60)
    assert (done.exit == 0) is found, done.text
    assert ("NameError" in done.text) is not found


LIMITS = """
import socket, time
import httpx
from prefect import flow, task

silent = socket.create_server(("127.0.0.1", 0))
url = f"http://127.0.0.1:{silent.getsockname()[1]}"
tries = []

@task(timeout_seconds=1)
def one_call(seconds): time.sleep(seconds)

@task(timeout_seconds=1)
def steps(seconds):
    for _ in range(seconds * 10): time.sleep(0.1)

@task(timeout_seconds=1, retries=1)
def tried(seconds): tries.append(seconds); time.sleep(seconds)

@task
def asked(): httpx.get(url, timeout=1)

def submitted(task, *arguments):
    future = task.submit(*arguments)
    future.wait()
    return future.state

def mapped(task, *arguments):
    (future,) = task.map(list(arguments))
    future.wait()
    return future.state

@flow(timeout_seconds=1)
def calls(): time.sleep(8)

@flow(timeout_seconds=1)
def submits(): one_call.with_options(timeout_seconds=None).submit(8).wait()

@flow
def all_of_them():
    for name, end in {
        "mapped": lambda: mapped(one_call, 8),
        "steps": lambda: submitted(steps, 8),
        "tried": lambda: tried(8, return_state=True),
        "asked": lambda: submitted(asked),
        "flow that calls": lambda: calls(return_state=True),
        "flow that submits": lambda: submits(return_state=True),
    }.items():
        begun = time.monotonic()
        state = end().name
        print("SAID", name, state, time.monotonic() - begun < 8)
    print("SAID tries", len(tries))

all_of_them()
"""


def test_what_ends_at_its_limit(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "limits.py").write_text(LIMITS)
    env = pool.api(Mode.SCRIPT).env(tmp_path / "prefect")
    done = finish([sys.executable, "limits.py"], tmp_path, env, tmp_path / "log", 120)
    said = [line.removeprefix("SAID ") for line in done.text.splitlines() if "SAID" in line]
    assert said == [
        "mapped TimedOut False",
        "steps TimedOut True",
        "tried TimedOut True",
        "asked Failed True",
        "flow that calls TimedOut True",
        "flow that submits TimedOut False",
        "tries 2",
    ]
