"""What a command leaves behind that nobody ends for a reader: processes, ports, files."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psutil

from proven.run import to_the_end

# What the tools keep for themselves: a worker its runs, each program its caches and settings.
OWN = {"runner_storage", ".prefect", ".cache", ".config", ".local"}


@dataclass(frozen=True)
class Left:
    """What was not there before."""

    exit: int
    processes: list[str] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def terminal(script: str) -> list[str]:
    """Bash as in a terminal: each command in the background is a job of its own."""
    return ["bash", "-em", script]


def left_by(command: list[str], folder: Path, env: dict[str, str], said: Path) -> Left:
    """Run the command in the folder; what it left, which is ended now.

    It has a home and a temporary folder of its own, beside the folder and empty at first.
    """
    mark, places = uuid4().hex, {n: folder.parent / n.lower() for n in ("TMPDIR", "HOME")}
    for place in places.values():
        place.mkdir(exist_ok=True)
    before = _files(folder.parent)
    mine = {to_the_end.MARK: mark} | {name: str(place) for name, place in places.items()}
    with said.open("wb") as output:
        done = subprocess.run(command, cwd=folder, env=env | mine, stdout=output, stderr=output)
    left = to_the_end.after_grace(mark)
    found = Left(
        done.returncode,
        [" ".join(process.cmdline()) for process in left],
        [c.laddr.port for p in left for c in p.net_connections("tcp") if c.status == "LISTEN"],
        sorted(_files(folder.parent) - before - {said.name}),
    )
    for process in left:
        process.kill()
    psutil.wait_procs(left)
    return found
