"""A run's output as a record keeps it: lines, in order, no longer than a page can show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from proven.run.marks import Piece
from proven.scrub import Scrub

LINES = 5_000
LINE = 20_000
"""Characters of one line."""
WHOLE = 1_000_000
"""Characters of all lines."""

# What is said on a loaded machine only, by whom; each is dropped whole.
_CHATTER = (
    # Events that were not sent yet when a process ends.
    ("EventsWorker", re.compile(r".* - Still processing items: \d+ items remaining\.\.\.$")),
    # Dask's worker asks once more while its scheduler already ends.
    (
        "distributed.worker",
        re.compile(r".* - Failed to communicate with scheduler during heartbeat\.$"),
    ),
)


@dataclass(frozen=True)
class Line:
    """One line, and the piece that it comes from."""

    text: str
    piece: Piece


def lines(pieces: Iterable[Piece], scrub: Scrub, *, concurrent: bool) -> list[str]:
    """The output as lines; where tasks ran at once, theirs are ordered by task run."""
    found = list(_lines(pieces, scrub))
    return cut(_by_task(found, scrub) if concurrent else [line.text for line in found])


def cut(lines: list[str]) -> list[str]:
    """The lines, with a word where a page could not show them all."""
    kept, room = [], WHOLE
    for line in lines[:LINES]:
        if room <= 0:
            break
        kept.append(cut_line(line))
        room -= len(kept[-1]) + 1
    left = len(lines) - len(kept)
    return [*kept, f"… ({left:,} more lines)"] if left else kept


def cut_line(line: str, limit: int = LINE) -> str:
    """The line, with a word where it is too long."""
    more = len(line) - limit
    return f"{line[:limit]}… ({more:,} more characters)" if more > 0 else line


def said(piece: Piece, scrub: Scrub) -> str:
    """What a piece says, without what only this run would say."""
    text = piece.text
    if name := scrub.tasks.get(piece.task_id):
        text = text.replace(f"Task run {piece.task!r}", f"Task run {name!r}")
    text = scrub.engine(text) if piece.by_engine else scrub.text(text)
    trace = scrub.trace(piece.trace) if piece.trace else ""
    return f"{text}\n{trace}" if text and trace else text or trace


def _lines(pieces: Iterable[Piece], scrub: Scrub) -> Iterator[Line]:
    parts: list[str] = []
    owner, dropped = Piece(""), False
    for piece in pieces:
        if _is_chatter(piece):
            dropped = True
            continue
        text = said(piece, scrub)
        first, *rest = (text.removeprefix("\n") if dropped else text).split("\n")
        dropped = False
        parts.append(first)
        owner = piece if piece.writer or len(parts) == 1 else owner
        for line in rest:
            yield Line("".join(parts), owner)
            parts, owner = [line], piece
    if last := "".join(parts):
        yield Line(last, owner)


def _is_chatter(piece: Piece) -> bool:
    return any(
        piece.logger.endswith(logger) and piece.by_engine and pattern.match(piece.text)
        for logger, pattern in _CHATTER
    )


def _by_task(found: Iterable[Line], scrub: Scrub) -> list[str]:
    """Lines of concurrent task runs, after all others of their flow, by task run."""
    done: list[str] = []
    tasks: list[tuple[str, str]] = []
    for line in found:
        if line.piece.task:
            name = scrub.tasks.get(line.piece.task_id) or scrub.text(line.piece.task)
            tasks.append((name, line.text))
            continue
        if line.piece.flow and line.piece.by_engine and " - Finished in state " in line.text:
            done += _ordered(tasks)
            tasks = []
        done.append(line.text)
    return done + _ordered(tasks)


def _ordered(tasks: list[tuple[str, str]]) -> list[str]:
    return [text for _, text in sorted(tasks, key=lambda x: x[0])]
