"""However a notebook ends, its record says so in words, with the cell and the line."""

from pathlib import Path

import pytest

from proven.run.pool import Pool
from tests.run.notebooks import HEAD, make, make_file

pytestmark = pytest.mark.slow

ENDS = {
    "sys.exit(3)": ("SystemExit", "the notebook ended with exit status 3"),
    "os._exit(4)": ("SystemExit", "the notebook ended with exit status 4"),
    "raise SystemExit(5)": ("SystemExit", "the notebook ended with exit status 5"),
    "os.kill(os.getpid(), 9)": ("SIGKILL", "signal SIGKILL ended the notebook"),
    "os.kill(os.getpid(), 15)": ("SIGTERM", "signal SIGTERM ended the notebook"),
    "os.killpg(0, 9)": ("SIGKILL", "signal SIGKILL ended the notebook"),
    "signal.raise_signal(9)": ("SIGKILL", "signal SIGKILL ended the notebook"),
    "ctypes.string_at(0)": ("SIGSEGV", "signal SIGSEGV ended the notebook"),
}


def _body(end: str) -> str:
    return f"@app.cell\ndef leave():\n    import ctypes, os, signal, sys\n\n    {end}\n    return\n"


@pytest.mark.parametrize("end", ENDS)
def test_an_exit_of_a_script_is_said_with_its_place(pool: Pool, tmp_path: Path, end: str) -> None:
    error = make(pool, tmp_path, _body(end), "script").error
    assert error is not None
    assert (error.type, error.message, error.cell, error.line) == (*ENDS[end], "leave", 11)


@pytest.mark.parametrize("end", [end for end in ENDS if end.startswith(("os.", "signal."))])
def test_a_kernel_s_end_is_said_with_its_place(pool: Pool, tmp_path: Path, end: str) -> None:
    error = make(pool, tmp_path, _body(end), "edit", "limit = 30").error
    assert error is not None
    assert (error.type, error.message, error.cell, error.line) == (*ENDS[end], "leave", 11)


def test_why_marimo_does_not_start_is_said_without_our_marks(pool: Pool, tmp_path: Path) -> None:
    """A notebook that has the name of a module which marimo imports."""
    record = make_file(pool, tmp_path, "markdown.py", (HEAD + _body("pass")).encode(), "edit")
    assert record.error is not None
    assert record.error.message.startswith("AttributeError: partially initialized module")
    assert record.error.message.endswith("circular import)")


TESTED = """@app.function
def test_one():
    assert 1 + 1 == 2


@app.cell
def after():
    print("after")
    return
"""


def test_a_kernel_that_fails_ends_the_wait(pool: Pool, tmp_path: Path) -> None:
    """marimo 0.25.2 fails while it runs a test in a notebook that loads nothing heavy."""
    record = make(pool, tmp_path, TESTED, "edit", "limit = 600")
    if record.error is not None:  # it depends on what else is being imported
        assert record.error.type == "KernelError"
        assert "marimo's kernel failed" in record.error.message


def test_a_notebook_without_tests_says_so(pool: Pool, tmp_path: Path) -> None:
    error = make(pool, tmp_path, _body("pass"), "test").error
    assert str(error) == "NoTests: the notebook has no tests: pytest collected nothing"


def test_an_exit_in_a_test_is_said_with_its_place(pool: Pool, tmp_path: Path) -> None:
    body = "@app.function\ndef test_it():\n    import os\n\n    os._exit(7)\n"
    error = make(pool, tmp_path, body, "test").error
    assert error is not None
    assert (error.message, error.cell, error.line) == (
        "the notebook ended with exit status 7",
        "test_it",
        11,
    )


TWICE = (
    "@app.cell\ndef _():\n    x = 1\n    return\n\n\n@app.cell\ndef _():\n    x = 2\n    return\n"
)


@pytest.mark.parametrize("mode", ["check", "edit", "run"])
def test_a_name_defined_twice_has_its_line(pool: Pool, tmp_path: Path, mode: str) -> None:
    error = make(pool, tmp_path, TWICE, mode).error
    assert error is not None
    assert (error.type, error.line in (7, 8)) == ("multiple-definitions", True)


@pytest.mark.parametrize(
    "text",
    [
        HEAD.replace("app =", "my_app =").encode(),
        b'X = "marimo.App("\n',
    ],
)
@pytest.mark.parametrize("mode", ["check", "edit"])
def test_what_only_looks_like_a_notebook_is_said_by_marimo(
    pool: Pool, tmp_path: Path, text: bytes, mode: str
) -> None:
    record = make_file(pool, tmp_path, "x.py", text, mode)
    assert not record.passed
    assert record.error is not None and record.error.message
