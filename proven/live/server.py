"""One marimo server for one session, spoken to as its own frontend does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from proven.run.marimo_server import MarimoServer, Mode

View = Mode
ENDED_LIMIT = 8.0  # seconds that an interrupted cell may take to end
# Seconds after which marimo ends a session that no page shows. An editor's kernel
# lives as long as our session; an app's is new with each page anyway.
_TTL: dict[View, int] = {"edit": 86400, "run": 30}


class Marimo(MarimoServer):
    """`marimo edit` on a folder, or `marimo run` on a file."""

    def __init__(
        self, view: View, target: Path, folder: Path, base: str, env: Mapping[str, str]
    ) -> None:
        cwd = target if target.is_dir() else target.parent
        super().__init__(view, target, cwd, env, folder / f"{view}.log", base=base, ttl=_TTL[view])
        self.session = ""
        """The session that a page has open, as the proxy saw it last."""

    @property
    def authorization(self) -> str:
        """The header that the server asks for."""
        return self.headers["Authorization"]

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
        if self.mode != "edit" or not self.session or self.process.exit is not None:
            return
        try:
            if self.busy():
                self.post("interrupt", {}, self.session)
                self.process.until(lambda: not self.busy(), ENDED_LIMIT, "the interrupt")
        except Exception:  # it is ended in any case, and its runs are looked at then
            return

    def _as(self, session: str) -> dict[str, str]:
        return self.headers | {"Marimo-Session-Id": session}
