"""Each rule: red on what it is for, quiet on what only looks like it."""

import sys
from pathlib import Path

import pytest

from proven.run.process import clean_env, finish
from tests.check.loading import found, notebook, repository, rules

FLOW = '@app.function\n@flow\ndef nightly(source: str = "") -> str:\n    return source\n'
TASK = "@app.function\n@task\ndef double(x: int) -> int:\n    return 2 * x\n"
ASYNC = "@app.function\n@flow\nasync def later() -> None: ...\n"
PATH = 'path = mo.ui.text(value="a.csv")\npath'
GO = 'go = mo.ui.run_button(label="Go")\ngo'
HEADER = '# /// script\n# dependencies = ["{}"]\n# ///\n'

RED = {
    "guards": [
        [FLOW, "nightly()"],
        [FLOW, "print([nightly(x) for x in ('a', 'b')])"],
        [ASYNC, "@app.cell\nasync def _():\n    await later()\n    return\n"],
        [ASYNC, "import asyncio\nasyncio.run(later())"],
        [TASK, "double.submit(1)"],
        [TASK, "double.map([1, 2])"],
        [TASK, "double.with_options(name='x')(1)"],
        [TASK, "list(map(double, [1, 2]))"],
        [TASK, "job = double", "job(2)"],
        [TASK, "from functools import partial\njob = partial(double, 2)", "job()"],
        [FLOW, "def go_on():\n    return nightly()\n", "go_on()"],
        [FLOW, PATH, "source = path.value", "nightly(source)"],
        [FLOW, PATH, "if path.value:\n    nightly(path.value)"],
        [FLOW, PATH, "mo.stop(path.value is None)\nnightly(path.value)"],
        [FLOW, "mo.stop(False)\nnightly()"],
        [FLOW, "if __name__ == '__main__':\n    nightly()"],
        [FLOW, "nightly()\nmo.stop(True)"],
        ["@flow\ndef here():\n    return 1\n\nhere()"],
        ["import prefect as p\nmade = p.flow(name='x')(print)", "made()"],
        [TASK, "@app.cell\ndef test_it():\n    assert double(2) == 4\n    return\n"],
        [FLOW, "with mo.status.spinner():\n    nightly()"],
        [FLOW, "try:\n    nightly()\nexcept Exception:\n    pass"],
        [FLOW, "on = mo.ui.switch(value=True)\non", "if on.value:\n    nightly()"],
        [FLOW, "@mo.cache\ndef go_on():\n    return nightly()\n", "go_on()"],
        [ASYNC, "import asyncio\nasyncio.create_task(later())"],
        [FLOW, "import threading\nthreading.Thread(target=nightly).start()"],
        [FLOW, "from prefect.deployments import run_deployment\nrun_deployment('a/b')"],
        [FLOW, "mo.ui.tabs({'a': nightly()})"],
        [FLOW, "print(f'{nightly()}')"],
        [FLOW, "DO = True\nif DO:\n    nightly()"],
        [FLOW, "nightly.serve(name='x')"],
        [TASK, "double.delay(1)"],
    ],
    "decorator_order": [
        ["@task\n@app.function\ndef double(x):\n    return 2 * x\n"],
        ["@task(retries=2)\n@app.function(hide_code=True)\ndef double(x):\n    return 2 * x\n"],
        ["@object\n@app.class_definition\nclass Row:\n    pass\n"],
    ],
    "widgets_in_if": [
        ["if mo.app_meta().mode == 'edit':\n    path = mo.ui.text()", "print(path.value)"],
        ["if mo.app_meta().mode == 'edit':\n    path = mo.ui.text().form()", "path"],
        ["if mo.app_meta().mode:\n    a = mo.ui.text()\nelse:\n    b = 1", "print(a)"],
        [
            "with mo.status.spinner():\n    if mo.app_meta().mode == 'edit':\n"
            "        a = mo.ui.text()",
            "print(a)",
        ],
        ["match mo.app_meta().mode:\n    case 'edit':\n        a = mo.ui.text()", "print(a)"],
    ],
    "cell_variable": [
        ["limit = 3", "@app.function\ndef keep(x):\n    return x[:limit]\n"],
        ["import json", "@app.function\ndef keep(x):\n    return json.loads(x)\n"],
        ["class Row: ...", "@app.function\ndef keep(x):\n    return Row()\n"],
        ["limit = 3", "@app.class_definition\nclass A:\n    def f(self):\n        return limit\n"],
    ],
    "map_result": [
        [TASK, f"@app.function\n@flow\ndef f(ns):\n    {line}\n"]
        for line in (
            "return double.map(ns, unmapped(3))",
            "return double.submit(max(1, (2)))",
            "found = double.map(ns); return found",
            "return [double.submit(n) for n in ns]",
            "return {'a': double.submit(1)}, 2",
            "found = []; [0 for _ in ns]; found.append(double.submit(1)); return found",
            "return double.with_options(name='x').map(ns)",
            "found = []; found.extend(double.map(ns)); return found",
            "found = []; found += [double.submit(1)]; return found",
            "found = double.submit(1) if ns else None; return found",
            "return list(map(double.submit, ns))",
            "return (found := double.submit(1))",
        )
    ],
    "marimo_check": [["a = b", "b = a"]],
    "mode_in_setup": [],
    "setup_secret": [],
    "task_in_test": [
        [TASK, "@app.function\ndef test_it():\n    assert double(2) == 4\n"],
        [FLOW, "@app.function\ndef test_it():\n    assert nightly('a') == 'a'\n"],
        [TASK, "@app.class_definition\nclass TestIt:\n    def test_it(self):\n        double(2)\n"],
    ],
    "unused_argument": [["refresh = 1", "@app.cell\ndef _(refresh):\n    print(1)\n    return\n"]],
}
RED_CASES = [(rule, cells) for rule, many in RED.items() for cells in many]


