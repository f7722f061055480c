"""The flow runs: each drawn as a list; folded, the table of what Prefect kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from proven.html import Html, h, join
from proven.page.drawing import drawings, reason
from proven.page.pieces import Fold, count, focusable, scroll, table
from proven.record import Record

PLACE = 1
MANY = 30
"""As many runs stand in the open."""
_HEADS = ("Run", "Kind", "State", "Attempts", "After")


def figure(record: Record, cells: Collection[str]) -> Html:
    """The drawings; many scroll inside."""
    drawn = join(drawings(record))
    if len(list(_rows(record))) <= MANY:
        return drawn
    return h("div", drawn, class_="drawings", **focusable("Flow runs"))


def fold(record: Record, cells: Collection[str]) -> Fold | None:
    """A row for each flow run and task run."""
    rows = list(_rows(record))
    if not rows:
        return None
    # What failed and why stands in the log, which is searched.
    shown = scroll(table(_HEADS, rows), "What Prefect kept", data_search_exclude=True)
    return Fold("Table", f"{count(len(rows), 'run')} as Prefect kept them", shown)


def _rows(record: Record) -> Iterator[Html]:
    for flow in record.flows:
        yield _row(flow.flow, "flow", flow.state, flow.message, 1, [])
        for t in flow.tasks:
            yield _row(t.name, "task", t.state, t.message, t.attempts, t.after)
    for t in record.tasks:
        yield _row(t.name, "task", t.state, t.message, t.attempts, t.after)


def _row(
    name: str, kind: str, state: str, message: str, attempts: int, after: Collection[str]
) -> Html:
    # "All states completed." beside Completed says nothing.
    said = "" if state in ("Completed", "Cached") else f" {reason(message)}".rstrip()
    cells = (kind, state + said, attempts, ", ".join(after) or "–")
    return h("tr", h("th", name, scope="row"), *(h("td", cell) for cell in cells))
