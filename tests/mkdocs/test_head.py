"""The head of a page: its description, its address, its place, and its picture."""

import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from proven.mkdocs import card
from proven.mkdocs.assets import FOLDER
from proven.page import abstract
from proven.testing import CONFIG, build, tiny
from tests.here import PROJECT

OTHER = "---\ntitle: Other </script>\ndescription: What it's for.\n---\n\n# Other?\n\nText.\n"
NAV = "nav: [index.md, {Part: [a/other.md]}]\nsite_url: https://example.org/docs/\n"
FILES = {"docs/a/other.md": OTHER, "mkdocs.yml": CONFIG + NAV}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site, said = build(tiny(tmp_path_factory.mktemp("head"), FILES))
    assert said == []
    return site


def structured(html: str) -> Any:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return json.loads(text)


def test_a_page_says_what_it_is_and_where_it_stands(site: Path) -> None:
    article, trail = structured((site / "a/other/index.html").read_text())
    assert article["@type"] == "TechArticle" and article["headline"] == "Other </script>"
    assert article["description"] == "What it's for."
    assert article["url"] == "https://example.org/docs/a/other/"
    names = [item["name"] for item in trail["itemListElement"]]
    assert names == ["Tiny", "Part", "Other </script>"]
    (home,) = structured((site / "index.html").read_text())
    assert home["url"] == "https://example.org/docs/"


def test_a_preview_has_title_description_and_the_picture(site: Path) -> None:
    html = (site / "a/other/index.html").read_text()
    assert 'property="og:description" content="What it&#x27;s for."' in html
    assert 'property="og:image" content="https://example.org/docs/assets/card.png"' in html
    assert (site / "assets/card.png").read_bytes() == card.png()


def test_without_an_address_nothing_is_said_of_it(tmp_path: Path) -> None:
    site, _ = build(tiny(tmp_path))
    html = (site / "index.html").read_text()
    assert "og:" not in html and "ld+json" not in html
    assert not (site / "assets/card.png").exists()


def pixels(png: bytes) -> list[bytes]:
    """The lines of a picture of three bytes a pixel, each line without a filter."""
    width, height = struct.unpack(">II", png[16:24])
    data = zlib.decompress(png[png.index(b"IDAT") + 4 : png.rindex(b"IEND") - 8])
    step = 1 + 3 * width
    return [data[y * step + 1 : (y + 1) * step] for y in range(height)]


def test_the_picture_is_the_mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = pixels(card.png())
    assert (len(lines), {len(line) for line in lines}) == (630, {3600})

    def at(x: float, y: float) -> str:
        column = round(360 + 20 * x)
        return lines[round(75 + 20 * y)][3 * column : 3 * column + 3].hex()

    assert [at(8, 5), at(6, 12), at(8, 19), at(19.5, 19)] == [
        "8b877d",
        "4740c4",
        "1d1c1a",
        "4740c4",
    ]
    # Beyond the round ends, and between the lines.
    assert {at(2.1, 3.1), at(12, 12), at(8, 8.5)} == {"faf9f6"}
    # Another mark is another picture.
    (tmp_path / "mark.svg").write_text((FOLDER / "mark.svg").read_text().replace('r="3"', 'r="1"'))
    monkeypatch.setattr(card, "FOLDER", tmp_path)
    monkeypatch.setattr(card, "png", card.png.__wrapped__)
    assert card.png() != b"".join(lines) and pixels(card.png()) != lines


def test_every_page_of_this_site_has_a_description_of_its_own() -> None:
    said = [abstract.of(page).description for page in sorted(PROJECT.docs.rglob("*.md"))]
    assert all(said) and len(set(said)) == len(said)
