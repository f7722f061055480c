"""The files of the built site: valid HTML, an outline in order, links that lead somewhere."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

import html5lib
import pytest
from lxml import html as lxml_html  # type: ignore[import-untyped]

pytestmark = pytest.mark.slow


def pages(site: Path) -> list[Path]:
    """Pages, not the files that readers download."""
    found = sorted(site.rglob("*.html"))
    return [p for p in found if p.relative_to(site).parts[0] not in ("snippets", "skill")]


def invalid(text: str) -> list[str]:
    """What the parser of the standard has to put right, and ids that stand twice."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    errors = [f"line {place[0]}: {code} {data}" for place, code, data in parser.errors]
    ids = Counter(e.get("id") for e in tree.iter() if e.get("id"))
    return errors + [f"the id {id_} stands {n} times" for id_, n in ids.items() if n > 1]


def outline(text: str) -> Iterator[str]:
    """A page has one title; no heading skips a level; no picture is without a text."""
    tree = lxml_html.fromstring(text)
    main = next(iter(tree.iter("article")), tree)
    levels = [int(e.tag[1]) for e in main.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} titles"
    for before, level in pairwise(levels):
        if level > before + 1:
            yield f"h{level} below h{before}"
    for image in tree.iter("img"):
        if image.get("alt") is None:
            yield f"no text for {image.get('src')}"


@cache
def ids_of(path: Path) -> frozenset[str]:
    tree = lxml_html.fromstring(path.read_bytes())
    return frozenset([*tree.xpath("//@id"), *tree.xpath("//a/@name")])


def broken(site: Path, page: Path) -> Iterator[str]:
    """Links and addresses of files on this page that lead to nothing on the site."""
    tree: Any = lxml_html.fromstring(page.read_bytes())
    for link in dict.fromkeys(tree.xpath("//@href | //@src")):
        address, fragment = urldefrag(link)
        if urlsplit(link).scheme or link.startswith("//"):
            continue
        target = _file(site, page, unquote(address))
        if target is None or not target.is_file():
            yield f"{link} leads nowhere"
        elif fragment and target.suffix == ".html" and unquote(fragment) not in ids_of(target):
            yield f"{link}: no such place there"


def _file(site: Path, page: Path, address: str) -> Path | None:
    """The file that a host gives for an address on this page; None outside of the site."""
    if not address:
        return page
    target = site / address.lstrip("/") if address.startswith("/") else page.parent / address
    target = target.resolve()
    if not target.is_relative_to(site.resolve()):
        return None
    return target / "index.html" if target.is_dir() else target


def test_every_page_is_valid(site: Path) -> None:
    found = {str(p.relative_to(site)): invalid(p.read_text()) for p in pages(site)}
    assert {name: errors[:5] for name, errors in found.items() if errors} == {}
    assert len(found) > 50


def test_every_outline_is_in_order(site: Path) -> None:
    found = {str(p.relative_to(site)): list(outline(p.read_text())) for p in pages(site)}
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_every_link_inside_the_site_leads_somewhere(site: Path) -> None:
    # The page for what is not found stands at any depth, so its links begin at the root.
    found = {str(p.relative_to(site)): list(broken(site, p)) for p in pages(site)}
    assert {name: errors for name, errors in found.items() if errors} == {}


HEAD = "<!doctype html><html lang='en'><head><title>T</title></head><body>"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<h1>T</h1><p>x</p>", ""),
        ("<p>a<p>b</b></p>", "unexpected-end-tag"),
        ("<p id='a'></p><p id='a'></p>", "the id a stands 2 times"),
        ("<div/><p>x</p>", "non-void-element-with-trailing-solidus"),
        ("<p>&unknown;</p>", "expected-named-entity"),
    ],
)
def test_bad_markup_is_seen(body: str, said: str) -> None:
    found = invalid(f"{HEAD}{body}</body></html>")
    assert any(said in error for error in found) if said else found == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<h1>T</h1><h2>a</h2><h3>b</h3><h2>c</h2>", []),
        ("<h1>T</h1><h3>b</h3>", ["h3 below h1"]),
        ("<h2>T</h2>", ["0 titles"]),
        ("<h1>T</h1><img src='a.png'>", ["no text for a.png"]),
    ],
)
def test_a_bad_outline_is_seen(body: str, said: list[str]) -> None:
    assert list(outline(f"{HEAD}<article>{body}</article></body></html>")) == said


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/index.html").write_text("<p id='here'>x</p>")
    links = ["b/#here", "b/#gone", "c/", "../up/", "/b/", "https://example.org/x", "#own", "x.css"]
    page = tmp_path / "index.html"
    page.write_text("<p id='own'></p>" + "".join(f"<a href='{link}'>x</a>" for link in links))
    assert list(broken(tmp_path, page)) == [
        "b/#gone: no such place there",
        "c/ leads nowhere",
        "../up/ leads nowhere",
        "x.css leads nowhere",
    ]
