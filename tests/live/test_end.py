"""However the site server ends, nothing of it is left; what stands in the way is said."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.here import ROOT
from tests.live.page import Card
from tests.live.site import Site, until

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL],
    ids=lambda n: n.name,
)
def test_nothing_is_left(fresh: Site, page: Page, number: signal.Signals) -> None:
    page.goto(fresh.url)
    card = Card(page).open()
    card.pipeline.click()
    card.result().wait_for()  # so Prefect runs too
    assert len(fresh.left()) > 5
    fresh.end(number)
    until(lambda: not fresh.left(), 40, lambda: "\n".join(fresh.left()))


def test_a_signal_that_comes_twice(fresh: Site) -> None:
    """`uv run` passes a signal on that a terminal or a supervisor sent to both."""
    for _ in range(400):
        fresh.process.send_signal(signal.SIGTERM)
        time.sleep(0.0005)
    assert fresh.process.wait(60) is not None
    assert fresh.left() == []


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.5, 2, 6])
def test_it_is_killed_while_a_notebook_starts(fresh: Site, delay: float) -> None:
    """Folder, processes, kernel, Prefect: killed in between, nothing stays."""
    url, started = f"{fresh.plain}/__live__/open", {"snippet": "template.py", "view": "edit"}
    sent = httpx.Request("POST", url, json=started, headers=fresh.headers)
    with ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(httpx.Client(timeout=60).send, sent)
        if delay:
            until(fresh.left, 30)
        time.sleep(delay)
        fresh.end(signal.SIGKILL)
        pressed.exception()
    until(lambda: not fresh.left(), 40, lambda: "\n".join(fresh.left()))


def test_it_ends_while_a_notebook_starts(fresh: Site, page: Page) -> None:
    page.goto(fresh.url)
    Card(page).run_live.click()
    until(fresh.left, 30)
    fresh.end(signal.SIGTERM)
    until(lambda: not fresh.left(), 40, lambda: "\n".join(fresh.left()))


def test_a_second_site_on_the_same_port_says_so(fresh: Site) -> None:
    again = fresh.serve()
    assert again.wait(60) != 0
    assert "Address already in use" in fresh.log.read_text()
    assert fresh.answers()
    assert fresh.left() == []


def test_limits_are_said_and_idle_notebooks_end(tmp_path: Path, page: Page) -> None:
    site = Site(tmp_path, limits="{notebooks: 1, unseen: 20}").wait()
    try:
        page.goto(f"{site.url}/six/")
        first, second = Card(page, 0).open(), Card(page, 1)
        second.run_live.click()
        expect(second.said).to_contain_text("1 notebooks are live already: stop one first")
        expect(second.recorded).to_be_visible()
        page.goto(f"{site.url}/other/")
        until(lambda: "ended template.py: no page shows it" in site.log.read_text(), 120)
        page.goto(f"{site.url}/six/")
        first.pipeline.wait_for()  # it comes back as it was left: open, in a new kernel
    finally:
        site.end()


def test_an_unknown_limit_is_refused(tmp_path: Path) -> None:
    site = Site(tmp_path, limits="{kernels: 1}")
    assert site.process.wait(60) != 0
    assert "extra.live of mkdocs.yml" in site.log.read_text()


def test_the_build_knows_nothing_of_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.end(signal.SIGKILL)
    out = tmp_path / "out"
    command = [sys.executable, "-X", "importtime", "-m", "mkdocs", "build", "-d", str(out)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "proven.live" not in done.stderr
    files = [p for p in out.rglob("*") if p.is_file()]
    assert (out / "index.html") in files
    assert not any(b"__live__" in p.read_bytes() for p in files)


def test_serving_imports_neither_marimo_nor_prefect() -> None:
    """They take seconds, and a page needs neither."""
    code = "import sys, proven.live.serve; print({'marimo', 'prefect'} & set(sys.modules))"
    said = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    assert said.strip() == "set()"
