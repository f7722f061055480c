"""The origin that may start kernels is ours alone: no frame, script or worker of another."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tests.live import other
from tests.live.site import Site, until
from tests.live.test_safe import ATTACKS

pytestmark = pytest.mark.slow

FRAME = """url => new Promise(yes => {
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: url, onload: yes });
  document.body.append(frame);
})"""
SCRIPT = """url => new Promise(yes => {
  const script = document.createElement("script");
  Object.assign(script, { src: url, onload: () => yes("ran"), onerror: () => yes("refused") });
  document.head.append(script);
})"""
WORKER = "navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)"


def test_the_plain_address_leads_a_reader_to_the_own_one(site: Site, page: Page) -> None:
    page.goto(f"{site.plain}/other/?x=1")
    assert page.url == f"{site.url}/other/?x=1"


def test_no_page_of_ours_is_shown_in_a_foreign_page(page: Page, site: Site, evil: int) -> None:
    """Else one click, on a button that the reader does not see, starts a kernel."""
    foreign = f"http://127.0.0.1:{evil}/"
    for address, shown in ((foreign, True), (f"{site.url}/", False), (f"{site.plain}/", False)):
        page.goto(foreign)
        page.evaluate(FRAME, address)
        assert (page.frames[1].url == address) == shown, page.frames[1].url


def test_no_script_of_another_host_is_taken(page: Page, site: Site, evil: int) -> None:
    """A script in our pages may start kernels, whoever's it is."""
    foreign = f"http://127.0.0.1:{evil}/script.js"
    page.goto(f"http://localhost:{evil}/")
    assert page.evaluate(SCRIPT, foreign) == "ran"
    page.goto(site.url)
    assert page.evaluate(SCRIPT, foreign) == "refused"


def test_what_an_earlier_program_left_in_the_browser_has_no_power(
    page: Page, tmp_path: Path
) -> None:
    """Its worker answers at our plain address; there it can do nothing, and a reader
    who opens the page once more, as a browser asks for the script anew, is rid of it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    earlier = other.server(port)
    page.goto(f"http://127.0.0.1:{port}/")
    page.evaluate(WORKER)
    page.goto(f"http://127.0.0.1:{port}/")
    assert page.title() == "left", "the worker does not answer: the test can't fail"
    earlier.shutdown()
    earlier.server_close()
    site = Site(tmp_path, port=port).wait()
    try:
        page.goto(f"{site.plain}/other/", wait_until="commit")
        for origin in (site.plain, site.url):
            if page.url.startswith(site.plain):
                attack = {"site": origin, "name": "127.0.0.1", "ports": [], "bench": "x"}
                attack |= {"kernel": "/__live__/k/x/edit/", "base": "/__live__/k/x/edit"}
                got = page.evaluate(ATTACKS, attack)
                assert set(got.values()) == {"refused"}, got
        until(lambda: _opened(page, f"{site.plain}/other/").startswith(site.url), 60, page.title)
        page.goto(f"{site.plain}/other/")
        expect(page.get_by_text("Nothing live here")).to_be_visible()
        assert page.url == f"{site.url}/other/"
        assert site.left() == []
    finally:
        site.end()


def _opened(page: Page, address: str) -> str:
    """Where the reader is, a while after opening the address: the script is asked for by then."""
    with contextlib.suppress(Error):  # led elsewhere while it opens
        page.goto(address, wait_until="commit")
    page.wait_for_timeout(3_000)
    return page.url
