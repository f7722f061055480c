"""Many, slow, large, odd, gone: the site stays usable, and says why it refuses."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from proven.live import request
from proven.live.connections import SILENT, WAITING
from proven.live.request import HEAD, BadRequest, Request, read
from tests.live.site import Site

pytestmark = pytest.mark.slow


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def send(pair: tuple[socket.socket, socket.socket], text: str) -> Request | None:
    pair[1].sendall(text.encode("latin-1"))
    return read(pair[0])


GOOD = "POST /__live__/open?a=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"


def test_a_request_is_read_whole(pair: tuple[socket.socket, socket.socket]) -> None:
    got = send(pair, GOOD)
    assert got is not None
    assert (got.method, got.path, got.get("host")) == ("POST", "/__live__/open", "x")
    assert got.body(4) == b"body"
    with pytest.raises(BadRequest, match="more than 3 bytes") as refused:
        got.body(3)
    assert refused.value.status == 413


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("Host: x", "Host: x\rX: y", 400),
        ("Host: x", "Host: x\r\nX: a\x00b", 400),
        ("Host: x", "Host: x\r\nHost: y", 400),
        ("Host: x", "Host: x\r\nOrigin: a\r\nOrigin: b", 400),
        ("Host: x\r\n", "", 400),
        ("Host: x", "Host : x", 400),
        ("Content-Length: 4", "Content-Length: -4", 400),
        ("Content-Length: 4", "Content-Length: 4\r\nContent-Length: 5", 400),
        ("Content-Length: 4", "Content-Length: 99999999999999999999999", 400),
        ("Content-Length: 4", "Transfer-Encoding: chunked", 411),
        ("Content-Length: 4", "Transfer-Encoding: gzip", 501),
        ("/__live__/open", "/__live__/\x00", 400),
        ("POST", "PO ST", 400),
        ("Host: x", f"Host: x\r\nX: {'y' * 2 * HEAD}", 431),
    ],
)
def test_an_odd_request_is_refused(
    pair: tuple[socket.socket, socket.socket], old: str, new: str, status: int
) -> None:
    with pytest.raises(BadRequest) as refused:
        send(pair, GOOD.replace(old, new))
    assert refused.value.status == status


def test_a_head_that_drips_is_given_up(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "PATIENCE", 0.5)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read, pair[0])
        start = time.monotonic()
        while not reading.done() and time.monotonic() < start + 10:
            pair[1].sendall(b"G")
            time.sleep(0.02)
        with pytest.raises(BadRequest, match="must come within"):
            reading.result()
    assert time.monotonic() < start + 5


def test_who_goes_without_a_word_is_no_error(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[1].close()
    assert read(pair[0]) is None


def test_a_crowd_of_silent_strangers(site: Site) -> None:
    """More of them than `select` can count, and the reader is answered all the same."""
    process = psutil.Process(site.process.pid)
    before = process.memory_info().rss
    with contextlib.ExitStack() as stack:
        for n in range(1500):
            s = socket.create_connection(("127.0.0.1", site.port), timeout=60)
            stack.enter_context(s)
            if n % 2:
                s.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        start = time.monotonic()
        for path in ("/", "/__live__/live.js"):
            assert httpx.get(site.plain + path, headers=site.headers, timeout=30).is_success
        took = time.monotonic() - start
        assert process.num_threads() < SILENT + WAITING + 50
        assert process.memory_info().rss - before < 100 << 20
    assert took < 20, took


def test_a_crowd_that_waits_for_the_next_reload(site: Site) -> None:
    """Each keeps a thread of MkDocs for a minute; the reader has a place of his own."""
    poll = b"GET /livereload/99999999999/1 HTTP/1.1\r\nHost: x\r\n\r\n"
    with contextlib.ExitStack() as stack:
        answers = []
        for _ in range(WAITING + 40):
            s = stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=60))
            s.sendall(poll)
            answers.append(s)
        time.sleep(2)
        answers[-1].settimeout(20)
        assert b"503" in answers[-1].recv(4096)
        assert httpx.get(f"{site.plain}/", headers=site.headers, timeout=30).is_success


def test_a_body_that_is_too_long_is_not_read(site: Site) -> None:
    process = psutil.Process(site.process.pid)
    before = process.memory_info().rss
    head = [f"{k}: {v}" for k, v in site.headers.items()]
    for path in ("/__live__/open", "/__prefect__/api/flows/", "/"):
        lines = [f"POST {path} HTTP/1.1", *head, f"Content-Length: {400 << 20}", "", ""]
        with socket.create_connection(("127.0.0.1", site.port), timeout=30) as s:
            s.sendall("\r\n".join(lines).encode())
            with contextlib.suppress(OSError):  # it does not wait for the rest
                for _ in range(400):
                    s.sendall(bytes(1 << 20))
    assert process.memory_info().rss - before < 50 << 20
    assert httpx.get(f"{site.plain}/", headers=site.headers, timeout=30).is_success


def test_thirty_presses_at_once(tmp_path: Path) -> None:
    site = Site(tmp_path, limits="{notebooks: 2}").wait()
    body = {"snippet": "template.py", "view": "edit"}

    def press(_: int) -> httpx.Response:
        url = f"{site.plain}/__live__/open"
        return httpx.post(url, json=body, headers=site.headers, timeout=300)

    try:
        with ThreadPoolExecutor(30) as pool:
            answers = list(pool.map(press, range(30)))
        refused = [a for a in answers if not a.is_success]
        assert len(refused) == 28
        assert {a.json()["error"] for a in refused} == {
            "2 notebooks are live already: stop one first"
        }
        assert httpx.get(f"{site.plain}/", timeout=20).is_success
    finally:
        site.end()


def test_what_a_stranger_sends_is_escaped_in_the_log(fresh: Site) -> None:
    headers = {"Host": "evil\x9b31m.test", "Origin": "x" * 3000}
    with socket.create_connection(("127.0.0.1", fresh.port), timeout=20) as s:
        lines = ["POST /__live__/open HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
        s.sendall("\r\n".join(lines).encode("latin-1"))
        answer = s.recv(65536)
    assert b"403" in answer and json.loads(answer.partition(b"\r\n\r\n")[2])["error"]
    said = [line for line in fresh.log.read_text().splitlines() if "refused" in line]
    assert said and said[-1].isascii() and len(said[-1]) < 400
