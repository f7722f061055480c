"""The browser that tests drive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from proven import browser


@contextmanager
def chromium(*args: str) -> Iterator[Browser]:
    """A Chromium that asks nobody for anything by itself."""
    path = browser.executable()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[*browser.options(), *args])
        try:
            yield opened
        finally:
            opened.close()
