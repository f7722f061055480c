"""Probes: what a record must show for a harm to be absent.

A probe takes a snippet and the record of one of its runs. It gives None where
the run is whole, and a sentence where it sees the harm. An anti-pattern of the
kind `harm` names one: it is red on the wrong snippet and green on the right one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from proven.record import Record
from proven.snippet import Snippet
from proven.widgets import widgets

Probe = Callable[[Snippet, Record], str | None]
PROBES: dict[str, Probe] = {}


def _probe(probe: Probe) -> Probe:
    """Let sidecars name this function."""
    PROBES[probe.__name__] = probe
    return probe


_LABEL = re.compile(r'label\s*=\s*"([^"]+)"')


@_probe
def widgets_shown(snippet: Snippet, record: Record) -> str | None:
    """Every widget that the source gives a label is on the page when it opens."""
    made = set(_LABEL.findall(snippet.text))
    cells = record.steps[0].cells if record.steps else []
    shown = {w.label for c in cells if c.output for w in widgets(c.output.data)}
    if not made:
        return "the source makes no labelled widget"
    missing = sorted(made - shown)
    return f"never shown: {', '.join(missing)}" if missing else None


@_probe
def app_shows(snippet: Snippet, record: Record) -> str | None:
    """The page shows something when it opens."""
    cells = record.steps[0].cells if record.steps else []
    return None if any(c.output for c in cells) else "every cell of the page is empty"


@_probe
def changed_file_is_read(snippet: Snippet, record: Record) -> str | None:
    """The file changes before the fourth call, so that one is not answered from the cache."""
    return _not_cached(record, 4, "the file changed, and the task run still says Cached")


@_probe
def another_argument_is_asked(snippet: Snippet, record: Record) -> str | None:
    """The third call has another argument, so it is not answered from the cache."""
    return _not_cached(record, 3, "another argument was given, and the task run says Cached")


def _not_cached(record: Record, call: int, harm: str) -> str | None:
    """The task run of this call ran, in each flow run."""
    if not record.flows or any(len(flow.tasks) < call for flow in record.flows):
        return f"no flow ran up to its call {call}"
    cached = [flow for flow in record.flows if flow.tasks[call - 1].state == "Cached"]
    return harm if cached else None


@_probe
def no_task_answers_for_another(snippet: Snippet, record: Record) -> str | None:
    """A task that never ran is not answered from the cache."""
    ran: set[str] = set()
    for task in (task for flow in record.flows for task in flow.tasks):
        if task.state == "Cached" and task.task not in ran:
            return f"{task.task} is Cached, and it never ran"
        ran.add(task.task)
    return None if ran else "no task ran"


@_probe
def survives_save(snippet: Snippet, record: Record) -> str | None:
    """A save in the editor leaves the file as it is, byte for byte."""
    saves = [step.saved for step in record.steps if step.saved is not None]
    if not saves:
        return "no step of the run saves the file"
    changed = [line for lines in saves for line in lines]
    return f"the save changed the file: {' '.join(changed)}" if changed else None


@_probe
def makes_task_runs(snippet: Snippet, record: Record) -> str | None:
    """Prefect knows of each flow run, and of a task run in it."""
    if not record.flows:
        return "no flow ran"
    empty = [flow.flow for flow in record.flows if not flow.tasks]
    return f"no task run in {', '.join(empty)}" if empty else None


@_probe
def one_flow_run(snippet: Snippet, record: Record) -> str | None:
    """The run makes one flow run, not more."""
    n = len(record.flows)
    return None if n == 1 else f"{n} flow runs"


@_probe
def no_flow_run(snippet: Snippet, record: Record) -> str | None:
    """Nothing launches a flow."""
    return f"{len(record.flows)} flow runs" if record.flows else None


@_probe
def press_shows(snippet: Snippet, record: Record) -> str | None:
    """Each press of a button makes some cell show something anew."""
    presses = [step for step in record.steps if step.do.startswith("press ")]
    if not presses:
        return "no button was pressed"
    idle = [step.do for step in presses if not any(cell.output for cell in step.cells)]
    return f"nothing new after: {', '.join(idle)}" if idle else None


@_probe
def failure_is_heard(snippet: Snippet, record: Record) -> str | None:
    """A flow run whose task failed is not Completed."""
    tasks = [(flow, task) for flow in record.flows for task in flow.tasks]
    failed = [(flow, task) for flow, task in tasks if task.state == "Failed"]
    if not failed:
        return "no task failed, so there is nothing to hear"
    deaf = [f"{task.name} is Failed" for flow, task in failed if flow.state == "Completed"]
    return f"{', '.join(deaf)}, and the flow run is Completed" if deaf else None


@_probe
def prefect_logs_no_error(snippet: Snippet, record: Record) -> str | None:
    """Prefect's log has no line of the level ERROR."""
    errors = [line for line in printed(record) if line.startswith("ERROR ")]
    return f"Prefect logs: {errors[0].partition(' - ')[2]}" if errors else None


@_probe
def prints_something(snippet: Snippet, record: Record) -> str | None:
    """The run prints at least one line."""
    return None if printed(record) else "nothing was printed"


def printed(record: Record) -> list[str]:
    """Every line that the run printed, in a terminal or in a cell."""
    cells = [cell for step in record.steps for cell in step.cells]
    return record.console + [line for cell in cells for line in cell.console]
