"""Carry one request of the browser to a server on this machine, and the answer back.

The server's password is added here, so it never reaches the browser. Cookies go
neither way: they ignore ports, so any other local site could ride on one.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from io import BufferedIOBase

CHUNK = 65536
# Belong to one hop, or must not cross (see above).
_DROPPED = frozenset({"connection", "proxy-connection", "authorization", "cookie"})
# A frame of this site only, whatever the server behind says.
GUARDS = (
    b"Content-Security-Policy: frame-ancestors 'self'",
    b"Cross-Origin-Resource-Policy: same-origin",
    b"X-Content-Type-Options: nosniff",
)


@dataclass(frozen=True)
class Request:
    """One request of the browser, its head read, its body not yet."""

    command: str
    target: str
    headers: Message
    body: BufferedIOBase
    connection: socket.socket

    @property
    def upgrade(self) -> bool:
        """Whether it asks for a websocket."""
        return str(self.headers.get("Upgrade", "")).lower() == "websocket"


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
    with socket.create_connection(("127.0.0.1", port), timeout=60) as server:
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.sendall(_head(request, authorization, plain=bool(rewrite or heard)))
        _send_body(request, server)
        server.settimeout(None)
        head, rest = _receive_head(server)
        if rewrite:
            rest = rewrite(rest + _read_all(server))
            head = [line for line in head if not line.lower().startswith(b"content-length:")]
            head.append(b"Content-Length: %d" % len(rest))
        request.connection.sendall(b"\r\n".join([*head, *GUARDS]) + b"\r\n\r\n" + rest)
        if not rewrite:
            if heard:
                heard(rest)
            splice(request.connection, server, heard)


def splice(
    client: socket.socket, server: socket.socket, heard: Callable[[bytes], None] | None = None
) -> None:
    """Pass bytes both ways until one side has ended."""
    other = {client: server, server: client}
    while True:
        for ready in select.select(list(other), [], [])[0]:
            data = ready.recv(CHUNK)
            if not data:
                return
            if heard and ready is server:
                heard(data)
            other[ready].sendall(data)


def _head(request: Request, authorization: str, *, plain: bool) -> bytes:
    dropped = _DROPPED
    if plain:  # we read along, so nothing may be compressed
        dropped |= {"accept-encoding", "sec-websocket-extensions", "if-none-match"}
    lines = [f"{request.command} {request.target} HTTP/1.1"]
    lines += [f"{k}: {v}" for k, v in request.headers.items() if k.lower() not in dropped]
    lines += [f"Authorization: {authorization}"]
    lines += ["Connection: Upgrade" if request.upgrade else "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _send_body(request: Request, server: socket.socket) -> None:
    left = int(request.headers.get("Content-Length") or 0)
    while left > 0 and (data := request.body.read(min(left, CHUNK))):
        server.sendall(data)
        left -= len(data)


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
    parts = []
    while data := server.recv(CHUNK):
        parts.append(data)
    return b"".join(parts)
