"""Pages at the addresses that pages once had: each leads to where its page is now.

plugins:
  - proven:
      moved: {old/name.md: new/name.md}
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from proven.html import Html, h, join


def pages(moved: dict[str, str], files: Files, config: MkDocsConfig) -> Iterator[File]:
    """A page for each old address.

    Raises:
        PluginError: there is a page at the old address, or none at the new one.
    """
    for old, new in moved.items():
        target = files.get_file_from_path(new)
        if target is None or files.get_file_from_path(old):
            wrong = f"there is no page {new}" if target is None else f"{old} is a page"
            raise PluginError(f"mkdocs.yml: moved: {old} → {new}: {wrong}")
        # MkDocs knows where a page of this name would lie.
        at = File.generated(config, old, content="")
        relative = posixpath.relpath(target.url, at.url if at.url.endswith("/") else at.url + "/..")
        yield File.generated(config, at.dest_uri, content=_page(f"{relative}/"))


def _page(url: str) -> Html:
    """A page that leads on by itself, or by a press."""
    head = h(
        "head",
        h("meta", charset="utf-8"),
        h("title", "This page has moved"),
        h("meta", name="robots", content="noindex"),
        h("meta", http_equiv="refresh", content=f"0; url={url}"),
        h("link", rel="canonical", href=url),
    )
    body = h("body", h("p", "This page has moved: ", h("a", url, href=url), "."))
    return join([Html("<!doctype html>"), h("html", head, body, lang="en")])
