"""The paths that we answer, below `/__live__` and `/__prefect__`: what each may be used for."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast, get_args
from urllib.parse import parse_qs, unquote, urlsplit

from proven.errors import ProvenError
from proven.live import prefect, proxy
from proven.live.access import ASK, Access
from proven.live.answer import FOREVER, Answer
from proven.live.manager import Manager
from proven.live.request import BadRequest, Request
from proven.live.server import View
from proven.live.session import BASE, Session

log = logging.getLogger("mkdocs.proven.live")

OURS = rf"({BASE}|{prefect.BASE})(/|$)"
ASSETS = Path(__file__).parent / "assets"
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
# The longest body that a call needs: a line of ours, a notebook or a file for a widget.
_LINE, _NOTEBOOK, _CALL = 4096, 128 << 20, 8 << 20


def _frontend() -> Path:
    """Where marimo's own files are; looked up without importing marimo, which takes seconds."""
    spec = find_spec("marimo")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "_static" / "assets"


class Routes:
    """What a request may ask for."""

    def __init__(self, access: Access, manager: Manager) -> None:
        self._access = access
        self._manager = manager
        self._frontend = _frontend()
        self._asked = False

    def answer(self, request: Request, answer: Answer, peer: str) -> None:
        """Answer one request, or refuse it."""
        try:
            self._answer(request, answer, peer)
        except BadRequest as e:
            answer.error(e.status, str(e))
        except ProvenError as e:
            log.error("live: %s", e)
            answer.error(500, str(e))
        except (OSError, ValueError) as e:
            log.debug("live: %a: %s", request.path, e)

    def _answer(self, request: Request, answer: Answer, peer: str) -> None:
        path = request.path
        files = f"{BASE}/assets/"  # of the installed marimo
        public = path.startswith(files) or path in (f"{BASE}/live.js", f"{BASE}/live.css")
        if why := self._access.refusal(request, peer, public=public):
            self._refuse(request, answer, why)
        elif path.startswith(prefect.BASE):
            self._prefect(request, answer, path.removeprefix(prefect.BASE))
        elif match := re.fullmatch(rf"{BASE}/k/(\w+)/(edit|run)/(.*)", path):
            self._kernel(request, answer, match[1], cast(View, match[2]), unquote(match[3]))
        elif path.startswith(files):
            answer.file(self._frontend, path.removeprefix(files), FOREVER)
        elif request.method == "POST":
            self._act(request, answer, path.removeprefix(f"{BASE}/"))
        else:
            answer.file(ASSETS, path.removeprefix(f"{BASE}/"))

    def _refuse(self, request: Request, answer: Answer, why: str) -> None:
        # What a stranger sends goes into the log escaped and short.
        log.warning("live: refused %.10a %.100a: %.200s", request.method, request.path, why)
        if why == ASK and not self._asked:
            self._asked = True
            log.warning("live: who asks can't be known here; the address is %s/", self._access.url)
        answer.error(403, why)

    def _act(self, request: Request, answer: Answer, what: str) -> None:
        given = json.loads(request.body(_LINE) or b"{}")
        if not isinstance(given, dict):
            raise BadRequest(400, "expected a JSON object")
        name, id_, view = (str(given.get(key, "")) for key in ("snippet", "id", "view"))
        match what:
            case "open" if view in get_args(View):
                session, url = self._manager.open(name, cast(View, view), id_)
                answer.data({"id": session.id, "url": url})
            case "shown":
                self._manager.shown(name)
                answer.data({})
            case "likely":
                self._manager.likely(name)
                answer.data({})
            case "stop":
                self._manager.stop(id_)
                answer.data({})
            case "state":
                answer.data(self._state(self._manager.get(id_)))
            case _:
                answer.error(404, f"nothing to do for {what!r}")

    def _state(self, session: Session | None) -> dict[str, Any]:
        if session is None:
            return {"alive": False}
        session.seen = time.monotonic()
        session.watch_log()
        run = f"{prefect.BASE}/runs/flow-run/{session.last_run}" if session.last_run else ""
        return {"alive": True, "run": run}

    def _kernel(self, request: Request, answer: Answer, id_: str, view: View, path: str) -> None:
        session = self._manager.get(id_)
        if session is None or view not in session.servers:
            return answer.error(410, "this notebook was ended: press Run live again")
        if not _ALLOWED.fullmatch(path) or ".." in path.split("/"):
            return answer.error(403, f"{path} is switched off in these pages")
        session.seen = time.monotonic()
        server = session.servers[view]
        rewrite = _shared_assets if not path else None
        if not request.upgrade:
            if request.method == "POST":
                session.used = time.monotonic()
            request.check_length(_NOTEBOOK)
            server.ready()
            return proxy.carry(request, server.port, server.authorization, rewrite=rewrite)
        session.ready(view)
        server.session = parse_qs(urlsplit(request.target).query).get("session_id", [""])[0]
        session.viewers += 1
        try:
            proxy.carry(request, server.port, server.authorization, heard=session.heard)
        finally:
            session.viewers -= 1
            session.seen = time.monotonic()

    def _prefect(self, request: Request, answer: Answer, path: str) -> None:
        server = self._manager.prefect
        if server is None or not server.running:
            return answer.error(503, "Prefect starts with the first live notebook of a page")
        if request.upgrade:
            # Its password travels in the first message, and is not for the browser.
            return answer.error(403, "the live feed of events is switched off in these pages")
        rewrite = None
        if path == "/ui-settings":
            rewrite = _ui_settings(f"{self._access.url}{prefect.BASE}/api")
        if path.startswith("/api/"):
            request = request.at(request.target.removeprefix(prefect.BASE))
        request.check_length(_CALL)
        proxy.carry(request, server.ready(), server.authorization, rewrite=rewrite)


def _shared_assets(page: bytes) -> bytes:
    """Let all notebooks load the frontend from one address: the browser keeps it."""
    return page.replace(b'"./assets/', b'"' + BASE.encode() + b"/assets/")


def _ui_settings(api: str) -> Callable[[bytes], bytes]:
    """The web interface asks for no password: the proxy has it."""

    def rewrite(body: bytes) -> bytes:
        return json.dumps(json.loads(body) | {"api_url": api, "auth": None}).encode()

    return rewrite
