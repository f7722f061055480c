"""Find the browser that saves notebooks and drives pages: the machine's own, or fetch one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from proven.errors import ProvenError

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
MISSING = (
    "no browser: install Chromium or Google Chrome, or run `uv run playwright install chromium`"
)


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
    commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands += [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]
    for command in commands:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if found := _installed():
            return found
    raise ProvenError(MISSING)


def options() -> list[str]:
    """Switches for a browser that asks nobody for anything by itself."""
    # Chromium's own sandbox refuses to run as root.
    return ["--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def _installed() -> str | None:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None and sys.platform == "darwin" and Path(_MAC).exists():
        found = _MAC
    return found or _downloaded()


def _downloaded() -> str | None:
    """Playwright's own Chromium, if it was fetched before."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise ProvenError("a browser is driven by playwright: run `uv sync`") from None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None
