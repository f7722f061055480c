"""What a page's head says to those that do not read the page: previews and search engines.

All of it names the page by its whole address, so without `site_url` there is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from proven.html import Html, h, join
from proven.mkdocs import card, feed

CARD = "assets/card.png"
"""Where the picture of the site lies."""


def files(config: MkDocsConfig) -> Iterator[File]:
    """The picture that previews show."""
    if config.site_url:
        yield File.generated(config, CARD, content=card.png())


def add(html: str, page: Page, config: MkDocsConfig, *, changes: bool = False) -> str:
    """The page with these lines at the end of its head."""
    if not config.site_url:
        return html
    data = json.dumps(structured(page, config), ensure_ascii=False).replace("<", "\\u003c")
    lines = [
        *_preview(page, config),
        *(_feed(config) if changes else ()),
        h("script", Html(data), type="application/ld+json"),
    ]
    return html.replace("</head>", f"{join(lines)}</head>", 1)


def _preview(page: Page, config: MkDocsConfig) -> Iterator[Html]:
    said = {
        "og:site_name": config.site_name,
        "og:type": "website" if page.is_homepage else "article",
        "og:title": page.title,
        "og:description": page.meta.get("description", config.site_description),
        "og:url": page.canonical_url,
        "og:image": f"{config.site_url}{CARD}",
    }
    yield from (h("meta", property=name, content=text) for name, text in said.items() if text)
    yield h("meta", name="twitter:card", content="summary_large_image")


def _feed(config: MkDocsConfig) -> Iterator[Html]:
    address = f"{config.site_url}{feed.NAME}"
    yield h(
        "link", rel="alternate", type="application/atom+xml", href=address, title="What changed"
    )


def structured(page: Page, config: MkDocsConfig) -> list[dict[str, Any]]:
    """The page as an article, and its place among the others, in the words of schema.org."""
    whole = {"@type": "WebSite", "name": config.site_name, "url": config.site_url}
    article = {
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": page.title,
        "description": page.meta.get("description", ""),
        "url": page.canonical_url,
        "isPartOf": whole,
    }
    trail = [
        *((s.title, None) for s in reversed(list(page.ancestors))),
        (page.title, page.canonical_url),
    ]
    if page.is_homepage:
        return [article]
    return [article, _trail([(config.site_name, config.site_url), *trail])]


def _trail(steps: list[tuple[Any, Any]]) -> dict[str, Any]:
    items = [
        {"@type": "ListItem", "position": n, "name": name} | ({"item": url} if url else {})
        for n, (name, url) in enumerate(steps, 1)
    ]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": items,
    }
