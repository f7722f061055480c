"""What a reader sees and does: a click, a widget, a flow, its page in Prefect, and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.live.page import Card
from tests.live.site import Site, until

pytestmark = pytest.mark.slow


def test_a_click_brings_the_notebook_and_its_flow(site: Site, page: Page) -> None:
    errors: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto(site.url)
    card = Card(page).open()
    expect(card.recorded).to_be_hidden()
    card.pipeline.click()
    card.result().wait_for()
    link = card.card.locator(".live-run-link:not([hidden])")
    link.wait_for(state="attached")
    assert not errors
    card.card.locator(".pop--menu > summary").click()

    with page.context.expect_page() as opened:
        link.click()
    prefect = opened.value
    expect(prefect.get_by_text("Completed").first).to_be_visible(timeout=90_000)
    assert prefect.url.startswith(f"{site.url}/__prefect__/")
    card.stop.click()
    expect(card.said).to_contain_text("Stopped")


def test_a_widget_moves_the_notebook(site: Site, page: Page) -> None:
    page.goto(site.url)
    card = Card(page).open()
    field = card.notebook.get_by_label("Destination path")
    field.fill("elsewhere/out.parquet")
    field.press("Tab")
    card.pipeline.click()
    card.result().wait_for()
    expect(card.notebook.get_by_text("Loaded 2 rows to elsewhere/out.parquet")).to_be_visible()
    link = card.notebook.get_by_text(re.compile("View at http://")).first
    expect(link).to_contain_text(f"{site.url}/__prefect__/runs/flow-run/")
    card.stop.click()


def test_the_app_reads_what_the_editor_wrote_and_reset_forgets_it(site: Site, page: Page) -> None:
    page.goto(site.url)
    card = Card(page)
    card.choose("as an app")
    expect(card.notebook.get_by_text("No output yet")).to_be_visible()
    card.choose("in the editor")
    card.pipeline.click()
    card.result().wait_for()
    card.choose("as an app")
    expect(card.notebook.get_by_text("2 rows in data/output.parquet")).to_be_visible()
    card.choose("Start anew")
    expect(card.notebook.get_by_text("No output yet")).to_be_visible()
    card.stop.click()
    expect(card.recorded).to_be_visible()


def test_stop_leaves_no_run_running(site: Site, page: Page) -> None:
    page.goto(site.url)
    card = Card(page).open()
    source = card.notebook.get_by_label("Source path")
    source.fill("missing.parquet")
    source.press("Tab")
    before = {run["id"] for run in site.runs()}
    card.pipeline.click()

    def mine() -> list[str]:
        return [run["state_type"] for run in site.runs() if run["id"] not in before]

    until(lambda: mine() == ["RUNNING"], 60)  # it waits for its second try
    card.stop.click()
    expect(card.said).to_contain_text("Stopped")
    assert mine() == ["CRASHED"]


def test_nothing_starts_before_the_click(fresh: Site, page: Page) -> None:
    page.goto(fresh.url)
    Card(page).run_live.wait_for()
    page.goto(f"{fresh.url}/six/")
    Card(page, 5).run_live.wait_for()
    assert fresh.left() == []
    Card(page).open().stop.click()
    assert fresh.left() != []


def test_keys_reach_it_and_the_focus_stays(site: Site, page: Page) -> None:
    page.goto(site.url)
    card = Card(page)
    card.run_live.focus()
    page.keyboard.press("Enter")
    card.pipeline.wait_for()
    expect(card.stop).to_be_focused()
    for _ in range(2):  # Copy, More
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(card.button("Start anew")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card.button("Start anew")).to_be_hidden()
    card.stop.focus()
    page.keyboard.press("Enter")
    expect(card.said).to_contain_text("Stopped")
    expect(card.run_live).to_be_focused()


def test_a_frame_says_what_it_is_and_may_little(site: Site, page: Page) -> None:
    page.goto(site.url)
    card = Card(page).open()
    assert card.frame.get_attribute("title") == "Live marimo notebook template.py, editor"
    assert "camera 'none'" in (card.frame.get_attribute("allow") or "")
    assert "allow-top-navigation" not in (card.frame.get_attribute("sandbox") or "")
    card.stop.click()


def test_a_notebook_that_is_gone_says_so(site: Site, page: Page) -> None:
    page.goto(site.url)
    card = Card(page).open()
    for process in site.family():
        if any("/edit" in word for word in process.cmdline()) and "guard.py" in str(
            process.cmdline()
        ):
            process.kill()
    expect(card.said).to_contain_text("has ended", timeout=30_000)
    expect(card.recorded).to_be_visible()
