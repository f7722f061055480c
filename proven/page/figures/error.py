"""What stopped the run: the exception, or the finding of marimo check."""

from __future__ import annotations

from collections.abc import Collection

from proven.html import Html, h
from proven.page.icons import icon
from proven.page.pieces import pre
from proven.record import Error, Record

PLACE = 2


def figure(record: Record, cells: Collection[str]) -> Html:
    """The run's own error."""
    return error(record.error)


def error(error: Error | None) -> Html:
    """Its type, its place in the file, its message."""
    if error is None:
        return Html()
    places = [f"cell {error.cell}"] if error.cell else []
    places += [f"line {error.line}"] if error.line else []
    where = h("small", ", ".join(places)) if places else Html()
    head = h("p", icon("bad"), h("b", error.type), " ", where)
    message = pre(error.message, f"Message of {error.type}") if error.message else Html()
    return h("div", head, message, class_="run-error")
