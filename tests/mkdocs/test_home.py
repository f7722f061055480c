"""The figure of the home page in a browser: one mode at a time, without a script, all on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from proven.browser import chromium
from proven.testing import build, record, served, tiny
from tests.mkdocs.still import still

pytestmark = pytest.mark.slow

SAYS = "  script: A shell.\n  import: A loader.\n  test: pytest.\n"
PAGE = f"# T\n\n``` one-file a.py\nsays:\n{SAYS}```\n"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """The built page, in a browser that runs no script."""
    project = tiny(tmp_path, {"docs/index.md": PAGE})
    record(project, "a.py::import", found={"double": "task", "half": "function", "show": "Cell"})
    record(project, "a.py::test", console=["a.py::half PASSED"])
    with still(project) as page:
        yield page


def seen(page: Page) -> list[str]:
    """The sentences and words that are to be seen."""
    found = page.locator(".one-says, .one-did").all()
    return [one.inner_text().strip() for one in found if one.is_visible()]


def test_the_arrow_keys_change_the_mode(page: Page) -> None:
    assert seen(page) == ["A shell."]
    page.locator(".one-mode input").first.focus()
    page.keyboard.press("ArrowRight")
    assert seen(page) == ["task", "function", "A loader."]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert seen(page) == ["passed", "pytest."]


def test_a_press_changes_the_mode(page: Page) -> None:
    page.locator(".one-mode", has_text="import").click()
    assert "A loader." in seen(page) and "A shell." not in seen(page)


def test_on_paper_every_mode_is_there(page: Page) -> None:
    page.emulate_media(media="print")
    assert {"A shell.", "A loader.", "pytest."} <= set(seen(page))
    assert not page.locator(".one-modes").is_visible()


def test_the_letters_are_the_site_s_own(tmp_path: Path) -> None:
    """A browser that has neither font has both with the sheet, before there is a text to move."""
    folder, _ = build(tiny(tmp_path))
    loaded = """() => document.fonts.ready.then(fonts =>
      [...fonts].filter(font => font.status === 'loaded').map(font => font.family))"""
    with served(folder) as address, chromium() as browser:
        page, asked = browser.new_page(), list[str]()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        # What stands in until then is the system's: it is not always needed.
        ours = {name.strip('"') for name in page.evaluate(loaded)} - {"Inter stand-in"}
        assert ours == {"Inter", "JetBrains Mono"}
        assert all(url.startswith((address, "data:")) for url in asked)
        assert not [url for url in asked if "/fonts/" in url]
