"""The one `mkdocs serve` of this process: its room, its door, its signals."""

from __future__ import annotations

import json
import logging
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Any, cast

from mkdocs.exceptions import ConfigurationError
from mkdocs.livereload import LiveReloadServer

from proven import signals
from proven.live.bench import BASE
from proven.live.door import Door
from proven.live.room import Limits, Room
from proven.project import Project

log = logging.getLogger("mkdocs.proven.live")

_room: Room | None = None


def controls(page: str, project: Project) -> str:
    """The page with the script that adds the controls, and the notebooks' names.

    No secret is in it: whatever MkDocs serves may be read by other programs.
    """
    names = json.dumps([s.name for s in project.catalogue() if s.is_notebook])
    tags = f'<link rel="stylesheet" href="{BASE}/live.css">'
    tags += f'<script src="{BASE}/live.js" data-notebooks="{escape(names)}" defer></script>'
    return page.replace("</head>", f"{tags}</head>", 1)


def open_(server: LiveReloadServer, options: dict[str, Any], project: Project) -> None:
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
    _room = Room(project, f"http://{name!s}:{port}", limits)
    inner = cast(type[BaseHTTPRequestHandler], server.RequestHandlerClass)
    server.RequestHandlerClass = Door(_room, port).handler(inner)
    # A polite end from outside is what Ctrl-C is: MkDocs tidies up after that one only.
    signals.end_on_signals()


def close() -> None:
    """End all live notebooks and Prefect."""
    if _room is not None:
        signals.ignore_signals()
        _room.close()
