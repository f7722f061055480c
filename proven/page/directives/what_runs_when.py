"""The directive `what-runs-when`: a table from the records of a notebook that tells what it saw.

The notebook writes a line `WHAT | MODE | FOLDER` into `seen.txt` wherever something
runs, and prints `printed by WHAT`. Its sidecar keeps the file, so each column of the
table is one record, and nothing in the table is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from proven.errors import ProvenError
from proven.html import Html, h, join
from proven.page import pieces
from proven.page.columns import Column, columns_of, row
from proven.page.directive import Directive
from proven.page.site import Lines, Page
from proven.snippet import Snippet

_SAW = re.compile(r'^\s*saw\("([^"]+)"\)', re.M)
_LOG = re.compile(r"^(INFO|WARNING|ERROR|DEBUG) +\| ")

# Where a text of a record was seen, in the reader's words.
_TERMINAL = "terminal"
_CELL = "below the cell"
_RUN = "the run's log"
_NOWHERE = "nowhere"


class WhatRunsWhenDirective(Directive, frozen=True):
    """The table of what runs when; the name is that of the notebook that tells it."""

    word: ClassVar[str] = "what-runs-when"

    columns: dict[str, str]
    """Headings, each with the run that it shows: `app: modes/probe.py::run`."""

    def expand(self, name: str, page: Page) -> Lines:
        """The table; each cell links to its run, which stands elsewhere on the page."""
        columns = [Seen(*column) for column in columns_of(page, self.columns)]
        return page.html(table(page.project.find(name), columns))


class Seen(Column):
    """A run of the notebook, and what it saw."""

    @property
    def seen(self) -> dict[str, tuple[str, str]]:
        """What ran, with the mode and the working directory that it saw.

        Raises:
            ProvenError: the record keeps no such lines.
        """
        for name, lines in self.record.kept.items():
            if name.rpartition("/")[2] == "seen.txt":
                rows = (line.split(" | ") for line in lines)
                return {what: (mode, folder) for what, mode, folder in rows}
        raise ProvenError(f"{self.record.snippet}::{self.record.mode} keeps no seen.txt")

    @property
    def folder(self) -> str:
        """The working directory, seen from the notebook's folder."""
        folders = {folder for _, folder in self.seen.values()}
        names = {".": "the notebook's folder", "..": "where it was started, one above"}
        return ", ".join(names.get(folder, folder) for folder in sorted(folders))

    def printed(self, what: str) -> str:
        """Where the print of this was seen."""
        return self._place(lambda line: line.endswith(f"printed by {what}"))

    @property
    def prints(self) -> str:
        """Where prints go, and whose are lost."""
        places: dict[str, list[str]] = {}
        for what in self.seen:
            places.setdefault(self.printed(what), []).append(what)
        # The place of most prints, then those that go elsewhere.
        first, *others = sorted(places, key=lambda place: -len(places[place]))
        return "; ".join([first, *(f"{p} of: {', '.join(places[p])}" for p in others)])

    @property
    def logs(self) -> str:
        """Where Prefect's log goes."""
        return self._place(lambda line: bool(_LOG.match(line))) if "flow" in self.seen else "–"

    def _place(self, sought: Callable[[str], bool]) -> str:
        record = self.record
        cells = [line for s in record.steps for cell in s.cells for line in cell.console]
        if any(map(sought, cells)):
            return _CELL
        if any(map(sought, record.console)):
            return _RUN if record.mode == "worker" else _TERMINAL
        return _NOWHERE


def table(snippet: Snippet, columns: Sequence[Seen]) -> Html:
    """The table as HTML; each cell is a link to the run that it comes from.

    Raises:
        ProvenError: a run saw something that the notebook does not name.
    """
    rows = list(dict.fromkeys(_SAW.findall(snippet.text)))
    for column in columns:
        if strange := sorted(column.seen.keys() - set(rows)):
            raise ProvenError(f"{snippet.name} names nothing like {strange[0]!r}")
    body = [row(what, (_ran(c, what) for c in columns), columns) for what in rows]
    body += [
        row("working directory", (c.folder for c in columns), columns),
        row("a print is seen", (c.prints for c in columns), columns),
        row("Prefect's log is seen", (c.logs for c in columns), columns),
    ]
    heads = ["What", *(c.heading for c in columns)]
    caption = join(["Runs or not, and the value of ", h("code", "mo.app_meta().mode"), " there"])
    return pieces.scroll(
        pieces.table(heads, body, caption), "What runs when", more=" what-runs-when"
    )


def _ran(column: Seen, what: str) -> str:
    if what not in column.seen:
        return "–"
    return f"runs, {column.seen[what][0]}"
