"""The page for an address that there is not: it searches, and leads to every section."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.nav import Navigation

from proven.html import Html, h, join
from proven.mkdocs.nav import pages

NAME = "404.html"
_THEIRS = "<h1>404 - Not found</h1>"


def filled(html: str, sections: list[tuple[str, str]], config: MkDocsConfig) -> str:
    """The theme's page with a search and links; `sections` are titles with addresses.

    Raises:
        PluginError: the theme's page is another than the one that is known here.
    """
    if _THEIRS not in html:
        raise PluginError("this Material for MkDocs has an unknown page for what is not found")
    # It is shown at any depth, so its links begin at the host.
    base = urlsplit(config.site_url or "/").path or "/"
    return html.replace(_THEIRS, _content(base, sections), 1)


def sections(nav: Navigation) -> list[tuple[str, str]]:
    """The first page of each entry of the navigation, under the entry's title."""
    found = ((item.title, next(pages(item), None)) for item in nav.items)
    return [(str(title), page.url) for title, page in found if page]


def _content(base: str, sections: list[tuple[str, str]]) -> Html:
    return join(
        [
            h("h1", "There is no such page"),
            h("p", "Search for it, or begin at one of these:"),
            _search(base),
            h("ul", *_links(base, sections)),
        ]
    )


def _search(base: str) -> Html:
    """A plain form: the home page opens its search with what it is given."""
    field = h("input", type="search", name="q", id="missing", required=True)
    button = h("button", "Search", type="submit", class_="md-button")
    label = h("label", "Words of the page", for_="missing")
    return h("form", label, field, button, action=base, class_="missing", role="search")


def _links(base: str, sections: list[tuple[str, str]]) -> Iterator[Html]:
    for title, url in sections:
        yield h("li", h("a", title, href=base + ("" if url == "." else url).lstrip("/")))
