"""One marimo server for one bench: `marimo edit` on a folder, or `marimo run` on a file."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import httpx
import psutil

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
        self._token = secrets.token_urlsafe(24)
        self._port = free_port()
        secret = folder / f"{view}.token"
        secret.touch(mode=0o600)
        secret.write_text(self._token)
        # Quiet: its greeting holds the token.
        command = [sys.executable, "-m", "marimo", "-y", "-q", view, str(target), "--headless"]
        command += ["--host", "127.0.0.1", "--port", str(self._port), "--base-url", base]
        command += ["--token-password-file", str(secret), "--no-skew-protection"]
        command += ["--session-ttl", str(_TTL[view]), "--no-sandbox"]
        command += ["--skip-update-check"] if view == "edit" else []
        cwd = target if target.is_dir() else target.parent
        self.process = Process(command, cwd, env, self.log)
        self._secret = secret

    @property
    def authorization(self) -> str:
        """The header that the server asks for."""
        return f"Bearer {self._token}"

    def port(self) -> int:
        """The port, once the server listens.

        Raises:
            ProvenError: it ended, or did not listen in time; with its last words.
        """
        if self._secret.exists():
            self.process.until(self._listens, START_LIMIT, f"marimo {self.view}")
            self._secret.unlink(missing_ok=True)
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
        try:
            for process in psutil.Process(self.process.pid).children(recursive=True):
                for connection in process.net_connections("tcp"):
                    if connection.status == psutil.CONN_LISTEN:
                        self._port = connection.laddr.port
                        return True
        except psutil.Error:
            pass
        return False
