"""What runs when: a table made from the records of one notebook that tells what it saw.

The notebook writes a line `WHAT | MODE | FOLDER` into `seen.txt` wherever something
runs, and prints `printed by WHAT`. Its sidecar keeps the file, so each column of the
table is one record, and nothing in the table is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape

from proven.errors import ProvenError
from proven.record import Record
from proven.snippet import Snippet

_SAW = re.compile(r'^\s*saw\("([^"]+)"\)', re.M)
_LOG = re.compile(r"^(INFO|WARNING|ERROR|DEBUG) +\| ")

# Where a text of a record was seen, in the reader's words.
_TERMINAL = "terminal"
_CELL = "below the cell"
_RUN = "the run's log"
_NOWHERE = "nowhere"


@dataclass(frozen=True)
class Column:
    """One run: its heading, the id of the place on the page where it is shown."""

    heading: str
    anchor: str
    record: Record

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


def table(snippet: Snippet, columns: Sequence[Column]) -> str:
    """The table as HTML; each cell is a link to the run that it comes from.

    Raises:
        ProvenError: a run saw something that the notebook does not name.
    """
    rows = list(dict.fromkeys(_SAW.findall(snippet.text)))
    for column in columns:
        if strange := sorted(column.seen.keys() - set(rows)):
            raise ProvenError(f"{snippet.name} names nothing like {strange[0]!r}")
    head = "".join(f'<th scope="col">{escape(c.heading)}</th>' for c in columns)
    body = [_row(what, [_ran(c, what) for c in columns], columns) for what in rows]
    body += [
        _row("working directory", [c.folder for c in columns], columns),
        _row("a print is seen", [c.prints for c in columns], columns),
        _row("Prefect's log is seen", [c.logs for c in columns], columns),
    ]
    return (
        '<div class="run-scroll truth" tabindex="0" role="group" aria-label="What runs when">'
        '<table class="run-table"><caption>Runs or not, and the value of '
        "<code>mo.app_meta().mode</code> there</caption>"
        f'<thead><tr><th scope="col">What</th>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def plain(name: str, columns: Sequence[Column], file: str) -> str:
    """A table of what each run wrote into its kept `file`: lines of `WHAT | TEXT`.

    A column without a heading takes those of its file's first line, and may hold many.

    Raises:
        ProvenError: a run keeps no such file.
    """
    parts = [part for column in columns for part in _parts(column, file)]
    rows = list(dict.fromkeys(what for _, texts in parts for what in texts))
    head = "".join(f'<th scope="col">{escape(c.heading)}</th>' for c, _ in parts)
    shown = [column for column, _ in parts]
    body = [_row(what, [texts.get(what, "–") for _, texts in parts], shown) for what in rows]
    return (
        f'<div class="run-scroll truth" tabindex="0" role="group" aria-label="What {escape(name)} '
        'wrote"><table class="run-table">'
        f'<thead><tr><th scope="col">What</th>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _parts(column: Column, file: str) -> list[tuple[Column, dict[str, str]]]:
    """Each column of texts that a run wrote, with its heading."""
    kept = column.record.kept.get(file)
    if not kept:
        raise ProvenError(f"{column.record.snippet}::{column.record.mode} keeps no {file}")
    lines = [line.split(" | ") for line in kept]
    headings = [column.heading] if column.heading else lines.pop(0)[1:]
    return [
        (replace(column, heading=heading), {line[0]: line[at] for line in lines})
        for at, heading in enumerate(headings, 1)
    ]


def _ran(column: Column, what: str) -> str:
    if what not in column.seen:
        return "–"
    return f"runs, {column.seen[what][0]}"


def _row(name: str, texts: Sequence[str], columns: Sequence[Column]) -> str:
    cells = "".join(
        f'<td><a href="#{c.anchor}" aria-label="{escape(name)}, {escape(c.heading)}: '
        f'{escape(text if text != "–" else "does not run")}">{escape(text)}</a></td>'
        for text, c in zip(texts, columns, strict=True)
    )
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'
