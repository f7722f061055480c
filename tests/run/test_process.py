"""Processes: bounded, and gone when whoever started them is."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from proven.errors import ProvenError
from proven.run import process
from proven.run.process import Process, clean_env, finish, tidy

pytestmark = pytest.mark.slow

# Starts a child in a session of its own, as a marimo kernel is; both wait for ever.
FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                         start_new_session=True)
print(child.pid, flush=True)
time.sleep(600)
"""


def _grandchild(output: Path) -> psutil.Process:
    deadline = time.monotonic() + 60
    while not output.exists() or not output.read_text().strip():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return psutil.Process(int(output.read_text().split()[0]))


def _gone(process: psutil.Process) -> bool:
    try:
        process.wait(30)
    except psutil.TimeoutExpired:
        return False
    return True


def test_a_command_that_never_ends_is_ended_and_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; print('on'); time.sleep(600)"]
    with pytest.raises(TimeoutError, match="did not end within 2 s"):
        finish(command, tmp_path, clean_env(), tmp_path / "log", 2)


def test_the_exit_status_and_the_output_come_back(tmp_path: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    done = finish([sys.executable, "-c", code], tmp_path, clean_env(), tmp_path / "log", 60)
    assert (done.exit, done.text) == (3, "out\nerr\n")


@pytest.mark.parametrize(
    "name",
    ["CI", "FORCE_COLOR", "PREFECT_API_URL", "PYTHONPATH", "UV_INTERNAL__PARENT_INTERPRETER"],
)
def test_the_environment_of_a_run_leaves_out_what_would_steer_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert name not in clean_env()
    monkeypatch.setenv(name, "1")
    monkeypatch.setenv("ONLY_HERE", "1")
    assert name not in clean_env() and clean_env()["ONLY_HERE"] == "1"


def test_stop_ends_what_left_the_process_group_too(tmp_path: Path) -> None:
    with Process([sys.executable, "-c", FAMILY], tmp_path, clean_env(), tmp_path / "log"):
        grandchild = _grandchild(tmp_path / "log")
    assert _gone(grandchild)


def test_nothing_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    """kill -9 runs no clean-up of ours: the guard sees its pipe close."""
    parent = f"""
import time
from pathlib import Path
from proven.run.process import Process, clean_env
import sys
tmp = Path({str(tmp_path)!r})
p = Process([sys.executable, "-c", {FAMILY!r}], tmp, clean_env(), tmp / "log")
time.sleep(600)
"""
    killed = subprocess.Popen([sys.executable, "-c", parent])
    grandchild = _grandchild(tmp_path / "log")
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert _gone(grandchild)


def test_a_server_that_ends_at_once_is_said_with_its_output(tmp_path: Path) -> None:
    code = "print('port 80 is taken'); raise SystemExit(1)"
    with (
        Process([sys.executable, "-c", code], tmp_path, clean_env(), tmp_path / "log") as process,
        pytest.raises(ProvenError, match=r"the server ended \(exit 1\):\nport 80 is taken"),
    ):
        process.until(lambda: False, 60, "the server")


def test_the_reader_s_own_settings_reach_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://their.server/api")
    monkeypatch.setenv("PREFECT_API_KEY", "secret")
    monkeypatch.setenv("MARIMO_CONFIG", "x")
    assert not [k for k in clean_env() if k.startswith(("PREFECT", "MARIMO"))]


@pytest.mark.parametrize(("home", "kept"), [("away", False), ("temporary", True)])
def test_compiled_code_of_temporary_folders_is_forgotten_but_for_our_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: str, kept: bool
) -> None:
    """Where the environment stands in a temporary folder, its packages are compiled there."""
    temporary = tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(temporary))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / home / "venv"))
    monkeypatch.setattr(process, "BYTECODE", tmp_path / "bytecode")
    compiled = tmp_path / "bytecode" / temporary.relative_to("/") / "x.pyc"
    compiled.parent.mkdir(parents=True)
    compiled.touch()
    tidy()
    assert compiled.exists() == kept
