"""A notebook in a line for each cell: what the cell is, and what it did in a run.

Both come from records: Prefect's loader says what is a task or a flow, and a run which of
them became a run, which cell showed something, and which test passed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from proven.modes import Mode
from proven.record import FlowRun, Record
from proven.snippet import Cell, Snippet

_FLOW = re.compile(r"flow '(.+?)'")
# A line of pytest, or of the editor's own report.
_PASSED = re.compile(r"(?:✓ \S+::(\w+)|^\S+::(\w+) PASSED)")


@dataclass(frozen=True)
class Part:
    """A cell: its name, what it is, and how it begins."""

    name: str
    kind: str
    text: str


def parts(snippet: Snippet, imported: Record | None) -> list[Part]:
    """The cells in the order of the file; `imported` is the record of an import."""
    found = imported.found if imported else {}
    return [_part(snippet, cell, found.get(cell.name, cell.kind)) for cell in snippet.cells]


def _part(snippet: Snippet, cell: Cell, found: str) -> Part:
    if cell.kind == "setup":
        return Part(cell.name, cell.kind, "with app.setup:")
    kind = found.split()[0].lower()
    return Part(
        cell.name, kind, f"{cell.name}{'' if kind == 'cell' else _arguments(snippet, cell)}"
    )


def _arguments(snippet: Snippet, cell: Cell) -> str:
    """Their names, as a call has them."""
    for node in snippet.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == cell.name:
            return f"({', '.join(argument.arg for argument in node.args.args)})"
    return ""


def did(record: Record, imported: Record | None) -> dict[str, str]:
    """What each cell did in a run, in a word or two; those that did nothing are left out."""
    if record.mode is Mode.IMPORT:
        return {n: found.split()[0] for n, found in record.found.items() if found != "Cell"}
    cells = [cell for step in record.steps for cell in step.cells]
    done = {cell.name: "shows" for cell in cells if cell.output}
    flows = own_flows(record)
    done |= {task.task: "task run" for flow in flows for task in flow.tasks}
    done |= {name: "flow run" for flow in flows for name in _functions(flow, imported)}
    lines = [*record.console, *(line for cell in cells for line in cell.console)]
    return done | {name: "passed" for name in _passed(lines)}


def own_flows(record: Record) -> list[FlowRun]:
    """The flow runs of the notebook itself: not of a script that a step ran beside it."""
    beside = any(step.do.startswith("run as a script") for step in record.steps)
    return [] if beside else record.flows


def _functions(flow: FlowRun, imported: Record | None) -> Iterator[str]:
    """The function that is this flow, as the loader found it."""
    for name, found in (imported.found if imported else {}).items():
        match = _FLOW.match(found)
        if match and match[1] == flow.flow:
            yield name


def _passed(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if match := _PASSED.search(line):
            yield match[1] or match[2]
