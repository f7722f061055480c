"""A guard that is ended or killed, at whatever moment, leaves nothing behind."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from proven.run import guard
from proven.run.process import Process, clean_env

pytestmark = pytest.mark.slow

# A child in a session of its own, as a marimo kernel is; both wait for ever, deaf to SIGTERM.
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
FAMILY = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {DEAF!r}], start_new_session=True)
time.sleep(600)
"""
HEARING = FAMILY.replace(repr(DEAF), repr("import time; time.sleep(600)"))
ROUNDS = 100


def _start(token: str) -> subprocess.Popen[bytes]:
    env = clean_env() | {guard.FAMILY: token}
    command = [sys.executable, guard.__file__, sys.executable, "-c", FAMILY]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env=env, start_new_session=True)


def _family(token: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(guard.FAMILY) == token:
                found.append(process)
    return found


def _gone(token: str, limit: float = 40) -> bool:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if not _family(token):
            return True
        time.sleep(0.2)
    for process in _family(token):
        process.kill()
    return False


def _halves(started: subprocess.Popen[bytes]) -> list[int]:
    with contextlib.suppress(psutil.Error):
        inner = psutil.Process(started.pid).children()
        return [started.pid, *(p.pid for p in inner)]
    return [started.pid]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_killed_at_random_moments_a_guard_leaves_nothing(number: signal.Signals) -> None:
    def turn(n: int) -> str:
        chance = random.Random(n)
        token = f"turn-{number}-{n}-{os.getpid()}"
        started = _start(token)
        time.sleep(chance.uniform(0, 0.4))
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(_halves(started)), number)
        if number == signal.SIGTERM:
            assert started.stdin is not None
            started.stdin.close()
        left = "" if _gone(token) else f"turn {n}"
        started.wait(10)
        return left

    assert _several(turn, ROUNDS // 2) == ""


def test_killed_whole_at_random_moments_a_guard_is_made_good_by_its_parent(tmp_path: Path) -> None:
    """Both halves at once: nobody is left who would end the rest, but the one who started it."""

    def turn(n: int) -> str:
        chance = random.Random(n)
        command = [sys.executable, "-c", HEARING]
        started = Process(command, tmp_path, clean_env(), tmp_path / f"log-{n}")
        token = started._family
        time.sleep(chance.uniform(0, 0.4))
        for half in reversed([p.pid for p in _family(token) if "guard.py" in str(p.cmdline())]):
            with contextlib.suppress(ProcessLookupError):
                os.kill(half, signal.SIGKILL)
        started.stop()
        return "" if _gone(token, limit=1) else f"turn {n}"

    assert _several(turn, ROUNDS) == ""


def _several(turn: Callable[[int], str], times: int) -> str:
    """What went wrong in so many turns, of which most wait most of the time."""
    with ThreadPoolExecutor(5) as pool:
        return " ".join(filter(None, pool.map(turn, range(times))))


def test_a_process_that_is_just_starting_a_program_is_found(tmp_path: Path) -> None:
    """Between two programs a process has no environment; this one is there again and again."""
    again = tmp_path / "again.sh"
    again.write_text(f"exec sh {again}\n")
    for turn in range(ROUNDS):
        token = f"again-{turn}-{os.getpid()}"
        env = {guard.FAMILY: token, "PATH": os.environ["PATH"]}
        started = subprocess.Popen(["sh", str(again)], env=env, start_new_session=True)
        guard.end_family(token)
        left = started.poll() is None
        started.kill()
        started.wait(10)
        assert not left, f"turn {turn}"


# What a cell may leave: started by a shell that has ended, in a session of its own, and deaf.
APART = f"import os; os.setsid(); {DEAF}"
DAEMON = f"""
import subprocess, sys, time
subprocess.run(["sh", "-c", '"$0" -c "$1" &', sys.executable, {APART!r}])
print("started", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_daemon_whose_parent_has_ended_ends_too(number: signal.Signals) -> None:
    token = f"daemon-{number}-{os.getpid()}"
    env = clean_env() | {guard.FAMILY: token}
    command = [sys.executable, guard.__file__, sys.executable, "-c", DAEMON]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=env, start_new_session=True)
    assert started.stdout is not None
    started.stdout.readline()
    daemons = [process for process in _family(token) if process.ppid() == 1]
    assert len(daemons) == 1
    os.kill(started.pid, number)
    assert _gone(token)
    started.wait(10)


def test_a_family_that_nobody_ends_is_seen() -> None:
    """The test above would see a leftover: one that no guard ends stands there."""
    token = f"alone-{os.getpid()}"
    alone = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], env={guard.FAMILY: token}
    )
    assert not _gone(token, limit=1)
    alone.wait(10)


def test_a_command_that_is_not_there_is_said(tmp_path: Path) -> None:
    command = [sys.executable, guard.__file__, "no-such-command"]
    done = subprocess.run(command, stdin=subprocess.PIPE, capture_output=True, text=True)
    assert done.returncode == 127
    assert done.stderr == "no-such-command: No such file or directory\n"
