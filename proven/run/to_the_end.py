"""Run a shell snippet to its end, and say what it leaves running.

    python to_the_end.py COMMAND…

The guard ends all that a run started, so a worker that a script forgot to end would go
unseen: a reader has no guard. Started by path, so it imports nothing of `proven`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import psutil

MARK = "PROVEN_SCRIPT"
GRACE = 5.0  # seconds in which what was asked to end may do so


def main(command: list[str]) -> int:
    """Run the command; its exit status, or 1 where it leaves a process behind."""
    mark = uuid4().hex
    code = subprocess.call(command, env=os.environ | {MARK: mark})
    left = after_grace(mark)
    for process in left:
        print(f"still running: {' '.join(process.cmdline())}")
    return code or bool(left)


def after_grace(mark: str) -> list[psutil.Process]:
    """The processes with this mark that do not end by themselves within `GRACE`."""
    deadline = time.monotonic() + GRACE
    while (left := list(marked(mark))) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def marked(mark: str) -> Iterator[psutil.Process]:
    """The living processes whose environment holds this mark, wherever they were started from."""
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.environ().get(MARK) == mark:
                yield process
        except (psutil.Error, OSError):
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
