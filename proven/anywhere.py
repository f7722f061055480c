"""Open a snippet elsewhere: on the reader's own machine, or in a hosted notebook.

The command names the file on this site, so it is made in the reader's browser,
which alone knows where the site is (`docs/assets/proven.js`, `data-copy="command"`).
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from proven.snippet import Snippet

# The repository on GitHub that a `repo_url` names.
_GITHUB = re.compile(r"https://github\.com/(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?")


def controls(snippet: Snippet, repo_url: str = "") -> str:
    """The controls for a notebook that says what it needs; empty for any other file."""
    if not snippet.is_notebook or snippet.header is None:
        return ""
    name = escape(snippet.name)
    html = (
        f'<button type="button" data-copy="command" aria-label="Copy command: {name}" '
        'title="uvx marimo edit --sandbox with the address of this file">Copy command</button>'
    )
    if url := hosted(snippet, repo_url):
        html += f'<a href="{escape(url)}" aria-label="Open {name} in molab">Open in molab</a>'
    return html


def hosted(snippet: Snippet, repo_url: str) -> str:
    """The file as a hosted notebook; molab opens those that are on GitHub."""
    match = _GITHUB.fullmatch(repo_url)
    if match is None:
        return ""
    return (
        f"https://molab.marimo.io/github/{match['name']}/blob/HEAD/snippets/{quote(snippet.name)}"
    )
