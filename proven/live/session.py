"""A session: one open notebook, its throw-away folder, its marimo servers.

A session has its own working directory, so six copies of one notebook on a page
do not write into each other's files. It may be made before it is known which
notebook it gets: starting a server is most of the wait.
"""

from __future__ import annotations

import ast
import re
import secrets
import shutil
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from websockets.sync.client import connect

from proven.errors import ProvenError
from proven.fingerprint import key_of
from proven.live.prefect import Prefect
from proven.live.server import Marimo, View
from proven.run.job import lay_out
from proven.run.marimo_server import START_LIMIT
from proven.snippet import Snippet

BASE = "/__live__"
# In the session's folder, above the notebook's: marimo looks upwards for it.
CONFIG = """\
[tool.marimo.runtime]
auto_instantiate = true
on_cell_change = "autorun"
[tool.marimo.display]
theme = "system"
[tool.marimo.save]
autosave = "off"
[tool.marimo.completion]
activate_on_typing = true
copilot = false
[tool.marimo.ai]
enabled = false
"""
_RUN = re.compile(rb"flow-run/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class Session:
    """One open notebook; `take` gives it its snippet."""

    def __init__(self, folder: Path, prefect: Prefect, extra: dict[str, str]) -> None:
        self.id = secrets.token_hex(6)
        self.folder = folder / self.id
        self.project = self.folder / "project"
        self.snippet: Snippet | None = None
        self.key = ""
        self.viewers = 0
        self.seen = self.used = time.monotonic()
        """When a page showed it last, and when somebody did something with it."""
        self.runs: set[str] = set()
        """The Prefect flow runs that it has told of."""
        self.last_run = ""
        self.ended = ""
        """Why it was ended."""
        self._prefect = prefect
        self._lock = threading.RLock()
        self._changing = threading.Lock()
        """Held by who changes which notebook it is."""
        self._tail = b""
        self.project.mkdir(parents=True)
        (self.folder / "pyproject.toml").write_text(CONFIG)
        self._env = prefect.env(self.folder / "prefect") | extra
        self.servers: dict[View, Marimo] = {}
        self._priming = False
        self._primed = threading.Event()

    @property
    def alive(self) -> bool:
        """Whether its servers run."""
        with self._lock:  # another view's server may be starting
            servers = list(self.servers.values())
        return not self.ended and all(s.process.exit is None for s in servers)

    @property
    def fresh(self) -> bool:
        """Whether it still holds what the repository holds."""
        return self.snippet is not None and self.key == key_of(self.snippet)

    def prepare(self, snippet: Snippet | None) -> None:
        """Get ready for a notebook that somebody may open next.

        Starts the editor's server and, where the notebook is known, a kernel that
        has imported what the notebook imports. None of its cells is run.

        Raises:
            ProvenError: the server did not start.
        """
        with self._changing:
            server = self._server("edit")
            server.ready()
            if snippet is None or snippet == self.snippet:
                return
            self._clear()
            self._lay(snippet)
            self._start_kernel()
            server.post("scratchpad/run", {"code": _imports(snippet)}, server.session)

    def take(self, snippet: Snippet) -> None:
        """Put a copy of the snippet, and of what it brings, into its folder."""
        with self._changing:
            if not (snippet == self.snippet and self.fresh):
                self._clear()
                self._lay(snippet)
            self.seen = self.used = time.monotonic()

    def show(self, view: View) -> str:
        """Start what the view needs; the path that a frame opens.

        Raises:
            ProvenError: the server did not start.
        """
        assert self.snippet is not None, "take() comes first"
        self.used = time.monotonic()
        server = self._server(view)
        server.ready()
        with self._lock:
            if view == "edit" and not self._priming:
                self._priming = True
                threading.Thread(target=self._prime, daemon=True).start()
        query = {"theme": "system"}
        if view == "edit":
            query |= {"file": self.snippet.path.name, "show-chrome": "false"}
        return f"{server.base}/?{urlencode(query)}"

    def ready(self, view: View) -> None:
        """Wait until a page may connect."""
        if view == "edit":
            self._primed.wait(START_LIMIT)

    def heard(self, data: bytes) -> None:
        """Look for flow runs in what a kernel sends to its page."""
        data = self._tail + data
        self._tail = data[-64:]
        for match in _RUN.finditer(data):
            self.last_run = match[1].decode()
            self.runs.add(self.last_run)

    def watch_log(self) -> None:
        """Look for flow runs in what the app wrote: its page does not get Prefect's log."""
        if server := self.servers.get("run"):
            self._tail = b""
            for match in _RUN.finditer(server.process.output.read_bytes()):
                if match[1].decode() not in self.runs:
                    self.last_run = match[1].decode()
                    self.runs.add(self.last_run)

    def stop(self, why: str) -> None:
        """Interrupt, end, forget: no process, no run that seems to run, no file is left."""
        with self._lock:
            if self.ended:
                return
            self.ended = why
        if editor := self.servers.get("edit"):
            editor.interrupt()
        with self._lock:
            servers = list(self.servers.values())
        for server in servers:
            server.process.ask_to_end()
        for server in servers:
            server.stop()
        self.watch_log()
        self._prefect.crash(self.runs, f"The notebook was ended: {why}.")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _server(self, view: View) -> Marimo:
        with self._lock:
            if self.ended:
                raise ProvenError(f"the notebook was ended: {self.ended}")
            if view not in self.servers:
                target = self.project
                if view == "run" and self.snippet:
                    target = self.project / self.snippet.path.name
                base = f"{BASE}/k/{self.id}/{view}"
                self.servers[view] = Marimo(view, target, self.folder, base, self._env)
            return self.servers[view]

    def _lay(self, snippet: Snippet) -> None:
        lay_out(snippet, self.project)
        self.snippet, self.key = snippet, key_of(snippet)

    def _clear(self) -> None:
        """Take away what was prepared for another notebook."""
        if self.snippet is None:
            return
        server = self.servers["edit"]
        if server.session:
            server.end_session()
        for path in self.project.iterdir():  # the folder itself is where the server stands
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.snippet = None

    def _prime(self) -> None:
        """Start kernel and cells while the browser still loads the frontend.

        The page then joins the session, as a reload would.
        """
        server = self.servers["edit"]
        try:
            with self._changing:
                if not server.session:
                    self._start_kernel()
                body = {"objectIds": [], "values": [], "autoRun": True}
                server.post("instantiate", body, server.session)
        except Exception:  # then the page itself starts the kernel, or shows why not
            pass
        finally:
            self._primed.set()

    def _start_kernel(self) -> None:
        """Open the notebook as a page does, wait for its kernel, and leave it running."""
        assert self.snippet is not None
        server = self.servers["edit"]
        session = f"s_{secrets.token_hex(3)}"
        query = urlencode({"session_id": session, "file": self.snippet.path.name})
        url = f"{server.url.replace('http', 'ws', 1)}/ws?{query}"
        with connect(url, additional_headers=server.headers, max_size=None, open_timeout=60) as ws:
            ws.recv(START_LIMIT)
        server.session = session


def _imports(snippet: Snippet) -> str:
    """The import statements of a notebook, each on its own: one that fails stops no other."""
    try:
        nodes = list(ast.walk(ast.parse(snippet.text)))
    except SyntaxError:
        return ""
    found = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    lines = dict.fromkeys(ast.unparse(node) for node in found)
    lines.pop("from __future__ import annotations", None)
    return "\n".join(f"try:\n    {line}\nexcept Exception:\n    pass" for line in lines)
