"""The worker mode: `prefect deploy`, and a real process worker that runs it."""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import Any

import httpx

from proven.errors import ProvenError
from proven.record import Error
from proven.run.api import POOL
from proven.run.job import Job
from proven.run.plain import raised, run_script
from proven.run.process import finish
from proven.run.states import FINAL


def worker(job: Job) -> None:
    """Deploy the notebook's flow to the pool, run the deployment, read its log and states."""
    deployment = job.scenario.worker
    flow = deployment.flow or _only_flow(job)
    if deployment.script is not None:
        run_script(job, deployment.script)
    name = f"proven-{secrets.token_hex(4)}"
    job.scrub.name(name, "deployment")
    home = job.folder / "prefect"
    results = {"PREFECT_LOCAL_STORAGE_PATH": str(home / "storage"), **job.scenario.env}
    command = ["prefect", "--no-prompt", "deploy", f"{job.name}:{flow}", "--name", name]
    variables: dict[str, Any] = {"env": results}
    if job.scenario.project:
        # The worker is shared; the flow starts in its project's folder and environment.
        variables["command"] = f"{job.python} -m prefect.engine"
        results["PROJECT_DIR"] = str(job.project)
    command += ["--pool", POOL, "--job-variable", json.dumps(variables)]
    done = finish(command, job.project, job.env, job.folder / "deploy.log", job.scenario.limit)
    if done.exit:
        job.record.exit = done.exit
        job.record.console = job.console(done.text)
        last = job.record.console[-1] if job.record.console else ""
        job.record.error = Error(f"prefect deploy, exit {done.exit}", last)
        return
    with job.api.client() as http:
        run = _run(http, name, job)
        console = _log(http, run)
        ids = _with_subflows(http, run["id"])
    job.look_up(console, ids)
    job.record.console = job.console(console)
    job.record.files = job.made()
    if run["state_type"] != "COMPLETED":
        said = job.scrub.text(run["state"].get("message") or "")
        job.record.error = raised(job, console) or Error(run["state"]["name"], said)


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
    deployment = found.raise_for_status().json()[0]["id"]
    body = {"parameters": job.scenario.worker.parameters, "state": {"type": "SCHEDULED"}}
    made = http.post(f"/deployments/{deployment}/create_flow_run", json=body)
    run_id = made.raise_for_status().json()["id"]
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


_LEVELS = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}
_LAST = re.compile(r"Finished in state|exited with|crashed", re.I)


def _log(http: httpx.Client, run: dict[str, Any]) -> str:
    """The run's log, in Prefect's console format, once its last line is there."""
    deadline = time.monotonic() + 15
    while True:
        lines = http.post(
            "/logs/filter",
            json={"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC"},
        )
        logs: list[dict[str, Any]] = lines.raise_for_status().json()
        # A task run's last line is not the flow run's.
        ended = any(_LAST.search(x["message"]) for x in logs if not x.get("task_run_id"))
        tasks = http.post("/task_runs/filter", json={"flow_runs": {"id": {"any_": [run["id"]]}}})
        names = {t["id"]: f"Task run {t['name']!r}" for t in tasks.raise_for_status().json()}
        # Task runs reach the API as events, maybe after their log lines.
        known = all(x["task_run_id"] in names for x in logs if x.get("task_run_id"))
        if (ended and known) or time.monotonic() > deadline:
            break
        time.sleep(0.3)
    mine = f"Flow run {run['name']!r}"
    # The worker and its runner log under names of their own: when they look for
    # work and which process they start. The run's log is the engine's.
    return "\n".join(
        f"{_LEVELS[x['level']]:<7} | {names.get(x.get('task_run_id'), mine)} - {x['message']}"
        for x in logs
        if not x["name"].startswith(("prefect.flow_runs.worker", "prefect.flow_runs.runner"))
    )


def _with_subflows(http: httpx.Client, run_id: str) -> list[str]:
    ids, new = [run_id], [run_id]
    while new:
        found = http.post(
            "/flow_runs/filter",
            json={"flow_runs": {"parent_flow_run_id": {"any_": new}}, "sort": "START_TIME_ASC"},
        )
        new = [f["id"] for f in found.raise_for_status().json()]
        ids += new
    return ids