@pytest.mark.parametrize(("rule", "cells"), RED_CASES)
def test_what_is_wrong_is_found(rule: str, cells: list[str], tmp_path: Path) -> None:
    assert rule in rules(repository(tmp_path, book=notebook(*cells)))


GREEN = {
    "a run button": [FLOW, GO, "if go.value:\n    nightly()"],
    "an if and a button": [
        FLOW,
        GO,
        "if mo.app_meta().mode == 'edit' and go.value:\n    nightly()",
    ],
    "mo.stop": [FLOW, "mo.stop(mo.app_meta().mode != 'script')\nnightly()"],
    "a form": [FLOW, "path = mo.ui.text().form()\npath", "mo.stop(path.value is None)\nnightly()"],
    "a dropdown that says another thing": [
        FLOW,
        "way = mo.ui.dropdown(['a', 'b'], value='a')\nway",
        "if way.value == 'b':\n    nightly()",
    ],
    "a guard upstream": [
        FLOW,
        "mo.stop(mo.app_meta().mode != 'edit')\non = 1",
        "print(on, nightly())",
    ],
    "disabled": [FLOW, "@app.cell(disabled=True)\ndef _():\n    nightly()\n    return\n"],
    "a lambda": [FLOW, "mo.ui.button(on_click=lambda _: nightly())"],
    "handed to a button": [FLOW, "mo.ui.button(on_click=nightly)"],
    "fn": [TASK, "print(double.fn(2))"],
    "another's name in a comprehension": [
        "@app.function\ndef total(x):\n    return sum(x)\n",
        "@app.function\ndef more(x):\n    return total(x)\n",
        "print([total for total in (1, 2)])",
    ],
    "a column's map": [
        "@app.function\n@flow\ndef f(frame):\n    return frame['a'].map({'a': 1})\n"
    ],
    "an executor": ["@app.function\n@flow\ndef f(pool, g):\n    return pool.submit(g, 1)\n"],
    "results": [
        TASK,
        "@app.function\n@flow\ndef f(ns):\n    found = [double.submit(n) for n in ns]\n"
        "    return [one.result() for one in found]\n",
    ],
    "an else": ["if mo.app_meta().mode:\n    a = mo.ui.text()\nelse:\n    a = None", "print(a)"],
    "an else that stops": [
        "if mo.app_meta().mode:\n    a = mo.ui.text()\nelse:\n    mo.stop(True)",
        "print(a)",
    ],
    "a match": [
        FLOW,
        "match mo.app_meta().mode:\n    case 'script':\n        _ = nightly()\n"
        "    case _:\n        _ = 1",
    ],
    "an annotation that says so": [
        TASK,
        "@app.function\n@flow\ndef f(ns) -> 'list[State]':\n    return double.map(ns)\n",
    ],
    "a match for all": [
        "match mo.app_meta().mode:\n    case 'edit':\n        a = mo.ui.text()\n"
        "    case _:\n        a = None",
        "print(a)",
    ],
    "who stops where the other stops": [
        "if mo.app_meta().mode == 'edit':\n    a = mo.ui.text()",
        "mo.stop(mo.app_meta().mode != 'edit' or not a.value)\nprint(a.value)",
    ],
    "sql in a variable": [
        "orders = [1]",
        "@app.cell\ndef _(orders):\n    _q = 'SELECT * FROM orders'\n    mo.sql(_q)\n    return\n",
    ],
    "a checkbox in one line": [
        FLOW,
        "on = mo.ui.checkbox()\non",
        "print(nightly() if on.value else 1)",
    ],
    "a button that counts": [
        FLOW,
        "n = mo.ui.button(value=0, on_click=lambda v: v + 1)\nn",
        "mo.stop(n.value == 0)\nnightly()",
    ],
    "a form of many": [
        FLOW,
        "form = mo.ui.dictionary({'a': mo.ui.text()}).form()\nform",
        "mo.stop(not form.value)\nnightly()",
    ],
    "what nobody knows before": [
        FLOW,
        "import os\nif os.getenv('GO'):\n    nightly()",
        "if mo.cli_args().get('go'):\n    nightly()",
        "if mo.running_in_notebook():\n    nightly()",
        "on, set_on = mo.state(False)",
        "if on():\n    nightly()",
    ],
    "a constant that says no": [
        FLOW,
        "DO = False\nif DO:\n    nightly()\nwhile False:\n    nightly()",
    ],
    "and": [FLOW, GO, "go.value and nightly()"],
    "futures asked for": [
        TASK,
        "@app.function\n@flow\ndef f(ns):\n    found = double.map(ns)\n"
        "    found = found.result()\n    return found\n",
    ],
    "a local name and a parameter": [
        "limit = size = 3",
        "@app.function\ndef keep(x, limit=2):\n    size = 4\n    return x[:limit:size]\n",
    ],
    "bound before": ["a = None\nif mo.app_meta().mode:\n    a = mo.ui.text()", "print(a)"],
    "bound in both ways of a try": [
        "try:\n    a = mo.ui.text()\nexcept Exception:\n    a = None",
        "print(a)",
    ],
    "who asks the same": [
        "if mo.app_meta().mode == 'edit':\n    a = mo.ui.text()",
        "if mo.app_meta().mode == 'edit' and True:\n    print(a.value)",
    ],
    "sql": [
        "orders = [1]",
        "@app.cell\ndef _(orders):\n    _n = mo.sql('SELECT * FROM Orders')\n    return\n",
    ],
    "a test with an API": [
        FLOW,
        "@app.function\ndef test_it():\n"
        "    from prefect.testing.utilities import prefect_test_harness\n"
        "    with prefect_test_harness():\n        nightly()\n",
    ],
    "celery": [
        "from celery import shared_task\n\n@shared_task\ndef send(x):\n    return x\n\n"
        "send(1)\nsend.map([1])"
    ],
    "an enum": [
        "from enum import Enum\n\nclass Kind(Enum):\n    a = 1\n\nif Kind.a.value:\n    print(1)"
    ],
}


