"""However the site server ends, nothing of it is left; what stands in the way is said."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from proven.live.room import Limits, Room
from proven.run.process import free_port
from tests.live.page import Card
from tests.live.site import Site, until


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


def test_a_port_that_was_taken_meanwhile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """marimo is started on another one; its token never goes to whoever has the first."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        ports = iter([taken, free_port()])
        monkeypatch.setattr("proven.live.server.free_port", lambda: next(ports))
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        room = Room("http://127.0.0.1:1", Limits())
        try:
            bench, _ = room.open("template.py", "edit")
            assert bench.servers["edit"].port() != taken
        finally:
            room.close()


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
    """The same pages, byte for byte, with the hook and without."""
    site = Site(tmp_path)
    site.end(signal.SIGKILL)
    pages = []
    for hooks in (True, False):
        config = tmp_path / "mkdocs.yml"
        if not hooks:
            lines = config.read_text().splitlines()
            config.write_text("\n".join(x for x in lines if not x.startswith("hooks:")))
        out = tmp_path / f"out-{hooks}"
        command = [sys.executable, "-X", "importtime", "-m", "mkdocs", "build", "-d", str(out)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert "proven.live.serve" not in done.stderr
        assert "proven.live.room" not in done.stderr
        # The site map's archive holds the time.
        files = [p for p in out.rglob("*") if p.is_file() and p.suffix != ".gz"]
        pages.append({p.relative_to(out): p.read_bytes() for p in files})
    assert pages[0] == pages[1]
    assert not any(b"__live__" in data for data in pages[0].values())
