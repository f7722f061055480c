"""A shell snippet, run as a reader runs it, leaves nothing behind: no process, port or file.

Every run of one already fails over a process that it leaves (`proven.run.to_the_end`). Those
that start something in the background are run here once more: plain bash, no guard around it,
with a home and a temporary folder of its own.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from proven.modes import Mode
from proven.project import Run
from proven.run import plain, to_the_end
from proven.run.api import Api
from proven.run.job import Job
from tests.here import PROJECT, catalogue

pytestmark = pytest.mark.slow

BACKGROUND = [
    s.name
    for s in catalogue()
    if s.path.suffix == ".sh" and re.search(r"(?m)(?<![&>])&\s*$", s.text)
]
# Prefect's own: where a worker keeps its runs, and the caches of a home.
PREFECTS = {"runner_storage"}


@dataclass(frozen=True)
class Left:
    """What was not there before."""

    exit: int
    processes: list[str]
    ports: list[int]
    files: list[str]


def read(script: str, folder: Path, env: dict[str, str]) -> Left:
    """Run the script by plain bash in the folder; what it left, which is ended now."""
    mark, temporary = uuid4().hex, folder.parent / "tmp"
    temporary.mkdir()
    mine = {to_the_end.MARK: mark, "TMPDIR": str(temporary), "HOME": str(folder.parent / "home")}
    with (folder.parent / "said.txt").open("wb") as said:
        done = subprocess.run(
            ["bash", "-e", script], cwd=folder, env=env | mine, stdout=said, stderr=said
        )
    left = to_the_end.after_grace(mark)
    found = [" ".join(p.cmdline()) for p in left]
    ports = [c.laddr.port for p in left for c in p.net_connections("tcp") if c.status == "LISTEN"]
    for process in left:
        process.kill()
    psutil.wait_procs(left)
    files = [p.name for p in temporary.iterdir() if p.name not in PREFECTS]
    return Left(done.returncode, found, ports, files)


@pytest.mark.parametrize("name", BACKGROUND)
def test_a_script_that_starts_something_ends_it(name: str, api: Api, tmp_path: Path) -> None:
    job = Job(Run(PROJECT, PROJECT.find(name), Mode.SHELL), tmp_path / "run", api)
    # What a reader has: the server's address, and the Python of the project.
    env = api.env(tmp_path / "prefect")
    env["PATH"] = os.pathsep.join([str(job.python.parent), env["PATH"]])
    left = read(job.name, job.project, env)
    said = (tmp_path / "run" / "said.txt").read_text(errors="replace")
    assert left == Left(0, [], [], []), said[-3000:]


def test_there_are_such_scripts() -> None:
    assert len(BACKGROUND) >= 3


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("sleep 60 &", "processes"),
        (f"{sys.executable} -m http.server 0 > server.log 2>&1 & sleep 3", "ports"),
        ('echo x > "$TMPDIR/forgotten.txt"', "files"),
        ("exit 3", "exit"),
    ],
)
def test_what_is_left_behind_is_seen(line: str, what: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "script.sh").write_text(line + "\n")
    assert getattr(read("script.sh", folder, dict(os.environ)), what)


def test_a_run_of_a_script_that_leaves_a_process_fails(tmp_path: Path) -> None:
    (tmp_path / "script.sh").write_text("sleep 30 &\necho $! > pid.txt\n")
    command = [sys.executable, str(plain.TO_THE_END), "sh", "-e", "script.sh"]
    with (tmp_path / "said.txt").open("wb") as said:
        done = subprocess.run(command, cwd=tmp_path, stdout=said)
    psutil.Process(int((tmp_path / "pid.txt").read_text())).kill()
    assert done.returncode == 1
    assert (tmp_path / "said.txt").read_text() == "still running: sleep 30\n"
