"""What somebody types on the day after the deployment is answered by one of the first three."""

from collections.abc import Iterator
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page

from proven.browser import chromium

pytestmark = pytest.mark.slow

WANTS = {
    "backfill": "operate/backfill",
    "told on failure": "operate/told",
    "cancel": "operate/cancel",
    "one at a time": "operate/one-at-a-time",
    "library's log": "operate/library-log",
    "another machine": "operate/machine",
    "read a failed run": "operate/failed",
    "retry a failed run": "operate/failed",
    "stop a running flow": "operate/cancel",
    "run for last week's dates": "operate/backfill",
    "send a message when it fails": "operate/told",
    "exceeded watch timeout": "project/errors",
}
FOUND = ".md-search-result__item"
FIRST_THREE = "all => all.slice(0, 3).map(one => one.querySelector('a').pathname)"


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(base_url=address)


def search(page: Page, words: str) -> list[str]:
    """The addresses of the first three answers."""
    page.goto(f"/?q={quote_plus(words)}")
    page.wait_for_selector(FOUND, state="attached", timeout=60_000)
    page.wait_for_timeout(300)  # the list is filled as it is shown
    found: list[str] = page.eval_on_selector_all(FOUND, FIRST_THREE)
    return found


@pytest.mark.parametrize("words", WANTS)
def test_a_want_is_among_the_first_three(page: Page, words: str) -> None:
    assert any(WANTS[words] in address for address in search(page, words))


def test_another_page_is_not(page: Page) -> None:
    assert not any("reactivity" in address for address in search(page, "backfill"))
