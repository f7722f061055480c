"""The search: what readers type and paste, in a browser; on this site, and on a small one.

`tests/searches.toml` holds the searches. A page that answers is among the first three.
"""

import gzip
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from proven.browser import chromium
from proven.mkdocs.search import prepared
from proven.testing import CONFIG, build, record, served, tiny
from tests.here import ROOT

pytestmark = pytest.mark.slow

SEARCHES = tomllib.loads((ROOT / "tests/searches.toml").read_text())["search"]
FIELD = "[data-md-component=search-query]"
_FOUND = """() => [...document.querySelectorAll('.md-search-result__item')]
  .map(item => item.querySelector('a').href)"""
_SAID = """() => document.querySelector('.md-search-result__meta').textContent.trim()"""
# Each answer draws the list anew, so the mark is gone when the next answer is there.
_MARK = """() => document.querySelector('.md-search-result__meta').textContent = 'asked'"""
_ANSWERED = f"() => ({_SAID})() !== 'asked'"
SMALL = CONFIG.replace("plugins: [proven]", "plugins: [search, proven]")


def find(page: Page, words: str, site: str) -> list[str]:
    """The pages that the search gives, best first; the words come as if pasted."""
    page.evaluate(_MARK)
    page.locator(FIELD).fill(words)
    page.locator(FIELD).press("End")  # the theme looks when a key goes up
    page.wait_for_function(_ANSWERED)
    addresses = (a.partition("?")[0].partition("#")[0] for a in page.evaluate(_FOUND))
    return [address.removeprefix(site) for address in addresses]


def is_found(found: list[str], page: str) -> bool:
    return any(one in found[:3] for one in page.split("|")) if page else not found


@pytest.fixture
def opened(site: Path) -> Iterator[tuple[Page, str, list[str]]]:
    """A page of this site, its address, and what the browser fetched."""
    with served(site) as address, chromium() as browser:
        page, fetched = browser.new_page(), list[str]()
        page.on("request", lambda request: fetched.append(request.url.removeprefix(address)))
        page.goto(f"{address}template/")
        yield page, address, fetched


def test_readers_find_the_page_that_answers(opened: tuple[Page, str, list[str]]) -> None:
    page, address, fetched = opened
    page.wait_for_load_state("networkidle")
    assert "search/documents.json" not in fetched
    page.locator(FIELD).focus()
    missed = [
        f"{search['query']}: wants {search['page']!r}, first are {found[:3]}"
        for search in SEARCHES
        if not is_found(found := find(page, search["query"], address), search["page"])
    ]
    assert missed == []
    assert fetched.count("search/documents.json") == 1
    # Red, where another page must be the first.
    found = find(page, "ray clusters", address)
    assert is_found(found, "stacking/clusters/")
    assert not is_found(found, "antipatterns/same-name/") and not is_found(found, "")


_TYPE = """selector => {
  const style = getComputedStyle(document.querySelector(selector))
  return ["font", "fontFeatureSettings", "letterSpacing", "paddingLeft"].map(name => style[name])
}"""


def test_what_is_suggested_lies_on_what_is_typed(opened: tuple[Page, str, list[str]]) -> None:
    page, *_ = opened
    typed, suggested = (page.evaluate(_TYPE, f".md-search__{n}") for n in ("input", "suggest"))
    assert typed == suggested
    page.add_style_tag(content=".md-search__input { font-size: 13px }")
    assert page.evaluate(_TYPE, ".md-search__input") != suggested


def test_the_searches_are_many_and_their_pages_exist(site: Path) -> None:
    assert len({search["query"] for search in SEARCHES}) == len(SEARCHES) >= 60
    pages = [page for search in SEARCHES for page in search["page"].split("|")]
    assert [page for page in pages if not (site / page / "index.html").is_file()] == []


def test_the_index_is_small(site: Path) -> None:
    """What is fetched with each page is nearly nothing; the rest, when somebody searches."""
    assert (site / "search/search_index.json").stat().st_size < 1000
    assert len(gzip.compress((site / "search/documents.json").read_bytes())) < 120_000