@pytest.mark.parametrize("cells", GREEN.values(), ids=list(GREEN))
def test_what_only_looks_like_it_is_left_alone(cells: list[str], tmp_path: Path) -> None:
    assert found(repository(tmp_path, book=notebook(*cells))) == []


SETUP_RED = [
    "PASSWORD = os.environ['X']",
    "PASSWORD = os.environ.get('DB_PASSWORD')",
    "TOKEN = os.getenv('API_TOKEN', '')",
    "PAGE = httpx.get('https://example.org')",
    "CLIENT = boto3.client('s3')",
    "LIMIT = Variable.get('limit')",
    "KEY = Secret.load('key').get()",
    "DB = sqlite3.connect('x.db')",
    "def key():\n        return os.environ['K']\n    KEY = key()",
    "class Settings:\n        token = os.environ['T']",
]
IMPORTS = (
    "    import os, sqlite3\n    import boto3, httpx\n    from prefect import flow\n"
    "    from prefect.variables import Variable\n    from prefect.blocks.system import Secret\n"
)


@pytest.mark.parametrize("line", SETUP_RED)
def test_a_secret_in_the_setup_cell_is_found(line: str, tmp_path: Path) -> None:
    text = notebook("print(1)", setup=f"{IMPORTS}    {line}\n")
    assert rules(repository(tmp_path, book=text)) == ["setup_secret"]


