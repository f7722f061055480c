"""What a reader does with a live notebook on a page."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Locator, Page


class Card:
    """The n-th card of a page."""

    def __init__(self, page: Page, index: int = 0) -> None:
        self.page = page
        self.card = page.locator(".snippet").nth(index)

    def button(self, name: str) -> Locator:
        return self.card.locator(".snippet-actions").get_by_role("button", name=name)

    def choose(self, name: str) -> None:
        """Press what stands in the menu."""
        self.card.locator(".pop--menu > summary").click()
        self.button(name).click()

    @property
    def run_live(self) -> Locator:
        """Starts the editor; while a notebook is open, the same control is `stop`."""
        return self.button("Run live, in the editor").and_(self.card.locator(".btn--first"))

    @property
    def stop(self) -> Locator:
        return self.button("Stop")

    @property
    def frame(self) -> Locator:
        return self.card.locator("iframe.live-frame:not(.live-loading)")

    @property
    def notebook(self) -> FrameLocator:
        return self.card.frame_locator("iframe.live-frame:not(.live-loading)")

    @property
    def pipeline(self) -> Locator:
        """The notebook's own run button; there once its cell ran."""
        return self.notebook.get_by_role("button", name="Test pipeline")

    @property
    def recorded(self) -> Locator:
        return self.card.locator(".snippet-recorded")

    @property
    def said(self) -> Locator:
        return self.card.locator(".snippet-said")

    def open(self) -> Card:
        """Run live in the editor, and wait for the widgets."""
        self.run_live.click()
        self.pipeline.wait_for()
        return self

    def result(self, rows: int = 2) -> Locator:
        return self.notebook.get_by_text(re.compile(rf"^{{'rows': {rows}}}$"))
