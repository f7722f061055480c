"""Turn a record into HTML that stands still: no JavaScript, every widget disabled."""

from __future__ import annotations

from collections.abc import Collection

from proven.errors import ProvenError
from proven.html import Html, h, join
from proven.page.figures import FIGURES
from proven.page.pieces import badge
from proven.record import Record


def show(
    record: Record,
    only: Collection[str] = (),
    cells: Collection[str] = (),
    *,
    head: bool = True,
    harm: str = "",
) -> Html:
    """One run: its outcome, then what it showed, printed and left behind.

    Args:
        record: the run.
        only: the figures to show; empty means all.
        cells: the cells whose outputs to show; empty means all.
        head: whether to begin with the outcome.
        harm: what a probe saw in a run that passed and should not count as well.

    Raises:
        ProvenError: an output is of a kind that nothing here can show.
    """
    source = f"{record.snippet}::{record.mode}"
    try:
        shown = [FIGURES[f](record, cells) for f in FIGURES if not only or f in only]
    except ProvenError as e:
        raise ProvenError(f"{source}, {e}") from None
    outcome = _outcome(record, harm) if head else Html()
    # The page check holds every block below against the record that is named here.
    return h("div", outcome, *shown, class_="run", data_run=source)


def _outcome(record: Record, harm: str) -> Html:
    word = "harm" if harm else "passed" if record.passed else "failed"
    facts = [record.mode.did]
    if record.exit is not None:
        facts.append(f"exit status {record.exit}")
    if record.info.date:
        facts.append(f"recorded {record.info.date[:10]}")
    line = h(
        "p", badge(word), " ", " · ".join(facts), class_="run-outcome", data_search_exclude=True
    )
    return join([line, h("p", harm, class_="run-harm")] if harm else [line])
