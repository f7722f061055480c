from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from proven.browser import chromium
from tests.live import other
from tests.live.site import Site, until

expect.set_options(timeout=120_000)  # a loaded machine; each wait ends as soon as it can


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site")).wait()
    yield site
    if site.process.poll() is None:
        site.end(signal.SIGINT)
    # Whatever its tests did to it: a guard that one of them has killed, too.
    until(lambda: not site.left(), 40, lambda: "\n".join(site.left()))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--host-resolver-rules=MAP *.test 127.0.0.1") as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(color_scheme="null", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(180_000)
    yield page
    context.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    """A site of its own, for a test that ends it."""
    site = Site(tmp_path).wait()
    yield site
    if site.process.poll() is None:
        site.end(signal.SIGKILL)


@pytest.fixture(scope="package")
def evil() -> Iterator[int]:
    """The port of another server on this machine, whose pages are not ours."""
    server = other.server()
    yield server.server_address[1]
    server.shutdown()