@pytest.mark.parametrize(
    "line",
    [
        "os.environ['X'] = '1'",
        "DATA = os.getenv('DATA_FOLDER', 'data')",
        "def key():\n        return Secret.load('key')",
        "DB = sqlite3.connect(':memory:')",
    ],
)
def test_a_setup_cell_without_a_secret_is_left_alone(line: str, tmp_path: Path) -> None:
    text = notebook("print(1)", setup=f"{IMPORTS}    {line}\n")
    assert rules(repository(tmp_path, book=text)) == []


def test_the_mode_in_the_setup_cell_is_found(tmp_path: Path) -> None:
    text = notebook("print(M)", setup="    import marimo as mo\n\n    M = mo.app_meta().mode\n")
    assert rules(repository(tmp_path, book=text)) == ["mode_in_setup"]


def test_the_theme_in_the_setup_cell_is_left_alone(tmp_path: Path) -> None:
    text = notebook("print(M)", setup="    import marimo as mo\n\n    M = mo.app_meta().theme\n")
    assert rules(repository(tmp_path, book=text)) == []


def test_a_cell_may_ask_for_the_mode_what_the_setup_cell_has(tmp_path: Path) -> None:
    text = notebook("print(M.mode)", setup="    import marimo as mo\n\n    M = mo.app_meta()\n")
    folder = repository(tmp_path, book=text)
    assert rules(folder) == ["mode_in_setup"]  # a finding to leave: the mode is asked for anew
    done = finish([sys.executable, "book.py"], folder, clean_env(), tmp_path / "log", 60)
    assert done.text == "script\n"


def test_what_marimo_would_put_right_is_advice(tmp_path: Path) -> None:
    stray = notebook("print(1)", header=HEADER.format("x<1")).replace("\n\n@app", "\nx = 1\n\n@app")
    folder = repository(tmp_path, book=stray)
    assert (rules(folder), rules(folder, advice=True)) == ([], ["marimo_format"])


ALL_PATHS = "from pathlib import Path\nimport polars as pl\nprint({})"


@pytest.mark.parametrize(
    "path",
    [
        "Path('C:/Program Files/x')",
        "Path('/data')",
        "Path('/') / 'srv'",
        "Path.home()",
        "'file:///srv/x.csv'",
        "'sqlite:////srv/x.db'",
        "pl.read_csv('/data/x y.csv')",
    ],
)
def test_a_path_of_one_machine_is_advice(path: str, tmp_path: Path) -> None:
    folder = repository(
        tmp_path, book=notebook(ALL_PATHS.format(path), header=HEADER.format("x<1"))
    )
    assert (rules(folder), rules(folder, advice=True)) == ([], ["absolute_path"])


@pytest.mark.parametrize("text", ["/api/v1/orders", "/reports/today.html", "//table/tr", "~/=x"])
def test_an_address_is_no_path(text: str, tmp_path: Path) -> None:
    book = notebook(ALL_PATHS.format(repr(text)), header=HEADER.format("x<1"))
    assert rules(repository(tmp_path, book=book), advice=True) == []


@pytest.mark.parametrize(
    ("dependency", "red"),
    [
        ("prefect>=3; python_version < '3.15'", True),
        ("polars>=1; sys_platform == 'linux'", True),
        ("marimo", True),
        ("marimo[sql]<0.26", False),
        ("x @ https://example.org/x.whl", False),
        ("x~=1.2; python_version > '3'", False),
    ],
)
def test_bounds_are_advice(dependency: str, red: bool, tmp_path: Path) -> None:
    folder = repository(tmp_path, book=notebook("print(1)", header=HEADER.format(dependency)))
    assert rules(folder, advice=True) == (["bounds"] if red else [])


SOURCE = """# /// script
# dependencies = ["my_package"]
#
# [tool.uv.sources]
# my-package = {}
# ///
"""


