"""What a snippet may do to the runner: each ends in one record that says what, and where."""

from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.record import Record
from proven.run import make
from proven.run.api import Api, Server
from proven.run.pool import Pool
from proven.snippet import Snippet
from tests.here import find, run_of

pytestmark = pytest.mark.slow

HEAD = 'import marimo\n\n__generated_with = "0.25.2"\napp = marimo.App()\n\n\n'
TAIL = '\n\nif __name__ == "__main__":\n    app.run()\n'


def _run(pool: Pool, folder: Path, body: str, mode: str, sidecar: str = "") -> Record:
    (folder / "x.py").write_text(HEAD + body + TAIL)
    (folder / "x.toml").write_text(sidecar)
    return pool.make(run_of(Snippet("x.py", folder), mode))


RAISES = """@app.cell
def fine():
    n = 0
    return (n,)


@app.cell
def divide(n):
    # one line above the one that fails
    1 / n
    return
"""


@pytest.mark.parametrize("mode", ["script", "edit", "run"])
def test_a_cell_that_raises_is_named_with_its_line(pool: Pool, tmp_path: Path, mode: str) -> None:
    error = _run(pool, tmp_path, RAISES, mode).error
    assert error is not None
    assert (error.type, error.cell, error.line) == ("ZeroDivisionError", "divide", 16)


ENDLESS = """@app.cell
def forever():
    import time

    while True:
        time.sleep(0.1)
    return
"""


@pytest.mark.parametrize("mode", ["script", "edit", "run"])
def test_a_notebook_that_never_ends_is_bounded(pool: Pool, tmp_path: Path, mode: str) -> None:
    record = _run(pool, tmp_path, ENDLESS, mode, "limit = 6")
    assert not record.passed
    assert record.error is not None
    assert (record.error.type, record.error.message[:22]) == (
        "TimeoutError",
        "did not end within 6 s",
    )


@pytest.mark.parametrize("mode", ["check", "script", "edit", "run", "import"])
def test_a_syntax_error_is_a_failure_in_every_mode(pool: Pool, tmp_path: Path, mode: str) -> None:
    (tmp_path / "x.py").write_text(HEAD + "@app.cell\ndef broken(:\n    return\n" + TAIL)
    record = pool.make(run_of(Snippet("x.py", tmp_path), mode))
    assert not record.passed
    assert record.error is not None or record.console, mode


def test_a_kernel_that_dies_does_not_hang(pool: Pool, tmp_path: Path) -> None:
    body = "@app.cell\ndef die():\n    import os\n\n    os._exit(3)\n    return\n"
    error = _run(pool, tmp_path, body, "edit", "limit = 30").error
    assert error is not None
    assert str(error) == "SystemExit: the notebook ended with exit status 3 (cell die, line 11)"


def test_a_label_that_no_widget_has_names_those_that_are_shown(pool: Pool, tmp_path: Path) -> None:
    body = """@app.cell
def widgets():
    import marimo as mo

    mo.ui.button(label="Go")
    return
"""
    with pytest.raises(ProvenError, match=r"no widget labelled 'Run' is shown; there are: 'Go'"):
        _run(pool, tmp_path, body, "edit", '[[edit]]\npress = "Run"\n')


DEEP = """@app.function
def half(
    n: int,
    by: int,
) -> float:
    return n / by


@app.cell
def first():
    zero = 0
    return (zero,)


@app.cell
def calls(
    zero,
):
    half(1, zero)
    return
"""


@pytest.mark.parametrize("mode", ["script", "edit"])
def test_an_error_inside_a_function_is_placed_there(pool: Pool, tmp_path: Path, mode: str) -> None:
    error = _run(pool, tmp_path, DEEP, mode).error
    assert error is not None
    assert (error.type, error.cell, error.line) == ("ZeroDivisionError", "half", 12)


def test_marimo_run_refuses_a_name_defined_twice(pool: Pool, tmp_path: Path) -> None:
    cell = "@app.cell\ndef _():\n    x = 1\n    return\n"
    record = _run(pool, tmp_path, f"{cell}\n\n{cell}", "run")
    assert record.exit == 1
    assert record.error is not None
    assert record.error.type == "multiple-definitions"


def test_a_file_that_is_not_there_cannot_be_brought(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(ProvenError, match=r"x\.py brings data, which is not there"):
        _run(pool, tmp_path, RAISES, "script", 'brings = ["data"]')


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    broken = {"PREFECT_API_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:////nowhere/at/all.db"}
    with (
        Server(tmp_path, broken) as server,
        pytest.raises(ProvenError, match=r"(?s)the Prefect server ended.*database"),
    ):
        _ = server.api


def test_a_server_that_is_gone_fails_the_run_and_says_so(pool: Pool, tmp_path: Path) -> None:
    """A flow without its API is a failed run, not a hang."""
    record = make(run_of(find("template.py"), "script"), Api("http://127.0.0.1:9/api"), tmp_path)
    assert record.error is not None
    assert record.error.message == "Failed to reach API at http://127.0.0.1:9/api/"
