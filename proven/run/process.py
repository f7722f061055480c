"""Start, watch and end processes; nothing that is started here outlives us."""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from proven.errors import ProvenError
from proven.run.guard import FAMILY, end_family

GUARD = Path(__file__).with_name("guard.py")
# Compiled code of what runs import: without it, importing marimo and Prefect takes each
# process three times as long. Here and not beside the sources, where it would be a file
# that the run left behind.
BYTECODE = Path(sys.prefix, "bytecode")
READ = 64_000_000  # bytes of an output that are looked at; a record keeps less


class Process:
    """A command under guard; its output, both streams in order, goes to a file."""

    def __init__(
        self,
        command: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        output: Path,
        *,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.output = output
        # All that this process starts inherits it: so it is found when it is to be ended.
        self._family = secrets.token_hex(8)
        with output.open("wb") as log:
            self._guard = subprocess.Popen(
                # Its environment is the command's: what steers Python there is not for it.
                [sys.executable, "-E", "-X", f"pycache_prefix={BYTECODE}", str(GUARD), *command],
                cwd=cwd,
                env={**env, FAMILY: self._family},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us only; we end our children
                pass_fds=pass_fds,
            )
        _LIVE.add(self)

    @property
    def pid(self) -> int:
        """The guard's process id; the command is its child."""
        return self._guard.pid

    @property
    def exit(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._guard.poll()

    @property
    def text(self) -> str:
        """What it has written until now."""
        return text_of(self.output)

    def wait(self, limit: float) -> int:
        """Wait for the end; the exit status.

        Raises:
            TimeoutError: it did not end within `limit` seconds; it is ended now.
        """
        try:
            return self._guard.wait(limit)
        except subprocess.TimeoutExpired:
            self.stop()
            raise TimeoutError(f"did not end within {limit:g} s") from None
        except BaseException:
            self.stop()
            raise

    def until(self, ready: Callable[[], bool], limit: float, what: str) -> None:
        """Wait until `ready()`.

        Raises:
            ProvenError: the process ended first, or `limit` seconds passed; the
                message holds the end of its output.
        """
        deadline = time.monotonic() + limit
        while not ready():
            if self.exit is not None:
                raise ProvenError(f"{what} ended (exit {self.exit}):\n{self._tail()}")
            if time.monotonic() > deadline:
                raise ProvenError(f"{what}: not ready after {limit:g} s:\n{self._tail()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the process and all that it started; wait until they are gone."""
        self.ask_to_end()
        if self._guard.wait() < 0:  # it was killed, maybe both halves of it
            end_family(self._family)
        _LIVE.discard(self)

    def ask_to_end(self) -> None:
        """Let the guard end the process; do not wait for it."""
        if self._guard.stdin and not self._guard.stdin.closed:
            self._guard.stdin.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def _tail(self) -> str:
        return "\n".join(self.text.splitlines()[-15:])


def text_of(file: Path) -> str:
    """A file's text as it was written: no newline is translated, no byte is lost."""
    with file.open("rb") as bytes_:
        text = bytes_.read(READ).decode(errors="backslashreplace")
    more = file.stat().st_size - READ
    return text if more <= 0 else f"{text}\n… ({more:,} more bytes)\n"


_LIVE: set[Process] = set()


def stop_all() -> None:
    """End every process that was started here and still runs."""
    for process in list(_LIVE):
        process.ask_to_end()
    for process in list(_LIVE):
        process.stop()


def tidy() -> None:
    """Forget the compiled code of files in temporary folders: none will be run again.

    Where our own environment stands in one, nothing is forgotten: its packages are there too.
    """
    temporary = Path(tempfile.gettempdir())
    for folder in {temporary, temporary.resolve()} - set(Path(sys.prefix).parents):
        shutil.rmtree(BYTECODE / folder.relative_to(folder.anchor), ignore_errors=True)


@dataclass(frozen=True)
class Finished:
    """A command that ended: its exit status and its output."""

    exit: int
    text: str


def finish(
    command: Sequence[str], cwd: Path, env: Mapping[str, str], output: Path, limit: float
) -> Finished:
    """Run a command to its end.

    Raises:
        TimeoutError: it did not end within `limit` seconds.
    """
    with Process(command, cwd, env, output) as process:
        return Finished(process.wait(limit), process.text)


# Below those that Linux and macOS give to outgoing connections: between our look and
# a server's start one of these may take the port.
_PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    while True:
        port = random.choice(_PORTS)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


def own_home(folder: Path) -> dict[str, str]:
    """Where programs keep settings, caches and state: in this folder, not in the reader's home."""
    own = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "CACHE", "STATE")}
    # But for uv: it would fetch a hundred packages again for each run.
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return own | {"UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR") or f"{cache}/uv"}


# What makes tools write more, or in colour. pytest cuts its summary lines to the
# width of the terminal, but not where it finds one of the first two.
_OUTPUT = frozenset({"CI", "BUILD_NUMBER", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE"})

# The last one: `python -m uv run` tells every uv below it which Python it stands on.
_STEERS = ("PREFECT", "MARIMO", "PYTHON", "PYTEST", "COV_", "VIRTUAL_ENV", "UV_INTERNAL")


def clean_env() -> dict[str, str]:
    """Our environment without what would steer Prefect, marimo, Python or the look of output.

    The reader's own settings (a Prefect profile, an API key) reach no run.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_STEERS) and k not in _OUTPUT}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        "NO_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "100",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "DO_NOT_TRACK": "1",
    }