@pytest.mark.parametrize(
    ("source", "red"),
    [
        ('{ index = "internal" }', True),
        ('[{ path = "../my" }, { index = "internal" }]', True),
        ('{ git = "https://example.org/my", rev = "v1" }', False),
        ("{ workspace = true }", False),
    ],
)
def test_a_source_is_an_address_if_it_is_no_index(source: str, red: bool, tmp_path: Path) -> None:
    folder = repository(tmp_path, book=notebook("print(1)", header=SOURCE.format(source)))
    assert rules(folder, advice=True) == (["bounds"] if red else [])


@pytest.mark.parametrize("lock", ["uv.lock", "pylock.toml", "pylock.prod.toml"])
def test_a_lock_needs_neither_header_nor_bounds(lock: str, tmp_path: Path) -> None:
    folder = repository(tmp_path, book=notebook("print(1)"))
    assert rules(folder, advice=True) == ["header"]
    (folder / "pyproject.toml").touch()
    (folder / lock).touch()
    assert rules(folder, advice=True) == []


BROKEN = '# /// script\n# dependencies = ["marimo\n# ///\n'


def test_a_header_that_is_no_toml_is_found_with_a_lock_too(tmp_path: Path) -> None:
    folder = repository(tmp_path, book=notebook("print(1)", header=BROKEN))
    (folder / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
    (folder / "uv.lock").touch()
    assert rules(folder, advice=True) == ["header"]
    # It is what stops `uv run`, before the project and its lock count.
    command = ["uv", "run", "--offline", "book.py"]
    done = finish(command, folder, clean_env(), tmp_path / "log", 60)
    assert done.exit and "TOML parse error" in done.text, done.text


@pytest.mark.parametrize("locks", [["book.py.lock"], ["pyproject.toml", "uv.lock"]])
def test_a_lock_beside_the_script_or_the_project_stands_for_bounds(
    locks: list[str], tmp_path: Path
) -> None:
    folder = repository(tmp_path, book=notebook("print(1)", header=HEADER.format("marimo")))
    assert rules(folder, advice=True) == ["bounds"]
    for name in locks:
        (folder / name).touch()
    assert rules(folder, advice=True) == []


PLAIN = "from book import double, name\nfrom prefect import flow\n\n@flow\ndef f():\n    {}\n"
NAME = "@app.function\ndef name() -> str:\n    return ''\n"


@pytest.mark.parametrize(
    ("body", "red"), [("return name()", True), ("return name(), double(1)", False)]
)
def test_a_flow_that_hides_its_tasks(body: str, red: bool, tmp_path: Path) -> None:
    folder = repository(tmp_path, book=notebook(TASK, NAME), flows=PLAIN.format(body))
    assert rules(folder) == (["wrapper"] if red else [])


TEST = "from notebooks.book import double\n\n{}def test_it({}):\n    assert double(2) == 4\n"
HARNESS = (
    "import pytest\nfrom prefect.testing.utilities import prefect_test_harness\n\n"
    "@pytest.fixture{}\ndef api():\n    with prefect_test_harness():\n        yield\n"
)


@pytest.mark.parametrize(
    ("test", "conftest", "red"),
    [
        (TEST.format("", ""), "", True),
        (TEST.format("", ""), HARNESS.format(""), True),
        (TEST.format("", "api"), HARNESS.format(""), False),
        (TEST.format("", ""), HARNESS.format("(autouse=True)"), False),
        (
            "import pytest\n" + TEST.format("@pytest.mark.usefixtures('api')\n", ""),
            HARNESS.format(""),
            False,
        ),
        (TEST.replace("double(2)", "double.fn(2)").format("", ""), "", False),
    ],
)
def test_a_task_in_a_file_of_tests(test: str, conftest: str, red: bool, tmp_path: Path) -> None:
    folder = repository(
        tmp_path, notebooks__book=notebook(TASK), tests__test_it=test, tests__conftest=conftest
    )
    assert rules(folder) == (["task_in_test"] if red else [])


def test_a_flow_is_not_told_to_call_fn(tmp_path: Path) -> None:
    [said] = found(repository(tmp_path, book=notebook(FLOW, RED["task_in_test"][1][1])))
    assert ".fn" not in said and "prefect_test_harness" in said
