"""The feed of changes: the sections of `changes.md`, whose headings begin with a date, as Atom.

A feed names its entries by whole addresses, so without `site_url` there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

PAGE, NAME = "changes.md", "feed.xml"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_SECTION = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>(.*?)(?=<h2 |\Z)', re.S)
_TAGS = re.compile(r"<[^>]*>")
_HEAD = re.compile(r"(\d{4}-\d\d-\d\d): (.+?)¶?")


def write(site: Path, html: str, url: str, config: MkDocsConfig) -> None:
    """Write the feed; `html` and `url` are those of the page of changes."""
    if config.site_url and html:
        entries = list(_entries(html, f"{config.site_url}{url}"))
        (site / NAME).write_bytes(_feed(entries, config))


def _entries(html: str, address: str) -> Iterator[tuple[str, date, str, str]]:
    """Address, day, title and text of each section.

    Raises:
        PluginError: a heading has no date, or a later one than the heading above it.
    """
    last = date.max
    for id_, heading, text in _SECTION.findall(html):
        head = _HEAD.fullmatch(unescape(_TAGS.sub("", heading)).strip())
        if not head:
            raise PluginError(f"docs/{PAGE}: {heading!r}: begin it with a date: `## 2026-01-31: …`")
        day = date.fromisoformat(head[1])
        if day > last:
            raise PluginError(f"docs/{PAGE}: {head[0]!r}: the newest stands first")
        last = day
        yield f"{address}#{id_}", day, head[2], text.strip()


def _feed(entries: list[tuple[str, date, str, str]], config: MkDocsConfig) -> bytes:
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    newest = max((day for _, day, _, _ in entries), default=date(1970, 1, 1))
    _say(feed, id=config.site_url, title=config.site_name, updated=_moment(newest))
    SubElement(feed, "link", rel="self", href=f"{config.site_url}{NAME}")
    _say(SubElement(feed, "author"), name=config.site_name)
    for address, day, title, text in entries:
        entry = SubElement(feed, "entry")
        _say(entry, id=address, title=title, updated=_moment(day))
        SubElement(entry, "link", href=address)
        # Its links are relative to the page that it comes from.
        SubElement(entry, "content", {"type": "html", _BASE: address}).text = text
    indent(feed)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _say(element: Element, **texts: Any) -> None:
    for name, text in texts.items():
        SubElement(element, name).text = str(text)


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
