"""Draw marimo's widgets so that they stand still: each is a disabled control."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from proven.errors import ProvenError
from proven.html import Element, Html, h, join, text, value
from proven.page.pieces import scroll, table

Draw = Callable[[Element], Html]


def _field(element: Element, *control: Html) -> Html:
    label = text(value(element, "label")) or element.tag.removeprefix("marimo-")
    return h("label", h("span", label), *control, class_="out-field")


def _input(kind: str) -> Draw:
    def draw(element: Element) -> Html:
        shown = value(element, "initial-value")
        shown = "" if shown is None else shown
        return _field(element, h("input", type=kind, value=str(shown), disabled=True))

    return draw


def _slider(element: Element) -> Html:
    shown, start, stop = (str(value(element, k)) for k in ("initial-value", "start", "stop"))
    bar = h("input", type="range", min=start, max=stop, value=shown, disabled=True)
    return _field(element, bar, h("output", shown))


def _text_area(element: Element) -> Html:
    return _field(element, h("span", value(element, "initial-value", ""), class_="out-area"))


def _toggle(element: Element) -> Html:
    checked = bool(value(element, "initial-value"))
    return _field(element, h("input", type="checkbox", disabled=True, checked=checked))


def _select(element: Element) -> Html:
    chosen = value(element, "initial-value", [])
    options = (h("option", o, selected=o in chosen) for o in value(element, "options", []))
    many = element.tag == "marimo-multiselect"
    return _field(element, h("select", *options, disabled=True, multiple=many))


def _radio(element: Element) -> Html:
    chosen = value(element, "initial-value")
    options = (
        h("label", h("input", type="radio", disabled=True, checked=o == chosen), o)
        for o in value(element, "options", [])
    )
    legend = h("legend", text(value(element, "label")) or "choice")
    return h("fieldset", legend, *options, class_="out-field")


def _button(element: Element) -> Html:
    label = text(value(element, "label")) or "button"
    return h("button", label, type="button", class_="out-button", disabled=True)


def _table(element: Element) -> Html:
    rows = _rows(value(element, "data", ""))
    kinds = {name: kind[1] for name, kind in value(element, "field-types", [])}
    names = list(kinds) or [k for k in (rows[0] if rows else {}) if not k.startswith("_marimo")]
    heads = (join([n, " ", h("small", kinds.get(n, ""))]) for n in names)
    body = (h("tr", *(h("td", row.get(n)) for n in names)) for row in rows)
    total = value(element, "total-rows", len(rows))
    rest = f"{len(rows)} of {total} rows" if total != len(rows) else ""
    return scroll(table(heads, body, rest), f"Table: {', '.join(names)}")


def _rows(data: Any) -> list[dict[str, Any]]:
    rows = json.loads(data) if isinstance(data, str) and data.startswith("[") else data
    if not isinstance(rows, list):
        raise ProvenError("no renderer for <marimo-table> whose rows are not in the output")
    return rows


def _stat(element: Element) -> Html:
    label, shown, caption = (value(element, k) for k in ("label", "value", "caption"))
    small = h("small", caption) if caption else ""
    return h("p", label or "", " ", h("strong", shown), small, class_="out-stat")


def _lazy(element: Element) -> Html:
    return h("p", h("em", "Loaded when it scrolls into view."))


WIDGETS: dict[str, Draw] = {
    "marimo-text": _input("text"),
    "marimo-text-area": _text_area,
    "marimo-number": _input("number"),
    "marimo-date": _input("date"),
    "marimo-slider": _slider,
    "marimo-checkbox": _toggle,
    "marimo-switch": _toggle,
    "marimo-dropdown": _select,
    "marimo-multiselect": _select,
    "marimo-radio": _radio,
    "marimo-button": _button,
    "marimo-table": _table,
    "marimo-stat": _stat,
    "marimo-lazy": _lazy,
}
"""How each of marimo's elements is drawn. To show one more kind, add a function."""
