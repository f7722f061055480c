"""A built page as a reader without scripts sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from proven.browser import chromium
from proven.project import Project
from proven.testing import build


@contextmanager
def still(project: Project) -> Iterator[Page]:
    """The home page of the project's site, in a browser that runs no script."""
    folder, said = build(project)
    assert said == []
    with chromium() as browser:
        page = browser.new_page(java_script_enabled=False)
        page.goto((folder / "index.html").as_uri())
        yield page
