"""A record is what ran: names, lines and runs as they were, and nothing of the run's own."""

from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.record import difference, load, save
from proven.run.pool import Pool
from tests.run.notebooks import SETUP, make, said

pytestmark = pytest.mark.slow

PRINTS = [
    "Downloading orders.csv",
    "Building report for 12 stores",
    "Built report.html",
    "connecting to postgresql://localhost:5432/shop",
    "window 2026-01-05 06:00:00 to 2026-01-06T06:00:00Z",
    "order 3f2b8c1e-0d9a-4c1b-8a77-5d0f6f2a9b11",
    "batch took in 3.25s, expected in 9.75s",
    "17:04:20.598 | INFO    | Flow run 'x' - hello",
    "<function f at 0x7ff88640f600>",
    "\x1b[32mgreen\x1b[0m",
    "trailing blanks   ",
    "",
    "\ttabs\tand ünïcödé \u2028 in one line",
    "=================================== short ===================================",
    'Traceback (most recent call last):\n  File "x.py", line 3, in f\n    1 / 0\n       ^\nE: no',
    "WARNING | EventsWorker - Still processing items: 1 items remaining...",
    "end",
]
PRINTED = "\n".join(PRINTS).split("\n")
LINES = f"@app.cell\ndef lines():\n    for _line in {PRINTS!r}:\n        print(_line)\n    return\n"


@pytest.mark.parametrize("mode", ["script", "edit", "run"])
def test_what_a_notebook_prints_stands_as_it_was_printed(
    pool: Pool, tmp_path: Path, mode: str
) -> None:
    record = make(pool, tmp_path, LINES, mode)
    assert record.passed
    assert said(record) == PRINTED


GIVEN = (
    SETUP
    + """@app.function
@task
def load(day):
    from prefect.states import Completed, Failed
    return Completed(name="Skipped") if day else Failed(name="Refused")


@app.function
@flow
def loads():
    return [load(day, return_state=True).name for day in (1, 0)]


@app.cell
def call():
    loads(return_state=True)
    return
"""
)


def test_a_state_with_a_name_of_its_own_has_its_type(pool: Pool, tmp_path: Path) -> None:
    (flow,) = make(pool, tmp_path, GIVEN, "script").flows
    assert [(t.state, t.type) for t in flow.tasks] == [
        ("Skipped", "COMPLETED"),
        ("Refused", "FAILED"),
    ]
    assert (flow.state, flow.type) == ("Completed", "")


NAMED = (
    SETUP
    + """@app.function
@task(task_run_name="store-{number}")
def load_store(number):
    return number


@app.function
@flow
def stores():
    return [load_store(n) for n in (205, 101, 310)]


@app.cell
def script():
    print(stores())
    print("compare with: Task run 'store-205', 'store-101', 'store-310'")
    return
"""
)


def test_given_names_stay_and_come_in_their_order(pool: Pool, tmp_path: Path) -> None:
    record = make(pool, tmp_path, NAMED, "script")
    tasks = [(t.name, t.task) for t in record.flows[0].tasks]
    assert tasks == [(f"store-{n}", "load_store") for n in (205, 101, 310)]
    assert record.console[-1] == "compare with: Task run 'store-205', 'store-101', 'store-310'"


NIGHTLY = (
    SETUP
    + """@app.function
@task
def double(x):
    return 2 * x


@app.function
@flow
def nightly():
    return double(1)
"""
)
SILENT = (
    NIGHTLY
    + """

@app.cell
def alone():
    print(double(21))
    return


@app.cell
def quiet():
    import logging

    logging.disable(logging.CRITICAL)
    nightly()
    return
"""
)


@pytest.mark.parametrize("mode", ["script", "edit"])
def test_runs_are_known_without_a_line_in_the_log(pool: Pool, tmp_path: Path, mode: str) -> None:
    record = make(pool, tmp_path, SILENT, mode)
    assert [t.name for t in record.tasks] == ["double"]
    assert [(f.flow, [t.name for t in f.tasks]) for f in record.flows] == [
        ("nightly", ["double-1"])
    ]
    assert all(f.name == "random-name" for f in record.flows)


