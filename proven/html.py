"""Write HTML into which nothing gets by accident, and read back what marimo wrote.

    h("a", "to the ", h("b", name), href=url, download=True)

Whatever becomes a part of an element is escaped, unless `h` made it or somebody called
it `Html` on purpose. An address that would run a script is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from html import escape
from typing import Any

from proven.errors import ProvenError

Element = Any
"""An element of a parsed output: lxml has no types."""

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
# Shapes: without content they close themselves.
_EMPTY = frozenset({"circle", "line", "path", "polyline", "rect"})
_ALONE = _VOID | _EMPTY
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "poster", "cite", "data"})
# What a browser skips in an address before it reads the scheme.
_SKIPPED = re.compile(r"[\x00-\x20]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_HARMLESS = re.compile(r"(?i)(?:https?|mailto):|data:image/")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def h(tag: str, /, *children: object, **attributes: object) -> Html:
    """An element; `class_` stands for `class`, `aria_label` for `aria-label`.

    An attribute that is True stands alone, one that is None or False is left out.

    Raises:
        ProvenError: an address would run a script.
    """
    text = "".join([c if type(c) is Html else escape(str(c)) for c in children])
    marks = "".join([_attribute(k, v) for k, v in attributes.items()]) if attributes else ""
    if text or tag not in _ALONE:
        return Html(f"<{tag}{marks}>{text}</{tag}>")
    return Html(f"<{tag}{marks}>" if tag in _VOID else f"<{tag}{marks}/>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """One after the other; what is not HTML is escaped."""
    return Html(escape(between).join([p if type(p) is Html else escape(p) for p in parts]))


GAP = Html("\0")
"""Stands in an element where something follows that is not HTML yet (see `halves`)."""


def halves(element: Html) -> tuple[Html, Html]:
    """What is before the gap in the element, and what is behind it."""
    before, _, behind = element.partition(GAP)
    return Html(before), Html(behind)


# Most attributes of a page are the same few. `typed`: 1 is not True.
@lru_cache(maxsize=2048, typed=True)
def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = _name(key)
    if value is True:
        return f" {name}"
    text = str(value)
    if name in _ADDRESSES:
        _refuse_scripts(text)
    return f' {name}="{escape(text)}"'


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _refuse_scripts(address: str) -> None:
    bare = _SKIPPED.sub("", address)
    if _SCHEME.match(bare) and not _HARMLESS.match(bare):
        raise ProvenError(f"an address that a page may not have: {address[:60]!r}")


# Reading. lxml takes 50 ms to import, and most runs read nothing.


def parsed(html: str) -> Element:
    """The output as an element around all that is in it."""
    from lxml.html import HTMLParser, fragment_fromstring  # type: ignore[import-untyped]

    return fragment_fromstring(
        html.encode(), create_parent="div", parser=HTMLParser(encoding="utf-8")
    )


def contents(element: Element) -> Iterator[str | Element]:
    """The texts and elements in this one, in their order; no comments."""
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            yield child
        if child.tail:
            yield child.tail


def elements(element: Element) -> list[Element]:
    """The elements in this one."""
    return [child for child in element if isinstance(child.tag, str)]


def value(element: Element, name: str, default: Any = None) -> Any:
    """The attribute `data-NAME`, which marimo writes as JSON."""
    raw = element.get(f"data-{name}")
    return default if raw is None else json.loads(raw)


def text(html: object) -> str:
    """The text of what marimo sends as a label: HTML, or nothing."""
    return "" if html is None else str(parsed(str(html)).text_content()).strip()
