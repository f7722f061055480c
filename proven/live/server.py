"""One marimo server for one bench: `marimo edit` on a folder, or `marimo run` on a file."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import httpx
import psutil

from proven.errors import ProvenError
from proven.run.process import Process, free_port

View = Literal["edit", "run"]
START_LIMIT = 60.0  # seconds; two on an idle machine
ENDED_LIMIT = 8.0  # seconds that an interrupted cell may take to end
# Seconds after which marimo ends a session that no page shows. An editor's kernel
# lives as long as its bench; an app's session is new with each page anyway.
_TTL: dict[View, int] = {"edit": 86400, "run": 30}


class Marimo:
    """A marimo server on a loopback port, which asks for a token that only we know."""

    def __init__(
        self, view: View, target: Path, folder: Path, base: str, env: Mapping[str, str]
    ) -> None:
        self.view = view
        self.base = base
        self.log = folder / f"{view}.log"
        self.session = ""
        """The session that a page has open, as the tunnel saw it last."""
        self._target = target
        self._env = env
        self._token = secrets.token_urlsafe(24)
        self._secret = folder / f"{view}.token"
        self._secret.touch(mode=0o600)
        self._secret.write_text(self._token)
        self._port, self.process = self._start()

    def _start(self) -> tuple[int, Process]:
        """Start the server on a port that is free now; another program may still take it."""
        port = free_port()
        # Quiet: its greeting holds the token.
        command = [sys.executable, "-m", "marimo", "-y", "-q", self.view, str(self._target)]
        command += ["--headless", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--base-url", self.base, "--token-password-file", str(self._secret)]
        command += ["--session-ttl", str(_TTL[self.view]), "--no-skew-protection", "--no-sandbox"]
        command += ["--skip-update-check"] if self.view == "edit" else []
        cwd = self._target if self._target.is_dir() else self._target.parent
        return port, Process(command, cwd, self._env, self.log)

    @property
    def authorization(self) -> str:
        """The header that the server asks for."""
        return f"Bearer {self._token}"

    def port(self) -> int:
        """The port, once the server listens.

        Raises:
            ProvenError: it ended, or did not listen in time; with its last words.
        """
        tries = 3
        while self._secret.exists():
            try:
                self.process.until(self._listens, START_LIMIT, f"marimo {self.view}")
                self._secret.unlink(missing_ok=True)
            except ProvenError:
                tries -= 1
                if not tries or "address already in use" not in self.process.text:
                    raise
                self.process.stop()
                self._port, self.process = self._start()
        return self._port

    def post(self, what: str, body: dict[str, Any], session: str) -> httpx.Response:
        """Send a request as the frontend does."""
        return httpx.post(f"{self.url}/api/kernel/{what}", json=body, headers=self._as(session))

    def end_session(self) -> None:
        """End the session and its kernel; the server stays."""
        body, headers = {"sessionId": self.session}, self._as(self.session)
        httpx.post(f"{self.url}/api/home/shutdown_session", json=body, headers=headers)
        self.session = ""

    def busy(self) -> bool:
        """Whether a cell runs."""
        answer = httpx.get(f"{self.url}/api/kernel/status", headers=self._as(self.session))
        return answer.is_success and answer.json()["state"] == "running"

    def interrupt(self) -> None:
        """Press the editor's stop button, and wait until no cell runs.

        So a flow that is under way ends as CRASHED. A marimo server that is ended
        by a signal leaves it RUNNING for ever.
        """
        if self.view != "edit" or not self.session or self.process.exit is not None:
            return
        try:
            if self.busy():
                self.post("interrupt", {}, self.session)
                self.process.until(lambda: not self.busy(), ENDED_LIMIT, "the interrupt")
        except Exception:  # it is ended in any case, and its runs are looked at then
            return

    def stop(self) -> None:
        """End the server and its kernels."""
        self.process.stop()

    @property
    def url(self) -> str:
        """Where it is, for us."""
        return f"http://127.0.0.1:{self._port}{self.base}"

    def _as(self, session: str) -> dict[str, str]:
        return {"Authorization": self.authorization, "Marimo-Session-Id": session}

    def _listens(self) -> bool:
        """Look at our own processes: another program may have taken the port meanwhile."""
        wanted = (psutil.CONN_LISTEN, self._port)
        try:
            for process in psutil.Process(self.process.pid).children(recursive=True):
                for connection in process.net_connections("tcp"):
                    if (connection.status, connection.laddr.port) == wanted:
                        return True
        except psutil.Error:
            pass
        return False
