"""Modes with an open page: `edit` and `run`, their widgets driven step by step."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from proven.errors import ProvenError, Refused
from proven.record import CellRun, Error, Output, Step
from proven.run import console, report
from proven.run.editor import Editor
from proven.run.ends import Frame, Place, ended, in_cells, raised
from proven.run.job import Job
from proven.run.kernel import CellView, Notebook, Session
from proven.run.marks import Piece, crash_frames, read_notes
from proven.run.plain import run_script
from proven.sidecar import Action
from proven.widgets import Widget, widgets

_TRACEBACK = "application/vnd.marimo+traceback"
_TAG = re.compile(r"<[^>]+>")
_CELL_ID = re.compile(r"(?<=#cell_id=)\w*(?=:\d+:)")
_FRAME = re.compile(r'^ +File "(?P<file>.+)", line (?P<line>\d+)', re.M)


def edit(job: Job) -> None:
    """The notebook in the editor: a kernel process, `mode` is "edit"."""
    _drive(job, "edit")


def run(job: Job) -> None:
    """The notebook as an app: `mode` is "run"; prints go to the server's terminal."""
    _drive(job, "run")


def _drive(job: Job, mode: Literal["edit", "run"]) -> None:
    with Notebook(job.file, mode, job.env, job.folder / "marimo.log", job.project) as notebook:
        page = _Page(job, notebook)
        try:
            page.step("open", page.open)
            for action in getattr(job.scenario, mode):
                page.step(str(action), partial(page.do, action))
        except TimeoutError as e:
            job.record.error = Error("TimeoutError", str(e))
        except Refused as e:
            job.record.exit = notebook.process.exit
            job.record.error = _died(job, page) or _refused(job, e)
        finally:
            page.close()
            said = notebook.process.text if mode == "run" else ""
            server = page.pieces(said)
    job.scrub.port(notebook.port, 2718)
    job.look_up([*page.console, *server])
    job.record.steps = [
        Step(do, [_cell_run(job, page, c) for c in ran], saved) for do, ran, saved in page.steps
    ]
    job.record.files = job.made()
    if mode == "run":
        job.record.console = job.console(server)
    failed = (c.error for s in job.record.steps for c in s.cells if c.status == "failed")
    job.record.error = job.record.error or next(failed, None)
    if job.record.error and job.record.error.type == "internal":
        # The page of an app says only "internal error"; the terminal says which.
        traces = [piece.trace for piece in job.pieces(said) if piece.trace]
        error = raised(job, traces[-1], page.place) if traces else None
        job.record.error = error or job.record.error


def _refused(job: Job, why: Refused) -> Error:
    cell = job.snippet.cell_at(why.line) if why.line else None
    return Error(why.name, job.scrub.text(why.message), cell.name if cell else "", why.line)


def _died(job: Job, page: _Page) -> Error | None:
    """What a cell did to its kernel, where it noted it."""
    notes = [note for note in read_notes(job.notes) if note.kind in ("exit", "signal")]
    for last in reversed(notes):
        if (where := page.place(last.frames))[0]:
            # marimo answers a signal with an exit, in the same line: the signal came first.
            note = next(n for n in notes if page.place(n.frames) == where)
            exit = note.value + 128 if note.kind == "signal" else note.value % 256
            return ended(job, exit, page.place)
    where = page.place(crash_frames(job.notes))
    return Error("KernelDied", "the interpreter itself failed", *where) if where[0] else None


