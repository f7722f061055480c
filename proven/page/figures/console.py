"""What the run printed and logged."""

from __future__ import annotations

from collections.abc import Collection

from proven.html import Html
from proven.page.pieces import pre
from proven.record import Record

PLACE = 3


def figure(record: Record, cells: Collection[str]) -> Html:
    """The run's own console; a cell's stands with the cell."""
    return console(record.console, f"Console, {record.mode}")


def console(lines: list[str], label: str) -> Html:
    """The lines, if there are any."""
    return pre(lines, label) if lines else Html()
