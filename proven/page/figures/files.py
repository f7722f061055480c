"""What the run left in its folder: the names, and the text of those that are kept."""

from __future__ import annotations

from collections.abc import Collection

from proven.html import Html, h, join
from proven.page.pieces import pre
from proven.record import Record

PLACE = 6


def figure(record: Record, cells: Collection[str]) -> Html:
    """The names in a line, then each kept text."""
    names = join((h("code", name) for name in record.files), ", ")
    left = h("p", "Files left behind: ", names, class_="run-files") if names else Html()
    return join([left, *(_text(name, lines) for name, lines in record.kept.items())])


def _text(name: str, lines: list[str]) -> Html:
    return join([h("p", h("code", name), ":"), pre(lines, f"Content of {name}", class_="prints")])