DELETED = (
    NIGHTLY
    + """

@app.cell
def clean():
    import time
    from prefect import get_client
    from prefect.exceptions import PrefectHTTPStatusError

    api = get_client(sync_client=True)
    ended, kept = nightly(return_state=True), nightly(return_state=True)
    alone = double(21, return_state=True).state_details.task_run_id
    api.delete_flow_run(ended.state_details.flow_run_id)
    for _ in range(60):  # the API hears of task runs a moment later
        try:
            api._client.delete(f"/task_runs/{alone}")
            break
        except PrefectHTTPStatusError:
            time.sleep(0.5)
    return
"""
)


@pytest.mark.parametrize("mode", ["script", "edit"])
def test_runs_that_the_notebook_deletes_are_not_lost(pool: Pool, tmp_path: Path, mode: str) -> None:
    record = make(pool, tmp_path, DELETED, mode)
    assert record.passed
    assert [(f.flow, [t.name for t in f.tasks]) for f in record.flows] == [
        ("nightly", ["double-1"])
    ]
    assert record.tasks == []


MANY = (
    SETUP
    + """@app.function
@task
def tenfold(n):
    return 10 * n


@app.function
@flow
def row_by_row(rows=201):
    return sum(tenfold.map(range(rows)).result())


@app.cell
def script():
    print(row_by_row())
    return
"""
)


def test_more_task_runs_than_a_page_of_the_api_holds(pool: Pool, tmp_path: Path) -> None:
    record = make(pool, tmp_path, MANY, "script", "concurrent = true\nlimit = 300")
    assert record.passed
    assert {t.task for t in record.flows[0].tasks} == {"tenfold"}
    assert len({t.name for t in record.flows[0].tasks}) == 201


SHOWN = (
    SETUP
    + """@app.function
@task
def fetch():
    raise ConnectionError("the source is away")


@app.function
@flow
def failing():
    return fetch()


@app.cell
def show():
    failing(return_state=True)
    return
"""
)


def test_a_state_that_is_shown_holds_nothing_of_this_run(pool: Pool, tmp_path: Path) -> None:
    record = make(pool, tmp_path, SHOWN, "edit")
    shown = record.steps[0].cells[-1].output
    assert shown is not None
    assert "storage_key=&#x27;~/.prefect/storage/<key>&#x27;" in shown.data


HALF = """@app.cell
def half():
    open("\\udcff", "w").close()
    raise ValueError(chr(0xD800))
"""


def test_half_a_letter_in_a_name_or_a_message_can_be_kept(pool: Pool, tmp_path: Path) -> None:
    record = make(pool, tmp_path, HALF, "script")
    assert record.error is not None
    assert (record.error.message, record.files) == ("\\ud800", ["\\udcff"])
    save(record, tmp_path / "record.json")
    assert difference(load(tmp_path / "record.json"), record) == ""


REQUIRED = SETUP + "@app.function\n@flow\ndef required(n: int):\n    return n\n"


def test_a_required_parameter_without_a_value_is_named(pool: Pool, tmp_path: Path) -> None:
    words = r"'required' needs a value for its parameter 'n'; .*`parameters = \{ n = … \}`"
    with pytest.raises(ProvenError, match=words):
        make(pool, tmp_path, REQUIRED, "worker")


VARIES = '[[varies]]\ntext = "took (.*) s"\nwhy = "a duration"\nmodes = ["script"]\n'


def test_what_varies_is_declared(pool: Pool, tmp_path: Path) -> None:
    body = (
        "@app.cell\ndef _():\n    import time\n\n    print(f'took {time.time()} s')\n    return\n"
    )
    assert make(pool, tmp_path, body, "script", VARIES).console == ["took ⟨a duration⟩ s"]
    body = body.replace("took", "lasted")
    with pytest.raises(ProvenError, match="nothing that it writes matches 'took"):
        make(pool, tmp_path, body, "script", VARIES)
