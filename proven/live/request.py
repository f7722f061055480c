"""One request, read with limits: h11 parses it, so nothing odd or endless comes further."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import h11

CHUNK = 65536
HEAD = 32_768  # bytes of a request's head
PATIENCE = 10.0  # seconds until it is here
STALLED = 60.0  # seconds that a peer may neither send nor take a byte
# What we judge by may not be said twice: two readers could believe different ones.
_ONCE = frozenset(
    {"host", "origin", "sec-fetch-site", "sec-fetch-dest", "upgrade", "content-length"}
)


class BadRequest(Exception):
    """A request that is not answered but for its status and a sentence."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Request:
    """One request, its head read, its body not yet."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    """Names are in small letters."""
    connection: socket.socket
    begun: bytes = b""
    """What has come of the body already."""

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def upgrade(self) -> bool:
        """Whether it asks for a websocket."""
        return (self.get("upgrade") or "").lower() == "websocket"

    @property
    def length(self) -> int:
        """The bytes of its body."""
        return int(self.get("content-length") or 0)

    def get(self, name: str) -> str | None:
        """The header of this name."""
        return next((value for key, value in self.headers if key == name), None)

    def at(self, target: str) -> Request:
        """The same request of another target."""
        return replace(self, target=target)

    def head(self) -> bytes:
        """The head as h11 understood it, for another parser."""
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def body(self, limit: int) -> bytes:
        """The whole body.

        Raises:
            BadRequest: it is longer than `limit`.
        """
        self.check_length(limit)
        return b"".join(self.pieces())

    def check_length(self, limit: int) -> None:
        """See that the body is not too long.

        Raises:
            BadRequest: it is.
        """
        if self.length > limit:
            raise BadRequest(413, f"a body of more than {limit} bytes is not taken here")

    def pieces(self) -> Iterator[bytes]:
        """The body, piece by piece, as it comes."""
        left, piece = self.length, self.begun
        while left > 0:
            piece = piece[:left] or self.connection.recv(min(left, CHUNK))
            if not piece:
                raise ConnectionError("the body ended early")
            yield piece
            left, piece = left - len(piece), b""


def read(connection: socket.socket) -> Request | None:
    """Read the head of the one request of a connection; None where nothing came.

    Raises:
        BadRequest: it is no sane request, or did not come in time.
    """
    parser = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD)
    deadline = time.monotonic() + PATIENCE
    try:
        while (event := parser.next_event()) is h11.NEED_DATA:
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            parser.receive_data(connection.recv(4096))
    except TimeoutError:
        raise BadRequest(408, f"the head of a request must come within {PATIENCE:g} s") from None
    except h11.RemoteProtocolError as e:
        raise BadRequest(e.error_status_hint, str(e)) from None
    connection.settimeout(STALLED)
    if not isinstance(event, h11.Request):
        return None
    return _checked(event, connection, parser.trailing_data[0])


def _checked(event: h11.Request, connection: socket.socket, begun: bytes) -> Request:
    headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in event.headers)
    names = [name for name, _ in headers if name in _ONCE]
    if len(names) > len(set(names)):
        raise BadRequest(400, "a header came twice")
    if any(name == "transfer-encoding" for name, _ in headers):
        raise BadRequest(411, "a body must say its length")
    return Request(event.method.decode(), event.target.decode(), headers, connection, begun)
