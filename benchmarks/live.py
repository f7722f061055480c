"""Time a click on *Run live* against plain `marimo edit` of the same file, side by side.

    uv run python -m benchmarks.live [ROUNDS]

Both ways are taken in turn in one run, by one browser, so a loaded machine slows
both. *Cold*: nothing runs before. *Warm*: the server runs, the notebook is new.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
from playwright.sync_api import Browser, Page

from proven.browser import chromium
from proven.live.session import CONFIG
from proven.run.process import Process, clean_env, free_port
from tests.here import find
from tests.live.page import Card
from tests.live.site import Site, until

NOTEBOOK = find("template.py")
CELLS, WIDGETS = "cells visible", "widgets live"
LIMIT = 300_000  # milliseconds
Times = dict[str, float]


class Plain:
    """`marimo edit` on a folder, as a reader would start it; cells run on opening."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "notebooks"
        self.folder.mkdir(parents=True)
        (self.folder / "pyproject.toml").write_text(CONFIG)
        self.port = free_port()
        env = clean_env() | {"XDG_CONFIG_HOME": str(folder), "PREFECT_HOME": str(folder / "p")}
        command = [sys.executable, "-m", "marimo", "-y", "-q", "edit", ".", "--headless"]
        command += ["--port", str(self.port), "--no-token", "--no-sandbox", "--skip-update-check"]
        self.process = Process(command, self.folder, env, folder / "log")

    def open(self, page: Page, name: str) -> Times:
        """Open a new copy of the notebook; when its cells and its widgets are there."""
        start = time.monotonic()
        shutil.copy(NOTEBOOK.path, self.folder / name)
        until(self.answers, 300)
        page.goto(f"http://127.0.0.1:{self.port}/?file={name}&show-chrome=false")
        page.locator("[data-cell-id]").first.wait_for()
        cells = time.monotonic() - start
        page.get_by_role("button", name="Test pipeline").wait_for()
        return {CELLS: cells, WIDGETS: time.monotonic() - start}

    def answers(self) -> bool:
        """Whether the server runs."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health", timeout=1).is_success
        except httpx.HTTPError:
            return False


def click(card: Card) -> Times:
    """Press *Run live*; when the cells and when the widgets are there."""
    start = time.monotonic()
    card.run_live.click()
    card.frame.wait_for()
    cells = time.monotonic() - start
    card.pipeline.wait_for()
    return {CELLS: cells, WIDGETS: time.monotonic() - start}


@contextmanager
def tab(browser: Browser) -> Iterator[Page]:
    """A page with an empty cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(LIMIT)
    try:
        yield page
    finally:
        context.close()


def one_round(browser: Browser, folder: Path) -> dict[str, Times]:
    """Both ways, cold and warm; each begins with an empty browser cache."""
    times: dict[str, Times] = {}
    with tab(browser) as page:
        start = time.monotonic()
        plain = Plain(folder / "plain")
        begun = time.monotonic() - start
        times["plain, cold"] = {k: v + begun for k, v in plain.open(page, "a.py").items()}
        time.sleep(5)
        times["plain, warm"] = plain.open(page, "b.py")
        plain.process.stop()
    site = Site(folder / "site", limits="{notebooks: 8}").wait()
    try:
        with tab(browser) as page:
            page.goto(f"{site.url}/six/")
            card = Card(page)
            card.run_live.wait_for()
            times["live, cold"] = click(card)
            until(lambda: site.left() and _prefect_is_up(site), 300)
            time.sleep(10)  # the spare is ready, the machine calm
            times["live, warm"] = click(Card(page, 1))
            time.sleep(10)
            card.stop.click()
            page.get_by_text("Stopped:").first.wait_for()
            times["live, warm, again"] = click(card)
    finally:
        site.end(signal.SIGTERM)  # SIGINT may be ignored in the background
    return times


def six(browser: Browser, folder: Path) -> None:
    """Six at once on one page: the time until all are live, and their memory."""
    site = Site(folder / "six", limits="{notebooks: 8}").wait()
    try:
        with tab(browser) as page:
            page.goto(f"{site.url}/six/")
            cards = [Card(page, i) for i in range(6)]
            cards[5].run_live.wait_for()
            start = time.monotonic()
            for card in cards:
                card.run_live.click()
            for card in cards:
                card.pipeline.wait_for()
            print(f"\nsix at once, from nothing: {time.monotonic() - start:.1f} s")
            until(lambda: _prefect_is_up(site), 300)
            memory(site)
    finally:
        site.end(signal.SIGTERM)  # SIGINT may be ignored in the background


def memory(site: Site) -> None:
    """Say what each kind of process takes (unique memory, so that the sum is one)."""
    kinds: dict[str, list[int]] = {}
    for process in [psutil.Process(site.process.pid), *site.family()]:
        words = " ".join(process.cmdline())
        kind = next((k for k, sign in _SIGNS.items() if sign in words), "other")
        kinds.setdefault(kind, []).append(process.memory_full_info().uss >> 20)
    for kind, sizes in sorted(kinds.items()):
        print(f"{kind}: {len(sizes)} × {statistics.mean(sizes):.0f} MB = {sum(sizes)} MB")
    print(f"all: {sum(map(sum, kinds.values()))} MB")


_SIGNS = {
    "guard": "guard.py",
    "kernel": "multiprocessing.spawn",
    "resource tracker": "multiprocessing.resource_tracker",
    "marimo server": "-m marimo",
    "Prefect server": "prefect server",
    "mkdocs": "-m mkdocs",
}


def _prefect_is_up(site: Site) -> bool:
    try:
        return site.api.get("/health", timeout=2).is_success
    except httpx.HTTPError:
        return False


def main(rounds: int) -> None:
    """Run the rounds and print the medians."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {rounds} rounds, medians")
    found: list[dict[str, Times]] = []
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        for n in range(rounds):
            found.append(one_round(browser, Path(name) / str(n)))
        medians = {
            way: {what: statistics.median(r[way][what] for r in found) for what in (CELLS, WIDGETS)}
            for way in found[0]
        }
        print(f"\n{'':20}{CELLS:>15}{WIDGETS:>15}")
        for way, times in medians.items():
            print(f"{way:20}{times[CELLS]:13.1f} s{times[WIDGETS]:13.1f} s")
        for heat in ("cold", "warm"):
            ratio = [
                medians[f"live, {heat}"][what] / medians[f"plain, {heat}"][what]
                for what in (CELLS, WIDGETS)
            ]
            print(f"live ÷ plain, {heat}:".ljust(20) + "".join(f"{r:15.2f}" for r in ratio))
        six(browser, Path(name))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
