"""The same wrong thing in other spellings of Python is found; what only looks like it is not."""

from pathlib import Path

import pytest

from tests.check.loading import found, notebook, repository, rules
from tests.check.test_rules import ASYNC, FLOW, GO, TASK

EDIT = "mo.app_meta().mode == 'edit'"
NOT_SCRIPT = "mo.app_meta().mode != 'script'"
JOB = "@app.class_definition\nclass Job:\n    @flow\n    def run(self):\n        return 1\n"
RUNNER = "class Runner:\n    def go(self):\n        return nightly()"


def _async(body: str, *names: str) -> str:
    return f"@app.cell\nasync def _({', '.join(names)}):\n    {body}\n    return\n"


STARTED = {
    "a method": [JOB, "Job().run()"],
    "a method of an object from another cell": [JOB, "job = Job()", "job.run()"],
    "a static method": [
        "class Job:\n    @staticmethod\n    @flow\n    def run():\n        return 1\n\nJob.run()"
    ],
    "an inherited method": [JOB, "class Mine(Job):\n    pass\n\nMine().run()"],
    "a method that calls itself by self": [
        "class Job:\n    @flow\n    def run(self):\n        return 1\n\n"
        "    def go(self):\n        return self.run()\n\nJob().go()"
    ],
    "a plain method": [FLOW, f"{RUNNER}\n\nRunner().go()"],
    "a constructor": [FLOW, "class Job:\n    def __init__(self):\n        nightly()\n\nJob()"],
    "a call of an object": [
        FLOW,
        "class Job:\n    def __call__(self):\n        nightly()\n\nJob()()",
    ],
    "a chain of options": [FLOW, "nightly.with_options(name='x').with_options(retries=2)()"],
    "flow as a function": ["from prefect import flow as f\nf(print)()"],
    "a lambda": [FLOW, "(lambda: nightly())()"],
    "a dict": [FLOW, "jobs = {'a': nightly}\njobs['a']()"],
    "a loop": [FLOW, "for job in [nightly]:\n    job()"],
    "a loop over items": [FLOW, "for _name, job in {'a': nightly}.items():\n    job()"],
    "a loop in a comprehension": [FLOW, "_ran = [job() for job in (nightly,)]"],
    "one or the other": [FLOW, "import os\njob = nightly if os.name else print", "job()"],
    "serve": [FLOW, "import prefect\nprefect.serve(nightly.to_deployment('x'))"],
    "the wrong way round": [FLOW, GO, "if not go.value:\n    nightly()"],
    "a stop the wrong way round": [FLOW, GO, "mo.stop(go.value)\nnightly()"],
    "an else": [FLOW, GO, "if go.value:\n    pass\nelse:\n    nightly()"],
    "a constant that is handed over": [
        FLOW,
        "def go_on(run=False):\n    if run:\n        nightly()\n\ngo_on(run=True)",
    ],
    "a thread": [
        FLOW,
        "import threading\n\ndef go_on():\n    nightly()\n\nthreading.Thread(target=go_on).start()",
    ],
    "an executor": [
        FLOW,
        "import asyncio\nasyncio.get_event_loop().run_in_executor(None, nightly)",
    ],
    "a default": [FLOW, "@app.function\ndef f(x=nightly()):\n    return x\n"],
    "the body of a class": [FLOW, "@app.class_definition\nclass A:\n    x = nightly()\n"],
    "a pipe": [TASK, "frame = mo\nframe.pipe(double)"],
    "reduce": [FLOW, "from functools import reduce\nreduce(nightly, [1, 2])"],
    "a partial decorator": [
        "from functools import partial\njob = partial(task, retries=2)\n\n"
        "@job\ndef t():\n    pass\n\nt()"
    ],
    "a decorator of one's own": [
        "def job(fn):\n    return task(retries=2)(fn)\n\n@job\ndef t():\n    pass\n\nt()"
    ],
    "one with options": [
        "def job(**given):\n    def around(fn):\n        return task(**given)(fn)\n"
        "    return around\n\n@job(retries=2)\ndef t():\n    pass\n\nt()"
    ],
    "a walrus": [FLOW, "if (r := nightly()):\n    print(r)"],
    "a task group": [
        ASYNC,
        _async(
            "import asyncio\n    async with asyncio.TaskGroup() as group:\n"
            "        group.create_task(later())"
        ),
    ],
    "an async loop": [
        "@flow\nasync def many():\n    yield 1",
        _async("async for x in many():\n        print(x)", "many"),
    ],
    "an async function": [FLOW, "async def go():\n    nightly()", _async("await go()", "go")],
    "tasks in a flow's own function": [
        TASK,
        "@app.function\n@flow\ndef outer():\n    return double(1)\n",
        "outer.fn()",
    ],
    "a client": [
        "from prefect import get_client\nwith get_client(sync_client=True) as client:\n"
        "    client.create_flow_run_from_deployment('x')"
    ],
    "an entrypoint": [
        "from prefect.flows import load_flow_from_entrypoint as load\nload('x.py:f')()"
    ],
    "a constant from another cell": [FLOW, "ready = True", "if ready:\n    nightly()"],
    "functions one after another": [
        FLOW,
        "def a():\n    b()\n\ndef b():\n    nightly()\n\na()",
    ],
    "main": [FLOW, "def main():\n    nightly()\n\nif __name__ == '__main__':\n    main()"],
    "an asset": [
        "from prefect.assets import materialize\n\n"
        "@materialize('s3://x/y')\ndef m():\n    pass\n\nm()"
    ],
    "a module under a name": ["import prefect.tasks as pt\n\n@pt.task\ndef m():\n    pass\n\nm()"],
    "a comprehension with a condition on its data": [
        FLOW,
        "_x = [nightly(s) for s in ['a'] if s]",
    ],
    "a value by its place": [
        FLOW,
        "on = mo.ui.switch(True)\nway = mo.ui.radio(['a', 'b'], 'a')\n[on, way]",
        "if on.value and way.value == 'a':\n    nightly()",
    ],
    "a number's start": [FLOW, "n = mo.ui.number(1, 9)\nn", "if n.value > 0:\n    nightly()"],
    "a flow that a function makes": [
        "def make():\n    @flow\n    def inner():\n        return 1\n\n    return inner",
        "run = make()",
        "run()",
    ],
    "a command": [
        "import subprocess\nsubprocess.run(['prefect', 'deployment', 'run', 'nightly/prod'])"
    ],
    "a loop over rows": [
        FLOW,
        "for _s in mo.status.progress_bar(['a']):\n    nightly(_s)",
    ],
    "a complaint about settings": [
        FLOW,
        "import os\nif not os.getenv('KEY'):\n    raise ValueError('KEY')\nnightly()",
    ],
    "a complaint about data": [FLOW, "rows = mo.ui\nassert len([1]) == 1\nnightly()"],
    "a namespace": [
        FLOW,
        "from types import SimpleNamespace\njobs = SimpleNamespace(go=nightly)",
        "jobs.go()",
    ],
    "a field": [
        FLOW,
        "from dataclasses import dataclass\n\n@dataclass\nclass P:\n    job: object\n\n"
        "P(nightly).job()",
    ],
    "an attribute that the constructor sets": [
        FLOW,
        "class P:\n    def __init__(self, job):\n        self.job = job\n\n"
        "    def go(self):\n        self.job()\n\nP(nightly).job()",
    ],
    "a method under a name": [TASK, "go = double.map", "go([1])"],
    "a partial of a method": [
        TASK,
        "from functools import partial\njob = partial(double.submit, 2)\njob()",
    ],
    "a dict's get": [TASK, "jobs = {'d': double}", "jobs.get('d')(1)"],
    "a list that grows": [
        TASK,
        "jobs = []\njobs.append(double)\nfor _job in jobs:\n    _job(1)",
    ],
    "a function that a function returns": [
        FLOW,
        "def outer():\n    def inner():\n        nightly()\n\n    return inner\n\nouter()()",
    ],
    "a function that calls what it is given": [
        FLOW,
        "def call(fn):\n    return fn()\n\ncall(nightly)",
    ],
    "the last case": [
        FLOW,
        GO,
        "match go.value:\n    case True:\n        pass\n    case _:\n        nightly()",
    ],
    "a case of two": [
        FLOW,
        GO,
        "match go.value:\n    case False | None:\n        nightly()",
    ],
    "a date": [FLOW, "day = mo.ui.date()\nday", "mo.stop(day.value is None)\nnightly()"],
    "one of several": [
        FLOW,
        "KIND = 'a'",
        "if KIND in ('a', 'b') and 0 < len(KIND) < 3:\n    nightly()",
    ],
    "a function that says yes": [
        FLOW,
        "def ready():\n    return True\n",
        "if ready():\n    nightly()",
    ],
    "Prefect's engine": [FLOW, "from prefect.flow_engine import run_flow\nrun_flow(nightly)"],
    "another event loop": [ASYNC, "import anyio\nanyio.run(later)"],
    "a checkbox that is on": [
        FLOW,
        "box = mo.ui.checkbox(value=True)\nbox",
        "mo.stop(not box.value)\nnightly()",
    ],
}


