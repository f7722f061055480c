"""A malicious page in the same browser can't run code: other origins, each line of defence."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, HttpCredentials, Page, expect

from proven.live.access import ASK, Access
from proven.live.request import Request
from tests.live.page import Card
from tests.live.site import Site, until

pytestmark = pytest.mark.slow

ATTACKS = (Path(__file__).parent / "attacks.js").read_text()


@pytest.fixture(scope="module")
def target(site: Site, browser: Browser) -> Iterator[dict[str, Any]]:
    """A live notebook with Prefect behind it, and all addresses that it can be reached at."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto(site.url)
    card = Card(page).open()
    card.pipeline.click()
    card.result().wait_for()
    source = card.frame.get_attribute("src") or ""
    ports = {
        c.laddr.port
        for process in [psutil.Process(site.process.pid), *site.family()]
        for c in process.net_connections("tcp")
        if c.status == psutil.CONN_LISTEN and c.laddr.port != site.port
    }
    base = source.partition("/?")[0]
    yield {
        "site": site.url,
        "name": "127.0.0.1",
        "kernel": source,
        "base": base,
        "bench": base.split("/")[3],
        "ports": sorted(ports),
    }
    card.stop.click()
    expect(card.said).to_contain_text("Stopped")
    context.close()


@pytest.fixture
def villain(browser: Browser) -> Iterator[Page]:
    """A page that tries a password where one is asked for.

    Without one the browser asks its user, and the request waits for an answer.
    """
    guess: HttpCredentials = {"username": "live", "password": "secret"}
    context = browser.new_context(http_credentials=guess)
    page = context.new_page()
    page.set_default_timeout(180_000)
    yield page
    context.close()


def attack(page: Page, url: str, at: dict[str, Any]) -> dict[str, str]:
    page.goto(url)
    got: dict[str, str] = page.evaluate(ATTACKS, at)
    return got


def test_the_attacks_succeed_where_they_may(
    villain: Page, site: Site, target: dict[str, Any]
) -> None:
    """Else the tests below would be green because the attacks are bad ones."""
    may = ["open", "state", "page", "prefect", "flow", "settings", "interface"]
    got = attack(villain, f"{site.url}/other/", target | {"only": may, "ports": []})
    assert not {"refused", "no answer"} & set(got.values()), got
    assert len(got) == len(may)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "evil.test"])
def test_a_page_of_another_origin(
    villain: Page, target: dict[str, Any], evil: int, host: str
) -> None:
    """A second port of the same host name, another name of this machine, another site."""
    got = attack(villain, f"http://{host}:{evil}/", target)
    assert set(got.values()) == {"refused"}, got
    assert len(got) >= 12 + 7 * 3  # marimo, Prefect, and the socket in front of Prefect


def test_a_host_name_that_was_made_to_point_here(
    villain: Page, site: Site, target: dict[str, Any]
) -> None:
    """DNS rebinding: to the browser it is one origin, so only the Host header tells."""
    there = {"site": f"http://rebound.test:{site.port}", "name": "rebound.test"}
    got = attack(villain, f"{there['site']}/other/", target | there)
    assert set(got.values()) == {"refused"}, got


def test_a_frame_in_a_foreign_page_stays_empty(
    page: Page, target: dict[str, Any], evil: int
) -> None:
    for host in ("127.0.0.1", "evil.test"):
        for path in (target["kernel"], "/__prefect__/v2/"):
            page.goto(f"http://{host}:{evil}/")
            with page.expect_response(re.compile(re.escape(path) + "$")) as answer:
                page.evaluate(
                    "url => { const f = document.createElement('iframe'); f.src = url;"
                    " document.body.append(f) }",
                    target["site"] + path,
                )
            assert answer.value.status == 403


def test_a_link_from_a_foreign_page_opens_no_notebook(
    page: Page, target: dict[str, Any], evil: int
) -> None:
    page.goto(f"http://evil.test:{evil}/")
    with page.expect_navigation() as moved:
        page.evaluate("url => { location.href = url }", target["site"] + target["kernel"])
    assert moved.value and moved.value.status == 403


