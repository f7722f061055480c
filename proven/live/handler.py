"""What MkDocs' own development server hands over: each connection, before a byte is read.

Paths below `/__live__` and `/__prefect__` are answered by us, all others by MkDocs.
"""

from __future__ import annotations

import io
import logging
import re
import socket
from http.server import BaseHTTPRequestHandler
from typing import Any, cast

from mkdocs.livereload import LiveReloadServer

from proven.live import peer, proxy
from proven.live.access import Access
from proven.live.answer import Answer
from proven.live.connections import QUEUE, Connections
from proven.live.request import BadRequest, Request, read
from proven.live.routes import OURS, Routes

log = logging.getLogger("mkdocs.proven.live")

# A worker that an earlier program left in the browser for this address; the browser
# asks for its script again, and this one takes its place and goes.
_LEAVE = b"""self.oninstall = () => self.skipWaiting();
self.onactivate = (event) => event.waitUntil((async () => {
  const pages = await self.clients.matchAll({ type: "window" });
  await self.registration.unregister();
  for (const page of pages) page.navigate(page.url);
})());
"""


def install(server: LiveReloadServer, access: Access, routes: Routes) -> None:
    """Put ourselves before MkDocs."""
    connections = Connections()
    take, app = server.process_request, cast(Any, server.get_app())

    def process_request(request: Any, client_address: Any) -> None:
        connections.came(request)
        take(request, client_address)

    def guarded(environ: dict[str, Any], start: Any) -> Any:
        return app(environ, lambda status, headers: start(status, [*headers, *proxy.PAGE]))

    server.request_queue_size = QUEUE
    server.process_request = process_request  # type: ignore[method-assign]
    server.set_app(guarded)
    inner = cast(type[BaseHTTPRequestHandler], server.RequestHandlerClass)
    server.RequestHandlerClass = _handler(inner, access, routes, connections)


def _handler(
    inner: type[BaseHTTPRequestHandler], access: Access, routes: Routes, connections: Connections
) -> type[BaseHTTPRequestHandler]:
    class Handler(inner):  # type: ignore[misc, valid-type]
        def handle(self) -> None:
            connection: socket.socket = self.connection
            try:
                request = read(connection)
            except BadRequest as e:
                return Answer(connection).error(e.status, str(e))
            except OSError:
                return None  # it went
            finally:
                connections.spoke(connection)
            if request is None or self._answered(request):
                return None
            if access.is_own(request):
                return self._hand_on(request)
            if not connections.waiting.acquire(blocking=False):
                return Answer(connection).error(503, "too many requests at once: try again")
            try:
                self._hand_on(request)
            finally:
                connections.waiting.release()

        def _answered(self, request: Request) -> bool:
            answer = Answer(self.connection, request.method)
            if re.match(OURS, request.path):
                routes.answer(request, answer, self.client_address[0])
            elif request.get("service-worker") == "script":
                answer.send(200, _LEAVE, "text/javascript")
            elif access.is_visit(request) and peer.is_ours(self.connection):
                answer.send(307, b"", "text/plain", ("Location", access.url + request.target))
            else:
                return False
            return True

        def _hand_on(self, request: Request) -> None:
            """Let MkDocs answer; it reads the head as we understood it, and no body."""
            self.rfile: Any  # a buffered reader of the socket until now
            self.rfile.close()
            self.rfile = io.BytesIO(request.head())
            super().handle()

    return Handler
