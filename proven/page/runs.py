"""Put recorded runs on a page as tabs, and say what there is against their records."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from proven.html import Html, h, join
from proven.judge import harm
from proven.page import pieces
from proven.page.run import show
from proven.page.site import Page
from proven.project import Run


def anchor(run: Run) -> str:
    """The id of the place on a page where this run is first shown."""
    return f"run-{re.sub(r'[^a-z0-9]+', '-', run.snippet.name.lower())}-{run.mode}"


def tabs(
    page: Page,
    runs: Iterable[Run],
    only: Collection[str] = (),
    cells: Collection[str] = (),
    *,
    head: bool = False,
) -> Html:
    """A tab for each run of one snippet.

    Args:
        page: the page that gets them.
        runs: the runs.
        only: the figures to show; empty means all.
        cells: the cells whose outputs to show; empty means all.
        head: whether each begins with its outcome where only some figures are shown.
    """
    items, key = [], ""
    for run in runs:
        key = key or run.key  # they are of one snippet, so they have one key
        id_ = page.anchor(anchor(run))
        items.append((id_, run.mode.label, _one(page, run, key, only, cells, head or not only)))
    return pieces.tabs(f"{items[0][0]}-tabs", items)


def _one(
    page: Page, run: Run, key: str, only: Collection[str], cells: Collection[str], head: bool
) -> Html:
    if reason := run.left_out:
        return h("p", f"Not run: {reason.reason}", class_="run-outcome")
    record = run.record
    if record is None:
        return _state(page, run) or page.warning(f"no record of {run}; {run.hint}")
    marks = Html()
    if record.key != key:
        changed = f"{run.snippet.name} has changed since {run} was recorded; {run.hint}"
        marks = _state(page, run) or page.warning(changed)
    return join([marks, show(record, only, cells, head=head, harm=harm(run, record))])


def _state(page: Page, run: Run) -> Html:
    """Under `mkdocs serve`: that the run is being made again, or how it failed."""
    state = page.site.state(run)
    return pieces.box(*state) if state else Html()
