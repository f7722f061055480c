"""Tables whose columns are runs: each cell leads to the place where its run is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from proven.errors import ProvenError
from proven.html import Html, h
from proven.page.runs import anchor
from proven.page.site import Page
from proven.record import Record


class Column(NamedTuple):
    """One run: its heading, the id of the place on the page where it is shown."""

    heading: str
    anchor: str
    record: Record


def columns_of(page: Page, named: Mapping[str, str]) -> Iterator[Column]:
    """The columns; `named` gives the headings, each with a `NAME::MODE`.

    Raises:
        ProvenError: there is no such run, or no record of it.
    """
    for heading, name in named.items():
        run = page.project.run(name)
        record = run.record
        if record is None:
            raise ProvenError(f"no record of {run}; {run.hint}")
        yield Column(heading, anchor(run), record)


def row(name: str, texts: Iterable[str], columns: Sequence[Column]) -> Html:
    """A row of the table; a dash stands where a run has nothing."""
    cells = (_cell(name, text, column) for text, column in zip(texts, columns, strict=True))
    return h("tr", h("th", name, scope="row"), *cells)


def _cell(name: str, text: str, column: Column) -> Html:
    said = text if text != "–" else "does not run"
    label = f"{name}, {column.heading}: {said}"
    return h("td", h("a", text, href=f"#{column.anchor}", aria_label=label))
