"""A page is taken in at a glance: it is not long, and a figure shows what its run gave."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from proven.browser import chromium
from tests.site.look import WIDE
from tests.site.test_markup import pages

pytestmark = pytest.mark.slow

MOST = 4500
"""Pixels at 1440 × 900 with all folds closed: five screens."""
_EMPTY = """() => [...document.querySelectorAll('.runs')].filter(runs =>
  runs.checkVisibility({ contentVisibilityAuto: true })
  && ![...runs.querySelectorAll(':scope > .panel')].some(panel => panel.offsetHeight > 20)
).map(runs => runs.querySelector('.run').dataset.run)"""
_LATE = """() => {
  const figure = document.querySelector('.snippet-pair, .snippet')
  const seen = figure.querySelector('.outcome > summary, .runs')
  return seen.getBoundingClientRect().top > innerHeight - 100
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(viewport=WIDE, reduced_motion="reduce")  # type: ignore[arg-type]


def place(site: Path, path: Path) -> str:
    return path.parent.relative_to(site).as_posix().removeprefix(".")


def test_no_page_is_long_and_no_figure_is_empty(page: Page, site: Path, address: str) -> None:
    wrong = []
    for path in (path for path in pages(site) if path.name == "index.html"):
        page.goto(f"{address}{place(site, path)}")
        height = page.evaluate("document.documentElement.scrollHeight")
        wrong += [f"{place(site, path)}: {height} px"] if height > MOST else []
        wrong += [f"{place(site, path)}: {run} shows nothing" for run in page.evaluate(_EMPTY)]
    assert wrong == []


@pytest.mark.parametrize("section", ["stacking", "antipatterns"])
def test_what_came_of_it_is_in_the_first_screen(
    page: Page, site: Path, address: str, section: str
) -> None:
    late = []
    for path in sorted((site / section).glob("*/index.html")):
        # Its outcomes are a table, which stands first.
        if path.parent.name != "unseen":
            page.goto(f"{address}{place(site, path)}")
            late += [path.parent.name] if page.evaluate(_LATE) else []
    assert late == []


def test_a_long_page_an_empty_figure_and_a_late_outcome_are_seen(page: Page, address: str) -> None:
    page.goto(f"{address}stacking/retries/")
    assert page.evaluate(_EMPTY) == [] and not page.evaluate(_LATE)
    page.add_style_tag(
        content=".panel { display: none !important } article { padding-top: 5000px !important }"
    )
    assert page.evaluate(_EMPTY) == ["stacking/retries.py::script"] and page.evaluate(_LATE)
    assert page.evaluate("document.documentElement.scrollHeight") > MOST
