"""It feels like a part of the page: width, height, colours, tabs, navigation, six at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.live.page import Card
from tests.live.site import Site, until

pytestmark = pytest.mark.slow


def test_width_and_height_follow_the_page_and_the_content(site: Site, page: Page) -> None:
    page.goto(site.url)
    card = Card(page).open()

    def boxes() -> tuple[float, float, float]:
        frame, outer = card.frame.bounding_box(), card.card.bounding_box()
        assert frame and outer
        return frame["width"], outer["width"], frame["height"]

    inner, outer, _ = boxes()
    assert abs(inner - outer) <= 4

    def whole() -> bool:
        """The last cell ends above the frame's end, and the frame does not scroll."""
        last = card.notebook.locator("[data-cell-id]").last.evaluate(
            "e => e.getBoundingClientRect().bottom"
        )
        inside = card.notebook.locator("#App").evaluate(
            "e => e.ownerDocument.defaultView.innerHeight"
        )
        return bool(inside - 120 <= last <= inside)

    until(whole, 30)
    height = boxes()[2]
    card.pipeline.click()
    card.result().wait_for()
    until(lambda: boxes()[2] > height + 20, 30)  # the console's lines are there now
    page.set_viewport_size({"width": 420, "height": 800})
    until(lambda: boxes()[0] <= 420 and abs(boxes()[0] - boxes()[1]) <= 4, 30)
    until(whole, 30)
    card.stop.click()


def test_the_palette_switch_reaches_the_notebook(site: Site, page: Page) -> None:
    page.goto(site.url)
    card = Card(page).open()

    def dark() -> bool:
        return bool(card.notebook.locator("body").evaluate("e => e.classList.contains('dark')"))

    def same_ground() -> bool:
        site_ = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
        mine = card.notebook.locator("#App").evaluate("e => getComputedStyle(e).backgroundColor")
        return bool(site_ == mine)

    assert not dark()
    until(same_ground, 30)
    page.locator("label[for=__palette_1]").click()
    until(dark, 30)
    until(same_ground, 30)
    page.locator("label[for=__palette_0]").click()
    until(lambda: not dark(), 30)
    card.stop.click()


def test_in_a_note_and_in_a_tab(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/places/")
    note, tab = Card(page, 0), Card(page, 1)
    note.open()
    page.get_by_text("Second", exact=True).first.click()
    tab.open()
    page.get_by_text("First", exact=True).first.click()
    expect(tab.frame).to_be_hidden()
    page.get_by_text("Second", exact=True).first.click()
    expect(tab.pipeline).to_be_visible()
    box = tab.frame.bounding_box()
    assert box and box["height"] > 500
    note.stop.click()
    tab.stop.click()
    expect(tab.said).to_contain_text("Stopped")


def test_away_and_back_and_after_a_live_reload(site: Site, page: Page) -> None:
    page.goto(site.url)
    card = Card(page).open()
    page.evaluate("window.sameDocument = true")
    field = card.notebook.get_by_label("Destination path")
    field.fill("kept/out.parquet")
    field.press("Tab")
    card.pipeline.click()
    card.result().wait_for()

    page.get_by_role("link", name="Other").first.click()
    expect(page.get_by_text("Nothing live here")).to_be_visible()
    page.get_by_role("link", name="Home").first.click()
    expect(card.result()).to_be_visible()  # the same kernel: it did not run again
    assert page.evaluate("window.sameDocument"), "the navigation was not an instant one"

    other = site.folder / "docs" / "other.md"
    with page.expect_navigation(timeout=60_000):
        other.write_text(other.read_text() + "\nMore.\n")
    assert not page.evaluate("window.sameDocument === true")
    expect(card.result()).to_be_visible()
    expect(card.notebook.get_by_text("Loaded 2 rows to kept/out.parquet")).to_be_visible()
    card.stop.click()
    expect(card.said).to_contain_text("Stopped")


def test_six_at_once_each_in_a_folder_of_its_own(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/six/")
    cards = [Card(page, i) for i in range(6)]
    for card in cards:
        card.run_live.click()
    for card in cards:
        card.pipeline.wait_for()
    cards[0].pipeline.click()
    cards[0].result().wait_for()
    cards[1].choose("as an app")
    expect(cards[1].notebook.get_by_text("No output yet")).to_be_visible()
    for card in cards:
        card.stop.click()
    for card in cards:
        expect(card.said).to_contain_text("Stopped")
