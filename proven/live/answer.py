"""The one answer to a request that we give ourselves."""

from __future__ import annotations

import contextlib
import json
import mimetypes
import socket
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import h11

from proven.live import proxy

FOREVER = "public, max-age=31536000, immutable"
NEVER = "no-store"


class Answer:
    """Where an answer goes."""

    def __init__(self, connection: socket.socket, method: str = "GET") -> None:
        self._connection = connection
        self._method = method

    def data(self, data: dict[str, Any], status: int = 200) -> None:
        """Answer with a JSON object."""
        self.send(status, json.dumps(data).encode(), "application/json")

    def error(self, status: int, why: str) -> None:
        """Refuse, in a sentence that a page can show."""
        self.data({"error": why}, status)

    def file(self, folder: Path, name: str, cache: str = NEVER) -> None:
        """Answer with a file of the folder."""
        path = (folder / unquote(name)).resolve()
        if folder.resolve() not in path.parents or not path.is_file():
            return self.error(404, "no such file")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        kind = "text/javascript" if path.suffix == ".js" else kind
        self.send(200, path.read_bytes(), kind, ("Cache-Control", cache))

    def send(self, status: int, body: bytes, kind: str, *more: tuple[str, str]) -> None:
        """Answer; one who is gone is not told."""
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
        headers |= {"Cache-Control": NEVER} | dict(proxy.FRAME) | dict(more)
        writer = h11.Connection(h11.SERVER)
        head = writer.send(
            h11.Response(
                status_code=status, headers=list(headers.items()), reason=HTTPStatus(status).phrase
            )
        )
        with contextlib.suppress(OSError):
            self._connection.sendall((head or b"") + (b"" if self._method == "HEAD" else body))