def test_runs_count_and_what_stands_around_them_does_not(site: Path) -> None:
    text = (site / "search/documents.json").read_text()
    assert "Retry 1/3 will start" in text
    for boilerplate in ("Copy excerpt only", "What Prefect kept", "recorded 20", "scripteditor"):
        assert boilerplate not in text
    # The list of rules repeats the pages, which are the answer.
    assert '"location":"proof/"' in text and "Tried to break it" not in text


FULL = "OSError: [Errno 28] No space left on device"
PAGES = {
    "docs/index.md": "# Home\n\nNothing here.\n",
    "docs/log.md": "# What a run leaves\n\n``` snippet a.py\noutput: script\n```\n",
    "docs/names.md": "# Names\n\nCall `mo.load_fast` with FileNotReadyError in mind.\n",
    "docs/other.md": "# Other\n\nA file, a name and an error that is ready; load it fast.\n",
    "docs/told.md": "---\ntitle: Alarms\ndescription: Be paged at night.\nkeywords: pager\n"
    "---\n\n# Told\n\nText.\n",
    "docs/caches.md": "# Caching\n\nA cached value.\n",
}


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (f"{FULL}: '/data/b'", "log/"),
        ('"title: +space ~2 ^ -left*', "log/"),
        ("load_fast", "names/"),
        ("mo.load_fast()", "names/"),
        ("loadfast", "names/"),
        ("FileNotReadyError", "names/"),
        ("cache", "caches/"),
        ("cachi", "caches/"),
        ("paged", "told/"),
        ("pager", "told/"),
        ("no_such_name", None),
        ("", None),
        ("+ - ' \" : ~ ^ * [", None),
    ],
)
def test_a_search(small: tuple[Page, str], words: str, first: str | None) -> None:
    page, address = small
    found = find(page, words, address)
    assert (found[0] if found else None) == first


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, str]]:
    project = tiny(tmp_path_factory.mktemp("small"), PAGES | {"mkdocs.yml": SMALL})
    record(project, "a.py::script", console=[f"{FULL}: '/a'"])
    folder, said = build(project)
    assert said == []
    with served(folder) as address, chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        page.locator(FIELD).focus()
        yield page, address


def test_a_list_that_does_not_load_is_told_and_asked_for_again(small: tuple[Page, str]) -> None:
    page, address = small
    page.goto(address)
    page.route("**/documents.json", lambda route: route.fulfill(status=503))
    page.locator(FIELD).focus()
    find(page, "cache", address)
    assert "503" in page.locator(".md-search-result__list").inner_text()
    page.unroute("**/documents.json")
    assert find(page, "caching", address)[0] == "caches/"


def test_a_line_stands_once_on_a_page_and_a_common_line_once_on_the_site() -> None:
    def document(page: int, section: str, lines: str) -> dict[str, str]:
        return {"location": f"{page}/{section}", "title": "T", "text": f"<pre>{lines}</pre>"}

    pages = [document(n, "", f"import marimo\nmine {n}\n  two") for n in range(9)]
    first, *_ = prepared([document(0, "", "a\n  b"), document(0, "#x", "b\na")])
    assert first["text"] == "<pre>a\nb</pre>"
    _, second = prepared([document(0, "", "a\n  b"), document(0, "#x", "b\na")])
    assert second["text"] == ""
    assert sum("import marimo" in d["text"] for d in prepared(pages)) == 9
    long, *_ = prepared([document(0, "", "\n".join(map(str, range(500))))])
    assert "119" in long["text"] and "120" not in long["text"]
    pages.append(document(9, "", "import marimo"))
    assert sum("import marimo" in d["text"] for d in prepared(pages)) == 1


def test_a_theme_that_names_its_worker_otherwise_ends_the_build(tmp_path: Path) -> None:
    page = (
        '{% extends "base.html" %}{% block config %}<script id="__config"></script>{% endblock %}'
    )
    config = SMALL.replace("name: material", "name: material, custom_dir: theme")
    project = tiny(tmp_path, {"mkdocs.yml": config, "theme/main.html": page})
    _, said = build(project, strict=False)
    assert any("search worker in an unknown way" in message for message in said)
