"""Every copy control of the site, pressed: what is on the clipboard is what it names."""

from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page

from proven.browser import chromium
from tests.here import ROOT
from tests.site.test_markup import pages

pytestmark = pytest.mark.slow

SNIPPETS = ROOT / "snippets"
# In the page, since most controls are in closed menus.
_PRESS_ALL = """async () => {
  const pressed = []
  for (const button of document.querySelectorAll("[data-copy]")) {
    const card = button.closest(".snippet, .page-text"), said = card.querySelector(".snippet-said")
    const lines = [...card.querySelectorAll("pre[data-lines]")].map(pre => pre.dataset.lines)
    await navigator.clipboard.writeText("nothing")
    said.textContent = ""
    button.click()
    while (!said.textContent) await new Promise(resolve => setTimeout(resolve))
    const text = await navigator.clipboard.readText()
    pressed.push({ kind: button.dataset.copy, name: card.dataset.snippet, lines, text })
  }
  return pressed
}"""


def wanted(one: dict[str, Any], place: str, site: Path, address: str) -> str:
    """What this control has to copy, from the files that the page is made of."""
    match one["kind"]:
        case "file":
            return (SNIPPETS / str(one["name"])).read_text()
        case "excerpt":
            return "\n".join(map(lines, one["lines"]))
        case "command":
            return f"uvx marimo edit --sandbox {urljoin(address, 'snippets/')}{one['name']}"
    return (site / place / "index.md").read_text()


def lines(named: str) -> str:
    """`template.py:3-5`, as it stands in the file."""
    name, _, span = named.rpartition(":")
    first, last = map(int, span.split("-"))
    return "".join((SNIPPETS / name).read_text().splitlines(keepends=True)[first - 1 : last])


def press_all(page: Page, place: str, address: str) -> list[dict[str, Any]]:
    page.goto(urljoin(address, place))
    page.wait_for_selector("html.js")
    page.wait_for_load_state("load")
    pressed: list[dict[str, Any]] = page.evaluate(_PRESS_ALL)
    return pressed


def test_every_control_copies_what_it_names(site: Path, address: str) -> None:
    kinds, wrong = Counter[str](), []
    with chromium() as browser:
        page = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
        for path in (path for path in pages(site) if path.name == "index.html"):
            place = f"{path.parent.relative_to(site).as_posix()}/".removeprefix("./")
            for one in press_all(page, place, address):
                kinds[one["kind"]] += 1
                if one["text"] != wanted(one, place, site, address):
                    wrong.append(f"{place}: {one['kind']} of {one['name']}: {one['text'][:80]!r}")
    assert wrong == []
    assert min(kinds[kind] for kind in ("file", "excerpt", "command", "page")) > 50


def test_a_control_that_copies_another_text_is_seen(site: Path, address: str) -> None:
    with chromium() as browser:
        page = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
        page.route("**/template.py", lambda route: route.fulfill(body="another"))
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => document"
            ".querySelector('template[data-file]').remove())"
        )
        first, *_ = (one for one in press_all(page, "template/", address) if one["kind"] == "file")
    assert first["text"] == "another" != wanted(first, "template/", site, address)