@pytest.mark.parametrize("cells", STARTED.values(), ids=list(STARTED))
def test_a_run_on_opening_is_found(cells: list[str], tmp_path: Path) -> None:
    assert rules(repository(tmp_path, book=notebook(*cells))) == ["guards"]


HELD = {
    "a return before": [
        FLOW,
        f"def maybe():\n    if {NOT_SCRIPT}:\n        return\n    nightly()\n\nmaybe()",
    ],
    "a stop in a function": [
        FLOW,
        f"def guard():\n    mo.stop({NOT_SCRIPT})\n\nguard()\nnightly()",
    ],
    "a stop in an if": [FLOW, f"if {NOT_SCRIPT}:\n    mo.stop(True)\nnightly()"],
    "a raise": [FLOW, f"if {NOT_SCRIPT}:\n    raise SystemExit\nnightly()"],
    "a raise about a widget": [
        FLOW,
        GO,
        "pressed = go.value",
        "if not pressed:\n    raise ValueError('press')\nnightly()",
    ],
    "an exit": [FLOW, f"import sys\nif {NOT_SCRIPT}:\n    sys.exit()\nnightly()"],
    "an assertion": [FLOW, "assert mo.app_meta().mode == 'script'\nnightly()"],
    "a stop inside with": [
        FLOW,
        f"with mo.status.spinner():\n    mo.stop({NOT_SCRIPT})\nnightly()",
    ],
    "continue": [
        FLOW,
        GO,
        "for _x in [1]:\n    if not go.value:\n        continue\n    nightly()",
    ],
    "a value under another name": [FLOW, GO, "pressed = go.value", "if pressed:\n    nightly()"],
    "the mode under a name": [
        FLOW,
        "mode = mo.app_meta().mode",
        "if mode == 'script':\n    nightly()",
    ],
    "a default that says no": [
        FLOW,
        "def go_on(run=False):\n    if run:\n        nightly()\n\ngo_on()",
    ],
    "a dictionary of widgets": [
        FLOW,
        "ui = mo.ui.dictionary({'go': mo.ui.run_button()})\nui",
        "if ui.value['go']:\n    nightly()",
    ],
    "a function that nobody calls": [FLOW, "def main():\n    nightly()"],
    "another scheduler's task": [
        "from airflow.decorators import task as t\n\n@t\ndef x():\n    pass\n\nx()"
    ],
    "a deployment": [FLOW, "nightly.deploy(name='x', work_pool_name='p')"],
    "a flow that is only named": [FLOW, "job = nightly\njobs = [job]\nprint(job.name, jobs)"],
    "an object that waits": [FLOW, f"{RUNNER}\n\nr = Runner()"],
    "a function handed to a button": [
        FLOW,
        "def go_on(v):\n    nightly()\n\nmo.ui.button(on_click=go_on)",
    ],
    "a loop over what is chosen": [
        FLOW,
        "some = mo.ui.multiselect(['a'])\nfile = mo.ui.file(multiple=True)\n[some, file]",
        "for _s in some.value:\n    nightly(_s)",
        "_ran = [nightly(f.name) for f in file.value]",
    ],
    "a command that runs nothing": [
        "import subprocess\nsubprocess.run(['prefect', 'deployment', 'ls'])"
    ],
    "a form of many": [
        FLOW,
        "form = mo.md('{a}').batch(a=mo.ui.text()).form()\nform",
        "mo.stop(form.value is None)\nnightly(form.value['a'])",
    ],
    "a table in which nothing is chosen": [
        FLOW,
        "table = mo.ui.table([1])\ntable",
        "mo.stop(not table.value)\nnightly()",
    ],
    "another part of a namespace": [
        FLOW,
        "from types import SimpleNamespace\njobs = SimpleNamespace(go=nightly, say=print)",
        "jobs.say()",
    ],
    "a partial that nobody calls": [
        TASK,
        "from functools import partial\njob = partial(double.submit, 2)",
    ],
    "what is left to an error": [
        FLOW,
        "try:\n    print(1)\nexcept Exception:\n    nightly()",
    ],
    "a case of a button": [
        FLOW,
        GO,
        "match go.value:\n    case True:\n        nightly()\n    case _:\n        pass",
    ],
    "a case with a condition": [
        FLOW,
        GO,
        "match 1:\n    case 1 if go.value:\n        nightly()",
    ],
    "a button that a function asks": [
        FLOW,
        GO,
        "def pressed():\n    return go.value\n",
        "mo.stop(not pressed())\nnightly()",
    ],
    "a function that is only kept": [FLOW, "def keep(fn):\n    return fn\n\nkeep(nightly)"],
    "names that go in a circle": ["def a():\n    return b()\n\ndef b():\n    return a()\n\na()"],
    "an object made of itself": [
        "class A:\n    def up(self):\n        return self\n\nx = A().up()"
    ],
}


