"""Run notebooks one after another in one process, each as a script; `FILE:FLOW` as a worker does.

python together.py a.py b.py:flow
"""

import asyncio
import inspect
import runpy
import sys

from prefect.flows import load_flow_from_entrypoint


def run(what: str) -> None:
    if ":" not in what:
        runpy.run_path(what, run_name="__main__")
        return
    given = load_flow_from_entrypoint(what)()
    if inspect.iscoroutine(given):
        asyncio.run(given)


for what in sys.argv[1:]:
    print(f"=== {what}", flush=True)
    try:
        run(what)
    except BaseException as e:
        print(f"--- {type(e).__name__}: {e}", flush=True)
