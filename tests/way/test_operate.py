"""What the pages of the year say of schedules and alerts, beside the one case that they show."""

import sys
import time
from pathlib import Path

import pytest

from proven.run.api import Api, Server
from proven.run.process import Process, finish
from tests.here import find

pytestmark = pytest.mark.slow

SCHEDULED = """
deployments:
- name: scheduled
  entrypoint: slow.py:work
  work_pool: {name: scheduled}
  schedules:
  - cron: "0 6 * * *"
    timezone: Asia/Hong_Kong
"""


@pytest.mark.parametrize(("more", "active"), [("", "True"), ("    active: false\n", "False")])
def test_a_schedule_that_is_inactive_in_the_file_stays_paused(
    more: str, active: str, api: Api, tmp_path: Path
) -> None:
    (tmp_path / "slow.py").write_text(find("operate/slow.py").text)
    (tmp_path / "prefect.yaml").write_text(SCHEDULED)
    (tmp_path / "next.yaml").write_text(SCHEDULED + more)
    deploy = "prefect --no-prompt deploy --all > deploy.log\n"
    command = (
        "prefect work-pool create scheduled --type process --overwrite > /dev/null\n"
        + deploy
        + "id=$(prefect deployment schedule ls slow/scheduled | grep -oE '[0-9a-f-]{36}')\n"
        "prefect deployment schedule pause slow/scheduled $id > /dev/null\n"
        "cp next.yaml prefect.yaml\n"
        + deploy
        + "prefect deployment schedule ls slow/scheduled | grep -oE 'True|False'\n"
    )
    env = api.env(tmp_path / "home") | {"COLUMNS": "200"}
    done = finish(["sh", "-ec", command], tmp_path, env, tmp_path / "log", 120)
    assert done.text.splitlines()[-1] == active, done.text


UNSCHEDULED = SCHEDULED.partition("  schedules:")[0]


@pytest.mark.parametrize(
    ("after", "flow", "left"),
    [
        (UNSCHEDULED, "slow", ["slow/left-out 1"]),
        (UNSCHEDULED + "  schedules: []\n", "slow", ["slow/empty 1"]),
        (SCHEDULED, "other", ["other/renamed 1", "slow/renamed 1"]),
    ],
    ids=["left-out", "empty", "renamed"],
)
def test_what_is_gone_from_the_file_stays_on_the_server(
    request: pytest.FixtureRequest, after: str, flow: str, left: list[str], api: Api, tmp_path: Path
) -> None:
    name, source = request.node.callspec.id, find("operate/slow.py").text
    (tmp_path / "slow.py").write_text(source)
    (tmp_path / "next.py").write_text(source.replace('name="slow"', f'name="{flow}"'))
    for file, text in (("prefect.yaml", SCHEDULED), ("next.yaml", after)):
        (tmp_path / file).write_text(text.replace("- name: scheduled", f"- name: {name}"))
    deploy = "prefect --no-prompt deploy --all > deploy.log\n"
    command = (
        "prefect work-pool create scheduled --type process --overwrite > /dev/null\n"
        f"{deploy}mv next.py slow.py\nmv next.yaml prefect.yaml\n{deploy}"
        f"for one in $(prefect deployment ls | grep -oE '[a-z]+/{name}' | sort); do\n"
        "echo $one $(prefect deployment schedule ls $one | grep -c 'cron:')\ndone\n"
    )
    env = api.env(tmp_path / "home") | {"COLUMNS": "200"}
    done = finish(["sh", "-ec", command], tmp_path, env, tmp_path / "log", 240)
    assert done.text.splitlines()[-len(left) :] == left, done.text


FAILING = """
from prefect import flow

for name in ("told", "other"):
    @flow(name=name, flow_run_name=name)
    def fails(): raise ValueError
    fails(return_state=True)
"""


def test_an_automation_is_told_of_its_flow_alone(api: Api, tmp_path: Path) -> None:
    env = api.env(tmp_path / "home")
    filtered = find("operate/automation.py").text
    unfiltered = filtered.replace("        match_related=this_flow,\n", "")
    assert unfiltered != filtered
    (tmp_path / "receiver.py").write_text(find("operate/receiver.py").text)
    with Process(["python", "receiver.py"], tmp_path, env, tmp_path / "messages") as receiver:
        address = tmp_path / "address.txt"
        receiver.until(lambda: address.is_file() and bool(address.read_text()), 60, "an address")
        env["ALERTS"] = address.read_text()
        for name, text in (("filtered", filtered), ("unfiltered", unfiltered)):
            (tmp_path / f"{name}.py").write_text(text.replace("automation: ", f"{name}: "))
            assert finish(["python", f"{name}.py"], tmp_path, env, tmp_path / "log", 60).exit == 0
        finish(["python", "-c", FAILING], tmp_path, env, tmp_path / "log", 90)
        receiver.until(lambda: len(_of_both(receiver.text)) >= 3, 90, "three messages")
        time.sleep(2)  # one too many would come now
        assert _of_both(receiver.text) == [
            "filtered: told is Failed",
            "unfiltered: other is Failed",
            "unfiltered: told is Failed",
        ]


