"""The requests that MkDocs' own development server hands over to us.

One origin and one port for pages, kernels and Prefect: paths below `/__live__`
and `/__prefect__` are answered here, or carried to the server that has the
answer. All others go on to MkDocs.
"""

from __future__ import annotations

import json
import logging
import mimetypes
import re
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, cast, get_args
from urllib.parse import parse_qs, unquote, urlsplit

import marimo

from proven.errors import ProvenError
from proven.live import api, gate, tunnel
from proven.live.bench import BASE, Bench
from proven.live.room import Room
from proven.live.server import View

log = logging.getLogger("mkdocs.proven.live")

ASSETS = Path(__file__).parent / "assets"
FRONTEND = Path(marimo.__file__).parent / "_static" / "assets"
# What a notebook's page asks marimo for. Not in it: the terminal, files, packages,
# secrets, AI, MCP, and ending or renaming what is ours to end.
_KERNEL = (
    "code_autocomplete delete focus_cell format function_call instantiate interrupt read_code "
    "restart_session run save save_app_config set_cell_config set_model_value "
    "set_ui_element_value status stdin takeover"
)
_ALLOWED = re.compile(
    r"|ws|sse|health|api/(status|version|usage|environment|status/connections)"
    rf"|api/kernel/({_KERNEL.replace(' ', '|')})"
    r"|api/(document|documentation|datasources|sql|cache)/\w+"
    r"|api/export/update_cell_outputs|api/packages/sandbox"
    r"|@file/.+|public/.+|public-files-sw\.js|[\w.-]+\.(ico|png|json|svg|css)"
)
_FOREVER = "public, max-age=31536000, immutable"
_NEVER = "no-store"


class Door:
    """What a request may ask for, bound to one room."""

    def __init__(self, room: Room, port: int) -> None:
        self.room = room
        self.port = port
        self.hosts = gate.hosts(port)

    def handler(self, base: type[BaseHTTPRequestHandler]) -> type[BaseHTTPRequestHandler]:
        """MkDocs' request handler with this door in front of it."""
        door = self

        class Handler(base):  # type: ignore[misc, valid-type]
            def parse_request(self) -> bool:
                if not super().parse_request():
                    return False
                path = urlsplit(self.path).path
                if not re.match(rf"({BASE}|{api.BASE})(/|$)", path):
                    return True
                self.close_connection = True
                with _Answer(self) as answer:
                    door.answer(answer, path)
                return False  # MkDocs does not see it, nor logs it

        return Handler

    def answer(self, answer: _Answer, path: str) -> None:
        """Answer one request, or refuse it."""
        request = answer.request
        public = path.startswith(f"{BASE}/assets/")  # files of the installed marimo
        why = gate.refusal(
            request.command, request.headers, answer.peer, self.port, self.hosts, public=public
        )
        if why:
            log.warning("live: refused %s %s: %s", request.command, path, why)
            answer.error(403, why)
        elif path.startswith(api.BASE):
            self._prefect(answer, path.removeprefix(api.BASE))
        elif match := re.fullmatch(rf"{BASE}/k/(\w+)/(edit|run)/(.*)", path):
            self._kernel(answer, match[1], cast(View, match[2]), unquote(match[3]))
        elif public:
            answer.file(FRONTEND, path.removeprefix(f"{BASE}/assets/"), _FOREVER)
        elif request.command == "POST":
            self._act(answer, path.removeprefix(f"{BASE}/"))
        else:
            answer.file(ASSETS, path.removeprefix(f"{BASE}/"), _NEVER)

    def _act(self, answer: _Answer, what: str) -> None:
        given = answer.json()
        name, id_, view = (str(given.get(key, "")) for key in ("snippet", "id", "view"))
        match what:
            case "open" if view in get_args(View):
                bench, url = self.room.open(name, cast(View, view), id_)
                answer.data({"id": bench.id, "url": url})
            case "shown":
                self.room.shown(name)
                answer.data({})
            case "likely":
                self.room.likely(name)
                answer.data({})
            case "stop":
                self.room.stop(id_)
                answer.data({})
            case "state":
                answer.data(self._state(self.room.get(id_)))
            case _:
                answer.error(404, f"nothing to do for {what!r}")

    def _state(self, bench: Bench | None) -> dict[str, Any]:
        if bench is None:
            return {"alive": False}
        bench.seen = time.monotonic()
        bench.watch_log()
        run = f"{api.BASE}/runs/flow-run/{bench.last_run}" if bench.last_run else ""
        return {"alive": True, "run": run}

    def _kernel(self, answer: _Answer, id_: str, view: View, path: str) -> None:
        bench = self.room.get(id_)
        if bench is None or view not in bench.servers:
            return answer.error(410, "this notebook was ended: press Run live again")
        if not _ALLOWED.fullmatch(path) or ".." in path.split("/"):
            return answer.error(403, f"{path} is switched off in these pages")
        bench.seen = time.monotonic()
        server, request = bench.servers[view], answer.request
        rewrite = _shared_assets if not path else None
        if not request.upgrade:
            if request.command == "POST":
                bench.used = time.monotonic()
            return answer.carry(server.port(), server.authorization, rewrite=rewrite)
        bench.ready(view)
        server.session = parse_qs(urlsplit(request.target).query).get("session_id", [""])[0]
        bench.viewers += 1
        try:
            answer.carry(server.port(), server.authorization, heard=bench.heard)
        finally:
            bench.viewers -= 1
            bench.seen = time.monotonic()

    def _prefect(self, answer: _Answer, path: str) -> None:
        prefect = self.room.prefect
        if prefect is None or not prefect.running:
            return answer.error(503, "Prefect starts with the first live notebook of a page")
        if answer.request.upgrade:
            # Its password travels in the first message, and is not for the browser.
            return answer.error(403, "the live feed of events is switched off in these pages")
        rewrite = None
        if path == "/ui-settings":
            rewrite = _ui_settings(f"http://{answer.request.headers['Host']}{api.BASE}/api")
        target = answer.request.target
        if path.startswith("/api/"):
            target = target.removeprefix(api.BASE)
        answer.carry(prefect.port(), prefect.authorization, target=target, rewrite=rewrite)


