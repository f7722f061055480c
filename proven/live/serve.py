"""The one `mkdocs serve` of this process: its address, its sessions, its signals."""

from __future__ import annotations

import errno
import json
import logging
import socket
import sys
from html import escape
from typing import Any

from mkdocs.exceptions import ConfigurationError
from mkdocs.livereload import LiveReloadServer

from proven import signals
from proven.live import handler
from proven.live.access import Access
from proven.live.manager import Limits, Manager
from proven.live.routes import Routes
from proven.live.session import BASE
from proven.project import Project

log = logging.getLogger("mkdocs.proven.live")

_manager: Manager | None = None
_held: socket.socket | None = None


def controls(page: str, project: Project) -> str:
    """The page with the script that adds the controls, and the notebooks' names.

    No secret is in it: whatever MkDocs serves may be read by other programs.
    """
    names = escape(project.once(_notebooks))
    tags = f'<link rel="stylesheet" href="{BASE}/live.css">'
    tags += f'<script src="{BASE}/live.js" data-notebooks="{names}" defer></script>'
    return page.replace("</head>", f"{tags}</head>", 1)


def _notebooks(project: Project) -> str:
    return json.dumps([s.name for s in project.catalogue() if s.is_notebook])


def open_(server: LiveReloadServer, options: dict[str, Any], project: Project) -> None:
    """Serve live notebooks from MkDocs' server.

    Raises:
        ConfigurationError: `extra.live` says something that we don't know.
    """
    global _manager, _held
    try:
        limits = Limits(**options)
    except TypeError as e:
        raise ConfigurationError(f"extra.live of mkdocs.yml: {e}") from None
    host, port = str(server.server_address[0]), int(server.server_address[1])
    _held = _hold_other_family(host, port)
    access = Access(port)
    _manager = Manager(project, access.url, limits)
    handler.install(server, access, Routes(access, _manager))
    if not sys.platform.startswith("linux"):  # there `peer` knows nobody
        log.info("live: run notebooks at %s/", access.url)
    # A polite end from outside is what Ctrl-C is: MkDocs tidies up after that one only.
    signals.end_on_signals()


def close() -> None:
    """End all live notebooks and Prefect."""
    if _manager is not None:
        signals.ignore_signals()
        _manager.close()


def _hold_other_family(host: str, port: int) -> socket.socket | None:
    """Keep the port of the other loopback address from everybody.

    A browser asks both, IPv6 first, and names our own name to whoever answers. The
    socket is bound and does not listen: the browser is refused there and comes to us.

    Raises:
        ConfigurationError: another program has it.
    """
    if host in ("::", ""):
        return None  # both are MkDocs' own
    loopback = ("127.0.0.1", socket.AF_INET) if ":" in host else ("::1", socket.AF_INET6)
    held = None
    try:
        held = socket.socket(loopback[1])
        held.bind((loopback[0], port))
    except OSError as e:
        if held is not None:
            held.close()
        if e.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            return None  # this machine has no such address, so nobody has it
        what = f"port {port} of {loopback[0]}, where a browser would look too"
        raise ConfigurationError(f"live: {what}: {e.strerror}; serve at another one (-a)") from e
    return held
