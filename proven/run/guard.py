"""Run a command that ends when its parent does, however the parent ends.

    python guard.py COMMAND…        (standard input: a pipe that the parent holds)

The pipe closes when the parent closes it, exits or is killed; then the command
and all its descendants are ended, politely first. A command that ends by itself
takes its stragglers with it. Started by path, so it imports nothing of `proven`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

import psutil

GRACE = 8.0  # seconds between "please end" and the kill


def main(command: list[str]) -> int:
    """Run the command; give its exit status, 128 + n where signal n ended it."""
    # What our parent handed to us, a bound socket, is for the command.
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=False)
    asked = threading.Event()

    def wait_for_parent() -> None:
        os.read(0, 1)
        asked.set()

    def wait_for_child() -> None:
        child.wait()
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    threading.Thread(target=wait_for_parent, daemon=True).start()
    threading.Thread(target=wait_for_child, daemon=True).start()
    asked.wait()
    end(child)
    code = child.wait()
    return code if code >= 0 else 128 - code


def end(child: subprocess.Popen[bytes]) -> None:
    """End the child and what it started, also what left its process group."""
    family = set(_group())
    with contextlib.suppress(psutil.NoSuchProcess):
        family |= set(psutil.Process(child.pid).children(recursive=True))
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
    for process in family:
        _signal(process, signal.SIGTERM)
    _, alive = psutil.wait_procs(family, timeout=2)
    for process in alive:
        _signal(process, signal.SIGKILL)


def _group() -> list[psutil.Process]:
    """The other processes of this process group: a dead child's children stay in it."""
    group, found = os.getpgid(0), []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and os.getpgid(process.pid) == group:
                found.append(process)
        except OSError:
            continue
    return found


def _signal(process: psutil.Process, number: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