def test_no_cookie_and_no_token_reaches_the_browser(
    site: Site, page: Page, target: dict[str, Any]
) -> None:
    page.goto(site.url)
    card = Card(page).open()
    assert page.context.cookies() == []
    card.stop.click()
    tokens = {p.environ().get("PREFECT_SERVER_API_AUTH_STRING", "") for p in site.family()} - {""}
    assert tokens, "no Prefect server was found"
    secrets = tokens | {site.url.removeprefix("http://").partition(":")[0]}
    said = [" ".join(p.cmdline()) for p in [psutil.Process(site.process.pid), *site.family()]]
    assert not [line for line in said if any(secret in line for secret in secrets)]
    written = [p for p in site.folder.rglob("*") if p.suffix in (".html", ".log", ".json", ".js")]
    assert written
    for path in written:
        text = path.read_text(errors="replace")
        assert not any(token in text for token in tokens), path
        assert not re.search(r"access_token=|Bearer ", text), path
    # A server reads its token from a file of ours; once it runs the file is gone.
    until(lambda: not list(site.temp.rglob("*.token")), 120, lambda: "a token is on the disk")


def test_the_terminal_and_files_are_switched_off(site: Site, target: dict[str, Any]) -> None:
    headers = site.headers
    for path in (
        *("terminal/ws", "api/files/list_files", "api/packages/add", "api/secrets/keys"),
        *("api/ai/chat", "api/kernel/shutdown", "api/kernel/rename", "auth/token", "mcp/server"),
        *("@file/../terminal/ws", "@file/%2e%2e/api/files/list_files"),
    ):
        for method in ("GET", "POST"):
            url = f"{site.plain}{target['base']}/{path}"
            answer = httpx.request(method, url, headers=headers)
            assert answer.status_code in (403, 404), path


def test_a_peer_of_another_machine_is_refused(page: Page, tmp_path: Path) -> None:
    """`mkdocs serve -a 0.0.0.0` shows the pages to the network, not the kernels."""
    ours = next(
        (
            a.address
            for name, addresses in psutil.net_if_addrs().items()
            for a in addresses
            if a.family.name == "AF_INET" and not a.address.startswith("127.")
        ),
        None,
    )
    assert ours, "this machine has no address but loopback, so this can't be tested here"
    site = Site(tmp_path, address="0.0.0.0").wait()
    try:
        for host in (f"{ours}:{site.port}", f"127.0.0.1:{site.port}"):
            headers = {"Host": host, "Origin": f"http://{host}"}
            url = f"http://{ours}:{site.port}/__live__/open"
            body = {"snippet": "template.py", "view": "edit"}
            assert httpx.post(url, headers=headers, json=body).status_code == 403
        page.goto(f"http://{ours}:{site.port}/")
        card = Card(page)
        expect(card.recorded).to_be_visible()
        expect(card.run_live).to_have_count(0)  # its script is refused too: no dead control
        assert site.left() == []
    finally:
        site.end()


def test_a_notebook_can_change_no_file_of_the_project(site: Site, page: Page) -> None:
    """marimo's own save writes a copy; the page, without chrome, has no button for it."""
    files = [p for p in (site.folder / "snippets").rglob("*") if p.is_file()]
    before = {p: p.read_bytes() for p in files}
    page.goto(site.url)
    card = Card(page).open()
    with page.expect_request(re.compile("/api/kernel/")) as sent:
        card.pipeline.click()
    session = sent.value.headers["marimo-session-id"]
    saved = card.notebook.locator("body").evaluate(
        """async (body, session) => (await fetch("api/kernel/save", {
             method: "POST",
             headers: {"Content-Type": "application/json", "Marimo-Session-Id": session},
             body: JSON.stringify({cellIds: ["x"], codes: ["changed = 1"], names: ["_"],
                                   configs: [{}], filename: "template.py", persist: true}),
           })).status""",
        session,
    )
    assert saved == 200
    copies = [p for p in site.temp.rglob("template.py") if "changed = 1" in p.read_text()]
    assert copies, "the save wrote nothing, so it shows nothing"
    card.stop.click()
    assert {p: p.read_bytes() for p in files} == before


