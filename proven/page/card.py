"""The frame around a snippet's code and runs: its name, and what a reader can do with it.

Two controls have weight: to run the file, and to copy it. The others are in a menu. A
command names the file on this site, so it is made in the reader's browser, which alone
knows where the site is (`data-copy="command"` in `assets/scripts/copy.js`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from proven.html import GAP, Html, h, halves
from proven.page.code import LONG
from proven.page.icons import icon
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
    beside: bool = False,
    side: str = "",
    verdict: Html | str = "",
) -> tuple[Html, Html]:
    """What comes before the code, and what comes after the runs and notes.

    Args:
        page: the page that gets it.
        snippet: the file.
        title: its name, as the card says it.
        excerpt: whether only a part of the file is shown.
        beside: whether something stands beside the code, where there is room.
        side: of a pair, `wrong` or `right`.
        verdict: what is said of the side.
    """
    index, page.cards = page.cards, page.cards + 1
    name = h("span", title, class_="snippet-title")
    actions = _actions(page, snippet, excerpt=excerpt, run=not side)
    more = " snippet--beside" * beside + (f" snippet--{side}" if side else "")
    return halves(
        h(
            "div",
            h("div", verdict, name, actions, class_="snippet-bar"),
            _whole_file(page, snippet),
            h("div", GAP, class_="snippet-recorded"),
            class_=f"snippet{more}",
            data_snippet=snippet.name,
            data_page_index=index,
        )
    )


def _actions(page: Page, snippet: Snippet, *, excerpt: bool, run: bool) -> Html:
    opens = snippet.is_notebook and snippet.header is not None
    items = _items(page, snippet, excerpt=excerpt, command=opens and not run)
    controls = [_run(snippet)] if run and opens else []
    controls += [_copy("file", "Copy", snippet, "btn"), _menu(items, snippet)]
    said = h("span", class_="snippet-said", role="status")
    # Not a `div`: for the theme's search the end of one inside would be the end of this one.
    return h("section", *controls, said, class_="snippet-actions", data_search_exclude=True)


def _copy(what: str, label: str, snippet: Snippet, class_: str = "") -> Html:
    said = f"{label}: {snippet.name}"
    return h("button", label, type="button", data_copy=what, aria_label=said, class_=class_ or None)


def _run(snippet: Snippet) -> Html:
    """How to open the file as a notebook, on the reader's own machine."""
    head = h(
        "summary", icon("run"), "Run", class_="btn btn--first", aria_label=f"Run {snippet.name}"
    )
    said = h("p", "On your machine, in a sandbox with the packages that the file names. Needs uv.")
    command = h("code", f"uvx marimo edit --sandbox {snippet.path.name}", class_="cmd")
    copy = _copy("command", "Copy command", snippet, "btn")
    body = h("div", said, command, copy, class_="pop-body")
    return h("details", head, body, class_="pop snippet-run-here")


def _menu(items: Iterable[Html], snippet: Snippet) -> Html:
    head = h("summary", icon("more"), class_="btn btn--quiet", aria_label=f"More: {snippet.name}")
    body = h("div", h("ul", *(h("li", item) for item in items)), class_="pop-body")
    return h("details", head, body, class_="pop pop--menu")


def _items(page: Page, snippet: Snippet, *, excerpt: bool, command: bool) -> Iterator[Html]:
    name = snippet.name
    if excerpt:
        yield _copy("excerpt", "Copy excerpt only", snippet)
    if command:
        yield _copy("command", "Copy command", snippet)
    file = f"{page.base}snippets/{name}"
    yield h("a", "Download", href=file, download=True, aria_label=f"Download {name}")
    if url := hosted(snippet, page.site.repo_url):
        yield h("a", "Open in molab", href=url, aria_label=f"Open {name} in molab")
    if source := page.site.source:
        label = f"Source of {name} in the repository"
        yield h("a", "Source in the repository", href=f"{source}{name}", aria_label=label)


def hosted(snippet: Snippet, repo_url: str) -> str:
    """The address of a file that says what it needs, as a hosted notebook.

    molab opens those that are on GitHub; for any other it is empty.
    """
    match = _GITHUB.fullmatch(repo_url)
    if match is None or not snippet.is_notebook or snippet.header is None:
        return ""
    file = f"{match['name']}/blob/HEAD/snippets/{quote(snippet.name)}"
    return f"https://molab.marimo.io/github/{file}"


def _whole_file(page: Page, snippet: Snippet) -> Html:
    """The whole file for the copy button, once on a page; a long one is fetched by a press."""
    if snippet.name in page.files or len(snippet.text) > LONG:
        return Html()
    page.files.add(snippet.name)
    # Not a script: instant navigation would run it, whatever its type. JSON has no empty lines.
    return h("template", data_file=snippet.name, data_text=json.dumps(snippet.text))
