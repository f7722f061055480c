"""What the run printed; folded, all that it logged."""

from __future__ import annotations

from collections.abc import Collection

from proven.html import Html, h
from proven.page.log import level, logged, mixed, printed
from proven.page.pieces import Fold, count, focusable, pre
from proven.record import Record

PLACE = 4
_TONES = {"WARNING": "harm", "ERROR": "bad", "CRITICAL": "bad"}


def figure(record: Record, cells: Collection[str]) -> Html:
    """What the run printed; a cell's prints stand with the cell."""
    return prints(record, record.console, f"printed, {record.mode.label}")


def prints(record: Record, lines: list[str], label: str) -> Html:
    """The lines that were printed, if there are any."""
    shown = printed(lines) if mixed(record, lines) else lines
    return pre(shown, label, class_="prints") if shown else Html()


def fold(record: Record, cells: Collection[str]) -> Fold | None:
    """The log as it was written, with prints and tracebacks in it."""
    lines = logged(record)
    if not lines:
        return None
    text = h("pre", *map(_line, lines), class_="log", **focusable(f"Log, {record.mode.label}"))
    return Fold("Log", count(len(lines), "line"), text)


def _line(line: str) -> Html:
    kind = level(line)
    tone = f" logline--{_TONES[kind]}" if kind in _TONES else ""
    return h("span", f"{line}\n", class_=f"logline{tone}" if kind else "logline logline--plain")
