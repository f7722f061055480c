"""Wrong beside right: one side may be live, which is tall, and the other one stays."""

from urllib.parse import urljoin

import pytest

from proven.browser import chromium
from tests.site.look import WIDE

pytestmark = pytest.mark.slow

# As `live.js` does: the recorded view and the code are hidden, a notebook stands in their place.
_OPEN = """card => {
  for (const part of card.querySelectorAll(".snippet-recorded, .snippet-code")) part.hidden = true
  card.append(Object.assign(document.createElement("div"), { style: "height: 1500px" }))
}"""
_TOPS = """card => ['.snippet-bar', '.snippet-code', '.outcomes']
  .map(part => Math.round(card.querySelector(part).getBoundingClientRect().top))"""


def test_the_right_side_stays_when_the_wrong_one_is_live(address: str) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
        page.goto(urljoin(address, "antipatterns/decorator-order/"))
        right = page.locator(".snippet--right").first
        before = right.evaluate(_TOPS)
        page.locator(".snippet--wrong").first.evaluate(_OPEN)
        assert right.evaluate(_TOPS) == before