class _Page:
    """The open page: its session, and what each step made run."""

    def __init__(self, job: Job, notebook: Notebook) -> None:
        self._job = job
        self._notebook = notebook
        self._session: Session | None = None
        self._presses = 0
        self._saved: list[str] | None = None
        self.steps: list[tuple[str, list[CellView], list[str] | None]] = []
        self.names: dict[str, str] = {}
        self.console: list[Piece] = []
        temporary = Path(job.env["TMPDIR"])
        either = "|".join({re.escape(str(p)) for p in (temporary, temporary.resolve())})
        self._cell_file = re.compile(rf"(?:{either})/marimo_\d+/__marimo__cell_(?P<id>\w+?)_\.py")

    def step(self, do: str, act: Callable[[], None]) -> None:
        """Do one thing; keep the cells that ran, as they are now."""
        try:
            act()
        finally:
            session = self._session
            ran = [] if session is None else [_copy(cell) for cell in session.take()]
            self.steps.append((do, ran, self._saved))
            self._saved = None
            self.console += [piece for cell in ran for piece in self.said(cell)]

    def do(self, action: Action) -> None:
        """Do what the action says."""
        if action.set is not None:
            for label, value in action.set.items():
                self.set(label, value)
        elif action.press is not None:
            self.press(action.press)
        elif action.script is not None:
            self.script(action.script)
        elif action.save:
            self.save()
        else:
            self.open()

    def open(self) -> None:
        """Open the page, or open it anew."""
        self.close()
        self._session = self._notebook.open(self._job.scenario.limit)
        try:
            self._session.start()
        finally:
            self.names = {cell.id: cell.name for cell in self._session.cells.values()}

    def set(self, label: str, value: object) -> None:
        """Give the widget of this label a value, in the form that the browser posts."""
        widget = self._widget(label)
        many = widget.tag in ("marimo-dropdown", "marimo-multiselect")
        posted = [value] if many and not isinstance(value, list) else value
        self._open.set(widget.object_id, posted)

    def press(self, label: str) -> None:
        """Press the button of this label; the browser posts how often it was pressed."""
        self._presses += 1
        self._open.set(self._widget(label).object_id, self._presses)

    def script(self, args: list[str]) -> None:
        """Run the notebook as a script in the same folder, while the page is open."""
        self.console += self.pieces(run_script(self._job, args, self._job.env))

    def save(self) -> None:
        """Save a copy of the file in a browser; the open page knows nothing of it."""
        with Editor(self._job.env) as editor:
            self._saved = editor.saved(self._job.snippet)

    def close(self) -> None:
        """Close the page."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def said(self, cell: CellView) -> list[Piece]:
        """The console of a cell; marimo sends its tracebacks apart, as HTML."""
        found: list[Piece] = []
        for traceback, messages in groupby(cell.console, lambda c: c["mimetype"] == _TRACEBACK):
            text = "".join(_data(message) for message in messages)
            if traceback:
                trace = html.unescape(_TAG.sub("", text)).rstrip("\n") + "\n"
                found.append(Piece("", self._named(trace), "marimo", by_engine=True))
            else:
                found += self.pieces(text)
        return found

    def pieces(self, text: str) -> list[Piece]:
        """Output, its cells called by their names."""
        return self._job.pieces(self._named(text))

    def first_line(self, id: str) -> int:
        """The line of the snippet in which this cell begins, 0 where that is not known."""
        cells = self._job.snippet.cells
        return cells[list(self.names).index(id)].start if len(cells) == len(self.names) else 0

    def place(self, frames: list[Frame]) -> Place:
        """The cell and the line that these frames end in."""
        return in_cells(self._job, self.names, frames)

    def _named(self, text: str) -> str:
        return self._cell_file.sub(lambda m: f"cell {self.names.get(m['id'], m['id'])}", text)

    @property
    def _open(self) -> Session:
        assert self._session is not None
        return self._session

    def _widget(self, label: str) -> Widget:
        shown = [w for c in self._open.cells.values() if c.output for w in widgets(_data(c.output))]
        for widget in shown:
            if widget.label == label:
                return widget
        there = ", ".join(repr(w.label) for w in shown) or "none"
        raise ProvenError(
            f"snippets/{self._job.snippet.name}: no widget labelled {label!r} is shown; "
            f"there are: {there}"
        )


def _copy(cell: CellView) -> CellView:
    return CellView(cell.id, cell.name, cell.code, True, cell.status, cell.output, cell.console)


def _data(output: dict[str, Any]) -> str:
    data = output["data"]
    return data if isinstance(data, str) else json.dumps(data, sort_keys=True)


def _cell_run(job: Job, page: _Page, cell: CellView) -> CellRun:
    run = CellRun(cell.name, "ran", console=_console(job, page, cell))
    output = cell.output
    if output is None or output["data"] in ("", None, {}):
        return run
    if output["mimetype"] != "application/vnd.marimo+error":
        run.output = _output(job, output)
        return run
    error = output["data"][0]
    if error["type"] == "ancestor-stopped" or error.get("exception_type") == "Ancestor raised":
        run.status = "skipped"
        return run
    run.status = "failed"
    run.error = _error(job, page, cell, error)
    return run


def _console(job: Job, page: _Page, cell: CellView) -> list[str]:
    lines = job.console(page.said(cell))
    if not is_test(cell):
        return lines
    # The words are pytest's, which colours them for the editor. marimo reads the cell's id
    # out of a path, and where a folder's name has an underscore it reads another word.
    plain = [_CELL_ID.sub(cell.id, report.COLOUR.sub("", line)) for line in lines]
    return list(report.own_frames(plain))


def is_test(cell: CellView) -> bool:
    """Whether the editor runs this cell through pytest."""
    return cell.name.startswith("test_") or "def test_" in cell.code


def _output(job: Job, output: dict[str, Any]) -> Output:
    mime, data = output["mimetype"], _data(output)
    if mime == "application/vnd.marimo+mimebundle":
        bundle = json.loads(data)
        mime = next(iter(k for k in bundle if not k.startswith("__")))
        data = str(bundle[mime])
    return Output(mime, console.cut_line(job.scrub.shown(data), console.WHOLE))


def _error(job: Job, page: _Page, cell: CellView, error: dict[str, Any]) -> Error:
    """What marimo's error says, and where: the last frame in a cell of the snippet."""
    if error["type"] == "multiple-defs":
        message = f"{error['name']!r} is defined by another cell"
        return Error("multiple-definitions", message, cell.name, page.first_line(cell.id))
    # marimo's own traceback; of a cell of tests it is pytest's.
    said = [_data(c) for c in cell.console if c["mimetype"] == _TRACEBACK]
    text = html.unescape(_TAG.sub("", "".join(said)))
    frames = [(m["file"], int(m["line"])) for m in _FRAME.finditer(text)]
    name, line = page.place(frames)
    if error["type"] == "cycle":
        cells = " → ".join(
            f"{page.names[a]} ({', '.join(v)})" for a, v, _ in error["edges_with_vars"]
        )
        message = f"these cells need one another: {cells}"
        return Error("cycle-dependencies", message, cell.name, page.first_line(cell.id))
    kind = error.get("exception_type") or error["type"]
    message = job.scrub.engine(error.get("msg") or json.dumps(error))
    return Error(kind, message, name or cell.name, line)
