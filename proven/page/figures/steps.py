"""What each step of an open notebook showed, cell by cell."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from proven.errors import ProvenError
from proven.html import Html, h, join
from proven.page import outputs
from proven.page.figures.console import prints
from proven.page.figures.error import error
from proven.page.pieces import pre
from proven.record import CellRun, CellStatus, Record, Step

PLACE = 3
# A cell that another's stop kept from running is why a page shows nothing of it.
_STATUSES: tuple[CellStatus, ...] = ("ran", "stopped", "skipped", "failed")
assert set(_STATUSES) == set(get_args(CellStatus))


def figure(record: Record, cells: Collection[str]) -> Html:
    """The steps, each with the cells that said something in it."""
    return join(_step(record, step, cells) for step in record.steps)


def _step(record: Record, step: Step, cells: Collection[str]) -> Html:
    shown = [c for c in step.cells if not cells or c.name in cells]
    spoken = [_cell(record, c) for c in shown if c.output or c.console or c.error]
    head = h("p", h("b", step.do), _tally(shown), class_="run-do")
    return h("div", head, *spoken, *_saved(step), class_="run-step")


def _tally(shown: list[CellRun]) -> Html:
    counts = {s: sum(c.status == s for c in shown) for s in _STATUSES}
    tally = ", ".join(f"{n} {status}" for status, n in counts.items() if n)
    if not tally:
        return Html()
    return h("span", f"cells: {tally}", class_="run-tally", data_search_exclude=True)


def _saved(step: Step) -> list[Html]:
    if step.saved is None:
        return []
    if not step.saved:
        return [h("p", "The save left the file as it was, byte for byte.")]
    changed = pre(step.saved, "Lines changed", class_="prints")
    return [h("p", "The save changed the file:"), changed]


def _cell(record: Record, cell: CellRun) -> Html:
    where = f"cell {cell.name}"
    try:
        output = outputs.show(cell.output, where) if cell.output else Html()
    except ProvenError as e:
        raise ProvenError(f"{where}: {e}") from None
    shown = [output, error(cell.error), prints(record, cell.console, f"printed by {where}")]
    if not any(shown):  # it only logged
        return Html()
    name = h("p", cell.name, class_="run-name")
    return h("div", name, h("div", *shown, class_="run-shown"), class_="run-cell")
