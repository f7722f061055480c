"""Another program on this machine: its web server, and its processes as another user."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

LEFT = (Path(__file__).parent / "left.js").read_bytes()


class _Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        script = self.path.endswith(".js")
        body = LEFT if script else b"<!doctype html><title>evil</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


def server(port: int = 0) -> http.server.ThreadingHTTPServer:
    """A web server, whose pages are not ours."""
    found = http.server.ThreadingHTTPServer(("127.0.0.1", port), _Pages)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    return found


# Imports come first: the other user may not be allowed to read our Python.
BECOME = """
import encodings.idna, encodings.latin_1, os, socket, sys, time
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
exec(sys.argv.pop(1))
"""


def start_as_other_user(code: str, *words: object) -> subprocess.Popen[str]:
    """Run Python code in a process of another user."""
    if os.geteuid() != 0:
        pytest.skip("not run: only root can make a process of another user")
    command = [sys.executable, "-c", BECOME, code, *map(str, words)]
    return subprocess.Popen(command, cwd="/", stdout=subprocess.PIPE, text=True)


def as_other_user(code: str, *words: object) -> str:
    """Run Python code as another user to its end; what it prints."""
    with start_as_other_user(code, *words) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said
