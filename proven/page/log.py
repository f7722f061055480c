"""Tell apart what a run's console holds: Prefect's log, tracebacks, and what was printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from proven.modes import Mode
from proven.record import Record

_LEVEL = re.compile(r"(?:[\d:. -]+\| )?(DEBUG|INFO|WARNING|ERROR|CRITICAL) +\| ")
_RETRY = re.compile(
    r"Task run '(.+?)' - Task run failed with exception: (\w+)\(.*\) - "
    r"Retry \d+/\d+ will start (?:(\S+) second|immediately)"
)
_TRACEBACK = "Traceback (most recent call last):"


def level(line: str) -> str:
    """The level of a line of Prefect's log; empty for any other line."""
    match = _LEVEL.match(line)
    return match[1] if match else ""


def printed(lines: Sequence[str]) -> list[str]:
    """The lines that are neither of the log nor of a traceback, which goes on to the next log."""
    found, traceback = [], False
    for line in lines:
        logged = bool(level(line))
        traceback = (traceback and not logged) or line == _TRACEBACK
        if not (logged or traceback):
            found.append(line)
    return found


def logged(record: Record) -> list[str]:
    """All that was written where a log or a traceback was: the run's own, then the cells'."""
    cells = [cell.console for step in record.steps for cell in step.cells]
    return [line for lines in (record.console, *cells) if mixed(record, lines) for line in lines]


def mixed(record: Record, lines: Sequence[str]) -> bool:
    """Whether there is more in them than prints. What a shell wrote is one text."""
    return record.mode is not Mode.SHELL and len(printed(lines)) < len(lines)


def retries(record: Record) -> Iterator[tuple[str, str, str]]:
    """The task run, the type of its exception and the delay, of each retry that was logged."""
    cells = [line for step in record.steps for cell in step.cells for line in cell.console]
    for line in (*record.console, *cells):
        if match := _RETRY.search(line):
            yield match[1], match[2], match[3] or "0"
