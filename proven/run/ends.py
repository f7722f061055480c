"""Say how a process ended: an exception, an exit status, a signal; with cell and line."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

from proven.record import Error
from proven.run.job import Job
from proven.run.marks import crash_frames, read_notes

_CELL = re.compile(r"__marimo__cell_(?P<id>\w+?)_\.py$")
Frame = tuple[str, int]
Place = tuple[str, int]
"""A cell's name and a line of the snippet."""
Find = Callable[[list[Frame]], Place]


def ended(job: Job, exit: int, place: Find | None = None) -> Error:
    """Why a process with this exit status, not 0, ended.

    Args:
        job: the run; its processes note what ends them.
        exit: 128 + n where signal n ended it.
        place: which cell and line these frames are in; the snippet's file, if not said.
    """
    place = place or partial(in_file, job)
    for note in reversed(read_notes(job.notes)):
        where = place(note.frames)
        if note.kind == "raised" and exit == 1:
            return Error(note.value, job.scrub.text(note.message), *where)
        if note.kind == "exit" and note.value % 256 == exit:
            return Error("SystemExit", _status(exit), *where)
        if note.kind == "signal" and note.value + 128 == exit:
            return Error(_name(exit), _status(exit), *where)
    where = place(crash_frames(job.notes)) if exit > 128 else ("", 0)
    return Error(_name(exit), _status(exit), *where)


_FRAME = re.compile(r'^ +File "(?P<file>.+)", line (?P<line>\d+), in ')
_TRACEBACK = "Traceback (most recent call last):"
_RAISED = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$")


def raised(job: Job, trace: str, place: Find | None = None) -> Error | None:
    """The exception of a traceback that Python or Prefect wrote, with cell and line."""
    place = place or partial(in_file, job)
    _, found, last = trace.rpartition(_TRACEBACK)
    frames: list[Frame] = []
    for row in last.splitlines() if found else []:
        if frame := _FRAME.match(row):
            frames.append((frame["file"], int(frame["line"])))
        elif not row.startswith(" ") and (error := _RAISED.match(row)):
            kind, message = error["type"].rpartition(".")[2], error["message"] or ""
            return Error(kind, job.scrub.text(message), *place(frames))
    return None


def in_file(job: Job, frames: list[Frame]) -> Place:
    """The last of the frames that is in the snippet's own file."""
    names = {str(job.file), job.name, str(job.file.resolve())}
    lines = [line for file, line in frames if file in names]
    if not lines:
        return "", 0
    cell = job.snippet.cell_at(lines[-1])
    return (cell.name if cell else "", lines[-1])


def in_cells(job: Job, names: dict[str, str], frames: list[Frame]) -> Place:
    """The last of the frames that is in a kernel's cell; `names` are the cells' by id."""
    found = [(cell["id"], n) for file, n in frames if (cell := _CELL.search(Path(file).name))]
    if not found or found[-1][0] not in names:
        return in_file(job, frames)
    number, line = list(names).index(found[-1][0]), found[-1][1]
    cells = job.snippet.cells
    if len(cells) != len(names):
        return names[found[-1][0]], 0
    return cells[number].name, cells[number].body + line - 1


def _name(exit: int) -> str:
    if exit > 128:
        try:
            return signal.Signals(exit - 128).name
        except ValueError:
            pass
    return f"exit {exit}"


def _status(exit: int) -> str:
    if _name(exit).startswith("SIG"):
        return f"signal {_name(exit)} ended the notebook"
    return f"the notebook ended with exit status {exit}"
