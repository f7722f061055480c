"""Tell in text what HTML shows: the output of a cell, or a table that a directive made."""

from __future__ import annotations

import re
from collections.abc import Callable

from proven.errors import ProvenError
from proven.html import Element, contents, parsed
from proven.page import outputs
from proven.record import Output

_BLOCKS = frozenset(
    {"p", "div", "li", "ul", "ol", "pre", "tr", "table", "label", "h1", "h2", "h3", "fieldset"}
)
_BLANKS = re.compile(r"\s*\n\s*\n\s*")
_SPACES = re.compile(r"[ \t]+")


def of_output(output: Output, where: str) -> str:
    """What the cell showed; a widget by its label and what it stands at."""
    try:
        return of_html(outputs.show(output, where))
    except ProvenError as e:
        raise ProvenError(f"{where}: {e}") from None


def of_html(html: str) -> str:
    """The text of some HTML, its tables as tables of Markdown."""
    text = "".join(map(_node, contents(parsed(html))))
    return str(_BLANKS.sub("\n\n", text).strip())


def _node(node: str | Element) -> str:
    if isinstance(node, str):
        return re.sub(r"\s+", " ", node)
    if node.tag == "table":
        return f"\n\n{_table(node)}\n\n"
    if node.tag == "pre":
        return f"\n{node.text_content()}\n"
    if node.tag in _TOLD:
        return _TOLD[node.tag](node)
    inner = "".join(map(_node, contents(node)))
    if node.tag == "code":
        return f"`{inner}`" if inner else ""
    return f"\n{inner}\n" if node.tag in _BLOCKS else inner


def _table(table: Element) -> str:
    rows = [[_cell(cell) for cell in row.iter("th", "td")] for row in table.iter("tr")]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    caption = "".join(f"{c.text_content()}\n\n" for c in table.iter("caption"))
    return caption + "\n".join([*lines[:1], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def _cell(cell: Element) -> str:
    text = "".join(map(_node, contents(cell)))
    return " ".join(text.split()).replace("|", "\\|")


def _input(element: Element) -> str:
    if element.get("type") in ("checkbox", "radio"):
        return " [x] " if element.get("checked") is not None else " [ ] "
    # A slider says its value beside itself.
    return "" if element.get("type") == "range" else f" [{element.get('value', '')}]"


def _select(element: Element) -> str:
    chosen = [o.text_content() for o in element.iter("option") if o.get("selected") is not None]
    return f" [{', '.join(chosen)}]"


def _drawing(element: Element) -> str:
    return f"(a drawing: {' '.join(element.text_content().split())})"


_TOLD: dict[str, Callable[[Element], str]] = {
    "input": _input,
    "select": _select,
    "button": lambda element: f"[{element.text_content()}]",
    "output": lambda element: f" [{element.text_content()}]",
    "img": lambda element: f"(a picture: {element.get('alt') or 'without a description'})",
    "svg": lambda element: "" if element.get("aria-hidden") else _drawing(element),
    "br": lambda element: "\n",
    # What chooses among the rows of a page has nothing to choose here.
    "form": lambda element: "",
}
