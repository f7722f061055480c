"""What a reader gets at an address that there is not, or that a page once had."""

from pathlib import Path

import pytest

from proven.browser import chromium
from proven.testing import CONFIG, build, served, tiny

SITE = CONFIG.replace("plugins: [proven]", "plugins: [search, proven: {moved: MOVED}]")
NAV = "nav: [Start: index.md, {Part: [a/other.md]}]\n"
OTHER = {"docs/a/other.md": "# Other\n\nA text on herons.\n"}


def made(folder: Path, more: str = "", moved: str = "{}") -> tuple[Path, list[str]]:
    config = SITE.replace("MOVED", moved) + NAV + more
    return build(tiny(folder, OTHER | {"mkdocs.yml": config}), strict=False)


def test_its_links_begin_at_the_host(tmp_path: Path) -> None:
    site, said = made(tmp_path / "bare")
    assert said == []
    page = (site / "404.html").read_text()
    assert 'action="/"' in page and '<a href="/a/other/">Part</a>' in page
    site, _ = made(tmp_path / "deep", "site_url: https://example.org/docs/\n")
    page = (site / "404.html").read_text()
    assert 'action="/docs/"' in page and '<a href="/docs/">Start</a>' in page


def test_a_theme_with_another_page_ends_the_build(tmp_path: Path) -> None:
    config = SITE.replace("MOVED", "{}") + NAV
    config = config.replace("name: material", "name: material, custom_dir: theme")
    files = OTHER | {"mkdocs.yml": config, "theme/404.html": "<h1>Gone</h1>"}
    _, said = build(tiny(tmp_path, files), strict=False)
    assert any("unknown page for what is not found" in text for text in said)


def test_a_page_that_moved_is_found_at_its_old_address(tmp_path: Path) -> None:
    site, said = made(tmp_path, moved="{old/name.md: a/other.md, a/was.md: index.md}")
    assert said == []
    page = (site / "old/name/index.html").read_text()
    assert 'content="0; url=../../a/other/"' in page and 'content="noindex"' in page
    assert 'url=../../"' in (site / "a/was/index.html").read_text()


@pytest.mark.parametrize(
    ("moved", "message"),
    [
        ("{old.md: gone.md}", "old.md → gone.md: there is no page gone.md"),
        ("{a/other.md: index.md}", "a/other.md → index.md: a/other.md is a page"),
    ],
)
def test_a_move_that_leads_nowhere_ends_the_build(tmp_path: Path, moved: str, message: str) -> None:
    _, said = made(tmp_path, moved=moved)
    assert any(message in text for text in said)


@pytest.mark.slow
def test_the_search_on_it_finds(tmp_path: Path) -> None:
    """A reader without the page types a word of it, and is led to where it is."""
    site, _ = made(tmp_path, moved="{old/name.md: a/other.md}")
    with served(site) as address, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{address}404.html")
        page.fill("#missing", "herons")
        page.keyboard.press("Enter")
        page.wait_for_selector('.md-search-result__link[href*="a/other/"]')
        page.goto(f"{address}old/name/")
        page.wait_for_url(f"{address}a/other/")
