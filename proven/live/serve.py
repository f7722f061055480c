"""The one `mkdocs serve` of this process: its room, its door, its signals."""

from __future__ import annotations

import json
import logging
import signal
import threading
from html import escape
from http.server import BaseHTTPRequestHandler
from types import FrameType
from typing import Any, cast

from mkdocs.exceptions import ConfigurationError
from mkdocs.livereload import LiveReloadServer

from proven.live.bench import BASE
from proven.live.door import Door
from proven.live.room import Limits, Room
from proven.snippet import catalogue

log = logging.getLogger("mkdocs.proven.live")

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_room: Room | None = None


def controls(page: str) -> str:
    """The page with the script that adds the controls, and the notebooks' names.

    No secret is in it: whatever MkDocs serves may be read by other programs.
    """
    names = json.dumps([s.name for s in catalogue() if s.is_notebook])
    tags = f'<link rel="stylesheet" href="{BASE}/live.css">'
    tags += f'<script src="{BASE}/live.js" data-notebooks="{escape(names)}" defer></script>'
    return page.replace("</head>", f"{tags}</head>", 1)


def open_(server: LiveReloadServer, options: dict[str, Any]) -> None:
    """Serve live notebooks from MkDocs' server.

    Raises:
        ConfigurationError: `extra.live` says something that we don't know.
    """
    global _room
    try:
        limits = Limits(**options)
    except TypeError as e:
        raise ConfigurationError(f"extra.live of mkdocs.yml: {e}") from None
    host, port = server.server_address[:2]
    name = "127.0.0.1" if str(host) in ("0.0.0.0", "::", "") else host
    _room = Room(f"http://{name!s}:{port}", limits)
    inner = cast(type[BaseHTTPRequestHandler], server.RequestHandlerClass)
    server.RequestHandlerClass = Door(_room, port).handler(inner)
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            # One that is ignored stays so: a shell does that to what it starts behind it.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _end)


def close() -> None:
    """End all live notebooks and Prefect."""
    if _room is not None:
        if threading.current_thread() is threading.main_thread():
            _be_deaf()
        _room.close()


def _end(number: int, frame: FrameType | None) -> None:
    """Let a polite end from outside be what Ctrl-C is: MkDocs tidies up after that one only."""
    _be_deaf()
    raise KeyboardInterrupt


def _be_deaf() -> None:
    """A second signal must not leave half of it behind: `uv run` passes each on once more."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
