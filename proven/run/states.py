"""Ask the Prefect API what became of the flow and task runs of one run.

A run shares its API with others. Which runs are its own the API's witness tells: it heard
of each of them in a request, or an event, that carries the run's token.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from coolname.data import config as _coolname

from proven.errors import ProvenError
from proven.record import FlowRun, TaskRun
from proven.run.api import PAGE, Api, every
from proven.run.marks import Piece
from proven.run.witness import Made
from proven.scrub import Scrub

FINAL = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
"""States in which nothing more happens to a run."""
NAMES = frozenset(
    {"Completed", "Cached", "Failed", "TimedOut", "Crashed", "Cancelled", "Cancelling"}
    | {"Scheduled", "Late", "AwaitingRetry", "AwaitingConcurrencySlot", "Pending", "NotReady"}
    | {"Running", "Retrying", "Paused", "Suspended"}
)
"""Prefect's own names of states."""
# Task-run states reach the API as events, a moment after the flow has ended.
SETTLE_LIMIT = 15.0  # seconds without any news
_MADE_UP = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SUFFIX = re.compile(r"-[0-9a-f]{3}")

Row = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """What the API has of one run."""

    made: Made
    flows: list[Row]
    tasks: list[Row]
    names: dict[str, str]
    """Of flows, by id."""

    def deed(self, flow: Row) -> tuple[str, ...]:
        """What a flow run did, to tell it from others that ran at the same time."""
        tasks = (t for t in self.tasks if t["flow_run_id"] == flow["id"])
        return (
            self.names[flow["flow_id"]],
            "" if self.made.flow_runs[flow["id"]] else flow["name"],
            json.dumps(flow["parameters"], sort_keys=True),
            flow["state"]["name"],
            *sorted(f"{_task_name(t)} {t['state']['name']}" for t in tasks),
        )


def look(api: Api, token: str, *, at_once: bool) -> Seen:
    """What the run with this token made, once nothing of it is under way.

    Args:
        api: the API of the run.
        token: what the run's requests carry.
        at_once: flow runs, too, were made at once, so which came first means nothing.

    Raises:
        ProvenError: the API has lost some of it, or does not answer.
    """
    made = api.made(token)
    with api.client() as http:
        flows = list(_by_id(http, "flow_runs", made.flow_runs))
        gone = made.flow_runs.keys() - {row["id"] for row in flows}
        tasks = _settled(http, api, token, gone) if made.flow_runs or made.task_runs else []
        wanted = dict.fromkeys(row["flow_id"] for row in flows)
        names = {row["id"]: row["name"] for row in _by_id(http, "flows", wanted)}
    made = api.made(token)
    order = {run: number for number, run in enumerate(made.flow_runs)}
    flows.sort(key=lambda row: order[row["id"]])
    seen = Seen(made, flows, tasks, names)
    if at_once:
        flows.sort(key=seen.deed)
    return seen


def learn(seen: Seen, pieces: list[Piece], scrub: Scrub, *, concurrent: bool) -> None:
    """Tell `scrub` the ids, keys and names that Prefect made up in this run."""
    scrub.ids(seen.made.ids)
    scrub.keys(seen.made.keys)
    scrub.ids(id for piece in pieces for id in (piece.flow_id, piece.task_id) if id)
    _name_flows(seen, pieces, scrub)
    _name_tasks(seen, pieces, scrub, concurrent)


def flow_runs(seen: Seen, scrub: Scrub, *, concurrent: bool) -> tuple[list[FlowRun], list[TaskRun]]:
    """The flow runs with their task runs, and the task runs of no flow run.

    Args:
        seen: what the API has.
        scrub: knows what is made up.
        concurrent: tasks ran at once, so the order in which they began means nothing.
    """
    label = {t["id"]: scrub.tasks.get(t["id"]) or scrub.text(t["name"]) for t in seen.tasks}
    tasks = sorted(seen.tasks, key=lambda t: label[t["id"]]) if concurrent else seen.tasks
    children = {f["parent_task_run_id"]: scrub.text(f["name"]) for f in seen.flows}
    by_flow: dict[str | None, list[TaskRun]] = defaultdict(list)
    for task in tasks:
        by_flow[task["flow_run_id"]].append(_task_run(task, label, children, scrub))
    flows = [
        FlowRun(
            name=scrub.text(f["name"]),
            flow=seen.names[f["flow_id"]],
            state=f["state"]["name"],
            type=_type(f["state"]),
            message=scrub.text(f["state"].get("message") or ""),
            parameters=_scrubbed(f["parameters"], scrub),
            tasks=by_flow.pop(f["id"], []),
        )
        for f in seen.flows
    ]
    return flows, [task for tasks in by_flow.values() for task in tasks]


def _by_id(http: httpx.Client, what: str, ids: Iterable[str]) -> Iterator[Row]:
    wanted = list(ids)
    for start in range(0, len(wanted), PAGE):
        yield from every(http, what, {what: {"id": {"any_": wanted[start : start + PAGE]}}})


