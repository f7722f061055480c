"""The one Prefect API that all live kernels share, and its web interface.

Kernels get its address at once; the server itself starts with the first
connection, or in the background once a notebook is up. So opening a notebook
does not wait for Prefect, and a flow waits as long as Prefect needs to start.

Prefect's own default lets every web page use the API. Here it asks for a
password that only the kernels and our tunnel know.
"""

from __future__ import annotations

import base64
import logging
import secrets
import socket
import threading
from pathlib import Path

import httpx

from proven.errors import ProvenError
from proven.live import tunnel
from proven.run.api import Api, Server

log = logging.getLogger("mkdocs.proven.live")

BASE = "/__prefect__"
# States in which nothing more will happen to a run.
FINAL = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


class Prefect:
    """A Prefect server behind a socket that is there before the server is."""

    def __init__(self, folder: Path, site: str) -> None:
        self._folder = folder
        self._ui = f"{site}{BASE}"
        self._password = f"live:{secrets.token_urlsafe(24)}"
        self._server: Server | None = None
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

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

    def port(self) -> int:
        """The server's own port; starts the server, and waits until it answers.

        Raises:
            ProvenError: it did not start.
        """
        with self._lock:
            if self._closed:
                raise ProvenError("the site server is going down")
            if self._server is None:
                self._server = Server(self._folder, self._settings()).start()
            server = self._server
        try:
            _ = server.api
        except ProvenError:
            with self._lock:
                if self._server is server:  # the next one to ask tries anew
                    server.stop()
                    self._server = None
            raise
        return server.port

    def start(self) -> None:
        """Start the server in the background, unless it runs."""
        threading.Thread(target=self._try, daemon=True).start()

    @property
    def running(self) -> bool:
        """Whether the server was started."""
        return self._server is not None

    def crash(self, runs: set[str], message: str) -> None:
        """Set the state of those of these flow runs that are not final to CRASHED."""
        if not (runs and self._server):
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
        self._socket.close()
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
            self.port()
        except ProvenError as e:
            log.error("live: %s", e)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with client, socket.create_connection(("127.0.0.1", self.port())) as server:
                tunnel.splice(client, server)
        except OSError:
            pass  # one of the two is gone
        except ProvenError as e:
            log.error("live: %s", e)
