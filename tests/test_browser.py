"""No browser is one clear error, never a silent skip."""

import subprocess

import pytest

from proven import browser
from proven.errors import ProvenError


def test_no_browser_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(browser, "_installed", lambda: None)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.append(command))
    browser.executable.cache_clear()
    with pytest.raises(ProvenError, match="install Chromium or Google Chrome"):
        browser.executable()
    browser.executable.cache_clear()
    assert asked[0][-2:] == ["install", "chromium"]


def test_two_browsers_in_one_thread() -> None:
    """One for a fixture that stays, one for a save: neither ends the other."""
    with browser.chromium() as first:
        with browser.chromium() as second:
            assert second.new_page().evaluate("1 + 1") == 2
        assert first.new_page().evaluate("1 + 1") == 2
    with browser.chromium() as third:
        assert third.is_connected()
