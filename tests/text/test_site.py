"""The built site, read as an agent reads it; and the controls of a page, in a browser."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext

from proven.browser import chromium
from proven.testing import CONFIG, build, tiny
from tests.here import ROOT

pytestmark = pytest.mark.slow

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_FENCED = re.compile(r"(?ms)^\s*(`{3,}).*?^\s*\1`*$")
_LEFT = re.compile(r"</?(?:div|span|table|td|button)\b|data-search|:material-|\0|\{[:.#]")


def links(text: str) -> list[str]:
    return [link for link in _LINK.findall(_FENCED.sub("", text)) if "://" not in link]


def missing(site: Path, place: str) -> list[str]:
    """Links of this text that lead to no file."""
    folder = (site / place).parent
    text = (site / place).read_text()
    return [link for link in links(text) if not (folder / link).is_file()]


def pages(site: Path) -> list[Path]:
    found = site.rglob("index.html")
    return [path for path in found if "snippets" not in path.relative_to(site).parts]


def test_each_page_stands_as_markdown_beside_its_html(site: Path) -> None:
    listed = set(links((site / "llms.txt").read_text())) - {"llms-full.txt"}
    assert listed == {p.with_suffix(".md").relative_to(site).as_posix() for p in pages(site)}
    whole = (site / "llms-full.txt").read_text()
    for place in listed:
        text = (site / place).read_text()
        assert text.startswith("# ") and text.splitlines()[0] in whole
        assert _LEFT.findall(_FENCED.sub("", re.sub(r"`[^`\n]+`", "", text))) == [], place


def test_links_lead_to_markdown_that_is_there(site: Path) -> None:
    places = [p.with_suffix(".md").relative_to(site).as_posix() for p in pages(site)]
    assert [
        m for place in [*places, "llms.txt", "llms-full.txt"] for m in missing(site, place)
    ] == []
    assert all(
        link.endswith((".md", ".txt", ".zip"))
        for p in places
        for link in links((site / p).read_text())
    )


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "[b](b/index.md) [c](https://example.org)\n```\n[d](d.md)\n```\n"
    )
    assert missing(tmp_path, "a.md") == ["b/index.md"]


def test_the_list_follows_the_convention(tmp_path: Path) -> None:
    config = CONFIG + "site_description: All of it.\nsite_url: https://example.org/docs/\n"
    page = "---\ntitle: Two\ndescription: Says two.\n---\n\n# Two?\n\n[One](../index.md)\n"
    site, said = build(tiny(tmp_path, {"mkdocs.yml": config, "docs/more/two.md": page}))
    assert said == []
    lines = (site / "llms.txt").read_text().splitlines()
    assert lines[:3] == ["# Tiny", "", "> All of it."]
    assert "## More" in lines
    assert "- [Two](https://example.org/docs/more/two/index.md): Says two." in lines
    assert "[One](https://example.org/docs/index.md)" in (site / "more/two/index.md").read_text()


@pytest.fixture
def context() -> BrowserContext:  # type: ignore[misc]
    with chromium() as browser:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        yield context


def test_a_page_is_copied_also_after_a_step_to_another(
    context: BrowserContext, address: str, site: Path
) -> None:
    page = context.new_page()
    page.goto(urljoin(address, "stacking/retries/"))
    page.locator(".md-footer__link--next").click()
    page.wait_for_url(lambda url: "retries" not in url)
    place = page.url.removeprefix(address)
    page.get_by_role("button", name="Copy this page as Markdown").click()
    page.get_by_text("Page copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == (site / place / "index.md").read_text()
    link = page.get_by_role("link", name="This page as Markdown")
    assert link.evaluate("a => a.href") == f"{page.url}index.md"


def test_a_long_file_is_fetched_by_the_press(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(urljoin(address, "check/"))
    name = "check/test_notebooks.py"
    assert page.locator(f"template[data-file='{name}']").count() == 0
    copy = page.locator(f"[data-snippet='{name}'] [data-copy=file]")
    page.locator("details.fold--figure", has=copy).locator("> summary").click()
    copy.click()
    page.get_by_text("File copied").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == (ROOT / "snippets" / name).read_text()


def test_a_page_that_does_not_answer_is_said(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(urljoin(address, "template/"))
    page.route("**/index.md", lambda route: route.fulfill(status=404))
    page.get_by_role("button", name="Copy this page as Markdown").click()
    page.get_by_text("index.md answers 404").wait_for()