def _of_both(messages: str) -> list[str]:
    """What these two automations said: the server may have one more, which another test made."""
    return sorted(m for m in messages.splitlines() if m.startswith(("filtered:", "unfiltered:")))


@pytest.mark.parametrize(
    ("edit", "left"), [("", ["other"]), ("flow_filter=of_flow, ", [])], ids=["one", "every"]
)
def test_old_runs_are_removed_of_one_flow(edit: str, left: list[str], tmp_path: Path) -> None:
    text = find("operate/remove_old.py").text
    assert edit in text
    (tmp_path / "remove_old.py").write_text(text.replace(edit, ""))
    with Server(tmp_path / "prefect") as server:
        env = server.api.env(tmp_path / "home")
        assert finish(["python", "-c", FAILING], tmp_path, env, tmp_path / "log", 90).exit == 0
        command = ["python", "remove_old.py", "told", "0"]
        assert finish(command, tmp_path, env, tmp_path / "log", 60).exit == 0
        with server.api.client() as http:
            runs = http.post("/flow_runs/filter", json={}).json()
    assert [run["name"] for run in runs] == left


LEFT = """
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.states import Running

@flow
def left(): ...

with get_client(sync_client=True) as client:
    print(client.create_flow_run(left, state=Running()).id)
"""


def test_a_run_that_nobody_ends_is_cancelled_in_the_end(tmp_path: Path) -> None:
    """The server waits five minutes; here two seconds."""
    waits = {"PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_CANCELLING_TIMEOUT_SECONDS": "2"}
    with Server(tmp_path / "prefect", waits) as server:
        env = server.api.env(tmp_path / "home")
        made = finish([sys.executable, "-c", LEFT], tmp_path, env, tmp_path / "log", 60)
        run = made.text.split()[-1]
        retry = ["prefect", "--no-prompt", "flow-run", "retry", run]
        refused = finish(retry, tmp_path, env, tmp_path / "log", 60).text
        assert "cannot be retried" in " ".join(refused.split())
        cancel = ["prefect", "flow-run", "cancel", run]
        assert finish(cancel, tmp_path, env, tmp_path / "log", 60).exit == 0
        with server.api.client() as http:
            seen = [http.get(f"/flow_runs/{run}").json()["state"]["name"]]
            while seen[-1] != "Cancelled" and len(seen) < 60:
                time.sleep(1)
                seen.append(http.get(f"/flow_runs/{run}").json()["state"]["name"])
        assert seen[0] == "Cancelling"
        assert seen[-1] == "Cancelled"


NOTEBOOK = """
import marimo
app = marimo.App()
with app.setup:
    from pathlib import Path
    from prefect import flow
    Path("imported").touch()
@app.function
@flow(log_prints=True)
def said(day: str = "the-default"):
    "The docstring."
    Path("called").touch()
    print("the-body")
if __name__ == "__main__":
    app.run()
"""
DEPLOY = """
prefect work-pool create said --type process
prefect --no-prompt deploy said.py:said --name said --pool said
ls
"""
SAID = {b"said.py:said", b"set_working_directory", b"The docstring.", b"the-default", b"the-body"}
RUN = """
sed -i.old s/the-body/the-edit/ said.py
prefect deployment run said/said
prefect worker start --pool said --run-once
"""


def test_a_deployment_has_what_the_flow_takes_and_not_its_code(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "said.py").write_text(NOTEBOOK)
    with Server(tmp_path / "prefect") as server:
        env = server.api.env(tmp_path / "home")
        done = finish(["sh", "-ec", DEPLOY], here, env, tmp_path / "log", 120)
        assert done.exit == 0, done.text
        assert (here / "imported").exists() and not (here / "called").exists()
        kept = b"".join(file.read_bytes() for file in (tmp_path / "prefect").rglob("*.db*"))
        assert {text for text in SAID if text in kept} == SAID - {b"the-body"}
        # The deployment is the same, the file is not.
        done = finish(["sh", "-ec", RUN], here, env, tmp_path / "log", 120)
        assert "the-edit" in done.text and "the-body" not in done.text, done.text


OPEN = """
from prefect import flow

@flow
def takes(day: str = "", **more): ...
"""
ASK = """
prefect work-pool create takes --type process --overwrite
prefect --no-prompt deploy takes.py:takes --name takes --pool takes
prefect deployment run takes/takes -p day=today -p 'more={}'
! prefect deployment run takes/takes -p dayy=today
"""


def test_a_deployment_run_takes_no_name_that_the_flow_does_not_write(
    api: Api, tmp_path: Path
) -> None:
    (tmp_path / "takes.py").write_text(OPEN)
    done = finish(["sh", "-ec", ASK], tmp_path, api.env(tmp_path / "home"), tmp_path / "log", 120)
    assert done.exit == 0, done.text
    assert "not found on the deployment: 'dayy'" in done.text