@pytest.mark.parametrize("cells", HELD.values(), ids=list(HELD))
def test_what_does_not_run_on_opening_is_left_alone(cells: list[str], tmp_path: Path) -> None:
    assert found(repository(tmp_path, book=notebook(*cells))) == []


WIDGETS = {
    "elif": [
        f"if {EDIT}:\n    a = mo.ui.text()\n"
        "elif mo.app_meta().mode == 'run':\n    a = mo.ui.text()",
        "print(a)",
    ],
    "a batch": [f"if {EDIT}:\n    a = mo.md('{{x}}').batch(x=mo.ui.text())", "a"],
    "a list": [f"if {EDIT}:\n    a = [mo.ui.text(), mo.ui.text()]", "a"],
    "a comprehension": [f"if {EDIT}:\n    a = {{n: mo.ui.text() for n in 'ab'}}", "a"],
    "a function": ["def make():\n    return mo.ui.text()", f"if {EDIT}:\n    a = make()", "a"],
    "inside try": [f"try:\n    if {EDIT}:\n        a = mo.ui.text()\nfinally:\n    pass", "a"],
    "inside except": [
        f"try:\n    pass\nexcept Exception:\n    if {EDIT}:\n        a = mo.ui.text()",
        "a",
    ],
    "inside for": [f"for _i in [1]:\n    if {EDIT}:\n        a = mo.ui.text()", "a"],
    "an if in an if": [
        f"if {EDIT}:\n    if mo.running_in_notebook():\n        a = mo.ui.text()",
        "a",
    ],
    "who asks only half": [
        f"if {EDIT}:\n    if mo.running_in_notebook():\n        a = mo.ui.text()",
        f"if {EDIT}:\n    print(a)",
    ],
    "two at once": [f"if {EDIT}:\n    a, b = mo.ui.text(), mo.ui.text()", "print(a, b)"],
    "with a type": [f"if {EDIT}:\n    a: object = mo.ui.text()", "mo.vstack([a])"],
    "who asks another thing": [
        f"if {EDIT}:\n    a = mo.ui.text()",
        "if mo.app_meta().mode == 'run':\n    print(a)",
    ],
}


