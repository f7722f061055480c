"""Say in one sentence what came of a run: the first that its record has of these.

What a probe saw; the error; what an import gave; the task runs; what was printed; which
cells ran. And, where a file was saved, what the save changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from proven.html import Html, h, join
from proven.modes import Mode
from proven.page.log import printed
from proven.page.pieces import count, tone_of
from proven.record import Error, Record

_MOST = 2
"""So many task runs are named; of more, only how many there were."""


def sentence(record: Record, harm: str = "") -> Html:
    """What a page says of the run in a line."""
    return join(_said(record, harm), "; ")


def _said(record: Record, harm: str) -> Iterator[Html]:
    if harm:
        yield h("b", harm)
        return
    yield next(_what(record))
    saves = [step.saved for step in record.steps if step.saved is not None]
    if saves:
        yield join(["a save changes ", _lines(saves[-1])])


def _lines(saved: list[str]) -> Html:
    if len(saved) == 1:
        return h("code", saved[0])
    return Html(count(len(saved), "line") if saved else "nothing")


def _what(record: Record) -> Iterator[Html]:
    for error in _errors(record):
        message = error.message.strip().partition("\n")[0]
        yield join([h("b", error.type), f": {message}" if message else ""])
    if record.mode is Mode.CHECK:
        yield Html("finds nothing")
    if record.found:
        yield join((_found(*item) for item in list(record.found.items())[:_MOST]), ", ")
    yield from _task_runs(record)
    lines = printed(record.console)
    if lines and record.mode is not Mode.RUN:
        yield join(["prints ", h("code", lines[-1].strip() or lines[0])])
    cells = {c.name for step in record.steps for c in step.cells if c.output}
    yield Html(f"shows something in {count(len(cells), 'cell')}" if cells else "shows nothing")


def _errors(record: Record) -> Iterator[Error]:
    if record.error:
        yield record.error
    for cell in (cell for step in record.steps for cell in step.cells):
        if cell.error:
            yield cell.error


def _found(name: str, kind: str) -> Html:
    return join([h("code", name), f" is a {kind}"])


def _task_runs(record: Record) -> Iterator[Html]:
    tasks = [task for flow in record.flows for task in flow.tasks] + record.tasks
    if not tasks and record.flows:
        yield Html(f"{count(len(record.flows), 'flow run')}, no task run")
    if not tasks:
        return
    failed = [task for task in tasks if tone_of(task) not in ("ok", "cached")]
    named = failed or tasks
    if len(named) > _MOST:
        of = f" of {len(tasks)}" if failed else ""
        yield Html(f"{len(named)}{of} task runs {named[0].state}")
    yield join((join([h("code", task.name), f" {task.state}"]) for task in named), ", ")
