"""Speak to a marimo server as its own frontend does: one websocket, a few posts.

`marimo edit` gives each session a kernel process, `marimo run` a thread. Both
send what a cell shows, prints and raises as `cell-op` messages; a widget is
moved by posting the value that the browser would post. Source: marimo's
`_server/api/endpoints/{ws_endpoint,execution}.py` and `_messaging/notification.py`.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from proven.errors import ProvenError, Refused
from proven.run.marimo_server import START_LIMIT, MarimoServer
from proven.run.marks import pieces

QUIET = 0.3  # seconds without a message, after a run


@dataclass
class CellView:
    """What the frontend knows of a cell: it fills as messages come."""

    id: str
    name: str
    code: str
    ran: bool = False
    """Whether it ran, or was kept from running, since the last `settle`."""
    status: str = ""
    output: dict[str, Any] | None = None
    console: list[dict[str, Any]] = field(default_factory=list)


class Notebook:
    """A marimo server on one notebook, or on a folder of them; a context manager."""

    def __init__(
        self,
        file: Path,
        mode: Literal["edit", "run"],
        env: dict[str, str],
        log: Path,
        cwd: Path | None = None,
    ) -> None:
        cwd = cwd or file.parent
        self._mark = env.get("PROVEN_MARK", "")
        self._server = MarimoServer(mode, file.relative_to(cwd), cwd, env, log)
        self.process = self._server.process

    def open(self, limit: float) -> Session:
        """Open the page: a new session, its cells run.

        Raises:
            ProvenError: the server did not start.
        """
        self.ready()
        server = self._server
        return Session(server.port, server.token, instantiate=server.mode == "edit", limit=limit)

    def ready(self) -> None:
        """Wait until the server answers.

        Raises:
            Refused: marimo ended instead, as `marimo run` does on a broken notebook.
            ProvenError: the server did not start in time.
        """
        try:
            self._server.ready()
        except ProvenError:
            if self.process.exit is None:
                raise
            said = pieces(self.process.text, self._mark) if self._mark else []
            text = "\n".join(piece.whole for piece in said) or self.process.text
            raise Refused(*_refusal(text)) from None

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return self._server.port

    def url(self, name: str) -> str:
        """Where a browser opens this notebook of the folder; the token is in it."""
        return f"{self._server.url}/?file={name}&access_token={self._server.token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.stop()


_FINDING = re.compile(
    r"^critical\[(?P<name>[\w-]+)\]: (?P<message>.*)\n(?:\s*--> .*:(?P<line>\d+):\d+$)?", re.M
)


def _refusal(text: str) -> tuple[str, str, int]:
    """Why marimo ended: the rule that it names, and where; else its error, or its last line."""
    if found := _FINDING.search(text):
        return found["name"], found["message"], int(found["line"] or 0)
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")]
    return "marimo", (errors or lines[-1:] or [""])[0], 0


class Session:
    """One open page of a notebook."""

    def __init__(self, port: int, token: str, *, instantiate: bool, limit: float) -> None:
        name = f"s_{secrets.token_hex(4)}"
        headers = {"Authorization": f"Bearer {token}", "Marimo-Session-Id": name}
        self._limit = limit
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30)
        self._ws: ClientConnection = connect(
            f"ws://127.0.0.1:{port}/ws?session_id={name}",
            additional_headers={"Authorization": headers["Authorization"]},
            max_size=None,
            open_timeout=30,
        )
        self._instantiate = instantiate
        self.cells: dict[str, CellView] = {}
        self.completed = 0
        self._failure = ""

    def start(self) -> None:
        """Wait for the kernel and run all cells.

        Raises:
            TimeoutError: they did not end within the limit.
            Refused: the kernel died.
        """
        # The limit is the notebook's: a kernel that starts slowly is not its fault.
        starting = time.monotonic() + START_LIMIT
        while not self.cells:
            self._receive(starting)
        deadline = time.monotonic() + self._limit
        if self._instantiate:
            self._post("instantiate", {"objectIds": [], "values": [], "autoRun": True})
        self._settle(deadline)

    def set(self, object_id: str, value: object) -> None:
        """Give a widget the value that the browser would post; wait for the cells."""
        self._post("set_ui_element_value", {"objectIds": [object_id], "values": [value]})
        self._settle(time.monotonic() + self._limit)

    def interrupt(self) -> None:
        """Press the editor's stop button: a flow in flight ends, and says so to the API.

        An app has no such button.
        """
        if self._instantiate:
            self._post("interrupt", {})

    def take(self) -> list[CellView]:
        """The cells that ran since the last call, in the order of the file."""
        ran = [cell for cell in self.cells.values() if cell.ran]
        for cell in ran:
            cell.ran = False
        return ran

    def close(self) -> None:
        """Close the page."""
        self._ws.close()
        self._http.close()

    def _post(self, what: str, body: dict[str, Any]) -> None:
        answer = self._http.post(f"/api/kernel/{what}", json=body)
        if not answer.is_success:
            raise ProvenError(f"marimo refused {what}: {answer.status_code} {answer.text[:300]}")

    def _settle(self, deadline: float) -> None:
        """Read until the run is complete and no cell is queued or running."""
        before = self.completed
        while self.completed == before or self._busy:
            if self._failure:
                name, error = self._busy[0] if self._busy else "", self._failure
                where = f" (before or in cell {name})" if name else ""
                raise Refused("KernelError", f"marimo's kernel failed{where}: {error}")
            try:
                self._receive(deadline)
            except TimeoutError:
                self.interrupt()
                where = f" (cell {self._busy[0]})" if self._busy else ""
                raise TimeoutError(f"did not end within {self._limit:g} s{where}") from None
        # What a cell printed last may come after the word that it is done.
        with contextlib.suppress(TimeoutError):
            while True:
                self._receive(time.monotonic() + QUIET)

    @property
    def _busy(self) -> list[str]:
        """The cells that are still to run."""
        return [c.name for c in self.cells.values() if c.status in ("queued", "running")]

    def _receive(self, deadline: float) -> None:
        try:
            message = json.loads(self._ws.recv(max(0.0, deadline - time.monotonic())))
        except WebSocketException as e:
            raise Refused("KernelDied", "the kernel ended while the notebook ran") from e
        data = message.get("data", message)
        match message["op"]:
            case "kernel-ready":
                for i, code in zip(data["cell_ids"], data["codes"], strict=True):
                    # marimo marks a function or class cell with a star.
                    name = data["names"][len(self.cells)].removeprefix("*")
                    self.cells[i] = CellView(i, name, code)
            case "cell-op":
                self._update(self.cells[data["cell_id"]], data)
            case "completed-run":
                self.completed += 1
                # A cell that raises is no failure of the kernel's.
                if data.get("outcome") == "failed":
                    self._failure = data.get("error") or "it does not say why"
            case "kernel-startup-error":
                raise Refused("KernelStartupError", str(data.get("error")))

    @staticmethod
    def _update(cell: CellView, data: dict[str, Any]) -> None:
        if data.get("status"):
            cell.status = data["status"]
        if data.get("status") == "running":
            cell.ran, cell.output, cell.console = True, None, []
        if data.get("output"):
            cell.output, cell.ran = data["output"], True
        console = data.get("console")
        if console == []:
            cell.console = []
        elif console:
            cell.console += console if isinstance(console, list) else [console]
