"""Find the widgets that an output shows, by the label that the reader sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from proven.html import elements, parsed, text, value


@dataclass(frozen=True)
class Widget:
    """One widget in a cell's output: its element, its label, its id for the kernel."""

    object_id: str
    tag: str
    label: str


def widgets(html: str) -> Iterator[Widget]:
    """The widgets that this output shows."""
    if "marimo-ui-element" not in html:
        return
    for frame in parsed(html).iter("marimo-ui-element"):
        for child in elements(frame):
            yield Widget(frame.get("object-id", ""), child.tag, text(value(child, "label")))
