"""One isolated Prefect API, and a worker on it, for as many runs as there are.

A notebook that finds no API starts a temporary server of its own, at ten
seconds and 230 MB each. So a suite starts one server: own home, own port, own
database, no telemetry. It never sees the reader's `~/.prefect`.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from proven.errors import ProvenError
from proven.run import witness
from proven.run.marimo_server import ON_SOCKET
from proven.run.process import Process, clean_env, own_home

POOL = "proven"
PAGE = 200  # what a server gives at most, unless it is told otherwise
START_LIMIT = 180.0  # seconds; ten on an idle machine


class Gone(ProvenError):
    """A Prefect API that does not answer."""


@dataclass(frozen=True)
class Api:
    """Where a running Prefect API is."""

    url: str

    def env(self, home: Path) -> dict[str, str]:
        """Environment for a process that uses this API with its own home and results."""
        return (
            clean_env()
            | own_home(home / "own")
            | {
                "PREFECT_HOME": str(home),
                "PREFECT_LOCAL_STORAGE_PATH": str(home / "storage"),
                "PREFECT_API_URL": self.url,
                "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                "PREFECT_LOGGING_COLORS": "false",
                "PREFECT_CLI_COLORS": "false",
            }
        )

    def client(self, run: str = "") -> httpx.Client:
        """A client of this API; `run` is the token of the run on whose behalf it asks."""
        headers = {witness.HEADER: run} if run else {}
        return httpx.Client(base_url=self.url, timeout=30, transport=_Patient(), headers=headers)

    def made(self, run: str) -> witness.Made:
        """What the run with this token has made until now.

        Raises:
            Gone: the server is not one of ours, or does not answer.
        """
        try:
            answer = httpx.get(f"{self.url.removesuffix('/api')}{witness.PATH}{run}", timeout=30)
            said: dict[str, Any] = answer.raise_for_status().json()
        except httpx.HTTPError as e:
            raise Gone(f"the Prefect API at {self.url} does not answer: {e}") from e
        return witness.Made(**said)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return httpx.URL(self.url).port or 80


def every(http: httpx.Client, what: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """All that a filter of the API finds: an answer holds a page of them."""
    found: list[dict[str, Any]] = []
    while True:
        page = http.post(f"/{what}/filter", json=body | {"limit": PAGE, "offset": len(found)})
        found += page.raise_for_status().json()
        if len(found) % PAGE or not page.json():
            return found


class _Patient(httpx.HTTPTransport):
    """Asks again while a busy server answers 503 (its database is locked)."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for wait in (0.5, 1.0, 2.0, 4.0, 8.0):
            response = super().handle_request(request)
            if response.status_code != 503:
                return response
            response.close()
            time.sleep(wait)
        return super().handle_request(request)


class Server:
    """A Prefect API server, and the process worker that runs deployments.

    A context manager; `start` returns before the server is ready, `api` waits.
    """

    def __init__(
        self,
        folder: Path,
        settings: dict[str, str] | None = None,
        listening: socket.socket | None = None,
    ) -> None:
        self.folder = folder
        # Bound here and kept, so no other program ever answers at the server's port.
        self._socket = listening or socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._settings = settings or {}
        self._process: Process | None = None
        self._worker: Process | None = None
        self._lock = threading.Lock()
        self._ready = False

    def start(self) -> Self:
        """Start the server process."""
        temporary = self.folder / "t"
        temporary.mkdir(parents=True, exist_ok=True)
        env = self._api.env(self.folder) | {
            "TMPDIR": str(temporary),  # what Prefect leaves there goes with the folder
            "PREFECT_UI_ENABLED": "false",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            # A run's log and states are read as soon as it ends.
            "PREFECT_LOGGING_TO_API_BATCH_INTERVAL": "0.5",
            **self._settings,
        }
        del env["PREFECT_API_URL"]
        number = self._socket.fileno()
        # As `prefect server start` does, with a witness in front.
        command = [sys.executable, str(ON_SOCKET), str(number), "uvicorn", "--factory"]
        command += ["proven.run.witness:create_app", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--log-level", "warning"]
        log = self.folder / "server.log"
        self._process = Process(command, self.folder, env, log, pass_fds=[number])
        return self

    @property
    def api(self) -> Api:
        """The API, once it answers.

        Raises:
            ProvenError: the server ended, or did not answer in time.
        """
        with self._lock:
            if not self._ready:
                assert self._process is not None, "start() comes first"
                self._process.until(self._answers, START_LIMIT, "the Prefect server")
                self._ready = True
        return self._api

    def worker(self) -> None:
        """Start the worker unless it runs; wait until its pool is online.

        Raises:
            ProvenError: the worker ended, or its pool was not online in time.
        """
        api = self.api
        with self._lock:
            if self._worker is not None:
                return
            home = self.folder / "worker"
            home.mkdir()
            env = api.env(home) | {"PREFECT_WORKER_QUERY_SECONDS": "1"}
            env["TMPDIR"] = str(self.folder / "t")
            command = ["prefect", "worker", "start", "--pool", POOL, "--type", "process"]
            command += ["--name", "proven", "--install-policy", "never"]
            self._worker = Process(command, home, env, home / "worker.log")
            self._worker.until(self._online, START_LIMIT, "the Prefect worker")

    @property
    def alive(self) -> bool:
        """Whether the server was started and has not ended."""
        return self._process is not None and self._process.exit is None

    @property
    def log(self) -> str:
        """What the server has written until now."""
        return self._process.text if self._process else ""

    def stop(self) -> None:
        """End worker and server."""
        for process in (self._worker, self._process):
            if process is not None:
                process.stop()
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def _api(self) -> Api:
        return Api(f"http://127.0.0.1:{self.port}/api")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self._api.url}/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def _online(self) -> bool:
        try:
            workers = httpx.post(
                f"{self._api.url}/work_pools/{POOL}/workers/filter", json={}, timeout=5
            )
        except httpx.HTTPError:
            return False
        return workers.is_success and any(w["status"] == "ONLINE" for w in workers.json())
