"""Cut a page's file into its front matter and its Markdown."""

from __future__ import annotations

import re

_FRONT = re.compile(r"\A---\n(.*?)^---\n", re.S | re.M)


def cut(text: str) -> tuple[str, str]:
    """The YAML of the front matter, empty where there is none, and the Markdown below it."""
    match = _FRONT.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)
