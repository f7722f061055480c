"""What the import gave: the flows and tasks of the module."""

from __future__ import annotations

from collections.abc import Collection

from proven.html import Html, h
from proven.record import Record

PLACE = 5


def figure(record: Record, cells: Collection[str]) -> Html:
    """A line for each."""
    if not record.found:
        return Html()
    items = (h("li", h("code", name), f" is a {kind}") for name, kind in record.found.items())
    return h("ul", *items, class_="run-found")
