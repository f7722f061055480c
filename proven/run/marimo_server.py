"""Start marimo's server: here only, for the runs and for the live notebooks."""

from __future__ import annotations

import http.client
import secrets
import shutil
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from proven.run.process import Process

Mode = Literal["edit", "run"]
ON_SOCKET = Path(__file__).with_name("on_socket.py")
START_LIMIT = 60.0  # seconds; two on an idle machine


class MarimoServer:
    """`marimo edit` or `marimo run` on a file or a folder, which asks for a token.

    It serves on a loopback socket that is bound here and kept until `stop`, so no
    other program ever answers at its port, not before it starts nor after it ended.
    """

    def __init__(
        self,
        mode: Mode,
        target: Path,
        cwd: Path,
        env: Mapping[str, str],
        log: Path,
        *,
        base: str = "",
        ttl: int = 1,
    ) -> None:
        self.mode = mode
        self.base = base
        self.token = secrets.token_urlsafe(24)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._secret = log.with_suffix(".token")
        self._secret.touch(mode=0o600)
        self._secret.write_text(self.token)
        self._ready = threading.Lock()
        # The first on PATH: a project has an environment of its own.
        python = shutil.which("python", path=env["PATH"]) or sys.executable
        number = self._socket.fileno()
        command = [python, str(ON_SOCKET), str(number), "marimo", *self._arguments(target, ttl)]
        self.process = Process(command, cwd, env, log, pass_fds=[number])

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}{self.base}"

    @property
    def headers(self) -> dict[str, str]:
        """What the server asks for."""
        return {"Authorization": f"Bearer {self.token}"}

    def ready(self) -> None:
        """Wait until the server answers.

        Raises:
            ProvenError: it ended, or did not answer in time; with its last words.
        """
        with self._ready:
            if self._secret.exists():
                self.process.until(self._answers, START_LIMIT, f"marimo {self.mode}")
                self._secret.unlink()

    def stop(self) -> None:
        """End the server and its kernels; give the port back."""
        self.process.stop()
        self._socket.close()

    def _arguments(self, target: Path, ttl: int) -> list[str]:
        # Quiet: its greeting holds the token.
        arguments = ["-y", "-q", self.mode, str(target), "--headless", "--no-sandbox"]
        arguments += ["--host", "127.0.0.1", "--port", str(self.port), "--base-url", self.base]
        arguments += ["--token-password-file", str(self._secret), "--no-skew-protection"]
        arguments += ["--session-ttl", str(ttl)]
        return arguments + (["--skip-update-check"] if self.mode == "edit" else [])

    def _answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", f"{self.base}/health")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False  # not yet: the socket is there before the server is
        finally:
            asked.close()
