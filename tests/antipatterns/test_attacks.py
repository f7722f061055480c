"""Each pair's reason is attacked: the wrong file, or the right one, with another small edit.

An edit that leaves the named cause in leaves the harm in; one that takes only the cause
away cures it. The edits of a notebook run in one process, since most of a run is its start.
"""

import re
import shutil
import sys
from pathlib import Path

import pytest

from proven.modes import Mode
from proven.run.pool import Pool
from proven.run.process import finish
from tests.antipatterns.attacks import ATTACKS
from tests.here import find, run_of
from tests.stacking.changes import Edits, edited

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ATTACKS)
def test_a_reason_is_the_reason(name: str, pool: Pool, tmp_path: Path) -> None:
    """All edits of a notebook, in one process; each has the text that it should have."""
    calls = [_written(name, number, tmp_path) for number in range(len(ATTACKS[name]))]
    command = [sys.executable, str(Path(__file__).with_name("together.py")), *calls]
    env = pool.api(Mode.SCRIPT).env(tmp_path / "prefect")
    done = finish(command, tmp_path, env, tmp_path / "log", 180)
    outputs = re.split(r"^=== .*\n", done.text, flags=re.M)[1:]
    seen = {
        attack.what: attack.says in text and attack.but_not not in text
        for attack, text in zip(ATTACKS[name], outputs, strict=True)
    }
    assert all(seen.values()), f"{seen}\n{done.text}"


def _written(name: str, number: int, folder: Path) -> str:
    attack = ATTACKS[name][number]
    (folder / str(number)).mkdir()
    snippet = edited(f"antipatterns/{name}.py", attack.edits, folder / str(number))
    return f"{snippet.path}:{attack.flow}" if attack.flow else str(snippet.path)


# In the editor, the app, a test, and from other folders ------------------------

SHOWN = """@app.cell
def in_an_if():
    if True:
        first = mo.ui.text(label="First")
        first
    return


@app.cell
def in_a_try():
    try:
        second = mo.ui.text(label="Second")
        second
    finally:
        pass
    return


@app.cell
def in_a_with():
    with mo.capture_stdout():
        third = mo.ui.text(label="Third")
        third
    return


@app.cell
def made_in_an_if_shown_below():
    if True:
        source = mo.ui.text(label="Source")
    source
    return (source,)


"""


def test_only_what_is_not_indented_is_shown(pool: Pool, tmp_path: Path) -> None:
    text = find("antipatterns/widgets_in_if_wrong.py").text
    controls = text[text.index("@app.cell\ndef controls") : text.index("@app.cell\ndef preview")]
    snippet = edited("antipatterns/widgets_in_if_wrong.py", ((controls, SHOWN),), tmp_path)
    (step,) = pool.make(run_of(snippet, "edit")).steps
    shown = [cell.name for cell in step.cells if cell.output]
    assert shown == ["made_in_an_if_shown_below", "preview"]


USES = """
@app.cell
def in_a_comment(refresh):
    # refresh
    "refresh"
    return


@app.cell
def in_a_function(refresh):
    def _press():
        return refresh
    return


@app.cell
def by_its_value(refresh):
    not refresh.value
    return


@app.cell
def script("""


def test_a_press_runs_the_cells_whose_code_has_the_button(pool: Pool, tmp_path: Path) -> None:
    edits = (("\n@app.cell\ndef script(", USES),)
    snippet = edited("antipatterns/refresh_ignored_wrong.py", edits, tmp_path)
    press = pool.make(run_of(snippet, "run")).steps[-1]
    assert [cell.name for cell in press.cells] == ["in_a_function", "by_its_value"]


ASYNC_TEST: Edits = (
    ("    from prefect", "    import asyncio\n\n    from prefect"),
    ("def double", "async def double"),
    ("@task", "@task(retries=3, persist_result=True)"),
    ("double.fn(21) == 42", "asyncio.run(double.fn(21)) == 42"),
)


def test_the_function_of_an_async_task_is_awaited(pool: Pool, tmp_path: Path) -> None:
    snippet = edited("antipatterns/task_in_test_right.py", ASYNC_TEST, tmp_path)
    assert pool.make(run_of(snippet, "test")).passed


@pytest.mark.parametrize(
    ("folder", "command", "path", "found"),
    [
        ("flows", ["etl_wrapper.py"], "", False),
        ("flows", ["-m", "etl_wrapper"], "", False),
        ("notebooks", ["../flows/etl_wrapper.py"], "", False),
        ("flows", ["etl_wrapper.py"], "..", True),
    ],
)
def test_where_a_wrapper_finds_its_notebook(
    folder: str, command: list[str], path: str, found: bool, pool: Pool, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(
        find("antipatterns/missing_header_right.py").path.parent / "wrapper_file_wrong", project
    )
    env = pool.api(Mode.SCRIPT).env(tmp_path / "prefect") | {"PYTHONPATH": path}
    done = finish([sys.executable, *command], project / folder, env, tmp_path / "log", 90)
    assert ("No module named 'notebooks'" in done.text) is not found
    assert ("3 rows" in done.text) is found, done.text
