"""What pages advise, each done as it stands there, and once otherwise."""

import sys
from pathlib import Path

import pytest

from proven.modes import Mode
from proven.run.pool import Pool
from proven.run.process import clean_env, finish
from proven.snippet import Snippet
from tests.here import find
from tests.stacking.test_editor import cell, opened

pytestmark = pytest.mark.slow


def said_by(pool: Pool, folder: Path, code: str) -> str:
    """What this code prints, with an API of the tests."""
    env = pool.api(Mode.SCRIPT).env(folder / "prefect")
    return finish([sys.executable, "-c", code], folder, env, folder / "log", 90).text


TWO_NAMES = """
import marimo

app = marimo.App()


@app.cell
def both():
    a, b = 1, 2
    return a, b


@app.cell
def use(a, b):
    print("uses", a, b)
    return
"""
REPLACED = """
from cells import app

app.run(defs={"a": 10, "b": 20})
app.run(defs={"a": 10})
"""


def test_a_cell_is_replaced_with_all_its_names(tmp_path: Path) -> None:
    (tmp_path / "cells.py").write_text(TWO_NAMES)
    done = finish([sys.executable, "-c", REPLACED], tmp_path, clean_env(), tmp_path / "log", 60)
    assert "uses 10 20" in done.text
    assert "IncompleteRefsError" in done.text.splitlines()[-1]


FAILED_STATE = """
from prefect import flow, task

@task
def fails(): raise ValueError

@task
def more(rows): print("more runs")

@flow
def called(): return more(fails(return_state=True))

print(called(), called(return_state=True).name)
"""


def test_a_task_called_with_a_failed_state_gives_none(pool: Pool, tmp_path: Path) -> None:
    text = said_by(pool, tmp_path, FAILED_STATE)
    assert text.splitlines()[-1] == "None Completed"
    assert "more runs" not in text


SECRETS = """
from prefect import flow
from prefect.blocks.system import Secret

Secret(value="kept").save("url", overwrite=True)

@flow
async def as_written(): return (await Secret.aload("url")).get()

@flow
async def without_brackets(): return await Secret.aload("url").get()

import asyncio
print(asyncio.run(as_written()))
asyncio.run(without_brackets())
"""


def test_a_secret_is_awaited_before_it_is_asked(pool: Pool, tmp_path: Path) -> None:
    text = said_by(pool, tmp_path, SECRETS)
    assert "\nkept\n" in f"\n{text}"
    assert "'coroutine' object has no attribute 'get'" in text


NESTED = """
import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    import marimo as mo


@app.cell
def given():
    if True:
        mo.output.replace(mo.md("given to mo.output"))
    return


@app.cell
def nested():
    if True:
        mo.md("in an if")
    return
"""


def test_an_if_shows_what_mo_output_is_given(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "nested.py").write_text(NESTED)
    with opened(Snippet("nested.py", tmp_path), pool, tmp_path) as session:
        assert "given to mo.output" in str(cell(session, "mo.output").output)
        assert "in an if" not in str(cell(session, '"in an if"').output)


def test_uv_brings_pytest_from_the_header(tmp_path: Path) -> None:
    (tmp_path / "template.py").write_text(find("template.py").text)
    command = ["uvx", "--with-requirements", "template.py", "pytest", "template.py"]
    done = finish(command, tmp_path, clean_env(), tmp_path / "log", 300)
    assert "1 passed" in done.text
    command = ["uvx", "pytest", "template.py"]
    assert "No module named" in finish(command, tmp_path, clean_env(), tmp_path / "log", 300).text


def test_a_deployment_needs_a_name_where_nobody_is_asked(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "template.py").write_text(find("template.py").text)
    env = pool.api(Mode.SCRIPT).env(tmp_path / "prefect")
    command = ["prefect", "--no-prompt", "deploy", "template.py:run_pipeline"]
    done = finish(command, tmp_path, env, tmp_path / "log", 90)
    assert "A deployment name must be provided" in done.text


KWARGS = """
from prefect import flow

@flow
def takes_any(**kwargs): return kwargs

@flow
def takes_one(source=""): return source

print(takes_any(sorce=1))
takes_one(sorce=1)
"""


def test_a_flow_with_kwargs_takes_a_wrong_name(pool: Pool, tmp_path: Path) -> None:
    text = said_by(pool, tmp_path, KWARGS)
    assert "{'sorce': 1}" in text
    assert "ParameterBindError" in text


ONE_NAME = """
from prefect import flow, get_client

@flow(name="told")
def here(): ...

@flow(name="told")
def in_another_notebook(): ...

@flow(name="else")
def other(): ...

client = get_client(sync_client=True)
runs = [f(return_state=True).state_details.flow_run_id for f in (here, in_another_notebook, other)]
ids = [client.read_flow_run(run).flow_id for run in runs]
print(ids[0] == ids[1], ids[0] == ids[2])
"""


def test_flows_with_one_name_are_one_flow_to_the_server(pool: Pool, tmp_path: Path) -> None:
    assert said_by(pool, tmp_path, ONE_NAME).splitlines()[-1] == "True False"
