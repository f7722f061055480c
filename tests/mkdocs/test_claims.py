"""The page of claims in a browser: rows are chosen without a script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from proven.browser import chromium
from proven.page import proofs
from proven.testing import CONFIG, tiny
from tests.mkdocs.still import still

pytestmark = pytest.mark.slow

CLAIM = '[[claim]]\nreally = "R"\nproof = ["a.py::script"]\n'
CLAIMS = "\n".join(
    [
        'sections = ["S", "T"]',
        f'{CLAIM}section = "S"\nverdict = "false"\nclaim = "A cell waits."',
        f'{CLAIM}section = "S"\nverdict = "true"\nclaim = "A flow waits."',
        f'{CLAIM}section = "T"\nverdict = "true with a condition"\nclaim = "A worker waits."',
    ]
)
PAGE = "# Claims\n\n``` claims\n```\n\n``` snippet a.py\noutput: script\n```\n"
FILES = {
    "claims.toml": CLAIMS,
    "docs/index.md": PAGE,
    "mkdocs.yml": CONFIG.replace("  - admonition\n", "  - admonition\n  - tables\n"),
}


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """The built page, in a browser that runs no script."""
    with still(tiny(tmp_path, FILES)) as page:
        yield page


def seen(page: Page) -> list[str]:
    """Headings and claims that are to be seen."""
    found = page.locator(".claims h2, .claims .claim-said").all()
    return [one.inner_text().strip("¶# ") for one in found if one.is_visible()]


@pytest.mark.parametrize(
    ("press", "left"),
    [
        ("false 1", ["S", "A cell waits."]),
        ("true 1", ["S", "A flow waits."]),
        ("true with a condition 1", ["T", "A worker waits."]),
        ("marimo 1", ["S", "A cell waits."]),
        ("Prefect 2", ["S", "A flow waits.", "T", "A worker waits."]),
    ],
)
def test_a_choice_leaves_out_what_is_not_meant(page: Page, press: str, left: list[str]) -> None:
    assert seen(page) == ["S", "A cell waits.", "A flow waits.", "T", "A worker waits."]
    page.locator(".filters label", has=page.get_by_text(press, exact=True)).click()
    assert seen(page) == left


def test_a_claim_is_found_at_its_address(page: Page) -> None:
    page.goto(f"{page.url}#{proofs.address('claim', 'A worker waits.')}")
    claim = page.locator(".claim:has(:target)")
    expect(claim).to_have_attribute("open", "")
    expect(claim.locator(".claim-said")).to_have_text("A worker waits.")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_mark_behind_a_rule_opens_the_fold_with_its_row(address: str, scripts: bool) -> None:
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=scripts).new_page()
        page.goto(f"{address}proof/")
        expect(page.locator(".fold tbody tr").first).to_be_hidden()
        page.goto(f"{address}template/")
        page.locator("a.rule").first.click()
        row = page.locator("tr:has(:target)")
        expect(row).to_be_in_viewport()
        expect(row).to_contain_text("Put each task and the flow in a cell of its own")
