"""Run a command that ends when its parent does, however the parent ends.

    python guard.py COMMAND…        (standard input: a pipe that the parent holds)

The pipe closes when the parent closes it, exits or is killed; then the command and all
its descendants are ended, politely first. A command that ends by itself takes its
stragglers with it. The guard is two processes, each of which ends everything when the
other one is gone: a guard of which one is killed leaves nothing either. Where both are,
the parent ends the rest (`Process.stop`). What belongs to a guard is known by a variable
that all of it has inherited (`PROVEN_GUARD`).

Started by path, so it imports nothing of `proven`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

GRACE = 8.0  # seconds between "please end" and the kill
FAMILY = "PROVEN_GUARD"
LOOKS = 10
KERNEL = 2  # Linux: what has this parent runs no program


def main(command: list[str]) -> int:
    """Run the command; give its exit status, 128 + n where signal n ended it."""
    asked = threading.Event()
    # Before anything is started: who asks for the end too early is heard, not killed.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    # Ours alone, where we were started in one of our own: else it is that of others, too.
    session = os.getpid() if os.getsid(0) == os.getpid() else 0
    reads, writes = os.pipe()
    inner = os.fork()
    if inner == 0:
        os.close(writes)
        os._exit(keep(command, reads, asked, session))
    os.close(reads)
    threading.Thread(target=until_closed, args=(0, asked), daemon=True).start()
    status: list[int] = []
    threading.Thread(target=until_dead, args=(inner, status, asked), daemon=True).start()
    asked.wait()
    os.close(writes)
    while not status:
        time.sleep(0.01)
    code = os.waitstatus_to_exitcode(status[0])
    if code < 0:  # it was killed, and could end nothing
        end_family(os.environ.get(FAMILY, ""), session)
    return code if code >= 0 else 128 - code


def keep(command: list[str], pipe: int, asked: threading.Event, session: int) -> int:
    """The inner one: it starts the command, and ends it."""
    try:
        # What our parent handed to us, a bound socket, is for the command.
        # In a group of its own: a notebook that kills its group does not kill its guard.
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, close_fds=False, process_group=0
        )
    except OSError as e:
        print(f"{command[0]}: {e.strerror}", file=sys.stderr, flush=True)
        return 127
    threading.Thread(target=until_closed, args=(pipe, asked), daemon=True).start()
    threading.Thread(target=until_ended, args=(child, asked), daemon=True).start()
    asked.wait()
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE)
    end_family(os.environ.get(FAMILY, ""), session)
    code = child.wait()
    return code if code >= 0 else 128 - code


def until_closed(pipe: int, asked: threading.Event) -> None:
    """Wait until the other end of the pipe is closed."""
    os.read(pipe, 1)
    asked.set()


def until_ended(child: subprocess.Popen[bytes], asked: threading.Event) -> None:
    """Wait until the command has ended."""
    child.wait()
    asked.set()


def until_dead(child: int, status: list[int], asked: threading.Event) -> None:
    """Wait for the child's end, and keep its status."""
    status.append(os.waitpid(child, 0)[1])
    asked.set()


def end_family(token: str, session: int = 0) -> None:
    """End all that has this token, or is in this session: again while something is found."""
    import psutil

    for _ in range(LOOKS):
        alive = family(token, session)
        if not alive:
            return
        _signal(alive, signal.SIGTERM)
        _, alive = psutil.wait_procs(alive, timeout=2)
        _signal(alive, signal.SIGKILL)
        psutil.wait_procs(alive, timeout=2)


def family(token: str, session: int = 0) -> list[psutil.Process]:
    """What has inherited this token, or is in this session, or was started by these."""
    import psutil

    found: set[psutil.Process] = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            mine = token and _environment(process).get(FAMILY) == token
            if mine or (session and os.getsid(process.pid) == session):
                found |= {process, *process.children(recursive=True)}
    ours = {os.getpid(), os.getppid()}
    return [process for process in found if process.pid not in ours and _lives(process)]


def _environment(process: psutil.Process) -> dict[str, str]:
    """What it was started with; between two programs a process has none, for a moment."""
    for _ in range(LOOKS):
        environment = process.environ()
        if environment or not _lives(process) or KERNEL in (process.pid, process.ppid()):
            break
        time.sleep(0.01)
    return environment


def _lives(process: psutil.Process) -> bool:
    import psutil

    with contextlib.suppress(psutil.Error):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def _signal(processes: list[psutil.Process], number: int) -> None:
    import psutil

    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
