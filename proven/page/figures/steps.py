"""What each step of an open notebook showed, cell by cell."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from proven.errors import ProvenError
from proven.html import Html, h, join
from proven.page import outputs
from proven.page.figures.console import console
from proven.page.figures.error import error
from proven.page.pieces import pre
from proven.record import CellRun, CellStatus, Record, Step

PLACE = 1
# A cell that another's stop kept from running is why a page shows nothing of it.
_STATUSES: tuple[CellStatus, ...] = ("ran", "stopped", "skipped", "failed")
assert set(_STATUSES) == set(get_args(CellStatus))


def figure(record: Record, cells: Collection[str]) -> Html:
    """The steps, each with the cells that said something in it."""
    return join(_step(step, cells) for step in record.steps)


def _step(step: Step, cells: Collection[str]) -> Html:
    shown = [c for c in step.cells if not cells or c.name in cells]
    spoken = [_cell(c) for c in shown if c.output or c.console or c.error]
    head = h("p", h("strong", step.do), _tally(shown), class_="run-do")
    return h("div", head, *spoken, *_saved(step), class_="run-step")


def _tally(shown: list[CellRun]) -> Html:
    counts = {s: sum(c.status == s for c in shown) for s in _STATUSES}
    tally = ", ".join(f"{n} {status}" for status, n in counts.items() if n)
    return (
        h("span", f"cells: {tally}", class_="run-tally", data_search_exclude=True)
        if tally
        else Html()
    )


def _saved(step: Step) -> list[Html]:
    if step.saved is None:
        return []
    if not step.saved:
        return [h("p", "The save left the file as it was, byte for byte.")]
    return [h("p", "The save changed the file:"), pre(step.saved, "Lines changed")]


def _cell(cell: CellRun) -> Html:
    where = f"cell {cell.name}"
    try:
        output = outputs.show(cell.output, where) if cell.output else Html()
    except ProvenError as e:
        raise ProvenError(f"{where}: {e}") from None
    said = console(cell.console, f"Console of {where}")
    shown = h("div", output, error(cell.error), said, class_="run-shown")
    return h("div", h("p", cell.name, class_="run-name"), shown, class_="run-cell")
