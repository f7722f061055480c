"""Read the marks that `inside/` puts round what the notebook did not write itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INSIDE = Path(__file__).with_name("inside")


@dataclass(frozen=True)
class Piece:
    """A stretch of a run's output, and who wrote it."""

    text: str
    trace: str = ""
    """A traceback that Python, Prefect or marimo wrote, behind the text."""
    writer: str = ""
    """`prefect`, `marimo`, `python`; empty for all that the run itself wrote."""
    logger: str = ""
    by_engine: bool = False
    """The words are those of Prefect's code or of a library, not of the notebook's."""
    flow_id: str = ""
    flow: str = ""
    """Name of the flow run."""
    task_id: str = ""
    task: str = ""
    """Name of the task run."""
    function: str = ""
    """Name of its task."""

    @property
    def whole(self) -> str:
        """The text with its traceback."""
        return f"{self.text}\n{self.trace}" if self.text and self.trace else self.text or self.trace


def env(token: str, notes: Path) -> dict[str, str]:
    """The variables that make a run's processes put marks."""
    return {
        "PROVEN_MARK": token,
        "PROVEN_NOTES": str(notes),
        "PYTHONPATH": str(INSIDE),
    }


def pieces(text: str, token: str) -> list[Piece]:
    """The output in order, each piece with its writer; linear in the text."""
    found: list[Piece] = []
    start, separator, end = f"\x1e{token}<", f"\x1e{token}|", f"\x1e{token}>"
    before, *rest = text.split(start)
    found.append(Piece(before.replace(end, "").replace(separator, "")))
    for part in rest:
        inside, closed, after = part.partition(end)
        head, _, body = inside.partition(separator)
        if closed:
            found.append(_piece(head, *body.split(separator, 1)))
        else:  # a shell's `head` or `grep` cut it
            after = body.replace(separator, "")
        found.append(Piece(after.replace(end, "").replace(separator, "")))
    return [piece for piece in found if piece.whole]


def _piece(head: str, text: str, trace: str = "") -> Piece:
    try:
        writer, *fields = json.loads(bytes.fromhex(head))
    except ValueError:
        return Piece(text + trace)
    if writer != "prefect":
        return Piece(text, trace, writer, fields[1] if fields else "", by_engine=True)
    _, logger, path, *run = fields
    by_engine = "site-packages" in Path(path).parts
    return Piece(text, trace, writer, logger, by_engine, *run)


@dataclass(frozen=True)
class Note:
    """What ended a process: `kind` is `raised`, `exit` or `signal`."""

    pid: int
    kind: str
    value: Any
    frames: list[tuple[str, int]]
    message: str = ""


def read_notes(path: Path) -> list[Note]:
    """The notes of a run's processes, in order; none where nothing was noted."""
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            pid, kind, value, frames = json.loads(line)
        except ValueError:  # the process was killed while it wrote
            continue
        message = frames.pop(0)[2] if kind == "raised" else ""
        found.append(Note(pid, kind, value, [(f, n) for f, n in frames], message))
    return found


_CRASHED = re.compile(r'^  File "(.+)", line (\d+) in ')


def crash_frames(path: Path) -> list[tuple[str, int]]:
    """Where the interpreter itself failed, the outermost frame first."""
    file = path.with_name(f"{path.name}.crash")
    lines = file.read_text(errors="replace").splitlines() if file.is_file() else []
    found = [match for line in lines if (match := _CRASHED.match(line))]
    return [(match[1], int(match[2])) for match in reversed(found)]
