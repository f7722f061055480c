"""Show a cell's output as HTML that stands still: no script, no style, no event.

An element passes where it is named below, with the attributes that are named below;
marimo's own elements are drawn (see `widgets`). Any other one is an error that names
it, so that nothing is ever silently left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from proven.errors import ProvenError
from proven.html import Element, Html, contents, elements, h, join, parsed, text, value
from proven.page.pieces import focusable, pre
from proven.page.widgets import WIDGETS, Draw
from proven.record import Output

_MARKUP = ("text/html", "text/markdown")

# fmt: off
_PLAIN = frozenset({
    "a", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre",
    "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul",
})
_KEPT = frozenset({"href", "src", "alt", "title", "colspan", "rowspan", "scope", "start"})
_SHAPES = frozenset({"svg", "g", "rect", "circle", "line", "path", "polyline", "text", "title"})
_DRAWN = frozenset({
    "viewbox", "width", "height", "role", "aria-label", "fill", "stroke", "stroke-width",
    "font-family", "font-size", "text-anchor", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy",
    "r", "rx", "d", "points", "transform", "opacity",
})
# fmt: on


def show(output: Output, where: str) -> Html:
    """The output as HTML.

    Raises:
        ProvenError: it is, or has in it, something that nothing here can show.
    """
    if output.mime in _MARKUP:
        return _inside(parsed(output.data))
    if output.mime == "text/plain":
        return pre(output.data, f"Output of {where}") if output.data.strip() else Html()
    if output.mime == "application/json":
        return h("div", _json(json.loads(output.data)), class_="out-json")
    if output.mime.startswith("image/") and output.data.startswith("data:"):
        return h("img", src=output.data, alt=f"Output of {where}")
    raise ProvenError(f"no renderer for an output of type {output.mime}")


def blocks_of(output: Output) -> Iterator[str]:
    """The text of each `<pre>` in an output."""
    if output.mime in _MARKUP and "<pre" in output.data:
        yield from (str(e.text_content()) for e in parsed(output.data).iter("pre"))


def _inside(element: Element) -> Html:
    return join(_node(node) for node in contents(element))


def _node(node: str | Element) -> str:
    if isinstance(node, str):
        return node
    if node.tag in _DRAW:
        return _DRAW[node.tag](node)
    if node.tag not in _PLAIN:
        raise ProvenError(f"no renderer for <{node.tag}>")
    tag, more = _stands_for(node)
    return h(tag, _inside(node), **more, **{k: v for k, v in node.items() if k in _KEPT})


def _stands_for(element: Element) -> tuple[str, dict[str, object]]:
    """The tag that stands for this one on our page, and what it gets."""
    tag, style = element.tag, element.get("style", "")
    classes = element.get("class", "").split()
    if tag == "pre":
        return tag, focusable("Output")
    if tag[0] == "h" and tag[1:].isdigit():
        # The outline of the page is the page's own.
        return "p", {"class": "out-heading"}
    if tag == "span" and "paragraph" in classes:
        return "p", {}
    if tag == "span" and "markdown" in classes:
        return "div", {}
    if tag == "div" and "display: flex" in style:
        return tag, {"class": "out-row" if "flex-direction: row" in style else "out-stack"}
    return tag, {}


def _drawing(element: Element) -> Html:
    """A drawing that a cell made: its shapes, and nothing that could act."""
    if element.tag not in _SHAPES:
        raise ProvenError(f"no renderer for <{element.tag}> in a drawing")
    shapes = (x if isinstance(x, str) else _drawing(x) for x in contents(element))
    kept = {k: v for k, v in element.items() if k in _DRAWN}
    return h(element.tag, join(shapes), **kept)


def _json(data: Any) -> Html:
    """A value as marimo sends it: a leaf may be `text/html:<…>` or plain."""
    if isinstance(data, dict):
        return h("ul", *(h("li", h("code", k), ": ", _json(v)) for k, v in data.items()))
    if isinstance(data, list):
        return h("ul", *(h("li", _json(v)) for v in data))
    if isinstance(data, str):
        mime, colon, rest = data.partition(":")
        if colon and mime in _MARKUP:
            return _inside(parsed(rest))
        if colon and mime.startswith("text/plain"):
            data = rest
    return h("code", data if isinstance(data, str) else json.dumps(data))


# marimo's elements that hold others -----------------------------------------


def _callout(element: Element) -> Html:
    inner = _inside(parsed(value(element, "html", "")))
    return h("div", inner, class_="out-callout", data_kind=value(element, "kind", ""))


def _folds(element: Element) -> Html:
    labels = value(element, "labels") or value(element, "tabs", [])
    return join(
        h("details", h("summary", text(label)), _node(body), open=True)
        for label, body in zip(labels, elements(element), strict=True)
    )


def _json_output(element: Element) -> Html:
    return h("div", _json(value(element, "json-data")), class_="out-json")


_DRAW: dict[str, Draw] = WIDGETS | {
    "svg": _drawing,
    "marimo-ui-element": _inside,
    "marimo-dict": _inside,
    "marimo-callout-output": _callout,
    "marimo-accordion": _folds,
    "marimo-tabs": _folds,
    "marimo-json-output": _json_output,
}
