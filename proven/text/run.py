"""Tell a record as Markdown: what came of the run, what it showed, printed and left."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import chain

from proven.record import CellRun, FlowRun, Record, Step, TaskRun
from proven.text.output import of_output


def of_record(
    record: Record, only: Collection[str] = (), cells: Collection[str] = (), harm: str = ""
) -> Iterator[str]:
    """The blocks of one run.

    Args:
        record: the run.
        only: the figures of the page whose text to give; empty means all.
        cells: the cells whose outputs to give; empty means all.
        harm: what a probe saw in a run that passed and should not count as well.
    """
    yield outcome(record, harm)
    for name, tell in _FIGURES.items():
        if not only or name in only:
            yield from tell(record, cells)


def outcome(record: Record, harm: str = "") -> str:
    """What was done and what came of it, in a line."""
    word = "runs, but does the wrong thing" if harm else "passed" if record.passed else "failed"
    status = f", exit status {record.exit}" if record.exit is not None else ""
    said = f" {harm}" if harm else ""
    return f"**`{record.snippet}` {record.mode.did}: {word}{status}.**{said}"


def fence(text: str, language: str = "text") -> str:
    """A block of code, in a fence that nothing in it can end."""
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", text)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{text.rstrip('\n')}\n{ticks}"


def _steps(record: Record, cells: Collection[str]) -> Iterator[str]:
    for step in record.steps:
        shown = (cell for cell in step.cells if not cells or cell.name in cells)
        told = [*chain.from_iterable(map(_cell, shown)), *_saved(step)]
        if told:
            yield f"Step: {step.do}"
            yield from told


def _cell(cell: CellRun) -> Iterator[str]:
    where = f"cell `{cell.name}`"
    shown = of_output(cell.output, where) if cell.output else ""
    if shown:
        yield f"The {where} shows:\n\n{fence(shown)}"
    if cell.error:
        yield f"The {where} fails:\n\n{fence(str(cell.error))}"
    if cell.console:
        yield f"The {where} prints:\n\n{_lines(cell.console)}"


def _saved(step: Step) -> Iterator[str]:
    if step.saved:
        yield f"The save changed the file:\n\n{fence('\n'.join(step.saved), 'diff')}"
    elif step.saved is not None:
        yield "The save left the file as it was, byte for byte."


def _error(record: Record, cells: Collection[str]) -> Iterator[str]:
    if record.error:
        yield fence(str(record.error))


def _console(record: Record, cells: Collection[str]) -> Iterator[str]:
    if record.console:
        yield f"Printed:\n\n{_lines(record.console)}"


def _flows(record: Record, cells: Collection[str]) -> Iterator[str]:
    for flow in record.flows:
        yield "\n".join([f"- Flow run of `{flow.flow}`: {_state(flow)}", *map(_task, flow.tasks)])


def _task(task: TaskRun) -> str:
    more = [f"{task.attempts} attempts"] if task.attempts > 1 else []
    more += [f"after {', '.join(f'`{name}`' for name in task.after)}"] if task.after else []
    return f"    - `{task.name}`: {', '.join([_state(task), *more])}"


def _state(run: FlowRun | TaskRun) -> str:
    plain = not run.message or run.state in ("Completed", "Cached")
    return run.state if plain else f"{run.state} ({' '.join(run.message.split())})"


def _found(record: Record, cells: Collection[str]) -> Iterator[str]:
    if record.found:
        yield "\n".join(f"- `{name}` is a {kind}" for name, kind in record.found.items())


def _files(record: Record, cells: Collection[str]) -> Iterator[str]:
    if record.files:
        yield f"Files left behind: {', '.join(f'`{name}`' for name in record.files)}"
    for name, lines in record.kept.items():
        yield f"`{name}`:\n\n{_lines(lines)}"


def _lines(lines: list[str]) -> str:
    return fence("\n".join(lines))


_FIGURES = {
    "steps": _steps,
    "error": _error,
    "console": _console,
    "flows": _flows,
    "found": _found,
    "files": _files,
}
"""By the names that `only` knows them by; a test holds them against the page's."""
