"""The worker mode: `prefect deploy`, and a real process worker that runs it."""

from __future__ import annotations

import json
import re
import secrets
import shlex
import time
from dataclasses import replace
from typing import Any

import httpx

from proven.errors import ProvenError
from proven.record import Error
from proven.run.api import POOL, every
from proven.run.ends import ended, in_file, raised
from proven.run.job import Job
from proven.run.marks import Piece, read_notes
from proven.run.plain import run_script
from proven.run.process import finish, text_of
from proven.run.states import FINAL

# What the flow's process must have of the run: its worker is that of all runs.
_CARRIED = (
    *("HOME", "TMPDIR", "RAY_TMPDIR", "PREFECT_HOME", "PREFECT_LOCAL_STORAGE_PATH"),
    *("PREFECT_CLIENT_CUSTOM_HEADERS", "PROVEN_MARK", "PROVEN_NOTES", "PYTHONPATH"),
)


def worker(job: Job) -> None:
    """Deploy the notebook's flow to the pool, run the deployment, read its log and states."""
    deployment = job.scenario.worker
    flow = deployment.flow or _only_flow(job)
    if deployment.script is not None:
        run_script(job, deployment.script, job.env_before)
    name = f"proven-{secrets.token_hex(4)}"
    job.scrub.name(name, "deployment")
    env = {name: job.env[name] for name in _CARRIED if name in job.env} | job.scenario.env
    env["PROVEN_LOG"] = str(job.folder / "flow.log")
    command = ["prefect", "--no-prompt", "deploy", f"{job.name}:{flow}", "--name", name]
    variables: dict[str, Any] = {"env": env}
    if job.scenario.project:
        # The worker is shared; the flow starts in its project's folder and environment.
        variables["command"] = f"{shlex.quote(str(job.python))} -m prefect.engine"
        env["PROJECT_DIR"] = str(job.project)
    command += ["--pool", POOL, "--job-variable", json.dumps(variables)]
    done = finish(command, job.project, job.env, job.folder / "deploy.log", job.scenario.limit)
    if done.exit:
        job.record.exit = done.exit
        job.record.console = job.console(job.pieces(done.text))
        said = _last_words(job.record.console)
        job.record.error = Error(f"prefect deploy, exit {done.exit}", said)
        return
    with job.api.client(job.token) as http:
        run = _run(http, name, job)
        pieces = _log(http, run, job)
    job.look_up(pieces)
    job.record.console = job.console(pieces)
    job.record.files = job.made()
    if run["state_type"] != "COMPLETED":
        job.record.error = _why(job, run, pieces)


def _why(job: Job, run: dict[str, Any], pieces: list[Piece]) -> Error:
    """Why the run did not complete: what was raised, else how its process ended."""
    traces = [piece.trace for piece in pieces if piece.trace]
    if traces and (error := raised(job, traces[-1])):
        return error
    said = job.scrub.text(run["state"].get("message") or "")
    for note in reversed(read_notes(job.notes)):
        if note.kind in ("exit", "signal") and in_file(job, note.frames)[1]:
            exit = note.value + 128 if note.kind == "signal" else note.value
            error = ended(job, exit)
            error.message = f"{error.message}: {said}"
            return error
    return Error(run["state"]["name"], said)


_RAISED = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception): ")


def _last_words(console: list[str]) -> str:
    """The exception that ended the command, or its last line."""
    raised = [line for line in console if _RAISED.match(line)]
    return (raised or console or [""])[-1]


def _only_flow(job: Job) -> str:
    """The notebook's flow, where it has one; where it has more, the sidecar must say."""
    flows = job.snippet.flows
    if len(flows) != 1:
        raise ProvenError(
            f"snippets/{job.snippet.name} has {len(flows)} flows: name the one to deploy in its "
            "sidecar, `[worker]` `flow = …`, or leave the mode out in ledger.toml"
        )
    return flows[0]


def _run(http: httpx.Client, name: str, job: Job) -> dict[str, Any]:
    """Start the deployment's run and wait for its end."""
    found = http.post("/deployments/filter", json={"deployments": {"name": {"any_": [name]}}})
    deployment = found.raise_for_status().json()[0]
    parameters = job.scenario.worker.parameters
    _refuse_missing(job, deployment, parameters)
    body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
    made = http.post(f"/deployments/{deployment['id']}/create_flow_run", json=body)
    if made.is_error:
        raise ProvenError(f"{job.run}: the API refuses the run: {made.text[:500]}")
    run_id = made.json()["id"]
    deadline = time.monotonic() + job.scenario.limit
    while True:
        run: dict[str, Any] = http.get(f"/flow_runs/{run_id}").raise_for_status().json()
        if run["state_type"] in FINAL:
            return run
        if time.monotonic() > deadline:
            http.post(
                f"/flow_runs/{run_id}/set_state",
                json={"state": {"type": "CANCELLING"}, "force": True},
            )
            raise TimeoutError(f"the worker's run did not end within {job.scenario.limit:g} s")
        time.sleep(0.3)


def _refuse_missing(job: Job, deployment: dict[str, Any], given: dict[str, Any]) -> None:
    schema = deployment.get("parameter_openapi_schema") or {}
    for name in schema.get("required", ()):
        if name not in given and name not in deployment["parameters"]:
            flow = job.scenario.worker.flow or _only_flow(job)
            raise ProvenError(
                f"{job.run}: the flow {flow!r} needs a value for its parameter {name!r}; "
                f"give it in the sidecar: `[worker]` `parameters = {{ {name} = … }}`"
            )


_LEVELS = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}
_WORKERS = ("prefect.flow_runs.worker", "prefect.flow_runs.runner")
_LAST = re.compile(r"Finished in state|exited with|crashed", re.I)


def _log(http: httpx.Client, run: dict[str, Any], job: Job) -> list[Piece]:
    """The run's log, in Prefect's console format, once its last line is there."""
    deadline = time.monotonic() + 15
    while True:
        chosen = {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC"}
        logs = every(http, "logs", chosen)
        # A task run's last line is not the flow run's.
        last = {x.get("task_run_id") for x in logs if _LAST.search(x["message"])}
        tasks = every(http, "task_runs", {"flow_runs": {"id": {"any_": [run["id"]]}}})
        names = {t["id"]: t["name"] for t in tasks}
        # Processes of Dask and Ray send the lines of their task runs by themselves.
        ended = None in last and (last == {None} or last.issuperset(names))
        # Task runs reach the API as events, maybe after their log lines.
        known = all(x["task_run_id"] in names for x in logs if x.get("task_run_id"))
        if (ended and known) or time.monotonic() > deadline:
            break
        time.sleep(0.3)
    file = job.folder / "flow.log"
    marked = {p.whole: p for p in job.pieces(text_of(file) if file.is_file() else "")}
    # The worker and its runner log under names of their own: when they look for
    # work and which process they start. The run's log is the engine's.
    mine = (x for x in logs if not x["name"].startswith(_WORKERS))
    return [part for x in mine for part in (_line(x, run, names, marked), Piece("\n"))]


def _line(
    row: dict[str, Any], run: dict[str, Any], names: dict[str, str], marked: dict[str, Piece]
) -> Piece:
    """A line of the log; who wrote it the process that logged it has marked."""
    task = names.get(row.get("task_run_id") or "", "")
    who = f"Task run {task!r}" if task else f"Flow run {run['name']!r}"
    text = f"{_LEVELS[row['level']]:<7} | {who} - {row['message']}"
    plain = Piece(text, "", "prefect", row["name"], False, run["id"], run["name"])
    return marked.get(text) or replace(plain, task_id=row.get("task_run_id") or "", task=task)
