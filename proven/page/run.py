"""Turn a record into HTML that stands still: no JavaScript, every widget disabled."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from proven.errors import ProvenError
from proven.html import Html, h
from proven.page.figures import FIGURES
from proven.page.icons import icon
from proven.page.pieces import fold
from proven.record import Record


def show(
    record: Record,
    only: Collection[str] = (),
    cells: Collection[str] = (),
    *,
    head: bool = True,
    harm: str = "",
) -> Html:
    """One run: what it showed, printed and left behind; folded, the rest; last, where it is from.

    Args:
        record: the run.
        only: the figures to show; empty means all.
        cells: the cells whose outputs to show; empty means all.
        head: whether to say how it ended, and when it was made.
        harm: what a probe saw in a run that passed and should not count as well.

    Raises:
        ProvenError: an output is of a kind that nothing here can show.
    """
    source = f"{record.snippet}::{record.mode}"
    figures = [figure for name, figure in FIGURES.items() if not only or name in only]
    try:
        shown = [figure.show(record, cells) for figure in figures]
        # Who doubts asks for the log first.
        folds = [found for figure in reversed(figures) if (found := figure.fold(record, cells))]
    except ProvenError as e:
        raise ProvenError(f"{source}, {e}") from None
    seen = h("p", icon("harm"), harm, class_="run-harm") if harm else Html()
    below = h("div", *map(fold, folds), class_="folds") if folds else Html()
    made = h("p", " · ".join(_made(record)), class_="meta", data_search_exclude=True)
    # The page check holds every block below against the record that is named here.
    return h("div", seen, *shown, below, made if head else Html(), class_="run", data_run=source)


def state(record: Record, harm: str = "") -> str:
    """What came of it, in a word."""
    return "harm" if harm else "passed" if record.passed else "failed"


def _made(record: Record) -> Iterator[str]:
    """How it ended, when it was made, and with what."""
    if record.exit is not None:
        yield f"exit status {record.exit}"
    if record.info.date:
        yield f"recorded {record.info.date[:10]}"
    versions = record.info.versions
    yield from (f"{name} {versions[key]}" for key, name in _NAMED.items() if key in versions)


_NAMED = {"prefect": "Prefect", "marimo": "marimo"}
