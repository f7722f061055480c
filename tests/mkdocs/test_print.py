"""A page on paper is whole: each fold and each run stands open, only controls are left out."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from proven.browser import chromium
from proven.testing import served

pytestmark = pytest.mark.slow

PAGES = ("", "template/", "stacking/retries/", "antipatterns/decorator-order/", "claims/")
# What is pressed, what links to itself, and what a line beside it says as well.
CONTROLS = (
    ".headerlink, .claim-link, .rule, .page-text, .modes-bar, .acts, .filters, .run-harm, "
    ".one-modes, .one-did, .snippet-actions, script, style, template, svg"
)
_HIDDEN = """controls => [...document.querySelectorAll('article *')].filter(e =>
  [...e.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
  && !e.closest(controls)
  && !e.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })
).map(e => e.textContent.trim().slice(0, 60))"""


def hidden(page: Page) -> list[str]:
    """Texts of the page that its paper does not have."""
    page.emulate_media(media="print")
    found: list[str] = page.evaluate(_HIDDEN, CONTROLS)
    return found


def test_nothing_but_controls_is_left_out(site: Path) -> None:
    with served(site) as address, chromium() as browser:
        page = browser.new_page()
        for name in PAGES:
            page.goto(f"{address}{name}")
            assert hidden(page) == [], name
        # On the screen a fold hides what is in it, and a text that is hidden for good is found.
        page.emulate_media(media="screen")
        page.goto(f"{address}stacking/retries/")
        assert page.evaluate(_HIDDEN, CONTROLS) != []
        page.add_style_tag(content="article h1 { display: none }")
        assert hidden(page) != []