@pytest.mark.parametrize("cells", WIDGETS.values(), ids=list(WIDGETS))
def test_a_widget_that_may_not_exist_is_found(cells: list[str], tmp_path: Path) -> None:
    assert rules(repository(tmp_path, book=notebook(*cells))) == ["widgets_in_if"]


MADE = f"if {EDIT}:\n    a = mo.ui.text()"
ASKED = {
    "under a name": [
        f"edit = {EDIT}",
        "if edit:\n    a = mo.ui.text()",
        f"if {EDIT}:\n    print(a)",
    ],
    "the mode under a name": [
        "mode = mo.app_meta().mode",
        "if mode == 'edit':\n    a = mo.ui.text()",
        f"if {EDIT}:\n    print(a)",
    ],
    "a cell before that stops": [
        "mo.stop(mo.app_meta().mode != 'edit')\non = 1",
        MADE,
        "print(on, a)",
    ],
    "one that stops by not": [f"mo.stop(not ({EDIT}))\non = 1", MADE, "print(on, a)"],
    "a value for both": [f"a = mo.ui.text() if {EDIT} else None", "print(a)"],
    "one of the cell's own": [f"if {EDIT}:\n    _a = mo.ui.text()\n    print(_a)"],
    "a stop in an if": [MADE, "if mo.app_meta().mode != 'edit':\n    mo.stop(True)\nprint(a)"],
    "an else that raises": [f"{MADE}\nelse:\n    raise ValueError", "print(a)"],
    "in one line": [MADE, f"b = a.value if {EDIT} else ''", "print(b)"],
    "by match": [
        "match mo.app_meta().mode:\n    case 'edit':\n        a = mo.ui.text()",
        f"if {EDIT}:\n    print(a)",
    ],
}


