"""The pinned set is whole: proven by what the pages use, not by an import.

A Prefect that imports may still answer 422, or never schedule a run: FastAPI and
SQLAlchemy each broke it once in that silent way.
"""

import json
import sys
import time
from pathlib import Path

import httpx
import pytest

from proven.run.api import POOL, Server
from proven.run.process import finish

pytestmark = pytest.mark.slow

USES = """
from prefect import flow, task
from prefect.artifacts import Artifact, create_markdown_artifact, create_table_artifact
from prefect.blocks.system import Secret
from prefect.variables import Variable


@task
def report() -> None:
    create_markdown_artifact("# done", key="summary")
    create_table_artifact([{"rows": 2}], key="rows")


@flow
def uses() -> str:
    Secret(value="s3cret").save("the-secret", overwrite=True)
    Variable.set("the_variable", "x", overwrite=True)
    report()
    return Secret.load("the-secret").get()


if __name__ == "__main__":
    assert uses() == "s3cret"
    assert Variable.get("the_variable") == "x"
    assert Artifact.get("summary").data == "# done"
"""

FLOW = """
from prefect import flow


@flow
def tick(n: int = 1) -> int:
    return n
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A Prefect server of its own, with a worker: its log is read at the end."""
    with Server(tmp_path_factory.mktemp("server")) as server:
        server.worker()
        yield server


def _run(server: Server, folder: Path, *command: str) -> str:
    env = server.api.env(folder / "home")
    done = finish(command, folder, env, folder / "log", 120)
    assert done.exit == 0, done.text
    return done.text


def test_blocks_variables_and_artifacts(server: Server, tmp_path: Path) -> None:
    (tmp_path / "uses.py").write_text(USES)
    _run(server, tmp_path, sys.executable, "uses.py")


def test_the_commands_that_list_things_answer(server: Server, tmp_path: Path) -> None:
    """They ask with an empty limit, which a newer FastAPI refuses."""
    for what in ("block", "work-pool", "deployment"):
        _run(server, tmp_path, "prefect", what, "ls")


def test_a_deployment_runs_and_its_schedule_makes_runs(server: Server, tmp_path: Path) -> None:
    (tmp_path / "tick.py").write_text(FLOW)
    command = ["prefect", "--no-prompt", "deploy", "tick.py:tick", "--name", "often"]
    _run(server, tmp_path, *command, "--pool", POOL, "--cron", "0 6 * * *", "--timezone", "UTC")
    _run(server, tmp_path, "prefect", "deployment", "run", "tick/often", "--watch")
    with httpx.Client(base_url=server.api.url, timeout=30) as http:
        deadline = time.monotonic() + 180
        while True:
            runs = http.post(
                "/flow_runs/filter",
                json={"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}},
            )
            scheduled = [r for r in runs.raise_for_status().json() if r["auto_scheduled"]]
            if scheduled:
                break
            assert time.monotonic() < deadline, "the schedule made no run"
            time.sleep(1)
        done = http.post(
            "/flow_runs/filter", json={"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
        )
    names = json.dumps([r["state"]["name"] for r in done.json()])
    assert "Completed" in names
    assert all("T06:00:00" in r["expected_start_time"] for r in scheduled)


def test_after_all_that_the_server_s_log_holds_no_error(server: Server) -> None:
    wrong = [
        x for x in server.log.splitlines() if "ERROR" in x or "Traceback" in x or "Error:" in x
    ]
    assert wrong == []
