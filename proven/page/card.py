"""The frame around a snippet's code and runs: its name, and what a reader can do with it.

A command names the file on this site, so it is made in the reader's browser, which
alone knows where the site is (`data-copy="command"` in `assets/copy.js`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from proven.html import GAP, Html, h, halves
from proven.page.site import Page
from proven.snippet import Snippet

# The repository on GitHub that a `repo_url` names.
_GITHUB = re.compile(r"https://github\.com/(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?")


def card(
    page: Page,
    snippet: Snippet,
    title: str,
    *,
    excerpt: bool,
    side: str = "",
    badges: Html | str = "",
) -> tuple[Html, Html]:
    """What comes before the code, and what comes after the runs."""
    index, page.cards = page.cards, page.cards + 1
    actions = _actions(page, snippet, excerpt=excerpt)
    bar = (h("span", title, class_="snippet-title"), badges, actions)
    return halves(
        h(
            "div",
            h("div", *bar, class_="snippet-bar"),
            _whole_file(page, snippet),
            h("div", GAP, class_="snippet-recorded"),
            class_=f"snippet snippet--{side}" if side else "snippet",
            data_snippet=snippet.name,
            data_page_index=index,
        )
    )


def _actions(page: Page, snippet: Snippet, *, excerpt: bool) -> Html:
    name, copies = snippet.name, {"file": "Copy file" if excerpt else "Copy"}
    if excerpt:
        copies["excerpt"] = "Copy excerpt only"
    buttons = [
        h("button", label, type="button", data_copy=what, aria_label=f"{label}: {name}")
        for what, label in copies.items()
    ]
    file = f"{page.base}snippets/{name}"
    links = [h("a", "Download", href=file, download=True, aria_label=f"Download {name}")]
    links += elsewhere(snippet, page.site.repo_url)
    if source := page.site.source:
        label = f"{name} in the repository"
        links.append(h("a", "Source", href=f"{source}{name}", aria_label=label))
    said = h("span", class_="snippet-said", role="status")
    return h("span", *buttons, *links, said, class_="snippet-actions", data_search_exclude=True)


def elsewhere(snippet: Snippet, repo_url: str = "") -> Iterator[Html]:
    """How to open a notebook that says what it needs, outside this site."""
    if not snippet.is_notebook or snippet.header is None:
        return
    yield h(
        "button",
        "Copy command",
        type="button",
        data_copy="command",
        aria_label=f"Copy command: {snippet.name}",
        title="uvx marimo edit --sandbox with the address of this file",
    )
    if url := hosted(snippet, repo_url):
        yield h("a", "Open in molab", href=url, aria_label=f"Open {snippet.name} in molab")


def hosted(snippet: Snippet, repo_url: str) -> str:
    """The address of the file as a hosted notebook; molab opens those that are on GitHub."""
    match = _GITHUB.fullmatch(repo_url)
    if match is None:
        return ""
    file = f"{match['name']}/blob/HEAD/snippets/{quote(snippet.name)}"
    return f"https://molab.marimo.io/github/{file}"


def _whole_file(page: Page, snippet: Snippet) -> Html:
    """The whole file for the copy button, once on a page."""
    if snippet.name in page.files:
        return Html()
    page.files.add(snippet.name)
    # In JSON, with `<` escaped, not a byte of it can be taken for markup.
    text = Html(json.dumps(snippet.text).replace("<", "\\u003c"))
    return h("script", text, type="application/json", data_file=snippet.name)
