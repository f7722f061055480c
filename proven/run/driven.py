"""Modes with an open page: `edit` and `run`, their widgets driven step by step."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from proven.errors import ProvenError, Refused
from proven.record import CellRun, Error, Output, Step
from proven.run.editor import Editor
from proven.run.job import Job
from proven.run.kernel import CellView, Notebook, Session
from proven.run.plain import raised, run_script
from proven.sidecar import Action
from proven.widgets import Widget, widgets

_TRACEBACK = "application/vnd.marimo+traceback"
_TAG = re.compile(r"<[^>]+>")
_CELL_FILE = re.compile(r'[^"\s]*__marimo__cell_(?P<id>\w+?)_\.py')
_CELL_FRAME = re.compile(r'__marimo__cell_(?P<id>\w+?)_\.py"?, line (?P<line>\d+)')
# What `marimo run` prints about itself, and Python about marimo at its end.
_BANNER = re.compile(r"^\s*$|^ {8}|resource_tracker")
_MARIMO_LOG = re.compile(r"^\[([EWI]) \d{6} [\d:]+ \w+:\d+\] (?:\(error_id=\S+\) )?")


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
            job.record.error = Error(e.name, e.message)
        finally:
            page.close()
            server = notebook.process.text
            if mode == "run":
                page.console += server
    job.look_up(page.console)
    job.record.steps = [
        Step(do, [_cell_run(job, page, c) for c in ran], saved) for do, ran, saved in page.steps
    ]
    job.record.files = job.made()
    if mode == "run":
        lines = [_MARIMO_LOG.sub("", line) for line in server.splitlines()]
        job.record.console = job.console("\n".join(x for x in lines if not _BANNER.search(x)))
    failed = (c.error for s in job.record.steps for c in s.cells if c.status == "failed")
    job.record.error = job.record.error or next(failed, None)
    if job.record.error and job.record.error.type == "internal":
        # The page of an app says only "internal error"; the terminal says which.
        job.record.error = raised(job, server) or job.record.error


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
        self.console = ""

    def step(self, do: str, act: Callable[[], None]) -> None:
        """Do one thing; keep the cells that ran, as they are now."""
        try:
            act()
        finally:
            session = self._session
            ran = [] if session is None else [_copy(cell) for cell in session.take()]
            self.steps.append((do, ran, self._saved))
            self._saved = None
            self.console += "".join(_text(c) for cell in ran for c in cell.console)

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
        self._session.start()
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
        self.console += run_script(self._job, args)

    def save(self) -> None:
        """Save a copy of the file in a browser; the open page knows nothing of it."""
        with Editor(self._job.env) as editor:
            self._saved = editor.saved(self._job.snippet)

    def close(self) -> None:
        """Close the page."""
        if self._session is not None:
            self._session.close()
            self._session = None

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


def _text(message: dict[str, Any]) -> str:
    """A console message as plain text; marimo sends tracebacks as HTML."""
    text = _data(message)
    if message["mimetype"] == _TRACEBACK:
        text = html.unescape(_TAG.sub("", text))
    return text


def _cell_run(job: Job, page: _Page, cell: CellView) -> CellRun:
    text = "".join(_text(c) for c in cell.console)
    plain = _CELL_FILE.sub(lambda m: f"cell {page.names.get(m['id'], m['id'])}", text)
    run = CellRun(name=cell.name, status="ran", console=job.console(plain))
    output = cell.output
    if output is None or output["data"] in ("", None, {}):
        return run
    if output["mimetype"] != "application/vnd.marimo+error":
        data = _data(output)
        if output["mimetype"] == "application/vnd.marimo+mimebundle":
            bundle = json.loads(data)
            mime = next(iter(k for k in bundle if not k.startswith("__")))
            run.output = Output(mime, job.scrub.text(str(bundle[mime])))
        else:
            run.output = Output(output["mimetype"], job.scrub.text(data))
        return run
    error = output["data"][0]
    if error["type"] == "ancestor-stopped" or error.get("exception_type") == "Ancestor raised":
        run.status = "skipped"
        return run
    run.status = "failed"
    # What Prefect logs has frames too, and comes before or after marimo's own traceback.
    traceback = "".join(_text(c) for c in cell.console if c["mimetype"] == _TRACEBACK)
    run.error = _error(job, page, cell, error, traceback or text)
    return run


def _error(job: Job, page: _Page, cell: CellView, error: dict[str, Any], console: str) -> Error:
    """What marimo's error says, and where: the last frame in a cell of the snippet."""
    name, line = cell.name, 0
    if frames := list(_CELL_FRAME.finditer(console)):
        ids, cells = list(page.names), job.snippet.cells
        if frames[-1]["id"] in ids and len(ids) == len(cells):
            mine = cells[ids.index(frames[-1]["id"])]
            name, line = mine.name, mine.body + int(frames[-1]["line"]) - 1
    if error["type"] == "multiple-defs":
        return Error("multiple-definitions", f"{error['name']!r} is defined by another cell", name)
    kind = error.get("exception_type") or error["type"]
    return Error(kind, job.scrub.text(error.get("msg") or json.dumps(error)), name, line)
