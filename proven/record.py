"""A record: what one run of one snippet gave, kept in the repository.

A record holds only what is the same from run to run (see `scrub`); durations,
the date and the versions stand under `info`, which nothing compares. Its `key`
(see `fingerprint`) names what produced it, so a record can be stale but never silently.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any, Literal

import msgspec

from proven.errors import ProvenError
from proven.modes import Mode

CellStatus = Literal["ran", "stopped", "skipped", "failed"]


class Entry(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Base of all that a record holds."""


class Error(Entry):
    """An exception, or a finding of marimo check: `line` counts in the snippet's file."""

    type: str
    message: str
    cell: str = ""
    line: int = 0

    def __str__(self) -> str:
        """`TypeError: message (cell transform, line 43)`."""
        where = ", ".join(
            part
            for part in (f"cell {self.cell}" if self.cell else "", f"line {self.line}")
            if part and part != "line 0"
        )
        return f"{self.type}: {self.message}" + (f" ({where})" if where else "")


class Output(Entry):
    """What a cell showed: `data` is text of the type `mime`."""

    mime: str
    data: str


class CellRun(Entry):
    """One cell in one step. `stopped`: by its own mo.stop. `skipped`: by another's."""

    name: str
    status: CellStatus
    output: Output | None = None
    console: list[str] = []
    error: Error | None = None


class Step(Entry):
    """One step of a driven notebook, and the cells that ran in it."""

    do: str
    cells: list[CellRun] = []
    saved: list[str] | None = None
    """What a save in the editor changed in the file: lines with `-` and `+`."""


class TaskRun(Entry):
    """One task run, as the Prefect API has it."""

    name: str
    task: str
    state: str
    message: str = ""
    attempts: int = 1
    after: list[str] = []
    """Names of the task runs whose results it took."""
    subflow: str = ""
    """Name of the flow run that it stands for."""
    type: str = ""
    """Prefect's type of the state, where its name is one that the code made up."""


class FlowRun(Entry):
    """One flow run with its task runs, as the Prefect API has them."""

    name: str
    flow: str
    state: str
    message: str = ""
    parameters: dict[str, Any] = {}
    tasks: list[TaskRun] = []
    type: str = ""
    """As a task run's."""


class Info(Entry):
    """What differs from run to run, or from machine to machine."""

    seconds: float = 0.0
    date: str = ""
    versions: dict[str, str] = {}
    cells: dict[str, str] = {}
    """A hash of each cell's text, so that a failure can name what was changed since."""


class Record(Entry):
    """The evidence of one run."""

    snippet: str
    mode: Mode
    key: str = ""
    passed: bool = False
    exit: int | None = None
    error: Error | None = None
    steps: list[Step] = []
    console: list[str] = []
    """Lines of standard output and error; under `run`, those of the server."""
    flows: list[FlowRun] = []
    tasks: list[TaskRun] = []
    """The task runs of no flow run: a cell called the task itself."""
    files: list[str] = []
    """What the run left in its folder."""
    kept: dict[str, list[str]] = {}
    """The lines of those files that the sidecar asks to keep."""
    found: dict[str, str] = {}
    """Under `import`: the flows and tasks that the module gave, and their kinds."""
    info: Info = msgspec.field(default_factory=Info)


def load(path: Path) -> Record | None:
    """The record that is kept in this file, or None where there is none.

    Raises:
        ProvenError: the file is not a record (cut short, edited by hand).
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Record)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as e:
        raise ProvenError(f"{path} is not a record ({e})") from e


def save(record: Record, path: Path) -> None:
    """Write the record, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(_pretty(record) + b"\n")
    part.replace(path)


def comparable(record: Record) -> str:
    """The record as text, without what nothing compares."""
    plain = msgspec.structs.replace(record, info=Info(), key="")
    return _pretty(plain).decode()


def difference(kept: Record | None, new: Record) -> str:
    """A unified diff from the kept record to the new one; empty where they agree."""
    old = "" if kept is None else comparable(kept)
    lines = difflib.unified_diff(
        old.splitlines(), comparable(new).splitlines(), "recorded", "this run", lineterm="", n=2
    )
    return "\n".join(lines)


def _pretty(record: Record) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record), indent=1)