@pytest.mark.parametrize("cells", ASKED.values(), ids=list(ASKED))
def test_who_asks_first_is_left_alone(cells: list[str], tmp_path: Path) -> None:
    assert found(repository(tmp_path, book=notebook(*cells))) == []


NEEDS = {
    "inside a function in it": [
        "import json",
        "@app.function\ndef keep(x):\n    def inner():\n        return json.loads(x)\n"
        "    return inner\n",
    ],
    "an option of a task": [
        "n = 3",
        "@app.function\n@task(retries=n)\ndef keep(x):\n    return x\n",
    ],
    "a default": ["n = 3", "@app.function\ndef keep(x=n):\n    return x\n"],
    "an annotation": [
        "import json",
        "@app.function\ndef keep(x: json.JSONDecoder):\n    return x\n",
    ],
    "by with": [
        "with open('x') as handle:\n    pass",
        "@app.function\ndef keep():\n    return handle\n",
    ],
}


@pytest.mark.parametrize("cells", NEEDS.values(), ids=list(NEEDS))
def test_what_a_function_needs_of_a_cell_is_found(cells: list[str], tmp_path: Path) -> None:
    assert rules(repository(tmp_path, book=notebook(*cells))) == ["cell_variable"]


@pytest.mark.parametrize(
    "cells",
    [
        ["n = 3", "@app.function\ndef keep(x):\n    return [n for n in x]\n"],
        [
            "e = 3",
            "@app.function\ndef keep(x):\n    try:\n        return x\n"
            "    except ValueError as e:\n        return e\n",
        ],
        ["import json", "@app.function\ndef keep(x):\n    import json\n    return json.loads(x)\n"],
    ],
)
def test_a_function_with_names_of_its_own_is_left_alone(cells: list[str], tmp_path: Path) -> None:
    assert found(repository(tmp_path, book=notebook(*cells))) == []