def _shared_assets(page: bytes) -> bytes:
    """Let all notebooks load the frontend from one address: the browser keeps it."""
    return page.replace(b'"./assets/', b'"' + BASE.encode() + b"/assets/")


def _ui_settings(api: str) -> Callable[[bytes], bytes]:
    """The web interface asks for no password: the tunnel has it."""

    def rewrite(body: bytes) -> bytes:
        return json.dumps(json.loads(body) | {"api_url": api, "auth": None}).encode()

    return rewrite


class _Answer:
    """The one answer to a request; an error that nobody caught is answered too."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        self.peer: tuple[str, int] = handler.client_address[:2]
        self.request = tunnel.Request(
            handler.command, handler.path, handler.headers, handler.rfile, handler.connection
        )

    def __enter__(self) -> _Answer:
        return self

    def __exit__(self, kind: object, error: BaseException | None, at: object) -> bool:
        if isinstance(error, ProvenError):
            log.error("live: %s", error)
            self.error(500, str(error))
        elif isinstance(error, OSError | ValueError):
            log.debug("live: %s: %s", self.request.target.partition("?")[0], error)
        return isinstance(error, ProvenError | OSError | ValueError)

    def json(self) -> dict[str, Any]:
        """The body, which says what to do."""
        length = min(int(self.request.headers.get("Content-Length") or 0), 65536)
        given = json.loads(self.request.body.read(length) or b"{}")
        if not isinstance(given, dict):
            raise ProvenError("expected a JSON object")
        return given

    def data(self, data: dict[str, Any]) -> None:
        self._send(200, json.dumps(data).encode(), "application/json", _NEVER)

    def error(self, status: int, why: str) -> None:
        self._send(status, json.dumps({"error": why}).encode(), "application/json", _NEVER)

    def file(self, folder: Path, name: str, cache: str) -> None:
        path = (folder / unquote(name)).resolve()
        if folder.resolve() not in path.parents or not path.is_file():
            return self.error(404, "no such file")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        kind = "text/javascript" if path.suffix == ".js" else kind
        self._send(200, path.read_bytes(), kind, cache)

    def carry(
        self,
        port: int,
        authorization: str,
        *,
        target: str = "",
        rewrite: Callable[[bytes], bytes] | None = None,
        heard: Callable[[bytes], None] | None = None,
    ) -> None:
        request = self.request
        if target:
            request = tunnel.Request(
                request.command, target, request.headers, request.body, request.connection
            )
        tunnel.carry(request, port, authorization, rewrite=rewrite, heard=heard)

    def _send(self, status: int, body: bytes, kind: str, cache: str) -> None:
        head = [
            b"HTTP/1.1 %d %s" % (status, b"OK" if status == 200 else b"Refused"),
            b"Content-Type: " + kind.encode(),
            b"Content-Length: %d" % len(body),
            b"Cache-Control: " + cache.encode(),
            b"Connection: close",
            *tunnel.GUARDS,
        ]
        content = b"" if self.request.command == "HEAD" else body
        self.request.connection.sendall(b"\r\n".join(head) + b"\r\n\r\n" + content)
