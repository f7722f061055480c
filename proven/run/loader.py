"""Load a file as a Prefect worker does, and say which flows and tasks it gave.

    python loader.py notebook.py found.json     (in the notebook's folder)

Started by path, in a fresh process: whatever a cell would print is on the
console. Source: `prefect.flows.load_flow_from_entrypoint`.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

from prefect import Flow, Task
from prefect.flows import load_flow_from_entrypoint
from prefect.utilities.importtools import import_object


def main(file: str, target: str) -> None:
    """Write the names of the module's flows and tasks, each with what it is."""
    tree = ast.parse(Path(file).read_bytes())  # as Python reads it, whatever its first bytes
    names = [n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    found: dict[str, str] = {}
    for name in names:
        value = import_object(f"{file}:{name}")
        match value:
            case Flow():
                flow: Flow[..., Any] = load_flow_from_entrypoint(f"{file}:{name}")
                parameters = ", ".join(flow.parameters.properties)
                found[name] = f"flow {flow.name!r} ({parameters})"
            case Task():
                found[name] = "task"
            case _:
                found[name] = type(value).__name__
    Path(target).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