def _flow(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return notebook(TASK, f"@app.function\n@flow\ndef f(ns):\n{lines}")


@pytest.mark.parametrize(
    "body",
    [
        "a, b = double.submit(1), double.submit(2)\nreturn a, b",
        "a, b = double.map(ns)\nreturn a",
        "found = [double.submit(1)]\nreturn found",
        "found = {}\nfound['a'] = double.submit(1)\nreturn found",
        "return dict(a=double.submit(1))",
        "return dict(zip(ns, double.map(ns)))",
        "found = double.map(ns)\nreturn found[0]",
        "found = double.map(ns)\nreturn found or None",
        "found = []\nfor n in ns:\n    found = found + [double.submit(n)]\nreturn found",
        "from prefect.futures import wait\nfound = double.map(ns)\nwait(found)\nreturn found",
        "return (double.submit(n) for n in ns)",
        "found = [f := double.submit(n) for n in ns]\nreturn found",
        "if ns:\n    return double.map(ns)\nreturn []",
        "with open('x'):\n    found = [double.submit(n) for n in ns if n]\n    return {'a': found}",
        "go = double.submit\nreturn go(1)",
        "@task\ndef inner(n):\n    return n\nreturn inner.map(ns)",
        "found = [double.submit(n) for n in ns]\nreturn *found, 1",
        "match ns:\n    case [1]:\n        return double.submit(1)",
        "def fan():\n    return double.map(ns)\nreturn fan()",
        "out = []\nfor f in double.map(ns):\n    out.append(f)\nreturn out",
    ],
)
def test_futures_that_are_returned_are_found(body: str, tmp_path: Path) -> None:
    assert rules(repository(tmp_path, book=_flow(body))) == ["map_result"]


@pytest.mark.parametrize(
    "body",
    [
        "found = double.map(ns)\nreturn [f.result() for f in found]",
        "return double.submit(1).result()",
        "found = double.map(ns)\nreturn len(found)",
        "found = double.map(ns)\nreturn sum(f.result() for f in found)",
        "found = double.map(ns)\nfound = [f.result() for f in found]\nreturn found",
        "def inner():\n    return double.submit(1)\nreturn inner().result()",
        "return double(double.submit(1))",
        "found = double.map(ns)\nreturn found.result()[0]",
        "out = []\nfor f in double.map(ns):\n    out.append(f.result())\nreturn out",
        "found = {n: double.submit(n) for n in ns}\n"
        "return {n: f.result() for n, f in found.items()}",
        "return double.submit(1).wait()",
        "kept = {'n': 2, 'f': double.submit(1)}\nreturn kept['n']",
    ],
)
def test_results_are_left_alone(body: str, tmp_path: Path) -> None:
    assert found(repository(tmp_path, book=_flow(body))) == []


SUB = "@app.function\n@flow\ndef sub(ns):\n    return double.map(ns)\n"


@pytest.mark.parametrize(
    ("body", "red"),
    [
        ("return [x.result() for x in sub(ns)]", False),
        ("got = sub(ns)\nreturn got.result()", False),
        ("from prefect.futures import wait\ngot = sub(ns)\nwait(got)", False),
        ("return double(sub(ns))", False),
        ("return double.map(sub(ns)).result()", False),
        ("got = sub(ns)\nreturn len(got)", True),
        ("sub(ns)\nreturn double.submit(1).result()", True),
    ],
)
def test_callers_that_ask_for_the_results_know(body: str, red: bool, tmp_path: Path) -> None:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    outer = f"@app.function\n@flow\ndef outer(ns):\n{lines}"
    folder = repository(tmp_path, book=notebook(TASK, SUB, outer))
    assert rules(folder) == (["map_result"] if red else [])


def test_futures_of_a_method_are_found(tmp_path: Path) -> None:
    own = "class J:\n    @task\n    def load(self, n):\n        return n\n\n"
    flow = "    @flow\n    def f(self, ns):\n        return self.load.map(ns)\n"
    assert rules(repository(tmp_path, book=notebook(f"@app.class_definition\n{own}{flow}"))) == [
        "map_result"
    ]


def test_a_plain_flow_may_return_futures_unless_they_are_of_a_notebook(tmp_path: Path) -> None:
    plain = "from prefect import flow, task\n{}\n@flow\ndef f(ns):\n    return double.map(ns)\n"
    own = "@task\ndef double(n):\n    return n\n"
    folder = repository(tmp_path, book=notebook(TASK), flows=plain.format(own))
    assert rules(folder) == []
    repository(folder, flows=plain.format("from book import double\n"))
    assert rules(folder) == ["map_result"]


SETUP = (
    "    import os, smtplib\n    import pandas as pd\n    import sqlalchemy, dotenv\n"
    "    from prefect import flow\n    from pydantic_settings import BaseSettings\n"
)


@pytest.mark.parametrize(
    ("line", "red"),
    [
        ("X = os.environ['DATA_FOLDER']", True),
        ("X = os.environ['HOME']", False),
        ("X = os.getenv('DB_PASSWORD')", True),
        ("X = os.getenv('SLACK_WEBHOOK_URL')", True),
        ("X = os.getenv('DATABASE_URL')", True),
        ("X = os.getenv('BASE_URL')", False),
        ("X = os.getenv('MAX_TOKENS', '1')", False),
        ("X = os.getenv('BYPASS_CACHE')", False),
        ("NAME = 'DATA_FOLDER'\n    X = os.getenv(NAME)", False),
        ("NAME = 'API_TOKEN'\n    X = os.getenv(NAME)", True),
        ("dotenv.load_dotenv()", False),
        ("X = dotenv.dotenv_values()", True),
        ("class S(BaseSettings):\n        token: str\n    X = S()", True),
        ("class S(BaseSettings):\n        token: str\n    X = S(token='')", False),
        ("class S(BaseSettings):\n        size: int = 3\n    X = S()", False),
        ("class S(BaseSettings):\n        token: str", False),
        ("X = pd.read_csv('https://example.org/x.csv')", True),
        ("X = pd.read_csv('data/x.csv')", False),
        ("X = smtplib.SMTP('mail')", True),
        ("X = sqlalchemy.create_engine('postgresql://h/d')", True),
        ("X = sqlalchemy.create_engine('sqlite://')", False),
        ("key = lambda: os.environ['K']\n    X = key()", True),
        ("key = lambda: os.environ['K']", False),
        ("try:\n        X = os.environ['K']\n    except KeyError:\n        X = ''", False),
        (
            "try:\n        X = sqlalchemy.create_engine('mysql://h')\n    finally:\n        pass",
            True,
        ),
    ],
)
def test_what_the_setup_cell_asks_for(line: str, red: bool, tmp_path: Path) -> None:
    book = notebook("print(1)", setup=f"{SETUP}    {line}\n")
    assert rules(repository(tmp_path, book=book)) == (["setup_secret"] if red else [])


def _takes(name: str, body: str) -> str:
    return f"@app.cell\ndef _({name}):\n    {body}\n    return\n"


@pytest.mark.parametrize(
    "cells",
    [
        ["limit = 3\nframe = mo", _takes("frame, limit", "print(frame.query('x > @limit'))")],
        ["orders = 3\ntext = ''", _takes("orders, text", "mo.sql(text)")],
        ["a = 3", _takes("a", "print(locals())")],
        ["a = 3", _takes("a", "a")],
        ["a = 3", _takes("a", "print(f'{a}')")],
    ],
)
def test_a_use_by_text_is_one(cells: list[str], tmp_path: Path) -> None:
    assert "unused_argument" not in rules(repository(tmp_path, book=notebook(*cells)))


TEST = "from book import double\n\n{}"
API = "PREFECT_API_URL"


@pytest.mark.parametrize(
    ("test", "red"),
    [
        ("def test_it():\n    assert double(2) == 4\n", True),
        ("async def test_it():\n    double.submit(2)\n", True),
        ("def call():\n    return double(2)\n\ndef test_it():\n    call()\n", True),
        ("class TestIt:\n    def test_it(self):\n        double.map([2])\n", True),
        ("import pytest\n\n@pytest.fixture\ndef four():\n    return double(2)\n", True),
        (
            "import pytest\n\n@pytest.fixture(autouse=False)\ndef api(monkeypatch):\n"
            f"    monkeypatch.setenv('{API}', 'x')\n\ndef test_it():\n    double(2)\n",
            True,
        ),
        (f"import os\nos.environ['{API}'] = 'x'\n\ndef test_it():\n    double(2)\n", False),
        (
            "from prefect.testing.utilities import prefect_test_harness\n\nclass TestIt:\n"
            "    def setup_method(self):\n        self.api = prefect_test_harness()\n"
            "        self.api.__enter__()\n\n    def test_it(self):\n        double(2)\n",
            False,
        ),
        ("from prefect import flow\n\n@flow\ndef test_flow():\n    double(2)\n", False),
        (
            "from contextlib import contextmanager\n"
            "from prefect.testing.utilities import prefect_test_harness\n\n@contextmanager\n"
            "def api():\n    with prefect_test_harness():\n        yield\n\n"
            "def test_it():\n    with api():\n        double(2)\n",
            False,
        ),
        (
            "def test_it():\n    from book import double as d\n    d.with_options(name='x')(2)\n",
            True,
        ),
        (
            "import pytest\nfrom prefect.testing.utilities import prefect_test_harness as api\n\n"
            "@pytest.fixture(name='api')\ndef given():\n    with api():\n        yield\n\n"
            "def test_it(api):\n    double(2)\n",
            False,
        ),
        ("def test_it():\n    assert double.fn(2) == 4\n", False),
        ("def test_it():\n    assert double.name == 'double'\n", False),
    ],
)
def test_a_test_beside_the_notebook(test: str, red: bool, tmp_path: Path) -> None:
    folder = repository(tmp_path, book=notebook(TASK), test_book=TEST.format(test))
    assert rules(folder) == (["task_in_test"] if red else [])


def test_a_tests_call_of_a_flows_own_function_runs_its_tasks(tmp_path: Path) -> None:
    flow = "@app.function\n@flow\ndef f():\n    return double(1)\n"
    test = "from book import f\n\ndef test_it():\n    f.fn()\n"
    assert rules(repository(tmp_path, book=notebook(TASK, flow), test_book=test)) == [
        "task_in_test"
    ]


def test_a_class_of_a_notebook_is_no_hidden_task(tmp_path: Path) -> None:
    row = "@app.class_definition\nclass Row:\n    def __init__(self):\n        self.x = 1\n"
    plain = "from book import Row\nfrom prefect import flow\n\n@flow\ndef f():\n    return Row()\n"
    assert rules(repository(tmp_path, book=notebook(row), flows=plain)) == []


def test_what_a_package_hands_on_is_followed(tmp_path: Path) -> None:
    step = "@app.function\ndef clean(x):\n    return x\n"
    plain = "from jobs import clean\nfrom prefect import flow\n\n@flow\ndef f():\n    clean(1)\n"
    repository(
        tmp_path,
        jobs__etl=notebook(FLOW, step),
        book=notebook("import jobs\njobs.nightly()"),
        flows=plain,
    )
    (tmp_path / "jobs/__init__.py").write_text("from .etl import clean, nightly\n")
    assert [line.split()[:2] for line in found(tmp_path)] == [
        ["book.py:15", "guards"],
        ["flows.py:6", "wrapper"],
    ]


def test_a_wrapper_of_plain_functions_is_followed(tmp_path: Path) -> None:
    step = "@app.function\ndef clean(x):\n    return x\n"
    plain = (
        "from book import clean\nfrom prefect import flow\n\ndef go():\n    return clean(1)\n\n"
        "@flow\ndef f():\n    return go()\n"
    )
    assert found(repository(tmp_path, book=notebook(step), flows=plain)) == [
        "flows.py:9 wrapper clean is no task: decorate it in its notebook"
    ]


def test_the_mode_is_found_in_a_function_of_the_setup_cell(tmp_path: Path) -> None:
    setup = "    import marimo as mo\n\n    def mode():\n        return mo.app_meta().mode\n"
    folder = repository(tmp_path, book=notebook("print(1)", setup=setup))
    assert rules(folder) == []
    repository(folder, book=notebook("print(1)", setup=f"{setup}\n    MODE = mode()\n"))
    assert rules(folder) == ["mode_in_setup"]