def _settled(http: httpx.Client, api: Api, token: str, gone: set[str]) -> list[Row]:
    """All task runs, in the order in which they began, once each has its final state.

    `gone` are flow runs that the API made and no longer has: a notebook may delete its runs.
    """
    news, deadline = (-1, -1), 0.0
    while True:
        asked, made = time.monotonic(), api.made(token)
        tasks = _tasks(http, made)
        open_ = sum(t["state_type"] not in FINAL for t in tasks)
        there = {run for run, flow in made.task_runs.items() if flow not in gone}
        missing = there - {t["id"] for t in tasks} - made.deleted.keys()
        if not open_ and not missing:
            break
        if news != (news := (open_, len(missing))):
            deadline = time.monotonic() + SETTLE_LIMIT
        if time.monotonic() > deadline:
            if missing:
                raise ProvenError(f"the Prefect API has lost {len(missing)} task runs of this run")
            break
        time.sleep(max(0.2, time.monotonic() - asked))
    order = {run: number for number, run in enumerate(made.task_runs)}
    return sorted(tasks, key=lambda t: (t["start_time"] or t["created"], order.get(t["id"], 0)))


def _tasks(http: httpx.Client, made: Made) -> list[Row]:
    """The task runs of its flow runs, and those of none."""
    found: dict[str, Row] = {}
    flows = list(made.flow_runs)
    for start in range(0, len(flows), PAGE):
        chosen = {"flow_runs": {"id": {"any_": flows[start : start + PAGE]}}}
        found |= {t["id"]: t for t in every(http, "task_runs", chosen | {"sort": "ID_DESC"})}
    alone = [run for run in made.task_runs if run not in found]
    return [*found.values(), *_by_id(http, "task_runs", alone)]


_LISTS: dict[str, Any] = _coolname
_WORDS = frozenset(word for part in _LISTS.values() for word in part.get("words", ()))


def is_random(name: str) -> bool:
    """Whether Prefect may have made up this name of a flow run, as `quick-otter`."""
    words = name.split("-")
    return len(words) == 2 and _WORDS.issuperset(words)


def _name_flows(seen: Seen, pieces: list[Piece], scrub: Scrub) -> None:
    """`quick-otter` becomes `random-name`, the second one `random-name-2`."""
    now = {f["id"]: f["name"] for f in seen.flows}
    kept = [name for id, name in now.items() if name == seen.made.flow_runs[id]]
    lost = [name for id, name in seen.made.flow_runs.items() if name and now.get(id) != name]
    # A temporary server is gone with its witness-less API: its names stand in the log alone.
    elsewhere = [p.flow for p in pieces if p.flow and p.flow_id not in now and is_random(p.flow)]
    for number, name in enumerate(dict.fromkeys([*kept, *elsewhere, *lost]), 1):
        scrub.name(name, "random-name" if number == 1 else f"random-name-{number}")


def _name_tasks(seen: Seen, pieces: list[Piece], scrub: Scrub, concurrent: bool) -> None:
    """`extract-4ac` becomes `extract-1`: numbered as they began.

    Which of several concurrent ones began first is chance. They are numbered by
    what each did; those that did the same are told apart by nothing in a record.
    """
    place = {flow["id"]: number for number, flow in enumerate(seen.flows)}
    said: dict[str, list[str]] = defaultdict(list)
    for piece in pieces:
        said[piece.task_id].append(piece.whole)
    same: dict[str, list[Row]] = defaultdict(list)
    for task in seen.tasks:
        if is_automatic(task):
            same[task["name"][:-4]].append(task)

    def deed(task: Row) -> tuple[str, str, str, int]:
        plain = scrub.text("\n".join(said[task["id"]])).replace(task["name"], "")
        state, message = task["state"]["name"], scrub.text(task["state"].get("message") or "")
        return (plain, state, message, place.get(task["flow_run_id"], -1))

    for name, runs in same.items():
        for number, task in enumerate(sorted(runs, key=deed) if concurrent else runs, 1):
            scrub.name(task["name"], f"{name}-{number}")
            scrub.tasks[task["id"]] = f"{name}-{number}"
    known = {task["id"] for task in seen.tasks}
    _name_elsewhere([p for p in pieces if p.task_id and p.task_id not in known], scrub)


def _name_elsewhere(pieces: list[Piece], scrub: Scrub) -> None:
    """The task runs on a temporary server: the log has the task's name beside the run's."""
    count: dict[str, int] = defaultdict(int)
    for task, function in dict.fromkeys((p.task, p.function) for p in pieces):
        if task.startswith(function) and _SUFFIX.fullmatch(task.removeprefix(function)):
            count[function] += 1
            scrub.name(task, f"{function}-{count[function]}")


def is_automatic(task: Row) -> bool:
    """Whether the engine made the name: the task's name, and three letters of its key."""
    key = task["dynamic_key"]
    return bool(_MADE_UP.fullmatch(key)) and task["name"].endswith(f"-{key[:3]}")


def _task_name(task: Row) -> str:
    """The name of a task run's task; behind it its key has a hash."""
    return str(task["task_key"]).rpartition("-")[0]


def _task_run(task: Row, label: dict[str, str], children: dict[str, str], scrub: Scrub) -> TaskRun:
    after = {
        label[source["id"]]
        for sources in task["task_inputs"].values()
        for source in sources
        if source.get("input_type") == "task_run" and source.get("id") in label
    }
    return TaskRun(
        name=label[task["id"]],
        task=task["name"][:-4] if is_automatic(task) else _task_name(task),
        state=task["state"]["name"],
        type=_type(task["state"]),
        message=scrub.text(task["state"].get("message") or ""),
        attempts=task["run_count"],
        after=sorted(after),
        subflow=children.get(task["id"], ""),
    )


def _type(state: Row) -> str:
    """Its type, where the name does not say it: `Completed(name="Skipped")`."""
    return "" if state["name"] in NAMES else str(state["type"])


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
