"""The feed of changes: what the page says, and nothing that is no entry."""

from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from proven.testing import CONFIG, build, tiny

SITE = f"{CONFIG}site_url: https://example.org/docs/\n"
CHANGES = """# What changed?

Newest first.

## 2026-02-03: Second & last

See [home](index.md).

## 2026-01-02: First

It began.
"""
ATOM = "{http://www.w3.org/2005/Atom}"


def made(folder: Path, changes: str, config: str = SITE) -> tuple[Path, list[str]]:
    return build(tiny(folder, {"mkdocs.yml": config, "docs/changes.md": changes}), strict=False)


def test_the_sections_of_the_page_are_the_entries(tmp_path: Path) -> None:
    site, said = made(tmp_path, CHANGES)
    assert said == []
    feed = parse(site / "feed.xml").getroot()
    assert feed.findtext(f"{ATOM}updated") == "2026-02-03T00:00:00Z"
    second, first = feed.findall(f"{ATOM}entry")
    assert second.findtext(f"{ATOM}title") == "Second & last"
    assert first.findtext(f"{ATOM}updated") == "2026-01-02T00:00:00Z"
    address = second.findtext(f"{ATOM}id") or ""
    assert address == "https://example.org/docs/changes/#2026-02-03-second-last"
    assert f'id="{address.partition("#")[2]}"' in (site / "changes/index.html").read_text()
    assert second.findtext(f"{ATOM}content") == '<p>See <a href="../">home</a>.</p>'
    head = (site / "index.html").read_text()
    assert 'type="application/atom+xml" href="https://example.org/docs/feed.xml"' in head


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("## 2026-01-02: First", "## First", "begin it with a date"),
        ("2026-01-02", "2026-03-01", "the newest stands first"),
    ],
)
def test_a_heading_that_is_no_entry_ends_the_build(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    _, said = made(tmp_path, CHANGES.replace(old, new))
    assert any(message in text for text in said)


def test_without_an_address_or_a_page_there_is_no_feed(tmp_path: Path) -> None:
    site, said = made(tmp_path / "a", CHANGES, CONFIG)
    assert said == [] and not (site / "feed.xml").exists()
    site, said = build(tiny(tmp_path / "b", {"mkdocs.yml": SITE}))
    assert said == [] and not (site / "feed.xml").exists()
    assert "atom+xml" not in (site / "index.html").read_text()
