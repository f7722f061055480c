"""Carry one request of the browser to a server on this machine, and the answer back.

The server's password is added here, so it never reaches the browser. Cookies go
neither way: they ignore ports, so any other local site could ride on one.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable

from proven.live.request import CHUNK, Request

ANSWER = 120.0  # seconds until a server must answer
# Belong to one hop, or must not cross (see above).
_DROPPED = frozenset({"connection", "proxy-connection", "authorization", "cookie"})
_READ_ALONG = frozenset({"accept-encoding", "sec-websocket-extensions", "if-none-match"})
# What we serve may be framed by our own pages only, and takes no script of another host.
_SCRIPTS = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:"
_REST = "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
PAGE = (
    ("Content-Security-Policy", f"{_SCRIPTS}; {_REST}"),
    ("Referrer-Policy", "same-origin"),  # an address of ours goes to no other site
    ("X-Content-Type-Options", "nosniff"),
)
# A notebook's page computes code: charts, for one.
FRAME = (
    ("Content-Security-Policy", f"{_SCRIPTS} 'unsafe-eval' data:; {_REST}"),
    *PAGE[1:],
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


def carry(
    request: Request,
    port: int,
    authorization: str,
    *,
    rewrite: Callable[[bytes], bytes] | None = None,
    heard: Callable[[bytes], None] | None = None,
) -> None:
    """Carry the request to `port` and the answer back.

    `rewrite` changes the body of an answer, read whole; `heard` is told of each
    piece that the server sends over a websocket.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER) as server:
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.sendall(_head(request, authorization, plain=bool(rewrite or heard)))
        for piece in request.pieces():
            server.sendall(piece)
        head, rest = _receive_head(server)
        if rewrite:
            rest = rewrite(rest + _read_all(server))
            head = [line for line in head if not line.lower().startswith(b"content-length:")]
            head.append(b"Content-Length: %d" % len(rest))
        guards = [f"{name}: {value}".encode() for name, value in FRAME]
        request.connection.sendall(b"\r\n".join([*head, *guards]) + b"\r\n\r\n" + rest)
        if not rewrite:
            if heard:
                heard(rest)
            _splice(request.connection, server, heard)


def _splice(
    client: socket.socket, server: socket.socket, heard: Callable[[bytes], None] | None
) -> None:
    """Pass bytes both ways until one side has ended."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(client, selectors.EVENT_READ, server)
        waiting.register(server, selectors.EVENT_READ, client)
        while True:
            for key, _ in waiting.select():
                data = key.fileobj.recv(CHUNK)  # type: ignore[union-attr]
                if not data:
                    return
                if heard and key.fileobj is server:
                    heard(data)
                key.data.sendall(data)


def _head(request: Request, authorization: str, *, plain: bool) -> bytes:
    # Who reads along needs it uncompressed.
    dropped = _DROPPED | _READ_ALONG if plain else _DROPPED
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    lines += [f"{k}: {v}" for k, v in request.headers if k not in dropped]
    lines += [f"Authorization: {authorization}"]
    lines += ["Connection: Upgrade" if request.upgrade else "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _receive_head(server: socket.socket) -> tuple[list[bytes], bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        data = server.recv(CHUNK)
        if not data:
            raise ConnectionError("the server ended the connection")
        received += data
    head, _, rest = received.partition(b"\r\n\r\n")
    return [x for x in head.split(b"\r\n") if not x.lower().startswith(b"set-cookie:")], rest


def _read_all(server: socket.socket) -> bytes:
    return b"".join(iter(lambda: server.recv(CHUNK), b""))
