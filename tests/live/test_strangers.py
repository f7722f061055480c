"""Another user of this machine can start nothing, take no port of ours and learn no secret.

Each attack is tried by a process of another user; where the test is not root it says
that it was not run. What succeeds against a twin without protection is shown beside.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from proven.live import peer
from proven.live.prefect import Prefect
from tests.live.other import as_other_user, start_as_other_user
from tests.live.site import Site, until

pytestmark = pytest.mark.slow

# Sends a request and prints the answer; with "away" it closes without waiting for one.
ASK = """
import socket, sys
port, away, text = int(sys.argv[1]), sys.argv[2] == "away", sys.argv[3]
with socket.create_connection(("127.0.0.1", port), 20) as s:
    s.sendall(text.encode())
    data = b""
    while not away and (piece := s.recv(65536)):
        data += piece
print(data.decode("latin-1"))
"""
TAKE = """
import socket, sys
for address, family in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)):
    for port in map(int, sys.argv[1:]):
        for option in (None, socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            with socket.socket(family) as s:
                if option:
                    s.setsockopt(socket.SOL_SOCKET, option, 1)
                try:
                    s.bind((address, port))
                    s.listen()
                    print(address, port)
                except OSError:
                    pass
"""


def request(method: str, path: str, headers: dict[str, str], body: str = "") -> str:
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body])


def plain(site: Site) -> dict[str, str]:
    return {"Host": site.plain.removeprefix("http://"), "Origin": site.plain}


HOLD = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20) as s:
    s.recv(1)
"""
OPEN = '{"snippet": "template.py", "view": "edit"}'


def test_a_stranger_is_not_told_the_address(site: Site) -> None:
    visit = {
        "Host": plain(site)["Host"],
        "Sec-Fetch-Dest": "document",
        "Sec-Fetch-Mode": "navigate",
    }
    name = site.url.removeprefix("http://")
    ours = subprocess.check_output(
        [sys.executable, "-c", ASK, str(site.port), "wait", request("GET", "/", visit)], text=True
    )
    assert f"Location: {site.url}/" in ours, "the reader is told: so the test can fail"
    other = as_other_user(ASK, site.port, "wait", request("GET", "/", visit))
    assert other.startswith("HTTP/1.0 200") and name not in other
    for path in ("/", "/six/", "/__live__/live.js", "/sitemap.xml", "/404.html", "/__live__/open"):
        found = as_other_user(ASK, site.port, "wait", request("GET", path, plain(site)))
        assert found and name not in found, path


def test_a_stranger_starts_and_reaches_nothing(site: Site) -> None:
    state = request("POST", "/__live__/state", site.headers, '{"id": "x"}')
    # The twin: who knows the address is the reader, whoever it is.
    assert '{"alive": false}' in as_other_user(ASK, site.port, "wait", state)
    for method, path, body in (
        ("POST", "/__live__/open", OPEN),
        ("POST", "/__live__/state", '{"id": "x"}'),
        ("POST", "/__live__/stop", '{"id": "x"}'),
        ("GET", "/__live__/k/x/edit/", ""),
        ("POST", "/__prefect__/api/flow_runs/filter", "{}"),
        ("GET", "/__prefect__/v2/", ""),
    ):
        found = as_other_user(ASK, site.port, "wait", request(method, path, plain(site), body))
        assert found.startswith("HTTP/1.1 403"), (path, found[:200])
        assert "open this site at the address" in found


def test_who_does_not_wait_for_the_answer_starts_nothing(fresh: Site) -> None:
    """Once closed a socket is listed as root's, and headers can be made slow to read."""
    slow = "".join(f"X-{n}: {chr(13) * 6000}\r\n" for n in range(20))
    text = request("POST", "/__live__/open", plain(fresh), OPEN)
    for attack in (text, text.replace("Content-Length", f"{slow}Content-Length")):
        for _ in range(5):
            as_other_user(ASK, fresh.port, "away", attack)
    time.sleep(5)
    assert fresh.left() == []


def owners_as_listed(port: int, ours: int) -> set[int]:
    """What decided once: who is listed as the owner, whatever state the socket is in."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ends = [(int(r[1][-4:], 16), int(r[2][-4:], 16), int(r[7])) for r in rows]
    return {uid for local, remote, uid in ends if (local, remote) == (port, ours)}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lists the owners")
def test_a_closed_socket_is_nobody_s() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        as_other_user(ASK, port, "away", "x")
        connection, (_, theirs) = server.accept()
        with connection:
            assert not peer.is_ours(connection)
            fooled = {os.getuid(), 0}  # what the twin takes for the reader
            until(lambda: owners_as_listed(theirs, port) in ({0}, fooled), 30)
            assert not peer.is_ours(connection)
        with socket.create_connection(("127.0.0.1", port)) as client:
            connection, _ = server.accept()
            with connection:
                assert peer.is_ours(connection)
                client.shutdown(socket.SHUT_WR)
                assert not peer.is_ours(connection)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lists the owners")
def test_an_open_socket_of_another_user_is_not_ours() -> None:
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::")):
        with socket.create_server(
            (address, 0), family=family, dualstack_ipv6=":" in address
        ) as server:
            port = server.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port)):
                connection, _ = server.accept()
                assert peer.is_ours(connection), "our own is known"
                connection.close()
            other = start_as_other_user(HOLD, port)
            connection, _ = server.accept()
            assert not peer.is_ours(connection)
            connection.close()
            other.communicate(timeout=20)


def test_no_port_of_ours_can_be_taken(fresh: Site) -> None:
    """The site's in the other family, which a browser asks first; a server's that starts."""
    with socket.create_server(("127.0.0.1", 0)) as twin:
        free = twin.getsockname()[1]
    assert f"::1 {free}" in as_other_user(TAKE, free), "a free one can be: so the test can fail"
    body = {"snippet": "template.py", "view": "edit"}
    started = httpx.post(
        f"{fresh.plain}/__live__/open", json=body, headers=fresh.headers, timeout=120
    )
    assert started.is_success, started.text
    httpx.post(
        f"{fresh.plain}/__live__/shown", json={"snippet": "template.py"}, headers=fresh.headers
    )
    listening = {
        c.laddr.port
        for p in [psutil.Process(fresh.process.pid), *fresh.family()]
        for c in p.net_connections("tcp")
        if c.status == psutil.CONN_LISTEN
    }
    assert len(listening) >= 3  # the site, marimo, Prefect: which has not answered yet
    taken = as_other_user(TAKE, *listening).splitlines()
    assert [line for line in taken if line.startswith("127.0.0.1") or str(fresh.port) in line] == []


def test_a_site_whose_other_family_is_taken_does_not_start(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET6) as thief:
        thief.bind(("::1", 0))
        port = thief.getsockname()[1]
        site = Site(tmp_path, port=port)
        assert site.process.wait(60) != 0
    assert re.search(rf"port {port} of ::1.*Address already in use", site.log.read_text())


def test_prefect_that_has_ended_starts_again_at_its_own_port(tmp_path: Path) -> None:
    prefect = Prefect(tmp_path / "p", "http://live-x.localhost:1")
    try:
        port = prefect.ready()
        assert prefect._server is not None and prefect._server._process is not None
        prefect._server._process.stop()
        assert "127.0.0.1" not in as_other_user(TAKE, port)
        assert prefect.ready() == port
        answer = httpx.get(f"{prefect.url}/version", timeout=30)
        assert answer.status_code == 401
        right = {"Authorization": prefect.authorization}
        assert httpx.get(f"{prefect.url}/version", headers=right, timeout=30).is_success
    finally:
        prefect.stop()
