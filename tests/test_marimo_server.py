"""marimo and Prefect serve on a socket that we hold: nobody else ever answers at their port."""

from __future__ import annotations

import http.client
import socket
import stat
from pathlib import Path

import pytest

from proven.run.api import Server
from proven.run.marimo_server import MarimoServer
from proven.run.process import clean_env, own_home
from tests.here import find

pytestmark = pytest.mark.slow


def refused(port: int) -> bool:
    """Whether another program of this machine, asking politely or not, can't have the port."""
    for option in ("SO_REUSEADDR", "SO_REUSEPORT"):
        with socket.socket() as thief:
            thief.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
            try:
                thief.bind(("127.0.0.1", port))
                thief.listen()
            except OSError:
                continue
            return False
    return True


def marimo(folder: Path) -> MarimoServer:
    env = clean_env() | own_home(folder / "home")
    return MarimoServer("run", find("reactivity/slider.py").path, folder, env, folder / "log")


def test_the_port_is_ours_before_it_starts_and_after_it_ended(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as twin:
        free = twin.getsockname()[1]
    assert not refused(free), "a port that nobody holds can be taken: the test can fail"
    server = marimo(tmp_path)
    try:
        assert refused(server.port)
        server.ready()
        assert refused(server.port)
        server.process.stop()
        assert refused(server.port)
    finally:
        server.stop()
    assert not refused(server.port)


def test_its_secret_is_in_no_command_line_and_not_left_on_the_disk(tmp_path: Path) -> None:
    import psutil

    server = marimo(tmp_path)
    try:
        secret = tmp_path / "log.token"
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        server.ready()
        assert not secret.exists()
        family = [psutil.Process(server.process.pid)]
        family += family[0].children(recursive=True)
        assert len(family) > 1
        assert not any(server.token in " ".join(p.cmdline()) for p in family)
        assert server.token not in server.process.text
        for headers in ({}, {"Authorization": "Bearer guessed"}, server.headers):
            asked = http.client.HTTPConnection("127.0.0.1", server.port)
            asked.request("GET", "/", headers=headers)
            assert (asked.getresponse().status == 200) == (headers == server.headers)
    finally:
        server.stop()


def test_prefect_s_port_is_ours_after_it_ended_too(tmp_path: Path) -> None:
    with Server(tmp_path / "prefect") as server:
        assert refused(server.port)
        assert server.api.client().get("/health").is_success
        assert server._process is not None
        server._process.stop()
        assert refused(server.port)
    assert not refused(server.port)
