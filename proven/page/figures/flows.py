"""The flow runs: each drawn, with its subflows inside; below, the states of them all."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from proven.html import Html, h, join
from proven.page import graph
from proven.page.pieces import badge, scroll, table
from proven.record import FlowRun, Record

PLACE = 4


def figure(record: Record, cells: Collection[str]) -> Html:
    """The drawings, then the tables."""
    drawn = (
        scroll(
            graph.svg(flow, record.flows),
            f"The run of {flow.flow}, drawn",
            data_search_exclude=True,
        )
        for flow in graph.roots(record.flows)
    )
    return join([*drawn, *map(_states, record.flows)])


def _states(flow: FlowRun) -> Html:
    rows = [_row(flow.flow, "flow", flow.state, flow.message, 1, [])]
    rows += [_row(t.name, "task", t.state, t.message, t.attempts, t.after) for t in flow.tasks]
    heads = ("Run", "Kind", "State", "Runs", "After")
    kept = table(heads, rows, "What Prefect kept")
    # What failed and why stands in the log, which is searched.
    return scroll(kept, f"States of {flow.flow}", data_search_exclude=True)


def _row(
    name: str, kind: str, state: str, message: str, attempts: int, after: Sequence[str]
) -> Html:
    # "All states completed." under a badge that says Completed says nothing.
    said = "" if not message or state in ("Completed", "Cached") else f" {message}"
    cells = (kind, join([badge(state), said]), attempts, ", ".join(after) or "–")
    return h("tr", h("th", name, scope="row"), *(h("td", cell) for cell in cells))
