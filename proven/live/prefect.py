"""The one Prefect API that all live kernels share, and its web interface.

Kernels get its address at once: the socket is bound here, and what connects waits in
its queue. The server starts with the first connection, or in the background once a
notebook is up, and takes the socket over. So opening a notebook does not wait for
Prefect, and nobody else ever gets what is sent to that address.

Prefect's own default lets every web page use the API. Here it asks for a
password that only the kernels and our proxy know.
"""

from __future__ import annotations

import base64
import logging
import secrets
import selectors
import socket
import threading
import time
from pathlib import Path

import httpx

from proven.errors import ProvenError
from proven.run.api import Api, Server

log = logging.getLogger("mkdocs.proven.live")

BASE = "/__prefect__"
# States in which nothing more will happen to a run.
FINAL = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


class Prefect:
    """A Prefect server on a socket that is there before the server is."""

    def __init__(self, folder: Path, site: str) -> None:
        self._folder = folder
        self._ui = f"{site}{BASE}"
        self._password = f"live:{secrets.token_urlsafe(24)}"
        self._server: Server | None = None
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._closed = False
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def url(self) -> str:
        """The API's address for kernels."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/api"

    @property
    def authorization(self) -> str:
        """The header that the API asks for."""
        return "Basic " + base64.b64encode(self._password.encode()).decode()

    def env(self, home: Path) -> dict[str, str]:
        """The environment of a kernel."""
        return Api(self.url).env(home) | {
            "PREFECT_API_AUTH_STRING": self._password,
            # The address that a run prints: reached through this site's own server.
            "PREFECT_UI_URL": self._ui,
        }

    def ready(self) -> int:
        """Start the server, or start it again where it ended; its port, once it answers.

        Raises:
            ProvenError: it did not start.
        """
        with self._lock:
            if self._closed:
                raise ProvenError("the site server is going down")
            if not self.running:
                if self._server is not None:
                    self._server.stop()
                listening = self._socket.dup()
                self._server = Server(self._folder, self._settings(), listening).start()
            server = self._server
        assert server is not None
        _ = server.api
        return server.port

    def start(self) -> None:
        """Start the server in the background, unless it runs."""
        threading.Thread(target=self._try, daemon=True).start()

    @property
    def running(self) -> bool:
        """Whether the server was started and has not ended."""
        return self._server is not None and self._server.alive

    def crash(self, runs: set[str], message: str) -> None:
        """Set the state of those of these flow runs that are not final to CRASHED."""
        if not (runs and self.running):
            return
        headers = {"Authorization": self.authorization}
        with httpx.Client(base_url=self.url, headers=headers, timeout=10) as client:
            for run in runs:
                found = client.get(f"/flow_runs/{run}")
                if found.is_success and found.json()["state_type"] not in FINAL:
                    state = {"type": "CRASHED", "name": "Crashed", "message": message}
                    client.post(f"/flow_runs/{run}/set_state", json={"state": state, "force": True})

    def stop(self) -> None:
        """End the server."""
        with self._lock:
            self._closed = True
            server = self._server
        if server is not None:
            server.stop()

    def _settings(self) -> dict[str, str]:
        return {
            "PREFECT_UI_ENABLED": "true",
            "PREFECT_UI_SERVE_BASE": BASE,
            "PREFECT_UI_API_URL": f"{self._ui}/api",
            # Its copy of the interface is made for this base: not one for all servers.
            "PREFECT_UI_STATIC_DIRECTORY": str(self._folder / "ui"),
            "PREFECT_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            "PREFECT_SERVER_API_AUTH_STRING": self._password,
            "PREFECT_API_AUTH_STRING": self._password,
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": self._ui.removesuffix(BASE),
        }

    def _try(self) -> None:
        try:
            self.ready()
        except ProvenError as e:
            log.error("live: %s", e)

    def _watch(self) -> None:
        """Start the server when somebody has connected and none runs."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._socket, selectors.EVENT_READ)
            while not self._closed:
                if self.running:
                    time.sleep(1)
                elif waiting.select(1) and not self._closed:
                    self._try()
        self._socket.close()
