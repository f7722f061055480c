"""Name the files that a snippet needs beside it, so that a reader takes them along."""

from __future__ import annotations

from proven.html import Html, h, join
from proven.page.site import Page
from proven.sidecar import scenario
from proven.snippet import Snippet

SAID = "In the same folder: "


def needs(page: Page, snippet: Snippet) -> Html:
    """A line with a link to each file; empty where the snippet runs alone."""
    names = scenario(snippet).brings
    if not names:
        return Html()
    return h("p", SAID, join((_link(page, snippet, name) for name in names), ", "), class_="needs")


def told(snippet: Snippet) -> str:
    """The same as Markdown, without links."""
    names = [f"`{name}`" for name in scenario(snippet).brings]
    return f"{SAID}{', '.join(names)}" if names else ""


def _link(page: Page, snippet: Snippet, name: str) -> Html:
    path = snippet.path.parent / name
    if path.is_dir():
        return h("code", f"{name}/")
    inner = path.relative_to(snippet.root).as_posix()
    return h("a", h("code", name), href=f"{page.base}snippets/{inner}", download=True)
