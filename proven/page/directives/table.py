"""The directive `table`: what runs wrote into a file that their records keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from proven.errors import ProvenError
from proven.html import Html
from proven.page import pieces
from proven.page.columns import Column, columns_of, row
from proven.page.directive import Directive
from proven.page.site import Lines, Page


class TableDirective(Directive, frozen=True):
    """A table of what runs wrote into a file, whose lines are `WHAT | TEXT`."""

    word: ClassVar[str] = "table"

    file: str
    """The file; the sidecar of each run keeps it."""
    columns: dict[str, str]
    """Headings, each with its run. Under an empty heading the file's first line gives the
    headings, and each line may have many texts."""

    def expand(self, name: str, page: Page) -> Lines:
        """The table; each cell links to its run, which stands elsewhere on the page."""
        page.project.find(name)
        return page.html(table(name, list(columns_of(page, self.columns)), self.file))


def table(name: str, columns: Sequence[Column], file: str) -> Html:
    """The table as HTML.

    Raises:
        ProvenError: a run keeps no such file.
    """
    parts = [part for column in columns for part in _parts(column, file)]
    rows = dict.fromkeys(what for _, texts in parts for what in texts)
    shown = [column for column, _ in parts]
    body = [row(what, (texts.get(what, "–") for _, texts in parts), shown) for what in rows]
    made = pieces.table(["What", *(column.heading for column in shown)], body)
    return pieces.scroll(made, f"What {name} wrote", more=" what-runs-when")


def _parts(column: Column, file: str) -> Iterator[tuple[Column, dict[str, str]]]:
    """Each column of texts that a run wrote, with its heading."""
    kept = column.record.kept.get(file)
    if not kept:
        raise ProvenError(f"{column.record.snippet}::{column.record.mode} keeps no {file}")
    lines = [line.split(" | ") for line in kept]
    headings = [column.heading] if column.heading else lines.pop(0)[1:]
    for at, heading in enumerate(headings, 1):
        yield column._replace(heading=heading), {line[0]: line[at] for line in lines}
