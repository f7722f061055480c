"""What a command leaves behind that nobody ends for a reader: processes, ports, files."""

import re
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psutil

from proven.run import to_the_end

# What tools keep for themselves: a worker its runs, uv its locks, each program its settings.
OWN = re.compile(r"tmpdir/(runner_storage|uv-\w+\.lock)$|home/\.(prefect|cache|config|local)$")


@dataclass(frozen=True)
class Left:
    """What was not there before."""

    exit: int
    processes: list[str] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def terminal(script: str) -> list[str]:
    """Bash as in a terminal: each command in the background is a job of its own."""
    # Not `bash -m`: without a terminal that has no job control, where a shell may still set it.
    return ["bash", "-ec", 'set -m; . "./$0"', script]


def left_by(
    command: list[str], folder: Path, env: dict[str, str], said: Path, limit: float | None = None
) -> Left:
    """Run the command in the folder; what it left, which is ended now.

    It has a home and a temporary folder of its own, beside the folder and empty at first.
    """
    around, mark = folder.parent, uuid4().hex
    mine = {"TMPDIR": str(around / "tmpdir"), "HOME": str(around / "home"), to_the_end.MARK: mark}
    for place in ("tmpdir", "home"):
        (around / place).mkdir(exist_ok=True)
    before = _beside(folder)
    with said.open("wb") as output:
        done = subprocess.run(
            command,
            cwd=folder,
            env=env | mine,
            timeout=limit,
            stdout=output,
            stderr=output,
            # A suite that was started in the background ignores the interrupt; a terminal does not.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    left = to_the_end.after_grace(mark)
    found = Left(
        done.returncode,
        [" ".join(process.cmdline()) for process in left],
        [c.laddr.port for p in left for c in p.net_connections("tcp") if c.status == "LISTEN"],
        sorted(_beside(folder) - before),
    )
    for process in left:
        process.kill()
    psutil.wait_procs(left)
    return found


def _beside(folder: Path) -> set[str]:
    """What lies in the home, in the temporary folder and around them, and is no tool's own."""
    around = folder.parent
    places = (around, around / "tmpdir", around / "home")
    found = {p.relative_to(around).as_posix() for place in places for p in place.iterdir()}
    return {name for name in found if not OWN.match(name)}
