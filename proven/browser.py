"""The browser that saves notebooks and drives pages: the machine's own, or fetch one."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from proven.errors import ProvenError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
MISSING = (
    "no browser: install Chromium or Google Chrome, or run `uv run playwright install chromium`"
)


@contextmanager
def chromium(*switches: str) -> Iterator[Browser]:
    """A headless Chromium that asks nobody for anything by itself.

    Raises:
        ProvenError: there is none, and none could be installed.
    """
    path = executable()
    # Chromium's own sandbox refuses to run as root.
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    args = ["--disable-background-networking", *root, *switches]
    with _driver() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=args)
        try:
            yield browser
        finally:
            browser.close()


@cache
def executable() -> str:
    """The path of an installed Chromium or Chrome; else one is fetched, where that is possible.

    Playwright's own download comes first; where that is refused and we are root on
    Debian, the package.

    Raises:
        ProvenError: there is none, and none could be installed. Never a silent skip.
    """
    if found := _installed():
        return found
    # Several processes may find out at once that there is none: one installs, the others wait.
    with (Path(tempfile.gettempdir()) / f"proven-browser-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _installed() or _install()


def _install() -> str:
    commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands += [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]
    for command in commands:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if found := _installed():
            return found
    raise ProvenError(MISSING)


def _installed() -> str | None:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None and sys.platform == "darwin" and Path(_MAC).exists():
        found = _MAC
    return found or _downloaded()


def _downloaded() -> str | None:
    """Playwright's own Chromium, if it was fetched before."""
    with _driver() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


class _Shared(threading.local):
    """A thread can have one driver of Playwright's: all its browsers share it."""

    driver: Playwright | None = None
    users = 0


_shared = _Shared()


@contextmanager
def _driver() -> Iterator[Playwright]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise ProvenError("a browser is driven by playwright: run `uv sync`") from None
    driver = _shared.driver = _shared.driver or sync_playwright().start()
    _shared.users += 1
    try:
        yield driver
    finally:
        _shared.users -= 1
        if not _shared.users:
            driver.stop()
            _shared.driver = None
