"""Ask the Prefect API what became of the flow runs of one run.

A run shares its API with others, so its flow runs are known by their ids: the
worker mode made them, every other mode reads them in Prefect's own log line
`View at …/runs/flow-run/ID`.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from typing import Any

import httpx
from coolname.data import config as _coolname

from proven.errors import ProvenError
from proven.record import FlowRun, TaskRun
from proven.run.api import Api
from proven.scrub import Scrub

_VIEW = re.compile(r"/runs/flow-run/([0-9a-f-]{36})")
_FLOW_LINE = re.compile(r"Flow run '([^']+)'")
_TASK_LINE = re.compile(r"Task run '([^']+)'")
_AUTO_TASK = re.compile(r"^(?P<task>.+)-[0-9a-f]{3}$")
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
# Task-run states reach the API as events, a moment after the flow has ended.
SETTLE_LIMIT = 15.0


def flow_run_ids(console: str) -> list[str]:
    """The ids of the flow runs that this console text tells of, in its order."""
    return list(dict.fromkeys(_VIEW.findall(console)))


def flow_runs(
    api: Api, ids: list[str], console: str, source: str, scrub: Scrub, *, concurrent: bool
) -> list[FlowRun]:
    """The flow runs and their task runs; their random names become stable in `scrub`.

    Args:
        api: where they ran.
        ids: of the flow runs, in the order in which they began.
        console: what the run printed: the task runs named there must be known.
        source: the snippet's text: a name that stands in it is not random.
        scrub: learns the stable names.
        concurrent: tasks ran at once, so the order in which they began means nothing.

    Raises:
        ProvenError: the API does not know a flow run, or never ended a task run.
    """
    # A temporary server's log has no link: its runs are gone with it, their names are not.
    told = _FLOW_LINE.findall(console)
    if not ids:
        _name_flows(told, source, scrub)
        return []
    with api.client() as http:
        flows = _post(http, "flow_runs", {"flow_runs": {"id": {"any_": ids}}})
        flows.sort(key=lambda f: ids.index(f["id"]))
        if len(flows) != len(ids):
            raise ProvenError("the Prefect API does not know a flow run that the log names")
        tasks = _settled(http, ids, set(_TASK_LINE.findall(console)))
        names = {f["flow_id"]: "" for f in flows}
        for flow_id in names:
            names[flow_id] = http.get(f"/flows/{flow_id}").raise_for_status().json()["name"]
    _name_flows([*(f["name"] for f in flows), *told], source, scrub)
    _name_tasks(tasks, console, scrub, concurrent)
    by_flow = defaultdict(list)
    for task in tasks:
        by_flow[task["flow_run_id"]].append(task)
    label = {t["id"]: scrub.text(t["name"]) for t in tasks}
    if concurrent:
        for runs in by_flow.values():
            runs.sort(key=lambda t: label[t["id"]])
    children = {f["parent_task_run_id"]: scrub.text(f["name"]) for f in flows}
    return [
        FlowRun(
            name=scrub.text(f["name"]),
            flow=names[f["flow_id"]],
            state=f["state"]["name"],
            message=scrub.text(f["state"].get("message") or ""),
            parameters=_scrubbed(f["parameters"], scrub),
            tasks=[_task_run(t, label, children, scrub) for t in by_flow[f["id"]]],
        )
        for f in flows
    ]


def _post(http: httpx.Client, what: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.post(f"/{what}/filter", json=body).raise_for_status().json()
    return found


def _settled(http: httpx.Client, ids: list[str], named: set[str]) -> list[dict[str, Any]]:
    """All task runs, in the order in which they began, once each has its final state."""
    deadline = time.monotonic() + SETTLE_LIMIT
    while True:
        tasks = _post(http, "task_runs", {"flow_runs": {"id": {"any_": ids}}})
        open_ = [t["name"] for t in tasks if t["state_type"] not in FINAL]
        missing = named - {t["name"] for t in tasks}
        if not open_ and not missing:
            return sorted(tasks, key=lambda t: (t["start_time"] or t["created"], t["name"]))
        if time.monotonic() > deadline:
            if missing:
                raise ProvenError(f"the Prefect API never heard of {sorted(missing)}")
            return sorted(tasks, key=lambda t: (t["start_time"] or t["created"], t["name"]))
        time.sleep(0.2)


_LISTS: dict[str, Any] = _coolname
_WORDS = frozenset(word for part in _LISTS.values() for word in part.get("words", ()))


def is_random(name: str) -> bool:
    """Whether Prefect made up this name of a flow run, as `quick-otter`."""
    words = name.split("-")
    return len(words) == 2 and _WORDS.issuperset(words)


def _name_flows(names: list[str], source: str, scrub: Scrub) -> None:
    random = 0
    for name in dict.fromkeys(names):
        if is_random(name) and name not in source:
            random += 1
            scrub.name(name, "random-name" if random == 1 else f"random-name-{random}")


def _name_tasks(tasks: list[dict[str, Any]], console: str, scrub: Scrub, concurrent: bool) -> None:
    """`extract-4ac` becomes `extract-1`: numbered as they began.

    Which of several concurrent ones began first is chance. They are numbered by
    what each did; those that did the same are told apart by nothing in a record.
    """
    same: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for task in tasks:
        match = _AUTO_TASK.match(task["name"])
        if match:
            same[match["task"]].append(task)

    def deed(task: dict[str, Any]) -> tuple[str, ...]:
        lines = [line for line in console.splitlines() if f"Task run '{task['name']}'" in line]
        plain = scrub.text("\n".join(lines)).replace(task["name"], "")
        return (plain, task["state"]["name"], scrub.text(task["state"].get("message") or ""))

    for name, runs in same.items():
        for number, task in enumerate(sorted(runs, key=deed) if concurrent else runs, 1):
            scrub.name(task["name"], f"{name}-{number}")


def _task_run(
    task: dict[str, Any], label: dict[str, str], children: dict[str, str], scrub: Scrub
) -> TaskRun:
    after = {
        label[source["id"]]
        for sources in task["task_inputs"].values()
        for source in sources
        if source.get("input_type") == "task_run" and source.get("id") in label
    }
    name = label[task["id"]]
    match = _AUTO_TASK.match(task["name"])
    return TaskRun(
        name=name,
        task=match["task"] if match else task["task_key"].rpartition("-")[0],
        state=task["state"]["name"],
        message=scrub.text(task["state"].get("message") or ""),
        attempts=task["run_count"],
        after=sorted(after),
        subflow=children.get(task["id"], ""),
    )


def _scrubbed(value: Any, scrub: Scrub) -> Any:
    match value:
        case str():
            return scrub.text(value)
        case list():
            return [_scrubbed(v, scrub) for v in value]
        case dict():
            return {k: _scrubbed(v, scrub) for k, v in value.items()}
        case _:
            return value
