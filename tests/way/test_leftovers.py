"""A shell snippet, run as a reader runs it, leaves nothing behind: no process, port or file.

Every run of one already fails over a process that it leaves (`proven.run.to_the_end`). Those
that start something in the background are run here once more: by bash with the job control of
a terminal, no guard around it, a home and a temporary folder of its own.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from proven.modes import Mode
from proven.project import Run
from proven.run import plain
from proven.run.api import Api
from proven.run.job import Job
from tests.here import PROJECT, catalogue
from tests.way.leftovers import Left, left_by, terminal

pytestmark = pytest.mark.slow

BACKGROUND = re.compile(r"(?m)(?<![&>])&\s*$")
TRIED = [s.name for s in catalogue() if s.path.suffix == ".sh" and BACKGROUND.search(s.text)]


@pytest.mark.parametrize("name", [*TRIED, "way/which_python.sh"])
def test_a_script_that_starts_something_ends_it(name: str, api: Api, tmp_path: Path) -> None:
    job = Job(Run(PROJECT, PROJECT.find(name), Mode.SHELL), tmp_path / "run", api)
    # What a reader has: the server's address, and the Python of the project.
    env = api.env(tmp_path / "prefect")
    # And a terminal of the usual width, which cuts the tables of Prefect's commands.
    env["COLUMNS"] = "80"
    env["PATH"] = os.pathsep.join([str(job.python.parent), env["PATH"]])
    said = job.project / "said.txt"
    left = left_by(terminal(job.name), job.project, env, said)
    assert left == Left(0), said.read_text(errors="replace")[-3000:]


NARROW = re.compile(r"(?<!COLUMNS=200 )\bprefect (?:flow-run|deployment schedule) ls\b(?!.*json)")


def test_a_table_that_a_script_reads_is_wide() -> None:
    """Where a terminal has eighty columns Prefect cuts off ids, names and states."""
    scripts = [s for s in catalogue() if s.path.suffix == ".sh"]
    assert [s.name for s in scripts if NARROW.search(s.text)] == []
    assert NARROW.search("id=$(prefect flow-run ls --flow-name x | grep x)")


def test_there_are_such_scripts() -> None:
    assert len(TRIED) >= 3


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("sleep 60 &", "processes"),
        (f"{sys.executable} -m http.server 0 > server.log 2>&1 & sleep 3", "ports"),
        ('echo x > "$TMPDIR/forgotten.txt"', "files"),
        ("echo x > ~/forgotten.txt", "files"),
        ("echo x > ../forgotten.txt", "files"),
        ("exit 3", "exit"),
    ],
)
def test_what_is_left_behind_is_seen(line: str, what: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "script.sh").write_text(line + "\n")
    left = left_by(terminal("script.sh"), folder, dict(os.environ), folder / "said.txt")
    assert getattr(left, what)


def test_a_job_of_a_terminal_can_be_interrupted(tmp_path: Path) -> None:
    """Bash without job control would leave the job alive: it ignores the interrupt there."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project/script.sh").write_text("sleep 60 &\nsleep 1\nkill -INT $!\n")
    folder = tmp_path / "project"
    left = left_by(terminal("script.sh"), folder, dict(os.environ), folder / "said.txt")
    assert left == Left(0)


def test_a_run_of_a_script_that_leaves_a_process_fails(tmp_path: Path) -> None:
    (tmp_path / "script.sh").write_text("sleep 30 &\necho $! > pid.txt\n")
    command = [sys.executable, str(plain.TO_THE_END), "sh", "-e", "script.sh"]
    with (tmp_path / "said.txt").open("wb") as said:
        done = subprocess.run(command, cwd=tmp_path, stdout=said)
    psutil.Process(int((tmp_path / "pid.txt").read_text())).kill()
    assert done.returncode == 1
    assert (tmp_path / "said.txt").read_text() == "still running: sleep 30\n"