# The rules, one by one -------------------------------------------------------

ACCESS = Access(8000)
PLAIN = "127.0.0.1:8000"
GOOD = {"host": ACCESS.host, "origin": ACCESS.url, "sec-fetch-site": "same-origin"}


def refusal(
    method: str, headers: dict[str, str], peer: str = "127.0.0.1", public: bool = False
) -> str:
    with socket.socket() as unused:
        request = Request(method, "/", tuple(headers.items()), unused)
    return ACCESS.refusal(request, peer, public=public)


@pytest.mark.parametrize(
    ("method", "change", "word"),
    [
        ("POST", {"host": "evil.test:8000"}, "are not at"),
        ("GET", {"host": "127.0.0.1:8001"}, "are not at"),
        ("GET", {"host": ""}, "are not at"),
        ("GET", {"host": f"x{ACCESS.host}"}, "are not at"),
        ("GET", {"host": ACCESS.name}, "are not at"),
        ("GET", {"host": "live-000000000000000000000000.localhost:8000"}, "are not at"),
        ("GET", {"host": PLAIN, "origin": None}, ASK),
        ("POST", {"host": PLAIN, "origin": f"http://{PLAIN}"}, ASK),
        ("POST", {"host": "localhost:8000", "origin": "http://localhost:8000"}, ASK),
        ("POST", {"origin": f"http://{PLAIN}"}, "a page of"),
        ("POST", {"origin": f"http://{ACCESS.name}:8001"}, "a page of"),
        ("POST", {"origin": f"https://{ACCESS.host}"}, "a page of"),
        ("POST", {"origin": "null"}, "a page of"),
        ("GET", {"sec-fetch-site": "same-site"}, "same-site request"),
        ("GET", {"sec-fetch-site": "cross-site"}, "cross-site request"),
        ("POST", {"origin": None}, "must say its Origin"),
        ("DELETE", {"origin": None}, "must say its Origin"),
        ("GET", {"origin": None, "upgrade": "websocket"}, "must say its Origin"),
    ],
)
def test_each_rule_refuses(method: str, change: dict[str, str | None], word: str) -> None:
    assert refusal(method, GOOD) == ""
    changed = {k: v for k, v in (GOOD | change).items() if v is not None}
    assert word in refusal(method, changed)


def test_the_peer_must_be_this_machine() -> None:
    for peer in ("127.0.0.1", "::1", "127.0.0.2", "::ffff:127.0.0.1"):
        assert refusal("GET", GOOD, peer) == ""
    for public in (False, True):
        assert "this machine only" in refusal("GET", GOOD, "192.0.2.7", public)
        assert "are not at" in refusal("GET", GOOD | {"host": "evil.test:8000"}, public=public)
    assert refusal("GET", {"host": PLAIN}, public=True) == ""


@pytest.mark.parametrize(
    ("change", "visit"),
    [
        ({}, True),
        ({"host": "localhost:8000"}, True),
        ({"host": "[::1]:8000"}, True),
        ({"host": "evil.test:8000"}, False),
        ({"sec-fetch-dest": "iframe"}, False),
        ({"sec-fetch-dest": "empty"}, False),
        ({"sec-fetch-dest": None}, False),
        ({"method": "POST"}, False),
        ({"target": "@evil.test/"}, False),  # else: http://our-name:8000@evil.test/
        ({"target": "http://evil.test/"}, False),
    ],
)
def test_who_opens_a_page_may_be_told_the_name(change: dict[str, Any], visit: bool) -> None:
    said = {"method": "GET", "target": "/", "host": PLAIN, "sec-fetch-dest": "document"} | change
    method, target = said.pop("method"), said.pop("target")
    headers = tuple((k, v) for k, v in said.items() if v is not None)
    with socket.socket() as unused:
        assert ACCESS.is_visit(Request(method, target, headers, unused)) == visit


def test_each_server_has_a_name_that_nobody_guesses() -> None:
    names = {Access(1).name for _ in range(100)}
    assert len(names) == 100
    assert all(re.fullmatch(r"live-[0-9a-f]{24}\.localhost", name) for name in names)
